#pragma once

#include "core/base/clock.h"

#include <QString>

#include <chrono>
#include <optional>

namespace ui {

//! "10 s", "0.5 s", "60 min", "1 h": exact, and read back by durationFrom().
[[nodiscard]] QString exactDurationText(std::chrono::milliseconds duration);

//! "10", "10 s", "1,5 s", "250 ms", "60 min", "1 h"; a number alone is seconds. None: no duration,
//! negative, or longer than a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> durationFrom(const QString &text);

//! "just now", "5 min ago", "3 h ago", "2 days ago".
[[nodiscard]] QString agoText(core::UtcTime at, core::UtcTime now);

} // namespace ui
