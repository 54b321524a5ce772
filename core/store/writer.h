#pragma once

#include "core/base/result.h"
#include "core/chat/message.h"
#include "core/store/sql.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace core {

class Connection;

//! What a committed write changed, for those who show it.
struct StoreChange
{
    std::set<std::int64_t> conversations;
    bool ledger = false;
};

//! What becomes of the WAL's file, which holds what was deleted until it is emptied.
enum class LogFile { Keep, Empty };

//! One write: done whole in a transaction of its own, or not at all.
struct StoreWrite
{
    std::function<void(Sql &)> work;
    //! Called once, in the writer's thread, when committed or refused. Writes without one are kept
    //! and tried again while the disk refuses them.
    std::function<void(const Result<Done> &)> answer;
    StoreChange change;
    LogFile log = LogFile::Keep; //!< Empty: what it deletes must not stay in there.
};

//! The thread with the one connection that writes. Writes happen in the order of their calls, under
//! the lock of all processes; answers to a message's parts are coalesced. Call from the main
//! thread.
class Writer
{
public:
    struct Hooks // called in the writer's thread
    {
        std::function<void(const StoreChange &)> changed;
        std::function<void(const Error &)> failed; //!< Once for a row of refusals.
    };
    struct Paths
    {
        QString database;
        QString writeLock;
    };

    Writer(Paths paths, Hooks hooks);
    ~Writer(); //!< Tries what is left once more, closes the connection.

    //! Opens the connection and runs \p opening in it, under the lock and outside a transaction;
    //! waits for both.
    [[nodiscard]] Result<Done> start(std::function<Result<Done>(Sql &)> opening);

    void write(StoreWrite write);
    //! Replaces the parts of a message, soon; a later call before that replaces this one.
    void writeParts(std::int64_t messageId, const QList<ContentPart> &parts);
    //! The final parts are on their way with another write.
    void dropParts(std::int64_t messageId);
    //! Whatever parts wait are written before the writes that are queued from now on.
    void flushParts();

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Parts
    {
        QList<ContentPart> parts;
        Time due;
    };

    struct Written
    {
        Result<Done> result;
        bool mayPass = false; //!< Refused just now: the same write may be tried again.
    };

    void loop(Connection &connection);
    [[nodiscard]] std::optional<Time> nextWake() const;
    bool step(Sql &sql, std::unique_lock<std::mutex> &guard);
    void runHead(Sql &sql, std::unique_lock<std::mutex> &guard);
    void runParts(Sql &sql, std::unique_lock<std::mutex> &guard);
    void runStopping(Sql &sql, std::unique_lock<std::mutex> &guard);
    [[nodiscard]] Written transact(Sql &sql, const std::function<void(Sql &)> &work);
    void checkpoint(Sql &sql, LogFile log);
    void checkpointIn(std::chrono::milliseconds pause);
    void refuse(const Error &error, std::unique_lock<std::mutex> &guard);

    const Paths m_paths;
    const Hooks m_hooks;
    std::thread m_thread;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<StoreWrite> m_queue;
    std::map<std::int64_t, Parts> m_parts;
    std::optional<std::int64_t> m_writing; //!< Whose parts are being written and still wanted.
    std::optional<Time> m_retryAt;         //!< Set while writes are refused.
    std::optional<Time> m_checkpointAt;    //!< Set while the WAL holds something.
    Time m_checkpointAtLatest;
    LogFile m_log = LogFile::Keep; //!< What the next checkpoint does with it.
    bool m_stopping = false;
};

} // namespace core
