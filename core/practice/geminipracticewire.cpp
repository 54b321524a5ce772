#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"
#include "core/practice/practicewire.h"

#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype DefaultPage = 50;

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *word;
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, "INVALID_ARGUMENT"},
    ErrorShape{PracticeRefusal::UnknownModel, 404, "NOT_FOUND"},
    ErrorShape{PracticeRefusal::NotFound, 404, "NOT_FOUND"},
    ErrorShape{PracticeRefusal::WrongKey, 400, "INVALID_ARGUMENT"},
    ErrorShape{PracticeRefusal::RateLimited, 429, "RESOURCE_EXHAUSTED"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 429, "RESOURCE_EXHAUSTED"},
    ErrorShape{PracticeRefusal::Overloaded, 503, "UNAVAILABLE"},
    ErrorShape{PracticeRefusal::ServerError, 500, "INTERNAL"},
};

QJsonObject detail(const char *type, QJsonObject members)
{
    members["@type"_L1] = "type.googleapis.com/google.rpc."_L1 + QLatin1StringView(type);
    return members;
}

QJsonObject quotaFailure(const QString &quotaId)
{
    return detail(
        "QuotaFailure",
        {{"violations"_L1, QJsonArray{QJsonObject{
                               {"quotaMetric"_L1, "practice.farthing/generate_content_requests"_L1},
                               {"quotaId"_L1, quotaId},
                               {"quotaValue"_L1, "20"_L1}}}}});
}

//! What tells a wrong key from a bad request, and a limit of a minute from one of a day.
QJsonArray detailsOf(const PracticeFailure &failure)
{
    QJsonArray details;
    if (failure.refusal == PracticeRefusal::WrongKey)
        details.append(detail("ErrorInfo", {{"reason"_L1, "API_KEY_INVALID"_L1},
                                            {"domain"_L1, "googleapis.com"_L1}}));
    else if (failure.refusal == PracticeRefusal::RateLimited)
        details.append(quotaFailure(u"GenerateRequestsPerMinutePerProjectPerModel"_s));
    else if (failure.refusal == PracticeRefusal::QuotaExhausted)
        details.append(quotaFailure(u"GenerateRequestsPerDayPerProjectPerModel"_s));
    if (failure.retryAfter.count() > 0) // there is no such header here
        details.append(
            detail("RetryInfo", {{"retryDelay"_L1, u"%1s"_s.arg(failure.retryAfter.count())}}));
    return details;
}

QByteArray errorBody(const PracticeFailure &failure)
{
    const ErrorShape &shape = shapeOf(ErrorShapes, failure.refusal);
    QJsonObject error{{"code"_L1, shape.status},
                      {"message"_L1, failure.message},
                      {"status"_L1, QLatin1StringView(shape.word)}};
    if (const QJsonArray details = detailsOf(failure); !details.isEmpty())
        error["details"_L1] = details;
    return QJsonDocument(QJsonObject{{"error"_L1, error}}).toJson(QJsonDocument::Indented);
}

QJsonArray textCounts(qint64 tokens)
{
    return {QJsonObject{{"modality"_L1, "TEXT"_L1}, {"tokenCount"_L1, tokens}}};
}

//! Every chunk has the counts so far; one of nothing is left out.
QJsonObject usageOf(const PracticeReply &reply, qsizetype thoughts, qsizetype text)
{
    QJsonObject usage{{"promptTokenCount"_L1, reply.promptTokens},
                      {"totalTokenCount"_L1, reply.promptTokens + thoughts + text},
                      {"promptTokensDetails"_L1, textCounts(reply.promptTokens)}};
    if (text > 0)
        usage["candidatesTokenCount"_L1] = text;
    if (thoughts > 0)
        usage["thoughtsTokenCount"_L1] = thoughts;
    return usage;
}

QString finishReason(const PracticeReply &reply)
{
    return reply.cut ? u"MAX_TOKENS"_s : u"STOP"_s;
}

QJsonObject chunk(const PracticeReply &reply, const QJsonArray &parts, const QString &finish,
                  const QJsonObject &usage)
{
    QJsonObject content{{"role"_L1, "model"_L1}};
    if (!parts.isEmpty()) // spent on thinking: a content with only a role
        content["parts"_L1] = parts;
    QJsonObject candidate{{"content"_L1, content}, {"index"_L1, 0}};
    if (!finish.isEmpty())
        candidate["finishReason"_L1] = finish;
    return {{"candidates"_L1, QJsonArray{candidate}},
            {"usageMetadata"_L1, usage},
            {"modelVersion"_L1, reply.model},
            {"responseId"_L1, reply.id}};
}

QJsonObject thought(const QString &text)
{
    return {{"text"_L1, text}, {"thought"_L1, true}};
}

//! What comes with the end: an empty text, sealed where the model thought.
QJsonObject lastPart(const PracticeReply &reply)
{
    QJsonObject part{{"text"_L1, QString()}};
    if (!reply.reasoning.isEmpty())
        part["thoughtSignature"_L1] =
            QString::fromLatin1(("practice:" + reply.id.toLatin1()).toBase64());
    return part;
}

QByteArray dataLine(const QJsonObject &object)
{
    return "data: " + practiceCompact(object) + "\r\n\r\n";
}

//! Parts have no type here: what they hold is their only member.
void readContents(const QJsonArray &contents, PracticeRequest &request)
{
    for (const QJsonValue &turn : contents) {
        QStringList texts;
        int attachments = 0;
        const QJsonArray parts = turn["parts"_L1].toArray();
        for (const QJsonValue &part : parts) {
            if (part["text"_L1].isString() && !part["thought"_L1].toBool())
                texts.append(part["text"_L1].toString());
            attachments += part["inlineData"_L1].isObject() || part["fileData"_L1].isObject();
        }
        const QString text = texts.join("\n\n"_L1);
        if (turn["role"_L1].toString() == "model"_L1)
            addOtherTurn(request, text);
        else
            addUserTurn(request, text, attachments);
    }
}

