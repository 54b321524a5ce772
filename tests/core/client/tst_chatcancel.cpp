#include "tests/core/client/engine.h"
#include "tests/core/net/rawserver.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using core::AttemptOutcome;
using core::ErrorKind;
using core::MessageState;
using core::ReplyState;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

namespace {

enum class Moment { Queued, Opening, Key, Sent, Headers, Text, Waiting };

//! A port whose line is full: Linux drops whatever else wants to connect there, and its sender
//! tries on.
class FullPort
{
public:
    FullPort()
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , m_inLine(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (m_listener < 0 || m_inLine < 0 || ::bind(m_listener, plain, length) != 0 ||
            ::listen(m_listener, 0) != 0 || ::getsockname(m_listener, plain, &length) != 0 ||
            ::connect(m_inLine, plain, length) != 0)
            qFatal("no socket");
        m_port = ntohs(address.sin_port);
    }
    ~FullPort()
    {
        ::close(m_inLine);
        ::close(m_listener);
    }
    Q_DISABLE_COPY_MOVE(FullPort)

    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
    }
    //! How many knock there just now, as the kernel has it.
    [[nodiscard]] int knocking() const
    {
        QFile table(QStringLiteral("/proc/net/tcp"));
        if (!table.open(QIODevice::ReadOnly))
            qFatal("no table of connections");
        const QByteArray place =
            "0100007F:" + QByteArray::number(m_port, 16).toUpper().rightJustified(4, '0');
        int count = 0;
        for (const QByteArray &line : table.readAll().split('\n')) {
            const QList<QByteArray> fields = line.simplified().split(' ');
            count += fields.value(2) == place && fields.value(3) == "02" ? 1 : 0; // SYN_SENT
        }
        return count;
    }

private:
    int m_listener, m_inLine;
    quint16 m_port = 0;
};

} // namespace

Q_DECLARE_METATYPE(Moment)

//! Stop and deletion at every point of a request's life.
class tst_ChatCancel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cancel_data() { moments(); }
    void cancel();
    void deletion_data() { moments(); }
    void deletion();
    void fromInsideASlot_data() { slotNames(); }
    void fromInsideASlot();
    void deletionInsideASlot_data() { slotNames(); }
    void deletionInsideASlot();
    void afterTheEnd();
    void waitIsLeftAtOnce();
    void whileConnecting_data();
    void whileConnecting();
    void whileItCountsOn_data();
    void whileItCountsOn();

private:
    static void moments();
    static void slotNames();
    static void bring(Engine &engine, Watched &watched, Moment moment);
};

void tst_ChatCancel::moments()
{
    QTest::addColumn<Moment>("moment");
    QTest::newRow("queued") << Moment::Queued;
    QTest::newRow("opening-the-journal") << Moment::Opening;
    QTest::newRow("waiting-for-the-key") << Moment::Key;
    QTest::newRow("before-headers") << Moment::Sent;
    QTest::newRow("before-text") << Moment::Headers;
    QTest::newRow("in-the-text") << Moment::Text;
    QTest::newRow("waiting-to-retry") << Moment::Waiting;
}

void tst_ChatCancel::bring(Engine &engine, Watched &watched, Moment moment)
{
    switch (moment) {
    case Moment::Queued:
        return;
    case Moment::Opening:
        QTRY_COMPARE(engine.journal.openings().size(), 1);
        return;
    case Moment::Key:
        QTRY_COMPARE(engine.keys.origins().size(), 1);
        return;
    case Moment::Sent:
        QTRY_COMPARE(engine.requests(), 1);
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
        return;
    case Moment::Headers:
        QTRY_COMPARE(watched.events.size(), 1);
        return;
    case Moment::Text:
        QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
        return;
    case Moment::Waiting:
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
        return;
    }
}

static void prepare(Engine &engine, Moment moment)
{
    if (moment == Moment::Opening)
        engine.journal.holdOpens();
    if (moment == Moment::Key)
        engine.keys.holdReads();
    if (moment == Moment::Waiting)
        engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "10"));
    else if (moment == Moment::Text)
        engine.one.enqueue(Answer::stream({started(), delta("Hel")}).stall());
    else if (moment == Moment::Headers)
        engine.one.enqueue(Answer::stream({started()}).stall());
    else
        engine.one.enqueue(Answer::nothing());
}

