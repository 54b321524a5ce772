#pragma once

#include "core/base/result.h"
#include "core/pricing/ratecard.h"

namespace core {

//! A price that the user set for one model of one provider: what was agreed, or what a deployment
//! costs that no catalogue knows. It beats the catalogue.
struct PriceOverride
{
    QString provider; //!< As ProviderInfo::priceProvider.
    QString model;    //!< The provider's id, exactly.
    //! Dollars per million tokens; none: unknown, as in the catalogue.
    std::optional<PicoUsd> input, output, cacheRead, cacheWrite;
    bool operator==(const PriceOverride &) const = default;
};

//! A catalogue file (pricing-schema.md §2) that holds \p overrides alone: `confidence` is "user".
[[nodiscard]] QByteArray overridesJson(const QList<PriceOverride> &overrides);
//! The inverse, for files that overridesJson() wrote. InputRejected: it is no such file.
[[nodiscard]] Result<QList<PriceOverride>> overridesFrom(const QByteArray &json);

//! "3", "0.0028": a rate as PriceReader takes it, at most six decimals, 0 to 10,000 dollars.
[[nodiscard]] std::optional<PicoUsd> rateFrom(const QString &text);

} // namespace core
