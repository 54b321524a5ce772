#include "tests/core/client/engine.h"

#include <QTest>

using core::AttemptOutcome;
using core::ErrorKind;
using core::MessageState;
using core::ReplyState;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

class tst_ChatClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void answers();
    void nothingBeforeTheLoopRuns();
    void nothingIsSentBeforeTheJournalHasIt();
    void journalThatCannotOpenEndsIt();
    void journalThatCannotReopenEndsIt();
    void keyGoesToItsOriginOnly();
    void missingKey_data();
    void missingKey();
    void localServiceNeedsNoKey();
    void lockedKeyIsNotDoneWithout();
    void unknownProvider();
    void emptyRoute();
    void warningsOfTheRequestAreTold();
    void partialTextIsSavedInTime();
    void usageReplaces();
    void whoAnsweredIsPaidFor();
    void timesStandInOrder();
    void fiftyAtOnce();
};

void tst_ChatClient::answers()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));

    QCOMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    const core::ChatOutcome &outcome = *watched.reply->result();
    QCOMPARE(watched.reply->text(), QStringLiteral("Hello world"));
    QCOMPARE(outcome.finishReason, core::FinishReason::Stop);
    QCOMPARE(outcome.model, QStringLiteral("gpt-test-2"));
    QCOMPARE(outcome.usage.count(core::UsageKind::Output), std::optional<std::int64_t>(2));
    QVERIFY(outcome.cost.total.isExact());
    QCOMPARE(outcome.cost.total.low, core::PicoUsd(12 * 1'000'000 + 2 * 4'000'000));
    QCOMPARE(watched.reply->costSoFar(), outcome.cost.total);
    QCOMPARE(watched.log.first(), QStringLiteral("started"));
    QCOMPARE(watched.log.mid(watched.log.size() - 2),
             QStringList({QStringLiteral("ended"), QStringLiteral("finished")}));
    QCOMPARE(watched.states.first(), ReplyState::Connecting);
    QCOMPARE(watched.states.last(), ReplyState::Finished);
    QVERIFY(!watched.batches.contains(0));

    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.calls().first(), QStringLiteral("open-request"));
    QCOMPARE(engine.journal.calls().mid(engine.journal.calls().size() - 2),
             QStringList({QStringLiteral("close-attempt"), QStringLiteral("close-request")}));
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QCOMPARE(attempt.outcome, AttemptOutcome::Completed);
    QCOMPARE(attempt.costBasis, core::CostBasis::Exact);
    QCOMPARE(attempt.providerRequestId, QStringLiteral("req-77"));
    QVERIFY(attempt.visible && attempt.terminalSeen);
    QVERIFY(attempt.cost.total.high <= engine.journal.openings().first().worstCase.high);
    const auto &closed = engine.journal.closedRequests().first();
    QCOMPARE(closed.state, RequestState::Completed);
    QCOMPARE(closed.answer.state, MessageState::Complete);
    QCOMPARE(core::textOf(closed.answer.parts), QStringLiteral("Hello world"));
    QCOMPARE(closed.answer.requestId, watched.reply->requestId());
    QCOMPARE(closed.answer.conversationId, 5);
}

void tst_ChatClient::nothingBeforeTheLoopRuns()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(watched.log.isEmpty());
    QVERIFY(engine.journal.calls().isEmpty());
    QCOMPARE(watched.reply->state(), ReplyState::Queued);
    QVERIFY(engine.run(watched));
}

void tst_ChatClient::nothingIsSentBeforeTheJournalHasIt()
{
    Engine engine;
    engine.one.enqueue(hello());
    engine.journal.holdOpens();
    Watched watched(engine.send());
    QTRY_COMPARE(engine.journal.openings().size(), 1);
    QTest::qWait(20);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(engine.one.connectionsAccepted(), 0);
    QVERIFY(engine.keys.origins().isEmpty());
    engine.journal.releaseOpens();
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatClient::journalThatCannotOpenEndsIt()
{
    Engine engine;
    engine.journal.failOpensAfter(0);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::StorageFailed);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(engine.one.connectionsAccepted(), 0);
    QCOMPARE(watched.log, QStringList(QStringLiteral("finished")));
    QCOMPARE(engine.journal.calls(), QStringList(QStringLiteral("open-request")));
}

