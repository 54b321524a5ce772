#include "core/client/accountnotes.h"
#include "tests/ui/practicebench.h"
#include "ui/chat/attemptrow.h"
#include "ui/chat/chatheader.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/detailspanel.h"
#include "ui/conversation/attempttimeline.h"
#include "ui/conversation/figuretable.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/plainlabel.h"

#include <QMenu>
#include <QRegularExpression>
#include <QSignalSpy>

#include <memory>

using namespace core;

//! The Details panel beside a real chat with the practice provider.
class tst_Details : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void buttonOpensIt();
    void failedAttemptsAreTold();
    void anAttemptsCostIsChosenByKey();
    void chipOpensIt();
    void olderAnswerIsReadFromTheStore();
    void runningAnswerIsFollowed();
    void continuedAnswerHasAllItsAttempts_data();
    void continuedAnswerHasAllItsAttempts();
    void stoppedAnswerHasARange();
    void timelineIsATableToo();
    void choiceByTaskIsTold();
    void limitsAreTold_data();
    void limitsAreTold();
    void whatWaitsForItsTurnHasNoCost();
    void emptyChatSaysWhatStandsHere();
    void narrowWindowHasItAbove();
    void menuHasAllActions();

private:
    template <typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        return m_screen->findChild<T *>(QString::fromLatin1(name));
    }
    [[nodiscard]] ui::DetailsPanel *panel() const { return find<ui::DetailsPanel>("detailsPanel"); }
    [[nodiscard]] QString label(const char *name) const
    {
        return find<ui::PlainLabel>(name)->text();
    }
    [[nodiscard]] ui::AttemptRowTexts row(int number) const
    {
        auto *found =
            m_screen->findChild<ui::AttemptRow *>(QStringLiteral("attempt%1").arg(number));
        return found ? found->texts() : ui::AttemptRowTexts();
    }
    [[nodiscard]] QStringList costRow(int index) const
    {
        auto *table = find<ui::FigureTable>("costTable");
        QStringList texts;
        for (int column = 0; index < table->rowCount() && column < table->columnCount(); ++column)
            texts.append(table->item(index, column)->text());
        return texts;
    }
    void ask(const QString &text) const
    {
        auto *edit = m_screen->findChild<ui::ComposerEdit *>();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    void askToTheEnd(const QString &text) const
    {
        ask(text);
        QTRY_VERIFY_WITH_TIMEOUT(!m_chat->isRunning(), 15'000);
    }
    void openPanel() const
    {
        QTest::mouseClick(find<QAbstractButton>("detailsButton"), Qt::LeftButton);
        QTRY_VERIFY(panel() && panel()->isVisible());
    }
    void retryFast() const;

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<ui::ChatScreen> m_screen;
    Conversation *m_chat = nullptr;
    std::optional<LimitFacts> m_limits;
    Target m_limitsOf; //!< Whose were asked for last.
};

void tst_Details::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    m_limits.reset();
    m_bench = std::make_unique<tests::PracticeBench>();
    m_screen = std::make_unique<ui::ChatScreen>(m_bench->theme, tests::plainNames());
    ui::DetailSources sources;
    sources.attempts = [this](std::int64_t requestId) {
        return m_bench->engine->store().conversations().attempts(requestId);
    };
    sources.contextLimit = [](const Target &) { return std::optional<std::int64_t>(1'000); };
    sources.limits = [this](const Target &target) {
        m_limitsOf = target;
        return m_limits;
    };
    sources.pricesOf = [](const AttemptRecord &) {
        return std::optional<UtcTime>(UtcTime(std::chrono::hours(24 * 19'000)));
    };
    m_screen->setDetailSources(sources);
    connect(&m_bench->engine->store(), &Store::ledgerChanged, m_screen.get(),
            &ui::ChatScreen::refreshDetails);
    connect(m_screen.get(), &ui::ChatScreen::detailsToggled, m_screen.get(),
            &ui::ChatScreen::setDetailsShown);
    m_screen->resize(1300, 800);
    m_screen->setVisible(true);
    m_chat = m_bench->chat();
    m_screen->show(m_chat);
    QVERIFY(QTest::qWaitForWindowExposed(m_screen.get()));
}

void tst_Details::cleanup()
{
    m_screen.reset();
    m_bench->engine->conversations().stopAll();
    m_bench.reset();
}

void tst_Details::retryFast() const
{
    ClientOptions quick;
    quick.baseDelay = std::chrono::milliseconds(20);
    quick.longestDelay = std::chrono::milliseconds(40);
    m_bench->engine->client().setOptions(quick);
}

void tst_Details::buttonOpensIt()
{
    QVERIFY(!panel()); // not made before it is wanted
    QSignalSpy toggled(m_screen.get(), &ui::ChatScreen::detailsToggled);
    openPanel();
    QCOMPARE(toggled.size(), 1);
    const int usual = panel()->width();
    m_bench->theme.setTextPercent(150); // larger text has the room that it needs
    QTRY_COMPARE(panel()->width(), usual * 3 / 2);
    m_bench->theme.setTextPercent(100);
    QTRY_COMPARE(panel()->width(), usual);
    QCOMPARE(panel()->geometry().right(), m_screen->width() - 1);
    QCOMPARE(panel()->height(), m_screen->height());
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_COMPARE(row(1).badge, QStringLiteral("answered"));
    QCOMPARE(label("detailsTitle"), QStringLiteral("Details of the first answer"));
    QCOMPARE(row(1).model, QStringLiteral("practice-steady"));
    QVERIFY2(row(1).line.startsWith(QStringLiteral("first token ")), qPrintable(row(1).line));
    QVERIFY2(row(1).line.endsWith(QStringLiteral(" simulated")), qPrintable(row(1).line));
    QCOMPARE(label("costHead"), QStringLiteral("COST OF ATTEMPT 1"));
    // The lines are those of the ledger, and their sum stands below them.
    const AttemptRecord &shown = panel()->details().attempts.constLast();
    QVERIFY(shown.cost.lines.size() >= 2);
    QCOMPARE(costRow(0).value(0), QStringLiteral("Input"));
    QCOMPARE(costRow(0).value(1), QString::number(shown.cost.lines.at(0).quantity));
    const auto last = static_cast<int>(shown.cost.lines.size());
    QCOMPARE(costRow(last).value(0), QStringLiteral("Total"));
    QCOMPARE(costRow(last).value(1),
             QStringLiteral("$%1 simulated").arg(shown.cost.total.low.toDecimal()));
    QVERIFY2(label("costNotes").contains(QStringLiteral("Simulated")),
             qPrintable(label("costNotes")));
    QVERIFY2(label("costNotes").contains(QStringLiteral("Catalogue of 8 Jan 2022")),
             qPrintable(label("costNotes")));
    QVERIFY2(label("contextUsed").endsWith(QStringLiteral(" of 1k tokens")),
             qPrintable(label("contextUsed")));
    QVERIFY(label("contextShare").endsWith(QLatin1Char('%')));

    QTest::mouseClick(find<QAbstractButton>("detailsButton"), Qt::LeftButton);
    QTRY_VERIFY(!panel()->isVisible());
}

void tst_Details::failedAttemptsAreTold()
{
    m_chat->setFallbacks({m_bench->target(QStringLiteral("practice-fast"))});
    m_bench->fail(PracticeFault::Overloaded, QStringLiteral("practice-steady"), 9);
    retryFast();
    openPanel();
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_COMPARE(row(4).badge, QStringLiteral("answered"));
    QCOMPARE(row(1).tone, ui::Tone::Error);
    QCOMPARE(row(1).badge, QStringLiteral("503 overloaded"));
    QCOMPARE(row(4).model, QStringLiteral("practice-fast"));
    // A wait stands where it was caused, and what a failure may have cost is a range.
    QVERIFY2(row(1).line.contains(QStringLiteral("waited ")), qPrintable(row(1).line));
    QVERIFY2(row(1).line.contains(QStringLiteral("$0 to ")), qPrintable(row(1).line));
    QVERIFY2(!row(3).line.contains(QStringLiteral("waited ")), qPrintable(row(3).line));

    const ui::Timeline &timeline = find<ui::AttemptTimeline>("attemptTimeline")->timeline();
    QCOMPARE(timeline.attempts.size(), 4);
    QVERIFY(timeline.attempts.at(0).spans.constLast().phase == ui::AttemptPhase::Waiting);
    std::chrono::milliseconds at{0};
    for (const ui::AttemptSpans &attempt : timeline.attempts) {
        for (const ui::PhaseSpan &span : attempt.spans) {
            QVERIFY(span.from >= at);
            at = span.to;
        }
    }
    QCOMPARE(at, timeline.total);
}

void tst_Details::anAttemptsCostIsChosenByKey()
{
    m_bench->fail(PracticeFault::RateLimited);
    retryFast();
    openPanel();
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_COMPARE(row(2).badge, QStringLiteral("answered"));
    QCOMPARE(row(1).badge, QStringLiteral("429 rate limited"));
    QCOMPARE(row(1).tone, ui::Tone::Warning);
    QVERIFY2(row(1).line.endsWith(QStringLiteral("$0, not charged")), qPrintable(row(1).line));
    QCOMPARE(label("costHead"), QStringLiteral("COST OF ATTEMPT 2"));
    auto *first = find<ui::AttemptRow>("attempt1");
    first->setFocus();
    QTest::keyClick(first, Qt::Key_Return);
    QCOMPARE(label("costHead"), QStringLiteral("COST OF ATTEMPT 1"));
    QVERIFY(first->isChecked());
    QVERIFY2(label("costNotes").contains(QStringLiteral("not charged")),
             qPrintable(label("costNotes")));
    QVERIFY(first->accessibleName().contains(QStringLiteral("429 rate limited")));
}

void tst_Details::chipOpensIt()
{
    askToTheEnd(QStringLiteral("one"));
    m_bench->fail(PracticeFault::RateLimited);
    retryFast();
    askToTheEnd(QStringLiteral("two"));
    askToTheEnd(QStringLiteral("three"));
    auto *view = m_screen->findChild<ui::TranscriptView *>();
    view->goToMessage(0);
    const QString answer = QString::number(m_chat->path().at(3).id);
    view->scrollToMessage(answer);
    const int index = view->indexOf(answer);
    QTRY_VERIFY(view->item(index).isParsed());
    QPoint chip;
    for (int part = 0; part < view->item(index).partCount(); ++part) {
        for (const ui::HotSpot &spot : view->item(index).spots(part)) {
            if (spot.text == QStringLiteral("2 attempts"))
                chip = spot.rect.center() + view->partRect(index, part).topLeft();
        }
    }
    QVERIFY(!chip.isNull());
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, chip);
    QTRY_VERIFY(panel() && panel()->isVisible());
    QCOMPARE(label("detailsTitle"), QStringLiteral("Details of the second answer"));
    QTRY_COMPARE(row(2).badge, QStringLiteral("answered"));
    // What is asked next is what is shown next.
    askToTheEnd(QStringLiteral("four"));
    QTRY_COMPARE(label("detailsTitle"), QStringLiteral("Details of the fourth answer"));
}

void tst_Details::olderAnswerIsReadFromTheStore()
{
    askToTheEnd(QStringLiteral("one"));
    askToTheEnd(QStringLiteral("two"));
    openPanel(); // the panel saw none of it
    QTRY_COMPARE(row(1).badge, QStringLiteral("answered"));
    QCOMPARE(label("detailsTitle"), QStringLiteral("Details of the second answer"));
    auto *view = m_screen->findChild<ui::TranscriptView *>();
    view->scrollToMessage(QString::number(m_chat->path().at(2).id));
    view->goToMessage(-1); // by key: Ctrl+Up
    QCOMPARE(label("detailsTitle"), QStringLiteral("Details of the first answer"));
    QTRY_COMPARE(panel()->details().attempts.size(), 1);
    const AnswerFigures figures = m_chat->figures(m_chat->path().at(1).id);
    QTRY_COMPARE(panel()->details().attempts.constFirst().requestId, figures.requestId);
    QCOMPARE(panel()->details().attempts.constFirst().cost.total, figures.cost);
}

void tst_Details::runningAnswerIsFollowed()
{
    m_bench->controls().setSpeed(40);
    openPanel();
    ask(QStringLiteral("Write 500 words"));
    QTRY_COMPARE(row(1).badge, QStringLiteral("streaming"));
    QCOMPARE(row(1).tone, ui::Tone::Accent);
    const auto before = panel()->details().total;
    QTRY_VERIFY(panel()->details().total > before); // time goes on
    QVERIFY(label("costNotes").contains(QStringLiteral("when the attempt has ended")));
    QVERIFY(!find<ui::FigureTable>("costTable")->isVisible());
    m_chat->stop();
    QTRY_COMPARE(row(1).badge, QStringLiteral("stopped"));
}

void tst_Details::continuedAnswerHasAllItsAttempts_data()
{
    QTest::addColumn<bool>("seen");
    QTest::newRow("the-panel-saw-them") << true;
    QTest::newRow("from-the-store") << false;
}

//! While it goes on, too: what its beginning took is no less of this answer.
void tst_Details::continuedAnswerHasAllItsAttempts()
{
    QFETCH(const bool, seen);
    m_bench->fail(PracticeFault::CloseInStream);
    if (seen)
        openPanel();
    askToTheEnd(QStringLiteral("Write 500 words"));
    const MessageRecord before = m_chat->path().last();
    QCOMPARE(before.state, MessageState::Incomplete);
    m_bench->controls().setSpeed(40);
    QVERIFY(m_chat->continueAnswer(before.id));
    if (!seen)
        openPanel();
    QTRY_COMPARE(row(2).badge, QStringLiteral("streaming"));
    QCOMPARE(row(2).number, 2);
    QCOMPARE(row(1).number, 1);
    const QString broken = row(1).badge;
    const ui::AnswerDetails running = panel()->details();
    QCOMPARE(running.attempts.size(), 2);
    QCOMPARE(running.attempts.first().requestId, before.requestId);
    QCOMPARE(running.attempts.first().outcome, AttemptOutcome::Failed);
    QVERIFY(running.sentAt <= running.attempts.first().queuedAt);
    QVERIFY(running.sentAt + running.total >= running.attempts.last().queuedAt);
    m_chat->stop();
    QTRY_COMPARE(row(2).badge, QStringLiteral("stopped"));
    QCOMPARE(row(1).badge, broken);
    QCOMPARE(row(2).number, 2);
}

void tst_Details::stoppedAnswerHasARange()
{
    m_bench->controls().setSpeed(40);
    openPanel();
    ask(QStringLiteral("Write 500 words"));
    QTRY_COMPARE(row(1).badge, QStringLiteral("streaming"));
    m_chat->stop();
    QTRY_COMPARE(row(1).badge, QStringLiteral("stopped"));
    QVERIFY2(row(1).line.contains(QStringLiteral(" to $")), qPrintable(row(1).line));
    QVERIFY2(label("costNotes").contains(QStringLiteral("You stopped it")),
             qPrintable(label("costNotes")));
}

void tst_Details::timelineIsATableToo()
{
    openPanel();
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_COMPARE(row(1).badge, QStringLiteral("answered"));
    auto *bars = find<ui::AttemptTimeline>("attemptTimeline");
    QVERIFY(bars->accessibleDescription().contains(QStringLiteral("Attempt 1")));
    QCOMPARE(bars->barRect(0, 0).left(), 0.0);
    auto *toggle = find<QAbstractButton>("timelineAsTable");
    toggle->setFocus();
    QTest::keyClick(toggle, Qt::Key_Space);
    auto *table = find<ui::FigureTable>("phaseTable");
    QTRY_VERIFY(table->isVisible());
    QVERIFY(!bars->isVisible());
    QVERIFY(table->rowCount() >= 2);
    QCOMPARE(table->item(table->rowCount() - 1, 0)->text(), QStringLiteral("Total"));
}

void tst_Details::choiceByTaskIsTold()
{
    RouteBook &routes = m_bench->engine->routes();
    const std::int64_t id = routes.add(QStringLiteral("Auto"));
    QVERIFY(routes.setTargets(
        id, {m_bench->target(), m_bench->target(QStringLiteral("practice-fast"))}));
    routes.setKind(id, RouteKind::ByTask);
    m_bench->engine->conversations().setRoutes(routes.routes(), {});
    m_chat->setRoute(*routes.find(id));
    openPanel();
    QVERIFY(m_chat->send(QStringLiteral("Why?\n```cpp\nint main() { return 0; }\n```")));
    QTRY_VERIFY(!m_chat->isRunning());
    QTRY_VERIFY2(label("taskChoice").startsWith(QStringLiteral("Auto chose practice-fast: code")),
                 qPrintable(label("taskChoice")));
    QVERIFY(find<ui::PlainLabel>("taskChoice")->isVisible());
    m_chat->setTarget(m_bench->target());
    askToTheEnd(QStringLiteral("And now?"));
    QTRY_VERIFY(!find<ui::PlainLabel>("taskChoice")->isVisible());
}

void tst_Details::limitsAreTold_data()
{
    QTest::addColumn<LimitFacts>("facts");
    QTest::addColumn<QString>("requests"); // empty: left out
    QTest::addColumn<QString>("tokens");
    QTest::addColumn<QString>("reset");
    const auto limit = [](std::optional<std::int64_t> most, std::optional<std::int64_t> left,
                          std::optional<std::chrono::milliseconds> reset) {
        return RateLimit{most, left, reset, std::nullopt};
    };
    using namespace std::chrono_literals;
    QTest::newRow("all") << LimitFacts{limit(4'000, 3'912, 11'600ms), limit(400'000, 61'000, 12s),
                                       0ms}
                         << QStringLiteral("3,912 of 4,000") << QStringLiteral("61k of 400k")
                         << QStringLiteral("Resets in 12 s");
    QTest::newRow("two-resets") << LimitFacts{limit(50, 0, 3s), limit(8'000, 0, 90s), 0ms}
                                << QStringLiteral("0 of 50") << QStringLiteral("0 of 8,000")
                                << QStringLiteral("Requests reset in 3 s, tokens in 90 s");
    QTest::newRow("without-its-limit") << LimitFacts{limit(std::nullopt, 7, std::nullopt), {}, 0ms}
                                       << QStringLiteral("7") << QString() << QString();
    QTest::newRow("only-tokens") << LimitFacts{{}, limit(8'000, 500, std::nullopt), 300s}
                                 << QString() << QStringLiteral("500 of 8,000")
                                 << QStringLiteral("As told 5 min ago");
    QTest::newRow("nothing-left-to-say")
        << LimitFacts{limit(4'000, std::nullopt, std::nullopt), {}, 0ms} << QString() << QString()
        << QString();
}

void tst_Details::limitsAreTold()
{
    QFETCH(const LimitFacts, facts);
    QFETCH(const QString, requests);
    QFETCH(const QString, tokens);
    QFETCH(const QString, reset);
    m_limits = facts;
    openPanel();
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_COMPARE(m_limitsOf.model, QStringLiteral("practice-steady"));
    const auto shown = [this](const char *name) {
        const auto *found = find<ui::PlainLabel>(name);
        return found->isVisible() ? found->text() : QString();
    };
    QTRY_COMPARE(shown("requestsLeft"), requests);
    QTRY_COMPARE(shown("tokensLeft"), tokens); // the other may be empty from the start
    QCOMPARE(shown("limitsReset"), reset);
    m_limits.reset(); // looked at again each second
    QTRY_VERIFY_WITH_TIMEOUT(shown("requestsLeft").isEmpty() && shown("tokensLeft").isEmpty(),
                             3'000);
}

//! And not that of the answer before it.
void tst_Details::whatWaitsForItsTurnHasNoCost()
{
    openPanel();
    askToTheEnd(QStringLiteral("Hello"));
    QTRY_VERIFY(find<ui::FigureTable>("costTable")->isVisible());
    m_bench->engine->accountNotes().setLimits(QStringLiteral("practice"),
                                              core::OwnLimits{1, std::nullopt});
    QVERIFY(m_chat->send(QStringLiteral("And now?")));
    QTRY_COMPARE(label("detailsTitle"), QStringLiteral("Details of the second answer"));
    QTRY_VERIFY(!find<ui::FigureTable>("costTable")->isVisible());
    QVERIFY(!find<ui::PlainLabel>("costHead")->isVisible());
    QVERIFY(m_chat->isRunning());
    QCOMPARE(m_chat->reply()->attempts().size(), 0);
    m_chat->stop();
}

void tst_Details::emptyChatSaysWhatStandsHere()
{
    openPanel();
    QCOMPARE(label("detailsTitle"), QStringLiteral("Details"));
    QVERIFY(!find<ui::FigureTable>("costTable")->isVisible());
}

void tst_Details::narrowWindowHasItAbove()
{
    openPanel();
    auto *composer = find<QWidget>("composer");
    const auto end = [&] {
        return composer->mapTo(m_screen.get(), QPoint(composer->width(), 0)).x();
    };
    QTRY_VERIFY(end() <= panel()->x());
    m_screen->resize(900, 500);
    QTRY_VERIFY(panel()->x() == m_screen->width() - panel()->width());
    // It lies over the messages, and leaves its button and the composer free.
    QTRY_COMPARE(panel()->geometry().bottom() + 1, composer->y());
    QTRY_VERIFY(end() > panel()->x());
    auto *button = find<QAbstractButton>("detailsButton");
    QVERIFY(panel()->y() >= button->mapTo(m_screen.get(), QPoint(0, button->height())).y());
}

void tst_Details::menuHasAllActions()
{
    askToTheEnd(QStringLiteral("Hello"));
    auto *more = find<QAbstractButton>("chatActions");
    QTest::mouseClick(more, Qt::LeftButton);
    auto *menu = find<QMenu>("chatActionsMenu");
    QVERIFY(menu);
    const auto action = [menu](const QString &text) {
        for (QAction *each : menu->actions()) {
            if (each->text() == text)
                return each;
        }
        return static_cast<QAction *>(nullptr);
    };
    for (const char *name :
         {"Rename", "Pin", "Archive", "Options", "Find in this chat", "Copy the last answer",
          "Make the last answer again", "Details", "Delete"}) {
        QVERIFY2(action(QString::fromLatin1(name)), name);
        QVERIFY2(action(QString::fromLatin1(name))->isEnabled(), name);
    }
    action(QStringLiteral("Pin"))->trigger();
    QVERIFY(m_chat->record().pinned);
    action(QStringLiteral("Details"))->trigger();
    QTRY_VERIFY(panel() && panel()->isVisible());
    QSignalSpy archived(m_screen.get(), &ui::ChatScreen::archiveRequested);
    action(QStringLiteral("Archive"))->trigger();
    QCOMPARE(archived.size(), 1);
    QCOMPARE(archived.constFirst().constFirst().value<std::int64_t>(), m_chat->id());
    action(QStringLiteral("Make the last answer again"))->trigger();
    QVERIFY(m_chat->isRunning());
    QTRY_VERIFY(!m_chat->isRunning());
    QCOMPARE(m_chat->versions(m_chat->path().constLast().id).size(), 2);
}

QTEST_MAIN(tst_Details)
#include "tst_details.moc"
