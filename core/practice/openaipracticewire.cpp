#include "core/practice/practicejson.h"
#include "core/practice/practicewire.h"

#include <array>

namespace core {

namespace {

QByteArray dataLine(const QJsonObject &object)
{
    return "data: " + practiceCompact(object) + "\n\n";
}

QJsonObject usageOf(const PracticeReply &reply)
{
    const qint64 output = reply.reasoning.size() + reply.text.size();
    return {
        {QStringLiteral("prompt_tokens"), reply.promptTokens},
        {QStringLiteral("completion_tokens"), output},
        {QStringLiteral("total_tokens"), reply.promptTokens + output},
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

const ErrorShape &shapeOf(PracticeRefusal refusal)
{
    for (const ErrorShape &shape : ErrorShapes) {
        if (shape.refusal == refusal)
            return shape;
    }
    return ErrorShapes.back();
}

QJsonObject errorObject(PracticeRefusal refusal, const QString &message)
{
    const ErrorShape &shape = shapeOf(refusal);
    return {{QStringLiteral("error"),
             QJsonObject{{QStringLiteral("message"), message},
                         {QStringLiteral("type"), QLatin1StringView(shape.type)},
                         {QStringLiteral("param"), QJsonValue::Null},
                         {QStringLiteral("code"), QLatin1StringView(shape.code)}}}};
}

//! Chat Completions, with the reasoning_content member that compatible servers use.
class OpenAiPracticeWire final : public PracticeWire
{
public:
    Result<PracticeRequest> readRequest(const QByteArray &body) const override
    {
        const Result<QJsonObject> object = practiceObject(body);
        if (!object)
            return object.error();
        PracticeRequest request;
        request.model = (*object)[QLatin1StringView("model")].toString();
        request.stream = (*object)[QLatin1StringView("stream")].toBool();
        request.includeUsage =
            !request.stream ||
            (*object)[QLatin1StringView("stream_options")][QLatin1StringView("include_usage")]
                .toBool();
        for (const auto member :
             {QLatin1StringView("max_tokens"), QLatin1StringView("max_completion_tokens")}) {
            if (const QJsonValue limit = (*object)[member]; limit.isDouble())
                request.maxTokens = limit.toInteger();
        }
        if (request.maxTokens && *request.maxTokens < 1)
            return practiceBadRequest(QStringLiteral("max_tokens must be at least 1."));
        if (!readMessages((*object)[QLatin1StringView("messages")].toArray(), request))
            return practiceBadRequest(
                QStringLiteral("messages: at least one user's turn is needed."));
        return request;
    }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        QList<PracticePiece> pieces;
        const auto add = [&](const QJsonObject &delta, const QJsonValue &finish, bool isToken) {
            QJsonObject object = chunk(reply);
            object[QLatin1StringView("choices")] =
                QJsonArray{QJsonObject{{QStringLiteral("index"), 0},
                                       {QStringLiteral("delta"), delta},
                                       {QStringLiteral("finish_reason"), finish}}};
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

    QByteArray whole(const PracticeReply &reply) const override
    {
        QJsonObject message{{QStringLiteral("role"), QStringLiteral("assistant")},
                            {QStringLiteral("content"), reply.text.join(QString())}};
        if (!reply.reasoning.isEmpty())
            message[QLatin1StringView("reasoning_content")] = reply.reasoning.join(QString());
        QJsonObject object = chunk(reply);
        object[QLatin1StringView("object")] = QStringLiteral("chat.completion");
        object[QLatin1StringView("choices")] =
            QJsonArray{QJsonObject{{QStringLiteral("index"), 0},
                                   {QStringLiteral("message"), message},
                                   {QStringLiteral("finish_reason"), finishReason(reply)}}};
        object[QLatin1StringView("usage")] = usageOf(reply);
        return practiceCompact(object);
    }

    int status(PracticeRefusal refusal) const override { return shapeOf(refusal).status; }

    QByteArray error(PracticeRefusal refusal, const QString &message,
                     const QString &) const override
    {
        return practiceCompact(errorObject(refusal, message));
    }

    QByteArray streamError(PracticeRefusal refusal, const QString &message,
                           const QString &) const override
    {
        return dataLine(errorObject(refusal, message));
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"x-request-id", "req_" + id.toLatin1()},
                {"x-ratelimit-limit-requests", "1000"},
                {"x-ratelimit-remaining-requests", "999"},
                {"x-ratelimit-reset-requests", "60ms"}};
    }

    QByteArray models(const QList<PracticeModel> &models, const QByteArray &) const override
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

private:
    //! False if there is no user's turn to answer.
    static bool readMessages(const QJsonArray &messages, PracticeRequest &request)
    {
        bool hasUser = false;
        for (const QJsonValue &message : messages) {
            const QString role = message[QLatin1StringView("role")].toString();
            const QJsonValue content = message[QLatin1StringView("content")];
            const QString text = practiceText(content);
            request.promptTokens += practiceTokens(text).size() + 4; // the turn's own marks
            if (role == QLatin1StringView("system") || role == QLatin1StringView("developer")) {
                request.system += text;
            } else if (role == QLatin1StringView("user")) {
                hasUser = true;
                if (!request.question.isEmpty())
                    request.earlier.append(request.question);
                request.question = text;
                request.attachments = practiceAttachments(content);
            }
        }
        return hasUser;
    }

    static QJsonObject chunk(const PracticeReply &reply)
    {
        return {{QStringLiteral("id"), QStringLiteral("chatcmpl-") + reply.id},
                {QStringLiteral("object"), QStringLiteral("chat.completion.chunk")},
                {QStringLiteral("created"), reply.created},
                {QStringLiteral("model"), reply.model},
                {QStringLiteral("system_fingerprint"), QStringLiteral("fp_practice")}};
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceOpenAiWire()
{
    return std::make_unique<OpenAiPracticeWire>();
}

} // namespace core
