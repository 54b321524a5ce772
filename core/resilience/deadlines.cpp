#include "core/resilience/deadlines.h"

#include <algorithm>

namespace core {

using std::chrono::milliseconds;

milliseconds totalDeadline(std::optional<std::int64_t> maxOutputTokens)
{
    constexpr std::int64_t TokensAnHour = 128'000;
    constexpr milliseconds Shortest = std::chrono::minutes(10);
    constexpr milliseconds Longest = std::chrono::hours(1);
    const std::int64_t tokens =
        std::clamp<std::int64_t>(maxOutputTokens.value_or(TokensAnHour), 0, TokensAnHour);
    return std::max(Shortest, Longest * tokens / TokensAnHour);
}

Silence SilenceWatch::at(SteadyTime now) const
{
    if (now - m_bytes >= BytesNotice)
        return Silence::NoBytes;
    return now - m_content >= ContentNotice ? Silence::NoContent : Silence::None;
}

milliseconds SilenceWatch::lasts(SteadyTime now) const
{
    return std::chrono::duration_cast<milliseconds>(now - m_content);
}

milliseconds SilenceWatch::untilNext(SteadyTime now) const
{
    // Once both have come nothing new can: the next look is for bytes that came meanwhile.
    SteadyTime next = now + BytesNotice;
    for (const SteadyTime due : {m_bytes + BytesNotice, m_content + ContentNotice}) {
        if (due > now)
            next = std::min(next, due);
    }
    return std::chrono::ceil<milliseconds>(next - now);
}

} // namespace core
