#include "core/providers/anthropic.h"

#include "core/providers/anthropicdecoder.h"
#include "core/providers/claudethinking.h"
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

//! The API wants a limit and has no default; nearly every model takes this one.
constexpr int StandardMaxTokens = 8'192;

QJsonObject source(const AttachmentPart &file)
{
    return {{"type"_L1, "base64"_L1},
            {"media_type"_L1, file.mimeType},
            {"data"_L1, QString::fromLatin1(file.data.toBase64())}};
}

QJsonObject textBlock(const QString &text)
{
    return {{"type"_L1, "text"_L1}, {"text"_L1, text}};
}

//! One part as a content block; empty if the service cannot take it.
QJsonObject blockOf(const ContentPart &part, const Endpoint &endpoint, QStringList &warnings)
{
    if (const auto *text = std::get_if<TextPart>(&part))
        return text->text.trimmed().isEmpty() ? QJsonObject() // white space alone is refused
                                              : textBlock(text->text);
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part)) {
        if (reasoning->provider != endpoint.provider.id)
            return {}; // foreign reasoning means nothing here
        if (!reasoning->redacted.isEmpty())
            return {{"type"_L1, "redacted_thinking"_L1},
                    {"data"_L1, QString::fromUtf8(reasoning->redacted)}};
        if (reasoning->signature.isEmpty())
            return {};
        return {{"type"_L1, "thinking"_L1},
                {"thinking"_L1, reasoning->text},
                {"signature"_L1, QString::fromUtf8(reasoning->signature)}};
    }
    if (const auto *file = std::get_if<AttachmentPart>(&part)) {
        if (isImage(*file))
            return {{"type"_L1, "image"_L1}, {"source"_L1, source(*file)}};
        if (file->mimeType == "application/pdf"_L1)
            return {
                {"type"_L1, "document"_L1}, {"source"_L1, source(*file)}, {"title"_L1, file->name}};
        if (isText(*file))
            return {{"type"_L1, "document"_L1},
                    {"source"_L1, QJsonObject{{"type"_L1, "text"_L1},
                                              {"media_type"_L1, "text/plain"_L1},
                                              {"data"_L1, QString::fromUtf8(file->data)}}},
                    {"title"_L1, file->name}};
        warnings.append(leftOut(endpoint, file->name));
        return {};
    }
    if (const auto *call = std::get_if<ToolCallPart>(&part))
        return {{"type"_L1, "tool_use"_L1},
                {"id"_L1, call->id},
                {"name"_L1, call->name},
                {"input"_L1, objectFrom(call->arguments)}};
    const auto &result = std::get<ToolResultPart>(part);
    QJsonObject block{{"type"_L1, "tool_result"_L1},
                      {"tool_use_id"_L1, result.callId},
                      {"content"_L1, result.content}};
    if (result.isError)
        block.insert("is_error"_L1, true);
    return block;
}

//! Turns of one side in a row become one message: the API takes either, caching likes one.
QJsonArray messagesFrom(const ChatRequest &request, const Endpoint &endpoint, QString &system,
                        QStringList &warnings)
{
    QJsonArray messages;
    for (const Message &message : request.messages) {
        if (message.role == Role::System) {
            system +=
                (system.isEmpty() ? QString() : QStringLiteral("\n\n")) + textOf(message.parts);
            continue;
        }
        QJsonArray blocks;
        for (const ContentPart &part : message.parts) {
            if (const QJsonObject block = blockOf(part, endpoint, warnings); !block.isEmpty())
                blocks.append(block);
        }
        if (blocks.isEmpty())
            continue;
        const QString role =
            message.role == Role::Assistant ? QStringLiteral("assistant") : QStringLiteral("user");
        addTurn(messages, role, "content"_L1, blocks);
    }
    return messages;
}

//! All up to the mark is kept: tools, system, and every turn. The next turn finds it up to 20
//! blocks before its own mark.
void markForCache(QJsonArray &messages)
{
    QJsonObject last = messages.last().toObject();
    QJsonArray blocks = last.value("content"_L1).toArray();
    if (blocks.isEmpty())
        return;
    QJsonObject block = blocks.last().toObject();
    if (block.value("type"_L1).toString().contains("thinking"_L1))
        return; // takes none
    block.insert("cache_control"_L1, QJsonObject{{"type"_L1, "ephemeral"_L1}});
    blocks.replace(blocks.size() - 1, block);
    last.insert("content"_L1, blocks);
    messages.replace(messages.size() - 1, last);
}

