#include "core/base/errortext.h"
#include "tests/core/client/engine.h"
#include "tests/core/net/rawserver.h"
#include "tests/core/net/testcertificates.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using core::AttemptOutcome;
using core::AttemptRecord;
using core::ErrorKind;
using core::Phase;
using core::ReplyState;
using namespace std::chrono_literals;
using namespace tests;

namespace {

const QByteArray StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n";

QByteArray wholeAnswer()
{
    return StreamHead + chunk(started()) + chunk(delta("Hello")) + chunk(stopped()) +
           chunk(usage(12, 1)) + chunk(done()) + "0\r\n\r\n";
}

//! A route to \p address alone.
core::Route routeTo(const Engine &engine, const QUrl &address)
{
    core::Route route = engine.route();
    route.targets.first().baseUrl = address;
    return route;
}

core::Route routeTo(const Engine &engine, const RawServer &server)
{
    return routeTo(engine, server.url(QString()));
}

//! A port where the kernel shakes hands and nobody ever takes the connection: the other end of a
//! half-open one, as seen from here.
class DeafPort
{
public:
    DeafPort()
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (m_socket < 0 || ::bind(m_socket, plain, length) != 0 || ::listen(m_socket, 8) != 0 ||
            ::getsockname(m_socket, plain, &length) != 0)
            qFatal("no socket");
        m_port = ntohs(address.sin_port);
    }
    ~DeafPort() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(DeafPort)

    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
    }
    //! Takes the connection on which a request waits and hangs up by RST. False: there is none.
    [[nodiscard]] bool resetOne() const
    {
        int taken = -1;
        char first = 0;
        // Qt 6.8 connects once more after a reset, finds that the body is gone, and hangs up
        // without a word: such a connection may stand before ours.
        do {
            if (taken >= 0)
                ::close(taken);
            taken = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
            if (taken < 0)
                return false;
        } while (::recv(taken, &first, 1, MSG_PEEK) != 1);
        const linger now = {1, 0};
        ::setsockopt(taken, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        return ::close(taken) == 0;
    }

private:
    int m_socket;
    quint16 m_port = 0;
};

} // namespace

//! The network's own faults, by sockets that really do it; time is the test's. For each: how often
//! the server was asked, what the user keeps, what the ledger says.
class tst_RealSockets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void resets_data();
    void resets();
    void resetBeforeTheRequestIsRead();
    void halfOpen();
    void halfOpenAfterText();
    void slowLoris_data();
    void slowLoris();
    void mutedHandshake();
    void untrustedServer_data();
    void untrustedServer();
    void unknownHost();
    void garbage_data();
    void garbage();
    void headOfFiveMegabytes();
    void keptConnectionThatDied();
    void manyCallsOverFewConnections();

private:
    TestCertificates m_certificates;
};

void tst_RealSockets::initTestCase()
{
    QVERIFY2(m_certificates.make(), qPrintable(m_certificates.error()));
}

void tst_RealSockets::resets_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<qint64>("read"); // at least, of the body; -1: no head
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("requests");
    QTest::addColumn<QString>("text");
    const QByteArray text = StreamHead + chunk(started()) + chunk(delta("Hel"));
    const qint64 begun = started().size();
    const qint64 shown = begun + delta("Hel").size();
    QTest::newRow("before-the-head")
        << QByteArray() << qint64(-1) << ErrorKind::ConnectionFailed << 3 << QString();
    QTest::newRow("in-the-head") << StreamHead.left(30) << qint64(-1) << ErrorKind::ConnectionFailed
                                 << 3 << QString();
    QTest::newRow("after-the-head")
        << StreamHead << qint64(0) << ErrorKind::Truncated << 3 << QString();
    QTest::newRow("before-text") << StreamHead + chunk(started()) << begun << ErrorKind::Truncated
                                 << 3 << QString();
    QTest::newRow("in-the-first-event")
        << text.chopped(9) << begun << ErrorKind::Truncated << 3 << QString();
    QTest::newRow("after-text") << text << shown << ErrorKind::Truncated << 1
                                << QStringLiteral("Hel");
    QTest::newRow("before-the-end") << text + chunk(stopped()) << shown + stopped().size()
                                    << ErrorKind::Truncated << 1 << QStringLiteral("Hel");
}

