#include "core/secrets/entraclient.h"

#include "core/base/redactor.h"
#include "core/net/httptransport.h"
#include "core/net/urlpolicy.h"
#include "core/secrets/personclaims.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QPromise>
#include <QRegularExpression>

#include <string.h>

#include <functional>
#include <memory>

namespace core {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype LargestAnswer = 64 * 1024;
constexpr qsizetype QuotedText = 300;
//! openid and profile are for the person's name only.
constexpr auto Scope = "https://cognitiveservices.azure.com/.default offline_access openid profile";
constexpr int Ok = 200;

Error problem(ErrorKind kind, const QString &detail, int status = 0)
{
    Error error = makeError(kind, detail);
    error.httpStatus = status;
    return error;
}

QString tenantOf(const EntraDirectory &directory)
{
    return directory.tenant.isEmpty() ? QString::fromLatin1(EntraTenant) : directory.tenant;
}

QUrl authorityOf(const EntraDirectory &directory)
{
    return directory.authority.isEmpty() ? QUrl(QString::fromLatin1(EntraAuthority))
                                         : directory.authority;
}

QUrl endpointOf(const EntraDirectory &directory, const QString &name)
{
    QUrl url = authorityOf(directory);
    url.setPath(url.path() + u'/' + tenantOf(directory) + "/oauth2/v2.0/"_L1 + name);
    return url;
}

using Fields = QList<std::pair<QByteArray, QByteArrayView>>;

HttpRequest formPost(const QUrl &url, const Fields &fields)
{
    HttpRequest request;
    request.url = url;
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    for (const auto &[name, value] : fields) {
        if (!request.body.isEmpty())
            request.body += '&';
        request.body += name + '=' + value.toByteArray().toPercentEncoding();
    }
    return request;
}

//! Sends \p request for \p owner and hands over status and body, or what kept them away. A larger
//! answer than any of these is cut, so that it is no JSON.
void exchange(HttpTransport &transport, const HttpRequest &request, QObject *owner,
              std::function<void(const Result<std::pair<int, QByteArray>> &)> take)
{
    HttpExchange *sent = transport.send(request, smallCallDeadlines(60s), owner);
    auto body = std::make_shared<QByteArray>();
    QObject::connect(sent, &HttpExchange::bodyReceived, owner, [body](const QByteArray &slice) {
        if (body->size() <= LargestAnswer)
            body->append(slice);
    });
    QObject::connect(sent, &HttpExchange::finished, owner, [sent, body, take = std::move(take)] {
        sent->deleteLater();
        if (sent->error())
            take(*sent->error());
        else
            take(std::pair(sent->status(), *body));
        explicit_bzero(body->data(), static_cast<size_t>(body->size()));
    });
}

QJsonObject objectFrom(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object();
}

//! Foreign words, fit to be quoted in one line.
QString quoted(const QString &text)
{
    QString line;
    for (const QChar c : text.left(4 * QuotedText).simplified()) {
        const bool hidden =
            c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
        if (!hidden)
            line += c;
    }
    return redacted(line).left(QuotedText);
}

Error refusal(ErrorKind kind, int status, const QJsonObject &json)
{
    const QString code = quoted(json.value("error"_L1).toString()).left(80);
    const QString words = quoted(json.value("error_description"_L1).toString());
    Error error =
        problem(kind,
                code.isEmpty() ? u"The sign-in server answered with status %1."_s.arg(status)
                               : u"The sign-in server says: "_s + code,
                status);
    if (!words.isEmpty())
        error.detail += ": "_L1 + words;
    error.providerCode = code;
    return error;
}

//! A number, or digits in a string: servers of both kinds exist.
std::optional<qint64> wholeNumber(const QJsonValue &value)
{
    constexpr double Largest = 1e9;
    bool ok = value.isDouble();
    const double number = ok ? value.toDouble() : value.toString().toDouble(&ok);
    if (!ok || !(number >= 0 && number <= Largest))
        return std::nullopt;
    return static_cast<qint64>(number);
}

bool isHeaderValue(const QByteArray &token)
{
    return !token.isEmpty() &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

QString entraOrigin(const EntraDirectory &directory)
{
    return originOf(authorityOf(directory));
}

Result<Done> checkDirectory(const EntraDirectory &directory)
{
    static const QRegularExpression tenant(u"\\A[A-Za-z0-9][A-Za-z0-9.-]{0,126}\\z"_s);
    static const QRegularExpression client(u"\\A[A-Za-z0-9._~-]{1,128}\\z"_s);
    if (const auto url = parseBaseUrl(authorityOf(directory).toString()); !url)
        return url.error();
    if (!tenant.match(tenantOf(directory)).hasMatch())
        return problem(ErrorKind::InputRejected,
                       u"The directory is not an id or a domain, such as contoso.com."_s);
    if (directory.clientId.isEmpty())
        return problem(ErrorKind::InputRejected,
                       u"Enter the application (client) ID of your app registration first."_s);
    if (!client.match(directory.clientId).hasMatch())
        return problem(ErrorKind::InputRejected,
                       u"The application (client) ID has characters that no such id has."_s);
    return Done{};
}

Result<EntraTokens> entraTokensFrom(int status, const QByteArray &body)
{
    const QJsonObject json = objectFrom(body);
    const QString code = json.value("error"_L1).toString();
    if (status != Ok) {
        // The person must come back: revoked, expired, more proof wanted.
        const bool signInHelps = code == "invalid_grant"_L1 || code == "interaction_required"_L1 ||
                                 code == "login_required"_L1 || code == "consent_required"_L1;
        if (!signInHelps)
            return refusal(ErrorKind::KeyUnavailable, status, json);
        Error error = refusal(ErrorKind::KeyMissing, status, json);
        error.detail =
            u"The sign-in has ended. Sign in again in Settings, Providers. "_s + error.detail;
        return error;
    }
    const QByteArray access = json.value("access_token"_L1).toString().toUtf8();
    const QString type = json.value("token_type"_L1).toString();
    if (!isHeaderValue(access) || type.compare("bearer"_L1, Qt::CaseInsensitive) != 0)
        return problem(ErrorKind::KeyUnavailable,
                       u"What the sign-in server answered is no bearer token."_s, status);
    // A server that does not say how long: it is asked again soon.
    const std::chrono::seconds unsaid = 5min;
    EntraTokens tokens;
    tokens.accessToken = SecretString(access);
    tokens.refreshToken = SecretString(json.value("refresh_token"_L1).toString().toUtf8());
    tokens.person = personIn(json.value("id_token"_L1).toString().toUtf8());
    if (tokens.person.isEmpty())
        tokens.person = personIn(access);
    tokens.lifetime =
        std::chrono::seconds(wholeNumber(json.value("expires_in"_L1)).value_or(unsaid.count()));
    return tokens;
}

EntraSignIn::EntraSignIn(HttpTransport &transport, Clock &clock, EntraDirectory directory,
                         QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_clock(clock)
    , m_directory(std::move(directory))
    , m_alarm(clock)
    , m_result(problem(ErrorKind::Cancelled, {}))
{
    // Queued, so that the caller can connect first.
    QMetaObject::invokeMethod(this, &EntraSignIn::begin, Qt::QueuedConnection);
}

EntraSignIn::~EntraSignIn() = default;

void EntraSignIn::begin()
{
    if (const auto checked = checkDirectory(m_directory); !checked)
        return end(checked.error());
    const QByteArray client = m_directory.clientId.toUtf8();
    exchange(m_transport,
             formPost(endpointOf(m_directory, u"devicecode"_s),
                      {{"client_id", client}, {"scope", Scope}}),
             this, [this](const Result<std::pair<int, QByteArray>> &answer) {
                 if (answer)
                     takeCode(answer->first, answer->second);
                 else
                     end(answer.error());
             });
}

void EntraSignIn::takeCode(int status, const QByteArray &body)
{
    constexpr qsizetype LongestCode = 40;
    constexpr qint64 Slowest = 60;
    constexpr qint64 Longest = 3600;
    const QJsonObject json = objectFrom(body);
    if (status != Ok)
        return end(refusal(ErrorKind::AuthenticationFailed, status, json));
    m_deviceCode = SecretString(json.value("device_code"_L1).toString().toUtf8());
    m_userCode = quoted(json.value("user_code"_L1).toString()).left(LongestCode);
    const QString page =
        json.value("verification_uri"_L1).toString(json.value("verification_url"_L1).toString());
    m_verificationUrl = QUrl(page, QUrl::StrictMode);
    if (m_deviceCode.isEmpty() || m_userCode.isEmpty() || !checkRequestUrl(m_verificationUrl))
        return end(problem(ErrorKind::ProtocolError,
                           u"What the sign-in server answered is no device code."_s, status));
    m_interval = std::chrono::seconds(
        std::clamp<qint64>(wholeNumber(json.value("interval"_L1)).value_or(5), 1, Slowest));
    m_expires =
        m_clock.utcNow() + std::chrono::seconds(std::clamp<qint64>(
                               wholeNumber(json.value("expires_in"_L1)).value_or(900), 1, Longest));
    waitToPoll();
    Q_EMIT codeReceived();
}

void EntraSignIn::waitToPoll()
{
    m_alarm.set(m_interval, [this] { poll(); });
}

void EntraSignIn::poll()
{
    if (m_clock.utcNow() >= m_expires)
        return end(problem(ErrorKind::Timeout, u"The code was not used in time. Start again."_s));
    const QByteArray client = m_directory.clientId.toUtf8();
    exchange(m_transport,
             formPost(endpointOf(m_directory, u"token"_s),
                      {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                       {"client_id", client},
                       {"device_code", m_deviceCode.reveal()}}),
             this, [this](const Result<std::pair<int, QByteArray>> &answer) {
                 if (answer)
                     takePoll(answer->first, answer->second);
                 else
                     waitLonger();
             });
}

//! The code outlives a connection that fails and a server that has no time: it is asked again, less
//! often (RFC 8628 3.5).
void EntraSignIn::waitLonger()
{
    constexpr std::chrono::seconds Slowest{60};
    m_interval = std::max(m_interval, std::min(2 * m_interval, Slowest));
    waitToPoll();
}

void EntraSignIn::takePoll(int status, const QByteArray &body)
{
    const QJsonObject json = objectFrom(body);
    const QString code = json.value("error"_L1).toString();
    constexpr int TooManyRequests = 429;
    constexpr int FirstServerError = 500;
    if (status >= FirstServerError || status == TooManyRequests ||
        (status != Ok && code == "temporarily_unavailable"_L1))
        return waitLonger();
    if (status != Ok && code == "authorization_pending"_L1)
        return waitToPoll();
    if (status != Ok && code == "slow_down"_L1) {
        m_interval += 5s;
        return waitToPoll();
    }
    if (status != Ok && (code == "access_denied"_L1 || code == "authorization_declined"_L1))
        return end(
            problem(ErrorKind::AuthenticationFailed, u"The sign-in was declined."_s, status));
    if (status != Ok && (code == "expired_token"_L1 || code == "code_expired"_L1))
        return end(
            problem(ErrorKind::Timeout, u"The code was not used in time. Start again."_s, status));
    if (status != Ok)
        return end(refusal(ErrorKind::AuthenticationFailed, status, json));
    const auto tokens = entraTokensFrom(status, body);
    if (tokens && tokens->refreshToken.isEmpty())
        return end(problem(ErrorKind::AuthenticationFailed,
                           u"The sign-in server gave no token that lasts. Allow the app "
                           "registration offline_access."_s,
                           status));
    end(tokens);
}

void EntraSignIn::end(const Result<EntraTokens> &result)
{
    m_alarm.clear();
    m_deviceCode = {};
    m_result = result;
    Q_EMIT finished();
}

EntraClient::EntraClient(HttpTransport &transport, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_clock(clock)
{
}

QFuture<Result<EntraTokens>> EntraClient::refresh(const EntraDirectory &directory,
                                                  const SecretString &refreshToken)
{
    if (const auto checked = checkDirectory(directory); !checked)
        return QtFuture::makeReadyFuture(Result<EntraTokens>(checked.error()));
    auto promise = std::make_shared<QPromise<Result<EntraTokens>>>();
    promise->start();
    const QByteArray client = directory.clientId.toUtf8();
    exchange(
        m_transport,
        formPost(endpointOf(directory, u"token"_s), {{"grant_type", "refresh_token"},
                                                     {"client_id", client},
                                                     {"scope", Scope},
                                                     {"refresh_token", refreshToken.reveal()}}),
        this,
        // The token lives until the answer was read, so that an echo of it is redacted.
        [promise, refreshToken](const Result<std::pair<int, QByteArray>> &answer) {
            promise->addResult(answer ? entraTokensFrom(answer->first, answer->second)
                                      : Result<EntraTokens>(answer.error()));
            promise->finish();
        });
    return promise->future();
}

EntraSignIn *EntraClient::signIn(const EntraDirectory &directory, QObject *owner)
{
    return new EntraSignIn(m_transport, m_clock, directory, owner);
}

} // namespace core
