#include "core/pricing/pricediff.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>

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
        m_before += before.size();
        for (auto it = before.cbegin(); it != before.cend(); ++it) {
            if (const auto card = after.value(it.key())) {
                addRates(provider, it.key(), it.value()->rates, card->rates);
                continue;
            }
            ++m_removed;
            diff.changes.append({PriceChange::Kind::Removed, provider, it.key(), {}, {}, {}});
        }
        for (auto it = after.cbegin(); it != after.cend(); ++it) {
            if (!before.contains(it.key()))
                diff.changes.append({PriceChange::Kind::Added, provider, it.key(), {}, {}, {}});
        }
    }

    void judge(int modelsAfter)
    {
        if (modelsAfter < FewestModels)
            diff.doubts.prepend(translated("It knows only %1 models.").arg(modelsAfter));
        if (m_removed * 2 > m_before)
            diff.doubts.prepend(
                translated("%1 of %2 models would be lost.").arg(m_removed).arg(m_before));
    }

    PriceDiff diff;

private:
    void addRates(const QString &provider, const QString &model, const TokenRates &before,
                  const TokenRates &after)
    {
        for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
            const auto kind = static_cast<UsageKind>(i);
            const auto was = before.rate(kind);
            const auto is = after.rate(kind);
            if (was == is)
                continue;
            const PriceChange change{
                PriceChange::Kind::Changed, provider, model, kind, perMillion(was), perMillion(is)};
            diff.changes.append(change);
            if (isTooLarge(was, is))
                diff.doubts.append(translated("%1/%2, %3: from $%4 to $%5.")
                                       .arg(provider, model, usageKindName(kind),
                                            change.before->toDecimal(), change.after->toDecimal()));
        }
    }

    qsizetype m_before = 0;
    qsizetype m_removed = 0;
};

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

} // namespace core
