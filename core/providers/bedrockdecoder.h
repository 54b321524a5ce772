#pragma once

#include "core/net/eventstreamparser.h"
#include "core/providers/json.h"
#include "core/providers/provideradapter.h"
#include "core/providers/textevents.h"

#include <QHash>

namespace core {

//! Decodes ConverseStream, or the one JSON object of Converse. The answer is whole once messageStop
//! was seen and metadata, which carries the counts, or the end of the body.
class BedrockDecoder final : public StreamDecoder
{
public:
    explicit BedrockDecoder(const HttpHeaders &headers);

    [[nodiscard]] Result<StreamEvents> decode(QByteArrayView body) override;
    [[nodiscard]] Result<StreamEvents> finish() override;
    [[nodiscard]] StreamEvents takeEvents() override { return m_events.take(); }
    void reuse(StreamEvents events) override { m_events.reuse(std::move(events)); }

private:
    void takeFrame(const EventStreamFrame &frame);
    [[nodiscard]] std::optional<Error> failureIn(const EventStreamFrame &frame) const;
    void takeEvent(const QString &type, const JsonElement &data);
    [[nodiscard]] std::optional<Error> takeWhole();
    void start();
    void takeDelta(int block, const JsonElement &delta);
    void takeReasoning(const JsonElement &reasoning);
    void takeCited(const JsonElement &block);
    void beginCall(int block, const JsonElement &call);
    void takeUsage(const JsonElement &metadata);
    void conclude();
    [[nodiscard]] Result<StreamEvents> outcome();

    HttpHeaders m_headers;
    EventStreamParser m_parser;
    JsonReader m_json;
    QByteArray m_whole;
    bool m_isWhole;
    bool m_begun = false; //!< A byte of the body came.
    EventsInMaking m_events;
    EventTemplate m_template;
    std::optional<Error> m_error;
    QHash<int, int> m_calls; //!< Content block -> number of the call.
    QString m_stopReason;
    bool m_started = false;
    bool m_stopped = false;
    bool m_finished = false;
};

//! What an error of Bedrock means: \p type as in x-amzn-errortype or :exception-type.
[[nodiscard]] Error bedrockError(int status, const HttpHeaders &headers, const QString &type,
                                 const QByteArray &body);

} // namespace core
