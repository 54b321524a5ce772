#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QString>

namespace core {

//! Farthing's mark in the header of its databases ("Fart" in ASCII).
inline constexpr int ApplicationId = 0x46617274;

//! What a database file turned out to be.
struct DatabaseFacts
{
    enum class Kind { Empty, Ours, Foreign, Junk };
    Kind kind = Kind::Empty;
    int version = 0; //!< Of the schema, if Ours.
};

enum class Thoroughness {
    Header, //!< Mark and version.
    Whole   //!< quick_check too.
};

//! How SQLite is told to open \p path for reading (SQLITE_OPEN_URI): as a file that cannot change
//! where its folder may not be written or the disk is full, since WAL needs a file of its own
//! beside it. Not while another process has it open, nor where a log holds what is not in it yet.
[[nodiscard]] QString readingName(const QString &path);

//! Makes -wal and -shm beside \p path ours to write: SQLite gives them the database's mode, and
//! they outlive a time when that was read-only.
void makeCompanionsPrivate(const QString &path);

//! Looks at a file without changing it. Errors: it cannot be read at all (that is not Junk).
[[nodiscard]] Result<DatabaseFacts> inspectDatabase(const QString &path, Thoroughness how);

//! Copies \p from to \p to (0600) by SQLite's backup API and verifies the copy. Never half a file:
//! it gets its name when it is good. InputRejected: \p to is \p from.
[[nodiscard]] Result<Done> backUpDatabase(const QString &from, const QString &to);

//! Moves a bad database with its -wal and -shm aside and puts the newest good backup of
//! \p backups, of at most \p newestVersion, in its place. Returns what was done, for the person.
[[nodiscard]] Result<QString> replaceBadDatabase(const QString &path, const QString &backups,
                                                 int newestVersion, UtcTime now);
//! Puts in place what replaceBadDatabase() had ready when it was cut off: the bad one is gone by
//! then. Returns what was done, for the person; empty: there was nothing to do.
[[nodiscard]] Result<QString> finishReplacing(const QString &path);

//! Deletes backups of \p prefix but for the newest \p keep, and the halves of those that a killed
//! process left. While none of that prefix is made.
void expireBackups(const QString &backups, const QString &prefix, int keep);
//! Deletes backups of \p prefix that were made before \p time.
void expireBackupsBefore(const QString &backups, const QString &prefix, UtcTime time);
//! Whether no backup of \p prefix is of the last day. One of the future tells nothing: a clock was
//! wrong.
[[nodiscard]] bool isBackupDue(const QString &backups, const QString &prefix, UtcTime now);
//! "20261123T124508" for names of files.
[[nodiscard]] QString stampOf(UtcTime time);

} // namespace core
