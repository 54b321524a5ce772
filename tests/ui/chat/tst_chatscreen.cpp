#include "tests/ui/practicebench.h"
#include "tests/ui/typing.h"
#include "ui/chat/chatheader.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/turncomposition.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/filetiles.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QClipboard>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QSignalSpy>

using namespace core;

//! The chat screen as a person uses it, by keys and drops, on the practice provider.
class tst_ChatScreen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void enterSends();
    void shiftEnterBreaksTheLine();
    void stopKeepsWhatCame();
    void escapeStops();
    void draftsStayWithTheirChats();
    void editingMakesAVersion();
    void branchGoesOnFromAnEarlierAnswer();
    void newVersionSaysSoUntilItIsSent();
    void newVersionTakesNoFiles();
    void newVersionAndDraftDoNotMix();
    void expectedCostIsTheNewVersions();
    void expectedCostIsThatOfTheVersionInSight();
    void answerWithoutTextIsNotCopied();
    void failureKeepsThePrompt();
    void brokenOffAnswerIsKept();
    void anotherModelContinues();
    void keptCardIsPutAway();
    void sameRequestComesFromTheCache();
    void fallbackNamesBoth();
    void routeByTaskSaysWhy();
    void choiceIsToldAfterAFallback();
    void regeneratesOnlyOnTheSecondPress();
    void blankIsNotSent();
    void secretIsAskedAbout();
    void cancelledEditSendsNoSecret();
    void optionsAreSent();
    void optionsGoToTheirChat();
    void faultyOptionIsNotTaken();
    void droppedFileGoesAlong();
    void chosenFileGoesAlong();
    void tileTellsTokensAndCost_data();
    void tileTellsTokensAndCost();
    void removedFileStaysHere();
    void foreignFileIsRefused();
    void filesStayWithTheirChats();
    void budgetIsAskedAbout_data();
    void budgetIsAskedAbout();
    void refusedRegenerationIsMadeAgain();
    void expectedCostFollowsTheDraft();
    void longDraftDoesNotStutter();
    void headerNamesTheWorkspace();
    void titleGoesToItsChat();
    void escapeEndsTheTitleFirst();

private:
    [[nodiscard]] QPlainTextEdit *edit() const { return m_screen->findChild<ui::ComposerEdit *>(); }
    [[nodiscard]] ui::TranscriptView *view() const
    {
        return m_screen->findChild<ui::TranscriptView *>();
    }
    [[nodiscard]] const ui::TranscriptMessage &shown(int index) const
    {
        return view()->item(index).message();
    }
    [[nodiscard]] QString footer(int index) const
    {
        QStringList texts;
        for (const ui::FooterSegment &segment : shown(index).footer)
            texts.append(segment.text);
        return texts.join(u'|');
    }
    void typeAndSend(const QString &text) const
    {
        QTest::keyClicks(edit(), text);
        QTest::keyClick(edit(), Qt::Key_Return);
    }
    [[nodiscard]] bool idle() const { return !m_chat->isRunning(); }
    void useRouteByTask() const; //!< practice-fast, or practice-steady.
    void retryQuickly();         //!< Waits of a millisecond.
    void drop(const QString &path) const;
    [[nodiscard]] QString writtenFile(const QString &name, const QByteArray &bytes) const;
    [[nodiscard]] QList<QWidget *> tiles() const;

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
};

void tst_ChatScreen::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    m_screen->resize(900, 700);
    m_screen->setVisible(true);
    m_chat = m_bench->chat();
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_ChatScreen::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

void tst_ChatScreen::enterSends()
{
    typeAndSend(QStringLiteral("What can you do?"));
    QCOMPARE(edit()->toPlainText(), QString());
    QCOMPARE(view()->messageCount(), 2); // the question and who answers, at once
    QCOMPARE(shown(0).text, QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Complete);
    QVERIFY(shown(1).text.size() > 100);
    QTRY_COMPARE(view()->verticalScrollBar()->value(), 0); // the question is whole
    QCOMPARE(shown(1).text, textOf(m_chat->path().constLast().parts));
    QCOMPARE(shown(1).header.text, QStringLiteral("practice-steady"));
    QVERIFY(shown(1).simulated);
    QVERIFY2(footer(1).contains(QStringLiteral("simulated")), qPrintable(footer(1)));
    QVERIFY2(footer(1).contains(QStringLiteral(" in")), qPrintable(footer(1)));
    auto *title = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("chatTitle"));
    QCOMPARE(title->text(), QStringLiteral("What can you do?"));
}

void tst_ChatScreen::shiftEnterBreaksTheLine()
{
    QTest::keyClicks(edit(), QStringLiteral("one"));
    QTest::keyClick(edit(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(edit(), QStringLiteral("two"));
    QCOMPARE(edit()->toPlainText(), QStringLiteral("one\ntwo"));
    QCOMPARE(view()->messageCount(), 0);
}

void tst_ChatScreen::stopKeepsWhatCame()
{
    m_bench->controls().setSpeed(50);
    typeAndSend(QStringLiteral("Write 500 words"));
    QTRY_VERIFY(shown(1).text.size() > 10);
    m_chat->stop();
    QTRY_VERIFY(idle());
    const QString kept = shown(1).text;
    QVERIFY(!kept.isEmpty());
    QVERIFY2(footer(1).contains(QStringLiteral("stopped")), qPrintable(footer(1)));
    QVERIFY(shown(1).state != ui::MessageState::Complete);
    QCOMPARE(textOf(m_chat->path().constLast().parts), kept);
    // Nobody told what it took: the chat's sum is the least, too.
    const auto *tokens = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("chatTokens"));
    QVERIFY2(tokens->text().contains(QStringLiteral("\u2265 ")), qPrintable(tokens->text()));
}

void tst_ChatScreen::escapeStops()
{
    m_bench->controls().setSpeed(50);
    typeAndSend(QStringLiteral("Write 500 words"));
    QTRY_VERIFY(!shown(1).text.isEmpty());
    QVERIFY(m_screen->escape());
    QTRY_VERIFY(idle());
    QVERIFY(!m_screen->escape()); // nothing is left for it to do
}

void tst_ChatScreen::draftsStayWithTheirChats()
{
    QTest::keyClicks(edit(), QStringLiteral("half a thought"));
    Conversation *other = m_bench->chat();
    m_screen->show(other);
    QCOMPARE(edit()->toPlainText(), QString());
    QTest::keyClicks(edit(), QStringLiteral("another"));
    m_screen->show(m_chat);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("half a thought"));
    m_screen->show(other);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("another"));
}

