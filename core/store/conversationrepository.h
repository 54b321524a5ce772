#pragma once

#include "core/base/result.h"
#include "core/store/records.h"

#include <QFuture>
#include <QHash>
#include <QList>

namespace core {

//! Conversations on disk. Writes are queued in order with the Journal's and answered when
//! committed; reads run beside them and are not ordered after them. Call from the main thread;
//! futures end there.
class ConversationRepository
{
public:
    virtual ~ConversationRepository() = default;

    //! Inserts or replaces the row (never the messages).
    virtual QFuture<Result<Done>> save(const ConversationRecord &record) = 0;
    virtual QFuture<Result<Done>> save(const ComparisonRecord &record) = 0;
    //! One message whose conversation is there, with all its parts. Those of a request are the
    //! Journal's.
    virtual QFuture<Result<Done>> save(const MessageRecord &message) = 0;
    //! \p files are all that its draft has, in order; only new ones are written. Nothing if its
    //! row is not there.
    virtual QFuture<Result<Done>> saveDraftFiles(std::int64_t conversationId,
                                                 const QList<DraftFile> &files) = 0;
    //! Erases for good: messages, search entries, attachments, drafts. The ledger stays, without a
    //! conversation.
    virtual QFuture<Result<Done>> eraseConversation(std::int64_t id) = 0;
    virtual QFuture<Result<Done>> eraseComparison(std::int64_t id) = 0;
    //! Everything that is marked as deleted: call when no Undo is offered any more.
    virtual QFuture<Result<Done>> eraseDeleted() = 0;

    [[nodiscard]] virtual QFuture<Result<LoadedConversation>> load(std::int64_t id) = 0;
    [[nodiscard]] virtual QFuture<Result<ComparisonRecord>> loadComparison(std::int64_t id) = 0;
    //! Conversations of a comparison that are not marked as deleted, by lane.
    [[nodiscard]] virtual QFuture<Result<QList<std::int64_t>>> lanes(std::int64_t comparisonId) = 0;
    //! What lanes of a comparison that are marked as deleted have been asked since \p since, by
    //! lane: all of it together.
    [[nodiscard]] virtual QFuture<Result<QHash<std::int64_t, AnswerFigures>>>
    closedLanes(std::int64_t comparisonId, UtcTime since) = 0;
    //! Chats and comparisons that are neither archived nor deleted, newest first. \p workspaceId:
    //! those of one workspace; 0: of all.
    [[nodiscard]] virtual QFuture<Result<QList<SidebarEntry>>>
    sidebar(int limit, std::int64_t workspaceId = 0) = 0;
    //! Titles and texts; under three characters the plain table is scanned. Newest first.
    [[nodiscard]] virtual QFuture<Result<QList<SearchHit>>> search(const QString &words,
                                                                   int limit) = 0;
    //! All attempts of one request, oldest first, with usage and cost lines: Details. If an answer
    //! was continued by it, after those of the earlier pieces.
    [[nodiscard]] virtual QFuture<Result<QList<AttemptRecord>>>
    attempts(std::int64_t requestId) = 0;
};

} // namespace core
