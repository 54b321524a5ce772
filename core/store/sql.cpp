#include "core/store/sql.h"

#include "core/base/picousd.h"
#include "core/store/cleanend.h"

#include <QSqlDatabase>
#include <QSqlError>

#include <sqlite3.h>

namespace core {

namespace {

constexpr std::int64_t SumSplit = 1'000'000; // so that SQLite's sums stay inside 64 bits

bool passes(int code)
{
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
        return true;
    default:
        return false;
    }
}

//! The driver takes null strings for NULL; ours are empty.
QVariant bindable(const QVariant &value)
{
    if (value.metaType().id() == QMetaType::QString && value.toString().isNull())
        return QStringLiteral("");
    if (value.metaType().id() == QMetaType::QByteArray && value.toByteArray().isNull())
        return QByteArray("");
    return value;
}

} // namespace

Error storageError(const QString &detail)
{
    return makeError(ErrorKind::StorageFailed, detail);
}

QString storageAdvice(int code, const QString &words)
{
    switch (code) {
    case SQLITE_FULL:
        return QStringLiteral("The disk is full. Free some space; nothing stored was lost. (%1)")
            .arg(words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return QStringLiteral("Another program holds the database. Close it or wait. (%1)")
            .arg(words);
    case SQLITE_IOERR:
        return QStringLiteral("The disk refused to read or write. Check its free space, quota and "
                              "health. (%1)")
            .arg(words);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return QStringLiteral("The database cannot be written. Check the permissions of its folder "
                              "and whether the disk is mounted read-only. (%1)")
            .arg(words);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return QStringLiteral("The database is damaged. Restart Farthing: it restores the newest "
                              "backup. (%1)")
            .arg(words);
    default:
        return QStringLiteral("The database refused a statement: %1. Please report this.")
            .arg(words);
    }
}

bool isDamage(int code)
{
    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

bool isDamage(const Error &error)
{
    return isDamage(error.providerCode.toInt() & 0xff);
}

Sql::Sql(const QString &connection)
    : m_connection(connection)
{
}

void Sql::refuse(const QSqlQuery &query)
{
    const QSqlError cause = query.lastError();
    const int code = cause.nativeErrorCode().toInt() & 0xff;
    if (isDamage(code))
        noteDamage(QSqlDatabase::database(m_connection, false).databaseName());
    m_error = storageError(storageAdvice(code, cause.databaseText()));
    m_error->providerCode = cause.nativeErrorCode();
    m_mayPass = passes(code);
}

bool Sql::execute(QSqlQuery &query, const QString &statement, const QVariantList &values)
{
    Q_ASSERT(!statement.isEmpty());
    if (failed())
        return false;
    query.setForwardOnly(true);
    bool done = query.prepare(statement);
    if (done) {
        for (const QVariant &value : values)
            query.addBindValue(bindable(value));
        done = query.exec();
    }
    if (!done)
        refuse(query);
    return done;
}

int Sql::run(const QString &statement, const QVariantList &values)
{
    if (m_keepsCompiled)
        return runKept(statement, values);
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    return execute(query, statement, values) ? query.numRowsAffected() : 0;
}

int Sql::runKept(const QString &statement, const QVariantList &values)
{
    constexpr std::size_t MostKept = 100; // the writer has half as many
    if (failed())
        return 0;
    auto kept = m_kept.find(statement);
    if (kept == m_kept.end()) {
        QSqlQuery query = compiled(statement);
        if (failed())
            return 0;
        if (m_kept.size() >= MostKept)
            m_kept.clear();
        kept = m_kept.emplace(statement, std::move(query)).first;
    }
    QSqlQuery &query = kept->second;
    if (!rows(query, values)) {
        m_kept.erase(kept);
        return 0;
    }
    const int changed = query.numRowsAffected();
    query.finish();                         // nothing may be under way when the transaction ends
    for (int i = 0; i < values.size(); ++i) // they may be large
        query.bindValue(i, QVariant());
    return changed;
}

QSqlQuery Sql::rows(const QString &statement, const QVariantList &values)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!execute(query, statement, values))
        return QSqlQuery();
    return query;
}

QSqlQuery Sql::compiled(const QString &statement)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    if (!failed() && !query.prepare(statement))
        refuse(query);
    return query;
}

bool Sql::rows(QSqlQuery &query, const QVariantList &values)
{
    if (failed())
        return false;
    for (int i = 0; i < values.size(); ++i)
        query.bindValue(i, bindable(values.at(i)));
    if (query.exec())
        return true;
    refuse(query);
    return false;
}

std::optional<QVariant> Sql::first(const QString &statement, const QVariantList &values)
{
    QSqlQuery query = rows(statement, values);
    if (!next(query))
        return std::nullopt;
    return query.value(0);
}

bool Sql::next(QSqlQuery &query)
{
    if (failed())
        return false;
    if (query.next())
        return true;
    if (query.lastError().isValid())
        refuse(query);
    return false;
}

void Sql::fail(const Error &error)
{
    if (!failed())
        m_error = error;
}

void Sql::reset()
{
    m_error.reset();
    m_mayPass = false;
}

QVariant utcValue(UtcTime time)
{
    return QVariant::fromValue(qint64(time.time_since_epoch().count()));
}

UtcTime utcFrom(const QVariant &value)
{
    return UtcTime(std::chrono::milliseconds(value.toLongLong()));
}

QVariant referenceValue(std::int64_t id)
{
    return id == 0 ? QVariant() : idValue(id);
}

QVariant idValue(std::int64_t id)
{
    return QVariant::fromValue(qint64(id));
}

QString splitSum(const QString &column)
{
    return QStringLiteral("coalesce(sum((%1) / %2), 0), coalesce(sum((%1) % %2), 0)")
        .arg(column)
        .arg(SumSplit);
}

std::int64_t sumFrom(const QSqlQuery &row, int firstColumn)
{
    const auto whole = PicoUsd(row.value(firstColumn).toLongLong()).scaled(SumSplit);
    const PicoUsd rest(row.value(firstColumn + 1).toLongLong());
    return saturatingSum(whole.value_or(PicoUsd(INT64_MAX)), rest).count();
}

QVariantList targetValues(const Target &target)
{
    return {target.provider, idValue(target.accountId), target.baseUrl.toString(), target.model,
            target.simulated ? 1 : 0};
}

Target targetFrom(const QSqlQuery &row, int firstColumn)
{
    Target target;
    target.provider = row.value(firstColumn).toString();
    target.accountId = row.value(firstColumn + 1).toLongLong();
    target.baseUrl = QUrl(row.value(firstColumn + 2).toString());
    target.model = row.value(firstColumn + 3).toString();
    target.simulated = row.value(firstColumn + 4).toBool();
    return target;
}

} // namespace core
