#include "core/providers/openaichatdecoder.h"

#include "core/providers/errorfacts.h"
#include "core/providers/openaierror.h"
#include "core/providers/openaiusage.h"

#include <QHash>

namespace core {

namespace {

constexpr std::int64_t NoIndex = -1;

FinishReason finishReasonFrom(const QString &raw)
{
    // OpenAI's words, and those that servers have for the same (Mistral; TGI and Together;
    // Claude's, where a proxy hands them through; z.ai).
    static const QHash<QString, FinishReason> reasons{
        {QStringLiteral("stop"), FinishReason::Stop},
        {QStringLiteral("eos"), FinishReason::Stop},
        {QStringLiteral("eos_token"), FinishReason::Stop},
        {QStringLiteral("stop_sequence"), FinishReason::Stop},
        {QStringLiteral("end_turn"), FinishReason::Stop},
        {QStringLiteral("length"), FinishReason::Length},
        {QStringLiteral("model_length"), FinishReason::Length},
        {QStringLiteral("max_tokens"), FinishReason::Length},
        {QStringLiteral("model_context_window_exceeded"), FinishReason::Length},
        {QStringLiteral("tool_calls"), FinishReason::ToolCalls},
        {QStringLiteral("function_call"), FinishReason::ToolCalls},
        {QStringLiteral("tool_use"), FinishReason::ToolCalls},
        {QStringLiteral("content_filter"), FinishReason::ContentFilter},
        {QStringLiteral("sensitive"), FinishReason::ContentFilter},
        {QStringLiteral("refusal"), FinishReason::Refusal}};
    return reasons.value(raw.toLower(), FinishReason::Other);
}

//! What a finish reason that is a failure stands for: OpenRouter's and Mistral's, DeepSeek's,
//! z.ai's, and that of vLLM and SGLang whose engine gave up. None: it is an end.
std::optional<ErrorKind> failureFrom(const QString &raw)
{
    static const QHash<QString, ErrorKind> failures{
        {QStringLiteral("error"), ErrorKind::ServerError},
        {QStringLiteral("abort"), ErrorKind::ServerError},
        {QStringLiteral("insufficient_system_resource"), ErrorKind::Overloaded},
        {QStringLiteral("network_error"), ErrorKind::ServerError}};
    const auto failure = failures.constFind(raw.toLower());
    return failure == failures.cend() ? std::nullopt : std::optional(*failure);
}

//! What is told of how an answer without a word ended says why there is none.
bool explainsSilence(FinishReason reason)
{
    return reason == FinishReason::Length || reason == FinishReason::ContentFilter ||
           reason == FinishReason::Refusal;
}

//! An object that does not call itself an error, but is no answer and has a status that is one.
bool saysStatus(const JsonElement &data)
{
    return !member(data, "choices") && (member(data, "message") || member(data, "detail")) &&
           namedStatus(data) != 0;
}

//! The sentence of an answer that is none.
QString whatIsSaid(const JsonElement &answer)
{
    for (const char *name : {"message", "detail"}) {
        if (const auto said = textMember(answer, name); said && !said->isEmpty())
            return said->left(500);
    }
    return QStringLiteral("The answer has no choices.");
}

//! Of a server that does not count; nothing is free.
bool isAllZero(const Usage &usage)
{
    return usage.count(UsageKind::Input) == 0 && usage.count(UsageKind::Output) == 0;
}

//! Whether an event with \p choice only tells what a filter that runs beside the answer found
//! (Azure): it names no model.
bool isNote(const JsonElement &event, const JsonElement &choice)
{
    return textMember(event, "model").value_or(QString()).isEmpty() && !member(choice, "delta") &&
           !member(choice, "message") && !member(choice, "finish_reason");
}

//! OpenRouter's list of what was thought, where no member has it as one text.
QString detailedReasoning(const JsonElement &message)
{
    QString reasoning;
    simdjson::dom::array details;
    if (const auto list = member(message, "reasoning_details");
        list && list->get(details) == simdjson::SUCCESS) {
        for (const JsonElement detail : details) {
            const auto text = textMember(detail, "text");
            reasoning += text ? *text : textMember(detail, "summary").value_or(QString());
        }
    }
    return reasoning;
}

} // namespace

OpenAiChatDecoder::OpenAiChatDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"content"})
    , m_headers(headers)
{
}

