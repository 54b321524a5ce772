#include "tests/core/client/engine.h"

#include <QTest>

using core::AttemptCause;
using core::Choice;
using core::CircuitBreaker;
using core::Decision;
using core::ErrorKind;
using core::ReplyState;
using namespace std::chrono_literals;
using namespace tests;

namespace {

Answer busyFor(int seconds)
{
    return refusal(429, "rate_limit_error").header("retry-after", QByteArray::number(seconds));
}

//! Two targets, of which the second costs three times as much.
core::Route dearRoute(const Engine &engine)
{
    core::Route route = engine.route({QStringLiteral("one"), QStringLiteral("two")});
    route.targets.last().model = QStringLiteral("gpt-dear");
    return route;
}

//! How long a request waits in all.
void setPatience(Engine &engine, std::chrono::milliseconds totalWait)
{
    core::ClientOptions options;
    options.totalWait = totalWait;
    engine.client.setOptions(options);
}

//! What a request is told to wait holds for those after it, also where it is given up.
void hearHint(Engine &engine)
{
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    refused.reply->cancel();
}

} // namespace

//! What a request waits for by itself, how long, and what of it is counted as a wait.
class tst_ChatWaits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void refusedFallbackIsWaitedFor();
    void refusedFallbackEndsWhatIsNotWaitedFor_data();
    void refusedFallbackEndsWhatIsNotWaitedFor();
    void lostFallbackIsWaitedFor();

    void lineBeyondTheDeadlineIsNotWaitedFor_data();
    void lineBeyondTheDeadlineIsNotWaitedFor();
    void lineBeyondTheDeadlineIsGoneAround();

    void lineThatWasLeftIsToldOfTheNextTarget();
    void thoughtIsNoWait();
    void thoughtTakesNoPatience();
};

