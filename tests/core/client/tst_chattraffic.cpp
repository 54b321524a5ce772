#include "core/net/urlpolicy.h"
#include "tests/core/client/engine.h"

#include <QTest>

#include <optional>

using core::AttemptCause;
using core::Choice;
using core::CircuitBreaker;
using core::Decision;
using core::ErrorKind;
using core::MessageState;
using core::ReplyState;
using core::RequestState;
using core::Urgency;
using namespace std::chrono_literals;
using namespace tests;

namespace {

QStringList both()
{
    return {QStringLiteral("one"), QStringLiteral("two")};
}

Answer overloaded()
{
    return refusal(503, "server_error");
}

//! An answer that says how little is left.
Answer limited(int limit, int remaining)
{
    return hello()
        .header("x-ratelimit-limit-requests", QByteArray::number(limit))
        .header("x-ratelimit-remaining-requests", QByteArray::number(remaining))
        .header("x-ratelimit-reset-requests",
                QByteArray::number((limit - remaining) * 60 / limit) + "s");
}

} // namespace

//! What requests share about the services they ask: gates, breakers, budgets; and what the user is
//! asked before another service gets the question.
class tst_ChatTraffic : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void gateHoldsTheNextOne();
    void correctionLeavesTheServicesWord();
    void limitsAreAsOldAsTheirHeaders();
    void gateIsOfOneModelOnly();
    void ownLimitHoldsBeforeAnyAnswer();
    void refusalBlocksOthersToo();
    void waitIsCancelledAtOnce();
    void waitIsSkipped();
    void deletionLeavesTheLine();
    void promptIsKeptBeforeTheWait();
    void promptIsKeptBeforeTheQuestion();
    void chatGoesBeforeCompare();
    void longWaitIsAsked_data();
    void longWaitIsAsked();
    void wishForMoreTimeIsGranted();
    void grantedTimeBeginsWhenItIsGranted();
    void waitToRetryIsPostponed();
    void waitsAreBounded();
    void blockedGateIsGoneAround();
    void whatIsGoneAroundIsToldApart_data();
    void whatIsGoneAroundIsToldApart();
    void fullLineIsGoneAround();

    void hurryIsOfOneTargetOnly();
    void hurryStaysWithWhatIsOutOfReach();
    void breakerIsGoneAround();
    void onlyTargetIsTheProbe();
    void openBreakerEndsRetries();
    void probeHealsIt();
    void oneProbeAtATime();
    void unsentProbeGivesItsPlaceBack();
    void retryLeavesWhatFailedMeanwhile_data();
    void retryLeavesWhatFailedMeanwhile();
    void lineOfWhatFailedMeanwhile_data();
    void lineOfWhatFailedMeanwhile();
    void cancelledAndRefusedDoNotCount();

    void budgetRunsOut();
    void refusedAccountIsRemembered();
    void quotaComesBackWithTheDay();

    void fallbackIsAsked_data();
    void fallbackIsAsked();
    void refusedFallbackEndsWithTheFailure();
    void refusedFallbackLetsTheNextOneBeAsked();
    void cancelWhileAsked();

    void wholeRequestHasADeadline_data();
    void wholeRequestHasADeadline();
    void hintBeyondTheDeadlineIsNotWaitedFor();
    void noTrafficStaysBehind();

private:
    //! Fails "one" until its breaker opens.
    static void trip(Engine &engine);
    static bool finish(Engine &engine, Watched &watched);
};

void tst_ChatTraffic::trip(Engine &engine)
{
    for (int i = 0; i < 3; ++i)
        engine.one.enqueue(overloaded());
    Watched first(engine.send());
    QVERIFY(engine.run(first));
    engine.one.enqueue(overloaded());
    Watched second(engine.send());
    QVERIFY(engine.run(second));
    QCOMPARE(engine.one.requests().size(), 4);
    QVERIFY(!engine.traffic.isWell(engine.target(QStringLiteral("one"))));
}

bool tst_ChatTraffic::finish(Engine &engine, Watched &watched)
{
    return engine.run(watched) && watched.finished == 1;
}

