#include "core/providers/openairesponses.h"

#include "core/providers/openairesponsesdecoder.h"
#include "core/providers/strictschema.h"
#include "core/providers/wirerequest.h"

#include <QJsonArray>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! The turns as items: messages, calls, results and sealed reasoning each stand by themselves.
class Items
{
public:
    Items(const ChatRequest &request, const Endpoint &endpoint)
        : m_endpoint(endpoint)
    {
        for (const Message &message : request.messages)
            add(message);
    }

    [[nodiscard]] const QJsonArray &array() const { return m_items; }
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }

private:
    void add(const Message &message)
    {
        static const QHash<Role, QString> roles{{Role::System, u"developer"_s},
                                                {Role::Assistant, u"assistant"_s}};
        m_role = roles.value(message.role, u"user"_s);
        for (const ContentPart &part : message.parts)
            addPart(part);
        closeMessage();
        // What was thought and led to nothing: the service refuses it.
        while (!m_items.isEmpty() && m_items.last().toObject().value("type"_L1) == "reasoning"_L1)
            m_items.removeLast();
    }

    void addPart(const ContentPart &part)
    {
        if (const auto *text = std::get_if<TextPart>(&part)) {
            if (!text->text.isEmpty())
                addText(text->text);
        } else if (const auto *file = std::get_if<AttachmentPart>(&part)) {
            addFile(*file);
        } else if (const auto *call = std::get_if<ToolCallPart>(&part)) {
            closeMessage();
            m_items.append(QJsonObject{{"type"_L1, "function_call"_L1},
                                       {"call_id"_L1, call->id},
                                       {"name"_L1, call->name},
                                       {"arguments"_L1, call->arguments.isEmpty()
                                                            ? u"{}"_s
                                                            : QString::fromUtf8(call->arguments)}});
        } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
            closeMessage();
            m_items.append(QJsonObject{{"type"_L1, "function_call_output"_L1},
                                       {"call_id"_L1, result->callId},
                                       {"output"_L1, result->content}});
            if (result->isError)
                warn(failureUnsaid(m_endpoint));
        } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part)) {
            addReasoning(*reasoning);
        }
    }

    void addText(const QString &text)
    {
        const QLatin1StringView type =
            m_role == "assistant"_L1 ? "output_text"_L1 : "input_text"_L1;
        m_content.append(QJsonObject{{"type"_L1, type}, {"text"_L1, text}});
    }

    void addFile(const AttachmentPart &file)
    {
        const QString url =
            u"data:"_s + file.mimeType + u";base64,"_s + QString::fromLatin1(file.data.toBase64());
        if (isText(file)) {
            addText(promptText(file));
        } else if (isImage(file)) {
            m_content.append(QJsonObject{{"type"_L1, "input_image"_L1}, {"image_url"_L1, url}});
        } else if (file.mimeType == "application/pdf"_L1) {
            m_content.append(QJsonObject{
                {"type"_L1, "input_file"_L1}, {"filename"_L1, file.name}, {"file_data"_L1, url}});
        } else {
            warn(leftOut(m_endpoint, file.name));
        }
    }

    void warn(const QString &warning)
    {
        if (!m_warnings.contains(warning))
            m_warnings.append(warning);
    }

    //! Only what this service sealed; foreign reasoning means nothing here.
    void addReasoning(const ReasoningPart &reasoning)
    {
        const QString sealed = QString::fromUtf8(reasoning.signature);
        const qsizetype gap = sealed.indexOf(u' ');
        if (reasoning.provider != m_endpoint.provider.id || gap < 0)
            return;
        closeMessage();
        QJsonArray summary;
        if (!reasoning.text.isEmpty())
            summary.append(
                QJsonObject{{"type"_L1, "summary_text"_L1}, {"text"_L1, reasoning.text}});
        QJsonObject item{{"type"_L1, "reasoning"_L1},
                         {"summary"_L1, summary},
                         {"encrypted_content"_L1, sealed.sliced(gap + 1)}};
        if (gap > 0)
            item.insert("id"_L1, sealed.first(gap));
        m_items.append(item);
    }

    void closeMessage()
    {
        if (!m_content.isEmpty())
            m_items.append(QJsonObject{{"type"_L1, "message"_L1},
                                       {"role"_L1, m_role},
                                       {"content"_L1, std::exchange(m_content, {})}});
    }

    const Endpoint &m_endpoint;
    QJsonArray m_items;
    QJsonArray m_content; //!< Of the message at hand.
    QString m_role;
    QStringList m_warnings;
};

