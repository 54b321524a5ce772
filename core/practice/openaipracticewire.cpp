#include "core/practice/openaipracticewire.h"

#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"

namespace core {

namespace {

QByteArray dataLine(const QJsonObject &object)
{
    return "data: " + practiceCompact(object) + "\n\n";
}

QJsonObject usageOf(const PracticeReply &reply)
{
    return {
        {QStringLiteral("prompt_tokens"), reply.promptTokens},
        {QStringLiteral("completion_tokens"), reply.outputTokens()},
        {QStringLiteral("total_tokens"), reply.promptTokens + reply.outputTokens()},
        {QStringLiteral("prompt_tokens_details"),
         QJsonObject{{QStringLiteral("cached_tokens"), 0}}},
        {QStringLiteral("completion_tokens_details"),
         QJsonObject{{QStringLiteral("reasoning_tokens"), reply.reasoning.size()}}},
    };
}

QString finishReason(const PracticeReply &reply)
{
    return reply.cut ? QStringLiteral("length") : QStringLiteral("stop");
}

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *type;
    const char *code;
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, "invalid_request_error", "invalid_value"},
    ErrorShape{PracticeRefusal::UnknownModel, 404, "invalid_request_error", "model_not_found"},
    ErrorShape{PracticeRefusal::NotFound, 404, "invalid_request_error", "unknown_url"},
    ErrorShape{PracticeRefusal::WrongKey, 401, "invalid_request_error", "invalid_api_key"},
    ErrorShape{PracticeRefusal::RateLimited, 429, "requests", "rate_limit_exceeded"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 429, "insufficient_quota", "insufficient_quota"},
    ErrorShape{PracticeRefusal::Overloaded, 503, "server_error", "slow_down"},
    ErrorShape{PracticeRefusal::ServerError, 500, "server_error", "server_error"},
};

QJsonObject chunk(const PracticeReply &reply)
{
    return {{QStringLiteral("id"), QStringLiteral("chatcmpl-") + reply.id},
            {QStringLiteral("object"), QStringLiteral("chat.completion.chunk")},
            {QStringLiteral("created"), reply.created},
            {QStringLiteral("model"), reply.model},
            {QStringLiteral("system_fingerprint"), QStringLiteral("fp_practice")}};
}

void readMessages(const QJsonArray &messages, PracticeRequest &request)
{
    for (const QJsonValue &message : messages) {
        const QString role = message[QLatin1StringView("role")].toString();
        const QJsonValue content = message[QLatin1StringView("content")];
        const QString text = practiceText(content);
        if (role == QLatin1StringView("user"))
            addUserTurn(request, text, practiceAttachments(content));
        else
            addOtherTurn(request, text);
        if (role == QLatin1StringView("system") || role == QLatin1StringView("developer"))
            request.system += text;
    }
}

} // namespace

QJsonObject openAiPracticeError(const PracticeFailure &failure)
{
    const ErrorShape &shape = shapeOf(ErrorShapes, failure.refusal);
    return {{QStringLiteral("message"), failure.message},
            {QStringLiteral("type"), QLatin1StringView(shape.type)},
            {QStringLiteral("param"), QJsonValue::Null},
            {QStringLiteral("code"), QLatin1StringView(shape.code)}};
}

PracticeRefused openAiPracticeRefusal(const PracticeFailure &failure, HttpHeaders headers)
{
    headers.set("Content-Type", "application/json");
    addRetryAfter(headers, failure);
    return {shapeOf(ErrorShapes, failure.refusal).status, headers,
            practiceCompact({{QStringLiteral("error"), openAiPracticeError(failure)}})};
}

QByteArray OpenAiPracticeWire::root() const
{
    return practiceRoots::OpenAi;
}

QList<PracticePath> OpenAiPracticeWire::paths() const
{
    return {{"POST", "/v1/chat/completions", PracticeAct::Answer},
            {"GET", "/v1/models", PracticeAct::Models}};
}

bool OpenAiPracticeWire::isProven(const LoopbackRequest &request, const SecretString &token,
                                  std::chrono::sys_seconds) const
{
    return isBearer(request.headers, token);
}

