#include "tests/support/scriptedserver.h"
#include "tests/ui/practicebench.h"
#include "ui/compare/comparescreen.h"
#include "ui/compare/laneroom.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/statuspill.h"

#include <QAbstractButton>
#include <QPlainTextEdit>
#include <QPromise>
#include <QSignalSpy>

using namespace core;

namespace {

const QString Steady = QStringLiteral("practice-steady");
const QString Fast = QStringLiteral("practice-fast");

//! A token is four characters here, and that is known.
QList<Forecast> forecastsOf(const QList<ForecastQuestion> &questions)
{
    QList<Forecast> forecasts;
    for (const ForecastQuestion &question : questions) {
        Forecast forecast;
        for (const Message &message : question.request.messages)
            forecast.inputTokens += textOf(message.parts).size() / 4;
        forecast.counted = true;
        forecasts.append(forecast);
    }
    return forecasts;
}

} // namespace

//! A comparison with a lane whose model has no room for what is sent, as a person meets it.
class tst_LaneRoom : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void shortLaneHoldsItsTurn();
    void laneIsLeftOut();
    void ownLengthOfTheAnswerCounts();
    void whatNobodyWasAskedIsKept();
    void whatWasLeftBehindIsOffered();
    void anotherModelIsAsked_data();
    void anotherModelIsAsked();
    void refusedTurnIsMadeToFit_data();
    void refusedTurnIsMadeToFit();
    void answerAgainNeedsRoom_data();
    void answerAgainNeedsRoom();
    void laneIsAskedWhereverItStands();

private:
    [[nodiscard]] QWidget *card(int lane) const
    {
        return m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(lane));
    }
    [[nodiscard]] ui::NoticeBar *notice(int lane) const
    {
        return card(lane)->findChild<ui::NoticeBar *>();
    }
    [[nodiscard]] QString state(int lane) const
    {
        return card(lane)
            ->findChild<ui::StatusPill *>(QStringLiteral("laneState"))
            ->accessibleName();
    }
    [[nodiscard]] QPlainTextEdit *edit() const { return m_screen->findChild<ui::ComposerEdit *>(); }
    [[nodiscard]] qsizetype messages(int lane) const
    {
        return m_comparison->lanes().at(lane)->path().size();
    }
    [[nodiscard]] bool isIdle() const { return !m_comparison->isRunning(); }
    [[nodiscard]] QAbstractButton *offer(int lane, const QString &beginning) const;
    void press(int lane, const QString &beginning) const
    {
        QTRY_VERIFY2(offer(lane, beginning), qPrintable(beginning));
        QTest::mouseClick(offer(lane, beginning), Qt::LeftButton);
    }
    void ask(const QString &text);
    void write(const QString &text);
    void send() { QTest::keyClick(edit(), Qt::Key_Return); }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::CompareScreen> m_screen;
    Comparison *m_comparison = nullptr;
    QHash<QString, std::int64_t> m_limits; //!< By model.
    int m_forecasts = 0;
    QFuture<QList<Forecast>> m_forecast;
};

void tst_LaneRoom::init()
{
    m_limits.clear();
    m_bench = std::make_unique<tests::PracticeBench>();
    m_screen = std::make_unique<ui::CompareScreen>(m_bench->theme, tests::plainNames());
    m_screen->setContextLimit([this](const Target &target) -> std::optional<std::int64_t> {
        const auto limit = m_limits.constFind(target.model);
        return limit == m_limits.constEnd() ? std::nullopt : std::optional(*limit);
    });
    m_screen->setForecastSource([this](const QList<ForecastQuestion> &questions) {
        ++m_forecasts;
        return m_forecast = QtFuture::makeReadyFuture(forecastsOf(questions));
    });
    m_screen->resize(1200, 700);
    m_screen->setVisible(true);
    m_comparison = m_bench->engine->comparisons().create(
        {m_bench->target(Steady), m_bench->target(Fast, QStringLiteral("practice-anthropic"))});
    m_screen->show(m_comparison);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_LaneRoom::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

QAbstractButton *tst_LaneRoom::offer(int lane, const QString &beginning) const
{
    for (QAbstractButton *button : notice(lane)->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text().startsWith(beginning))
            return button;
    }
    return nullptr;
}

void tst_LaneRoom::ask(const QString &text)
{
    QVERIFY(m_comparison->send(text));
    QTRY_VERIFY(isIdle());
}

