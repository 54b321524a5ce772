#include "core/store/textindex.h"

namespace core {

namespace {

//! An index with outside content must be told what it holds to forget it. \p where chooses rows of
//! message_text.
void dropFromIndexes(Sql &sql, const QString &where, std::int64_t id)
{
    sql.run(QStringLiteral("INSERT INTO message_fts (message_fts, rowid, text) "
                           "SELECT 'delete', id, text FROM message_text WHERE ") +
                where,
            {idValue(id)});
    sql.run(QStringLiteral("INSERT INTO message_fts_trigram (message_fts_trigram, rowid, text) "
                           "SELECT 'delete', id, text FROM message_text WHERE ") +
                where,
            {idValue(id)});
    sql.run(QStringLiteral("DELETE FROM message_text WHERE ") + where, {idValue(id)});
}

} // namespace

void putText(Sql &sql, std::int64_t id, const TextOwner &owner, const QString &text)
{
    const auto old =
        sql.first(QStringLiteral("SELECT text FROM message_text WHERE id = ?"), {idValue(id)});
    if (old && old->toString() == text)
        return;
    if (old)
        dropFromIndexes(sql, QStringLiteral("id = ?"), id);
    if (text.isEmpty())
        return;
    sql.run(QStringLiteral("INSERT INTO message_text (id, conversation_id, comparison_id, "
                           "is_title, text) VALUES (?, ?, ?, ?, ?)"),
            {idValue(id), referenceValue(owner.conversationId), referenceValue(owner.comparisonId),
             owner.title ? 1 : 0, text});
    sql.run(QStringLiteral("INSERT INTO message_fts (rowid, text) VALUES (?, ?)"),
            {idValue(id), text});
    sql.run(QStringLiteral("INSERT INTO message_fts_trigram (rowid, text) VALUES (?, ?)"),
            {idValue(id), text});
}

void eraseTexts(Sql &sql, const TextOwner &owner)
{
    if (owner.comparisonId != 0)
        dropFromIndexes(sql, QStringLiteral("comparison_id = ?"), owner.comparisonId);
    else
        dropFromIndexes(sql, QStringLiteral("conversation_id = ?"), owner.conversationId);
    // A deletion only marks; merging everything into one segment drops the words themselves.
    sql.run(QStringLiteral("INSERT INTO message_fts (message_fts) VALUES ('optimize')"));
    sql.run(QStringLiteral(
        "INSERT INTO message_fts_trigram (message_fts_trigram) VALUES ('optimize')"));
}

} // namespace core
