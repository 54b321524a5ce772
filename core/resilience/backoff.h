#pragma once

#include "core/base/random.h"

#include <chrono>

namespace core {

//! Waits between tries: exponential with full jitter, so that clients that failed together do not
//! come back together. A plain value; chance is passed in.
struct Backoff
{
    std::chrono::milliseconds base{500};
    std::chrono::milliseconds longest{8'000};
    std::chrono::milliseconds shortest{50};
    double jitter = 1.0; //!< Share of the wait that is drawn: 1 all of it, 0 none.

    //! U(1 - jitter, 1) * min(longest, base * 2^retry), never under shortest; \p retry counts from
    //! 0. In nanoseconds, since at a coarser grain two of a thousand clients would draw the same
    //! wait.
    [[nodiscard]] std::chrono::nanoseconds wait(int retry, Random &random) const;
};

//! What the server asked for plus U(0, min(1 s, a tenth of it)): never earlier than \p hint.
[[nodiscard]] std::chrono::nanoseconds waitAfterHint(std::chrono::milliseconds hint,
                                                     Random &random);

} // namespace core
