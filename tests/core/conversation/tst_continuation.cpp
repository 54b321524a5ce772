#include "tests/core/conversation/conversationbench.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>

using namespace std::chrono_literals;
using core::AttemptCause;
using core::Conversation;
using core::MessageState;
using tests::Answer;
using Bench = tests::ConversationBench;

namespace {

QByteArray delta(const QByteArray &text)
{
    return R"(data: {"id":"c1","model":"drip","choices":[{"index":0,"delta":{"content":")" + text +
           "\"}}]}\n\n";
}

QByteArray end(int words)
{
    return R"(data: {"id":"c1","model":"drip","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
           "\n\n"
           R"(data: {"id":"c1","model":"drip","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":)" +
           QByteArray::number(words) + ",\"total_tokens\":20}}\n\ndata: [DONE]\n\n";
}

Answer cut(const QByteArray &text)
{
    return Answer::stream({delta(text)}).close();
}

Answer whole(const QByteArray &text)
{
    return Answer::stream({delta(text), end(2)});
}

QJsonArray messagesOf(const tests::ScriptedServer &server)
{
    return QJsonDocument::fromJson(server.requests().last().body)
        .object()
        .value(QStringLiteral("messages"))
        .toArray();
}

const core::MessageRecord answerOf(const Conversation &chat)
{
    return chat.path().last();
}

QString textOf(const Conversation &chat)
{
    return core::textOf(answerOf(chat).parts);
}

} // namespace

//! An answer that was cut short goes on in the same message.
class tst_Continuation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!a write was refused)")));
    }
    void goesOnInTheSameMessage();
    void repetitionIsTakenAway();
    void secondFailureKeepsAllText();
    void stoppedAnswerGoesOn();
    void anotherModelGoesOn();
    void beginningIsGivenWhereItMay_data();
    void beginningIsGivenWhereItMay();
    void refusesWhatCannotGoOn();
    void keptIsKept();
    void keptOnAFullDiskIsKept();
    void goesOnAfterRestart();
    void refusedByBudgetStaysAsItWas();
    void capCountsPiecesWithoutPrice();
    void byItselfOnce_data();
    void byItselfOnce();
    void byItselfWithinTheMessagesOwnCap();
    void capIsOfTheWholeAnswer();
};

