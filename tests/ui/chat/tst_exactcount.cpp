#include "core/client/tokencounter.h"
#include "tests/core/client/modelbench.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/chatscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractButton>
#include <QPlainTextEdit>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! "Count exactly" in the composer: the service is asked when the person asks, and not before.
class tst_ExactCount : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void nothingLeavesWhileTyping();
    void oneCallAClick();
    void keyboardReachesIt();
    void textAloneIsSaidToBeThat();
    void anotherDraftHasNoCount();
    void knownCountNeedsNoCall();
    void typingEndsTheCall();
    void secretAsksFirst_data();
    void secretAsksFirst();
    void failureIsOneSentence_data();
    void failureIsOneSentence();
    void offeredOnlyWhereServicesCount();

private:
    [[nodiscard]] QPlainTextEdit *edit() const { return m_screen->findChild<ui::ComposerEdit *>(); }
    [[nodiscard]] QAbstractButton *link() const
    {
        return m_screen->findChild<QAbstractButton *>(u"composerHintAction"_s);
    }
    [[nodiscard]] QString hint() const
    {
        return m_screen->findChild<ui::PlainLabel *>(u"composerHint"_s)->text();
    }
    [[nodiscard]] ui::NoticeBar *notice() const { return m_screen->findChild<ui::NoticeBar *>(); }
    [[nodiscard]] QAbstractButton *noticeButton(const QString &text) const
    {
        for (QAbstractButton *button : notice()->findChildren<QAbstractButton *>()) {
            if (button->isVisible() && button->text() == text)
                return button;
        }
        return nullptr;
    }
    [[nodiscard]] qsizetype calls() const { return m_services->server.requests().size(); }
    //! Types \p text and waits until it can be counted.
    [[nodiscard]] bool type(const QString &text) const
    {
        QTest::keyClicks(edit(), text);
        return QTest::qWaitFor([this] { return link()->isVisible() && link()->isEnabled(); },
                               20'000);
    }
    void click() const { QTest::mouseClick(link(), Qt::LeftButton); }
    void answer(int tokens) const
    {
        m_services->server.enqueue(
            Answer::whole(200, "{\"input_tokens\":" + QByteArray::number(tokens) + "}"));
    }

    std::unique_ptr<PracticeBench> m_bench;
    std::unique_ptr<ModelBench> m_services; //!< One server that is every service.
    std::unique_ptr<TokenCounter> m_counter;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
};

void tst_ExactCount::init()
{
    m_bench = std::make_unique<PracticeBench>();
    m_services = std::make_unique<ModelBench>();
    for (const QString &provider : {u"anthropic"_s, u"cohere"_s, u"openai"_s})
        m_services->setUp(provider);
    m_counter =
        std::make_unique<TokenCounter>(m_services->transport, *m_services->registry,
                                       m_services->keys, m_services->setup, m_services->clock);
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, plainNames());
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    m_screen->setTokenCounter(m_counter.get());
    m_screen->resize(1'000, 700);
    m_screen->setVisible(true);
    m_chat = m_bench->engine->conversations().create(
        ConversationKind::Chat, m_services->setup.target(u"anthropic"_s, u"claude-haiku-4-5"_s));
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
    edit()->setFocus();
}

void tst_ExactCount::cleanup()
{
    m_screen.reset();
    m_counter.reset();
    m_services.reset();
    m_bench.reset();
}

void tst_ExactCount::nothingLeavesWhileTyping()
{
    QVERIFY(!link()->isVisible()); // there is nothing to count
    QVERIFY(type(u"Why are there two tides a day?"_s));
    QTRY_VERIFY2(hint().startsWith(u"\u2248 "), qPrintable(hint()));
    QTest::keyClicks(edit(), u" And why not one?"_s);
    const QString before = hint();
    QTRY_VERIFY(hint() != before); // all that a draft sets going has gone through
    QCOMPARE(calls(), 0);
    QCOMPARE(m_services->server.connectionsAccepted(), 0);
}

