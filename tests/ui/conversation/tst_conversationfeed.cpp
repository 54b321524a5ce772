#include "tests/support/scriptedserver.h"
#include "tests/ui/practicebench.h"
#include "ui/conversation/answertexts.h"
#include "ui/transcript/transcriptview.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace core;

//! What stands around a chat's answers, from a real chat with the practice provider.
class tst_ConversationFeed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void reasoningTellsItsLengthAndTokens();
    void stoppedAnswerMarksItsFigures();
    void waitTellsWhichRetryItIs();
    void longerWaitIsSeen();
    void heldTurnMayBeWaitedFor();
    void longRefusalTellsWhenToComeBack();

private:
    //! The newest; the footer is its own.
    [[nodiscard]] const ui::TranscriptMessage &answer() const
    {
        return m_view->item(m_view->messageCount() - 1).message();
    }
    [[nodiscard]] QStringList actions() const
    {
        QStringList ids;
        for (const ui::MessageAction &action : answer().actions)
            ids.append(action.id);
        return ids;
    }
    //! Asks a service that refuses, to be called again no sooner than after \p seconds.
    void askLimited(tests::ScriptedServer &server, const QByteArray &seconds)
    {
        server.setChooser([seconds](const LoopbackRequest &) {
            return tests::Answer::whole(
                       429, R"({"error":{"message":"Slow down.","type":"rate_limit_error"}})")
                .header("retry-after", seconds);
        });
        ask({QStringLiteral("custom"), 0, server.url(u"/v1"), QStringLiteral("limited"), false});
    }
    [[nodiscard]] QString footer() const
    {
        QStringList texts;
        for (const ui::FooterSegment &segment : answer().footer)
            texts.append(segment.text);
        return texts.join(QStringLiteral(" | "));
    }
    [[nodiscard]] bool footerMatches(const QString &pattern) const
    {
        return QRegularExpression(pattern).match(footer()).hasMatch();
    }
    void ask(const Target &target)
    {
        m_chat = m_bench->chat();
        m_chat->setTarget(target);
        m_feed->setConversation(m_chat);
        QVERIFY(m_chat->send(QStringLiteral("What can you do?")));
        QTRY_COMPARE(m_view->messageCount(), 2);
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::TranscriptView> m_view;
    std::unique_ptr<ui::ConversationFeed> m_feed;
    Conversation *m_chat = nullptr;
};

void tst_ConversationFeed::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_view = std::make_unique<ui::TranscriptView>(m_bench->theme.theme());
    m_view->resize(800, 500);
    m_feed = std::make_unique<ui::ConversationFeed>(*m_view, m_bench->theme, tests::plainNames(),
                                                    ui::ConversationFeed::Actions::Full);
}

