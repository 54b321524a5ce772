#include "core/conversation/messagecap.h"
#include "core/conversation/title.h"
#include "core/store/budgetbook.h"
#include "core/store/filelock.h"
#include "core/store/opening.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"
#include "tests/support/testjournal.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using core::Conversation;
using Bench = tests::ConversationBench;

namespace {

QString textOfLast(const Conversation &conversation)
{
    return core::textOf(conversation.path().last().parts);
}

} // namespace

class tst_Conversation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void titles_data();
    void titles();
    void questionAndAnswerSurviveReopening();
    void versionsKeepEveryBranch();
    void stopKeepsTheText();
    void refusesWhatCannotBeSent();
    void draftIsKeptForUntouchedAndNew();
    void closingWaitsForTheAnswer();
    void closingWaitsForTheDisk();
    void theBookMayGoWhileOneOpens();
    void caps_data();
    void caps();
    void refusedTurnIsTakenBack();
    void turnThatNeverBeganIsTheDraft();
    void turnStoppedBeforeItBeganIsThere();
    void turnStoppedWhileItBeganIsThere();
    void turnThatTheDiskRefusesIsTakenBack();
    void lostLeafShowsTheNewestMessage();
    void capOfTheChatRefuses();
    void nextRequestIsTheOneThatIsSent();
    void longChatIsMarkedForTheCache();
};

void tst_Conversation::titles_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("title");
    QTest::newRow("short") << QStringLiteral("Hello there") << QStringLiteral("Hello there");
    QTest::newRow("cut-at-a-word")
        << QStringLiteral(
               "How should a client space out its retries when a provider rate limits it?")
        << QStringLiteral("How should a client space out its…");
    QTest::newRow("heading-and-marks")
        << QStringLiteral("# **Plan** for\n`today`") << QStringLiteral("Plan for today");
    QTest::newRow("cjk-has-no-spaces")
        << QString(60, QChar(0x6F22)) << QString(40, QChar(0x6F22)) + QChar(0x2026);
    QTest::newRow("family-emoji-is-one-grapheme")
        << QStringLiteral("\U0001F468\u200D\U0001F469\u200D\U0001F467").repeated(41)
        << QStringLiteral("\U0001F468\u200D\U0001F469\u200D\U0001F467").repeated(40) +
               QChar(0x2026);
    QTest::newRow("nothing") << QStringLiteral(" \n ") << QString();
}

void tst_Conversation::titles()
{
    QFETCH(const QString, text);
    QFETCH(const QString, title);
    QCOMPARE(core::titleFrom(text), title);
}

void tst_Conversation::questionAndAnswerSurviveReopening()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    qint64 id = 0;
    {
        Bench bench(directory.path());
        Conversation *chat =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        id = chat->id();
        QVERIFY(chat->send(QStringLiteral("count for me")));
        QVERIFY(chat->isRunning());
        QTRY_VERIFY(!chat->isRunning());
        QCOMPARE(textOfLast(*chat), QStringLiteral("w0 w1 w2 w3 "));
        QCOMPARE(chat->record().title, QStringLiteral("count for me"));
        bench.drain();
    }
    Bench bench(directory.path());
    auto opened = bench.book->open(id);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    Conversation *chat = opened.result().value();
    const QList<core::MessageRecord> path = chat->path();
    QCOMPARE(path.size(), 2);
    QCOMPARE(core::textOf(path.at(0).parts), QStringLiteral("count for me"));
    QCOMPARE(core::textOf(path.at(1).parts), QStringLiteral("w0 w1 w2 w3 "));
    QCOMPARE(path.at(1).state, core::MessageState::Complete);
    const core::AnswerFigures figures = chat->figures(path.at(1).id);
    QCOMPARE(figures.inputTokens, std::optional<std::int64_t>(9));
    QCOMPARE(figures.outputTokens, std::optional<std::int64_t>(4));
    QCOMPARE(figures.attempts, 1);
    QVERIFY(figures.firstToken.has_value());
}

