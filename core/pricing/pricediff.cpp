#include "core/pricing/pricediff.h"

#include "core/pricing/cardchanges.h"
#include "core/pricing/pricedoubts.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>
#include <limits>

namespace core {

namespace {

constexpr int FewestModels = 50;
constexpr int MostTimes = 3; // that a rate may grow or shrink

using Cards = QMap<QString, std::shared_ptr<const RateCard>>; // by model

Cards cardsOf(const PriceCatalogue &catalogue, const QString &provider, UtcTime at)
{
    Cards cards;
    for (const ModelPrices &model : catalogue.pricesOf(provider)) {
        const auto card = std::find_if(model.cards.cbegin(), model.cards.cend(),
                                       [at](const auto &one) { return one->isValidAt(at); });
        if (card != model.cards.cend())
            cards.insert(model.id, *card);
    }
    return cards;
}

//! Unknown has no multiple: only a step between two prices can be too large. To free or from it is
//! more than any multiple.
bool isTooLarge(const std::optional<std::int64_t> &before, const std::optional<std::int64_t> &after)
{
    if (!before || !after)
        return false;
    if (*before == 0 || *after == 0)
        return *before != *after;
    // Neither multiplied, which might not fit, nor rounded down to just three times.
    return (*after - 1) / MostTimes >= *before || (*before - 1) / MostTimes >= *after;
}

QString translated(const char *text)
{
    return QCoreApplication::translate("core::PriceDiff", text);
}

QString factorText(Multiplier factor)
{
    const auto number = PicoUsd(PicoUsd::PerDollar).scaled(factor.tenThousandths, Multiplier::One);
    return QChar(0x00D7) + QLatin1Char(' ') + number.value_or(PicoUsd()).toDecimal();
}

QString feeText(const PriceFee &fee)
{
    return translated("$%1 for %2").arg(fee.usd.toDecimal()).arg(fee.per);
}

//! What \p change goes from and to, on one scale; none: unknown or not there.
std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>
amountsOf(const PriceChange &change)
{
    constexpr std::int64_t Pieces = 1'000'000;
    const auto price = [](const std::optional<PicoUsd> &one) {
        return one ? std::optional(one->count()) : std::nullopt;
    };
    const auto fee = [&](const std::optional<PriceFee> &one) {
        return one ? price(one->usd.scaled(Pieces, one->per)) : std::nullopt;
    };
    const auto factor = [](const std::optional<Multiplier> &one) {
        return std::optional(one ? one->tenThousandths : Multiplier::One);
    };
    switch (change.kind) {
    case PriceChange::Kind::Rate:
        return {price(change.before), price(change.after)};
    case PriceChange::Kind::Factor:
        return {factor(change.factorBefore), factor(change.factorAfter)};
    case PriceChange::Kind::Fee:
        return {fee(change.feeBefore), fee(change.feeAfter)};
    case PriceChange::Kind::Added:
    case PriceChange::Kind::Removed:
        break;
    }
    return {};
}

class Comparison
{
public:
    void addProvider(const QString &provider, const Cards &before, const Cards &after)
    {
        m_provider = provider;
        m_before += before.size();
        for (auto it = before.cbegin(); it != before.cend(); ++it) {
            m_model = it.key();
            if (const auto card = after.value(it.key())) {
                addCard(*it.value(), *card);
                continue;
            }
            ++diff.removed;
            diff.changes.append({PriceChange::Kind::Removed, provider, m_model, {}, {}, {}});
        }
        for (auto it = after.cbegin(); it != after.cend(); ++it) {
            if (before.contains(it.key()))
                continue;
            m_model = it.key();
            ++diff.added;
            diff.changes.append({PriceChange::Kind::Added, provider, m_model, {}, {}, {}});
            addDoubts(priceDoubts(m_model, *it.value()), {});
        }
    }

    void judge(int modelsAfter)
    {
        if (modelsAfter < FewestModels)
            diff.doubts.prepend(translated("It knows only %1 models.").arg(modelsAfter));
        if (diff.removed * 2 > m_before)
            diff.doubts.prepend(
                translated("%1 of %2 models would be lost.").arg(diff.removed).arg(m_before));
    }

    PriceDiff diff;

private:
    void addCard(const RateCard &before, const RateCard &after)
    {
        QList<PriceChange> changes = cardChanges(before, after);
        if (changes.isEmpty())
            return;
        for (PriceChange &change : changes) {
            change.provider = m_provider;
            change.model = m_model;
            doubtStep(change);
        }
        diff.changes += changes;
        ++diff.changed;
        addDoubts(priceDoubts(m_model, after), priceDoubts(m_model, before));
    }

    void doubtStep(const PriceChange &change)
    {
        const auto [before, after] = amountsOf(change);
        if (!isTooLarge(before, after))
            return;
        switch (change.kind) {
        case PriceChange::Kind::Rate:
            return addStep(change, usageKindName(change.rate),
                           QLatin1Char('$') + change.before->toDecimal(),
                           QLatin1Char('$') + change.after->toDecimal());
        case PriceChange::Kind::Factor:
            return addStep(change, translated("the factor"),
                           factorText(change.factorBefore.value_or(Multiplier())),
                           factorText(change.factorAfter.value_or(Multiplier())));
        case PriceChange::Kind::Fee:
            return addStep(change, feeUnitName(change.feeAfter->unit), feeText(*change.feeBefore),
                           feeText(*change.feeAfter));
        case PriceChange::Kind::Added:
        case PriceChange::Kind::Removed:
            return;
        }
    }

    void addStep(const PriceChange &change, const QString &what, const QString &before,
                 const QString &after)
    {
        const QString where =
            change.where.isEmpty() ? what : QStringLiteral("%1 (%2)").arg(what, change.where);
        diff.doubts.append(
            translated("%1/%2, %3: from %4 to %5.").arg(m_provider, m_model, where, before, after));
    }

    //! What was doubtful before is no news.
    void addDoubts(const QStringList &doubts, const QStringList &before)
    {
        for (const QString &doubt : doubts) {
            if (!before.contains(doubt))
                diff.doubts.append(QStringLiteral("%1/%2: %3").arg(m_provider, m_model, doubt));
        }
    }

    qsizetype m_before = 0;
    QString m_provider, m_model;
};

//! Both ways alike: ten times dearer and a tenth are as large. Models that come or go have none.
double weightOf(const PriceChange &change)
{
    if (change.kind == PriceChange::Kind::Added)
        return -1;
    if (change.kind == PriceChange::Kind::Removed)
        return 0;
    const auto [first, second] = amountsOf(change);
    const auto before = static_cast<double>(first.value_or(0));
    const auto after = static_cast<double>(second.value_or(0));
    if (before <= 0 || after <= 0)
        return std::numeric_limits<double>::infinity();
    return std::max(before / after, after / before);
}

} // namespace

PriceDiff priceDiff(const PriceCatalogue &before, const PriceCatalogue &after, UtcTime at)
{
    Comparison comparison;
    QStringList providers = before.providers() + after.providers();
    providers.sort();
    providers.removeDuplicates();
    for (const QString &provider : std::as_const(providers))
        comparison.addProvider(provider, cardsOf(before, provider, at),
                               cardsOf(after, provider, at));
    comparison.judge(after.modelCount());
    return comparison.diff;
}

QList<PriceChange> byWeight(const PriceDiff &diff)
{
    QList<PriceChange> changes = diff.changes;
    std::stable_sort(
        changes.begin(), changes.end(),
        [](const PriceChange &a, const PriceChange &b) { return weightOf(a) > weightOf(b); });
    return changes;
}

} // namespace core