void tst_ConversationFeed::cleanup()
{
    m_feed.reset();
    m_view.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

void tst_ConversationFeed::reasoningTellsItsLengthAndTokens()
{
    // Its reasoning lasts for some of the seconds in which figures come, on a busy machine too.
    m_bench->controls().setSpeed(20);
    ask(m_bench->target(QStringLiteral("practice-thinker")));
    const auto label = [this] { return answer().reasoningLabel; };
    const QRegularExpression thinks(
        QStringLiteral("^Reasoning for [\\d.]+ s, \u2248 \\d+ tokens$"));
    QTRY_VERIFY2(thinks.match(label()).hasMatch(), qPrintable(label()));
    QTRY_VERIFY_WITH_TIMEOUT(!m_chat->isRunning(), 40'000);
    const auto tokens = m_chat->figures(m_chat->path().last().id).reasoningTokens;
    QVERIFY(tokens);
    const QRegularExpression thought(
        QStringLiteral("^Reasoned for [\\d.]+ s, %1 tokens$").arg(*tokens));
    QTRY_VERIFY2(thought.match(label()).hasMatch(), qPrintable(label()));

    const QString told = label();
    m_feed->setConversation(nullptr);
    m_feed->setConversation(m_chat);
    QCOMPARE(label(), told);
}

//! Nobody told the rest: what is known is the least.
void tst_ConversationFeed::stoppedAnswerMarksItsFigures()
{
    m_bench->controls().setSpeed(40);
    ask(m_bench->target());
    QTRY_VERIFY(m_view->item(1).message().text.size() > 60);
    m_chat->stop();
    const QString marked = QStringLiteral(
        "^stopped \\| \u2265 \\d+ in \\| \u2265 \\d+ out \\| .*\\| \u2265 [\\d.]+ tok/s$");
    QTRY_VERIFY2(footerMatches(marked), qPrintable(footer()));
}

void tst_ConversationFeed::waitTellsWhichRetryItIs()
{
    tests::ScriptedServer server;
    askLimited(server, "60");
    const QString first = QStringLiteral(
        "^The service custom is limiting how fast you may ask\\. Retry 1 of 2 in \\d+ s$");
    QTRY_VERIFY2(footerMatches(first), qPrintable(footer()));
    m_feed->setConversation(nullptr); // another chat was looked at meanwhile
    m_feed->setConversation(m_chat);
    QVERIFY2(footerMatches(first), qPrintable(footer()));
    m_chat->reply()->retryNow();
    QTRY_VERIFY2(footerMatches(QStringLiteral(" Retry 2 of 2 in \\d+ s$")), qPrintable(footer()));
    m_chat->stop();
}

void tst_ConversationFeed::longerWaitIsSeen()
{
    tests::ScriptedServer server;
    askLimited(server, "15");
    const auto seconds = [this] {
        const QRegularExpression left(QStringLiteral(" Retry 1 of 2 in (\\d+) s$"));
        return left.match(footer()).captured(1).toInt();
    };
    QTRY_VERIFY2(seconds() > 0, qPrintable(footer()));
    QTRY_COMPARE(actions(), (QStringList{QStringLiteral("now"), QStringLiteral("longer"),
                                         QStringLiteral("instead"), QStringLiteral("stop")}));
    const int before = seconds();
    QVERIFY2(before <= 16, qPrintable(footer()));
    Q_EMIT m_view->actionTriggered(answer().id, QStringLiteral("longer"));
    // At once, not with the next second; a slow machine may have let a few pass.
    QVERIFY2(seconds() > before + 50 && seconds() <= before + 60, qPrintable(footer()));
    QVERIFY(m_chat->isRunning());
    m_chat->stop();
}

//! The service is known to stay away for longer than is waited unasked.
void tst_ConversationFeed::heldTurnMayBeWaitedFor()
{
    tests::ScriptedServer server;
    askLimited(server, "300");
    QTRY_VERIFY(!m_chat->isRunning());
    QVERIFY(m_chat->send(QStringLiteral("And now?")));
    const QString question = QStringLiteral("Ask it all the same\\?$");
    QTRY_VERIFY2(footerMatches(question), qPrintable(footer()));
    QTRY_COMPARE(actions(), (QStringList{QStringLiteral("yes"), QStringLiteral("longer"),
                                         QStringLiteral("no")}));
    Q_EMIT m_view->actionTriggered(answer().id, QStringLiteral("longer"));
    const QString waits = QStringLiteral("^Waiting for The service custom's rate limit: \\d");
    QTRY_VERIFY2(footerMatches(waits), qPrintable(footer()));
    QTRY_VERIFY(actions().contains(QStringLiteral("stop")));
    QCOMPARE(server.requests().size(), 1);
    m_chat->stop();
}

void tst_ConversationFeed::longRefusalTellsWhenToComeBack()
{
    tests::ScriptedServer server;
    const auto before = std::chrono::system_clock::now();
    askLimited(server, "7200");
    QTRY_VERIFY(answer().error && !m_chat->isRunning());
    const QString when = QStringLiteral(
        "^The service custom is limiting how fast you may ask\\. Possible again (tomorrow )?at "
        "\\d\\d:\\d\\d\\.");
    const auto says = [this](const QString &pattern) {
        return QRegularExpression(pattern).match(answer().error->sentence).hasMatch();
    };
    QVERIFY2(says(when + QLatin1Char('$')), qPrintable(answer().error->sentence));
    QCOMPARE(answer().error->actions.last().id, QString(ui::RemindAction));
    QSignalSpy asked(m_feed.get(), &ui::ConversationFeed::reminderRequested);
    Q_EMIT m_view->actionTriggered(answer().id, QString(ui::RemindAction));
    QCOMPARE(asked.size(), 1);
    const auto at = asked.first().at(1).value<UtcTime>();
    const auto two = std::chrono::hours(2);
    QVERIFY(at >= before + two - std::chrono::seconds(1));
    QVERIFY(at <= std::chrono::system_clock::now() + two + std::chrono::seconds(1));
    QVERIFY2(says(when + QStringLiteral(" You will be reminded\\.$")),
             qPrintable(answer().error->sentence));
    QVERIFY(answer().error->actions.last().id != QString(ui::RemindAction));
}

QTEST_MAIN(tst_ConversationFeed)
#include "tst_conversationfeed.moc"
