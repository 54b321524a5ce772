#include "core/providers/bedrock.h"

#include "core/net/urlpolicy.h"
#include "core/providers/awskey.h"
#include "core/providers/bedrockbody.h"
#include "core/providers/bedrockdecoder.h"
#include "core/providers/bedrockmodels.h"
#include "core/providers/json.h"
#include "core/providers/wirerequest.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! As one encoded string: QUrl would decode or double the encoding of an id with ":" or "/".
QUrl modelUrl(const Endpoint &endpoint, const QString &model, const QByteArray &call)
{
    QByteArray root = endpoint.baseUrl.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment);
    while (root.endsWith('/'))
        root.chop(1);
    return QUrl::fromEncoded(root + "/model/" + model.toUtf8().toPercentEncoding() + '/' + call);
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
        return makeError(ErrorKind::KeyMissing,
                         textFor("The AWS access keys are not whole: they are an ID and a secret, "
                                 "as AWS shows them."),
                         endpoint.provider.id);
    }
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

} // namespace

Result<WireRequest> BedrockAdapter::buildRequest(const ChatRequest &request,
                                                 const Endpoint &endpoint,
                                                 const Credential &credential,
                                                 std::chrono::sys_seconds now) const
{
    WireRequest wire;
    const auto body = bedrockBody(request, endpoint, wire.warnings);
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
    WireRequest wire;
    wire.http = jsonGet(bedrockListUrl(endpoint, cursor));
    return proven(std::move(wire), endpoint, credential, now);
}

Result<ModelPage> BedrockAdapter::readModelList(const QByteArray &body) const
{
    return bedrockModels(body);
}

QList<ModelInfo> BedrockAdapter::joined(QList<ModelInfo> models) const
{
    return joinedBedrockModels(std::move(models));
}

Result<WireRequest> BedrockAdapter::buildTokenCount(const ChatRequest &request,
                                                    const Endpoint &endpoint,
                                                    const Credential &credential,
                                                    std::chrono::sys_seconds now) const
{
    WireRequest wire;
    auto body = bedrockBody(request, endpoint, wire.warnings);
    if (!body)
        return body.error();
    for (const auto member : {"inferenceConfig"_L1, "outputConfig"_L1})
        body->remove(member);
    // Recorded: a profile's id is refused, the model's own is taken.
    wire.http = jsonPost(modelUrl(endpoint, foundationModelOf(endpoint.model), "count-tokens"),
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
    if (const QString control = originOf(bedrockControlUrl(baseUrl)); !origins.contains(control))
        origins.append(control);
    return origins;
}

} // namespace core
