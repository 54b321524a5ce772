#include "core/providers/anthropicdecoder.h"

#include "core/base/redactor.h"
#include "core/providers/errorfacts.h"
#include "core/providers/errorwords.h"
#include "core/providers/usagenumbers.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::int64_t MostTokens = 1LL << 53;

FinishReason finishReasonFrom(const QString &raw)
{
    if (raw == QStringLiteral("end_turn") || raw == QStringLiteral("stop_sequence") ||
        raw == QStringLiteral("pause_turn"))
        return FinishReason::Stop;
    if (raw == QStringLiteral("max_tokens") ||
        raw == QStringLiteral("model_context_window_exceeded"))
        return FinishReason::Length;
    if (raw == QStringLiteral("tool_use"))
        return FinishReason::ToolCalls;
    if (raw == QStringLiteral("refusal"))
        return FinishReason::Refusal;
    return FinishReason::Other;
}

//! The status that an error type inside a stream stands for.
int statusOfType(const QString &type)
{
    static const QHash<QString, int> statuses{{QStringLiteral("invalid_request_error"), 400},
                                              {QStringLiteral("authentication_error"), 401},
                                              {QStringLiteral("billing_error"), 402},
                                              {QStringLiteral("permission_error"), 403},
                                              {QStringLiteral("not_found_error"), 404},
                                              {QStringLiteral("conflict_error"), 409},
                                              {QStringLiteral("request_too_large"), 413},
                                              {QStringLiteral("rate_limit_error"), 429},
                                              {QStringLiteral("api_error"), 500},
                                              {QStringLiteral("timeout_error"), 504},
                                              {QStringLiteral("overloaded_error"), 529}};
    return statuses.value(type, 0);
}

ErrorKind kindOf(int status, const QString &type, const QString &code, const QString &message)
{
    if (const auto kind = kindOfWords({{code, type}, message, status}))
        return *kind;
    if (type == QStringLiteral("not_found_error") && message.startsWith(QStringLiteral("model")))
        return ErrorKind::ModelNotFound;
    if (status == 504 || type == QStringLiteral("timeout_error"))
        return ErrorKind::ServerError; // their time-out, not ours
    return kindOfStatus(status >= 400 ? status : statusOfType(type) ? statusOfType(type) : 500);
}

void addFee(Usage &usage, const JsonElement &json)
{
    if (const auto tools = member(json, "server_tool_use")) {
        if (const auto searches = countMember(*tools, "web_search_requests");
            searches && *searches > 0)
            usage.fees.insert(FeeUnit::WebSearch, *searches);
    }
}

void addTexts(Usage &usage, const JsonElement &json)
{
    if (const auto tier = textMember(json, "service_tier"))
        usage.serviceTier = *tier;
    if (const auto speed = textMember(json, "speed"))
        usage.speed = *speed;
    if (const auto geo = textMember(json, "inference_geo"))
        usage.inferenceGeo = *geo;
}

void addCacheSplit(Usage &usage, const JsonElement &json)
{
    const auto split = member(json, "cache_creation");
    if (!split)
        return;
    const auto fiveMinutes = countMember(*split, "ephemeral_5m_input_tokens");
    const auto hour = countMember(*split, "ephemeral_1h_input_tokens");
    if (fiveMinutes.value_or(0) > 0 || hour.value_or(0) > 0) {
        if (!member(json, "cache_creation_input_tokens"))
            setCount(usage, UsageKind::CacheWrite, fiveMinutes.value_or(0) + hour.value_or(0));
        setCount(usage, UsageKind::CacheWrite5m, fiveMinutes);
        setCount(usage, UsageKind::CacheWrite1h, hour);
    }
}

//! One server-side iteration, complete in itself.
Usage iterationFrom(const JsonElement &json)
{
    Usage usage;
    usage.basis = UsageBasis::Provider;
    const auto uncached = countMember(json, "input_tokens");
    const auto read = countMember(json, "cache_read_input_tokens");
    const auto written = countMember(json, "cache_creation_input_tokens");
    setCount(usage, UsageKind::CacheRead, read);
    setCount(usage, UsageKind::CacheWrite, written);
    setCount(usage, UsageKind::Output, countMember(json, "output_tokens"));
    if (const auto details = member(json, "output_tokens_details"))
        setCount(usage, UsageKind::OutputReasoning, countMember(*details, "thinking_tokens"));
    addCacheSplit(usage, json);
    if (uncached)
        usage.tokens.insert(UsageKind::Input, *uncached + read.value_or(0) +
                                                  usage.count(UsageKind::CacheWrite).value_or(0));
    usage.model = textMember(json, "model").value_or(QString());
    return usage;
}

//! A message without anything around it: the counts at the top are its own, and whole.
bool isMessageAlone(const simdjson::dom::array &iterations)
{
    const JsonElement only = iterations.at(0).value();
    return iterations.size() == 1 && !member(only, "model") &&
           textMember(only, "type").value_or(QStringLiteral("message")) ==
               QStringLiteral("message");
}