//! Other models refuse to seal reasoning that they do not have.
bool reasons(const QString &model, const QString &effort)
{
    for (const QLatin1StringView family : {"o1"_L1, "o3"_L1, "o4"_L1, "gpt-5"_L1}) {
        if (model.startsWith(family) && !model.contains("-chat"_L1)) // gpt-5-chat-latest
            return true;
    }
    return !effort.isEmpty() && effort != "none"_L1;
}

void addOptions(QJsonObject &body, const ChatOptions &options, const Endpoint &endpoint,
                QStringList &warnings)
{
    if (!options.system.isEmpty())
        body.insert("instructions"_L1, options.system);
    if (options.maxOutputTokens)
        body.insert("max_output_tokens"_L1, *options.maxOutputTokens);
    if (options.temperature)
        body.insert("temperature"_L1, *options.temperature);
    if (options.topP)
        body.insert("top_p"_L1, *options.topP);
    if (!options.stop.isEmpty())
        warnings.append(leftOut(endpoint, textFor("stop sequences")));
    if (!options.reasoningEffort.isEmpty())
        body.insert("reasoning"_L1, QJsonObject{{"effort"_L1, options.reasoningEffort}});
    if (reasons(endpoint.model, options.reasoningEffort))
        body.insert("include"_L1, QJsonArray{"reasoning.encrypted_content"_L1});
    if (!options.jsonSchema.isEmpty())
        body.insert(
            "text"_L1,
            QJsonObject{{"format"_L1, QJsonObject{{"type"_L1, "json_schema"_L1},
                                                  {"name"_L1, "answer"_L1},
                                                  {"strict"_L1, isStrictSchema(options.jsonSchema)},
                                                  {"schema"_L1, objectFrom(options.jsonSchema)}}}});
}

void addTools(QJsonObject &body, const ChatRequest &request)
{
    if (request.tools.isEmpty())
        return;
    QJsonArray tools;
    for (const ToolDefinition &tool : request.tools)
        tools.append(QJsonObject{{"type"_L1, "function"_L1},
                                 {"name"_L1, tool.name},
                                 {"description"_L1, tool.description},
                                 {"parameters"_L1, objectFrom(tool.parameters)},
                                 {"strict"_L1, false}}); // true by default, and then picky
    body.insert("tools"_L1, tools);
    if (request.toolChoice.isEmpty())
        return;
    static const QStringList words{u"auto"_s, u"none"_s, u"required"_s};
    body.insert("tool_choice"_L1, words.contains(request.toolChoice)
                                      ? QJsonValue(request.toolChoice)
                                      : QJsonValue(QJsonObject{{"type"_L1, "function"_L1},
                                                               {"name"_L1, request.toolChoice}}));
}

} // namespace

Result<WireRequest> OpenAiResponsesAdapter::buildRequest(const ChatRequest &request,
                                                         const Endpoint &endpoint,
                                                         const Credential &credential,
                                                         std::chrono::sys_seconds) const
{
    const Items items(request, endpoint);
    if (items.array().isEmpty())
        return nothingToSend(endpoint);
    WireRequest wire;
    wire.warnings = items.warnings();
    QJsonObject body{{"model"_L1, endpoint.model},
                     {"input"_L1, items.array()},
                     {"stream"_L1, true},
                     {"store"_L1, false}};
    const ChatOptions sampled = samplingTaken(request.options, endpoint, wire.warnings);
    addOptions(body, effortTaken(sampled, endpoint, wire.warnings), endpoint, wire.warnings);
    addTools(body, request);
    wire.http = jsonPost(endpointUrl(endpoint, u"/responses"_s), body);
    keepMemberOrder(wire.http, request.options.jsonSchema);
    wire.http.headers.set("Accept", "text/event-stream");
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

std::unique_ptr<StreamDecoder> OpenAiResponsesAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<OpenAiResponsesDecoder>(headers);
}

ResponseFacts OpenAiResponsesAdapter::readHeaders(const HttpHeaders &headers) const
{
    return m_chat.readHeaders(headers);
}

Error OpenAiResponsesAdapter::readError(int status, const HttpHeaders &headers,
                                        const QByteArray &body) const
{
    return m_chat.readError(status, headers, body);
}

Result<WireRequest> OpenAiResponsesAdapter::buildModelList(const Endpoint &endpoint,
                                                           const Credential &credential,
                                                           const QString &cursor,
                                                           std::chrono::sys_seconds now) const
{
    return m_chat.buildModelList(endpoint, credential, cursor, now);
}

Result<ModelPage> OpenAiResponsesAdapter::readModelList(const QByteArray &body) const
{
    return m_chat.readModelList(body);
}

} // namespace core
