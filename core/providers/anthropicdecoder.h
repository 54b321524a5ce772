#pragma once

#include "core/providers/jsonstreamdecoder.h"

#include <QHash>
#include <QMap>

namespace core {

//! Decodes the Messages API's stream. message_stop is the only sign of a whole answer. Usage
//! numbers are cumulative: each replaces the one before.
class AnthropicDecoder final : public JsonStreamDecoder
{
public:
    explicit AnthropicDecoder(const HttpHeaders &headers);

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView) override { return false; }
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    bool hasEnded() const override { return m_stopped; }
    std::optional<Error> conclude() override;

    [[nodiscard]] std::optional<Error> takeStart(const JsonElement &message);
    void beginBlock(int index, const JsonElement &block);
    void takeDelta(int index, const JsonElement &delta);
    void endBlock(int index);
    void takeUsage(const JsonElement &usage);
    void settleUsage();
    void emitUsage();
    void takeStopReason(const JsonElement &holder);
    void emitToolCall(int block, const QString &id, const QString &name,
                      const QByteArray &arguments);

    HttpHeaders m_headers;
    QString m_messageId;
    Usage m_usage;
    std::int64_t m_uncached = 0; //!< input_tokens as sent: without either cache number.
    bool m_uncachedKnown = false;
    bool m_counted = false;      //!< A message_delta had counts, not the start alone.
    QHash<int, int> m_toolCalls; //!< Block index -> number of the call.
    //! Of calls that began with it. A whole answer has it there, a stream in deltas: some have
    //! both.
    QMap<int, QByteArray> m_wholeInputs;
    QString m_stopReason;
    bool m_started = false;
    bool m_stopped = false;
};

//! What an error object of the Messages API means, in a response or inside a stream (status 200).
[[nodiscard]] Error anthropicError(int status, const HttpHeaders &headers, const JsonElement &body);

} // namespace core