void tst_ChatScreen::editingMakesAVersion()
{
    typeAndSend(QStringLiteral("first"));
    QTRY_VERIFY(idle());
    QTest::keyClick(edit(), Qt::Key_Up); // an empty composer takes the last question back
    QCOMPARE(edit()->toPlainText(), QStringLiteral("first"));
    edit()->selectAll();
    typeAndSend(QStringLiteral("second"));
    QTRY_VERIFY(idle());
    QCOMPARE(shown(0).text, QStringLiteral("second"));
    QCOMPARE(shown(0).version, (ui::VersionPosition{2, 2}));
    Q_EMIT view()->versionRequested(shown(0).id, -1);
    QTRY_COMPARE(shown(0).text, QStringLiteral("first"));
    QCOMPARE(shown(0).version, (ui::VersionPosition{1, 2}));
}

void tst_ChatScreen::branchGoesOnFromAnEarlierAnswer()
{
    const ui::MessageAction branch{QStringLiteral("branch"), QStringLiteral("Branch")};
    const ui::MessageAction onward{QStringLiteral("onward"), QStringLiteral("Show what followed")};
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    typeAndSend(QStringLiteral("One"));
    QTRY_VERIFY(idle());
    QVERIFY(!shown(1).actions.contains(branch)); // the next message goes on from it anyway
    QVERIFY(!shown(1).actions.contains(onward));
    const QString first = shown(1).id;
    typeAndSend(QStringLiteral("Two"));
    Q_EMIT view()->actionTriggered(first, branch.id);
    QVERIFY(notice->isVisible()); // not while an answer runs
    QCOMPARE(view()->messageCount(), 4);
    QTRY_VERIFY(idle());
    QVERIFY(shown(1).actions.contains(branch));
    QVERIFY(!shown(3).actions.contains(branch));
    const QString second = shown(3).id;

    Q_EMIT view()->actionTriggered(first, branch.id);
    QCOMPARE(view()->messageCount(), 2);
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->text(),
             QStringLiteral("Your next message goes on from here. What followed is kept."));
    QVERIFY(shown(1).actions.contains(onward));
    QVERIFY(!shown(1).actions.contains(branch));
    Q_EMIT view()->actionTriggered(first, onward.id);
    QCOMPARE(view()->messageCount(), 4);
    QCOMPARE(shown(3).id, second);
    QVERIFY(!notice->isVisible());

    Q_EMIT view()->actionTriggered(first, branch.id);
    m_screen->show(m_bench->chat()); // the way back is there as long as nothing was asked
    QVERIFY(!notice->isVisible());
    m_screen->show(m_chat);
    QVERIFY(shown(1).actions.contains(onward));
    typeAndSend(QStringLiteral("Instead of two"));
    QTRY_VERIFY(idle());
    QCOMPARE(view()->messageCount(), 4);
    QCOMPARE(shown(2).version, (ui::VersionPosition{2, 2}));
    QVERIFY(shown(1).actions.contains(branch));
    QVERIFY(!notice->isVisible());
    Q_EMIT view()->versionRequested(shown(2).id, -1);
    QCOMPARE(shown(3).id, second);
}

void tst_ChatScreen::newVersionSaysSoUntilItIsSent()
{
    typeAndSend(QStringLiteral("first"));
    QTRY_VERIFY(idle());
    QTest::keyClick(edit(), Qt::Key_Up);
    const auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY(notice->isVisible());
    const QString said = notice->text();
    m_screen->setNotice({}); // as when another model is chosen
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->text(), said);
    m_screen->regenerateOnSecondPress();
    QVERIFY(notice->text() != said);
    m_screen->setNotice({});
    QCOMPARE(notice->text(), said);
    m_screen->setNotice(QStringLiteral("Something else."));
    QCOMPARE(notice->text(), QStringLiteral("Something else."));
    QAbstractButton *cancel = nullptr;
    for (QAbstractButton *button : notice->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Cancel"))
            cancel = button;
    }
    QVERIFY(cancel);
    QTest::mouseClick(cancel, Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    QCOMPARE(edit()->toPlainText(), QString());
}

void tst_ChatScreen::newVersionTakesNoFiles()
{
    typeAndSend(QStringLiteral("first"));
    QTRY_VERIFY(idle());
    QTest::keyClick(edit(), Qt::Key_Up);
    drop(writtenFile(QStringLiteral("notes.txt"), "the answer is 42\n"));
    const auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY2(notice->text().contains(QStringLiteral("files of the old one")),
             qPrintable(notice->text()));
    QVERIFY(m_screen->escape());
    QVERIFY(!notice->isVisible());
    QVERIFY(tiles().isEmpty()); // nothing waits with the draft
}

