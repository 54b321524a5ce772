#include "core/pricing/cardchanges.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>
#include <tuple>

namespace core {

namespace {

//! Dollars per million tokens: a rate times a factor of four decimals is whole here.
using Prices = QMap<UsageKind, PicoUsd>;

//! One tier of long requests, apart from its rates: two of them are the same tier.
using TierKey = std::tuple<int, std::int64_t, bool, bool>; // side, above, inclusive, marginal

struct Tier
{
    TierKey key;
    Prices prices;
};

QString translated(const char *text)
{
    return QCoreApplication::translate("core::PriceDiff", text);
}

Prices pricesOf(const TokenRates &rates, Multiplier factor = {})
{
    constexpr std::int64_t Million = 1'000'000;
    Prices prices;
    for (const UsageKind kind : rates.kinds()) {
        const auto rate = rates.rate(kind);
        const auto price =
            rate ? PicoUsd(*rate).scaled(Million / Multiplier::One * factor.tenThousandths)
                 : std::nullopt;
        if (price)
            prices.insert(kind, *price);
    }
    return prices;
}

Prices overlaid(Prices below, const Prices &over)
{
    below.insert(over);
    return below;
}

enum Side { OfInput, OfOutput, OfBoth };

int sideOf(const ContextTier &tier)
{
    return !tier.countsOutput ? OfInput : tier.countsInput ? OfBoth : OfOutput;
}

QList<Tier> tiersOf(const QList<ContextTier> &tiers, Multiplier factor = {})
{
    QList<Tier> list;
    for (const ContextTier &tier : tiers)
        list.append({{sideOf(tier), tier.above, tier.inclusive, tier.marginal},
                     pricesOf(tier.rates, factor)});
    return list;
}

//! What \p key is charged by a card with \p tiers over \p base, whether it has that tier or not.
bool applies(const Tier &tier, const TierKey &key)
{
    const bool isBelow =
        std::get<0>(tier.key) == std::get<0>(key) && std::get<1>(tier.key) < std::get<1>(key);
    return isBelow || tier.key == key;
}

//! Kinds that a tier below \p key or that one itself names: a higher tier takes them back.
Prices namedUpTo(const QList<Tier> &tiers, const TierKey &key)
{
    Prices named;
    for (const Tier &tier : tiers) {
        if (applies(tier, key))
            named = overlaid(named, tier.prices);
    }
    return named;
}

//! The highest that applies alone is laid over the base.
Prices pricesAt(const Prices &base, const QList<Tier> &tiers, const TierKey &key)
{
    Prices prices = base;
    for (const Tier &tier : tiers) {
        if (applies(tier, key))
            prices = overlaid(base, tier.prices);
    }
    return prices;
}

QString tierText(const TierKey &key)
{
    const auto [counted, above, inclusive, marginal] = key;
    const QString from =
        (inclusive ? translated("from %1 tokens") : translated("above %1 tokens")).arg(above);
    const QString side = counted == OfInput    ? from
                         : counted == OfOutput ? translated("%1 of output").arg(from)
                                               : translated("%1 of input and output").arg(from);
    return marginal ? translated("only those %1").arg(side) : side;
}

QString scheduleText(const PriceSchedule &schedule)
{
    const auto time = [](std::chrono::minutes at) {
        constexpr int MinutesAnHour = 60;
        return QStringLiteral("%1:%2")
            .arg(at.count() / MinutesAnHour, 2, 10, QLatin1Char('0'))
            .arg(at.count() % MinutesAnHour, 2, 10, QLatin1Char('0'));
    };
    QStringList hours, days;
    for (const PriceSchedule::Window &window : schedule.windows)
        hours.append(time(window.from) + QChar(0x2013) + time(window.to));
    for (const int day : schedule.weekdays)
        days.append(QString::number(day));
    const QString text = translated("%1 UTC").arg(hours.join(QStringLiteral(", ")));
    if (schedule.weekdayZone != QTimeZone::utc())
        days.append(QString::fromLatin1(schedule.weekdayZone.id()));
    return days.isEmpty()
               ? text
               : translated("%1 on weekdays %2").arg(text, days.join(QStringLiteral(", ")));
}

QStringList conditionTexts(const QMap<QString, QString> &when)
{
    QStringList texts;
    for (auto it = when.cbegin(); it != when.cend(); ++it)
        texts.append(it.key() + QLatin1Char(' ') + it.value());
    return texts;
}

QString modifierText(const PriceModifier &modifier)
{
    QStringList when = conditionTexts(modifier.when);
    QStringList kinds;
    for (const UsageKind kind : modifier.kinds)
        kinds.append(usageKindName(kind));
    for (const FeeUnit unit : modifier.fees)
        kinds.append(feeUnitName(unit));
    if (!kinds.isEmpty())
        when.append(translated("of %1").arg(kinds.join(QStringLiteral(", "))));
    if (when.isEmpty())
        return translated("always");
    return when.join(QStringLiteral(", "));
}

class CardComparison
{
public:
    CardComparison(const RateCard &before, const RateCard &after)
        : m_before(before)
        , m_after(after)
        , m_baseBefore(pricesOf(before.rates))
        , m_baseAfter(pricesOf(after.rates))
    {
    }

