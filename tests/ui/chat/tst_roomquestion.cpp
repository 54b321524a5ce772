#include "tests/support/scriptedserver.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/detailspanel.h"
#include "ui/chat/turncomposition.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/notice.h"

#include <QAbstractButton>
#include <QFile>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalSpy>

using namespace core;

//! A chat that its model has no room for, as a person meets it, on the practice provider.
class tst_RoomQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whatFitsIsNotAskedAbout();
    void oldestIsLeftOut();
    void ownLengthOfTheAnswerCounts_data();
    void ownLengthOfTheAnswerCounts();
    void summaryIsASeenTurn();
    void filesOfWhatFollowsAreTheDraft();
    void longTextGoesInParts();
    void stoppedPartsStayInTheComposer();
    void whatIsTypedBehindPartsStays();
    void changedPartsAreNotSent();
    void newVersionLeavesThePartsAlone();
    void leavingStopsTheParts();
    void changedTurnIsAnotherQuestion_data();
    void changedTurnIsAnotherQuestion();
    void olderRefusalIsNotRepeated();
    void newVersionHasWhatStoodBefore_data();
    void newVersionHasWhatStoodBefore();
    void refusedPromptIsMadeToFit_data();
    void refusedPromptIsMadeToFit();
    void refusedFilesGoAlong();
    void answerAgainNeedsRoom_data();
    void answerAgainNeedsRoom();

private:
    [[nodiscard]] QPlainTextEdit *edit() const { return m_screen->findChild<ui::ComposerEdit *>(); }
    [[nodiscard]] ui::NoticeBar *notice() const { return m_screen->findChild<ui::NoticeBar *>(); }
    [[nodiscard]] QAbstractButton *offer(const QString &beginning) const;
    [[nodiscard]] const ui::TranscriptMessage &shown(int index) const
    {
        return m_screen->findChild<ui::TranscriptView *>()->item(index).message();
    }
    void setLimit(std::int64_t tokens) { m_limit = tokens; }
    void write(const QString &text);
    void send() { QTest::keyClick(edit(), Qt::Key_Return); }
    void sendInParts();
    void ask(const QString &text);
    [[nodiscard]] bool isIdle() const { return !m_chat->isRunning(); }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
    std::optional<std::int64_t> m_limit;
    int m_forecasts = 0;
    QFuture<QList<Forecast>> m_forecast;
};

void tst_RoomQuestion::init()
{
    m_limit.reset();
    m_bench = std::make_unique<tests::PracticeBench>();
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    ui::DetailSources sources;
    sources.contextLimit = [this](const Target &) { return m_limit; };
    m_screen->setDetailSources(sources);
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        ++m_forecasts;
        return m_forecast = m_bench->engine->forecast(questions);
    });
    m_screen->resize(900, 700);
    m_screen->setVisible(true);
    m_chat = m_bench->chat();
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_RoomQuestion::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

QAbstractButton *tst_RoomQuestion::offer(const QString &beginning) const
{
    for (QAbstractButton *button : notice()->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text().startsWith(beginning))
            return button;
    }
    return nullptr;
}

//! Until what it takes is known: who sends faster than that is asked by the service's refusal.
void tst_RoomQuestion::write(const QString &text)
{
    const int before = m_forecasts;
    edit()->setPlainText(text);
    const auto *known = m_screen->findChild<ui::SendForecast *>();
    QTRY_VERIFY(m_forecasts > before && m_forecast.isFinished() &&
                known->forecasts() == m_forecast.result());
}

void tst_RoomQuestion::ask(const QString &text)
{
    QVERIFY(m_chat->send(text));
    QTRY_VERIFY(isIdle());
}

