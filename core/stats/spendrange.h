#pragma once

#include "core/stats/spendqueries.h"

namespace core {

//! The spans of time that the dashboard offers.
enum class SpendRange { Session, Today, SevenDays, Month };

//! What one step of a chart is. Days are local: they have 23 or 25 hours where the clock changes.
enum class StepLength { QuarterHour, Day };

//! A span cut into the steps that a chart shows.
struct SpendSpan
{
    SpendRange range = SpendRange::Month;
    SpendFilter filter;
    QList<UtcTime> steps; //!< Start of each step, ascending; the last one ends at \p end.
    UtcTime end{};
    StepLength stepLength = StepLength::Day;
};

//! \p range as of \p now in \p zone. Month runs to its last day; Today from midnight to midnight;
//! Session (\p sessionId, begun at \p sessionStart) to the quarter hour that is running.
[[nodiscard]] SpendSpan spanOf(SpendRange range, UtcTime now, const QTimeZone &zone,
                               std::int64_t sessionId, UtcTime sessionStart);

//! One step of the charts.
struct SpendStep
{
    UtcTime start{};
    QMap<QString, Cost> costByProvider;
    LatencyHistogram firstToken;
    bool operator==(const SpendStep &) const = default;
};

//! \p quarters (SpendQueries::quarters) put into the steps of \p span; what lies outside is left
//! out.
[[nodiscard]] QList<SpendStep> stepsOf(const SpendSpan &span, const QList<SpendRow> &quarters);

} // namespace core
