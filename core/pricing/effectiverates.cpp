#include "core/pricing/effectiverates.h"

namespace core {

namespace {

//! Whose rate stands in for a kind without one; none: nothing may.
std::optional<UsageKind> standIn(UsageKind kind, bool hourlyWritesOwnPrice)
{
    switch (kind) {
    case UsageKind::InputImage:
    case UsageKind::InputVideo:
    case UsageKind::InputTool:
    case UsageKind::CacheRead:
    case UsageKind::CacheWrite:
        return UsageKind::Input;
    case UsageKind::CacheReadAudio:
        return UsageKind::CacheRead;
    case UsageKind::CacheWrite5m:
        return UsageKind::CacheWrite;
    case UsageKind::CacheWrite1h:
        if (hourlyWritesOwnPrice)
            return std::nullopt;
        return UsageKind::CacheWrite;
    case UsageKind::OutputReasoning:
    case UsageKind::OutputCitation:
        return UsageKind::Output;
    case UsageKind::Input:
    case UsageKind::Output:
    case UsageKind::InputAudio:
    case UsageKind::OutputAudio:
    case UsageKind::OutputImage:
    case UsageKind::OutputVideo:
        return std::nullopt;
    }
    return std::nullopt;
}

const ServiceTier *tierOf(const RateCard &card, const QString &name)
{
    const auto tier = card.serviceTiers.constFind(name.toLower());
    return tier == card.serviceTiers.cend() ? nullptr : &*tier;
}

} // namespace

EffectiveRates::EffectiveRates(const RateCard &card, const QString &serviceTier, UtcTime at)
    : m_rates(card.rates)
{
    for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
        if (card.ownRates.rate(static_cast<UsageKind>(i)))
            m_own.insert(static_cast<UsageKind>(i));
    }
    for (const PriceSchedule &schedule : card.schedules) {
        if (schedule.covers(at))
            lay(schedule.rates);
    }
    if (const ServiceTier *tier = tierOf(card, serviceTier)) {
        m_multiplier = tier->multiplier;
        overlay(tier->rates, true);
    }
}

void EffectiveRates::lay(const TokenRates &rates)
{
    m_rates.overlay(rates);
    m_own.removeIf([&](UsageKind kind) { return rates.rate(kind).has_value(); });
}

void EffectiveRates::overlay(const TokenRates &rates, bool isOfServiceTier)
{
    lay(rates);
    for (int i = 0; i <= static_cast<int>(UsageKind::OutputCitation); ++i) {
        const auto kind = static_cast<UsageKind>(i);
        if (!rates.rate(kind))
            continue;
        if (isOfServiceTier)
            m_explicit.insert(kind);
        else
            m_explicit.remove(kind);
    }
}

AppliedRate EffectiveRates::of(UsageKind kind, bool hourlyWritesOwnPrice) const
{
    AppliedRate applied;
    for (std::optional<UsageKind> asked = kind; asked;
         asked = standIn(*asked, hourlyWritesOwnPrice)) {
        if (const auto rate = m_rates.rate(*asked)) {
            applied.picoPerToken = rate;
            applied.multiplier = m_explicit.contains(*asked) ? Multiplier() : m_multiplier;
            applied.assumed = *asked != kind;
            applied.own = m_own.contains(*asked);
            break;
        }
    }
    // A write of unsaid duration, where durations have prices of their own, is a guess at one.
    if (kind == UsageKind::CacheWrite && m_rates.rate(UsageKind::CacheWrite1h))
        applied.assumed = true;
    return applied;
}

RateBands rateBands(const RateCard &card, const QString &serviceTier, std::int64_t input,
                    std::int64_t output, UtcTime at)
{
    const ServiceTier *service = tierOf(card, serviceTier);
    const bool ownTiers = service && !service->contextTiers.isEmpty();
    const QList<ContextTier> &tiers = ownTiers ? service->contextTiers : card.contextTiers;

    EffectiveRates rates(card, serviceTier, at);
    RateBands bands;
    if (tiers.isEmpty() || !tiers.constFirst().marginal) {
        for (const ContextTier &tier : tiers) {
            if (tier.appliesTo(tier.countsOutput ? output : input))
                rates.overlay(tier.rates, ownTiers);
        }
        bands.input = {RateBand{.rates = rates}};
        bands.output = bands.input;
        return bands;
    }
    const EffectiveRates base = rates;
    QList<RateBand> cut;
    std::int64_t begin = 0;
    for (const ContextTier &tier : tiers) {
        cut.append(RateBand{.tokens = tier.above - begin, .rates = rates});
        rates.overlay(tier.rates, ownTiers);
        begin = tier.above;
    }
    cut.append(RateBand{.rates = rates});
    const QList<RateBand> whole{RateBand{.rates = base}};
    const bool countsOutput = tiers.constFirst().countsOutput;
    bands.input = countsOutput ? whole : cut;
    bands.output = countsOutput ? cut : whole;
    return bands;
}

} // namespace core