void tst_ChatTraffic::gateHoldsTheNextOne()
{
    Engine engine;
    engine.one.enqueue(limited(60, 0));
    Watched first(engine.send());
    QVERIFY(finish(engine, first));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched second(engine.send()); // the last of the burst
    QVERIFY(finish(engine, second));
    Watched third(engine.send());
    QTRY_COMPARE(third.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(third.reply->waitLeft(), std::optional<std::chrono::milliseconds>(1s));
    engine.clock.advance(999ms);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(third.reply->waitLeft(), std::optional<std::chrono::milliseconds>(1ms));
    engine.clock.advance(1ms);
    QVERIFY(finish(engine, third));
    QVERIFY(third.reply->result());
    QCOMPARE(third.ended.first().waited, 1s);
    QCOMPARE(third.states.first(), ReplyState::WaitingForTurn);
    QVERIFY(!third.reply->waitLeft());
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! The first request was priced before any limit was known, and never charged: it gives nothing
//! back.
void tst_ChatTraffic::correctionLeavesTheServicesWord()
{
    Engine engine;
    engine.one.enqueue(hello()
                           .header("x-ratelimit-limit-tokens", "2000")
                           .header("x-ratelimit-remaining-tokens", "0")
                           .header("x-ratelimit-reset-tokens", "60s"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched first(engine.send());
    QVERIFY(finish(engine, first));
    Watched second(engine.send()); // the last of the burst
    QVERIFY(finish(engine, second));
    Watched third(engine.send());
    QTRY_COMPARE(third.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(third.reply->waitLeft(), std::optional<std::chrono::milliseconds>(420ms)); // 14 tokens
    engine.clock.advance(420ms);
    QVERIFY(finish(engine, third));
    QVERIFY(third.reply->result());
}

void tst_ChatTraffic::limitsAreAsOldAsTheirHeaders()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("Hel")})
                           .hold()
                           .write(delta("lo"))
                           .write(stopped())
                           .write(done())
                           .header("x-ratelimit-remaining-requests", "0")
                           .header("x-ratelimit-reset-requests", "45s"));
    Watched first(engine.send());
    QTRY_COMPARE(first.reply->text(), QStringLiteral("Hel"));
    QTRY_COMPARE(engine.one.held(), 1);
    engine.clock.advance(40s);
    engine.one.release();
    QTRY_COMPARE(first.finished, 1);
    engine.one.enqueue(hello());
    Watched second(engine.send());
    QTRY_COMPARE(second.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(second.reply->waitLeft(), std::optional<std::chrono::milliseconds>(5s));
    engine.clock.advance(5s);
    QVERIFY(finish(engine, second));
    QVERIFY(second.reply->result());
}

//! What the user allows is kept although the service, which has not spoken yet, allows more.
void tst_ChatTraffic::ownLimitHoldsBeforeAnyAnswer()
{
    Engine engine;
    engine.traffic.setOwnLimits(QStringLiteral("one"), {2, {}});
    engine.one.setChooser([](const core::LoopbackRequest &) { return limited(4'000, 3'999); });
    Watched first(engine.send());
    Watched second(engine.send());
    Watched third(engine.send());
    Watched fourth(engine.send());
    QTRY_COMPARE(first.finished, 1);
    QTRY_COMPARE(second.finished, 1);
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(third.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(third.reply->waitLeft(), std::optional<std::chrono::milliseconds>(60s));
    engine.clock.advance(59'999ms);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 2);
    // Another model counts for itself.
    core::Route other = engine.route();
    other.targets.first().model = QStringLiteral("gpt-double");
    Watched elsewhere(engine.send(other, &engine));
    QTRY_COMPARE(elsewhere.finished, 1);
    QCOMPARE(engine.requests(), 3);
    engine.clock.advance(1ms);
    QTRY_COMPARE(third.finished, 1);
    QTRY_COMPARE(fourth.finished, 1);
    QCOMPARE(engine.requests(), 5);
    QCOMPARE(third.ended.first().waited, 60s);
    const auto reported = engine.traffic.reportedLimits(QStringLiteral("one"));
    QCOMPARE(reported.requests, (core::ReportedLimits::Range{4'000, 4'000}));
    QVERIFY(!reported.tokens);

    // Lifted, those who wait go at once.
    engine.traffic.setOwnLimits(QStringLiteral("one"), {1, {}});
    Watched held(engine.send());
    QTRY_COMPARE(held.reply->state(), ReplyState::WaitingForTurn);
    engine.traffic.setOwnLimits(QStringLiteral("one"), {});
    QTRY_COMPARE(held.finished, 1);
    QVERIFY(held.reply->result());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::gateIsOfOneModelOnly()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "100"));
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    core::Route other = engine.route();
    other.targets.first().model = QStringLiteral("gpt-other");
    Watched watched(engine.send(other, &engine));
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    core::Route key = engine.route();
    key.targets.first().accountId = 2; // another key at the same service
    Watched withKey(engine.send(key, &engine));
    QVERIFY(finish(engine, withKey));
    QVERIFY(withKey.reply->result());
    QCOMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
}

void tst_ChatTraffic::refusalBlocksOthersToo()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched other(engine.send());
    QTRY_COMPARE(other.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(other.reply->waitLeft(), std::optional<std::chrono::milliseconds>(15s));
    engine.clock.advance(14'999ms);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 1); // the hint holds for all that would ask the same
    engine.clock.advance(1ms);
    QVERIFY(finish(engine, other));
    QVERIFY(other.reply->result());
    engine.clock.advance(2s);
    QTRY_COMPARE(refused.finished, 1);
    QVERIFY(refused.reply->result());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::waitIsCancelledAtOnce()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched waiting(engine.send());
    QTRY_COMPARE(waiting.reply->state(), ReplyState::WaitingForTurn);
    waiting.reply->cancel();
    QCOMPARE(waiting.finished, 1); // before cancel() returned
    QCOMPARE(waiting.reply->result().error().kind, ErrorKind::Cancelled);
    QVERIFY(waiting.reply->attempts().isEmpty()); // nothing was sent, nothing may cost
    refused.reply->cancel();
    engine.clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Cancelled);
}

void tst_ChatTraffic::waitIsSkipped()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched waiting(engine.send());
    QTRY_COMPARE(waiting.reply->state(), ReplyState::WaitingForTurn);
    engine.clock.advance(4s);
    waiting.reply->retryNow(); // the user's own word
    QTRY_COMPARE(waiting.finished, 1);
    QVERIFY(waiting.reply->result());
    QCOMPARE(waiting.ended.first().waited, 4s);
    QCOMPARE(refused.reply->state(), ReplyState::WaitingToRetry); // says nothing about others
}

void tst_ChatTraffic::deletionLeavesTheLine()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched gone(engine.send());
    QTRY_COMPARE(gone.reply->state(), ReplyState::WaitingForTurn);
    Watched next(engine.send());
    QTRY_COMPARE(next.reply->state(), ReplyState::WaitingForTurn);
    const QStringList said = gone.log;
    delete gone.reply;
    engine.clock.advance(15s);
    QTRY_COMPARE(next.finished, 1);
    QCOMPARE(gone.log, said);
    refused.reply->cancel();
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::promptIsKeptBeforeTheWait()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched waiting(engine.send());
    QTRY_COMPARE(waiting.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(engine.journal.calls().last(), QStringLiteral("keep-request"));
    QVERIFY(engine.journal.contexts().last().question);
    QCOMPARE(engine.journal.openings().size(), 1); // nothing is set aside while it waits
    refused.reply->cancel();
    engine.clock.advance(15s);
    QVERIFY(finish(engine, waiting));
    QCOMPARE(engine.journal.calls().count(QStringLiteral("open-request")), 1);
    QCOMPARE(engine.journal.calls().count(QStringLiteral("open-attempt")), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! The first model is gone around, and the next one may be asked only if the user says so.
void tst_ChatTraffic::promptIsKeptBeforeTheQuestion()
{
    Engine engine;
    trip(engine);
    core::Route route = engine.route(both());
    route.targets.last().model = QStringLiteral("gpt-dear");
    const qsizetype openings = engine.journal.openings().size();
    Watched watched(engine.send(route, &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    QCOMPARE(engine.journal.calls().last(), QStringLiteral("keep-request"));
    QVERIFY(engine.journal.contexts().last().question);
    QCOMPARE(engine.journal.openings().size(), openings); // nothing is set aside
    QVERIFY(watched.reply->isRecorded());
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1);
    QCOMPARE(engine.journal.closedRequests().last().state, RequestState::Cancelled);
    QCOMPARE(engine.two.requests().size(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::chatGoesBeforeCompare()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    refused.reply->cancel();
    Watched lane(engine.send(engine.route(), &engine, Urgency::Compare));
    QTRY_COMPARE(lane.reply->state(), ReplyState::WaitingForTurn);
    Watched chat(engine.send());
    QTRY_COMPARE(chat.reply->state(), ReplyState::WaitingForTurn);
    QStringList order;
    connect(chat.reply, &core::ChatReply::attemptStarted, &chat,
            [&order] { order += QStringLiteral("chat"); });
    connect(lane.reply, &core::ChatReply::attemptStarted, &lane,
            [&order] { order += QStringLiteral("lane"); });
    engine.clock.advance(15s);
    QTRY_COMPARE(order, (QStringList{QStringLiteral("chat"), QStringLiteral("lane")}));
    QVERIFY(finish(engine, chat));
    QVERIFY(finish(engine, lane));
}

void tst_ChatTraffic::longWaitIsAsked_data()
{
    QTest::addColumn<bool>("yes");
    QTest::newRow("send-all-the-same") << true;
    QTest::newRow("do-not") << false;
}

void tst_ChatTraffic::longWaitIsAsked()
{
    QFETCH(const bool, yes);
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "300"));
    Watched refused(engine.send());
    QVERIFY(finish(engine, refused));
    QCOMPARE(refused.reply->result().error().retryAfter,
             std::optional<std::chrono::milliseconds>(300s));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    engine.clock.advance(60s);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    QVERIFY(watched.reply->decision());
    const Decision decision = *watched.reply->decision();
    QCOMPARE(decision.reasons, QList<Decision::Reason>{Decision::Reason::StillLimited});
    QCOMPARE(decision.wait, std::optional<std::chrono::milliseconds>(240s));
    // It may be the user's own limit: then the service has asked for nothing.
    QCOMPARE(core::questionText(decision, QStringLiteral("One"), QStringLiteral("One")),
             QStringLiteral("One is at its rate limit for another 4 min. Ask it all the same?"));
    QCOMPARE(watched.decisions, QList<Decision>{decision});
    QCOMPARE(engine.requests(), 1);
    watched.reply->decide(decision.id + 1, Choice::Yes); // another question
    QCOMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    watched.reply->decide(decision.id, yes ? Choice::Yes : Choice::No);
    QVERIFY(finish(engine, watched));
    QVERIFY(!watched.reply->decision());
    QCOMPARE(engine.requests(), yes ? 2 : 1);
    QCOMPARE(watched.reply->result().hasValue(), yes);
    if (!yes) {
        QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
        QCOMPARE(watched.reply->result().error().retryAfter,
                 std::optional<std::chrono::milliseconds>(240s)); // possible again then
        QCOMPARE(engine.journal.closedRequests().last().answer.state, MessageState::Failed);
    }
    watched.reply->decide(decision.id, Choice::Yes); // too late
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::wishForMoreTimeIsGranted()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "300"));
    Watched refused(engine.send());
    QVERIFY(finish(engine, refused));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    watched.reply->extendWait(10min);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    engine.clock.advance(299'999ms);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 1);
    engine.clock.advance(1ms);
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Who thinks for longer than they then grant has not used it up.
void tst_ChatTraffic::grantedTimeBeginsWhenItIsGranted()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "3600"));
    Watched refused(engine.send());
    QVERIFY(finish(engine, refused));
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    engine.clock.advance(20min);
    watched.reply->extendWait(10min);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    engine.clock.advance(10min);
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(5min);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::waitToRetryIsPostponed()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    engine.clock.advance(5s);
    const auto before = watched.reply->waitLeft();
    QVERIFY(before);
    watched.reply->extendWait(60s);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(watched.reply->waitLeft(), std::optional(*before + 60s));
    engine.clock.advance(*before + 59'999ms);
    QTest::qWait(5);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(engine.requests(), 1);
    engine.clock.advance(1ms);
    // Not finish(): it would let the clock run on past the wait that the reply first told.
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! A wait whose end nobody can tell ends with the request's own patience.
void tst_ChatTraffic::waitsAreBounded()
{
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) {
        return Answer::stream({started(), delta("Hel")}).stall();
    });
    core::ClientOptions patient;
    patient.deadlines.idle = 0ms;
    engine.client.setOptions(patient);
    std::vector<std::unique_ptr<Watched>> running;
    for (int i = 0; i < core::RateGate::MostInFlight; ++i)
        running.push_back(std::make_unique<Watched>(engine.send()));
    for (const auto &one : running) // else the time below ends them before their first byte
        QTRY_COMPARE(one->reply->text(), QStringLiteral("Hel"));
    QCOMPARE(engine.requests(), core::RateGate::MostInFlight);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    QVERIFY(!watched.reply->waitLeft());
    engine.clock.advance(60s);
    watched.reply->extendWait(30s);
    engine.clock.advance(89'999ms);
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(engine.requests(), core::RateGate::MostInFlight);
    for (const auto &one : running)
        one->reply->cancel();
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::blockedGateIsGoneAround()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "60"));
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    engine.two.enqueue(hello());
    Watched watched(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.one.requests().size(), 1); // skipped, not tried
    QCOMPARE(watched.started.size(), 1);
    QCOMPARE(watched.started.first().target.provider, QStringLiteral("two"));
    QCOMPARE(watched.warnings.size(), 1);
    // A short wait is no reason to ask someone else.
    engine.clock.advance(45s);
    engine.one.enqueue(hello());
    Watched patient(engine.send(engine.route(both()), &engine));
    QTRY_COMPARE(patient.reply->state(), ReplyState::WaitingForTurn);
    refused.reply->cancel();
    engine.clock.advance(15s);
    QVERIFY(finish(engine, patient));
    QCOMPARE(patient.reply->result()->target.provider, QStringLiteral("one"));
}

