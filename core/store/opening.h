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

//! Makes the folders, looks at the database, restores a backup over a junk file, and backs up what
//! is about to be migrated. Under the write lock. \p others: other sessions run.
[[nodiscard]] Result<OpeningState> prepareDatabase(const ProfilePaths &paths, int newestVersion,
                                                   bool others, UtcTime now);
//! For the person: a database of version \p found, where this program knows \p known.
[[nodiscard]] QString newerNotice(int found, int known);
[[nodiscard]] Result<Done> makeFolders(const ProfilePaths &paths);

} // namespace core
