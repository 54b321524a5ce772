#include "core/net/httptransport.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"
#include "tests/support/fakeclock.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <functional>
#include <memory>
#include <vector>

using namespace std::chrono_literals;
using core::ErrorKind;
using core::HttpExchange;
using core::HttpRequest;
using core::HttpTransport;
using core::Phase;
using tests::ExchangeLog;
using tests::RawPeer;
using tests::RawServer;

namespace {

const QByteArray Canary = "canary-4f9d21c7";

HttpRequest post(const QUrl &url, const QByteArray &body = R"({"model":"m"})")
{
    return {"POST", url, {{"Content-Type", "application/json"}, {"x-api-key", Canary}}, body};
}

} // namespace

//! What every caller relies on: the order of signals, one request an attempt, statuses and ends.
class tst_HttpTransport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void answerInOrder();
    void requestAsWritten();
    void getHasNoBody();
    void largeUploadArrives();
    void statusWithBody_data();
    void statusWithBody();
    void nothingBeforeTheEventLoop();
    void badRequestNeverLeaves_data();
    void badRequestNeverLeaves();
    void hangUpIsOneRequest_data();
    void hangUpIsOneRequest();
    void cutBody_data();
    void cutBody();
    void garbage_data();
    void garbage();
    void connectionRefused();
    void twelveStreamsStartAtOnce();
    void connectionIsKeptForTheNext();
    void connectionClosedWhileIdle();
    void nextRequestFromTheHandler();
    void abortClosesTheSocket_data();
    void abortClosesTheSocket();
    void deletionIsSilent();
    void handlerMayDelete_data();
    void handlerMayDelete();
    void transportMayGoFirst();
};

void tst_HttpTransport::answerInOrder()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                   "Transfer-Encoding: chunked\r\nX-Request-Id: r1\r\n\r\n" +
                   tests::chunk("data: a\n\n") + tests::chunk("data: b\n\n") + "0\r\n\r\n");
    });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QCOMPARE(exchange->status(), 0);
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList({QStringLiteral("sent"), QStringLiteral("headers"),
                                      QStringLiteral("body"), QStringLiteral("finished")}));
    QCOMPARE(log.body, "data: a\n\ndata: b\n\n");
    QVERIFY(!log.error);
    QVERIFY(!log.hadEmptySlice);
    QCOMPARE(exchange->status(), 200);
    QCOMPARE(exchange->headers().value("x-request-id"), "r1");
    QTest::qWait(20); // turns of the event loop in which nothing more may come
    QCOMPARE(log.finishedCount, 1);
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTransport::requestAsWritten()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpRequest request = post(server.url(QStringLiteral("/v1/chat?stream=1")), "{}");
    request.headers.add("Accept-Encoding", "identity"); // would switch decompression off
    request.headers.add("Cookie", "a=b");
    const ExchangeLog log(transport.send(request, {}, this));
    QTRY_VERIFY(log.isFinished());
    const QByteArray sent = server.peers().constFirst()->received();
    QVERIFY2(sent.startsWith("POST /v1/chat?stream=1 HTTP/1.1\r\n"), sent.constData());
    QVERIFY2(sent.endsWith("\r\n\r\n{}"), sent.constData());
    const QByteArray head = sent.toLower();
    QVERIFY(head.contains("\r\nx-api-key: " + Canary + "\r\n"));
    QVERIFY(head.contains("\r\ncontent-type: application/json\r\n"));
    QVERIFY(head.contains("\r\ncontent-length: 2\r\n"));
    QVERIFY(head.contains("\r\nuser-agent: farthing/" FARTHING_VERSION "\r\n"));
    QVERIFY(head.contains("\r\naccept-language: en\r\n"));
    QVERIFY(head.contains("gzip"));
    QVERIFY(!head.contains("identity"));
    QVERIFY(!head.contains("\r\ncookie:"));
    QVERIFY(!head.contains("mozilla"));
    QCOMPARE(head.count("\r\naccept-encoding:"), 1);
}

