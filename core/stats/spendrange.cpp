#include "core/stats/spendrange.h"

#include <QDateTime>

#include <algorithm>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Quarter = 15min;

UtcTime startOf(const QDate &day, const QTimeZone &zone)
{
    return UtcTime(std::chrono::milliseconds(day.startOfDay(zone).toMSecsSinceEpoch()));
}

UtcTime quarterOf(UtcTime time)
{
    return UtcTime(std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(
        time.time_since_epoch()));
}

void addDays(SpendSpan &span, QDate first, const QDate &last, const QTimeZone &zone)
{
    for (QDate day = first; day <= last; day = day.addDays(1))
        span.steps.append(startOf(day, zone));
    span.end = startOf(last.addDays(1), zone);
}

void addQuarters(SpendSpan &span, UtcTime first, UtcTime end)
{
    for (UtcTime at = first; at < end; at += Quarter)
        span.steps.append(at);
    span.end = end;
    span.days = false;
}

} // namespace

SpendSpan spanOf(SpendRange range, UtcTime now, const QTimeZone &zone, std::int64_t sessionId,
                 UtcTime sessionStart)
{
    const QDate today = QDateTime::fromMSecsSinceEpoch(now.time_since_epoch().count(), zone).date();
    SpendSpan span;
    span.range = range;
    switch (range) {
    case SpendRange::Session:
        addQuarters(span, quarterOf(sessionStart),
                    quarterOf(std::max(now, sessionStart)) + Quarter);
        span.filter.sessionId = sessionId;
        return span; // the session bounds it; its hours only place the steps
    case SpendRange::Today:
        addQuarters(span, startOf(today, zone), startOf(today.addDays(1), zone));
        break;
    case SpendRange::SevenDays:
        addDays(span, today.addDays(-6), today, zone);
        break;
    case SpendRange::Month:
        addDays(span, QDate(today.year(), today.month(), 1),
                QDate(today.year(), today.month(), today.daysInMonth()), zone);
        break;
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
