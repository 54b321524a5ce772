#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"

#include <cstdint>
#include <mutex>

namespace core {

//! Ids of rows, known before the row is written: UTC milliseconds in the upper 44 bits, a counter
//! in the lower 20. Strictly increasing within one source, also when the wall clock steps back. The
//! counter starts at a random place in each millisecond, so that processes that share a profile
//! do not meet. Thread-safe.
class IdSource
{
public:
    IdSource(const Clock &clock, Random &random)
        : m_clock(clock)
        , m_random(random)
    {
    }
    [[nodiscard]] std::int64_t next();

private:
    const Clock &m_clock;
    Random &m_random;
    std::mutex m_mutex;
    std::int64_t m_last = 0;
};

} // namespace core
