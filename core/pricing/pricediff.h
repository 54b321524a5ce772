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
    QString tier{}; //!< "above 200000 tokens", "batch"; empty: the base rates.
    bool operator==(const PriceChange &) const = default;
};

//! What changes from one catalogue to another, and why that may not be believed.
struct PriceDiff
{
    QList<PriceChange> changes; //!< By provider and model.
    //! Reasons for a quarantine, for people: a catalogue with any is never applied unasked
    //! (pricing-schema.md §7: few models, half of them lost, a rate three times the old one, an
    //! invariant that fails and did not before).
    QStringList doubts;
    int added = 0, removed = 0, changed = 0; //!< Models.
};

//! The \p most changes of a rate that are largest by their factor, largest first. A price that
//! comes up out of nothing or free goes before all.
[[nodiscard]] QList<PriceChange> largestChanges(const PriceDiff &diff, qsizetype most);

//! Compares the cards that are valid at \p at.
[[nodiscard]] PriceDiff priceDiff(const PriceCatalogue &before, const PriceCatalogue &after,
                                  UtcTime at);

} // namespace core
