#include "app/chosenroutes.h"
#include "tests/ui/practicebench.h"
#include "ui/compare/comparescreen.h"
#include "ui/transcript/composer.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QAbstractButton>
#include <QFuture>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

#include <algorithm>

using namespace core;

//! Lanes beside each other, on the practice provider: independent, at once, and all of it kept.
class tst_CompareScreen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void oneQuestionToAll();
    void headsOfFiguresAreCutWhereLettersAreLarge();
    void lanesRunAtOnce();
    void aFailingLaneDisturbsNone();
    void stopAllStopsAll();
    void stoppingALaneLeavesTheOthers();
    void stoppedLanesKeepTheFocusFromClose();
    void closedLanesCanComeBack();
    void lanesAreNamedApart();
    void historiesAreTheirOwn();
    void figuresComeWithTheText();
    void badgesComeAtTheEnd();
    void badgesGoWhenALaneRunsAgain();
    void refusedLanesWereNotAsked_data();
    void refusedLanesWereNotAsked();
    void refusedQuestionIsAskedOnce();
    void refusedLaneHasAWayOn_data();
    void refusedLaneHasAWayOn();
    void aNarrowLanesHeadIsWhole();
    void costRangesAreNotCut();
    void reopensWhole();
    void reopensOnItsRoute();
    void notBelowTwoLanes();
    void readersKeepTheirPlaces();
    void addedLanesComeIntoSight();
    void foundMessagesComeIntoSight();
    void aChosenModelTakesTheNoticeAway();
    void expectedCostIsThatOfAllLanes();

private:
    [[nodiscard]] ui::TranscriptView *lane(int index) const
    {
        auto *card = m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(index));
        return card->findChild<ui::TranscriptView *>();
    }
    [[nodiscard]] QString roundText() const
    {
        return m_screen->findChild<ui::PlainLabel *>(QStringLiteral("roundCost"))->text();
    }
    [[nodiscard]] int badges() const
    {
        int count = 0;
        for (QWidget *pill : m_screen->findChildren<QWidget *>(QStringLiteral("laneBadge")))
            count += pill->isVisibleTo(m_screen.get()) ? 1 : 0;
        return count;
    }
    [[nodiscard]] QString figure(int lane, const QString &name) const
    {
        const auto labels = m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(lane))
                                ->findChildren<ui::PlainLabel *>();
        for (const ui::PlainLabel *label : labels) {
            if (label->accessibleName() == name)
                return label->text();
        }
        return QStringLiteral("no figure");
    }
    void typeAndSend(const QString &text) const
    {
        auto *edit = m_screen->findChild<ui::ComposerEdit *>();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    [[nodiscard]] QAbstractButton *button(int lane, const QString &name) const
    {
        return m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(lane))
            ->findChild<QAbstractButton *>(name);
    }
    [[nodiscard]] QString modelOf(int index) const
    {
        return button(index, QStringLiteral("laneModel"))->text();
    }
    void reopen();
    [[nodiscard]] bool idle() const { return !m_comparison->isRunning(); }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::CompareScreen> m_screen;
    Comparison *m_comparison = nullptr;
};

void tst_CompareScreen::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_screen = std::make_unique<ui::CompareScreen>(m_bench->theme, tests::plainNames());
    m_screen->resize(1200, 700);
    m_screen->setVisible(true);
    m_comparison = m_bench->engine->comparisons().create(
        {m_bench->target(QStringLiteral("practice-steady")),
         m_bench->target(QStringLiteral("practice-fast"), QStringLiteral("practice-anthropic"))});
    m_screen->show(m_comparison);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_CompareScreen::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

