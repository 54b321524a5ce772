#include "core/net/managerpool.h"

#include "core/net/networkerrors.h"
#include "core/net/urlpolicy.h"

#include <QAuthenticator>
#include <QFile>
#include <QNetworkCookie>
#include <QNetworkCookieJar>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <algorithm>

namespace core {

namespace {

constexpr qsizetype MaxIdle = 8;

//! Holds nothing, whatever a request's attributes say.
class NoCookies final : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::QNetworkCookieJar;
    [[nodiscard]] QList<QNetworkCookie> cookiesForUrl(const QUrl &) const override { return {}; }
    bool setCookiesFromUrl(const QList<QNetworkCookie> &, const QUrl &) override { return false; }
};

//! The system's proxy (on Linux the proxy variables), but never between us and this machine:
//! no_proxy=localhost does not cover 127.0.0.1, and plain http must not leave the machine.
class SystemProxies final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        if (isLoopback(query.url()))
            return {QNetworkProxy(QNetworkProxy::NoProxy)};
        QList<QNetworkProxy> proxies = systemProxyForQuery(query);
        // All else is https: only a proxy that tunnels it unread will do. If there is none but
        // others, the list stays empty and the exchange fails rather than going around the proxy.
        proxies.removeIf([](const QNetworkProxy &proxy) {
            return proxy.type() != QNetworkProxy::NoProxy &&
                   !proxy.capabilities().testFlag(QNetworkProxy::TunnelingCapability);
        });
        return proxies;
    }
};

//! What Qt sets itself: its own value must stand, or decompression and framing break.
bool isSetByQt(const QByteArray &name)
{
    static const QList<QByteArray> names = {"accept-encoding", "connection", "content-length",
                                            "cookie",          "host",       "transfer-encoding"};
    return names.contains(name.toLower());
}

} // namespace

