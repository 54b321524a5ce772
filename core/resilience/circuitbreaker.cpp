#include "core/resilience/circuitbreaker.h"

#include <algorithm>

namespace core {

CircuitBreaker::State CircuitBreaker::state(SteadyTime now) const
{
    switch (m_forced) {
    case Forced::Open:
        return State::Open;
    case Forced::Closed:
        return State::Closed;
    case Forced::No:
        break;
    }
    if (!m_isTripped)
        return State::Closed;
    return now < m_openUntil ? State::Open : State::HalfOpen;
}

bool CircuitBreaker::allows(SteadyTime now) const
{
    switch (state(now)) {
    case State::Closed:
        return true;
    case State::Open:
        return false;
    case State::HalfOpen:
        return m_runningProbes == 0;
    }
    Q_UNREACHABLE();
}

std::optional<SteadyTime> CircuitBreaker::openUntil(SteadyTime now) const
{
    const bool isOpen = m_forced == Forced::No && state(now) == State::Open;
    return isOpen ? std::optional(m_openUntil) : std::nullopt;
}

CircuitBreaker::Ticket CircuitBreaker::begin(SteadyTime now)
{
    const Ticket ticket{state(now) != State::Closed, m_era};
    if (ticket.isProbe)
        ++m_runningProbes;
    return ticket;
}

void CircuitBreaker::end(const Ticket &ticket, Outcome outcome, SteadyTime now, Random &random)
{
    if (!counts(ticket))
        return;
    if (ticket.isProbe)
        return endProbe(outcome, now, random);
    if (outcome == Outcome::Ignored || m_forced != Forced::No)
        return;
    count(outcome, now);
    if (outcome == Outcome::Failure && hasFailedTooOften(now)) {
        m_failedProbes = 0;
        open(now, random);
    }
}

void CircuitBreaker::count(Outcome outcome, SteadyTime now)
{
    m_failuresInARow = outcome == Outcome::Failure ? m_failuresInARow + 1 : 0;
    m_window.append({now, outcome});
    if (m_window.size() > WindowSize)
        m_window.removeFirst();
}

bool CircuitBreaker::hasFailedTooOften(SteadyTime now) const
{
    if (m_failuresInARow >= FailuresInARow)
        return true;
    int attempts = 0;
    int halfFailures = 0;
    for (const Counted &one : m_window) {
        if (now - one.at > WindowLength)
            continue;
        ++attempts;
        halfFailures += one.outcome == Outcome::Failure ? 2 : one.outcome == Outcome::Slow ? 1 : 0;
    }
    return attempts >= LeastAttempts && halfFailures >= attempts;
}

void CircuitBreaker::open(SteadyTime now, Random &random)
{
    using Milliseconds = std::chrono::duration<double, std::milli>;
    std::chrono::seconds length = FirstOpening;
    for (int n = 0; n < m_failedProbes && length < LongestOpening; ++n)
        length *= 2;
    const double spread = 1.0 + Jitter * (2.0 * random.uniform() - 1.0);
    m_openUntil = now + std::chrono::duration_cast<SteadyTime::duration>(
                            Milliseconds(std::min(length, LongestOpening)) * spread);
    m_isTripped = true;
    m_goodProbes = 0;
    m_runningProbes = 0;
    ++m_era; // what is still under way belongs to the trouble that is known by now
}

void CircuitBreaker::endProbe(Outcome outcome, SteadyTime now, Random &random)
{
    --m_runningProbes;
    switch (outcome) {
    case Outcome::Ignored:
        return;
    case Outcome::Failure:
        ++m_failedProbes;
        return open(now, random);
    case Outcome::Success:
    case Outcome::Slow:
        if (++m_goodProbes < ProbesToClose) {
            m_openUntil = std::min(m_openUntil, now); // the user's own Send came through
            return;
        }
        const Forced forced = m_forced;
        reset();
        m_forced = forced;
        return;
    }
}

void CircuitBreaker::reset()
{
    const int era = m_era + 1;
    *this = {};
    m_era = era;
}

std::optional<CircuitBreaker::Hint> CircuitBreaker::hint(SteadyTime now) const
{
    const auto until = openUntil(now);
    if (!until)
        return std::nullopt;
    return Hint{std::chrono::ceil<std::chrono::milliseconds>(*until - now), m_failedProbes};
}

CircuitBreaker CircuitBreaker::restored(const Hint &hint, SteadyTime now)
{
    CircuitBreaker breaker;
    if (hint.openFor.count() <= 0)
        return breaker;
    // Foreign or damaged hints cannot lock anyone out for longer than this program would.
    const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(LongestOpening) * (1.0 + Jitter));
    breaker.m_isTripped = true;
    breaker.m_openUntil = now + std::min(hint.openFor, longest);
    breaker.m_failedProbes = std::clamp(hint.failedProbes, 0, 10);
    return breaker;
}

} // namespace core
