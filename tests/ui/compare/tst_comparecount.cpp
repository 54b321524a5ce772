#include "core/client/tokencounter.h"
#include "tests/core/client/modelbench.h"
#include "tests/ui/practicebench.h"
#include "tests/ui/typing.h"
#include "ui/compare/comparescreen.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/composeredit.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractButton>
#include <QLabel>
#include <QPlainTextEdit>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! "Count exactly" under a comparison: every lane whose service counts is asked, when the person
//! asks, and each lane says what it was told.
class tst_CompareCount : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void everyLaneHasItsOwn();
    void twinLanesAreAskedOnce();
    void allCountedIsSaid();
    void typingForgetsIt();
    void oneFailureLeavesTheOthers();
    void secretAsksFirst();
    void notOfferedWhereNobodyCounts();
    void sendingEndsIt();
    void longDraftDoesNotStutter();

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
    //! The composer's; lanes have their own.
    [[nodiscard]] ui::NoticeBar *notice() const
    {
        return m_screen->findChild<ui::Composer *>()->findChild<ui::NoticeBar *>();
    }
    //! What stands above the turns of a lane; empty: nothing is shown.
    [[nodiscard]] QString expected(int lane) const
    {
        auto *card = m_screen->findChild<QWidget *>(u"lane%1"_s.arg(lane));
        auto *label = card->findChild<ui::PlainLabel *>(u"laneExpected"_s);
        return label->isVisible() ? label->text() : QString();
    }
    [[nodiscard]] qsizetype calls() const { return m_services->server.requests().size(); }
    [[nodiscard]] bool type(const QString &text) const
    {
        QTest::keyClicks(edit(), text);
        return QTest::qWaitFor([this] { return link()->isVisible() && link()->isEnabled(); },
                               20'000);
    }
    void click() const { QTest::mouseClick(link(), Qt::LeftButton); }
    void compare(const QList<std::pair<QString, QString>> &lanes);

    std::unique_ptr<PracticeBench> m_bench;
    std::unique_ptr<ModelBench> m_services; //!< One server that is every service.
    std::unique_ptr<TokenCounter> m_counter;
    std::unique_ptr<ui::CompareScreen> m_screen;
    Comparison *m_comparison = nullptr;
};

namespace {

const std::pair Haiku{u"anthropic"_s, u"claude-haiku-4-5"_s};
const std::pair Command{u"cohere"_s, u"command-a-03-2025"_s};
const std::pair Gpt{u"openai"_s, u"gpt-5"_s};

} // namespace

void tst_CompareCount::init()
{
    m_bench = std::make_unique<PracticeBench>();
    m_services = std::make_unique<ModelBench>();
    for (const QString &provider : {u"anthropic"_s, u"cohere"_s, u"openai"_s})
        m_services->setUp(provider);
    m_services->server.setAnswer("/v1/v1/messages/count_tokens",
                                 Answer::whole(200, R"({"input_tokens":1234})"));
    m_services->server.setAnswer(
        "/v1/v1/tokenize", Answer::whole(200, R"({"tokens":[1,2],"token_strings":["W","?"]})"));
    m_counter =
        std::make_unique<TokenCounter>(m_services->transport, *m_services->registry,
                                       m_services->keys, m_services->setup, m_services->clock);
    m_screen = std::make_unique<ui::CompareScreen>(m_bench->theme, plainNames());
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        return m_bench->engine->forecast(questions);
    });
    m_screen->setTokenCounter(m_counter.get());
    m_screen->resize(1'300, 700);
    m_screen->setVisible(true);
}

