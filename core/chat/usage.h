#pragma once

#include "core/base/picousd.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

#include <cstdint>
#include <optional>

namespace core {

//! Kinds of tokens that can have a price of their own. Sub-kinds are contained in Input or Output:
//! Input > InputAudio, InputImage, InputVideo, InputTool, CacheRead > CacheReadAudio,
//! CacheWrite > CacheWrite5m, CacheWrite1h; Output > OutputReasoning, OutputAudio, ...
//! Cache writes kept for other times are an open set, numbered from OtherCacheWrites on: the number
//! is that plus the minutes. Their names are "cache_write_<n>m".
enum class UsageKind {
    Input,
    InputAudio,
    InputImage,
    InputVideo,
    InputTool,
    CacheRead,
    CacheReadAudio,
    CacheWrite,
    CacheWrite5m,
    CacheWrite1h,
    Output,
    OutputReasoning,
    OutputAudio,
    OutputImage,
    OutputVideo,
    OutputCitation,
    OtherCacheWrites = 1000,
};

//! Whether \p kind is a cache write for a time that has no name of its own here.
[[nodiscard]] constexpr bool isOtherCacheWrite(UsageKind kind)
{
    return kind > UsageKind::OtherCacheWrites;
}

//! Things billed by the piece.
enum class FeeUnit {
    Request,
    WebSearch,
    SocialSearch,
    FileSearch,
    CodeSession,
    RerankSearch,
    Image, //!< With conditions (size, quality) that no answer tells.
    AudioSecond,
    Character,
    DocumentPage,
    Gigapixel,
    CacheStorage,    //!< A million tokens kept for an hour.
    ProvisionedHour, //!< Of throughput bought ahead: not of one request.
};

//! Where the counts come from.
enum class UsageBasis { Provider, ProviderPartial, Counted, Estimated, None };

//! The key of a kind's rate in prices.json ("input", "cache_write_5m", ...) and back.
[[nodiscard]] QString usageKindName(UsageKind kind);
[[nodiscard]] std::optional<UsageKind> usageKindOf(const QString &name);
[[nodiscard]] QString feeUnitName(FeeUnit unit);
[[nodiscard]] std::optional<FeeUnit> feeUnitOf(const QString &name);
[[nodiscard]] QString usageBasisName(UsageBasis basis);
[[nodiscard]] std::optional<UsageBasis> usageBasisOf(const QString &name);

//! Counts of one call, as billed. A missing key is unknown (that is not 0). Input contains every
//! input kind, output contains reasoning. Adapters convert to this.
struct Usage
{
    QMap<UsageKind, std::int64_t> tokens;
    QMap<FeeUnit, std::int64_t> fees;
    QString serviceTier, inferenceGeo, speed, model; //!< As the response says, not as asked.
    std::optional<std::int64_t> contextTokens; //!< What the context window saw, where it differs
                                               //!< from what is billed (Cohere).
    //! The provider's own figure (OpenRouter, xAI); beats the table.
    std::optional<PicoUsd> reportedCost;
    UsageBasis basis = UsageBasis::None;
    QList<Usage> parts; //!< Server-side iterations that are billed one by one (Anthropic).
    QByteArray raw;     //!< The provider's own JSON, for Details.

    [[nodiscard]] std::optional<std::int64_t> count(UsageKind kind) const;
    bool operator==(const Usage &) const = default;
};

} // namespace core
