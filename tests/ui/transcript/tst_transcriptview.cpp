#include "tests/support/threadtime.h"
#include "ui/transcript/rendermarkdown.h"
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace ui;

namespace {

TranscriptMessage question(const QString &id, const QString &text)
{
    TranscriptMessage message;
    message.id = id;
    message.role = MessageRole::User;
    message.text = text;
    return message;
}

TranscriptMessage answer(const QString &id, const QString &text,
                         MessageState state = MessageState::Complete)
{
    TranscriptMessage message;
    message.id = id;
    message.text = text;
    message.state = state;
    message.header = {QStringLiteral("Claude Sonnet 4.5"), QColor(0xB05A24)};
    message.footer = {
        {QStringLiteral("9,396 in"), DropOrder::Tokens, FooterTone::Plain},
        {QStringLiteral("356 out"), DropOrder::Tokens, FooterTone::Plain},
        {QStringLiteral("$0.0114"), DropOrder::Kept, FooterTone::Strong},
        {QStringLiteral("first token 2.71 s"), DropOrder::FirstToken, FooterTone::Plain},
        {QStringLiteral("71 tok/s"), DropOrder::TokenRate, FooterTone::Plain},
        {QStringLiteral("3 attempts"), DropOrder::Kept, FooterTone::Warning}};
    message.actions = {{QStringLiteral("copy"), QStringLiteral("Copy")},
                       {QStringLiteral("retry"), QStringLiteral("Retry")}};
    return message;
}

QString longText(int paragraphs)
{
    QString text;
    for (int i = 0; i < paragraphs; ++i)
        text += QStringLiteral("Paragraph %1 tells enough to fill more than one line of the "
                               "column, so that heights differ "
                               "from what was guessed before.\n\n")
                    .arg(i);
    return text;
}

void wheel(TranscriptView &view, int steps)
{
    const QPoint at = view.viewport()->rect().center();
    QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, QPoint(0, 120 * steps),
                      Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &event);
}

//! Waits until what was appended is shown.
void settle()
{
    QTest::qWait(25);
}

} // namespace

class tst_TranscriptView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_view.reset(); }
    void questionGoesOnTop();
    void seamStandsAboveTheTextThatCameAfterIt();
    void longQuestionShowsItsLastLines();
    void wheelWhileStreaming();
    void wheelToTheEndFollowsAfterSend();
    void endFollows();
    void buttonFollows();
    void nothingAboveMovesWhenScrollingUp();
    void resizeKeepsTheReadingPosition();
    void growingLeavesNoGapBelow();
    void anchorIsRestored();
    void versionTakesTheSamePlace();
    void selectsAcrossMessages();
    void selectionGoesOnBeyondTheEdge();
    void selectionOutlivesItsMarks();
    void findsAndCounts();
    void findFollowsTheText();
    void longChatIsSoughtInSlices();
    void errorButtons();
    void tabReachesLinks();
    void narrowFooterOpensAMenu();
    void menuDoesNotHoldTheWindow();
    void narrowWaitStandsAboveItsActions();
    void codeStaysWithinItsBubble();
    void wrapIsOfOneFence();
    void typedLinesHaveTheirOwnDirection_data();
    void typedLinesHaveTheirOwnDirection();
    void quoteBeginsWhereItsTextDoes();
    void quoteIsOneBar_data();
    void quoteIsOneBar();
    void tableTakesTheRoomThatIsThere();
    void bombsAreBounded_data();
    void bombsAreBounded();
    void picture();

private:
    [[nodiscard]] int visibleTop(int message, int part) const
    {
        return m_view->partRect(message, part).top();
    }
    std::unique_ptr<TranscriptView> m_view;
};

void tst_TranscriptView::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin).*")));
    m_view = std::make_unique<TranscriptView>(makeTheme(Scheme::Light, QApplication::font()));
    m_view->resize(900, 500);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void tst_TranscriptView::seamStandsAboveTheTextThatCameAfterIt()
{
    TranscriptMessage message =
        answer(QStringLiteral("a"), QStringLiteral("One.\n\nTwo."), MessageState::Streaming);
    message.seams = {{message.text.size(), QStringLiteral("continued by GPT-5")}};
    m_view->setMessages({question(QStringLiteral("q"), QStringLiteral("Count.")), message});
    const auto seamed = [this] {
        QList<int> blocks;
        for (int i = 0; i < m_view->item(1).partCount(); ++i) {
            if (m_view->item(1).part(i).seam >= 0)
                blocks.append(m_view->item(1).part(i).block);
        }
        return blocks;
    };
    settle();
    QCOMPARE(seamed(), QList<int>()); // nothing stands below it yet
    m_view->appendText(QStringLiteral("a"), QStringLiteral("\n\n"));
    settle();
    QCOMPARE(seamed(), QList<int>());
    m_view->appendText(QStringLiteral("a"), QStringLiteral("Three."));
    settle();
    QCOMPARE(seamed(), QList<int>{2});
    m_view->appendText(QStringLiteral("a"), QStringLiteral("\n\nFour."));
    settle();
    QCOMPARE(seamed(), QList<int>{2});
    m_view->selectAll();
    QVERIFY(!m_view->selectedText().contains(QStringLiteral("continued")));

    // In mid-paragraph it stands above the paragraph.
    message.id = QStringLiteral("b");
    message.text = QStringLiteral("One.\n\nTwo and two.\n\nThree.");
    message.seams = {{9, QStringLiteral("continued by GPT-5")}};
    m_view->setMessages({question(QStringLiteral("q"), QStringLiteral("Count.")), message});
    settle();
    QCOMPARE(seamed(), QList<int>{1});
    const int with = m_view->item(1).height();
    m_view->setSeams(QStringLiteral("b"), {});
    settle();
    QCOMPARE(seamed(), QList<int>());
    QVERIFY(m_view->item(1).height() < with);
}

