#include "core/pricing/effectiverates.h"

namespace core {

namespace {

//! Whose rate stands in for a kind without one; none: nothing may.
std::optional<UsageKind> standIn(UsageKind kind, HourWrites hourWrites)
{
    if (isOtherCacheWrite(kind)) // not told by how long: as for an hour
        kind = UsageKind::CacheWrite1h;
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
        if (hourWrites == HourWrites::OwnPrice)
            return std::nullopt;
        return UsageKind::CacheWrite;
    case UsageKind::OtherCacheWrites:
        return std::nullopt;
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

bool sellsWritesByTime(const QString &model)
{
    return model.contains(QLatin1StringView("claude"), Qt::CaseInsensitive);
}

EffectiveRates::EffectiveRates(const RateCard &card, const QString &serviceTier, UtcTime at)
    : m_rates(card.rates)
{
    for (const UsageKind kind : card.ownRates.kinds())
        m_own.insert(kind);
    for (const PriceSchedule &schedule : card.schedules) {
        if (schedule.covers(at))
            lay(schedule.rates);
    }
    if (const ServiceTier *tier = tierOf(card, serviceTier)) {
        m_multiplier = tier->multiplier;
        overlay(tier->rates, Source::ServiceTier);
    }
}

void EffectiveRates::lay(const TokenRates &rates)
{
    m_rates.overlay(rates);
    m_own.removeIf([&](UsageKind kind) { return rates.rate(kind).has_value(); });
}

void EffectiveRates::overlay(const TokenRates &rates, Source source)
{
    lay(rates);
    for (const UsageKind kind : rates.kinds()) {
        if (source == Source::ServiceTier)
            m_explicit.insert(kind);
        else
            m_explicit.remove(kind);
    }
}

AppliedRate EffectiveRates::of(UsageKind kind, HourWrites hourWrites) const
{
    AppliedRate applied;
    applied.kind = kind;
    for (std::optional<UsageKind> asked = kind; asked; asked = standIn(*asked, hourWrites)) {
        if (const auto rate = m_rates.rate(*asked)) {
            applied.picoPerToken = rate;
            applied.kind = *asked;
            applied.multiplier = m_explicit.contains(*asked) ? Multiplier() : m_multiplier;
            applied.assumed = *asked != kind;
            applied.own = m_own.contains(*asked);
            break;
        }
    }
    // A write of unsaid duration, where durations have prices of their own, is a guess at one: also
    // where the card lacks the hour's (Claude on Bedrock).
    if (kind == UsageKind::CacheWrite &&
        (hourWrites == HourWrites::OwnPrice || m_rates.rate(UsageKind::CacheWrite1h)))
        applied.assumed = true;
    return applied;
}

namespace {

//! The context tiers that hold in a service tier.
struct TierChoice
{
    const QList<ContextTier> &tiers;
    EffectiveRates::Source source;

    //! The highest tier alone: a kind that it does not list has the rate of the card.
    [[nodiscard]] EffectiveRates over(EffectiveRates base, const ContextTier &tier) const
    {
        base.overlay(tier.rates, source);
        return base;
    }
};

TierChoice tierChoiceOf(const RateCard &card, const QString &serviceTier)
{
    const ServiceTier *service = tierOf(card, serviceTier);
    if (service && !service->contextTiers.isEmpty())
        return {service->contextTiers, EffectiveRates::Source::ServiceTier};
    return {card.contextTiers, EffectiveRates::Source::Card};
}

//! \p bands without their first \p tokens.
QList<RateBand> behind(QList<RateBand> bands, std::int64_t tokens)
{
    while (bands.constFirst().tokens <= tokens && bands.size() > 1) {
        tokens -= bands.constFirst().tokens;
        bands.removeFirst();
    }
    if (bands.size() > 1)
        bands.first().tokens -= tokens;
    return bands;
}

} // namespace

QList<EffectiveRates> reachableRates(const RateCard &card, const QString &serviceTier, UtcTime at)
{
    const TierChoice choice = tierChoiceOf(card, serviceTier);
    const EffectiveRates base(card, serviceTier, at);
    QList<EffectiveRates> all{base};
    for (const ContextTier &tier : choice.tiers)
        all.append(choice.over(base, tier));
    return all;
}

RateBands rateBands(const RateCard &card, const QString &serviceTier, std::int64_t input,
                    std::int64_t output, UtcTime at)
{
    const TierChoice choice = tierChoiceOf(card, serviceTier);
    const QList<ContextTier> &tiers = choice.tiers;
    const EffectiveRates base(card, serviceTier, at);
    const auto ratesOf = [&](const ContextTier &tier) { return choice.over(base, tier); };
    RateBands bands;
    const QList<RateBand> whole{RateBand{.rates = base}};
    if (tiers.isEmpty() || !tiers.constFirst().marginal) {
        bands.input = whole;
        for (const ContextTier &tier : tiers) {
            if (tier.appliesTo(tier.counted(input, output)))
                bands.input.first().rates = ratesOf(tier);
        }
        bands.output = bands.input;
        return bands;
    }
    QList<RateBand> cut;
    EffectiveRates rates = base;
    std::int64_t begin = 0;
    for (const ContextTier &tier : tiers) {
        cut.append(RateBand{.tokens = tier.above - begin, .rates = rates});
        rates = ratesOf(tier);
        begin = tier.above;
    }
    cut.append(RateBand{.rates = rates});
    const bool countsInput = tiers.constFirst().countsInput;
    bands.input = countsInput ? cut : whole;
    bands.output = !tiers.constFirst().countsOutput ? whole
                   : countsInput                    ? behind(cut, input)
                                                    : cut;
    return bands;
}

} // namespace core
