#include "core/net/httptransport.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"

#include <QRegularExpression>
#include <QTest>

using core::ErrorKind;
using core::HttpExchange;
using core::HttpRequest;
using core::HttpTransport;
using core::NetworkOptions;
using tests::ExchangeLog;
using tests::RawPeer;
using tests::RawServer;

namespace {

const QByteArray Canary = "canary-4f9d21c7";

HttpRequest post(const QUrl &url)
{
    return {"POST",
            url,
            {{"Content-Type", "application/json"},
             {"Authorization", "Bearer " + Canary},
             {"x-api-key", Canary}},
            R"({"prompt":")" + Canary + R"("})"};
}

//! Holds an environment variable for one test.
class Variable
{
public:
    Variable(const char *name, const QByteArray &value)
        : m_name(name)
        , m_old(qgetenv(name))
        , m_wasSet(qEnvironmentVariableIsSet(name))
    {
        qputenv(name, value);
    }
    ~Variable()
    {
        if (m_wasSet)
            qputenv(m_name, m_old);
        else
            qunsetenv(m_name);
    }
    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;

private:
    const char *m_name;
    QByteArray m_old;
    bool m_wasSet;
};

} // namespace

//! Keys and prompts reach the host that was asked, and no other.
class tst_HttpPrivacy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void redirectIsNotFollowed_data();
    void redirectIsNotFollowed();
    void cookiesAreForgotten();
    void answersAreNotCached();
    void detailKeepsQueryAndReasonOut_data();
    void detailKeepsQueryAndReasonOut();
    void proxySeesConnectOnly();
    void proxyThatAsksForAPassword();
    void loopbackGoesAroundTheProxy();
    void proxyCanBeSwitchedOff();

private:
    core::SystemClock m_clock;
};

void tst_HttpPrivacy::redirectIsNotFollowed_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("location"); // "%1": port of the second server, "%2": of the first
    QTest::addColumn<QString>("named");
    const QList<std::tuple<const char *, const char *, const char *>> targets = {
        {"other-port", "http://127.0.0.1:%1/x", "http://127.0.0.1:%1"},
        {"other-host", "http://localhost:%1/x", "http://localhost:%1"},
        {"other-loopback", "http://127.0.0.2:%1/x", "http://127.0.0.2:%1"},
        {"https", "https://127.0.0.1:%1/x?canary-4f9d21c7", "https://127.0.0.1:%1"},
        {"outside", "https://evil.example/x", "https://evil.example"},
        {"same-origin", "/elsewhere", "http://127.0.0.1:%2"},
        {"loop", "/v1/chat", "http://127.0.0.1:%2"},
        {"scheme-relative", "//127.0.0.1:%1/x", "http://127.0.0.1:%1"},
        {"odd-scheme", "gopher://127.0.0.1:%1/x", "gopher://127.0.0.1:%1"},
        {"file", "file:///etc/passwd", "points to"},
        {"javascript", "javascript:alert(1)", "points to"},
        {"malformed", "http://[:::/%%zz", "points to"},
        {"none", "", "without naming it"}};
    for (const int status : {300, 301, 302, 303, 304, 305, 307, 308, 399}) {
        for (const auto &[name, location, named] : targets) {
            QTest::addRow("%d-%s", status, name)
                << status << QByteArray(location) << QString::fromLatin1(named);
        }
    }
}

void tst_HttpPrivacy::redirectIsNotFollowed()
{
    QFETCH(const int, status);
    QFETCH(QByteArray, location);
    QFETCH(QString, named);
    RawServer second([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "stolen")); });
    RawServer first([&](RawPeer &peer) {
        const QByteArray field =
            location.isEmpty() ? QByteArray() : "Location: " + location + "\r\n";
        peer.write(tests::httpAnswer(status, "moved", field));
    });
    for (const auto &[mark, port] :
         {std::pair("%1", second.serverPort()), std::pair("%2", first.serverPort())}) {
        location.replace(mark, QByteArray::number(port));
        named.replace(QString::fromLatin1(mark), QString::number(port));
    }
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(first.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::Redirected);
    QCOMPARE(log.error->httpStatus, status);
    QVERIFY2(log.error->detail.contains(named), qPrintable(log.error->detail));
    QVERIFY(!log.error->detail.contains(QStringLiteral("canary")));
    QCOMPARE(log.bodyBytes, 0);
    QCOMPARE(log.finishedCount, 1);
    QTest::qWait(5);
    QCOMPARE(second.connectionCount(), 0);
    QCOMPARE(first.requestCount(), 1);
}

void tst_HttpPrivacy::cookiesAreForgotten()
{
    RawServer server([](RawPeer &peer) {
        peer.write(tests::httpAnswer(200, "ok",
                                     "Set-Cookie: session=abc; Path=/\r\n"
                                     "Set-Cookie: forever=1; Max-Age=99999\r\n"));
    });
    HttpTransport transport(m_clock, {});
    for (int i = 0; i < 3; ++i) {
        const ExchangeLog log(transport.send(post(server.url()), {}, this));
        QTRY_VERIFY(log.isFinished());
    }
    QCOMPARE(server.requestCount(), 3);
    for (const RawPeer *peer : server.peers())
        QVERIFY(!peer->received().toLower().contains("cookie"));
}