Result<PracticeRequest> OpenAiPracticeWire::readRequest(const PracticeCall &call) const
{
    const Result<QJsonObject> object = practiceObject(call.request.body);
    if (!object)
        return object.error();
    PracticeRequest request;
    request.model = (*object)[QLatin1StringView("model")].toString();
    request.stream = (*object)[QLatin1StringView("stream")].toBool();
    request.includeUsage =
        !request.stream ||
        (*object)[QLatin1StringView("stream_options")][QLatin1StringView("include_usage")].toBool();
    for (const auto member :
         {QLatin1StringView("max_tokens"), QLatin1StringView("max_completion_tokens")}) {
        if (const QJsonValue limit = (*object)[member]; limit.isDouble())
            request.maxTokens = limit.toInteger();
    }
    if (request.maxTokens && *request.maxTokens < 1)
        return practiceBadRequest(QStringLiteral("max_tokens must be at least 1."));
    request.schema = (*object)[QLatin1StringView("response_format")]
                              [QLatin1StringView("json_schema")][QLatin1StringView("schema")]
                                  .toObject();
    readMessages((*object)[QLatin1StringView("messages")].toArray(), request);
    if (!request.hasQuestion)
        return practiceBadRequest(QStringLiteral("messages: at least one user's turn is needed."));
    return request;
}

QJsonObject OpenAiPracticeWire::choice(const QString &member, const QJsonObject &content,
                                       const QJsonValue &finish) const
{
    QJsonObject object = choiceExtras();
    object[QLatin1StringView("index")] = 0;
    object[member] = content;
    object[QLatin1StringView("finish_reason")] = finish;
    return object;
}

QList<PracticePiece> OpenAiPracticeWire::stream(const PracticeReply &reply) const
{
    QList<PracticePiece> pieces;
    const auto add = [&](const QJsonObject &delta, const QJsonValue &finish, bool isToken) {
        QJsonObject object = chunk(reply);
        object[QLatin1StringView("choices")] =
            QJsonArray{choice(QStringLiteral("delta"), delta, finish)};
        if (reply.includeUsage)
            object[QLatin1StringView("usage")] = QJsonValue::Null;
        pieces.append({dataLine(object), isToken});
    };
    add({{QStringLiteral("role"), QStringLiteral("assistant")},
         {QStringLiteral("content"), QString()}},
        QJsonValue::Null, false);
    for (const QString &token : reply.reasoning)
        add({{QStringLiteral("reasoning_content"), token}}, QJsonValue::Null, true);
    for (const QString &token : reply.text)
        add({{QStringLiteral("content"), token}}, QJsonValue::Null, true);
    add({}, finishReason(reply), false);
    QByteArray last;
    if (reply.includeUsage) {
        QJsonObject object = chunk(reply);
        object[QLatin1StringView("choices")] = QJsonArray();
        object[QLatin1StringView("usage")] = usageOf(reply);
        last = dataLine(object);
    }
    pieces.append({last + "data: [DONE]\n\n", false});
    return pieces;
}

QByteArray OpenAiPracticeWire::whole(const PracticeReply &reply) const
{
    QJsonObject message{{QStringLiteral("role"), QStringLiteral("assistant")},
                        {QStringLiteral("content"), reply.text.join(QString())}};
    if (!reply.reasoning.isEmpty())
        message[QLatin1StringView("reasoning_content")] = reply.reasoning.join(QString());
    QJsonObject object = chunk(reply);
    object[QLatin1StringView("object")] = QStringLiteral("chat.completion");
    object[QLatin1StringView("choices")] =
        QJsonArray{choice(QStringLiteral("message"), message, finishReason(reply))};
    object[QLatin1StringView("usage")] = usageOf(reply);
    return practiceCompact(object);
}

QJsonObject OpenAiPracticeWire::errorObject(const PracticeFailure &failure) const
{
    return openAiPracticeError(failure);
}

PracticeRefused OpenAiPracticeWire::refused(const PracticeFailure &failure) const
{
    return openAiPracticeRefusal(failure, headers(failure.id));
}

QByteArray OpenAiPracticeWire::streamError(const PracticeReply &, const PracticeFailure &failure,
                                           qsizetype) const
{
    return dataLine({{QStringLiteral("error"), errorObject(failure)}});
}

HttpHeaders OpenAiPracticeWire::headers(const QString &id) const
{
    return {{"x-request-id", "req_" + id.toLatin1()},
            {"x-ratelimit-limit-requests", "1000"},
            {"x-ratelimit-remaining-requests", "999"},
            {"x-ratelimit-reset-requests", "60ms"}};
}

QByteArray OpenAiPracticeWire::models(const QList<PracticeModel> &models,
                                      const PracticeCall &) const
{
    QJsonArray data;
    for (const PracticeModel &model : models)
        data.append(QJsonObject{{QStringLiteral("id"), model.id},
                                {QStringLiteral("object"), QStringLiteral("model")},
                                {QStringLiteral("created"), 1'790'000'000},
                                {QStringLiteral("owned_by"), QStringLiteral("farthing")}});
    return practiceCompact(
        {{QStringLiteral("object"), QStringLiteral("list")}, {QStringLiteral("data"), data}});
}

std::unique_ptr<PracticeWire> practiceOpenAiWire()
{
    return std::make_unique<OpenAiPracticeWire>();
}

} // namespace core
