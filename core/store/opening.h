#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QString>

namespace core {

//! Where the parts of a profile lie.
struct ProfilePaths
{
    explicit ProfilePaths(const QString &directory);
    QString directory, database, backups, sessions, writeLock;
};

//! What looking at the database before opening it came to.
struct OpeningState
{
    bool newer = false; //!< Written by a newer program: for reading only.
    int version = 0;
    QString notice;
};

//! Looks at the database, restores a backup over a junk file, and makes an empty one where there is
//! none, in the folders of makeFolders(). Under the write lock. \p others: other sessions run; then
//! nothing is replaced. Errors: StorageFailed, where what it would take to go on must not be done.
[[nodiscard]] Result<OpeningState> prepareDatabase(const ProfilePaths &paths, int newestVersion,
                                                   bool others, UtcTime now);
//! For the person: a database of version \p found, where this program knows \p known.
[[nodiscard]] QString newerNotice(int found, int known);
[[nodiscard]] Result<Done> makeFolders(const ProfilePaths &paths);

} // namespace core
