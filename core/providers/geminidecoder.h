#pragma once

#include "core/providers/jsonstreamdecoder.h"

namespace core {

//! Decodes streamGenerateContent. Each event is a whole response; the body's end is the end, and
//! only a finishReason or a blockReason makes it a whole answer. An error may stand raw behind the
//! last event.
class GeminiDecoder final : public JsonStreamDecoder
{
public:
    explicit GeminiDecoder(const HttpHeaders &headers);
    bool isWhole() const override { return !m_finishReason.isEmpty() || !m_blockReason.isEmpty(); }

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView data) override { return data == "[DONE]"; } // of proxies
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    std::optional<Error> takeList(const simdjson::dom::array &answers) override;
    std::optional<Error> conclude() override;
    void takeCounts(const JsonElement &data) override;

    void takeStart(const JsonElement &data);
    void takeCandidate(const JsonElement &candidate);
    void takePart(const JsonElement &part);
    void takeUsage(const JsonElement &json, const JsonElement &event);

    HttpHeaders m_headers;
    QString m_finishReason;
    QString m_blockReason;
    int m_toolCalls = 0;
    bool m_started = false;
    bool m_knowsModel = false;
};

//! What an error object of the Gemini API means, in a response or inside a stream (status 200).
[[nodiscard]] Error geminiError(int status, const HttpHeaders &headers, const JsonElement &body);

//! Ids that this decoder gave to calls that came without one: they never go back to the service.
[[nodiscard]] bool isMadeUpCallId(const QString &id);

} // namespace core
