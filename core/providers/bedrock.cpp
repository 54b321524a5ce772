#include "core/providers/bedrock.h"

#include "core/net/urlpolicy.h"
#include "core/providers/awskey.h"
#include "core/providers/bedrockdecoder.h"
#include "core/providers/json.h"
#include "core/providers/wirerequest.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! Comes after the pages of inference profiles: then the foundation models are listed.
constexpr auto FoundationCursor = "foundation-models"_L1;

QString textFor(const char *sentence)
{
    return QCoreApplication::translate("core::Providers", sentence);
}

QJsonObject objectFrom(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

//! Letters, digits, single spaces, hyphens and brackets: the service refuses other names.
QString documentName(const QString &name)
{
    QString result;
    for (const QChar c : name.section(u'.', 0, -2).isEmpty() ? name : name.section(u'.', 0, -2)) {
        const bool kept = (c.unicode() < 0x80 && c.isLetterOrNumber()) || c == u'-' || c == u'(' ||
                          c == u')' || c == u'[' || c == u']';
        result += kept ? c : QChar(u' ');
    }
    result = result.simplified();
    return result.isEmpty() ? u"document"_s : result;
}

bool isClaude(const QString &model)
{
    return model.contains("anthropic."_L1);
}

//! Messages as blocks; turns of one side in a row are joined, as the service wants them to
//! alternate.
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

private:
    void addSystem(const QString &text)
    {
        if (!text.isEmpty())
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
        if (blocks.isEmpty())
            return;
        const QString role = message.role == Role::Assistant ? u"assistant"_s : u"user"_s;
        if (!m_messages.isEmpty() && m_messages.last().toObject().value("role"_L1) == role) {
            QJsonObject last = m_messages.takeAt(m_messages.size() - 1).toObject();
            QJsonArray joined = last.value("content"_L1).toArray();
            for (const QJsonValue &block : std::as_const(blocks))
                joined.append(block);
            last.insert("content"_L1, joined);
            m_messages.append(last);
        } else {
            m_messages.append(QJsonObject{{"role"_L1, role}, {"content"_L1, blocks}});
        }
    }

    QJsonObject blockOf(const ContentPart &part)
    {
        if (const auto *text = std::get_if<TextPart>(&part))
            return text->text.isEmpty() ? QJsonObject() : QJsonObject{{"text"_L1, text->text}};
        if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
            return reasoningBlock(*reasoning);
        if (const auto *file = std::get_if<AttachmentPart>(&part))
            return fileBlock(*file);
        if (const auto *call = std::get_if<ToolCallPart>(&part))
            return {{"toolUse"_L1, QJsonObject{{"toolUseId"_L1, call->id},
                                               {"name"_L1, call->name},
                                               {"input"_L1, objectFrom(call->arguments)}}}};
        const auto &result = std::get<ToolResultPart>(part);
        QJsonObject block{{"toolUseId"_L1, result.callId},
                          {"content"_L1, QJsonArray{QJsonObject{{"text"_L1, result.content}}}}};
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
        const QJsonObject source{{"bytes"_L1, base64(file.data)}};
        if (isText(file))
            return {{"text"_L1, promptText(file)}};
        if (isImage(file))
            return {{"image"_L1, QJsonObject{{"format"_L1, file.mimeType.section(u'/', 1)},
                                             {"source"_L1, source}}}};
        if (file.mimeType == "application/pdf"_L1)
            return {{"document"_L1, QJsonObject{{"format"_L1, "pdf"_L1},
                                                {"name"_L1, documentName(file.name)},
                                                {"source"_L1, source}}}};
        const QString warning = leftOut(m_endpoint, file.name);
        if (!m_warnings.contains(warning))
            m_warnings.append(warning);
        return {};
    }

    const Endpoint &m_endpoint;
    QJsonArray m_messages;
    QJsonArray m_system;
    QStringList m_warnings;
};

