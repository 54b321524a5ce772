#include "core/providers/geminidecoder.h"

#include "core/base/redactor.h"
#include "core/net/retryafter.h"
#include "core/providers/errorfacts.h"
#include "core/providers/errorwords.h"
#include "core/providers/usagenumbers.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace core {

namespace {

const QString MadeUpId = QStringLiteral("farthing-call-");

bool isContentPolicy(const QString &reason)
{
    static const QStringList reasons{
        QStringLiteral("SAFETY"),      QStringLiteral("RECITATION"),
        QStringLiteral("BLOCKLIST"),   QStringLiteral("PROHIBITED_CONTENT"),
        QStringLiteral("SPII"),        QStringLiteral("IMAGE_SAFETY"),
        QStringLiteral("MODEL_ARMOR"), QStringLiteral("IMAGE_PROHIBITED_CONTENT"),
        QStringLiteral("JAILBREAK")};
    return reasons.contains(reason);
}

std::optional<simdjson::dom::array> listMember(const JsonElement &object, std::string_view name)
{
    simdjson::dom::array list;
    const auto value = member(object, name);
    return value && value->get(list) == simdjson::SUCCESS ? std::optional(list) : std::nullopt;
}

//! Of input. The pages of a document are read as pictures, and priced so.
const QHash<QString, UsageKind> &inputModalities()
{
    static const QHash<QString, UsageKind> kinds{
        {QStringLiteral("AUDIO"), UsageKind::InputAudio},
        {QStringLiteral("IMAGE"), UsageKind::InputImage},
        {QStringLiteral("DOCUMENT"), UsageKind::InputImage},
        {QStringLiteral("VIDEO"), UsageKind::InputVideo}};
    return kinds;
}

//! Counts by modality: parts of a sum that is known by itself.
void addModalities(Usage &usage, const JsonElement &json, std::string_view name,
                   const QHash<QString, UsageKind> &kinds)
{
    const auto list = listMember(json, name);
    if (!list)
        return;
    for (const JsonElement each : *list) {
        const auto modality = textMember(each, "modality");
        if (modality && kinds.contains(*modality))
            addCount(usage, kinds.value(*modality), countMember(each, "tokenCount"));
    }
}

//! What of each modality came from the cache is a part of the prompt's count, and priced as cached.
void takeCached(Usage &usage, const JsonElement &json)
{
    Usage cached;
    addModalities(cached, json, "cacheTokensDetails", inputModalities());
    for (auto it = cached.tokens.cbegin(); it != cached.tokens.cend(); ++it) {
        const auto prompt = usage.tokens.find(it.key());
        if (prompt != usage.tokens.end() && *prompt >= it.value())
            *prompt -= it.value();
    }
    setCount(usage, UsageKind::CacheReadAudio, cached.count(UsageKind::InputAudio));
}

//! Where nothing says which of the pictures came from the cache, they and the cache may be more
//! than the prompt has: then all that is left of it is taken for pictures.
void boundPictures(Usage &usage)
{
    const auto input = usage.count(UsageKind::Input);
    const auto pictures = usage.tokens.find(UsageKind::InputImage);
    if (!input || pictures == usage.tokens.end())
        return;
    std::int64_t rest = *input;
    for (const UsageKind kind :
         {UsageKind::InputTool, UsageKind::InputAudio, UsageKind::InputVideo, UsageKind::CacheRead})
        rest -= usage.count(kind).value_or(0);
    if (rest >= 0)
        *pictures = std::min(*pictures, rest);
}

std::optional<std::int64_t> outputOf(const JsonElement &json, bool ended,
                                     std::optional<std::int64_t> input)
{
    const auto visible = countMember(json, "candidatesTokenCount");
    const auto thoughts = countMember(json, "thoughtsTokenCount");
    if (visible || thoughts)
        return visible.value_or(0) + thoughts.value_or(0);
    // Neither is named where nothing came; the total still tells.
    const auto total = countMember(json, "totalTokenCount");
    if (ended && total && input && *total >= *input)
        return *total - *input;
    return std::nullopt;
}

//! There is no status of its own for a bad key: a detail says it, wherever it stands.
bool isBadKey(const QString &reason)
{
    return reason == QStringLiteral("API_KEY_INVALID") ||
           reason == QStringLiteral("API_KEY_EXPIRED");
}

//! What the details of an error tell.
struct Details
{
    QString reason;
    bool endsToday = false; //!< A limit that waiting for a minute does not lift.
    std::optional<std::chrono::milliseconds> retryDelay;
};

Details detailsOf(const JsonElement &error)
{
    Details found;
    const auto list = listMember(error, "details");
    if (!list)
        return found;
    for (const JsonElement each : *list) {
        if (const auto reason = textMember(each, "reason");
            reason && (found.reason.isEmpty() || isBadKey(*reason)))
            found.reason = reason->left(200);
        if (const auto delay = textMember(each, "retryDelay"))
            found.retryDelay = parseDuration(delay->toUtf8());
        const auto violations = listMember(each, "violations");
        if (!violations)
            continue;
        for (const JsonElement violation : *violations) {
            const auto id = textMember(violation, "quotaId");
            const auto value = member(violation, "quotaValue");
            found.endsToday = found.endsToday || (id && id->contains(QStringLiteral("PerDay"))) ||
                              (value && anyText(*value) == QStringLiteral("0"));
        }
    }
    return found;
}

//! Whether the words of a refusal name a limit of nothing ("limit: 0, model: m"): the account has
//! no such model. The violations leave that number out.
bool namesNoQuota(const QString &message)
{
    static const QRegularExpression none(QStringLiteral("\\blimit: 0(?!\\.?[0-9])"));
    return message.contains(none);
}

//! The HTTP status of a status word, for errors inside a stream that name no number; 0: unknown.
int statusOf(const QString &word)
{
    static const QHash<QString, int> statuses{
        {QStringLiteral("INVALID_ARGUMENT"), 400}, {QStringLiteral("FAILED_PRECONDITION"), 400},
        {QStringLiteral("UNAUTHENTICATED"), 401},  {QStringLiteral("PERMISSION_DENIED"), 403},
        {QStringLiteral("NOT_FOUND"), 404},        {QStringLiteral("RESOURCE_EXHAUSTED"), 429},
        {QStringLiteral("CANCELLED"), 499},        {QStringLiteral("INTERNAL"), 500},
        {QStringLiteral("UNAVAILABLE"), 503},      {QStringLiteral("DEADLINE_EXCEEDED"), 504}};
    return statuses.value(word, 0);
}

//! The status that an error itself names: as a number, as the digits of one, or as a word.
int statusIn(const JsonElement &error, const QString &word)
{
    const auto code = member(error, "code");
    const int number = code ? anyText(*code).toInt() : 0;
    return number >= 400 && number <= 599 ? number : statusOf(word);
}

ErrorKind kindOf(int status, const QString &word, const QString &message, const Details &details)
{
    constexpr int Cancelled = 499;
    if (isBadKey(details.reason))
        return ErrorKind::AuthenticationFailed;
    if (const auto kind = kindOfWords({{word, details.reason}, message, status}))
        return *kind;
    if (word == QStringLiteral("FAILED_PRECONDITION"))
        return message.contains(QStringLiteral("location"), Qt::CaseInsensitive)
                   ? ErrorKind::PermissionDenied
                   : ErrorKind::Billing;
    if (status == 404)
        return ErrorKind::ModelNotFound;
    if (status == 429)
        return details.endsToday || namesNoQuota(message) ? ErrorKind::QuotaExhausted
                                                          : ErrorKind::RateLimited;
    if (status == Cancelled)
        return ErrorKind::ServerError; // theirs: we would not be reading any more
    return kindOfStatus(status);
}

} // namespace

