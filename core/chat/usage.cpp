#include "core/chat/usage.h"

#include <array>
#include <utility>

namespace core {

namespace {

template <typename E, std::size_t N>
QString nameIn(const std::array<std::pair<E, const char *>, N> &names, E value)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return QString::fromLatin1(name);
    }
    return {};
}

template <typename E, std::size_t N>
std::optional<E> valueIn(const std::array<std::pair<E, const char *>, N> &names,
                         const QString &text)
{
    for (const auto &[value, name] : names) {
        if (text == QLatin1StringView(name))
            return value;
    }
    return std::nullopt;
}

constexpr std::array<std::pair<UsageKind, const char *>, 16> Kinds{{
    {UsageKind::Input, "input"},
    {UsageKind::InputAudio, "input_audio"},
    {UsageKind::InputImage, "input_image"},
    {UsageKind::InputVideo, "input_video"},
    {UsageKind::InputTool, "input_tool"},
    {UsageKind::CacheRead, "cache_read"},
    {UsageKind::CacheReadAudio, "cache_read_audio"},
    {UsageKind::CacheWrite, "cache_write"},
    {UsageKind::CacheWrite5m, "cache_write_5m"},
    {UsageKind::CacheWrite1h, "cache_write_1h"},
    {UsageKind::Output, "output"},
    {UsageKind::OutputReasoning, "output_reasoning"},
    {UsageKind::OutputAudio, "output_audio"},
    {UsageKind::OutputImage, "output_image"},
    {UsageKind::OutputVideo, "output_video"},
    {UsageKind::OutputCitation, "output_citation"},
}};

constexpr std::array<std::pair<FeeUnit, const char *>, 7> Units{{
    {FeeUnit::Request, "request"},
    {FeeUnit::WebSearch, "web_search"},
    {FeeUnit::SocialSearch, "social_search"},
    {FeeUnit::FileSearch, "file_search"},
    {FeeUnit::CodeSession, "code_session"},
    {FeeUnit::RerankSearch, "rerank_search"},
    {FeeUnit::Image, "image"},
}};

constexpr std::array<std::pair<UsageBasis, const char *>, 5> Bases{{
    {UsageBasis::Provider, "provider"},
    {UsageBasis::ProviderPartial, "provider_partial"},
    {UsageBasis::Counted, "counted"},
    {UsageBasis::Estimated, "estimated"},
    {UsageBasis::None, "none"},
}};

} // namespace

QString usageKindName(UsageKind kind)
{
    return nameIn(Kinds, kind);
}

std::optional<UsageKind> usageKindOf(const QString &name)
{
    return valueIn(Kinds, name);
}

QString feeUnitName(FeeUnit unit)
{
    return nameIn(Units, unit);
}

std::optional<FeeUnit> feeUnitOf(const QString &name)
{
    return valueIn(Units, name);
}

QString usageBasisName(UsageBasis basis)
{
    return nameIn(Bases, basis);
}

std::optional<UsageBasis> usageBasisOf(const QString &name)
{
    return valueIn(Bases, name);
}

std::optional<std::int64_t> Usage::count(UsageKind kind) const
{
    const auto found = tokens.constFind(kind);
    return found == tokens.constEnd() ? std::nullopt : std::optional(found.value());
}

} // namespace core
