#pragma once

#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>

#include <functional>
#include <optional>

namespace tests {

//! One connection that a RawServer took, with all bytes that came over it.
class RawPeer final : public QObject
{
    Q_OBJECT
public:
    RawPeer(QSslSocket *socket, QObject *parent);

    [[nodiscard]] const QByteArray &received() const { return m_received; }
    [[nodiscard]] bool isClosed() const { return m_isClosed; } //!< By either side.
    [[nodiscard]] QSslSocket *socket() const { return m_socket; }

    void write(const QByteArray &bytes) { m_socket->write(bytes); }
    void close() { m_socket->disconnectFromHost(); } //!< After all is written.
    void reset();                                    //!< RST, at once.
    //! Reads no more: what the client sends fills the buffers between us.
    void setDeaf()
    {
        m_isDeaf = true;
        m_socket->setReadBufferSize(1024);
    }
    //! Writes \p total bytes of \p pattern repeated, as fast as the client takes them.
    void flood(const QByteArray &pattern, qint64 total);

Q_SIGNALS:
    void requestArrived(); //!< Headers, and as many bytes as Content-Length says. Once a request.
    void closed();

private:
    void take();
    void feed();

    QSslSocket *m_socket;
    QByteArray m_received;
    QByteArray m_request; //!< Of the request that is coming in.
    QByteArray m_pattern;
    qint64 m_toFlood = 0;
    bool m_isClosed = false;
    bool m_isDeaf = false;
};

//! A loopback server that says whatever bytes a test wants, right or wrong, over TCP or TLS.
class RawServer final : public QTcpServer
{
    Q_OBJECT
public:
    using Answer = std::function<void(RawPeer &)>;

    explicit RawServer(Answer answer = {}); //!< Listens at once; \p answer is called a request.
    RawServer(const QSslConfiguration &tls, Answer answer);

    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/v1/chat")) const;
    [[nodiscard]] qsizetype connectionCount() const { return m_peers.size(); }
    [[nodiscard]] int requestCount() const { return m_requests; }
    [[nodiscard]] qint64 receivedBytes() const; //!< Of the application, behind TLS.
    [[nodiscard]] const QList<RawPeer *> &peers() const { return m_peers; }
    //! Do not answer the client's TLS hello: a connection that never gets ready.
    void setHandshakeMute() { m_isMute = true; }

Q_SIGNALS:
    void newPeer(tests::RawPeer *peer);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Answer m_answer;
    std::optional<QSslConfiguration> m_tls;
    QList<RawPeer *> m_peers;
    int m_requests = 0;
    bool m_isMute = false;
};

//! "HTTP/1.1 \p status" with Content-Length, \p headers (each ended by CRLF) and \p body.
[[nodiscard]] QByteArray httpAnswer(int status, const QByteArray &body,
                                    const QByteArray &headers = "Content-Type: text/plain\r\n");
[[nodiscard]] QByteArray chunk(const QByteArray &bytes);

} // namespace tests
