#include "tests/core/client/engine.h"

#include <QElapsedTimer>
#include <QTest>

using core::AttemptOutcome;
using core::ErrorKind;
using core::MessageState;
using core::ReplyState;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

namespace {

enum class Moment { Queued, Opening, Key, Sent, Headers, Text, Waiting };

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
    QCOMPARE(attempt.costBasis, moment == Moment::Waiting ? QStringLiteral("not_charged")
                                : wasSent                 ? QStringLiteral("cancelled")
                                                          : QStringLiteral("not_sent"));
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

QTEST_GUILESS_MAIN(tst_ChatCancel)
#include "tst_chatcancel.moc"
