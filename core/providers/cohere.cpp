#include "core/providers/cohere.h"

#include "core/net/retryafter.h"
#include "core/providers/coheredecoder.h"
#include "core/providers/openaierror.h"
#include "core/providers/ratelimits.h"
#include "core/providers/strictschema.h"
#include "core/providers/wirerequest.h"

#include <QJsonArray>
#include <QUrlQuery>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

void warn(QStringList &warnings, const QString &warning)
{
    if (!warnings.contains(warning))
        warnings.append(warning);
}

QJsonObject textPart(const QString &text)
{
    return {{"type"_L1, "text"_L1}, {"text"_L1, text}};
}

//! Plain text goes as a string, as the service's own examples have it.
QJsonValue contentFrom(const QJsonArray &parts)
{
    const bool plain = parts.size() == 1 && parts.first().toObject().value("type"_L1) == "text"_L1;
    return plain ? parts.first().toObject().value("text"_L1) : QJsonValue(parts);
}

void addUser(QJsonArray &messages, const Message &message, const Endpoint &endpoint,
             QStringList &warnings)
{
    QJsonArray parts;
    for (const ContentPart &part : message.parts) {
        if (const auto *text = std::get_if<TextPart>(&part)) {
            if (!text->text.isEmpty())
                parts.append(textPart(text->text));
        } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
            messages.append(QJsonObject{{"role"_L1, "tool"_L1},
                                        {"tool_call_id"_L1, result->callId},
                                        {"content"_L1, result->content}});
            if (result->isError)
                warn(warnings, failureUnsaid(endpoint));
        } else if (const auto *file = std::get_if<AttachmentPart>(&part)) {
            const QString url = u"data:"_s + file->mimeType + u";base64,"_s +
                                QString::fromLatin1(file->data.toBase64());
            if (isText(*file))
                parts.append(textPart(promptText(*file)));
            else if (isImage(*file))
                parts.append(QJsonObject{{"type"_L1, "image_url"_L1},
                                         {"image_url"_L1, QJsonObject{{"url"_L1, url}}}});
            else
                warn(warnings, leftOut(endpoint, file->name));
        }
    }
    if (!parts.isEmpty())
        messages.append(QJsonObject{{"role"_L1, "user"_L1}, {"content"_L1, contentFrom(parts)}});
}

void addAssistant(QJsonArray &messages, const Message &message, const Endpoint &endpoint)
{
    QJsonObject turn{{"role"_L1, "assistant"_L1}};
    QJsonArray calls;
    QString plan;
    for (const ContentPart &part : message.parts) {
        if (const auto *call = std::get_if<ToolCallPart>(&part)) {
            const QString arguments =
                call->arguments.isEmpty() ? u"{}"_s : QString::fromUtf8(call->arguments);
            calls.append(QJsonObject{{"id"_L1, call->id},
                                     {"type"_L1, "function"_L1},
                                     {"function"_L1, QJsonObject{{"name"_L1, call->name},
                                                                 {"arguments"_L1, arguments}}}});
        } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part);
                   reasoning && reasoning->provider == endpoint.provider.id) {
            plan += reasoning->text;
        }
    }
    if (const QString text = textOf(message.parts); !text.isEmpty())
        turn.insert("content"_L1, text);
    if (!calls.isEmpty()) {
        turn.insert("tool_calls"_L1, calls);
        if (!plan.isEmpty()) // a plan belongs to calls; other reasoning is not sent again
            turn.insert("tool_plan"_L1, plan);
    }
    if (turn.size() > 1)
        messages.append(turn);
}

QJsonArray messagesFrom(const ChatRequest &request, const Endpoint &endpoint, QStringList &warnings)
{
    QJsonArray messages;
    const auto addSystem = [&messages](const QString &text) {
        if (!text.isEmpty())
            messages.append(QJsonObject{{"role"_L1, "system"_L1}, {"content"_L1, text}});
    };
    addSystem(request.options.system);
    for (const Message &message : request.messages) {
        if (message.role == Role::System)
            addSystem(textOf(message.parts));
        else if (message.role == Role::Assistant)
            addAssistant(messages, message, endpoint);
        else
            addUser(messages, message, endpoint, warnings);
    }
    return messages;
}

