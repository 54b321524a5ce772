#pragma once

#include "core/base/clock.h"
#include "core/base/picousd.h"
#include "core/base/shortfall.h"

#include <QDate>
#include <QString>

#include <cstdint>
#include <optional>

namespace core {

//! Whose requests a budget counts.
enum class BudgetScope { All, Workspace, Provider };

//! A limit on what is spent in a period: money, or a quota of tokens or requests. Simulated money
//! never counts.
struct Budget
{
    std::int64_t id = 0;
    BudgetScope scope = BudgetScope::All;
    QString scopeKey; //!< Workspace id, or provider as its account has it; empty for All.
    LimitPeriod period = LimitPeriod::Month; //!< Never Message.
    LimitUnit unit = LimitUnit::Money;
    std::int64_t limit = 0; //!< Pico-USD, tokens or requests, as the unit says.
    bool hard = false;      //!< Blocks new sends; else asks once a period. Never cuts an answer.
    QByteArray zone;        //!< IANA name: whose midnight ends a day. Empty: the machine's.
    bool operator==(const Budget &) const = default;
};

//! A budget's day, month or session: half-open [begin, end).
struct BudgetSpan
{
    UtcTime begin = UtcTime::min();
    UtcTime end = UtcTime::max();
    QString name; //!< "2026-11-24", "2026-11"; "session".
    bool operator==(const BudgetSpan &) const = default;
};

//! The span that \p at lies in. Days and months are those of the calendar in \p zone; they tile
//! the time line whatever its clocks do: where midnight is skipped or comes twice, a day begins at
//! its first moment, and a day that the zone skipped has no span.
[[nodiscard]] BudgetSpan spanAt(LimitPeriod period, UtcTime at, const QTimeZone &zone);
//! The zone of \p budget; \p standard where it names none or one that is unknown here.
[[nodiscard]] QTimeZone zoneOf(const Budget &budget, const QTimeZone &standard);

//! How far the user lets one request go.
enum class Consent {
    None,
    Soft, //!< Past the soft budgets, for the rest of their periods.
    Once  //!< Past every budget, this request only.
};

//! What the user said of the money of one message.
struct SpendTerms
{
    Consent consent = Consent::None;
    std::optional<PicoUsd> cap;         //!< All attempts of the message together.
    std::optional<int> maxOutputTokens; //!< Shorter than the chat's option, so that it fits.
    bool operator==(const SpendTerms &) const = default;
};

//! What an attempt sets aside in every budget that counts it, until it is settled.
struct Reservation
{
    PicoUsd money;           //!< The most that it may cost; what has no price is estimated high.
    std::int64_t tokens = 0; //!< The most that it may take, input and output.
    QString provider;        //!< As budgets name it.
    Consent consent = Consent::None;
    bool operator==(const Reservation &) const = default;
};

//! Where a budget stands in its span. Available = limit - spent - reserved.
struct BudgetStanding
{
    Budget budget;
    BudgetSpan span;
    //! Settled; ranges by their high end, what has no price by a high estimate.
    std::int64_t spent = 0;
    //! The part of spent, money only, that nobody knows to have been spent: what ranges and
    //! unknown prices count for beyond their low end. Told by readStandings() alone.
    std::int64_t unsure = 0;
    bool priced = true;        //!< False: what was spent has a part without a price.
    std::int64_t reserved = 0; //!< Set aside for what runs.
    bool asked = false;        //!< Soft: the user let it pass in this span.
    [[nodiscard]] std::int64_t certain() const { return spent - unsure; }
    [[nodiscard]] std::int64_t available() const; //!< Never negative.
    [[nodiscard]] int percentSpent() const;       //!< Of the limit, 0 to 1000.
    bool operator==(const BudgetStanding &) const = default;
};

//! What \p standing lacks for \p reservation; nothing: it fits, or the user let it pass.
//! \p requests: 1 for the first attempt of a request that the budget counts, else 0.
[[nodiscard]] std::optional<Shortfall>
shortfallOf(const BudgetStanding &standing, const Reservation &reservation, std::int64_t requests);

//! Adds counts that are not negative and stays at the upper limit instead of wrapping.
[[nodiscard]] std::int64_t saturatingCount(std::int64_t a, std::int64_t b);

//! The percentages at which a budget gives notice, once a span each.
inline constexpr int NoticePercents[] = {50, 80, 100};
//! The highest of them that \p percent has reached; 0: none.
[[nodiscard]] int noticeReached(int percent);

} // namespace core