void tst_ChatCancel::cancel()
{
    QFETCH(const Moment, moment);
    Engine engine;
    prepare(engine, moment);
    Watched watched(engine.send());
    bring(engine, watched, moment);
    QElapsedTimer stopwatch;
    stopwatch.start();
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1); // before cancel() returned
    QCOMPARE(watched.reply->state(), ReplyState::Finished);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
    qInfo("figure: no connection open %lld ms after a cancel", stopwatch.elapsed());

    engine.journal.releaseOpens();
    engine.clock.advance(60s);
    QTest::qWait(10); // whatever was under way comes to nothing
    QCOMPARE(watched.finished, 1);
    QVERIFY(engine.requests() <= 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    if (moment == Moment::Queued) {
        QVERIFY(engine.journal.calls().isEmpty());
        return;
    }
    const auto &closed = engine.journal.closedRequests().first();
    QCOMPARE(closed.state, RequestState::Cancelled);
    QCOMPARE(closed.answer.state, MessageState::Cancelled);
    QCOMPARE(core::textOf(closed.answer.parts),
             moment == Moment::Text ? QStringLiteral("Hel") : QString());
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    const bool wasSent =
        moment == Moment::Sent || moment == Moment::Headers || moment == Moment::Text;
    QCOMPARE(attempt.outcome,
             moment == Moment::Waiting ? AttemptOutcome::Failed : AttemptOutcome::Cancelled);
    QCOMPARE(attempt.costBasis, moment == Moment::Waiting ? core::CostBasis::NotCharged
                                : wasSent                 ? core::CostBasis::Cancelled
                                                          : core::CostBasis::NotSent);
    QCOMPARE(attempt.cost.total.isZero(), !wasSent);
    QCOMPARE(attempt.cost.total.low > core::PicoUsd(),
             moment == Moment::Headers || moment == Moment::Text);
}

void tst_ChatCancel::deletion()
{
    QFETCH(const Moment, moment);
    Engine engine;
    prepare(engine, moment);
    Watched watched(engine.send());
    bring(engine, watched, moment);
    const QStringList said = watched.log;
    delete watched.reply;
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
    engine.journal.releaseOpens();
    engine.clock.advance(60s);
    QTest::qWait(10);
    QCOMPARE(watched.log, said); // silence
    QVERIFY(engine.requests() <= 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    if (moment != Moment::Queued)
        QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Cancelled);
}

void tst_ChatCancel::slotNames()
{
    QTest::addColumn<QString>("signal");
    for (const char *name : {"state", "started", "events", "ended", "retry"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

template <typename Act>
static void connectTo(core::ChatReply *reply, const QString &signal, QObject *context, Act act)
{
    using core::ChatReply;
    if (signal == QStringLiteral("state"))
        QObject::connect(reply, &ChatReply::stateChanged, context, act);
    else if (signal == QStringLiteral("started"))
        QObject::connect(reply, &ChatReply::attemptStarted, context, act);
    else if (signal == QStringLiteral("events"))
        QObject::connect(reply, &ChatReply::eventsReceived, context, act);
    else if (signal == QStringLiteral("ended"))
        QObject::connect(reply, &ChatReply::attemptEnded, context, act);
    else
        QObject::connect(reply, &ChatReply::retryScheduled, context, act);
}

static Answer troubled(const QString &signal)
{
    return signal == QStringLiteral("events") ? hello() : refusal(500, "server_error");
}

void tst_ChatCancel::fromInsideASlot()
{
    QFETCH(const QString, signal);
    Engine engine;
    engine.one.setChooser([&](const core::LoopbackRequest &) { return troubled(signal); });
    Watched watched(engine.send());
    connectTo(watched.reply, signal, &watched, [&watched] { watched.reply->cancel(); });
    QVERIFY(engine.run(watched));
    engine.clock.advance(60s);
    QTest::qWait(10);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Cancelled);
    QVERIFY(engine.requests() <= 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Cancelled);
}

void tst_ChatCancel::deletionInsideASlot()
{
    QFETCH(const QString, signal);
    Engine engine;
    engine.one.setChooser([&](const core::LoopbackRequest &) { return troubled(signal); });
    Watched watched(engine.send());
    connectTo(watched.reply, signal, &watched, [&watched] { delete watched.reply; });
    QTRY_VERIFY(watched.reply.isNull());
    engine.clock.advance(60s);
    QTest::qWait(10);
    QCOMPARE(watched.finished, 0);
    QVERIFY(engine.requests() <= 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatCancel::afterTheEnd()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    connect(watched.reply, &core::ChatReply::attemptEnded, &watched,
            [&watched] { watched.reply->cancel(); }); // too late: the answer is whole
    QVERIFY(engine.run(watched));
    watched.reply->cancel();
    watched.reply->retryNow();
    QCOMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.closedRequests().size(), 1);
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Completed);
}

void tst_ChatCancel::waitIsLeftAtOnce()
{
    Engine engine;
    prepare(engine, Moment::Waiting);
    Watched watched(engine.send());
    bring(engine, watched, Moment::Waiting);
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1); // before cancel() returned
}

