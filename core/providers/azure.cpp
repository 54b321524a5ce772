#include "core/providers/azure.h"

#include "core/base/redactor.h"
#include "core/providers/json.h"
#include "core/providers/ratelimits.h"
#include "core/providers/wirerequest.h"

#include <QUrlQuery>

namespace core {

using namespace Qt::StringLiterals;

namespace {

//! From this version on streams carry usage and take the newer name of the token limit.
constexpr auto FirstWithUsage = "2024-09-01"_L1;

//! What a base URL says.
struct Surface
{
    QByteArray root;    //!< "https://RESOURCE", encoded, without a slash at its end.
    QString apiVersion; //!< Empty: none was given.
    bool deployments = false;
};

//! Where in the path of \p url the segment \p name begins, with its slash; -1: it has none.
qsizetype placeOfSegment(const QByteArray &url, const QByteArray &name)
{
    const qsizetype host = url.indexOf("://") + 3;
    const QByteArray segment = '/' + name;
    for (qsizetype at = url.indexOf(segment, host); at >= 0; at = url.indexOf(segment, at + 1)) {
        const qsizetype end = at + segment.size();
        if (end == url.size() || url.at(end) == '/')
            return at;
    }
    return -1;
}

Surface surfaceOf(const QUrl &baseUrl)
{
    Surface surface;
    surface.apiVersion = QUrlQuery(baseUrl).queryItemValue(u"api-version"_s);
    QByteArray root = baseUrl.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment);
    // Of a pasted target URI all that follows the resource is ours to write.
    const qsizetype own = placeOfSegment(root, "openai");
    // A date; the newer surface has words ("v1", "preview") or none.
    const bool isDated = !surface.apiVersion.isEmpty() && surface.apiVersion.front().isDigit();
    surface.deployments =
        root.contains("/openai/deployments/") || (isDated && !root.contains("/openai/v1"));
    if (own >= 0)
        root.truncate(own);
    while (root.endsWith('/'))
        root.chop(1);
    surface.root = root;
    return surface;
}

QUrl urlFrom(const Surface &surface, const QByteArray &path)
{
    QByteArray url = surface.root + "/openai" + path;
    if (!surface.apiVersion.isEmpty())
        url += "?api-version=" + surface.apiVersion.toLatin1();
    return QUrl::fromEncoded(url);
}

//! The first of \p names that \p object has as an object.
std::optional<JsonElement> eitherMember(const JsonElement &object,
                                        std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const auto found = member(object, name); found && found->is_object())
            return found;
    }
    return std::nullopt;
}

//! "hate (high), jailbreak": what the content filter found in the prompt. Several shapes are about.
QString filteredIn(const QByteArray &body)
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    const auto error = json ? member(*json, "error") : std::nullopt;
    if (!error)
        return {};
    const JsonElement holder = eitherMember(*error, {"innererror", "inner_error"}).value_or(*error);
    const auto results = eitherMember(holder, {"content_filter_result", "content_filter_results"});
    simdjson::dom::object categories;
    if (!results || results->get(categories) != simdjson::SUCCESS)
        return {};
    QStringList found;
    for (const auto &[name, result] : categories) {
        bool isFiltered = false;
        const auto filtered = member(result, "filtered");
        if (!filtered || filtered->get(isFiltered) != simdjson::SUCCESS || !isFiltered)
            continue;
        const QString severity = textMember(result, "severity").value_or(QString()).left(20);
        const QString category = toText(name).left(60).replace(u'_', u' ');
        found.append(severity.isEmpty() ? category : u"%1 (%2)"_s.arg(category, severity));
    }
    return found.mid(0, 12).join(u", "_s);
}

} // namespace

Result<WireRequest> AzureAdapter::buildRequest(const ChatRequest &request, const Endpoint &endpoint,
                                               const Credential &credential,
                                               std::chrono::sys_seconds now) const
{
    const Surface surface = surfaceOf(endpoint.baseUrl);
    Endpoint named = endpoint;
    const bool isOld = surface.deployments && surface.apiVersion < FirstWithUsage;
    if (isOld) {
        named.provider.streamUsageOption = false;
        named.provider.maxTokensMember = "max_tokens";
    }
    auto wire = m_chat.buildRequest(request, named, credential, now);
    if (!wire)
        return wire;
    const QByteArray path =
        surface.deployments
            ? "/deployments/" + endpoint.model.toUtf8().toPercentEncoding() + "/chat/completions"
            : QByteArray("/v1/chat/completions");
    wire->http.url = urlFrom(surface, path);
    return wire;
}

std::unique_ptr<StreamDecoder> AzureAdapter::makeDecoder(const HttpHeaders &headers) const
{
    return m_chat.makeDecoder(headers);
}

ResponseFacts AzureAdapter::readHeaders(const HttpHeaders &headers) const
{
    ResponseFacts facts = m_chat.readHeaders(headers);
    readCommonLimits(headers, ResetUnit::Milliseconds, facts);
    return facts;
}

Error AzureAdapter::readError(int status, const HttpHeaders &headers, const QByteArray &body) const
{
    Error error = m_chat.readError(status, headers, body);
    if (error.kind == ErrorKind::ContentBlocked) {
        if (const QString found = filteredIn(body); !found.isEmpty())
            error.detail = redacted(u"Filtered: %1. %2"_s.arg(found, error.detail)).left(500);
    }
    return error;
}

Result<WireRequest> AzureAdapter::buildModelList(const Endpoint &endpoint,
                                                 const Credential &credential, const QString &,
                                                 std::chrono::sys_seconds) const
{
    const Surface surface = surfaceOf(endpoint.baseUrl);
    WireRequest wire;
    wire.http = jsonGet(urlFrom(surface, surface.deployments ? "/models" : "/v1/models"));
    addKey(wire.http.headers, endpoint, credential);
    return wire;
}

Result<ModelPage> AzureAdapter::readModelList(const QByteArray &body) const
{
    auto page = m_chat.readModelList(body);
    if (page)
        page->models.clear(); // base models, none of which can be asked: deployments are typed
    return page;
}

} // namespace core