//! The counts at the top are those of the last iteration, which is what the context holds; all of
//! them are billed. What one of them does not tell is unknown of all, but for kinds that most
//! answers have none of.
Usage summed(Usage usage)
{
    if (const auto context = usage.count(UsageKind::Input); context && *context > 0)
        usage.contextTokens = context; // of a compaction alone nothing is left yet
    usage.tokens.clear();
    for (const Usage &part : std::as_const(usage.parts)) {
        for (auto it = part.tokens.begin(); it != part.tokens.end(); ++it)
            usage.tokens[it.key()] += std::min(it.value(), MostTokens - usage.tokens[it.key()]);
    }
    for (const UsageKind kind : {UsageKind::Input, UsageKind::Output}) {
        if (std::any_of(usage.parts.begin(), usage.parts.end(),
                        [kind](const Usage &part) { return !part.count(kind); }))
            usage.tokens.remove(kind);
    }
    return usage;
}

} // namespace

Error anthropicError(int status, const HttpHeaders &headers, const JsonElement &body)
{
    const JsonElement object = member(body, "error").value_or(body);
    const QString type = textMember(object, "type").value_or(QString());
    const QString message = textMember(object, "message").value_or(QString());
    QString code;
    if (const auto details = member(object, "details"))
        code = textMember(*details, "error_code").value_or(QString());
    Error error;
    error.kind = kindOf(status, type, code, message);
    error.httpStatus = status;
    error.providerCode = (code.isEmpty() ? type : code).left(200);
    error.detail = redacted(message).left(500);
    error.requestId = textMember(body, "request_id").value_or(QString()).left(200);
    addHttpFacts(error, status, headers, rawJson(body));
    return error;
}

AnthropicDecoder::AnthropicDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"text", {}, {}, true})
    , m_headers(headers)
{
}

std::optional<Error> AnthropicDecoder::takeEvent(QByteArrayView name, const JsonElement &data)
{
    const QString type = textMember(data, "type").value_or(QString::fromUtf8(name));
    // Some servers that speak this protocol leave out what is around an error, or its type.
    if (type == QStringLiteral("error") || (name == "error" && statusOfType(type) != 0) ||
        (!member(data, "type") && hasError(data)))
        return anthropicError(200, m_headers, data);
    const auto index = static_cast<int>(countMember(data, "index").value_or(0) & 0xffff);
    if (type == QStringLiteral("message_start")) {
        if (const auto message = member(data, "message"))
            return takeStart(*message);
    } else if (type == QStringLiteral("content_block_start")) {
        if (const auto block = member(data, "content_block"))
            beginBlock(index, *block);
    } else if (type == QStringLiteral("content_block_delta")) {
        if (const auto delta = member(data, "delta"))
            takeDelta(index, *delta);
    } else if (type == QStringLiteral("content_block_stop")) {
        endBlock(index);
    } else if (type == QStringLiteral("message_delta")) {
        if (const auto delta = member(data, "delta"))
            takeStopReason(*delta);
        if (const auto usage = member(data, "usage")) {
            m_counted = true;
            takeUsage(*usage);
        }
    } else if (type == QStringLiteral("message_stop")) {
        m_stopped = true;
        for (const int block : m_wholeInputs.keys()) // those that nobody ended
            endBlock(block);
        settleUsage();
    }
    return std::nullopt; // the docs reserve the right to add events
}

std::optional<Error> AnthropicDecoder::takeStart(const JsonElement &message)
{
    const QString id = textMember(message, "id").value_or(QString()).left(200);
    if (m_started)
        return id == m_messageId ? std::nullopt
                                 : std::optional(protocolError(QStringLiteral(
                                       "A second message began in the middle of the first.")));
    m_started = true;
    m_messageId = id;
    ReplyStarted started;
    started.model = textMember(message, "model").value_or(QString()).left(200);
    started.requestId = requestId().isEmpty() ? id : requestId();
    emitEvent(started);
    if (const auto usage = member(message, "usage"))
        takeUsage(*usage);
    return std::nullopt;
}

void AnthropicDecoder::emitToolCall(int block, const QString &id, const QString &name,
                                    const QByteArray &arguments)
{
    if (!m_toolCalls.contains(block)) {
        if (m_toolCalls.size() >= MostToolCalls)
            return;
        m_toolCalls.insert(block, static_cast<int>(m_toolCalls.size()));
    }
    emitEvent(ToolCallDelta{m_toolCalls.value(block), id, name, arguments});
}

void AnthropicDecoder::beginBlock(int index, const JsonElement &block)
{
    const QString type = textMember(block, "type").value_or(QString());
    if (type == QStringLiteral("text")) {
        emitText(textMember(block, "text").value_or(QString()));
    } else if (type == QStringLiteral("thinking")) {
        emitReasoning(textMember(block, "thinking").value_or(QString()));
    } else if (type == QStringLiteral("redacted_thinking")) {
        emitEvent(ReasoningDelta{{}, {}, textMember(block, "data").value_or(QString()).toUtf8()});
    } else if (type == QStringLiteral("tool_use")) {
        emitToolCall(index, textMember(block, "id").value_or(QString()).left(200),
                     textMember(block, "name").value_or(QString()).left(200), {});
        if (const auto input = member(block, "input");
            input && rawJson(*input) != "{}" && m_toolCalls.contains(index))
            m_wholeInputs.insert(index, rawJson(*input));
    }
}

