#pragma once

#include <chrono>
#include <optional>

namespace core {

//! Ways in which the practice provider can be told to fail: those of real services.
enum class PracticeFault {
    RateLimited,     //!< 429 with Retry-After.
    QuotaExhausted,  //!< 429 or 400 that no waiting cures.
    Overloaded,      //!< 503 (openai-chat) or 529 (anthropic).
    ServerError,     //!< 500.
    WrongKey,        //!< 401 although the key is right.
    StallBeforeHead, //!< The connection opens, nothing ever comes.
    StallInStream,   //!< Silence after some text.
    CloseInStream,   //!< An orderly end of the body without the terminal event.
    ResetInStream,   //!< The connection breaks.
    ErrorInStream,   //!< An error event inside the 200 stream.
};

//! One fault and how long it lasts.
struct PracticeFaultPlan
{
    PracticeFault fault = PracticeFault::Overloaded;
    std::optional<int> times; //!< Requests that it meets, at least 1; none: until cleared.
    std::chrono::seconds retryAfter{2}; //!< RateLimited says so; 0: no such header.
    int afterTokens = 12;               //!< For the faults in a stream.
    bool operator==(const PracticeFaultPlan &) const = default;
};

} // namespace core
