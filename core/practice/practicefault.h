#pragma once

#include <chrono>
#include <optional>

namespace core {

//! Ways in which the practice provider can be told to fail: those of real services, each with the
//! status and the body that the asked protocol's service has for it.
enum class PracticeFault {
    RateLimited,     //!< 429, with the wait where the service tells it.
    QuotaExhausted,  //!< 429, 402 or 400 that no waiting cures.
    Overloaded,      //!< 503 or 529.
    ServerError,     //!< 500.
    WrongKey,        //!< 401, 403 or 400 although the key is right.
    StallBeforeHead, //!< The connection opens, nothing ever comes.
    StallInStream,   //!< Silence after some text.
    CloseInStream,   //!< An orderly end of the body without the terminal event.
    ResetInStream,   //!< The connection breaks.
    ErrorInStream,   //!< An error inside the 200 stream.
};

//! One fault and how long it lasts.
struct PracticeFaultPlan
{
    PracticeFault fault = PracticeFault::Overloaded;
    std::optional<int> times; //!< Requests that it meets, at least 1; none: until cleared.
    std::chrono::seconds retryAfter{2}; //!< RateLimited says so; 0: says nothing.
    int afterTokens = 12;               //!< For the faults in a stream.
    bool operator==(const PracticeFaultPlan &) const = default;
};

} // namespace core
