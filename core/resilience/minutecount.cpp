#include "core/resilience/minutecount.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::chrono::minutes Window{1};

} // namespace

SteadyTime MinuteCount::readyAt() const
{
    if (!m_limit)
        return {};
    // From the newest back, so that one count beyond all bounds is the end of it.
    std::int64_t used = 0;
    for (auto taken = m_taken.crbegin(); taken != m_taken.crend(); ++taken) {
        if (taken->units >= *m_limit - used)
            return taken->at + Window;
        used += taken->units;
    }
    return {};
}

void MinuteCount::take(std::int64_t ticket, std::int64_t units, SteadyTime now)
{
    const auto current = std::find_if(m_taken.begin(), m_taken.end(), [now](const Taken &taken) {
        return taken.at + Window > now;
    });
    m_taken.erase(m_taken.begin(), current);
    m_taken.append({ticket, units, now});
}

void MinuteCount::correct(std::int64_t ticket, std::int64_t units)
{
    for (Taken &taken : m_taken) {
        if (taken.ticket == ticket)
            taken.units = units;
    }
}

} // namespace core
