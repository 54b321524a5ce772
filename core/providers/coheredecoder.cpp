#include "core/providers/coheredecoder.h"

#include "core/base/redactor.h"
#include "core/providers/errorfacts.h"
#include "core/providers/usagenumbers.h"

namespace core {

namespace {

FinishReason finishReasonFrom(const QString &raw)
{
    if (raw == QStringLiteral("COMPLETE") || raw == QStringLiteral("STOP_SEQUENCE"))
        return FinishReason::Stop;
    // ERROR_LIMIT, of older models: the context was full.
    if (raw == QStringLiteral("MAX_TOKENS") || raw == QStringLiteral("ERROR_LIMIT"))
        return FinishReason::Length;
    if (raw == QStringLiteral("TOOL_CALL"))
        return FinishReason::ToolCalls;
    if (raw == QStringLiteral("ERROR_TOXIC"))
        return FinishReason::ContentFilter;
    return FinishReason::Other;
}

bool isFailure(const QString &finishReason)
{
    return finishReason == QStringLiteral("ERROR") || finishReason == QStringLiteral("TIMEOUT");
}

//! Counts may be written as floats; a part of a token is none.
std::optional<std::int64_t> numberMember(const JsonElement &object, std::string_view name)
{
    if (const auto whole = countMember(object, name))
        return whole;
    constexpr double Largest = 9007199254740992.0; // 2^53
    double number = -1;
    const auto value = member(object, name);
    if (!value || value->get(number) != simdjson::SUCCESS || !(number >= 0) || number > Largest)
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

ErrorKind kindOf(int status, const QString &type, const QString &message)
{
    if (type == QStringLiteral("TOO_MANY_TOKENS") ||
        message.startsWith(QStringLiteral("too many tokens"), Qt::CaseInsensitive))
        return ErrorKind::ContextLengthExceeded;
    if (type == QStringLiteral("INVALID_TOOL_GENERATION"))
        return ErrorKind::InvalidRequest;
    switch (status) {
    case 404:
        return ErrorKind::ModelNotFound;
    case 429:
        return message.contains(QStringLiteral("month"), Qt::CaseInsensitive)
                   ? ErrorKind::QuotaExhausted
                   : ErrorKind::RateLimited;
    case 498:
        return ErrorKind::ContentBlocked;
    case 501:
        return ErrorKind::InvalidRequest;
    default:
        return kindOfStatus(status >= 400 ? status : 500);
    }
}

} // namespace

QString cohereTraceId(const HttpHeaders &headers)
{
    return QString::fromUtf8(headers.value("x-debug-trace-id")).left(200);
}

Error cohereError(int status, const HttpHeaders &headers, const JsonElement &body)
{
    const QString type = textMember(body, "error_type").value_or(QString());
    QString message = textMember(body, "message").value_or(QString());
    if (message.isEmpty())
        message = textMember(body, "error").value_or(QString()); // inside a stream
    if (const auto wrapped = message.isEmpty() ? member(body, "error") : std::nullopt)
        message = textMember(*wrapped, "message").value_or(QString());
    Error error;
    error.kind = kindOf(status, type, message);
    error.httpStatus = status;
    // Inside a stream the finish reason is at times all that there is.
    const QString finish = textMember(body, "finish_reason").value_or(QString()).left(100);
    if (message.isEmpty() && !finish.isEmpty())
        message = QStringLiteral("The answer ended with %1.").arg(finish);
    error.providerCode = (type.isEmpty() ? finish : type).left(200);
    error.detail = redacted(message).left(500);
    error.requestId = cohereTraceId(headers);
    if (error.requestId.isEmpty())
        error.requestId = textMember(body, "id").value_or(QString()).left(200);
    addHttpFacts(error, status, headers, rawJson(body));
    return error;
}

CohereDecoder::CohereDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"text"})
    , m_headers(headers)
{
}

std::optional<Error> CohereDecoder::takeEvent(QByteArrayView name, const JsonElement &data)
{
    const QString type = textMember(data, "type").value_or(QString::fromUtf8(name));
    // Of an error there may be nothing but its message, as in a response.
    const bool isBare = type.isEmpty() && textMember(data, "message");
    if (type == QStringLiteral("error") || hasError(data) || isBare)
        return cohereError(200, m_headers, data);
    if (type == QStringLiteral("message-start")) {
        takeStart(data);
        return std::nullopt;
    }
    const auto delta = member(data, "delta");
    if (!delta)
        return std::nullopt;
    takeStart(data); // some leave message-start out
    if (type == QStringLiteral("message-end"))
        return takeEnd(*delta);
    const auto message = member(*delta, "message");
    if (!message)
        return std::nullopt;
    if (type == QStringLiteral("content-start") || type == QStringLiteral("content-delta")) {
        if (const auto content = member(*message, "content"))
            takeContent(*content);
    } else if (type == QStringLiteral("tool-plan-delta")) {
        emitReasoning(textMember(*message, "tool_plan").value_or(QString()));
    } else if (type == QStringLiteral("tool-call-start") ||
               type == QStringLiteral("tool-call-delta")) {
        const auto index = static_cast<int>(countMember(data, "index").value_or(0) & 0xffff);
        if (type == QStringLiteral("tool-call-start"))
            m_calls.remove(index); // a new call, even where its index is missing or repeated
        if (const auto call = member(*message, "tool_calls"))
            takeCall(index, *call);
    }
    return std::nullopt; // citations and what may come yet
}

