#pragma once

#include "core/base/result.h"
#include "core/chat/chatrequest.h"

#include <QFuture>
#include <QList>
#include <QString>

#include <cstdint>

namespace core {

//! What chats belong to: each is in exactly one. Budgets and quotas may count by it.
struct Workspace
{
    std::int64_t id = 0;
    QString name;
    //! What a new chat asks, as the settings name it: PROVIDER/MODEL or route:ID. Empty: what was
    //! used last.
    QString model;
    ChatOptions options;     //!< What a new chat begins with.
    QString blockedPatterns; //!< One a line, besides those that count everywhere.
    bool operator==(const Workspace &) const = default;
};

//! Workspaces on disk. Read whole when the store opens and kept in memory: list() does not wait.
//! What was deleted keeps its row, since the ledger counts by it. Call from the main thread;
//! futures end there.
class WorkspaceRepository
{
public:
    virtual ~WorkspaceRepository() = default;
    //! Oldest first: the one that there always is stands first.
    [[nodiscard]] virtual QList<Workspace> list() const = 0;
    //! Inserts (id 0 gets one) or replaces; takes effect in list() at once. Returns the id.
    virtual std::int64_t save(const Workspace &workspace) = 0;
    //! Takes it out of list() at once and moves its conversations to the first one; answers with
    //! their ids.
    [[nodiscard]] virtual QFuture<Result<QList<std::int64_t>>> remove(std::int64_t id) = 0;
    //! Takes remove() back: \p conversations return, those that are still in the first one.
    [[nodiscard]] virtual QFuture<Result<Done>>
    restore(const Workspace &workspace, const QList<std::int64_t> &conversations) = 0;
};

} // namespace core