void tst_CompareScreen::headsOfFiguresAreCutWhereLettersAreLarge()
{
    m_bench->theme.setTextPercent(200);
    m_screen->resize(720, 700);
    (void)m_screen->grab(); // lays out and paints
    int cut = 0;
    for (const ui::PlainLabel *label : m_screen->findChildren<ui::PlainLabel *>()) {
        if (label->text() != QStringLiteral("First token") &&
            label->text() != QStringLiteral("Tokens out"))
            continue;
        if (label->fontMetrics().horizontalAdvance(label->text()) <= label->width())
            continue;
        ++cut;
        QVERIFY(label->toolTip().contains(label->text())); // what "…" stands for
    }
    QVERIFY(cut > 0); // else nothing was shown by this
}

void tst_CompareScreen::oneQuestionToAll()
{
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    for (int i = 0; i < 2; ++i) {
        QTRY_COMPARE(lane(i)->messageCount(), 2);
        QCOMPARE(lane(i)->item(0).message().text, QStringLiteral("What can you do?"));
        QTRY_COMPARE(lane(i)->item(1).message().state, ui::MessageState::Complete);
        QVERIFY(!lane(i)->item(1).message().text.isEmpty());
    }
    Cost sum;
    for (int i = 0; i < 2; ++i)
        sum = sum.plus(m_comparison->figures(i).cost);
    QCOMPARE(m_comparison->round().cost.low, sum.low);
    QVERIFY(sum.low > PicoUsd());
    QTRY_VERIFY2(roundText().contains(QStringLiteral("simulated")), qPrintable(roundText()));
}

void tst_CompareScreen::aNarrowLanesHeadIsWhole()
{
    m_screen->resize(820, 600);
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    const auto named = [this](const QString &text, bool byName) {
        for (auto *label : m_screen->findChild<QWidget *>(QStringLiteral("lane1"))
                               ->findChildren<ui::PlainLabel *>()) {
            if ((byName ? label->accessibleName() : label->text()) == text)
                return label;
        }
        return static_cast<ui::PlainLabel *>(nullptr);
    };
    // The heading tells that it is practice money; the amount beside the others has no room to.
    QTRY_VERIFY(named(QStringLiteral("Simulated"), false));
    ui::PlainLabel *cost = named(QStringLiteral("Simulated cost"), true);
    QVERIFY(cost);
    QTRY_COMPARE(cost->text(), ui::costText(m_comparison->figures(1).cost, ui::Decimals::Figures,
                                            ui::MoneyMark::None));
    QTRY_VERIFY(cost->width() >= cost->sizeHint().width());
    const int right = cost->parentWidget()->width();
    for (QWidget *pill : m_screen->findChild<QWidget *>(QStringLiteral("lane1"))
                             ->findChildren<QWidget *>(QStringLiteral("laneBadge"))) {
        if (pill->isVisible())
            QVERIFY(pill->geometry().right() < right);
    }
}

void tst_CompareScreen::costRangesAreNotCut()
{
    QVERIFY(m_comparison->addLane(m_bench->target()));
    m_screen->resize(1440, 700);
    m_bench->controls().setSpeed(60);
    typeAndSend(QStringLiteral("Write 60 words"));
    QTRY_VERIFY(!lane(0)->item(1).message().text.isEmpty());
    m_comparison->stop(0);
    QVERIFY(!m_comparison->figures(0).cost.isExact()); // nobody says what the rest would have been
    ui::PlainLabel *cost = nullptr;
    const auto findCost = [this, &cost] {
        for (auto *label : m_screen->findChild<QWidget *>(QStringLiteral("lane0"))
                               ->findChildren<ui::PlainLabel *>())
            cost = label->accessibleName() == QStringLiteral("Simulated cost") ? label : cost;
        return cost != nullptr;
    };
    QTRY_VERIFY(findCost());
    const auto isWhole = [cost] {
        return cost->fontMetrics().horizontalAdvance(cost->text()) <= cost->width();
    };
    QTRY_VERIFY2(cost->text().contains(QStringLiteral(" \u2013 ")) && isWhole(),
                 qPrintable(cost->text()));
    const QString range = cost->text();
    m_screen->resize(900, 700); // lanes are as narrow as they get
    QTRY_VERIFY2(cost->text().startsWith(QStringLiteral("\u2264 $")) && isWhole(),
                 qPrintable(cost->text()));
    QVERIFY2(cost->toolTip().contains(range.toHtmlEscaped()), qPrintable(cost->toolTip()));
}