void tst_TranscriptView::questionGoesOnTop()
{
    m_view->setMessages({question(QStringLiteral("q1"), QStringLiteral("Old")),
                         answer(QStringLiteral("a1"), longText(12))});
    m_view->appendMessage(question(QStringLiteral("q2"), QStringLiteral("New")));
    m_view->appendMessage(answer(QStringLiteral("a2"), {}, MessageState::Streaming));
    QSignalSpy moved(m_view.get(), &TranscriptView::scrollAnchorChanged);
    m_view->showQuestion(QStringLiteral("q2"));
    QCOMPARE(moved.size(), 1); // whoever comes back comes back to it
    QVERIFY(m_view->scrollAnchor().endsWith(QStringLiteral(" q2")));
    QCOMPARE(visibleTop(2, 0), 0);
    QVERIFY(!m_view->isFollowing());
    for (int i = 0; i < 10; ++i) {
        m_view->appendText(QStringLiteral("a2"), longText(3));
        settle();
        QCOMPARE(visibleTop(2, 0), 0); // the answer grows downwards; what is read stays
    }
    QVERIFY(m_view->findChild<QPushButton *>(QStringLiteral("newTextBelow"))->isVisible());
}

//! Also when actions stand below its bubble, and when the answer comes.
void tst_TranscriptView::longQuestionShowsItsLastLines()
{
    TranscriptMessage asked =
        question(QStringLiteral("q"), QStringLiteral("A line\n").repeated(40).trimmed());
    asked.actions = {{QStringLiteral("copy"), QStringLiteral("Copy")}};
    m_view->setMessages({asked, answer(QStringLiteral("a"), {}, MessageState::Streaming)});
    m_view->showQuestion(QStringLiteral("q"));
    const auto seen = [this] {
        return m_view->item(0).bubble().translated(0, visibleTop(0, 0)).bottom() + 1;
    };
    const int line = m_view->item(0).bubble().height() / 40;
    const int shown = seen();
    QVERIFY2(shown >= 3 * line && shown < 4 * line, qPrintable(QString::number(shown)));
    for (int i = 0; i < 4; ++i) {
        m_view->appendText(QStringLiteral("a"), longText(3));
        settle();
        QCOMPARE(seen(), shown);
    }
}

void tst_TranscriptView::wheelWhileStreaming()
{
    m_view->setMessages({answer(QStringLiteral("a1"), longText(30), MessageState::Streaming)});
    m_view->followAnswer();
    QVERIFY(m_view->isFollowing());
    wheel(*m_view, 2);
    QVERIFY(!m_view->isFollowing());
    const int before = visibleTop(0, 10);
    for (int i = 0; i < 5; ++i) {
        m_view->appendText(QStringLiteral("a1"), longText(2));
        settle();
        QCOMPARE(visibleTop(0, 10), before);
    }
}

void tst_TranscriptView::wheelToTheEndFollowsAfterSend()
{
    m_view->setMessages({question(QStringLiteral("q1"), QStringLiteral("Old")),
                         answer(QStringLiteral("a1"), longText(12)),
                         question(QStringLiteral("q2"), QStringLiteral("New")),
                         answer(QStringLiteral("a2"), longText(1), MessageState::Streaming)});
    m_view->showQuestion(QStringLiteral("q2"));
    wheel(*m_view, -3); // below it is nothing but the question's room
    QVERIFY(!m_view->isFollowing());
    QCOMPARE(visibleTop(2, 0), 0);
    m_view->appendText(QStringLiteral("a2"), longText(30));
    settle();
    wheel(*m_view, -1);
    QVERIFY(!m_view->isFollowing());
    for (int i = 0; i < 20; ++i)
        wheel(*m_view, -5);
    QVERIFY(m_view->isFollowing());
    QVERIFY(!m_view->findChild<QPushButton *>(QStringLiteral("newTextBelow"))->isVisible());
    m_view->appendText(QStringLiteral("a2"), longText(3));
    settle();
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum());
}

