#pragma once

#include "core/pricing/pricecatalogue.h"

#include <QStringList>

namespace core {

//! What another catalogue would make of one model's price today.
struct PriceChange
{
    enum class Kind { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    QString provider, model;
    UsageKind rate = UsageKind::Input;    //!< That changed; of Added and Removed none.
    std::optional<PicoUsd> before, after; //!< Dollars per million tokens; none: unknown.
    bool operator==(const PriceChange &) const = default;
};

//! What changes from one catalogue to another, and why that may not be believed.
struct PriceDiff
{
    QList<PriceChange> changes; //!< By provider and model.
    //! Reasons for a quarantine, for people: a catalogue with any is never applied unasked
    //! (pricing-schema.md §7: few models, half of them lost, a rate three times the old one).
    QStringList doubts;
};

//! Compares the cards that are valid at \p at.
[[nodiscard]] PriceDiff priceDiff(const PriceCatalogue &before, const PriceCatalogue &after,
                                  UtcTime at);

} // namespace core