void tst_HttpTransport::getHasNoBody()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "[]")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send({"GET", server.url(), {}, {}}, {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(!log.error);
    QCOMPARE(log.body, "[]");
    QCOMPARE(log.events.first(), QStringLiteral("sent"));
    QVERIFY(server.peers().constFirst()->received().startsWith("GET "));
}

void tst_HttpTransport::largeUploadArrives()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const QByteArray body = QByteArray(24 << 20, 'x') + "the end";
    const ExchangeLog log(transport.send(post(server.url(), body), {}, this));
    QTRY_VERIFY_WITH_TIMEOUT(log.isFinished(), 20'000);
    QVERIFY(!log.error);
    QCOMPARE(log.events.count(QStringLiteral("sent")), 1);
    QVERIFY(server.peers().constFirst()->received().endsWith(body));
}

void tst_HttpTransport::statusWithBody_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("headers");
    for (const int status : {200, 201, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410,
                             413, 418, 422, 429, 498, 500, 501, 502, 503, 504, 529, 599}) {
        QTest::addRow("%d", status) << status << QByteArray("Retry-After: 7\r\n");
    }
    QTest::newRow("basic-challenge")
        << 401 << QByteArray("WWW-Authenticate: Basic realm=\"x\"\r\n");
    QTest::newRow("digest-challenge")
        << 401 << QByteArray("WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n");
    QTest::newRow("negotiate-challenge") << 401 << QByteArray("WWW-Authenticate: Negotiate\r\n");
    QTest::newRow("ntlm-challenge") << 401 << QByteArray("WWW-Authenticate: NTLM\r\n");
    QTest::newRow("bearer-challenge") << 401 << QByteArray("WWW-Authenticate: Bearer\r\n");
}

void tst_HttpTransport::statusWithBody()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, headers);
    const QByteArray body = R"({"error":{"message":"no"}})";
    RawServer server([&](RawPeer &peer) { peer.write(tests::httpAnswer(status, body, headers)); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QTRY_VERIFY(log.isFinished());
    QVERIFY2(!log.error, qPrintable(log.error ? log.error->detail : QString()));
    QCOMPARE(log.status, status);
    QCOMPARE(log.body, body);
    QCOMPARE(server.requestCount(), 1);
    QVERIFY(exchange->headers().contains("content-length"));
}

void tst_HttpTransport::nothingBeforeTheEventLoop()
{
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *refused =
        transport.send(post(QUrl(QStringLiteral("http://gate.example/"))), {}, this);
    const ExchangeLog log(refused);
    QVERIFY(!log.isFinished());
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
}

void tst_HttpTransport::badRequestNeverLeaves_data()
{
    QTest::addColumn<HttpRequest>("request");
    QTest::addColumn<ErrorKind>("expected");
    const auto row = [](const char *name, const HttpRequest &request, ErrorKind expected) {
        QTest::newRow(name) << request << expected;
    };
    const QUrl good(QStringLiteral("https://gate.example/v1"));
    row("http", post(QUrl(QStringLiteral("http://gate.example/v1"))), ErrorKind::ProtocolError);
    row("user", post(QUrl(QStringLiteral("https://me@gate.example/"))), ErrorKind::ProtocolError);
    row("file", post(QUrl(QStringLiteral("file:///etc/passwd"))), ErrorKind::ProtocolError);
    row("qrc", post(QUrl(QStringLiteral("qrc:/x"))), ErrorKind::ProtocolError);
    row("data", post(QUrl(QStringLiteral("data:,x"))), ErrorKind::ProtocolError);
    row("empty-url", post({}), ErrorKind::ProtocolError);
    row("line-break-in-key",
        {"POST", good, {{"Content-Type", "a/b"}, {"x-api-key", "k\r\nEvil: 1"}}, "x"},
        ErrorKind::InputRejected);
    row("nul-in-key", {"GET", good, {{"x-api-key", QByteArray("k\0", 2)}}, {}},
        ErrorKind::InputRejected);
    row("line-break-in-name", {"GET", good, {{"x\nEvil", "1"}}, {}}, ErrorKind::InputRejected);
    row("body-without-type", {"POST", good, {}, "x"}, ErrorKind::Internal);
    row("no-method", {"", good, {}, {}}, ErrorKind::Internal);
    row("two-line-method", {"GET /x HTTP/1.1\r\n", good, {}, {}}, ErrorKind::Internal);
}

void tst_HttpTransport::badRequestNeverLeaves()
{
    QFETCH(const HttpRequest, request);
    QFETCH(const ErrorKind, expected);
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(request, {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, expected);
    QVERIFY(!log.error->detail.contains(QStringLiteral("Evil: 1")));
}

void tst_HttpTransport::hangUpIsOneRequest_data()
{
    QTest::addColumn<bool>("byReset");
    QTest::newRow("close") << false;
    QTest::newRow("reset") << true;
}

// Qt alone would send the request a second time: two bills for one attempt.
void tst_HttpTransport::hangUpIsOneRequest()
{
    QFETCH(const bool, byReset);
    RawServer server([byReset](RawPeer &peer) {
        if (byReset)
            peer.reset();
        else
            peer.close();
    });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->phase, Phase::FirstByte);
    QCOMPARE(log.error->httpStatus, 0);
    QCOMPARE(log.events.count(QStringLiteral("sent")), 1);
    QTest::qWait(50);
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTransport::cutBody_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("byReset");
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    const QByteArray chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    QTest::newRow("chunked-no-end") << chunked + tests::chunk("data: a\n\n") << false;
    QTest::newRow("chunked-reset") << chunked + tests::chunk("data: a\n\n") << true;
    QTest::newRow("chunk-half") << chunked + "ff\r\ndata: a\n\n" << false;
    QTest::newRow("length-short") << head + "Content-Length: 4000\r\n\r\ndata: a\n\n" << false;
    QTest::newRow("no-length") << head + "Connection: close\r\n\r\ndata: a\n\n" << false;
}

// Whether the whole came is the decoder's word; the transport owes each byte that did.
void tst_HttpTransport::cutBody()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, byReset);
    RawServer server([&](RawPeer &peer) { peer.write(answer); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QTRY_COMPARE(log.body, "data: a\n\n");
    if (byReset)
        server.peers().constFirst()->reset();
    else
        server.peers().constFirst()->close();
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.finishedCount, 1);
    QCOMPARE(log.body, "data: a\n\n");
    QCOMPARE(log.status, 200);
    if (log.error) {
        QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
        QCOMPARE(log.error->phase, Phase::Idle);
        QCOMPARE(log.error->httpStatus, 200);
    }
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTransport::garbage_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("not-http") << QByteArray("220 mail.example ESMTP\r\n");
    QTest::newRow("binary") << QByteArray("\x00\x16\x03\x01\xff\xfe\r\n\r\n", 10);
    QTest::newRow("empty-lines") << QByteArray("\r\n\r\n\r\n");
    QTest::newRow("status-word") << QByteArray("HTTP/1.1 OK 200\r\n\r\n");
    QTest::newRow("half-status-line") << QByteArray("HTTP/1.");
    QTest::newRow("half-header") << QByteArray("HTTP/1.1 200 OK\r\nContent-Ty");
    QTest::newRow("no-headers") << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello");
}