bool OpenAiChatDecoder::takeWord(QByteArrayView data)
{
    if (data != "[DONE]")
        return false;
    m_done = true;
    return true;
}

std::optional<Error> OpenAiChatDecoder::errorIn(QByteArrayView name, const JsonElement &data) const
{
    const bool isFlat = textMember(data, "object") == QStringLiteral("error");
    if (hasError(data) || isFlat || name == "error" || saysStatus(data))
        return openAiError(200, m_headers, data);
    // Groq's own word for why a stream was cut short.
    const auto groq = member(data, "x_groq");
    return groq && hasError(*groq) ? std::optional(openAiError(200, m_headers, *groq))
                                   : std::nullopt;
}

void OpenAiChatDecoder::begin(const JsonElement &data)
{
    if (m_started)
        return;
    m_started = true;
    ReplyStarted started;
    started.model = textMember(data, "model").value_or(QString()).left(200);
    started.requestId =
        requestId().isEmpty() ? textMember(data, "id").value_or(QString()).left(200) : requestId();
    emitEvent(started);
}

std::optional<Error> OpenAiChatDecoder::takeEvent(QByteArrayView name, const JsonElement &data)
{
    takeTier(data);
    std::optional<JsonElement> usage = member(data, "usage");
    if (const auto groq = usage ? std::nullopt : member(data, "x_groq"))
        usage = member(*groq, "usage");
    const auto choices = member(data, "choices");
    simdjson::dom::array list;
    const bool hasChoices = choices && choices->get(list) == simdjson::SUCCESS && list.size() > 0;
    if (!usage && hasChoices)
        usage = member(list.at(0).value(), "usage"); // Moonshot
    if (usage)
        takeUsage(*usage);
    if (hasChoices) { // beside an error, too: they may have said more
        if (!isNote(data, list.at(0).value()))
            begin(data);
        takeChoices(list);
    }
    if (auto error = errorIn(name, data)) {
        releaseHeld();
        return error;
    }
    return m_choiceError;
}

//! The first one is the answer, by its index or, where there is none, its place.
void OpenAiChatDecoder::takeChoices(const simdjson::dom::array &choices)
{
    std::int64_t place = 0;
    for (const JsonElement choice : choices) {
        if (countMember(choice, "index").value_or(place++) == 0)
            takeChoice(choice);
    }
}

void OpenAiChatDecoder::takeChoice(const JsonElement &choice)
{
    if (const auto delta = member(choice, "delta")) {
        takeMessage(*delta);
        m_inPieces = m_inPieces || m_anything;
    } else if (const auto message = member(choice, "message"); message && !m_inPieces) {
        takeMessage(*message); // behind pieces it is all of them again (MiniMax)
    }
    if (const auto reason = textMember(choice, "finish_reason"); reason && !reason->isEmpty())
        m_finishReason = reason->left(100);
    if (hasError(choice)) { // OpenRouter: of this answer only
        releaseHeld();
        m_choiceError = openAiError(200, m_headers, choice);
    }
}

void OpenAiChatDecoder::takeMessage(const JsonElement &message)
{
    QString reasoning = textMember(message, "reasoning_content").value_or(QString());
    if (reasoning.isEmpty())
        reasoning = textMember(message, "reasoning").value_or(QString());
    if (reasoning.isEmpty())
        reasoning = detailedReasoning(message);
    if (!reasoning.isEmpty()) {
        releaseHeld();
        m_hasReasoned = m_anything = true;
        emitReasoning(reasoning);
    }
    if (const auto content = member(message, "content"))
        takeContent(*content);
    takeMedia(message);
    takeRefusal(message);
    simdjson::dom::array calls;
    if (const auto list = member(message, "tool_calls");
        list && list->get(calls) == simdjson::SUCCESS) {
        int position = 0;
        for (const JsonElement call : calls)
            takeToolCall(call, position++);
    }
    // As it was before there were several calls; it has no id.
    if (const auto function = member(message, "function_call"); function && function->is_object()) {
        if (const auto number = callNumber(0, 0, {}, {}))
            takeFunction(*function, {*number, {}, {}, {}});
    }
}