void tst_TranscriptView::endFollows()
{
    m_view->setMessages({answer(QStringLiteral("a1"), longText(30), MessageState::Streaming)});
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QVERIFY(!m_view->isFollowing());
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QVERIFY(m_view->isFollowing());
    m_view->appendText(QStringLiteral("a1"), longText(10));
    settle();
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum());
    QTest::keyClick(m_view.get(), Qt::Key_PageUp);
    QVERIFY(!m_view->isFollowing());
}

void tst_TranscriptView::buttonFollows()
{
    questionGoesOnTop();
    QSignalSpy moved(m_view.get(), &TranscriptView::scrollAnchorChanged);
    QTest::mouseClick(m_view->findChild<QPushButton *>(QStringLiteral("newTextBelow")),
                      Qt::LeftButton);
    QCOMPARE(moved.size(), 1);
    QVERIFY(m_view->isFollowing());
    QVERIFY(!m_view->findChild<QPushButton *>(QStringLiteral("newTextBelow"))->isVisible());
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum());
}

void tst_TranscriptView::nothingAboveMovesWhenScrollingUp()
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 60; ++i)
        messages.append(
            answer(QString::number(i),
                   longText(1 + i % 7) + QStringLiteral("```cpp\nint a;\nint b;\n```\n")));
    m_view->setMessages(messages);
    for (int i = 0; i < 40; ++i) {
        const int message = 59;
        const int before = visibleTop(message, 0);
        const int value = m_view->verticalScrollBar()->value();
        wheel(*m_view, 1);
        // One step of the wheel moves the text that is seen by exactly that step, whatever was
        // measured above it.
        const int step = visibleTop(message, 0) - before;
        QVERIFY2(step == 3 * m_view->verticalScrollBar()->singleStep() || value == 0,
                 qPrintable(QString::number(step)));
    }
}

void tst_TranscriptView::resizeKeepsTheReadingPosition()
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 20; ++i)
        messages.append(answer(QString::number(i), longText(5)));
    m_view->setMessages(messages);
    m_view->scrollToMessage(QStringLiteral("7"));
    QCOMPARE(visibleTop(7, 0), 0);
    m_view->resize(520, 500);
    QCOMPARE(visibleTop(7, 0), 0);
    m_view->resize(1000, 300);
    QCOMPARE(visibleTop(7, 0), 0);
}

void tst_TranscriptView::growingLeavesNoGapBelow()
{
    m_view->resize(900, 250);
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 10; ++i)
        messages << answer(QStringLiteral("a%1").arg(i), longText(3));
    m_view->setMessages(messages);
    settle();
    const int gap = m_view->viewport()->height() - m_view->partRect(9, 2).bottom();
    m_view->resize(900, 600);
    settle();
    QCOMPARE(m_view->viewport()->height() - m_view->partRect(9, 2).bottom(), gap);
}

void tst_TranscriptView::anchorIsRestored()
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 20; ++i)
        messages.append(answer(QString::number(i), longText(5)));
    m_view->setMessages(messages);
    m_view->scrollToMessage(QStringLiteral("5"));
    wheel(*m_view, -2);
    const QString anchor = m_view->scrollAnchor();
    const int top = visibleTop(5, 3);
    m_view->setMessages(messages);
    QVERIFY(visibleTop(5, 3) != top);
    const int atEnd = visibleTop(5, 3);
    m_view->setMessages(messages, anchor);
    QCOMPARE(visibleTop(5, 3), top);
    QCOMPARE(m_view->item(19).layoutCount(), 0); // nobody looks at the end
    m_view->setMessages(messages, QStringLiteral("nonsense"));
    QCOMPARE(visibleTop(5, 3), atEnd);
}

void tst_TranscriptView::versionTakesTheSamePlace()
{
    m_view->setMessages({question(QStringLiteral("q1"), QStringLiteral("Old")),
                         answer(QStringLiteral("a1"), longText(40)),
                         question(QStringLiteral("q2"), QStringLiteral("New")),
                         answer(QStringLiteral("a2"), longText(40))});
    m_view->scrollToMessage(QStringLiteral("q2"));
    QCOMPARE(visibleTop(2, 0), 0);
    m_view->replaceFrom(QStringLiteral("a2"), {answer(QStringLiteral("b2"), longText(50))});
    QCOMPARE(visibleTop(2, 0), 0); // its question does not move
    QCOMPARE(m_view->item(3).message().id, QStringLiteral("b2"));
    m_view->scrollToMessage(QStringLiteral("b2"));
    wheel(*m_view, -1);
    QVERIFY(visibleTop(3, 0) < 0);
    m_view->replaceFrom(QStringLiteral("b2"), {answer(QStringLiteral("a2"), longText(40))});
    QCOMPARE(visibleTop(3, 0), 0); // read from its beginning
}

