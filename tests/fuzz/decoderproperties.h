#pragma once

#include "core/providers/provideradapter.h"
#include "tests/fuzz/fuzzinput.h"

namespace fuzz {

//! What a decoder made of a body.
struct Decoded
{
    QString text;
    QString textBeforeEnd; //!< Without what the end of the body let out: an event that lacked its
                           //!< blank line, and in a longer body has more lines.
    QString reasoning;
    QByteArray arguments; //!< Of all tool calls, in order of arrival.
    int finishes = 0;
    std::optional<core::ErrorKind> error;
    bool operator==(const Decoded &) const = default;
};

inline void take(Decoded &decoded, const core::StreamEvents &events)
{
    for (const core::StreamEvent &event : events) {
        REQUIRE(decoded.finishes == 0); // nothing comes after the end
        if (const auto *text = std::get_if<core::TextDelta>(&event)) {
            REQUIRE(!text->text.isEmpty());
            decoded.text += text->text;
        } else if (const auto *reasoning = std::get_if<core::ReasoningDelta>(&event)) {
            decoded.reasoning += reasoning->text;
        } else if (const auto *call = std::get_if<core::ToolCallDelta>(&event)) {
            decoded.arguments += call->arguments;
        } else if (const auto *usage = std::get_if<core::UsageReport>(&event)) {
            for (const std::int64_t count : usage->usage.tokens)
                REQUIRE(count >= 0);
        } else if (std::holds_alternative<core::Finish>(event)) {
            ++decoded.finishes;
        }
    }
}

inline Decoded decode(const core::ProviderAdapter &adapter, const QByteArray &contentType,
                      const QList<QByteArrayView> &pieces)
{
    const auto decoder = adapter.makeDecoder({{"content-type", contentType}});
    Decoded decoded;
    for (const QByteArrayView piece : pieces) {
        const auto events = decoder->decode(QByteArray(piece.data(), piece.size()));
        take(decoded, events ? *events : decoder->takeEvents());
        if (!events) {
            decoded.error = events.error().kind;
            decoded.textBeforeEnd = decoded.text;
            return decoded;
        }
    }
    decoded.textBeforeEnd = decoded.text;
    const auto events = decoder->finish();
    take(decoded, events ? *events : decoder->takeEvents());
    if (!events)
        decoded.error = events.error().kind;
    return decoded;
}

//! A body means the same in pieces; it ends in a finish or an error and never in both; one that was
//! cut says no other text than the whole.
inline void checkDecoder(const core::ProviderAdapter &adapter, Input input,
                         const QByteArray &streamType = "text/event-stream")
{
    const QByteArray contentType =
        input.choose(7) == 0 ? QByteArray("application/json") : streamType;
    const Decoded whole = decode(adapter, contentType, {input.bytes()});
    REQUIRE(whole.finishes == (whole.error ? 0 : 1));
    REQUIRE(decode(adapter, contentType, input.pieces()) == whole);
    const qsizetype length = input.choose(input.bytes().size());
    const Decoded cut = decode(adapter, contentType, {input.bytes().first(length)});
    if (contentType == streamType)
        REQUIRE(whole.text.startsWith(cut.textBeforeEnd));
}

} // namespace fuzz
