#include "core/providers/gemini.h"

#include "core/providers/geminidecoder.h"
#include "core/providers/openaierror.h"
#include "core/providers/strictschema.h"
#include "core/providers/wirerequest.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QUrlQuery>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! The turns as the API wants them: two roles, calls answered by name, signatures where they stood.
class Contents
{
public:
    Contents(const ChatRequest &request, const Endpoint &endpoint)
        : m_endpoint(endpoint)
    {
        for (const Message &message : request.messages)
            add(message);
    }

    [[nodiscard]] const QJsonArray &turns() const { return m_turns; }
    [[nodiscard]] const QString &system() const { return m_system; }
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }

private:
    void add(const Message &message)
    {
        if (message.role == Role::System) {
            m_system += (m_system.isEmpty() ? QString() : u"\n\n"_s) + textOf(message.parts);
            return;
        }
        m_parts = {};
        m_signature.clear();
        for (const ContentPart &part : message.parts)
            addPart(part);
        keepSignature();
        if (m_parts.isEmpty())
            return;
        const QString role = message.role == Role::Assistant ? u"model"_s : u"user"_s;
        addTurn(m_turns, role, "parts"_L1, m_parts);
    }

    void addPart(const ContentPart &part)
    {
        if (const auto *text = std::get_if<TextPart>(&part)) {
            keepSignature();
            if (!text->text.isEmpty())
                m_parts.append(QJsonObject{{"text"_L1, text->text}});
        } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part)) {
            keepSignature();
            if (reasoning->provider == m_endpoint.provider.id)
                m_signature = QString::fromUtf8(reasoning->signature);
        } else if (const auto *file = std::get_if<AttachmentPart>(&part)) {
            addFile(*file);
        } else if (const auto *call = std::get_if<ToolCallPart>(&part)) {
            addCall(*call);
        } else if (const auto *result = std::get_if<ToolResultPart>(&part)) {
            addResult(*result);
        }
    }

    //! A signature that belongs to no call goes back in a text of its own.
    void keepSignature()
    {
        if (!m_signature.isEmpty())
            m_parts.append(
                QJsonObject{{"text"_L1, QString()}, {"thoughtSignature"_L1, m_signature}});
        m_signature.clear();
    }

    void addFile(const AttachmentPart &file)
    {
        if (isText(file))
            m_parts.append(QJsonObject{{"text"_L1, promptText(file)}});
        else if (isImage(file) || file.mimeType == "application/pdf"_L1)
            m_parts.append(
                QJsonObject{{"inlineData"_L1,
                             QJsonObject{{"mimeType"_L1, file.mimeType},
                                         {"data"_L1, QString::fromLatin1(file.data.toBase64())}}}});
        else if (const QString warning = leftOut(m_endpoint, file.name);
                 !m_warnings.contains(warning))
            m_warnings.append(warning);
    }

    void addCall(const ToolCallPart &call)
    {
        m_callNames.insert(call.id, call.name);
        QJsonObject function{{"name"_L1, call.name}, {"args"_L1, objectFrom(call.arguments)}};
        if (!isMadeUpCallId(call.id))
            function.insert("id"_L1, call.id);
        QJsonObject part{{"functionCall"_L1, function}};
        if (!m_signature.isEmpty())
            part.insert("thoughtSignature"_L1, std::exchange(m_signature, {}));
        m_parts.append(part);
    }

    void addResult(const ToolResultPart &result)
    {
        const QLatin1StringView key = result.isError ? "error"_L1 : "result"_L1;
        QJsonObject response{{"name"_L1, m_callNames.value(result.callId)},
                             {"response"_L1, QJsonObject{{key, result.content}}}};
        if (!isMadeUpCallId(result.callId))
            response.insert("id"_L1, result.callId);
        m_parts.append(QJsonObject{{"functionResponse"_L1, response}});
    }

    const Endpoint &m_endpoint;
    QJsonArray m_turns;
    QJsonArray m_parts;  //!< Of the turn at hand.
    QString m_signature; //!< Read, and not yet placed.
    QString m_system;
    QStringList m_warnings;
    QHash<QString, QString> m_callNames; //!< By id: a result goes back under the call's name.
};