void tst_TranscriptView::selectsAcrossMessages()
{
    m_view->setMessages(
        {question(QStringLiteral("q"), QStringLiteral("Why?")),
         answer(QStringLiteral("a"), QStringLiteral("Because **it** is.\n\n1. one\n2. two\n")),
         question(QStringLiteral("r"), QStringLiteral("Thanks"))});
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral("Why?\n\nBecause **it** is.\n\n1. one\n2. two\n\nThanks"));
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QVERIFY(!m_view->hasSelection());
    // A double click takes the word.
    const int part = m_view->item(1).partOfBlock(0);
    const QPoint at =
        m_view->partRect(1, part).topLeft() + m_view->item(1).contentOrigin(part) + QPoint(10, 10);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("Because"));
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("Because "));
    // The third click takes the block.
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QStringLiteral("Because it is."));
}

//! The mouse rests above the text while its button is held.
void tst_TranscriptView::selectionGoesOnBeyondTheEdge()
{
    m_view->setMessages({answer(QStringLiteral("a"), longText(80))}); // shows the end
    QWidget *viewport = m_view->viewport();
    const QPoint inside = viewport->rect().center();
    const QPoint above(inside.x(), -30);
    QTest::mousePress(viewport, Qt::LeftButton, {}, inside);
    QMouseEvent move(QEvent::MouseMove, above, viewport->mapToGlobal(above), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(viewport, &move);
    const int moved = m_view->verticalScrollBar()->value();
    const qsizetype taken = m_view->selectedText().size();
    QTRY_VERIFY(m_view->verticalScrollBar()->value() < moved - 100);
    QVERIFY(m_view->selectedText().size() > taken);
    QVERIFY(!m_view->selectedText().contains(m_view->item(0).blocks().back().body.text));
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, inside);
    const int released = m_view->verticalScrollBar()->value();
    settle();
    settle();
    QCOMPARE(m_view->verticalScrollBar()->value(), released);
}

//! Text that is still being written loses the marks that turn out to be some.
void tst_TranscriptView::selectionOutlivesItsMarks()
{
    m_view->setMessages(
        {answer(QStringLiteral("a"), QStringLiteral("See **that"), MessageState::Streaming)});
    m_view->selectAll();
    QCOMPARE(m_view->selectedText(), QStringLiteral("See **that"));
    m_view->appendText(QStringLiteral("a"), QStringLiteral("**"));
    settle();
    QCOMPARE(m_view->plainText(0), QStringLiteral("See that"));
    QCOMPARE(m_view->selectedText(), QStringLiteral("See that"));
}

void tst_TranscriptView::findsAndCounts()
{
    m_view->setMessages({answer(QStringLiteral("a"), QStringLiteral("Wren and wren")),
                         answer(QStringLiteral("b"), longText(30)),
                         answer(QStringLiteral("c"), QStringLiteral("a WREN"))});
    QSignalSpy found(m_view.get(), &TranscriptView::findChanged);
    m_view->setFindText(QStringLiteral("wren"));
    QCOMPARE(found.last().at(1).toInt(), 3);
    m_view->findNext();
    m_view->findNext();
    m_view->findNext();
    QCOMPARE(found.last().at(0), found.first().at(0)); // round and round
    m_view->setFindText({});
    QCOMPARE(found.last().at(1).toInt(), 0);
}

//! What arrives, goes, or is another chat's is sought in, too.
void tst_TranscriptView::findFollowsTheText()
{
    m_view->setMessages(
        {answer(QStringLiteral("a"), QStringLiteral("Wren")),
         answer(QStringLiteral("b"), QStringLiteral("One.\n\nA w"), MessageState::Streaming)});
    QSignalSpy found(m_view.get(), &TranscriptView::findChanged);
    const auto told = [&found] { return std::pair(found.last().at(0), found.last().at(1)); };
    m_view->setFindText(QStringLiteral("wren"));
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(1, 1)));
    m_view->appendText(QStringLiteral("b"), QStringLiteral("ren, a wren"));
    settle();
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(1, 3)));
    m_view->findPrevious();
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(3, 3)));
    m_view->appendMessage(question(QStringLiteral("q"), QStringLiteral("wren?")));
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(3, 4)));
    m_view->removeFrom(QStringLiteral("b"));
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(0, 1)));
    m_view->findPrevious();
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(1, 1)));
    m_view->setMessages({answer(QStringLiteral("c"), QStringLiteral("a wren and a wren"))});
    QCOMPARE(found.last().at(1).toInt(), 2);
    m_view->setMessages({answer(QStringLiteral("d"), QStringLiteral("none"))});
    QCOMPARE(told(), (std::pair<QVariant, QVariant>(0, 0)));
}

