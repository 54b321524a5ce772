#pragma once

#include "core/pricing/pricetable.h"

#include <memory>

namespace core {

//! The user's \p layer with the catalogue \p base under each of its cards: what a card of the layer
//! sets, it sets; for the rest it has what \p base charges for that model at the time, borrowed
//! prices included. A model that \p base does not know keeps its card as it is.
[[nodiscard]] std::shared_ptr<const PriceTable> laidOver(const PriceTable &base,
                                                         const PriceTable &layer);
//! \p own of the user's, valid as long as it is, with what it leaves unset from \p below.
[[nodiscard]] std::shared_ptr<const RateCard> laidOver(const std::shared_ptr<const RateCard> &below,
                                                       const RateCard &own, bool borrowed);

} // namespace core