ManagerPool::ManagerPool(NetworkOptions options, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
{
}

ManagerPool::~ManagerPool()
{
    qDeleteAll(m_leased.keyBegin(), m_leased.keyEnd());
    for (const auto &idle : std::as_const(m_idle))
        delete idle.first;
    m_reaper.quit();
    m_reaper.wait();
}

void ManagerPool::setOptions(NetworkOptions options)
{
    m_options = std::move(options);
    m_tls.clear();
    ++m_generation;
    dropIdle();
}

void ManagerPool::dropIdle()
{
    for (const auto &idle : std::as_const(m_idle))
        retire(idle.first);
    m_idle.clear();
}

void ManagerPool::forgetProxyLogins()
{
    ++m_generation;
    dropIdle(); // Qt remembers with each what it told its proxy
}

QFuture<Result<ProxyLogin>> ManagerPool::proxyLogin(QNetworkAccessManager *manager) const
{
    const QString proxy = m_leased.value(manager).asking;
    if (m_logins && !proxy.isEmpty())
        return m_logins(proxy);
    return QtFuture::makeReadyFuture(
        Result<ProxyLogin>(transportError(ErrorKind::KeyMissing, QString())));
}

bool ManagerPool::isLoginRefused(QNetworkAccessManager *manager) const
{
    return m_leased.value(manager).isRefused;
}

//! Left as it is, the authenticator ends the request. A second question means that the first answer
//! was wrong, and the same again would be asked for ever.
void ManagerPool::answerProxy(QNetworkAccessManager *manager, const QNetworkProxy &proxy,
                              QAuthenticator *authenticator)
{
    const auto lease = m_leased.find(manager);
    if (lease == m_leased.end())
        return;
    lease->asking = QStringLiteral("%1:%2").arg(proxy.hostName()).arg(proxy.port());
    lease->isRefused = lease->isAnswered;
    if (!lease->login || lease->login->proxy != lease->asking || lease->isAnswered)
        return;
    lease->isAnswered = true;
    authenticator->setUser(lease->login->user);
    authenticator->setPassword(QString::fromUtf8(lease->login->password.reveal()));
}

Result<QNetworkAccessManager *> ManagerPool::lease(const QString &origin,
                                                   const std::optional<ProxyLogin> &login)
{
    // Qt's first look for TLS takes 15 ms and more: not for local servers that speak plain http, as
    // the window asks at its start.
    const QString authority = m_options.authorityFiles.value(origin);
    if (!authority.isEmpty() || !origin.startsWith(QStringLiteral("http://"))) {
        if (const auto ready = prepareTls(authority); !ready)
            return ready.error();
    }
    QNetworkAccessManager *manager = nullptr;
    const auto known = std::find_if(m_idle.begin(), m_idle.end(), [&](const auto &idle) {
        return !login && idle.second == origin;
    });
    if (known != m_idle.end()) {
        manager = known->first;
        m_idle.erase(known);
    } else {
        manager = makeManager();
    }
    m_leased.insert(manager, Lease{origin, m_generation, login, {}});
    return manager;
}

void ManagerPool::release(QNetworkAccessManager *manager, Reuse reuse)
{
    const Lease lease = m_leased.take(manager);
    if (reuse == Reuse::No || lease.generation != m_generation) {
        retire(manager);
        return;
    }
    m_idle.append({manager, lease.origin});
    if (m_idle.size() > MaxIdle)
        retire(m_idle.takeFirst().first);
}

// A manager waits up to 5 s for its own thread when it is deleted, and a server that sends a header
// without an end keeps that thread busy (measured, 6.4.2). So the wait happens elsewhere.
void ManagerPool::retire(QNetworkAccessManager *manager)
{
    if (!m_reaper.isRunning()) {
        m_reaper.setObjectName(QStringLiteral("manager reaper"));
        m_reaper.start();
    }
    manager->moveToThread(&m_reaper);
    manager->deleteLater();
}

QNetworkRequest ManagerPool::wireRequest(const HttpRequest &request) const
{
    QNetworkRequest wire(request.url);
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    // CVE-2023-51714 and CVE-2024-39936 are open in the Qt of Debian 12.
    wire.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    wire.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    const auto tls = m_tls.constFind(m_options.authorityFiles.value(originOf(request.url)));
    if (tls != m_tls.constEnd())
        wire.setSslConfiguration(*tls);
    wire.setRawHeader("User-Agent", "Farthing/" FARTHING_VERSION);
    wire.setRawHeader("Accept-Language", "en"); // else Qt tells the server the person's language
    for (const auto &[name, value] : request.headers.fields()) {
        if (!isSetByQt(name))
            wire.setRawHeader(name, value);
    }
    if (!request.body.isEmpty())
        wire.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    return wire;
}

Result<Done> ManagerPool::prepareTls(const QString &authorityFile)
{
    if (m_tls.contains(authorityFile))
        return Done{};
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!authorityFile.isEmpty()) {
        QFile file(authorityFile);
        QList<QSslCertificate> authorities;
        if (file.open(QIODevice::ReadOnly))
            authorities = QSslCertificate::fromDevice(&file, QSsl::Pem);
        if (authorities.isEmpty()) {
            return transportError(ErrorKind::TlsFailed,
                                  QStringLiteral("The file of the additional certificate authority "
                                                 "could not be read; nothing was sent."));
        }
        tls.setCaCertificates(QSslConfiguration::systemCaCertificates() + authorities);
    }
    m_tls.insert(authorityFile, tls);
    return Done{};
}

QNetworkAccessManager *ManagerPool::makeManager()
{
    auto *manager = new QNetworkAccessManager; // without a parent: the reaper's thread is another
    manager->setCookieJar(new NoCookies(manager));
    if (m_options.useSystemProxy)
        manager->setProxyFactory(new SystemProxies); // the manager owns it
    else
        manager->setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    connect(manager, &QNetworkAccessManager::proxyAuthenticationRequired, this,
            [this, manager](const QNetworkProxy &proxy, QAuthenticator *authenticator) {
                answerProxy(manager, proxy, authenticator);
            });
    return manager;
}

} // namespace core
