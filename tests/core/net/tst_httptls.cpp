#include "core/net/httptransport.h"
#include "core/net/urlpolicy.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"
#include "tests/core/net/testcertificates.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <utility>

using core::ErrorKind;
using core::HttpRequest;
using core::HttpTransport;
using core::NetworkOptions;
using tests::ExchangeLog;
using tests::RawPeer;
using tests::RawServer;

namespace {

HttpRequest post(const QUrl &url, const QByteArray &body = "{}")
{
    return {"POST",
            url,
            {{"Content-Type", "application/json"}, {"x-api-key", "canary-4f9d21c7"}},
            body};
}

void answerOk(RawPeer &peer)
{
    peer.write(tests::httpAnswer(200, "ok"));
}

} // namespace

//! Which servers get to see a request at all.
class tst_HttpTls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void additionalAuthorityIsTrusted();
    void authorityVouchesForItsEndpointAlone();
    void largeUploadArrives();
    void hangUpIsOneRequest();
    void untrustedServerSeesNothing_data();
    void untrustedServerSeesNothing();
    void oldProtocolIsRefused();
    void plainServerBehindHttps();
    void failureDoesNotStick();
    void droppedAuthorityIsForgotten();
    void unreadableAuthoritySendsNothing_data();
    void unreadableAuthoritySendsNothing();
    void helloOffersHttp11Only();

private:
    [[nodiscard]] static NetworkOptions trusting(const QUrl &endpoint, const QString &authorityFile)
    {
        NetworkOptions options;
        options.authorityFiles.insert(core::originOf(endpoint), authorityFile);
        return options;
    }
    [[nodiscard]] NetworkOptions trusting(const RawServer &server) const
    {
        return trusting(server.url(), m_certificates.authorityFile());
    }

    core::SystemClock m_clock;
    tests::TestCertificates m_certificates;
};

void tst_HttpTls::initTestCase()
{
    QVERIFY2(m_certificates.make(), qPrintable(m_certificates.error()));
}

void tst_HttpTls::additionalAuthorityIsTrusted()
{
    RawServer server(m_certificates.server(QStringLiteral("good")), answerOk);
    HttpTransport transport(m_clock, trusting(server));
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY2(!log.error, qPrintable(log.error ? log.error->detail : QString()));
    QCOMPARE(log.body, "ok");
    const QSsl::SslProtocol protocol = server.peers().constFirst()->socket()->sessionProtocol();
    QVERIFY(protocol == QSsl::TlsV1_2 || protocol == QSsl::TlsV1_3);
}

// Both servers show certificates of one private authority; it was given for the first alone.
void tst_HttpTls::authorityVouchesForItsEndpointAlone()
{
    const QSslConfiguration tls = m_certificates.server(QStringLiteral("good"));
    RawServer server(tls, answerOk);
    RawServer other(tls, answerOk);
    HttpTransport transport(m_clock, trusting(server));
    for (int round = 0; round < 2; ++round) { // the second with what the first left open
        const ExchangeLog accepted(transport.send(post(server.url()), {}, this));
        QTRY_VERIFY(accepted.isFinished());
        QVERIFY2(!accepted.error, qPrintable(accepted.error ? accepted.error->detail : QString()));
        const ExchangeLog refused(transport.send(post(other.url()), {}, this));
        QTRY_VERIFY(refused.isFinished());
        QVERIFY(refused.error);
        QCOMPARE(refused.error->kind, ErrorKind::TlsFailed);
    }
    QCOMPARE(server.requestCount(), 2);
    QCOMPARE(other.receivedBytes(), 0);
}

void tst_HttpTls::largeUploadArrives()
{
    RawServer server(m_certificates.server(QStringLiteral("good")), answerOk);
    HttpTransport transport(m_clock, trusting(server));
    const QByteArray body = QByteArray(8 << 20, 'x') + "the end";
    const ExchangeLog log(transport.send(post(server.url(), body), {}, this));
    QTRY_VERIFY_WITH_TIMEOUT(log.isFinished(), 20'000);
    QVERIFY(!log.error);
    QVERIFY(server.peers().constFirst()->received().endsWith(body));
}

void tst_HttpTls::hangUpIsOneRequest()
{
    RawServer server(m_certificates.server(QStringLiteral("good")),
                     [](RawPeer &peer) { peer.close(); });
    HttpTransport transport(m_clock, trusting(server));
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->phase, core::Phase::FirstByte);
    QTest::qWait(50);
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTls::untrustedServerSeesNothing_data()
{
    QTest::addColumn<QString>("leaf");
    QTest::addColumn<bool>("withAuthority");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *leaf, bool withAuthority,
                        const char *reason) {
        QTest::newRow(name) << QString::fromLatin1(leaf) << withAuthority
                            << QString::fromLatin1(reason);
    };
    row("self-signed", "self-signed", false, "signed by itself");
    row("self-signed-with-authority", "self-signed", true, "signed by itself");
    row("private-authority-unknown", "good", false, "not trusted");
    row("expired", "expired", true, "expired");
    row("wrong-host", "wrong-host", true, "another host");
    row("unknown-root-in-chain", "unknown-root", true, "not trusted");
    row("unknown-root-without-authority", "unknown-root", false, "not trusted");
}

