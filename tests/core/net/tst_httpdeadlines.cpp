#include "core/net/httptransport.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"
#include "tests/support/fakeclock.h"

#include <QRegularExpression>
#include <QTest>

using namespace std::chrono_literals;
using core::ErrorKind;
using core::HttpDeadlines;
using core::HttpRequest;
using core::HttpTransport;
using core::Phase;
using tests::ExchangeLog;
using tests::FakeClock;
using tests::RawPeer;
using tests::RawServer;

namespace {

const QByteArray Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
const QString Sent = QStringLiteral("sent");
const QString Headers = QStringLiteral("headers");

HttpRequest post(const QUrl &url, const QByteArray &body = "{}")
{
    return {"POST", url, {{"Content-Type", "application/json"}}, body};
}

} // namespace

//! Every phase ends, by a clock that the test holds over real sockets.
class tst_HttpDeadlines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void connectThatNeverEnds();
    void silenceBeforeHeaders();
    void halfHeadersAreNoHeaders();
    void continueIsNoAnswer();
    void otherInterimAnswersAreNoAnswer();
    void stalledUpload();
    void silenceInTheBody();
    void bytesPutIdleOff();
    void dripEndsWithTheTotal();
    void errorAnswerCountsWithoutItsEnd();
    void zeroMeansNone();
    void noAlarmStaysBehind_data();
    void noAlarmStaysBehind();

private:
    static void verifyTimeout(const ExchangeLog &log, Phase phase, int status);
};

void tst_HttpDeadlines::verifyTimeout(const ExchangeLog &log, Phase phase, int status)
{
    QCOMPARE(log.finishedCount, 1);
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::Timeout);
    QCOMPARE(log.error->phase, phase);
    QCOMPARE(log.error->httpStatus, status);
}

void tst_HttpDeadlines::connectThatNeverEnds()
{
    RawServer server; // takes the connection, never says a word of TLS
    QUrl url = server.url();
    url.setScheme(QStringLiteral("https"));
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(url), {}, this));
    QTRY_VERIFY(server.receivedBytes() > 0);
    clock.advance(9'999ms);
    QVERIFY(!log.isFinished());
    clock.advance(1ms);
    verifyTimeout(log, Phase::Connect, 0);
    QCOMPARE(log.events, QStringList(QStringLiteral("finished")));
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
}

void tst_HttpDeadlines::silenceBeforeHeaders()
{
    RawServer server;
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.events.contains(Sent) && server.requestCount() == 1);
    QTest::qWait(50); // the last news about the upload
    clock.advance(59'999ms);
    QVERIFY(!log.isFinished());
    clock.advance(1ms);
    verifyTimeout(log, Phase::FirstByte, 0);
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
}

// Bytes alone do not put the first deadline off, or a header line without end would hold on.
void tst_HttpDeadlines::halfHeadersAreNoHeaders()
{
    RawServer server([](RawPeer &peer) { peer.write("HTTP/1.1 200 OK\r\nX-Slow: "); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_COMPARE(server.requestCount(), 1);
    QTRY_VERIFY(log.events.contains(Sent));
    for (int second = 0; second < 60; ++second) {
        server.peers().constFirst()->write("a");
        QTest::qWait(2);
        clock.advance(1s);
    }
    verifyTimeout(log, Phase::FirstByte, 0);
}

void tst_HttpDeadlines::continueIsNoAnswer()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
        peer.write(tests::httpAnswer(200, "ok"));
    });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(!log.error);
    QCOMPARE(log.status, 200);
    QCOMPARE(log.body, "ok");
    QCOMPARE(log.events.count(Headers), 1);
}

// Qt 6.4 takes 102 and 103 for the answer itself; at least nobody else is to do so.
void tst_HttpDeadlines::otherInterimAnswersAreNoAnswer()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n");
        peer.write(tests::httpAnswer(200, "ok"));
    });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.isFinished());
    // Qt 6.4 takes 103 for the final answer, which is then refused; later ones wait for the real
    // one.
    if (log.error) {
        QCOMPARE(log.error->kind, ErrorKind::ProtocolError);
        QCOMPARE(log.events.count(Headers), 0);
    } else {
        QCOMPARE(log.status, 200);
        QCOMPARE(log.body, QByteArray("ok"));
    }
}

