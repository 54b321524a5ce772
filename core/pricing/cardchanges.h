#pragma once

#include "core/pricing/pricechange.h"

#include <QList>

namespace core {

//! Every price that \p after has otherwise than \p before; provider and model are left empty.
//!
//! What one of them does not name is compared as what would be charged instead: without a tier for
//! long requests the usual rate holds, without a service tier the usual rates do.
[[nodiscard]] QList<PriceChange> cardChanges(const RateCard &before, const RateCard &after);

} // namespace core