void tst_ChatClient::journalThatCannotReopenEndsIt()
{
    Engine engine;
    engine.journal.failOpensAfter(1);
    engine.one.enqueue(refusal(500, "server_error"));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::StorageFailed);
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Failed);
}

void tst_ChatClient::keyGoesToItsOriginOnly()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.keys.origins(),
             QStringList(QStringLiteral("http://127.0.0.1:%1").arg(engine.one.port())));
    QCOMPARE(engine.one.requests().first().headers.value("authorization"),
             QByteArray("Bearer test-key-1"));
}

void tst_ChatClient::missingKey_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("none-stored") << ErrorKind::KeyMissing;
    QTest::newRow("keychain-locked") << ErrorKind::KeyUnavailable;
}

void tst_ChatClient::missingKey()
{
    QFETCH(const ErrorKind, kind);
    Engine engine;
    engine.keys.fail(kind);
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, kind);
    QCOMPARE(watched.reply->result().error().provider, QStringLiteral("one"));
    QCOMPARE(engine.requests(), 0);
    // The question is kept, and the attempt cost nothing for certain.
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::NotSent);
    QVERIFY(engine.journal.closedAttempts().first().cost.total.isZero());
    QCOMPARE(engine.journal.closedRequests().first().answer.state, MessageState::Failed);
}

void tst_ChatClient::localServiceNeedsNoKey()
{
    Engine engine;
    engine.keys.fail(ErrorKind::KeyUnavailable);
    engine.one.enqueue(hello());
    core::Route route = engine.route();
    route.targets.first().provider = QStringLiteral("local");
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QVERIFY(engine.keys.origins().isEmpty());
    QVERIFY(watched.reply->costSoFar().isZero());
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, core::CostBasis::Local);
    QVERIFY(engine.journal.openings().first().worstCase.isZero());
}

//! Its key was saved: asked without it, the server would refuse it.
void tst_ChatClient::lockedKeyIsNotDoneWithout()
{
    Engine engine;
    engine.keys.fail(ErrorKind::KeyUnavailable);
    core::Route route = engine.route();
    route.targets.first().provider = QStringLiteral("vllm"); // may want a key or not
    Watched locked(engine.send(route, &engine));
    QVERIFY(engine.run(locked));
    QVERIFY(!locked.reply->result());
    QCOMPARE(locked.reply->result().error().kind, ErrorKind::KeyUnavailable);
    QCOMPARE(engine.requests(), 0);
    engine.keys.fail(ErrorKind::KeyMissing);
    engine.one.enqueue(hello());
    Watched keyless(engine.send(route, &engine));
    QVERIFY(engine.run(keyless));
    QVERIFY(keyless.reply->result());
}

void tst_ChatClient::unknownProvider()
{
    Engine engine;
    core::Route route = engine.route();
    route.targets.first().provider = QStringLiteral("gone");
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::InputRejected);
    QVERIFY(watched.reply->result().error().detail.contains(QStringLiteral("gone")));
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatClient::emptyRoute()
{
    Engine engine;
    Watched watched(engine.send(core::Route{}, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::InputRejected);
    QVERIFY(engine.journal.calls().isEmpty());
}

void tst_ChatClient::warningsOfTheRequestAreTold()
{
    Engine engine;
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    const auto *start = std::get_if<core::ReplyStarted>(&watched.events.first());
    QVERIFY(start);
    QCOMPARE(start->requestId, QStringLiteral("req-77"));
    QVERIFY(start->warnings.isEmpty());
}

void tst_ChatClient::partialTextIsSavedInTime()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("first")})
                           .hold()
                           .write(delta(" second") + stopped() + usage(12, 2) + done()));
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("first"));
    QVERIFY(engine.journal.partials().isEmpty());
    engine.clock.advance(200ms); // the writer has a delay of its own: 500 ms in all
    QCOMPARE(engine.journal.partials().size(), 1);
    QCOMPARE(core::textOf(engine.journal.partials().first()), QStringLiteral("first"));
    engine.clock.advance(2s); // nothing new: nothing to write
    QCOMPARE(engine.journal.partials().size(), 1);
    engine.one.release();
    QVERIFY(engine.run(watched));
    engine.clock.advance(2s); // the end wrote the answer; a late partial would undo it
    QCOMPARE(engine.journal.partials().size(), 1);
    QCOMPARE(engine.journal.calls().last(), QStringLiteral("close-request"));
}

