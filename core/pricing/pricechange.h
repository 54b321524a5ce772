#pragma once

#include "core/base/picousd.h"
#include "core/pricing/ratecard.h"

#include <QString>

#include <optional>

namespace core {

//! What another catalogue would make of one model's price today.
struct PriceChange
{
    //! Rate, Factor and Fee: of a model that both catalogues price.
    enum class Kind { Added, Removed, Rate, Factor, Fee };
    Kind kind = Kind::Rate;
    QString provider, model;
    UsageKind rate = UsageKind::Input;    //!< Of Rate.
    std::optional<PicoUsd> before, after; //!< Of Rate: dollars per million tokens; none: unknown.
    //! Where it holds: "above 200000 tokens", "batch", "inference_geo us"; empty: the base rates.
    QString where{};
    std::optional<Multiplier> factorBefore{}, factorAfter{}; //!< Of Factor; none: no factor.
    std::optional<PriceFee> feeBefore{}, feeAfter{};         //!< Of Fee; none: unknown.
    bool operator==(const PriceChange &) const = default;
};

} // namespace core