void tst_ChatScreen::newVersionAndDraftDoNotMix()
{
    typeAndSend(QStringLiteral("first"));
    QTRY_VERIFY(idle());
    QTest::keyClick(edit(), Qt::Key_Up);
    QTest::keyClicks(edit(), QStringLiteral(" and last"));
    m_screen->show(m_chat); // it is there already, as when its row is clicked
    QCOMPARE(edit()->toPlainText(), QStringLiteral("first and last"));
    Conversation *other = m_bench->chat();
    m_screen->show(other); // what was changed waits, too
    QCOMPARE(edit()->toPlainText(), QString());
    m_screen->show(m_chat);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("first and last"));
    QVERIFY(m_screen->escape());
    QTest::keyClicks(edit(), QStringLiteral("half a thought"));
    auto *turn = m_screen->findChild<ui::TurnComposition *>();
    QVERIFY(turn);
    turn->editLast();
    edit()->selectAll();
    typeAndSend(QStringLiteral("second"));
    QCOMPARE(edit()->toPlainText(), QStringLiteral("half a thought"));
    QTRY_VERIFY(idle());
    QCOMPARE(shown(0).text, QStringLiteral("second"));
    QCOMPARE(shown(0).version, (ui::VersionPosition{2, 2}));
    m_screen->show(other);
    m_screen->show(m_chat); // the new version was sent: none is left
    QCOMPARE(edit()->toPlainText(), QStringLiteral("half a thought"));
}

void tst_ChatScreen::expectedCostIsTheNewVersions()
{
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    auto *hint = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"));
    QVERIFY(hint);
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    QTest::keyClick(edit(), Qt::Key_Up);
    QTRY_VERIFY2(hint->text().contains(QStringLiteral("\u2248 12 in")), qPrintable(hint->text()));
    QVERIFY(m_screen->escape());
    QTRY_COMPARE(hint->text(), QStringLiteral("practice, simulated cost"));
}

void tst_ChatScreen::expectedCostIsThatOfTheVersionInSight()
{
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    auto *hint = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"));
    QVERIFY(hint);
    QVERIFY(m_chat->send(QStringLiteral("short")));
    QTRY_VERIFY(idle());
    QVERIFY(m_chat->editAndResend(m_chat->path().constFirst().id,
                                  QStringLiteral("long ").repeated(2'000)));
    QTRY_VERIFY(idle());
    QTest::keyClicks(edit(), QStringLiteral("x"));
    QTRY_VERIFY2(hint->text().contains(QStringLiteral("in \u00B7")), qPrintable(hint->text()));
    const QString ofTheLong = hint->text();
    Q_EMIT view()->versionRequested(shown(0).id, -1);
    QCOMPARE(shown(0).text, QStringLiteral("short"));
    QTRY_VERIFY(hint->text() != ofTheLong);
}

void tst_ChatScreen::answerWithoutTextIsNotCopied()
{
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    m_screen->copyLastAnswer();
    const QString copied = textOf(m_chat->path().constLast().parts);
    QVERIFY(!copied.isEmpty());
    QCOMPARE(QGuiApplication::clipboard()->text(), copied);
    m_bench->fail(PracticeFault::WrongKey);
    typeAndSend(QStringLiteral("And now?"));
    m_screen->copyLastAnswer(); // it waits
    QCOMPARE(QGuiApplication::clipboard()->text(), copied);
    QTRY_VERIFY(idle());
    QVERIFY(shown(3).error.has_value());
    m_screen->copyLastAnswer();
    QCOMPARE(QGuiApplication::clipboard()->text(), copied);
}

void tst_ChatScreen::failureKeepsThePrompt()
{
    m_bench->fail(PracticeFault::WrongKey);
    view()->announceText();
    const QSignalSpy heard(view(), &ui::TranscriptView::announced);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Failed);
    QCOMPARE(shown(0).text, QStringLiteral("Hello?"));
    QVERIFY(shown(1).error.has_value());
    QVERIFY2(shown(1).error->sentence.startsWith(QStringLiteral("The service practice refused")),
             qPrintable(shown(1).error->sentence));
    QVERIFY(shown(1).error->detail.contains(QStringLiteral("401")));
    QVERIFY(!shown(1).error->actions.isEmpty());
    QCOMPARE(heard.size(), 1);
    QCOMPARE(heard.first().first().toString(), shown(1).error->sentence);
    QVERIFY2(!footer(1).contains(QStringLiteral("$0.0000")), qPrintable(footer(1)));
}

void tst_ChatScreen::brokenOffAnswerIsKept()
{
    m_bench->fail(PracticeFault::CloseInStream);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Incomplete);
    QVERIFY(!shown(1).text.isEmpty());
    QVERIFY(shown(1).error.has_value());
    QCOMPARE(m_chat->path().size(), 2); // nothing was sent again behind it
}

void tst_ChatScreen::anotherModelContinues()
{
    m_bench->fail(PracticeFault::CloseInStream);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Incomplete);
    QStringList actions;
    for (const ui::MessageAction &action : shown(1).error->actions)
        actions.append(action.id);
    QVERIFY2(actions.startsWith(QStringLiteral("continue")), qPrintable(actions.join(u' ')));
    const QString partial = shown(1).text;
    const QString id = shown(1).id;

    m_chat->setTarget(m_bench->target(QStringLiteral("practice-fast")));
    Q_EMIT view()->actionTriggered(id, QStringLiteral("continue"));
    QVERIFY(!idle());
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Complete);
    QCOMPARE(shown(1).id, id);
    QVERIFY(!shown(1).error);
    QVERIFY(shown(1).text.startsWith(partial));
    QTRY_VERIFY(shown(1).text.size() > partial.size());
    QVERIFY2(shown(1).text.contains(QStringLiteral("inside Farthing, not by a language model")),
             qPrintable(shown(1).text)); // where it was cut
    QCOMPARE(shown(1).text, core::textOf(m_chat->path().last().parts));
    QCOMPARE(shown(1).seams,
             (QList<ui::TextSeam>{{partial.size(), QStringLiteral("continued by practice-fast")}}));
    QCOMPARE(shown(1).header.text, QStringLiteral("practice-steady"));
    QVERIFY2(footer(1).startsWith(QStringLiteral("practice-steady, then practice-fast|")),
             qPrintable(footer(1)));
    QVERIFY2(footer(1).contains(QStringLiteral("2 attempts")), qPrintable(footer(1)));
    Q_EMIT view()->actionTriggered(id, QStringLiteral("copy"));
    QCOMPARE(QGuiApplication::clipboard()->text(), shown(1).text);
}

