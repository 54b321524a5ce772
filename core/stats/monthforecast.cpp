#include "core/stats/monthforecast.h"

#include <algorithm>

namespace core {

MonthForecast monthForecast(const Cost &soFar, UtcTime now, const QTimeZone &zone)
{
    const BudgetSpan month = spanAt(LimitPeriod::Month, now, zone);
    MonthForecast forecast;
    forecast.soFar = soFar;
    forecast.saidFrom = month.begin + MonthForecast::TooEarly;
    const bool isUnknown = !soFar.complete && soFar.high == PicoUsd();
    if (now < forecast.saidFrom || isUnknown)
        return forecast;
    const auto seconds = [](auto duration) {
        return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    };
    const std::int64_t length = seconds(month.end - month.begin);
    const std::int64_t passed = seconds(now - month.begin);
    const auto low = soFar.low.scaled(length, passed);
    const auto high = soFar.high.scaled(length, passed);
    if (low && high)
        forecast.atEnd = Cost{*low, *high, soFar.complete};
    return forecast;
}

std::optional<PicoUsd> monthLimit(const QList<BudgetStanding> &standings)
{
    std::optional<PicoUsd> smallest;
    for (const BudgetStanding &standing : standings) {
        const Budget &budget = standing.budget;
        const PicoUsd limit(budget.limit);
        if (budget.scope == BudgetScope::All && budget.period == LimitPeriod::Month &&
            budget.unit == LimitUnit::Money)
            smallest = smallest ? std::min(*smallest, limit) : limit;
    }
    return smallest;
}

} // namespace core