void tst_ChatTraffic::whatIsGoneAroundIsToldApart_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::newRow("providers") << QStringLiteral("two") << QStringLiteral("gpt-test");
    QTest::newRow("models") << QStringLiteral("one") << QStringLiteral("gpt-double");
    QTest::newRow("addresses") << QStringLiteral("one") << QStringLiteral("gpt-test");
}

//! Never "One cannot be asked just now; One is asked instead".
void tst_ChatTraffic::whatIsGoneAroundIsToldApart()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "60"));
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    engine.two.enqueue(hello());
    core::Route route = engine.route();
    core::Target other = engine.target(provider);
    other.model = model;
    other.baseUrl = engine.two.url();
    route.targets.append(other);
    Watched watched(engine.send(route, &engine));
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    const QString sentence = QStringLiteral("%1 cannot be asked just now; %2 is asked instead.");
    const core::Target one = engine.target(QStringLiteral("one"));
    const QString said = provider != one.provider ? sentence.arg(one.provider, provider)
                         : model != one.model     ? sentence.arg(one.model, model)
                                                  : sentence.arg(core::originOf(one.baseUrl),
                                                                 core::originOf(other.baseUrl));
    QCOMPARE(watched.warnings, QStringList{said});
    refused.reply->cancel();
}

void tst_ChatTraffic::fullLineIsGoneAround()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "18"));
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    std::vector<std::unique_ptr<Watched>> line;
    for (int i = 0; i < core::RateGate::MostWaiting; ++i) {
        line.push_back(std::make_unique<Watched>(engine.send()));
        QTRY_COMPARE(line.back()->reply->state(), ReplyState::WaitingForTurn);
    }
    Watched late(engine.send());
    QVERIFY(finish(engine, late));
    QCOMPARE(late.reply->result().error().kind, ErrorKind::RateLimited);
    engine.two.enqueue(hello());
    Watched routed(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, routed));
    QVERIFY(routed.reply->result());
    QCOMPARE(routed.reply->result()->target.provider, QStringLiteral("two"));
    refused.reply->cancel();
    for (const auto &one : line)
        one->reply->cancel();
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! "Now" at a target whose line is full: the next one has asked to be left alone, too.
void tst_ChatTraffic::hurryIsOfOneTargetOnly()
{
    Engine engine;
    engine.two.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    Watched other(engine.send(engine.route({QStringLiteral("two")}), &engine));
    QTRY_COMPARE(other.reply->state(), ReplyState::WaitingToRetry);
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "18"));
    Watched hurried(engine.send(engine.route(both()), &engine));
    QTRY_COMPARE(hurried.reply->state(), ReplyState::WaitingToRetry);
    std::vector<std::unique_ptr<Watched>> line;
    for (int i = 0; i < core::RateGate::MostWaiting; ++i) {
        line.push_back(std::make_unique<Watched>(engine.send()));
        QTRY_COMPARE(line.back()->reply->state(), ReplyState::WaitingForTurn);
    }
    hurried.reply->retryNow();
    QCOMPARE(hurried.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(hurried.reply->target().provider, QStringLiteral("two"));
    QVERIFY(hurried.reply->waitLeft() > 14s);
    QCOMPARE(engine.two.requests().size(), 1);
    hurried.reply->cancel();
    other.reply->cancel();
    for (const auto &one : line)
        one->reply->cancel();
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! "Now" when the network has gone: what can still be reached has asked to be left alone.
void tst_ChatTraffic::hurryStaysWithWhatIsOutOfReach()
{
    Engine engine;
    engine.network.putFar(engine.one.url());
    engine.two.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    Watched other(engine.send(engine.route({QStringLiteral("two")}), &engine));
    QTRY_COMPARE(other.reply->state(), ReplyState::WaitingToRetry);
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "18"));
    Watched hurried(engine.send(engine.route(both()), &engine));
    QTRY_COMPARE(hurried.reply->state(), ReplyState::WaitingToRetry);
    engine.network.setOffline(true);
    hurried.reply->retryNow();
    QCOMPARE(hurried.reply->state(), ReplyState::WaitingForTurn);
    QCOMPARE(hurried.reply->target().provider, QStringLiteral("two"));
    QVERIFY(hurried.reply->waitLeft() > 14s);
    QTest::qWait(5);
    QCOMPARE(engine.two.requests().size(), 1);
    hurried.reply->cancel();
    other.reply->cancel();
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::breakerIsGoneAround()
{
    Engine engine;
    trip(engine);
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched watched(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.one.requests().size(), 4); // skipped, not tried
    QCOMPARE(watched.started.first().cause, AttemptCause::First);
    QCOMPARE(watched.warnings.size(), 1);
    // Half open: this request is the probe, and its failure sends it on.
    engine.clock.advance(20s);
    engine.one.enqueue(overloaded());
    Watched probe(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, probe));
    QCOMPARE(engine.one.requests().size(), 5); // no retry there
    QCOMPARE(probe.reply->result()->target.provider, QStringLiteral("two"));
    QVERIFY(!engine.traffic.isWell(engine.target(QStringLiteral("one"))));
}

