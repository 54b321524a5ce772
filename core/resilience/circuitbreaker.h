#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"

#include <QList>

#include <optional>

namespace core {

//! Stops asking an endpoint that keeps failing, and lets single requests try whether it is well
//! again: sized for a person who asks 1 to 20 times a minute.
//!
//! Closed: all may pass; 4 failures in a row, or at least half of at least 5 attempts of the last
//! 60 s, open it. Open: 15 s, doubled up to 300 s at each failed probe, with a fifth of jitter.
//! Half open: one probe at a time, a request that somebody wants anyway; 2 good ones close it, a
//! bad one opens it. A plain value; time and chance are passed in. Every attempt that begin() was
//! told of must end().
class CircuitBreaker
{
public:
    static constexpr int WindowSize = 20;
    static constexpr std::chrono::seconds WindowLength{60};
    static constexpr int LeastAttempts = 5;
    static constexpr int FailuresInARow = 4;
    static constexpr int ProbesToClose = 2;
    static constexpr std::chrono::seconds FirstOpening{15};
    static constexpr std::chrono::seconds LongestOpening{300}; //!< Before jitter.
    static constexpr double Jitter = 0.2;
    static constexpr std::chrono::seconds SlowFirstToken{60}; //!< From here on an answer is slow.

    enum class State { Closed, Open, HalfOpen };
    //! Success: completed, or something was shown. Slow: that, after SlowFirstToken; counts half a
    //! failure but opens nothing by itself. Ignored: cancelled, or refused for what was asked.
    enum class Outcome { Success, Slow, Failure, Ignored };
    enum class Forced { No, Open, Closed };

    //! One attempt that is under way.
    struct Ticket
    {
        bool isProbe = false;
        int era = 0; //!< What ends after the breaker has changed its mind says nothing any more.
    };

    [[nodiscard]] State state(SteadyTime now) const;
    //! Whether the next attempt may go: a half-open breaker lets one through at a time.
    [[nodiscard]] bool allows(SteadyTime now) const;
    //! When an open breaker half-opens; none if it is not open, or was opened by hand.
    [[nodiscard]] std::optional<SteadyTime> openUntil(SteadyTime now) const;

    //! An attempt begins, also where allows() said no: the user's own Send is a probe.
    [[nodiscard]] Ticket begin(SteadyTime now);
    //! Whether what \p ticket is for still tells something when it ends.
    [[nodiscard]] bool counts(const Ticket &ticket) const { return ticket.era == m_era; }
    void end(const Ticket &ticket, Outcome outcome, SteadyTime now, Random &random);

    void force(Forced forced) { m_forced = forced; } //!< Holds until reset() or force(No).
    [[nodiscard]] Forced forced() const { return m_forced; }
    void reset(); //!< As new: closed, nothing remembered.

    //! What outlives a restart, as a hint: see restored().
    struct Hint
    {
        std::chrono::milliseconds openFor{0}; //!< From now on.
        int failedProbes = 0;
        bool operator==(const Hint &) const = default;
    };
    [[nodiscard]] std::optional<Hint> hint(SteadyTime now) const; //!< None unless open.
    [[nodiscard]] static CircuitBreaker restored(const Hint &hint, SteadyTime now);

private:
    struct Counted
    {
        SteadyTime at;
        Outcome outcome;
    };
    void count(Outcome outcome, SteadyTime now);
    [[nodiscard]] bool hasFailedTooOften(SteadyTime now) const;
    void open(SteadyTime now, Random &random);
    void endProbe(Outcome outcome, SteadyTime now, Random &random);

    Forced m_forced = Forced::No;
    bool m_isTripped = false; //!< Open or half open.
    SteadyTime m_openUntil{};
    int m_failedProbes = 0; //!< Since it tripped.
    int m_goodProbes = 0;
    int m_runningProbes = 0;
    int m_failuresInARow = 0;
    int m_era = 0;
    QList<Counted> m_window; //!< Oldest first.
};

} // namespace core
