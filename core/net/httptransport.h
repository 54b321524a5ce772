#pragma once

#include "core/base/clock.h"
#include "core/net/httpexchange.h"
#include "core/net/networkoptions.h"
#include "core/net/proxylogin.h"

#include <memory>

namespace core {

//! The only user of QNetworkAccessManager: one manager a running exchange, leased from a pool,
//! since Qt opens at most six connections a host and manager. No redirects (Qt would hand the key
//! to whatever host they name), no cookies, no cache, HTTP/1.1, own deadlines, bounded buffers.
//! Lives in the main thread.
class HttpTransport : public QObject
{
    Q_OBJECT
public:
    HttpTransport(Clock &clock, NetworkOptions options, QObject *parent = nullptr);
    ~HttpTransport() override;

    //! Starts \p request. The exchange belongs to \p owner.
    [[nodiscard]] HttpExchange *send(const HttpRequest &request, const HttpDeadlines &deadlines,
                                     QObject *owner);

    //! Proxy or certificates changed: running exchanges go on, later ones use fresh managers.
    void setOptions(NetworkOptions options);
    //! Where to ask when a proxy wants a password; it must outlive the exchanges.
    void setProxyLogins(ProxyLoginSource source);
    //! Another password was given or taken away: later exchanges ask for it anew.
    void forgetProxyLogins();
    //! The machine slept: connections that are kept for later are dead and are dropped.
    void noteSleep();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace core
