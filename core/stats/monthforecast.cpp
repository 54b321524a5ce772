#include "core/stats/monthforecast.h"

namespace core {

namespace {

//! \p cost of \p whole, as it would be of \p span.
std::optional<Cost> scaled(const Cost &cost, std::chrono::seconds span, std::chrono::seconds whole)
{
    const auto low = cost.low.scaled(span.count(), whole.count());
    const auto high = cost.high.scaled(span.count(), whole.count());
    return low && high ? std::optional(Cost{*low, *high, cost.complete}) : std::nullopt;
}

} // namespace

MonthForecast monthForecast(const Cost &soFar, UtcTime now, const QTimeZone &zone)
{
    const BudgetSpan month = spanAt(LimitPeriod::Month, now, zone);
    MonthForecast forecast;
    forecast.soFar = soFar;
    forecast.saidFrom = month.begin + MonthForecast::TooEarly;
    forecast.length = std::chrono::floor<std::chrono::seconds>(month.end - month.begin);
    const bool isUnknown = !soFar.complete && soFar.high == PicoUsd();
    if (now < forecast.saidFrom || isUnknown)
        return forecast;
    const auto passed = std::chrono::floor<std::chrono::seconds>(now - month.begin);
    forecast.atEnd = scaled(soFar, forecast.length, passed);
    return forecast;
}

std::optional<Cost> MonthForecast::during(std::chrono::seconds span) const
{
    return atEnd ? scaled(*atEnd, span, length) : std::nullopt;
}

std::optional<BudgetStanding> monthBudget(const QList<BudgetStanding> &standings,
                                          std::int64_t workspaceId)
{
    const auto isWanted = [workspaceId](const Budget &budget) {
        return workspaceId == 0 ? budget.scope == BudgetScope::All
                                : budget.scope == BudgetScope::Workspace &&
                                      budget.scopeKey.toLongLong() == workspaceId;
    };
    std::optional<BudgetStanding> smallest;
    for (const BudgetStanding &standing : standings) {
        const Budget &budget = standing.budget;
        if (isWanted(budget) && budget.period == LimitPeriod::Month &&
            budget.unit == LimitUnit::Money && (!smallest || budget.limit < smallest->budget.limit))
            smallest = standing;
    }
    return smallest;
}

Cost countedBy(const BudgetStanding &standing)
{
    return {PicoUsd(standing.certain()), PicoUsd(standing.spent), standing.priced};
}

} // namespace core