void tst_ChatScreen::keptCardIsPutAway()
{
    m_bench->fail(PracticeFault::CloseInStream);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_VERIFY(shown(1).error.has_value());
    QCOMPARE(shown(1).error->actions.last().id, QStringLiteral("keep"));
    Q_EMIT view()->actionTriggered(shown(1).id, QStringLiteral("keep"));
    QVERIFY(!shown(1).error);
    QCOMPARE(shown(1).state, ui::MessageState::Incomplete);
    QVERIFY2(footer(1).startsWith(QStringLiteral("incomplete|")), qPrintable(footer(1)));
    const ui::MessageAction goOn{QStringLiteral("continue"), QStringLiteral("Continue")};
    QVERIFY(shown(1).actions.contains(goOn));
    typeAndSend(QStringLiteral("And then?"));
    QCOMPARE(view()->messageCount(), 4);
    QVERIFY(!shown(1).actions.contains(goOn)); // something stands behind it
    QTRY_VERIFY(idle());
    m_chat->stepBack(m_chat->path().at(2).id);
    QCOMPARE(view()->messageCount(), 2);
    QVERIFY(!shown(1).actions.contains(goOn)); // what was said stays said
}

void tst_ChatScreen::sameRequestComesFromTheCache()
{
    ChatOptions options;
    options.reuseAnswers = true;
    m_chat->setOptions(options);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).state, ui::MessageState::Complete);
    QTRY_VERIFY(!shown(1).text.isEmpty());
    const QString text = shown(1).text;
    QVERIFY2(!footer(1).contains(QStringLiteral("cache")), qPrintable(footer(1)));
    m_chat = m_bench->chat();
    m_chat->setOptions(options);
    m_screen->show(m_chat);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(shown(1).text, text);
    const QRegularExpression expected(
        QStringLiteral("^from the cache, \\$0\\|saved <?\\$[0-9.]+ simulated$"));
    QVERIFY2(expected.match(footer(1)).hasMatch(), qPrintable(footer(1)));
    Q_EMIT view()->actionTriggered(shown(1).id, QStringLiteral("retry"));
    QTRY_VERIFY(idle());
    QVERIFY2(!footer(1).contains(QStringLiteral("cache")), qPrintable(footer(1)));
}

