#include "core/store/writer.h"

#include "core/base/log.h"
#include "core/store/cleanend.h"
#include "core/store/connection.h"
#include "core/store/filelock.h"
#include "core/store/messagerows.h"

#include <sqlite3.h>

#include <algorithm>
#include <future>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto PartsDelay = 250ms; // of the 500 ms that are promised
constexpr auto RetryPause = 1000ms;
constexpr auto IdleBeforeCheckpoint = 1000ms;
constexpr auto LongestWithoutCheckpoint = 5s; // while writes never cease: answers that stream
constexpr auto LockPatience = 5000ms;

const QString Passive = QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)");
const QString Truncate = QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)");

std::chrono::steady_clock::time_point now()
{
    return std::chrono::steady_clock::now();
}

} // namespace

Writer::Writer(Paths paths, Hooks hooks)
    : m_paths(std::move(paths))
    , m_hooks(std::move(hooks))
{
}

Writer::~Writer()
{
    {
        const std::scoped_lock guard(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Result<Done> Writer::start(std::function<Result<Done>(Sql &)> opening)
{
    std::promise<Result<Done>> opened;
    std::future<Result<Done>> answer = opened.get_future();
    m_thread = std::thread([this, &opened, opening = std::move(opening)] {
        auto connection = Connection::open(m_paths.database, Access::ReadWrite);
        if (!connection) {
            opened.set_value(connection.error());
            return;
        }
        Sql sql((*connection)->name());
        const Result<Done> ready = opening(sql);
        const bool good = ready.hasValue();
        opened.set_value(ready);
        if (good)
            loop(**connection);
        // The last connection to close checkpoints: that too is done under the lock, or not at
        // all. The next one to open the database finds it all in the WAL.
        const auto lock = good ? FileLock::lock(m_paths.writeLock, LockPatience)
                               : Result<std::unique_ptr<FileLock>>(nullptr);
        const bool isLocked = lock && *lock;
        if (!isLocked)
            (*connection)->closeWithoutCheckpoint();
        connection->reset();
        if (isLocked)
            noteCleanEnd(m_paths.database);
    });
    return answer.get();
}

void Writer::write(StoreWrite write)
{
    {
        const std::scoped_lock guard(m_mutex);
        m_queue.push_back(std::move(write));
    }
    m_wake.notify_all();
}

void Writer::writeParts(std::int64_t messageId, const QList<ContentPart> &parts)
{
    {
        const std::scoped_lock guard(m_mutex);
        const auto waiting = m_parts.find(messageId);
        if (waiting != m_parts.end()) {
            waiting->second.parts = parts; // due when the first of them was
            return;
        }
        m_parts.insert({messageId, {parts, now() + PartsDelay}});
    }
    m_wake.notify_all();
}

void Writer::dropParts(std::int64_t messageId)
{
    const std::scoped_lock guard(m_mutex);
    m_parts.erase(messageId);
    if (m_writing == messageId)
        m_writing.reset(); // if it is refused now, it must not come back behind the final parts
}

void Writer::flushParts()
{
    const std::scoped_lock guard(m_mutex);
    for (auto &[id, waiting] : m_parts) {
        m_queue.push_back(
            {[message = id, parts = waiting.parts](Sql &sql) { putPartial(sql, message, parts); },
             {},
             {},
             LogFile::Keep});
    }
    m_parts.clear();
}

void Writer::loop(Connection &connection)
{
    Sql sql(connection.name());
    sql.keepCompiled();
    std::unique_lock guard(m_mutex);
    while (!m_stopping) {
        if (step(sql, guard))
            continue;
        const auto wake = nextWake();
        if (wake)
            m_wake.wait_until(guard, *wake);
        else
            m_wake.wait(guard);
    }
    runStopping(sql, guard);
}

//! Does one thing that is due; false: nothing is.
bool Writer::step(Sql &sql, std::unique_lock<std::mutex> &guard)
{
    // While the disk refuses, only a write that someone waits for is worth a try before its time.
    const bool asked = std::any_of(m_queue.begin(), m_queue.end(),
                                   [](const StoreWrite &write) { return bool(write.answer); });
    const bool mayTry = !m_retryAt || *m_retryAt <= now() || asked;
    const auto due = std::find_if(m_parts.begin(), m_parts.end(),
                                  [](const auto &parts) { return parts.second.due <= now(); });
    if (mayTry && due != m_parts.end() && !asked) {
        runParts(sql, guard);
        return true;
    }
    if (mayTry && !m_queue.empty()) {
        runHead(sql, guard);
        return true;
    }
    if (m_checkpointAt && *m_checkpointAt <= now()) {
        m_checkpointAt.reset();
        const LogFile log = std::exchange(m_log, LogFile::Keep);
        guard.unlock();
        checkpoint(sql, log);
        guard.lock();
        return true;
    }
    return false;
}

std::optional<Writer::Time> Writer::nextWake() const
{
    std::optional<Time> wake = m_checkpointAt;
    const auto consider = [&wake](Time time) { wake = wake ? std::min(*wake, time) : time; };
    for (const auto &[id, parts] : m_parts)
        consider(m_retryAt ? std::max(*m_retryAt, parts.due) : parts.due);
    if (m_retryAt && !m_queue.empty())
        consider(*m_retryAt);
    return wake;
}

void Writer::runHead(Sql &sql, std::unique_lock<std::mutex> &guard)
{
    const StoreWrite head = m_queue.front(); // stays queued until it is on disk
    guard.unlock();
    const auto [result, mayPass] = transact(sql, head.work);
    guard.lock();
    if (!result && mayPass) {
        refuse(result.error(), guard);
        return;
    }
    m_queue.pop_front();
    m_retryAt.reset();
    const bool emptiesLog = head.log == LogFile::Empty;
    checkpointIn(emptiesLog ? 0ms : IdleBeforeCheckpoint);
    if (emptiesLog)
        m_log = LogFile::Empty;
    guard.unlock();
    if (!result && !head.answer) // whoever waits for an answer tells it
        qCWarning(logStore) << "a write was refused for good:" << result.error().detail;
    if (result)
        m_hooks.changed(head.change);
    else if (result.error().kind == ErrorKind::StorageFailed) // a budget's no is an answer
        m_hooks.failed(result.error());
    if (emptiesLog && result) {
        // Erased is said when nothing is left of it.
        checkpoint(sql, LogFile::Empty);
    }
    if (head.answer)
        head.answer(result);
    guard.lock();
}

void Writer::runParts(Sql &sql, std::unique_lock<std::mutex> &guard)
{
    const auto due = std::min_element(m_parts.begin(), m_parts.end(),
                                      [](auto &a, auto &b) { return a.second.due < b.second.due; });
    const std::int64_t id = due->first;
    const Parts parts = due->second;
    m_parts.erase(due);
    m_writing = id;
    guard.unlock();
    const auto [result, mayPass] =
        transact(sql, [id, &parts](Sql &writing) { putPartial(writing, id, parts.parts); });
    guard.lock();
    const bool wanted = std::exchange(m_writing, std::nullopt).has_value();
    if (result) {
        m_retryAt.reset();
        checkpointIn(IdleBeforeCheckpoint);
        return;
    }
    if (mayPass) {
        if (wanted)
            m_parts.insert({id, parts}); // unless newer ones came meanwhile
        refuse(result.error(), guard);
    }
}

//! The head of the queue cannot be written now. Those who wait for an answer get it: they must not
//! hang until the disk has room again, and cannot overtake what is kept.
void Writer::refuse(const Error &error, std::unique_lock<std::mutex> &guard)
{
    const bool first = !m_retryAt.has_value();
    m_retryAt = now() + RetryPause;
    std::vector<StoreWrite> refused;
    for (auto it = m_queue.begin(); it != m_queue.end();) {
        if (it->answer) {
            refused.push_back(std::move(*it));
            it = m_queue.erase(it);
        } else {
            ++it;
        }
    }
    if (m_queue.empty() && m_parts.empty())
        m_retryAt.reset();
    guard.unlock();
    for (const StoreWrite &write : refused)
        write.answer(error);
    if (first) {
        qCWarning(logStore) << "a write was refused:" << error.detail;
        m_hooks.failed(error);
    }
    guard.lock();
}

void Writer::runStopping(Sql &sql, std::unique_lock<std::mutex> &guard)
{
    guard.unlock();
    flushParts();
    guard.lock();
    while (!m_queue.empty()) {
        const StoreWrite write = std::move(m_queue.front());
        m_queue.pop_front();
        guard.unlock();
        const Result<Done> result = transact(sql, write.work).result;
        if (!result)
            qCWarning(logStore) << "a last write was refused:" << result.error().detail;
        if (write.answer)
            write.answer(result);
        guard.lock();
    }
}

Writer::Written Writer::transact(Sql &sql, const std::function<void(Sql &)> &work)
{
    auto lock = FileLock::lock(m_paths.writeLock, LockPatience);
    if (!lock || !*lock)
        return {lock ? storageError(storageAdvice(SQLITE_BUSY, m_paths.writeLock)) : lock.error(),
                true};
    sql.reset();
    sql.run(QStringLiteral("BEGIN IMMEDIATE"));
    if (!sql.failed())
        work(sql);
    sql.run(QStringLiteral("COMMIT"));
    if (!sql.failed())
        return {Done(), false};
    const Written refused{sql.error(), sql.mayPass()};
    sql.reset();
    sql.run(QStringLiteral("ROLLBACK")); // refused if SQLite did so by itself
    sql.reset();
    return refused;
}

void Writer::checkpoint(Sql &sql, LogFile log)
{
    const auto lock = FileLock::lock(m_paths.writeLock, LockPatience);
    if (!lock || !*lock)
        return;
    sql.reset();
    const auto busy = sql.first(log == LogFile::Empty ? Truncate : Passive);
    const bool incomplete = sql.failed() || !busy || busy->toInt() != 0;
    sql.reset();
    if (incomplete && log == LogFile::Empty) {
        // A reader was in the way: again, later.
        const std::scoped_lock guard(m_mutex);
        m_log = LogFile::Empty;
        checkpointIn(IdleBeforeCheckpoint);
    }
}

//! Later writes put it off, but not for ever: the WAL would grow, and each read look through it.
void Writer::checkpointIn(std::chrono::milliseconds pause)
{
    if (!m_checkpointAt)
        m_checkpointAtLatest = now() + LongestWithoutCheckpoint;
    m_checkpointAt = std::min(now() + pause, m_checkpointAtLatest);
}

} // namespace core