void tst_Conversation::versionsKeepEveryBranch()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("first")));
    QTRY_VERIFY(!chat->isRunning());
    const qint64 firstQuestion = chat->path().at(0).id;
    const qint64 firstAnswer = chat->path().at(1).id;

    QVERIFY(chat->regenerate(firstAnswer));
    QTRY_VERIFY(!chat->isRunning());
    const qint64 secondAnswer = chat->path().at(1).id;
    QCOMPARE(chat->versions(firstAnswer), (QList<std::int64_t>{firstAnswer, secondAnswer}));

    QVERIFY(chat->editAndResend(firstQuestion, QStringLiteral("first, mended")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(core::textOf(chat->path().at(0).parts), QStringLiteral("first, mended"));
    QCOMPARE(chat->versions(firstQuestion).size(), 2);

    QSignalSpy pathChanged(chat, &Conversation::pathChanged);
    chat->selectVersion(firstQuestion);
    QCOMPARE(pathChanged.size(), 1);
    QCOMPARE(chat->path().at(1).id, secondAnswer); // the newest below it
    bench.drain();
    bench.book->close(chat->id());
    auto opened = bench.book->open(chat->id());
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    QCOMPARE(opened.result().value()->versions(firstQuestion).size(), 2);
}

void tst_Conversation::stopKeepsTheText()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(5ms, 2'000); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QVERIFY(chat->send(QStringLiteral("on and on")));
    QTRY_VERIFY(textOfLast(*chat).contains(QStringLiteral("w5 ")));
    chat->stop();
    QVERIFY(!chat->isRunning());
    const QString kept = textOfLast(*chat);
    QVERIFY(kept.contains(QStringLiteral("w5 ")));
    QCOMPARE(chat->path().last().state, core::MessageState::Cancelled);
    QTest::qWait(20); // nothing may arrive any more
    QCOMPARE(textOfLast(*chat), kept);
    bench.drain();

    // Nobody told what it took: the least is known, also when it is opened again.
    const std::int64_t answer = chat->path().last().id;
    const core::AnswerFigures figures = chat->figures(answer);
    QVERIFY(figures.outputTokens.value_or(0) > 0);
    QCOMPARE(figures.bound, core::AnswerFigures::Bound::AtLeast);
    auto loaded = bench.store->conversations().load(chat->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->figures.value(answer).bound, figures.bound);
}

void tst_Conversation::refusesWhatCannotBeSent()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(1ms, 1'000); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, {});
    QCOMPARE(chat->send(QStringLiteral("hi")).error().kind,
             core::ErrorKind::InputRejected); // no model
    chat->setTarget(Bench::target(server));
    QCOMPARE(chat->send(QStringLiteral("  \n ")).error().kind, core::ErrorKind::InputRejected);
    QCOMPARE(chat->send(QString(2 * 1024 * 1024 + 1, QLatin1Char('x'))).error().kind,
             core::ErrorKind::InputRejected);
    QVERIFY(chat->isEmpty());
    QVERIFY(chat->send(QStringLiteral("hi")));
    QCOMPARE(chat->send(QStringLiteral("again")).error().kind,
             core::ErrorKind::InputRejected); // one runs
    chat->stop();
    bench.drain();
}

void tst_Conversation::draftIsKeptForUntouchedAndNew()
{
    const QTemporaryDir directory;
    qint64 drafted = 0;
    {
        Bench bench(directory.path());
        Conversation *untouched = bench.book->create(core::ConversationKind::Chat, {});
        Conversation *chat = bench.book->create(core::ConversationKind::Chat, {});
        drafted = chat->id();
        chat->setDraft(QStringLiteral("half a thought"));
        bench.book->close(untouched->id());
        bench.book->close(chat->id());
        QTest::qWait(0);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        bench.drain();
        auto rows = bench.store->conversations().sidebar(10);
        QTRY_VERIFY(rows.isFinished());
        QCOMPARE(rows.result()->size(), 1);
    }
    Bench bench(directory.path());
    auto opened = bench.book->open(drafted);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    QCOMPARE(opened.result().value()->record().draft, QStringLiteral("half a thought"));
}

void tst_Conversation::closingWaitsForTheAnswer()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(2ms, 20); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    const qint64 id = chat->id();
    QVERIFY(chat->send(QStringLiteral("go on without me")));
    bench.book->close(id);
    QVERIFY(bench.book->find(id));
    QTRY_VERIFY(!bench.book->find(id));
    bench.drain();
    auto loaded = bench.store->conversations().load(id);
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.last().state, core::MessageState::Complete);
}

