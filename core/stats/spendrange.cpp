#include "core/stats/spendrange.h"

#include "core/ledger/budget.h"

#include <algorithm>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Quarter = 15min;

UtcTime quarterOf(UtcTime time)
{
    return UtcTime(std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(
        time.time_since_epoch()));
}

//! Days as budgets have them: where midnight comes twice, both count the same.
void addDays(SpendSpan &span, UtcTime first, UtcTime end, const QTimeZone &zone)
{
    for (UtcTime day = first; day < end; day = spanAt(LimitPeriod::Day, day, zone).end)
        span.steps.append(day);
    span.end = end;
}

void addQuarters(SpendSpan &span, UtcTime first, UtcTime end)
{
    for (UtcTime at = first; at < end; at += Quarter)
        span.steps.append(at);
    span.end = end;
    span.stepLength = StepLength::QuarterHour;
}

} // namespace

SpendSpan spanOf(SpendRange range, UtcTime now, const QTimeZone &zone, std::int64_t sessionId,
                 UtcTime sessionStart)
{
    constexpr int FurtherDays = 6;
    const BudgetSpan today = spanAt(LimitPeriod::Day, now, zone);
    SpendSpan span;
    span.range = range;
    switch (range) {
    case SpendRange::Session:
        addQuarters(span, quarterOf(sessionStart),
                    quarterOf(std::max(now, sessionStart)) + Quarter);
        span.filter.sessionId = sessionId;
        return span; // the session bounds it; its hours only place the steps
    case SpendRange::Today:
        addQuarters(span, today.begin, today.end);
        break;
    case SpendRange::SevenDays: {
        UtcTime first = today.begin;
        for (int day = 0; day < FurtherDays; ++day)
            first = spanAt(LimitPeriod::Day, first - 1ms, zone).begin;
        addDays(span, first, today.end, zone);
        break;
    }
    case SpendRange::Month: {
        const BudgetSpan month = spanAt(LimitPeriod::Month, now, zone);
        addDays(span, month.begin, month.end, zone);
        break;
    }
    }
    span.filter.since = span.steps.first();
    span.filter.until = span.end;
    return span;
}

QList<SpendStep> stepsOf(const SpendSpan &span, const QList<SpendRow> &quarters)
{
    QList<SpendStep> steps;
    steps.reserve(span.steps.size());
    for (const UtcTime start : span.steps)
        steps.append({start, {}, {}});
    for (const SpendRow &row : quarters) {
        if (steps.isEmpty() || row.quarter < span.steps.first() || row.quarter >= span.end)
            continue;
        const auto after = std::upper_bound(span.steps.begin(), span.steps.end(), row.quarter);
        SpendStep &step = steps[std::distance(span.steps.begin(), after) - 1];
        Cost &cost = step.costByProvider[row.provider];
        cost = cost.plus(row.sums.cost);
        step.firstToken.merge(row.sums.firstToken);
    }
    return steps;
}

} // namespace core
