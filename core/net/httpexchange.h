#pragma once

#include "core/base/error.h"
#include "core/net/httpmessage.h"

#include <QObject>

#include <chrono>
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

} // namespace core
