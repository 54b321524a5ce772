#include "core/store/storeconversations.h"

#include "core/store/answerfigures.h"
#include "core/store/conversationrows.h"
#include "core/store/draftrows.h"
#include "core/store/ledgerrows.h"
#include "core/store/messagerows.h"
#include "core/store/search.h"

namespace core {

namespace {

Error gone()
{
    return storageError(
        QStringLiteral("It is not in the database any more: it was deleted, maybe in another "
                       "window. Choose another one."));
}

StoreChange changeOf(std::int64_t id)
{
    StoreChange change;
    change.conversations.insert(id);
    return change;
}

} // namespace

QFuture<Result<Done>> StoreConversations::save(const ConversationRecord &record)
{
    return m_threads.write(
        [record, workspace = m_workspace](Sql &sql) { putConversation(sql, record, workspace); },
        changeOf(record.id));
}

QFuture<Result<Done>> StoreConversations::save(const ComparisonRecord &record)
{
    return m_threads.write([record](Sql &sql) { putComparison(sql, record); }, changeOf(record.id));
}

QFuture<Result<Done>> StoreConversations::save(const MessageRecord &message)
{
    return m_threads.write([message](Sql &sql) { putMessage(sql, message); },
                           changeOf(message.conversationId));
}

QFuture<Result<Done>> StoreConversations::saveDraftFiles(std::int64_t conversationId,
                                                         const QList<DraftFile> &files)
{
    return m_threads.write(
        [conversationId, files](Sql &sql) { putDraftFiles(sql, conversationId, files); },
        changeOf(conversationId));
}

QFuture<Result<Done>> StoreConversations::eraseConversation(std::int64_t id)
{
    return m_threads.write([id](Sql &sql) { eraseConversationRows(sql, id); }, changeOf(id),
                           LogFile::Empty);
}

QFuture<Result<Done>> StoreConversations::eraseComparison(std::int64_t id)
{
    return m_threads.write([id](Sql &sql) { eraseComparisonRows(sql, id); }, changeOf(id),
                           LogFile::Empty);
}

QFuture<Result<Done>> StoreConversations::eraseDeleted()
{
    return m_threads.write([](Sql &sql) { eraseDeletedRows(sql); }, {}, LogFile::Empty);
}

QFuture<Result<LoadedConversation>> StoreConversations::load(std::int64_t id)
{
    return m_threads.readRows<LoadedConversation>([id](Sql &sql) {
        LoadedConversation loaded;
        if (auto record = conversationOf(sql, id)) {
            loaded.record = std::move(*record);
            loaded.messages = messagesOf(sql, id);
            loaded.figures = figuresIn(sql, id);
            loaded.draftFiles = draftFilesOf(sql, id);
        } else {
            sql.fail(gone());
        }
        return loaded;
    });
}

QFuture<Result<ComparisonRecord>> StoreConversations::loadComparison(std::int64_t id)
{
    return m_threads.readRows<ComparisonRecord>([id](Sql &sql) {
        const auto record = comparisonOf(sql, id);
        if (!record)
            sql.fail(gone());
        return record.value_or(ComparisonRecord());
    });
}

QFuture<Result<QList<std::int64_t>>> StoreConversations::lanes(std::int64_t comparisonId)
{
    return m_threads.readRows<QList<std::int64_t>>(
        [comparisonId](Sql &sql) { return lanesOf(sql, comparisonId, DeletedLanes::LeftOut); });
}

QFuture<Result<QHash<std::int64_t, AnswerFigures>>>
StoreConversations::closedLanes(std::int64_t comparisonId, UtcTime since)
{
    return m_threads.readRows<QHash<std::int64_t, AnswerFigures>>(
        [comparisonId, since](Sql &sql) { return figuresOfClosedLanes(sql, comparisonId, since); });
}

QFuture<Result<QList<SidebarEntry>>> StoreConversations::sidebar(int limit,
                                                                 std::int64_t workspaceId)
{
    return m_threads.readRows<QList<SidebarEntry>>(
        [limit, workspaceId](Sql &sql) { return sidebarOf(sql, limit, workspaceId); });
}

QFuture<Result<QList<SearchHit>>> StoreConversations::search(const QString &words, int limit)
{
    return m_threads.readRows<QList<SearchHit>>(
        [words, limit](Sql &sql) { return searchTexts(sql, words, limit); });
}

QFuture<Result<QList<AttemptRecord>>> StoreConversations::attempts(std::int64_t requestId)
{
    return m_threads.readRows<QList<AttemptRecord>>(
        [requestId](Sql &sql) { return attemptsOfAnswer(sql, requestId); });
}

} // namespace core
