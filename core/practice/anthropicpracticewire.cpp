#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"
#include "core/practice/practicewire.h"

#include <algorithm>
namespace core {

namespace {

constexpr int DefaultPage = 20;

QByteArray event(const QString &type, QJsonObject members)
{
    members[QLatin1StringView("type")] = type;
    return "event: " + type.toLatin1() + "\ndata: " + practiceCompact(members) + "\n\n";
}

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *type;
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, "invalid_request_error"},
    ErrorShape{PracticeRefusal::UnknownModel, 404, "not_found_error"},
    ErrorShape{PracticeRefusal::NotFound, 404, "not_found_error"},
    ErrorShape{PracticeRefusal::WrongKey, 401, "authentication_error"},
    ErrorShape{PracticeRefusal::RateLimited, 429, "rate_limit_error"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 402, "billing_error"},
    ErrorShape{PracticeRefusal::Overloaded, 529, "overloaded_error"},
    ErrorShape{PracticeRefusal::ServerError, 500, "api_error"},
};

QJsonObject errorObject(const PracticeFailure &failure)
{
    return {{QStringLiteral("type"), QStringLiteral("error")},
            {QStringLiteral("error"),
             QJsonObject{{QStringLiteral("type"),
                          QLatin1StringView(shapeOf(ErrorShapes, failure.refusal).type)},
                         {QStringLiteral("message"), failure.message}}},
            {QStringLiteral("request_id"), QStringLiteral("req_") + failure.id}};
}

QString stopReason(const PracticeReply &reply)
{
    return reply.cut ? QStringLiteral("max_tokens") : QStringLiteral("end_turn");
}

QJsonObject usageOf(const PracticeReply &reply, qint64 output)
{
    return {{QStringLiteral("input_tokens"), reply.promptTokens},
            {QStringLiteral("cache_creation_input_tokens"), 0},
            {QStringLiteral("cache_read_input_tokens"), 0},
            {QStringLiteral("output_tokens"), output}};
}

QJsonObject fullUsage(const PracticeReply &reply)
{
    QJsonObject usage = usageOf(reply, reply.outputTokens());
    if (!reply.reasoning.isEmpty())
        usage[QLatin1StringView("output_tokens_details")] =
            QJsonObject{{QStringLiteral("thinking_tokens"), reply.reasoning.size()}};
    return usage;
}

//! What closes a block of thinking. The real one is opaque; this one is too.
QString signatureOf(const PracticeReply &reply)
{
    return QString::fromLatin1(("practice:" + reply.id.toLatin1()).toBase64());
}

