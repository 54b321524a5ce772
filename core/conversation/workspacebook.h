#pragma once

#include "core/conversation/conversationbook.h"
#include "core/ledger/workspacerepository.h"

#include <QObject>

#include <optional>

namespace core {

//! The workspaces of a profile, as Settings makes them and chats use them. One there always is.
//! Main thread.
class WorkspaceBook : public QObject
{
    Q_OBJECT
public:
    //! \p first: the one that there always is. Both others must outlive this.
    WorkspaceBook(WorkspaceRepository &repository, ConversationBook &conversations,
                  std::int64_t first, QObject *parent = nullptr);

    [[nodiscard]] QList<Workspace> workspaces() const; //!< The first one, then by name.
    [[nodiscard]] std::optional<Workspace> find(std::int64_t id) const; //!< None: it was deleted.
    [[nodiscard]] Workspace inForce(std::int64_t id) const; //!< Of one that is gone: the first.
    [[nodiscard]] bool hasSeveral() const;
    [[nodiscard]] std::int64_t first() const { return m_first; }

    //! Where new chats and comparisons are made.
    [[nodiscard]] std::int64_t current() const { return m_current; }
    void setCurrent(std::int64_t id); //!< One that is gone: the first.

    //! A new one; \p name gets a number if it is taken. Returns its id.
    std::int64_t add(const QString &name);
    //! Errors: InputRejected, where \p name is empty or another one's.
    [[nodiscard]] Result<Done> rename(std::int64_t id, const QString &name);
    //! Takes model, options and patterns of \p workspace; its name is rename()'s.
    void change(const Workspace &workspace);
    //! Its chats move to the first one; what they have cost stays counted where it was. Errors:
    //! InputRejected for the first one; StorageFailed, and then it is still there.
    [[nodiscard]] QFuture<Result<Done>> remove(std::int64_t id);
    //! Takes the last remove() back, with its chats. Errors: InputRejected, if there is none.
    [[nodiscard]] QFuture<Result<Done>> restore();

Q_SIGNALS:
    void changed();        //!< Also when another one is the current one.
    void currentChanged(); //!< After changed().

private:
    struct Removed
    {
        Workspace workspace;
        QList<std::int64_t> conversations; //!< Those that were in it.
    };
    [[nodiscard]] bool isTaken(const QString &name, std::int64_t but) const;
    void note();

    WorkspaceRepository &m_repository;
    ConversationBook &m_conversations;
    std::int64_t m_first;
    std::int64_t m_current;
    std::optional<Removed> m_removed;
};

} // namespace core
