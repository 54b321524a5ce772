#include "tests/support/scriptedserver.h"
#include "tests/ui/actiontexts.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/plainlabel.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>

#include <algorithm>

using namespace core;

namespace {

const QString Limited = QStringLiteral("limited");
const QString Free = QStringLiteral("free");

QString modelIn(const LoopbackRequest &request)
{
    return QJsonDocument::fromJson(request.body).object()[QStringLiteral("model")].toString();
}

QByteArray answerOf(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text +
           "\"}}]}\n\n"
           R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
           "\n\ndata: [DONE]\n\n";
}

} // namespace

//! An answer that waits for a service's rate limit, and the reader who asks another model instead.
//! Requests are counted by the server.
class tst_InsteadOfWaiting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void anotherModelIsAsked_data();
    void anotherModelIsAsked();
    void dismissedPickerLeavesTheWait();
    void lateChoiceEndsNothing();

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
    [[nodiscard]] Target target(const QString &model) const
    {
        return {QStringLiteral("custom"), 0, m_server->url(u"/v1"), model, false};
    }
    [[nodiscard]] int asked(const QString &model) const
    {
        const auto requests = m_server->requests();
        return static_cast<int>(
            std::count_if(requests.begin(), requests.end(),
                          [&](const LoopbackRequest &one) { return modelIn(one) == model; }));
    }
    void send(const QString &text) const
    {
        auto *edit = m_screen->findChild<ui::ComposerEdit *>();
        edit->setPlainText(text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    [[nodiscard]] bool stands(ReplyState state) const
    {
        return m_chat->reply() && m_chat->reply()->state() == state;
    }

    //! By Tab and Return, from the first thing that can be pressed on.
    void press(int index, const QString &text) const
    {
        qsizetype tabs = actions(index).indexOf(text) + 1;
        for (int i = 0; i < index; ++i)
            tabs += actions(i).size();
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Home);
        for (; tabs > 0; --tabs)
            QTest::keyClick(view(), Qt::Key_Tab);
        QTest::keyClick(view(), Qt::Key_Return);
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
};

void tst_InsteadOfWaiting::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([](const LoopbackRequest &request) {
        if (modelIn(request) == Limited)
            return tests::Answer::whole(
                       429, R"({"error":{"message":"Slow down.","type":"rate_limit_error"}})")
                .header("retry-after", "90");
        return tests::Answer::stream({answerOf("Here.")});
    });
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    m_screen->resize(900, 700);
    m_screen->setVisible(true);
    m_chat = m_bench->chat();
    m_chat->setTarget(target(Limited));
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_InsteadOfWaiting::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
    m_server.reset();
}

void tst_InsteadOfWaiting::anotherModelIsAsked_data()
{
    QTest::addColumn<bool>("isAtGate");
    QTest::newRow("after-a-refusal") << false;
    QTest::newRow("before-it-was-sent") << true;
}

void tst_InsteadOfWaiting::anotherModelIsAsked()
{
    QFETCH(const bool, isAtGate);
    send(QStringLiteral("Hello?"));
    QTRY_VERIFY(stands(ReplyState::WaitingToRetry));
    if (isAtGate) { // the next one knows of the limit
        m_chat->stop();
        send(QStringLiteral("And now?"));
        QTRY_VERIFY(stands(ReplyState::WaitingForTurn));
    }
    const int last = isAtGate ? 3 : 1;
    QTRY_COMPARE(actions(last),
                 QStringList({QStringLiteral("Now"), QStringLiteral("Wait longer"),
                              QStringLiteral("Other model"), QStringLiteral("Cancel")}));
    const std::int64_t waiting = m_chat->runningMessage();
    QSignalSpy requested(m_screen.get(), &ui::ChatScreen::insteadRequested);
    QSignalSpy pressed(view(), &ui::TranscriptView::actionTriggered);
    press(last, QStringLiteral("Other model"));
    QCOMPARE(pressed.size(), 1);
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested[0][0].toLongLong(), waiting);
    QCOMPARE(m_chat->runningMessage(), waiting); // nothing was chosen yet

    m_screen->askInstead(waiting, {0, {}, {target(Free)}});
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(asked(Limited), 1);
    QCOMPARE(asked(Free), 1);
    QCOMPARE(m_chat->record().target, target(Free));
    const MessageRecord answer = m_chat->path().last();
    QCOMPARE(textOf(answer.parts), QStringLiteral("Here."));
    QCOMPARE(answer.state, MessageState::Complete);
    QCOMPARE(answer.target, target(Free));
    QCOMPARE(m_chat->versions(answer.id), QList<std::int64_t>({waiting, answer.id}));
    QCOMPARE(m_chat->message(waiting)->state, MessageState::Cancelled);
    QCOMPARE(m_chat->message(waiting)->target, target(Limited));
    QCOMPARE(m_chat->message(waiting)->parentId, answer.parentId);
    QTRY_COMPARE(shown(last).text, QStringLiteral("Here."));
}

void tst_InsteadOfWaiting::dismissedPickerLeavesTheWait()
{
    send(QStringLiteral("Hello?"));
    QTRY_VERIFY(stands(ReplyState::WaitingToRetry));
    QTRY_VERIFY(actions(1).contains(QStringLiteral("Other model")));
    const std::int64_t waiting = m_chat->runningMessage();
    Q_EMIT view()->actionTriggered(shown(1).id, QStringLiteral("instead"));
    // Whoever opened the picker calls nothing if it is put away.
    QVERIFY(stands(ReplyState::WaitingToRetry));
    m_screen->askInstead(waiting, {0, {}, {target(Limited)}}); // the same again
    QVERIFY(stands(ReplyState::WaitingToRetry));
    QCOMPARE(m_chat->runningMessage(), waiting);
    QCOMPARE(m_chat->record().target, target(Limited));
    QCOMPARE(m_server->requests().size(), 1);
}

//! What was sent while the picker stood open may cost: only the reader's Stop ends it.
void tst_InsteadOfWaiting::lateChoiceEndsNothing()
{
    send(QStringLiteral("Hello?"));
    QTRY_VERIFY(stands(ReplyState::WaitingToRetry));
    const std::int64_t waiting = m_chat->runningMessage();
    m_server->setChooser([](const LoopbackRequest &) {
        return tests::Answer::stream().hold().write(answerOf("There."));
    });
    m_chat->reply()->retryNow();
    QTRY_COMPARE(m_server->held(), 1);
    m_screen->askInstead(waiting, {0, {}, {target(Free)}});
    QCOMPARE(m_chat->runningMessage(), waiting);
    m_server->release();
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(asked(Limited), 2);
    QCOMPARE(asked(Free), 0);
    QCOMPARE(m_chat->path().last().id, waiting);
    QCOMPARE(textOf(m_chat->path().last().parts), QStringLiteral("There."));
    QCOMPARE(m_chat->record().target, target(Free)); // from the next message on
}

QTEST_MAIN(tst_InsteadOfWaiting)
#include "tst_insteadofwaiting.moc"
