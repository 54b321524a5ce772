#include "core/practice/openaipracticewire.h"
#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

QByteArray event(const QString &type, QJsonObject members, qsizetype sequenceNumber)
{
    members["type"_L1] = type;
    members["sequence_number"_L1] = sequenceNumber;
    return "event: " + type.toLatin1() + "\ndata: " + practiceCompact(members) + "\n\n";
}

QJsonObject usageOf(const PracticeReply &reply)
{
    return {
        {"input_tokens"_L1, reply.promptTokens},
        {"input_tokens_details"_L1, QJsonObject{{"cached_tokens"_L1, 0}}},
        {"output_tokens"_L1, reply.outputTokens()},
        {"output_tokens_details"_L1, QJsonObject{{"reasoning_tokens"_L1, reply.reasoning.size()}}},
        {"total_tokens"_L1, reply.promptTokens + reply.outputTokens()}};
}

QJsonObject responseOf(const PracticeReply &reply, const QString &status,
                       const QJsonArray &output = {})
{
    return {{"id"_L1, "resp_"_L1 + reply.id},
            {"object"_L1, "response"_L1},
            {"created_at"_L1, reply.created},
            {"status"_L1, status},
            {"background"_L1, false},
            {"error"_L1, QJsonValue::Null},
            {"incomplete_details"_L1, QJsonValue::Null},
            {"instructions"_L1, QJsonValue::Null},
            {"model"_L1, reply.model},
            {"output"_L1, output},
            {"parallel_tool_calls"_L1, true},
            {"previous_response_id"_L1, QJsonValue::Null},
            {"service_tier"_L1, "default"_L1},
            {"store"_L1, false},
            {"tool_choice"_L1, "auto"_L1},
            {"tools"_L1, QJsonArray()},
            {"truncation"_L1, "disabled"_L1},
            {"usage"_L1, QJsonValue::Null},
            {"metadata"_L1, QJsonObject()}};
}

QJsonObject summaryPart(const QString &text)
{
    return {{"type"_L1, "summary_text"_L1}, {"text"_L1, text}};
}

QJsonObject textPart(const QString &text)
{
    return {{"type"_L1, "output_text"_L1},
            {"annotations"_L1, QJsonArray()},
            {"logprobs"_L1, QJsonArray()},
            {"text"_L1, text}};
}

QJsonObject reasoningItem(const PracticeReply &reply, const QJsonArray &summary)
{
    return {{"id"_L1, "rs_"_L1 + reply.id}, {"type"_L1, "reasoning"_L1}, {"summary"_L1, summary}};
}

QJsonObject messageItem(const PracticeReply &reply, const QString &status,
                        const QJsonArray &content)
{
    return {{"id"_L1, "msg_"_L1 + reply.id},
            {"type"_L1, "message"_L1},
            {"status"_L1, status},
            {"role"_L1, "assistant"_L1},
            {"content"_L1, content}};
}

QString statusOf(const PracticeReply &reply)
{
    return reply.cut ? u"incomplete"_s : u"completed"_s;
}

QJsonObject endOf(const PracticeReply &reply)
{
    QJsonArray output;
    if (!reply.reasoning.isEmpty())
        output.append(reasoningItem(reply, {summaryPart(reply.reasoning.join(QString()))}));
    if (!reply.text.isEmpty())
        output.append(messageItem(reply, statusOf(reply), {textPart(reply.text.join(QString()))}));
    QJsonObject response = responseOf(reply, statusOf(reply), output);
    if (reply.cut)
        response["incomplete_details"_L1] = QJsonObject{{"reason"_L1, "max_output_tokens"_L1}};
    response["usage"_L1] = usageOf(reply);
    return response;
}

//! An answer as events, numbered through.
class Events
{
public:
    explicit Events(const PracticeReply &reply)
        : m_reply(reply)
    {
        const QJsonObject response = responseOf(reply, u"in_progress"_s);
        add(u"created"_s, {{"response"_L1, response}});
        add(u"in_progress"_s, {{"response"_L1, response}});
        if (!reply.reasoning.isEmpty())
            addReasoning();
        if (!reply.text.isEmpty())
            addMessage();
        add(statusOf(reply), {{"response"_L1, endOf(reply)}});
    }

    [[nodiscard]] const QList<PracticePiece> &pieces() const { return m_pieces; }

private:
    //! One event is one piece, so that the number of an error among them is known.
    void add(const QString &type, const QJsonObject &members, bool isToken = false)
    {
        m_pieces.append({event(u"response."_s + type, members, m_pieces.size()), isToken});
    }

