#pragma once

#include "core/base/clock.h"
#include "core/chat/usage.h"

#include <optional>

namespace core {

class CostCalculator;
struct Seller;

//! Whether any token of \p usage was read from a service's prompt cache or written to it.
[[nodiscard]] bool usesPromptCache(const Usage &usage);

//! What the service's prompt cache saved: what the same tokens would have cost, all of them sent
//! plain, less what they cost. Negative where writing cost more than reading saved. Zero without
//! cached tokens; nothing where a price is unknown, or how far below it the service was sold. By
//! the table, also where the service told its own price. Parameters as of CostCalculator::cost().
[[nodiscard]] std::optional<PicoUsd> promptCacheSaving(const CostCalculator &costs,
                                                       const Seller &seller, const QString &model,
                                                       const Usage &usage, UtcTime at);

} // namespace core