bool reasons(const QJsonObject &body)
{
    const QJsonValue type = body.value("thinking"_L1).toObject().value("type"_L1);
    return type.isString() && type != "disabled"_L1;
}

void addOptions(QJsonObject &body, const ChatOptions &given, const Endpoint &endpoint,
                QStringList &warnings)
{
    const ClaudeThinking how =
        claudeThinking(endpoint, given.reasoningEffort, given.maxOutputTokens, warnings);
    const ChatOptions options = samplingBeside(how, given, endpoint, warnings);
    // A budget is a part of the limit: where nobody set one, what is said keeps its room.
    body.insert("max_tokens"_L1,
                options.maxOutputTokens.value_or(StandardMaxTokens + how.budget()));
    if (options.temperature)
        body.insert("temperature"_L1, *options.temperature);
    if (options.topP)
        body.insert("top_p"_L1, *options.topP);
    if (!options.stop.isEmpty())
        body.insert("stop_sequences"_L1, QJsonArray::fromStringList(options.stop));
    if (!how.thinking.isEmpty())
        body.insert("thinking"_L1, how.thinking);
    QJsonObject output;
    if (!how.effort.isEmpty())
        output.insert("effort"_L1, how.effort);
    if (!options.jsonSchema.isEmpty())
        output.insert("format"_L1,
                      QJsonObject{{"type"_L1, "json_schema"_L1},
                                  {"schema"_L1, objectFrom(closedSchema(options.jsonSchema))}});
    if (!output.isEmpty())
        body.insert("output_config"_L1, output);
}

void addTools(QJsonObject &body, const ChatRequest &request, const Endpoint &endpoint,
              QStringList &warnings)
{
    if (request.tools.isEmpty())
        return;
    QJsonArray tools;
    for (const ToolDefinition &tool : request.tools)
        tools.append(QJsonObject{{"name"_L1, tool.name},
                                 {"description"_L1, tool.description},
                                 {"input_schema"_L1, objectFrom(tool.parameters)}});
    body.insert("tools"_L1, tools);
    const QString &choice = request.toolChoice;
    if (choice.isEmpty())
        return;
    if (choice == "auto"_L1 || choice == "none"_L1)
        body.insert("tool_choice"_L1, QJsonObject{{"type"_L1, choice}});
    else if (reasons(body)) // only the model itself may choose then
        warnings.append(leftOut(endpoint, textFor("the choice of a tool with reasoning")));
    else if (choice == "required"_L1)
        body.insert("tool_choice"_L1, QJsonObject{{"type"_L1, "any"_L1}});
    else
        body.insert("tool_choice"_L1, QJsonObject{{"type"_L1, "tool"_L1}, {"name"_L1, choice}});
}

void finishRequest(HttpRequest &http, const Endpoint &endpoint, const Credential &credential)
{
    http.headers.set("anthropic-version", "2023-06-01");
    addKey(http.headers, endpoint, credential);
}

Result<QJsonObject> bodyFrom(const ChatRequest &request, const Endpoint &endpoint,
                             QStringList &warnings)
{
    QString system = request.options.system;
    QJsonArray messages = messagesFrom(request, endpoint, system, warnings);
    warnings.removeDuplicates();
    if (messages.isEmpty())
        return nothingToSend(endpoint);
    if (request.markForCache)
        markForCache(messages);
    QJsonObject body{{"model"_L1, endpoint.model}, {"messages"_L1, messages}, {"stream"_L1, true}};
    if (!system.isEmpty())
        body.insert("system"_L1, system);
    addOptions(body, samplingTaken(request.options, endpoint, warnings), endpoint, warnings);
    addTools(body, request, endpoint, warnings);
    return body;
}

//! {"supported": true}, or the bare word.
std::optional<bool> ability(const std::optional<JsonElement> &capabilities, std::string_view name)
{
    const auto value = capabilities ? member(*capabilities, name) : std::nullopt;
    if (!value)
        return std::nullopt;
    bool on = false;
    if (value->get(on) == simdjson::SUCCESS)
        return on;
    const auto supported = member(*value, "supported");
    return supported && supported->get(on) == simdjson::SUCCESS ? std::optional(on) : std::nullopt;
}

} // namespace

