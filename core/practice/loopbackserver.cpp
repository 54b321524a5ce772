#include "core/practice/loopbackserver.h"

#include <QTcpServer>

#include <sys/socket.h>

namespace core {

namespace {

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    case 529:
        return "Overloaded";
    default:
        return "Status";
    }
}

} // namespace

LoopbackResponse::LoopbackResponse(QTcpSocket *socket, Then then, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_then(then)
{
    connect(socket, &QTcpSocket::disconnected, this, [this] { finish(Then::Close); });
}

void LoopbackResponse::sendHead(int status, const HttpHeaders &headers, BodyFraming framing,
                                qint64 length)
{
    m_framing = framing;
    QByteArray head =
        "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status) + "\r\n";
    for (const auto &[name, value] : headers.fields())
        head += name + ": " + value + "\r\n";
    if (framing == BodyFraming::Chunked)
        head += "Transfer-Encoding: chunked\r\n";
    if (framing == BodyFraming::ContentLength)
        head += "Content-Length: " + QByteArray::number(length) + "\r\n";
    if (framing == BodyFraming::UntilClose || m_then == Then::Close) {
        m_then = Then::Close;
        head += "Connection: close\r\n";
    }
    writeRaw(head + "\r\n");
}

void LoopbackResponse::write(const QByteArray &piece)
{
    if (piece.isEmpty())
        return; // an empty chunk would end the body
    if (m_framing == BodyFraming::Chunked)
        writeRaw(QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n");
    else
        writeRaw(piece);
}

void LoopbackResponse::end()
{
    if (!m_open)
        return;
    if (m_framing == BodyFraming::Chunked)
        writeRaw("0\r\n\r\n");
    if (m_then == Then::NextRequest)
        finish(Then::NextRequest);
    else
        close();
}

void LoopbackResponse::send(int status, const HttpHeaders &headers, const QByteArray &body)
{
    sendHead(status, headers, BodyFraming::ContentLength, body.size());
    write(body);
    end();
}

void LoopbackResponse::writeRaw(const QByteArray &bytes)
{
    if (!m_open || !m_socket)
        return;
    m_socket->write(bytes);
    m_socket->flush(); // a piece leaves when it is written: tests place the network's cuts so
}

void LoopbackResponse::close()
{
    if (!m_open || !m_socket)
        return;
    QTcpSocket *socket = m_socket;
    finish(Then::Close);
    socket->disconnectFromHost();
}

void LoopbackResponse::reset()
{
    if (!m_open || !m_socket)
        return;
    QTcpSocket *socket = m_socket;
    finish(Then::Close);
    socket->flush();
    const linger noLinger{.l_onoff = 1, .l_linger = 0}; // close() then sends an RST
    ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &noLinger,
                 sizeof noLinger);
    socket->abort();
}

void LoopbackResponse::finish(Then then)
{
    if (!std::exchange(m_open, false))
        return;
    deleteLater();
    Q_EMIT ended(then);
}

//! One accepted socket: reads requests in their order, answers one after the other.
class LoopbackServer::Connection final : public QObject
{
public:
    Connection(QTcpSocket *socket, int number, LoopbackServer *server)
        : QObject(server)
        , m_server(server)
        , m_socket(socket)
        , m_number(number)
    {
        socket->setParent(this);
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
        connect(socket, &QTcpSocket::disconnected, this, [this] { m_server->forget(this); });
    }

    [[nodiscard]] int number() const { return m_number; }

    void read()
    {
        m_parser.feed(m_socket->readAll());
        // A pipelined request waits until the one before it is answered.
        while (!m_answering) {
            std::optional<LoopbackRequest> request = m_parser.next();
            if (!request)
                break;
            answer(std::move(*request));
        }
        if (m_parser.refusal() != 0 && !m_answering)
            refuse(m_parser.refusal());
    }

    void refuse(int status)
    {
        m_answering = true;
        auto *response = new LoopbackResponse(m_socket, LoopbackResponse::Then::Close, this);
        response->send(status, {{"Content-Type", "text/plain"}}, reasonPhrase(status) + '\n');
    }

private:
    void answer(LoopbackRequest request)
    {
        m_answering = true;
        request.connection = m_number;
        using Then = LoopbackResponse::Then;
        const Then wanted = request.keepAlive ? Then::NextRequest : Then::Close;
        auto *response = new LoopbackResponse(m_socket, wanted, this);
        connect(response, &LoopbackResponse::ended, this, [this](Then then) {
            if (then == Then::Close)
                return;
            m_answering = false;
            // From the event loop: a handler that answers at once must not recurse per request.
            QMetaObject::invokeMethod(this, &Connection::read, Qt::QueuedConnection);
        });
        m_server->m_handler(request, *response);
    }

    LoopbackServer *m_server;
    QTcpSocket *m_socket;
    RequestParser m_parser;
    int m_number;
    bool m_answering = false;
};

LoopbackServer::LoopbackServer(Handler handler, QObject *parent)
    : QObject(parent)
    , m_handler(std::move(handler))
    , m_server(new QTcpServer(this))
{
    connect(m_server, &QTcpServer::newConnection, this, &LoopbackServer::accept);
}

LoopbackServer::~LoopbackServer()
{
    close();
}

bool LoopbackServer::listen()
{
    return m_server->isListening() || m_server->listen(QHostAddress::LocalHost, 0);
}

void LoopbackServer::close()
{
    m_server->close();
    for (Connection *connection : std::exchange(m_connections, {})) {
        Q_EMIT connectionClosed(connection->number());
        delete connection;
    }
}

bool LoopbackServer::isListening() const
{
    return m_server->isListening();
}

quint16 LoopbackServer::port() const
{
    return m_server->serverPort();
}

QUrl LoopbackServer::url(QStringView path) const
{
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(port());
    url.setPath(path.toString());
    return url;
}

void LoopbackServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        auto *connection = new Connection(socket, ++m_accepted, this);
        m_connections.append(connection);
        if (m_connections.size() > MaxConnections)
            connection->refuse(503);
        else if (socket->bytesAvailable() > 0)
            connection->read(); // bytes that came before we were connected to readyRead
    }
}

void LoopbackServer::forget(Connection *connection)
{
    if (!m_connections.removeOne(connection))
        return;
    connection->deleteLater();
    Q_EMIT connectionClosed(connection->number());
}

} // namespace core
