#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/picousd.h"
#include "core/chat/target.h"
#include "core/chat/usage.h"
#include "core/ledger/budget.h"
#include "core/pricing/costcalculator.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace core {

enum class AttemptCause { First, Retry, Fallback, Continue };
enum class AttemptOutcome { Open, Completed, Failed, Cancelled, Interrupted };

[[nodiscard]] QString attemptCauseName(AttemptCause cause);
[[nodiscard]] QString attemptOutcomeName(AttemptOutcome outcome);

//! Why a cost is what it is, or how far it is known.
enum class CostBasis {
    None, //!< It runs.
    Exact,
    Estimated,  //!< All of the answer came, but no count.
    Partial,    //!< It broke off.
    Cancelled,  //!< The reader stopped it.
    InputOnly,  //!< The server failed before it answered.
    Unanswered, //!< Nothing came back.
    NotCharged, //!< Services do not bill such failures.
    NotSent,
    Local,       //!< This machine did the work.
    Cached,      //!< Answered by what was kept of an earlier one.
    Draining,    //!< Stopped, and goes on unseen until the service tells.
    Drained,     //!< It has told.
    Interrupted, //!< The program ended first.
};

//! Which cache kept money from being spent.
enum class SavedBy { Nothing, PromptCache, ResponseCache };

//! What is known of an attempt before its first byte leaves.
struct AttemptOpening
{
    std::int64_t id = 0;
    std::int64_t requestId = 0;
    int number = 1; //!< Within the request, from 1.
    AttemptCause cause = AttemptCause::First;
    Target target;
    QString priceProvider;
    UtcTime queuedAt{};
    Cost worstCase; //!< What it may cost at most; an interrupted attempt is closed within this.
    Reservation reservation; //!< What budgets set aside for it.
};

//! Latencies of one attempt, from the moment it was queued. Missing: it never came so far.
struct AttemptTimes
{
    std::optional<std::chrono::milliseconds> sent, headers, firstByte, firstVisible, lastByte;
    std::chrono::milliseconds end{0};
    bool operator==(const AttemptTimes &) const = default;
};

//! One HTTP try, whole: what the ledger keeps and Details shows.
struct AttemptRecord
{
    std::int64_t id = 0;
    std::int64_t requestId = 0;
    int number = 1;
    AttemptCause cause = AttemptCause::First;
    Target target;
    AttemptOutcome outcome = AttemptOutcome::Open;
    UtcTime queuedAt{};
    AttemptTimes times;
    std::chrono::milliseconds waited{0}; //!< Before this attempt: for its turn, to retry, offline.
    int httpStatus = 0;
    QString providerRequestId;
    QString answeredModel; //!< As the response says.
    std::optional<Error> error;
    std::int64_t bytes = 0;
    bool answered = false; //!< An event of the protocol came. Not kept.
    bool visible = false;
    bool terminalSeen = false;
    Usage usage;
    CostBreakdown cost;
    CostBasis costBasis = CostBasis::None;
    //! What budgets count where some part has no price: an upper estimate. None: what was reserved.
    std::optional<PicoUsd> mostItCost;
    //! Tokens that budgets count where usage is the low end of a range. None: usage tells.
    std::optional<std::int64_t> mostTokens;
    SavedBy savedBy = SavedBy::Nothing;
    //! What that cache saved: the service's (below zero where writing cost more than reading
    //! saved), or ours, that kept the answer. None: unknown, unless by nothing.
    std::optional<PicoUsd> saved;
    bool operator==(const AttemptRecord &) const = default;
};

//! The record of an attempt that is opened just now: nothing of it has gone or come yet.
[[nodiscard]] AttemptRecord recordOf(const AttemptOpening &opening);
//! What budgets count of it: what has no price is estimated high, never free.
[[nodiscard]] PicoUsd mostOf(const AttemptRecord &attempt);

//! Whether its usage holds all of its tokens: it used none, or the service told them at its end.
//! Else what usage holds, if anything, is the least that it may have used.
[[nodiscard]] bool tellsAllTokens(const AttemptRecord &attempt);

//! What the reader saw come, and how long that took: what a speed is made of.
struct TimedOutput
{
    std::int64_t tokens = 0;
    std::chrono::milliseconds duration{0}; //!< Above 0: from the first visible token to the last.
};

//! Tokens that were thought before the first visible one came are not of it. None: not known.
[[nodiscard]] std::optional<TimedOutput> timedOutput(const AttemptRecord &attempt);

enum class RequestState { Open, Completed, Failed, Cancelled, Interrupted };

} // namespace core
