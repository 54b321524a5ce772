#include "core/store/connection.h"

#include "core/store/databasefile.h"
#include "core/store/sql.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>

#include <sqlite3.h>

#include <atomic>

namespace core {

namespace {

QString freshName()
{
    static std::atomic<int> count{0};
    return QStringLiteral("farthing-%1").arg(++count);
}

void setPragmas(Sql &sql, Access access)
{
    sql.run(QStringLiteral("PRAGMA busy_timeout = 5000"));
    sql.run(QStringLiteral("PRAGMA trusted_schema = OFF"));
    sql.run(QStringLiteral("PRAGMA cell_size_check = ON"));
    sql.run(QStringLiteral("PRAGMA mmap_size = 0"));
    sql.run(QStringLiteral("PRAGMA foreign_keys = ON"));
    // In KiB. A connection touches the same few pages again and again, and the system keeps the
    // file's: the usual 2 MB would only be filled, over the first quarter of an hour, with pages
    // that nothing comes back to.
    sql.run(QStringLiteral("PRAGMA cache_size = -512"));
    if (access == Access::ReadOnly)
        return;
    sql.run(QStringLiteral("PRAGMA journal_mode = WAL"));
    sql.run(QStringLiteral("PRAGMA synchronous = FULL"));
    sql.run(QStringLiteral("PRAGMA secure_delete = ON"));
    // Checkpoints are made by the writer under its lock, never in passing.
    sql.run(QStringLiteral("PRAGMA wal_autocheckpoint = 0"));
}

} // namespace

Result<std::unique_ptr<Connection>> Connection::open(const QString &path, Access access)
{
    std::unique_ptr<Connection> connection(new Connection(freshName()));
    std::optional<Error> refused;
    {
        QSqlDatabase database =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->name());
        database.setDatabaseName(access == Access::ReadOnly ? readingName(path) : path);
        if (access == Access::ReadOnly)
            database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"));
        if (!database.open()) {
            const QSqlError cause = database.lastError();
            refused = storageError(
                storageAdvice(cause.nativeErrorCode().toInt() & 0xff, cause.databaseText()));
        }
    }
    if (refused)
        return *refused;
    Sql sql(connection->name());
    setPragmas(sql, access);
    if (sql.failed()) {
        const int code = sql.error().providerCode.toInt();
        return storageError(storageAdvice(
            code & 0xff, path + QStringLiteral(": ") + QString::fromUtf8(sqlite3_errstr(code))));
    }
    return connection;
}

void Connection::closeWithoutCheckpoint()
{
    Sql sql(m_name);
    const auto driver = sql.first(QStringLiteral("SELECT sqlite_source_id()"));
    const QVariant handle = QSqlDatabase::database(m_name, false).driver()->handle();
    // Only the library that made the handle may be given it: QtSql can have one of its own.
    if (!driver || driver->toString() != QLatin1StringView(sqlite3_sourceid()) ||
        qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return;
    sqlite3_db_config(*static_cast<sqlite3 *const *>(handle.data()),
                      SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Connection::~Connection()
{
    // Closes it too; the handle above is out of scope by then, as QtSql wants it.
    QSqlDatabase::removeDatabase(m_name);
}

} // namespace core
