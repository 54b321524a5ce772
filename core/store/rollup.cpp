#include "core/store/rollup.h"

#include "core/ledger/budget.h"
#include "core/store/storednames.h"

namespace core {

namespace {

void addCounts(QMap<QString, std::int64_t> &sums, const QMap<QString, std::int64_t> &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        sums[it.key()] = saturatingCount(sums.value(it.key()), it.value());
}

LatencyHistogram histogramFrom(const QVariant &value)
{
    return LatencyHistogram::fromBytes(value.toByteArray()).value_or(LatencyHistogram());
}

} // namespace

void RollupSums::add(const RollupSums &other)
{
    requests += other.requests;
    answered += other.answered;
    failed += other.failed;
    attempts += other.attempts;
    costLow = saturatingSum(costLow, other.costLow);
    costHigh = saturatingSum(costHigh, other.costHigh);
    costUnknown += other.costUnknown;
    savedByPromptCache = saturatingSum(savedByPromptCache, other.savedByPromptCache);
    savedByResponseCache = saturatingSum(savedByResponseCache, other.savedByResponseCache);
    savedUnknown += other.savedUnknown;
    addCounts(tokens, other.tokens);
    tokensUnknown += other.tokensUnknown;
    addCounts(errors, other.errors);
    timedOutputTokens = saturatingCount(timedOutputTokens, other.timedOutputTokens);
    streamingMs += other.streamingMs;
    firstToken.merge(other.firstToken);
    duration.merge(other.duration);
}

std::int64_t quarterOf(UtcTime time)
{
    const std::int64_t ms = time.time_since_epoch().count();
    return ms >= 0 ? ms / QuarterMs : -((-ms + QuarterMs - 1) / QuarterMs);
}

UtcTime startOfQuarter(std::int64_t quarter)
{
    return UtcTime(std::chrono::milliseconds(quarter * QuarterMs));
}

RollupSums rollupOf(const AttemptRecord &attempt)
{
    RollupSums sums;
    sums.attempts = 1;
    sums.costLow = attempt.cost.total.low;
    sums.costHigh = attempt.cost.total.high;
    sums.costUnknown = attempt.cost.total.complete ? 0 : 1;
    if (attempt.savedBy == SavedBy::PromptCache)
        sums.savedByPromptCache = attempt.saved.value_or(PicoUsd());
    else if (attempt.savedBy == SavedBy::ResponseCache)
        sums.savedByResponseCache = attempt.saved.value_or(PicoUsd());
    sums.savedUnknown = attempt.savedBy != SavedBy::Nothing && !attempt.saved ? 1 : 0;
    for (auto it = attempt.usage.tokens.begin(); it != attempt.usage.tokens.end(); ++it)
        sums.tokens.insert(usageKindName(it.key()), it.value());
    sums.tokensUnknown = tellsAllTokens(attempt) ? 0 : 1;
    if (attempt.outcome == AttemptOutcome::Failed && attempt.error)
        sums.errors.insert(errorCode(attempt.error->kind), 1);
    // What was given again says nothing of how fast a service is.
    if (attempt.savedBy == SavedBy::ResponseCache)
        return sums;
    // Also of what was stopped or broke later: those who wait long are those who stop.
    if (attempt.times.firstVisible)
        sums.firstToken.add(*attempt.times.firstVisible);
    if (attempt.outcome != AttemptOutcome::Completed)
        return sums;
    sums.duration.add(attempt.times.end);
    if (const auto timed = timedOutput(attempt)) {
        sums.timedOutputTokens = timed->tokens;
        sums.streamingMs = timed->duration.count();
    }
    return sums;
}

RollupSums rollupOf(RequestState state)
{
    RollupSums sums;
    sums.requests = 1;
    sums.answered = state == RequestState::Completed ? 1 : 0;
    sums.failed = state == RequestState::Failed ? 1 : 0;
    return sums;
}

QString rollupColumns()
{
    return QStringLiteral("requests, answered, failed, attempts, cost_low, cost_high, "
                          "cost_unknown, tokens, errors, timed_output_tokens, streaming_ms, "
                          "first_token, duration, saved_prompt, saved_response, saved_unknown, "
                          "tokens_unknown");
}

RollupSums rollupFrom(const QSqlQuery &row, int firstColumn)
{
    int column = firstColumn;
    const auto number = [&row, &column] {
        return static_cast<std::int64_t>(row.value(column++).toLongLong());
    };
    RollupSums sums;
    sums.requests = number();
    sums.answered = number();
    sums.failed = number();
    sums.attempts = number();
    sums.costLow = PicoUsd(number());
    sums.costHigh = PicoUsd(number());
    sums.costUnknown = number();
    sums.tokens = countsFrom(row.value(column++).toString());
    sums.errors = countsFrom(row.value(column++).toString());
    sums.timedOutputTokens = number();
    sums.streamingMs = number();
    sums.firstToken = histogramFrom(row.value(column++));
    sums.duration = histogramFrom(row.value(column++));
    sums.savedByPromptCache = PicoUsd(number());
    sums.savedByResponseCache = PicoUsd(number());
    sums.savedUnknown = number();
    sums.tokensUnknown = number();
    return sums;
}

void addToRollup(Sql &sql, const RollupKey &key, const RollupSums &sums)
{
    const QVariantList keyValues{idValue(key.quarter),
                                 idValue(key.workspaceId),
                                 idValue(key.sessionId),
                                 key.provider,
                                 key.model,
                                 key.simulated ? 1 : 0};
    RollupSums all = sums;
    {
        QSqlQuery row = sql.rows(
            QStringLiteral("SELECT ") + rollupColumns() +
                QStringLiteral(" FROM rollup WHERE quarter = ? AND workspace_id = ? AND "
                               "session_id = ? AND provider = ? AND model = ? AND simulated = ?"),
            keyValues);
        if (sql.next(row))
            all.add(rollupFrom(row, 0));
    }
    sql.run(QStringLiteral(
                "INSERT OR REPLACE INTO rollup (quarter, workspace_id, session_id, provider, "
                "model, simulated, requests, answered, failed, attempts, cost_low, cost_high, "
                "cost_unknown, tokens, errors, timed_output_tokens, streaming_ms, first_token, "
                "duration, saved_prompt, saved_response, saved_unknown, tokens_unknown) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            keyValues + QVariantList{idValue(all.requests), idValue(all.answered),
                                     idValue(all.failed), idValue(all.attempts),
                                     idValue(all.costLow.count()), idValue(all.costHigh.count()),
                                     idValue(all.costUnknown), countsValue(all.tokens),
                                     countsValue(all.errors), idValue(all.timedOutputTokens),
                                     idValue(all.streamingMs), all.firstToken.toBytes(),
                                     all.duration.toBytes(),
                                     idValue(all.savedByPromptCache.count()),
                                     idValue(all.savedByResponseCache.count()),
                                     idValue(all.savedUnknown), idValue(all.tokensUnknown)});
}

} // namespace core