void tst_CompareScreen::lanesRunAtOnce()
{
    m_bench->controls().setSpeed(30);
    typeAndSend(QStringLiteral("Write 300 words"));
    QTRY_VERIFY(!lane(0)->item(1).message().text.isEmpty() &&
                !lane(1)->item(1).message().text.isEmpty());
    QCOMPARE(m_comparison->runningLanes(), 2);
    QTRY_VERIFY2(roundText().contains(u'\u2265') || roundText().contains(QStringLiteral("unknown")),
                 qPrintable(roundText())); // a lower bound, or nothing yet
    QCOMPARE(badges(), 0);
}

void tst_CompareScreen::aFailingLaneDisturbsNone()
{
    m_bench->fail(PracticeFault::WrongKey, QStringLiteral("practice-steady"), 9);
    typeAndSend(QStringLiteral("Hello"));
    QTRY_VERIFY(idle());
    QTRY_COMPARE(lane(0)->item(1).message().state, ui::MessageState::Failed);
    QTRY_COMPARE(lane(1)->item(1).message().state, ui::MessageState::Complete);
    QVERIFY(lane(0)->item(1).message().error.has_value());
}

void tst_CompareScreen::stopAllStopsAll()
{
    m_bench->controls().setSpeed(30);
    typeAndSend(QStringLiteral("Write 300 words"));
    QTRY_VERIFY(!lane(0)->item(1).message().text.isEmpty());
    QVERIFY(m_screen->stopAll());
    QTRY_VERIFY(idle());
    QVERIFY(!lane(0)->item(1).message().text.isEmpty()); // what came is kept
    QVERIFY(!m_screen->stopAll());
}

void tst_CompareScreen::stoppingALaneLeavesTheOthers()
{
    const auto stopOf = [this](int index) { return button(index, QStringLiteral("laneStop")); };
    QVERIFY(!stopOf(0)->isVisible()); // nothing to stop yet
    m_bench->controls().setSpeed(60);
    typeAndSend(QStringLiteral("Write 60 words"));
    QTRY_VERIFY(!lane(0)->item(1).message().text.isEmpty());
    QTRY_VERIFY(stopOf(0)->isVisible() && stopOf(1)->isVisible());
    QTest::mouseClick(stopOf(0), Qt::LeftButton);
    QTRY_VERIFY(!m_comparison->lanes().at(0)->isRunning());
    QCOMPARE(m_comparison->lastAnswer(0)->state, core::MessageState::Cancelled);
    QVERIFY(!lane(0)->item(1).message().text.isEmpty());
    QVERIFY(m_comparison->lanes().at(1)->isRunning());
    QTRY_VERIFY(!stopOf(0)->isVisible());
    QApplication::sendPostedEvents();
    QVERIFY(stopOf(1)->isVisible());
    QCOMPARE(lane(0)->geometry().top(), lane(1)->geometry().top()); // with and without a button
    QTRY_COMPARE_WITH_TIMEOUT(lane(1)->item(1).message().state, ui::MessageState::Complete, 30000);
    QTRY_VERIFY(!stopOf(1)->isVisible());
}

//! Whoever presses Space after Stop must not close the lane.
void tst_CompareScreen::stoppedLanesKeepTheFocusFromClose()
{
    QVERIFY(m_comparison->addLane(m_bench->target()));
    m_bench->controls().setSpeed(60);
    typeAndSend(QStringLiteral("Write 60 words"));
    QAbstractButton *stop = button(0, QStringLiteral("laneStop"));
    QTRY_VERIFY(stop->isVisible());
    stop->setFocus();
    QTest::keyClick(stop, Qt::Key_Space);
    QTRY_VERIFY(!stop->isVisible());
    QCOMPARE(m_screen->focusWidget(), button(0, QStringLiteral("laneModel")));
}

