#include "core/pricing/pricediff.h"

#include "core/pricing/pricedoubts.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>
#include <iterator>
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

std::optional<PicoUsd> perMillion(const std::optional<std::int64_t> &rate)
{
    constexpr std::int64_t Million = 1'000'000;
    return rate ? PicoUsd(*rate).scaled(Million) : std::nullopt;
}

//! Free and unknown have no multiple: only a step between two prices can be too large.
bool isTooLarge(const std::optional<std::int64_t> &before, const std::optional<std::int64_t> &after)
{
    if (!before || !after || *before == 0 || *after == 0)
        return false;
    return *after / MostTimes > *before || *before / MostTimes > *after;
}

QString translated(const char *text)
{
    return QCoreApplication::translate("core::PriceDiff", text);
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
            addDoubts(priceDoubts(provider, *it.value()), {});
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
        const qsizetype known = diff.changes.size();
        addRates({}, before.rates, after.rates);
        addTiers(before.contextTiers, after.contextTiers);
        QStringList tiers = before.serviceTiers.keys() + after.serviceTiers.keys();
        tiers.sort();
        tiers.removeDuplicates();
        for (const QString &tier : std::as_const(tiers))
            addRates(tier, before.serviceTiers.value(tier).rates,
                     after.serviceTiers.value(tier).rates);
        if (diff.changes.size() == known)
            return;
        ++diff.changed;
        addDoubts(priceDoubts(m_provider, after), priceDoubts(m_provider, before));
    }

    void addTiers(const QList<ContextTier> &before, const QList<ContextTier> &after)
    {
        QMap<std::int64_t, std::pair<TokenRates, TokenRates>> tiers;
        for (const ContextTier &tier : before)
            tiers[tier.above].first = tier.rates;
        for (const ContextTier &tier : after)
            tiers[tier.above].second = tier.rates;
        for (auto it = tiers.cbegin(); it != tiers.cend(); ++it)
            addRates(translated("above %1 tokens").arg(it.key()), it->first, it->second);
    }

    void addRates(const QString &tier, const TokenRates &before, const TokenRates &after)
    {
        for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
            const auto kind = static_cast<UsageKind>(i);
            const auto was = before.rate(kind);
            const auto is = after.rate(kind);
            if (was == is)
                continue;
            const PriceChange change{PriceChange::Kind::Changed,
                                     m_provider,
                                     m_model,
                                     kind,
                                     perMillion(was),
                                     perMillion(is),
                                     tier};
            diff.changes.append(change);
            if (isTooLarge(was, is))
                diff.doubts.append(translated("%1/%2, %3: from $%4 to $%5.")
                                       .arg(m_provider, m_model, usageKindName(kind),
                                            change.before->toDecimal(), change.after->toDecimal()));
        }
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

//! Both ways alike: ten times dearer and a tenth are as large.
double factorOf(const PriceChange &change)
{
    const auto amount = [](const std::optional<PicoUsd> &price) {
        return price ? static_cast<double>(price->count()) : 0.0;
    };
    const double before = amount(change.before);
    const double after = amount(change.after);
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

QList<PriceChange> largestChanges(const PriceDiff &diff, qsizetype most)
{
    QList<PriceChange> changes;
    std::copy_if(diff.changes.cbegin(), diff.changes.cend(), std::back_inserter(changes),
                 [](const PriceChange &one) { return one.kind == PriceChange::Kind::Changed; });
    std::stable_sort(
        changes.begin(), changes.end(),
        [](const PriceChange &a, const PriceChange &b) { return factorOf(a) > factorOf(b); });
    return changes.mid(0, most);
}

} // namespace core