//! The window does not wait for it; another chat, or another text, may come meanwhile.
void tst_TranscriptView::longChatIsSoughtInSlices()
{
    constexpr int BusyMachine = 30'000; // under sanitizers
    QList<ui::TranscriptMessage> messages;
    for (int i = 0; i < 4'000; ++i)
        messages.append(answer(QString::number(i), QStringLiteral("**One** wren, `two` wrens.")));
    QSignalSpy found(m_view.get(), &TranscriptView::findChanged);
    m_view->setMessages(messages);
    m_view->setFindText(QStringLiteral("one wren"));
    QTRY_COMPARE_WITH_TIMEOUT(found.last().at(1).toInt(), 4'000, BusyMachine);
    const int shown = found.last().at(0).toInt();
    QVERIFY(shown > 3'900); // it was read from its end
    m_view->findPrevious();
    QCOMPARE(found.last().at(0).toInt(), shown - 1);

    m_view->setMessages(messages); // as for the first time
    m_view->setFindText(QStringLiteral("wren"));
    m_view->appendMessage(answer(QStringLiteral("more"), QStringLiteral("A wren.")));
    m_view->removeFrom(QStringLiteral("3990"));
    QTRY_COMPARE_WITH_TIMEOUT(found.last().at(1).toInt(), 2 * 3'990, BusyMachine);
    m_view->setMessages(messages);
    m_view->setFindText(QStringLiteral("two wrens"));
    m_view->setMessages({answer(QStringLiteral("c"), QStringLiteral("two wrens and two wrens"))});
    QTRY_COMPARE_WITH_TIMEOUT(found.last().at(1).toInt(), 2, BusyMachine);
}

void tst_TranscriptView::errorButtons()
{
    TranscriptMessage failed =
        answer(QStringLiteral("a"), QStringLiteral("Kept text"), MessageState::Failed);
    failed.error = ErrorCard{QStringLiteral("The server is overloaded."),
                             QStringLiteral("HTTP 529"),
                             {{QStringLiteral("retry-error"), QStringLiteral("Retry")},
                              {QStringLiteral("other"), QStringLiteral("Other model")}}};
    m_view->setMessages({failed});
    QSignalSpy actions(m_view.get(), &TranscriptView::actionTriggered);
    const MessageItem &item = m_view->item(0);
    for (int part = 0; part < item.partCount(); ++part) {
        if (item.part(part).kind != MessagePart::Kind::Error)
            continue;
        const int folded = item.part(part).height;
        const QPoint top = m_view->partRect(0, part).topLeft();
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                          top + item.spots(part)[2].rect.center());
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                          top + item.spots(part)[0].rect.center());
        QVERIFY(item.part(part).height > folded);
        break;
    }
    QCOMPARE(actions.size(), 1);
    QCOMPARE(actions[0][1].toString(), QStringLiteral("other"));
}

void tst_TranscriptView::tabReachesLinks()
{
    m_view->setMessages({answer(QStringLiteral("a"),
                                QStringLiteral("See [the text](https://example.org/x) there."))});
    m_view->setFocus();
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(links.size(), 1);
    QCOMPARE(links[0][0].toString(), QStringLiteral("the text"));
    QCOMPARE(links[0][1].toString(), QStringLiteral("https://example.org/x"));
}

void tst_TranscriptView::narrowFooterOpensAMenu()
{
    m_view->resize(330, 500);
    TranscriptMessage message = answer(QStringLiteral("a"), QStringLiteral("Short."));
    message.actions.append({QStringLiteral("branch"), QStringLiteral("Branch from here")});
    message.actions.append({QStringLiteral("compare"), QStringLiteral("Compare with others")});
    m_view->setMessages({message});
    m_view->setFocus();
    QSignalSpy actions(m_view.get(), &TranscriptView::actionTriggered);
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(actions.size(), 0);
    auto *menu = m_view->findChild<QMenu *>(QStringLiteral("messageActions"));
    QVERIFY(menu && menu->isVisible());
    QCOMPARE(menu->actions().size(), 4);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QCOMPARE(actions.size(), 1);
    QCOMPARE(actions[0][0].toString(), QStringLiteral("a"));
    QCOMPARE(actions[0][1].toString(), QStringLiteral("retry"));
}

void tst_TranscriptView::menuDoesNotHoldTheWindow()
{
    m_view->setMessages({answer(QStringLiteral("a"), QStringLiteral("Short."))});
    QSignalSpy actions(m_view.get(), &TranscriptView::actionTriggered);
    const QPoint at = m_view->partRect(0, 0).center();
    QContextMenuEvent asked(QContextMenuEvent::Mouse, at, m_view->viewport()->mapToGlobal(at));
    QApplication::sendEvent(m_view->viewport(), &asked);
    auto *menu = m_view->findChild<QMenu *>(QStringLiteral("transcriptMenu"));
    QVERIFY(menu && menu->isVisible());
    menu->actions().constLast()->trigger();
    QCOMPARE(actions.size(), 1);
    QCOMPARE(actions[0][1].toString(), QStringLiteral("retry"));
    m_view.reset(); // with its menu
}

//! In a lane of a comparison: neither hides the other, nor folds away.
void tst_TranscriptView::narrowWaitStandsAboveItsActions()
{
    m_view->resize(330, 500);
    TranscriptMessage message = answer(QStringLiteral("a"), {}, MessageState::Streaming);
    message.footer = {
        {QStringLiteral("My server is limiting how fast you may ask. Attempt 2 in 89 s"),
         DropOrder::Kept, FooterTone::Warning}};
    message.actions = {{QStringLiteral("now"), QStringLiteral("Now")},
                       {QStringLiteral("other"), QStringLiteral("Other model")},
                       {QStringLiteral("cancel"), QStringLiteral("Cancel")}};
    m_view->setMessages({message});
    const MessageItem &item = m_view->item(0);
    const int footer = item.partCount() - 1;
    const QList<HotSpot> spots = item.spots(footer);
    QCOMPARE(spots.size(), 3);
    const int line = spots.constFirst().rect.height();
    for (const HotSpot &spot : spots) {
        QVERIFY(spot.rect.left() >= 0 && spot.rect.top() >= 2 * line - 8);
        QVERIFY(spot.rect.bottom() < item.part(footer).height);
    }
    m_view->resize(900, 500); // there they stand beside it
    QCOMPARE(m_view->item(0).part(m_view->item(0).partCount() - 1).height -
                 m_view->item(0).part(m_view->item(0).partCount() - 1).gap,
             line);
}

void tst_TranscriptView::codeStaysWithinItsBubble()
{
    m_view->resize(800, 500);
    TranscriptMessage message;
    message.id = QStringLiteral("q");
    message.role = MessageRole::User;
    message.text = QStringLiteral("Why?\n```cpp\nint main() {}\n```");
    m_view->setMessages({message});
    settle();
    // The frame of code is as wide as a question may be: 72 of a hundred parts of the column.
    const QRect bubble = m_view->item(0).bubble();
    QVERIFY2(bubble.width() * 100 >= 71 * (bubble.right() + 1),
             qPrintable(QString::number(bubble.width())));
}

//! Reasoning has blocks with the same numbers as those of the answer.
void tst_TranscriptView::wrapIsOfOneFence()
{
    const QString fence = QStringLiteral("```\n%1\n```").arg(QStringLiteral("word ").repeated(90));
    TranscriptMessage message = answer(QStringLiteral("a"), fence);
    message.reasoning = fence;
    MessageItem item(message);
    item.setGeometry(TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font())), 400);
    item.parse();
    item.toggle({HotSpot::Kind::Reasoning, {}, {}, 0, {}}, 0);
    const auto heightOf = [&item](MessagePart::Kind kind) {
        for (int part = 0; part < item.partCount(); ++part) {
            item.measure(part);
            if (item.part(part).kind == kind)
                return std::pair(part, item.layout(part)->height());
        }
        return std::pair(-1, 0);
    };
    const auto [thought, before] = heightOf(MessagePart::Kind::Reasoning);
    QVERIFY(thought >= 0);
    const int said = heightOf(MessagePart::Kind::Content).second;
    item.toggle({HotSpot::Kind::WrapCode, {}, {}, 0, {}}, thought);
    QVERIFY(heightOf(MessagePart::Kind::Reasoning).second > before);
    QCOMPARE(heightOf(MessagePart::Kind::Content).second, said);
    item.toggle({HotSpot::Kind::WrapCode, {}, {}, 0, {}}, thought);
    QCOMPARE(heightOf(MessagePart::Kind::Reasoning).second, before);
}