void tst_CompareScreen::closedLanesCanComeBack()
{
    Conversation *third = m_comparison->addLane(m_bench->target());
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    Conversation *first = m_comparison->lanes().at(0);
    QSignalSpy closed(m_screen.get(), &ui::CompareScreen::laneClosed);
    QTest::mouseClick(button(0, QStringLiteral("laneClose")), Qt::LeftButton);
    QCOMPARE(closed.size(), 1);
    QCOMPARE(closed[0][0].toLongLong(), first->id());
    QCOMPARE(closed[0][1].toString(), QStringLiteral("practice-steady"));
    QCOMPARE(m_screen->focusWidget(), m_screen->findChild<ui::ComposerEdit *>());
    QCOMPARE(m_comparison->lanes().size(), 2);
    QCOMPARE(modelOf(1), QStringLiteral("practice-steady")); // the third one's
    m_comparison->restoreLane(first->id());
    QCOMPARE(m_comparison->lanes().constFirst(), first);
    QCOMPARE(m_comparison->lanes().constLast(), third);
    QCOMPARE(lane(0)->messageCount(), 2);
    QCOMPARE(modelOf(2), QStringLiteral("practice-steady"));
}

void tst_CompareScreen::historiesAreTheirOwn()
{
    typeAndSend(QStringLiteral("one"));
    QTRY_VERIFY(idle());
    typeAndSend(QStringLiteral("two"));
    QTRY_VERIFY(idle());
    for (int i = 0; i < 2; ++i) {
        const QList<MessageRecord> path = m_comparison->lanes().at(i)->path();
        QCOMPARE(path.size(), 4);
        QCOMPARE(path.at(1).target.model, m_comparison->lanes().at(i)->record().target.model);
        QCOMPARE(path.at(3).target.model, path.at(1).target.model);
    }
    QVERIFY(m_comparison->lanes().at(0)->path().at(1).target.model !=
            m_comparison->lanes().at(1)->path().at(1).target.model);
}

void tst_CompareScreen::figuresComeWithTheText()
{
    m_bench->controls().setSpeed(60);
    typeAndSend(QStringLiteral("What can you do?"));
    const QString near = QStringLiteral("\u2248 ");
    for (int i = 0; i < 2; ++i) {
        QTRY_VERIFY(figure(i, QStringLiteral("Tokens out")).startsWith(near));
        QTRY_VERIFY(figure(i, QStringLiteral("Speed")).endsWith(QStringLiteral(" tok/s")));
        QVERIFY(figure(i, QStringLiteral("First token")).endsWith(QStringLiteral(" s")));
        QTRY_VERIFY(figure(i, QStringLiteral("Simulated cost")).contains(QLatin1Char('$')));
    }
    QCOMPARE(m_comparison->runningLanes(), 2);
    QTRY_VERIFY2(roundText().startsWith(QStringLiteral("This round \u2265 ")) &&
                     !roundText().contains(QStringLiteral(" \u2013 ")),
                 qPrintable(roundText())); // it goes on: there is no upper end yet
    m_bench->controls().setSpeed(0);
    QTRY_VERIFY(idle());
    for (int i = 0; i < 2; ++i) {
        const auto told = m_comparison->figures(i).outputTokens;
        QVERIFY(told);
        QTRY_COMPARE(figure(i, QStringLiteral("Tokens out")), QLocale::c().toString(*told));
    }
    QTRY_VERIFY2(!roundText().contains(QStringLiteral("\u2265")), qPrintable(roundText()));
    QVERIFY(!roundText().contains(near));
}