void tst_HttpPrivacy::answersAreNotCached()
{
    int answers = 0;
    RawServer server([&](RawPeer &peer) {
        peer.write(tests::httpAnswer(200, QByteArray::number(++answers),
                                     "Cache-Control: public, max-age=99999\r\nETag: \"1\"\r\n"));
    });
    HttpTransport transport(m_clock, {});
    for (int i = 1; i <= 2; ++i) {
        const ExchangeLog log(transport.send({"GET", server.url(), {}, {}}, {}, this));
        QTRY_VERIFY(log.isFinished());
        QCOMPARE(log.body, QByteArray::number(i));
    }
    QVERIFY(!server.peers().constFirst()->received().toLower().contains("if-none-match"));
}

void tst_HttpPrivacy::detailKeepsQueryAndReasonOut_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("hang-up") << QByteArray();
    QTest::newRow("redirect") << QByteArray("HTTP/1.1 302 <b>canary-4f9d21c7</b>\r\n"
                                            "Location: /canary-4f9d21c7\r\n\r\n");
    QTest::newRow("no-headers") << QByteArray("HTTP/1.1 200 <b>canary-4f9d21c7</b>\r\n\r\n");
    QTest::newRow("bad-gzip") << QByteArray(
        "HTTP/1.1 200 <b>canary-4f9d21c7</b>\r\n"
        "Content-Encoding: gzip\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz");
    QTest::newRow("cut") << QByteArray("HTTP/1.1 200 <b>canary-4f9d21c7</b>\r\n"
                                       "Content-Length: 4000\r\n\r\nabcd");
}

void tst_HttpPrivacy::detailKeepsQueryAndReasonOut()
{
    QFETCH(const QByteArray, answer);
    RawServer server([&](RawPeer &peer) {
        peer.write(answer);
        peer.close();
    });
    HttpTransport transport(m_clock, {});
    const QUrl url = server.url(QStringLiteral("/v1?key=") + QString::fromLatin1(Canary));
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QVERIFY2(log.error->detail.startsWith(QStringLiteral("http://127.0.0.1:")),
             qPrintable(log.error->detail));
    QVERIFY2(!log.error->detail.contains(QStringLiteral("canary")), qPrintable(log.error->detail));
    QVERIFY(!log.error->detail.contains(u'<'));
}

void tst_HttpPrivacy::proxySeesConnectOnly()
{
    RawServer proxy([](RawPeer &peer) {
        peer.write("HTTP/1.1 502 <b>Bad Gateway</b>\r\nContent-Length: 0\r\n\r\n");
        peer.close();
    });
    const Variable upper("HTTPS_PROXY", {});
    const Variable lower("https_proxy", proxy.url(QString()).toEncoded());
    const Variable none("no_proxy", {});
    HttpTransport transport(m_clock, {});
    const QUrl url(QStringLiteral("https://gate.example/v1?key=canary-4f9d21c7"));
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->httpStatus, 0);
    QCOMPARE(proxy.connectionCount(), 1);
    const QByteArray seen = proxy.peers().constFirst()->received();
    QVERIFY2(seen.startsWith("CONNECT gate.example:443 HTTP/1.1\r\n"), seen.constData());
    QVERIFY2(!seen.contains("canary"), seen.constData());
    QVERIFY(!seen.contains("/v1"));
}

void tst_HttpPrivacy::proxyThatAsksForAPassword()
{
    RawServer proxy([](RawPeer &peer) {
        peer.write("HTTP/1.1 407 Password\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                   "Content-Length: 0\r\n\r\n");
    });
    const Variable upper("HTTPS_PROXY", {});
    const Variable lower("https_proxy", proxy.url(QString()).toEncoded());
    const Variable none("no_proxy", {});
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(
        transport.send(post(QUrl(QStringLiteral("https://gate.example/v1"))), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QVERIFY2(log.error->detail.contains(QStringLiteral("proxy")), qPrintable(log.error->detail));
    for (const RawPeer *peer : proxy.peers())
        QVERIFY(!peer->received().contains("canary"));
}

void tst_HttpPrivacy::loopbackGoesAroundTheProxy()
{
    RawServer proxy;
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    const Variable http("http_proxy", proxy.url(QString()).toEncoded());
    const Variable https("https_proxy", proxy.url(QString()).toEncoded());
    const Variable all("all_proxy", proxy.url(QString()).toEncoded());
    const Variable none("no_proxy", {});
    HttpTransport transport(m_clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.body, "ok");
    QCOMPARE(proxy.connectionCount(), 0);
}

void tst_HttpPrivacy::proxyCanBeSwitchedOff()
{
    RawServer proxy;
    const Variable lower("https_proxy", proxy.url(QString()).toEncoded());
    const Variable none("no_proxy", {});
    NetworkOptions options;
    options.useSystemProxy = false;
    HttpTransport transport(m_clock, options);
    // A port that nobody listens on: the answer is the same without a network.
    const QUrl url(QStringLiteral("https://127.77.77.77:1/v1"));
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(proxy.connectionCount(), 0);
}

QTEST_GUILESS_MAIN(tst_HttpPrivacy)
#include "tst_httpprivacy.moc"
