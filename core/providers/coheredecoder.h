#pragma once

#include "core/providers/jsonstreamdecoder.h"

#include <QHash>

namespace core {

//! Decodes Cohere's chat stream, version 2. message-end is the only sign of a whole answer, and
//! itself can report a failure. What a model says before its tool calls ("tool plan") is reasoning,
//! not the answer.
class CohereDecoder final : public JsonStreamDecoder
{
public:
    explicit CohereDecoder(const HttpHeaders &headers);

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView data) override { return data == "[DONE]"; }
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    bool hasEnded() const override { return m_ended; }
    std::optional<Error> conclude() override;

    void takeStart(const JsonElement &data);
    void takeContent(const JsonElement &content);
    void takeCall(int index, const JsonElement &call);
    void takeUsage(const JsonElement &usage);
    [[nodiscard]] std::optional<Error> takeEnd(const JsonElement &end);

    HttpHeaders m_headers;
    QHash<int, int> m_calls; //!< The service's index -> number of the last call begun there.
    int m_callCount = 0;
    QString m_finishReason;
    bool m_started = false;
    bool m_ended = false;
};

//! What an error of Cohere's API means, in a response or inside a stream (status 200).
[[nodiscard]] Error cohereError(int status, const HttpHeaders &headers, const JsonElement &body);
//! The service's id for a request; empty without one.
[[nodiscard]] QString cohereTraceId(const HttpHeaders &headers);

} // namespace core
