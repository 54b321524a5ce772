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
    //! Off every token of the model, in hundredths of a percent: 1 to 10,000; none: no discount.
    std::optional<int> discount;
    //! Whether it says nothing.
    [[nodiscard]] bool isEmpty() const
    {
        return !input && !output && !cacheRead && !cacheWrite && !discount;
    }
    bool operator==(const PriceOverride &) const = default;
};

//! A layer of own prices is a catalogue file whose cards are of confidence "user". What a person
//! has written into it by hand, and PriceOverride does not know (tiers, fees, further cards), stays
//! as it is. An empty \p layer holds nothing yet.
[[nodiscard]] QByteArray withOverride(const QByteArray &layer, const PriceOverride &price);
[[nodiscard]] QByteArray withoutOverride(const QByteArray &layer, const QString &provider,
                                         const QString &model);
//! What the first card of each model in \p layer says. InputRejected: it is no such file.
[[nodiscard]] Result<QList<PriceOverride>> overridesFrom(const QByteArray &layer);
[[nodiscard]] bool isSameModel(const PriceOverride &price, const QString &provider,
                               const QString &model);

//! "3", "0.0028": a rate as PriceReader takes it, at most six decimals, 0 to 10,000 dollars.
[[nodiscard]] std::optional<PicoUsd> rateFrom(const QString &text);
//! "15", "12.5 %": above 0, at most 100, at most two decimals; in hundredths of a percent.
[[nodiscard]] std::optional<int> discountFrom(const QString &text);
[[nodiscard]] QString discountText(int hundredths); //!< "12.5"

} // namespace core
