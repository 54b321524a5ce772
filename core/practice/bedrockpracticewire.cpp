#include "core/practice/eventstreamwriter.h"
#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"
#include "core/practice/practicewire.h"

#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *type;
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, "ValidationException"},
    ErrorShape{PracticeRefusal::UnknownModel, 400, "ValidationException"},
    ErrorShape{PracticeRefusal::NotFound, 404, "UnknownOperationException"},
    ErrorShape{PracticeRefusal::WrongKey, 403, "UnrecognizedClientException"},
    ErrorShape{PracticeRefusal::RateLimited, 429, "ThrottlingException"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 400, "ServiceQuotaExceededException"},
    ErrorShape{PracticeRefusal::Overloaded, 503, "ServiceUnavailableException"},
    ErrorShape{PracticeRefusal::ServerError, 500, "InternalServerException"},
};

QByteArray frame(const QByteArray &kind, const QByteArray &type, const QByteArray &payload)
{
    return eventStreamFrame({{':' + kind + "-type", type},
                             {":content-type", "application/json"},
                             {":message-type", kind}},
                            payload);
}

//! Padding of changing length, as the service sends it against those who count bytes.
QString padding(qsizetype index)
{
    constexpr QLatin1StringView Letters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123");
    return Letters.first(1 + index * 23 % Letters.size());
}

QJsonObject usageOf(const PracticeReply &reply)
{
    return {{"inputTokens"_L1, reply.promptTokens},
            {"outputTokens"_L1, reply.outputTokens()},
            {"totalTokens"_L1, reply.promptTokens + reply.outputTokens()},
            {"cacheReadInputTokens"_L1, 0},
            {"cacheWriteInputTokens"_L1, 0}};
}

QString stopReason(const PracticeReply &reply)
{
    return reply.cut ? u"max_tokens"_s : u"end_turn"_s;
}

QString signatureOf(const PracticeReply &reply)
{
    return QString::fromLatin1(("practice:" + reply.id.toLatin1()).toBase64());
}

//! An answer as frames, each padded.
class Frames
{
public:
    explicit Frames(const PracticeReply &reply)
    {
        add("messageStart", {{"role"_L1, "assistant"_L1}});
        if (!reply.reasoning.isEmpty()) {
            for (const QString &token : reply.reasoning)
                addDelta({{"reasoningContent"_L1, QJsonObject{{"text"_L1, token}}}}, true);
            addDelta({{"reasoningContent"_L1, QJsonObject{{"signature"_L1, signatureOf(reply)}}}},
                     false);
            endBlock();
        }
        if (!reply.text.isEmpty()) { // such a block has no start of its own
            for (const QString &token : reply.text)
                addDelta({{"text"_L1, token}}, true);
            endBlock();
        }
        add("messageStop", {{"stopReason"_L1, stopReason(reply)}});
        add("metadata",
            {{"usage"_L1, usageOf(reply)}, {"metrics"_L1, QJsonObject{{"latencyMs"_L1, 1}}}});
    }

    [[nodiscard]] const QList<PracticePiece> &pieces() const { return m_pieces; }

private:
    void add(const QByteArray &type, QJsonObject payload, bool isToken = false)
    {
        payload["p"_L1] = padding(m_pieces.size());
        m_pieces.append({frame("event", type, practiceCompact(payload)), isToken});
    }

    void addDelta(const QJsonObject &delta, bool isToken)
    {
        add("contentBlockDelta", {{"contentBlockIndex"_L1, m_block}, {"delta"_L1, delta}}, isToken);
    }

    void endBlock() { add("contentBlockStop", {{"contentBlockIndex"_L1, m_block++}}); }

    QList<PracticePiece> m_pieces;
    int m_block = 0;
};

//! Blocks have no type here: what they hold is their only member.
void readMessages(const QJsonArray &messages, PracticeRequest &request)
{
    for (const QJsonValue &message : messages) {
        QStringList texts;
        int attachments = 0;
        const QJsonArray blocks = message["content"_L1].toArray();
        for (const QJsonValue &block : blocks) {
            if (block["text"_L1].isString())
                texts.append(block["text"_L1].toString());
            attachments += block["image"_L1].isObject() || block["document"_L1].isObject();
        }
        const QString text = texts.join("\n\n"_L1);
        if (message["role"_L1].toString() == "user"_L1)
            addUserTurn(request, text, attachments);
        else
            addOtherTurn(request, text);
    }
}

Result<PracticeRequest> requestFrom(const QJsonObject &body)
{
    const auto limit = practiceLimit(body["inferenceConfig"_L1].toObject(), "maxTokens"_L1);
    if (!limit)
        return limit.error();
    PracticeRequest request;
    request.maxTokens = *limit;
    const QJsonArray system = body["system"_L1].toArray();
    for (const QJsonValue &block : system)
        request.system += block["text"_L1].toString();
    request.promptTokens = practiceTokens(request.system).size();
    readMessages(body["messages"_L1].toArray(), request);
    if (!request.hasQuestion)
        return practiceBadRequest(u"A conversation must start with a user message."_s);
    return request;
}

