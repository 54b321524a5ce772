#include "core/providers/wirerequest.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonDocument>

#include <algorithm>

namespace core {

namespace {

//! Whether the model refuses a temperature and top_p whatever they are.
bool hasFixedSampling(const Endpoint &endpoint)
{
    const QString &model = endpoint.model;
    const QStringList &names = endpoint.provider.fixedSamplingModels;
    return std::any_of(names.begin(), names.end(), [&model](const QString &name) {
        return model == name || model.startsWith(name + QStringLiteral("-20"));
    });
}

//! Whether it is a Claude that takes no temperature but its own, and no top_p.
bool hasOwnSampling(const Endpoint &endpoint)
{
    const QString &model = endpoint.model;
    const QStringList &takers = endpoint.provider.samplingModels;
    return !takers.isEmpty() && model.contains(QStringLiteral("claude")) &&
           std::none_of(takers.begin(), takers.end(),
                        [&model](const QString &name) { return model.contains(name); });
}

} // namespace

QUrl endpointUrl(const Endpoint &endpoint, const QString &path)
{
    QUrl url = endpoint.baseUrl;
    QString root = url.path();
    while (root.endsWith(QLatin1Char('/')))
        root.chop(1);
    url.setPath(root + path);
    return url;
}

void addKey(HttpHeaders &headers, const Endpoint &endpoint, const Credential &credential)
{
    const QByteArray &name = endpoint.provider.authHeader;
    if (name.isEmpty() || credential.key.isEmpty())
        return;
    if (credential.kind == CredentialKind::AccessToken)
        return headers.set("Authorization", "Bearer " + credential.key.revealCopy());
    const bool bearer = name.compare("authorization", Qt::CaseInsensitive) == 0;
    headers.set(name,
                (bearer ? QByteArray("Bearer ") : QByteArray()) + credential.key.revealCopy());
}

QString textFor(const char *sentence)
{
    return QCoreApplication::translate("core::Providers", sentence);
}

QJsonObject objectFrom(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

void addTurn(QJsonArray &turns, const QString &role, QLatin1StringView content,
             const QJsonArray &blocks)
{
    const QLatin1StringView side("role");
    if (turns.isEmpty() || turns.last().toObject().value(side) != role) {
        turns.append(QJsonObject{{side, role}, {content, blocks}});
        return;
    }
    QJsonObject last = turns.takeAt(turns.size() - 1).toObject();
    QJsonArray joined = last.value(content).toArray();
    for (const QJsonValue &block : blocks)
        joined.append(block);
    last.insert(content, joined);
    turns.append(last);
}

HttpRequest jsonPost(const QUrl &url, const QJsonObject &body)
{
    HttpRequest request;
    request.url = url;
    request.headers.set("Content-Type", "application/json");
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

HttpRequest jsonGet(const QUrl &url)
{
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.headers.set("Accept", "application/json");
    return request;
}

std::optional<WireRequest> keyCheck(const Endpoint &endpoint, const Credential &credential)
{
    if (endpoint.provider.keyCheckPath.isEmpty())
        return std::nullopt;
    WireRequest wire;
    wire.http = jsonGet(endpointUrl(endpoint, endpoint.provider.keyCheckPath));
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<TokenCount> tokenCount(std::optional<qint64> tokens)
{
    if (tokens)
        return TokenCount{*tokens};
    return makeError(ErrorKind::ProtocolError,
                     QStringLiteral("The answer is not a count of tokens."));
}

Error nothingToSend(const Endpoint &endpoint)
{
    return makeError(ErrorKind::InputRejected,
                     textFor("There is nothing to send that this service can take."),
                     endpoint.provider.id);
}

Error notAModelList()
{
    return makeError(ErrorKind::ProtocolError,
                     QStringLiteral("The answer is not a list of models."));
}

ChatOptions samplingTaken(ChatOptions options, const Endpoint &endpoint, QStringList &warnings)
{
    const bool isFixed = hasFixedSampling(endpoint);
    if (!isFixed && !hasOwnSampling(endpoint))
        return options;
    const auto say = [&](const char *what) { warnings.append(leftOut(endpoint, textFor(what))); };
    // 1 is their own: nothing changes without it.
    if (options.temperature && *options.temperature != 1.0)
        say("a temperature for this model");
    if (options.temperature && (isFixed || *options.temperature != 1.0))
        options.temperature.reset();
    if (options.topP) {
        options.topP.reset();
        say("top_p for this model");
    }
    return options;
}

ChatOptions effortTaken(ChatOptions options, const Endpoint &endpoint, QStringList &warnings)
{
    const QStringList &refusers = endpoint.provider.unreasoningModels;
    const bool isRefused =
        std::any_of(refusers.begin(), refusers.end(),
                    [&endpoint](const QString &name) { return endpoint.model.contains(name); });
    if (options.reasoningEffort.isEmpty() || (endpoint.provider.reasoningEffort && !isRefused))
        return options;
    const char *what = isRefused ? "a reasoning effort for this model" : "a reasoning effort";
    if (options.reasoningEffort != QStringLiteral("none") || !isRefused)
        warnings.append(leftOut(endpoint, QCoreApplication::translate("core::Providers", what)));
    options.reasoningEffort.clear();
    return options;
}

QString leftOut(const Endpoint &endpoint, const QString &what)
{
    return textFor("%1 does not take %2; it was left out.").arg(endpoint.provider.name, what);
}

QString failureUnsaid(const Endpoint &endpoint)
{
    return leftOut(endpoint, textFor("the mark that a tool has failed"));
}

QString nearestEffort(const Endpoint &endpoint, const QString &effort)
{
    return textFor("%1 has no reasoning effort \"%2\"; the nearest one was sent.")
        .arg(endpoint.provider.name, effort);
}

} // namespace core
