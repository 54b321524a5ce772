#pragma once

#include "core/base/clock.h"
#include "core/base/idsource.h"
#include "core/store/sessions.h"
#include "core/store/storethreads.h"

namespace core {

//! The session that this process's requests belong to. A window has one after another: where a
//! person begins a new one, and at the first send after six idle hours. Answers that run stay in
//! the one they were asked in. Main thread.
class RunningSession
{
public:
    enum class Ends { AfterIdleHours, WithTheProcess };

    RunningSession(Sessions &sessions, StoreThreads &threads, Clock &clock, IdSource &ids,
                   Ends ends)
        : m_sessions(sessions)
        , m_threads(threads)
        , m_clock(clock)
        , m_ids(ids)
        , m_ends(ends)
    {
    }

    void start(std::int64_t id); //!< The first one, whose lock is taken and whose row is there.
    [[nodiscard]] std::int64_t id() const { return m_id; } //!< 0: the profile is only read.
    [[nodiscard]] UtcTime began() const { return m_began; }

    //! Its row goes ahead of all that is written from now on. StorageFailed: its lock cannot be
    //! taken, or the profile is only read; then the old one goes on.
    [[nodiscard]] Result<Done> renew();
    void noteSend(); //!< Before a request is opened: begins a new one if this was idle for long.
    void noteUse();  //!< An answer came, or ended.

private:
    Sessions &m_sessions;
    StoreThreads &m_threads;
    Clock &m_clock;
    IdSource &m_ids;
    Ends m_ends;
    std::int64_t m_id = 0;
    UtcTime m_began{};
    UtcTime m_lastUse{};
};

} // namespace core