void tst_ChatTraffic::onlyTargetIsTheProbe()
{
    Engine engine;
    trip(engine);
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.warnings.size(), 1);
    QVERIFY(engine.traffic.isWell(engine.target(QStringLiteral("one")))); // half open
    // With fallback switched off the second target is none.
    Engine alone;
    trip(alone);
    core::ClientOptions options;
    options.fallback = false;
    alone.client.setOptions(options);
    alone.one.enqueue(hello());
    Watched only(alone.send(alone.route(both()), &alone));
    QVERIFY(finish(alone, only));
    QCOMPARE(alone.one.requests().size(), 5);
    QCOMPARE(alone.two.requests().size(), 0);
    // Which does not mean that there is none.
    QCOMPARE(only.warnings.size(), 1);
    QVERIFY(only.warnings.first().endsWith(QStringLiteral("since no other model can be asked.")));
}

void tst_ChatTraffic::openBreakerEndsRetries()
{
    Engine engine;
    trip(engine);
    engine.one.enqueue(overloaded());
    Watched watched(engine.send());
    QVERIFY(finish(engine, watched));
    QCOMPARE(engine.one.requests().size(), 5); // the probe, and nothing by itself
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Overloaded);
}

void tst_ChatTraffic::probeHealsIt()
{
    Engine engine;
    trip(engine);
    const core::Target one = engine.target(QStringLiteral("one"));
    QList<core::Target> told;
    connect(&engine.traffic, &core::TrafficControl::breakerChanged, &engine,
            [&told](const core::Target &target) { told += target; });
    QVERIFY(*engine.traffic.unwellFor(one) <= 18s);
    engine.clock.advance(18s);
    QCOMPARE(engine.traffic.breakerState(one), CircuitBreaker::State::HalfOpen);
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    for (int probe = 0; probe < 2; ++probe) {
        Watched watched(engine.send());
        QVERIFY(finish(engine, watched));
        QVERIFY(watched.reply->result());
    }
    QCOMPARE(engine.traffic.breakerState(one), CircuitBreaker::State::Closed);
    QCOMPARE(told, QList<core::Target>{one});
    engine.traffic.forceBreaker(one, CircuitBreaker::Forced::Open);
    QVERIFY(!engine.traffic.isWell(one));
    QVERIFY(!engine.traffic.unwellFor(one));
    engine.traffic.resetBreaker(one);
    QVERIFY(engine.traffic.isWell(one));
}