bool isMadeUpCallId(const QString &id)
{
    return id.startsWith(MadeUpId);
}

Error geminiError(int status, const HttpHeaders &headers, const JsonElement &body)
{
    JsonElement holder = body;
    simdjson::dom::array list; // without alt=sse an answer is a list, and so is its error
    if (body.get(list) == simdjson::SUCCESS && list.size() > 0)
        holder = list.at(0).value();
    const JsonElement error = member(holder, "error").value_or(holder);
    const QString word = textMember(error, "status").value_or(QString());
    const QString message =
        error.is_object() ? textMember(error, "message").value_or(QString()) : anyText(error);
    const Details details = detailsOf(error);
    const int named = statusIn(error, word);
    const int effective = status >= 400 ? status : named != 0 ? named : 500;
    Error result;
    result.kind = kindOf(effective, word, message, details);
    result.httpStatus = status;
    result.providerCode = (details.reason.isEmpty() ? word : details.reason).left(200);
    result.detail = redacted(message).left(500);
    addHttpFacts(result, status, headers, rawJson(body));
    // A limit of the day names a delay of seconds, too, which does not lift it.
    if (!result.retryAfter && result.kind != ErrorKind::QuotaExhausted)
        result.retryAfter = details.retryDelay;
    if (!result.retryAfter && waits(result.kind))
        result.retryAfter = waitSaidIn(message);
    return result;
}

