#include "tests/support/scriptedserver.h"
#include "tests/ui/actiontexts.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"

using namespace core;

namespace {

QByteArray answerOf(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text +
           "\"}}]}\n\n"
           R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
           "\n\ndata: [DONE]\n\n";
}

const QString SendWhenOnline = QStringLiteral("Send when online");
const QString SendNow = QStringLiteral("Send now");
const QString Cancel = QStringLiteral("Cancel");

} // namespace

//! A question that is sent while the machine has no network, as its reader sees it. Requests are
//! counted by the server.
class tst_Offline : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void isSentOnceByItself();
    void isSentOnTheReadersWord_data();
    void isSentOnTheReadersWord();
    void cancelKeepsTheQuestion_data();
    void cancelKeepsTheQuestion();
    void networkBackBeforeAWordAsksAgain();
    void anotherModelIsAskedInstead();
    void localModelGoesOn();
    void isNotSentAfterARestart();

private:
    [[nodiscard]] ui::TranscriptView *view() const
    {
        return m_screen->findChild<ui::TranscriptView *>();
    }
    [[nodiscard]] const ui::TranscriptMessage &shown(int index) const
    {
        return view()->item(index).message();
    }
    [[nodiscard]] QStringList actions(int index) const { return tests::actionTexts(shown(index)); }
    [[nodiscard]] QString footer(int index) const
    {
        QStringList texts;
        for (const ui::FooterSegment &segment : shown(index).footer)
            texts.append(segment.text);
        return texts.join(QLatin1Char('|'));
    }
    [[nodiscard]] Target far() const
    {
        return {QStringLiteral("custom"), 0, m_server->url(u"/v1"), QStringLiteral("m"), false};
    }
    void send(const QString &text) const
    {
        auto *edit = m_screen->findChild<ui::ComposerEdit *>();
        edit->setPlainText(text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    //! Of the answer, by Tab and Return from the first thing that can be pressed on: the view is
    //! left first, which else goes on from what was pressed last.
    void press(const QString &text) const
    {
        for (int back = 0; view()->hasFocus() && back < 10; ++back)
            QTest::keyClick(view(), Qt::Key_Backtab);
        qsizetype tabs = actions(0).size() + actions(1).indexOf(text) + 1;
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Home);
        for (; tabs > 0; --tabs)
            QTest::keyClick(view(), Qt::Key_Tab);
        QTest::keyClick(view(), Qt::Key_Return);
    }
    void sendOffline() const
    {
        m_bench->network.setOffline(true);
        send(QStringLiteral("Hello?"));
        QTRY_COMPARE(actions(1), QStringList({SendWhenOnline, SendNow, Cancel}));
    }
    void showChat(Conversation *chat)
    {
        m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
        m_screen->resize(900, 700);
        m_screen->setVisible(true);
        m_chat = chat;
        m_screen->show(m_chat);
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
};

void tst_Offline::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser(
        [](const LoopbackRequest &) { return tests::Answer::stream({answerOf("Here.")}); });
    m_bench->network.putFar(m_server->url(u"/v1"));
    showChat(m_bench->chat());
    m_chat->setTarget(far());
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_Offline::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
    m_server.reset();
}

void tst_Offline::isSentOnceByItself()
{
    sendOffline();
    QVERIFY2(footer(1).startsWith(QStringLiteral("You are offline")), qPrintable(footer(1)));
    QCOMPARE(shown(0).text, QStringLiteral("Hello?"));
    press(SendWhenOnline);
    QTRY_COMPARE(actions(1), QStringList({SendNow, QStringLiteral("Other model"), Cancel}));
    QVERIFY2(footer(1).contains(QStringLiteral("once you are online")), qPrintable(footer(1)));
    QCOMPARE(m_server->requests().size(), 0);
    m_bench->network.setOffline(false);
    QTRY_VERIFY(!m_chat->isRunning());
    QTRY_COMPARE(shown(1).text, QStringLiteral("Here."));
    m_bench->network.setOffline(true);
    m_bench->network.setOffline(false);
    QTest::qWait(5);
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_chat->path().size(), 2);
}

