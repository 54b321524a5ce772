#pragma once

#include "core/base/picousd.h"
#include "core/chat/usage.h"
#include "core/providers/json.h"

namespace core {

//! Dollars from the text of a JSON number ("0.000669", "1.13e-05"), rounded half to even to
//! pico-USD; never through a double. None if negative, out of range or no number.
[[nodiscard]] std::optional<PicoUsd> dollarsFromNumber(QByteArrayView text);

//! What the service itself says that the call cost: OpenRouter's "cost", Perplexity's table of that
//! name, xAI's "cost_in_usd_ticks". Where OpenRouter used a key of the user's own (BYOK), its
//! figure is its fee alone, and what the service behind it charges is added. None: it does not say,
//! or not all of it.
[[nodiscard]] std::optional<PicoUsd> reportedCost(const JsonElement &usage);

//! Puts \p count under \p kind if it is known.
void setCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count);
//! The same for counts of which a report has several of one kind: their sum.
void addCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count);

} // namespace core
