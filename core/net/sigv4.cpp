#include "core/net/sigv4.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QMap>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace core {

namespace {

constexpr const char *Algorithm = "AWS4-HMAC-SHA256";

//! Percent-encodes all but the unreserved characters and \p kept.
QByteArray encoded(const QByteArray &bytes, const QByteArray &kept = {})
{
    return bytes.toPercentEncoding(kept);
}

QByteArray withoutDots(const QByteArray &path)
{
    QList<QByteArray> kept;
    for (const QByteArray &segment : path.split('/')) {
        if (segment == "..") {
            if (!kept.isEmpty())
                kept.removeLast();
        } else if (!segment.isEmpty() && segment != ".") {
            kept.append(segment);
        }
    }
    QByteArray result = '/' + kept.join('/');
    if (!kept.isEmpty() && (path.endsWith('/') || path.endsWith("/.") || path.endsWith("/..")))
        result += '/';
    return result;
}

QByteArray canonicalQuery(const QByteArray &query)
{
    QList<std::pair<QByteArray, QByteArray>> items;
    for (const QByteArray &item : query.split('&')) {
        if (item.isEmpty())
            continue;
        const qsizetype equals = item.indexOf('=');
        const QByteArray name = equals < 0 ? item : item.first(equals);
        const QByteArray value = equals < 0 ? QByteArray() : item.sliced(equals + 1);
        items.append({encoded(QByteArray::fromPercentEncoding(name)),
                      encoded(QByteArray::fromPercentEncoding(value))});
    }
    std::sort(items.begin(), items.end());
    QByteArray result;
    for (const auto &[name, value] : std::as_const(items))
        result += (result.isEmpty() ? "" : "&") + name + '=' + value;
    return result;
}

//! By lower-case name, sorted; values of one name joined in their order.
QMap<QByteArray, QByteArray> canonicalHeaders(const SigningInput &input)
{
    QMap<QByteArray, QByteArray> headers;
    for (const auto &[name, value] : input.headers) {
        QByteArray &joined = headers[name.toLower()];
        joined += (joined.isEmpty() ? "" : ",") + value.simplified();
    }
    return headers;
}

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

QByteArray scopeText(const SigningScope &scope)
{
    return sigv4Date(scope.time).first(8) + '/' + scope.region + '/' + scope.service +
           "/aws4_request";
}

QByteArray hostOf(const QUrl &url)
{
    QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    const int standard = url.scheme() == QStringLiteral("https") ? 443 : 80;
    return url.port(standard) == standard ? host : host + ':' + QByteArray::number(url.port());
}

} // namespace

QByteArray sigv4Date(std::chrono::sys_seconds time)
{
    return QDateTime::fromSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC)
        .toString(QStringLiteral("yyyyMMdd'T'hhmmss'Z'"))
        .toLatin1();
}

QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray signedHeaderNames(const SigningInput &input)
{
    return canonicalHeaders(input).keys().join(';');
}

QByteArray canonicalRequest(const SigningInput &input, const SigningScope &scope)
{
    const QByteArray path = scope.normalizePath ? withoutDots(input.path) : input.path;
    QByteArray result = input.method + '\n' + encoded(path.isEmpty() ? "/" : path, "/") + '\n' +
                        canonicalQuery(input.query) + '\n';
    const QMap<QByteArray, QByteArray> headers = canonicalHeaders(input);
    for (auto it = headers.cbegin(); it != headers.cend(); ++it)
        result += it.key() + ':' + it.value() + '\n';
    return result + '\n' + signedHeaderNames(input) + '\n' + input.bodyHash;
}

QByteArray stringToSign(const QByteArray &canonical, const SigningScope &scope)
{
    return QByteArray(Algorithm) + '\n' + sigv4Date(scope.time) + '\n' + scopeText(scope) + '\n' +
           sha256Hex(canonical);
}

QByteArray sigv4Signature(const QByteArray &toSign, const AwsCredentials &credentials,
                          const SigningScope &scope)
{
    QByteArray key = "AWS4" + credentials.secretAccessKey.revealCopy();
    for (const QByteArray &part : {sigv4Date(scope.time).first(8), scope.region, scope.service,
                                   QByteArrayLiteral("aws4_request")}) {
        const QByteArray derived = hmac(key, part);
        key.fill('\0');
        key = derived;
    }
    return hmac(key, toSign).toHex();
}

void sign(HttpRequest &request, const AwsCredentials &credentials, const SigningScope &scope)
{
    const QByteArray bodyHash = sha256Hex(request.body);
    request.headers.set("x-amz-date", sigv4Date(scope.time));
    request.headers.set("x-amz-content-sha256", bodyHash);
    if (!credentials.sessionToken.isEmpty())
        request.headers.set("x-amz-security-token", credentials.sessionToken.revealCopy());
    SigningInput input;
    input.method = request.method;
    input.path = request.url.path(QUrl::FullyEncoded).toLatin1();
    input.query = request.url.query(QUrl::FullyEncoded).toLatin1();
    input.headers = request.headers.fields();
    input.headers.append({"host", hostOf(request.url)});
    input.bodyHash = bodyHash;
    const QByteArray signature =
        sigv4Signature(stringToSign(canonicalRequest(input, scope), scope), credentials, scope);
    request.headers.set("authorization",
                        QByteArray(Algorithm) + " Credential=" + credentials.accessKeyId + '/' +
                            scopeText(scope) + ", SignedHeaders=" + signedHeaderNames(input) +
                            ", Signature=" + signature);
}

} // namespace core
