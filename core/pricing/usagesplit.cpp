#include "core/pricing/usagesplit.h"

#include <limits>

namespace core {

namespace {

QList<UsageKind> otherCacheWritesIn(const Usage &usage)
{
    QList<UsageKind> kinds;
    for (auto it = usage.tokens.upperBound(UsageKind::OtherCacheWrites); it != usage.tokens.cend();
         ++it)
        kinds.append(it.key());
    return kinds;
}

QList<UsageKind> childrenOf(UsageKind kind, const Usage &usage)
{
    switch (kind) {
    case UsageKind::Input:
        return {UsageKind::CacheRead,  UsageKind::CacheWrite, UsageKind::InputAudio,
                UsageKind::InputImage, UsageKind::InputVideo, UsageKind::InputTool};
    case UsageKind::CacheRead:
        return {UsageKind::CacheReadAudio};
    case UsageKind::CacheWrite:
        return otherCacheWritesIn(usage) +
               QList<UsageKind>{UsageKind::CacheWrite5m, UsageKind::CacheWrite1h};
    case UsageKind::Output:
        return {UsageKind::OutputReasoning, UsageKind::OutputAudio, UsageKind::OutputImage,
                UsageKind::OutputVideo, UsageKind::OutputCitation};
    case UsageKind::InputAudio:
    case UsageKind::InputImage:
    case UsageKind::InputVideo:
    case UsageKind::InputTool:
    case UsageKind::CacheReadAudio:
    case UsageKind::CacheWrite5m:
    case UsageKind::CacheWrite1h:
    case UsageKind::OutputReasoning:
    case UsageKind::OutputAudio:
    case UsageKind::OutputImage:
    case UsageKind::OutputVideo:
    case UsageKind::OutputCitation:
    case UsageKind::OtherCacheWrites:
        return {};
    }
    return {};
}

//! Appends the shares below \p kind and returns its total; a total that was not told is the sum of
//! its parts.
std::optional<std::int64_t> collect(const Usage &usage, UsageKind kind, UsageSide &side)
{
    std::int64_t parts = 0;
    bool anyPart = false;
    for (const UsageKind child : childrenOf(kind, usage)) {
        const auto tokens = collect(usage, child, side);
        if (!tokens)
            continue;
        anyPart = true;
        if (*tokens > std::numeric_limits<std::int64_t>::max() - parts) {
            side.contradictory = true;
            return std::nullopt;
        }
        parts += *tokens;
    }
    const auto told = usage.count(kind);
    if (!told)
        return anyPart ? std::optional(parts) : std::nullopt;
    if (*told < 0 || *told < parts) {
        side.contradictory = true;
        return std::nullopt;
    }
    const bool isRoot = kind == UsageKind::Input || kind == UsageKind::Output;
    if (*told > parts || (isRoot && parts == 0))
        side.shares.append({kind, *told - parts});
    return told;
}

UsageSide split(const Usage &usage, UsageKind root)
{
    UsageSide side;
    side.total = collect(usage, root, side);
    if (!side.contradictory)
        return side;
    side.shares.clear();
    side.total = usage.count(root);
    return side;
}

} // namespace

UsageSide splitInput(const Usage &usage)
{
    return split(usage, UsageKind::Input);
}

UsageSide splitOutput(const Usage &usage)
{
    return split(usage, UsageKind::Output);
}

} // namespace core