void tst_CompareScreen::badgesComeAtTheEnd()
{
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    QTRY_VERIFY(badges() >= 1);
    const RoundWinners winners = m_comparison->winners();
    QVERIFY(winners.firstToken.has_value());
}

void tst_CompareScreen::badgesGoWhenALaneRunsAgain()
{
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    QTRY_VERIFY(badges() >= 1);
    m_bench->controls().setSpeed(30);
    Conversation *again = m_comparison->lanes().at(0);
    QVERIFY(again->regenerate(again->path().constLast().id));
    QCOMPARE(badges(), 0); // it may win yet
}

void tst_CompareScreen::lanesAreNamedApart()
{
    QVERIFY(m_comparison->addLane(m_bench->target()));
    const auto isNamed = [this](int index) {
        const QString ofLane = QStringLiteral("lane %1, %2").arg(index + 1).arg(modelOf(index));
        return button(index, QStringLiteral("laneClose"))->accessibleName() ==
                   QStringLiteral("Close ") + ofLane &&
               button(index, QStringLiteral("laneStop"))->accessibleName() ==
                   QStringLiteral("Stop ") + ofLane &&
               lane(index)->accessibleName() == QStringLiteral("Messages of ") + ofLane;
    };
    for (int i = 0; i < 3; ++i)
        QVERIFY(isNamed(i));
    m_comparison->removeLane(0);
    for (int i = 0; i < 2; ++i)
        QVERIFY(isNamed(i)); // where they stand now
}

void tst_CompareScreen::refusedLanesWereNotAsked_data()
{
    QTest::addColumn<bool>("answeredBefore");
    QTest::newRow("first-round") << false;
    QTest::newRow("later-round") << true;
}

void tst_CompareScreen::refusedLanesWereNotAsked()
{
    QFETCH(const bool, answeredBefore);
    const auto state = [this] {
        return m_screen->findChild<QWidget *>(QStringLiteral("lane0"))
            ->findChild<ui::StatusPill *>(QStringLiteral("laneState"))
            ->accessibleName();
    };
    if (answeredBefore) {
        typeAndSend(QStringLiteral("What can you do?"));
        QTRY_VERIFY(idle());
    }
    RefusedTurn turn;
    turn.text = QStringLiteral("And now?");
    turn.error.kind = ErrorKind::BudgetExceeded;
    turn.error.shortfall = Shortfall();
    turn.error.shortfall->hard = false;
    turn.error.shortfall->budgetId = 7;
    auto *composer = m_screen->findChild<ui::Composer *>();
    Q_EMIT m_comparison->lanes().at(0)->turnRefused(turn);
    QTRY_COMPARE(state(), QStringLiteral("not asked"));
    QVERIFY(composer->noticeText().startsWith(QStringLiteral("practice-steady: ")));
    QSignalSpy changing(m_screen.get(), &ui::CompareScreen::budgetRequested);
    Q_EMIT composer->noticeActionChosen(1); // Change budget
    QCOMPARE(changing.count(), 1);
    QVERIFY(composer->noticeText().startsWith(QStringLiteral("practice-steady: "))); // to go on
    Conversation *third = m_comparison->addLane(m_bench->target());
    QVERIFY(third);
    QTest::mouseClick(button(0, QStringLiteral("laneClose")), Qt::LeftButton);
    QCOMPARE(composer->noticeText(), QString()); // nothing is left to be asked
}

