#include "core/practice/practiceproof.h"

#include "core/net/sigv4.h"

#include <QDateTime>

#include <optional>

namespace core {

namespace {

constexpr QByteArrayView Algorithm = "AWS4-HMAC-SHA256 ";
constexpr std::chrono::minutes LargestSkew{5};

bool isSame(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    int difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

//! "Credential=ID/DAY/REGION/bedrock/aws4_request, SignedHeaders=a;b, Signature=HEX"
struct Claim
{
    QByteArray region;
    QByteArray day;
    QList<QByteArray> signedHeaders;
    QByteArray signature;
};

std::optional<Claim> claimFrom(const QByteArray &authorization)
{
    if (!authorization.startsWith(Algorithm))
        return std::nullopt;
    Claim claim;
    const QList<QByteArray> fields = authorization.sliced(Algorithm.size()).split(',');
    for (const QByteArray &field : fields) {
        const qsizetype equals = field.indexOf('=');
        const QByteArray name = field.first(std::max<qsizetype>(equals, 0)).trimmed();
        const QByteArray value = field.sliced(equals + 1).trimmed();
        if (name == "Credential") {
            const QList<QByteArray> parts = value.split('/');
            if (parts.size() != 5 || parts[3] != "bedrock" || parts[4] != "aws4_request")
                return std::nullopt;
            claim.day = parts[1];
            claim.region = parts[2];
        } else if (name == "SignedHeaders") {
            claim.signedHeaders = value.split(';');
        } else if (name == "Signature") {
            claim.signature = value;
        }
    }
    const bool whole = !claim.day.isEmpty() && !claim.signature.isEmpty() &&
                       claim.signedHeaders.contains("host") &&
                       claim.signedHeaders.contains("x-amz-date");
    return whole ? std::optional(claim) : std::nullopt;
}

std::optional<std::chrono::sys_seconds> timeFrom(const QByteArray &date)
{
    QDateTime time =
        QDateTime::fromString(QString::fromLatin1(date), QStringLiteral("yyyyMMdd'T'hhmmss'Z'"));
    time.setTimeSpec(Qt::UTC);
    if (!time.isValid())
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(time.toSecsSinceEpoch()));
}

} // namespace

bool isBearer(const HttpHeaders &headers, const SecretString &token)
{
    return isSame(headers.value("authorization"), "Bearer " + token.revealCopy());
}

bool isBareKey(const HttpHeaders &headers, QByteArrayView name, const SecretString &token)
{
    return isSame(headers.value(name), token.reveal());
}

bool isSigned(const LoopbackRequest &request, const SecretString &token,
              std::chrono::sys_seconds now)
{
    const auto claim = claimFrom(request.headers.value("authorization"));
    const auto time = timeFrom(request.headers.value("x-amz-date"));
    if (!claim || !time || std::chrono::abs(now - *time) > LargestSkew ||
        !sigv4Date(*time).startsWith(claim->day))
        return false;
    SigningInput input;
    input.method = request.method;
    input.path = request.path();
    input.query = request.target.mid(input.path.size() + 1);
    for (const QByteArray &name : claim->signedHeaders) {
        if (!request.headers.contains(name))
            return false;
        input.headers.append({name, request.headers.value(name)});
    }
    input.bodyHash = sha256Hex(request.body);
    if (request.headers.contains("x-amz-content-sha256") &&
        request.headers.value("x-amz-content-sha256") != input.bodyHash)
        return false;
    const SigningScope scope{claim->region, "bedrock", *time};
    const QByteArray expected =
        sigv4Signature(stringToSign(canonicalRequest(input, scope), scope), {{}, token, {}}, scope);
    return isSame(claim->signature, expected);
}

} // namespace core
