#include "tests/support/scriptedserver.h"
#include "tests/ui/practicebench.h"
#include "ui/transcript/transcriptview.h"

#include <QRegularExpression>

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

private:
    [[nodiscard]] const ui::TranscriptMessage &answer() const { return m_view->item(1).message(); }
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
    m_bench->controls().setSpeed(
        30); // its reasoning lasts longer than the second in which figures come
    ask(m_bench->target(QStringLiteral("practice-thinker")));
    const auto label = [this] { return answer().reasoningLabel; };
    const QRegularExpression thinks(
        QStringLiteral("^Reasoning for [\\d.]+ s, \u2248 \\d+ tokens$"));
    QTRY_VERIFY2(thinks.match(label()).hasMatch(), qPrintable(label()));
    QTRY_VERIFY_WITH_TIMEOUT(!m_chat->isRunning(), 20'000);
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
    server.setChooser([](const LoopbackRequest &) {
        return tests::Answer::whole(
                   429, R"({"error":{"message":"Slow down.","type":"rate_limit_error"}})")
            .header("retry-after", "60");
    });
    ask({QStringLiteral("custom"), 0, server.url(u"/v1"), QStringLiteral("limited"), false});
    const QString first = QStringLiteral(
        "^The service custom is limiting how fast you may ask\\. Retry 1 of 2 in \\d+ s$");
    QTRY_VERIFY2(footerMatches(first), qPrintable(footer()));
    m_chat->reply()->retryNow();
    QTRY_VERIFY2(footerMatches(QStringLiteral(" Retry 2 of 2 in \\d+ s$")), qPrintable(footer()));
    m_chat->stop();
}

QTEST_MAIN(tst_ConversationFeed)
#include "tst_conversationfeed.moc"