void tst_RealSockets::resets()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const qint64, read);
    QFETCH(const ErrorKind, kind);
    QFETCH(const int, requests);
    QFETCH(const QString, text);
    Engine engine;
    const Watched *asked = nullptr;
    RawServer server([&](RawPeer &peer) {
        peer.write(sent);
        // The bytes must be read before the reset: it throws away what still lies in the socket.
        auto *look = new QTimer(&peer);
        connect(look, &QTimer::timeout, &peer, [&asked, &peer, read, look] {
            if (asked->bytesRead() < read)
                return;
            look->stop();
            peer.reset();
        });
        look->start(100);
    });
    Watched watched(engine.send(routeTo(engine, server), &engine));
    asked = &watched;
    QVERIFY(engine.run(watched));
    engine.clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(server.requestCount(), requests);
    QCOMPARE(core::errorCode(watched.reply->result().error().kind), core::errorCode(kind));
    QCOMPARE(watched.reply->text(), text);
    QCOMPARE(engine.journal.closedAttempts().size(), requests);
    QCOMPARE(engine.journal.imbalance(), QString());
    for (const AttemptRecord &attempt : engine.journal.closedAttempts())
        QVERIFY(!attempt.cost.total.isExact()); // it was sent: the service may charge it
}

void tst_RealSockets::resetBeforeTheRequestIsRead()
{
    Engine engine;
    const DeafPort port;
    Watched watched(engine.send(routeTo(engine, port.url()), &engine));
    for (int attempt = 1; attempt <= 3; ++attempt) {
        QTRY_COMPARE(watched.started.size(), attempt);
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
        QVERIFY(port.resetOne());
        QTRY_COMPARE(watched.ended.size(), attempt);
        if (attempt < 3) {
            QTRY_COMPARE(watched.delays.size(), attempt);
            engine.clock.advance(watched.delays.last());
        }
    }
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::ConnectionFailed);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_RealSockets::halfOpen()
{
    Engine engine;
    const DeafPort port;
    Watched watched(engine.send(routeTo(engine, port.url()), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    engine.clock.advance(60s - 1ms);
    QTest::qWait(5);
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, Phase::FirstByte);
    QCOMPARE(watched.ended.size(), 1);
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Unanswered);
}

//! The peer's machine loses its power in mid-answer: no FIN, no RST, ever.
void tst_RealSockets::halfOpenAfterText()
{
    Engine engine;
    RawServer server(
        [](RawPeer &peer) { peer.write(StreamHead + chunk(started()) + chunk(delta("Hel"))); });
    Watched watched(engine.send(routeTo(engine, server), &engine));
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.clock.advance(90s);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::Idle);
    QCOMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(server.requestCount(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    const auto &closed = engine.journal.closedRequests().first();
    QCOMPARE(closed.state, core::RequestState::Failed);
    QCOMPARE(closed.answer.state, core::MessageState::Incomplete); // never called complete
    QCOMPARE(core::textOf(closed.answer.parts), QStringLiteral("Hel"));
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    const AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
    QCOMPARE(attempt.costBasis, core::CostBasis::Partial);
    QVERIFY(attempt.visible && !attempt.terminalSeen);
    // What was read is owed; the service may have gone on to the end.
    QVERIFY(attempt.cost.total.low > core::PicoUsd());
    QVERIFY(attempt.cost.total.high > attempt.cost.total.low);
}

void tst_RealSockets::slowLoris_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("drop"); // one a step
    QTest::addColumn<Phase>("phase");
    // A head that never ends: its bytes are no answer.
    QTest::newRow("head") << QByteArray("HTTP/1.1 200 OK\r\n") << QByteArray("X-A: b\r\n")
                          << Phase::FirstByte;
    QTest::newRow("status-line") << QByteArray() << QByteArray("H") << Phase::FirstByte;
    // Nor is a chunk's length.
    QTest::newRow("chunk-size") << StreamHead << QByteArray("0") << Phase::Idle;
    // Bytes of the body keep the connection, but only until the total.
    QTest::newRow("event") << StreamHead + "fffff\r\ndata: " << QByteArray(" ") << Phase::Total;
}

