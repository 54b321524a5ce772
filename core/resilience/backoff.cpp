#include "core/resilience/backoff.h"

#include <algorithm>

namespace core {

namespace {

using Nanoseconds = std::chrono::nanoseconds;

Nanoseconds share(Nanoseconds whole, Random &random)
{
    return std::chrono::duration_cast<Nanoseconds>(random.uniform() *
                                                   std::chrono::duration<double, std::nano>(whole));
}

} // namespace

std::chrono::nanoseconds Backoff::wait(int retry, Random &random) const
{
    Nanoseconds ceiling = base;
    for (int n = 0; n < retry && ceiling < longest; ++n)
        ceiling *= 2;
    const Nanoseconds whole = std::min<Nanoseconds>(ceiling, longest);
    const auto loose = std::chrono::duration_cast<Nanoseconds>(
        std::clamp(jitter, 0.0, 1.0) * std::chrono::duration<double, std::nano>(whole));
    const Nanoseconds drawn = whole - loose + share(loose, random);
    // Raised, not cut off: clamping would give a tenth of all clients the very same wait.
    return drawn < shortest ? shortest + drawn : drawn;
}

std::chrono::nanoseconds waitAfterHint(std::chrono::milliseconds hint, Random &random)
{
    using namespace std::chrono_literals;
    return hint + share(std::min<Nanoseconds>(1s, Nanoseconds(hint) / 10), random);
}

} // namespace core
