#include "core/resilience/retrypolicy.h"

#include "core/resilience/backoff.h"

#include <QStringList>

#include <algorithm>
#include <optional>

namespace core {

namespace {

constexpr int RequestTimeout = 408;
constexpr int Conflict = 409;

//! 408 and 409 share their kinds with timeouts and server faults, but are about this one request.
bool isOnlyForThisTarget(const Error &error)
{
    return error.httpStatus == RequestTimeout || error.httpStatus == Conflict;
}

//! A timeout that took long is not tried again unasked: the person has waited once already.
bool isTooLongAgo(const Error &error, const RetrySituation &situation, const RetryOptions &options)
{
    return error.kind == ErrorKind::Timeout && error.phase != Phase::Connect &&
           error.httpStatus != RequestTimeout &&
           situation.attemptLasted >= options.longestRetriedTimeout;
}

bool mayRetry(const Error &error, const RetrySituation &situation, const RetryOptions &options)
{
    if (!options.retry || situation.retriesOnTarget >= options.maxRetriesPerTarget ||
        situation.isEndpointDown || situation.isBudgetSpent)
        return false;
    // The server's own word beats the table, but not the user's Stop.
    if (error.shouldRetry && error.kind != ErrorKind::Cancelled)
        return *error.shouldRetry;
    return isRetryable(error.kind) && !isTooLongAgo(error, situation, options);
}

bool mayFallBack(const Error &error, const RetrySituation &situation, const RetryOptions &options)
{
    return options.fallback && situation.hasNextTarget && situation.targets < options.maxTargets &&
           isWorthFallback(error.kind) && !isOnlyForThisTarget(error);
}

std::optional<std::chrono::milliseconds> hintOf(const Error &error)
{
    return error.retryAfter && error.retryAfter->count() > 0 ? error.retryAfter : std::nullopt;
}

//! The words of services for money that is used up. Other quotas are counted by model (Google,
//! Bedrock): another one of the same account may still have some.
bool isSpendLimit(const QString &providerCode)
{
    static const QStringList words{QStringLiteral("insufficient_quota"),
                                   QStringLiteral("credit_balance_exhausted"),
                                   QStringLiteral("billing_hard_limit_reached"),
                                   QStringLiteral("enforced_spend_limit_reached"),
                                   QStringLiteral("contract_spend_limit_reached")};
    return words.contains(providerCode);
}

std::chrono::milliseconds delayFor(const Error &error, const RetrySituation &situation,
                                   const RetryOptions &options, Random &random)
{
    if (const auto hint = hintOf(error))
        return std::chrono::ceil<std::chrono::milliseconds>(waitAfterHint(*hint, random));
    const bool isBusy = error.kind == ErrorKind::RateLimited || error.kind == ErrorKind::Overloaded;
    const Backoff backoff{isBusy ? options.overloadBaseDelay : options.baseDelay,
                          options.longestDelay, options.shortestDelay, options.jitter};
    return std::chrono::ceil<std::chrono::milliseconds>(
        backoff.wait(situation.retriesOnTarget, random));
}

} // namespace

bool isRetryable(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::RateLimited:
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::Truncated:
        return true;
    case ErrorKind::QuotaExhausted:
    case ErrorKind::TlsFailed:
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Billing:
    case ErrorKind::ContentBlocked:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
    case ErrorKind::InputRejected:
    case ErrorKind::BudgetExceeded:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
    case ErrorKind::StorageFailed:
    case ErrorKind::Cancelled:
    case ErrorKind::AllTargetsFailed:
    case ErrorKind::Internal:
        return false;
    }
    Q_UNREACHABLE();
}

bool isWorthFallback(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::RateLimited:
    case ErrorKind::QuotaExhausted:
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::TlsFailed:
    case ErrorKind::Truncated:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Billing:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
        return true;
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::ContentBlocked:
    case ErrorKind::InputRejected:
    case ErrorKind::BudgetExceeded:
    case ErrorKind::StorageFailed:
    case ErrorKind::Cancelled:
    case ErrorKind::AllTargetsFailed:
    case ErrorKind::Internal:
        return false;
    }
    Q_UNREACHABLE();
}

bool countsAgainstEndpoint(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::TlsFailed:
    case ErrorKind::Truncated:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
        return true;
    case ErrorKind::RateLimited:
    case ErrorKind::QuotaExhausted:
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Billing:
    case ErrorKind::ContentBlocked:
    case ErrorKind::InputRejected:
    case ErrorKind::BudgetExceeded:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
    case ErrorKind::StorageFailed:
    case ErrorKind::Cancelled:
    case ErrorKind::AllTargetsFailed:
    case ErrorKind::Internal:
        return false;
    }
    Q_UNREACHABLE();
}

bool isOfAccount(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::QuotaExhausted:
        return isSpendLimit(error.providerCode);
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::Billing:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
        return true;
    case ErrorKind::RateLimited:
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::TlsFailed:
    case ErrorKind::Truncated:
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::PermissionDenied:
    case ErrorKind::ContentBlocked:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
    case ErrorKind::InputRejected:
    case ErrorKind::BudgetExceeded:
    case ErrorKind::StorageFailed:
    case ErrorKind::Cancelled:
    case ErrorKind::AllTargetsFailed:
    case ErrorKind::Internal:
        return false;
    }
    Q_UNREACHABLE();
}

RetryDecision decideRetry(const Error &error, const RetrySituation &situation,
                          const RetryOptions &options, Random &random)
{
    using Step = RetryDecision::Step;
    if (situation.visible || error.kind == ErrorKind::Cancelled ||
        situation.attempts >= options.maxAttempts)
        return {};

    const bool canFallBack = mayFallBack(error, situation, options);
    if (mayRetry(error, situation, options)) {
        const auto hint = hintOf(error);
        const bool isTooLong = hint && *hint > options.longestHint;
        const bool prefersOther = hint && *hint > options.longestSilentHint && canFallBack;
        if (!isTooLong && !prefersOther) {
            const auto left = options.totalWait - situation.waited;
            const auto stillToCome = [&situation](std::chrono::milliseconds wait) {
                return std::max(std::chrono::milliseconds(0), wait - situation.sinceFailure);
            };
            auto delay = stillToCome(delayFor(error, situation, options, random));
            if (hint && stillToCome(*hint) <= left) // jitter alone must not make a wait too long
                delay = std::min(delay, left);
            // A wait that outlasts the request would end in nothing.
            const bool isInTime = !situation.timeLeft || delay < *situation.timeLeft;
            if (delay <= left && isInTime)
                return {Step::RetryTarget, delay};
        }
    }
    return {canFallBack ? Step::NextTarget : Step::End, {}};
}

} // namespace core
