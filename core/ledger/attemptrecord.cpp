#include "core/ledger/attemptrecord.h"

#include <algorithm>

namespace core {

QString attemptCauseName(AttemptCause cause)
{
    switch (cause) {
    case AttemptCause::First:
        return QStringLiteral("first");
    case AttemptCause::Retry:
        return QStringLiteral("retry");
    case AttemptCause::Fallback:
        return QStringLiteral("fallback");
    case AttemptCause::Continue:
        return QStringLiteral("continue");
    }
    Q_UNREACHABLE();
}

QString attemptOutcomeName(AttemptOutcome outcome)
{
    switch (outcome) {
    case AttemptOutcome::Open:
        return QStringLiteral("open");
    case AttemptOutcome::Completed:
        return QStringLiteral("completed");
    case AttemptOutcome::Failed:
        return QStringLiteral("failed");
    case AttemptOutcome::Cancelled:
        return QStringLiteral("cancelled");
    case AttemptOutcome::Interrupted:
        return QStringLiteral("interrupted");
    }
    Q_UNREACHABLE();
}

AttemptRecord recordOf(const AttemptOpening &opening)
{
    AttemptRecord record;
    record.id = opening.id;
    record.requestId = opening.requestId;
    record.number = opening.number;
    record.cause = opening.cause;
    record.target = opening.target;
    record.queuedAt = opening.queuedAt;
    return record;
}

PicoUsd mostOf(const AttemptRecord &attempt)
{
    return std::max(attempt.mostItCost.value_or(PicoUsd()), attempt.cost.total.high);
}

bool tellsAllTokens(const AttemptRecord &attempt)
{
    // Schema 10 has counted earlier attempts by these same words.
    if (attempt.costBasis == CostBasis::NotSent || attempt.costBasis == CostBasis::NotCharged ||
        attempt.costBasis == CostBasis::Cached)
        return true;
    const bool isTold =
        attempt.usage.basis == UsageBasis::Provider || attempt.usage.basis == UsageBasis::Counted;
    return isTold && attempt.usage.count(UsageKind::Input) &&
           attempt.usage.count(UsageKind::Output);
}

std::optional<TimedOutput> timedOutput(const AttemptRecord &attempt)
{
    const auto output = attempt.usage.count(UsageKind::Output);
    const AttemptTimes &times = attempt.times;
    if (!output || !times.firstVisible || !times.lastByte || *times.lastByte <= *times.firstVisible)
        return std::nullopt;
    const std::int64_t thought = attempt.usage.count(UsageKind::OutputReasoning).value_or(0);
    if (thought > 0 && thought >= *output)
        return std::nullopt;
    return TimedOutput{*output - thought, *times.lastByte - *times.firstVisible};
}

} // namespace core