void tst_CompareCount::cleanup()
{
    m_screen.reset();
    m_counter.reset();
    m_services.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

void tst_CompareCount::compare(const QList<std::pair<QString, QString>> &lanes)
{
    QList<Target> targets;
    for (const auto &[provider, model] : lanes)
        targets.append(m_services->setup.target(provider, model));
    m_comparison = m_bench->engine->comparisons().create(targets);
    m_screen->show(m_comparison);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
    edit()->setFocus();
}

void tst_CompareCount::everyLaneHasItsOwn()
{
    compare({Haiku, Gpt, Command});
    QVERIFY(!link()->isVisible()); // there is nothing to count
    QVERIFY(type(u"Why are there two tides a day?"_s));
    QTRY_VERIFY2(hint().startsWith(u"3 lanes \u00B7 \u2248 "), qPrintable(hint()));
    QCOMPARE(m_services->server.connectionsAccepted(), 0); // nothing left while typing
    QCOMPARE(expected(0), QString());
    QCOMPARE(link()->text(), u"Count exactly"_s);
    click();
    QTRY_VERIFY2(expected(0).startsWith(u"1,234 tokens \u00B7 $0.0012 \u2013 "),
                 qPrintable(expected(0)));
    QVERIFY(expected(0).endsWith(u"counted by The service anthropic"));
    QTRY_VERIFY2(expected(2).startsWith(u"2 tokens of text \u00B7 "), qPrintable(expected(2)));
    QVERIFY(expected(2).endsWith(u"counted by The service cohere"));
    QVERIFY2(expected(1).startsWith(u"\u2248 "), qPrintable(expected(1))); // nobody counts there
    QVERIFY(!expected(1).contains(u"counted"));
    QVERIFY2(hint().startsWith(u"3 lanes \u00B7 \u2248 1,2"), qPrintable(hint()));
    QTRY_VERIFY(!link()->isVisible()); // nothing more to ask
    QVERIFY(edit()->hasFocus());
    QCOMPARE(calls(), 2);
    QCOMPARE(edit()->toPlainText(), u"Why are there two tides a day?"_s);
    QVERIFY(!m_comparison->lastAnswer(0)); // nothing was sent as a message
}

void tst_CompareCount::twinLanesAreAskedOnce()
{
    compare({Haiku, Haiku});
    QVERIFY(type(u"Why?"_s));
    click();
    for (int lane = 0; lane < 2; ++lane)
        QTRY_VERIFY2(expected(lane).startsWith(u"1,234 tokens"), qPrintable(expected(lane)));
    QCOMPARE(calls(), 1);
}

void tst_CompareCount::allCountedIsSaid()
{
    compare({Haiku, {u"anthropic"_s, u"claude-sonnet-4-5"_s}});
    QVERIFY(type(u"Why?"_s));
    click();
    QTRY_VERIFY2(hint().startsWith(u"2 lanes \u00B7 2,468 tokens \u00B7 $"), qPrintable(hint()));
    QVERIFY2(hint().endsWith(u"counted by their services"), qPrintable(hint()));
}

void tst_CompareCount::typingForgetsIt()
{
    compare({Haiku, Command});
    QVERIFY(type(u"Why?"_s));
    click();
    QTRY_VERIFY(!expected(0).isEmpty());
    QTest::keyClicks(edit(), u"!"_s);
    QCOMPARE(expected(0), QString()); // at once
    QTRY_VERIFY(link()->isVisible());
    // A call that nobody waits for any more is given up.
    m_services->server.setAnswer("/v1/v1/messages/count_tokens", Answer::nothing());
    m_services->server.setAnswer("/v1/v1/tokenize", Answer::nothing());
    const qsizetype before = calls();
    click();
    QTRY_COMPARE(calls(), before + 2);
    QVERIFY(!link()->isEnabled());
    QTest::keyClicks(edit(), u"?"_s);
    QTRY_COMPARE(m_services->server.connectionsOpen(), 0);
    QVERIFY(!notice()->isVisible());
}

void tst_CompareCount::oneFailureLeavesTheOthers()
{
    m_services->server.setAnswer("/v1/v1/tokenize",
                                 Answer::whole(401, R"({"message":"invalid api token"})"));
    compare({Haiku, Command});
    QVERIFY(type(u"Why?"_s));
    click();
    QTRY_VERIFY(notice()->isVisible());
    const auto *label = notice()->findChild<QLabel *>();
    QVERIFY2(label->text().startsWith(u"The tokens were not counted for command-a-03-2025. "),
             qPrintable(label->text()));
    QTRY_VERIFY2(expected(0).startsWith(u"1,234 tokens"), qPrintable(expected(0)));
    QVERIFY2(expected(1).startsWith(u"\u2248 "), qPrintable(expected(1)));
    QTRY_VERIFY(link()->isVisible() && link()->isEnabled()); // that one may be asked again
    m_services->server.setAnswer(
        "/v1/v1/tokenize", Answer::whole(200, R"({"tokens":[1,2],"token_strings":["W","?"]})"));
    click();
    QTRY_VERIFY2(expected(1).startsWith(u"2 tokens of text"), qPrintable(expected(1)));
    QVERIFY(!notice()->isVisible());
    QCOMPARE(calls(), 3); // what was known was not asked again
}

void tst_CompareCount::secretAsksFirst()
{
    compare({Haiku, Command});
    QVERIFY(type(u"What is wrong with postgres://me:hunter22@db.example.org/x?"_s));
    click();
    QTRY_VERIFY(notice()->isVisible());
    QCOMPARE(m_services->server.connectionsAccepted(), 0);
    for (QAbstractButton *button : notice()->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text() == u"Count it anyway"_s) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    QTRY_VERIFY(expected(0).startsWith(u"1,234 tokens"));
    QCOMPARE(calls(), 2);
    QVERIFY(!m_comparison->lastAnswer(0)); // it was not sent
}

void tst_CompareCount::notOfferedWhereNobodyCounts()
{
    compare({Gpt, {u"openai"_s, u"gpt-5-mini"_s}});
    QTest::keyClicks(edit(), u"Why?"_s);
    QTRY_VERIFY2(hint().startsWith(u"2 lanes"), qPrintable(hint()));
    QVERIFY(!link()->isVisible());
}

void tst_CompareCount::sendingEndsIt()
{
    compare({Haiku, Command});
    m_comparison->lanes().at(0)->setTarget(m_bench->target());
    m_comparison->lanes().at(1)->setTarget(
        m_bench->target(u"practice-fast"_s, u"practice-anthropic"_s));
    QTest::keyClicks(edit(), u"Why?"_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_VERIFY(m_comparison->lastAnswer(0).has_value());
    QTRY_VERIFY(!m_comparison->isRunning());
    QVERIFY(!link()->isVisible());
    QCOMPARE(expected(0), QString());
}

//! Six lanes, each with its request: they are built once a look, and the counting is elsewhere.
void tst_CompareCount::longDraftDoesNotStutter()
{
    constexpr int Lanes = 6;
    m_screen = std::make_unique<ui::CompareScreen>(m_bench->theme, plainNames()); // no forecast yet
    m_screen->resize(1'300, 700);
    m_screen->setVisible(true);
    compare({Haiku, Gpt, Command, Haiku, Gpt, Command});
    edit()->setPlainText(
        u"A line of some ten words that are not too long.\n"_s.repeated(1'024 * 1'024 / 48));
    edit()->moveCursor(QTextCursor::End);
    (void)usualKey(*edit()); // the first ones lay the text out
    const double without = usualKey(*edit());
    const Conversation *lane = m_comparison->lanes().constFirst();
    const double request =
        usualWork([this, lane] { (void)lane->requestFor(edit()->toPlainText()); });
    int looks = 0;
    m_screen->setForecastSource([&](const QList<ForecastQuestion> &questions) {
        ++looks;
        return m_bench->engine->forecast(questions);
    });
    QTRY_VERIFY2_WITH_TIMEOUT(hint().startsWith(u"6 lanes"), qPrintable(hint()), 60'000);
    looks = 0;
    const double with = usualKey(*edit());
    qInfo("figure: key with a draft of 1 MB in 6 lanes: %.1f ms, without a forecast %.1f ms, a "
          "request %.1f ms",
          with, without, request);
    QVERIFY2(looks <= KeysTyped + 1, qPrintable(QString::number(looks)));
    QVERIFY2(with < 2 * without + 2 * Lanes * request + 50,
             qPrintable(u"%1 ms, %2 without"_s.arg(with).arg(without)));
}

QTEST_MAIN(tst_CompareCount)
#include "tst_comparecount.moc"
