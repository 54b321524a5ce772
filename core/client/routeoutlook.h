#pragma once

#include "core/client/fallbackcheck.h"

#include <QList>

#include <optional>

namespace core {

//! A target of a route and what it takes, before anything is asked.
struct PricedEnd
{
    FallbackEnd end;
    std::optional<PicoUsd> inputPerMillion, outputPerMillion;
};

//! What falling back from a route's first target to another one would mean, told in advance.
struct TargetOutlook
{
    //! Times the first one's price, for as many tokens in as out; none: one is not known, or free.
    std::optional<double> priceRatio;
    //! What it may be asked about first: the losses only for requests that use what is lost.
    QList<Decision::Reason> reasons;
    QString region; //!< OtherRegion: where it is; may be empty.
    bool operator==(const TargetOutlook &) const = default;
};

[[nodiscard]] TargetOutlook outlookOf(const PricedEnd &first, const PricedEnd &other);

} // namespace core