void tst_ChatScreen::fallbackNamesBoth()
{
    m_chat->setFallbacks({m_bench->target(QStringLiteral("practice-fast"))});
    m_bench->fail(PracticeFault::Overloaded, QStringLiteral("practice-steady"), 9);
    retryQuickly();
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY_WITH_TIMEOUT(idle(), 15'000);
    const QString header = shown(1).header.text;
    QVERIFY2(header.startsWith(QStringLiteral("practice-fast")), qPrintable(header));
    QVERIFY2(header.contains(QStringLiteral("after practice-steady")), qPrintable(header));
    QVERIFY2(header.contains(QStringLiteral("503")), qPrintable(header));
    QVERIFY2(footer(1).contains(QStringLiteral("attempts")), qPrintable(footer(1)));
}

void tst_ChatScreen::retryQuickly()
{
    ClientOptions quick;
    quick.baseDelay = std::chrono::milliseconds(1);
    quick.longestDelay = std::chrono::milliseconds(2);
    m_bench->engine->client().setOptions(quick);
}

void tst_ChatScreen::useRouteByTask() const
{
    const Route route{7,
                      QStringLiteral("Auto"),
                      {m_bench->target(QStringLiteral("practice-fast")), m_bench->target()},
                      RouteKind::ByTask};
    m_chat->setRoutes({route});
    m_chat->setRoute(route);
}

void tst_ChatScreen::routeByTaskSaysWhy()
{
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    useRouteByTask();
    const ui::PillButton *chip = nullptr;
    for (const auto *button : m_screen->findChildren<ui::PillButton *>()) {
        if (button->accessibleName().startsWith(QStringLiteral("Model: ")))
            chip = button;
    }
    QVERIFY(chip);
    QCOMPARE(chip->text(), QStringLiteral("Auto \u00B7 by task"));
    // It is told before it is sent, with what it would cost there.
    QTest::keyClicks(edit(), QStringLiteral("What can you do?"));
    QTRY_COMPARE(chip->text(), QStringLiteral("Auto \u00B7 practice-fast"));
    QTest::keyClicks(edit(), QStringLiteral(" Step by step."));
    QTRY_COMPARE(chip->text(), QStringLiteral("Auto \u00B7 practice-steady"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_VERIFY(idle());
    QTRY_COMPARE(chip->text(), QStringLiteral("Auto \u00B7 by task"));
    QVERIFY2(shown(1).header.text.startsWith(
                 QStringLiteral("Auto chose practice-steady: reasoning, about ")),
             qPrintable(shown(1).header.text));
    QVERIFY2(shown(1).header.text.endsWith(QStringLiteral(" tokens")),
             qPrintable(shown(1).header.text));
    typeAndSend(QStringLiteral("Thanks"));
    QTRY_VERIFY(idle());
    QVERIFY2(shown(3).header.text.startsWith(
                 QStringLiteral("Auto chose practice-fast: short and simple, about ")),
             qPrintable(shown(3).header.text));
}

//! A fallback does not hide what was chosen.
void tst_ChatScreen::choiceIsToldAfterAFallback()
{
    useRouteByTask();
    m_bench->fail(PracticeFault::Overloaded, QStringLiteral("practice-steady"), 9);
    retryQuickly();
    typeAndSend(QStringLiteral("Compare it. Step by step."));
    QTRY_VERIFY_WITH_TIMEOUT(idle(), 15'000);
    const QString header = shown(1).header.text;
    QVERIFY2(header.startsWith(QStringLiteral("practice-fast, after practice-steady (")),
             qPrintable(header));
    QVERIFY2(header.contains(QStringLiteral("Auto chose practice-steady: reasoning")),
             qPrintable(header));
    QVERIFY(std::any_of(
        shown(1).actions.begin(), shown(1).actions.end(),
        [](const ui::MessageAction &action) { return action.id == QStringLiteral("stay"); }));
}

void tst_ChatScreen::regeneratesOnlyOnTheSecondPress()
{
    m_screen->regenerateOnSecondPress(); // nothing is there to be made again
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    m_screen->regenerateOnSecondPress();
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("simulated")), qPrintable(notice->text()));
    QVERIFY(idle());
    m_screen->regenerateOnSecondPress();
    QVERIFY(!idle());
    QVERIFY(!notice->isVisible());
    QTRY_VERIFY(idle());
    QCOMPARE(shown(1).version, (ui::VersionPosition{2, 2}));
    // As where the first question was too long: it has been asked, and nothing is in sight.
    m_chat->stepBack(m_chat->path().constFirst().id);
    QVERIFY(!m_chat->isEmpty() && m_chat->path().isEmpty());
    m_screen->regenerateOnSecondPress();
    m_screen->regenerateOnSecondPress();
    QVERIFY(idle());
    QVERIFY(!notice->isVisible());
}

void tst_ChatScreen::blankIsNotSent()
{
    typeAndSend(QStringLiteral("   "));
    QCOMPARE(view()->messageCount(), 0);
    QCOMPARE(edit()->toPlainText(), QStringLiteral("   "));
}

void tst_ChatScreen::secretIsAskedAbout()
{
    const QString secret = QStringLiteral("my key is ghp_") + QString(36, u'h');
    typeAndSend(secret);
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY(notice->isVisible());
    QCOMPARE(edit()->toPlainText(), secret); // kept, and nothing went out
    QVERIFY(m_chat->isEmpty());
    const auto press = [&](const QString &label) {
        for (QAbstractButton *button : notice->findChildren<QAbstractButton *>()) {
            if (button->isVisible() && button->text() == label)
                return QTest::mouseClick(button, Qt::LeftButton);
        }
        QFAIL(qPrintable(label));
    };
    press(QStringLiteral("Edit"));
    QVERIFY(!notice->isVisible());
    QVERIFY(m_chat->isEmpty());

    QTest::keyClick(edit(), Qt::Key_Return); // unchanged: asked again
    QVERIFY(notice->isVisible());
    press(QStringLiteral("Send it anyway"));
    QVERIFY(!notice->isVisible());
    QCOMPARE(core::textOf(m_chat->path().first().parts), secret);
    QTRY_VERIFY(!m_chat->isRunning());

    typeAndSend(QStringLiteral("and ") + secret); // another message is another question
    QVERIFY(notice->isVisible());
    QCOMPARE(m_chat->path().size(), 2);
}

//! The buttons of the next notice answer that one.
void tst_ChatScreen::cancelledEditSendsNoSecret()
{
    typeAndSend(QStringLiteral("first"));
    QTRY_VERIFY(idle());
    typeAndSend(QStringLiteral("my key is ghp_") + QString(36, u'h'));
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY(notice->isVisible());
    Q_EMIT m_screen->findChild<ui::Composer *>()->editLastRequested();
    for (QAbstractButton *button : notice->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Cancel"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QVERIFY(!notice->isVisible());
    QCOMPARE(m_chat->path().size(), 2);
    QCOMPARE(m_chat->versions(m_chat->path().constFirst().id).size(), 1);
    QVERIFY(edit()->toPlainText().startsWith(QStringLiteral("my key"))); // the draft is back
}

void tst_ChatScreen::optionsAreSent()
{
    ui::PillButton *chip = nullptr;
    for (auto *button : m_screen->findChildren<ui::PillButton *>()) {
        if (button->text() == QStringLiteral("Options"))
            chip = button;
    }
    QVERIFY(chip);
    QTest::mouseClick(chip, Qt::LeftButton);
    auto *popup = m_screen->findChild<QFrame *>(QStringLiteral("optionsPopup"));
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClicks(popup->findChild<QPlainTextEdit *>(QStringLiteral("systemPrompt")),
                     QStringLiteral("Be brief."));
    QTest::keyClicks(popup->findChild<QLineEdit *>(QStringLiteral("maxOutput")),
                     QStringLiteral("12"));
    QTest::keyClick(popup, Qt::Key_Escape);
    QTRY_VERIFY(!popup->isVisible());
    QCOMPARE(chip->text(), QStringLiteral("Options \u00B7 2"));
    QCOMPARE(m_chat->record().options.system, QStringLiteral("Be brief."));
    typeAndSend(QStringLiteral("Write 500 words"));
    QTRY_VERIFY(idle());
    // The provider was told: it ended at the limit, and the reader is told why.
    QTRY_COMPARE(m_chat->path().constLast().finishReason, FinishReason::Length);
    QVERIFY2(footer(1).contains(QStringLiteral("length limit")), qPrintable(footer(1)));
}

//! As when the notification of another chat's answer is clicked.
void tst_ChatScreen::optionsGoToTheirChat()
{
    m_screen->findChild<ui::TurnComposition *>()->openOptions();
    auto *popup = m_screen->findChild<QFrame *>(QStringLiteral("optionsPopup"));
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClicks(popup->findChild<QPlainTextEdit *>(QStringLiteral("systemPrompt")),
                     QStringLiteral("Be brief."));
    Conversation *other = m_bench->chat();
    m_screen->show(other);
    QVERIFY(!popup->isVisible());
    QCOMPARE(m_chat->record().options.system, QStringLiteral("Be brief."));
    QVERIFY(other->record().options.system.isEmpty());
}

void tst_ChatScreen::faultyOptionIsNotTaken()
{
    ChatOptions options;
    options.temperature = 0.5;
    m_chat->setOptions(options);
    for (auto *button : m_screen->findChildren<ui::PillButton *>()) {
        if (button->text() == QStringLiteral("Options \u00B7 1"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    auto *popup = m_screen->findChild<QFrame *>(QStringLiteral("optionsPopup"));
    QTRY_VERIFY(popup->isVisible());
    auto *temperature = popup->findChild<QLineEdit *>(QStringLiteral("temperature"));
    temperature->selectAll();
    QTest::keyClicks(temperature, QStringLiteral("9"));
    auto *fault = popup->findChild<QLabel *>(QStringLiteral("optionsFault"));
    QVERIFY(fault->isVisible());
    QVERIFY(fault->text().contains(QStringLiteral("0 to 2")));
    QTest::keyClick(popup, Qt::Key_Escape);
    QCOMPARE(m_chat->record().options.temperature, std::optional(0.5));
}

void tst_ChatScreen::headerNamesTheWorkspace()
{
    const std::int64_t first = m_chat->record().workspaceId;
    auto *named = m_screen->findChild<QLabel *>(QStringLiteral("chatWorkspace"));
    m_screen->setWorkspaces({{first, QStringLiteral("Personal")}});
    QVERIFY(!named->isVisible()); // the only one
    m_screen->setWorkspaces({{first, QStringLiteral("Personal")}, {7, QStringLiteral("Work")}});
    QVERIFY(named->isVisible());
    QCOMPARE(named->text(), QStringLiteral("Personal"));
    QSignalSpy moved(m_screen.get(), &ui::ChatScreen::moveRequested);
    auto *actions = m_screen->findChild<QAbstractButton *>(QStringLiteral("chatActions"));
    QTest::mouseClick(actions, Qt::LeftButton);
    auto *menu = m_screen->findChild<QMenu *>(QStringLiteral("chatActionsMenu"));
    QVERIFY(menu);
    auto *places = menu->findChild<QMenu *>(QStringLiteral("workspaceMenu"));
    QVERIFY(places);
    places->actions().constLast()->trigger();
    menu->close();
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.constFirst().at(0).toLongLong(), m_chat->id());
    QCOMPARE(moved.constFirst().at(1).toLongLong(), 7);
    m_chat->setWorkspace(7); // whoever moves it
    QCOMPARE(named->text(), QStringLiteral("Work"));
}

void tst_ChatScreen::titleGoesToItsChat()
{
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    auto *header = m_screen->findChild<ui::ChatHeader *>();
    auto *title = m_screen->findChild<QLineEdit *>(QStringLiteral("chatTitleEdit"));
    QVERIFY(header && title);
    header->startRename();
    QTest::keyClicks(title, QStringLiteral("Greetings"));
    Conversation *other = m_bench->chat();
    m_screen->show(other); // by a key, which takes no focus away
    QVERIFY(!title->isVisible());
    QCOMPARE(m_chat->record().title, QStringLiteral("Greetings"));
    QCOMPARE(other->record().title, QString());
}

void tst_ChatScreen::escapeEndsTheTitleFirst()
{
    m_screen->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_screen.get()));
    QShortcut stop(QKeySequence(Qt::Key_Escape), m_screen.get()); // the window's
    QSignalSpy stopped(&stop, &QShortcut::activated);
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    auto *title = m_screen->findChild<QLineEdit *>(QStringLiteral("chatTitleEdit"));
    m_screen->findChild<ui::ChatHeader *>()->startRename();
    QTest::keyClicks(title, QStringLiteral("Never mind"));
    QTest::keyClick(title, Qt::Key_Escape);
    QVERIFY(!title->isVisible());
    QCOMPARE(m_chat->record().title, QStringLiteral("Hello?"));
    QCOMPARE(stopped.size(), 0);
    QTest::keyClick(edit(), Qt::Key_Escape);
    QCOMPARE(stopped.size(), 1);
}

void tst_ChatScreen::drop(const QString &path) const
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_screen.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_screen.get(), &event);
}

QString tst_ChatScreen::writtenFile(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_bench->directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("the test cannot write its file");
    return file.fileName();
}

QList<QWidget *> tst_ChatScreen::tiles() const
{
    auto *row = m_screen->findChild<ui::FileTiles *>();
    QList<QWidget *> shown;
    for (QWidget *tile : row->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        if (tile->isVisibleTo(row))
            shown.append(tile);
    }
    return shown;
}

void tst_ChatScreen::droppedFileGoesAlong()
{
    drop(writtenFile(QStringLiteral("notes.txt"), "the answer is 42\n"));
    QTRY_COMPARE(tiles().size(), 1);
    QVERIFY(tiles().first()->accessibleName().contains(QStringLiteral("notes.txt")));
    QTest::keyClick(edit(), Qt::Key_Return); // a file alone is a message
    QTRY_VERIFY(!m_chat->isEmpty() && idle());
    QVERIFY(tiles().isEmpty());
    const MessageRecord question = m_chat->path().constFirst();
    const auto *file = std::get_if<AttachmentPart>(&question.parts.constFirst());
    QVERIFY(file);
    QCOMPARE(file->name, QStringLiteral("notes.txt")); // a label, never the path
    QCOMPARE(file->data, QByteArray("the answer is 42\n"));
    QCOMPARE(shown(0).files, (QStringList{QStringLiteral("notes.txt, 17 B")}));
}

void tst_ChatScreen::chosenFileGoesAlong()
{
    const QString path = writtenFile(QStringLiteral("notes.txt"), "the answer is 42\n");
    Q_EMIT m_screen->findChild<ui::Composer *>()->attachRequested();
    auto *dialog = m_screen->findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->selectFile(path);
    auto *name = dialog->findChild<QLineEdit *>();
    QVERIFY(name);
    name->setText(path);
    QVERIFY(QMetaObject::invokeMethod(dialog, "accept"));
    QTRY_COMPARE(tiles().size(), 1);
    QVERIFY(edit()->hasFocus()); // what is typed next is the message
    QVERIFY(tiles().first()->accessibleName().contains(QStringLiteral("notes.txt")));
    QTest::keyClick(tiles().first(), Qt::Key_Delete);
    QTRY_VERIFY(tiles().isEmpty());
}

void tst_ChatScreen::tileTellsTokensAndCost_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("detail");
    const QByteArray image = QByteArray::fromHex("89504e470d0a1a0a0000000d494844520000040000000400"
                                                 "0802000000"); // 1024 x 1024
    const QByteArray words("the answer is 42\n");
    QTest::newRow("image-by-rule")
        << QStringLiteral("gpt-4o") << image
        << QStringLiteral("29 B \u00B7 \u2248 765 tokens \u00B7 $0.0019");
    QTest::newRow("image-by-another-rule")
        << QStringLiteral("gpt-5") << image
        << QStringLiteral("29 B \u00B7 \u2248 630 tokens \u00B7 $0.0008");
    QTest::newRow("image-without-rule")
        << QStringLiteral("o1") << image
        << QStringLiteral("29 B \u00B7 up to 6k tokens \u00B7 up to $0.0904");
    QTest::newRow("no-price") << QStringLiteral("nobody-knows") << words
                              << QStringLiteral("17 B \u00B7 up to 45 tokens \u00B7 cost unknown");
}

