#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"
#include "tests/support/testjournal.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

using namespace std::chrono_literals;
using core::Conversation;
using Bench = tests::ConversationBench;

//! The same request gives the same answer, in chats that want it.
class tst_AnswerCache : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void sameRequestSameAnswer();
    void regenerationAsksAnew();
    void otherRequestIsSent_data();
    void otherRequestIsSent();
    void partialAnswerIsNotKept();
    void answerOfAnotherTargetIsNotKept();
    void stopWhileItIsOpenedLeavesNothingOpen();
    void holdsNoSecret();

private:
    static Conversation *chat(Bench &bench, const tests::ScriptedServer &server, bool reuses = true)
    {
        Conversation *made =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        core::ChatOptions options;
        options.reuseAnswers = reuses;
        made->setOptions(options);
        return made;
    }
    static void ask(Conversation *chat, const QString &text)
    {
        QVERIFY(chat->send(text));
        QTRY_VERIFY(!chat->isRunning());
    }
    static core::AnswerFigures figures(const Conversation *chat)
    {
        return chat->figures(chat->path().last().id);
    }
};

void tst_AnswerCache::sameRequestSameAnswer()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    ask(chat(bench, server), QStringLiteral("count"));
    QCOMPARE(server.requests().size(), 1);
    Conversation *second = chat(bench, server);
    ask(second, QStringLiteral("count"));
    QCOMPARE(server.requests().size(), 1);
    const core::MessageRecord answer = second->path().last();
    QCOMPARE(core::textOf(answer.parts), QStringLiteral("w0 w1 w2 w3 "));
    QCOMPARE(answer.state, core::MessageState::Complete);
    QVERIFY(figures(second).cached);
    QVERIFY(figures(second).cost.isZero());
    bench.drain();
    auto attempts = bench.store->conversations().attempts(answer.requestId);
    QTRY_VERIFY(attempts.isFinished());
    QVERIFY(attempts.result());
    QCOMPARE(attempts.result()->size(), 1);
    QCOMPARE(attempts.result()->first().costBasis, core::CostBasis::Cached);
    QCOMPARE(attempts.result()->first().outcome, core::AttemptOutcome::Completed);
    auto loaded = bench.store->conversations().load(second->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(loaded.result()->figures.value(answer.id).cached);
    QVERIFY(loaded.result()->record.options.reuseAnswers);

    // Not where it is not wanted.
    ask(chat(bench, server, false), QStringLiteral("count"));
    QCOMPARE(server.requests().size(), 2);
    bench.drain();
}

void tst_AnswerCache::regenerationAsksAnew()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    int words = 1;
    server.setChooser(
        [&words](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, words++); });
    Bench bench(directory.path());
    Conversation *first = chat(bench, server);
    ask(first, QStringLiteral("count"));
    QVERIFY(first->regenerate(first->path().last().id));
    QTRY_VERIFY(!first->isRunning());
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!figures(first).cached);
    Conversation *second = chat(bench, server);
    ask(second, QStringLiteral("count"));
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(core::textOf(second->path().last().parts), QStringLiteral("w0 w1 ")); // the newer one
    bench.drain();
}

void tst_AnswerCache::otherRequestIsSent_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("system");
    QTest::newRow("text") << QStringLiteral("Count") << QStringLiteral("drip") << QString();
    QTest::newRow("model") << QStringLiteral("count") << QStringLiteral("drop") << QString();
    QTest::newRow("option") << QStringLiteral("count") << QStringLiteral("drip")
                            << QStringLiteral("Be brief.");
}

void tst_AnswerCache::otherRequestIsSent()
{
    QFETCH(const QString, text);
    QFETCH(const QString, model);
    QFETCH(const QString, system);
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    ask(chat(bench, server), QStringLiteral("count"));
    Conversation *other = chat(bench, server);
    core::Target target = Bench::target(server);
    target.model = model;
    other->setTarget(target);
    core::ChatOptions options = other->record().options;
    options.system = system;
    other->setOptions(options);
    ask(other, text);
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!figures(other).cached);
    bench.drain();
}

void tst_AnswerCache::partialAnswerIsNotKept()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(
        tests::Answer::stream({R"(data: {"choices":[{"index":0,"delta":{"content":"half"}}]})"
                               "\n\n"})
            .close());
    server.enqueue(tests::Answer::stream(
        {R"(data: {"choices":[{"index":0,"delta":{"content":"cut"},"finish_reason":"length"}]})"
         "\n\ndata: [DONE]\n\n"}));
    server.enqueue(tests::dripAnswer(0ms, 4));
    Bench bench(directory.path());
    for (int i = 0; i < 3; ++i)
        ask(chat(bench, server), QStringLiteral("count"));
    QCOMPARE(server.requests().size(), 3);
    bench.drain();
}

