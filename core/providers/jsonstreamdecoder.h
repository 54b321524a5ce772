#pragma once

#include "core/net/sseparser.h"
#include "core/providers/json.h"
#include "core/providers/provideradapter.h"
#include "core/providers/textevents.h"

namespace core {

//! What the decoders of JSON event streams share: framing, one whole JSON answer in place of a
//! stream, answers that are not the API at all, events that cannot be read, and the rule that only
//! a terminal event is an end. A protocol says what an event means.
class JsonStreamDecoder : public StreamDecoder
{
public:
    //! \p shape: of the protocol's most frequent event, whose repetitions are then read without
    //! parsing.
    explicit JsonStreamDecoder(const HttpHeaders &headers, const EventShape &shape);

    [[nodiscard]] Result<StreamEvents> decode(QByteArrayView body) final;
    [[nodiscard]] Result<StreamEvents> finish() final;
    [[nodiscard]] StreamEvents takeEvents() final
    {
        readCounts();
        releaseHalf();
        return m_events.take();
    }
    void reuse(StreamEvents events) final { m_events.reuse(std::move(events)); }

protected:
    //! One event. An Error is the service's own, or says that what it sends is broken.
    [[nodiscard]] virtual std::optional<Error> takeEvent(QByteArrayView name,
                                                         const JsonElement &data) = 0;
    //! Data that is no JSON but has a meaning ("[DONE]"); false: none.
    [[nodiscard]] virtual bool takeWord(QByteArrayView data) = 0;
    //! The whole answer in one JSON object.
    [[nodiscard]] virtual std::optional<Error> takeWhole(const JsonElement &answer) = 0;
    //! The answer in a list of such objects, which is none in most protocols.
    [[nodiscard]] virtual std::optional<Error> takeList(const simdjson::dom::array &answers);
    //! Whether an event has come after which nothing counts: the answer is concluded there, since a
    //! service may keep its connection open long after. Where counts follow it, isWhole() instead.
    [[nodiscard]] virtual bool hasEnded() const { return false; }
    //! After that event or the end of the body: appends Finish, or tells why the answer is not
    //! whole.
    [[nodiscard]] virtual std::optional<Error> conclude() = 0;

    //! The counts alone of an event that says text and counts: of a run of these, only those of the
    //! last in every CountedBytes are read, as each report replaces the one before.
    virtual void takeCounts(const JsonElement &) {}

    //! Appends, joining adjacent text.
    void emitText(const QString &text);
    void emitReasoning(const QString &text);
    void emitEvent(StreamEvent event)
    {
        ++m_otherEmits;
        m_events.add(std::move(event));
    }
    //! From takeCounts() only.
    void emitCounts(const Usage &usage) { m_events.add(UsageReport{usage}); }
    [[nodiscard]] const QString &requestId() const { return m_requestId; }
    //! In conclude(): whether the body ended within an event or a JSON text, which may have been
    //! more of the answer or an error.
    [[nodiscard]] bool isCut() const { return m_isCut; }

    [[nodiscard]] static Error protocolError(const QString &detail);
    [[nodiscard]] static Error truncated();

private:
    enum class Kind { Unknown, Events, Whole, Foreign };
    void sniff(QByteArrayView body);
    void takeFrame(const SseFrame &frame);
    void takeData(QByteArrayView name, QByteArrayView data);
    void takeStray();
    void takeRepeated(const JsonText &text, QByteArrayView data);
    void readCounts();
    void releaseHalf();
    [[nodiscard]] std::optional<Error> readWhole();
    void concludeOnce();
    [[nodiscard]] Result<StreamEvents> outcome();

    static constexpr int MostBadEvents = 20;
    static constexpr qsizetype MostWholeBytes = 32 * 1024 * 1024;
    //! Counts come again with each event, and only the last ones count.
    static constexpr qsizetype CountedBytes = 16 * 1024;

    Kind m_kind = Kind::Unknown;
    bool m_isSniffed = false; //!< The first byte that says something was seen.
    SseParser m_parser;
    JsonReader m_json;
    QByteArray m_whole; //!< Or what came before it was known what the body is.
    EventsInMaking m_events;
    EventTemplate m_template;
    bool m_hasCounts;
    QByteArray m_counted;      //!< The last event whose counts are still to be read; empty: none.
    qsizetype m_uncounted = 0; //!< Bytes of such events since counts were read.
    QString m_emittedText;     //!< By the last emitText().
    int m_textEmits = 0;       //!< By the event at hand, as the next.
    int m_otherEmits = 0;
    std::optional<Error> m_error;
    bool m_isConcluded = false;
    QString m_requestId;
    int m_badEvents = 0;
    bool m_hasFrames = false; //!< An event with data came, whatever it said.
    bool m_isCut = false;
    bool m_holdsHalf = false; //!< Of a character, at the end of what was said.
};

} // namespace core
