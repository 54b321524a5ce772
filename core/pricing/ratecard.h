#pragma once

#include "core/base/clock.h"
#include "core/base/picousd.h"
#include "core/chat/usage.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QTimeZone>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace core {

//! Rates by kind, in pico-USD per token; a kind without a rate is unknown, which is not free.
class TokenRates
{
public:
    [[nodiscard]] std::optional<std::int64_t> rate(UsageKind kind) const
    {
        if (!isOtherCacheWrite(kind))
            return m_rates.at(static_cast<std::size_t>(kind));
        const auto found = m_otherCacheWrites.constFind(kind);
        return found == m_otherCacheWrites.cend() ? std::nullopt : std::optional(*found);
    }
    //! The rate as catalogues and people write it; nothing if it is unknown, or beyond PicoUsd.
    [[nodiscard]] std::optional<PicoUsd> perMillion(UsageKind kind) const;
    void set(UsageKind kind, std::int64_t picoUsdPerToken)
    {
        if (isOtherCacheWrite(kind))
            m_otherCacheWrites.insert(kind, picoUsdPerToken);
        else
            m_rates.at(static_cast<std::size_t>(kind)) = picoUsdPerToken;
    }
    [[nodiscard]] QList<UsageKind> kinds() const; //!< Those with a rate, in the order of the enum.
    //! Rates of \p over win; kinds it does not name keep theirs.
    void overlay(const TokenRates &over);
    [[nodiscard]] bool isEmpty() const;
    bool operator==(const TokenRates &) const = default;

private:
    static constexpr std::size_t Kinds = static_cast<std::size_t>(UsageKind::OutputCitation) + 1;
    std::array<std::optional<std::int64_t>, Kinds> m_rates{};
    QMap<UsageKind, std::int64_t> m_otherCacheWrites;
};

//! A factor on prices: ten-thousandths, so that four decimals are exact.
struct Multiplier
{
    static constexpr std::int64_t One = 10'000;
    std::int64_t tenThousandths = One;
    bool operator==(const Multiplier &) const = default;
};

//! Other rates for long requests.
struct ContextTier
{
    std::int64_t above = 0;
    bool inclusive = false; //!< Applies at exactly \p above tokens too.
    bool marginal = false;  //!< Only the tokens beyond; else the whole request.
    bool countsInput = true;
    bool countsOutput = false;
    TokenRates rates;
    [[nodiscard]] std::int64_t counted(std::int64_t input, std::int64_t output) const;
    [[nodiscard]] bool appliesTo(std::int64_t tokens) const
    {
        return inclusive ? tokens >= above : tokens > above;
    }
};

//! Prices of one service tier ("batch", "priority", ...). Explicit rates beat the multiplier.
struct ServiceTier
{
    Multiplier multiplier;
    TokenRates rates;
    QList<ContextTier> contextTiers;
};

//! A factor that applies where the response says so (inference_geo, speed) or a place is meant;
//! without a condition always (a discount of the user's).
struct PriceModifier
{
    QString id;
    QMap<QString, QString> when;
    Multiplier multiplier;
    bool everyToken = true; //!< Every kind of token.
    QList<UsageKind> kinds; //!< Else these, with what is priced by their rates.
    QList<FeeUnit> fees;    //!< No fee that does not stand here.
    [[nodiscard]] bool concerns(UsageKind kind, UsageKind pricedAs) const
    {
        return everyToken || kinds.contains(kind) || kinds.contains(pricedAs);
    }
};

//! Other rates at some hours of the day (UTC), start inclusive, end exclusive; may wrap midnight.
struct PriceSchedule
{
    struct Window
    {
        std::chrono::minutes from{};
        std::chrono::minutes to{};
    };
    QList<Window> windows;
    QList<int> weekdays; //!< 1 Monday .. 7 Sunday, of the window's start; empty: all.
    QTimeZone weekdayZone = QTimeZone::utc(); //!< Where it is that day.
    TokenRates rates;
    [[nodiscard]] bool covers(UtcTime at) const;
};

//! A price by the piece.
struct PriceFee
{
    FeeUnit unit = FeeUnit::Request;
    std::int64_t per = 1000;
    PicoUsd usd;
    std::int64_t minimumUnits = 0;
    //! What it asks for (how deep a search went, the size of a picture); empty: always. In lower
    //! case.
    QMap<QString, QString> when{};
    bool operator==(const PriceFee &) const = default;
};

//! The prices of one model for one span of time.
struct RateCard
{
    QString id;                  //!< Stable: goes into every ledger line.
    std::optional<UtcTime> from; //!< Inclusive.
    std::optional<UtcTime> to;   //!< Exclusive.
    std::optional<UtcTime> checkedOn;
    bool contested = false; //!< Sources disagree.
    bool user = false;      //!< The user's word: ownRates, and the rest where nothing is below.
    TokenRates rates;
    TokenRates ownRates; //!< Those of rates that the user set.
    //! Of a user's card: the catalogue's, whose prices hold wherever the user set none.
    std::shared_ptr<const RateCard> below;
    bool belowIsBorrowed = false; //!< It is another provider's (aliases_follow).
    QList<ContextTier> contextTiers;
    QMap<QString, ServiceTier> serviceTiers;
    QList<PriceModifier> modifiers;
    QList<PriceSchedule> schedules;
    QList<PriceFee> fees;
    QString notes; //!< A sentence of the source's, for people.
    [[nodiscard]] bool isValidAt(UtcTime at) const
    {
        return (!from || *from <= at) && (!to || at < *to);
    }
};

} // namespace core
