#include "core/base/idsource.h"

#include <algorithm>

namespace core {

std::int64_t IdSource::next()
{
    constexpr int CounterBits = 20;
    const std::lock_guard lock(m_mutex);
    const std::int64_t millisecond = m_clock.utcNow().time_since_epoch().count();
    // Half of the counter's room is kept free for the ids that follow in the same millisecond.
    const auto start = static_cast<std::int64_t>(m_random.bits() & ((1U << (CounterBits - 1)) - 1));
    m_last = std::max(m_last + 1, (millisecond << CounterBits) | start);
    return m_last;
}

} // namespace core
