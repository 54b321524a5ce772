#include "core/ledger/budget.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace core {

namespace {

constexpr std::chrono::minutes Step(15); // clocks move by multiples of it
constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();

QDate firstDay(LimitPeriod period, const QDate &day)
{
    return period == LimitPeriod::Month ? QDate(day.year(), day.month(), 1) : day;
}

QDate next(LimitPeriod period, const QDate &first)
{
    return period == LimitPeriod::Month ? first.addMonths(1) : first.addDays(1);
}

QDate previous(LimitPeriod period, const QDate &first)
{
    return period == LimitPeriod::Month ? first.addMonths(-1) : first.addDays(-1);
}

QDate dateOf(UtcTime at, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), zone).date();
}

//! The first moment of \p day; of the next day that there is, where the zone skipped this one.
UtcTime beginningOf(const QDate &day, const QTimeZone &zone)
{
    QDate there = day;
    QDateTime start = there.startOfDay(zone);
    while (!start.isValid()) { // Samoa had no 30 December 2011
        there = there.addDays(1);
        start = there.startOfDay(zone);
    }
    UtcTime first(std::chrono::milliseconds(start.toMSecsSinceEpoch()));
    while (dateOf(first - Step, zone) == there) // midnight came twice: Qt names the second one
        first -= Step;
    return first;
}

std::int64_t askedFor(LimitUnit unit, const Reservation &reservation, std::int64_t requests)
{
    switch (unit) {
    case LimitUnit::Money:
        return reservation.money.count();
    case LimitUnit::Tokens:
        return reservation.tokens;
    case LimitUnit::Requests:
        return requests;
    }
    Q_UNREACHABLE();
}

bool isAllowed(const BudgetStanding &standing, Consent consent)
{
    if (standing.budget.hard)
        return consent == Consent::Once;
    return consent != Consent::None || standing.asked;
}

} // namespace

BudgetSpan spanAt(LimitPeriod period, UtcTime at, const QTimeZone &zone)
{
    if (period == LimitPeriod::Session || period == LimitPeriod::Message)
        return {UtcTime::min(), UtcTime::max(), QStringLiteral("session")};
    const QDate today = dateOf(at, zone);
    // The date of a moment may be one that its clocks will leave and enter again: what counts is
    // between which beginnings it lies.
    QDate first = firstDay(period, today);
    while (beginningOf(first, zone) > at)
        first = previous(period, first);
    QDate after = next(period, first);
    while (beginningOf(after, zone) <= at) {
        first = after;
        after = next(period, first);
    }
    const QString name = first.toString(
        period == LimitPeriod::Month ? QStringLiteral("yyyy-MM") : QStringLiteral("yyyy-MM-dd"));
    return {beginningOf(first, zone), beginningOf(after, zone), name};
}

QTimeZone zoneOf(const Budget &budget, const QTimeZone &standard)
{
    if (budget.zone.isEmpty())
        return standard;
    const QTimeZone zone(budget.zone);
    return zone.isValid() ? zone : standard;
}

std::int64_t saturatingCount(std::int64_t a, std::int64_t b)
{
    return a > Most - b ? Most : a + b;
}

std::int64_t BudgetStanding::available() const
{
    return std::max<std::int64_t>(0, budget.limit -
                                         std::min(budget.limit, saturatingCount(spent, reserved)));
}

int BudgetStanding::percentSpent() const
{
    constexpr int Highest = 1000;
    if (budget.limit <= 0)
        return spent > 0 ? Highest : 100; // nothing may be spent, and that is used up
    const std::int64_t percent = spent <= Most / 100
                                     ? spent * 100 / budget.limit
                                     : spent / std::max<std::int64_t>(budget.limit / 100, 1);
    return static_cast<int>(std::min<std::int64_t>(percent, Highest));
}

std::optional<Shortfall> shortfallOf(const BudgetStanding &standing, const Reservation &reservation,
                                     std::int64_t requests)
{
    const Budget &budget = standing.budget;
    const std::int64_t need = askedFor(budget.unit, reservation, requests);
    const std::int64_t left = standing.available();
    if (need <= left || isAllowed(standing, reservation.consent))
        return std::nullopt;
    Shortfall shortfall;
    shortfall.unit = budget.unit;
    shortfall.period = budget.period;
    shortfall.budgetId = budget.id;
    shortfall.hard = budget.hard;
    shortfall.need = need;
    shortfall.left = left;
    if (budget.unit == LimitUnit::Money) {
        shortfall.certain = standing.certain();
        shortfall.unsure = standing.unsure;
        shortfall.priced = standing.priced;
    }
    return shortfall;
}

int noticeReached(int percent)
{
    int reached = 0;
    for (const int notice : NoticePercents) {
        if (percent >= notice)
            reached = notice;
    }
    return reached;
}

} // namespace core
