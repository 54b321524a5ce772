#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/net/httpmessage.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

namespace core {

//! Deadlines of one exchange (resilience.md §5). Zero: none.
struct HttpDeadlines
{
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds firstByte{
        60'000}; //!< From the request's last byte to the answer's headers.
    std::chrono::milliseconds idle{90'000}; //!< Between two blocks of bytes.
    std::chrono::milliseconds total{3'600'000};
};

//! How the machine's network is to be used; filled from settings by app/.
struct NetworkOptions
{
    bool useSystemProxy = true;
    QString caFile; //!< An additional certificate authority, PEM; empty: the system's only.
    qint64 readBufferBytes = 256 * 1024;
    qint64 bodyLimitBytes = 64 * 1024 * 1024;
    qint64 errorBodyLimitBytes = 64 * 1024;
    qint64 headerLimitBytes = 64 * 1024;
};

//! One running HTTP exchange. Signals: sent at most once, headersReceived at most once, then any
//! number of bodyReceived, then exactly one finished, none before the event loop runs again after
//! HttpTransport::send(). abort() and deletion close the socket at once and emit nothing.
//!
//! An answer of any status with a readable body is not an error here: look at status(). Errors are
//! what the transport itself saw: ConnectionFailed, TlsFailed, Timeout (with its phase), Redirected
//! (any 3xx), ProtocolError (a cap was exceeded, the URL was refused). A body that was cut short
//! may end without an error: only a decoder knows whether it was whole.
class HttpExchange : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual void abort() = 0;
    [[nodiscard]] virtual int status() const = 0; //!< 0 until headers have come.
    [[nodiscard]] virtual const HttpHeaders &headers() const = 0;
    [[nodiscard]] virtual const std::optional<Error> &
    error() const = 0; //!< Valid from finished() on.
Q_SIGNALS:
    void sent(); //!< The first byte of the request left: from here the attempt may cost money.
    void headersReceived();
    void bodyReceived(const QByteArray &slice); //!< Content-decoded; never empty.
    void finished();
};

//! The only user of QNetworkAccessManager: one manager a running exchange, leased from a pool,
//! since Qt opens at most six connections a host and manager. No redirects, no cookies, no cache,
//! HTTP/1.1, own deadlines, bounded buffers (threats.md A1-A16). Lives in the main thread.
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

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace core
