#include "core/providers/openaichat.h"

#include "core/providers/openaichatdecoder.h"
#include "core/providers/openaierror.h"
#include "core/providers/openaimodels.h"
#include "core/providers/ratelimits.h"
#include "core/providers/strictschema.h"
#include "core/providers/wirerequest.h"

#include <QCryptographicHash>
#include <QJsonArray>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString dataUrl(const AttachmentPart &attachment)
{
    return QStringLiteral("data:%1;base64,%2")
        .arg(attachment.mimeType, QString::fromLatin1(attachment.data.toBase64()));
}

//! Builds the messages and notes what could not be said.
class Messages
{
public:
    explicit Messages(const Endpoint &endpoint)
        : m_endpoint(endpoint)
    {
    }

    void add(const Message &message)
    {
        switch (message.role) {
        case Role::System:
            addSystem(textOf(message.parts));
            break;
        case Role::User:
            addUser(message);
            break;
        case Role::Assistant:
            addAssistant(message);
            break;
        case Role::Tool:
            for (const ContentPart &part : message.parts) {
                if (const auto *result = std::get_if<ToolResultPart>(&part))
                    addResult(*result);
            }
            break;
        }
    }

    void addSystem(const QString &text)
    {
        if (!text.isEmpty())
            m_array.append(QJsonObject{
                {"role"_L1, m_endpoint.provider.developerRole ? "developer"_L1 : "system"_L1},
                {"content"_L1, text}});
    }

    [[nodiscard]] const QJsonArray &array() const { return m_array; }
    [[nodiscard]] QStringList warnings() const { return m_warnings; }

private:
    void warn(const QString &warning)
    {
        if (!m_warnings.contains(warning))
            m_warnings.append(warning);
    }

    //! The id as this service takes it: another service's may be too long for it. The same id
    //! always becomes the same one, so that call and result stay together.
    [[nodiscard]] QString callId(const QString &id) const
    {
        const int length = m_endpoint.provider.toolCallIdLength;
        const auto isPlain = [](QChar each) {
            return each.unicode() < 128 && each.isLetterOrNumber();
        };
        if (length == 0 || (id.size() == length && std::all_of(id.begin(), id.end(), isPlain)))
            return id;
        const QByteArray digest =
            QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256).toHex();
        return QString::fromLatin1(digest.first(qMin<qsizetype>(length, digest.size())));
    }

    void addResult(const ToolResultPart &result)
    {
        m_array.append(QJsonObject{{"role"_L1, "tool"_L1},
                                   {"tool_call_id"_L1, callId(result.callId)},
                                   {"content"_L1, result.content}});
        if (result.isError)
            warn(failureUnsaid(m_endpoint));
    }

    void addUser(const Message &message)
    {
        QJsonArray parts;
        for (const ContentPart &part : message.parts) {
            if (const auto *text = std::get_if<TextPart>(&part)) {
                parts.append(QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, text->text}});
            } else if (const auto *file = std::get_if<AttachmentPart>(&part)) {
                if (isImage(*file) && m_endpoint.provider.images)
                    parts.append(
                        QJsonObject{{"type"_L1, "image_url"_L1},
                                    {"image_url"_L1, QJsonObject{{"url"_L1, dataUrl(*file)}}}});
                else if (isText(*file))
                    parts.append(
                        QJsonObject{{"type"_L1, "text"_L1}, {"text"_L1, promptText(*file)}});
                else if (!isImage(*file) && m_endpoint.provider.documents)
                    parts.append(
                        QJsonObject{{"type"_L1, "file"_L1},
                                    {"file"_L1, QJsonObject{{"filename"_L1, file->name},
                                                            {"file_data"_L1, dataUrl(*file)}}}});
                else
                    warn(leftOut(m_endpoint, file->name));
            } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
                addResult(*result);
            }
        }
        if (parts.isEmpty())
            return;
        // Plain text goes as a string: older servers know no parts.
        const bool plain =
            parts.size() == 1 && parts.first().toObject().value("type"_L1) == "text"_L1;
        m_array.append(QJsonObject{
            {"role"_L1, "user"_L1},
            {"content"_L1, plain ? parts.first().toObject().value("text"_L1) : QJsonValue(parts)}});
    }

    void addAssistant(const Message &message)
    {
        QJsonArray calls;
        for (const ContentPart &part : message.parts) {
            if (const auto *call = std::get_if<ToolCallPart>(&part)) {
                const QString arguments = call->arguments.isEmpty()
                                              ? QStringLiteral("{}")
                                              : QString::fromUtf8(call->arguments);
                calls.append(
                    QJsonObject{{"id"_L1, callId(call->id)},
                                {"type"_L1, "function"_L1},
                                {"function"_L1, QJsonObject{{"name"_L1, call->name},
                                                            {"arguments"_L1, arguments}}}});
            }
        }
        const QString text = textOf(message.parts); // reasoning is never sent back here
        QJsonObject object{
            {"role"_L1, "assistant"_L1},
            {"content"_L1, text.isEmpty() && !calls.isEmpty() ? QJsonValue() : QJsonValue(text)}};
        if (!calls.isEmpty())
            object.insert("tool_calls"_L1, calls);
        m_array.append(object);
    }

    const Endpoint &m_endpoint;
    QJsonArray m_array;
    QStringList m_warnings;
};