void addOptions(QJsonObject &body, const ChatOptions &options)
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
        const QJsonObject schema{{"name"_L1, "answer"_L1},
                                 {"schema"_L1, QString::fromUtf8(options.jsonSchema)}};
        const QJsonObject format{{"type"_L1, "json_schema"_L1},
                                 {"structure"_L1, QJsonObject{{"jsonSchema"_L1, schema}}}};
        body.insert("outputConfig"_L1, QJsonObject{{"textFormat"_L1, format}});
    }
}

//! Only Claude's own members are known; other models' reasoning is left to their defaults.
void addReasoning(QJsonObject &body, const ChatOptions &options, const Endpoint &endpoint,
                  QStringList &warnings)
{
    if (options.reasoningEffort.isEmpty())
        return;
    if (!isClaude(endpoint.model)) {
        warnings.append(leftOut(endpoint, textFor("a reasoning effort for this model")));
        return;
    }
    if (options.reasoningEffort == "none"_L1)
        return; // without the member Claude does not reason
    static const QHash<QString, int> budgets{
        {u"minimal"_s, 1'024}, {u"low"_s, 1'024}, {u"medium"_s, 4'096}};
    constexpr int Least = 1'024;
    int budget = budgets.value(options.reasoningEffort, 16'384);
    if (options.maxOutputTokens)
        budget = std::min(budget, *options.maxOutputTokens - 1); // it is a part of the answer
    if (budget < Least) {
        warnings.append(leftOut(endpoint, textFor("a reasoning effort with so short an answer")));
        return;
    }
    static const QStringList levels{u"low"_s, u"medium"_s, u"high"_s};
    if (!levels.contains(options.reasoningEffort))
        warnings.append(nearestEffort(endpoint, options.reasoningEffort));
    body.insert("additionalModelRequestFields"_L1,
                QJsonObject{{"thinking"_L1, QJsonObject{{"type"_L1, "enabled"_L1},
                                                        {"budget_tokens"_L1, budget}}}});
}

void addTools(QJsonObject &body, const ChatRequest &request, const Endpoint &endpoint,
              QStringList &warnings)
{
    if (request.tools.isEmpty())
        return;
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

//! As one encoded string: QUrl would decode or double the encoding of an id with ":" or "/".
QUrl modelUrl(const Endpoint &endpoint, const QString &model, const QByteArray &call)
{
    QByteArray root = endpoint.baseUrl.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment);
    while (root.endsWith('/'))
        root.chop(1);
    return QUrl::fromEncoded(root + "/model/" + model.toUtf8().toPercentEncoding() + '/' + call);
}

//! The host with the lists, beside \p host that answers: both of AWS, of one region. Nothing for
//! any other host, which has to answer everything itself: a key goes no further than its user
//! meant.
QString controlHost(const QString &host)
{
    static const QRegularExpression runtime(
        u"^bedrock-runtime(-fips)?\\.([a-z]{2}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2})"
        "\\.(amazonaws\\.com|amazonaws\\.com\\.cn)$"_s);
    const QRegularExpressionMatch match = runtime.match(host);
    return match.hasMatch()
               ? u"bedrock%1.%2.%3"_s.arg(match.captured(1), match.captured(2), match.captured(3))
               : QString();
}

QUrl controlUrl(const QUrl &baseUrl)
{
    QUrl url = baseUrl;
    if (const QString host = controlHost(url.host());
        !host.isEmpty() && url.scheme() == "https"_L1 && url.port(443) == 443)
        url.setHost(host);
    return url;
}

//! The foundation model that a profile's id or ARN names ("us.anthropic.claude-…"), as calls that
//! take no profile want it.
QString foundationOf(const QString &model)
{
    static const QRegularExpression place(
        u"^(?:us|us-gov|eu|apac|ap|jp|au|ca|sa|me|af|in|uk|global)\\."_s);
    const QString id = model.startsWith("arn:"_L1) ? model.section(u'/', -1) : model;
    return QString(id).remove(place);
}

//! \p wire, signed or with the bearer key. Error: KeyMissing, for access keys that lack a part:
//! sent as a bearer key they would show the secret.
Result<WireRequest> proven(WireRequest wire, const Endpoint &endpoint, const Credential &credential,
                           std::chrono::sys_seconds now)
{
    if (const auto keys = awsCredentialsFrom(credential.key)) {
        sign(wire.http, *keys, {awsRegionOf(endpoint.baseUrl), "bedrock", now});
        wire.secrets = {keys->secretAccessKey, keys->sessionToken};
        return wire;
    }
    if (isAwsPair(credential.key)) {
        Error error;
        error.kind = ErrorKind::KeyMissing;
        error.provider = endpoint.provider.id;
        error.detail = textFor("The AWS access keys are not whole: they are an ID and a secret, as "
                               "AWS shows them.");
        return error;
    }
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Error notAList()
{
    Error error;
    error.kind = ErrorKind::ProtocolError;
    error.detail = QStringLiteral("The answer is not a list of models.");
    return error;
}

ModelPage profilesFrom(const QJsonObject &answer)
{
    ModelPage page;
    for (const QJsonValue &value : answer.value("inferenceProfileSummaries"_L1).toArray()) {
        if (value["status"_L1].toString(u"ACTIVE"_s) != "ACTIVE"_L1)
            continue;
        ModelInfo model;
        // A profile of the account's own has a meaningless id and is called by its ARN.
        const bool isOwn = value["type"_L1].toString() == "APPLICATION"_L1;
        model.id = value[isOwn ? "inferenceProfileArn"_L1 : "inferenceProfileId"_L1].toString();
        model.name = value["inferenceProfileName"_L1].toString();
        model.behind = value["models"_L1][0]["modelArn"_L1].toString().section(u'/', -1);
        page.models.append(model);
    }
    page.next = answer.value("nextToken"_L1).toString();
    if (page.next.isEmpty())
        page.next = FoundationCursor;
    return page;
}

ModelPage foundationFrom(const QJsonObject &answer)
{
    ModelPage page;
    for (const QJsonValue &value : answer.value("modelSummaries"_L1).toArray()) {
        ModelInfo model;
        model.id = value["modelId"_L1].toString();
        model.name = value["modelName"_L1].toString();
        if (const QJsonValue inputs = value["inputModalities"_L1]; inputs.isArray())
            model.images = inputs.toArray().contains("IMAGE"_L1);
        if (!value["outputModalities"_L1].toArray().contains("TEXT"_L1) ||
            !value["responseStreamingSupported"_L1].toBool(true))
            model.use = ModelUse::Other;
        else if (!value["inferenceTypesSupported"_L1].toArray().contains("ON_DEMAND"_L1))
            model.use = ModelUse::OnlyBehind; // most newer models
        page.models.append(model);
    }
    return page;
}

Result<QJsonObject> bodyFrom(const ChatRequest &request, const Endpoint &endpoint,
                             QStringList &warnings)
{
    const Turns turns(request, endpoint);
    if (turns.messages().isEmpty()) {
        Error error;
        error.kind = ErrorKind::InputRejected;
        error.provider = endpoint.provider.id;
        error.detail = textFor("There is nothing to send that this service can take.");
        return error;
    }
    warnings = turns.warnings();
    QJsonObject body{{"messages"_L1, turns.messages()}};
    if (!turns.system().isEmpty())
        body.insert("system"_L1, turns.system());
    addOptions(body, samplingTaken(request.options, endpoint, warnings));
    addReasoning(body, request.options, endpoint, warnings);
    addTools(body, request, endpoint, warnings);
    return body;
}

} // namespace

Result<WireRequest> BedrockAdapter::buildRequest(const ChatRequest &request,
                                                 const Endpoint &endpoint,
                                                 const Credential &credential,
                                                 std::chrono::sys_seconds now) const
{
    WireRequest wire;
    const auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    wire.http = jsonPost(modelUrl(endpoint, endpoint.model, "converse-stream"), *body);
    wire.http.headers.set("Accept", "application/vnd.amazon.eventstream");
    return proven(std::move(wire), endpoint, credential, now);
}

std::unique_ptr<StreamDecoder> BedrockAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<BedrockDecoder>(headers);
}

ResponseFacts BedrockAdapter::readHeaders(const HttpHeaders &headers) const
{
    ResponseFacts facts;
    facts.requestId = QString::fromUtf8(headers.value("x-amzn-requestid")).left(200);
    return facts;
}

Error BedrockAdapter::readError(int status, const HttpHeaders &headers,
                                const QByteArray &body) const
{
    return bedrockError(status, headers, QString::fromUtf8(headers.value("x-amzn-errortype")),
                        body);
}

Result<WireRequest> BedrockAdapter::buildModelList(const Endpoint &endpoint,
                                                   const Credential &credential,
                                                   const QString &cursor,
                                                   std::chrono::sys_seconds now) const
{
    const bool foundation = cursor == FoundationCursor;
    const Endpoint control{endpoint.provider, controlUrl(endpoint.baseUrl), {}};
    QUrl url =
        endpointUrl(control, foundation ? u"/foundation-models"_s : u"/inference-profiles"_s);
    QUrlQuery query;
    if (!foundation)
        query.addQueryItem(u"maxResults"_s, u"1000"_s);
    if (!foundation && !cursor.isEmpty())
        query.addQueryItem(u"nextToken"_s, QString::fromLatin1(QUrl::toPercentEncoding(cursor)));
    url.setQuery(query);
    WireRequest wire;
    wire.http = jsonGet(url);
    return proven(std::move(wire), endpoint, credential, now);
}

Result<ModelPage> BedrockAdapter::readModelList(const QByteArray &body) const
{
    const QJsonObject answer = objectFrom(body);
    if (answer.value("inferenceProfileSummaries"_L1).isArray())
        return profilesFrom(answer);
    if (answer.value("modelSummaries"_L1).isArray())
        return foundationFrom(answer);
    return notAList();
}

QList<ModelInfo> BedrockAdapter::joined(QList<ModelInfo> models) const
{
    QHash<QString, ModelInfo> known;
    for (const ModelInfo &model : std::as_const(models)) {
        if (model.behind.isEmpty())
            known.insert(model.id, model);
    }
    for (ModelInfo &model : models) {
        if (model.behind.isEmpty())
            continue;
        const auto found = known.constFind(model.behind);
        if (found == known.constEnd())
            continue; // of another region, perhaps
        model.images = found->images;
        if (found->use == ModelUse::Other)
            model.use = ModelUse::Other;
    }
    return models;
}

Result<WireRequest> BedrockAdapter::buildTokenCount(const ChatRequest &request,
                                                    const Endpoint &endpoint,
                                                    const Credential &credential,
                                                    std::chrono::sys_seconds now) const
{
    WireRequest wire;
    auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    for (const auto member : {"inferenceConfig"_L1, "outputConfig"_L1})
        body->remove(member);
    // Recorded: a profile's id is refused, the model's own is taken.
    wire.http = jsonPost(modelUrl(endpoint, foundationOf(endpoint.model), "count-tokens"),
                         {{"input"_L1, QJsonObject{{"converse"_L1, *body}}}});
    return proven(std::move(wire), endpoint, credential, now);
}

Result<TokenCount> BedrockAdapter::readTokenCount(const QByteArray &body) const
{
    return tokenCount(countIn(body, "inputTokens"));
}

QStringList BedrockAdapter::origins(const QUrl &baseUrl) const
{
    QStringList origins{originOf(baseUrl)};
    if (const QString control = originOf(controlUrl(baseUrl)); !origins.contains(control))
        origins.append(control);
    return origins;
}

} // namespace core