//! AWS Bedrock's Converse and ConverseStream. The token is a bearer key, or the secret of a
//! signature, which is verified. The lists of models, which have a host of their own at AWS, stand
//! beside them.
class BedrockPracticeWire final : public PracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::Bedrock; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/model/{model}/converse-stream", PracticeAct::Stream},
                {"POST", "/model/{model}/converse", PracticeAct::Answer},
                {"POST", "/model/{model}/count-tokens", PracticeAct::Count},
                {"GET", "/foundation-models", PracticeAct::Models},
                {"GET", "/inference-profiles", PracticeAct::Models}};
    }

    bool isProven(const LoopbackRequest &request, const SecretString &token,
                  std::chrono::sys_seconds now) const override
    {
        return isBearer(request.headers, token) || isSigned(request, token, now);
    }

    Result<PracticeRequest> readRequest(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        Result<PracticeRequest> request = requestFrom(*object);
        if (!request)
            return request;
        request->model = call.model;
        request->stream = call.act == PracticeAct::Stream;
        const QJsonValue format = (*object)["outputConfig"_L1]["textFormat"_L1];
        const QString schema = format["structure"_L1]["jsonSchema"_L1]["schema"_L1].toString();
        request->schema = QJsonDocument::fromJson(schema.toUtf8()).object();
        return request;
    }

    QByteArray streamType() const override { return "application/vnd.amazon.eventstream"; }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        return Frames(reply).pieces();
    }

    QByteArray whole(const PracticeReply &reply) const override
    {
        QJsonArray content;
        if (!reply.reasoning.isEmpty()) {
            const QJsonObject reasoning{{"text"_L1, reply.reasoning.join(QString())},
                                        {"signature"_L1, signatureOf(reply)}};
            content.append(
                QJsonObject{{"reasoningContent"_L1, QJsonObject{{"reasoningText"_L1, reasoning}}}});
        }
        if (!reply.text.isEmpty())
            content.append(QJsonObject{{"text"_L1, reply.text.join(QString())}});
        const QJsonObject message{{"role"_L1, "assistant"_L1}, {"content"_L1, content}};
        return practiceCompact({{"output"_L1, QJsonObject{{"message"_L1, message}}},
                                {"stopReason"_L1, stopReason(reply)},
                                {"usage"_L1, usageOf(reply)},
                                {"metrics"_L1, QJsonObject{{"latencyMs"_L1, 1}}}});
    }

    //! Never says how long to wait.
    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        const ErrorShape &shape = shapeOf(ErrorShapes, failure.refusal);
        HttpHeaders all = headers(failure.id);
        all.set("Content-Type", "application/json");
        all.set("x-amzn-errortype", QByteArray(shape.type) + ":http://practice.invalid/");
        QString message = failure.message;
        if (failure.refusal == PracticeRefusal::UnknownModel)
            message += u": the provided model identifier is invalid."_s; // only the text tells
        return {shape.status, all, practiceCompact({{"message"_L1, message}})};
    }

    //! An exception frame; its type begins with a small letter there.
    QByteArray streamError(const PracticeReply &, const PracticeFailure &failure,
                           qsizetype) const override
    {
        QByteArray type = shapeOf(ErrorShapes, failure.refusal).type;
        type.replace(0, 1, type.first(1).toLower());
        return frame("exception", type, practiceCompact({{"message"_L1, failure.message}}));
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"x-amzn-requestid", id.toLatin1()}};
    }

    QByteArray models(const QList<PracticeModel> &models, const PracticeCall &call) const override
    {
        if (call.path == "/inference-profiles") // its models can be asked by their own ids
            return practiceCompact({{"inferenceProfileSummaries"_L1, QJsonArray()}});
        QJsonArray list;
        for (const PracticeModel &model : models)
            list.append(
                QJsonObject{{"modelId"_L1, model.id},
                            {"modelName"_L1, model.name},
                            {"providerName"_L1, "Farthing"_L1},
                            {"inputModalities"_L1, QJsonArray{"TEXT"_L1, "IMAGE"_L1}},
                            {"outputModalities"_L1, QJsonArray{"TEXT"_L1}},
                            {"responseStreamingSupported"_L1, true},
                            {"inferenceTypesSupported"_L1, QJsonArray{"ON_DEMAND"_L1}},
                            {"modelLifecycle"_L1, QJsonObject{{"status"_L1, "ACTIVE"_L1}}}});
        return practiceCompact({{"modelSummaries"_L1, list}});
    }

    Result<QByteArray> count(const PracticeCall &call) const override
    {
        const Result<QJsonObject> object = practiceObject(call.request.body);
        if (!object)
            return object.error();
        const Result<PracticeRequest> asked =
            requestFrom((*object)["input"_L1]["converse"_L1].toObject());
        if (!asked)
            return asked.error();
        return practiceCompact({{"inputTokens"_L1, asked->promptTokens}});
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceBedrockWire()
{
    return std::make_unique<BedrockPracticeWire>();
}

} // namespace core
