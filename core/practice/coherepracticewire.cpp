#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"
#include "core/practice/practicewire.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype DefaultPage = 20;
//! The service puts words of its own before the messages: seen by the model, not billed.
constexpr qint64 Preamble = 60;

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *addition; //!< What the service's own sentence says, where the reader needs it.
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, ""},
    ErrorShape{PracticeRefusal::UnknownModel, 404, " was not found"},
    ErrorShape{PracticeRefusal::NotFound, 404, ""},
    ErrorShape{PracticeRefusal::WrongKey, 401, " (invalid api token)"},
    ErrorShape{PracticeRefusal::RateLimited, 429, " (20 calls / minute)"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 429, " (1000 calls / month)"},
    ErrorShape{PracticeRefusal::Overloaded, 503, ""},
    ErrorShape{PracticeRefusal::ServerError, 500, ""},
};

QByteArray event(const QString &type, QJsonObject members)
{
    members["type"_L1] = type;
    return "event: " + type.toLatin1() + "\ndata: " + practiceCompact(members) + "\n\n";
}

QByteArray lastLine()
{
    return "data: [DONE]\n\n";
}

QJsonObject delta(const QJsonObject &message)
{
    return {{"message"_L1, message}};
}

QJsonObject usageOf(const PracticeReply &reply)
{
    QJsonObject seen{{"input_tokens"_L1, reply.promptTokens + Preamble},
                     {"output_tokens"_L1, reply.outputTokens()}};
    if (!reply.reasoning.isEmpty())
        seen["reasoning_tokens"_L1] = reply.reasoning.size();
    return {{"billed_units"_L1, QJsonObject{{"input_tokens"_L1, reply.promptTokens},
                                            {"output_tokens"_L1, reply.outputTokens()}}},
            {"tokens"_L1, seen},
            {"cached_tokens"_L1, 0}};
}

QString finishReason(const PracticeReply &reply)
{
    return reply.cut ? u"MAX_TOKENS"_s : u"COMPLETE"_s;
}

//! \p type is also the member that holds the text.
void appendContent(QList<PracticePiece> &pieces, int index, const QString &type,
                   const QStringList &tokens)
{
    const auto at = [index](const QJsonObject &content) {
        return QJsonObject{{"index"_L1, index}, {"delta"_L1, delta({{"content"_L1, content}})}};
    };
    pieces.append({event(u"content-start"_s, at({{"type"_L1, type}, {type, QString()}})), false});
    for (const QString &token : tokens)
        pieces.append({event(u"content-delta"_s, at({{type, token}})), true});
    pieces.append({event(u"content-end"_s, {{"index"_L1, index}}), false});
}

