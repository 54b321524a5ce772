#pragma once

#include "core/base/result.h"
#include "core/net/httpmessage.h"
#include "core/net/networkoptions.h"
#include "core/net/proxylogin.h"

#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSslConfiguration>
#include <QThread>

class QAuthenticator;
class QNetworkProxy;

#include <optional>
#include <utility>

namespace core {

//! The network factory: makes every manager and every QNetworkRequest, so that what none of them
//! may do (follow a redirect, keep a cookie, speak HTTP/2, trust an authority of another endpoint)
//! is ruled out in one place. A manager serves one exchange at a time, because Qt opens at most six
//! connections a host and manager; idle ones are kept for their open connections.
class ManagerPool final : public QObject
{
public:
    enum class Reuse { Yes, No };

    explicit ManagerPool(NetworkOptions options, QObject *parent = nullptr);
    ~ManagerPool() override;

    [[nodiscard]] const NetworkOptions &options() const { return m_options; }
    //! Idle managers are dropped, leased ones when they come back: Qt's connection cache does not
    //! know the certificates that a connection was checked against.
    void setOptions(NetworkOptions options);
    void dropIdle(); //!< Later exchanges open new connections.

    //! A manager for one exchange with \p origin, preferably one that talked to it before. Fails
    //! if the additional certificate authority of \p origin cannot be read: nothing is sent without
    //! it then.
    //! With \p login a new one, which tells it once to the proxy that it is for, and if asked.
    [[nodiscard]] Result<QNetworkAccessManager *>
    lease(const QString &origin, const std::optional<ProxyLogin> &login = {});
    //! With Reuse::No only when the reply is gone, not from one of its signals.
    void release(QNetworkAccessManager *manager, Reuse reuse);

    void setProxyLogins(ProxyLoginSource source) { m_logins = std::move(source); }
    //! Passwords changed: later exchanges ask anew.
    void forgetProxyLogins();
    //! What is known for the proxy that asked the exchange of \p manager. Errors as of
    //! ProxyLoginSource.
    [[nodiscard]] QFuture<Result<ProxyLogin>> proxyLogin(QNetworkAccessManager *manager) const;
    //! Whether it was told a login, and asked again.
    [[nodiscard]] bool isLoginRefused(QNetworkAccessManager *manager) const;

    [[nodiscard]] QNetworkRequest wireRequest(const HttpRequest &request) const;

private:
    struct Lease
    {
        QString origin;
        int generation = 0;
        std::optional<ProxyLogin> login;
        QString asking; //!< The proxy that wants a password.
        bool isAnswered = false;
        bool isRefused = false;
    };

    [[nodiscard]] Result<Done> prepareTls(const QString &authorityFile);
    [[nodiscard]] QNetworkAccessManager *makeManager();
    void answerProxy(QNetworkAccessManager *manager, const QNetworkProxy &proxy,
                     QAuthenticator *authenticator);
    void retire(QNetworkAccessManager *manager);

    NetworkOptions m_options;
    QHash<QString, QSslConfiguration> m_tls; //!< By authority file; each when first needed.
    int m_generation = 0;                    //!< Counts changes of options.
    ProxyLoginSource m_logins;               //!< May be empty.
    QThread m_reaper;                        //!< Deletes managers; runs once one is to go.
    QHash<QNetworkAccessManager *, Lease> m_leased;
    QList<std::pair<QNetworkAccessManager *, QString>> m_idle; //!< With origin, oldest first.
};

} // namespace core