GeminiDecoder::GeminiDecoder(const HttpHeaders &headers)
    : JsonStreamDecoder(headers, {"text",
                                  {},
                                  {"promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount",
                                   "totalTokenCount", "tokenCount"},
                                  false,
                                  true})
    , m_headers(headers)
{
}

std::optional<Error> GeminiDecoder::takeEvent(QByteArrayView, const JsonElement &data)
{
    if (hasError(data))
        return geminiError(200, m_headers, data);
    takeStart(data);
    if (const auto feedback = member(data, "promptFeedback")) {
        if (const auto reason = textMember(*feedback, "blockReason"))
            m_blockReason = reason->left(100);
    }
    if (const auto candidates = listMember(data, "candidates")) {
        for (const JsonElement candidate : *candidates) {
            if (countMember(candidate, "index").value_or(0) != 0)
                continue; // another answer
            takeCandidate(candidate);
            break;
        }
    }
    return std::nullopt;
}

void GeminiDecoder::takeCounts(const JsonElement &data)
{
    if (const auto usage = member(data, "usageMetadata"))
        takeUsage(*usage, data);
}

void GeminiDecoder::takeStart(const JsonElement &data)
{
    if (m_started)
        return;
    m_started = true;
    ReplyStarted started;
    started.model = textMember(data, "modelVersion").value_or(QString()).left(200);
    started.requestId = textMember(data, "responseId").value_or(QString()).left(200);
    m_knowsModel = !started.model.isEmpty();
    emitEvent(started);
}

void GeminiDecoder::takeCandidate(const JsonElement &candidate)
{
    if (const auto content = member(candidate, "content")) {
        if (const auto parts = listMember(*content, "parts")) {
            for (const JsonElement part : *parts)
                takePart(part);
        }
    }
    // Some send it in several events: the last one that says something counts, and reading goes on.
    const auto reason = textMember(candidate, "finishReason");
    const bool saysNothing =
        !reason || reason->isEmpty() ||
        (*reason == QStringLiteral("FINISH_REASON_UNSPECIFIED") && !m_finishReason.isEmpty());
    if (!saysNothing)
        m_finishReason = reason->left(100);
}

void GeminiDecoder::takePart(const JsonElement &part)
{
    const QByteArray signature = textMember(part, "thoughtSignature").value_or(QString()).toUtf8();
    const auto text = textMember(part, "text");
    bool isThought = false;
    if (const auto mark = member(part, "thought"))
        isThought = mark->get(isThought) == simdjson::SUCCESS && isThought;
    if (text && isThought)
        emitReasoning(*text);
    else if (text)
        emitText(*text);
    // A call's signature stands before it, a text's behind: buildRequest() puts both back.
    if (!signature.isEmpty())
        emitEvent(ReasoningDelta{{}, signature, {}});
    const auto call = member(part, "functionCall");
    if (!call || !call->is_object() || m_toolCalls >= MostToolCalls)
        return;
    const auto arguments = member(*call, "args");
    QString id = textMember(*call, "id").value_or(QString()).left(200);
    if (id.isEmpty())
        id = MadeUpId + QString::number(m_toolCalls);
    emitEvent(ToolCallDelta{m_toolCalls++, id,
                            textMember(*call, "name").value_or(QString()).left(200),
                            arguments ? rawJson(*arguments) : QByteArrayLiteral("{}")});
}