//! Reads are not ordered after writes: who comes back at once gets what was left there.
void tst_Conversation::closingWaitsForTheDisk()
{
    const QTemporaryDir directory;
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, {});
    const std::int64_t id = chat->id();
    chat->saveDraft(QStringLiteral("half"));
    bench.drain();
    auto lock = core::FileLock::lock(core::ProfilePaths(directory.path()).writeLock, 5s);
    QVERIFY(lock && *lock); // as another process does while it writes
    chat->setDraft(QStringLiteral("half a thought"));
    bench.book->close(id);
    auto opening = bench.book->open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    QCOMPARE((*opening.result())->record().draft, QStringLiteral("half a thought"));
    bench.book->close(id);
    lock->reset();
    QTRY_VERIFY(!bench.book->find(id));
    auto loaded = bench.store->conversations().load(id);
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->record.draft, QStringLiteral("half a thought"));
}

//! As when one quits while a chat loads.
void tst_Conversation::theBookMayGoWhileOneOpens()
{
    const QTemporaryDir directory;
    Bench bench(directory.path());
    const qint64 id = bench.ids.next();
    core::ConversationRecord record;
    record.id = id;
    record.workspaceId = bench.store->defaultWorkspace();
    (void)bench.store->conversations().save(record);
    bench.drain();
    const auto opened = bench.book->open(id);
    const auto loaded = bench.store->conversations().load(id); // answered after it
    bench.book.reset();
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(opened.isFinished() && opened.isCanceled());
}

void tst_Conversation::caps_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cap"); // empty: none; "refused"
    const auto row = [](const char *name, const char *typed, const char *text, const char *cap) {
        QTest::newRow(name) << QString::fromUtf8(typed) << QString::fromUtf8(text)
                            << QString::fromUtf8(cap);
    };
    row("none", "Hello", "Hello", "");
    row("cents", "/max 5c Hello", "Hello", "0.05");
    row("half-a-cent", "/max 0.5c Hello", "Hello", "0.005");
    row("cent-sign", "/max 5\u00A2 Hello", "Hello", "0.05");
    row("dollars", "/max $0.05 Hello there", "Hello there", "0.05");
    row("bare", "/max 2 Hello", "Hello", "2");
    row("lines", "/max 5c\n\nHello", "Hello", "0.05");
    row("spaces-before", "  /max 5c Hello", "Hello", "0.05");
    row("a-word-of-its-own", "/maximum 5c", "/maximum 5c", "");
    row("not-at-the-beginning", "say /max 5c", "say /max 5c", "");
    row("no-amount", "/max", "", "refused");
    row("words", "/max little Hello", "", "refused");
    row("zero", "/max 0 Hello", "", "refused");
    row("negative", "/max -5c Hello", "", "refused");
    row("not-a-number", "/max nan Hello", "", "refused");
}

void tst_Conversation::caps()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, text);
    QFETCH(const QString, cap);
    const auto capped = core::withoutCap(typed);
    if (cap == QStringLiteral("refused")) {
        QVERIFY(!capped);
        QCOMPARE(capped.error().kind, core::ErrorKind::InputRejected);
        return;
    }
    QVERIFY(capped);
    QCOMPARE(capped->text, text);
    QCOMPARE(capped->cap ? capped->cap->toDecimal() : QString(), cap);
}

