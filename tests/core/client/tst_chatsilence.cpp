#include "core/base/sleepwatch.h"
#include "tests/core/client/engine.h"

#include <QSignalSpy>
#include <QTest>

using core::ErrorKind;
using core::MessageState;
using core::Phase;
using core::ReplyState;
using core::Silence;
using namespace std::chrono_literals;
using namespace tests;

//! What a reader is told while nothing comes, how long that may last, and what a machine's sleep
//! does to it.
class tst_ChatSilence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void silenceIsToldAndTakenBack();
    void pingsAreToldAfterFiveMinutes();
    void firstByteOfASlowModel_data();
    void firstByteOfASlowModel();
    void firstByteOfADeployment();
    void totalFollowsTheLongestAnswer_data();
    void totalFollowsTheLongestAnswer();
    void sleepKillsAndIsTriedAgain_data();
    void sleepKillsAndIsTriedAgain();
    void sleepKeepsWhatWasShown();
    void sleepOutlastedGoesOn();
    void sleepBetweenAttemptsDoesNothing();
    void wakeIsNoticedWhileAnythingRuns();
    void clientTellsWhenItIsBusy();
};

//! Lets the real network move while the fake clock stands still.
static void settle()
{
    QTest::qWait(5);
}

void tst_ChatSilence::silenceIsToldAndTakenBack()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("Hel")})
                           .hold()
                           .write(delta("lo"))
                           .write(stopped())
                           .write(done()));
    Watched watched(engine.send());
    QList<Silence> told;
    connect(watched.reply, &core::ChatReply::silenceChanged, &watched,
            [&told](Silence silence) { told += silence; });
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.clock.advance(14'999ms);
    QVERIFY(told.isEmpty());
    engine.clock.advance(1ms);
    QCOMPARE(told, QList<Silence>{Silence::NoBytes});
    QCOMPARE(watched.reply->silence(), Silence::NoBytes);
    QCOMPARE(watched.reply->state(), ReplyState::Streaming); // a notice, no failure
    engine.clock.advance(30s);
    QCOMPARE(told.size(), 1);
    engine.one.release();
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(told, (QList<Silence>{Silence::NoBytes, Silence::None}));
    QCOMPARE(watched.reply->silence(), Silence::None);
    engine.clock.advance(10min);
    QCOMPARE(told.size(), 2);
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatSilence::pingsAreToldAfterFiveMinutes()
{
    Engine engine;
    Answer answer = Answer::stream({started(), delta("Hel")});
    for (int ping = 0; ping < 40; ++ping)
        answer.hold().write(usage(9, 1)); // shows nothing, but can be waited for
    engine.one.enqueue(answer.stall());
    Watched watched(engine.send());
    QList<Silence> told;
    connect(watched.reply, &core::ChatReply::silenceChanged, &watched,
            [&told](Silence silence) { told += silence; });
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    for (int ping = 1; ping <= 35; ++ping) { // 350 s, a ping every 10 s
        engine.clock.advance(10s);
        const qsizetype before = watched.events.size();
        QTRY_COMPARE(engine.one.held(), 1);
        engine.one.release();
        QTRY_VERIFY(watched.events.size() > before);
        QCOMPARE(watched.finished, 0); // bytes put the idle deadline off
        QCOMPARE(told, ping >= 30 ? QList<Silence>{Silence::NoContent} : QList<Silence>());
    }
    engine.clock.advance(90s);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::Idle);
    QCOMPARE(watched.reply->text(), QStringLiteral("Hel"));
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatSilence::firstByteOfASlowModel_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<int>("seconds");
    QTest::newRow("plain") << QStringLiteral("gpt-test") << QString() << 60;
    QTest::newRow("no-effort") << QStringLiteral("gpt-5-mini") << QStringLiteral("none") << 60;
    QTest::newRow("effort") << QStringLiteral("gpt-test") << QStringLiteral("high") << 600;
    QTest::newRow("o3") << QStringLiteral("o3-mini") << QString() << 600;
    QTest::newRow("behind-a-router") << QStringLiteral("openai/o4-mini") << QString() << 600;
    QTest::newRow("gpt-5") << QStringLiteral("gpt-5") << QString() << 600;
    QTest::newRow("deepseek") << QStringLiteral("deepseek-reasoner") << QString() << 600;
    QTest::newRow("mo4-is-no-o4") << QStringLiteral("mo4-turbo") << QString() << 60;
}

void tst_ChatSilence::firstByteOfASlowModel()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const int, seconds);
    Engine engine;
    engine.one.enqueue(Answer::nothing());
    core::Route route = engine.route();
    route.targets.first().model = model;
    core::ChatRequest request = Engine::question();
    request.options.reasoningEffort = effort;
    request.options.maxOutputTokens = 64'000; // or the total would come first
    Watched watched(engine.send(request, route, &engine));
    QTRY_COMPARE(engine.requests(), 1);
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    engine.clock.advance(1s * seconds - 1ms);
    settle();
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::FirstByte);
}

//! A deployment has the name that its user gave it.
void tst_ChatSilence::firstByteOfADeployment()
{
    class Deployed final : public core::ModelBook
    {
    public:
        QString modelBehind(const core::Target &) const override { return QStringLiteral("o3"); }
        void learn(const core::Target &, const QString &) override {}
    };
    Deployed models;
    Engine engine(&models);
    engine.one.enqueue(Answer::nothing());
    core::Route route = engine.route();
    route.targets.first().model = QStringLiteral("prod");
    core::ChatRequest request = Engine::question();
    request.options.maxOutputTokens = 64'000; // or the total would come first
    Watched watched(engine.send(request, route, &engine));
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    engine.clock.advance(600s - 1ms);
    settle();
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::FirstByte);
}

