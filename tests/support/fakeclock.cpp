#include "tests/support/fakeclock.h"

#include <algorithm>

namespace tests {

void FakeClock::after(std::chrono::milliseconds duration, QObject *context,
                      std::function<void()> function)
{
    m_calls.push_back({m_elapsed + std::max(duration, std::chrono::milliseconds(0)), context,
                       std::move(function)});
}

void FakeClock::advance(std::chrono::milliseconds duration)
{
    const auto end = m_elapsed + duration;
    while (true) {
        const auto next =
            std::min_element(m_calls.begin(), m_calls.end(),
                             [](const Call &a, const Call &b) { return a.due < b.due; });
        if (next == m_calls.end() || next->due > end)
            break;
        const Call call = std::move(*next);
        m_calls.erase(next);
        m_elapsed = std::max(m_elapsed, call.due);
        if (call.context)
            call.function();
    }
    m_elapsed = end;
}

int FakeClock::pending() const
{
    return static_cast<int>(std::count_if(m_calls.begin(), m_calls.end(),
                                          [](const Call &call) { return !call.context.isNull(); }));
}

std::optional<std::chrono::milliseconds> FakeClock::untilNext() const
{
    std::optional<std::chrono::milliseconds> soonest;
    for (const Call &call : m_calls) {
        if (call.context && (!soonest || call.due - m_elapsed < *soonest))
            soonest = call.due - m_elapsed;
    }
    return soonest;
}

} // namespace tests
