#include "ui/transcript/transcriptview.h"

#include <QAccessible>
#include <QApplication>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace ui;

namespace {

TranscriptMessage message(const QString &id, MessageRole role, const QString &text)
{
    TranscriptMessage made;
    made.id = id;
    made.role = role;
    made.text = text;
    if (role == MessageRole::Assistant)
        made.header.text = QStringLiteral("Claude Sonnet 4.5");
    return made;
}

} // namespace

class tst_TranscriptAccessible : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void readsMessages();
    void reachesMessagesOutOfSight();
    void pressesActions();
    void forgetsRemovedMessages();
    void saysSentences();
    void saysEachWordOnce();
    void saysAsMuchAsIsWanted_data();
    void saysAsMuchAsIsWanted();
    void goesOnAfterAnotherChat();
    void saysErrors();

private:
    [[nodiscard]] QAccessibleInterface *list() const
    {
        return QAccessible::queryAccessibleInterface(m_view.get());
    }
    std::unique_ptr<TranscriptView> m_view;
};

void tst_TranscriptAccessible::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin).*")));
    m_view = std::make_unique<TranscriptView>(makeTheme(Scheme::Light, QApplication::font()));
    m_view->resize(900, 500);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QVERIFY(list()); // a screen reader is there
}

void tst_TranscriptAccessible::cleanup()
{
    m_view.reset();
}

void tst_TranscriptAccessible::readsMessages()
{
    TranscriptMessage answer = message(QStringLiteral("a"), MessageRole::Assistant,
                                       QStringLiteral("Because **it** is.\n\n1. one\n2. two"));
    answer.footer = {{QStringLiteral("$0.0114"), DropOrder::Kept, FooterTone::Strong}};
    m_view->setMessages(
        {message(QStringLiteral("q"), MessageRole::User, QStringLiteral("Why?")), answer});
    QCOMPARE(list()->role(), QAccessible::List);
    QVERIFY(list()->childCount() >= 2);
    QAccessibleInterface *first = list()->child(0);
    QCOMPARE(first->text(QAccessible::Name), QStringLiteral("You"));
    QCOMPARE(first->text(QAccessible::Value), QStringLiteral("Why?"));
    QAccessibleInterface *second = list()->child(1);
    QCOMPARE(second->role(), QAccessible::ListItem);
    QCOMPARE(second->text(QAccessible::Name), QStringLiteral("Assistant, Claude Sonnet 4.5"));
    QCOMPARE(second->text(QAccessible::Value), QStringLiteral("Because it is.\n\n1. one\n2. two"));
    QCOMPARE(second->text(QAccessible::Description), QStringLiteral("$0.0114"));
    QCOMPARE(second->textInterface()->text(0, 7), QStringLiteral("Because"));
    QCOMPARE(second->textInterface()->text(-5, 9999).size(),
             second->textInterface()->characterCount());
    QCOMPARE(second->parent(), list());
    QCOMPARE(list()->indexOfChild(second), 1);
    QVERIFY(second->rect().isValid());
    const QPoint inside = second->rect().center();
    QCOMPARE(list()->childAt(inside.x(), inside.y()), second);
}

void tst_TranscriptAccessible::reachesMessagesOutOfSight()
{
    QList<TranscriptMessage> messages;
    for (int i = 0; i < 500; ++i)
        messages.append(
            message(QString::number(i), MessageRole::Assistant, QStringLiteral("Text %1.").arg(i)));
    m_view->setMessages(messages);
    const int top = m_view->partRect(499, 0).top();
    QCOMPARE(list()->child(3)->text(QAccessible::Value), QStringLiteral("Text 3."));
    QVERIFY(list()->child(3)->state().offscreen);
    QVERIFY(!list()->child(499)->state().offscreen);
    QCOMPARE(m_view->partRect(499, 0).top(), top); // reading aloud moves nothing
}