//! The budget that models before generation 3 take in place of a level.
int thinkingBudget(const QString &effort)
{
    static const QHash<QString, int> budgets{
        {u"none"_s, 0},      {u"minimal"_s, 512},  {u"low"_s, 1'024}, {u"medium"_s, 8'192},
        {u"high"_s, 24'576}, {u"xhigh"_s, 24'576}, {u"max"_s, 24'576}};
    return budgets.value(effort, -1); // -1: the model decides
}

//! The least budget of a model that always thinks.
constexpr int LeastBudget = 128;

//! The level nearest to \p effort: the larger models of generation 3 always think, the first of
//! them knows only two levels.
QString thinkingLevel(const QString &model, const QString &effort)
{
    if (effort == "none"_L1 || effort == "minimal"_L1) {
        const bool alwaysThinks =
            model.contains("-pro"_L1) || model.contains("gemini-3.7-flash"_L1);
        return alwaysThinks ? u"low"_s : u"minimal"_s;
    }
    const bool isBetween = effort == "medium"_L1 && !model.contains("gemini-3-pro"_L1);
    return effort == "low"_L1 || isBetween ? effort : u"high"_s;
}

//! Empty: the model takes none.
QJsonObject thinkingConfig(const Endpoint &endpoint, const QString &effort, QStringList &warnings)
{
    const QString &model = endpoint.model;
    const bool off = effort == "none"_L1;
    if (model.contains("gemini-2.0"_L1) || model.contains("gemini-1"_L1)) { // they do not think
        if (!off)
            warnings.append(leftOut(endpoint, textFor("a reasoning effort for this model")));
        return {};
    }
    QJsonObject config;
    if (!off)
        config.insert("includeThoughts"_L1, true);
    if (model.contains("gemini-2"_L1)) {
        const bool alwaysThinks = model.contains("2.5-pro"_L1);
        // The budget of the longest efforts is that of "high".
        if (effort == "xhigh"_L1 || effort == "max"_L1 || (off && alwaysThinks))
            warnings.append(nearestEffort(endpoint, effort));
        const int budget = thinkingBudget(effort);
        config.insert("thinkingBudget"_L1, alwaysThinks && budget == 0 ? LeastBudget : budget);
        return config;
    }
    const QString level = thinkingLevel(model, effort);
    config.insert("thinkingLevel"_L1, level);
    if (level != effort)
        warnings.append(nearestEffort(endpoint, effort));
    return config;
}

QJsonObject generationConfig(const ChatOptions &options, const Endpoint &endpoint,
                             QStringList &warnings)
{
    QJsonObject config;
    if (options.maxOutputTokens)
        config.insert("maxOutputTokens"_L1, *options.maxOutputTokens);
    if (options.temperature)
        config.insert("temperature"_L1, *options.temperature);
    if (options.topP)
        config.insert("topP"_L1, *options.topP);
    if (!options.stop.isEmpty())
        config.insert("stopSequences"_L1, QJsonArray::fromStringList(options.stop));
    if (!options.reasoningEffort.isEmpty()) {
        const QJsonObject thinking = thinkingConfig(endpoint, options.reasoningEffort, warnings);
        if (!thinking.isEmpty())
            config.insert("thinkingConfig"_L1, thinking);
    }
    if (!options.jsonSchema.isEmpty()) {
        config.insert("responseMimeType"_L1, "application/json"_L1);
        config.insert("responseJsonSchema"_L1, objectFrom(options.jsonSchema));
    }
    return config;
}

void addTools(QJsonObject &body, const ChatRequest &request)
{
    if (request.tools.isEmpty())
        return;
    QJsonArray functions;
    for (const ToolDefinition &tool : request.tools)
        functions.append(QJsonObject{{"name"_L1, tool.name},
                                     {"description"_L1, tool.description},
                                     {"parametersJsonSchema"_L1, objectFrom(tool.parameters)}});
    body.insert("tools"_L1, QJsonArray{QJsonObject{{"functionDeclarations"_L1, functions}}});
    if (request.toolChoice.isEmpty())
        return;
    QJsonObject choice;
    if (request.toolChoice == "auto"_L1 || request.toolChoice == "none"_L1)
        choice.insert("mode"_L1, request.toolChoice.toUpper());
    else
        choice.insert("mode"_L1, "ANY"_L1);
    if (!choice.isEmpty() && request.toolChoice != "auto"_L1 && request.toolChoice != "none"_L1 &&
        request.toolChoice != "required"_L1)
        choice.insert("allowedFunctionNames"_L1, QJsonArray{request.toolChoice});
    body.insert("toolConfig"_L1, QJsonObject{{"functionCallingConfig"_L1, choice}});
}

//! The API's own lists name models with their collection; a bare id is one of "models".
QString modelPath(const QString &model)
{
    return model.contains(u'/') ? u'/' + model : u"/models/"_s + model;
}

//! The root names no version, as in Google's SDK; one that a user pasted with its version stands.
QUrl versionedUrl(const Endpoint &endpoint, const QString &path)
{
    static const QRegularExpression version(u"/v[0-9][0-9a-z]*/*$"_s);
    const bool isVersioned = endpoint.baseUrl.path().contains(version);
    return endpointUrl(endpoint, isVersioned ? path : u"/v1beta"_s + path);
}

Result<QJsonObject> bodyFrom(const ChatRequest &request, const Endpoint &endpoint,
                             QStringList &warnings)
{
    const Contents contents(request, endpoint);
    if (contents.turns().isEmpty())
        return nothingToSend(endpoint);
    warnings = contents.warnings();
    QJsonObject body{{"contents"_L1, contents.turns()}};
    QString system = request.options.system;
    if (!contents.system().isEmpty())
        system += (system.isEmpty() ? QString() : u"\n\n"_s) + contents.system();
    if (!system.isEmpty())
        body.insert("systemInstruction"_L1,
                    QJsonObject{{"parts"_L1, QJsonArray{QJsonObject{{"text"_L1, system}}}}});
    if (const QJsonObject config = generationConfig(request.options, endpoint, warnings);
        !config.isEmpty())
        body.insert("generationConfig"_L1, config);
    addTools(body, request);
    return body;
}

} // namespace

Result<WireRequest> GeminiAdapter::buildRequest(const ChatRequest &request,
                                                const Endpoint &endpoint,
                                                const Credential &credential,
                                                std::chrono::sys_seconds) const
{
    WireRequest wire;
    const auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    QUrl url = versionedUrl(endpoint, modelPath(endpoint.model) + u":streamGenerateContent"_s);
    url.setQuery(u"alt=sse"_s);
    wire.http = jsonPost(url, *body);
    keepMemberOrder(wire.http, request.options.jsonSchema);
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

std::unique_ptr<StreamDecoder> GeminiAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return std::make_unique<GeminiDecoder>(headers);
}

ResponseFacts GeminiAdapter::readHeaders(const HttpHeaders &) const
{
    return {}; // no id and no limits in headers: the body has the id
}

Error GeminiAdapter::readError(int status, const HttpHeaders &headers, const QByteArray &body) const
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    if (json && (json->is_object() || json->is_array()))
        return geminiError(status, headers, *json);
    return openAiError(status, headers, body); // an edge proxy's page: the status alone tells
}

