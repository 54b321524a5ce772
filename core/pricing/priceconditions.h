#pragma once

#include "core/chat/usage.h"
#include "core/pricing/pricecatalogue.h"

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
    //! It would be cheaper: what is priced is the most. With isLeast: nobody can tell either way.
    bool isMost = false;
};

[[nodiscard]] PriceConditions conditionsOf(const RateCardMatch &match, const Usage &usage);

enum class Holds { No, Yes, Unknown };
//! Whether what \p when asks for is so. Unknown: neither the answer nor the names of model and host
//! say so (how deep a search went, a condition of a later format).
[[nodiscard]] Holds holds(const QMap<QString, QString> &when, const Usage &usage,
                          const RateCardMatch &match);

} // namespace core
