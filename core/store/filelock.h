#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>
#include <memory>

namespace core {

//! An exclusive flock on a file, held until destroyed; the system lets go when the process dies.
class FileLock
{
public:
    //! Takes the lock at once or not at all; an error if the file cannot be made (0600).
    [[nodiscard]] static Result<std::unique_ptr<FileLock>> tryLock(const QString &path);
    //! Waits up to \p patience for it. Null: someone else kept it that long.
    [[nodiscard]] static Result<std::unique_ptr<FileLock>> lock(const QString &path,
                                                                std::chrono::milliseconds patience);

    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor;
};

//! Whether a process holds the lock of \p path; the file is not made.
[[nodiscard]] bool isLocked(const QString &path);
//! Makes \p path and what lies above it, \p path itself 0700.
[[nodiscard]] Result<Done> makePrivateDirectory(const QString &path);
//! Makes \p path empty if it is missing, and 0600 whatever the umask is.
[[nodiscard]] Result<Done> makePrivateFile(const QString &path);

} // namespace core
