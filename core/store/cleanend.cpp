#include "core/store/cleanend.h"

#include <QFile>
#include <QUrl>

#include <sys/stat.h>

#include <optional>

namespace core {

namespace {

const QByteArray Damaged = QByteArrayLiteral("damaged\n");

QString noteOf(const QString &database)
{
    return database + QStringLiteral("-clean");
}

//! Which file it is, how long, and when it was written last. None: there is none, or a log beside
//! it holds what is not in it yet.
std::optional<QByteArray> stampFor(const QString &database)
{
    struct stat file = {};
    struct stat log = {};
    if (stat(QFile::encodeName(database).constData(), &file) != 0)
        return std::nullopt;
    const QByteArray logName = QFile::encodeName(database + QStringLiteral("-wal"));
    if (stat(logName.constData(), &log) == 0 && log.st_size > 0)
        return std::nullopt;
    return QByteArray::number(qulonglong(file.st_ino)) + ' ' +
           QByteArray::number(qlonglong(file.st_size)) + ' ' +
           QByteArray::number(qlonglong(file.st_mtim.tv_sec)) + ' ' +
           QByteArray::number(qlonglong(file.st_mtim.tv_nsec)) + '\n';
}

QByteArray readNote(const QString &database)
{
    constexpr qint64 Longest = 200;
    QFile note(noteOf(database));
    return note.open(QIODevice::ReadOnly) ? note.read(Longest) : QByteArray();
}

void writeNote(const QString &database, const QByteArray &words)
{
    QFile note(noteOf(database)); // whatever comes of it: half of it is no stamp
    if (note.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
        note.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        note.write(words);
    }
}

} // namespace

void noteCleanEnd(const QString &database)
{
    const auto stamp = stampFor(database);
    if (stamp && readNote(database) != Damaged)
        writeNote(database, *stamp);
}

void noteDamage(const QString &name)
{
    const QString scheme = QStringLiteral("file:");
    writeNote(name.startsWith(scheme)
                  ? QUrl::fromPercentEncoding(
                        name.sliced(scheme.size()).section(QLatin1Char('?'), 0, 0).toLatin1())
                  : name,
              Damaged);
}

bool takeCleanEnd(const QString &database)
{
    const QByteArray then = readNote(database);
    QFile::remove(noteOf(database));
    return !then.isEmpty() && then == stampFor(database);
}

} // namespace core
