#include "core/store/messagerows.h"

#include "core/store/storednames.h"
#include "core/store/textindex.h"

#include <QHash>

namespace core {

namespace {

//! A part as its row: every kind uses the columns that it needs.
struct PartRow
{
    QString kind;
    QString text, name, callId;
    bool isError = false;
    QByteArray data, redacted;
};

struct RowMaker
{
    PartRow operator()(const TextPart &part) const
    {
        return {QStringLiteral("text"), part.text, {}, {}, false, {}, {}};
    }
    PartRow operator()(const ReasoningPart &part) const
    {
        return {QStringLiteral("reasoning"),
                part.text,
                part.provider,
                {},
                false,
                part.signature,
                part.redacted};
    }
    PartRow operator()(const AttachmentPart &part) const
    {
        return {QStringLiteral("attachment"), {}, part.name, {}, false, {}, {}};
    }
    PartRow operator()(const ToolCallPart &part) const
    {
        return {QStringLiteral("tool_call"), {}, part.name, part.id, false, part.arguments, {}};
    }
    PartRow operator()(const ToolResultPart &part) const
    {
        return {QStringLiteral("tool_result"), part.content, {}, part.callId, part.isError, {}, {}};
    }
};

//! Columns: 1 kind, 2 text, 3 name, 4 call_id, 5 is_error, 6 data, 7 redacted, 8 mime type, 9 blob.
std::optional<ContentPart> partFrom(const QSqlQuery &row)
{
    const QString kind = row.value(1).toString();
    const QString text = row.value(2).toString();
    const QString name = row.value(3).toString();
    const QString callId = row.value(4).toString();
    const QByteArray data = row.value(6).toByteArray();
    if (kind == QLatin1StringView("text"))
        return TextPart{text};
    if (kind == QLatin1StringView("reasoning"))
        return ReasoningPart{text, data, row.value(7).toByteArray(), name};
    if (kind == QLatin1StringView("attachment"))
        return AttachmentPart{name, row.value(8).toString(), row.value(9).toByteArray()};
    if (kind == QLatin1StringView("tool_call"))
        return ToolCallPart{callId, name, data};
    if (kind == QLatin1StringView("tool_result"))
        return ToolResultPart{callId, text, row.value(5).toBool()};
    return std::nullopt;
}

void insertPart(Sql &sql, std::int64_t messageId, qsizetype position, const ContentPart &part)
{
    const PartRow row = std::visit(RowMaker(), part);
    sql.run(QStringLiteral("INSERT INTO content_part (message_id, position, kind, text, name, "
                           "call_id, is_error, data, redacted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            {idValue(messageId), position, row.kind, row.text, row.name, row.callId,
             row.isError ? 1 : 0, row.data, row.redacted});
    if (const auto *attachment = std::get_if<AttachmentPart>(&part)) {
        sql.run(QStringLiteral("INSERT INTO attachment (message_id, position, mime_type, data) "
                               "VALUES (?, ?, ?, ?)"),
                {idValue(messageId), position, attachment->mimeType, attachment->data});
    }
}

void replacePieces(Sql &sql, const MessageRecord &message)
{
    sql.run(QStringLiteral("DELETE FROM answer_piece WHERE message_id = ?"), {idValue(message.id)});
    for (qsizetype i = 0; i < message.pieces.size(); ++i) {
        const AnswerPiece &piece = message.pieces.at(i);
        QVariantList values{idValue(message.id), i, idValue(piece.requestId)};
        values += targetValues(piece.target);
        values += idValue(piece.end);
        sql.run(QStringLiteral("INSERT INTO answer_piece (message_id, position, request_id, "
                               "provider, account_id, base_url, model, simulated, text_end) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                values);
    }
}

void readPieces(Sql &sql, std::int64_t conversationId, const QHash<std::int64_t, qsizetype> &places,
                QList<MessageRecord> &messages)
{
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT p.message_id, p.request_id, p.provider, p.account_id, p.base_url, "
                       "p.model, p.simulated, p.text_end FROM message m "
                       "JOIN answer_piece p ON p.message_id = m.id "
                       "WHERE m.conversation_id = ? ORDER BY p.message_id, p.position"),
        {idValue(conversationId)});
    while (sql.next(rows)) {
        const auto place = places.constFind(rows.value(0).toLongLong());
        if (place != places.constEnd())
            messages[*place].pieces.append(
                {rows.value(1).toLongLong(), targetFrom(rows, 2), rows.value(7).toLongLong()});
    }
}

void putChoice(Sql &sql, const MessageRecord &message)
{
    if (!message.chosen)
        return;
    QStringList reasons;
    for (const TaskReason reason : message.chosen->reasons)
        reasons.append(storedName(reason));
    QVariantList values{idValue(message.id), message.chosen->route};
    values += targetValues(message.chosen->target);
    values += reasons.join(QLatin1Char(','));
    values += idValue(message.chosen->tokens);
    sql.run(QStringLiteral("INSERT OR REPLACE INTO task_choice (message_id, route, provider, "
                           "account_id, base_url, model, simulated, reasons, tokens) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            values);
}

void readChoices(Sql &sql, std::int64_t conversationId,
                 const QHash<std::int64_t, qsizetype> &places, QList<MessageRecord> &messages)
{
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT c.message_id, c.route, c.provider, c.account_id, c.base_url, "
                       "c.model, c.simulated, c.reasons, c.tokens FROM message m "
                       "JOIN task_choice c ON c.message_id = m.id WHERE m.conversation_id = ?"),
        {idValue(conversationId)});
    while (sql.next(rows)) {
        const auto place = places.constFind(rows.value(0).toLongLong());
        if (place == places.constEnd())
            continue;
        TaskChoice choice;
        choice.route = rows.value(1).toString();
        choice.target = targetFrom(rows, 2);
        for (const QString &name : rows.value(7).toString().split(QLatin1Char(','))) {
            if (const auto reason = taskReasonFrom(name))
                choice.reasons.append(*reason);
        }
        choice.tokens = rows.value(8).toLongLong();
        messages[*place].chosen = choice;
    }
}

} // namespace

void putMessage(Sql &sql, const MessageRecord &message)
{
    QVariantList values{idValue(message.id),
                        idValue(message.conversationId),
                        referenceValue(message.parentId),
                        storedName(message.role),
                        storedName(message.state),
                        utcValue(message.createdAt),
                        idValue(message.requestId)};
    values += targetValues(message.target);
    values += message.finishReason ? QVariant(finishReasonName(*message.finishReason)) : QVariant();
    values += errorValue(message.error, ServiceWords::Keep);
    values += message.kept ? 1 : 0;
    sql.run(
        QStringLiteral(
            "INSERT INTO message (id, conversation_id, parent_id, role, state, created_at, "
            "request_id, provider, account_id, base_url, model, simulated, finish_reason, error, "
            "kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET "
            "state = excluded.state, request_id = excluded.request_id, "
            "provider = excluded.provider, account_id = excluded.account_id, "
            "base_url = excluded.base_url, model = excluded.model, "
            "simulated = excluded.simulated, finish_reason = excluded.finish_reason, "
            "error = excluded.error, kept = excluded.kept"),
        values);
    replaceParts(sql, message.id, message.parts);
    replacePieces(sql, message);
    putChoice(sql, message);
    if (message.state != MessageState::Streaming)
        indexMessage(sql, message.id);
}

void replaceParts(Sql &sql, std::int64_t messageId, const QList<ContentPart> &parts)
{
    if (!sql.first(QStringLiteral("SELECT 1 FROM message WHERE id = ?"), {idValue(messageId)}))
        return;
    sql.run(QStringLiteral("DELETE FROM content_part WHERE message_id = ?"), {idValue(messageId)});
    for (qsizetype i = 0; i < parts.size(); ++i)
        insertPart(sql, messageId, i, parts.at(i));
}

void putPartial(Sql &sql, std::int64_t messageId, const QList<ContentPart> &parts)
{
    const auto state =
        sql.first(QStringLiteral("SELECT state FROM message WHERE id = ?"), {idValue(messageId)});
    if (state && state->toString() == storedName(MessageState::Streaming))
        replaceParts(sql, messageId, parts);
}

void indexMessage(Sql &sql, std::int64_t messageId)
{
    // Reasoning is not what a person remembers an answer by; names of attachments are.
    QStringList words;
    QSqlQuery parts =
        sql.rows(QStringLiteral("SELECT kind, text, name FROM content_part WHERE message_id = ? "
                                "AND kind IN ('text', 'attachment') ORDER BY position"),
                 {idValue(messageId)});
    while (sql.next(parts)) {
        const bool text = parts.value(0).toString() == QLatin1StringView("text");
        words.append(parts.value(text ? 1 : 2).toString());
    }
    const auto conversation = sql.first(
        QStringLiteral("SELECT conversation_id FROM message WHERE id = ?"), {idValue(messageId)});
    if (conversation)
        putText(sql, messageId, {conversation->toLongLong(), 0, false},
                words.join(QLatin1Char('\n')));
}

QList<MessageRecord> messagesOf(Sql &sql, std::int64_t conversationId)
{
    QList<MessageRecord> messages;
    QHash<std::int64_t, qsizetype> places;
    // Ids grow, and a child is made after its parent.
    QSqlQuery rows = sql.rows(
        QStringLiteral(
            "SELECT id, parent_id, role, state, created_at, request_id, provider, "
            "account_id, base_url, model, simulated, finish_reason, error, kept FROM message "
            "WHERE conversation_id = ? ORDER BY id"),
        {idValue(conversationId)});
    while (sql.next(rows)) {
        MessageRecord message;
        message.id = rows.value(0).toLongLong();
        message.conversationId = conversationId;
        message.parentId = rows.value(1).toLongLong();
        message.role = roleFrom(rows.value(2).toString());
        message.state = messageStateFrom(rows.value(3).toString());
        message.createdAt = utcFrom(rows.value(4));
        message.requestId = rows.value(5).toLongLong();
        message.target = targetFrom(rows, 6);
        message.finishReason = finishReasonOf(rows.value(11).toString());
        message.error = errorFrom(rows.value(12));
        message.kept = rows.value(13).toBool();
        places.insert(message.id, messages.size());
        messages.append(message);
    }
    QSqlQuery parts = sql.rows(
        QStringLiteral("SELECT p.message_id, p.kind, p.text, p.name, p.call_id, p.is_error, "
                       "p.data, p.redacted, a.mime_type, a.data FROM message m "
                       "JOIN content_part p ON p.message_id = m.id "
                       "LEFT JOIN attachment a ON p.kind = 'attachment' AND "
                       "a.message_id = p.message_id AND a.position = p.position "
                       "WHERE m.conversation_id = ? ORDER BY p.message_id, p.position"),
        {idValue(conversationId)});
    while (sql.next(parts)) {
        const auto place = places.constFind(parts.value(0).toLongLong());
        if (place == places.constEnd())
            continue;
        if (auto part = partFrom(parts))
            messages[*place].parts.append(std::move(*part));
    }
    readPieces(sql, conversationId, places, messages);
    readChoices(sql, conversationId, places, messages);
    return messages;
}

} // namespace core