void OpenAiChatDecoder::takeRefusal(const JsonElement &holder)
{
    const auto refusal = textMember(holder, "refusal");
    if (!refusal || refusal->isEmpty())
        return;
    m_refused = m_anything = true;
    releaseHeld();
    emitText(*refusal);
}

void OpenAiChatDecoder::takeContent(const JsonElement &content)
{
    std::string_view text;
    if (content.get(text) == simdjson::SUCCESS) {
        m_hasContent = m_hasContent || !text.empty();
        m_anything = m_anything || m_hasContent;
        return takeText(toText(text));
    }
    // Mistral: a list of parts, thinking among them.
    simdjson::dom::array parts;
    if (content.get(parts) != simdjson::SUCCESS)
        return;
    releaseHeld();
    for (const JsonElement part : parts) {
        if (textMember(part, "type") == QStringLiteral("thinking")) {
            if (const auto thinking = member(part, "thinking"))
                takeThinking(*thinking);
            m_anything = true;
        } else if (const auto piece = textMember(part, "text"); piece && !piece->isEmpty()) {
            m_hasContent = m_anything = true;
            emitText(*piece);
        } else {
            takeRefusal(part);
        }
    }
}

//! An answer may be all sound or pictures. These are not shown, but what was spoken can be read.
void OpenAiChatDecoder::takeMedia(const JsonElement &message)
{
    simdjson::dom::array images;
    if (const auto list = member(message, "images");
        list && list->get(images) == simdjson::SUCCESS && images.size() > 0)
        m_anything = true;
    const auto audio = member(message, "audio");
    if (!audio)
        return;
    const QString spoken = textMember(*audio, "transcript").value_or(QString());
    m_anything = m_anything || !spoken.isEmpty() || member(*audio, "data");
    if (!spoken.isEmpty() && !m_hasContent) {
        releaseHeld();
        emitText(spoken);
    }
}

//! A text, or a list of pieces of it.
void OpenAiChatDecoder::takeThinking(const JsonElement &thinking)
{
    simdjson::dom::array thoughts;
    if (thinking.get(thoughts) != simdjson::SUCCESS)
        return emitReasoning(anyText(thinking));
    for (const JsonElement thought : thoughts)
        emitReasoning(textMember(thought, "text").value_or(QString()));
}

void OpenAiChatDecoder::takeToolCall(const JsonElement &call, int position)
{
    ToolCallDelta delta;
    delta.id = textMember(call, "id").value_or(QString()).left(200);
    auto function = member(call, "function");
    if (!function)
        function = member(call, "custom"); // a tool whose input is any text
    const QString name =
        function ? textMember(*function, "name").value_or(QString()).left(200) : QString();
    const auto number = callNumber(countMember(call, "index"), position, delta.id, name);
    if (!number)
        return;
    delta.index = *number;
    if (function)
        return takeFunction(*function, delta);
    m_anything = true;
    emitEvent(delta);
}

//! Some servers give no index, or one to all calls: then a new id, or another name where there are
//! no ids, begins another call. None: there are too many.
std::optional<int> OpenAiChatDecoder::callNumber(std::optional<std::int64_t> index, int position,
                                                 const QString &id, const QString &name)
{
    const std::pair<std::int64_t, QString> key(index.value_or(NoIndex), id);
    if (const auto known = m_callIds.constFind(key); !id.isEmpty() && known != m_callIds.cend())
        return *known;
    const std::int64_t place = index.value_or(position);
    auto open = m_openCalls.find(place);
    const bool isOther = open != m_openCalls.end() && !name.isEmpty() &&
                         (!id.isEmpty() ? !open->id.isEmpty()
                          : index       ? !open->name.isEmpty() && open->name != name
                                        : !open->name.isEmpty());
    if (open == m_openCalls.end() || isOther) {
        if (m_toolCalls >= MostToolCalls)
            return std::nullopt;
        open = m_openCalls.insert(place, {m_toolCalls++, {}, {}});
    }
    if (!id.isEmpty())
        open->id = id;
    if (!name.isEmpty())
        open->name = name;
    if (!id.isEmpty())
        m_callIds.insert(key, open->number);
    return open->number;
}