void tst_ChatSilence::totalFollowsTheLongestAnswer_data()
{
    QTest::addColumn<int>("maxOutput"); // 0: not set
    QTest::addColumn<int>("minutes");
    QTest::newRow("unset") << 0 << 60;
    QTest::newRow("short") << 1'000 << 10;
    QTest::newRow("long") << 64'000 << 30;
}

void tst_ChatSilence::totalFollowsTheLongestAnswer()
{
    QFETCH(const int, maxOutput);
    QFETCH(const int, minutes);
    Engine engine;
    core::ClientOptions options;
    options.deadlines.idle = 0ms;
    engine.client.setOptions(options);
    engine.one.enqueue(Answer::stream({started(), delta("Hel")}).stall());
    core::ChatRequest request = Engine::question();
    request.options.maxOutputTokens = maxOutput ? std::optional(maxOutput) : std::nullopt;
    Watched watched(engine.send(request, engine.route(), &engine));
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.clock.advance(1min * minutes - 1ms);
    settle();
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::Total);
}

void tst_ChatSilence::sleepKillsAndIsTriedAgain_data()
{
    QTest::addColumn<bool>("hasHeaders");
    QTest::addColumn<int>("grace"); // s
    QTest::newRow("before-headers") << false << 60;
    QTest::newRow("before-text") << true << 15;
}

void tst_ChatSilence::sleepKillsAndIsTriedAgain()
{
    QFETCH(const bool, hasHeaders);
    QFETCH(const int, grace);
    Engine engine;
    engine.one.enqueue(hasHeaders ? Answer::stream({started()}).stall() : Answer::nothing());
    engine.one.enqueue(hello());
    core::Route route = engine.route();
    route.targets.first().model = QStringLiteral("o3"); // would else be waited for ten minutes
    Watched watched(engine.send(Engine::question(), route, &engine));
    QTRY_COMPARE(engine.requests(), 1);
    if (hasHeaders)
        QTRY_VERIFY(!watched.events.isEmpty());
    else
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    engine.clock.advance(40s);
    engine.client.noteSleep();
    engine.clock.advance(1s * grace - 1ms);
    settle();
    QCOMPARE(watched.ended.size(), 0);
    engine.clock.advance(1ms);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(watched.ended.first().error->phase, Phase::Sleep);
    QVERIFY(watched.ended.first().error->kind != ErrorKind::Timeout);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatSilence::sleepKeepsWhatWasShown()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("Hel")}).stall());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.client.noteSleep();
    engine.clock.advance(15s);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::Sleep);
    QCOMPARE(watched.reply->answer().state, MessageState::Incomplete);
    QCOMPARE(watched.reply->text(), QStringLiteral("Hel"));
    QCOMPARE(engine.requests(), 1);
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_ChatSilence::sleepOutlastedGoesOn()
{
    Engine engine;
    engine.one.enqueue(Answer::stream({started(), delta("Hel")})
                           .hold()
                           .write(delta("lo"))
                           .hold()
                           .write(stopped())
                           .write(done()));
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    engine.clock.advance(80s);
    engine.client.noteSleep(); // the 80 s before it do not count
    engine.clock.advance(14s);
    engine.one.release();
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hello"));
    engine.clock.advance(89s); // it lives: the usual patience again
    settle();
    QCOMPARE(watched.finished, 0);
    QTRY_COMPARE(engine.one.held(), 1);
    engine.one.release();
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 1);
}

void tst_ChatSilence::sleepBetweenAttemptsDoesNothing()
{
    Engine engine;
    engine.one.enqueue(refusal(500, "server_error"));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    engine.client.noteSleep(); // queued
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingToRetry);
    engine.client.noteSleep();
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    engine.client.noteSleep(); // finished
    QCOMPARE(watched.finished, 1);
    QCOMPARE(engine.requests(), 2);
}

void tst_ChatSilence::wakeIsNoticedWhileAnythingRuns()
{
    FakeClock clock;
    std::chrono::milliseconds asleep = 5h;
    core::SleepWatch watch(clock, [&asleep] { return asleep; });
    QList<std::chrono::milliseconds> woke;
    connect(&watch, &core::SleepWatch::woke, this, [&](std::chrono::milliseconds slept) {
        woke += slept;
        watch.setOn(woke.size() < 2); // a slot may turn it off
    });
    clock.advance(1min);
    QCOMPARE(clock.pending(), 0); // off: no timer at all
    watch.setOn(true);
    clock.advance(1min);
    QCOMPARE(woke.size(), 0); // what was slept before does not count
    asleep += 999ms;
    clock.advance(2s);
    QCOMPARE(woke.size(), 0);
    asleep += 8h;
    clock.advance(2s);
    QCOMPARE(woke, QList<std::chrono::milliseconds>{8h});
    clock.advance(1min);
    QCOMPARE(woke.size(), 1);
    asleep += 3min;
    clock.advance(2s);
    QCOMPARE(woke.last(), std::chrono::milliseconds(3min));
    QCOMPARE(clock.pending(), 0);
    QVERIFY(core::SleepWatch::systemTimeAsleep() >= 0ms);
}

void tst_ChatSilence::clientTellsWhenItIsBusy()
{
    Engine engine;
    engine.one.enqueue(hello());
    QSignalSpy busy(&engine.client, &core::ChatClient::busyChanged);
    Watched watched(engine.send());
    auto *abandoned = engine.send();
    QCOMPARE(busy, (QList<QVariantList>{{true}}));
    delete abandoned; // before it was sent
    QVERIFY(engine.run(watched));
    QCOMPARE(busy, (QList<QVariantList>{{true}, {false}}));
    delete watched.reply;
    QCOMPARE(busy.size(), 2);
}

QTEST_GUILESS_MAIN(tst_ChatSilence)
#include "tst_chatsilence.moc"