void tst_ChatScreen::tileTellsTokensAndCost()
{
    QFETCH(const QString, model);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, detail);
    // As if the chat were with that model; nothing is sent.
    m_screen->setForecastSource([&](QList<ForecastQuestion> questions) {
        for (ForecastQuestion &question : questions) {
            question.target = {};
            question.target.provider = QStringLiteral("openai-chat");
            question.target.model = model;
        }
        return m_bench->engine->forecast(questions);
    });
    drop(writtenFile(QStringLiteral("file"), bytes));
    QTRY_COMPARE(tiles().size(), 1);
    const QPointer<QWidget> tile = tiles().first();
    tile->setFocus();
    QTRY_VERIFY2(tile->accessibleName().endsWith(detail), qPrintable(tile->accessibleName()));
    QVERIFY(tile->hasFocus()); // it is the same tile
    m_screen->setForecastSource({});
}

void tst_ChatScreen::removedFileStaysHere()
{
    drop(writtenFile(QStringLiteral("notes.txt"), "private\n"));
    QTRY_COMPARE(tiles().size(), 1);
    QTest::keyClick(tiles().first(), Qt::Key_Delete);
    QTRY_VERIFY(tiles().isEmpty());
    typeAndSend(QStringLiteral("Hello"));
    QTRY_VERIFY(idle());
    const MessageRecord question = m_chat->path().constFirst();
    for (const ContentPart &part : question.parts)
        QVERIFY(!std::holds_alternative<AttachmentPart>(part));
}