void OpenAiChatDecoder::takeFunction(const JsonElement &function, ToolCallDelta delta)
{
    delta.name = textMember(function, "name").value_or(QString()).left(200);
    auto arguments = member(function, "arguments");
    if (!arguments)
        arguments = member(function, "input"); // of a custom tool
    if (arguments)
        delta.arguments =
            arguments->is_string() ? anyText(*arguments).toUtf8() : rawJson(*arguments);
    m_anything = true;
    emitEvent(delta);
}

//! The tier that served the answer changes its price; it stands in any event, or in all.
void OpenAiChatDecoder::takeTier(const JsonElement &data)
{
    const QString tier = textMember(data, "service_tier").value_or(QString()).left(100);
    if (tier.isEmpty() || tier == m_serviceTier)
        return;
    m_serviceTier = tier;
    if (!m_usage)
        return;
    m_usage->serviceTier = tier;
    emitEvent(UsageReport{*m_usage});
}

void OpenAiChatDecoder::takeUsage(const JsonElement &json)
{
    auto usage = openAiUsage(json);
    if (!usage || (m_usage && isAllZero(*usage) && !isAllZero(*m_usage)))
        return; // they grow, and do not go back
    usage->serviceTier = m_serviceTier;
    m_usage = usage;
    emitEvent(UsageReport{*usage});
}

std::optional<Error> OpenAiChatDecoder::takeWhole(const JsonElement &answer)
{
    takeTier(answer);
    if (const auto usage = member(answer, "usage"))
        takeUsage(*usage);
    if (auto error = errorIn({}, answer))
        return error;
    const auto choices = member(answer, "choices");
    simdjson::dom::array list;
    if (!choices || choices->get(list) != simdjson::SUCCESS)
        return protocolError(whatIsSaid(answer));
    begin(answer);
    takeChoices(list);
    m_done = true;
    return m_choiceError;
}

void OpenAiChatDecoder::takeText(const QString &text)
{
    if (m_hasReasoned || m_tags.isPassed())
        return emitText(text);
    const ThinkTags::Split split = m_tags.take(text);
    emitReasoning(split.reasoning);
    emitText(split.text);
}

//! What might have become a tag is none: something else follows.
void OpenAiChatDecoder::releaseHeld()
{
    const ThinkTags::Split held = m_tags.finish();
    emitReasoning(held.reasoning);
    emitText(held.text);
}

std::optional<Error> OpenAiChatDecoder::conclude()
{
    releaseHeld();
    if (!m_done)
        return truncated();
    if (const auto failure = failureFrom(m_finishReason)) {
        Error error;
        error.kind = *failure;
        error.providerCode = m_finishReason;
        error.httpStatus = 200;
        return error;
    }
    FinishReason reason = finishReasonFrom(m_finishReason);
    if (!m_anything && !explainsSilence(reason))
        return protocolError(
            QStringLiteral("The service ended its answer without having said anything. The prompt "
                           "may be longer than the model's context."));
    if (m_anything && m_usage && isAllZero(*m_usage)) {
        Usage unknown;
        unknown.raw = m_usage->raw;
        unknown.reportedCost = m_usage->reportedCost;
        emitEvent(UsageReport{unknown});
    }
    if (m_refused)
        reason = FinishReason::Refusal;
    else if (m_finishReason.isEmpty() && m_toolCalls > 0)
        reason = FinishReason::ToolCalls;
    emitEvent(Finish{reason, m_finishReason});
    return std::nullopt;
}

} // namespace core