//! Two that come together are not both let through to a service that has hardly recovered.
void tst_ChatTraffic::oneProbeAtATime()
{
    Engine engine;
    trip(engine);
    engine.clock.advance(20s);
    engine.one.enqueue(Answer::nothing());
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched probe(engine.send(engine.route(both()), &engine));
    Watched other(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, other));
    QCOMPARE(other.reply->result()->target.provider, QStringLiteral("two"));
    QCOMPARE(other.warnings.size(), 1);
    QTRY_COMPARE(probe.reply->state(), ReplyState::WaitingForFirstToken);
    QCOMPARE(engine.one.requests().size(), 5);
    QVERIFY(!engine.traffic.isWell(engine.target(QStringLiteral("one"))));
    probe.reply->cancel(); // says nothing: the next one may try
    QVERIFY(engine.traffic.isWell(engine.target(QStringLiteral("one"))));
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::unsentProbeGivesItsPlaceBack()
{
    Engine engine;
    trip(engine);
    engine.clock.advance(20s);
    const core::Target one = engine.target(QStringLiteral("one"));
    engine.journal.holdOpens();
    Watched probe(engine.send(engine.route(both()), &engine));
    QTRY_VERIFY(!engine.traffic.isWell(one));
    probe.reply->cancel();
    QVERIFY(engine.traffic.isWell(one));
    engine.journal.releaseOpens();
    QCoreApplication::processEvents();
    QCOMPARE(engine.one.requests().size(), 4);
}