//! Cohere's v2 chat.
class CoherePracticeWire final : public PracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::Cohere; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/v2/chat", PracticeAct::Answer},
                {"POST", "/v1/tokenize", PracticeAct::Count},
                {"GET", "/v1/models", PracticeAct::Models}};
    }

    bool isProven(const LoopbackRequest &request, const SecretString &token,
                  std::chrono::sys_seconds) const override
    {
        return isBearer(request.headers, token);
    }

    Result<PracticeRequest> readRequest(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        const auto limit = practiceLimit(*object, "max_tokens"_L1);
        if (!limit)
            return limit.error();
        PracticeRequest request;
        request.maxTokens = *limit;
        request.model = (*object)["model"_L1].toString();
        request.stream = (*object)["stream"_L1].toBool();
        request.schema = (*object)["response_format"_L1]["json_schema"_L1].toObject();
        const QJsonArray messages = (*object)["messages"_L1].toArray();
        for (const QJsonValue &message : messages) {
            const QString role = message["role"_L1].toString();
            const QJsonValue content = message["content"_L1];
            const QString text = practiceText(content);
            if (role == "user"_L1)
                addUserTurn(request, text, practiceAttachments(content));
            else
                addOtherTurn(request, text);
            if (role == "system"_L1)
                request.system += text;
        }
        if (!request.hasQuestion)
            return practiceBadRequest(
                u"invalid request: messages must hold at least one user's turn."_s);
        return request;
    }

    QByteArray streamType() const override { return "text/event-stream"; }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        QList<PracticePiece> pieces{
            {event(u"message-start"_s, {{"id"_L1, reply.id},
                                        {"delta"_L1, delta({{"role"_L1, "assistant"_L1},
                                                            {"content"_L1, QJsonArray()},
                                                            {"tool_plan"_L1, QString()},
                                                            {"tool_calls"_L1, QJsonArray()},
                                                            {"citations"_L1, QJsonArray()}})}}),
             false}};
        int index = 0;
        if (!reply.reasoning.isEmpty())
            appendContent(pieces, index++, u"thinking"_s, reply.reasoning);
        if (!reply.text.isEmpty())
            appendContent(pieces, index, u"text"_s, reply.text);
        pieces.append({event(u"message-end"_s,
                             {{"delta"_L1, QJsonObject{{"finish_reason"_L1, finishReason(reply)},
                                                       {"usage"_L1, usageOf(reply)}}}}) +
                           lastLine(),
                       false});
        return pieces;
    }

    QByteArray whole(const PracticeReply &reply) const override
    {
        QJsonArray content;
        const auto add = [&content](const QString &type, const QStringList &tokens) {
            if (!tokens.isEmpty())
                content.append(QJsonObject{{"type"_L1, type}, {type, tokens.join(QString())}});
        };
        add(u"thinking"_s, reply.reasoning);
        add(u"text"_s, reply.text);
        return practiceCompact(
            {{"id"_L1, reply.id},
             {"finish_reason"_L1, finishReason(reply)},
             {"message"_L1, QJsonObject{{"role"_L1, "assistant"_L1}, {"content"_L1, content}}},
             {"usage"_L1, usageOf(reply)}});
    }

    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        const ErrorShape &shape = shapeOf(ErrorShapes, failure.refusal);
        HttpHeaders all = headers(failure.id);
        all.set("Content-Type", "application/json");
        addRetryAfter(all, failure); // in no recording, but the service's own SDK reads it
        return {
            shape.status, all,
            practiceCompact({{"id"_L1, failure.id},
                             {"message"_L1, failure.message + QLatin1StringView(shape.addition)}})};
    }

    //! A good end by its form, whose finish reason tells; with no usage.
    QByteArray streamError(const PracticeReply &, const PracticeFailure &failure,
                           qsizetype) const override
    {
        return event(u"message-end"_s, {{"delta"_L1, QJsonObject{{"finish_reason"_L1, "ERROR"_L1},
                                                                 {"usage"_L1, QJsonObject()},
                                                                 {"error"_L1, failure.message}}}}) +
               lastLine();
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"x-debug-trace-id", id.toLatin1()},
                {"x-trial-endpoint-call-limit", "20"},
                {"x-trial-endpoint-call-remaining", "19"}};
    }

    QByteArray models(const QList<PracticeModel> &models, const PracticeCall &call) const override
    {
        const int asked = call.queryItem("page_size"_L1).toInt();
        const PracticePage page =
            practicePage(models, call.queryItem("page_token"_L1), asked > 0 ? asked : DefaultPage);
        QJsonArray list;
        for (const PracticeModel &model : page.models)
            list.append(QJsonObject{{"name"_L1, model.id},
                                    {"endpoints"_L1, QJsonArray{"chat"_L1}},
                                    {"context_length"_L1, PracticeContextWindow},
                                    {"finetuned"_L1, false},
                                    {"is_deprecated"_L1, false}});
        QJsonObject answer{{"models"_L1, list}};
        if (!page.next.isEmpty())
            answer["next_page_token"_L1] = page.next;
        return practiceCompact(answer);
    }

    Result<QByteArray> count(const PracticeCall &call) const override
    {
        constexpr quint32 Vocabulary = 255'000;
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        const QString text = (*object)["text"_L1].toString();
        if (text.isEmpty())
            return practiceBadRequest(u"invalid request: text must not be empty"_s);
        const QStringList tokens = practiceTokens(text);
        QJsonArray ids;
        for (const QString &token : tokens)
            ids.append(qint64(qHash(token, 0) % Vocabulary));
        return practiceCompact({{"tokens"_L1, ids},
                                {"token_strings"_L1, QJsonArray::fromStringList(tokens)},
                                {"meta"_L1, QJsonObject()}});
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceCohereWire()
{
    return std::make_unique<CoherePracticeWire>();
}

} // namespace core