void tst_Conversation::refusedTurnIsTakenBack()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    core::Budget budget;
    budget.unit = core::LimitUnit::Tokens;
    budget.limit = 1;
    budget.hard = true;
    bench.store->budgets().save(budget);
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    QSignalSpy refused(chat, &Conversation::turnRefused);
    core::AttachmentPart file;
    file.name = QStringLiteral("notes.txt");
    file.mimeType = QStringLiteral("text/plain");
    file.data = "42";
    QVERIFY(chat->send(QStringLiteral("too dear"), {file}));
    QTRY_COMPARE(refused.count(), 1);
    QVERIFY(!chat->isRunning());
    QVERIFY(chat->path().isEmpty());
    QCOMPARE(chat->record().title, QString());
    QCOMPARE(chat->record().draft, QStringLiteral("too dear"));
    QCOMPARE(server.requests().size(), 0);
    const auto turn = refused.first().first().value<core::RefusedTurn>();
    QCOMPARE(turn.text, QStringLiteral("too dear"));
    QCOMPARE(turn.attachments, QList<core::AttachmentPart>{file});
    QVERIFY(turn.error.shortfall);

    // What is written meanwhile is no reason to lose it, whoever looks.
    QVERIFY(chat->send(turn.text, turn.attachments));
    chat->setDraft(QStringLiteral("the next one"));
    QTRY_COMPARE(refused.count(), 2);
    QCOMPARE(chat->record().draft, QStringLiteral("too dear\n\nthe next one"));
    chat->setDraft({});

    core::SpendTerms once;
    once.consent = core::Consent::Once;
    QVERIFY(chat->send(turn.text, turn.attachments, once));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(chat->path().size(), 2);
    const std::int64_t answer = chat->path().last().id;
    QVERIFY(chat->regenerate(answer)); // once is once
    QTRY_COMPARE(refused.count(), 3);
    QCOMPARE(chat->path().size(), 2);
    QCOMPARE(chat->path().last().id, answer);
    QCOMPARE(chat->versions(answer).size(), 1);
    QVERIFY(chat->record().draft.isEmpty());
    bench.drain();
    auto loaded = bench.store->conversations().load(chat->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.size(), 2); // nothing of what was refused
}

//! The program ends when Send has only just been pressed: nothing is lost, and the chat is there.
void tst_Conversation::turnThatNeverBeganIsTheDraft()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    std::int64_t id = 0;
    const auto opened = [&id](Bench &bench) -> Conversation * {
        auto opening = bench.book->open(id);
        [&] { QTRY_VERIFY(opening.isFinished()); }();
        return opening.isFinished() && opening.result() ? *opening.result() : nullptr;
    };
    {
        Bench bench(directory.path());
        Conversation *chat =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        id = chat->id();
        QVERIFY(chat->send(QStringLiteral("first")));
        QTRY_VERIFY(!chat->isRunning());
        chat->setDraft(QStringLiteral("second"));
        QVERIFY(chat->send(QStringLiteral("second")));
        QCOMPARE(chat->record().draft, QString()); // as the reader sees it
    } // without a turn of the event loop: nothing of it was written
    QCOMPARE(server.requests().size(), 1);
    {
        Bench bench(directory.path());
        Conversation *chat = opened(bench);
        QVERIFY(chat);
        QCOMPARE(chat->path().size(), 2);
        QCOMPARE(chat->record().draft, QStringLiteral("second"));
        QVERIFY(chat->send(QStringLiteral("second")));
        QTRY_VERIFY(!chat->isRunning());
        bench.drain();
    }
    Bench bench(directory.path());
    Conversation *chat = opened(bench);
    QVERIFY(chat);
    QCOMPARE(chat->path().size(), 4);
    QCOMPARE(chat->record().draft, QString());
}

