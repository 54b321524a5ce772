#include "core/providers/bedrockbody.h"

#include "core/providers/claudethinking.h"
#include "core/providers/strictschema.h"
#include "core/providers/wirerequest.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <utility>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! The service refuses a text without a character that can be seen, and the whole request with it.
bool isBlank(const QString &text)
{
    return text.trimmed().isEmpty();
}

//! Letters, digits, single spaces, hyphens and brackets, of a limited length: the service refuses
//! other names.
QString documentName(const QString &name)
{
    constexpr qsizetype Longest = 180; // the service's own limit is 200
    QString result;
    for (const QChar c : name.section(u'.', 0, -2).isEmpty() ? name : name.section(u'.', 0, -2)) {
        const bool kept = (c.unicode() < 0x80 && c.isLetterOrNumber()) || c == u'-' || c == u'(' ||
                          c == u')' || c == u'[' || c == u']';
        result += kept ? c : QChar(u' ');
    }
    result = result.simplified().left(Longest).trimmed();
    return result.isEmpty() ? u"document"_s : result;
}

bool isClaude(const QString &model)
{
    return model.contains("anthropic."_L1);
}

//! Messages as blocks.
class Turns
{
public:
    Turns(const ChatRequest &request, const Endpoint &endpoint)
        : m_endpoint(endpoint)
    {
        addSystem(request.options.system);
        for (const Message &message : request.messages)
            add(message);
    }

    [[nodiscard]] const QJsonArray &messages() const { return m_messages; }
    [[nodiscard]] const QJsonArray &system() const { return m_system; }
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }
    //! Names of the tools that were called, each once.
    [[nodiscard]] const QStringList &calledTools() const { return m_calledTools; }

private:
    void addSystem(const QString &text)
    {
        if (!isBlank(text))
            m_system.append(QJsonObject{{"text"_L1, text}});
    }

    void add(const Message &message)
    {
        if (message.role == Role::System)
            return addSystem(textOf(message.parts));
        QJsonArray blocks;
        for (const ContentPart &part : message.parts) {
            if (const QJsonObject block = blockOf(part); !block.isEmpty())
                blocks.append(block);
        }
        // What was thought and led to nothing: the service refuses it at the end of a turn.
        while (!blocks.isEmpty() && blocks.last().toObject().contains("reasoningContent"_L1))
            blocks.removeLast();
        if (blocks.isEmpty())
            return;
        addTextBesideDocument(blocks);
        const QString role = message.role == Role::Assistant ? u"assistant"_s : u"user"_s;
        addTurn(m_messages, role, "content"_L1, blocks);
    }

    //! The service refuses a document without a text beside it: its name does.
    void addTextBesideDocument(QJsonArray &blocks)
    {
        const QString name = std::exchange(m_documentName, QString());
        const bool hasText = std::any_of(blocks.begin(), blocks.end(), [](const QJsonValue &block) {
            return block.toObject().contains("text"_L1);
        });
        if (!name.isEmpty() && !hasText)
            blocks.append(QJsonObject{{"text"_L1, name}});
    }

    //! The service refuses a name that comes twice in a request.
    [[nodiscard]] QString ownDocumentName(const QString &name)
    {
        const QString plain = documentName(name);
        QString own = plain;
        for (int number = 2; m_documentNames.contains(own.toLower()); ++number)
            own = plain + u" (%1)"_s.arg(number);
        m_documentNames.insert(own.toLower());
        return own;
    }

    QJsonObject blockOf(const ContentPart &part)
    {
        if (const auto *text = std::get_if<TextPart>(&part))
            return isBlank(text->text) ? QJsonObject() : QJsonObject{{"text"_L1, text->text}};
        if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
            return reasoningBlock(*reasoning);
        if (const auto *file = std::get_if<AttachmentPart>(&part))
            return fileBlock(*file);
        if (const auto *call = std::get_if<ToolCallPart>(&part)) {
            if (!m_calledTools.contains(call->name))
                m_calledTools.append(call->name);
            return {{"toolUse"_L1, QJsonObject{{"toolUseId"_L1, call->id},
                                               {"name"_L1, call->name},
                                               {"input"_L1, objectFrom(call->arguments)}}}};
        }
        const auto &result = std::get<ToolResultPart>(part);
        const QString content = isBlank(result.content) ? u"(empty)"_s : result.content;
        QJsonObject block{{"toolUseId"_L1, result.callId},
                          {"content"_L1, QJsonArray{QJsonObject{{"text"_L1, content}}}}};
        if (result.isError)
            block.insert("status"_L1, "error"_L1);
        return {{"toolResult"_L1, block}};
    }

    [[nodiscard]] QJsonObject reasoningBlock(const ReasoningPart &reasoning) const
    {
        if (reasoning.provider != m_endpoint.provider.id)
            return {}; // foreign reasoning means nothing here
        QJsonObject content;
        if (!reasoning.redacted.isEmpty())
            content.insert("redactedContent"_L1, QString::fromUtf8(reasoning.redacted));
        else if (!reasoning.signature.isEmpty())
            content.insert("reasoningText"_L1,
                           QJsonObject{{"text"_L1, reasoning.text},
                                       {"signature"_L1, QString::fromUtf8(reasoning.signature)}});
        return content.isEmpty() ? QJsonObject() : QJsonObject{{"reasoningContent"_L1, content}};
    }

    QJsonObject fileBlock(const AttachmentPart &file)
    {
        const QJsonObject source{{"bytes"_L1, QString::fromLatin1(file.data.toBase64())}};
        if (isText(file))
            return {{"text"_L1, promptText(file)}};
        if (isImage(file))
            return {{"image"_L1, QJsonObject{{"format"_L1, file.mimeType.section(u'/', 1)},
                                             {"source"_L1, source}}}};
        if (file.mimeType == "application/pdf"_L1) {
            const QString name = ownDocumentName(file.name);
            m_documentName = isBlank(file.name) ? name : file.name;
            return {
                {"document"_L1,
                 QJsonObject{{"format"_L1, "pdf"_L1}, {"name"_L1, name}, {"source"_L1, source}}}};
        }
        const QString warning = leftOut(m_endpoint, file.name);
        if (!m_warnings.contains(warning))
            m_warnings.append(warning);
        return {};
    }

    const Endpoint &m_endpoint;
    QJsonArray m_messages;
    QJsonArray m_system;
    QStringList m_warnings;
    QStringList m_calledTools;
    QSet<QString> m_documentNames; //!< In lower case.
    QString m_documentName;        //!< Of a document of the turn at hand, for people.
};

