#include "core/store/filelock.h"

#include "core/store/sql.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

namespace core {

namespace {

Error systemError(const QString &path, int code)
{
    const QString words = QString::fromLocal8Bit(std::strerror(code));
    const QString advice =
        code == ENOSPC || code == EDQUOT
            ? QStringLiteral("Free some space on the disk.")
            : QStringLiteral("Check that the folder exists, belongs to you and can be written.");
    return storageError(QStringLiteral("%1: %2. %3").arg(path, words, advice));
}

int openPrivate(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(),
                                  O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0)
        ::fchmod(descriptor, 0600);
    return descriptor;
}

} // namespace

Result<std::unique_ptr<FileLock>> FileLock::tryLock(const QString &path)
{
    return lock(path, std::chrono::milliseconds(0));
}

Result<std::unique_ptr<FileLock>> FileLock::lock(const QString &path,
                                                 std::chrono::milliseconds patience)
{
    const int descriptor = openPrivate(path);
    if (descriptor < 0)
        return systemError(path, errno);
    // A blocking flock could wait for a stopped process for ever.
    const auto end = std::chrono::steady_clock::now() + patience;
    std::chrono::microseconds pause(100);
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        if (code == EINTR)
            continue;
        if (code != EWOULDBLOCK) {
            ::close(descriptor);
            return systemError(path, code);
        }
        if (std::chrono::steady_clock::now() >= end) {
            ::close(descriptor);
            return std::unique_ptr<FileLock>();
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::microseconds(5000));
    }
    return std::unique_ptr<FileLock>(new FileLock(descriptor));
}

FileLock::~FileLock()
{
    ::close(m_descriptor);
}

bool isLocked(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return errno != ENOENT; // unreadable is not free: it could be another user's
    const bool held = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;
    ::close(descriptor);
    return held;
}

Result<Done> makePrivateDirectory(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (!QDir(path).exists()) {
        if (!QDir().mkpath(path))
            return systemError(path, errno);
        if (::chmod(name.constData(), 0700) != 0)
            return systemError(path, errno);
        return Done();
    }
    struct stat facts = {};
    if (::stat(name.constData(), &facts) != 0)
        return systemError(path, errno);
    // A read-only medium or another owner is told by the first write, with its own words.
    if ((facts.st_mode & 0077U) != 0 && ::chmod(name.constData(), 0700) != 0)
        return systemError(path, errno);
    return Done();
}

Result<Done> makePrivateFile(const QString &path)
{
    const int descriptor = openPrivate(path);
    if (descriptor < 0)
        return systemError(path, errno);
    ::close(descriptor);
    return Done();
}

} // namespace core
