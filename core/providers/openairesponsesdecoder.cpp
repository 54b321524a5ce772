#include "core/providers/openairesponsesdecoder.h"

#include "core/providers/openaierror.h"
#include "core/providers/usagenumbers.h"

namespace core {

namespace {

constexpr int MostToolCalls = 128; // threats.md A12

int indexMember(const JsonElement &data, std::string_view name)
{
    return static_cast<int>(countMember(data, name).value_or(0) & 0xffff);
}

std::optional<simdjson::dom::array> listMember(const JsonElement &object, std::string_view name)
{
    simdjson::dom::array list;
    const auto value = member(object, name);
    return value && value->get(list) == simdjson::SUCCESS ? std::optional(list) : std::nullopt;
}

} // namespace

OpenAiResponsesDecoder::OpenAiResponsesDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"delta", "obfuscation", {"sequence_number"}})
    , m_headers(headers)
{
}

std::optional<Error> OpenAiResponsesDecoder::takeEvent(QByteArrayView name, const JsonElement &data)
{
    if (m_ended)
        return std::nullopt;
    const QString type = textMember(data, "type").value_or(QString::fromUtf8(name));
    if (type == QStringLiteral("error") || hasError(data))
        return openAiError(200, m_headers, data);
    if (type.endsWith(QStringLiteral("_text.delta")) ||
        type.endsWith(QStringLiteral("_text.done")) ||
        type.startsWith(QStringLiteral("response.refusal."))) {
        takeTextEvent(type, data);
    } else if (type == QStringLiteral("response.function_call_arguments.delta")) {
        takeArguments(data, "delta");
    } else if (type == QStringLiteral("response.function_call_arguments.done")) {
        if (!m_argumentsBegun.contains(indexMember(data, "output_index")))
            takeArguments(data, "arguments"); // there were no deltas
    } else if (type == QStringLiteral("response.reasoning_summary_part.added")) {
        if (m_reasoningParts++ > 0)
            emitReasoning(QStringLiteral("\n\n"));
    } else if (type == QStringLiteral("response.output_item.added")) {
        if (const auto item = member(data, "item"))
            beginItem(indexMember(data, "output_index"), *item);
    } else if (type == QStringLiteral("response.output_item.done")) {
        if (const auto item = member(data, "item"))
            endItem(indexMember(data, "output_index"), *item);
    } else if (const auto response = member(data, "response")) {
        takeStart(*response);
        if (type == QStringLiteral("response.completed") ||
            type == QStringLiteral("response.incomplete") ||
            type == QStringLiteral("response.failed") ||
            type == QStringLiteral("response.cancelled"))
            return takeEnd(*response, type.section(u'.', 1));
    }
    return std::nullopt; // tools that run at the service, and what may come yet
}

void OpenAiResponsesDecoder::takeStart(const JsonElement &response)
{
    // At first the one that was asked for, in the end the one that served: it changes the price.
    if (const auto tier = textMember(response, "service_tier"); tier && !tier->isEmpty())
        m_serviceTier = tier->left(100);
    if (std::exchange(m_started, true))
        return;
    ReplyStarted started;
    started.model = textMember(response, "model").value_or(QString()).left(200);
    const QString id = textMember(response, "id").value_or(QString()).left(200);
    started.requestId = requestId().isEmpty() ? id : requestId();
    emitEvent(started);
}

void OpenAiResponsesDecoder::takeTextEvent(const QString &type, const JsonElement &data)
{
    const QString kind = type.section(u'.', 1, 1); // output_text, refusal, reasoning_text, ...
    const bool whole = type.endsWith(QStringLiteral(".done"));
    const QString place = QStringLiteral("%1 %2 %3 %4")
                              .arg(kind)
                              .arg(indexMember(data, "output_index"))
                              .arg(indexMember(data, "content_index"))
                              .arg(indexMember(data, "summary_index"));
    if (whole && m_textBegun.contains(place))
        return;
    const bool refusal = kind == QStringLiteral("refusal");
    const QString text =
        textMember(data, whole ? (refusal ? "refusal" : "text") : "delta").value_or(QString());
    if (text.isEmpty())
        return;
    m_textBegun.insert(place);
    m_saidSomething = true;
    if (kind == QStringLiteral("output_text") || refusal) {
        m_refused = m_refused || refusal;
        emitText(text);
    } else if (kind.startsWith(QStringLiteral("reasoning"))) {
        emitReasoning(text);
    }
}

void OpenAiResponsesDecoder::beginItem(int index, const JsonElement &item)
{
    if (textMember(item, "type") != QStringLiteral("function_call") || m_calls.contains(index) ||
        m_calls.size() >= MostToolCalls)
        return;
    m_saidSomething = true;
    m_calls.insert(index, static_cast<int>(m_calls.size()));
    emitEvent(ToolCallDelta{m_calls.value(index),
                            textMember(item, "call_id").value_or(QString()).left(200),
                            textMember(item, "name").value_or(QString()).left(200),
                            {}});
}

void OpenAiResponsesDecoder::takeArguments(const JsonElement &data, std::string_view member)
{
    const int index = indexMember(data, "output_index");
    const QByteArray piece = textMember(data, member).value_or(QString()).toUtf8();
    if (piece.isEmpty() || !m_calls.contains(index))
        return;
    m_argumentsBegun.insert(index);
    emitEvent(ToolCallDelta{m_calls.value(index), {}, {}, piece});
}

