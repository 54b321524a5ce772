#pragma once

#include <ctime>

namespace tests {

//! CPU time of this thread in nanoseconds: what else a busy machine does is not in it. Tests bound
//! work by it, never by the clock on the wall.
inline double threadNanoseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

inline double threadMilliseconds()
{
    return threadNanoseconds() / 1e6;
}

} // namespace tests