void tst_HttpTransport::garbage()
{
    QFETCH(const QByteArray, answer);
    RawServer server([&](RawPeer &peer) {
        peer.write(answer);
        peer.close();
    });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QVERIFY(log.error->kind == ErrorKind::ProtocolError ||
            log.error->kind == ErrorKind::ConnectionFailed);
    QCOMPARE(log.bodyBytes, 0);
    QCOMPARE(server.requestCount(), 1);
}

void tst_HttpTransport::connectionRefused()
{
    QUrl url;
    {
        const RawServer server;
        url = server.url();
    }
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->phase, Phase::Connect);
}

// One QNetworkAccessManager for all would hold the seventh back until another ends.
void tst_HttpTransport::twelveStreamsStartAtOnce()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
    });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    QObject owner;
    std::vector<std::unique_ptr<ExchangeLog>> logs;
    for (int i = 0; i < 12; ++i) {
        logs.push_back(
            std::make_unique<ExchangeLog>(transport.send(post(server.url()), {}, &owner)));
    }
    for (const auto &log : logs)
        QTRY_COMPARE(log->body, "data: a\n\n");
    QCOMPARE(server.requestCount(), 12);
    for (const RawPeer *peer : server.peers())
        QVERIFY(!peer->isClosed());
}

void tst_HttpTransport::connectionIsKeptForTheNext()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    for (int i = 0; i < 3; ++i) {
        const ExchangeLog log(transport.send(post(server.url()), {}, this));
        QTRY_VERIFY(log.isFinished());
        QVERIFY(!log.error);
    }
    QCOMPARE(server.requestCount(), 3);
    QCOMPARE(server.connectionCount(), 1);

    transport.setOptions({}); // as if the proxy had changed: nothing old is used
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QCOMPARE(server.connectionCount(), 2);
}

