#pragma once

#include "core/base/clock.h"
#include "core/base/idsource.h"
#include "core/ledger/workspacerepository.h"
#include "core/store/storethreads.h"

namespace core {

//! The workspaces in memory, as list() gives them, and their rows, which follow by the writer.
class StoreWorkspaces final : public WorkspaceRepository
{
public:
    //! \p first: the id of the workspace that schema 1 made.
    StoreWorkspaces(StoreThreads &threads, IdSource &ids, const Clock &clock, std::int64_t first,
                    QList<Workspace> workspaces)
        : m_threads(threads)
        , m_ids(ids)
        , m_clock(clock)
        , m_first(first)
        , m_workspaces(std::move(workspaces))
    {
    }
    [[nodiscard]] QList<Workspace> list() const override { return m_workspaces; }
    std::int64_t save(const Workspace &workspace) override;
    [[nodiscard]] QFuture<Result<QList<std::int64_t>>> remove(std::int64_t id) override;
    [[nodiscard]] QFuture<Result<Done>> restore(const Workspace &workspace,
                                                const QList<std::int64_t> &conversations) override;

    //! What list() begins with.
    [[nodiscard]] static QList<Workspace> readAll(Sql &sql);

private:
    void remember(const Workspace &workspace);

    StoreThreads &m_threads;
    IdSource &m_ids;
    const Clock &m_clock;
    std::int64_t m_first;
    QList<Workspace> m_workspaces;
};

} // namespace core
