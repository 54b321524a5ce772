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

//! Tiers that are sold above it: it is then the least that they cost.
bool isDearerTier(const QString &tier)
{
    return tier.compare(QLatin1StringView("priority"), Qt::CaseInsensitive) == 0 ||
           tier.compare(QLatin1StringView("fast"), Qt::CaseInsensitive) == 0;
}

//! Places that are no place: the service chose one, at its ordinary price.
bool isOrdinaryGeo(const QString &geo)
{
    static const QStringList ordinary{QString(), QStringLiteral("global"),
                                      QStringLiteral("not_available")};
    return ordinary.contains(geo.toLower());
}

//! A part of the world ("eu") is where its regions are ("eu-west-1").
bool liesIn(const QString &region, const QString &asked)
{
    return region == asked || region.startsWith(asked + QLatin1Char('-'));
}

void takeModifiers(PriceConditions &conditions, const RateCardMatch &match, const Usage &usage)
{
    for (const PriceModifier &modifier : match.card->modifiers) {
        const Holds answer = holds(modifier.when, usage, match);
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
    // Any other may have been paid for ahead (OpenAI's "scale", Bedrock's "reserved"): neither.
    if (unpricedTier && !isDearerTier(tier))
        conditions.isMost = true;
    if (unpricedTier && !isCheaperTier(tier))
        conditions.isLeast = true;
    if ((fast && !isPriced(QStringLiteral("speed"))) ||
        (placed && !isPriced(QStringLiteral("inference_geo"))))
        conditions.isLeast = true;
    conditions.assumed = conditions.assumed || conditions.isMost || conditions.isLeast;
}

} // namespace

Holds holds(const QMap<QString, QString> &when, const Usage &usage, const RateCardMatch &match)
{
    Holds all = Holds::Yes;
    for (auto it = when.begin(); it != when.end(); ++it) {
        const bool isRegion = it.key() == QLatin1StringView("host_region");
        std::optional<QString> said;
        if (it.key() == QLatin1StringView("inference_geo"))
            said = usage.inferenceGeo;
        else if (it.key() == QLatin1StringView("speed"))
            said = usage.speed;
        else if (it.key() == QLatin1StringView("region_class"))
            said = match.regionClass;
        else if (isRegion)
            said = match.hostRegion;
        if (!said) {
            all = Holds::Unknown;
            continue;
        }
        const QString is = said->toLower();
        if (is.isEmpty() || (isRegion ? !liesIn(is, it.value()) : is != it.value()))
            return Holds::No;
    }
    return all;
}

PriceConditions conditionsOf(const RateCardMatch &match, const Usage &usage)
{
    PriceConditions conditions;
    takeModifiers(conditions, match, usage);
    noteUnpriced(conditions, *match.card, usage);
    return conditions;
}

} // namespace core
