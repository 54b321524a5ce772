#include "tests/core/client/engine.h"

#include <QTest>

using namespace std::chrono_literals;
using core::Choice;
using core::Decision;
using core::ErrorKind;
using core::ReplyState;
using core::RequestState;
using namespace tests;

//! Requests while the machine has no network: held, asked about, sent once it is back, never lost.
class tst_ChatOffline : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void isSentOnceTheNetworkIsBack();
    void isDroppedOnTheUsersWord_data();
    void isDroppedOnTheUsersWord();
    void goesAllTheSameIfToldTo_data();
    void goesAllTheSameIfToldTo();
    void whoHasNotSaidYetIsAskedAnew();
    void whatCanBeReachedGoesOn_data();
    void whatCanBeReachedGoesOn();
    void routeGoesOnToWhatCanBeReached();
    void networkGoneBeforeARetry();
    void networkGoneBeforeItsTurn();
    void deletionLeavesNothingToSend();
};

namespace {

//! A network that "one" and "two" are behind, which is gone.
void goOffline(Engine &engine)
{
    engine.network.putFar(engine.one.url());
    engine.network.putFar(engine.two.url());
    engine.network.setOffline(true);
}

void answerAll(ScriptedServer &server)
{
    server.setChooser([](const core::LoopbackRequest &) { return hello(); });
}

} // namespace

void tst_ChatOffline::isSentOnceTheNetworkIsBack()
{
    Engine engine;
    answerAll(engine.one);
    goOffline(engine);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    QCOMPARE(watched.decisions.size(), 1);
    const Decision question = watched.decisions.first();
    QCOMPARE(question.reasons, QList<Decision::Reason>{Decision::Reason::Offline});
    QCOMPARE(question.target, engine.target(QStringLiteral("one")));
    QVERIFY(core::questionText(question, {}, {}).startsWith(QStringLiteral("You are offline")));
    QVERIFY(!core::questionText(question, {}, {}).contains(QLatin1Char('?')));
    // The prompt is on disk; nothing is set aside for an attempt that there is not.
    QCOMPARE(engine.journal.calls(), QStringList{QStringLiteral("keep-request")});
    QVERIFY(engine.journal.contexts().last().question);

    watched.reply->decide(question.id, Choice::Yes);
    QCOMPARE(watched.reply->state(), ReplyState::WaitingForNetwork);
    QVERIFY(core::isWait(watched.reply->state()));
    QVERIFY(!watched.reply->decision());
    engine.clock.advance(2h); // it waits for the network, however long
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(watched.finished, 0);

    engine.network.setOffline(false);
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.ended.size(), 1);
    QCOMPARE(watched.ended.first().waited, 2h);
    QCOMPARE(watched.decisions.size(), 1);
    engine.network.setOffline(true);
    engine.network.setOffline(false);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::isDroppedOnTheUsersWord_data()
{
    QTest::addColumn<bool>("waits");
    QTest::addColumn<bool>("cancels");
    QTest::newRow("no") << false << false;
    QTest::newRow("cancelled-while-asked") << false << true;
    QTest::newRow("cancelled-while-it-waits") << true << true;
}

void tst_ChatOffline::isDroppedOnTheUsersWord()
{
    QFETCH(const bool, waits);
    QFETCH(const bool, cancels);
    Engine engine;
    answerAll(engine.one);
    goOffline(engine);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.decisions.size(), 1);
    const int question = watched.decisions.first().id;
    if (waits)
        watched.reply->decide(question, Choice::Yes);
    if (cancels)
        watched.reply->cancel();
    else
        watched.reply->decide(question, Choice::No);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Cancelled);
    QCOMPARE(engine.journal.closedRequests().last().state, RequestState::Cancelled);
    engine.network.setOffline(false);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::goesAllTheSameIfToldTo_data()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("while-asked") << false;
    QTest::newRow("while-it-waits") << true;
}