//! As without a fallback: for the sake of the second target alone the hint was not waited for.
void tst_ChatWaits::refusedFallbackIsWaitedFor()
{
    Engine engine;
    engine.one.enqueue(busyFor(60));
    engine.one.enqueue(hello());
    Watched watched(engine.send(dearRoute(engine), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    engine.clock.advance(20s); // the hint runs while the user thinks
    watched.reply->decide(watched.decisions.first().id, Choice::No);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(watched.reply->target().provider, QStringLiteral("one"));
    QCOMPARE(watched.delays.size(), 1);
    QVERIFY(watched.delays.first() >= 40s && watched.delays.first() <= 41s);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.decisions.size(), 1);
    QCOMPARE(engine.one.requests().size(), 2);
    QCOMPARE(engine.two.requests().size(), 0);
    QCOMPARE(watched.started.last().cause, AttemptCause::Retry);
    QCOMPARE(watched.ended.last().waited, watched.delays.first());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatWaits::refusedFallbackEndsWhatIsNotWaitedFor_data()
{
    QTest::addColumn<int>("hint");
    QTest::addColumn<int>("thought");
    QTest::addColumn<bool>("retries");
    QTest::newRow("hint-too-long") << 121 << 0 << true;
    QTest::newRow("hint-too-long-though-it-has-run") << 150 << 100 << true;
    QTest::newRow("retries-off") << 60 << 0 << false;
}

void tst_ChatWaits::refusedFallbackEndsWhatIsNotWaitedFor()
{
    QFETCH(const int, hint);
    QFETCH(const int, thought);
    QFETCH(const bool, retries);
    Engine engine;
    core::ClientOptions options;
    options.retry = retries;
    engine.client.setOptions(options);
    engine.one.enqueue(busyFor(hint));
    Watched watched(engine.send(dearRoute(engine), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    engine.clock.advance(std::chrono::seconds(thought));
    watched.reply->decide(watched.decisions.first().id, Choice::No);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(watched.delays.size(), 0);
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! The second target failed others while its turn was waited for.
void tst_ChatWaits::lostFallbackIsWaitedFor()
{
    Engine engine;
    engine.two.enqueue(busyFor(10));
    Watched other(engine.send(engine.route({QStringLiteral("two")}), &engine));
    QTRY_COMPARE(other.reply->state(), ReplyState::WaitingToRetry);
    engine.one.enqueue(busyFor(60));
    engine.one.enqueue(hello());
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(watched.reply->target().provider, QStringLiteral("two"));
    other.reply->cancel();
    engine.traffic.forceBreaker(engine.target(QStringLiteral("two")), CircuitBreaker::Forced::Open);
    engine.clock.advance(10s);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(watched.reply->target().provider, QStringLiteral("one"));
    QVERIFY(watched.delays.first() >= 50s && watched.delays.first() <= 51s);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.two.requests().size(), 1);
    QCOMPARE(watched.ended.last().waited, 10s + watched.delays.first());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatWaits::lineBeyondTheDeadlineIsNotWaitedFor_data()
{
    QTest::addColumn<std::chrono::milliseconds>("deadline");
    QTest::addColumn<bool>("waits");
    QTest::newRow("later") << 5'000ms << false;
    QTest::newRow("as-late") << 15'000ms << false;
    QTest::newRow("in-time") << 15'001ms << true;
}

//! Told as what it is, with the time from which on it can be sent, and not as a timeout later.
void tst_ChatWaits::lineBeyondTheDeadlineIsNotWaitedFor()
{
    QFETCH(const std::chrono::milliseconds, deadline);
    QFETCH(const bool, waits);
    Engine engine;
    engine.one.enqueue(busyFor(15));
    engine.one.enqueue(hello());
    hearHint(engine);
    core::ClientOptions options;
    options.requestDeadline = deadline;
    engine.client.setOptions(options);
    Watched watched(engine.send());
    if (waits) {
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
        watched.reply->cancel();
        return;
    }
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    const Decision decision = watched.decisions.first();
    QCOMPARE(decision.reasons, QList<Decision::Reason>{Decision::Reason::StillLimited});
    QCOMPARE(decision.wait, std::optional<std::chrono::milliseconds>(15s));
    watched.reply->decide(decision.id, Choice::No); // as ask does
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(watched.reply->result().error().retryAfter,
             std::optional<std::chrono::milliseconds>(15s));
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatWaits::lineBeyondTheDeadlineIsGoneAround()
{
    Engine engine;
    engine.one.enqueue(busyFor(15));
    engine.two.enqueue(hello());
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    core::ClientOptions options;
    options.requestDeadline = 5s;
    engine.client.setOptions(options);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.provider, QStringLiteral("two"));
    QCOMPARE(watched.warnings.size(), 1);
    QCOMPARE(watched.decisions.size(), 0);
    refused.reply->cancel();
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatWaits::lineThatWasLeftIsToldOfTheNextTarget()
{
    Engine engine;
    engine.one.enqueue(busyFor(4));
    engine.one.enqueue(busyFor(19));
    engine.two.enqueue(hello());
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    setPatience(engine, 5s);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    refused.reply->retryNow(); // what it is told then holds for all
    QTRY_COMPARE(refused.delays.size(), 2);
    engine.clock.advance(5s);
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.provider, QStringLiteral("two"));
    QCOMPARE(watched.ended.size(), 1);
    QCOMPARE(watched.ended.first().waited, 5s);
    refused.reply->cancel();
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Nobody was waited for but the user, and the next target's own failure may still be.
void tst_ChatWaits::thoughtIsNoWait()
{
    Engine engine;
    engine.one.enqueue(busyFor(15));
    engine.two.enqueue(busyFor(2));
    engine.two.enqueue(hello());
    hearHint(engine);
    setPatience(engine, 5s);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    engine.clock.advance(10s);
    watched.reply->decide(watched.decisions.first().id, Choice::No);
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(watched.ended.first().target.provider, QStringLiteral("two"));
    QCOMPARE(watched.ended.first().waited, 0ms);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Its turn comes while the user is still asked: that was a wait, but not one that was too long.
void tst_ChatWaits::thoughtTakesNoPatience()
{
    Engine engine;
    engine.one.enqueue(busyFor(15));
    engine.one.enqueue(busyFor(2));
    engine.one.enqueue(hello());
    hearHint(engine);
    setPatience(engine, 5s);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    engine.clock.advance(15s);
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(watched.ended.first().waited, 15s);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.imbalance(), QString());
}

QTEST_GUILESS_MAIN(tst_ChatWaits)
#include "tst_chatwaits.moc"
