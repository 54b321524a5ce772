#include "core/providers/jsonstreamdecoder.h"

#include "core/base/redactor.h"

namespace core {

namespace {

constexpr QByteArrayView ByteOrderMark("\xEF\xBB\xBF");

//! An error event whose \p data is no object: a sentence, plain or as JSON.
Error unreadableError(QByteArrayView data, const std::optional<JsonElement> &json)
{
    Error error;
    error.kind = ErrorKind::ServerError;
    error.httpStatus = 200;
    const QString text = json && json->is_string() ? anyText(*json) : QString::fromUtf8(data);
    error.detail = error.rawBody = redacted(text).left(500);
    return error;
}

} // namespace

JsonStreamDecoder::JsonStreamDecoder(const HttpHeaders &headers, const EventShape &shape)
    : m_template(shape)
    , m_hasCounts(shape.countersMean)
{
    for (const char *name : {"x-request-id", "request-id", "x-generation-id"}) {
        if (m_requestId.isEmpty())
            m_requestId = QString::fromUtf8(headers.value(name)).left(200);
    }
    const QByteArray type = headers.value("content-type").toLower();
    if (type.startsWith("text/event-stream"))
        m_kind = Kind::Events;
    else if (type.startsWith("text/html") || type.startsWith("image/") ||
             type.startsWith("application/xml"))
        m_kind = Kind::Foreign;
    // Anything else is looked at: services send JSON and streams under many names.
}

Error JsonStreamDecoder::protocolError(const QString &detail)
{
    Error error;
    error.kind = ErrorKind::ProtocolError;
    error.detail = redacted(detail);
    return error;
}

Error JsonStreamDecoder::truncated()
{
    Error error;
    error.kind = ErrorKind::Truncated;
    error.detail = QStringLiteral("The body ended before the protocol's terminal event.");
    return error;
}

void JsonStreamDecoder::sniff(QByteArrayView body)
{
    for (const char c : body) {
        if (ByteOrderMark.contains(c))
            continue; // it may stand before JSON, too
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
            continue; // some services send empty lines while the answer waits
        if (c == '{' || c == '[')
            m_kind = Kind::Whole;
        else
            m_kind = c == '<' ? Kind::Foreign : Kind::Events;
        return;
    }
}

void JsonStreamDecoder::emitText(const QString &text)
{
    if (text.isEmpty())
        return;
    ++m_textEmits;
    m_emittedText = text;
    m_events.addText(text);
}

void JsonStreamDecoder::emitReasoning(const QString &text)
{
    if (!text.isEmpty())
        ++m_otherEmits;
    m_events.addReasoning(text);
}

void JsonStreamDecoder::takeFrame(const SseFrame &frame)
{
    if (m_error || m_isConcluded)
        return;
    if (const auto text = frame.hasLastName ? m_template.match(frame.data)
                                            : m_template.match(frame.event, frame.data))
        return takeRepeated(*text, frame.data);
    const QByteArrayView data = frame.data.trimmed();
    if (data.isEmpty())
        return;
    m_hasFrames = true;
    m_template.forget();
    readCounts();
    if (takeWord(data))
        return;
    const auto element = m_json.parse(data);
    if (element && element->is_object()) {
        m_textEmits = m_otherEmits = 0;
        m_error = takeEvent(frame.event, *element);
        if (!m_error && m_textEmits == 1 && m_otherEmits == 0)
            m_template.learn(frame.event, data, m_emittedText);
        if (!m_error)
            takeCounts(*element);
    } else if (frame.event == "error" && !data.startsWith('{')) { // else it was cut
        m_error = unreadableError(data, element);
    } else if (++m_badEvents >= MostBadEvents) {
        m_error = protocolError(
            QStringLiteral("%1 events of the stream were not JSON objects.").arg(m_badEvents));
    }
}

void JsonStreamDecoder::takeRepeated(const JsonText &text, QByteArrayView data)
{
    if (m_hasCounts) {
        m_counted.resize(0);
        m_counted.append(data);
        m_uncounted += data.size();
    }
    m_events.addText(text);
}

void JsonStreamDecoder::readCounts()
{
    if (m_counted.isEmpty())
        return;
    if (const auto element = m_json.parse(m_counted))
        takeCounts(*element);
    m_counted.resize(0);
    m_uncounted = 0;
}

void JsonStreamDecoder::concludeOnce()
{
    if (m_error || m_isConcluded)
        return;
    readCounts();
    m_isConcluded = true;
    m_error = conclude();
}

Result<StreamEvents> JsonStreamDecoder::outcome()
{
    if (m_uncounted >= CountedBytes)
        readCounts();
    if (m_error)
        return *m_error;
    return m_events.take();
}

Result<StreamEvents> JsonStreamDecoder::decode(QByteArrayView body)
{
    m_events.clear();
    if (m_error)
        return *m_error;
    if (m_isConcluded)
        return outcome(); // what stands behind the end is nobody's
    if (m_kind == Kind::Unknown)
        sniff(body);
    switch (m_kind) {
    case Kind::Foreign:
        m_error = protocolError(
            QStringLiteral("The answer is a web page or a file, not an answer of the API."));
        break;
    case Kind::Whole:
        m_whole.append(body);
        if (m_whole.size() > MostWholeBytes)
            m_error = protocolError(QStringLiteral("The answer is larger than 32 MiB."));
        break;
    case Kind::Events:
        if (!m_parser.feed(body, [this](const SseFrame &frame) { takeFrame(frame); }) && !m_error)
            m_error =
                protocolError(QStringLiteral("An event of the stream is larger than 16 MiB."));
        if (hasEnded())
            concludeOnce();
        break;
    case Kind::Unknown:
        break;
    }
    return outcome();
}

std::optional<Error> JsonStreamDecoder::readWhole()
{
    QByteArrayView whole = QByteArrayView(m_whole).trimmed();
    if (whole.startsWith(ByteOrderMark))
        whole = whole.sliced(ByteOrderMark.size());
    const auto element = m_json.parse(whole);
    if (!element)
        return truncated(); // JSON that breaks off
    simdjson::dom::array list;
    if (element->get(list) == simdjson::SUCCESS)
        return takeList(list);
    if (!element->is_object())
        return protocolError(QStringLiteral("The answer is JSON, but not an object."));
    return takeWhole(*element);
}

std::optional<Error> JsonStreamDecoder::takeList(const simdjson::dom::array &)
{
    return protocolError(QStringLiteral("The answer is JSON, but not an object."));
}

Result<StreamEvents> JsonStreamDecoder::finish()
{
    m_events.clear();
    if (m_error)
        return *m_error;
    if (m_isConcluded)
        return outcome();
    if (m_kind == Kind::Unknown || m_kind == Kind::Foreign) {
        m_error = protocolError(QStringLiteral("The answer is empty or not an answer of the API."));
    } else if (m_kind == Kind::Whole) {
        m_error = readWhole();
    } else {
        m_parser.finish([this](const SseFrame &frame) { takeFrame(frame); });
        readCounts();
        // Some services put a plain JSON error where an event should stand, or send one whole
        // answer and call it a stream.
        if (const auto stray = m_error ? std::nullopt : m_json.parse(m_parser.stray());
            stray && stray->is_object()) {
            const bool isError = m_hasFrames || member(*stray, "error");
            m_error = isError ? takeEvent("error", *stray) : takeWhole(*stray);
        }
    }
    concludeOnce();
    return outcome();
}

} // namespace core