void tst_ChatClient::usageReplaces()
{
    Engine engine;
    engine.one.enqueue(Answer::stream(
        {started(), delta("Hi"), usage(12, 1), usage(12, 2), stopped(), usage(12, 3), done()}));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->usage().count(core::UsageKind::Input), std::optional<std::int64_t>(12));
    QCOMPARE(watched.reply->usage().count(core::UsageKind::Output), std::optional<std::int64_t>(3));
}

//! A service that answers by another model than the one that was asked charges for that one.
void tst_ChatClient::whoAnsweredIsPaidFor()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started().replace("gpt-test-2", "gpt-dear-2"),
                                       delta("Hello"), stopped(), usage(12, 2), done()}));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    const core::CostBreakdown &cost = watched.reply->result()->cost;
    QCOMPARE(cost.rateCard, QStringLiteral("gpt-dear"));
    QVERIFY(cost.total.isExact());
    QCOMPARE(cost.total.low, core::PicoUsd(12 * 3'000'000 + 2 * 12'000'000));
    QCOMPARE(engine.journal.closedAttempts().first().usage.model, QStringLiteral("gpt-dear-2"));
}

void tst_ChatClient::timesStandInOrder()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started()})
                           .hold()
                           .write(delta("Hi"))
                           .hold()
                           .write(stopped() + usage(1, 1) + done()));
    Watched watched(engine.send());
    QTRY_COMPARE(engine.one.held(), 1);
    QTRY_COMPARE(watched.events.size(), 1);
    engine.clock.advance(700ms);
    engine.one.release();
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hi"));
    engine.clock.advance(300ms);
    QTRY_COMPARE(engine.one.held(), 1);
    engine.clock.setUtcNow(engine.clock.utcNow() + 1h); // no time has passed
    QCOMPARE(watched.reply->runningAttempt()->times.end, 1'000ms);
    engine.one.release();
    QVERIFY(engine.run(watched));
    const core::AttemptTimes &times = watched.ended.first().times;
    QCOMPARE(times.sent, std::optional(0ms));
    QCOMPARE(times.headers, std::optional(0ms));
    QCOMPARE(times.firstByte, std::optional(0ms));
    QCOMPARE(times.firstVisible, std::optional(700ms));
    QCOMPARE(times.lastByte, std::optional(1'000ms));
    QCOMPARE(times.end, 1'000ms);
    QCOMPARE(watched.reply->firstToken(), std::optional(700ms));
    QCOMPARE(watched.reply->elapsed(), 1'000ms);
    engine.clock.advance(1s);
    QCOMPARE(watched.reply->elapsed(), 1'000ms);
}

void tst_ChatClient::fiftyAtOnce()
{
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    std::vector<std::unique_ptr<Watched>> all;
    for (int i = 0; i < 50; ++i)
        all.push_back(std::make_unique<Watched>(engine.send()));
    for (const auto &watched : all) {
        QVERIFY(engine.run(*watched));
        QCOMPARE(watched->finished, 1);
        QCOMPARE(watched->reply->text(), QStringLiteral("Hello world"));
    }
    QCOMPARE(engine.requests(), 50);
    QCOMPARE(engine.journal.imbalance(), QString());
}

QTEST_GUILESS_MAIN(tst_ChatClient)
#include "tst_chatclient.moc"