//! The Messages API.
class AnthropicPracticeWire final : public PracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::Anthropic; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/v1/messages", PracticeAct::Answer},
                {"POST", "/v1/messages/count_tokens", PracticeAct::Count},
                {"GET", "/v1/models", PracticeAct::Models}};
    }

    bool isProven(const LoopbackRequest &request, const SecretString &token,
                  std::chrono::sys_seconds) const override
    {
        return isBareKey(request.headers, "x-api-key", token) || isBearer(request.headers, token);
    }

    Result<PracticeRequest> readRequest(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        PracticeRequest request;
        request.model = (*object)[QLatin1StringView("model")].toString();
        request.stream = (*object)[QLatin1StringView("stream")].toBool();
        request.schema = (*object)[QLatin1StringView("output_config")][QLatin1StringView("format")]
                                  [QLatin1StringView("schema")]
                                      .toObject();
        if (const QJsonValue limit = (*object)[QLatin1StringView("max_tokens")]; limit.isDouble())
            request.maxTokens = limit.toInteger();
        if (request.maxTokens && *request.maxTokens < 1)
            return practiceBadRequest(
                QStringLiteral("max_tokens: Input should be greater than or equal to 1"));
        request.system = practiceText((*object)[QLatin1StringView("system")]);
        request.promptTokens = practiceTokens(request.system).size();
        if (!readMessages((*object)[QLatin1StringView("messages")].toArray(), request))
            return practiceBadRequest(
                QStringLiteral("messages: roles must be user or assistant, at least one user"));
        if (call.act == PracticeAct::Answer && !request.maxTokens)
            return practiceBadRequest(QStringLiteral("max_tokens: Field required"));
        return request;
    }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        QJsonObject message = messageOf(reply);
        message[QLatin1StringView("content")] = QJsonArray();
        message[QLatin1StringView("stop_reason")] = QJsonValue::Null;
        message[QLatin1StringView("usage")] = usageOf(reply, 1);
        QList<PracticePiece> pieces{
            {event(QStringLiteral("message_start"), {{QStringLiteral("message"), message}}) +
                 event(QStringLiteral("ping"), {}),
             false}};
        int index = 0;
        if (!reply.reasoning.isEmpty()) {
            appendBlock(pieces, index, QStringLiteral("thinking"), QStringLiteral("thinking_delta"),
                        reply.reasoning, signatureOf(reply));
            ++index;
        }
        if (!reply.text.isEmpty())
            appendBlock(pieces, index, QStringLiteral("text"), QStringLiteral("text_delta"),
                        reply.text, {});
        pieces.append({event(QStringLiteral("message_delta"),
                             {{QStringLiteral("delta"),
                               QJsonObject{{QStringLiteral("stop_reason"), stopReason(reply)},
                                           {QStringLiteral("stop_sequence"), QJsonValue::Null}}},
                              {QStringLiteral("usage"), fullUsage(reply)}}) +
                           event(QStringLiteral("message_stop"), {}),
                       false});
        return pieces;
    }

    QByteArray whole(const PracticeReply &reply) const override
    {
        QJsonArray content;
        if (!reply.reasoning.isEmpty())
            content.append(
                QJsonObject{{QStringLiteral("type"), QStringLiteral("thinking")},
                            {QStringLiteral("thinking"), reply.reasoning.join(QString())},
                            {QStringLiteral("signature"), signatureOf(reply)}});
        if (!reply.text.isEmpty())
            content.append(QJsonObject{{QStringLiteral("type"), QStringLiteral("text")},
                                       {QStringLiteral("text"), reply.text.join(QString())}});
        QJsonObject message = messageOf(reply);
        message[QLatin1StringView("content")] = content;
        message[QLatin1StringView("stop_reason")] = stopReason(reply);
        message[QLatin1StringView("usage")] = fullUsage(reply);
        return practiceCompact(message);
    }

    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        HttpHeaders all = headers(failure.id);
        all.set("Content-Type", "application/json");
        addRetryAfter(all, failure);
        return {shapeOf(ErrorShapes, failure.refusal).status, all,
                practiceCompact(errorObject(failure))};
    }

    QByteArray streamError(const PracticeReply &, const PracticeFailure &failure,
                           qsizetype) const override
    {
        return event(QStringLiteral("error"), errorObject(failure));
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"request-id", "req_" + id.toLatin1()},
                {"anthropic-ratelimit-requests-limit", "1000"},
                {"anthropic-ratelimit-requests-remaining", "999"}};
    }

    Result<QByteArray> count(const PracticeCall &call) const override
    {
        const Result<PracticeRequest> asked = readRequest(call);
        if (!asked)
            return asked.error();
        return practiceCompact({{QStringLiteral("input_tokens"), asked->promptTokens}});
    }

    QByteArray models(const QList<PracticeModel> &models, const PracticeCall &call) const override
    {
        bool given = false;
        const int asked = call.queryItem(QLatin1StringView("limit")).toInt(&given);
        const qsizetype limit = given ? std::max(asked, 1) : DefaultPage;
        const QString after = call.queryItem(QLatin1StringView("after_id"));
        auto next = models.begin();
        if (!after.isEmpty()) {
            next = std::find_if(models.begin(), models.end(),
                                [&](const PracticeModel &model) { return model.id == after; });
            if (next != models.end())
                ++next;
        }
        QJsonArray data;
        for (; next != models.end() && data.size() < limit; ++next)
            data.append(
                QJsonObject{{QStringLiteral("type"), QStringLiteral("model")},
                            {QStringLiteral("id"), next->id},
                            {QStringLiteral("display_name"), next->name},
                            {QStringLiteral("created_at"), QStringLiteral("2026-09-21T00:00:00Z")},
                            {QStringLiteral("max_input_tokens"), PracticeContextWindow},
                            {QStringLiteral("max_tokens"), PracticeMaxOutput}});
        const auto idOf = [](const QJsonValue &model) { return model[QLatin1StringView("id")]; };
        return practiceCompact(
            {{QStringLiteral("data"), data},
             {QStringLiteral("has_more"), next != models.end()},
             {QStringLiteral("first_id"), data.isEmpty() ? QJsonValue() : idOf(data.first())},
             {QStringLiteral("last_id"), data.isEmpty() ? QJsonValue() : idOf(data.last())}});
    }

private:
    static bool readMessages(const QJsonArray &messages, PracticeRequest &request)
    {
        for (const QJsonValue &message : messages) {
            const QString role = message[QLatin1StringView("role")].toString();
            const QJsonValue content = message[QLatin1StringView("content")];
            const QString text = practiceText(content);
            if (role == QLatin1StringView("user"))
                addUserTurn(request, text, practiceAttachments(content));
            else if (role == QLatin1StringView("assistant"))
                addOtherTurn(request, text);
            else
                return false;
        }
        return request.hasQuestion;
    }

    static QJsonObject messageOf(const PracticeReply &reply)
    {
        return {{QStringLiteral("id"), QStringLiteral("msg_") + reply.id},
                {QStringLiteral("type"), QStringLiteral("message")},
                {QStringLiteral("role"), QStringLiteral("assistant")},
                {QStringLiteral("model"), reply.model},
                {QStringLiteral("stop_sequence"), QJsonValue::Null}};
    }

    //! \p type is also the member that holds the text, in the block and in its deltas.
    static void appendBlock(QList<PracticePiece> &pieces, int index, const QString &type,
                            const QString &deltaType, const QStringList &tokens,
                            const QString &signature)
    {
        QJsonObject block{{QStringLiteral("type"), type}, {type, QString()}};
        if (!signature.isEmpty())
            block[QLatin1StringView("signature")] = QString();
        const auto at = [index](const QString &member, const QJsonObject &object) {
            return QJsonObject{{QStringLiteral("index"), index}, {member, object}};
        };
        pieces.append({event(QStringLiteral("content_block_start"),
                             at(QStringLiteral("content_block"), block)),
                       false});
        for (const QString &token : tokens)
            pieces.append({event(QStringLiteral("content_block_delta"),
                                 at(QStringLiteral("delta"),
                                    {{QStringLiteral("type"), deltaType}, {type, token}})),
                           true});
        QByteArray end;
        if (!signature.isEmpty())
            end = event(QStringLiteral("content_block_delta"),
                        at(QStringLiteral("delta"),
                           {{QStringLiteral("type"), QStringLiteral("signature_delta")},
                            {QStringLiteral("signature"), signature}}));
        pieces.append(
            {end + event(QStringLiteral("content_block_stop"), {{QStringLiteral("index"), index}}),
             false});
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceAnthropicWire()
{
    return std::make_unique<AnthropicPracticeWire>();
}

} // namespace core