void tst_ChatTraffic::retryLeavesWhatFailedMeanwhile_data()
{
    QTest::addColumn<QStringList>("route");
    QTest::addColumn<bool>("isHurried");
    QTest::newRow("nobody-else") << QStringList{QStringLiteral("one")} << false;
    QTest::newRow("another") << both() << false;
    QTest::newRow("the-users-own-word") << both() << true;
}

//! What others have found while it waited holds for it as well.
void tst_ChatTraffic::retryLeavesWhatFailedMeanwhile()
{
    QFETCH(const QStringList, route);
    QFETCH(const bool, isHurried);
    Engine engine;
    engine.one.enqueue(overloaded());
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched watched(engine.send(engine.route(route), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    engine.traffic.forceBreaker(engine.target(QStringLiteral("one")), CircuitBreaker::Forced::Open);
    if (isHurried)
        watched.reply->retryNow();
    else
        engine.clock.advance(watched.delays.first());
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(engine.one.requests().size(), isHurried ? 2 : 1);
    if (route.size() == 1) {
        QVERIFY(!watched.reply->result());
        QCOMPARE(watched.reply->result().error().kind, ErrorKind::Overloaded);
        QCOMPARE(watched.reply->attempts().size(), 1);
    } else {
        QVERIFY(watched.reply->result());
        QCOMPARE(watched.reply->attempts().size(), 2);
        QCOMPARE(watched.reply->result()->target.provider,
                 isHurried ? route.first() : route.last());
        QCOMPARE(watched.started.last().cause,
                 isHurried ? AttemptCause::Retry : AttemptCause::Fallback);
    }
    QCOMPARE(watched.ended.size(), watched.reply->attempts().size()); // each told once
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::lineOfWhatFailedMeanwhile_data()
{
    QTest::addColumn<QStringList>("route");
    QTest::addColumn<bool>("isHurried");
    QTest::addColumn<QString>("answers");
    QTest::newRow("another") << both() << false << QStringLiteral("two");
    QTest::newRow("nobody-else") << QStringList{QStringLiteral("one")} << false
                                 << QStringLiteral("one"); // one's own Send is the probe
    QTest::newRow("the-users-own-word") << both() << true << QStringLiteral("one");
}

//! Who waits for its turn when the service fails is not sent into it, if anybody else can be asked.
void tst_ChatTraffic::lineOfWhatFailedMeanwhile()
{
    QFETCH(const QStringList, route);
    QFETCH(const bool, isHurried);
    QFETCH(const QString, answers);
    Engine engine;
    engine.one.enqueue(limited(60, 0));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    for (int i = 0; i < 2; ++i) { // the second is the last of the burst
        Watched before(engine.send());
        QVERIFY(finish(engine, before));
    }
    Watched watched(engine.send(engine.route(route), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
    engine.traffic.forceBreaker(engine.target(QStringLiteral("one")), CircuitBreaker::Forced::Open);
    if (isHurried)
        watched.reply->retryNow();
    else
        engine.clock.advance(1s);
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.provider, answers);
    QCOMPARE(watched.reply->attempts().size(), 1);
    QCOMPARE(watched.started.first().cause, AttemptCause::First);
    QCOMPARE(watched.warnings.size(), answers == QStringLiteral("two") ? 1 : 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::cancelledAndRefusedDoNotCount()
{
    Engine engine;
    for (const auto &answer :
         {refusal(400, "invalid_request_error"),
          refusal(429, "insufficient_quota", "insufficient_quota"),
          refusal(401, "auth", "invalid_api_key"), refusal(404, "x", "model_not_found")}) {
        engine.one.enqueue(answer);
        engine.one.enqueue(answer);
        for (int i = 0; i < 2; ++i) {
            Watched watched(engine.send());
            QVERIFY(finish(engine, watched));
        }
    }
    for (int i = 0; i < 5; ++i) {
        engine.one.enqueue(Answer::nothing());
        Watched watched(engine.send());
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
        watched.reply->cancel();
    }
    QCOMPARE(engine.requests(), 13);
    QVERIFY(engine.traffic.isWell(engine.target(QStringLiteral("one"))));
}

void tst_ChatTraffic::budgetRunsOut()
{
    Engine engine;
    int calls = 0;
    // Every answer but the third of a request fails, so that no breaker opens.
    engine.one.setChooser([&calls](const core::LoopbackRequest &) {
        return ++calls % 3 == 0 ? hello() : refusal(409, "conflict");
    });
    for (int request = 0; request < 5; ++request) {
        Watched watched(engine.send());
        while (watched.finished == 0) { // in no time, so that nothing refills
            QTest::qWait(1);
            watched.reply->retryNow();
        }
        QVERIFY(watched.reply->result());
    }
    QCOMPARE(engine.requests(), 15); // ten retries, half of one paid back
    Watched bare(engine.send());
    QVERIFY(finish(engine, bare));
    QCOMPARE(engine.requests(), 16); // first attempts still go
    QVERIFY(!bare.reply->result());
    engine.clock.advance(30s);
    Watched again(engine.send());
    QVERIFY(engine.run(again));
    QCOMPARE(again.delays.size(), 1);
}

void tst_ChatTraffic::refusedAccountIsRemembered()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched first(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, first));
    Watched second(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, second));
    QCOMPARE(engine.one.requests().size(), 1); // not a second time with the same dead key
    QCOMPARE(engine.two.requests().size(), 2);
    // The user's own Send goes there, and its success brings the account back.
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched own(engine.send());
    QVERIFY(finish(engine, own));
    Watched third(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, third));
    QCOMPARE(engine.one.requests().size(), 3);
    QCOMPARE(engine.two.requests().size(), 2);
}

void tst_ChatTraffic::quotaComesBackWithTheDay()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "insufficient_quota", "insufficient_quota"));
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Watched first(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, first));
    const core::Target one = engine.target(QStringLiteral("one"));
    QVERIFY(engine.traffic.isDead(one));
    engine.clock.advance(24h);
    QVERIFY(!engine.traffic.isDead(one));
    engine.traffic.giveUpAccount(one, ErrorKind::AuthenticationFailed);
    engine.clock.advance(24h * 30);
    QVERIFY(engine.traffic.isDead(one)); // only the user can mend a key
    engine.traffic.revive(one);
    QVERIFY(!engine.traffic.isDead(one));
}

