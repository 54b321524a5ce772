#include "core/store/databasefile.h"

#include "core/store/filelock.h"
#include "core/store/sql.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>
#include <QUrl>

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace core {

namespace {

struct Closer
{
    void operator()(sqlite3 *database) const { sqlite3_close_v2(database); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

struct Opened
{
    Handle handle;
    int code = SQLITE_OK;
};

Opened openFile(const QString &path, int flags)
{
    sqlite3 *raw = nullptr;
    const bool reads = (flags & SQLITE_OPEN_READONLY) != 0;
    const int code =
        sqlite3_open_v2((reads ? readingName(path) : path).toUtf8().constData(), &raw,
                        flags | SQLITE_OPEN_NOFOLLOW | (reads ? SQLITE_OPEN_URI : 0), nullptr);
    Opened opened{Handle(raw), code};
    if (raw != nullptr)
        sqlite3_busy_timeout(raw, 5000);
    return opened;
}

//! First column of the first row of \p sql as text; the code tells whether it could be read.
int firstText(sqlite3 *database, const char *sql, QByteArray &answer)
{
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            const void *text = sqlite3_column_blob(statement, 0);
            answer =
                QByteArray(static_cast<const char *>(text), sqlite3_column_bytes(statement, 0));
            code = SQLITE_OK;
        }
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

Result<DatabaseFacts> judged(int code, const QString &path)
{
    const int primary = code & 0xff;
    if (isDamage(primary))
        return DatabaseFacts{DatabaseFacts::Kind::Junk, 0};
    return storageError(storageAdvice(primary, path + QStringLiteral(": ") +
                                                   QString::fromUtf8(sqlite3_errstr(code))));
}

int copyPages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == nullptr)
        return sqlite3_extended_errcode(to);
    int code = SQLITE_OK;
    for (int tries = 0; tries < 50; ++tries) {
        code = sqlite3_backup_step(backup, -1);
        if (code != SQLITE_BUSY && code != SQLITE_LOCKED)
            break;
        sqlite3_sleep(100);
    }
    const int finished = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? finished : code;
}

void removeDatabase(const QString &path)
{
    for (const char *suffix : {"", "-wal", "-shm", "-journal"})
        QFile::remove(path + QString::fromLatin1(suffix));
}

//! What is to replace the database at \p path: whole, under this name, before that goes.
QString restoredName(const QString &path)
{
    return path + QStringLiteral(".restored");
}

QStringList backupsNewestFirst(const QString &folder, const QString &pattern)
{
    return QDir(folder).entryList({pattern}, QDir::Files, QDir::Time);
}

//! SQLite keeps an index of the log beside it, also to read. While another process has the database
//! open it is there; on a full disk it cannot be made. Quotas are not told, only met.
bool hasRoomForIndex(const QString &path)
{
    constexpr qsizetype Index = 32 * 1024;
    if (QFileInfo(path + QStringLiteral("-shm")).size() >= Index)
        return true;
    QTemporaryFile probe(path + QStringLiteral("-room"));
    return probe.open() && probe.write(QByteArray(Index, '\0')) == Index && probe.flush();
}

} // namespace

QString readingName(const QString &path)
{
    const QString uri = QStringLiteral("file:") +
                        QString::fromLatin1(QUrl::toPercentEncoding(path, QByteArrayLiteral("/")));
    const QFileInfo log(path + QStringLiteral("-wal"));
    const QFileInfo folder(QFileInfo(path).absolutePath());
    const bool isFrozen =
        (!log.exists() || !log.size()) && (!folder.isWritable() || !hasRoomForIndex(path));
    return isFrozen ? uri + QStringLiteral("?immutable=1") : uri;
}

void makeCompanionsPrivate(const QString &path)
{
    for (const char *suffix : {"-wal", "-shm"}) // what is not there, or not ours, is told later
        QFile::setPermissions(path + QString::fromLatin1(suffix),
                              QFile::ReadOwner | QFile::WriteOwner);
}

Result<DatabaseFacts> inspectDatabase(const QString &path, Thoroughness how)
{
    using Kind = DatabaseFacts::Kind;
    const QFileInfo info(path);
    if (!info.exists() || (info.size() == 0 && !QFileInfo::exists(path + QStringLiteral("-wal"))))
        return DatabaseFacts{Kind::Empty, 0};
    if (!info.isReadable())
        return storageError(storageAdvice(SQLITE_CANTOPEN, path));
    const Opened opened = openFile(path, SQLITE_OPEN_READONLY);
    if (opened.code != SQLITE_OK)
        return judged(opened.code, path);
    sqlite3 *database = opened.handle.get();
    QByteArray mark;
    QByteArray version;
    QByteArray objects;
    for (const auto &[sql, answer] :
         {std::pair("PRAGMA application_id", &mark), std::pair("PRAGMA user_version", &version),
          std::pair("SELECT count(*) FROM sqlite_schema", &objects)}) {
        const int code = firstText(database, sql, *answer);
        if (code != SQLITE_OK)
            return judged(code, path);
    }
    if (mark.toInt() != ApplicationId) {
        const bool blank = mark.toInt() == 0 && version.toInt() == 0 && objects.toInt() == 0;
        return DatabaseFacts{blank ? Kind::Empty : Kind::Foreign, 0};
    }
    if (how == Thoroughness::Whole) {
        QByteArray verdict;
        const int code = firstText(database, "PRAGMA quick_check(1)", verdict);
        if (code != SQLITE_OK)
            return judged(code, path);
        if (verdict != "ok")
            return DatabaseFacts{Kind::Junk, 0};
    }
    return DatabaseFacts{Kind::Ours, version.toInt()};
}

Result<Done> backUpDatabase(const QString &from, const QString &to)
{
    // Whoever has it open would go on writing into a file without a name.
    const QString replaced = QFileInfo(to).canonicalFilePath();
    if (!replaced.isEmpty() && replaced == QFileInfo(from).canonicalFilePath())
        return rejected(QStringLiteral("This is the database itself. Choose another name or folder "
                                       "for its backup."));
    const QString part = to + QStringLiteral(".part");
    removeDatabase(part);
    if (auto made = makePrivateFile(part); !made)
        return made.error();
    int code = SQLITE_OK;
    {
        const Opened source = openFile(from, SQLITE_OPEN_READONLY);
        const Opened target = openFile(part, SQLITE_OPEN_READWRITE);
        code = source.code != SQLITE_OK   ? source.code
               : target.code != SQLITE_OK ? target.code
                                          : copyPages(source.handle.get(), target.handle.get());
        // A copy of a WAL database says WAL in its header; as a file on its own it needs none.
        QByteArray mode;
        if (code == SQLITE_OK)
            code = firstText(target.handle.get(), "PRAGMA journal_mode = DELETE", mode);
    }
    if (code != SQLITE_OK) {
        removeDatabase(part);
        return storageError(storageAdvice(
            code & 0xff,
            QStringLiteral("backup to %1: %2").arg(to, QString::fromUtf8(sqlite3_errstr(code)))));
    }
    const auto copy = inspectDatabase(part, Thoroughness::Whole);
    if (!copy || copy->kind != DatabaseFacts::Kind::Ours) {
        removeDatabase(part);
        return storageError(
            QStringLiteral("The backup %1 could not be verified; the database was left as it was. "
                           "Check the disk's free space and health.")
                .arg(to));
    }
    QFile::remove(to);
    if (!QFile::rename(part, to))
        return storageError(
            QStringLiteral("The backup %1 could not be named. Check its folder's permissions.")
                .arg(to));
    return Done();
}

Result<QString> replaceBadDatabase(const QString &path, const QString &backups, int newestVersion,
                                   UtcTime now)
{
    // The copy is made first: a kill between the steps must not lose the way back.
    const QString restored = restoredName(path);
    removeDatabase(restored);
    QString used;
    std::optional<Error> refused;
    for (const QString &name : backupsNewestFirst(backups, QStringLiteral("*.db"))) {
        const QString backup = QDir(backups).filePath(name);
        const auto facts = inspectDatabase(backup, Thoroughness::Whole);
        if (!facts || facts->kind != DatabaseFacts::Kind::Ours || facts->version > newestVersion)
            continue;
        const auto copied = backUpDatabase(backup, restored);
        if (copied) {
            used = name;
            break;
        }
        refused = copied.error();
    }
    if (used.isEmpty() && refused) // there is a good one, and no room for it: later, then
        return *refused;
    const QString aside = path + QStringLiteral(".damaged-") + stampOf(now);
    for (const char *suffix : {"-wal", "-shm", ""}) {
        const QString end = QString::fromLatin1(suffix);
        if (QFile::exists(path + end) && !QFile::rename(path + end, aside + end))
            return storageError(
                QStringLiteral("The database %1 is damaged and could not be set aside. Check the "
                               "permissions of its folder, or move it away yourself.")
                    .arg(path));
    }
    if (used.isEmpty())
        return QStringLiteral("The database was damaged. It was set aside as %1; there was no good "
                              "backup, so Farthing begins anew.")
            .arg(QFileInfo(aside).fileName());
    if (!QFile::rename(restored, path))
        return storageError(
            QStringLiteral("The backup %1 could not be put in place. Copy it to %2 yourself.")
                .arg(used, path));
    return QStringLiteral("The database was damaged. It was set aside as %1 and the backup %2 was "
                          "restored; what came after that backup is missing.")
        .arg(QFileInfo(aside).fileName(), used);
}

Result<QString> finishReplacing(const QString &path)
{
    const QString restored = restoredName(path);
    if (QFile::exists(path) || !QFile::exists(restored))
        return QString();
    if (!QFile::rename(restored, path))
        return storageError(
            QStringLiteral("The backup %1 could not be put in place. Rename it to %2 yourself.")
                .arg(restored, path));
    return QStringLiteral("The database was damaged. It was set aside and a backup was restored; "
                          "what came after that backup is missing.");
}

void expireBackups(const QString &backups, const QString &prefix, int keep)
{
    const QStringList names = backupsNewestFirst(backups, prefix + QStringLiteral("*.db"));
    for (qsizetype i = keep; i < names.size(); ++i)
        QFile::remove(QDir(backups).filePath(names.at(i)));
    for (const QString &name : backupsNewestFirst(backups, prefix + QStringLiteral("*.db.part*")))
        QFile::remove(QDir(backups).filePath(name));
}

void expireBackupsBefore(const QString &backups, const QString &prefix, UtcTime time)
{
    for (const QString &name : backupsNewestFirst(backups, prefix + QStringLiteral("*.db"))) {
        const QString path = QDir(backups).filePath(name);
        if (QFileInfo(path).lastModified().toMSecsSinceEpoch() < time.time_since_epoch().count())
            QFile::remove(path);
    }
}

bool isBackupDue(const QString &backups, const QString &prefix, UtcTime now)
{
    const QStringList names = backupsNewestFirst(backups, prefix + QStringLiteral("*.db"));
    return std::none_of(names.begin(), names.end(), [&](const QString &name) {
        const QDateTime made = QFileInfo(QDir(backups).filePath(name)).lastModified();
        const auto age =
            now.time_since_epoch() - std::chrono::milliseconds(made.toMSecsSinceEpoch());
        return std::chrono::abs(age) < std::chrono::hours(24);
    });
}

QString stampOf(UtcTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC)
        .toString(QStringLiteral("yyyyMMdd'T'HHmmss"));
}

} // namespace core