void tst_CompareScreen::refusedQuestionIsAskedOnce()
{
    RefusedTurn turn;
    turn.text = QStringLiteral("What can you do?");
    turn.error.kind = ErrorKind::BudgetExceeded;
    turn.error.shortfall = Shortfall();
    turn.error.shortfall->hard = false;
    for (Conversation *lane : m_comparison->lanes())
        Q_EMIT lane->turnRefused(turn);
    auto *composer = m_screen->findChild<ui::Composer *>();
    QCOMPARE(composer->text(), turn.text); // nobody was asked
    const QString question = composer->noticeText();
    QVERIFY(!question.isEmpty());
    m_screen->show(m_bench->engine->comparisons().create({m_bench->target(), m_bench->target()}));
    QCOMPARE(composer->text(), QString());
    QCOMPARE(composer->noticeText(), QString());
    m_screen->show(m_comparison); // what it waits for is as it was
    QCOMPARE(composer->text(), turn.text);
    QCOMPARE(composer->noticeText(), question);

    Q_EMIT composer->noticeActionChosen(0); // Send
    QCOMPARE(composer->text(), QString());
    QCOMPARE(m_comparison->record().draft, QString());
    QTRY_VERIFY(idle());
    for (int i = 0; i < 2; ++i)
        QTRY_COMPARE(lane(i)->messageCount(), 2);
}

void tst_CompareScreen::refusedLaneHasAWayOn_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<int>("messages");
    QTest::newRow("asked") << QStringLiteral("Ask it") << 4;
    QTest::newRow("left-out") << QStringLiteral("Leave this lane out") << 2;
}

//! Also when the notice above the composer is gone.
void tst_CompareScreen::refusedLaneHasAWayOn()
{
    QFETCH(const QString, button);
    QFETCH(const int, messages);
    typeAndSend(QStringLiteral("Hello"));
    QTRY_VERIFY(idle());
    RefusedTurn turn;
    turn.text = QStringLiteral("What can you do?");
    turn.error.kind = ErrorKind::BudgetExceeded;
    turn.error.shortfall = Shortfall();
    turn.error.shortfall->hard = false;
    Conversation *refused = m_comparison->lanes().at(0);
    Q_EMIT refused->turnRefused(turn);
    refused->setTarget(m_comparison->lanes().at(1)->record().target);
    auto *composer = m_screen->findChild<ui::Composer *>();
    Q_EMIT composer->noticeActionChosen(0); // Send: not given for another model
    QCOMPARE(composer->noticeText(), QString());
    const auto *notice =
        m_screen->findChild<QWidget *>(QStringLiteral("lane0"))->findChild<ui::NoticeBar *>();
    QTRY_COMPARE(notice->text(), QStringLiteral("practice-fast has not been asked yet: "
                                                "\u201CWhat can you do?\u201D"));
    for (QAbstractButton *offered : notice->findChildren<QAbstractButton *>()) {
        if (offered->isVisible() && offered->text() == button)
            QTest::mouseClick(offered, Qt::LeftButton);
    }
    QTRY_VERIFY(idle() && !notice->isVisible());
    QVERIFY(!m_comparison->refusedTurn(0));
    QTRY_COMPARE(lane(0)->messageCount(), messages);
    QCOMPARE(lane(1)->messageCount(), 2); // and nobody else is
}

void tst_CompareScreen::reopensWhole()
{
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    const QString first = textOf(m_comparison->lanes().at(0)->path().constLast().parts);
    reopen();
    QCOMPARE(m_comparison->lanes().size(), 2);
    QCOMPARE(lane(0)->item(1).message().text, first);
    QCOMPARE(lane(1)->messageCount(), 2);
}

//! The next run of the program: a new core on the same profile.
void tst_CompareScreen::reopen()
{
    const std::int64_t id = m_comparison->record().id;
    const QFuture<Result<Done>> drained = m_bench->engine->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    m_screen->show(nullptr);
    app::EngineOptions options;
    options.profile = app::Profile::below(m_bench->directory.path());
    options.demo = true;
    m_bench->engine.reset();
    auto again = app::Engine::create(options);
    QVERIFY(again);
    m_bench->engine = std::move(again).value();
    app::applyRoutes(*m_bench->engine);
    const QFuture<Result<Comparison *>> opened = m_bench->engine->comparisons().open(id);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    m_comparison = *opened.result();
    m_screen->show(m_comparison);
}

