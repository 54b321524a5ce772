#pragma once

#include "core/base/result.h"

#include <QString>

#include <memory>

namespace core {

enum class Access { ReadWrite, ReadOnly };

//! An SQLite connection of QtSql for the thread that makes it, with pragmas by which a commit
//! outlasts a power cut, what is deleted is overwritten, and a file that somebody tampered with
//! runs nothing. Closed and forgotten when destroyed, in the same thread.
class Connection
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const QString &path,
                                                                  Access access);
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection();

    [[nodiscard]] const QString &name() const { return m_name; }
    //! Closing it will write nothing to the database file, also if it is the last one of all: what
    //! is in the WAL stays there.
    void closeWithoutCheckpoint();

private:
    explicit Connection(const QString &name)
        : m_name(name)
    {
    }
    QString m_name;
};

} // namespace core
