#include "core/store/runningsession.h"

#include "core/base/log.h"

namespace core {

namespace {

constexpr std::chrono::hours IdleHours(6);

} // namespace

void RunningSession::start(std::int64_t id)
{
    m_id = id;
    m_began = m_clock.utcNow();
    m_lastUse = m_began;
}

Result<Done> RunningSession::renew()
{
    if (!m_threads.writer || m_id == 0)
        return storageError(QStringLiteral("The profile is only read: it has no session."));
    const std::int64_t id = m_ids.next();
    // The lock before the row: a row without one is a session whose process died. The old session
    // ends with the process, since answers that run still belong to it.
    if (auto taken = m_sessions.take(id); !taken)
        return taken.error();
    start(id);
    StoreChange change;
    change.ledger = true;
    m_threads.keep(
        [id, began = m_began](Sql &sql) {
            sql.run(QStringLiteral(
                        "INSERT INTO session (id, kind, started_at) VALUES (?, 'window', ?)"),
                    {idValue(id), utcValue(began)});
        },
        change);
    return Done();
}

void RunningSession::noteSend()
{
    const bool isOver = m_ends == Ends::AfterIdleHours && m_clock.utcNow() - m_lastUse >= IdleHours;
    if (isOver) {
        if (const auto begun = renew(); !begun)
            qCWarning(logStore) << "no new session:" << begun.error().detail;
    }
    noteUse();
}

void RunningSession::noteUse()
{
    m_lastUse = m_clock.utcNow();
}

} // namespace core
