#pragma once

#include "core/pricing/ratecard.h"

#include <QList>
#include <QSet>

#include <limits>

namespace core {

//! Whether cache writes of \p model have prices by how long they are kept, as those of Claude have
//! whoever sells it.
[[nodiscard]] bool sellsWritesByTime(const QString &model);

//! What a cache write kept for an hour costs where no rate names it: what other writes do, or
//! nobody knows, since it has a price of its own (sellsWritesByTime()).
enum class HourWrites { AsOthers, OwnPrice };

//! What one kind of token costs, before modifiers.
struct AppliedRate
{
    std::optional<std::int64_t> picoPerToken; //!< None: unknown.
    UsageKind kind = UsageKind::Input;        //!< Whose rate it is.
    Multiplier multiplier;                    //!< Of the service tier.
    bool assumed = false;                     //!< Another kind's rate stands in.
    bool own = false;                         //!< The user's, not the catalogue's below it.
};

//! The rates of a card that hold for one request: the card's own, over them those of the hour, over
//! them those of the service tier, over them those of the context tier.
class EffectiveRates
{
public:
    enum class Source { Card, ServiceTier };

    EffectiveRates(const RateCard &card, const QString &serviceTier, UtcTime at);
    //! Lays the rates of a context tier over, which are the card's or those of the service tier:
    //! its multiplier is in these.
    void overlay(const TokenRates &rates, Source source);
    //! The rate of \p kind, else that of the kind that stands in for it.
    [[nodiscard]] AppliedRate of(UsageKind kind, HourWrites hourWrites) const;

private:
    void lay(const TokenRates &rates);

    TokenRates m_rates;
    Multiplier m_multiplier;
    QSet<UsageKind> m_own;      //!< Rates that the user set and no tier replaced.
    QSet<UsageKind> m_explicit; //!< Rates of the service tier itself: not multiplied.
};

//! A stretch of a request's tokens that has one set of rates. Whole-request tiers give one band.
struct RateBand
{
    std::int64_t tokens = std::numeric_limits<std::int64_t>::max();
    EffectiveRates rates;
};

//! Input and output of a request cut into bands, first tokens first.
struct RateBands
{
    QList<RateBand> input;
    QList<RateBand> output;
};

//! Every set of rates that a request may have in \p serviceTier at \p at, however long it is.
[[nodiscard]] QList<EffectiveRates> reachableRates(const RateCard &card, const QString &serviceTier,
                                                   UtcTime at);

[[nodiscard]] RateBands rateBands(const RateCard &card, const QString &serviceTier,
                                  std::int64_t input, std::int64_t output, UtcTime at);

} // namespace core
