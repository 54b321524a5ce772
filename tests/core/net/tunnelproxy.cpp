#include "tests/core/net/tunnelproxy.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <algorithm>

namespace tests {

TunnelProxy::TunnelProxy(const QByteArray &login, quint16 target)
    : m_login(login)
    , m_target(target)
{
    listen(QHostAddress::LocalHost);
}

QString TunnelProxy::address() const
{
    return QStringLiteral("127.0.0.1:%1").arg(serverPort());
}

QString TunnelProxy::url() const
{
    return QStringLiteral("http://") + address();
}

qsizetype TunnelProxy::withLogin() const
{
    return std::count_if(m_heads.begin(), m_heads.end(), [](const QByteArray &head) {
        return head.toLower().contains("\r\nproxy-authorization:");
    });
}

void TunnelProxy::incomingConnection(qintptr descriptor)
{
    auto *client = new QTcpSocket(this);
    client->setSocketDescriptor(descriptor);
    connect(client, &QTcpSocket::readyRead, this, [this, client] { take(client); });
}

void TunnelProxy::take(QTcpSocket *client)
{
    const QByteArray waiting = client->peek(client->bytesAvailable());
    const qsizetype end = waiting.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    const QByteArray head = client->read(end + 4);
    m_heads.append(head);
    const QByteArray wanted = "Basic " + m_login.toBase64();
    if (!head.startsWith("CONNECT ")) {
        client->write("HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n");
    } else if (!m_login.isEmpty() && !head.contains(wanted)) {
        client->write("HTTP/1.1 407 Password\r\nProxy-Authenticate: Basic realm=\"office\"\r\n"
                      "Content-Length: 0\r\n\r\n");
    } else {
        tunnel(client);
    }
}

void TunnelProxy::tunnel(QTcpSocket *client)
{
    client->disconnect(this);
    auto *server = new QTcpSocket(client);
    connect(server, &QTcpSocket::connected, client,
            [client] { client->write("HTTP/1.1 200 Connection established\r\n\r\n"); });
    connect(server, &QTcpSocket::readyRead, client,
            [client, server] { client->write(server->readAll()); });
    connect(client, &QTcpSocket::readyRead, server,
            [client, server] { server->write(client->readAll()); });
    connect(client, &QTcpSocket::disconnected, server, &QTcpSocket::disconnectFromHost);
    connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
    server->connectToHost(QHostAddress(QHostAddress::LocalHost), m_target);
}

} // namespace tests