void tst_RealSockets::slowLoris()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, drop);
    QFETCH(const Phase, phase);
    Engine engine;
    QPointer<RawPeer> taken;
    RawServer server([&](RawPeer &peer) {
        taken = &peer;
        peer.write(before);
    });
    Watched watched(engine.send(routeTo(engine, server), &engine));
    QTRY_VERIFY(taken);
    if (phase == Phase::FirstByte)
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    else
        QTRY_VERIFY(watched.bytesRead() >= 0);
    auto passed = 0s;
    while (watched.finished == 0 && passed < 700s) {
        const qint64 bytes = watched.bytesRead();
        if (taken)
            taken->write(drop);
        if (phase == Phase::Total)
            QTRY_VERIFY(watched.bytesRead() > bytes);
        else
            QTest::qWait(10); // they count for nothing, whenever they come
        engine.clock.advance(20s);
        passed += 20s;
        QTest::qWait(5);
    }
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, phase);
    QCOMPARE(server.requestCount(), 1);
    QVERIFY(watched.reply->text().isEmpty());
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! TLS that is never answered is no connection: nothing was sent, nothing is owed.
void tst_RealSockets::mutedHandshake()
{
    Engine engine;
    RawServer server;
    server.setHandshakeMute();
    QUrl address = server.url(QString());
    address.setScheme(QStringLiteral("https"));
    Watched watched(engine.send(routeTo(engine, address), &engine));
    for (int attempt = 1; attempt <= 3; ++attempt) {
        QTRY_COMPARE(watched.started.size(), attempt);
        QTRY_COMPARE(server.connectionCount(), attempt);
        engine.clock.advance(10s);
        QTRY_COMPARE(watched.ended.size(), attempt);
        if (attempt < 3) {
            QTRY_COMPARE(watched.delays.size(), attempt);
            engine.clock.advance(watched.delays.last());
        }
    }
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, Phase::Connect);
    QCOMPARE(server.requestCount(), 0);
    for (const AttemptRecord &attempt : engine.journal.closedAttempts()) {
        QCOMPARE(attempt.costBasis, core::CostBasis::NotSent);
        QVERIFY(attempt.cost.total.isZero() && attempt.cost.total.isExact());
    }
}

void tst_RealSockets::untrustedServer_data()
{
    QTest::addColumn<QString>("leaf");
    QTest::addColumn<QString>("reason");
    QTest::newRow("signed-by-itself")
        << QStringLiteral("self-signed") << QStringLiteral("signed by itself");
    QTest::newRow("unknown-authority")
        << QStringLiteral("unknown-root") << QStringLiteral("not trusted");
}

