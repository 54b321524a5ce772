#include "core/pricing/priceconditions.h"

#include <QStringList>

#include <algorithm>

namespace core {

namespace {

//! Names of the ordinary service in the providers' answers.
bool isOrdinaryTier(const QString &tier)
{
    static const QStringList ordinary{QString(), QStringLiteral("standard"),
                                      QStringLiteral("default"), QStringLiteral("auto"),
                                      QStringLiteral("on_demand")};
    return ordinary.contains(tier.toLower());
}

//! Tiers that are sold below the ordinary price: that price is then no lower bound.
bool isCheaperTier(const QString &tier)
{
    return tier.compare(QLatin1StringView("batch"), Qt::CaseInsensitive) == 0 ||
           tier.compare(QLatin1StringView("flex"), Qt::CaseInsensitive) == 0;
}

//! Places that are no place: the service chose one, at its ordinary price.
bool isOrdinaryGeo(const QString &geo)
{
    static const QStringList ordinary{QString(), QStringLiteral("global"),
                                      QStringLiteral("not_available")};
    return ordinary.contains(geo.toLower());
}

enum class Holds { No, Yes, Unknown };

//! Unknown: neither the answer nor the model's name says so (the region of a host, a condition of
//! a later format).
Holds holds(const PriceModifier &modifier, const Usage &usage,
            const std::optional<QString> &regionClass)
{
    Holds all = Holds::Yes;
    for (auto it = modifier.when.begin(); it != modifier.when.end(); ++it) {
        std::optional<QString> said;
        if (it.key() == QLatin1StringView("inference_geo"))
            said = usage.inferenceGeo;
        else if (it.key() == QLatin1StringView("speed"))
            said = usage.speed;
        else if (it.key() == QLatin1StringView("region_class"))
            said = regionClass;
        if (!said)
            all = Holds::Unknown;
        else if (said->isEmpty() || said->toLower() != it.value())
            return Holds::No;
    }
    return all;
}

void takeModifiers(PriceConditions &conditions, const RateCard &card, const Usage &usage,
                   const std::optional<QString> &regionClass)
{
    for (const PriceModifier &modifier : card.modifiers) {
        const Holds answer = holds(modifier, usage, regionClass);
        if (answer == Holds::Yes)
            conditions.modifiers.append(modifier);
        if (answer != Holds::Unknown)
            continue;
        conditions.assumed = true;
        const bool isCheaper = modifier.multiplier.tenThousandths < Multiplier::One;
        (isCheaper ? conditions.isMost : conditions.isLeast) = true;
    }
}

//! Services and places that the card has no price for at all.
void noteUnpriced(PriceConditions &conditions, const RateCard &card, const Usage &usage)
{
    const auto isPriced = [&card](const QString &condition) {
        return std::any_of(card.modifiers.cbegin(), card.modifiers.cend(),
                           [&](const auto &one) { return one.when.contains(condition); });
    };
    const QString &tier = usage.serviceTier;
    const bool unpricedTier = !isOrdinaryTier(tier) && !card.serviceTiers.contains(tier.toLower());
    const bool fast = usage.speed.compare(QLatin1StringView("fast"), Qt::CaseInsensitive) == 0;
    const bool placed = !isOrdinaryGeo(usage.inferenceGeo);
    if (unpricedTier && isCheaperTier(tier))
        conditions.isMost = true;
    else if (unpricedTier)
        conditions.isLeast = true;
    if ((fast && !isPriced(QStringLiteral("speed"))) ||
        (placed && !isPriced(QStringLiteral("inference_geo"))))
        conditions.isLeast = true;
    conditions.assumed = conditions.assumed || conditions.isMost || conditions.isLeast;
}

} // namespace

PriceConditions conditionsOf(const RateCard &card, const Usage &usage,
                             const std::optional<QString> &regionClass)
{
    PriceConditions conditions;
    takeModifiers(conditions, card, usage, regionClass);
    noteUnpriced(conditions, card, usage);
    return conditions;
}

} // namespace core