void tst_RoomQuestion::whatFitsIsNotAskedAbout()
{
    setLimit(100'000);
    write(QStringLiteral("word ").repeated(1'000));
    send();
    QVERIFY(!notice()->isVisible());
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 2);
}

void tst_RoomQuestion::oldestIsLeftOut()
{
    ask(QStringLiteral("old ").repeated(3'000));
    ask(QStringLiteral("What can you do?"));
    setLimit(2'500);
    write(QStringLiteral("And now?"));
    send();
    QVERIFY(notice()->isVisible());
    QVERIFY2(notice()->text().contains(QStringLiteral("practice-steady takes 2,500")),
             qPrintable(notice()->text()));
    QCOMPARE(m_chat->path().size(), 4); // nothing was sent
    QCOMPARE(edit()->toPlainText(), QStringLiteral("And now?"));
    QVERIFY(offer(QStringLiteral("Leave out the oldest 2")));
    QTest::mouseClick(offer(QStringLiteral("Leave out")), Qt::LeftButton);
    QVERIFY(!notice()->isVisible());
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 6);
    QCOMPARE(m_chat->record().contextStart, core::ContextStart::at(m_chat->path().at(2).id));
    QCOMPARE(shown(2).seam, QStringLiteral("what stands above is no longer sent"));
    QVERIFY(shown(1).seam.isEmpty());
    QCOMPARE(edit()->toPlainText(), QString());
}

void tst_RoomQuestion::ownLengthOfTheAnswerCounts_data()
{
    QTest::addColumn<QString>("choice");
    QTest::addColumn<int>("sent"); // messages
    QTest::newRow("shorter-prompt") << QStringLiteral("Leave out the oldest 2") << 3;
    QTest::newRow("as-it-is") << QStringLiteral("Send it anyway") << 5;
}

//! Services refuse a prompt that leaves no room for the answer that is asked for.
void tst_RoomQuestion::ownLengthOfTheAnswerCounts()
{
    QFETCH(const QString, choice);
    QFETCH(const int, sent);
    ask(QStringLiteral("old ").repeated(3'000));
    ask(QStringLiteral("What can you do?"));
    setLimit(12'000);
    write(QStringLiteral("And now?"));
    ChatOptions options = m_chat->record().options;
    options.maxOutputTokens = 9'500;
    m_chat->setOptions(options);
    send();
    QVERIFY2(notice()->text().contains(QStringLiteral(
                 "your limit lets its answer have 9,500; practice-steady takes 12,000 in all.")),
             qPrintable(notice()->text()));
    QCOMPARE(m_chat->path().size(), 4); // nothing was sent
    QVERIFY(offer(choice));
    QTest::mouseClick(offer(choice), Qt::LeftButton);
    QVERIFY(!notice()->isVisible());
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 6);
    const std::int64_t question = m_chat->path().at(4).id;
    QCOMPARE(m_chat->sentMessages(question).size() + 1, sent);
}

void tst_RoomQuestion::summaryIsASeenTurn()
{
    ask(QStringLiteral("old ").repeated(1'000));
    setLimit(2'000);
    write(QStringLiteral("new ").repeated(1'000));
    const QString typed = edit()->toPlainText();
    send();
    QTRY_VERIFY(offer(QStringLiteral("Summarise the chat (")));
    QVERIFY2(offer(QStringLiteral("Summarise"))->text().contains(QStringLiteral("simulated")),
             qPrintable(offer(QStringLiteral("Summarise"))->text()));
    QTest::mouseClick(offer(QStringLiteral("Summarise")), Qt::LeftButton);
    QCOMPARE(edit()->toPlainText(), typed); // until it is its turn
    QTRY_COMPARE(m_chat->path().size(), 6);
    QTRY_VERIFY(isIdle());
    const QList<MessageRecord> path = m_chat->path();
    QVERIFY(textOf(path.at(2).parts).startsWith(QStringLiteral("Summarise our conversation")));
    QCOMPARE(textOf(path.at(4).parts), typed);
    QCOMPARE(m_chat->record().contextStart, core::ContextStart::at(path.at(2).id));
    QVERIFY(!m_chat->figures(path.at(3).id).cost.isZero()); // charged like any other
    QCOMPARE(edit()->toPlainText(), QString());
}

//! They stand nowhere else while the summary is written: whatever ends the program.
void tst_RoomQuestion::filesOfWhatFollowsAreTheDraft()
{
    QFile file(m_bench->directory.filePath(QStringLiteral("notes.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("42\n") == 3);
    file.close();
    ask(QStringLiteral("old ").repeated(1'000));
    setLimit(2'000);
    Q_EMIT m_screen->findChild<ui::Composer *>()->filesGiven(
        {QUrl::fromLocalFile(file.fileName())});
    QTRY_COMPARE(m_chat->draftFiles().size(), 1);
    write(QStringLiteral("new ").repeated(1'000));
    send();
    QTRY_VERIFY(offer(QStringLiteral("Summarise the chat (")));
    m_bench->controls().setSpeed(5);
    QTest::mouseClick(offer(QStringLiteral("Summarise")), Qt::LeftButton);
    QVERIFY(m_chat->isRunning());
    QCOMPARE(m_chat->path().size(), 4);
    QCOMPARE(m_chat->draftFiles().size(), 1);
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(m_chat->path().size() == 6 && isIdle());
    QVERIFY(m_chat->draftFiles().isEmpty());
    QCOMPARE(m_chat->path().at(4).parts.size(), 2);
}

//! A text too long for the model, by a service that takes its time: the first part is being asked.
void tst_RoomQuestion::sendInParts()
{
    setLimit(2'000);
    m_bench->controls().setSpeed(5);
    write(QStringLiteral("A sentence of seven words, no more. ").repeated(500));
    send();
    QTRY_VERIFY(offer(QStringLiteral("Send it in ")));
    QTest::mouseClick(offer(QStringLiteral("Send it in ")), Qt::LeftButton);
    QTRY_VERIFY(m_chat->isRunning());
}

void tst_RoomQuestion::longTextGoesInParts()
{
    setLimit(2'000);
    const QString text = QStringLiteral("A sentence of seven words, no more. ").repeated(500);
    write(text);
    send();
    QVERIFY(!offer(QStringLiteral("Leave out")));
    QTRY_VERIFY(offer(QStringLiteral("Send it in ")));
    QTest::mouseClick(offer(QStringLiteral("Send it in ")), Qt::LeftButton);
    QTRY_VERIFY(isIdle() && edit()->toPlainText().isEmpty() && !m_chat->path().isEmpty());
    QString joined;
    const QList<MessageRecord> path = m_chat->path();
    QVERIFY(path.size() >= 6);
    for (qsizetype i = 0; i < path.size(); i += 2) {
        const QString part = textOf(path.at(i).parts);
        QVERIFY(
            part.startsWith(QStringLiteral("Part %1 of %2").arg(i / 2 + 1).arg(path.size() / 2)));
        joined += part.section(QStringLiteral("\n\n"), 1);
        QCOMPARE(path.at(i + 1).state, MessageState::Complete);
        QVERIFY(m_chat->figures(path.at(i + 1).id).inputTokens < 2'000);
    }
    QCOMPARE(joined, text);
    QVERIFY(!notice()->isVisible());
}

void tst_RoomQuestion::stoppedPartsStayInTheComposer()
{
    sendInParts();
    QVERIFY(notice()->isVisible());
    const QString rest = edit()->toPlainText();
    QVERIFY(rest.startsWith(QStringLiteral("Part 2 of")));
    const auto drained = m_bench->engine->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    const auto loaded = m_bench->engine->store().conversations().load(m_chat->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(loaded.result()->record.draft.contains(rest)); // whatever ends the program
    m_chat->stop();
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 2);
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("Part 2 of")));
    QCOMPARE(m_chat->record().draft, edit()->toPlainText());
    QCOMPARE(notice()->text(), QStringLiteral("The rest was not sent. It stands in the composer."));
}

void tst_RoomQuestion::whatIsTypedBehindPartsStays()
{
    sendInParts();
    edit()->moveCursor(QTextCursor::End);
    QTest::keyClicks(edit(), QStringLiteral(" And then?"));
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(isIdle() && edit()->toPlainText() == QStringLiteral(" And then?"));
    const QList<MessageRecord> path = m_chat->path();
    QVERIFY(path.size() >= 6); // all parts went
    for (const MessageRecord &message : path)
        QVERIFY(!textOf(message.parts).contains(QStringLiteral("And then?")));
    QCOMPARE(m_chat->record().draft, QStringLiteral(" And then?"));
}

void tst_RoomQuestion::changedPartsAreNotSent()
{
    sendInParts();
    edit()->moveCursor(QTextCursor::Start);
    QTest::keyClicks(edit(), QStringLiteral("Wait: "));
    QCOMPARE(notice()->text(), QStringLiteral("The rest was not sent. It stands in the composer."));
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(isIdle());
    QCoreApplication::processEvents();
    QVERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 2);
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("Wait: Part 2 of")));
    QCOMPARE(m_chat->record().draft, edit()->toPlainText());
}

void tst_RoomQuestion::newVersionLeavesThePartsAlone()
{
    sendInParts();
    auto *turn = m_screen->findChild<ui::TurnComposition *>();
    turn->editLast();
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("Part 1 of")));
    QTest::mouseClick(offer(QStringLiteral("Cancel")), Qt::LeftButton);
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("Part 2 of")));
    turn->editLast();
    QTest::keyClicks(edit(), QStringLiteral("mended"));
    const QString version = edit()->toPlainText();
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(isIdle() && m_chat->path().size() >= 6); // all parts went
    QTRY_VERIFY(isIdle() && m_chat->record().draft.isEmpty());
    QCOMPARE(edit()->toPlainText(), version);
    QTest::mouseClick(offer(QStringLiteral("Cancel")), Qt::LeftButton);
    QCOMPARE(edit()->toPlainText(), QString());
}

//! The one that is open then has a draft of its own, and perhaps another service.
void tst_RoomQuestion::leavingStopsTheParts()
{
    setLimit(2'000);
    m_bench->controls().setSpeed(100);
    write(QStringLiteral("A sentence of seven words, no more. ").repeated(500));
    send();
    QTRY_VERIFY(offer(QStringLiteral("Send it in ")));
    QTest::mouseClick(offer(QStringLiteral("Send it in ")), Qt::LeftButton);
    QTRY_VERIFY(m_chat->isRunning());
    const QString rest = edit()->toPlainText();
    QVERIFY(rest.startsWith(QStringLiteral("Part 2 of")));
    Conversation *other = m_bench->chat();
    other->setDraft(QStringLiteral("another thought"));
    m_screen->show(other);
    QVERIFY(!notice()->isVisible());
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(isIdle());
    QCoreApplication::processEvents();
    QVERIFY(isIdle()); // nothing more was sent
    QCOMPARE(m_chat->path().size(), 2);
    QVERIFY(!notice()->isVisible());
    QCOMPARE(edit()->toPlainText(), QStringLiteral("another thought"));
    m_screen->show(m_chat);
    QCOMPARE(edit()->toPlainText(), rest);
    QCOMPARE(notice()->text(), QStringLiteral("The rest was not sent. It stands in the composer."));
    m_screen->show(other);
    m_screen->show(m_chat); // told once
    QVERIFY(!notice()->isVisible());
}

void tst_RoomQuestion::changedTurnIsAnotherQuestion_data()
{
    QTest::addColumn<bool>("isFile");
    QTest::newRow("text") << false;
    QTest::newRow("file") << true;
}

//! Its offers would send what was written before.
void tst_RoomQuestion::changedTurnIsAnotherQuestion()
{
    QFETCH(const bool, isFile);
    ask(QStringLiteral("old ").repeated(1'000));
    setLimit(2'000);
    write(QStringLiteral("new ").repeated(1'000));
    send();
    QTRY_VERIFY(offer(QStringLiteral("Summarise the chat (")));
    if (isFile)
        Q_EMIT m_screen->findChild<ui::Composer *>()->filesGiven(
            {QUrl::fromLocalFile(QStringLiteral(__FILE__))});
    else
        QTest::keyClicks(edit(), QStringLiteral("x"));
    QVERIFY(!notice()->isVisible());
    QCOMPARE(m_chat->path().size(), 2);
}

//! A budget refused to make the old answer again; the question now is about a new turn.
void tst_RoomQuestion::olderRefusalIsNotRepeated()
{
    ask(QStringLiteral("old ").repeated(3'000));
    ask(QStringLiteral("What can you do?"));
    RefusedTurn refused;
    refused.kind = RefusedTurn::Kind::Regenerate;
    refused.messageId = m_chat->path().constLast().id;
    refused.error.kind = ErrorKind::BudgetExceeded;
    refused.error.shortfall = Shortfall();
    Q_EMIT m_chat->turnRefused(refused);
    setLimit(2'500);
    write(QStringLiteral("And now?"));
    send();
    QVERIFY(offer(QStringLiteral("Leave out")));
    QTest::mouseClick(offer(QStringLiteral("Leave out")), Qt::LeftButton);
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->versions(refused.messageId).size(), 1);
    QCOMPARE(m_chat->path().size(), 6);
    QCOMPARE(textOf(m_chat->path().at(4).parts), QStringLiteral("And now?"));
    QCOMPARE(edit()->toPlainText(), QString());
}

void tst_RoomQuestion::newVersionHasWhatStoodBefore_data()
{
    QTest::addColumn<int>("edited"); // of the path
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("offered"); // empty: it has room
    QTest::newRow("first-question") << 0 << QStringLiteral("And now?") << QString();
    QTest::newRow("behind-the-long-one")
        << 6 << QStringLiteral("And now?") << QStringLiteral("Leave out the oldest 4");
    QTest::newRow("directly-behind") // nothing but itself would be left
        << 4 << QStringLiteral("And now?") << QStringLiteral("Other model");
    QTest::newRow("too-long-itself")
        << 0 << QStringLiteral("new ").repeated(3'000) << QStringLiteral("Other model");
}

void tst_RoomQuestion::newVersionHasWhatStoodBefore()
{
    QFETCH(const int, edited);
    QFETCH(const QString, text);
    QFETCH(const QString, offered);
    ask(QStringLiteral("Hello?"));
    ask(QStringLiteral("old ").repeated(3'000));
    ask(QStringLiteral("What can you do?"));
    ask(QStringLiteral("And then?"));
    const QList<MessageRecord> before = m_chat->path();
    const std::int64_t question = before.at(edited).id;
    setLimit(2'500);
    m_screen->findChild<ui::TurnComposition *>()->beginEdit(question, QString());
    write(text);
    send();
    if (!offered.isEmpty()) {
        QVERIFY2(notice()->text().contains(QStringLiteral("practice-steady takes 2,500")),
                 qPrintable(notice()->text()));
        QCOMPARE(m_chat->versions(question).size(), 1); // nothing was sent
        QVERIFY(offer(offered));
        QVERIFY(!offer(QStringLiteral("Send it in")));
        QCOMPARE(offer(QStringLiteral("Leave out")) != nullptr,
                 offered.startsWith(QStringLiteral("Leave out")));
        if (!offer(QStringLiteral("Leave out")))
            return;
        QTest::mouseClick(offer(offered), Qt::LeftButton);
        QCOMPARE(m_chat->record().contextStart, core::ContextStart::at(before.at(4).id));
    }
    QTRY_COMPARE(m_chat->versions(question).size(), 2);
    QTRY_VERIFY(isIdle());
    QVERIFY(!notice()->isVisible());
    QCOMPARE(textOf(m_chat->path().at(edited).parts), text);
}

void tst_RoomQuestion::refusedPromptIsMadeToFit_data()
{
    QTest::addColumn<std::int64_t>("limit"); // 0: not known
    QTest::addColumn<QString>("sentence");
    QTest::newRow("window-not-known")
        << std::int64_t(0) << QStringLiteral("^This is too long for m\\.$");
    QTest::newRow("window-larger-than-our-guess")
        << std::int64_t(8'192) << QStringLiteral("^This is too long for m\\.$");
    QTest::newRow("window-smaller")
        << std::int64_t(2'000)
        << QStringLiteral("^This is about \\d,\\d{3} tokens; m takes 2,000\\.$");
}

//! The service knew better than we did.
void tst_RoomQuestion::refusedPromptIsMadeToFit()
{
    QFETCH(const std::int64_t, limit);
    QFETCH(const QString, sentence);
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &) {
        return tests::Answer::whole(
            400, R"({"error":{"message":"Too long.","type":"invalid_request_error",)"
                 R"("code":"context_length_exceeded"}})");
    });
    ask(QStringLiteral("old ").repeated(3'000));
    m_chat->setTarget(
        {QStringLiteral("custom"), 0, server.url(u"/v1"), QStringLiteral("m"), false});
    edit()->setPlainText(QStringLiteral("And now?"));
    send();
    QTRY_VERIFY(isIdle());
    QCOMPARE(m_chat->path().size(), 4);
    QTRY_VERIFY(shown(3).error);
    QCOMPARE(shown(3).error->actions.first().text, QStringLiteral("Make it fit"));
    auto *view = m_screen->findChild<ui::TranscriptView *>();
    if (limit > 0)
        setLimit(limit);
    Q_EMIT view->actionTriggered(shown(3).id, shown(3).error->actions.first().id);
    QCOMPARE(m_chat->path().size(), 2);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("And now?"));
    QVERIFY2(QRegularExpression(sentence).match(notice()->text()).hasMatch(),
             qPrintable(notice()->text()));
    QVERIFY(offer(QStringLiteral("Leave out the oldest 2")));
    QTest::mouseClick(offer(QStringLiteral("Leave out")), Qt::LeftButton);
    QTRY_VERIFY(isIdle() && m_chat->path().size() == 4);
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!server.requests().last().body.contains("old old"));
}

void tst_RoomQuestion::refusedFilesGoAlong()
{
    tests::ScriptedServer server;
    server.setChooser([&](const LoopbackRequest &) {
        if (server.requests().size() == 1)
            return tests::Answer::whole(
                400, R"({"error":{"message":"Too long.","type":"invalid_request_error",)"
                     R"("code":"context_length_exceeded"}})");
        return tests::Answer::stream(
            {R"(data: {"choices":[{"index":0,"delta":{"content":"A summary."}}]})"
             "\n\n"
             R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
             "\n\ndata: [DONE]\n\n"});
    });
    ask(QStringLiteral("old ").repeated(3'000));
    m_chat->setTarget(
        {QStringLiteral("custom"), 0, server.url(u"/v1"), QStringLiteral("m"), false});
    QVERIFY(m_chat->send(
        QStringLiteral("And now?"),
        {{QStringLiteral("notes.txt"), QStringLiteral("text/plain"), "the answer is 42\n"}}));
    QTRY_VERIFY(isIdle() && shown(3).error);
    QVERIFY(server.requests().constLast().body.contains("the answer is 42"));
    setLimit(8'192);
    auto *view = m_screen->findChild<ui::TranscriptView *>();
    Q_EMIT view->actionTriggered(shown(3).id, shown(3).error->actions.first().id);
    QTRY_VERIFY(offer(QStringLiteral("Summarise the chat (")));
    QTest::mouseClick(offer(QStringLiteral("Summarise")), Qt::LeftButton);
    QTRY_VERIFY(isIdle() && m_chat->path().size() == 6);
    QCOMPARE(server.requests().size(), 3);
    QVERIFY(server.requests().constLast().body.contains("the answer is 42"));
    QVERIFY(server.requests().constLast().body.contains("And now?"));
}

void tst_RoomQuestion::answerAgainNeedsRoom_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<std::int64_t>("limit"); // 0: not known
    QTest::addColumn<bool>("asked");
    for (const char *action : {"retry", "continue"}) {
        const auto row = [action](const char *name, std::int64_t limit, bool asked) {
            QTest::addRow("%s-%s", action, name) << QString::fromLatin1(action) << limit << asked;
        };
        row("window-not-known", 0, false);
        row("room", 1'000'000, false);
        row("no-room", 2'500, true);
    }
}

//! The chat has another model by now, or has grown: what is asked for again is no longer sure to
//! fit.
void tst_RoomQuestion::answerAgainNeedsRoom()
{
    QFETCH(const QString, action);
    QFETCH(const std::int64_t, limit);
    QFETCH(const bool, asked);
    ask(QStringLiteral("old ").repeated(3'000));
    m_bench->controls().setSpeed(100);
    QVERIFY(m_chat->send(QStringLiteral("What can you do?")));
    QTRY_VERIFY(!textOf(m_chat->path().constLast().parts).isEmpty());
    m_chat->stop();
    QTRY_VERIFY(isIdle());
    m_bench->controls().setSpeed(0);
    const MessageRecord answer = m_chat->path().constLast();
    const std::int64_t question = answer.parentId;
    if (limit > 0)
        setLimit(limit);
    auto *view = m_screen->findChild<ui::TranscriptView *>();
    Q_EMIT view->actionTriggered(QString::number(answer.id), action);
    if (asked) {
        QTRY_VERIFY(notice()->isVisible());
        QVERIFY2(notice()->text().contains(QStringLiteral("practice-steady takes 2,500")),
                 qPrintable(notice()->text()));
        QVERIFY(isIdle()); // nothing was sent
        QVERIFY(!offer(QStringLiteral("Send it in")) && !offer(QStringLiteral("Summarise")));
        QVERIFY(offer(QStringLiteral("Leave out the oldest 2")));
        QTest::mouseClick(offer(QStringLiteral("Leave out")), Qt::LeftButton);
    }
    const bool isContinued = action == QStringLiteral("continue");
    const auto isMade = [&] {
        return isIdle() && (isContinued ? m_chat->message(answer.id)->pieces.size() == 1
                                        : m_chat->versions(answer.id).size() == 2);
    };
    QTRY_VERIFY(isMade());
    QVERIFY(!notice()->isVisible());
    QCOMPARE(m_chat->record().contextStart,
             asked ? core::ContextStart::at(question) : core::ContextStart());
}

QTEST_MAIN(tst_RoomQuestion)
#include "tst_roomquestion.moc"
