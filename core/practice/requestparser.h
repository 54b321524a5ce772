#pragma once

#include "core/net/httpmessage.h"

#include <optional>

namespace core {

//! A request as it came over a loopback socket.
struct LoopbackRequest
{
    QByteArray method;
    QByteArray target; //!< Path and query as sent.
    HttpHeaders headers;
    QByteArray body;
    int connection = 0;    //!< 1 for the first connection that the server accepted, then 2, ...
    bool keepAlive = true; //!< False: the peer wants the connection closed after the answer.

    [[nodiscard]] QByteArray path() const; //!< The target before its '?'.
    bool operator==(const LoopbackRequest &) const = default;
};

//! Incremental parser of HTTP/1.1 requests (RFC 9112) with the limits of a small server.
//!
//! Feed bytes in pieces of any size, then take requests until there is none. Bodies come by
//! Content-Length; a transfer coding is refused. After a refusal the connection cannot be
//! understood any more and has to be closed. Not thread-safe.
class RequestParser
{
public:
    static constexpr qsizetype MaxHead = 64 * 1024;
    static constexpr qsizetype MaxBody = 64 * 1024 * 1024;

    void feed(QByteArrayView bytes);
    //! The next whole request, or nothing: more bytes are needed, or refusal() says why not.
    [[nodiscard]] std::optional<LoopbackRequest> next();
    //! 0, or the status that tells the peer what was wrong: 400, 413, 431, 501 or 505.
    [[nodiscard]] int refusal() const { return m_refusal; }

private:
    [[nodiscard]] int parseHead(QByteArrayView head);
    [[nodiscard]] int parseRequestLine(QByteArrayView line);
    [[nodiscard]] int readFraming();

    QByteArray m_buffer;
    std::optional<LoopbackRequest> m_head; //!< A head whose body is still on its way.
    qsizetype m_bodyLength = 0;
    int m_refusal = 0;
};

} // namespace core
