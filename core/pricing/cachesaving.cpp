#include "core/pricing/cachesaving.h"

#include "core/pricing/costcalculator.h"

#include <algorithm>

namespace core {

namespace {

constexpr UsageKind CacheKinds[] = {UsageKind::CacheRead, UsageKind::CacheReadAudio,
                                    UsageKind::CacheWrite, UsageKind::CacheWrite5m,
                                    UsageKind::CacheWrite1h};

bool isOfCache(UsageKind kind)
{
    return isOtherCacheWrite(kind) ||
           std::find(std::begin(CacheKinds), std::end(CacheKinds), kind) != std::end(CacheKinds);
}

//! As the table prices it whatever the service said of money; what is missing of the output is as
//! much the same on both sides as what is there.
Usage byTheTable(Usage usage)
{
    usage.reportedCost.reset();
    usage.basis = UsageBasis::Counted;
    if (!usage.count(UsageKind::Output))
        usage.tokens.insert(UsageKind::Output, 0);
    for (Usage &part : usage.parts)
        part = byTheTable(part);
    return usage;
}

Usage withoutCache(Usage usage)
{
    // Cached sound is no part of what was heard anew: without a cache it would be.
    if (const std::int64_t sound = usage.count(UsageKind::CacheReadAudio).value_or(0); sound > 0)
        usage.tokens[UsageKind::InputAudio] += sound;
    usage.tokens.removeIf(
        [](QMap<UsageKind, std::int64_t>::iterator count) { return isOfCache(count.key()); });
    for (Usage &part : usage.parts)
        part = withoutCache(part);
    return usage;
}

} // namespace

bool usesPromptCache(const Usage &usage)
{
    const QList<UsageKind> kinds = usage.tokens.keys();
    return std::any_of(kinds.cbegin(), kinds.cend(),
                       [&usage](UsageKind kind) {
                           return isOfCache(kind) && usage.tokens.value(kind) > 0;
                       }) ||
           std::any_of(usage.parts.cbegin(), usage.parts.cend(), usesPromptCache);
}

std::optional<PicoUsd> promptCacheSaving(const CostCalculator &costs, const Seller &seller,
                                         const QString &model, const Usage &usage, UtcTime at)
{
    if (!usesPromptCache(usage))
        return PicoUsd();
    const Usage cached = byTheTable(usage);
    const Cost paid = costs.cost(seller, model, cached, at).total;
    const Cost plain = costs.cost(seller, model, withoutCache(cached), at).total;
    if (!paid.complete || !plain.complete)
        return std::nullopt;
    const auto least = plain.low.plus(PicoUsd(-paid.low.count()));
    // A service of no known price, sold below the ordinary one: both may have cost nothing.
    return least == plain.high.plus(PicoUsd(-paid.high.count())) ? least : std::nullopt;
}

} // namespace core
