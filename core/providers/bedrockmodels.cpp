#include "core/providers/bedrockmodels.h"

#include "core/providers/wirerequest.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QUrlQuery>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! Comes after the pages of inference profiles: then the foundation models are listed.
constexpr auto FoundationCursor = "foundation-models"_L1;

//! The host with the lists, beside \p host that answers; empty if that is none of AWS.
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

} // namespace

QUrl bedrockControlUrl(const QUrl &baseUrl)
{
    QUrl url = baseUrl;
    if (const QString host = controlHost(url.host());
        !host.isEmpty() && url.scheme() == "https"_L1 && url.port(443) == 443)
        url.setHost(host);
    return url;
}

QUrl bedrockListUrl(const Endpoint &endpoint, const QString &cursor)
{
    const bool foundation = cursor == FoundationCursor;
    const Endpoint control{endpoint.provider, bedrockControlUrl(endpoint.baseUrl), {}};
    QUrl url =
        endpointUrl(control, foundation ? u"/foundation-models"_s : u"/inference-profiles"_s);
    QUrlQuery query;
    if (!foundation)
        query.addQueryItem(u"maxResults"_s, u"1000"_s);
    if (!foundation && !cursor.isEmpty())
        query.addQueryItem(u"nextToken"_s, QString::fromLatin1(QUrl::toPercentEncoding(cursor)));
    url.setQuery(query);
    return url;
}

Result<ModelPage> bedrockModels(const QByteArray &body)
{
    const QJsonObject answer = objectFrom(body);
    if (answer.value("inferenceProfileSummaries"_L1).isArray())
        return profilesFrom(answer);
    if (answer.value("modelSummaries"_L1).isArray())
        return foundationFrom(answer);
    return notAModelList();
}

QList<ModelInfo> joinedBedrockModels(QList<ModelInfo> models)
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

QString foundationModelOf(const QString &model)
{
    static const QRegularExpression place(
        u"^(?:us|us-gov|eu|apac|ap|jp|au|ca|sa|me|af|in|uk|global)\\."_s);
    const QString id = model.startsWith("arn:"_L1) ? model.section(u'/', -1) : model;
    return QString(id).remove(place);
}

} // namespace core
