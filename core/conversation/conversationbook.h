#pragma once

#include "core/conversation/conversation.h"

#include <QFuture>
#include <QHash>
#include <QObject>
#include <QSet>

namespace core {

//! The open conversations of this process: each exists once, so that two views of it agree, and a
//! running one stays alive until it ends. Main thread.
class ConversationBook : public QObject
{
    Q_OBJECT
public:
    explicit ConversationBook(const Conversation::Parts &parts, QObject *parent = nullptr);
    ~ConversationBook() override;

    //! A new one; it gets a row with its first question, draft or setting.
    [[nodiscard]] Conversation *create(ConversationKind kind, const Target &target);
    //! A new lane of \p comparison. \p workspaceId 0: where new ones are made.
    [[nodiscard]] Conversation *createLane(std::int64_t comparisonId, int lane,
                                           const Target &target, std::int64_t workspaceId = 0);
    //! New ones are made in \p workspaceId from then on, each with the \p options of its workspace.
    void setBeginning(std::int64_t workspaceId, const QHash<std::int64_t, ChatOptions> &options);
    void moveAll(std::int64_t from, std::int64_t to); //!< The open ones of a workspace.
    //! The open one or the stored one. The pointer belongs to the book.
    [[nodiscard]] QFuture<Result<Conversation *>> open(std::int64_t id);
    [[nodiscard]] Conversation *find(std::int64_t id) const; //!< nullptr: not open.
    //! Nobody shows it any longer: it goes when it is idle, at once or after its answer has
    //! ended, its draft's files are there and the disk has it all.
    void close(std::int64_t id);

    //! The named routes that there are, and whom chats without one ask next, in order, when their
    //! model fails before it wrote anything. Lanes of a comparison fall back only by a route of
    //! their own: each answers for itself.
    void setRoutes(const QList<Route> &routes, const QList<Target> &fallbacks);

    [[nodiscard]] QList<Conversation *> running() const;
    void stopAll();

Q_SIGNALS:
    void changed(std::int64_t conversationId); //!< Title, state, cost: what the sidebar shows.
    void runningChanged();

private:
    Conversation *adopt(LoadedConversation loaded, Conversation::Stored stored);
    void closeIfIdle(Conversation *conversation);
    void discard(Conversation *conversation);
    [[nodiscard]] LoadedConversation fresh(ConversationKind kind, const Target &target,
                                           std::int64_t workspaceId) const;

    Conversation::Parts m_parts;
    QHash<std::int64_t, ChatOptions> m_options; //!< Of new ones, by workspace.
    QList<Route> m_routes;
    QList<Target> m_fallbacks;
    QHash<std::int64_t, Conversation *> m_open;
    QSet<std::int64_t> m_closing; //!< To go when they are idle.
};

} // namespace core