void tst_Conversation::turnStoppedBeforeItBeganIsThere()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    std::int64_t id = 0;
    {
        Bench bench(directory.path());
        Conversation *chat =
            bench.book->create(core::ConversationKind::Chat, Bench::target(server));
        id = chat->id();
        QVERIFY(chat->send(QStringLiteral("never mind")));
        chat->stop();
        QCOMPARE(chat->path().size(), 2);
        bench.drain();
    }
    Bench bench(directory.path());
    auto opening = bench.book->open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    const Conversation *chat = *opening.result();
    QCOMPARE(chat->path().size(), 2);
    QCOMPARE(core::textOf(chat->path().first().parts), QStringLiteral("never mind"));
    QCOMPARE(chat->path().last().state, core::MessageState::Cancelled);
    QCOMPARE(chat->record().draft, QString());
    QCOMPARE(server.requests().size(), 0);
}

//! The disk, or a budget, may refuse its beginning when nobody waits for it any more.
void tst_Conversation::turnStoppedWhileItBeganIsThere()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    Bench bench(directory.path());
    tests::TestJournal journal; // it writes nothing
    journal.holdOpens();
    core::ChatClient client({bench.transport, bench.clock, bench.random, bench.ids, *bench.registry,
                             bench.keys, bench.accounts, journal, bench.costs, bench.traffic},
                            {});
    core::LoadedConversation fresh;
    fresh.record.id = bench.ids.next();
    fresh.record.target = Bench::target(server);
    fresh.record.createdAt = fresh.record.updatedAt = bench.clock.utcNow();
    Conversation chat({client, bench.store->conversations(), bench.ids, bench.clock,
                       bench.store->sessionId(), bench.store->defaultWorkspace()},
                      fresh, Conversation::Stored::No);
    QVERIFY(chat.send(QStringLiteral("of worth")));
    QTRY_VERIFY(journal.calls().contains(QStringLiteral("open-request")));
    chat.stop();
    QVERIFY(!chat.isRunning());
    bench.drain();
    auto loaded = bench.store->conversations().load(chat.id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->messages.size(), 2);
    QCOMPARE(core::textOf(loaded.result()->messages.first().parts), QStringLiteral("of worth"));
    QCOMPARE(loaded.result()->record.draft, QString());
    QCOMPARE(server.requests().size(), 0);
}

//! What is not on disk is not sent: it stays with its writer, who may send it again.
void tst_Conversation::turnThatTheDiskRefusesIsTakenBack()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    tests::TestJournal journal;
    journal.failOpensAfter(0);
    core::ChatClient client({bench.transport, bench.clock, bench.random, bench.ids, *bench.registry,
                             bench.keys, bench.accounts, journal, bench.costs, bench.traffic},
                            {});
    core::LoadedConversation fresh;
    fresh.record.id = bench.ids.next();
    fresh.record.target = Bench::target(server);
    fresh.record.createdAt = fresh.record.updatedAt = bench.clock.utcNow();
    Conversation chat({client, bench.store->conversations(), bench.ids, bench.clock,
                       bench.store->sessionId(), bench.store->defaultWorkspace()},
                      fresh, Conversation::Stored::No);
    QList<core::RefusedTurn> refused;
    connect(&chat, &Conversation::turnRefused, this,
            [&refused](const core::RefusedTurn &turn) { refused.append(turn); });
    QVERIFY(chat.send(QStringLiteral("of worth")));
    QTRY_VERIFY(!chat.isRunning());
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused.first().error.kind, core::ErrorKind::StorageFailed);
    QCOMPARE(refused.first().text, QStringLiteral("of worth"));
    QVERIFY(chat.isEmpty());
    QCOMPARE(chat.record().draft, QStringLiteral("of worth"));
    QCOMPARE(server.requests().size(), 0);
    bench.drain();
    auto loaded = bench.store->conversations().load(chat.id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QCOMPARE(loaded.result()->record.draft, QStringLiteral("of worth"));
    QCOMPARE(loaded.result()->record.activeLeaf, 0);
}

