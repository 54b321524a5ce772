#include "core/pricing/pricelayer.h"

#include <algorithm>

namespace core {

namespace {

struct Below
{
    const PriceTable::Model *model = nullptr; //!< Null: the catalogue does not know it.
    bool borrowed = false;
};

Below modelBelow(const PriceTable &base, const QString &provider, const QString &model)
{
    const auto row = base.providers.constFind(provider);
    if (row == base.providers.cend())
        return {};
    if (const auto *known = row->find(model))
        return {known, false};
    for (const QString &follow : row->follows) {
        const auto other = base.providers.constFind(follow);
        const auto *known = other == base.providers.cend() ? nullptr : other->find(model);
        if (known)
            return {known, true};
    }
    return {};
}

//! The earlier of two ends; none is open.
std::optional<UtcTime> earlier(const std::optional<UtcTime> &a, const std::optional<UtcTime> &b)
{
    if (!a || !b)
        return a ? a : b;
    return std::min(*a, *b);
}

std::shared_ptr<const RateCard> cut(RateCard card, const std::optional<UtcTime> &from,
                                    const std::optional<UtcTime> &to)
{
    card.from = from;
    card.to = to;
    return std::make_shared<const RateCard>(std::move(card));
}

RateCard merged(const RateCard &own, const std::shared_ptr<const RateCard> &below, bool borrowed)
{
    RateCard card = *below;
    card.id = own.id;
    card.user = true;
    card.below = below;
    card.belowIsBorrowed = borrowed;
    card.ownRates = own.rates;
    // "Written to cache" is meant of the write that is usual, which the catalogue may have by name.
    const auto write = own.rates.rate(UsageKind::CacheWrite);
    if (write && below->rates.rate(UsageKind::CacheWrite5m) &&
        !own.rates.rate(UsageKind::CacheWrite5m))
        card.ownRates.set(UsageKind::CacheWrite5m, *write);
    card.rates.overlay(card.ownRates);
    if (!own.contextTiers.isEmpty())
        card.contextTiers = own.contextTiers;
    card.serviceTiers.insert(own.serviceTiers);
    card.modifiers.removeIf([&](const PriceModifier &one) {
        return std::any_of(own.modifiers.cbegin(), own.modifiers.cend(),
                           [&](const PriceModifier &over) { return over.when == one.when; });
    });
    card.modifiers += own.modifiers;
    if (!own.schedules.isEmpty())
        card.schedules = own.schedules;
    card.fees.removeIf([&](const PriceFee &one) {
        return std::any_of(own.fees.cbegin(), own.fees.cend(),
                           [&](const PriceFee &over) { return over.unit == one.unit; });
    });
    card.fees += own.fees;
    return card;
}

//! \p own, cut where the cards of \p below change: each piece over its own one.
void append(QList<std::shared_ptr<const RateCard>> &cards, const RateCard &own, const Below &below)
{
    std::optional<UtcTime> begin = own.from; // none is the first of all times, as < has it
    for (const auto &card : below.model->cards) {
        const std::optional<UtcTime> from = std::max(own.from, card->from);
        const std::optional<UtcTime> to = earlier(own.to, card->to);
        if (from && to && *from >= *to)
            continue;
        if (begin < from)
            cards.append(cut(own, begin, from));
        cards.append(cut(merged(own, card, below.borrowed), from, to));
        if (!to)
            return;
        begin = to;
    }
    if (!own.to || begin < own.to)
        cards.append(cut(own, begin, own.to));
}

} // namespace

std::shared_ptr<const PriceTable> laidOver(const PriceTable &base, const PriceTable &layer)
{
    auto table = std::make_shared<PriceTable>(layer);
    for (PriceTable::Provider &provider : table->providers) {
        for (PriceTable::Model &model : provider.models) {
            const Below below = modelBelow(base, provider.id, model.id);
            if (!below.model)
                continue;
            QList<std::shared_ptr<const RateCard>> cards;
            for (const auto &card : std::as_const(model.cards))
                append(cards, *card, below);
            model.cards = cards;
        }
    }
    return table;
}

std::shared_ptr<const RateCard> laidOver(const std::shared_ptr<const RateCard> &below,
                                         const RateCard &own, bool borrowed)
{
    return cut(merged(own, below, borrowed), own.from, own.to);
}

} // namespace core
