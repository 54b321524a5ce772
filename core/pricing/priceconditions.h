#pragma once

#include "core/chat/usage.h"
#include "core/pricing/ratecard.h"

#include <QList>
#include <QString>

#include <optional>

namespace core {

//! What the circumstances of a call (service tier, speed, place) do to the prices of a card.
struct PriceConditions
{
    QList<PriceModifier> modifiers; //!< Those that hold.
    bool assumed = false;           //!< Some circumstance has no price, or nobody can tell it.
    bool isLeast = false;           //!< It would be dearer: what is priced is the least it cost.
    bool isMost = false;            //!< It would be cheaper: what is priced is the most.
};

//! \p regionClass as RateCardMatch has it.
[[nodiscard]] PriceConditions conditionsOf(const RateCard &card, const Usage &usage,
                                           const std::optional<QString> &regionClass);

} // namespace core