void CohereDecoder::takeStart(const JsonElement &data)
{
    if (std::exchange(m_started, true))
        return;
    ReplyStarted started; // the stream does not tell which model answers
    started.requestId = cohereTraceId(m_headers);
    if (started.requestId.isEmpty())
        started.requestId = textMember(data, "id").value_or(QString()).left(200);
    emitEvent(started);
}

void CohereDecoder::takeContent(const JsonElement &content)
{
    if (const auto thinking = textMember(content, "thinking"))
        emitReasoning(*thinking);
    if (const auto text = textMember(content, "text"))
        emitText(*text);
}

void CohereDecoder::takeCall(int index, const JsonElement &call)
{
    const bool first = !m_calls.contains(index);
    if (first && m_callCount >= MostToolCalls)
        return;
    if (first)
        m_calls.insert(index, m_callCount++);
    ToolCallDelta delta;
    delta.index = m_calls.value(index);
    if (const auto function = member(call, "function")) {
        delta.arguments = textMember(*function, "arguments").value_or(QString()).toUtf8();
        if (first)
            delta.name = textMember(*function, "name").value_or(QString()).left(200);
    }
    if (first)
        delta.id = textMember(call, "id").value_or(QString()).left(200);
    if (first || !delta.arguments.isEmpty())
        emitEvent(delta);
}

void CohereDecoder::takeUsage(const JsonElement &json)
{
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.raw = rawJson(json);
    const auto billed = member(json, "billed_units");
    const auto seen = member(json, "tokens");
    if (billed) {
        setCount(usage, UsageKind::Input, numberMember(*billed, "input_tokens"));
        setCount(usage, UsageKind::Output, numberMember(*billed, "output_tokens"));
        if (const auto searches = numberMember(*billed, "search_units"); searches && *searches > 0)
            usage.fees.insert(FeeUnit::RerankSearch, *searches);
    }
    if (seen) {
        usage.contextTokens = numberMember(*seen, "input_tokens");
        const auto reasoning = numberMember(*seen, "reasoning_tokens");
        if (reasoning && *reasoning <= usage.count(UsageKind::Output).value_or(0))
            setCount(usage, UsageKind::OutputReasoning, reasoning);
    }
    // cached_tokens is a part of what the model saw, which is not what is billed: it has no place
    // among billed counts, and stays in the raw JSON.
    if (!usage.tokens.isEmpty() || usage.contextTokens)
        emitEvent(UsageReport{usage});
}

std::optional<Error> CohereDecoder::takeEnd(const JsonElement &end)
{
    m_finishReason = textMember(end, "finish_reason").value_or(QString()).left(100);
    if (const auto usage = member(end, "usage"))
        takeUsage(*usage);
    if (isFailure(m_finishReason))
        return cohereError(200, m_headers, end);
    m_ended = true;
    return std::nullopt;
}

std::optional<Error> CohereDecoder::takeWhole(const JsonElement &answer)
{
    const auto message = member(answer, "message");
    if (!message || !message->is_object()) {
        const Error error = cohereError(200, m_headers, answer);
        const bool isSaid = !error.detail.isEmpty() || !error.providerCode.isEmpty();
        return isSaid ? error : protocolError(QStringLiteral("The answer has no message."));
    }
    takeStart(answer);
    emitReasoning(textMember(*message, "tool_plan").value_or(QString()));
    simdjson::dom::array list;
    if (const auto content = member(*message, "content");
        content && content->get(list) == simdjson::SUCCESS) {
        for (const JsonElement part : list)
            takeContent(part);
    }
    if (const auto calls = member(*message, "tool_calls");
        calls && calls->get(list) == simdjson::SUCCESS) {
        int index = 0;
        for (const JsonElement call : list)
            takeCall(index++, call);
    }
    return takeEnd(answer);
}

std::optional<Error> CohereDecoder::conclude()
{
    if (!m_ended)
        return truncated();
    emitEvent(Finish{finishReasonFrom(m_finishReason), m_finishReason});
    return std::nullopt;
}

} // namespace core
