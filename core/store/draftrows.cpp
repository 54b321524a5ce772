#include "core/store/draftrows.h"

#include <QSet>

#include <algorithm>
#include <utility>

namespace core {

void putDraftFiles(Sql &sql, std::int64_t conversationId, const QList<DraftFile> &files)
{
    if (!sql.first(QStringLiteral("SELECT 1 FROM conversation WHERE id = ?"),
                   {idValue(conversationId)}))
        return;
    QSet<std::int64_t> stored;
    {
        QSqlQuery rows =
            sql.rows(QStringLiteral("SELECT id FROM draft_file WHERE conversation_id = ?"),
                     {idValue(conversationId)});
        while (sql.next(rows))
            stored.insert(rows.value(0).toLongLong());
    }
    QList<std::int64_t> gone;
    for (const std::int64_t id : std::as_const(stored)) {
        if (std::none_of(files.begin(), files.end(),
                         [id](const DraftFile &file) { return file.id == id; }))
            gone.append(id);
    }
    eraseDraftFiles(sql, gone);
    for (qsizetype i = 0; i < files.size(); ++i) {
        const DraftFile &file = files.at(i);
        if (stored.contains(file.id))
            sql.run(QStringLiteral("UPDATE draft_file SET position = ? WHERE id = ? "
                                   "AND position != ?"),
                    {i, idValue(file.id), i});
        else
            sql.run(QStringLiteral("INSERT INTO draft_file (id, conversation_id, position, name, "
                                   "mime_type, data) VALUES (?, ?, ?, ?, ?, ?)"),
                    {idValue(file.id), idValue(conversationId), i, file.part.name,
                     file.part.mimeType, file.part.data});
    }
}

void eraseDraftFiles(Sql &sql, const QList<std::int64_t> &ids)
{
    for (const std::int64_t id : ids)
        sql.run(QStringLiteral("DELETE FROM draft_file WHERE id = ?"), {idValue(id)});
}

QList<DraftFile> draftFilesOf(Sql &sql, std::int64_t conversationId)
{
    QList<DraftFile> files;
    QSqlQuery rows = sql.rows(QStringLiteral("SELECT id, name, mime_type, data FROM draft_file "
                                             "WHERE conversation_id = ? ORDER BY position, id"),
                              {idValue(conversationId)});
    while (sql.next(rows)) {
        DraftFile file;
        file.id = rows.value(0).toLongLong();
        file.part = {rows.value(1).toString(), rows.value(2).toString(),
                     rows.value(3).toByteArray()};
        files.append(file);
    }
    return files;
}

} // namespace core