//! The route, and not only who stood first in it then.
void tst_CompareScreen::reopensOnItsRoute()
{
    core::RouteBook &before = m_bench->engine->routes();
    const std::int64_t id = before.add(QStringLiteral("Calm"));
    const Target steady = m_bench->target();
    const Target fast = m_bench->target(QStringLiteral("practice-fast"));
    QVERIFY(before.setTargets(id, {fast, steady}));
    app::applyRoutes(*m_bench->engine);
    m_comparison->lanes().at(0)->setRoute(*before.find(id));
    typeAndSend(QStringLiteral("What can you do?"));
    QTRY_VERIFY(idle());
    reopen();
    QTRY_VERIFY2(modelOf(0).startsWith(QStringLiteral("Calm")), qPrintable(modelOf(0)));
    QVERIFY2(!modelOf(1).startsWith(QStringLiteral("Calm")), qPrintable(modelOf(1)));

    m_bench->fail(PracticeFault::Overloaded, QStringLiteral("practice-fast"), 9);
    m_bench->controls().setSpeed(0);
    typeAndSend(QStringLiteral("And now?"));
    QTRY_VERIFY_WITH_TIMEOUT(idle(), 30'000); // the waits of its retries
    const MessageRecord answer = m_comparison->lanes().at(0)->path().constLast();
    QCOMPARE(answer.state, core::MessageState::Complete);
    QCOMPARE(answer.target.model, QStringLiteral("practice-steady")); // the route's second
}

void tst_CompareScreen::notBelowTwoLanes()
{
    QVERIFY(m_comparison->addLane(m_bench->target()));
    QCOMPARE(m_comparison->lanes().size(), 3);
    m_comparison->removeLane(2);
    m_comparison->removeLane(1);
    QCOMPARE(m_comparison->lanes().size(), 2);
    for (int i = 2; i < Comparison::MostLanes; ++i)
        QVERIFY(m_comparison->addLane(m_bench->target()));
    QVERIFY(!m_comparison->addLane(m_bench->target()));
}

void tst_CompareScreen::addedLanesComeIntoSight()
{
    m_screen->resize(880, 700);
    auto *area = m_screen->findChild<QScrollArea *>();
    for (int i = 2; i < 5; ++i) {
        QVERIFY(m_comparison->addLane(m_bench->target()));
        QWidget *card = m_screen->findChild<QWidget *>(QStringLiteral("lane%1").arg(i));
        QVERIFY(card);
        QTRY_VERIFY(area->viewport()->rect().contains(
            QRect(card->mapTo(area->viewport(), QPoint()), QSize(card->width(), 1))));
    }
}

//! Their lane does, and they in it; also where another version stands in their place.
void tst_CompareScreen::foundMessagesComeIntoSight()
{
    m_screen->resize(880, 700);
    QVERIFY(m_comparison->addLane(m_bench->target()));
    for (const QString &text : {QStringLiteral("Hello"), QStringLiteral("Write 300 words")}) {
        typeAndSend(text);
        QTRY_VERIFY(idle());
    }
    Conversation *last = m_comparison->lanes().constLast();
    const std::int64_t found = last->path().at(1).id;
    const QString id = QString::number(found);
    const QString elsewhere = lane(0)->scrollAnchor();
    auto *area = m_screen->findChild<QScrollArea *>();
    area->horizontalScrollBar()->setValue(0);
    m_screen->showMessage(found);
    const QWidget *card = m_screen->findChild<QWidget *>(QStringLiteral("lane2"));
    QTRY_VERIFY(area->viewport()->rect().contains(
        QRect(card->mapTo(area->viewport(), QPoint()), QSize(card->width(), 1))));
    QCOMPARE(lane(2)->item(std::max(0, lane(2)->messageAt(0))).message().id, id);
    QCOMPARE(lane(0)->scrollAnchor(), elsewhere);

    QVERIFY(last->regenerate(found));
    QTRY_VERIFY(idle());
    QVERIFY(lane(2)->indexOf(id) < 0);
    m_screen->showMessage(found);
    QVERIFY(lane(2)->indexOf(id) >= 0);
    QCOMPARE(last->path().size(), 4);
    // But not where the lane holds its question: it would be asked there once more.
    const std::int64_t tooLong = last->path().at(2).id;
    m_comparison->holdAnswer(2, last->path().constLast().id, {2'000, 1'000});
    QCOMPARE(last->path().size(), 2);
    m_screen->showMessage(tooLong);
    QCOMPARE(last->path().size(), 2);
}

void tst_CompareScreen::aChosenModelTakesTheNoticeAway()
{
    Conversation *third = m_comparison->addLane({});
    auto *composer = m_screen->findChild<ui::Composer *>();
    typeAndSend(QStringLiteral("What can you do?"));
    QVERIFY(composer->noticeText().startsWith(QStringLiteral("A lane has no model.")));
    // It stays for as long as that is so, whatever else is shown anew.
    m_comparison->setTitle(QStringLiteral("Another name"));
    const auto isRenamed = [this] {
        const auto labels = m_screen->findChildren<ui::PlainLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const ui::PlainLabel *label) {
            return label->text() == QStringLiteral("Another name");
        });
    };
    QTRY_VERIFY(isRenamed());
    QVERIFY(!composer->noticeText().isEmpty());
    third->setTarget(m_bench->target());
    QTRY_COMPARE(composer->noticeText(), QString());
}