void GeminiDecoder::takeUsage(const JsonElement &json, const JsonElement &event)
{
    const bool ended = !m_finishReason.isEmpty() || !m_blockReason.isEmpty();
    Usage usage;
    if (!m_knowsModel) // the first event did not name it
        usage.model = textMember(event, "modelVersion").value_or(QString()).left(200);
    usage.basis = ended ? UsageBasis::Provider : UsageBasis::ProviderPartial;
    usage.raw = rawJson(json);
    std::optional<std::int64_t> input = countMember(json, "promptTokenCount");
    const auto tools = countMember(json, "toolUsePromptTokenCount");
    if (input && tools)
        *input += *tools;
    setCount(usage, UsageKind::Input, input);
    setCount(usage, UsageKind::InputTool, tools);
    setCount(usage, UsageKind::CacheRead, countMember(json, "cachedContentTokenCount"));
    setCount(usage, UsageKind::Output, outputOf(json, ended, input));
    setCount(usage, UsageKind::OutputReasoning, countMember(json, "thoughtsTokenCount"));
    addModalities(usage, json, "promptTokensDetails", inputModalities());
    takeCached(usage, json);
    boundPictures(usage);
    addModalities(usage, json, "candidatesTokensDetails",
                  {{QStringLiteral("AUDIO"), UsageKind::OutputAudio},
                   {QStringLiteral("IMAGE"), UsageKind::OutputImage},
                   {QStringLiteral("VIDEO"), UsageKind::OutputVideo}});
    usage.serviceTier = textMember(json, "serviceTier").value_or(QString()).left(100);
    if (usage.serviceTier.isEmpty())
        usage.serviceTier = QString::fromUtf8(m_headers.value("x-gemini-service-tier")).left(100);
    if (!usage.tokens.isEmpty())
        emitCounts(usage);
}

std::optional<Error> GeminiDecoder::takeWhole(const JsonElement &answer)
{
    static constexpr std::array Members{"candidates",   "promptFeedback", "usageMetadata",
                                        "modelVersion", "responseId",     "error"};
    if (std::none_of(Members.begin(), Members.end(),
                     [&answer](const char *name) { return member(answer, name).has_value(); }))
        return protocolError(QStringLiteral("The answer has no candidates."));
    auto error = takeEvent({}, answer);
    if (!error)
        takeCounts(answer);
    return error;
}

//! Without alt=sse the events come as the elements of a list.
std::optional<Error> GeminiDecoder::takeList(const simdjson::dom::array &answers)
{
    for (const JsonElement answer : answers) {
        if (auto error = takeWhole(answer))
            return error;
    }
    return std::nullopt;
}

std::optional<Error> GeminiDecoder::conclude()
{
    const bool isBlockUnsaid = m_blockReason.endsWith(QStringLiteral("_UNSPECIFIED"));
    if (!m_blockReason.isEmpty() && (!isBlockUnsaid || m_finishReason.isEmpty())) {
        emitEvent(Finish{FinishReason::ContentFilter, m_blockReason});
        return std::nullopt;
    }
    // A finish reason may stand in events that are not the last: one that was cut is missing.
    if (m_finishReason.isEmpty() || isCut())
        return truncated();
    FinishReason reason = FinishReason::Other;
    if (m_finishReason == QStringLiteral("STOP"))
        reason = m_toolCalls > 0 ? FinishReason::ToolCalls : FinishReason::Stop;
    else if (m_finishReason == QStringLiteral("MAX_TOKENS"))
        reason = FinishReason::Length;
    else if (isContentPolicy(m_finishReason))
        reason = FinishReason::ContentFilter;
    emitEvent(Finish{reason, m_finishReason});
    return std::nullopt;
}

} // namespace core