Result<WireRequest> GeminiAdapter::buildModelList(const Endpoint &endpoint,
                                                  const Credential &credential,
                                                  const QString &cursor,
                                                  std::chrono::sys_seconds) const
{
    QUrl url = versionedUrl(endpoint, u"/models"_s);
    QUrlQuery query;
    query.addQueryItem(u"pageSize"_s, u"1000"_s);
    if (!cursor.isEmpty())
        query.addQueryItem(u"pageToken"_s, QString::fromLatin1(QUrl::toPercentEncoding(cursor)));
    url.setQuery(query);
    WireRequest wire;
    wire.http = jsonGet(url);
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<ModelPage> GeminiAdapter::readModelList(const QByteArray &body) const
{
    const QJsonObject answer = objectFrom(body);
    if (!answer.value("models"_L1).isArray())
        return notAModelList();
    ModelPage page;
    page.next = answer.value("nextPageToken"_L1).toString();
    const auto count = [](const QJsonValue &value) {
        return value.isDouble() && value.toInteger() > 0 ? std::optional(value.toInteger())
                                                         : std::nullopt;
    };
    for (const QJsonValue &value : answer.value("models"_L1).toArray()) {
        const QJsonObject row = value.toObject();
        const QJsonArray methods = row.value("supportedGenerationMethods"_L1).toArray();
        if (!methods.contains("generateContent"_L1))
            continue; // embeddings and the like
        ModelInfo model;
        model.id = row.value("name"_L1).toString();
        if (model.id.startsWith("models/"_L1))
            model.id.remove(0, 7);
        model.name = row.value("displayName"_L1).toString();
        model.contextWindow = count(row.value("inputTokenLimit"_L1));
        model.maxOutput = count(row.value("outputTokenLimit"_L1));
        if (const QJsonValue thinking = row.value("thinking"_L1); thinking.isBool())
            model.reasoning = thinking.toBool();
        page.models.append(model);
    }
    return page;
}

Result<WireRequest> GeminiAdapter::buildTokenCount(const ChatRequest &request,
                                                   const Endpoint &endpoint,
                                                   const Credential &credential,
                                                   std::chrono::sys_seconds) const
{
    WireRequest wire;
    auto body = bodyFrom(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    // The whole request, so that system text and tools are counted, too.
    const QString path = modelPath(endpoint.model);
    body->insert("model"_L1, path.sliced(1));
    wire.http = jsonPost(versionedUrl(endpoint, path + u":countTokens"_s),
                         {{"generateContentRequest"_L1, *body}});
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<TokenCount> GeminiAdapter::readTokenCount(const QByteArray &body) const
{
    return tokenCount(countIn(body, "totalTokens"));
}

} // namespace core