//! Whoever answers there is not known: it gets to see nothing, is not asked twice, and others are.
void tst_RealSockets::untrustedServer()
{
    QFETCH(const QString, leaf);
    QFETCH(const QString, reason);
    Engine engine;
    RawServer server(m_certificates.server(leaf), [](RawPeer &peer) { peer.write(wholeAnswer()); });
    const core::Route alone = routeTo(engine, server);
    Watched watched(engine.send(alone, &engine));
    QVERIFY(engine.run(watched));
    engine.clock.advance(1h); // nothing comes later
    QTest::qWait(5);
    // The server.
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.requestCount(), 0);
    QCOMPARE(server.receivedBytes(), 0);
    // The user.
    QCOMPARE(watched.finished, 1);
    const core::Error error = watched.reply->result().error();
    QCOMPARE(core::errorCode(error.kind), core::errorCode(ErrorKind::TlsFailed));
    QVERIFY2(core::userText(error).contains(QStringLiteral("could not be verified")),
             qPrintable(core::userText(error)));
    QVERIFY2(error.detail.contains(reason), qPrintable(error.detail));
    QCOMPARE(watched.reply->answer().state, core::MessageState::Failed);
    // The ledger.
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    const AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
    QCOMPARE(attempt.costBasis, core::CostBasis::NotSent);
    QVERIFY(attempt.cost.total.isZero() && attempt.cost.total.isExact());
    // The next target.
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    core::Route route = alone;
    route.targets += engine.target(QStringLiteral("two"));
    for (int failures = 2; failures <= 4; ++failures) {
        QVERIFY(engine.traffic.isWell(alone.targets.first()));
        Watched second(engine.send(route, &engine));
        QVERIFY(engine.run(second));
        QVERIFY(second.reply->result());
        QCOMPARE(second.reply->result()->target.provider, QStringLiteral("two"));
        QCOMPARE(server.connectionCount(), failures);
    }
    // The breaker: four failures in a row open it, and it is gone around.
    QVERIFY(!engine.traffic.isWell(alone.targets.first()));
    Watched last(engine.send(route, &engine));
    QVERIFY(engine.run(last));
    QVERIFY(last.reply->result());
    QCOMPARE(server.connectionCount(), 4);
    QCOMPARE(engine.requests(), 4); // the other one's
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! ".invalid" is nobody's (RFC 6761): the system's resolver says so, or that it cannot ask.
void tst_RealSockets::unknownHost()
{
    Engine engine;
    const core::Route alone = routeTo(engine, QUrl(QStringLiteral("https://nobody.invalid/v1")));
    core::Route route = alone;
    route.targets += engine.target(QStringLiteral("two"));
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    constexpr int Patience = 60'000; // a resolver that cannot ask takes its time
    Watched watched(engine.send(route, &engine));
    for (int attempt = 1; attempt <= 3; ++attempt) {
        // After the third the next target answers at once.
        QTRY_VERIFY_WITH_TIMEOUT(watched.ended.size() >= attempt, Patience);
        if (attempt < 3) {
            QTRY_COMPARE(watched.delays.size(), attempt);
            engine.clock.advance(watched.delays.last());
        }
    }
    QTRY_COMPARE(watched.finished, 1);
    // The user: the next target has answered.
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.provider, QStringLiteral("two"));
    QCOMPARE(engine.requests(), 1);
    // The ledger: nobody heard of it.
    QCOMPARE(engine.journal.imbalance(), QString());
    const QList<AttemptRecord> attempts = engine.journal.closedAttempts();
    QCOMPARE(attempts.size(), 4);
    for (const AttemptRecord &attempt : attempts.first(3)) {
        QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
        QCOMPARE(core::errorCode(attempt.error->kind),
                 core::errorCode(ErrorKind::ConnectionFailed));
        QVERIFY2(core::userText(*attempt.error).contains(QStringLiteral("could not be reached")),
                 qPrintable(core::userText(*attempt.error)));
        QCOMPARE(attempt.costBasis, core::CostBasis::NotSent);
        QVERIFY(attempt.cost.total.isZero() && attempt.cost.total.isExact());
    }
    QCOMPARE(attempts.last().outcome, AttemptOutcome::Completed);
    // The breaker counts it: a fourth failure in a row opens it.
    QVERIFY(engine.traffic.isWell(alone.targets.first()));
    Watched again(engine.send(route, &engine));
    QTRY_COMPARE_WITH_TIMEOUT(again.finished, 1, Patience);
    QVERIFY(again.reply->result());
    QVERIFY(!engine.traffic.isWell(alone.targets.first()));
    QCOMPARE(engine.journal.closedAttempts().size(), 6);
}

