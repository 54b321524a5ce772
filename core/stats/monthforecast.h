#pragma once

#include "core/ledger/budget.h"
#include "core/stats/spendqueries.h"

namespace core {

//! What is spent in a month so far, and what it comes to at the same pace.
struct MonthForecast
{
    //! Before it, one busy day would make a month of itself.
    static constexpr std::chrono::days TooEarly{3};

    Cost soFar;
    //! soFar × length of the month / what has passed of it, in the local time zone. None: in the
    //! month's first days, or where nothing of the cost is known. A range stays one; with a part
    //! of unknown price it is that of the rest, as soFar.
    std::optional<Cost> atEnd;
    UtcTime saidFrom{};             //!< The first moment at which there may be one.
    std::chrono::seconds length{0}; //!< Of the month.
    //! What a part of the month that is \p span long comes to at this pace. None: as atEnd.
    [[nodiscard]] std::optional<Cost> during(std::chrono::seconds span) const;
    bool operator==(const MonthForecast &) const = default;
};

//! \p soFar: all real money since the month began in \p zone; \p now lies in that month.
[[nodiscard]] MonthForecast monthForecast(const Cost &soFar, UtcTime now, const QTimeZone &zone);

//! The month's budget of all money in \p standings, or of what \p workspaceId spends (0: all); with
//! several, the smallest. None: no such budget.
[[nodiscard]] std::optional<BudgetStanding> monthBudget(const QList<BudgetStanding> &standings,
                                                        std::int64_t workspaceId = 0);
//! What \p standing, of money, counts as spent: from what is certain to what it takes it for.
[[nodiscard]] Cost countedBy(const BudgetStanding &standing);

} // namespace core