void tst_Offline::isSentOnTheReadersWord_data()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("while-asked") << false;
    QTest::newRow("while-it-waits") << true;
}

//! The system may be wrong.
void tst_Offline::isSentOnTheReadersWord()
{
    QFETCH(const bool, waits);
    sendOffline();
    if (waits) {
        press(SendWhenOnline);
        QTRY_VERIFY(!actions(1).contains(SendWhenOnline));
    }
    press(SendNow);
    QTRY_VERIFY(!m_chat->isRunning());
    QTRY_COMPARE(shown(1).text, QStringLiteral("Here."));
    QCOMPARE(m_server->requests().size(), 1);
}

void tst_Offline::cancelKeepsTheQuestion_data()
{
    isSentOnTheReadersWord_data();
}

void tst_Offline::cancelKeepsTheQuestion()
{
    QFETCH(const bool, waits);
    sendOffline();
    if (waits) {
        press(SendWhenOnline);
        QTRY_VERIFY(!actions(1).contains(SendWhenOnline));
    }
    press(Cancel);
    QTRY_VERIFY(!m_chat->isRunning());
    m_bench->network.setOffline(false);
    QTest::qWait(5);
    QCOMPARE(m_server->requests().size(), 0);
    QCOMPARE(shown(0).text, QStringLiteral("Hello?"));
    QCOMPARE(m_chat->path().last().state, MessageState::Cancelled);
    QTRY_VERIFY(actions(1).contains(QStringLiteral("Retry")));
}

void tst_Offline::networkBackBeforeAWordAsksAgain()
{
    sendOffline();
    m_bench->network.setOffline(false);
    QTRY_COMPARE(actions(1), QStringList({SendNow, Cancel}));
    QVERIFY2(footer(1).startsWith(QStringLiteral("You are online again")), qPrintable(footer(1)));
    QCOMPARE(m_server->requests().size(), 0);
    press(SendNow);
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_server->requests().size(), 1);
}

void tst_Offline::anotherModelIsAskedInstead()
{
    sendOffline();
    press(SendWhenOnline);
    QTRY_VERIFY(actions(1).contains(QStringLiteral("Other model")));
    const std::int64_t waiting = m_chat->runningMessage();
    m_screen->askInstead(waiting, {0, {}, {m_bench->target()}}); // runs on this machine
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_chat->path().last().state, MessageState::Complete);
    QCOMPARE(m_chat->message(waiting)->state, MessageState::Cancelled);
    QCOMPARE(m_server->requests().size(), 0);
}

void tst_Offline::localModelGoesOn()
{
    m_bench->network.setOffline(true);
    m_chat->setTarget(m_bench->target());
    send(QStringLiteral("Hello?"));
    QTRY_COMPARE(m_chat->path().size(), 2);
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_chat->path().last().state, MessageState::Complete);
}

//! Whoever wanted it sent may have forgotten it by then.
void tst_Offline::isNotSentAfterARestart()
{
    sendOffline();
    press(SendWhenOnline);
    QTRY_VERIFY(!actions(1).contains(SendWhenOnline));
    const std::int64_t id = m_chat->id();
    m_screen.reset();
    m_bench->restart();
    m_bench->network.setOffline(false);
    const auto opened = m_bench->engine->conversations().open(id);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    showChat(*opened.result());
    QTest::qWait(5);
    QVERIFY(!m_chat->isRunning());
    QCOMPARE(m_server->requests().size(), 0);
    QCOMPARE(m_chat->path().size(), 2);
    QCOMPARE(shown(0).text, QStringLiteral("Hello?"));
    QVERIFY(actions(1).contains(QStringLiteral("Retry")));
}

QTEST_MAIN(tst_Offline)
#include "tst_offline.moc"
