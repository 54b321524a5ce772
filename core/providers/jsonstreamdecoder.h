#pragma once

#include "core/net/sseparser.h"
#include "core/providers/eventtemplate.h"
#include "core/providers/json.h"
#include "core/providers/provideradapter.h"

namespace core {

//! What the decoders of JSON event streams share: framing, one whole JSON answer in place of a
//! stream, answers that are not the API at all, events that cannot be read, and the rule that only
//! a terminal event is an end. A protocol says what an event means.
class JsonStreamDecoder : public StreamDecoder
{
public:
    //! \p textKey: the member that holds the text in the protocol's most frequent event, whose
    //! repetitions are then read without parsing; empty: none.
    explicit JsonStreamDecoder(const HttpHeaders &headers, std::string_view textKey = {});

    [[nodiscard]] Result<StreamEvents> decode(QByteArrayView body) final;
    [[nodiscard]] Result<StreamEvents> finish() final;
    [[nodiscard]] StreamEvents takeEvents() final { return std::exchange(m_events, {}); }

protected:
    //! One event. An Error is the service's own, or says that what it sends is broken.
    [[nodiscard]] virtual std::optional<Error> takeEvent(QByteArrayView name,
                                                         const JsonElement &data) = 0;
    //! Data that is no JSON but has a meaning ("[DONE]"); false: none.
    [[nodiscard]] virtual bool takeWord(QByteArrayView data) = 0;
    //! The whole answer in one JSON object.
    [[nodiscard]] virtual std::optional<Error> takeWhole(const JsonElement &answer) = 0;
    //! After the last event of a body that ended: appends Finish, or tells why the answer is not
    //! whole.
    [[nodiscard]] virtual std::optional<Error> conclude() = 0;

    //! Appends, joining adjacent text.
    void emitText(const QString &text);
    void emitReasoning(const QString &text);
    void emitEvent(StreamEvent event)
    {
        ++m_otherEmits;
        m_events.append(std::move(event));
    }
    [[nodiscard]] const QString &requestId() const { return m_requestId; }

    [[nodiscard]] static Error protocolError(const QString &detail);
    [[nodiscard]] static Error truncated();

private:
    enum class Kind { Unknown, Events, Whole, Foreign };
    void sniff(QByteArrayView body);
    void takeFrame(const SseFrame &frame);
    [[nodiscard]] std::optional<Error> readWhole();
    [[nodiscard]] Result<StreamEvents> outcome();

    static constexpr int MostBadEvents = 20;
    static constexpr qsizetype MostWholeBytes = 32 * 1024 * 1024;

    Kind m_kind = Kind::Unknown;
    SseParser m_parser;
    JsonReader m_json;
    QByteArray m_whole;
    StreamEvents m_events;
    EventTemplate m_template;
    QString m_emittedText; //!< By the last emitText().
    int m_textEmits = 0;   //!< By the event at hand, as the next.
    int m_otherEmits = 0;
    std::optional<Error> m_error;
    QString m_requestId;
    int m_badEvents = 0;
};

} // namespace core