void tst_RealSockets::garbage_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("mail-server") << QByteArray("220 mail.example ESMTP\r\n");
    QTest::newRow("tls-alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x46", 7);
    QTest::newRow("http-2-preface") << QByteArray("\x00\x00\x12\x04\x00\x00\x00\x00\x00", 9);
    QTest::newRow("nul-bytes") << QByteArray(4'096, '\0');
    QTest::newRow("line-without-end") << QByteArray(60'000, 'x');
    QTest::newRow("negative-length")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                      "Content-Length: -5\r\n\r\n") +
               started();
    QTest::newRow("chunk-size-of-letters") << StreamHead + "zz\r\n" + started() + "\r\n0\r\n\r\n";
    QTest::newRow("chunk-size-too-large")
        << StreamHead + "ffffffffffffffff\r\n" + started() + "\r\n0\r\n\r\n";
    QTest::newRow("two-answers-broken")
        << QByteArray("HTTP/1.1 200 OK\r\nHTTP/1.1 500 No\r\n\r\n\r\n");
}

void tst_RealSockets::garbage()
{
    QFETCH(const QByteArray, answer);
    Engine engine;
    RawServer server([&](RawPeer &peer) {
        peer.write(answer);
        peer.close();
    });
    Watched watched(engine.send(routeTo(engine, server), &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(!watched.reply->result());
    QVERIFY(watched.reply->text().isEmpty());
    QVERIFY(server.requestCount() <= 3);
    QCOMPARE(engine.journal.imbalance(), QString());
    for (const AttemptRecord &attempt : engine.journal.closedAttempts())
        QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
}

//! Qt keeps no more of a line than our read buffer holds, and waits for its end: the deadline of
//! the head ends it.
void tst_RealSockets::headOfFiveMegabytes()
{
    constexpr qint64 Length = 5 * 1024 * 1024;
    Engine engine;
    RawServer server([](RawPeer &peer) {
        peer.write("HTTP/1.1 429 Too Many Requests\r\nRetry-After: " + QByteArray(Length, '1') +
                   "\r\nContent-Length: 0\r\n\r\n");
    });
    Watched watched(engine.send(routeTo(engine, server), &engine));
    QTRY_COMPARE(server.requestCount(), 1);
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    QSignalSpy taken(server.peers().first()->socket(), &QSslSocket::bytesWritten);
    while (taken.wait(100)) { // until nobody takes more of it
    }
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(60s);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, Phase::FirstByte);
    QVERIFY(!watched.reply->result().error().retryAfter);
    engine.clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(server.requestCount(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(server.peers().first()->isClosed(), 120'000); // a busy machine
}

//! A connection that idled, and was closed by the other side just as we used it again: it is known
//! only by writing. The prompt goes out once more, on a new one, and the answer comes.
void tst_RealSockets::keptConnectionThatDied()
{
    Engine engine;
    RawServer server([](RawPeer &peer) { peer.write(wholeAnswer()); });
    const core::Route route = routeTo(engine, server);
    Watched first(engine.send(route, &engine));
    QVERIFY(engine.run(first));
    QVERIFY(first.reply->result());
    for (RawPeer *peer : server.peers())
        peer->reset();
    Watched second(engine.send(route, &engine));
    QVERIFY(engine.run(second));
    QVERIFY(second.reply->result());
    QCOMPARE(second.reply->text(), QStringLiteral("Hello"));
    QCOMPARE(server.requestCount(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_RealSockets::manyCallsOverFewConnections()
{
    Engine engine;
    RawServer server([](RawPeer &peer) { peer.write(wholeAnswer()); });
    const core::Route route = routeTo(engine, server);
    for (int i = 0; i < 20; ++i) {
        Watched watched(engine.send(route, &engine));
        QVERIFY(engine.run(watched));
        QVERIFY(watched.reply->result());
    }
    QCOMPARE(server.requestCount(), 20);
    QCOMPARE(server.connectionCount(), 1);
}

QTEST_GUILESS_MAIN(tst_RealSockets)
#include "tst_realsockets.moc"