void tst_HttpDeadlines::stalledUpload()
{
    RawServer server;
    connect(&server, &RawServer::newPeer, this, [](RawPeer *peer) { peer->setDeaf(); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url(), QByteArray(64 << 20, 'x')), {}, this));
    QTRY_VERIFY(log.events.contains(Sent));
    QTest::qWait(300); // until the kernel's buffers are full
    clock.advance(60s);
    verifyTimeout(log, Phase::FirstByte, 0);
    QCOMPARE(server.requestCount(), 0);
}

void tst_HttpDeadlines::silenceInTheBody()
{
    RawServer server([](RawPeer &peer) { peer.write(Head + "data: a\n\n"); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_COMPARE(log.body, "data: a\n\n");
    clock.advance(89'999ms);
    QVERIFY(!log.isFinished());
    clock.advance(1ms);
    verifyTimeout(log, Phase::Idle, 200);
    QCOMPARE(log.body, "data: a\n\n");
    QTRY_VERIFY(server.peers().constFirst()->isClosed());
}

void tst_HttpDeadlines::bytesPutIdleOff()
{
    RawServer server([](RawPeer &peer) { peer.write(Head); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_VERIFY(log.events.contains(Headers));
    for (int i = 1; i <= 5; ++i) {
        clock.advance(60s); // five minutes in all, never 90 s of silence
        server.peers().constFirst()->write(": ping\n");
        QTRY_COMPARE(log.bodyBytes, 7 * i);
        QVERIFY(!log.isFinished());
    }
    clock.advance(90s);
    verifyTimeout(log, Phase::Idle, 200);
}

void tst_HttpDeadlines::dripEndsWithTheTotal()
{
    RawServer server([](RawPeer &peer) { peer.write(Head); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    HttpDeadlines deadlines;
    deadlines.total = 10min;
    const ExchangeLog log(transport.send(post(server.url()), deadlines, this));
    QTRY_VERIFY(log.events.contains(Headers));
    for (int minute = 1; minute <= 9; ++minute) {
        clock.advance(1min);
        server.peers().constFirst()->write(": ping\n");
        QTRY_COMPARE(log.bodyBytes, 7 * minute);
        QVERIFY(!log.isFinished());
    }
    clock.advance(1min);
    verifyTimeout(log, Phase::Total, 200);
    QCOMPARE(log.bodyBytes, 63);
}

// A 429 is a 429, whether its body ends or not.
void tst_HttpDeadlines::errorAnswerCountsWithoutItsEnd()
{
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 429 Slow\r\nContent-Length: 99\r\nRetry-After: 7\r\n\r\n{\"err");
    });
    FakeClock clock;
    HttpTransport transport(clock, {});
    const ExchangeLog log(transport.send(post(server.url()), {}, this));
    QTRY_COMPARE(log.body, "{\"err");
    clock.advance(90s);
    QCOMPARE(log.finishedCount, 1);
    QVERIFY(!log.error);
    QCOMPARE(log.status, 429);
}

void tst_HttpDeadlines::zeroMeansNone()
{
    RawServer server([](RawPeer &peer) { peer.write(Head); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    QObject owner;
    const ExchangeLog log(transport.send(post(server.url()), {0ms, 0ms, 0ms, 0ms}, &owner));
    QTRY_VERIFY(log.events.contains(Headers));
    QCOMPARE(clock.pending(), 0);
    clock.advance(24h);
    QVERIFY(!log.isFinished());
}

void tst_HttpDeadlines::noAlarmStaysBehind_data()
{
    QTest::addColumn<QString>("end");
    for (const char *end : {"finished", "aborted", "deleted"})
        QTest::newRow(end) << QString::fromLatin1(end);
}

void tst_HttpDeadlines::noAlarmStaysBehind()
{
    QFETCH(const QString, end);
    RawServer server([](RawPeer &peer) { peer.write(Head + "data: a\n\n"); });
    FakeClock clock;
    HttpTransport transport(clock, {});
    core::HttpExchange *exchange = transport.send(post(server.url()), {}, this);
    const ExchangeLog log(exchange);
    QTRY_COMPARE(log.body, "data: a\n\n");
    QVERIFY(clock.pending() > 0);
    if (end == QStringLiteral("aborted")) {
        exchange->abort();
    } else if (end == QStringLiteral("deleted")) {
        delete exchange;
    } else {
        server.peers().constFirst()->close();
        QTRY_VERIFY(log.isFinished());
    }
    QCOMPARE(clock.pending(), 0);
    clock.advance(24h);
    QCOMPARE(log.finishedCount, end == QStringLiteral("finished") ? 1 : 0);
}

QTEST_GUILESS_MAIN(tst_HttpDeadlines)
#include "tst_httpdeadlines.moc"
