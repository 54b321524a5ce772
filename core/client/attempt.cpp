#include "core/client/attempt.h"

#include "core/client/answerparts.h"
#include "core/client/foreignnames.h"
#include "core/net/retryafter.h"
#include "core/providers/ratelimits.h"

#include <QPointer>

#include <algorithm>

namespace core {

namespace {

constexpr int Ok = 200;
constexpr int NoContent = 204;
constexpr int FirstRedirect = 300;
constexpr qsizetype RawBodyLimit = 500;
//! A service may keep its connection open after the answer; longer than this we do not wait for it,
//! nor for counts that may follow the terminal event.
constexpr std::chrono::seconds EndOfExchange{2};

//! What a chat API answers with. A login page, a proxy's notice or an empty answer is none of it.
bool isApiContent(const HttpHeaders &headers)
{
    const QByteArray type =
        headers.value("content-type").split(';').constFirst().trimmed().toLower();
    return type == "text/event-stream" || type == "application/json" || type.endsWith("+json") ||
           type == "application/x-ndjson" || type == "application/ndjson" ||
           type == "application/jsonl" || type == "application/vnd.amazon.eventstream";
}

Error notTheApi(int status, const QString &detail)
{
    Error error = makeError(ErrorKind::ProtocolError, detail);
    error.httpStatus = status;
    return error;
}

//! Whether a reader sees it: text, also of reasoning, or a tool call.
bool isReadable(const StreamEvent &event)
{
    const auto *reasoning = std::get_if<ReasoningDelta>(&event);
    return isVisible(event) || (reasoning && !reasoning->text.isEmpty());
}

bool isOfConnection(ErrorKind kind)
{
    return kind == ErrorKind::Timeout || kind == ErrorKind::ConnectionFailed ||
           kind == ErrorKind::Truncated;
}

} // namespace

Attempt::Attempt(Clock &clock, AttemptRecord opened, SteadyTime queuedAt, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_record(std::move(opened))
    , m_queuedAt(queuedAt)
    , m_silenceAlarm(clock)
    , m_endAlarm(clock)
{
}

Attempt::~Attempt()
{
    dropExchange();
}

std::chrono::milliseconds Attempt::now() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.steadyNow() - m_queuedAt);
}

void Attempt::send(HttpTransport &transport, const ProviderAdapter &adapter,
                   const WireRequest &request, const HttpDeadlines &deadlines)
{
    m_adapter = &adapter;
    m_transport = &transport;
    m_warnings = request.warnings;
    m_secrets = request.secrets;
    m_exchange = transport.send(request.http, deadlines, this);
    connect(m_exchange, &HttpExchange::sent, this, [this] {
        m_record.times.sent = now();
        m_watch.emplace(m_clock.steadyNow());
        watchSilence();
        Q_EMIT sent();
    });
    connect(m_exchange, &HttpExchange::headersReceived, this, &Attempt::takeHeaders);
    connect(m_exchange, &HttpExchange::bodyReceived, this, &Attempt::takeBody);
    connect(m_exchange, &HttpExchange::finished, this, &Attempt::takeEnd);
}

void Attempt::takeHeaders()
{
    m_record.times.headers = now();
    if (!m_record.times.sent) // an answer proves that the request has left
        m_record.times.sent = m_record.times.headers;
    m_record.httpStatus = m_exchange->status();
    const HttpHeaders &headers = m_exchange->headers();
    m_facts = m_adapter->readHeaders(headers);
    redactNames(m_facts);
    m_record.providerRequestId = m_facts.requestId;
    if (m_record.httpStatus > Ok && m_record.httpStatus < FirstRedirect)
        return fail(notTheApi(m_record.httpStatus,
                              m_record.httpStatus == NoContent
                                  ? QStringLiteral("The answer has no content.")
                                  : QStringLiteral("The status is none that the API answers "
                                                   "with.")));
    if (m_record.httpStatus != Ok)
        return;
    if (!isApiContent(headers))
        return fail(notTheApi(Ok, QStringLiteral("The answer is of type \"%1\".")
                                      .arg(QString::fromLatin1(headers.value("content-type")))));
    m_decoder = m_adapter->makeDecoder(headers);
}

