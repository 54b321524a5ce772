#include "tests/core/providers/requesttable.h"

#include "core/chat/attachment.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;
using namespace core;

namespace test {

namespace {

Message user(QList<ContentPart> parts)
{
    return {Role::User, std::move(parts)};
}

AttachmentPart file(const QString &name, const QByteArray &bytes)
{
    const auto part = attachmentFrom(name, bytes);
    return part ? *part : AttachmentPart();
}

ToolDefinition weatherTool()
{
    return {u"weather"_s, u"Tells the weather."_s,
            R"({"type":"object","properties":{"city":{"type":"string"}}})"};
}

//! An assistant's turn that thought, spoke and called a tool; the thought is \p provider's.
Message calling(const QString &provider)
{
    return {Role::Assistant,
            {ReasoningPart{u"hm"_s, "rs_1 c2lnbmVk", {}, provider}, TextPart{u"I look."_s},
             ToolCallPart{u"call_1"_s, u"weather"_s, R"({"city":"Ulm"})"}}};
}

} // namespace

ChatRequest requestOf(const QString &name, const QString &provider)
{
    ChatRequest request;
    request.messages = {user({TextPart{u"Hi"_s}})};
    if (name == "system"_L1) {
        request.options.system = u"Be brief."_s;
    } else if (name == "multi-turn"_L1) {
        request.messages.append({Role::Assistant, {TextPart{u"Hello."_s}}});
        request.messages.append(user({TextPart{u"Again"_s}}));
    } else if (name == "image"_L1) {
        request.messages = {user({file(u"dot.gif"_s, "GIF89a"), TextPart{u"What is it?"_s}})};
    } else if (name == "document"_L1) {
        request.messages = {user({file(u"paper 1.pdf"_s, "%PDF-1.7"), TextPart{u"Sum up"_s}})};
    } else if (name == "text-file"_L1) {
        request.messages = {user({file(u"a.txt"_s, "one\n"), TextPart{u"Sum up"_s}})};
    } else if (name == "tools"_L1) {
        request.tools = {weatherTool()};
        request.toolChoice = u"required"_s;
    } else if (name == "named-tool"_L1) {
        request.tools = {weatherTool()};
        request.toolChoice = u"weather"_s;
    } else if (name == "no-tool"_L1) {
        request.tools = {weatherTool()};
        request.toolChoice = u"none"_s;
    } else if (name == "tool-result"_L1 || name == "foreign-reasoning"_L1) {
        request.tools = {weatherTool()};
        request.messages.append(calling(name == "tool-result"_L1 ? provider : u"elsewhere"_s));
        request.messages.append({Role::Tool, {ToolResultPart{u"call_1"_s, u"Rain"_s, false}}});
    } else if (name == "two-results"_L1) {
        request.tools = {weatherTool()};
        request.messages.append({Role::Assistant,
                                 {ToolCallPart{u"call_1"_s, u"weather"_s, R"({"city":"Ulm"})"},
                                  ToolCallPart{u"call_2"_s, u"weather"_s, R"({"city":"Bonn"})"}}});
        request.messages.append({Role::Tool, {ToolResultPart{u"call_1"_s, u"Rain"_s, false}}});
        request.messages.append({Role::Tool, {ToolResultPart{u"call_2"_s, u"Sun"_s, false}}});
    } else if (name == "failed-tool"_L1) {
        request.messages.append({Role::Assistant, {ToolCallPart{u"call_1"_s, u"weather"_s, {}}}});
        request.messages.append({Role::Tool, {ToolResultPart{u"call_1"_s, u"No net"_s, true}}});
    } else if (name == "blank-texts"_L1) {
        request.options.system = u" \n"_s;
        request.tools = {weatherTool()};
        request.messages.append(
            {Role::Assistant,
             {TextPart{u"\n\n"_s}, ToolCallPart{u"call_1"_s, u"weather"_s, R"({"city":"Ulm"})"}}});
        request.messages.append({Role::Tool, {ToolResultPart{u"call_1"_s, u" \n"_s, false}}});
    } else if (name == "reasoning-last"_L1) {
        const ReasoningPart thought{u"hm"_s, "rs_1 c2lnbmVk", {}, provider};
        request.messages.append({Role::Assistant, {thought, TextPart{u"\n\n"_s}, thought}});
        request.messages.append(user({TextPart{u"Again"_s}}));
    } else if (name == "documents-of-one-name"_L1) {
        request.messages = {user({file(u"paper 1.pdf"_s, "%PDF-1.7"),
                                  file(u"paper_1.pdf"_s, "%PDF-1.7"), TextPart{u"Compare"_s}}),
                            {Role::Assistant, {TextPart{u"Alike."_s}}},
                            user({file(u"Paper 1.pdf"_s, "%PDF-1.7")})};
    } else if (name == "reasoning"_L1) {
        request.options.reasoningEffort = u"low"_s;
    } else if (name == "high-reasoning"_L1) {
        request.options.reasoningEffort = u"high"_s;
    } else if (name == "no-reasoning"_L1) {
        request.options.reasoningEffort = u"none"_s;
    } else if (name == "limits"_L1) {
        request.options.maxOutputTokens = 100;
        request.options.temperature = 0.5;
        request.options.topP = 0.9;
        request.options.stop = {u"END"_s};
    } else if (name == "schema"_L1) {
        request.options.jsonSchema = R"({"type":"object","properties":{"why":{"type":"string"},)"
                                     R"("city":{"type":"string"}},"required":["why","city"],)"
                                     R"("additionalProperties":false})";
    }
    return request;
}

QJsonObject tableOf(const QString &name)
{
    QFile file(QStringLiteral(FARTHING_TEST_DATA "/requests/%1.json").arg(name));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

Endpoint endpointOf(const ProviderInfo &row, const QJsonObject &table)
{
    const QString url = table.value("base_url"_L1).toString();
    return {row, url.isEmpty() ? row.baseUrl : QUrl(url), table.value("model"_L1).toString()};
}

Result<WireRequest> wireOf(const ProviderRegistry &registry, const ProviderInfo &row,
                           const QString &model, const ChatRequest &request)
{
    const QUrl url = row.baseUrl.isEmpty() ? QUrl(u"https://example.com"_s) : row.baseUrl;
    return registry.adapter(row.protocol)
        ->buildRequest(request, {row, url, model}, {SecretString(Key)}, {});
}

} // namespace test