void tst_ChatCancel::whileConnecting_data()
{
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<bool>("isDeleted");
    QTest::newRow("tcp-stopped") << false << false;
    QTest::newRow("tcp-deleted") << false << true;
    QTest::newRow("tls-stopped") << true << false;
    QTest::newRow("tls-deleted") << true << true;
}

//! There is no connection yet, or none that is safe: nothing was sent, nothing is owed.
void tst_ChatCancel::whileConnecting()
{
    QFETCH(const bool, isTls);
    QFETCH(const bool, isDeleted);
    Engine engine;
    const FullPort full;
    RawServer mute;
    mute.setHandshakeMute();
    QUrl address = full.url();
    if (isTls) {
        address = mute.url(QString());
        address.setScheme(QStringLiteral("https"));
    }
    core::Route route = engine.route();
    route.targets.first().baseUrl = address;
    Watched watched(engine.send(route, &engine));
    QTRY_VERIFY(isTls ? mute.receivedBytes() > 0 : full.knocking() == 1);
    QCOMPARE(watched.reply->state(), ReplyState::Connecting);
    if (isDeleted) {
        delete watched.reply;
    } else {
        watched.reply->cancel();
        QCOMPARE(watched.finished, 1); // before cancel() returned
        QCOMPARE(watched.reply->result().error().kind, ErrorKind::Cancelled);
    }
    QTRY_VERIFY(isTls ? mute.peers().constFirst()->isClosed() : full.knocking() == 0);
    engine.clock.advance(60s);
    QTest::qWait(10); // whatever was under way comes to nothing
    QCOMPARE(watched.finished, isDeleted ? 0 : 1);
    QCOMPARE(mute.connectionCount(), isTls ? 1 : 0);
    QCOMPARE(mute.requestCount(), 0);
    QCOMPARE(full.knocking(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedRequests().size(), 1);
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Cancelled);
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Cancelled);
    QCOMPARE(attempt.costBasis, core::CostBasis::NotSent);
    QVERIFY(attempt.cost.total.isZero() && attempt.cost.total.isExact());
}

void tst_ChatCancel::whileItCountsOn_data()
{
    QTest::addColumn<bool>("isDeleted");
    QTest::newRow("stopped-again") << false;
    QTest::newRow("deleted") << true;
}

//! The answer was stopped, and its connection runs on for the exact cost: whoever asked for it may
//! stop it again, or go, and the count comes all the same.
void tst_ChatCancel::whileItCountsOn()
{
    QFETCH(const bool, isDeleted);
    Engine engine;
    core::ClientOptions options = engine.client.options();
    options.drainStopped = true;
    engine.client.setOptions(options);
    engine.one.enqueue(Answer::stream({started(), delta("Hel")})
                           .hold()
                           .write(delta("lo"))
                           .write(stopped())
                           .write(usage(12, 2))
                           .write(done()));
    Watched watched(engine.send());
    bring(engine, watched, Moment::Text);
    QTRY_COMPARE(engine.one.held(), 1);
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1);
    const QStringList said = watched.log;
    if (isDeleted)
        delete watched.reply;
    else
        watched.reply->cancel();
    QCOMPARE(watched.log, said);
    QCOMPARE(engine.one.connectionsOpen(), 1);
    QVERIFY(engine.journal.closedAttempts().isEmpty());
    engine.one.release();
    QTRY_COMPARE(engine.journal.closedAttempts().size(), 1);
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Cancelled);
    QCOMPARE(attempt.costBasis, core::CostBasis::Drained);
    QVERIFY(attempt.cost.total.isExact() && !attempt.cost.total.isZero());
    QCOMPARE(watched.log, said); // the reader had left
    QCOMPARE(engine.journal.closedRequests().size(), 1);
    QCOMPARE(core::textOf(engine.journal.closedRequests().first().answer.parts),
             QStringLiteral("Hel"));
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

QTEST_GUILESS_MAIN(tst_ChatCancel)
#include "tst_chatcancel.moc"