    [[nodiscard]] QList<PriceChange> changes()
    {
        addPrices({}, m_baseBefore, m_baseAfter, m_baseBefore, m_baseAfter);
        addTiers({}, m_baseBefore, m_baseAfter, tiersOf(m_before.contextTiers),
                 tiersOf(m_after.contextTiers));
        QStringList names = m_before.serviceTiers.keys() + m_after.serviceTiers.keys();
        names.sort();
        names.removeDuplicates();
        for (const QString &name : std::as_const(names))
            addService(name);
        addSchedules();
        addModifiers();
        addFees();
        return m_changes;
    }

private:
    //! Kinds that either of \p namedBefore and \p namedAfter has, as they are charged.
    void addPrices(const QString &where, const Prices &namedBefore, const Prices &namedAfter,
                   const Prices &before, const Prices &after)
    {
        const Prices named = overlaid(namedBefore, namedAfter);
        for (auto it = named.keyBegin(); it != named.keyEnd(); ++it) {
            const auto at = [&](const Prices &prices) {
                const auto found = prices.constFind(*it);
                return found == prices.cend() ? std::nullopt : std::optional(*found);
            };
            if (at(before) != at(after))
                m_changes.append(
                    {PriceChange::Kind::Rate, {}, {}, *it, at(before), at(after), where});
        }
    }

    void addTiers(const QString &where, const Prices &baseBefore, const Prices &baseAfter,
                  const QList<Tier> &before, const QList<Tier> &after)
    {
        QList<TierKey> keys;
        for (const Tier &tier : before + after)
            keys.append(tier.key);
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        for (const TierKey &key : std::as_const(keys)) {
            const QString text =
                where.isEmpty() ? tierText(key) : where + QStringLiteral(", ") + tierText(key);
            addPrices(text, namedUpTo(before, key), namedUpTo(after, key),
                      pricesAt(baseBefore, before, key), pricesAt(baseAfter, after, key));
        }
    }

    void addFactor(const QString &where, const std::optional<Multiplier> &before,
                   const std::optional<Multiplier> &after)
    {
        if (before == after)
            return;
        PriceChange change;
        change.kind = PriceChange::Kind::Factor;
        change.where = where;
        change.factorBefore = before;
        change.factorAfter = after;
        m_changes.append(change);
    }

    void addService(const QString &name)
    {
        const ServiceTier before = m_before.serviceTiers.value(name);
        const ServiceTier after = m_after.serviceTiers.value(name);
        // A tier of explicit rates has the factor 1 in the table, which says nothing.
        const auto factor = [](const ServiceTier &tier) {
            return tier.multiplier == Multiplier() ? std::nullopt : std::optional(tier.multiplier);
        };
        addFactor(name, factor(before), factor(after));
        const Prices baseBefore =
            overlaid(pricesOf(m_before.rates, before.multiplier), pricesOf(before.rates));
        const Prices baseAfter =
            overlaid(pricesOf(m_after.rates, after.multiplier), pricesOf(after.rates));
        addPrices(name, pricesOf(before.rates), pricesOf(after.rates), baseBefore, baseAfter);
        if (before.contextTiers.isEmpty() && after.contextTiers.isEmpty())
            return; // those of the card hold, which are compared
        const auto tiers = [](const ServiceTier &tier, const RateCard &card) {
            return tier.contextTiers.isEmpty() ? tiersOf(card.contextTiers, tier.multiplier)
                                               : tiersOf(tier.contextTiers);
        };
        addTiers(name, baseBefore, baseAfter, tiers(before, m_before), tiers(after, m_after));
    }

    void addSchedules()
    {
        QMap<QString, std::pair<Prices, Prices>> hours;
        for (const PriceSchedule &schedule : m_before.schedules)
            hours[scheduleText(schedule)].first = pricesOf(schedule.rates);
        for (const PriceSchedule &schedule : m_after.schedules)
            hours[scheduleText(schedule)].second = pricesOf(schedule.rates);
        for (auto it = hours.cbegin(); it != hours.cend(); ++it)
            addPrices(it.key(), it->first, it->second, overlaid(m_baseBefore, it->first),
                      overlaid(m_baseAfter, it->second));
    }

    void addModifiers()
    {
        QMap<QString, std::pair<std::optional<Multiplier>, std::optional<Multiplier>>> factors;
        for (const PriceModifier &modifier : m_before.modifiers)
            factors[modifierText(modifier)].first = modifier.multiplier;
        for (const PriceModifier &modifier : m_after.modifiers)
            factors[modifierText(modifier)].second = modifier.multiplier;
        for (auto it = factors.cbegin(); it != factors.cend(); ++it)
            addFactor(it.key(), it->first, it->second);
    }

    void addFees()
    {
        QMap<std::pair<FeeUnit, QString>,
             std::pair<std::optional<PriceFee>, std::optional<PriceFee>>>
            fees;
        const auto keyOf = [](const PriceFee &fee) {
            return std::pair(fee.unit, conditionTexts(fee.when).join(QStringLiteral(", ")));
        };
        for (const PriceFee &fee : m_before.fees)
            fees[keyOf(fee)].first = fee;
        for (const PriceFee &fee : m_after.fees)
            fees[keyOf(fee)].second = fee;
        for (auto it = fees.cbegin(); it != fees.cend(); ++it) {
            if (it->first == it->second)
                continue;
            PriceChange change;
            change.kind = PriceChange::Kind::Fee;
            change.where = it.key().second;
            change.feeBefore = it->first;
            change.feeAfter = it->second;
            m_changes.append(change);
        }
    }

    const RateCard &m_before;
    const RateCard &m_after;
    Prices m_baseBefore, m_baseAfter;
    QList<PriceChange> m_changes;
};

} // namespace

QList<PriceChange> cardChanges(const RateCard &before, const RateCard &after)
{
    return CardComparison(before, after).changes();
}

} // namespace core
