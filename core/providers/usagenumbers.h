#pragma once

#include "core/base/picousd.h"
#include "core/chat/usage.h"
#include "core/providers/json.h"

namespace core {

//! Dollars from the text of a JSON number ("0.000669", "1.13e-05"), rounded half to even to
//! pico-USD; never through a double. None if negative, out of range or no number.
[[nodiscard]] std::optional<PicoUsd> dollarsFromNumber(QByteArrayView text);

//! Puts \p count under \p kind if it is known.
void setCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count);
//! The same for counts of which a report has several of one kind: their sum.
void addCount(Usage &usage, UsageKind kind, std::optional<std::int64_t> count);

} // namespace core
