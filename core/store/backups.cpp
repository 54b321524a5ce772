#include "core/store/backups.h"

#include "core/base/log.h"
#include "core/store/cleanend.h"
#include "core/store/databasefile.h"
#include "core/store/filelock.h"

#include <QDir>

#include <algorithm>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Pause = 1h; // between two looks whether the next one is due
const QString Daily = QStringLiteral("daily-");
constexpr int DailyBackups = 7;
const QString BeforeSteps = QStringLiteral("before-");
constexpr int BackupsBeforeSteps = 2;
constexpr std::chrono::days LifeOfStepBackups(30); // the daily ones serve as well by then

//! Many verbs may begin at once: one of them does it.
void backUpOnce(const ProfilePaths &paths, UtcTime now)
{
    const QDir folder(paths.backups);
    const auto lock = FileLock::tryLock(folder.filePath(QStringLiteral(".lock")));
    if (!lock || !*lock || !isBackupDue(paths.backups, Daily, now))
        return;
    const QString name = Daily + stampOf(now) + QStringLiteral(".db");
    if (const auto done = backUpDatabase(paths.database, folder.filePath(name)); !done) {
        qCWarning(logStore) << "the daily backup failed:" << done.error().detail;
        noteDamage(paths.database); // perhaps: its copy could not be verified
        return;
    }
    // What was deleted is in all that were made before.
    expireBackups(paths.backups, Daily, DailyBackups);
    expireBackupsBefore(paths.backups, BeforeSteps, now - LifeOfStepBackups);
}

} // namespace

QString backupBeforeStep(const QString &backups, int step, UtcTime now)
{
    return QDir(backups).filePath(QStringLiteral("%1%2-%3.db")
                                      .arg(BeforeSteps)
                                      .arg(step, 3, 10, QLatin1Char('0'))
                                      .arg(stampOf(now)));
}

void expireStepBackups(const QString &backups, int keep)
{
    expireBackups(backups, BeforeSteps, std::max(keep, BackupsBeforeSteps));
}

DailyBackup::DailyBackup(const ProfilePaths &paths, Clock &clock)
    : m_paths(paths)
    , m_clock(clock)
    , m_next(clock)
{
}

void DailyBackup::makeIfDue()
{
    lookLater();
    const UtcTime now = m_clock.utcNow();
    if (m_isMaking || !isBackupDue(m_paths.backups, Daily, now))
        return;
    wait(); // for one that has ended
    m_isMaking = true;
    m_thread = std::thread([this, now] {
        backUpOnce(m_paths, now);
        m_isMaking = false;
    });
}

void DailyBackup::lookLater()
{
    m_next.set(Pause, [this] { makeIfDue(); });
}

void DailyBackup::wait()
{
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace core