//! What a daemon does not manage is no network to it.
void tst_ChatOffline::goesAllTheSameIfToldTo()
{
    QFETCH(const bool, waits);
    Engine engine;
    engine.one.enqueue(refusal(503, "server_error"));
    engine.one.enqueue(hello());
    goOffline(engine);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.decisions.size(), 1);
    if (waits)
        watched.reply->decide(watched.decisions.first().id, Choice::Yes);
    watched.reply->retryNow();
    QVERIFY(!watched.reply->decision());
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    QCOMPARE(engine.requests(), 1);
    // The word was for that attempt; the next one is held again.
    engine.clock.advance(watched.delays.first());
    QTRY_COMPARE(watched.reply->state(),
                 waits ? ReplyState::WaitingForNetwork : ReplyState::AwaitingDecision);
    watched.reply->retryNow();
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Nothing goes by itself that was not told to, also where the network came back first.
void tst_ChatOffline::whoHasNotSaidYetIsAskedAnew()
{
    Engine engine;
    answerAll(engine.one);
    goOffline(engine);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.decisions.size(), 1);
    engine.network.setOffline(false);
    engine.network.setOffline(true);
    engine.network.setOffline(false);
    QCOMPARE(watched.decisions.size(), 4);
    using Reasons = QList<Decision::Reason>;
    QCOMPARE(watched.decisions[1].reasons, Reasons{Decision::Reason::OnlineAgain});
    QCOMPARE(watched.decisions[2].reasons, Reasons{Decision::Reason::Offline});
    QCOMPARE(watched.decisions[3].reasons, Reasons{Decision::Reason::OnlineAgain});
    QCOMPARE(watched.reply->decision(), std::optional(watched.decisions[3]));
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 0);
    watched.reply->decide(watched.decisions[2].id, Choice::Yes); // not what is asked now
    QCOMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    watched.reply->decide(watched.decisions[3].id, Choice::Yes);
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::whatCanBeReachedGoesOn_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<bool>("isFar");
    QTest::addColumn<bool>("isOffline");
    QTest::newRow("on-this-machine") << "one" << false << true;
    QTest::newRow("local-service-at-another-address") << "local" << true << true;
    QTest::newRow("nobody-can-tell") << "one" << true << false;
}

void tst_ChatOffline::whatCanBeReachedGoesOn()
{
    QFETCH(const QString, provider);
    QFETCH(const bool, isFar);
    QFETCH(const bool, isOffline);
    Engine engine;
    answerAll(engine.one);
    answerAll(engine.three);
    if (isFar)
        engine.network.putFar(engine.target(provider).baseUrl);
    engine.network.setOffline(isOffline);
    Watched watched(engine.send(engine.route({provider}), &engine));
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QVERIFY(watched.decisions.isEmpty());
    QVERIFY(!watched.states.contains(ReplyState::WaitingForNetwork));
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatOffline::routeGoesOnToWhatCanBeReached()
{
    Engine engine;
    answerAll(engine.one);
    answerAll(engine.two);
    engine.network.putFar(engine.one.url());
    engine.network.setOffline(true);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QVERIFY(watched.decisions.isEmpty());
    QCOMPARE(watched.warnings.size(), 1); // it says who was passed by
    QCOMPARE(engine.one.requests().size(), 0);
    QCOMPARE(engine.two.requests().size(), 1);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::networkGoneBeforeARetry()
{
    Engine engine;
    engine.one.enqueue(refusal(503, "server_error"));
    engine.one.enqueue(hello());
    answerAll(engine.two);
    Watched watched(
        engine.send(engine.route({QStringLiteral("one"), QStringLiteral("two")}), &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    goOffline(engine);
    engine.clock.advance(watched.delays.first());
    QTRY_COMPARE(watched.reply->state(), ReplyState::AwaitingDecision);
    QCOMPARE(watched.decisions.first().reasons, QList<Decision::Reason>{Decision::Reason::Offline});
    watched.reply->decide(watched.decisions.first().id, Choice::Yes);
    engine.clock.advance(1h);
    engine.network.setOffline(false);
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.ended.size(), 2); // each has its line
    QCOMPARE(watched.ended.last().waited, watched.delays.first() + 1h);
    QCOMPARE(engine.one.requests().size(), 2);
    QCOMPARE(engine.two.requests().size(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::networkGoneBeforeItsTurn()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    answerAll(engine.one);
    Watched refused(engine.send());
    QTRY_COMPARE(refused.reply->state(), ReplyState::WaitingToRetry);
    Watched waiting(engine.send());
    QTRY_COMPARE(waiting.reply->state(), ReplyState::WaitingForTurn);
    refused.reply->cancel();
    goOffline(engine);
    engine.clock.advance(15s);
    QTRY_COMPARE(waiting.reply->state(), ReplyState::AwaitingDecision);
    QCOMPARE(engine.requests(), 1);
    waiting.reply->decide(waiting.decisions.first().id, Choice::Yes);
    engine.network.setOffline(false);
    QTRY_COMPARE(waiting.finished, 1);
    QVERIFY(waiting.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatOffline::deletionLeavesNothingToSend()
{
    Engine engine;
    answerAll(engine.one);
    goOffline(engine);
    Watched watched(engine.send());
    QTRY_COMPARE(watched.decisions.size(), 1);
    watched.reply->decide(watched.decisions.first().id, Choice::Yes);
    delete watched.reply;
    engine.network.setOffline(false);
    QTest::qWait(5);
    QCOMPARE(watched.finished, 0);
    QCOMPARE(engine.requests(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

QTEST_GUILESS_MAIN(tst_ChatOffline)
#include "tst_chatoffline.moc"
