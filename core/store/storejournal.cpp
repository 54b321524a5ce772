#include "core/store/storejournal.h"

#include "core/store/draftrows.h"
#include "core/store/messagerows.h"

namespace core {

namespace {

//! After a crash the conversation must open at what was just asked, and stand on top of the list. A
//! comparison's own time is that of its round, which an answer made again does not begin.
void touchConversation(Sql &sql, const MessageRecord &answer, const QString &sentDraft)
{
    sql.run(QStringLiteral("UPDATE conversation SET active_leaf = ?, "
                           "updated_at = max(updated_at, ?), "
                           "draft = CASE WHEN draft = ? THEN '' ELSE draft END WHERE id = ?"),
            {idValue(answer.id), utcValue(answer.createdAt),
             sentDraft.isNull() ? QStringLiteral("") : sentDraft, idValue(answer.conversationId)});
}

void putTurn(Sql &sql, const RequestContext &context, std::int64_t requestId)
{
    if (context.question) {
        MessageRecord question = *context.question;
        question.conversationId = context.conversationId;
        putMessage(sql, question);
    }
    if (context.answer.id == 0) // a title, a test of a connection
        return;
    MessageRecord answer = context.answer;
    answer.conversationId = context.conversationId;
    answer.requestId = requestId;
    putMessage(sql, answer);
    touchConversation(sql, answer, context.draft);
    eraseDraftFiles(sql, context.draftFiles);
}

StoreChange changeOf(std::int64_t conversationId)
{
    StoreChange change;
    if (conversationId != 0)
        change.conversations.insert(conversationId);
    change.ledger = true;
    return change;
}

} // namespace

RequestOwner StoreJournal::ownerOf(const RequestContext &context) const
{
    return {context.conversationId, context.workspaceId ? context.workspaceId : m_workspaceId,
            context.sessionId ? context.sessionId : m_session.id()};
}

QFuture<Result<OpenedAttempt>> StoreJournal::openRequest(std::int64_t requestId,
                                                         const RequestContext &context,
                                                         const AttemptOpening &attempt)
{
    m_session.noteSend();
    AttemptOpening opening = attempt;
    opening.requestId = requestId;
    return m_threads.writeRows<OpenedAttempt>(
        [requestId, context, owner = ownerOf(context), opening, here = here()](Sql &sql) {
            insertRequest(sql, requestId, owner, opening.queuedAt);
            if (context.conversationId != 0)
                putTurn(sql, context, requestId);
            return insertAttempt(sql, opening, here);
        },
        changeOf(context.conversationId));
}

void StoreJournal::keepRequest(std::int64_t requestId, const RequestContext &context,
                               UtcTime queuedAt)
{
    m_threads.keep(
        [requestId, context, owner = ownerOf(context), queuedAt](Sql &sql) {
            insertRequest(sql, requestId, owner, queuedAt);
            if (context.conversationId != 0)
                putTurn(sql, context, requestId);
        },
        changeOf(context.conversationId));
}

QFuture<Result<OpenedAttempt>> StoreJournal::openAttempt(const AttemptOpening &attempt)
{
    return m_threads.writeRows<OpenedAttempt>(
        [attempt, here = here()](Sql &sql) { return insertAttempt(sql, attempt, here); },
        changeOf(0));
}

void StoreJournal::savePartial(std::int64_t messageId, const QList<ContentPart> &parts)
{
    m_session.noteUse();
    if (m_threads.writer)
        m_threads.writer->writeParts(messageId, parts);
}

void StoreJournal::closeAttempt(const AttemptRecord &attempt)
{
    m_threads.keep([attempt](Sql &sql) { endAttempt(sql, attempt); }, changeOf(0));
}

void StoreJournal::closeRequest(std::int64_t requestId, RequestState state,
                                const MessageRecord &answer)
{
    m_session.noteUse();
    if (m_threads.writer)
        m_threads.writer->dropParts(answer.id);
    m_threads.keep(
        [requestId, state, answer, now = m_clock.utcNow()](Sql &sql) {
            endRequest(sql, requestId, state, now, answer.target);
            // The conversation may have been erased while its answer still ran.
            if (sql.first(QStringLiteral("SELECT 1 FROM message WHERE id = ?"),
                          {idValue(answer.id)})) {
                MessageRecord last = answer;
                last.requestId = requestId;
                putMessage(sql, last);
            }
        },
        changeOf(answer.conversationId));
}

QFuture<Result<Done>> StoreJournal::drained()
{
    if (!m_threads.writer) // open for reading only: nothing was taken
        return QtFuture::makeReadyFuture(Result<Done>(Done()));
    m_threads.writer->flushParts();
    return m_threads.write([](Sql &) {}, {});
}

} // namespace core