QJsonObject thinkingFrom(const QString &effort)
{
    if (effort == "none"_L1)
        return {{"type"_L1, "disabled"_L1}};
    static const QHash<QString, int> budgets{
        {u"minimal"_s, 512}, {u"low"_s, 1'024}, {u"medium"_s, 8'192}, {u"high"_s, 24'576}};
    QJsonObject thinking{{"type"_L1, "enabled"_L1}};
    if (budgets.contains(effort)) // above: as long as the model likes
        thinking.insert("token_budget"_L1, budgets.value(effort));
    return thinking;
}

void addOptions(QJsonObject &body, const ChatOptions &options, const Endpoint &endpoint,
                QStringList &warnings)
{
    constexpr double LeastTopP = 0.01; // anything beyond these two is refused
    constexpr double MostTopP = 0.99;
    if (options.maxOutputTokens)
        body.insert("max_tokens"_L1, *options.maxOutputTokens);
    if (options.temperature)
        body.insert("temperature"_L1, *options.temperature);
    if (options.topP) {
        const double taken = std::clamp(*options.topP, LeastTopP, MostTopP);
        body.insert("p"_L1, taken);
        if (taken != *options.topP)
            warn(warnings, textFor("%1 takes a top_p from 0.01 to 0.99; the nearest one was sent.")
                               .arg(endpoint.provider.name));
    }
    if (!options.stop.isEmpty())
        body.insert("stop_sequences"_L1, QJsonArray::fromStringList(options.stop));
    if (!options.reasoningEffort.isEmpty())
        body.insert("thinking"_L1, thinkingFrom(options.reasoningEffort));
    if (!options.jsonSchema.isEmpty())
        body.insert("response_format"_L1,
                    QJsonObject{{"type"_L1, "json_object"_L1},
                                {"json_schema"_L1, objectFrom(options.jsonSchema)}});
}

void addTools(QJsonObject &body, const ChatRequest &request, const Endpoint &endpoint,
              QStringList &warnings)
{
    if (request.tools.isEmpty())
        return;
    QJsonArray tools;
    for (const ToolDefinition &tool : request.tools)
        tools.append(QJsonObject{
            {"type"_L1, "function"_L1},
            {"function"_L1, QJsonObject{{"name"_L1, tool.name},
                                        {"description"_L1, tool.description},
                                        {"parameters"_L1, objectFrom(tool.parameters)}}}});
    body.insert("tools"_L1, tools);
    if (request.toolChoice == "none"_L1)
        body.insert("tool_choice"_L1, "NONE"_L1);
    else if (!request.toolChoice.isEmpty() && request.toolChoice != "auto"_L1)
        body.insert("tool_choice"_L1, "REQUIRED"_L1);
    const bool named = !request.toolChoice.isEmpty() && request.toolChoice != "auto"_L1 &&
                       request.toolChoice != "none"_L1 && request.toolChoice != "required"_L1;
    if (named)
        warn(warnings, textFor("%1 cannot be told which tool to use, only that it must use one.")
                           .arg(endpoint.provider.name));
}

} // namespace

Result<WireRequest> CohereAdapter::buildRequest(const ChatRequest &request,
                                                const Endpoint &endpoint,
                                                const Credential &credential,
                                                std::chrono::sys_seconds) const
{
    WireRequest wire;
    const QJsonArray messages = messagesFrom(request, endpoint, wire.warnings);
    if (messages.isEmpty())
        return nothingToSend(endpoint);
    QJsonObject body{{"model"_L1, endpoint.model}, {"messages"_L1, messages}, {"stream"_L1, true}};
    addOptions(body, request.options, endpoint, wire.warnings);
    addTools(body, request, endpoint, wire.warnings);
    wire.http = jsonPost(endpointUrl(endpoint, u"/v2/chat"_s), body);
    keepMemberOrder(wire.http, request.options.jsonSchema);
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

std::unique_ptr<StreamDecoder> CohereAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<CohereDecoder>(headers);
}

ResponseFacts CohereAdapter::readHeaders(const HttpHeaders &headers) const
{
    ResponseFacts facts;
    facts.requestId = cohereTraceId(headers);
    facts.requests.limit = countIn(headers, "x-trial-endpoint-call-limit");
    facts.requests.remaining = countIn(headers, "x-trial-endpoint-call-remaining");
    if (facts.requests.limit)
        facts.requests.period = std::chrono::minutes(1);
    return facts;
}

Error CohereAdapter::readError(int status, const HttpHeaders &headers, const QByteArray &body) const
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    // An edge proxy's page is no JSON: the status alone tells.
    Error error = json && json->is_object() ? cohereError(status, headers, *json)
                                            : openAiError(status, headers, body);
    if (error.requestId.isEmpty())
        error.requestId = cohereTraceId(headers);
    const bool waits = error.kind == ErrorKind::RateLimited || status >= 500;
    const auto reset = countIn(headers, "x-ratelimit-reset"); // a time since 1970
    if (waits && !error.retryAfter && reset)
        error.retryAfter = untilInstant(*reset, headers);
    return error;
}

