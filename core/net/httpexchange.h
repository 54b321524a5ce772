#pragma once

#include "core/base/error.h"
#include "core/net/httpmessage.h"

#include <QObject>

#include <chrono>
#include <optional>

namespace core {

//! Deadlines of one exchange. Zero: none.
struct HttpDeadlines
{
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds firstByte{
        60'000}; //!< From the request's last byte to the answer's headers.
    std::chrono::milliseconds idle{90'000}; //!< Between two blocks of bytes.
    std::chrono::milliseconds total{3'600'000};
};

//! Deadlines of a small call that somebody waits for: \p total, and 20 s without a byte.
[[nodiscard]] inline HttpDeadlines smallCallDeadlines(std::chrono::milliseconds total)
{
    constexpr std::chrono::seconds Silence(20);
    HttpDeadlines deadlines;
    deadlines.firstByte = Silence;
    deadlines.idle = Silence;
    deadlines.total = total;
    return deadlines;
}

//! One running HTTP exchange. Signals: sent at most once, headersReceived at most once, then any
//! number of bodyReceived, then exactly one finished, none before the event loop runs again after
//! HttpTransport::send(). abort() and deletion close the socket at once and emit nothing.
//!
//! An answer of any status with a readable body is not an error here: look at status(). From 400 on
//! the status is the news: whatever cuts the body (its cap, a deadline, the network) ends the
//! exchange without an error. Errors are what the transport itself saw: ConnectionFailed and
//! TlsFailed (with the phase that it struck), Timeout (with its phase), Redirected (any 3xx),
//! ProtocolError (a cap was exceeded, not HTTP, the URL was refused), InputRejected (a header with
//! a line break), Internal (a body without a type). A body that was cut short may end without an
//! error: only a decoder knows whether it was whole. Error::provider is left to the caller.
//!
//! A request with a body leaves at most once. Qt may send one without a body (GET) a second time
//! when the server hangs up before it answers.
class HttpExchange : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual void abort() = 0;
    //! The machine slept while this ran: the deadline of the phase begins anew, and is short where
    //! a connection that died meanwhile would else be waited for long.
    virtual void noteSleep() = 0;
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