void addOptions(QJsonObject &body, const ChatOptions &options, bool forClaude)
{
    QJsonObject config;
    if (options.maxOutputTokens)
        config.insert("maxTokens"_L1, *options.maxOutputTokens);
    if (options.temperature)
        config.insert("temperature"_L1, *options.temperature);
    if (options.topP)
        config.insert("topP"_L1, *options.topP);
    if (!options.stop.isEmpty())
        config.insert("stopSequences"_L1, QJsonArray::fromStringList(options.stop));
    if (!config.isEmpty())
        body.insert("inferenceConfig"_L1, config);
    if (!options.jsonSchema.isEmpty()) {
        // The schema goes as text, as AWS's own SDK has it.
        const QByteArray text = forClaude ? closedSchema(options.jsonSchema) : options.jsonSchema;
        const QJsonObject schema{{"name"_L1, "answer"_L1}, {"schema"_L1, QString::fromUtf8(text)}};
        const QJsonObject format{{"type"_L1, "json_schema"_L1},
                                 {"structure"_L1, QJsonObject{{"jsonSchema"_L1, schema}}}};
        body.insert("outputConfig"_L1, QJsonObject{{"textFormat"_L1, format}});
    }
}

//! Only Claude's own members are known; other models' reasoning is left to their defaults. The
//! options that go beside it.
ChatOptions addReasoning(QJsonObject &body, const ChatOptions &options, const Endpoint &endpoint,
                         QStringList &warnings)
{
    if (options.reasoningEffort.isEmpty())
        return options;
    if (!isClaude(endpoint.model)) {
        warnings.append(leftOut(endpoint, textFor("a reasoning effort for this model")));
        return options;
    }
    const ClaudeThinking how =
        claudeThinking(endpoint, options.reasoningEffort, options.maxOutputTokens, warnings);
    QJsonObject fields;
    if (!how.thinking.isEmpty())
        fields.insert("thinking"_L1, how.thinking);
    if (!how.effort.isEmpty())
        fields.insert("output_config"_L1, QJsonObject{{"effort"_L1, how.effort}});
    if (!fields.isEmpty())
        body.insert("additionalModelRequestFields"_L1, fields);
    return samplingBeside(how, options, endpoint, warnings);
}

//! Calls and results are refused in a request that declares no tool: what was called is declared
//! again then, by its name.
void redeclareTools(QJsonObject &body, const QStringList &called)
{
    const QJsonObject anything{{"json"_L1, QJsonObject{{"type"_L1, "object"_L1}}}};
    QJsonArray tools;
    for (const QString &name : called)
        tools.append(QJsonObject{
            {"toolSpec"_L1, QJsonObject{{"name"_L1, name}, {"inputSchema"_L1, anything}}}});
    if (!tools.isEmpty())
        body.insert("toolConfig"_L1, QJsonObject{{"tools"_L1, tools}});
}

void addTools(QJsonObject &body, const ChatRequest &request, const Endpoint &endpoint,
              const QStringList &called, QStringList &warnings)
{
    if (request.tools.isEmpty())
        return redeclareTools(body, called);
    QJsonArray tools;
    for (const ToolDefinition &tool : request.tools)
        tools.append(QJsonObject{
            {"toolSpec"_L1, QJsonObject{{"name"_L1, tool.name},
                                        {"description"_L1, tool.description},
                                        {"inputSchema"_L1,
                                         QJsonObject{{"json"_L1, objectFrom(tool.parameters)}}}}}});
    QJsonObject config{{"tools"_L1, tools}};
    if (request.toolChoice == "auto"_L1)
        config.insert("toolChoice"_L1, QJsonObject{{"auto"_L1, QJsonObject()}});
    else if (request.toolChoice == "required"_L1)
        config.insert("toolChoice"_L1, QJsonObject{{"any"_L1, QJsonObject()}});
    else if (request.toolChoice == "none"_L1)
        warnings.append(leftOut(endpoint, textFor("the choice of no tool")));
    else if (!request.toolChoice.isEmpty())
        config.insert("toolChoice"_L1,
                      QJsonObject{{"tool"_L1, QJsonObject{{"name"_L1, request.toolChoice}}}});
    body.insert("toolConfig"_L1, config);
}

} // namespace

Result<QJsonObject> bedrockBody(const ChatRequest &request, const Endpoint &endpoint,
                                QStringList &warnings)
{
    const Turns turns(request, endpoint);
    if (turns.messages().isEmpty())
        return nothingToSend(endpoint);
    warnings = turns.warnings();
    QJsonObject body{{"messages"_L1, turns.messages()}};
    if (!turns.system().isEmpty())
        body.insert("system"_L1, turns.system());
    const ChatOptions sampled = samplingTaken(request.options, endpoint, warnings);
    addOptions(body, addReasoning(body, sampled, endpoint, warnings), isClaude(endpoint.model));
    addTools(body, request, endpoint, turns.calledTools(), warnings);
    return body;
}

} // namespace core
