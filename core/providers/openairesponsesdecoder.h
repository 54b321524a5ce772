#pragma once

#include "core/providers/jsonstreamdecoder.h"

#include <QHash>
#include <QSet>

namespace core {

//! Decodes the Responses API's stream (openai.md, section 3). response.completed and
//! response.incomplete are the only signs of a whole answer; there is no [DONE]. What a delta
//! already said is not said again by its ".done".
class OpenAiResponsesDecoder final : public JsonStreamDecoder
{
public:
    explicit OpenAiResponsesDecoder(const HttpHeaders &headers);

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView data) override { return data == "[DONE]"; }
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    bool hasEnded() const override { return m_ended; }
    std::optional<Error> conclude() override;

    void takeStart(const JsonElement &response);
    void takeTextEvent(const QString &type, const JsonElement &data);
    void takeArguments(const JsonElement &data, std::string_view member);
    void beginItem(int index, const JsonElement &item);
    void endItem(int index, const JsonElement &item);
    void takeContent(int item, const JsonElement &content);
    void takeUsage(const JsonElement &usage);
    [[nodiscard]] std::optional<Error> takeEnd(const JsonElement &response, const QString &end);

    HttpHeaders m_headers;
    QHash<int, int> m_calls;    //!< Output index -> number of the call.
    QSet<int> m_argumentsBegun; //!< Output indices whose arguments came in pieces.
    QSet<QString> m_textBegun;  //!< "kind output content" of which a delta came.
    QString m_finishRaw;
    QString m_serviceTier; //!< As last told.
    FinishReason m_finish = FinishReason::Other;
    int m_reasoningParts = 0;
    bool m_saidSomething = false;
    bool m_refused = false;
    bool m_started = false;
    bool m_ended = false;
};

} // namespace core
