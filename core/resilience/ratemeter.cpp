#include "core/resilience/ratemeter.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

namespace {

using std::chrono::milliseconds;
using FloatMilliseconds = std::chrono::duration<double, std::milli>;

//! Limits and units are foreign numbers: beyond this none is a limit any more, and no arithmetic
//! leaves its range.
constexpr std::int64_t LargestCount = 1'000'000'000'000;
constexpr std::chrono::hours LongestPeriod{24 * 31};

//! Services say how much is used and when it will have drained, seldom over which time. All of them
//! count by one of these.
milliseconds guessedPeriod(double perUnit, std::int64_t limit)
{
    using namespace std::chrono_literals;
    constexpr std::array<milliseconds, 5> Usual{1s, 10s, 1min, 1h, 24h};
    const double drained = perUnit * static_cast<double>(limit);
    const auto distance = [drained](milliseconds period) {
        return std::abs(std::log(drained / static_cast<double>(period.count())));
    };
    return *std::min_element(Usual.begin(), Usual.end(), [&](milliseconds a, milliseconds b) {
        return distance(a) < distance(b);
    });
}

} // namespace

SteadyTime::duration RateMeter::timeFor(std::int64_t units) const
{
    const FloatMilliseconds perUnit = FloatMilliseconds(m_period) / static_cast<double>(*m_limit);
    const FloatMilliseconds time = perUnit * static_cast<double>(units);
    constexpr FloatMilliseconds Longest = LongestPeriod;
    return std::chrono::duration_cast<SteadyTime::duration>(std::clamp(time, -Longest, Longest));
}

SteadyTime RateMeter::readyAt() const
{
    return m_limit ? m_arrival - m_period : SteadyTime{};
}

void RateMeter::take(std::int64_t units, SteadyTime now)
{
    if (m_limit)
        m_arrival = std::max(now, m_arrival) + timeFor(units);
}

void RateMeter::correct(std::int64_t units)
{
    if (m_limit)
        m_arrival += timeFor(units);
}

void RateMeter::learn(const RateLimit &facts, SteadyTime now)
{
    if (!facts.limit || *facts.limit <= 0 || *facts.limit > LargestCount)
        return;
    const std::int64_t limit = *facts.limit;
    m_limit = limit;
    const std::int64_t used =
        limit - std::clamp<std::int64_t>(facts.remaining.value_or(limit), 0, limit);
    if (facts.period && facts.period->count() > 0)
        m_period = std::min<milliseconds>(*facts.period, LongestPeriod);
    else if (used > 0 && facts.reset && facts.reset->count() > 0)
        m_period = guessedPeriod(
            static_cast<double>(facts.reset->count()) / static_cast<double>(used), limit);
    if (facts.remaining)
        m_arrival = std::max(m_arrival, now + timeFor(used));
}

} // namespace core