void tst_ChatTraffic::fallbackIsAsked_data()
{
    QTest::addColumn<core::Target>("target"); // a model of the second service
    QTest::addColumn<core::ChatRequest>("request");
    QTest::addColumn<QList<Decision::Reason>>("reasons");
    using Reason = Decision::Reason;
    using Reasons = QList<Decision::Reason>;
    const auto model = [](const char *name, const char *provider = "two") {
        core::Target target;
        target.provider = QString::fromLatin1(provider);
        target.accountId = 2;
        target.model = QString::fromLatin1(name);
        return target;
    };
    core::ChatRequest pictured = Engine::question();
    pictured.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "png"});
    core::ChatRequest filed = Engine::question();
    filed.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.pdf"), QStringLiteral("application/pdf"), "pdf"});
    core::ChatRequest noted = Engine::question();
    noted.messages.first().parts.append(
        core::AttachmentPart{QStringLiteral("a.txt"), QStringLiteral("text/plain"), "text"});
    core::ChatRequest tooled = Engine::question();
    tooled.tools.append({QStringLiteral("look"), QStringLiteral("Looks."), "{}"});

    QTest::newRow("same-price") << model("gpt-test") << Engine::question() << Reasons();
    QTest::newRow("twice-the-price") << model("gpt-double") << Engine::question() << Reasons();
    QTest::newRow("dearer") << model("gpt-dear") << Engine::question() << Reasons{Reason::Dearer};
    QTest::newRow("price-unknown")
        << model("mystery") << Engine::question() << Reasons{Reason::PriceUnknown};
    QTest::newRow("images") << model("gpt-test", "plain") << pictured
                            << Reasons{Reason::LosesImages};
    QTest::newRow("documents") << model("gpt-test", "plain") << filed
                               << Reasons{Reason::LosesDocuments};
    QTest::newRow("text-goes-everywhere") << model("gpt-test", "plain") << noted << Reasons();
    QTest::newRow("tools") << model("gpt-test", "plain") << tooled << Reasons{Reason::LosesTools};
    QTest::newRow("nothing-used") << model("gpt-test", "plain") << Engine::question() << Reasons();
    QTest::newRow("all-at-once") << model("gpt-dear", "plain") << pictured
                                 << Reasons{Reason::Dearer, Reason::LosesImages};
}

