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

constexpr std::array<std::pair<FeeUnit, const char *>, 13> Units{{
    {FeeUnit::Request, "request"},
    {FeeUnit::WebSearch, "web_search"},
    {FeeUnit::SocialSearch, "social_search"},
    {FeeUnit::FileSearch, "file_search"},
    {FeeUnit::CodeSession, "code_session"},
    {FeeUnit::RerankSearch, "rerank_search"},
    {FeeUnit::Image, "image"},
    {FeeUnit::AudioSecond, "audio_second"},
    {FeeUnit::Character, "character"},
    {FeeUnit::DocumentPage, "document_page"},
    {FeeUnit::Gigapixel, "gpixel"},
    {FeeUnit::CacheStorage, "cache_storage_mtok_hour"},
    {FeeUnit::ProvisionedHour, "provisioned_hour"},
}};

constexpr std::array<std::pair<UsageBasis, const char *>, 5> Bases{{
    {UsageBasis::Provider, "provider"},
    {UsageBasis::ProviderPartial, "provider_partial"},
    {UsageBasis::Counted, "counted"},
    {UsageBasis::Estimated, "estimated"},
    {UsageBasis::None, "none"},
}};

//! The kind of "cache_write_<n>m"; an hour in minutes is the hour.
std::optional<UsageKind> otherCacheWriteOf(QStringView name)
{
    constexpr QLatin1StringView Prefix("cache_write_");
    constexpr int Longest = 525'600; // a year of minutes
    constexpr int Hour = 60;
    if (!name.startsWith(Prefix) || !name.endsWith(QLatin1Char('m')))
        return std::nullopt;
    const QStringView digits = name.sliced(Prefix.size()).chopped(1);
    const int minutes = digits.toInt();
    if (minutes <= 0 || minutes > Longest || QString::number(minutes) != digits)
        return std::nullopt;
    if (minutes == Hour)
        return UsageKind::CacheWrite1h;
    return static_cast<UsageKind>(static_cast<int>(UsageKind::OtherCacheWrites) + minutes);
}

} // namespace

QString usageKindName(UsageKind kind)
{
    if (isOtherCacheWrite(kind))
        return QStringLiteral("cache_write_%1m")
            .arg(static_cast<int>(kind) - static_cast<int>(UsageKind::OtherCacheWrites));
    return nameIn(Kinds, kind);
}

std::optional<UsageKind> usageKindOf(const QString &name)
{
    if (const auto known = valueIn(Kinds, name))
        return known;
    return otherCacheWriteOf(name);
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
