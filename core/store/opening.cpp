#include "core/store/opening.h"

#include "core/store/cleanend.h"
#include "core/store/databasefile.h"
#include "core/store/filelock.h"
#include "core/store/sql.h"

#include <QDir>
#include <QFileInfo>

namespace core {

namespace {

Error othersRun(const QString &what)
{
    return storageError(QStringLiteral("%1 while another Farthing has it open. Close all windows "
                                       "and running commands of Farthing, then start it again.")
                            .arg(what));
}

bool isDamagedToNothing(const ProfilePaths &paths, const DatabaseFacts &facts)
{
    // An empty file where backups exist was not left by us.
    return facts.kind == DatabaseFacts::Kind::Empty && QFileInfo::exists(paths.database) &&
           !QDir(paths.backups).entryList({QStringLiteral("*.db")}, QDir::Files).isEmpty();
}

} // namespace

ProfilePaths::ProfilePaths(const QString &folder)
    : directory(folder)
    , database(QDir(folder).filePath(QStringLiteral("farthing.db")))
    , backups(QDir(folder).filePath(QStringLiteral("backups")))
    , sessions(QDir(folder).filePath(QStringLiteral("sessions")))
    , writeLock(QDir(folder).filePath(QStringLiteral("farthing.writelock")))
{
}

Result<Done> makeFolders(const ProfilePaths &paths)
{
    for (const QString &folder : {paths.directory, paths.backups, paths.sessions}) {
        if (auto made = makePrivateDirectory(folder); !made)
            return made.error();
    }
    return Done();
}

QString newerNotice(int found, int known)
{
    return QStringLiteral("A newer Farthing wrote this database (version %1, this one knows %2). "
                          "It is open for reading only: update Farthing to go on.")
        .arg(found)
        .arg(known);
}

Result<OpeningState> prepareDatabase(const ProfilePaths &paths, int newestVersion, bool others,
                                     UtcTime now)
{
    makeCompanionsPrivate(paths.database);
    OpeningState state;
    if (!others) {
        auto finished = finishReplacing(paths.database);
        if (!finished)
            return finished.error();
        state.notice = *finished;
    }
    // A session that runs has checked the file when it began.
    const bool isChecked = others || takeCleanEnd(paths.database);
    const auto how = isChecked ? Thoroughness::Header : Thoroughness::Whole;
    auto facts = inspectDatabase(paths.database, how);
    if (!facts)
        return facts.error();
    if (facts->kind == DatabaseFacts::Kind::Junk || isDamagedToNothing(paths, *facts)) {
        if (others)
            return othersRun(QStringLiteral("The database is damaged and cannot be restored"));
        auto replaced = replaceBadDatabase(paths.database, paths.backups, newestVersion, now);
        if (!replaced)
            return replaced.error();
        state.notice = *replaced;
        facts = inspectDatabase(paths.database, Thoroughness::Header);
        if (!facts)
            return facts.error();
    }
    if (facts->kind == DatabaseFacts::Kind::Foreign)
        return storageError(QStringLiteral("%1 belongs to another program; Farthing leaves it "
                                           "alone. Move it away, or choose another folder with "
                                           "--profile.")
                                .arg(paths.database));
    state.version = facts->version;
    if (facts->version > newestVersion) {
        state.newer = true;
        state.notice = newerNotice(facts->version, newestVersion);
        return state;
    }
    if (facts->version < newestVersion && others)
        return othersRun(QStringLiteral("The database cannot be brought up to date"));
    if (auto made = makePrivateFile(paths.database); !made)
        return made.error();
    return state;
}

} // namespace core