void AnthropicDecoder::takeDelta(int index, const JsonElement &delta)
{
    const QString type = textMember(delta, "type").value_or(QString());
    if (type == QStringLiteral("text_delta")) {
        emitText(textMember(delta, "text").value_or(QString()));
    } else if (type == QStringLiteral("thinking_delta")) {
        emitReasoning(textMember(delta, "thinking").value_or(QString()));
    } else if (type == QStringLiteral("signature_delta")) {
        emitEvent(
            ReasoningDelta{{}, textMember(delta, "signature").value_or(QString()).toUtf8(), {}});
    } else if (type == QStringLiteral("input_json_delta") && m_toolCalls.contains(index)) {
        // Server tools have such deltas too; their calls are not ours to make.
        if (const QByteArray piece = textMember(delta, "partial_json").value_or(QString()).toUtf8();
            !piece.isEmpty()) {
            m_wholeInputs.remove(index);
            emitToolCall(index, {}, {}, piece);
        }
    }
}

void AnthropicDecoder::endBlock(int index)
{
    if (const QByteArray input = m_wholeInputs.take(index); !input.isEmpty())
        emitToolCall(index, {}, {}, input);
}

void AnthropicDecoder::takeStopReason(const JsonElement &holder)
{
    if (const auto reason = textMember(holder, "stop_reason"))
        m_stopReason = reason->left(100);
}

void AnthropicDecoder::takeUsage(const JsonElement &json)
{
    m_usage.basis =
        m_stopped || !m_stopReason.isEmpty() ? UsageBasis::Provider : UsageBasis::ProviderPartial;
    m_usage.raw = rawJson(json);
    if (const auto uncached = countMember(json, "input_tokens")) {
        m_uncached = *uncached;
        m_uncachedKnown = true;
    }
    setCount(m_usage, UsageKind::CacheRead, countMember(json, "cache_read_input_tokens"));
    setCount(m_usage, UsageKind::CacheWrite, countMember(json, "cache_creation_input_tokens"));
    setCount(m_usage, UsageKind::Output, countMember(json, "output_tokens"));
    if (const auto details = member(json, "output_tokens_details"))
        setCount(m_usage, UsageKind::OutputReasoning, countMember(*details, "thinking_tokens"));
    addCacheSplit(m_usage, json);
    if (m_uncachedKnown)
        m_usage.tokens.insert(UsageKind::Input,
                              m_uncached + m_usage.count(UsageKind::CacheRead).value_or(0) +
                                  m_usage.count(UsageKind::CacheWrite).value_or(0));
    addFee(m_usage, json);
    addTexts(m_usage, json);
    simdjson::dom::array iterations;
    if (const auto list = member(json, "iterations");
        list && list->get(iterations) == simdjson::SUCCESS && iterations.size() > 0) {
        m_usage.parts.clear();
        for (const JsonElement iteration : iterations) {
            if (!isMessageAlone(iterations))
                m_usage.parts.append(iterationFrom(iteration));
        }
    }
    emitUsage();
}

void AnthropicDecoder::emitUsage()
{
    emitEvent(UsageReport{m_usage.parts.isEmpty() ? m_usage : summed(m_usage)});
}

//! The last counts are those of the whole answer, wherever its stop reason came, or if none did.
void AnthropicDecoder::settleUsage()
{
    if (!m_counted || m_usage.basis == UsageBasis::Provider)
        return;
    m_usage.basis = UsageBasis::Provider;
    emitUsage();
}

std::optional<Error> AnthropicDecoder::takeWhole(const JsonElement &answer)
{
    const auto content = member(answer, "content");
    if (textMember(answer, "type") == QStringLiteral("error") ||
        (!content && member(answer, "error")))
        return anthropicError(200, m_headers, answer);
    simdjson::dom::array blocks;
    if (!content || content->get(blocks) != simdjson::SUCCESS)
        return protocolError(QStringLiteral("The answer has no content."));
    takeStopReason(answer);
    if (auto error = takeStart(answer))
        return error;
    int index = 0;
    for (const JsonElement block : blocks) {
        beginBlock(index, block);
        endBlock(index++);
        if (const auto signature = textMember(block, "signature");
            signature && !signature->isEmpty())
            emitEvent(ReasoningDelta{{}, signature->toUtf8(), {}});
    }
    m_stopped = true;
    return std::nullopt;
}

std::optional<Error> AnthropicDecoder::conclude()
{
    if (!m_stopped)
        return truncated();
    if (!m_started)
        return protocolError(QStringLiteral("The stream ended without having begun."));
    // Of a server that does not count: every answer had a prompt, and nothing is free.
    if (m_usage.parts.isEmpty() && m_usage.count(UsageKind::Input) == 0 &&
        m_usage.count(UsageKind::Output) == 0) {
        Usage unknown;
        unknown.raw = m_usage.raw;
        emitEvent(UsageReport{unknown});
    }
    emitEvent(Finish{finishReasonFrom(m_stopReason), m_stopReason});
    return std::nullopt;
}

} // namespace core