void addTools(QJsonObject &body, const ChatRequest &request, const Endpoint &endpoint,
              QStringList &warnings)
{
    if (request.tools.isEmpty())
        return;
    if (!endpoint.provider.tools) {
        warnings.append(leftOut(endpoint, textFor("tools")));
        return;
    }
    if (!endpoint.provider.toolChoice && request.toolChoice == "none"_L1)
        return; // what is not offered cannot be called
    QJsonArray tools;
    for (const ToolDefinition &tool : request.tools)
        tools.append(QJsonObject{
            {"type"_L1, "function"_L1},
            {"function"_L1, QJsonObject{{"name"_L1, tool.name},
                                        {"description"_L1, tool.description},
                                        {"parameters"_L1, objectFrom(tool.parameters)}}}});
    body.insert("tools"_L1, tools);
    if (request.toolChoice.isEmpty())
        return;
    if (!endpoint.provider.toolChoice && request.toolChoice != "auto"_L1)
        warnings.append(leftOut(endpoint, textFor("the choice of a tool")));
    if (!endpoint.provider.toolChoice)
        return;
    static const QStringList words{QStringLiteral("auto"), QStringLiteral("none"),
                                   QStringLiteral("required")};
    body.insert("tool_choice"_L1,
                words.contains(request.toolChoice)
                    ? QJsonValue(request.toolChoice)
                    : QJsonValue(QJsonObject{
                          {"type"_L1, "function"_L1},
                          {"function"_L1, QJsonObject{{"name"_L1, request.toolChoice}}}}));
}

void addOptions(QJsonObject &body, const ChatOptions &options, const Endpoint &endpoint,
                QStringList &warnings)
{
    if (options.maxOutputTokens)
        body.insert(QString::fromLatin1(endpoint.provider.maxTokensMember),
                    *options.maxOutputTokens);
    if (options.temperature)
        body.insert("temperature"_L1, *options.temperature);
    if (options.topP)
        body.insert("top_p"_L1, *options.topP);
    if (!options.stop.isEmpty())
        body.insert("stop"_L1, QJsonArray::fromStringList(options.stop));
    if (!options.reasoningEffort.isEmpty())
        body.insert("reasoning_effort"_L1, options.reasoningEffort);
    if (options.jsonSchema.isEmpty())
        return;
    if (!endpoint.provider.structuredOutput)
        warnings.append(leftOut(endpoint, textFor("a schema for the answer")));
    else
        body.insert("response_format"_L1,
                    QJsonObject{{"type"_L1, "json_schema"_L1},
                                {"json_schema"_L1,
                                 QJsonObject{{"name"_L1, "answer"_L1},
                                             {"strict"_L1, isStrictSchema(options.jsonSchema)},
                                             {"schema"_L1, objectFrom(options.jsonSchema)}}}});
}

} // namespace

Result<WireRequest> OpenAiChatAdapter::buildRequest(const ChatRequest &request,
                                                    const Endpoint &endpoint,
                                                    const Credential &credential,
                                                    std::chrono::sys_seconds) const
{
    Messages messages(endpoint);
    messages.addSystem(request.options.system);
    const qsizetype instructions = messages.array().size();
    for (const Message &message : request.messages)
        messages.add(message);
    if (messages.array().size() == instructions)
        return nothingToSend(endpoint);
    WireRequest wire;
    wire.warnings = messages.warnings();
    QJsonObject body{
        {"model"_L1, endpoint.model}, {"messages"_L1, messages.array()}, {"stream"_L1, true}};
    if (endpoint.provider.streamUsageOption)
        body.insert("stream_options"_L1, QJsonObject{{"include_usage"_L1, true}});
    const ChatOptions sampled = samplingTaken(request.options, endpoint, wire.warnings);
    addOptions(body, effortTaken(sampled, endpoint, wire.warnings), endpoint, wire.warnings);
    addTools(body, request, endpoint, wire.warnings);
    wire.http = jsonPost(endpointUrl(endpoint, QStringLiteral("/chat/completions")), body);
    keepMemberOrder(wire.http, request.options.jsonSchema);
    wire.http.headers.set("Accept", "text/event-stream");
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

std::unique_ptr<StreamDecoder> OpenAiChatAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<OpenAiChatDecoder>(headers);
}

ResponseFacts OpenAiChatAdapter::readHeaders(const HttpHeaders &headers) const
{
    ResponseFacts facts;
    // OpenAI's, Azure's, OpenRouter's
    for (const char *name : {"x-request-id", "apim-request-id", "x-generation-id"}) {
        if (facts.requestId.isEmpty())
            facts.requestId = QString::fromUtf8(headers.value(name)).left(200);
    }
    readCommonLimits(headers, ResetUnit::Seconds, facts);
    return facts;
}

Error OpenAiChatAdapter::readError(int status, const HttpHeaders &headers,
                                   const QByteArray &body) const
{
    return openAiError(status, headers, body);
}

Result<WireRequest> OpenAiChatAdapter::buildModelList(const Endpoint &endpoint,
                                                      const Credential &credential, const QString &,
                                                      std::chrono::sys_seconds) const
{
    WireRequest wire;
    wire.http = jsonGet(endpointUrl(endpoint, QStringLiteral("/models")));
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<ModelPage> OpenAiChatAdapter::readModelList(const QByteArray &body) const
{
    return openAiModels(body);
}

} // namespace core