void tst_HttpTransport::connectionClosedWhileIdle()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    for (int i = 0; i < 3; ++i) {
        const ExchangeLog log(transport.send(post(server.url()), {}, this));
        QTRY_VERIFY(log.isFinished());
        QVERIFY2(!log.error, qPrintable(log.error ? log.error->detail : QString()));
        server.peers().constLast()->close();
        QTRY_VERIFY(server.peers().constLast()->isClosed());
        QTest::qWait(20); // until Qt's thread has seen it too
    }
    QCOMPARE(server.requestCount(), 3);
    QCOMPARE(server.connectionCount(), 3);
}

void tst_HttpTransport::nextRequestFromTheHandler()
{
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    QObject owner;
    int ends = 0;
    std::function<void()> next = [&] {
        HttpExchange *exchange = transport.send(post(server.url()), {}, &owner);
        connect(exchange, &HttpExchange::finished, &owner, [&, exchange] {
            QVERIFY(!exchange->error());
            exchange->deleteLater();
            if (++ends < 20)
                next();
        });
    };
    next();
    QTRY_COMPARE(ends, 20);
    QCOMPARE(server.requestCount(), 20);
    QCOMPARE(server.connectionCount(), 1);
}

void tst_HttpTransport::abortClosesTheSocket_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("waitFor");
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    QTest::newRow("before-headers") << QByteArray() << QStringLiteral("sent");
    QTest::newRow("before-body") << head << QStringLiteral("headers");
    QTest::newRow("in-the-body") << head + "data: a\n\n" << QStringLiteral("body");
}

void tst_HttpTransport::abortClosesTheSocket()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QString, waitFor);
    RawServer server([&](RawPeer &peer) { peer.write(answer); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QTRY_VERIFY(log.events.contains(waitFor) && server.requestCount() == 1);
    const QStringList before = log.events;
    QElapsedTimer watch;
    watch.start();
    exchange->abort();
    exchange->abort(); // once is as good as twice
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
    qInfo("figure: the socket was closed %lld ms after an abort", watch.elapsed());
    QTest::qWait(20);
    QCOMPARE(log.events, before);
}

void tst_HttpTransport::deletionIsSilent()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
    });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    // At once, before anything happened, and in the middle.
    HttpExchange *unborn = transport.send(post(server.url()), {}, this);
    const ExchangeLog early(unborn);
    delete unborn;
    HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QTRY_COMPARE(log.body, "data: a\n\n");
    const QStringList before = log.events;
    delete exchange;
    QTRY_VERIFY(server.peers().constLast()->isClosed());
    QTest::qWait(20);
    QCOMPARE(log.events, before);
    QCOMPARE(early.events, QStringList());
}

void tst_HttpTransport::handlerMayDelete_data()
{
    QTest::addColumn<QString>("where");
    for (const char *signal : {"sent", "headers", "body", "finished"})
        QTest::newRow(signal) << QString::fromLatin1(signal);
}

void tst_HttpTransport::handlerMayDelete()
{
    QFETCH(const QString, where);
    RawServer server([](RawPeer &peer) { peer.write(tests::httpAnswer(200, "body")); });
    core::SystemClock clock;
    HttpTransport transport(clock, {});
    HttpExchange *exchange = transport.send(post(server.url()), {}, nullptr);
    const ExchangeLog log(exchange);
    bool isGone = false;
    const auto deleteIn = [&](const QString &signal) {
        return [&, signal] {
            if (signal == where) {
                isGone = true;
                delete exchange;
            }
        };
    };
    connect(exchange, &HttpExchange::sent, &server, deleteIn(QStringLiteral("sent")));
    connect(exchange, &HttpExchange::headersReceived, &server, deleteIn(QStringLiteral("headers")));
    connect(exchange, &HttpExchange::bodyReceived, &server, deleteIn(QStringLiteral("body")));
    connect(exchange, &HttpExchange::finished, &server, deleteIn(QStringLiteral("finished")));
    QTRY_VERIFY(isGone);
    QTest::qWait(20);
    QCOMPARE(log.events.last(), where);
}

void tst_HttpTransport::transportMayGoFirst()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
    });
    core::SystemClock clock;
    auto transport = std::make_unique<HttpTransport>(clock, core::NetworkOptions{});
    const std::unique_ptr<HttpExchange> exchange(transport->send(post(server.url()), {}, nullptr));
    const ExchangeLog log(exchange.get());
    QTRY_COMPARE(log.body, "data: a\n\n");
    transport.reset();
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
    exchange->abort();
    QCOMPARE(log.finishedCount, 0);
}

QTEST_GUILESS_MAIN(tst_HttpTransport)
#include "tst_httptransport.moc"