void tst_TranscriptAccessible::pressesActions()
{
    TranscriptMessage failed =
        message(QStringLiteral("a"), MessageRole::Assistant, QStringLiteral("Kept"));
    failed.actions = {{QStringLiteral("copy"), QStringLiteral("Copy")}};
    failed.error = ErrorCard{QStringLiteral("The server is overloaded."),
                             {},
                             {{QStringLiteral("other"), QStringLiteral("Other model")}}};
    m_view->setMessages({failed});
    QSignalSpy actions(m_view.get(), &TranscriptView::actionTriggered);
    QAccessibleActionInterface *press = list()->child(0)->actionInterface();
    QVERIFY(press);
    QCOMPARE(press->actionNames(),
             QStringList({QStringLiteral("Copy"), QStringLiteral("Other model")}));
    press->doAction(QStringLiteral("Other model"));
    press->doAction(QStringLiteral("Nothing"));
    QCOMPARE(actions.size(), 1);
    QCOMPARE(actions[0][0].toString(), QStringLiteral("a"));
    QCOMPARE(actions[0][1].toString(), QStringLiteral("other"));
}

void tst_TranscriptAccessible::forgetsRemovedMessages()
{
    m_view->setMessages(
        {message(QStringLiteral("q"), MessageRole::User, QStringLiteral("Why?")),
         message(QStringLiteral("a"), MessageRole::Assistant, QStringLiteral("So."))});
    QAccessibleInterface *second = list()->child(1);
    m_view->removeFrom(QStringLiteral("a"));
    QVERIFY(!second->isValid());
    QVERIFY(second->text(QAccessible::Value).isEmpty());
    m_view->appendMessage(
        message(QStringLiteral("b"), MessageRole::Assistant, QStringLiteral("Anew.")));
    QCOMPARE(list()->child(1)->text(QAccessible::Value), QStringLiteral("Anew."));
}

void tst_TranscriptAccessible::saysSentences()
{
    TranscriptMessage answer = message(QStringLiteral("a"), MessageRole::Assistant, {});
    answer.state = MessageState::Streaming;
    m_view->setMessages({answer});
    // The offscreen platform has no bridge that events could be taken from.
    const QSignalSpy heard(m_view.get(), &TranscriptView::announced);
    const QStringList tokens = QStringLiteral("It |costs |**3.5** |cents. |Not |more").split(u'|');
    for (const QString &token : tokens) {
        m_view->appendText(QStringLiteral("a"), token);
        const QString expected = m_view->item(0).message().text + token;
        QTRY_COMPARE(m_view->item(0).message().text, expected);
    }
    QCOMPARE(heard.size(), 1);
    QCOMPARE(heard[0][0].toString(), QStringLiteral("It costs 3.5 cents."));
    QVERIFY(list()->child(0)->state().busy);
    m_view->setState(QStringLiteral("a"), MessageState::Complete);
    QCOMPARE(heard.size(), 2);
    QCOMPARE(heard[1][0].toString().trimmed(), QStringLiteral("Not more"));
    QVERIFY(!list()->child(0)->state().busy);
}

void tst_TranscriptAccessible::saysEachWordOnce()
{
    const QString text = QStringLiteral("# A head\n\nOne sentence. Another one\nthat goes on.\n\n"
                                        "- an item\n- and one more. Of two.\n\n```\nint a;\n```\n\n"
                                        "| a | b |\n|---|---|\n| 1 | 2 |\n\nThe end")
                             .repeated(3);
    TranscriptMessage answer = message(QStringLiteral("a"), MessageRole::Assistant, {});
    answer.state = MessageState::Streaming;
    m_view->setMessages({answer});
    QString said;
    int times = 0;
    connect(m_view.get(), &TranscriptView::announced, this, [&](const QString &piece) {
        said += piece;
        ++times;
    });
    for (qsizetype at = 0; at < text.size(); at += 9) {
        m_view->appendText(QStringLiteral("a"), text.mid(at, 9));
        QTRY_COMPARE(m_view->item(0).message().text, text.left(at + 9));
    }
    m_view->setState(QStringLiteral("a"), MessageState::Complete);
    QCOMPARE(said, m_view->plainText(0));
    QVERIFY(times > 12);
    m_view->disconnect(this);
}