void tst_Continuation::goesOnInTheSameMessage()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("The wren is "));
    server.enqueue(whole("a small bird."));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("What is a wren?")));
    QTRY_VERIFY(!chat->isRunning());
    const core::MessageRecord partial = answerOf(*chat);
    QCOMPARE(partial.state, MessageState::Incomplete);
    QVERIFY(chat->canContinue(partial.id));

    QSignalSpy pathChanged(chat, &Conversation::pathChanged);
    QVERIFY(chat->continueAnswer(partial.id));
    QVERIFY(!chat->canContinue(partial.id)); // it runs
    QCOMPARE(textOf(*chat), QStringLiteral("The wren is "));
    QTRY_VERIFY(!chat->isRunning());
    const core::MessageRecord answer = answerOf(*chat);
    QCOMPARE(answer.id, partial.id);
    QCOMPARE(answer.state, MessageState::Complete);
    QVERIFY(!answer.error);
    QCOMPARE(textOf(*chat), QStringLiteral("The wren is a small bird."));
    QCOMPARE(chat->versions(answer.id).size(), 1);
    QCOMPARE(pathChanged.count(), 0); // the reader keeps the place
    QCOMPARE(answer.pieces.size(), 1);
    QCOMPARE(answer.pieces.first().end, 12);
    QCOMPARE(answer.pieces.first().requestId, partial.requestId);
    QVERIFY(!chat->canContinue(answer.id));

    const QJsonArray sent = messagesOf(server);
    QCOMPARE(sent.size(), 3);
    QCOMPARE(sent.at(1).toObject().value(QStringLiteral("role")).toString(),
             QStringLiteral("assistant"));
    QCOMPARE(sent.at(1).toObject().value(QStringLiteral("content")).toString(),
             QStringLiteral("The wren is "));
    QCOMPARE(sent.at(2).toObject().value(QStringLiteral("role")).toString(),
             QStringLiteral("user"));

    const core::AnswerFigures live = chat->figures(answer.id);
    QCOMPARE(live.attempts, 2);
    QVERIFY(live.failedBefore.isEmpty());
    // The rest was told; what the first piece took is the least.
    QCOMPARE(live.bound, core::AnswerFigures::Bound::AtLeast);
    bench.drain();
    auto attempts = bench.store->conversations().attempts(answer.requestId);
    QTRY_VERIFY(attempts.isFinished());
    QVERIFY(attempts.result());
    QCOMPARE(attempts.result()->size(), 2);
    QCOMPARE(attempts.result()->at(0).cause, AttemptCause::First);
    QCOMPARE(attempts.result()->at(1).cause, AttemptCause::Continue);
    QCOMPARE(attempts.result()->at(1).number, 2);

    // The next turn has it as one answer.
    server.enqueue(whole("Yes."));
    QVERIFY(chat->send(QStringLiteral("Sure?")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(messagesOf(server).at(1).toObject().value(QStringLiteral("content")).toString(),
             QStringLiteral("The wren is a small bird."));
    QVERIFY(!chat->canContinue(answer.id));
    bench.drain();

    auto loaded = bench.store->conversations().load(chat->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.at(1), answer);
    const core::AnswerFigures stored = loaded.result()->figures.value(answer.id);
    QCOMPARE(stored.attempts, 2);
    QCOMPARE(stored.cost, live.cost);
    QCOMPARE(stored.outputTokens, live.outputTokens);
    QCOMPARE(stored.inputTokens, live.inputTokens);
    QCOMPARE(stored.bound, live.bound);
    QCOMPARE(stored.requestId, answer.requestId);
}

void tst_Continuation::repetitionIsTakenAway()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("It is a small brown bi"));
    server.enqueue(Answer::stream({delta("a small "), delta("brown bird"), delta("."), end(4)}));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("What is a wren?")));
    QTRY_VERIFY(!chat->isRunning());
    QString shown;
    connect(chat, &Conversation::eventsReceived, this,
            [&shown](std::int64_t, const core::StreamEvents &events) {
                for (const core::StreamEvent &event : events) {
                    if (const auto *text = std::get_if<core::TextDelta>(&event))
                        shown += text->text;
                }
            });
    QVERIFY(chat->continueAnswer(answerOf(*chat).id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(textOf(*chat), QStringLiteral("It is a small brown bird."));
    QCOMPARE(shown, QStringLiteral("rd.")); // what the window adds is what the answer gained
    bench.drain();
}

void tst_Continuation::secondFailureKeepsAllText()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(cut("two "));
    server.enqueue(Answer::whole(400, R"({"error":{"message":"no"}})"));
    server.enqueue(whole("three"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    const std::int64_t id = answerOf(*chat).id;
    for (const char *text : {"one two ", "one two "}) {
        QVERIFY(chat->continueAnswer(id));
        QTRY_VERIFY(!chat->isRunning());
        QCOMPARE(textOf(*chat), QString::fromLatin1(text));
        QCOMPARE(answerOf(*chat).state, MessageState::Incomplete);
        QVERIFY(answerOf(*chat).error);
    }
    QVERIFY(chat->continueAnswer(id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(textOf(*chat), QStringLiteral("one two three"));
    QCOMPARE(answerOf(*chat).state, MessageState::Complete);
    QCOMPARE(answerOf(*chat).pieces.size(), 3);
    QCOMPARE(chat->figures(id).attempts, 4);
    bench.drain();
}

void tst_Continuation::stoppedAnswerGoesOn()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(Answer::stream({delta("one ")}).stall());
    server.enqueue(whole("two"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_COMPARE(textOf(*chat), QStringLiteral("one "));
    chat->stop();
    QCOMPARE(answerOf(*chat).state, MessageState::Cancelled);
    QVERIFY(chat->continueAnswer(answerOf(*chat).id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(textOf(*chat), QStringLiteral("one two"));
    QCOMPARE(answerOf(*chat).state, MessageState::Complete);
    bench.drain();
}

void tst_Continuation::anotherModelGoesOn()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(whole("two"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    core::Target other = Bench::target(server);
    other.model = QStringLiteral("other");
    chat->setTarget(other);
    QVERIFY(chat->continueAnswer(answerOf(*chat).id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(answerOf(*chat).target.model, QStringLiteral("other"));
    QCOMPARE(answerOf(*chat).pieces.first().target.model, QStringLiteral("drip"));
    bench.drain();
}

void tst_Continuation::beginningIsGivenWhereItMay_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("effort");
    QTest::addColumn<bool>("isGiven");
    QTest::newRow("takes-it") << QStringLiteral("claude-sonnet-4-5-20250929") << QString() << true;
    QTest::newRow("first-of-the-fourth")
        << QStringLiteral("claude-opus-4-20250514") << QString() << true;
    QTest::newRow("newer-refuses-it") << QStringLiteral("claude-opus-4-6") << QString() << false;
    QTest::newRow("unknown-model") << QStringLiteral("claude-next") << QString() << false;
    QTest::newRow("thinks-first") << QStringLiteral("claude-sonnet-4-5-20250929")
                                  << QStringLiteral("high") << false;
}

void tst_Continuation::beginningIsGivenWhereItMay()
{
    QFETCH(const QString, model);
    QFETCH(const QString, effort);
    QFETCH(const bool, isGiven);
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(Answer::whole(400, R"({"error":{"message":"no"}})"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    core::Target claude;
    claude.provider = QStringLiteral("anthropic");
    claude.model = model;
    claude.baseUrl = server.url();
    chat->setTarget(claude);
    core::ChatOptions options;
    options.reasoningEffort = effort;
    chat->setOptions(options);
    QVERIFY(chat->continueAnswer(answerOf(*chat).id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(server.requests().size(), 2);
    const QJsonObject last = messagesOf(server).last().toObject();
    QCOMPARE(last.value(QStringLiteral("role")).toString(),
             isGiven ? QStringLiteral("assistant") : QStringLiteral("user"));
    if (isGiven) // white space at its end is refused there
        QCOMPARE(last.value(QStringLiteral("content"))
                     .toArray()
                     .last()
                     .toObject()
                     .value(QStringLiteral("text"))
                     .toString(),
                 QStringLiteral("one"));
    bench.drain();
}

void tst_Continuation::refusesWhatCannotGoOn()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(
        Answer::stream(
            {delta("Looking."),
             R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1",)"
             R"("function":{"name":"find","arguments":"{\"a"}}]}}]})"
             "\n\n"})
            .close());
    server.enqueue(whole("done"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Find it.")));
    QTRY_VERIFY(!chat->isRunning());
    const core::MessageRecord withCall = answerOf(*chat);
    QCOMPARE(withCall.state, MessageState::Incomplete);
    QVERIFY(!chat->canContinue(withCall.id)); // half a call
    QVERIFY(!chat->continueAnswer(withCall.id));
    QVERIFY(!chat->canContinue(chat->path().first().id)); // a question
    QVERIFY(!chat->canContinue(1));
    QVERIFY(chat->send(QStringLiteral("Go on.")));
    QTRY_VERIFY(!chat->isRunning());
    QVERIFY(!chat->canContinue(answerOf(*chat).id)); // whole
    bench.drain();
}

void tst_Continuation::keptIsKept()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    const std::int64_t id = answerOf(*chat).id;
    QSignalSpy changed(chat, &Conversation::messageChanged);
    chat->keep(id);
    QCOMPARE(changed.count(), 1);
    QVERIFY(answerOf(*chat).kept);
    QCOMPARE(answerOf(*chat).state, MessageState::Incomplete);
    QVERIFY(chat->canContinue(id));
    chat->keep(id);
    QCOMPARE(changed.count(), 1);
    bench.drain();
    auto loaded = bench.store->conversations().load(chat->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.last(), answerOf(*chat));
}

void tst_Continuation::keptOnAFullDiskIsKept()
{
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    std::int64_t id = 0;
    {
        Bench bench(directory.path());
        Conversation *chat =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        id = chat->id();
        QVERIFY(chat->send(QStringLiteral("Count.")));
        QTRY_VERIFY(!chat->isRunning());
        QTRY_VERIFY(chat->isSaved());
        QSignalSpy failed(bench.store.get(), &core::Store::writeFailed);
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        struct rlimit full = before;
        full.rlim_cur = 0;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
        chat->keep(answerOf(*chat).id);
        const auto drained = bench.store->journal().drained();
        const bool isRefused = QTest::qWaitFor(
            [&drained, &failed] { return drained.isFinished() && !failed.isEmpty(); });
        QCoreApplication::processEvents();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(isRefused);
    }
    Bench bench(directory.path());
    auto opening = bench.book->open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    QVERIFY(answerOf(**opening.result()).kept);
}

void tst_Continuation::goesOnAfterRestart()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(cut("two "));
    server.enqueue(whole("three"));
    std::int64_t id = 0;
    for (int run = 0; run < 3; ++run) {
        Bench bench(directory.path());
        Conversation *chat = nullptr;
        if (run == 0) {
            chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
            id = chat->id();
            QVERIFY(chat->send(QStringLiteral("Count.")));
        } else {
            auto opened = bench.book->open(id);
            QTRY_VERIFY(opened.isFinished());
            QVERIFY(opened.result());
            chat = opened.result().value();
            QVERIFY(chat->continueAnswer(answerOf(*chat).id));
        }
        QTRY_VERIFY(!chat->isRunning());
        bench.drain();
    }
    Bench bench(directory.path());
    auto opened = bench.book->open(id);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    Conversation *chat = opened.result().value();
    QCOMPARE(textOf(*chat), QStringLiteral("one two three"));
    QCOMPARE(answerOf(*chat).state, MessageState::Complete);
    QCOMPARE(answerOf(*chat).pieces.size(), 2);
    QCOMPARE(answerOf(*chat).pieces.at(1).end, 8);
    QCOMPARE(chat->figures(answerOf(*chat).id).attempts, 3);
}

void tst_Continuation::refusedByBudgetStaysAsItWas()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    const core::MessageRecord before = answerOf(*chat);
    core::ChatOptions options;
    options.messageCap = core::PicoUsd(1); // the price is unknown, so nothing fits
    chat->setOptions(options);
    QSignalSpy refused(chat, &Conversation::turnRefused);
    QVERIFY(chat->continueAnswer(before.id));
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(refused.first().first().value<core::RefusedTurn>().kind,
             core::RefusedTurn::Kind::Continue);
    QVERIFY(!chat->isRunning());
    QCOMPARE(answerOf(*chat), before);
    QCOMPARE(server.requests().size(), 1);
    bench.drain();
}

//! They are no number, but they are not free.
void tst_Continuation::capCountsPiecesWithoutPrice()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(whole("two"));
    std::int64_t id = 0, answerId = 0;
    core::PicoUsd most;
    {
        Bench bench(directory.path());
        Conversation *chat =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        id = chat->id();
        QVERIFY(chat->send(QStringLiteral("Count.")));
        QTRY_VERIFY(!chat->isRunning());
        answerId = answerOf(*chat).id;
        most = chat->figures(answerId).most;
        QVERIFY(most > chat->figures(answerId).cost.high);
        bench.drain();
    }
    Bench bench(directory.path());
    auto opening = bench.book->open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    Conversation *chat = *opening.result();
    QCOMPARE(chat->figures(answerId).most.count(), most.count());
    core::ChatOptions options;
    options.messageCap = most;
    chat->setOptions(options);
    QSignalSpy refused(chat, &Conversation::turnRefused);
    QVERIFY(chat->continueAnswer(answerId));
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(server.requests().size(), 1);
    bench.drain();
}

void tst_Continuation::byItselfOnce_data()
{
    QTest::addColumn<bool>("isOn");
    QTest::newRow("off-by-default") << false;
    QTest::newRow("on") << true;
}

void tst_Continuation::byItselfOnce()
{
    QFETCH(const bool, isOn);
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(cut("two "));
    Bench bench(directory.path());
    if (isOn) {
        core::ClientOptions options = bench.client->options();
        options.continueBrokenAnswers = true;
        bench.client->setOptions(options);
    }
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(server.requests().size(), isOn ? 2 : 1);
    QCOMPARE(textOf(*chat), isOn ? QStringLiteral("one two ") : QStringLiteral("one "));
    QCOMPARE(answerOf(*chat).state, MessageState::Incomplete);
    bench.drain();
}

//! What was cut may have cost all of it, so nothing is left to go on with.
void tst_Continuation::byItselfWithinTheMessagesOwnCap()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    Bench bench(directory.path());
    Conversation *first = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(first->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!first->isRunning());
    const core::PicoUsd most = first->figures(answerOf(*first).id).most;
    QVERIFY(most > core::PicoUsd());

    core::ClientOptions options = bench.client->options();
    options.continueBrokenAnswers = true;
    bench.client->setOptions(options);
    server.enqueue(cut("one "));
    server.enqueue(whole("two"));
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QSignalSpy refused(chat, &Conversation::turnRefused);
    QVERIFY(chat->send(QStringLiteral("/max $%1 Count.").arg(most.toDecimal())));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(refused.count(), 1);
    QCOMPARE(refused.first().first().value<core::RefusedTurn>().error.kind,
             core::ErrorKind::BudgetExceeded);
    QCOMPARE(textOf(*chat), QStringLiteral("one "));
    QCOMPARE(answerOf(*chat).state, MessageState::Incomplete);
    bench.drain();
}

void tst_Continuation::capIsOfTheWholeAnswer()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.enqueue(cut("one "));
    server.enqueue(whole("two"));
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    core::ChatOptions options;
    options.messageCap = core::PicoUsd::fromDecimal(QStringLiteral("50"));
    chat->setOptions(options);
    QVERIFY(chat->send(QStringLiteral("Count.")));
    QTRY_VERIFY(!chat->isRunning());
    const std::int64_t id = answerOf(*chat).id;
    QVERIFY(chat->continueAnswer(id));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(textOf(*chat), QStringLiteral("one two"));
    QVERIFY(chat->figures(id).cap == options.messageCap); // as its cost is that of both pieces
    bench.drain();
}

QTEST_GUILESS_MAIN(tst_Continuation)
#include "tst_continuation.moc"