void tst_TranscriptView::typedLinesHaveTheirOwnDirection_data()
{
    const QString hebrew = QStringLiteral("\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD");
    const QString arabic = QStringLiteral("\u0645\u0631\u062D\u0628\u0627");
    const QString english = QStringLiteral("English line after with ") + hebrew;
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sides"); //!< Of each line.
    QTest::newRow("one-line") << hebrew << QStringLiteral("R");
    QTest::newRow("english-after-hebrew") << hebrew + u'\n' + english << QStringLiteral("RL");
    QTest::newRow("there-and-back")
        << english + u'\n' + hebrew + u'\n' + arabic + u'\n' + english << QStringLiteral("LRRL");
    QTest::newRow("marks-go-with-the-line-above")
        << hebrew + QStringLiteral("\n!!\n") + english + QStringLiteral("\n!!")
        << QStringLiteral("RRLL");
    QTest::newRow("beside-code") << english + QStringLiteral("\n```\nint i;\n```\n") + hebrew
                                 << QStringLiteral("L R");
}

void tst_TranscriptView::typedLinesHaveTheirOwnDirection()
{
    QFETCH(const QString, text);
    QFETCH(const QString, sides);
    m_view->setMessages({question(QStringLiteral("q"), text)});
    settle();
    const MessageItem &item = m_view->item(0);
    const QRectF inside =
        QRectF(item.bubble()).adjusted(metrics::BubblePadding, 0, -metrics::BubblePadding, 0);
    QString found;
    for (int block = 0; block < item.blocks().size(); ++block) {
        const int part = item.partOfBlock(block);
        const BlockLayout *layout = item.layout(part);
        QVERIFY(layout);
        if (layout->block().kind == BlockKind::Code) {
            found += u' ';
            continue;
        }
        int start = 0;
        qreal above = -1;
        for (const QString &line : layout->block().body.text.split(u'\n')) {
            QRectF taken;
            for (const QRectF &rect : layout->rangeRects(start, int(line.size())))
                taken |= rect.translated(item.contentOrigin(part));
            QVERIFY(taken.left() >= inside.left() - 1 && taken.right() <= inside.right() + 2);
            QVERIFY(taken.top() > above);
            above = taken.top();
            const QRectF caret =
                layout->caretRect(start).translated(item.contentOrigin(part)); // where it begins
            const bool isRight = std::abs(caret.left() - inside.right()) < 3;
            QVERIFY(isRight || std::abs(caret.left() - inside.left()) < 3);
            found += isRight ? u'R' : u'L';
            // A click on a line's beginning is that line's.
            bool onText = false;
            QCOMPARE(layout->offsetAt(caret.center() - item.contentOrigin(part) +
                                          QPointF(isRight ? -1 : 1, 0),
                                      0, &onText),
                     start);
            start += int(line.size()) + 1;
        }
    }
    QCOMPARE(found, sides);
}

