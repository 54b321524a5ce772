#pragma once

#include "core/base/error.h"
#include "core/base/random.h"

#include <chrono>
#include <optional>

namespace core {

//! How often and how long the engine tries by itself; filled from settings.
struct RetryOptions
{
    int maxRetriesPerTarget = 2;
    int maxAttempts = 4; //!< A request, over retry and fallback together.
    int maxTargets = 3;
    bool retry = true;
    bool fallback = true;
    std::chrono::milliseconds baseDelay{500};
    std::chrono::milliseconds overloadBaseDelay{1'000}; //!< RateLimited, Overloaded without a hint.
    std::chrono::milliseconds longestDelay{8'000};
    std::chrono::milliseconds shortestDelay{50};
    double jitter = 1.0;                                 //!< As Backoff's.
    std::chrono::milliseconds longestSilentHint{20'000}; //!< A longer hint prefers the next target.
    std::chrono::milliseconds longestHint{120'000};      //!< A longer hint ends automatic retries.
    std::chrono::milliseconds totalWait{120'000};        //!< Sum of waits a request.
    std::chrono::milliseconds longestRetriedTimeout{30'000}; //!< An attempt that timed out after
                                                             //!< this long is not made again.
};

//! Whether the same target may be asked again. Adding a kind breaks the build until someone
//! decides.
[[nodiscard]] bool isRetryable(ErrorKind kind);
//! Whether another target may do better. Never true for what would fail everywhere.
[[nodiscard]] bool isWorthFallback(ErrorKind kind);
//! Whether the failure speaks against the endpoint (circuit breaker), not against the request.
[[nodiscard]] bool countsAgainstEndpoint(ErrorKind kind);
//! Whether every target with the same account would fail likewise. Of a quota only where it is one
//! of money.
[[nodiscard]] bool isOfAccount(const Error &error);

//! How a request stands when one of its attempts has failed.
struct RetrySituation
{
    bool visible = false; //!< Text or a tool call was shown: nothing is sent again by itself.
    std::chrono::milliseconds attemptLasted{0};
    //! It ended so long ago, where something else was tried or asked meanwhile: no wait begins
    //! later for it.
    std::chrono::milliseconds sinceFailure{0};
    int attempts = 1;                    //!< Made so far, the failed one included.
    int retriesOnTarget = 0;             //!< Made so far.
    int targets = 1;                     //!< Asked so far, the failed one included.
    std::chrono::milliseconds waited{0}; //!< All waits of the request so far.
    //! Until the whole request's own deadline; none: it has none.
    std::optional<std::chrono::milliseconds> timeLeft;
    bool hasNextTarget = false;
    bool isEndpointDown = false; //!< Its breaker is open: only a person's own Send may try it.
    bool isBudgetSpent = false;  //!< The provider gets no more automatic retries for now.
};

//! What comes after an attempt that failed.
struct RetryDecision
{
    enum class Step { End, RetryTarget, NextTarget };
    Step step = Step::End;
    std::chrono::milliseconds delay{0}; //!< Before RetryTarget; rounded up, never before a hint.
    bool operator==(const RetryDecision &) const = default;
};

//! What to do about \p error. Pure but for the jitter.
[[nodiscard]] RetryDecision decideRetry(const Error &error, const RetrySituation &situation,
                                        const RetryOptions &options, Random &random);

} // namespace core