//! The first target was looked up in the cache, then never asked: its line was full.
void tst_AnswerCache::answerOfAnotherTargetIsNotKept()
{
    const QTemporaryDir directory;
    tests::ScriptedServer one;
    tests::ScriptedServer two;
    for (tests::ScriptedServer *server : {&one, &two})
        server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    tests::TestJournal journal;
    core::ChatClient client({bench.transport, bench.clock, bench.random, bench.ids, *bench.registry,
                             bench.keys, bench.accounts, journal, bench.costs, bench.traffic,
                             nullptr, nullptr, &bench.cache},
                            {});
    core::ChatRequest request;
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("count")}}}};
    request.options.reuseAnswers = true;
    const auto isAnswered = [&](const QList<core::Target> &targets) {
        core::Route route;
        route.targets = targets;
        core::RequestContext context;
        context.answer.id = bench.ids.next();
        const core::ChatReply *reply = client.send(request, route, context, &client);
        return QTest::qWaitFor([reply] { return reply->isFinished(); }) && reply->result();
    };
    const core::Target first = Bench::target(one);
    std::vector<std::unique_ptr<core::Passage>> line;
    line.push_back(bench.traffic.join(first, core::Urgency::Chat, 1, 1));
    core::PassageEnd limited;
    limited.sent = true;
    limited.stayAway = 15s;
    line.front()->end(limited);
    for (int i = 0; i < core::RateGate::MostWaiting; ++i)
        line.push_back(bench.traffic.join(first, core::Urgency::Chat, 1, 1));
    QVERIFY(isAnswered({first, Bench::target(two)}));
    QCOMPARE(one.requests().size(), 0);
    QCOMPARE(two.requests().size(), 1);
    line.clear();
    bench.traffic.openGate(first);
    QVERIFY(isAnswered({first}));
    QCOMPARE(one.requests().size(), 1);
}

void tst_AnswerCache::stopWhileItIsOpenedLeavesNothingOpen()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    ask(chat(bench, server), QStringLiteral("count"));
    tests::TestJournal journal;
    core::ChatClient client({bench.transport, bench.clock, bench.random, bench.ids, *bench.registry,
                             bench.keys, bench.accounts, journal, bench.costs, bench.traffic,
                             nullptr, nullptr, &bench.cache},
                            {});
    core::LoadedConversation fresh;
    fresh.record.id = bench.ids.next();
    fresh.record.target = Bench::target(server);
    fresh.record.options.reuseAnswers = true;
    Conversation again({client, bench.store->conversations(), bench.ids, bench.clock,
                        bench.store->sessionId(), bench.store->defaultWorkspace()},
                       fresh, Conversation::Stored::No);
    journal.holdOpens();
    QVERIFY(again.send(QStringLiteral("count")));
    QTRY_COMPARE(journal.openings().size(), 1);
    again.stop();
    QVERIFY(!again.isRunning());
    journal.releaseOpens();
    QCoreApplication::processEvents();
    QCOMPARE(journal.imbalance(), QString());
    QCOMPARE(journal.closedRequests().size(), 1);
    QCOMPARE(journal.closedRequests().first().state, core::RequestState::Cancelled);
    QCOMPARE(journal.closedAttempts().size(), 1);
    QCOMPARE(journal.closedAttempts().first().outcome, core::AttemptOutcome::Cancelled);
    QCOMPARE(journal.closedAttempts().first().costBasis, core::CostBasis::NotSent);
    QVERIFY(journal.closedAttempts().first().cost.total.isZero());
    QCOMPARE(server.requests().size(), 1);
}

void tst_AnswerCache::holdsNoSecret()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    Conversation *chat = tst_AnswerCache::chat(bench, server);
    core::Target keyed = Bench::target(server);
    keyed.provider = QStringLiteral("openai-chat");
    chat->setTarget(keyed);
    ask(chat, QStringLiteral("what is my secret question"));
    QVERIFY(server.requests().last().headers.value("authorization").contains("made-up-key"));
    bench.drain();
    auto none = bench.cache.find("00");
    QTRY_VERIFY(none.isFinished());
    const QDir answers(directory.filePath(QStringLiteral("answers")));
    QCOMPARE(answers.entryList(QDir::Files).size(), 1);
    QFile file(answers.filePath(answers.entryList(QDir::Files).first()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.contains("w0 w1"));
    QVERIFY(!bytes.contains("made-up-key"));
    QVERIFY(!bytes.contains("secret question"));
    QVERIFY(!bytes.contains("authorization"));
}

QTEST_GUILESS_MAIN(tst_AnswerCache)
#include "tst_answercache.moc"