void tst_ChatTraffic::fallbackIsAsked()
{
    QFETCH(core::Target, target);
    QFETCH(const core::ChatRequest, request);
    QFETCH(const QList<Decision::Reason>, reasons);
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.two.enqueue(hello());
    core::Route route = engine.route();
    target.baseUrl = engine.two.url();
    route.targets.append(target);
    Watched watched(engine.send(request, route, &engine));
    if (!reasons.isEmpty()) {
        QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
        const Decision decision = watched.decisions.first();
        QCOMPARE(decision.reasons, reasons);
        QCOMPARE(decision.target, target);
        QCOMPARE(decision.instead, route.targets.first());
        QCOMPARE(decision.priceRatio.has_value(), reasons.contains(Decision::Reason::Dearer));
        const QString text =
            core::questionText(decision, QStringLiteral("Two"), QStringLiteral("One"));
        QVERIFY(text.startsWith(QStringLiteral("Two ")) ||
                text.startsWith(QStringLiteral("The price of Two")));
        engine.clock.advance(1h); // it waits for the user, however long
        QTest::qWait(5);
        QCOMPARE(engine.two.requests().size(), 0);
        watched.reply->decide(decision.id, Choice::Yes);
    }
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.decisions.size(), reasons.isEmpty() ? 0 : 1);
    QCOMPARE(engine.two.requests().size(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::refusedFallbackEndsWithTheFailure()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    core::Route route = engine.route(both());
    route.targets.last().model = QStringLiteral("gpt-dear");
    Watched watched(engine.send(route, &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    watched.reply->decide(watched.decisions.first().id, Choice::No);
    QVERIFY(finish(engine, watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::AuthenticationFailed);
    QCOMPARE(engine.two.requests().size(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Failed);
}

void tst_ChatTraffic::refusedFallbackLetsTheNextOneBeAsked()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.three.enqueue(hello());
    core::Route route =
        engine.route({QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")});
    route.targets[1].model = QStringLiteral("gpt-dear");
    Watched watched(engine.send(route, &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    watched.reply->decide(watched.decisions.first().id, Choice::No);
    QVERIFY(finish(engine, watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.provider, QStringLiteral("three"));
    QCOMPARE(engine.two.requests().size(), 0);
}

void tst_ChatTraffic::cancelWhileAsked()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    core::Route route = engine.route(both());
    route.targets.last().model = QStringLiteral("gpt-dear");
    Watched watched(engine.send(route, &engine));
    connect(watched.reply, &core::ChatReply::decisionNeeded, &watched,
            [&watched] { watched.reply->cancel(); });
    QVERIFY(finish(engine, watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Cancelled);
    QVERIFY(!watched.reply->decision());
    QCOMPARE(engine.two.requests().size(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatTraffic::wholeRequestHasADeadline_data()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("while-it-waits") << true;
    QTest::newRow("in-mid-stream") << false;
}

void tst_ChatTraffic::wholeRequestHasADeadline()
{
    QFETCH(const bool, waits);
    Engine engine;
    engine.one.enqueue(waits ? refusal(429, "rate_limit_error").header("retry-after", "4")
                             : Answer::stream({started(), delta("Hel")}).stall());
    std::optional<Watched> refused;
    if (waits) {
        refused.emplace(engine.send());
        QTRY_COMPARE(refused->reply->state(), ReplyState::WaitingToRetry);
    }
    core::ClientOptions options;
    options.requestDeadline = 5s;
    engine.client.setOptions(options);
    Watched watched(engine.send());
    if (waits) {
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForTurn);
        // A wait that would have been in time becomes longer.
        engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "19"));
        refused->reply->retryNow();
        QTRY_COMPARE(refused->delays.size(), 2);
    } else {
        QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    }
    engine.clock.advance(4'999ms);
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, core::Phase::Total);
    QCOMPARE(watched.reply->answer().state,
             waits ? MessageState::Failed : MessageState::Incomplete);
    if (refused)
        refused->reply->cancel();
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! The time is better spent elsewhere; with nobody else the refusal is told at once, as such.
void tst_ChatTraffic::hintBeyondTheDeadlineIsNotWaitedFor()
{
    Engine engine;
    core::ClientOptions options;
    options.requestDeadline = 5s;
    engine.client.setOptions(options);
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "19"));
    engine.two.enqueue(hello());
    Watched routed(engine.send(engine.route(both()), &engine));
    QVERIFY(finish(engine, routed));
    QVERIFY(routed.reply->result());
    QCOMPARE(routed.reply->result()->target.provider, QStringLiteral("two"));
    QCOMPARE(routed.delays.size(), 0);

    Engine alone;
    alone.client.setOptions(options);
    alone.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "19"));
    Watched refused(alone.send());
    QVERIFY(finish(alone, refused));
    QCOMPARE(refused.delays.size(), 0);
    QCOMPARE(refused.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(refused.reply->result().error().retryAfter,
             std::optional<std::chrono::milliseconds>(19s));
    QCOMPARE(alone.journal.imbalance(), QString());
}

void tst_ChatTraffic::noTrafficStaysBehind()
{
    Engine engine;
    engine.one.enqueue(limited(60, 0));
    Watched watched(engine.send());
    QVERIFY(finish(engine, watched));
    engine.clock.advance(10s); // the answered connection's own patience
    QCOMPARE(engine.clock.pending(), 0);
}

QTEST_GUILESS_MAIN(tst_ChatTraffic)
#include "tst_chattraffic.moc"
