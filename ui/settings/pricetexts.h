#pragma once

#include "core/pricing/pricecatalogue.h"
#include "core/pricing/pricediff.h"

#include <QStringList>

namespace ui {

//! "0.075", "15.00": a rate in dollars per million tokens with all its decimals, cents at least;
//! a dash where it is unknown. The head says dollars.
[[nodiscard]] QString rateText(const std::optional<core::PicoUsd> &perMillion);
//! The rate of \p kind in \p rates; nothing: unknown.
[[nodiscard]] std::optional<core::PicoUsd> rateOf(const core::TokenRates &rates,
                                                  core::UsageKind kind);

//! The card of \p cards that is valid at \p at; null: none.
[[nodiscard]] std::shared_ptr<const core::RateCard>
cardAt(const QList<std::shared_ptr<const core::RateCard>> &cards, core::UtcTime at);

//! What is to be known about a card's trustworthiness: "yours", "stale", "contested"; empty: none.
[[nodiscard]] QString markText(const core::RateCard &card, const core::PriceCatalogue &catalogue,
                               core::UtcTime at);

//! All that \p card says, a line each: rates, tiers, hours, fees, validity.
[[nodiscard]] QStringList cardText(const core::RateCard &card);
//! What of \p card a price of the user's leaves alone, a line each: kinds of tokens that it cannot
//! name, tiers, hours, modifiers, fees. Empty: nothing.
[[nodiscard]] QStringList restText(const core::RateCard &card);
//! "Checked 23 Sep 2026, 62 days ago"; of a user's card, what is the user's word, and then the
//! rest.
[[nodiscard]] QString checkedText(const core::RateCard &card, const core::PriceCatalogue &catalogue,
                                  core::UtcTime at);

//! "Checked 23 Sep 2026, 62 days ago.", and a warning once that is more than 90 days.
[[nodiscard]] QString catalogueAgeText(const std::optional<core::UtcTime> &checked,
                                       core::UtcTime at);
//! "openai/gpt-4o, input: $2.50 → $2.00", "openai/gpt-4o, batch: × 0.5 → × 0.4", "…: new".
[[nodiscard]] QString changeText(const core::PriceChange &change);

} // namespace ui
