#include "core/client/attemptverdict.h"

#include "core/resilience/retrypolicy.h"

namespace core {

namespace {

using Outcome = CircuitBreaker::Outcome;

constexpr int FirstClientError = 400;
constexpr int FirstServerError = 500;

bool isRefusal(const AttemptRecord &attempt)
{
    return attempt.httpStatus >= FirstClientError && attempt.httpStatus < FirstServerError;
}

Outcome outcomeOf(const AttemptRecord &attempt)
{
    if (attempt.outcome == AttemptOutcome::Cancelled)
        return Outcome::Ignored;
    const auto firstToken = attempt.times.firstVisible.value_or(attempt.times.end) -
                            attempt.times.sent.value_or(std::chrono::milliseconds(0));
    if (attempt.outcome == AttemptOutcome::Completed || attempt.visible)
        return firstToken > CircuitBreaker::SlowFirstToken ? Outcome::Slow : Outcome::Success;
    // A refusal is about the request (or its key), a machine that slept about neither.
    const bool isItsFault = attempt.error && countsAgainstEndpoint(attempt.error->kind) &&
                            !isRefusal(attempt) && attempt.error->phase != Phase::Sleep;
    return isItsFault ? Outcome::Failure : Outcome::Ignored;
}

} // namespace

std::chrono::milliseconds sinceHeaders(const AttemptRecord &attempt)
{
    return attempt.times.end - attempt.times.headers.value_or(attempt.times.end);
}

PassageEnd verdictOn(const AttemptRecord &attempt)
{
    PassageEnd end;
    end.outcome = outcomeOf(attempt);
    end.sent = attempt.times.sent.has_value();
    const auto output = attempt.usage.count(UsageKind::Output);
    if (attempt.outcome == AttemptOutcome::Completed) {
        end.answerTokens = output;
        if (const auto input = attempt.usage.count(UsageKind::Input); input && output)
            end.tokens = *input + *output;
    } else if (isRefusal(attempt)) {
        end.tokens = 0;
    }
    if (attempt.error && attempt.error->kind == ErrorKind::RateLimited)
        end.stayAway = attempt.error->retryAfter;
    return end;
}

} // namespace core