void tst_TranscriptAccessible::saysAsMuchAsIsWanted_data()
{
    QTest::addColumn<Announcements>("which");
    QTest::addColumn<QStringList>("during");
    QTest::addColumn<QStringList>("atTheEnd");
    const QString one = QStringLiteral("It is so.");
    QTest::newRow("off") << Announcements::Off << QStringList() << QStringList();
    QTest::newRow("sentences") << Announcements::Sentences << QStringList{one}
                               << QStringList{one, QStringLiteral("Or not")};
    QTest::newRow("end-only") << Announcements::EndOnly << QStringList()
                              << QStringList{one + QStringLiteral(" Or not")};
}

void tst_TranscriptAccessible::saysAsMuchAsIsWanted()
{
    QFETCH(const Announcements, which);
    QFETCH(const QStringList, during);
    QFETCH(const QStringList, atTheEnd);
    m_view->setAnnouncements(which);
    TranscriptMessage answer = message(QStringLiteral("a"), MessageRole::Assistant, {});
    answer.state = MessageState::Streaming;
    m_view->setMessages({answer});
    QStringList heard;
    connect(m_view.get(), &TranscriptView::announced, this,
            [&heard](const QString &text) { heard.append(text.trimmed()); });
    for (const QString &piece : {QStringLiteral("It is so. "), QStringLiteral("Or not")}) {
        const QString expected = m_view->item(0).message().text + piece;
        m_view->appendText(QStringLiteral("a"), piece);
        QTRY_COMPARE(m_view->item(0).message().text, expected);
    }
    QCOMPARE(heard, during);
    m_view->setState(QStringLiteral("a"), MessageState::Complete);
    QCOMPARE(heard, atTheEnd);
    QVERIFY(!list()->child(0)->state().busy);
    heard.clear();
    answer.id = QStringLiteral("b");
    m_view->setMessages({answer});
    m_view->setError(answer.id, ErrorCard{QStringLiteral("The server is overloaded."), {}, {}});
    m_view->setState(answer.id, MessageState::Failed);
    QCOMPARE(heard, QStringList{QStringLiteral("The server is overloaded.")});
    m_view->disconnect(this);
}

//! The reader looks at another chat, where an answer is read as well, and comes back.
void tst_TranscriptAccessible::goesOnAfterAnotherChat()
{
    const QString first = QStringLiteral("a");
    const QString second = QStringLiteral("b");
    const auto show = [this](const QString &id, const QString &text) {
        TranscriptMessage answer = message(id, MessageRole::Assistant, text);
        answer.state = MessageState::Streaming;
        m_view->setMessages({answer});
    };
    const QSignalSpy heard(m_view.get(), &TranscriptView::announced);
    show(first, {});
    m_view->appendText(first, QStringLiteral("It is so. "));
    QTRY_COMPARE(heard.size(), 1);
    show(second, {});
    m_view->appendText(second, QStringLiteral("Another one. "));
    QTRY_COMPARE(heard.size(), 2);
    show(first, QStringLiteral("It is so. "));
    m_view->appendText(first, QStringLiteral("It was so. "));
    QTRY_COMPARE(heard.size(), 3);
    QCOMPARE(heard[2][0].toString().trimmed(), QStringLiteral("It was so."));
}

void tst_TranscriptAccessible::saysErrors()
{
    TranscriptMessage answer = message(QStringLiteral("a"), MessageRole::Assistant, {});
    answer.state = MessageState::Streaming;
    m_view->setMessages({answer});
    // The offscreen platform has no bridge that events could be taken from.
    const QSignalSpy heard(m_view.get(), &TranscriptView::announced);
    m_view->setError(QStringLiteral("a"),
                     ErrorCard{QStringLiteral("The server is overloaded."), {}, {}});
    m_view->setState(QStringLiteral("a"), MessageState::Failed);
    QCOMPARE(heard.size(), 1);
    QCOMPARE(heard[0][0].toString(), QStringLiteral("The server is overloaded."));
}

QTEST_MAIN(tst_TranscriptAccessible)
#include "tst_transcriptaccessible.moc"
