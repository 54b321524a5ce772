#pragma once

#include "core/base/clock.h"
#include "core/store/filelock.h"
#include "core/store/pricekeptwords.h"
#include "core/store/sql.h"

#include <memory>
#include <vector>

namespace core {

//! The processes that have a profile open: a row in the database and a lock on sessions/<id> each,
//! several of a window that began new ones. Only the lock tells whether a session runs. Call all of
//! it under the write lock, but for what a process takes besides its first one.
class Sessions
{
public:
    explicit Sessions(const QString &folder)
        : m_folder(folder)
    {
    }
    //! Whether any session of this profile runs, in whichever process.
    [[nodiscard]] bool anyRuns() const;
    //! Takes the lock; held until the object is destroyed. Before the session's row is written.
    [[nodiscard]] Result<Done> take(std::int64_t id);
    [[nodiscard]] QList<std::int64_t> taken() const; //!< Those of this process, oldest first.
    //! Removes the files of this process's sessions, once their rows are ended.
    void release();

    //! Ends a session and closes what it left open, in the caller's transaction. \p price of what
    //! arrived of its answers, if there is any.
    static void end(Sql &sql, std::int64_t id, UtcTime now, const PriceKeptWords &price);
    //! Closes what the sessions that are gone left open, and the sessions: one transaction.
    [[nodiscard]] Result<Done> recover(Sql &sql, UtcTime now, const PriceKeptWords &price);

private:
    [[nodiscard]] QString fileOf(std::int64_t id) const;
    QString m_folder;
    struct Held
    {
        std::int64_t id = 0;
        std::unique_ptr<FileLock> lock;
    };
    std::vector<Held> m_held;
};

} // namespace core
