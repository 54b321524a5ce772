#include "core/store/sessions.h"

#include "core/store/ledgerrows.h"
#include "core/store/messagerows.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace core {

namespace {

QList<std::int64_t> ids(Sql &sql, const QString &query, std::int64_t value)
{
    QList<std::int64_t> found;
    QSqlQuery rows = sql.rows(query, {idValue(value)});
    while (sql.next(rows))
        found.append(rows.value(0).toLongLong());
    return found;
}

//! What \p requestId itself wrote of its answer, as far as it was kept.
QString wordsOf(Sql &sql, std::int64_t requestId)
{
    QString words;
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT p.text FROM message m JOIN content_part p ON p.message_id = m.id "
                       "WHERE m.request_id = ? AND p.kind = 'text' ORDER BY p.position"),
        {idValue(requestId)});
    while (sql.next(rows))
        words += rows.value(0).toString();
    // Others may have begun it.
    const auto begun = sql.first(QStringLiteral("SELECT max(p.text_end) FROM message m "
                                                "JOIN answer_piece p ON p.message_id = m.id "
                                                "WHERE m.request_id = ?"),
                                 {idValue(requestId)});
    return words.mid(begun ? begun->toLongLong() : 0);
}

//! Nothing is asked again once words were shown: they are of the attempt that is open.
void priceWords(Sql &sql, AttemptRecord &attempt, const PriceKeptWords &price)
{
    const QString words = wordsOf(sql, attempt.requestId);
    if (words.isEmpty())
        return;
    // Budgets go on counting what may have come besides.
    if (const auto most =
            sql.first(QStringLiteral("SELECT tokens FROM reservation WHERE attempt_id = ?"),
                      {idValue(attempt.id)}))
        attempt.mostTokens = most->toLongLong();
    price(attempt, words);
}

//! The provider may have done all of it, or no more than what arrived.
void interruptAttempts(Sql &sql, std::int64_t requestId, const PriceKeptWords &price)
{
    const QList<AttemptRecord> attempts = attemptsOf(sql, requestId);
    const bool isShown = std::any_of(attempts.cbegin(), attempts.cend(),
                                     [](const AttemptRecord &attempt) { return attempt.visible; });
    for (AttemptRecord attempt : attempts) {
        if (attempt.outcome != AttemptOutcome::Open)
            continue;
        attempt.outcome = AttemptOutcome::Interrupted;
        attempt.costBasis = CostBasis::Interrupted;
        if (price && !isShown && attempt.id == attempts.constLast().id)
            priceWords(sql, attempt, price);
        endAttempt(sql, attempt);
    }
}

//! Whom its answer was to come from.
Target askedBy(Sql &sql, std::int64_t requestId)
{
    QSqlQuery row = sql.rows(QStringLiteral("SELECT provider, account_id, base_url, model, "
                                            "simulated FROM message WHERE request_id = ?"),
                             {idValue(requestId)});
    return sql.next(row) ? targetFrom(row, 0) : Target();
}

} // namespace

void Sessions::end(Sql &sql, std::int64_t id, UtcTime now, const PriceKeptWords &price)
{
    const QList<std::int64_t> requests = ids(
        sql, QStringLiteral("SELECT id FROM request WHERE session_id = ? AND state = 'open'"), id);
    for (const std::int64_t request : requests) {
        interruptAttempts(sql, request, price);
        endRequest(sql, request, RequestState::Interrupted, now, askedBy(sql, request));
        const QList<std::int64_t> messages = ids(
            sql,
            QStringLiteral("SELECT id FROM message WHERE request_id = ? AND state = 'streaming'"),
            request);
        for (const std::int64_t message : messages) {
            sql.run(QStringLiteral("UPDATE message SET state = 'incomplete' WHERE id = ?"),
                    {idValue(message)});
            indexMessage(sql, message);
        }
    }
    // One that was stopped may still have been counted when its request had ended.
    const QList<std::int64_t> counted =
        ids(sql,
            QStringLiteral("SELECT DISTINCT r.id FROM request r JOIN attempt a ON a.request_id = "
                           "r.id WHERE r.session_id = ? AND a.outcome = 'open'"),
            id);
    for (const std::int64_t request : counted)
        interruptAttempts(sql, request, price);
    sql.run(QStringLiteral("UPDATE session SET ended_at = ? WHERE id = ?"),
            {utcValue(now), idValue(id)});
}

QString Sessions::fileOf(std::int64_t id) const
{
    return QDir(m_folder).filePath(QString::number(id));
}

bool Sessions::anyRuns() const
{
    const QStringList names = QDir(m_folder).entryList(QDir::Files);
    for (const QString &name : names) {
        if (isLocked(QDir(m_folder).filePath(name)))
            return true;
    }
    return false;
}

Result<Done> Sessions::take(std::int64_t id)
{
    auto lock = FileLock::tryLock(fileOf(id));
    if (!lock)
        return lock.error();
    if (!*lock)
        return storageError(
            QStringLiteral("The session %1 is taken. Start Farthing again.").arg(id));
    m_held.push_back({id, std::move(*lock)});
    return Done();
}

QList<std::int64_t> Sessions::taken() const
{
    QList<std::int64_t> taken;
    for (const Held &held : m_held)
        taken.append(held.id);
    return taken;
}

void Sessions::release()
{
    for (const Held &held :
         m_held) // first, so that nobody finds an unlocked file of a dead session
        QFile::remove(fileOf(held.id));
    m_held.clear();
}

Result<Done> Sessions::recover(Sql &sql, UtcTime now, const PriceKeptWords &price)
{
    sql.run(QStringLiteral("BEGIN IMMEDIATE"));
    QStringList files;
    const QList<std::int64_t> own = taken();
    const QList<std::int64_t> unended =
        ids(sql, QStringLiteral("SELECT id FROM session WHERE ended_at IS NULL AND id <> ?"), 0);
    for (const std::int64_t session : unended) {
        if (own.contains(session) || isLocked(fileOf(session)))
            continue;
        end(sql, session, now, price);
        files.append(fileOf(session));
    }
    sql.run(QStringLiteral("COMMIT"));
    if (sql.failed()) {
        const Error error = sql.error();
        sql.reset();
        sql.run(QStringLiteral("ROLLBACK"));
        return error;
    }
    for (const QString &file : files)
        QFile::remove(file);
    return Done();
}

} // namespace core