Result<PracticeRequest> requestFrom(const QJsonObject &body)
{
    const auto limit = practiceLimit(body["generationConfig"_L1].toObject(), "maxOutputTokens"_L1);
    if (!limit)
        return limit.error();
    PracticeRequest request;
    request.maxTokens = *limit;
    const QJsonArray system = body["systemInstruction"_L1]["parts"_L1].toArray();
    for (const QJsonValue &part : system)
        request.system += part["text"_L1].toString();
    request.promptTokens = practiceTokens(request.system).size();
    readContents(body["contents"_L1].toArray(), request);
    if (!request.hasQuestion)
        return practiceBadRequest(
            u"* GenerateContentRequest.contents: contents is not specified\n"_s);
    return request;
}

//! generateContent, with the key in x-goog-api-key. Only streams of server-sent events: without
//! alt=sse the real service sends a JSON list.
class GeminiPracticeWire final : public PracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::Google; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/v1beta/models/{model}:streamGenerateContent", PracticeAct::Stream},
                {"POST", "/v1beta/models/{model}:generateContent", PracticeAct::Answer},
                {"POST", "/v1beta/models/{model}:countTokens", PracticeAct::Count},
                {"GET", "/v1beta/models", PracticeAct::Models}};
    }

    bool isProven(const LoopbackRequest &request, const SecretString &token,
                  std::chrono::sys_seconds) const override
    {
        return isBareKey(request.headers, "x-goog-api-key", token);
    }

    Result<PracticeRequest> readRequest(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        if (call.act == PracticeAct::Stream && call.queryItem("alt"_L1) != "sse"_L1)
            return practiceBadRequest(u"The practice provider streams with alt=sse only."_s);
        Result<PracticeRequest> request = requestFrom(*object);
        if (!request)
            return request;
        request->model = call.model;
        request->stream = call.act == PracticeAct::Stream;
        request->schema = (*object)["generationConfig"_L1]["responseJsonSchema"_L1].toObject();
        return request;
    }

    QByteArray streamType() const override { return "text/event-stream"; }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        QList<PracticePiece> pieces;
        qsizetype thoughts = 0;
        qsizetype text = 0;
        const auto add = [&](const QJsonArray &parts, const QString &finish, bool isToken) {
            pieces.append(
                {dataLine(chunk(reply, parts, finish, usageOf(reply, thoughts, text))), isToken});
        };
        for (const QString &token : reply.reasoning) {
            ++thoughts;
            add({thought(token)}, {}, true);
        }
        for (const QString &token : reply.text) {
            ++text;
            add({QJsonObject{{"text"_L1, token}}}, {}, true);
        }
        add(reply.text.isEmpty() ? QJsonArray() : QJsonArray{lastPart(reply)}, finishReason(reply),
            false);
        return pieces;
    }

    QByteArray whole(const PracticeReply &reply) const override
    {
        QJsonArray parts;
        if (!reply.reasoning.isEmpty())
            parts.append(thought(reply.reasoning.join(QString())));
        if (!reply.text.isEmpty()) {
            QJsonObject text = lastPart(reply);
            text["text"_L1] = reply.text.join(QString());
            parts.append(text);
        }
        return practiceCompact(chunk(reply, parts, finishReason(reply),
                                     usageOf(reply, reply.reasoning.size(), reply.text.size())));
    }

    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        HttpHeaders all = headers(failure.id);
        all.set("Content-Type", "application/json; charset=UTF-8");
        return {shapeOf(ErrorShapes, failure.refusal).status, all, errorBody(failure)};
    }

    //! As recorded: no event at all, but the bare JSON over several lines behind the last one.
    QByteArray streamError(const PracticeReply &, const PracticeFailure &failure,
                           qsizetype) const override
    {
        return errorBody(failure);
    }

    HttpHeaders headers(const QString &) const override
    {
        return {{"server-timing", "gfet4t7; dur=1"}}; // the id of an answer is in its body
    }

    QByteArray models(const QList<PracticeModel> &models, const PracticeCall &call) const override
    {
        const int asked = call.queryItem("pageSize"_L1).toInt();
        const PracticePage page =
            practicePage(models, call.queryItem("pageToken"_L1), asked > 0 ? asked : DefaultPage);
        QJsonArray list;
        for (const PracticeModel &model : page.models)
            list.append(QJsonObject{{"name"_L1, "models/"_L1 + model.id},
                                    {"displayName"_L1, model.name},
                                    {"version"_L1, "001"_L1},
                                    {"inputTokenLimit"_L1, PracticeContextWindow},
                                    {"outputTokenLimit"_L1, PracticeMaxOutput},
                                    {"supportedGenerationMethods"_L1,
                                     QJsonArray{"generateContent"_L1, "countTokens"_L1}},
                                    {"thinking"_L1, model.reasons}});
        QJsonObject answer{{"models"_L1, list}};
        if (!page.next.isEmpty())
            answer["nextPageToken"_L1] = page.next;
        return practiceCompact(answer);
    }

    Result<QByteArray> count(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        const QJsonValue whole = (*object)["generateContentRequest"_L1];
        const Result<PracticeRequest> asked =
            requestFrom(whole.isObject() ? whole.toObject() : *object);
        if (!asked)
            return asked.error();
        return practiceCompact({{"totalTokens"_L1, asked->promptTokens},
                                {"promptTokensDetails"_L1, textCounts(asked->promptTokens)}});
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceGeminiWire()
{
    return std::make_unique<GeminiPracticeWire>();
}

} // namespace core