void Attempt::takeBody(const QByteArray &slice)
{
    m_record.times.lastByte = now();
    if (!m_record.times.firstByte)
        m_record.times.firstByte = m_record.times.lastByte;
    m_record.bytes += slice.size();
    m_hasSlept = false;
    if (!m_decoder) {
        m_errorBody += slice; // the transport bounds it
        return;
    }
    Result<StreamEvents> decoded = m_decoder->decode(slice);
    StreamEvents events = noted(decoded ? std::move(*decoded) : m_decoder->takeEvents());
    const QPointer<Attempt> self(this);
    hear(events);
    if (self && m_exchange)
        deliver(events);
    if (!self || !m_exchange) // a slot stopped it
        return;
    if (!decoded)
        return fail(decoded.error());
    if (const auto excess = m_caps.excess())
        return fail(*excess);
    if (m_record.terminalSeen) {
        letExchangeEnd();
        return close(AttemptOutcome::Completed);
    }
    awaitEnd(events);
    m_decoder->reuse(std::move(events));
}

//! Some (servers of Gemini's protocol) send what should be their terminal event with every piece of
//! text: there, only the end of the body tells.
void Attempt::awaitEnd(const StreamEvents &events)
{
    if (m_endAlarm.isSet() && std::any_of(events.begin(), events.end(), isReadable)) {
        m_isEndDoubtful = true;
        m_endAlarm.clear();
    }
    if (!m_isEndDoubtful && !m_endAlarm.isSet() && m_decoder->isWhole())
        m_endAlarm.set(EndOfExchange, [this] { takeEndOfStream(); });
}

void Attempt::takeEnd()
{
    const std::optional<Error> error = m_exchange->error();
    // A connection that breaks or falls silent in mid-stream has an answer to be judged by its
    // decoder, like one that ends in peace: none of these says whether the answer was whole.
    const bool isCut = error && isOfConnection(error->kind) && m_decoder;
    if (error && !isCut)
        return fail(*error);
    if (m_decoder)
        return takeEndOfStream();
    Error refusal = m_adapter->readError(m_record.httpStatus, m_exchange->headers(), m_errorBody);
    if (!refusal.shouldRetry)
        refusal.shouldRetry = shouldRetryHint(m_exchange->headers());
    if (!refusal.retryAfter && mayCarryHint(m_record.httpStatus, m_exchange->headers()))
        refusal.retryAfter = retryAfterHint(m_exchange->headers());
    if (!refusal.retryAfter && refusal.kind == ErrorKind::RateLimited)
        refusal.retryAfter = resetHint(m_facts);
    fail(refusal);
}

void Attempt::takeEndOfStream()
{
    const std::optional<Error> cut = m_exchange->error();
    if (!cut && m_record.bytes == 0)
        return fail(notTheApi(Ok, QStringLiteral("The answer is empty.")));
    Result<StreamEvents> last = m_decoder->finish();
    const StreamEvents events = noted(last ? std::move(*last) : m_decoder->takeEvents());
    m_endAlarm.clear();
    const QPointer<Attempt> self(this);
    deliver(events);
    if (!self || !m_exchange)
        return;
    if (const auto excess = m_caps.excess())
        return fail(*excess);
    if (last && m_record.terminalSeen) {
        dropExchange();
        return close(AttemptOutcome::Completed);
    }
    if (cut && cut->kind == ErrorKind::Timeout)
        return fail(*cut);
    Error error = last ? Error{} : last.error();
    if (last) { // a decoder that saw neither an end nor a fault: all that is left is a cut
        error.kind = ErrorKind::Truncated;
        error.detail = QStringLiteral("The answer ended without its final event.");
    }
    if (cut) {
        error.kind = ErrorKind::Truncated;
        error.detail = cut->detail;
    }
    fail(error);
}

StreamEvents Attempt::noted(StreamEvents events)
{
    m_record.answered = m_record.answered || !events.isEmpty();
    for (StreamEvent &event : events)
        note(event);
    return events;
}

void Attempt::note(StreamEvent &event)
{
    redactNames(event, m_record.target.model);
    m_caps.add(event);
    if (auto *started = std::get_if<ReplyStarted>(&event)) {
        if (started->requestId.isEmpty())
            started->requestId = m_record.providerRequestId;
        started->warnings = m_warnings + started->warnings;
        m_record.answeredModel = started->model;
        m_record.providerRequestId = started->requestId;
    } else if (const auto *report = std::get_if<UsageReport>(&event)) {
        m_record.usage = report->usage;
        // Whoever answered is the one that is paid for.
        if (m_record.answeredModel.isEmpty())
            m_record.answeredModel = report->usage.model;
        else if (m_record.usage.model.isEmpty())
            m_record.usage.model = m_record.answeredModel;
    } else if (const auto *finish = std::get_if<Finish>(&event)) {
        m_finish = *finish;
        m_record.terminalSeen = true;
    } else if (const auto *text = std::get_if<TextDelta>(&event)) {
        m_output.add(text->text);
    } else if (const auto *reasoning = std::get_if<ReasoningDelta>(&event)) {
        m_output.add(reasoning->text);
    } else if (const auto *call = std::get_if<ToolCallDelta>(&event)) {
        m_output.add(call->name);
        m_output.addBytes(call->arguments);
    }
    if (isVisible(event) && !m_record.visible) {
        m_record.visible = true;
        m_record.times.firstVisible = now();
    }
}