//! Also when lanes come and go, and the reader has sent something since the wheel was turned.
void tst_CompareScreen::readersKeepTheirPlaces()
{
    QVERIFY(m_comparison->addLane(m_bench->target()));
    for (const QString &text :
         {QStringLiteral("Write 300 words"), QStringLiteral("And 300 more")}) {
        QTest::keyClick(lane(1), Qt::Key_Home); // a place that is remembered
        typeAndSend(text);
        QTRY_VERIFY(idle());
    }
    ui::TranscriptView *kept = lane(1);
    QTRY_COMPARE(kept->item(3).message().state, ui::MessageState::Complete);
    const QString place = kept->scrollAnchor();
    QVERIFY(kept->verticalScrollBar()->value() > 0);
    QVERIFY(m_comparison->addLane(m_bench->target()));
    QCOMPARE(lane(1)->scrollAnchor(), place);
    m_comparison->removeLane(0);
    QCOMPARE(lane(0), kept);
    QCOMPARE(kept->scrollAnchor(), place);
    m_screen->show(nullptr);
    m_screen->show(m_comparison); // and who comes back to the comparison
    QCOMPARE(lane(0)->scrollAnchor(), place);
}

void tst_CompareScreen::expectedCostIsThatOfAllLanes()
{
    QList<ForecastQuestion> asked;
    m_screen->setForecastSource([&](const QList<ForecastQuestion> &questions) {
        asked = questions;
        return m_bench->engine->forecast(questions);
    });
    auto *hint = m_screen->findChild<ui::PlainLabel *>(QStringLiteral("composerHint"));
    QCOMPARE(hint->text(), QStringLiteral("practice, simulated cost"));
    QTest::keyClicks(m_screen->findChild<ui::ComposerEdit *>(), QStringLiteral("What can you do?"));
    QTRY_VERIFY2(hint->text().startsWith(
                     QStringLiteral("2 lanes \u00B7 \u2248 24 in \u00B7 <$0.0001 \u2013 0.0")),
                 qPrintable(hint->text()));
    QVERIFY2(hint->text().endsWith(QStringLiteral("simulated")), qPrintable(hint->text()));
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.first().target.model, QStringLiteral("practice-steady"));
    QCOMPARE(asked.last().target.model, QStringLiteral("practice-fast"));
}

QTEST_MAIN(tst_CompareScreen)
#include "tst_comparescreen.moc"