Result<WireRequest> CohereAdapter::buildModelList(const Endpoint &endpoint,
                                                  const Credential &credential,
                                                  const QString &cursor,
                                                  std::chrono::sys_seconds) const
{
    QUrl url = endpointUrl(endpoint, u"/v1/models"_s);
    QUrlQuery query;
    query.addQueryItem(u"page_size"_s, u"1000"_s);
    query.addQueryItem(u"endpoint"_s, u"chat"_s);
    if (!cursor.isEmpty())
        query.addQueryItem(u"page_token"_s, QString::fromLatin1(QUrl::toPercentEncoding(cursor)));
    url.setQuery(query);
    WireRequest wire;
    wire.http = jsonGet(url);
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<ModelPage> CohereAdapter::readModelList(const QByteArray &body) const
{
    const QJsonObject answer = objectFrom(body);
    if (!answer.value("models"_L1).isArray())
        return notAModelList();
    ModelPage page;
    page.next = answer.value("next_page_token"_L1).toString();
    for (const QJsonValue &value : answer.value("models"_L1).toArray()) {
        const QJsonObject row = value.toObject();
        if (!row.value("endpoints"_L1).toArray().contains("chat"_L1))
            continue;
        ModelInfo model;
        model.id = row.value("name"_L1).toString();
        if (const qint64 window = row.value("context_length"_L1).toInteger(); window > 0)
            model.contextWindow = window;
        if (const QJsonValue features = row.value("features"_L1); features.isArray()) {
            const QJsonArray words = features.toArray();
            model.images = words.contains("vision"_L1);
            model.tools = words.contains("tools"_L1);
            model.reasoning = words.contains("reasoning"_L1);
        }
        page.models.append(model);
    }
    return page;
}

Result<WireRequest> CohereAdapter::buildTokenCount(const ChatRequest &request,
                                                   const Endpoint &endpoint,
                                                   const Credential &credential,
                                                   std::chrono::sys_seconds) const
{
    constexpr qsizetype LongestText = 65'536; // characters, by the API's own words
    QStringList texts;
    if (!request.options.system.isEmpty())
        texts.append(request.options.system);
    for (const Message &message : request.messages) {
        for (const ContentPart &part : message.parts) {
            if (const auto *text = std::get_if<TextPart>(&part))
                texts.append(text->text);
            else if (const auto *file = std::get_if<AttachmentPart>(&part); file && isText(*file))
                texts.append(promptText(*file));
        }
    }
    const QString text = texts.join(u'\n');
    if (text.isEmpty() || text.size() > LongestText) {
        return makeError(ErrorKind::InputRejected,
                         text.isEmpty() ? textFor("There is no text to count.")
                                        : textFor("The text is too long to be counted there."),
                         endpoint.provider.id);
    }
    WireRequest wire;
    wire.http = jsonPost(endpointUrl(endpoint, u"/v1/tokenize"_s),
                         {{"model"_L1, endpoint.model}, {"text"_L1, text}});
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<TokenCount> CohereAdapter::readTokenCount(const QByteArray &body) const
{
    const QJsonValue tokens = objectFrom(body).value("tokens"_L1);
    auto count = tokenCount(tokens.isArray() ? std::optional<qint64>(tokens.toArray().size())
                                             : std::nullopt);
    if (count)
        count->whole = false; // the chat's template comes on top of it
    return count;
}

} // namespace core
