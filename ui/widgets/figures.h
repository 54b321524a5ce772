#pragma once

#include "core/base/picousd.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

namespace ui {

//! How many decimals a place shows.
enum class Decimals {
    Sidebar, //!< 3 below one dollar, else 2.
    Figures, //!< 4: header, footer, composer.
    Exact,   //!< All that there are: Details, exports.
};

//! What stands beside an amount.
enum class MoneyMark { None, Simulated, Local };

//! US dollars in every locale: "$0.0412", "<$0.001", "$1,204.50", "$0". A positive amount below the
//! last decimal is never shown as zero. Integer arithmetic, half to even.
[[nodiscard]] QString moneyText(core::PicoUsd amount, Decimals decimals);

//! A rate with all its decimals, cents at least: "$0.075", "$15.00".
[[nodiscard]] QString rateText(core::PicoUsd perMillion);

//! "$0.0114 – 0.0150" for a range, "≥ $0.0067" with a part of unknown price, "> $0" where what is
//! known of it is below the last decimal, "cost unknown" where nothing is known (none, or
//! incomplete with nothing counted), "local", "$0.0031 simulated". Lower bounds are never rounded
//! up, nor upper ones down.
[[nodiscard]] QString costText(const std::optional<core::Cost> &cost, Decimals decimals,
                               MoneyMark mark = MoneyMark::None);

[[nodiscard]] QString countText(std::int64_t count);      //!< "9,396"
[[nodiscard]] QString shortCountText(std::int64_t count); //!< "940", "12.4k", "61k", "1.2M"
//! Of a lower bound: as above, but no more than \p count. Not negative.
[[nodiscard]] QString shortLeastCountText(std::int64_t count);
[[nodiscard]] QString sizeText(std::int64_t bytes); //!< "214 KB", "1.4 MB"
//! "0.62 s", "12.4 s", "1 min 05 s", "2 h 03 min".
[[nodiscard]] QString durationText(std::chrono::milliseconds duration);
[[nodiscard]] QString speedText(double tokensPerSecond); //!< "71 tok/s", "4.2 tok/s"

} // namespace ui
