#pragma once

#include "core/base/clock.h"
#include "core/store/opening.h"

#include <atomic>
#include <thread>

namespace core {

//! The copy of what was there before schema step \p step: its file in \p backups.
[[nodiscard]] QString backupBeforeStep(const QString &backups, int step, UtcTime now);
//! Deletes such copies but for the newest \p keep, two at least.
void expireStepBackups(const QString &backups, int keep);

//! Copies the open database once a day, beside everything else: in a thread of its own, by a
//! connection of its own. Old copies go. A window may stay open for weeks, and some profiles know
//! no window. Main thread.
class DailyBackup
{
public:
    //! \p clock must outlive it.
    DailyBackup(const ProfilePaths &paths, Clock &clock);
    DailyBackup(const DailyBackup &) = delete;
    DailyBackup &operator=(const DailyBackup &) = delete;
    ~DailyBackup() { wait(); }

    void makeIfDue(); //!< And looks again each hour.
    void lookLater(); //!< Only that.
    void wait();      //!< For a copy that is being made.

private:
    ProfilePaths m_paths;
    Clock &m_clock;
    Alarm m_next;
    std::thread m_thread;
    std::atomic<bool> m_isMaking = false;
};

} // namespace core
