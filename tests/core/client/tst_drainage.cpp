#include "core/client/drainage.h"
#include "tests/core/client/engine.h"

#include <QTest>

using core::AttemptOutcome;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

//! Stop ends the answer for the reader; the connection may run on until the cost is known.
class tst_Drainage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void countsTheRest();
    void offByDefault();
    void endsAfterAMinute();
    void failureIsAStop();
    void oneAtATime();
    void quitEndsIt();
    void notBeforeItWasSent();

private:
    static void turnOn(Engine &engine)
    {
        core::ClientOptions options = engine.client.options();
        options.drainStopped = true;
        engine.client.setOptions(options);
    }
    static Answer halves()
    {
        return Answer::stream({started(), delta("Hel")})
            .hold()
            .write(delta("lo world"))
            .write(stopped())
            .write(usage(12, 2))
            .write(done());
    }
};

void tst_Drainage::countsTheRest()
{
    Engine engine;
    turnOn(engine);
    engine.one.enqueue(halves());
    QList<core::AttemptRecord> drained;
    connect(&engine.client, &core::ChatClient::drained, this,
            [&drained](const core::AttemptRecord &attempt) { drained.append(attempt); });
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, core::ErrorKind::Cancelled);
    QCOMPARE(watched.ended.size(), 1);
    QCOMPARE(watched.ended.first().costBasis, core::CostBasis::Draining);
    QVERIFY(watched.ended.first().cost.total.low < watched.ended.first().cost.total.high);
    QCOMPARE(engine.journal.closedRequests().size(), 1);
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Cancelled);
    QVERIFY(engine.journal.closedAttempts().isEmpty());
    QCOMPARE(engine.one.connectionsOpen(), 1);

    engine.one.release();
    QTRY_COMPARE(engine.journal.closedAttempts().size(), 1);
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Cancelled);
    QCOMPARE(attempt.costBasis, core::CostBasis::Drained);
    QCOMPARE(attempt.usage.basis, core::UsageBasis::Provider);
    QCOMPARE(attempt.usage.count(core::UsageKind::Output), std::optional<std::int64_t>(2));
    QCOMPARE(attempt.cost.total.low, attempt.cost.total.high);
    QVERIFY(attempt.cost.total.low > core::PicoUsd());
    QCOMPARE(drained, QList<core::AttemptRecord>{attempt});
    QCOMPARE(watched.reply->text(), QStringLiteral("Hel")); // the reader had left
    QCOMPARE(watched.finished, 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_Drainage::offByDefault()
{
    Engine engine;
    engine.one.enqueue(halves());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    watched.reply->cancel();
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Cancelled);
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_Drainage::endsAfterAMinute()
{
    Engine engine;
    turnOn(engine);
    engine.one.enqueue(Answer::stream({started(), delta("Hel")}).stall());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    watched.reply->cancel();
    engine.clock.advance(59s);
    QVERIFY(engine.journal.closedAttempts().isEmpty());
    engine.clock.advance(1s);
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    QCOMPARE(engine.journal.closedAttempts().first().outcome, AttemptOutcome::Cancelled);
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Cancelled);
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_Drainage::failureIsAStop()
{
    Engine engine;
    turnOn(engine);
    engine.one.enqueue(Answer::stream({started(), delta("Hel")}).hold().reset());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    watched.reply->cancel();
    engine.one.release();
    QTRY_COMPARE(engine.journal.closedAttempts().size(), 1);
    QCOMPARE(engine.journal.closedAttempts().first().outcome, AttemptOutcome::Cancelled);
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Cancelled);
    QVERIFY(!engine.journal.closedAttempts().first().error);
    QCOMPARE(engine.requests(), 1);
}

void tst_Drainage::oneAtATime()
{
    Engine engine;
    turnOn(engine);
    engine.one.enqueue(halves());
    engine.one.enqueue(halves());
    Watched first(engine.send());
    Watched second(engine.send());
    QTRY_COMPARE(first.reply->text(), QStringLiteral("Hel"));
    QTRY_COMPARE(second.reply->text(), QStringLiteral("Hel"));
    first.reply->cancel();
    second.reply->cancel();
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Cancelled);
    QTRY_COMPARE(engine.one.connectionsOpen(), 1);
    engine.one.release();
    QTRY_COMPARE(engine.journal.closedAttempts().size(), 2);
    QCOMPARE(engine.journal.closedAttempts().last().costBasis, core::CostBasis::Drained);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_Drainage::quitEndsIt()
{
    Engine engine;
    turnOn(engine);
    engine.one.enqueue(halves());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    watched.reply->cancel();
    auto *drainage = engine.client.findChild<core::Drainage *>();
    QVERIFY(drainage && drainage->isBusy());
    delete drainage; // as with its client
    QCOMPARE(engine.journal.closedAttempts().size(), 1);
    QCOMPARE(engine.journal.closedAttempts().first().outcome, AttemptOutcome::Cancelled);
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Cancelled);
    QCOMPARE(engine.journal.imbalance(), QString());
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_Drainage::notBeforeItWasSent()
{
    Engine engine;
    turnOn(engine);
    engine.keys.holdReads();
    Watched watched(engine.send());
    QTRY_COMPARE(engine.keys.origins().size(), 1);
    watched.reply->cancel();
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::NotSent);
}

QTEST_GUILESS_MAIN(tst_Drainage)
#include "tst_drainage.moc"