void tst_ExactCount::oneCallAClick()
{
    QVERIFY(type(u"Why are there two tides a day?"_s));
    answer(1'234);
    click();
    QTRY_VERIFY2(hint().startsWith(u"1,234 tokens \u00B7 $"), qPrintable(hint()));
    QVERIFY2(hint().endsWith(u" \u00B7 counted by The service anthropic"), qPrintable(hint()));
    // 1,234 at a dollar a million: the cost begins at what was counted.
    QVERIFY2(hint().contains(u"$0.0012 \u2013 "), qPrintable(hint()));
    QVERIFY(!link()->isVisible()); // nothing more to ask
    QVERIFY(edit()->hasFocus());
    QCOMPARE(calls(), 1);
    const QByteArray body = m_services->server.requests().first().body;
    QVERIFY(body.contains("Why are there two tides a day?"));
    QCOMPARE(edit()->toPlainText(), u"Why are there two tides a day?"_s);
}

void tst_ExactCount::keyboardReachesIt()
{
    QVERIFY(type(u"Why?"_s));
    answer(8);
    for (int i = 0; i < 12 && !link()->hasFocus(); ++i)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(link()->hasFocus());
    QTest::keyClick(link(), Qt::Key_Space);
    QTRY_VERIFY2(hint().startsWith(u"8 tokens \u00B7 "), qPrintable(hint()));
    QVERIFY(edit()->hasFocus());
}

//! Cohere tokenizes a text and knows nothing of its template.
void tst_ExactCount::textAloneIsSaidToBeThat()
{
    m_chat->setTarget(m_services->setup.target(u"cohere"_s, u"command-a-03-2025"_s));
    QVERIFY(type(u"Why?"_s));
    m_services->server.enqueue(Answer::whole(200, R"({"tokens":[1,2],"token_strings":["W","?"]})"));
    click();
    QTRY_VERIFY2(hint().startsWith(u"2 tokens of text \u00B7 "), qPrintable(hint()));
}

void tst_ExactCount::anotherDraftHasNoCount()
{
    QVERIFY(type(u"Why?"_s));
    answer(1'234);
    click();
    QTRY_VERIFY(hint().contains(u"counted by"));
    QTest::keyClicks(edit(), u"!"_s);
    QVERIFY2(!hint().contains(u"counted by"), qPrintable(hint())); // at once
    QTRY_VERIFY(link()->isVisible());
    QTRY_VERIFY2(hint().startsWith(u"\u2248 "), qPrintable(hint()));
    // Other options are another request, too.
    answer(1'300);
    click();
    QTRY_VERIFY(hint().contains(u"1,300 tokens"));
    ChatOptions options;
    options.system = u"Be brief."_s;
    m_chat->setOptions(options);
    QTRY_VERIFY2(hint().startsWith(u"\u2248 "), qPrintable(hint()));
    QCOMPARE(calls(), 2);
}

void tst_ExactCount::knownCountNeedsNoCall()
{
    QVERIFY(type(u"Why?"_s));
    answer(1'234);
    click();
    QTRY_VERIFY(hint().contains(u"counted by"));
    QTest::keyClicks(edit(), u"!"_s);
    QTest::keyClick(edit(), Qt::Key_Backspace);
    QTRY_VERIFY(link()->isVisible());
    click();
    QTRY_VERIFY2(hint().startsWith(u"1,234 tokens \u00B7 "), qPrintable(hint()));
    QCOMPARE(calls(), 1);
}

void tst_ExactCount::typingEndsTheCall()
{
    QVERIFY(type(u"Why?"_s));
    m_services->server.enqueue(Answer::nothing());
    click();
    QTRY_COMPARE(calls(), 1);
    QVERIFY(!link()->isEnabled());
    QTest::keyClicks(edit(), u"!"_s);
    QVERIFY(link()->isEnabled());
    QTRY_COMPARE(m_services->server.connectionsOpen(), 0);
    QTRY_VERIFY2(hint().startsWith(u"\u2248 "), qPrintable(hint()));
    QVERIFY(!notice()->isVisible());
}

void tst_ExactCount::secretAsksFirst_data()
{
    QTest::addColumn<bool>("counts");
    QTest::addColumn<bool>("isInSystem");
    QTest::newRow("declined") << false << false;
    QTest::newRow("all-the-same") << true << false;
    QTest::newRow("system-prompt") << true << true;
}

void tst_ExactCount::secretAsksFirst()
{
    QFETCH(const bool, counts);
    QFETCH(const bool, isInSystem);
    const QString secret = u"What is wrong with postgres://me:hunter22@db.example.org/x?"_s;
    const QString draft = isInSystem ? u"Why?"_s : secret;
    ChatOptions options;
    options.system = isInSystem ? secret : QString();
    m_chat->setOptions(options);
    QVERIFY(type(draft));
    answer(40);
    click();
    QTRY_VERIFY(notice()->isVisible());
    QCOMPARE(calls(), 0);
    QVERIFY(!noticeButton(u"Send it anyway"_s)); // it is not about sending
    QAbstractButton *button = noticeButton(counts ? u"Count it anyway"_s : u"Edit"_s);
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(!notice()->isVisible());
    if (counts) {
        QTRY_VERIFY2(hint().startsWith(u"40 tokens \u00B7 "), qPrintable(hint()));
        QCOMPARE(calls(), 1);
    } else {
        QTest::keyClicks(edit(), u"?"_s);
        QTRY_VERIFY(link()->isVisible());
        QCOMPARE(m_services->server.connectionsAccepted(), 0);
    }
    QVERIFY(edit()->toPlainText().startsWith(draft));
    QVERIFY(m_chat->path().isEmpty()); // nothing was sent as a message
}

void tst_ExactCount::failureIsOneSentence_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("refused") << 401
                             << QByteArray(R"({"type":"error","error":{)"
                                           R"("type":"authentication_error","message":"x"}})");
    QTest::newRow("overloaded") << 529
                                << QByteArray(R"({"type":"error","error":{)"
                                              R"("type":"overloaded_error","message":"x"}})");
    QTest::newRow("nonsense") << 200 << QByteArray("<html>");
}

void tst_ExactCount::failureIsOneSentence()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QVERIFY(type(u"Why?"_s));
    m_services->server.enqueue(Answer::whole(status, body));
    click();
    QTRY_VERIFY(notice()->isVisible());
    const auto label = notice()->findChild<QLabel *>();
    QVERIFY2(label->text().startsWith(u"The tokens were not counted. "), qPrintable(label->text()));
    QCOMPARE(edit()->toPlainText(), u"Why?"_s);
    QVERIFY2(hint().startsWith(u"\u2248 "), qPrintable(hint()));
    QVERIFY(link()->isVisible() && link()->isEnabled());
    answer(9); // and may be asked again
    click();
    QTRY_VERIFY(hint().startsWith(u"9 tokens \u00B7 "));
    QVERIFY(!notice()->isVisible());
}

void tst_ExactCount::offeredOnlyWhereServicesCount()
{
    QVERIFY(type(u"Why?"_s));
    m_chat->setTarget(m_services->setup.target(u"openai"_s, u"gpt-5"_s));
    QTRY_VERIFY(!link()->isVisible());
    QVERIFY(!hint().isEmpty());
    m_chat->setTarget(m_services->setup.target(u"anthropic"_s, u"claude-haiku-4-5"_s));
    QTRY_VERIFY(link()->isVisible());
    QTest::keyClick(edit(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(edit(), Qt::Key_Delete);
    QTRY_VERIFY(!link()->isVisible());
    QCOMPARE(calls(), 0);
}

QTEST_MAIN(tst_ExactCount)
#include "tst_exactcount.moc"
