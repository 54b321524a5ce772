#include "tests/core/net/rawserver.h"

#include <QUrl>

#include <sys/socket.h>

#include <algorithm>

namespace tests {

namespace {

// Enough for the kernel to be always busy, little enough to measure the client's memory.
constexpr qint64 FloodBytes = 256 * 1024;

//! Length of the whole request at the front of \p bytes; none while it is incomplete.
std::optional<qsizetype> requestLength(const QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    qsizetype length = end + 4;
    const QByteArray head = bytes.first(end).toLower();
    if (const qsizetype at = head.indexOf("\r\ncontent-length:"); at >= 0) {
        const qsizetype value = at + 17;
        const qsizetype lineEnd = head.indexOf("\r\n", value);
        length += head.sliced(value, (lineEnd < 0 ? head.size() : lineEnd) - value)
                      .trimmed()
                      .toLongLong();
    }
    return bytes.size() >= length ? std::optional(length) : std::nullopt;
}

} // namespace

RawPeer::RawPeer(QSslSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this);
    connect(socket, &QSslSocket::readyRead, this, &RawPeer::take);
    connect(socket, &QSslSocket::bytesWritten, this, &RawPeer::feed);
    connect(socket, &QSslSocket::encryptedBytesWritten, this, &RawPeer::feed);
    connect(socket, &QSslSocket::disconnected, this, [this] {
        m_isClosed = true;
        m_toFlood = 0;
        Q_EMIT closed();
    });
}

void RawPeer::reset()
{
    const linger now = {.l_onoff = 1, .l_linger = 0};
    m_socket->flush();
    ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now,
                 sizeof(now));
    m_socket->abort();
}

void RawPeer::flood(const QByteArray &pattern, qint64 total)
{
    m_pattern = pattern;
    m_toFlood = total;
    feed();
}

void RawPeer::take()
{
    if (m_isDeaf)
        return;
    const QByteArray bytes = m_socket->readAll();
    m_received += bytes;
    m_request += bytes;
    while (const auto length = requestLength(m_request)) {
        m_request = m_request.sliced(*length);
        Q_EMIT requestArrived();
    }
}

void RawPeer::feed()
{
    while (m_toFlood > 0 && m_socket->bytesToWrite() < FloodBytes &&
           m_socket->encryptedBytesToWrite() < FloodBytes) {
        const qint64 count = std::min<qint64>(m_toFlood, m_pattern.size());
        m_toFlood -= count;
        m_socket->write(m_pattern.constData(), count);
    }
}

RawServer::RawServer(Answer answer)
    : m_answer(std::move(answer))
{
    listen(QHostAddress::LocalHost);
}

RawServer::RawServer(const QSslConfiguration &tls, Answer answer)
    : m_answer(std::move(answer))
    , m_tls(tls)
{
    listen(QHostAddress::LocalHost);
}

QUrl RawServer::url(const QString &path) const
{
    return QUrl(QStringLiteral("%1://127.0.0.1:%2%3")
                    .arg(m_tls ? QStringLiteral("https") : QStringLiteral("http"))
                    .arg(serverPort())
                    .arg(path));
}

qint64 RawServer::receivedBytes() const
{
    qint64 sum = 0;
    for (const RawPeer *peer : m_peers)
        sum += peer->received().size();
    return sum;
}

void RawServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QSslSocket;
    socket->setSocketDescriptor(descriptor);
    auto *peer = new RawPeer(socket, this);
    m_peers.append(peer);
    connect(peer, &RawPeer::requestArrived, this, [this, peer] {
        ++m_requests;
        if (m_answer)
            m_answer(*peer);
    });
    Q_EMIT newPeer(peer);
    if (m_tls && !m_isMute) {
        socket->setSslConfiguration(*m_tls);
        socket->startServerEncryption();
    }
}

QByteArray httpAnswer(int status, const QByteArray &body, const QByteArray &headers)
{
    return "HTTP/1.1 " + QByteArray::number(status) +
           " Whatever\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers +
           "\r\n" + body;
}

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

} // namespace tests
