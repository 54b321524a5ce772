#pragma once

#include "core/base/clock.h"
#include "core/base/picousd.h"
#include "core/chat/usage.h"
#include "core/pricing/seller.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace core {

class PriceCatalogue;

//! One line of a cost: a kind of token (or a fee) times its rate. Frozen once in the ledger.
struct CostLine
{
    QString kind; //!< Rate key ("input", "cache_read", ...) or fee unit.
    std::int64_t quantity = 0;
    std::optional<PicoUsd> perMillion; //!< Rate in dollars per million tokens (per thousand units
                                       //!< for fees); none: unknown.
    QString multiplier = QStringLiteral("1"); //!< Product of service tier and modifiers, decimal.
    std::optional<PicoUsd> amount;            //!< None: unknown, never zero.
    QString rateCard;
    QStringList flags; //!< assumed, borrowed, contested, stale, unknown, reported, user.
    bool operator==(const CostLine &) const = default;
};

//! What one attempt cost and why.
struct CostBreakdown
{
    QList<CostLine> lines;
    Cost total;       //!< complete is false if a line's amount is unknown.
    QString rateCard; //!< Empty: no card was found.
    //! Those of the lines, and unknown where the counts of a side are not there.
    QStringList flags;
    bool operator==(const CostBreakdown &) const = default;
};

//! Prices usage by a catalogue: integer arithmetic, one rounding a line. Pure.
class CostCalculator
{
public:
    explicit CostCalculator(const PriceCatalogue &catalogue)
        : m_catalogue(catalogue)
    {
    }

    //! \p model as asked for (usage.model, as answered, wins); \p at the start of the request.
    //! Usage without counts gives no lines and an incomplete total.
    [[nodiscard]] CostBreakdown cost(const Seller &seller, const QString &model, const Usage &usage,
                                     UtcTime at) const;

    //! What \p usage costs at most: as cost(), and where a part has no price, all of its tokens by
    //! the dearest rates that the provider has now in that service tier (the whole catalogue, if it
    //! has none). Never free for being unknown.
    [[nodiscard]] PicoUsd most(const Seller &seller, const QString &model, const Usage &usage,
                               UtcTime at) const;

    //! Under which name the ledger keeps what \p seller charges for \p model: the catalogue's
    //! provider whose prices hold, so that they can be looked up again without the host.
    [[nodiscard]] QString pricedUnder(const Seller &seller, const QString &model, UtcTime at) const;

private:
    const PriceCatalogue &m_catalogue;
};

} // namespace core
