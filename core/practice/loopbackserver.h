#pragma once

#include "core/practice/requestparser.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTcpSocket>

#include <functional>
#include <memory>

class QTcpServer;

namespace core {

//! How the end of a body is told (RFC 9112 section 6.3).
enum class BodyFraming { Chunked, ContentLength, UntilClose };

//! One answer in the making: the handler writes it piece by piece, as slowly or as wrongly as it
//! likes.
//!
//! Belongs to its connection and is deleted once it ended or the peer left; use it as the context
//! of whatever is pending, or hold a QPointer. Doing nothing is a stall. Calls after the end are
//! ignored.
class LoopbackResponse final : public QObject
{
    Q_OBJECT
public:
    //! What becomes of the connection once the answer has ended.
    enum class Then { NextRequest, Close };

    LoopbackResponse(QTcpSocket *socket, Then then, QObject *parent);

    //! Status line and headers. \p length is what Content-Length says; a lie is allowed.
    void sendHead(int status, const HttpHeaders &headers,
                  BodyFraming framing = BodyFraming::Chunked, qint64 length = 0);
    void write(const QByteArray &piece); //!< One piece of the body, framed; empty does nothing.
    void end(); //!< The proper end of the body; the connection stays if both sides allow it.
    void send(int status, const HttpHeaders &headers, const QByteArray &body); //!< All at once.
    void writeRaw(const QByteArray &bytes); //!< Past every framing, also before the head.
    void close();                           //!< An orderly FIN after what was written.
    void reset();                           //!< An RST after what was written.
    [[nodiscard]] bool isOpen() const { return m_open; }

Q_SIGNALS:
    //! Once: by end(), close(), reset(), or since the peer has gone.
    void ended(core::LoopbackResponse::Then then);

private:
    void finish(Then then);

    QPointer<QTcpSocket> m_socket;
    BodyFraming m_framing = BodyFraming::Chunked;
    Then m_then;
    bool m_open = true;
};

//! A small HTTP/1.1 server on 127.0.0.1 with a port that the system picks.
//!
//! Nothing outside this machine can reach it, and it listens only between listen() and close().
//! Lives in the thread that made it (or that it was moved to before listen()); the handler is
//! called there, one request at a time per connection. Requests that break the limits of
//! RequestParser are answered and cut off; so is the 65th connection at a time.
class LoopbackServer final : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<void(const LoopbackRequest &, LoopbackResponse &)>;
    static constexpr int MaxConnections = 64;

    explicit LoopbackServer(Handler handler, QObject *parent = nullptr);
    ~LoopbackServer() override;

    //! False if the system gives no port. Again after close(): a new port.
    [[nodiscard]] bool listen();
    void close(); //!< Stops listening and drops every connection.
    [[nodiscard]] bool isListening() const;
    [[nodiscard]] quint16 port() const;                  //!< 0 while not listening.
    [[nodiscard]] QUrl url(QStringView path = {}) const; //!< http://127.0.0.1:port + path.
    [[nodiscard]] int connectionsAccepted() const { return m_accepted; } //!< Since it was made.
    [[nodiscard]] int connectionsOpen() const { return int(m_connections.size()); }

Q_SIGNALS:
    void connectionClosed(int connection); //!< By either side.

private:
    class Connection;

    void accept();
    void forget(Connection *connection);

    Handler m_handler;
    QTcpServer *m_server;
    QList<Connection *> m_connections;
    int m_accepted = 0;
};

} // namespace core