void tst_HttpTls::untrustedServerSeesNothing()
{
    QFETCH(const QString, leaf);
    QFETCH(const bool, withAuthority);
    QFETCH(const QString, reason);
    RawServer server(m_certificates.server(leaf), answerOk);
    HttpTransport transport(m_clock, withAuthority ? trusting(server) : NetworkOptions());
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::TlsFailed);
    QVERIFY2(log.error->detail.contains(reason), qPrintable(log.error->detail));
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.receivedBytes(), 0);
}

void tst_HttpTls::oldProtocolIsRefused()
{
    // Qt cannot be talked into serving TLS 1.1 any more; openssl still can.
    quint16 port = 0;
    {
        const RawServer free;
        port = free.serverPort();
    }
    QProcess server;
    server.setProcessChannelMode(QProcess::MergedChannels);
    server.start(QStringLiteral("openssl"),
                 {QStringLiteral("s_server"), QStringLiteral("-accept"),
                  QStringLiteral("127.0.0.1:%1").arg(port), QStringLiteral("-cert"),
                  m_certificates.path(QStringLiteral("good.pem")), QStringLiteral("-key"),
                  m_certificates.path(QStringLiteral("good.key")), QStringLiteral("-tls1_1"),
                  QStringLiteral("-cipher"), QStringLiteral("ALL:@SECLEVEL=0")});
    QByteArray output;
    QTRY_VERIFY_WITH_TIMEOUT((output += server.readAll()).contains("ACCEPT"), 10'000);
    const QUrl url(QStringLiteral("https://127.0.0.1:%1/").arg(port));
    HttpTransport transport(m_clock, trusting(url, m_certificates.authorityFile()));
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QCOMPARE(log.error->kind, ErrorKind::TlsFailed);
    server.kill();
    QVERIFY(server.waitForFinished());
    QVERIFY(!(output + server.readAll()).contains("canary"));
}

void tst_HttpTls::plainServerBehindHttps()
{
    RawServer server(answerOk);
    QUrl url = server.url();
    url.setScheme(QStringLiteral("https"));
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(server.receivedBytes() > 0);
    server.peers().constFirst()->write("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QCOMPARE(log.error->kind, ErrorKind::TlsFailed);
    QVERIFY(!server.peers().constFirst()->received().contains("canary"));
}

// Qt's connection cache does not know which certificates a connection was checked against.
void tst_HttpTls::failureDoesNotStick()
{
    RawServer server(m_certificates.server(QStringLiteral("good")), answerOk);
    HttpTransport transport(m_clock, {});
    const ExchangeLog refused(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(refused.isFinished());
    QVERIFY(refused.error);
    transport.setOptions(trusting(server));
    const ExchangeLog accepted(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(accepted.isFinished());
    QVERIFY(!accepted.error);
}

void tst_HttpTls::droppedAuthorityIsForgotten()
{
    RawServer server(m_certificates.server(QStringLiteral("good")), answerOk);
    HttpTransport transport(m_clock, trusting(server));
    const ExchangeLog accepted(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(accepted.isFinished());
    QVERIFY(!accepted.error);
    transport.setOptions({});
    const ExchangeLog refused(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(refused.isFinished());
    QVERIFY(refused.error);
    QCOMPARE(refused.error->kind, ErrorKind::TlsFailed);
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTls::unreadableAuthoritySendsNothing_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("absent") << m_certificates.path(QStringLiteral("no-such-file.pem"));
    QTest::newRow("not-a-certificate") << m_certificates.path(QStringLiteral("good.key"));
    QTest::newRow("directory") << m_certificates.path(QString());
}

void tst_HttpTls::unreadableAuthoritySendsNothing()
{
    QFETCH(const QString, file);
    RawServer server(answerOk);
    HttpTransport transport(m_clock, trusting(server.url(), file));
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QVERIFY(!log.isFinished());
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.error->kind, ErrorKind::TlsFailed);
    QCOMPARE(server.connectionCount(), 0);
}

void tst_HttpTls::helloOffersHttp11Only()
{
    RawServer server(m_certificates.server(QStringLiteral("good")), answerOk);
    server.setHandshakeMute();
    HttpTransport transport(m_clock, {});
    QObject owner;
    const ExchangeLog log(transport.send(post(server.url()), {}, &owner));
    QTRY_VERIFY(server.receivedBytes() > 0);
    const QByteArray hello = server.peers().constFirst()->received();
    QVERIFY(hello.startsWith('\x16'));                                 // a handshake record
    QVERIFY2(!hello.contains("\x02h2"), hello.toHex(' ').constData()); // ALPN: length, then name
    QVERIFY(!hello.contains("canary"));
}

QTEST_GUILESS_MAIN(tst_HttpTls)
#include "tst_httptls.moc"