void Attempt::hear(const StreamEvents &events)
{
    if (!m_watch)
        return;
    const bool isContent = std::any_of(events.begin(), events.end(), isReadable);
    if (isContent)
        m_watch->noteContent(m_clock.steadyNow());
    else
        m_watch->noteBytes(m_clock.steadyNow());
    if (m_silence != Silence::None)
        setSilence(m_watch->at(m_clock.steadyNow()));
}

// The alarm is not moved with every slice; it looks at the clock when it rings.
void Attempt::watchSilence()
{
    m_silenceAlarm.set(m_watch->untilNext(m_clock.steadyNow()), [this] {
        watchSilence();
        setSilence(m_watch->at(m_clock.steadyNow()));
    });
}

void Attempt::setSilence(Silence silence)
{
    if (std::exchange(m_silence, silence) != silence)
        Q_EMIT silenceChanged(silence);
}

std::chrono::milliseconds Attempt::silentFor() const
{
    return m_watch ? m_watch->lasts(m_clock.steadyNow()) : std::chrono::milliseconds(0);
}

void Attempt::noteSleep()
{
    if (!m_exchange)
        return;
    m_hasSlept = true;
    m_exchange->noteSleep();
}

void Attempt::deliver(const StreamEvents &events)
{
    if (!events.isEmpty())
        Q_EMIT eventsReceived(events);
}

void Attempt::noteHeldBack()
{
    if (!m_decoder)
        return;
    StreamEvents rest = m_decoder->takeEvents();
    for (StreamEvent &event : rest)
        note(event);
}

void Attempt::fail(Error error)
{
    noteHeldBack();
    error.provider = m_record.target.provider;
    if (m_record.httpStatus == 0) // the transport ends a redirect before its headers are told
        m_record.httpStatus = error.httpStatus;
    if (error.httpStatus == 0)
        error.httpStatus = m_record.httpStatus;
    if (error.requestId.isEmpty())
        error.requestId = m_record.providerRequestId;
    redactNames(error);
    error.rawBody.truncate(RawBodyLimit);
    if (m_hasSlept && isOfConnection(error.kind)) {
        error.phase = Phase::Sleep;
        if (error.kind == ErrorKind::Timeout) // it was the connection's fault, not the service's
            error.kind = ErrorKind::ConnectionFailed;
    }
    m_record.error = error;
    dropExchange();
    close(AttemptOutcome::Failed);
}

void Attempt::close(AttemptOutcome outcome)
{
    m_silenceAlarm.clear();
    m_endAlarm.clear();
    m_record.outcome = outcome;
    m_record.times.end = now();
    Q_EMIT ended();
}

void Attempt::refuse(const Error &error)
{
    const QSignalBlocker silence(this);
    fail(error);
}

bool Attempt::completeIfWhole()
{
    if (!m_exchange || !m_decoder || m_isEndDoubtful || !m_decoder->isWhole())
        return false;
    Result<StreamEvents> last = m_decoder->finish();
    if (!last)
        return false;
    (void)noted(std::move(*last));
    if (!m_record.terminalSeen)
        return false;
    dropExchange();
    const QSignalBlocker silence(this);
    close(AttemptOutcome::Completed);
    return true;
}

void Attempt::stop()
{
    if (completeIfWhole())
        return;
    m_silenceAlarm.clear();
    m_endAlarm.clear();
    noteHeldBack();
    dropExchange();
    m_record.outcome = AttemptOutcome::Cancelled;
    m_record.times.end = now();
}

void Attempt::letExchangeEnd()
{
    // The answer is whole; reading the few bytes behind it lets the connection be used again.
    HttpExchange *exchange = std::exchange(m_exchange, nullptr);
    exchange->disconnect(this);
    exchange->setParent(m_transport);
    connect(exchange, &HttpExchange::finished, exchange, &QObject::deleteLater);
    m_clock.after(EndOfExchange, exchange, [exchange] {
        exchange->abort();
        exchange->deleteLater();
    });
}

void Attempt::dropExchange()
{
    if (!m_exchange)
        return;
    HttpExchange *exchange = std::exchange(m_exchange, nullptr);
    exchange->disconnect(this);
    exchange->abort();
    // We may run inside one of its signals, and may be about to die: it must outlive both.
    exchange->setParent(m_transport);
    exchange->deleteLater();
}

} // namespace core
