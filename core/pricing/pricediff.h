#pragma once

#include "core/pricing/pricecatalogue.h"
#include "core/pricing/pricechange.h"

#include <QStringList>

namespace core {

//! What changes from one catalogue to another, and why that may not be believed.
struct PriceDiff
{
    QList<PriceChange> changes; //!< By provider and model.
    //! Reasons for a quarantine, for people: a catalogue with any is never applied unasked (few
    //! models, half of them lost, a rate three times the old one, an invariant that fails and did
    //! not before).
    QStringList doubts;
    int added = 0, removed = 0, changed = 0; //!< Models.
};

//! All of \p diff in the order in which it is worth a look: changed prices by their factor, largest
//! first (a price that comes up out of nothing or free before all), then models that go, then new
//! ones.
[[nodiscard]] QList<PriceChange> byWeight(const PriceDiff &diff);

//! Compares the cards that are valid at \p at, whole: rates, context tiers, service tiers, hours,
//! modifiers and fees.
[[nodiscard]] PriceDiff priceDiff(const PriceCatalogue &before, const PriceCatalogue &after,
                                  UtcTime at);

} // namespace core