void OpenAiResponsesDecoder::endItem(int index, const JsonElement &item)
{
    const auto type = textMember(item, "type");
    if (type == QStringLiteral("function_call")) {
        beginItem(index, item); // some servers send only the whole item
        const QByteArray arguments = textMember(item, "arguments").value_or(QString()).toUtf8();
        if (m_calls.contains(index) && !m_argumentsBegun.contains(index) && !arguments.isEmpty())
            emitEvent(ToolCallDelta{m_calls.value(index), {}, {}, arguments});
        m_argumentsBegun.insert(index);
    } else if (type == QStringLiteral("reasoning")) {
        // Goes back with the next turn; its id with it, in front.
        const auto sealed = textMember(item, "encrypted_content");
        if (sealed && !sealed->isEmpty())
            emitEvent(ReasoningDelta{
                {}, (textMember(item, "id").value_or(QString()) + u' ' + *sealed).toUtf8(), {}});
    }
}

void OpenAiResponsesDecoder::takeUsage(const JsonElement &json)
{
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.raw = rawJson(json);
    const auto input = countMember(json, "input_tokens");
    const auto output = countMember(json, "output_tokens");
    if (input.value_or(0) == 0 && output.value_or(0) == 0 && m_saidSomething)
        return; // recorded: all zero behind a text. That is unknown, not free
    setCount(usage, UsageKind::Input, input);
    setCount(usage, UsageKind::Output, output);
    if (const auto details = member(json, "input_tokens_details")) {
        setCount(usage, UsageKind::CacheRead, countMember(*details, "cached_tokens"));
        setCount(usage, UsageKind::CacheWrite, countMember(*details, "cache_write_tokens"));
    }
    if (const auto details = member(json, "output_tokens_details"))
        setCount(usage, UsageKind::OutputReasoning, countMember(*details, "reasoning_tokens"));
    if (const auto cost = member(json, "cost")) // OpenRouter
        usage.reportedCost = dollarsFromNumber(rawJson(*cost));
    usage.serviceTier = m_serviceTier;
    if (!usage.tokens.isEmpty())
        emitEvent(UsageReport{usage});
}

std::optional<Error> OpenAiResponsesDecoder::takeEnd(const JsonElement &response,
                                                     const QString &end)
{
    if (const auto usage = member(response, "usage"))
        takeUsage(*usage);
    const QString own = textMember(response, "status").value_or(QString()).left(100);
    // An event's type says how the answer ended; the response in it may only say that it is worse.
    static const QStringList worse{QStringLiteral("incomplete"), QStringLiteral("failed"),
                                   QStringLiteral("cancelled")};
    const QString status = end.isEmpty() || worse.contains(own) ? own : end;
    if (status == QStringLiteral("cancelled")) {
        Error error = openAiError(200, m_headers, response);
        error.kind = ErrorKind::Cancelled;
        return error;
    }
    if (hasError(response) || status == QStringLiteral("failed"))
        return openAiError(200, m_headers, response);
    if (status != QStringLiteral("completed") && status != QStringLiteral("incomplete"))
        return truncated(); // queued, in progress: what came of it is not the answer
    m_ended = true;
    m_finishRaw = status;
    if (status == QStringLiteral("completed")) {
        m_finish = m_refused           ? FinishReason::Refusal
                   : m_calls.isEmpty() ? FinishReason::Stop
                                       : FinishReason::ToolCalls;
        return std::nullopt;
    }
    if (const auto details = member(response, "incomplete_details"))
        m_finishRaw = textMember(*details, "reason").value_or(status).left(100);
    if (m_finishRaw == QStringLiteral("max_output_tokens"))
        m_finish = FinishReason::Length;
    else if (m_finishRaw == QStringLiteral("content_filter"))
        m_finish = FinishReason::ContentFilter;
    return std::nullopt;
}

void OpenAiResponsesDecoder::takeContent(int item, const JsonElement &content)
{
    const auto parts = listMember(content, "content");
    if (!parts)
        return;
    for (const JsonElement part : *parts) {
        const bool refusal = textMember(part, "type") == QStringLiteral("refusal");
        const QString text = textMember(part, refusal ? "refusal" : "text").value_or(QString());
        m_refused = m_refused || refusal;
        m_saidSomething = m_saidSomething || !text.isEmpty();
        if (textMember(content, "type") == QStringLiteral("reasoning"))
            emitReasoning(text);
        else
            emitText(text);
    }
    endItem(item, content);
}

std::optional<Error> OpenAiResponsesDecoder::takeWhole(const JsonElement &answer)
{
    const auto output = listMember(answer, "output");
    if (!output)
        return openAiError(200, m_headers, answer);
    takeStart(answer);
    int index = 0;
    for (const JsonElement item : *output) {
        if (const auto summary = listMember(item, "summary")) {
            for (const JsonElement part : *summary)
                emitReasoning(textMember(part, "text").value_or(QString()));
        }
        if (member(item, "content"))
            takeContent(index, item);
        else
            endItem(index, item);
        ++index;
    }
    return takeEnd(answer, {});
}

std::optional<Error> OpenAiResponsesDecoder::conclude()
{
    if (!m_ended)
        return truncated();
    emitEvent(Finish{m_finish, m_finishRaw});
    return std::nullopt;
}

} // namespace core