void tst_Conversation::lostLeafShowsTheNewestMessage()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    const std::int64_t id = chat->id();
    QVERIFY(chat->send(QStringLiteral("first")));
    QTRY_VERIFY(!chat->isRunning());
    core::ConversationRecord record = chat->record();
    record.activeLeaf = bench.ids.next(); // as an earlier version left it, if it ended just then
    bench.book->close(id);
    bench.store->conversations().save(record);
    bench.drain();
    QTRY_VERIFY(!bench.book->find(id));
    auto opening = bench.book->open(id);
    QTRY_VERIFY(opening.isFinished());
    QVERIFY(opening.result());
    QCOMPARE((*opening.result())->path().size(), 2);
}

void tst_Conversation::capOfTheChatRefuses()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    core::ChatOptions options;
    options.messageCap = core::PicoUsd(1);
    chat->setOptions(options);
    QSignalSpy refused(chat, &Conversation::turnRefused);
    QVERIFY(chat->send(QStringLiteral("hello")));
    QTRY_COMPARE(refused.count(), 1);
    const auto shortfall = refused.first().first().value<core::RefusedTurn>().error.shortfall;
    QVERIFY(shortfall);
    QCOMPARE(shortfall->period, core::LimitPeriod::Message);
    QVERIFY(chat->send(QStringLiteral("/max $50 hello"))); // the message's own goes before
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(core::textOf(chat->path().first().parts), QStringLiteral("hello"));
    bench.drain();
}

void tst_Conversation::nextRequestIsTheOneThatIsSent()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, Bench::target(server));
    core::AttachmentPart file;
    file.name = QStringLiteral("notes.txt");
    file.mimeType = QStringLiteral("text/plain");
    file.data = "42";
    QVERIFY(chat->send(QStringLiteral("first"), {file}));
    QTRY_VERIFY(!chat->isRunning());
    const std::int64_t question = chat->path().first().id;

    const core::ChatRequest next = chat->requestFor(QStringLiteral("/max 5c second"));
    QCOMPARE(next.messages.size(), 3);
    QCOMPARE(core::textOf(next.messages.last().parts), QStringLiteral("second"));
    const core::ChatRequest edited = chat->requestFor(QStringLiteral("mended"), {}, question);
    QCOMPARE(edited.messages.size(), 1);
    QCOMPARE(edited.messages.first().parts.size(), 2); // its file goes along
    QCOMPARE(core::textOf(edited.messages.first().parts), QStringLiteral("mended"));
    QCOMPARE(chat->path().size(), 2); // asking changes nothing
    bench.drain();
}

void tst_Conversation::longChatIsMarkedForTheCache()
{
    const QByteArray stream =
        R"(data: {"type":"message_start","message":{"id":"m","model":"claude-sonnet-4-5",)"
        R"("usage":{"input_tokens":9,"output_tokens":1}}})"
        "\n\n"
        R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Yes"}})"
        "\n\n"
        R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})"
        "\n\n"
        R"(data: {"type":"message_stop"})"
        "\n\n";
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser(
        [&](const core::LoopbackRequest &) { return tests::Answer::stream({stream}); });
    Bench bench(directory.path());
    core::Target target = Bench::target(server);
    target.provider = QStringLiteral("anthropic");
    target.model = QStringLiteral("claude-sonnet-4-5");
    target.baseUrl = server.url(u"");
    Conversation *chat = bench.book->create(core::ConversationKind::Chat, target);
    const auto marksOf = [&](const QString &text) {
        if (!chat->send(text) || !QTest::qWaitFor([&] { return !chat->isRunning(); }))
            return qsizetype(-1);
        return server.requests().last().body.count("cache_control");
    };
    QCOMPARE(marksOf(QStringLiteral("many words ").repeated(1'000)), 0); // it may be the only turn
    QCOMPARE(textOfLast(*chat), QStringLiteral("Yes"));
    QCOMPARE(marksOf(QStringLiteral("and?")), 1); // the chat goes on
    core::ClientOptions options;
    options.promptCache = false;
    bench.client->setOptions(options);
    QCOMPARE(marksOf(QStringLiteral("and?")), 0);
    bench.drain();
}

QTEST_GUILESS_MAIN(tst_Conversation)
#include "tst_conversation.moc"
