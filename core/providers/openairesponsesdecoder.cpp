#include "core/providers/openairesponsesdecoder.h"

#include "core/providers/errorfacts.h"
#include "core/providers/openaierror.h"
#include "core/providers/usagenumbers.h"

#include <algorithm>

namespace core {

namespace {

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

bool isAnyOf(const QSet<QString> &set, const QStringList &names)
{
    return std::any_of(names.begin(), names.end(),
                       [&set](const QString &name) { return set.contains(name); });
}

void addAll(QSet<QString> &set, const QStringList &names)
{
    for (const QString &name : names)
        set.insert(name);
}

QString idMember(const JsonElement &object, std::string_view name)
{
    return textMember(object, name).value_or(QString()).left(200);
}

//! The names of the place where an event belongs: some services leave out the index, some change
//! the item's id from event to event.
QStringList placesOf(const JsonElement &data)
{
    QStringList places;
    const auto item = member(data, "item");
    for (const QString &id :
         {idMember(data, "item_id"), item ? idMember(*item, "id") : QString()}) {
        if (!id.isEmpty())
            places.append(id);
    }
    if (const auto index = countMember(data, "output_index"))
        places.append(QString::number(*index));
    return places.isEmpty() ? QStringList{QString()} : places;
}

//! Of a tool that was declared with its arguments, or of a custom one, whose input is any text.
bool isCall(const JsonElement &item)
{
    const auto type = textMember(item, "type");
    return type == QStringLiteral("function_call") || type == QStringLiteral("custom_tool_call");
}

QByteArray argumentsOf(const JsonElement &item)
{
    const auto arguments = textMember(item, "arguments");
    return (arguments ? *arguments : textMember(item, "input").value_or(QString())).toUtf8();
}

//! Names a text at each of \p places.
QStringList textKeys(const QString &kind, const QStringList &places, int content, int summary = 0)
{
    QStringList keys;
    for (const QString &place : places)
        keys.append(QStringLiteral("%1 %2 %3 %4").arg(kind, place).arg(content).arg(summary));
    return keys;
}

} // namespace

OpenAiResponsesDecoder::OpenAiResponsesDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"delta", "obfuscation", {"sequence_number"}})
    , m_headers(headers)
{
}