//! Until what it takes is known: who sends faster than that is asked by the service's refusal.
void tst_LaneRoom::write(const QString &text)
{
    const int before = m_forecasts;
    edit()->setPlainText(text);
    const auto *known = m_screen->findChild<ui::SendForecast *>();
    QTRY_VERIFY(m_forecasts > before && m_forecast.isFinished() &&
                known->forecasts() == m_forecast.result());
}

void tst_LaneRoom::shortLaneHoldsItsTurn()
{
    ask(QStringLiteral("old ").repeated(3'000));
    m_limits.insert(Steady, 2'500);
    write(QStringLiteral("And now?"));
    send();
    QTRY_VERIFY(notice(0)->isVisible());
    QVERIFY2(notice(0)->text().contains(QStringLiteral("practice-steady takes 2,500")),
             qPrintable(notice(0)->text()));
    QCOMPARE(edit()->toPlainText(), QString()); // it has gone to the other lane
    QTRY_VERIFY(isIdle());
    QCOMPARE(messages(1), 4);
    QCOMPARE(messages(0), 2);
    QVERIFY(!notice(1)->isVisible());
    QTRY_COMPARE(state(0), QStringLiteral("not asked"));
    // What stands in the lane is of the round before, and enters no sum and no contest.
    QCOMPARE(m_comparison->round().cost.low, m_comparison->figures(1).cost.low);
    QVERIFY(!m_comparison->figures(0).costKnown);
    QCOMPARE(m_comparison->winners(), RoundWinners());

    press(0, QStringLiteral("Leave out the oldest 2"));
    QTRY_VERIFY(isIdle() && messages(0) == 4);
    QTRY_VERIFY(!notice(0)->isVisible());
    const Conversation *lane = m_comparison->lanes().at(0);
    QCOMPARE(textOf(lane->path().at(2).parts), QStringLiteral("And now?"));
    QCOMPARE(lane->record().contextStart, core::ContextStart::at(lane->path().at(2).id));
    QVERIFY(m_comparison->isInRound(0));
    QVERIFY(m_comparison->lanes().at(1)->record().contextStart.isAll()); // its own history
    QTRY_COMPARE(state(0), QStringLiteral("done"));
}

void tst_LaneRoom::laneIsLeftOut()
{
    ask(QStringLiteral("old ").repeated(3'000));
    m_limits.insert(Steady, 2'500);
    write(QStringLiteral("And now?"));
    send();
    press(0, QStringLiteral("Leave this lane out"));
    QTRY_VERIFY(!notice(0)->isVisible());
    QTRY_VERIFY(isIdle());
    QTRY_COMPARE(state(0), QStringLiteral("left out"));
    QCOMPARE(messages(0), 2);
    QCOMPARE(edit()->toPlainText(), QString()); // the other lane was asked
    QCOMPARE(m_comparison->round().cost.low, m_comparison->figures(1).cost.low);

    m_limits.clear(); // and of the next round it is one again
    write(QStringLiteral("Once more"));
    send();
    QTRY_VERIFY(isIdle() && messages(0) == 4);
    QCOMPARE(messages(1), 6);
    QVERIFY(m_comparison->isInRound(0));
}

//! Services refuse a prompt that leaves no room for the answer that is asked for.
void tst_LaneRoom::ownLengthOfTheAnswerCounts()
{
    m_limits = {{Steady, 1'000}, {Fast, 1'000}};
    ChatOptions options = m_comparison->lanes().at(0)->record().options;
    options.maxOutputTokens = 900;
    m_comparison->lanes().at(0)->setOptions(options);
    write(QStringLiteral("new ").repeated(300));
    send();
    QTRY_VERIFY(notice(0)->isVisible());
    QVERIFY2(notice(0)->text().contains(QStringLiteral("its answer have 900")),
             qPrintable(notice(0)->text()));
    QTRY_VERIFY(isIdle() && messages(1) == 2);
    QCOMPARE(messages(0), 0);
    press(0, QStringLiteral("Ask it anyway"));
    QTRY_VERIFY(isIdle() && messages(0) == 2);
    QTRY_VERIFY(!notice(0)->isVisible());
}

void tst_LaneRoom::whatNobodyWasAskedIsKept()
{
    m_limits = {{Steady, 100}, {Fast, 50}};
    const QString text = QStringLiteral("new ").repeated(300);
    write(text);
    send();
    QTRY_VERIFY(notice(0)->isVisible() && notice(1)->isVisible());
    QVERIFY(!offer(0, QStringLiteral("Leave out the oldest"))); // there is nothing before it
    QCOMPARE(edit()->toPlainText(), QString());
    QCOMPARE(m_comparison->record().draft, text); // and so after a crash
    m_screen->show(nullptr);
    m_screen->show(m_comparison);
    QCOMPARE(edit()->toPlainText(), QString()); // the lanes still hold it
    QTRY_VERIFY(notice(0)->isVisible());
    press(0, QStringLiteral("Leave this lane out"));
    QCOMPARE(edit()->toPlainText(), QString());
    press(1, QStringLiteral("Leave this lane out"));
    QCOMPARE(edit()->toPlainText(), text);
    QCOMPARE(messages(0), 0);
}

//! The program has ended meanwhile, or the lane was closed: what it held is its draft.
void tst_LaneRoom::whatWasLeftBehindIsOffered()
{
    m_comparison->addLane(m_bench->target(QStringLiteral("practice-thinker")));
    m_limits.insert(QStringLiteral("practice-thinker"), 50);
    const QString text = QStringLiteral("new ").repeated(60).trimmed();
    write(text);
    send();
    QTRY_VERIFY(notice(2)->isVisible());
    QTRY_VERIFY(isIdle());
    const std::int64_t lane = m_comparison->lanes().at(2)->id();
    QCOMPARE(m_comparison->lanes().at(2)->record().draft, text);
    m_comparison->removeLane(2);
    m_comparison->restoreLane(lane);
    QTRY_VERIFY(card(2) && notice(2)->isVisible());
    QVERIFY2(notice(2)->text().startsWith(
                 QStringLiteral("practice-thinker has not been asked yet: \u201Cnew new")),
             qPrintable(notice(2)->text()));
    QTRY_COMPARE(state(2), QStringLiteral("not asked"));
    m_limits.clear();
    press(2, QStringLiteral("Ask it"));
    QTRY_VERIFY(isIdle() && messages(2) == 2);
    QTRY_VERIFY(!notice(2)->isVisible());
    QCOMPARE(m_comparison->lanes().at(2)->record().draft, QString());
}

void tst_LaneRoom::anotherModelIsAsked_data()
{
    QTest::addColumn<std::int64_t>("room");
    QTest::newRow("with-room") << std::int64_t(10'000);
    QTest::newRow("without-room") << std::int64_t(70);
}

void tst_LaneRoom::anotherModelIsAsked()
{
    QFETCH(const std::int64_t, room);
    m_limits.insert(Steady, 100);
    write(QStringLiteral("new ").repeated(300));
    send();
    QSignalSpy chosen(m_screen.get(), &ui::CompareScreen::modelRequested);
    press(0, QStringLiteral("Other model"));
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toInt(), 0);
    m_limits.insert(QStringLiteral("practice-thinker"), room);
    m_comparison->lanes().at(0)->setTarget(m_bench->target(QStringLiteral("practice-thinker")));
    QTRY_COMPARE(notice(0)->text(), QStringLiteral("practice-thinker has not been asked yet."));
    QCOMPARE(messages(0), 0); // choosing asks nobody
    press(0, QStringLiteral("Ask it"));
    if (room > 1'000) {
        QTRY_COMPARE(messages(0), 2);
        QTRY_VERIFY(!notice(0)->isVisible());
        return;
    }
    QTRY_VERIFY2(notice(0)->text().contains(QStringLiteral("practice-thinker takes 70")),
                 qPrintable(notice(0)->text()));
    QCOMPARE(messages(0), 0);
}

void tst_LaneRoom::refusedTurnIsMadeToFit_data()
{
    QTest::addColumn<std::int64_t>("limit"); // 0: not known
    QTest::newRow("window-not-known") << std::int64_t(0);
    QTest::newRow("window-larger-than-our-guess") << std::int64_t(8'192);
}

//! The service knew better than we did.
void tst_LaneRoom::refusedTurnIsMadeToFit()
{
    QFETCH(const std::int64_t, limit);
    if (limit > 0)
        m_limits.insert(QStringLiteral("m"), limit);
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &) {
        return tests::Answer::whole(
            400, R"({"error":{"message":"Too long.","type":"invalid_request_error",)"
                 R"("code":"context_length_exceeded"}})");
    });
    ask(QStringLiteral("old ").repeated(3'000));
    m_comparison->lanes().at(0)->setTarget(
        {QStringLiteral("custom"), 0, server.url(u"/v1"), QStringLiteral("m"), false});
    write(QStringLiteral("And now?"));
    send();
    QTRY_VERIFY(isIdle());
    auto *view = card(0)->findChild<ui::TranscriptView *>();
    QTRY_VERIFY(view->messageCount() == 4 && view->item(3).message().error);
    const ui::TranscriptMessage &failed = view->item(3).message();
    QCOMPARE(failed.error->actions.first().text, QStringLiteral("Make it fit"));
    Q_EMIT view->actionTriggered(failed.id, failed.error->actions.first().id);
    QCOMPARE(messages(0), 2);
    QTRY_COMPARE(notice(0)->text(),
                 QStringLiteral("This is too long for m. It was not sent here."));
    press(0, QStringLiteral("Leave out the oldest 2"));
    QTRY_VERIFY(isIdle() && messages(0) == 4);
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!server.requests().last().body.contains("old old"));
    QCOMPARE(messages(1), 4); // and the other lane was not asked again
}

void tst_LaneRoom::answerAgainNeedsRoom_data()
{
    QTest::addColumn<QString>("action");
    QTest::newRow("retry") << QStringLiteral("retry");
    QTest::newRow("continue") << QStringLiteral("continue");
}

//! The lane has another model by now.
void tst_LaneRoom::answerAgainNeedsRoom()
{
    QFETCH(const QString, action);
    ask(QStringLiteral("old ").repeated(3'000));
    m_bench->controls().setSpeed(100);
    QVERIFY(m_comparison->send(QStringLiteral("What can you do?")));
    Conversation *lane = m_comparison->lanes().at(0);
    QTRY_VERIFY(!textOf(lane->path().constLast().parts).isEmpty());
    m_comparison->stopAll();
    QTRY_VERIFY(isIdle());
    m_bench->controls().setSpeed(0);
    const std::int64_t answer = lane->path().constLast().id;
    m_limits.insert(Steady, 2'500);
    auto *view = card(0)->findChild<ui::TranscriptView *>();
    Q_EMIT view->actionTriggered(QString::number(answer), action);
    auto *composer = m_screen->findChild<QWidget *>(QStringLiteral("compareComposer"));
    if (action == QStringLiteral("continue")) {
        QTRY_VERIFY(composer->findChild<ui::NoticeBar *>()->text().contains(
            QStringLiteral("no room for the rest")));
        QVERIFY(isIdle());
        QCOMPARE(lane->path().constLast().id, answer); // as it was
        QVERIFY(lane->path().constLast().pieces.isEmpty());
        return;
    }
    QTRY_VERIFY(notice(0)->isVisible());
    QVERIFY(isIdle());
    QCOMPARE(messages(0), 2);
    press(0, QStringLiteral("Leave out the oldest 2"));
    QTRY_VERIFY(isIdle() && messages(0) == 4);
    QVERIFY(lane->message(answer)); // what there was is another version
    QCOMPARE(messages(1), 4);
}

//! A lane before it was taken out while the tokens were counted.
void tst_LaneRoom::laneIsAskedWhereverItStands()
{
    m_comparison->addLane(m_bench->target(Fast, QStringLiteral("practice-anthropic")));
    const HeldTurn turn{QStringLiteral("word ").repeated(100), {}, std::nullopt};
    QVERIFY(m_comparison->send(turn.text, {{1, turn}, {2, turn}}));
    QTRY_VERIFY(isIdle());
    ui::LaneRoom room;
    QPromise<QList<Forecast>> count;
    count.start();
    room.setContextLimit([](const Target &) { return std::optional<std::int64_t>(1); });
    room.setForecastSource([&count](const QList<ForecastQuestion> &) { return count.future(); });
    const Conversation *asked = m_comparison->lanes().at(1);
    const Conversation *other = m_comparison->lanes().at(2);
    room.ask(*m_comparison, 1);
    m_comparison->removeLane(0);
    count.addResult(QList<Forecast>{Forecast()}); // of no tokens: there is room
    count.finish();
    QTRY_COMPARE(asked->path().size(), 2);
    QTRY_VERIFY(isIdle());
    QVERIFY(other->path().isEmpty());
    QVERIFY(m_comparison->heldTurn(1));
}

QTEST_MAIN(tst_LaneRoom)
#include "tst_laneroom.moc"