void tst_TranscriptView::quoteBeginsWhereItsTextDoes()
{
    const TranscriptStyle style =
        TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font()));
    const auto barIsAt = [&style](const QString &text, int x) {
        TextBlock block;
        block.quoteDepth = 1;
        block.body.text = text;
        const BlockLayout layout(block, style, 300, false);
        QImage picture(300, layout.height(), QImage::Format_RGB32);
        picture.fill(style.window);
        QPainter painter(&picture);
        layout.paint(painter, {0, 0}, {});
        return picture.pixelColor(x, layout.height() / 2) == style.hairline;
    };
    const QString hebrew = QStringLiteral("\u05E9\u05DC\u05D5\u05DD");
    QVERIFY(barIsAt(QStringLiteral("Wren"), 1));
    QVERIFY(!barIsAt(QStringLiteral("Wren"), 298));
    QVERIFY(barIsAt(hebrew, 298));
    QVERIFY(!barIsAt(hebrew, 1));
}

void tst_TranscriptView::quoteIsOneBar_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("bars");
    QTest::newRow("paragraphs") << QStringLiteral("> a\n>\n> b\n>\n> c") << 1;
    QTest::newRow("table") << QStringLiteral("> a\n> |b|c|\n> |-|-|\n> |1|2|") << 1;
    QTest::newRow("quote-within") << QStringLiteral("> a\n>\n> > b\n>\n> c") << 1;
    QTest::newRow("two-quotes") << QStringLiteral("> a\n\n> b") << 2;
    QTest::newRow("text-between") << QStringLiteral("> a\n\nb\n\n> c") << 2;
}

//! Counted down the middle of the outermost bars.
void tst_TranscriptView::quoteIsOneBar()
{
    QFETCH(const QString, text);
    QFETCH(const int, bars);
    const Theme theme = makeTheme(Scheme::Light, QApplication::font());
    const QImage picture = renderMarkdown(text, theme, 400);
    int found = 0;
    bool before = false;
    for (int y = 0; y < picture.height(); ++y) {
        const bool here = picture.pixelColor(metrics::Margin + 1, y) == theme.hairline;
        found += here && !before ? 1 : 0;
        before = here;
    }
    QCOMPARE(found, bars);
}