void tst_ChatScreen::foreignFileIsRefused()
{
    drop(writtenFile(QStringLiteral("archive.zip"), QByteArray("PK\3\4\0\0\0", 7)));
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QTRY_VERIFY(notice->isVisible());
    bool told = false;
    for (QLabel *label : notice->findChildren<QLabel *>())
        told = told || label->text().contains(QStringLiteral("archive.zip"));
    QVERIFY(told);
    QVERIFY(tiles().isEmpty());
}

void tst_ChatScreen::filesStayWithTheirChats()
{
    drop(writtenFile(QStringLiteral("notes.txt"), "one\n"));
    QTRY_COMPARE(tiles().size(), 1);
    m_screen->show(m_bench->chat());
    QVERIFY(tiles().isEmpty());
    m_screen->show(m_chat);
    QCOMPARE(tiles().size(), 1);
}

void tst_ChatScreen::budgetIsAskedAbout_data()
{
    QTest::addColumn<Shortfall>("shortfall");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QStringList>("actions");
    Shortfall shortfall;
    shortfall.budgetId = 7;
    shortfall.need = PicoUsd::fromDecimal(QStringLiteral("0.42"))->count();
    shortfall.left = PicoUsd::fromDecimal(QStringLiteral("0.11"))->count();
    shortfall.fittingOutput = 6'987;
    QTest::newRow("hard") << shortfall
                          << QStringLiteral("May cost up to $0.420; $0.110 is left today.")
                          << QStringList{QStringLiteral("Send, limited to 6,900 tokens"),
                                         QStringLiteral("Cheaper model"),
                                         QStringLiteral("Allow once"),
                                         QStringLiteral("Change budget")};
    Shortfall unsure = shortfall;
    unsure.certain = PicoUsd::fromDecimal(QStringLiteral("0.1"))->count();
    unsure.unsure = PicoUsd::fromDecimal(QStringLiteral("0.3"))->count();
    unsure.fittingOutput.reset();
    const QStringList withoutShorter{QStringLiteral("Cheaper model"), QStringLiteral("Allow once"),
                                     QStringLiteral("Change budget")};
    QTest::newRow("partly-a-range")
        << unsure
        << QStringLiteral("May cost up to $0.420; $0.110 is left today: $0.100 spent, up to $0.300 "
                          "more.")
        << withoutShorter;
    unsure.priced = false;
    unsure.left = 0;
    QTest::newRow("partly-without-price")
        << unsure
        << QStringLiteral("May cost up to $0.420; $0 is left today: $0.100 spent, up to $0.300 "
                          "more with unknown prices.")
        << withoutShorter;
    shortfall.hard = false;
    shortfall.period = LimitPeriod::Month;
    QTest::newRow("soft") << shortfall
                          << QStringLiteral("May cost up to $0.420; $0.110 is left this month.")
                          << QStringList{QStringLiteral("Send"), QStringLiteral("Cheaper model"),
                                         QStringLiteral("Change budget")};
    Shortfall cap;
    cap.period = LimitPeriod::Message;
    cap.need = shortfall.need;
    cap.left = shortfall.left;
    QTest::newRow("cap-without-room")
        << cap << QStringLiteral("May cost up to $0.420; $0.110 is left for this message.")
        << QStringList{QStringLiteral("Cheaper model")};
    Shortfall requests;
    requests.unit = LimitUnit::Requests;
    requests.budgetId = 7;
    QTest::newRow("requests") << requests
                              << QStringLiteral("The requests allowed today are used up.")
                              << QStringList{QStringLiteral("Cheaper model"),
                                             QStringLiteral("Allow once"),
                                             QStringLiteral("Change budget")};
}

