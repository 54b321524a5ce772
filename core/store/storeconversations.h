#pragma once

#include "core/store/conversationrepository.h"
#include "core/store/storethreads.h"

namespace core {

//! The rows of chats, comparisons and messages; every call is queued to one of the two threads.
class StoreConversations final : public ConversationRepository
{
public:
    StoreConversations(StoreThreads &threads, std::int64_t defaultWorkspace)
        : m_threads(threads)
        , m_workspace(defaultWorkspace)
    {
    }
    QFuture<Result<Done>> save(const ConversationRecord &record) override;
    QFuture<Result<Done>> save(const ComparisonRecord &record) override;
    QFuture<Result<Done>> save(const MessageRecord &message) override;
    QFuture<Result<Done>> saveDraftFiles(std::int64_t conversationId,
                                         const QList<DraftFile> &files) override;
    QFuture<Result<Done>> eraseConversation(std::int64_t id) override;
    QFuture<Result<Done>> eraseComparison(std::int64_t id) override;
    QFuture<Result<Done>> eraseDeleted() override;
    [[nodiscard]] QFuture<Result<LoadedConversation>> load(std::int64_t id) override;
    [[nodiscard]] QFuture<Result<ComparisonRecord>> loadComparison(std::int64_t id) override;
    [[nodiscard]] QFuture<Result<QList<std::int64_t>>> lanes(std::int64_t comparisonId) override;
    [[nodiscard]] QFuture<Result<QHash<std::int64_t, AnswerFigures>>>
    closedLanes(std::int64_t comparisonId, UtcTime since) override;
    [[nodiscard]] QFuture<Result<QList<SidebarEntry>>> sidebar(int limit,
                                                               std::int64_t workspaceId) override;
    [[nodiscard]] QFuture<Result<QList<SearchHit>>> search(const QString &words,
                                                           int limit) override;
    [[nodiscard]] QFuture<Result<QList<AttemptRecord>>> attempts(std::int64_t requestId) override;

private:
    StoreThreads &m_threads;
    std::int64_t m_workspace;
};

} // namespace core
