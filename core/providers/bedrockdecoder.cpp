#include "core/providers/bedrockdecoder.h"

#include "core/base/redactor.h"
#include "core/providers/errorfacts.h"
#include "core/providers/errorwords.h"
#include "core/providers/usagenumbers.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

namespace {

constexpr qsizetype MostWholeBytes = 32 * 1024 * 1024;

FinishReason finishReasonFrom(const QString &raw)
{
    if (raw == QStringLiteral("end_turn") || raw == QStringLiteral("stop_sequence"))
        return FinishReason::Stop;
    if (raw == QStringLiteral("max_tokens") ||
        raw == QStringLiteral("model_context_window_exceeded"))
        return FinishReason::Length;
    if (raw == QStringLiteral("tool_use"))
        return FinishReason::ToolCalls;
    if (raw == QStringLiteral("guardrail_intervened") || raw == QStringLiteral("content_filtered"))
        return FinishReason::ContentFilter;
    return FinishReason::Other;
}

//! "ThrottlingException:http://…" and "com.amazon#ThrottlingException" without what is around.
QString bareType(const QString &type)
{
    return type.section(u':', 0, 0).section(u'#', -1).trimmed();
}

//! The status that an exception inside a stream stands for; they are spelled as in HTTP errors but
//! for the case.
int statusOf(const QString &type)
{
    static const QHash<QString, int> statuses{{QStringLiteral("validationexception"), 400},
                                              {QStringLiteral("accessdeniedexception"), 403},
                                              {QStringLiteral("modeltimeoutexception"), 408},
                                              {QStringLiteral("modelerrorexception"), 424},
                                              {QStringLiteral("modelstreamerrorexception"), 424},
                                              {QStringLiteral("throttlingexception"), 429},
                                              {QStringLiteral("modelnotreadyexception"), 429},
                                              {QStringLiteral("internalserverexception"), 500},
                                              {QStringLiteral("serviceunavailableexception"), 503}};
    return statuses.value(type.toLower(), 500);
}

//! Cache writes by how long they are kept, of which there may be several. Their sum; none: nothing
//! tells.
std::optional<std::int64_t> takeCacheDetails(Usage &usage, const JsonElement &json)
{
    Usage sum;
    simdjson::dom::array details;
    const auto list = member(json, "cacheDetails");
    if (!list || list->get(details) != simdjson::SUCCESS)
        return std::nullopt;
    for (const JsonElement each : details) {
        const auto ttl = textMember(each, "ttl");
        const auto count = countMember(each, "inputTokens");
        if (ttl == QStringLiteral("5m"))
            addCount(usage, UsageKind::CacheWrite5m, count);
        else if (ttl == QStringLiteral("1h"))
            addCount(usage, UsageKind::CacheWrite1h, count);
        addCount(sum, UsageKind::CacheWrite, count);
    }
    return sum.count(UsageKind::CacheWrite);
}

//! The exceptions that say more than their status.
std::optional<ErrorKind> kindOfType(const QString &type)
{
    static const QHash<QString, ErrorKind> kinds{
        {QStringLiteral("servicequotaexceededexception"), ErrorKind::QuotaExhausted},
        {QStringLiteral("unrecognizedclientexception"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("invalidclienttokenid"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("invalidsignatureexception"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("signaturedoesnotmatch"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("incompletesignature"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("incompletesignatureexception"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("expiredtoken"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("expiredtokenexception"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("requestexpired"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("missingauthenticationtoken"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("missingauthenticationtokenexception"), ErrorKind::AuthenticationFailed},
        {QStringLiteral("ftuformnotfilled"), ErrorKind::PermissionDenied},
        {QStringLiteral("resourcenotfoundexception"), ErrorKind::ModelNotFound},
        {QStringLiteral("modelnotreadyexception"), ErrorKind::Overloaded},
        {QStringLiteral("serviceunavailableexception"), ErrorKind::Overloaded},
        {QStringLiteral("modelerrorexception"), ErrorKind::ServerError},
        {QStringLiteral("modelstreamerrorexception"), ErrorKind::ServerError}};
    const auto known = kinds.constFind(type.toLower());
    return known == kinds.cend() ? std::nullopt : std::optional(*known);
}

ErrorKind kindOf(int status, const QString &type, const QString &message)
{
    if (const auto kind = kindOfWords({{type}, message, status}))
        return *kind;
    if (const auto kind = kindOfType(type))
        return *kind;
    if (message.contains(QStringLiteral("model identifier")))
        return ErrorKind::ModelNotFound;
    if (status == 424)
        return ErrorKind::ServerError;
    if (type.compare(QStringLiteral("ThrottlingException"), Qt::CaseInsensitive) == 0 ||
        status == 429)
        return message.contains(QStringLiteral("per day"), Qt::CaseInsensitive)
                   ? ErrorKind::QuotaExhausted
                   : ErrorKind::RateLimited;
    if (status == 404)
        return ErrorKind::ModelNotFound;
    return kindOfStatus(status);
}

} // namespace

Error bedrockError(int status, const HttpHeaders &headers, const QString &type,
                   const QByteArray &body)
{
    JsonReader reader;
    QString name = bareType(type);
    QString message;
    QString original; // what the model itself said, where the service only passes it on
    int originalStatus = 0;
    if (const auto json = reader.parse(QByteArrayView(body).trimmed()); json && json->is_object()) {
        message = textMember(*json, "message").value_or(QString());
        if (message.isEmpty())
            message = textMember(*json, "Message").value_or(QString());
        original = textMember(*json, "originalMessage").value_or(QString());
        originalStatus =
            static_cast<int>(countMember(*json, "originalStatusCode").value_or(0) & 0xffff);
        for (const char *member : {"__type", "code"}) {
            if (name.isEmpty())
                name = bareType(textMember(*json, member).value_or(QString()));
        }
    }
    Error error;
    error.kind = kindOf(status >= 400 ? status : statusOf(name), name, message);
    if (const auto kind =
            original.isEmpty() ? std::nullopt : kindOfWords({{}, original, originalStatus}))
        error.kind = *kind;
    if (!original.isEmpty() && !message.contains(original))
        message = (message + QStringLiteral(" (") + original + QLatin1Char(')')).trimmed();
    error.httpStatus = status;
    error.providerCode = name.left(200);
    error.detail = redacted(message).left(500);
    error.requestId = QString::fromUtf8(headers.value("x-amzn-requestid")).left(200);
    addHttpFacts(error, status, headers, body);
    return error;
}

BedrockDecoder::BedrockDecoder(const HttpHeaders &headers)
    : m_headers(headers)
    , m_isWhole(headers.value("content-type").toLower().startsWith("application/json"))
    , m_template({"text", "p"})
{
}

Result<StreamEvents> BedrockDecoder::outcome()
{
    if (m_error)
        return *m_error;
    return takeEvents();
}

Result<StreamEvents> BedrockDecoder::decode(QByteArrayView body)
{
    m_events.clear();
    if (m_error)
        return *m_error;
    if (m_finished)
        return outcome(); // what stands behind the end is nobody's
    // No frame begins so, its length would be out of bounds: it is JSON under a stream's name.
    if (!m_begun && body.startsWith('{'))
        m_isWhole = true;
    m_begun = m_begun || !body.isEmpty();
    if (m_isWhole) {
        m_whole.append(body);
        if (m_whole.size() > MostWholeBytes) {
            m_error.emplace();
            m_error->kind = ErrorKind::ProtocolError;
            m_error->detail = QStringLiteral("The answer is larger than 32 MiB.");
        }
        return outcome();
    }
    const auto fault =
        m_parser.feed(body, [this](const EventStreamFrame &frame) { takeFrame(frame); });
    if (fault && !m_error && !m_finished)
        m_error = fault;
    return outcome();
}

Result<StreamEvents> BedrockDecoder::finish()
{
    m_events.clear();
    if (m_error)
        return *m_error;
    if (m_isWhole)
        m_error = takeWhole();
    if (m_finished)
        return outcome();
    if (!m_error && m_stopped && !m_parser.hasLeftover()) {
        conclude();
    } else if (!m_error) {
        m_error.emplace();
        m_error->kind = ErrorKind::Truncated;
        m_error->detail = QStringLiteral("The body ended before the protocol's terminal event.");
    }
    return outcome();
}

void BedrockDecoder::takeFrame(const EventStreamFrame &frame)
{
    if (m_finished || m_error)
        return;
    // With all its headers: what they say is part of what an event means.
    if (const auto text = frame.hasLastHeaders ? m_template.match(frame.payload) : std::nullopt) {
        m_events.addText(*text);
        return;
    }
    m_template.forget();
    m_error = failureIn(frame);
    if (m_error)
        return;
    const auto data = m_json.parse(frame.payload);
    if (!data || !data->is_object())
        return; // its checksum was right: an event of a kind that we do not know
    const QString type = QString::fromUtf8(frame.text(":event-type"));
    takeEvent(type, *data);
    const auto delta = member(*data, "delta");
    const auto text = delta ? textMember(*delta, "text") : std::nullopt;
    simdjson::dom::object members;
    if (type == QStringLiteral("contentBlockDelta") && text &&
        delta->get(members) == simdjson::SUCCESS && members.size() == 1) // nothing but text
        m_template.learn({}, frame.payload, *text);
}

std::optional<Error> BedrockDecoder::failureIn(const EventStreamFrame &frame) const
{
    const auto text = [&frame](const char *name) { return QString::fromUtf8(frame.text(name)); };
    const QString kind = text(":message-type");
    if (kind == QStringLiteral("exception"))
        return bedrockError(200, m_headers, text(":exception-type"), frame.payload.toByteArray());
    if (kind != QStringLiteral("error"))
        return std::nullopt;
    // The message stands in a header, and tells as much as that of an exception.
    const QJsonObject body{{QStringLiteral("message"), text(":error-message")}};
    return bedrockError(200, m_headers, text(":error-code"),
                        QJsonDocument(body).toJson(QJsonDocument::Compact));
}

void BedrockDecoder::start()
{
    if (std::exchange(m_started, true))
        return;
    ReplyStarted started; // the stream does not tell which model answers
    started.requestId = QString::fromUtf8(m_headers.value("x-amzn-requestid")).left(200);
    m_events.add(started);
}

void BedrockDecoder::takeEvent(const QString &type, const JsonElement &data)
{
    const auto block =
        static_cast<int>(countMember(data, "contentBlockIndex").value_or(0) & 0xffff);
    if (type == QStringLiteral("messageStart")) {
        start();
    } else if (type == QStringLiteral("contentBlockStart")) {
        const auto begun = member(data, "start");
        const auto call = begun ? member(*begun, "toolUse") : std::nullopt;
        if (call)
            beginCall(block, *call);
    } else if (type == QStringLiteral("contentBlockDelta")) {
        if (const auto delta = member(data, "delta"))
            takeDelta(block, *delta);
    } else if (type == QStringLiteral("messageStop")) {
        start();
        m_stopReason = textMember(data, "stopReason").value_or(QString()).left(100);
        m_stopped = true;
    } else if (type == QStringLiteral("metadata")) {
        takeUsage(data);
        if (m_stopped)
            conclude();
    }
}

void BedrockDecoder::beginCall(int block, const JsonElement &call)
{
    if (m_calls.contains(block) || m_calls.size() >= MostToolCalls)
        return;
    if (textMember(call, "type") == QStringLiteral("server_tool_use"))
        return; // the service runs it itself
    start();
    m_calls.insert(block, static_cast<int>(m_calls.size()));
    m_events.add(ToolCallDelta{m_calls.value(block),
                               textMember(call, "toolUseId").value_or(QString()).left(200),
                               textMember(call, "name").value_or(QString()).left(200),
                               {}});
}

void BedrockDecoder::takeDelta(int block, const JsonElement &delta)
{
    start();
    m_events.addText(textMember(delta, "text").value_or(QString()));
    if (const auto reasoning = member(delta, "reasoningContent"))
        takeReasoning(*reasoning);
    const auto call = member(delta, "toolUse");
    if (!call || !m_calls.contains(block))
        return;
    if (const QByteArray piece = textMember(*call, "input").value_or(QString()).toUtf8();
        !piece.isEmpty())
        m_events.add(ToolCallDelta{m_calls.value(block), {}, {}, piece});
}

void BedrockDecoder::takeReasoning(const JsonElement &reasoning)
{
    m_events.addReasoning(textMember(reasoning, "text").value_or(QString()));
    const QByteArray signature = textMember(reasoning, "signature").value_or(QString()).toUtf8();
    const QByteArray redactedContent =
        textMember(reasoning, "redactedContent").value_or(QString()).toUtf8();
    if (!signature.isEmpty() || !redactedContent.isEmpty())
        m_events.add(ReasoningDelta{{}, signature, redactedContent});
}

void BedrockDecoder::takeUsage(const JsonElement &metadata)
{
    const auto json = member(metadata, "usage");
    if (!json)
        return;
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.raw = rawJson(*json);
    const auto uncached = countMember(*json, "inputTokens");
    // Each has a twin of the same value.
    const auto either = [&json](std::string_view name, std::string_view twin) {
        const auto count = countMember(*json, name);
        return count ? count : countMember(*json, twin);
    };
    const auto read = either("cacheReadInputTokens", "cacheReadInputTokenCount");
    auto written = either("cacheWriteInputTokens", "cacheWriteInputTokenCount");
    const auto byAge = takeCacheDetails(usage, *json);
    if (!written)
        written = byAge;
    if (uncached)
        usage.tokens.insert(UsageKind::Input, *uncached + read.value_or(0) + written.value_or(0));
    setCount(usage, UsageKind::CacheRead, read);
    setCount(usage, UsageKind::CacheWrite, written);
    setCount(usage, UsageKind::Output, countMember(*json, "outputTokens"));
    // Behind a prompt router it is the one that answered; its price holds.
    const auto trace = member(metadata, "trace");
    if (const auto router = trace ? member(*trace, "promptRouter") : std::nullopt)
        usage.model =
            textMember(*router, "invokedModelId").value_or(QString()).section(u'/', -1).left(200);
    if (const auto tier = member(metadata, "serviceTier"))
        usage.serviceTier = textMember(*tier, "type").value_or(QString()).left(100);
    if (!usage.tokens.isEmpty())
        m_events.add(UsageReport{usage});
}

//! Text with its sources, which in a stream comes as text like any other.
void BedrockDecoder::takeCited(const JsonElement &block)
{
    const auto cited = member(block, "citationsContent");
    const auto content = cited ? member(*cited, "content") : std::nullopt;
    simdjson::dom::array pieces;
    if (!content || content->get(pieces) != simdjson::SUCCESS)
        return;
    for (const JsonElement piece : pieces)
        m_events.addText(textMember(piece, "text").value_or(QString()));
}

std::optional<Error> BedrockDecoder::takeWhole()
{
    const auto answer = m_json.parse(QByteArrayView(m_whole).trimmed());
    if (!answer)
        return std::nullopt; // JSON that breaks off: not stopped, so cut
    const auto output = member(*answer, "output");
    const auto message = output ? member(*output, "message") : std::nullopt;
    const auto content = message ? member(*message, "content") : std::nullopt;
    simdjson::dom::array blocks;
    if (!content || content->get(blocks) != simdjson::SUCCESS) {
        Error error = bedrockError(200, m_headers,
                                   QString::fromUtf8(m_headers.value("x-amzn-errortype")), m_whole);
        if (error.detail.isEmpty() && error.providerCode.isEmpty()) { // no error either
            error.kind = ErrorKind::ProtocolError;
            error.detail = QStringLiteral("The answer has no message.");
        }
        return error;
    }
    start();
    int index = 0;
    for (const JsonElement block : blocks) {
        m_events.addText(textMember(block, "text").value_or(QString()));
        takeCited(block);
        if (const auto reasoning = member(block, "reasoningContent"))
            takeReasoning(member(*reasoning, "reasoningText").value_or(*reasoning));
        if (const auto call = member(block, "toolUse")) {
            beginCall(index, *call);
            if (const auto input = member(*call, "input"); input && m_calls.contains(index))
                m_events.add(ToolCallDelta{m_calls.value(index), {}, {}, rawJson(*input)});
        }
        ++index;
    }
    m_stopReason = textMember(*answer, "stopReason").value_or(QString()).left(100);
    m_stopped = !m_stopReason.isEmpty();
    takeUsage(*answer);
    return std::nullopt;
}

void BedrockDecoder::conclude()
{
    if (std::exchange(m_finished, true))
        return;
    m_events.add(Finish{finishReasonFrom(m_stopReason), m_stopReason});
}

} // namespace core