std::optional<Error> OpenAiResponsesDecoder::takeEvent(QByteArrayView name, const JsonElement &data)
{
    const QString type = textMember(data, "type").value_or(QString::fromUtf8(name));
    const bool isOurs = type.startsWith(QStringLiteral("response."));
    if (type == QStringLiteral("error") || hasError(data) || (name == "error" && !isOurs))
        return openAiError(200, m_headers, data);
    const auto response = member(data, "response");
    if (isOurs)
        takeStart(response.value_or(data)); // some leave response.created out
    if (type.endsWith(QStringLiteral("_text.delta")) ||
        type.endsWith(QStringLiteral("_text.done")) ||
        type.startsWith(QStringLiteral("response.refusal."))) {
        takeTextEvent(type, data);
    } else if (type == QStringLiteral("response.function_call_arguments.delta") ||
               type == QStringLiteral("response.custom_tool_call_input.delta")) {
        takeArguments(data, "delta");
    } else if (type == QStringLiteral("response.function_call_arguments.done")) {
        takeArguments(data, "arguments");
    } else if (type == QStringLiteral("response.custom_tool_call_input.done")) {
        takeArguments(data, "input");
    } else if (type == QStringLiteral("response.reasoning_summary_part.added")) {
        if (m_reasoningParts++ > 0)
            emitReasoning(QStringLiteral("\n\n"));
    } else if (type == QStringLiteral("response.output_item.added")) {
        const auto item = member(data, "item");
        if (item && isCall(*item) && !callNamed(*item))
            beginCall(placesOf(data), *item);
    } else if (type == QStringLiteral("response.content_part.done")) {
        if (const auto part = member(data, "part"))
            takePart(placesOf(data), indexMember(data, "content_index"), *part);
    } else if (type == QStringLiteral("response.output_item.done")) {
        if (const auto item = member(data, "item"))
            takeItem(placesOf(data), *item);
    } else if (response) {
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
    m_knowsModel = !started.model.isEmpty();
    emitEvent(started);
}

void OpenAiResponsesDecoder::takeTextEvent(const QString &type, const JsonElement &data)
{
    const QString kind = type.section(u'.', 1, 1); // output_text, refusal, reasoning_text, ...
    const bool whole = type.endsWith(QStringLiteral(".done"));
    const QStringList places = placesOf(data);
    const QStringList keys = textKeys(kind, places, indexMember(data, "content_index"),
                                      indexMember(data, "summary_index"));
    if (whole && isAnyOf(m_textBegun, keys))
        return;
    const bool refusal = kind == QStringLiteral("refusal");
    const QString text =
        textMember(data, whole ? (refusal ? "refusal" : "text") : "delta").value_or(QString());
    if (text.isEmpty())
        return;
    addAll(m_textBegun, keys);
    if (kind == QStringLiteral("output_text") || refusal) {
        say(text, refusal);
    } else if (kind.startsWith(QStringLiteral("reasoning"))) {
        addAll(m_reasonedAt, places);
        m_reasoned = true;
        emitReasoning(text);
    }
}

void OpenAiResponsesDecoder::say(const QString &text, bool refusal)
{
    m_saidText = true;
    m_refused = m_refused || refusal;
    emitText(text);
}

//! A part of a message, unless its deltas have said it.
void OpenAiResponsesDecoder::takePart(const QStringList &places, int index, const JsonElement &part)
{
    const QString type = textMember(part, "type").value_or(QString());
    const bool refusal = type == QStringLiteral("refusal");
    const QString text = textMember(part, refusal ? "refusal" : "text").value_or(QString());
    const QStringList keys =
        textKeys(refusal ? type : QStringLiteral("output_text"), places, index);
    if (text.isEmpty() || type.startsWith(QStringLiteral("reasoning")) ||
        isAnyOf(m_textBegun, keys))
        return;
    addAll(m_textBegun, keys);
    say(text, refusal);
}

//! What \p item says and its deltas did not.
void OpenAiResponsesDecoder::takeItem(const QStringList &places, const JsonElement &item)
{
    const QString type = textMember(item, "type").value_or(QString());
    if (isCall(item))
        return endCall(places, item);
    if (type == QStringLiteral("reasoning"))
        return takeReasoning(places, item);
    if (!type.isEmpty() && type != QStringLiteral("message"))
        return takeHostedCall(places, item);
    if (const auto parts = listMember(item, "content")) {
        int index = 0;
        for (const JsonElement part : *parts)
            takePart(places, index++, part);
        return;
    }
    const QString text = textMember(item, "content").value_or(QString());
    const QStringList keys = textKeys(QStringLiteral("output_text"), places, 0);
    if (text.isEmpty() || isAnyOf(m_textBegun, keys))
        return;
    addAll(m_textBegun, keys);
    say(text, false);
}

//! What a tool of the service did: of it only that it did it.
void OpenAiResponsesDecoder::takeHostedCall(const QStringList &places, const JsonElement &item)
{
    if (m_hosted.take(item, places.constFirst()))
        reportFees(m_hosted.fees());
}

void OpenAiResponsesDecoder::takeReasoning(const QStringList &places, const JsonElement &item)
{
    const bool isSaid = isAnyOf(m_reasonedAt, places);
    for (const char *list : {"summary", "content"}) {
        const auto parts = isSaid ? std::nullopt : listMember(item, list);
        if (!parts)
            continue;
        for (const JsonElement part : *parts) {
            const QString text = textMember(part, "text").value_or(QString());
            if (text.isEmpty())
                continue;
            if (m_reasoningParts++ > 0)
                emitReasoning(QStringLiteral("\n\n"));
            addAll(m_reasonedAt, places);
            m_reasoned = true;
            emitReasoning(text);
        }
    }
    // Goes back with the next turn; its id with it, in front.
    const auto sealed = textMember(item, "encrypted_content");
    if (!sealed || sealed->isEmpty())
        return;
    m_reasoned = true;
    const QString id = textMember(item, "id").value_or(QString());
    emitEvent(ReasoningDelta{{}, (id + u' ' + *sealed).toUtf8(), {}});
}

//! The whole response repeats all items, with some services at other places and under other ids:
//! it is read only for the kinds of which the stream itself said nothing.
void OpenAiResponsesDecoder::takeOutput(const JsonElement &response)
{
    const auto output = listMember(response, "output");
    if (!output)
        return;
    const bool hadText = m_saidText;
    const bool hadReasoning = m_reasoned;
    const bool hadCalls = !m_calls.isEmpty();
    const HostedCalls hadHosted = m_hosted;
    int index = 0;
    for (const JsonElement item : *output) {
        const QStringList place{QString::number(index++)};
        const QString type = textMember(item, "type").value_or(QString());
        bool isSaid = hadText;
        if (isCall(item))
            isSaid = hadCalls && callNamed(item) < 0; // a known one may lack its arguments
        else if (type == QStringLiteral("reasoning"))
            isSaid = hadReasoning;
        else if (const auto unit = HostedCalls::unitOf(item))
            isSaid = hadHosted.has(*unit);
        if (!isSaid)
            takeItem(place, item);
    }
}

//! The number of the call that \p item names by its call_id; none: of no call.
std::optional<int> OpenAiResponsesDecoder::callNamed(const JsonElement &item) const
{
    const QString id = idMember(item, "call_id");
    for (int number = 0; number < m_calls.size() && !id.isEmpty(); ++number) {
        if (m_calls.at(number).id == id)
            return number;
    }
    return std::nullopt;
}

//! A new call, even where another one has begun: its index may be missing or repeated.
void OpenAiResponsesDecoder::beginCall(const QStringList &places, const JsonElement &item)
{
    const QString id = idMember(item, "call_id");
    const int number = static_cast<int>(m_calls.size());
    m_lastCall = number < MostToolCalls ? std::optional(number) : std::nullopt;
    for (const QString &place : places)
        m_callAt.insert(place, m_lastCall);
    if (!m_lastCall)
        return;
    if (!id.isEmpty())
        m_callAt.insert(id, number); // some name it so in "item_id"
    m_calls.append({id, argumentsOf(item), false, false});
    emitEvent(ToolCallDelta{number, id, idMember(item, "name"), {}});
}

void OpenAiResponsesDecoder::endCall(const QStringList &places, const JsonElement &item)
{
    std::optional<int> number = callNamed(item);
    const bool hasId = !idMember(item, "call_id").isEmpty();
    for (const QString &place : places) {
        const std::optional<int> there = m_callAt.value(place);
        const bool isAnother =
            !there || m_calls.at(*there).isWhole || (hasId && !m_calls.at(*there).id.isEmpty());
        if (!number && !isAnother)
            number = there;
    }
    if (!number) {
        beginCall(places, item); // some servers send only the whole item
        number = m_lastCall;
    }
    if (!number)
        return;
    giveArguments(*number, argumentsOf(item));
    m_calls[*number].isWhole = true;
}

void OpenAiResponsesDecoder::takeArguments(const JsonElement &data, std::string_view name)
{
    const QStringList places = placesOf(data);
    const auto known = std::find_if(places.begin(), places.end(), [this](const QString &place) {
        return m_callAt.contains(place);
    });
    const bool hasIndex = countMember(data, "output_index").has_value();
    const std::optional<int> number = known != places.end() ? m_callAt.value(*known)
                                      : hasIndex            ? std::nullopt
                                                            : m_lastCall;
    const QByteArray piece = textMember(data, name).value_or(QString()).toUtf8();
    if (!number || piece.isEmpty())
        return;
    if (name != "delta")
        return giveArguments(*number, piece);
    m_calls[*number].hasArguments = true;
    emitEvent(ToolCallDelta{*number, {}, {}, piece});
}

//! All arguments of a call, unless they came in pieces; with none, those of its begin.
void OpenAiResponsesDecoder::giveArguments(int number, const QByteArray &arguments)
{
    Call &call = m_calls[number];
    const QByteArray &all = arguments.isEmpty() ? call.held : arguments;
    if (call.hasArguments || all.isEmpty())
        return;
    call.hasArguments = true;
    emitEvent(ToolCallDelta{number, {}, {}, all});
}

void OpenAiResponsesDecoder::takeUsage(const JsonElement &json, const JsonElement &response,
                                       const QString &status)
{
    Usage usage;
    if (!m_knowsModel) // nothing named it when the answer began
        usage.model = textMember(response, "model").value_or(QString()).left(200);
    usage.basis = UsageBasis::Provider;
    usage.raw = rawJson(json);
    const auto input = countMember(json, "input_tokens");
    const auto output = countMember(json, "output_tokens");
    const bool hasRun = m_saidText || m_reasoned || !m_calls.isEmpty() ||
                        status == QStringLiteral("incomplete"); // perhaps it only thought
    if (input.value_or(0) == 0 && output.value_or(0) == 0 && hasRun)
        return; // recorded: all zero behind a text. That is unknown, not free
    setCount(usage, UsageKind::Input, input);
    setCount(usage, UsageKind::Output, output);
    if (const auto details = member(json, "input_tokens_details")) {
        setCount(usage, UsageKind::CacheRead, countMember(*details, "cached_tokens"));
        setCount(usage, UsageKind::CacheWrite, countMember(*details, "cache_write_tokens"));
    }
    if (const auto details = member(json, "output_tokens_details"))
        setCount(usage, UsageKind::OutputReasoning, countMember(*details, "reasoning_tokens"));
    usage.reportedCost = reportedCost(json);
    usage.serviceTier = m_serviceTier;
    usage.fees = m_hosted.feesOf(response);
    m_isCounted = !usage.tokens.isEmpty();
    if (m_isCounted)
        emitEvent(UsageReport{usage});
}

//! Without the tokens, which are told at the end or not at all.
void OpenAiResponsesDecoder::reportFees(const QMap<FeeUnit, std::int64_t> &fees)
{
    Usage usage;
    usage.basis = UsageBasis::ProviderPartial;
    usage.fees = fees;
    usage.serviceTier = m_serviceTier;
    emitEvent(UsageReport{usage});
}

std::optional<Error> OpenAiResponsesDecoder::takeEnd(const JsonElement &response,
                                                     const QString &end)
{
    takeOutput(response);
    for (int number = 0; number < m_calls.size(); ++number)
        giveArguments(number, {});
    const QString own = textMember(response, "status").value_or(QString()).left(100);
    // An event's type says how the answer ended; the response in it may only say that it is worse.
    static const QStringList worse{QStringLiteral("incomplete"), QStringLiteral("failed"),
                                   QStringLiteral("cancelled")};
    const QString status = end.isEmpty() || worse.contains(own) ? own : end;
    if (const auto usage = member(response, "usage"))
        takeUsage(*usage, response, status);
    if (const auto fees = m_hosted.feesOf(response); !m_isCounted && !fees.isEmpty())
        reportFees(fees);
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

std::optional<Error> OpenAiResponsesDecoder::takeWhole(const JsonElement &answer)
{
    if (!listMember(answer, "output"))
        return openAiError(200, m_headers, answer);
    takeStart(answer);
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