void tst_TranscriptView::tableTakesTheRoomThatIsThere()
{
    const TranscriptStyle style =
        TranscriptStyle::of(makeTheme(Scheme::Light, QApplication::font()));
    QString cell = QStringLiteral("word");
    while (QFontMetrics(style.body).horizontalAdvance(cell) < 450)
        cell += QStringLiteral(" word");
    const auto text = [](const QString &shown) { return RichText{shown, {}}; };
    TextBlock block;
    block.kind = BlockKind::Table;
    block.columns = {Qt::AlignLeft, Qt::AlignLeft};
    block.rows = {{text(QStringLiteral("a")), text(QStringLiteral("b"))},
                  {text(QStringLiteral("x")), text(cell)}};
    block.body.text = QStringLiteral("a\tb\nx\t") + cell;
    const BlockLayout wide(block, style, 740, false);
    QCOMPARE(wide.rangeRects(6, int(cell.size())).size(), 1);
    QCOMPARE(wide.scrollRange(), 0);
    QVERIFY(wide.naturalWidth() < 700); // no wider than it must be
    const BlockLayout narrow(block, style, 300, false);
    QVERIFY(narrow.rangeRects(6, int(cell.size())).size() > 1);
}

void tst_TranscriptView::bombsAreBounded_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("quotes") << QString(5000, u'>');
    QTest::newRow("brackets") << QString(20000, u'[');
    QTest::newRow("long-word") << QString(60000, u'x');
    QTest::newRow("marks") << QStringLiteral("a") + QString(3000, QChar(0x0301));
    QTest::newRow("joiners") << QStringLiteral("\u2764\u200D").repeated(2000);
    QTest::newRow("table") << QStringLiteral("|a|b|\n|-|-|\n") +
                                  QStringLiteral("|1|2|\n").repeated(3000);
    QTest::newRow("nested-lists") << [] {
        QString text;
        for (int i = 0; i < 60; ++i)
            text += QString(i * 2, u' ') + QStringLiteral("- x\n");
        return text;
    }();
}

void tst_TranscriptView::bombsAreBounded()
{
    QFETCH(const QString, text);
    const double before = tests::threadMilliseconds();
    m_view->setMessages({answer(QStringLiteral("a"), text)});
    (void)m_view->grab();
    const double spent = tests::threadMilliseconds() - before;
    QVERIFY2(spent < 2000, qPrintable(QString::number(spent))); // a bomb takes minutes
}

void tst_TranscriptView::picture()
{
    const QString folder = qEnvironmentVariable("FARTHING_PICTURES");
    if (folder.isEmpty())
        QSKIP("FARTHING_PICTURES names no folder");
    TranscriptMessage first = answer(
        QStringLiteral("a"),
        QStringLiteral("Full jitter spreads retries over the whole window. **Decorrelated jitter** "
                       "grows from the delay it last used, so a client that "
                       "was unlucky once doesn't stay in step with the others:\n\n```cpp\n// next "
                       "delay, drawn from [base, 3 \u00D7 previous], never above cap\n"
                       "auto nextDelay(milliseconds previous, const Backoff &b) {\n    const auto "
                       "high = std::max(b.base, previous * 3);\n"
                       "    return std::min(b.cap, uniform(b.base, high));\n}\n```\n\nTwo rules "
                       "matter more than the formula:\n\n- Honour **Retry-After** when the "
                       "provider sends one; never retry sooner.\n- Give the whole request one "
                       "deadline, so that waiting counts too.\n"));
    first.version = {2, 3};
    TranscriptMessage second = answer(
        QStringLiteral("b"),
        QStringLiteral(
            "> A quote with `code` in it\n\n| Model | Cost |\n|:-|-:|\n| Sonnet | $0.01 |\n| Haiku "
            "| $0.003 |\n\n1. one\n2. two\n   - nested\n   - [x] done\n\n"
            "See [RFC 9110](https://example.org).\n\n### Heading\n\n\u0645\u0631\u062D\u0628\u0627 "
            "\u0628\u0627\u0644\u0639\u0627\u0644\u0645\n\nThey stay. The answer is marked as "
            "interrupted because a reader may have"),
        MessageState::Streaming);
    second.footer.clear();
    second.actions.clear();
    second.reasoning = QStringLiteral("thinking");
    second.reasoningLabel = QStringLiteral("Reasoned for 4 s, 812 tokens");
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        m_view->setTheme(makeTheme(scheme, QApplication::font()));
        m_view->resize(scheme == Scheme::Light ? 860 : 480, 900);
        m_view->setMessages(
            {question(QStringLiteral("q"),
                      QStringLiteral("How should a client space out its retries when a provider "
                                     "rate limits it? Show the formula in C++.")),
             first,
             question(QStringLiteral("r"), QStringLiteral("And what happens to the tokens?")),
             second});
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        QVERIFY(
            m_view->grab().save(folder + (scheme == Scheme::Light ? QStringLiteral("/light.png")
                                                                  : QStringLiteral("/dark.png"))));
    }
}

QTEST_MAIN(tst_TranscriptView)

#include "tst_transcriptview.moc"