void tst_ChatScreen::budgetIsAskedAbout()
{
    QFETCH(const Shortfall, shortfall);
    QFETCH(const QString, sentence);
    QFETCH(const QStringList, actions);
    RefusedTurn turn;
    turn.text = QStringLiteral("Write 500 words");
    turn.error.kind = ErrorKind::BudgetExceeded;
    turn.error.shortfall = shortfall;
    Q_EMIT m_chat->turnRefused(turn);
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->text(), sentence);
    QCOMPARE(edit()->toPlainText(), turn.text); // kept where it was written
    QList<QAbstractButton *> buttons;
    QStringList offered;
    for (QAbstractButton *button : notice->findChildren<QAbstractButton *>()) {
        if (!button->isVisible() || button->text().isEmpty())
            continue;
        buttons.append(button);
        offered.append(button->text());
    }
    QCOMPARE(offered, actions);
    QSignalSpy model(m_screen.get(), &ui::ChatScreen::modelRequested);
    QSignalSpy change(m_screen.get(), &ui::ChatScreen::budgetRequested);
    QTest::mouseClick(buttons.first(), Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    if (actions.first() == QStringLiteral("Cheaper model")) {
        QCOMPARE(model.count(), 1);
        QVERIFY(m_chat->isEmpty()); // nothing is sent before another one was chosen
        return;
    }
    QTRY_VERIFY(idle());
    QCOMPARE(textOf(m_chat->path().constFirst().parts), turn.text);
    QCOMPARE(edit()->toPlainText(), QString());
    QCOMPARE(change.count(), 0);
}

void tst_ChatScreen::refusedRegenerationIsMadeAgain()
{
    typeAndSend(QStringLiteral("Hello?"));
    QTRY_VERIFY(idle());
    QTest::keyClicks(edit(), QStringLiteral("another thought"));
    RefusedTurn turn;
    turn.kind = RefusedTurn::Kind::Regenerate;
    turn.messageId = m_chat->path().constLast().id;
    turn.error.kind = ErrorKind::BudgetExceeded;
    Shortfall soft;
    soft.budgetId = 7;
    soft.hard = false;
    turn.error.shortfall = soft;
    Q_EMIT m_chat->turnRefused(turn);
    auto *notice = m_screen->findChild<ui::NoticeBar *>();
    for (QAbstractButton *button : notice->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Send"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(m_chat->versions(turn.messageId).size(), 2);
    QTRY_VERIFY(idle());
    QCOMPARE(edit()->toPlainText(), QStringLiteral("another thought")); // the draft stays a draft
}

void tst_ChatScreen::expectedCostFollowsTheDraft()
{
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    auto *hint = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"));
    QVERIFY(hint);
    QCOMPARE(hint->text(), QStringLiteral("practice, simulated cost"));
    QTest::keyClicks(edit(), QStringLiteral("What can you do?")); // 5 tokens
    QTRY_VERIFY2(hint->text().startsWith(
                     QStringLiteral("practice \u00B7 \u2248 12 in \u00B7 <$0.0001 \u2013 0.0")),
                 qPrintable(hint->text()));
    QVERIFY2(hint->text().endsWith(QStringLiteral("simulated")), qPrintable(hint->text()));
    const QString before = hint->text();
    ChatOptions options;
    options.maxOutputTokens = 10;
    m_chat->setOptions(options); // a shorter answer costs less
    QTRY_VERIFY(hint->text() != before);
    m_bench->controls().setSpeed(8); // long enough for a busy machine to look at it
    QTest::keyClick(edit(), Qt::Key_Return);
    const QRegularExpression soFar(
        QStringLiteral("^\u2248 \\d+ in \u00B7 \\d+ out \u00B7 <?\\$\\S+ simulated so far$"));
    QTRY_VERIFY2(soFar.match(hint->text()).hasMatch(), qPrintable(hint->text()));
    const QString early = hint->text();
    QTRY_VERIFY(hint->text() != early);
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(idle());
    QTRY_COMPARE(hint->text(), QStringLiteral("practice, simulated cost"));
    QTest::keyClicks(edit(), QStringLiteral("x"));
    QTRY_VERIFY2(hint->text().contains(QStringLiteral("in \u00B7")), qPrintable(hint->text()));
    QVERIFY(!hint->text().contains(QStringLiteral("\u2248 8 in"))); // the history counts
}

//! Not the machine's speed: what a key costs this thread while a megabyte is being counted, against
//! before.
//! A key may cost what building the request anew costs, and no more: the counting is elsewhere.
void tst_ChatScreen::longDraftDoesNotStutter()
{
    auto *hint = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"));
    edit()->setPlainText(QStringLiteral("A line of some ten words that are not too long.\n")
                             .repeated(1'024 * 1'024 / 48));
    edit()->moveCursor(QTextCursor::End);
    (void)tests::usualKey(*edit()); // the first ones lay the text out
    const double without = tests::usualKey(*edit());
    const double request =
        tests::usualWork([this] { (void)m_chat->requestFor(edit()->toPlainText()); });
    int built = 0;
    m_screen->setForecastSource([&](const QList<ForecastQuestion> &questions) {
        built += static_cast<int>(questions.size());
        return m_bench->engine->forecast(questions);
    });
    QTRY_VERIFY2_WITH_TIMEOUT(hint->text().contains(QStringLiteral("in \u00B7")),
                              qPrintable(hint->text()), 60'000);
    built = 0;
    const double with = tests::usualKey(*edit());
    qInfo(
        "figure: key with a draft of 1 MB: %.1f ms, without a forecast %.1f ms, a request %.1f ms",
        with, without, request);
    QVERIFY2(built <= tests::KeysTyped + 1, qPrintable(QString::number(built)));
    QVERIFY2(with < 2 * without + 4 * request + 50,
             qPrintable(QStringLiteral("%1 ms, %2 without").arg(with).arg(without)));
}

QTEST_MAIN(tst_ChatScreen)

#include "tst_chatscreen.moc"