Result<WireRequest> AnthropicAdapter::buildRequest(const ChatRequest &request,
                                                   const Endpoint &endpoint,
                                                   const Credential &credential,
                                                   std::chrono::sys_seconds) const
{
    WireRequest wire;
    const auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    wire.http = jsonPost(endpointUrl(endpoint, QStringLiteral("/v1/messages")), *body);
    keepMemberOrder(wire.http, closedSchema(request.options.jsonSchema));
    finishRequest(wire.http, endpoint, credential);
    return wire;
}

std::unique_ptr<StreamDecoder> AnthropicAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<AnthropicDecoder>(headers);
}

ResponseFacts AnthropicAdapter::readHeaders(const HttpHeaders &headers) const
{
    ResponseFacts facts;
    facts.requestId = QString::fromUtf8(headers.value("request-id")).left(200);
    readAnthropicLimits(headers, facts);
    return facts;
}

Error AnthropicAdapter::readError(int status, const HttpHeaders &headers,
                                  const QByteArray &body) const
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    // Of an edge proxy's page the status alone tells.
    Error error = json && json->is_object() ? anthropicError(status, headers, *json)
                                            : openAiError(status, headers, body);
    if (!error.retryAfter && error.kind == ErrorKind::RateLimited)
        error.retryAfter = anthropicResetHint(headers);
    return error;
}

Result<WireRequest> AnthropicAdapter::buildModelList(const Endpoint &endpoint,
                                                     const Credential &credential,
                                                     const QString &cursor,
                                                     std::chrono::sys_seconds) const
{
    QUrl url = endpointUrl(endpoint, QStringLiteral("/v1/models"));
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("limit"), QStringLiteral("1000"));
    if (!cursor.isEmpty())
        query.addQueryItem(QStringLiteral("after_id"), cursor);
    url.setQuery(query);
    WireRequest wire;
    wire.http = jsonGet(url);
    finishRequest(wire.http, endpoint, credential);
    return wire;
}

Result<ModelPage> AnthropicAdapter::readModelList(const QByteArray &body) const
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    const auto data = json ? member(*json, "data") : std::nullopt;
    simdjson::dom::array list;
    if (!data || data->get(list) != simdjson::SUCCESS)
        return notAModelList();
    ModelPage page;
    for (const JsonElement entry : list) {
        ModelInfo model;
        model.id = textMember(entry, "id").value_or(QString());
        model.name = textMember(entry, "display_name").value_or(QString());
        model.contextWindow = countMember(entry, "max_input_tokens");
        model.maxOutput = countMember(entry, "max_tokens");
        const auto capabilities = member(entry, "capabilities");
        model.images = ability(capabilities, "image_input");
        model.documents = ability(capabilities, "pdf_input");
        model.reasoning = ability(capabilities, "thinking");
        if (!model.id.isEmpty())
            page.models.append(model);
    }
    bool more = false;
    if (const auto hasMore = member(*json, "has_more");
        hasMore && hasMore->get(more) == simdjson::SUCCESS && more)
        page.next = textMember(*json, "last_id").value_or(QString());
    return page;
}

Result<WireRequest> AnthropicAdapter::buildTokenCount(const ChatRequest &request,
                                                      const Endpoint &endpoint,
                                                      const Credential &credential,
                                                      std::chrono::sys_seconds) const
{
    WireRequest wire;
    auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    // Sampling and limits mean nothing here and are refused as extra inputs.
    for (const auto member :
         {"max_tokens"_L1, "stream"_L1, "temperature"_L1, "top_p"_L1, "stop_sequences"_L1})
        body->remove(member);
    wire.http = jsonPost(endpointUrl(endpoint, QStringLiteral("/v1/messages/count_tokens")), *body);
    finishRequest(wire.http, endpoint, credential);
    return wire;
}

Result<TokenCount> AnthropicAdapter::readTokenCount(const QByteArray &body) const
{
    return tokenCount(countIn(body, "input_tokens"));
}

} // namespace core