    void addReasoning()
    {
        add(u"output_item.added"_s,
            {{"output_index"_L1, m_index}, {"item"_L1, reasoningItem(m_reply, {})}});
        const QString whole = m_reply.reasoning.join(QString());
        const auto at = [this](const QString &member, const QJsonValue &value) {
            return QJsonObject{{"item_id"_L1, "rs_"_L1 + m_reply.id},
                               {"output_index"_L1, m_index},
                               {"summary_index"_L1, 0},
                               {member, value}};
        };
        add(u"reasoning_summary_part.added"_s, at(u"part"_s, summaryPart({})));
        for (const QString &token : m_reply.reasoning)
            add(u"reasoning_summary_text.delta"_s, at(u"delta"_s, token), true);
        add(u"reasoning_summary_text.done"_s, at(u"text"_s, whole));
        add(u"reasoning_summary_part.done"_s, at(u"part"_s, summaryPart(whole)));
        add(u"output_item.done"_s, {{"output_index"_L1, m_index},
                                    {"item"_L1, reasoningItem(m_reply, {summaryPart(whole)})}});
        ++m_index;
    }

    void addMessage()
    {
        add(u"output_item.added"_s, {{"output_index"_L1, m_index},
                                     {"item"_L1, messageItem(m_reply, u"in_progress"_s, {})}});
        const QString whole = m_reply.text.join(QString());
        const auto at = [this](const QString &member, const QJsonValue &value) {
            return QJsonObject{{"item_id"_L1, "msg_"_L1 + m_reply.id},
                               {"output_index"_L1, m_index},
                               {"content_index"_L1, 0},
                               {member, value}};
        };
        add(u"content_part.added"_s, at(u"part"_s, textPart({})));
        for (const QString &token : m_reply.text)
            add(u"output_text.delta"_s, at(u"delta"_s, token), true);
        add(u"output_text.done"_s, at(u"text"_s, whole));
        add(u"content_part.done"_s, at(u"part"_s, textPart(whole)));
        add(u"output_item.done"_s,
            {{"output_index"_L1, m_index},
             {"item"_L1, messageItem(m_reply, statusOf(m_reply), {textPart(whole)})}});
        ++m_index;
    }

    const PracticeReply &m_reply;
    QList<PracticePiece> m_pieces;
    int m_index = 0;
};

//! OpenAI's Responses API; models and errors are those of Chat Completions beside it.
class ResponsesPracticeWire final : public PracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::OpenAi; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/v1/responses", PracticeAct::Answer}};
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
        const auto limit = practiceLimit(*object, "max_output_tokens"_L1);
        if (!limit)
            return limit.error();
        PracticeRequest request;
        request.maxTokens = *limit;
        request.model = (*object)["model"_L1].toString();
        request.stream = (*object)["stream"_L1].toBool();
        request.schema = (*object)["text"_L1]["format"_L1]["schema"_L1].toObject();
        if (const QString text = (*object)["instructions"_L1].toString(); !text.isEmpty()) {
            request.system = text;
            addOtherTurn(request, text);
        }
        const QJsonValue input = (*object)["input"_L1];
        if (input.isString())
            addUserTurn(request, input.toString(), 0);
        const QJsonArray items = input.toArray();
        for (const QJsonValue &item : items)
            readItem(item, request);
        if (!request.hasQuestion)
            return practiceBadRequest(u"input: at least one user's turn is needed."_s);
        return request;
    }

    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        return Events(reply).pieces();
    }

    QByteArray whole(const PracticeReply &reply) const override
    {
        return practiceCompact(endOf(reply));
    }

    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        return openAiPracticeRefusal(failure, headers(failure.id));
    }

    //! As recorded: an error event, then the failed response. A reader must not report both.
    QByteArray streamError(const PracticeReply &reply, const PracticeFailure &failure,
                           qsizetype sent) const override
    {
        const QJsonObject error = openAiPracticeError(failure);
        QJsonObject response = responseOf(reply, u"failed"_s);
        response["error"_L1] =
            QJsonObject{{"code"_L1, error["code"_L1]}, {"message"_L1, failure.message}};
        return event(u"error"_s, {{"error"_L1, error}}, sent) +
               event(u"response.failed"_s, {{"response"_L1, response}}, sent + 1);
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"x-request-id", "req_" + id.toLatin1()}};
    }

    //! Chat Completions' wire has the path.
    QByteArray models(const QList<PracticeModel> &, const PracticeCall &) const override
    {
        return {};
    }

private:
    static void readItem(const QJsonValue &item, PracticeRequest &request)
    {
        const QString role = item["role"_L1].toString(); // none: a call, its result, reasoning
        const QJsonValue content = item["content"_L1];
        const QString text = practiceText(content);
        if (role == "user"_L1)
            addUserTurn(request, text, practiceAttachments(content));
        else
            addOtherTurn(request, text);
        if (role == "system"_L1 || role == "developer"_L1)
            request.system += text;
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceResponsesWire()
{
    return std::make_unique<ResponsesPracticeWire>();
}

} // namespace core
