#include "core/providers/jsonstreamdecoder.h"

#include "core/base/redactor.h"
#include "core/providers/errorfacts.h"

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

bool saysError(const JsonElement &object)
{
    return hasError(object) || textMember(object, "object") == QStringLiteral("error");
}

//! Whether \p stray, which is no JSON, was to become JSON or an event.
bool breaksOff(QByteArrayView stray)
{
    const QByteArrayView lines = stray.trimmed();
    const QByteArrayView last = lines.sliced(lines.lastIndexOf('\n') + 1);
    return lines.startsWith('{') || lines.startsWith('[') ||
           (!last.isEmpty() && QByteArrayView("data").startsWith(last));
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
    return makeError(ErrorKind::ProtocolError, redacted(detail));
}

Error JsonStreamDecoder::truncated()
{
    return makeError(ErrorKind::Truncated,
                     QStringLiteral("The body ended before the protocol's terminal event."));
}

void JsonStreamDecoder::sniff(QByteArrayView body)
{
    for (const char c : body) {
        if (ByteOrderMark.contains(c))
            continue; // it may stand before JSON, too
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
            continue; // some services send empty lines while the answer waits
        m_isSniffed = true;
        if (c == '<') // a page, also where a proxy calls it a stream
            m_kind = Kind::Foreign;
        else if (m_kind == Kind::Unknown)
            m_kind = c == '{' || c == '[' ? Kind::Whole : Kind::Events;
        return;
    }
}

void JsonStreamDecoder::emitText(const QString &text)
{
    if (text.isEmpty())
        return;
    ++m_textEmits;
    m_emittedText = text;
    if (m_holdsHalf && m_json.completesHalf())
        m_holdsHalf = false;
    releaseHalf();
    // Its second half may begin the next event.
    m_holdsHalf = m_json.endsInHalf() && text.endsWith(QChar::ReplacementCharacter);
    m_events.addText(m_holdsHalf ? text.chopped(1) : text);
}

void JsonStreamDecoder::releaseHalf()
{
    if (std::exchange(m_holdsHalf, false))
        m_events.addText(QString(QChar::ReplacementCharacter));
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
    m_template.forget();
    readCounts();
    if (!takeWord(data))
        takeData(frame.event, data);
    if (m_error || !hasEnded())
        return;
    takeStray();
    concludeOnce();
}

void JsonStreamDecoder::takeData(QByteArrayView name, QByteArrayView data)
{
    m_hasFrames = true;
    auto element = m_json.parse(data);
    simdjson::dom::array list; // Google's compatible endpoint wraps its error in one
    if (element && element->get(list) == simdjson::SUCCESS && list.size() > 0 &&
        saysError(list.at(0).value()))
        element = list.at(0).value();
    if (element && element->is_object()) {
        m_textEmits = m_otherEmits = 0;
        m_error = takeEvent(name, *element);
        if (!m_error && m_textEmits == 1 && m_otherEmits == 0)
            m_template.learn(name, data, m_emittedText);
        if (!m_error)
            takeCounts(*element);
    } else if (name == "error" && !data.startsWith('{')) { // else it was cut
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
    releaseHalf();
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
    if (!m_isSniffed)
        sniff(body);
    const auto take = [this](const SseFrame &frame) { takeFrame(frame); };
    switch (m_kind) {
    case Kind::Foreign:
        m_error = protocolError(
            QStringLiteral("The answer is a web page or a file, not an answer of the API."));
        break;
    case Kind::Unknown: // the bytes so far belong to what will be recognised by a later one
    case Kind::Whole:
        m_whole.append(body);
        if (m_whole.size() > MostWholeBytes)
            m_error = protocolError(QStringLiteral("The answer is larger than 32 MiB."));
        break;
    case Kind::Events:
        if (!m_whole.isEmpty())
            (void)m_parser.feed(std::exchange(m_whole, {}), take); // blanks and the like: no event
        if (!m_parser.feed(body, take) && !m_error && !m_isConcluded)
            m_error =
                protocolError(QStringLiteral("An event of the stream is larger than 16 MiB."));
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

//! Some services put a plain JSON error where an event should stand, or send one whole answer and
//! call it a stream.
void JsonStreamDecoder::takeStray()
{
    if (m_parser.stray().isEmpty())
        return;
    auto stray = m_json.parse(m_parser.stray());
    m_isCut = m_isCut || (!stray && breaksOff(m_parser.stray()));
    simdjson::dom::array list; // an error in one, as Gemini's list of answers has it
    if (stray && stray->get(list) == simdjson::SUCCESS && list.size() > 0)
        stray = list.at(0).value();
    if (!stray || !stray->is_object())
        return;
    if (!m_hasFrames && !member(*stray, "error"))
        m_error = takeWhole(*stray);
    else if (!hasEnded() || saysError(*stray)) // behind text and a good end it must say so
        m_error = takeEvent("error", *stray);
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
        const int badEvents = m_badEvents;
        m_parser.finish([this](const SseFrame &frame) {
            m_isCut = frame.data.trimmed().isEmpty();
            takeFrame(frame);
        });
        m_isCut = m_isCut || m_badEvents > badEvents;
        readCounts();
        if (!m_error && !m_isConcluded)
            takeStray();
    }
    concludeOnce();
    return outcome();
}

} // namespace core
