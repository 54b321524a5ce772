#include "core/pricing/pricedoubts.h"

#include "core/pricing/effectiverates.h"

#include <QCoreApplication>

namespace core {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("core::PriceDoubts", text);
}

//! Whether the rates of \p kind are both known and the first is the lower.
bool isBelow(const TokenRates &first, const TokenRates &second, UsageKind kind)
{
    const auto one = first.rate(kind);
    const auto other = second.rate(kind);
    return one && other && *one < *other;
}

//! \p rate = \p base × \p numerator / 4, where both are known.
bool isMultiple(const std::optional<std::int64_t> &rate, const std::optional<std::int64_t> &base,
                std::int64_t numerator)
{
    return !rate || !base || *rate * 4 == *base * numerator;
}

void addTiers(QStringList &doubts, const RateCard &card)
{
    for (const UsageKind kind : {UsageKind::Input, UsageKind::Output}) {
        for (const ContextTier &tier : card.contextTiers) {
            if (isBelow(tier.rates, card.rates, kind))
                doubts.append(translated("long requests cost less than short ones."));
        }
        const ServiceTier batch = card.serviceTiers.value(QStringLiteral("batch"));
        const ServiceTier priority = card.serviceTiers.value(QStringLiteral("priority"));
        if (isBelow(card.rates, batch.rates, kind) ||
            batch.multiplier.tenThousandths > Multiplier::One)
            doubts.append(translated("a batch costs more than a request by itself."));
        if (isBelow(priority.rates, card.rates, kind) ||
            priority.multiplier.tenThousandths < Multiplier::One)
            doubts.append(translated("priority costs less than the usual."));
    }
    doubts.removeDuplicates();
}

} // namespace

QStringList priceDoubts(const QString &model, const RateCard &card)
{
    QStringList doubts;
    const auto input = card.rates.rate(UsageKind::Input);
    const auto output = card.rates.rate(UsageKind::Output);
    const auto read = card.rates.rate(UsageKind::CacheRead);
    if (read && input && *read > *input)
        doubts.append(translated("cached input costs more than input."));
    else if (read && input && *read == 0 && *input > 0)
        doubts.append(translated("cached input is free."));
    // Embeddings give out no tokens and have 0 there.
    if (input && output && *output > 0 && *output < *input)
        doubts.append(translated("output costs less than input."));
    if (sellsWritesByTime(model)) {
        if (!isMultiple(card.rates.rate(UsageKind::CacheWrite5m), input, 5))
            doubts.append(translated("a cache write is not 1.25 times the input."));
        if (!isMultiple(card.rates.rate(UsageKind::CacheWrite1h), input, 8))
            doubts.append(translated("a cache write for an hour is not twice the input."));
    }
    addTiers(doubts, card);
    return doubts;
}

} // namespace core
