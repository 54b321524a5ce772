#include "core/pricing/pricebook.h"
#include "core/store/budgetbook.h"
#include "tests/ui/dashboard/spendledger.h"
#include "ui/dashboard/dashboardscreen.h"
#include "ui/dashboard/figurecard.h"
#include "ui/dashboard/firsttokenchart.h"
#include "ui/dashboard/spendchart.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QAbstractAxis>
#include <QBarSet>
#include <QChart>
#include <QComboBox>
#include <QGraphicsScene>
#include <QGraphicsTextItem>
#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QStackedBarSeries>
#include <QTableView>
#include <QTextDocument>

using namespace std::chrono_literals;
using namespace tests;
using core::SpendRange;

namespace {

constexpr std::int64_t Cent = core::PicoUsd::PerDollar / 100;

core::Cost cents(std::int64_t count)
{
    return {core::PicoUsd(count * Cent), core::PicoUsd(count * Cent), true};
}

//! The screen over a ledger, as a window shows it.
struct Fixture
{
    SpendLedger ledger;
    ui::ThemeSource theme{ui::Appearance::Light};
    ui::DashboardScreen screen{*ledger.store, ledger.clock, ledger.clock.utcNow(), theme, {}};
    QSignalSpy shown{&screen, &ui::DashboardScreen::shown};

    LedgerRequest request(const char *provider, const char *model, std::int64_t costCents) const
    {
        LedgerRequest result;
        result.provider = QString::fromLatin1(provider);
        result.model = QString::fromLatin1(model);
        result.at = ledger.clock.utcNow();
        result.cost = cents(costCents);
        return result;
    }
    //! The first moment of that day of November 2026.
    void toDay(unsigned day)
    {
        using namespace std::chrono;
        ledger.clock.setUtcNow(sys_days(year(2026) / 11 / std::chrono::day(day)));
    }
    //! Standings follow by the clock, which stands still here.
    std::int64_t saveBudget(const core::Budget &budget)
    {
        const std::int64_t id = ledger.store->budgets().save(budget);
        if (!ledger.drained())
            qFatal("the budget was not written");
        ledger.store->budgets().refresh();
        return id;
    }
    bool awaitShown()
    {
        const bool came = !shown.isEmpty() || shown.wait(10'000);
        shown.clear();
        return came;
    }
    template <typename Widget>
    Widget *child(const char *name) const
    {
        return screen.findChild<Widget *>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString figure(const char *card) const
    {
        return child<ui::FigureCard>(card)->figure();
    }
    [[nodiscard]] QString note(const char *card) const
    {
        return child<ui::FigureCard>(card)->note();
    }
};

} // namespace

//! The dashboard over a real store.
class tst_DashboardScreen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void init()
    {
        // The offscreen platform says that it knows no size hints.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin).*")));
    }
    void figuresEqualTheLedger();
    void rangesBoundWhatCounts();
    void simulatedNeverMixes();
    void nothingExplainsItself();
    void unknownIsNeverZero();
    void followsTheLedgerWhileVisible();
    void midnightBeginsADay();
    void chartsTakeTheTheme();
    void cardsWrapWhenNarrow();
    void cutLinesStandInTheTooltip();
    void lastDateIsWhole();
    void comparesWithTodaysPrices();
    void legendKeepsTheProviders();
    void forecastStandsBesideTheBudget();
    void forecastWaitsForTheMonth();
    void forecastLeavesPracticeOut();
    void forecastOfUnknownIsUnknown();
    void forecastIsHatched_data();
    void forecastIsHatched();
    void forecastCountsAsTheBudget();
    void forecastOutlastsTheBudgetsMonth();
    void oneWorkspaceIsShown();
};

void tst_DashboardScreen::figuresEqualTheLedger()
{
    Fixture f;
    LedgerRequest slow = f.request("anthropic", "claude", 30);
    slow.firstToken = 2s;
    slow.failedAttempts = 1;
    slow.saved = core::PicoUsd(core::PicoUsd::PerDollar / 5 * 2);
    LedgerRequest lost = f.request("openai-chat", "gpt", 0);
    lost.answered = false;
    f.ledger.add(f.request("anthropic", "claude", 20));
    f.ledger.add(slow);
    f.ledger.add(f.request("openai-chat", "gpt", 75));
    f.ledger.add(lost);
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());

    QVERIFY(!f.screen.isSimulated());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$1.25"));
    QCOMPARE(f.figure("dashboardRequests"), QStringLiteral("4"));
    QCOMPARE(f.note("dashboardRequests"), QStringLiteral("5 attempts"));
    QCOMPARE(f.figure("dashboardAnswered"), QStringLiteral("75.0%"));
    QCOMPARE(f.note("dashboardAnswered"), QStringLiteral("1 of 4 failed"));
    QCOMPARE(f.figure("dashboardSaved"), QStringLiteral("$0.400"));
    QVERIFY(f.figure("dashboardFirstToken").endsWith(QStringLiteral(" s")));
    const double p95 = f.figure("dashboardFirstToken").chopped(2).toDouble();
    QVERIFY(p95 > 1.96 && p95 < 2.04);

    const auto *table = f.child<QTableView>("dashboardModels");
    const QAbstractItemModel *model = table->model();
    QCOMPARE(model->rowCount(), 2);
    const auto cell = [model](int row, int column) {
        return model->index(row, column).data().toString();
    };
    QCOMPARE(cell(0, 0), QStringLiteral("gpt"));
    QCOMPARE(cell(0, 9), QStringLiteral("$0.750"));
    QCOMPARE(cell(0, 7), QStringLiteral("50.0%"));
    QCOMPARE(cell(1, 0), QStringLiteral("claude"));
    QCOMPARE(cell(1, 1), QStringLiteral("2"));
    QCOMPARE(cell(1, 2), QStringLiteral("2k"));
    QCOMPARE(cell(1, 3), QStringLiteral("200"));
    QCOMPARE(cell(1, 6), QStringLiteral("50"));
    QCOMPARE(cell(1, 7), QStringLiteral("33.3%"));
    QCOMPARE(cell(1, 8), QStringLiteral("$0.2500"));
    QCOMPARE(cell(1, 9), QStringLiteral("$0.500"));

    const QChart &chart = f.child<ui::SpendChart>("dashboardSpendChart")->chart();
    const auto *bars = qobject_cast<QStackedBarSeries *>(chart.series().value(0));
    QVERIFY(bars);
    double sum = 0;
    for (const QBarSet *set : bars->barSets()) {
        QCOMPARE(set->count(), 30);                   // November, to its last day
        if (set->brush().style() == Qt::SolidPattern) // else it is the forecast
            sum += set->sum();
    }
    QVERIFY(std::abs(sum - 1.25) < 1e-9);
    const QChart &latencies = f.child<ui::FirstTokenChart>("dashboardFirstTokenChart")->chart();
    QCOMPARE(latencies.series().size(), 3);
}

void tst_DashboardScreen::oneWorkspaceIsShown()
{
    Fixture f;
    f.toDay(21); // 20 of 30 days have passed
    core::WorkspaceRepository &workspaces = f.ledger.store->workspaces();
    const std::int64_t work = workspaces.save({0, QStringLiteral("Work"), {}, {}, {}});
    LedgerRequest ofWork = f.request("openai-chat", "gpt", 1'000);
    ofWork.workspaceId = work;
    f.ledger.add(ofWork);
    f.ledger.add(f.request("anthropic", "claude", 600));
    QVERIFY(f.ledger.drained());
    core::Budget budget;
    budget.scope = core::BudgetScope::Workspace;
    budget.scopeKey = QString::number(work);
    budget.limit = 50 * core::PicoUsd::PerDollar;
    (void)f.saveBudget(budget);
    auto *choice = f.child<QComboBox>("dashboardWorkspace");
    f.screen.setWorkspaces(workspaces.list().mid(0, 1));
    f.screen.resize(1'400, 900);
    f.screen.show();
    QVERIFY(f.awaitShown());
    QVERIFY(!choice->isVisible()); // the only one
    f.screen.setWorkspaces(workspaces.list());
    QVERIFY(choice->isVisible());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$16.00"));
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("no budget for the month"));

    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_End);
    QCOMPARE(choice->currentText(), QStringLiteral("Work"));
    QTRY_COMPARE(f.figure("dashboardSpend"), QStringLiteral("$10.00"));
    QCOMPARE(f.figure("dashboardRequests"), QStringLiteral("1"));
    QTRY_COMPARE(f.figure("dashboardForecast"), QStringLiteral("≈ $15.00"));
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("30% of the $50.00 budget"));
    f.screen.setWorkspaces(workspaces.list()); // another one was renamed: it stays chosen
    QCOMPARE(choice->currentText(), QStringLiteral("Work"));

    f.screen.setWorkspaces(workspaces.list().mid(0, 1)); // it was deleted
    QTRY_COMPARE(f.figure("dashboardSpend"), QStringLiteral("$16.00"));
}

void tst_DashboardScreen::forecastStandsBesideTheBudget()
{
    Fixture f;
    f.toDay(21); // 20 of 30 days have passed
    LedgerRequest earlier = f.request("anthropic", "claude", 1'000);
    earlier.at -= 24h * 10;
    f.ledger.add(earlier);
    f.ledger.add(f.request("anthropic", "claude", 600));
    LedgerRequest lastMonth = f.request("anthropic", "claude", 7'777);
    lastMonth.at -= 24h * 21;
    f.ledger.add(lastMonth);
    QVERIFY(f.ledger.drained());
    f.screen.resize(1'400, 900);
    f.screen.show();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.figure("dashboardForecast"), QStringLiteral("≈ $24.00"));
    const auto *card = f.child<ui::FigureCard>("dashboardForecast");
    QCOMPARE(card->title(), QStringLiteral("November at this pace"));
    QCOMPARE(card->note(), QStringLiteral("no budget for the month"));
    QVERIFY2(card->toolTip().contains(QStringLiteral("$16.00 so far, carried on at the same pace")),
             qPrintable(card->toolTip()));
    QTRY_COMPARE(card->y(), f.child<ui::FigureCard>("dashboardSpend")->y());

    core::Budget budget;
    budget.limit = 50 * core::PicoUsd::PerDollar;
    budget.id = f.saveBudget(budget);
    QTRY_COMPARE(card->note(), QStringLiteral("48% of the $50.00 budget"));
    budget.limit = 20 * core::PicoUsd::PerDollar;
    (void)f.saveBudget(budget);
    QTRY_COMPARE(card->note(), QStringLiteral("120% of the $20.00 budget"));

    f.screen.setRange(SpendRange::Today); // the month all the same
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(card->note(), QStringLiteral("$16.00 so far · 120% of the $20.00 budget"));
    QCOMPARE(card->figure(), QStringLiteral("≈ $24.00"));
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$6.00"));
}

void tst_DashboardScreen::forecastWaitsForTheMonth()
{
    Fixture f;
    f.toDay(2);
    f.ledger.add(f.request("anthropic", "claude", 600));
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.figure("dashboardForecast"), QStringLiteral("too early"));
    QVERIFY2(f.note("dashboardForecast").startsWith(QStringLiteral("said from 4 Nov")),
             qPrintable(f.note("dashboardForecast")));
}

void tst_DashboardScreen::forecastLeavesPracticeOut()
{
    Fixture f;
    f.toDay(16);
    LedgerRequest practice = f.request("practice", "wren", 5'000);
    practice.simulated = true;
    f.ledger.add(practice);
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    const auto *card = f.child<ui::FigureCard>("dashboardForecast");
    QVERIFY(!card->isVisible()); // practice is not carried on
    f.ledger.add(f.request("openai-chat", "gpt", 40));
    QVERIFY(f.ledger.drained());
    f.screen.refresh();
    QVERIFY(f.awaitShown());
    QVERIFY(card->isVisible());
    QTRY_COMPARE(card->figure(), QStringLiteral("≈ $0.800"));
}

void tst_DashboardScreen::forecastOfUnknownIsUnknown()
{
    Fixture f;
    f.toDay(16);
    LedgerRequest unpriced = f.request("openai-chat", "new", 0);
    unpriced.cost.complete = false;
    f.ledger.add(unpriced);
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("no price is known"));
    QCOMPARE(f.figure("dashboardForecast"), QStringLiteral("unknown"));
    f.ledger.add(f.request("openai-chat", "gpt", 10));
    QVERIFY(f.ledger.drained());
    f.screen.refresh();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.figure("dashboardForecast"), QStringLiteral("≥ $0.200"));
    QCOMPARE(f.note("dashboardForecast"), QStringLiteral("part of the cost is unknown"));
    core::Budget budget;
    budget.limit = core::PicoUsd::PerDollar;
    (void)f.saveBudget(budget);
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("≥ 20% of the $1.00 budget"));
}

void tst_DashboardScreen::forecastIsHatched_data()
{
    QTest::addColumn<unsigned>("day");
    QTest::addColumn<SpendRange>("range");
    QTest::addColumn<bool>("simulated");
    QTest::addColumn<int>("daysAhead");
    QTest::newRow("month") << 21U << SpendRange::Month << false << 9;
    QTest::newRow("last-day") << 30U << SpendRange::Month << false << 0;
    QTest::newRow("too-early") << 3U << SpendRange::Month << false << 0;
    QTest::newRow("seven-days") << 21U << SpendRange::SevenDays << false << 0;
    QTest::newRow("practice") << 21U << SpendRange::Month << true << 0;
}

void tst_DashboardScreen::forecastIsHatched()
{
    QFETCH(const unsigned, day);
    QFETCH(const SpendRange, range);
    QFETCH(const bool, simulated);
    QFETCH(const int, daysAhead);
    Fixture f;
    f.toDay(day);
    LedgerRequest spent = f.request("anthropic", "claude", 1'600);
    spent.simulated = simulated;
    f.ledger.add(spent);
    QVERIFY(f.ledger.drained());
    f.screen.setRange(range);
    f.screen.resize(1'400, 900);
    f.screen.show();
    QVERIFY(f.awaitShown());
    const auto *chart = f.child<ui::SpendChart>("dashboardSpendChart");
    const auto *series = qobject_cast<QStackedBarSeries *>(chart->chart().series().value(0));
    QVERIFY(series);
    const QBarSet *hatched = nullptr;
    for (const QBarSet *set : series->barSets()) {
        if (set->brush().style() == Qt::BDiagPattern)
            hatched = set;
    }
    QCOMPARE(hatched != nullptr, daysAhead > 0);
    const auto *legend = chart->findChild<ui::LegendRow *>(QStringLiteral("chartLegend"));
    QCOMPARE(legend->accessibleName().contains(QStringLiteral("forecast")), daysAhead > 0);
    QCOMPARE(chart->accessibleDescription().contains(QStringLiteral("forecast")), daysAhead > 0);
    if (!hatched)
        return;
    // 20 of 30 days have passed and took $16: 80 cents a day, from tomorrow on.
    QCOMPARE(hatched->count(), 30);
    QCOMPARE(hatched->at(20), 0.0);
    for (int i = 30 - daysAhead; i < 30; ++i)
        QCOMPARE(hatched->at(i), 0.8);
    QVERIFY2(chart->accessibleDescription().endsWith(
                 QStringLiteral("forecast from 22 Nov on: \u2248 $0.800 a day")),
             qPrintable(chart->accessibleDescription()));
}

//! A price that nobody knows counts high in a budget, and so it does in what the budget comes to.
void tst_DashboardScreen::forecastCountsAsTheBudget()
{
    Fixture f;
    f.toDay(16);
    LedgerRequest unpriced = f.request("openai-chat", "new", 10);
    unpriced.cost.complete = false;
    unpriced.most = core::PicoUsd(45 * Cent);
    f.ledger.add(unpriced);
    QVERIFY(f.ledger.drained());
    core::Budget budget;
    budget.limit = core::PicoUsd::PerDollar;
    (void)f.saveBudget(budget);
    f.screen.show();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("20–90% of the $1.00 budget"));
    QCOMPARE(f.figure("dashboardForecast"), QStringLiteral("≥ $0.200"));
}

void tst_DashboardScreen::forecastOutlastsTheBudgetsMonth()
{
    Fixture f;
    f.toDay(21);
    LedgerRequest request = f.request("anthropic", "claude", 2'000);
    f.toDay(30);
    f.ledger.clock.setUtcNow(f.ledger.clock.utcNow() + 12h);
    f.ledger.add(request);
    QVERIFY(f.ledger.drained());
    core::Budget budget;
    budget.limit = 50 * core::PicoUsd::PerDollar;
    budget.zone = "Pacific/Auckland"; // where December has begun, and nothing was spent in it
    (void)f.saveBudget(budget);
    f.screen.show();
    QVERIFY(f.awaitShown());
    QTRY_COMPARE(f.figure("dashboardForecast"), QStringLiteral("\u2248 $20.34"));
    QTRY_COMPARE(f.note("dashboardForecast"), QStringLiteral("41% of the $50.00 budget"));
}

void tst_DashboardScreen::rangesBoundWhatCounts()
{
    Fixture f;
    const std::pair<std::chrono::hours, int> past[] = {{0h, 1}, {48h, 10}, {24h * 10, 100}};
    for (const auto &[ago, cost] : past) {
        LedgerRequest request = f.request("cohere", "command", cost);
        request.at -= ago;
        f.ledger.add(request);
    }
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    QCOMPARE(f.screen.range(), SpendRange::Month);
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$1.11"));

    f.screen.setRange(SpendRange::SevenDays);
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.110"));
    QCOMPARE(f.child<ui::FigureCard>("dashboardSpend")->title(), QStringLiteral("Spend in 7 days"));

    auto *ranges = f.child<ui::SegmentedControl>("dashboardRange");
    QCOMPARE(ranges->current(), static_cast<int>(SpendRange::SevenDays));
    QTest::keyClick(ranges, Qt::Key_Left);
    QCOMPARE(f.screen.range(), SpendRange::Today);
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.010"));
    QCOMPARE(f.child<ui::SpendChart>("dashboardSpendChart")->title(),
             QStringLiteral("Spend per quarter hour"));
}

void tst_DashboardScreen::simulatedNeverMixes()
{
    Fixture f;
    const auto *banner = f.child<ui::NoticeBar>("dashboardPracticeBanner");
    LedgerRequest practice = f.request("practice", "wren", 5);
    practice.simulated = true;
    f.ledger.add(practice);
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    QVERIFY(f.screen.isSimulated()); // nothing real exists
    QVERIFY(banner->isVisible());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.050"));

    f.ledger.add(f.request("openai-chat", "gpt", 40));
    QVERIFY(f.ledger.drained());
    f.screen.refresh();
    QVERIFY(f.awaitShown());
    QVERIFY(!f.screen.isSimulated());
    QVERIFY(!banner->isVisible());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.400"));

    QTest::mouseClick(f.child<ui::PillButton>("dashboardSimulated"), Qt::LeftButton);
    QVERIFY(f.awaitShown());
    QVERIFY(f.screen.isSimulated());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.050"));
    QVERIFY(
        f.child<ui::FigureCard>("dashboardSpend")->title().startsWith(QStringLiteral("Simulated")));
    f.screen.refresh(); // what a person chose stays
    QVERIFY(f.awaitShown());
    QVERIFY(f.screen.isSimulated());
}

void tst_DashboardScreen::nothingExplainsItself()
{
    Fixture f;
    f.screen.show();
    QVERIFY(f.awaitShown());
    QVERIFY(f.child<ui::PlainLabel>("dashboardMessage")->isVisible());
    QVERIFY(!f.child<ui::PlainLabel>("dashboardMessage")->text().isEmpty());
    QVERIFY(!f.child<QScrollArea>("dashboardScroll")->isVisible());
}

void tst_DashboardScreen::unknownIsNeverZero()
{
    Fixture f;
    LedgerRequest unpriced = f.request("openai-chat", "new", 0);
    unpriced.cost.complete = false;
    f.ledger.add(unpriced);
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("cost unknown"));
    QVERIFY(!f.child<ui::SpendChart>("dashboardSpendChart")->emptyText().isEmpty());

    f.ledger.add(f.request("openai-chat", "gpt", 10));
    QVERIFY(f.ledger.drained());
    f.screen.refresh();
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("≥ $0.100"));

    LedgerRequest silent = f.request("openai-chat", "gpt", 0);
    silent.answered = false;
    silent.failureBasis = core::CostBasis::Unanswered;
    f.ledger.add(silent);
    QVERIFY(f.ledger.drained());
    f.screen.refresh();
    QVERIFY(f.awaitShown());
    const QAbstractItemModel *model = f.child<QTableView>("dashboardModels")->model();
    QCOMPARE(model->index(0, 2).data().toString(), QStringLiteral("≥ 1k"));
    QCOMPARE(model->index(0, 3).data().toString(), QStringLiteral("≥ 100"));
    QCOMPARE(model->index(1, 2).data().toString(), QStringLiteral("1k"));
}

void tst_DashboardScreen::followsTheLedgerWhileVisible()
{
    Fixture f;
    QSignalSpy commits(f.ledger.store.get(), &core::Store::ledgerChanged);
    // The store tells of commits by the clock too, so time passes in small steps.
    const auto hear = [&f, &commits] {
        return QTest::qWaitFor([&f, &commits] {
            f.ledger.clock.advance(10ms);
            return !commits.isEmpty();
        });
    };
    f.ledger.add(f.request("cohere", "command", 10));
    QVERIFY(f.ledger.drained());
    QVERIFY(hear());
    f.ledger.clock.advance(1s);
    QCoreApplication::processEvents();
    QVERIFY(f.shown.isEmpty()); // hidden: reads nothing
    f.screen.show();
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardRequests"), QStringLiteral("1"));

    commits.clear();
    f.ledger.add(f.request("cohere", "command", 10));
    QVERIFY(f.ledger.drained());
    QVERIFY(hear());
    f.ledger.clock.advance(250ms);
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardRequests"), QStringLiteral("2"));
}

void tst_DashboardScreen::midnightBeginsADay()
{
    Fixture f;
    f.toDay(21);
    f.ledger.clock.setUtcNow(f.ledger.clock.utcNow() + 23h + 50min);
    f.ledger.add(f.request("anthropic", "claude", 30));
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    f.screen.setRange(SpendRange::Today);
    QVERIFY(f.awaitShown());
    QCOMPARE(f.figure("dashboardSpend"), QStringLiteral("$0.300"));
    const auto *message = f.child<QLabel>("dashboardMessage");
    QVERIFY(!message->isVisible());
    f.ledger.clock.advance(10min);
    QTRY_VERIFY(message->isVisible()); // nothing was spent today
}

void tst_DashboardScreen::chartsTakeTheTheme()
{
    Fixture f;
    f.ledger.add(f.request("anthropic", "claude", 10));
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    const auto color = [&f] {
        const auto *bars = qobject_cast<QStackedBarSeries *>(
            f.child<ui::SpendChart>("dashboardSpendChart")->chart().series().value(0));
        return bars ? bars->barSets().value(0)->color() : QColor();
    };
    QCOMPARE(color(), f.theme.theme().series[0]);
    f.theme.setAppearance(ui::Appearance::Dark);
    QVERIFY(f.theme.theme().isDark());
    QCOMPARE(color(), f.theme.theme().series[0]);
    QCOMPARE(f.screen.grab().toImage().pixelColor(2, 2), f.theme.theme().window);
}

void tst_DashboardScreen::cardsWrapWhenNarrow()
{
    Fixture f;
    f.ledger.add(f.request("anthropic", "claude", 10));
    QVERIFY(f.ledger.drained());
    f.screen.resize(1400, 900);
    f.screen.show();
    QVERIFY(f.awaitShown());
    const auto top = [&f](const char *name) { return f.child<ui::FigureCard>(name)->y(); };
    QTRY_COMPARE(top("dashboardFirstToken"), top("dashboardSpend"));
    f.screen.resize(560, 700);
    QTRY_VERIFY(top("dashboardFirstToken") > top("dashboardSpend"));
    QCOMPARE(top("dashboardForecast"), top("dashboardSpend"));
    QVERIFY(f.child<QScrollArea>("dashboardScroll")->widget()->width() <= 560);
}

void tst_DashboardScreen::cutLinesStandInTheTooltip()
{
    const Fixture f;
    ui::FigureCard card(f.theme);
    const QString note = QStringLiteral("12 of 4,000 failed, 9 stopped");
    card.setFigure(QStringLiteral("Answered"), QStringLiteral("99.7%"), note);
    card.setExplanation(QStringLiteral("Of those that ended."));
    card.resize(900, 90);
    card.show();
    QTRY_VERIFY(card.toolTip().contains(QStringLiteral("Of those that ended.")) &&
                !card.toolTip().contains(note));
    card.resize(120, 90);
    QTRY_VERIFY2(card.toolTip().contains(note + QStringLiteral(". Of those")),
                 qPrintable(card.toolTip()));
}

//! In a narrow chart the last label stands nearer to the edge than half its width.
void tst_DashboardScreen::lastDateIsWhole()
{
    Fixture f;
    f.toDay(30);
    f.ledger.add(f.request("openai", "gpt-5", 5));
    QVERIFY(f.ledger.drained());
    f.screen.show();
    QVERIFY(f.awaitShown());
    const QChart &chart = f.child<ui::SpendChart>("dashboardSpendChart")->chart();
    int labels = 0;
    for (int width = 560; width <= 900; width += 20) {
        f.screen.resize(width, 720);
        QTest::qWait(20);
        (void)f.screen.grab(); // Qt Charts lays out when it is to be drawn
        const QList<QGraphicsItem *> items = chart.scene()->items();
        for (const QGraphicsItem *item : items) {
            const auto *label = qgraphicsitem_cast<const QGraphicsTextItem *>(item);
            if (!label || !label->isVisible() ||
                !label->toPlainText().endsWith(QStringLiteral("Nov")))
                continue;
            ++labels;
            const double margin = label->document()->documentMargin();
            QVERIFY2(label->sceneBoundingRect().right() - margin <= chart.size().width(),
                     qPrintable(QStringLiteral("%1 at %2").arg(label->toPlainText()).arg(width)));
        }
    }
    QVERIFY(labels > 20);
}

void tst_DashboardScreen::comparesWithTodaysPrices()
{
    const auto prices = core::PriceCatalogue::fromJson(
        R"({"format":"llm-price-catalogue","format_version":1,"currency":"USD","version":"v",)"
        R"("providers":[{"id":"anthropic","models":[{"id":"claude","match":[{"exact":"claude"}],)"
        R"("rate_cards":[{"id":"c","rates":{"input":"100","output":"1000"}}]}]}]})");
    QVERIFY(prices);
    Fixture f;
    core::PriceBook book(*prices, f.ledger.folder.filePath(QStringLiteral("own.json")));
    f.screen.addReprice(book);
    f.ledger.add(f.request("anthropic", "claude", 30)); // 1,000 in, 100 out: $0.20 today
    f.ledger.add(f.request("openai-chat", "gpt", 75));  // has no price
    LedgerRequest practice = f.request("practice", "wren", 5);
    practice.simulated = true;
    f.ledger.add(practice);
    QVERIFY(f.ledger.drained());
    core::WorkspaceRepository &workspaces = f.ledger.store->workspaces();
    (void)workspaces.save({0, QStringLiteral("Work"), {}, {}, {}});
    f.screen.setWorkspaces(workspaces.list());
    f.screen.show();
    QVERIFY(f.awaitShown());
    auto *table = f.child<QWidget>("repriceTable");
    QVERIFY(table->isHidden()); // only when asked
    const auto stands = [&](const QString &text) {
        const auto labels = table->findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(),
                           [&](const QLabel *label) { return label->text() == text; });
    };
    auto *compare = f.child<QAbstractButton>("repriceCompare");
    compare->setFocus();
    QTest::keyClick(compare, Qt::Key_Space);
    QTRY_VERIFY(!table->isHidden());
    QVERIFY(stands(QStringLiteral("$0.3000")));
    QVERIFY(stands(QStringLiteral("$0.2000")));
    QVERIFY(stands(QChar(0x2212) + QStringLiteral("$0.1000")));
    QVERIFY(
        f.child<QLabel>("repriceNote")->text().contains(QStringLiteral("Left out: 1 attempt,")));
    auto *workspace = f.child<QComboBox>("dashboardWorkspace");
    for (const Qt::Key key : {Qt::Key_Down, Qt::Key_Home}) { // to one of them, and back to all
        QTest::keyClick(workspace, key);
        QVERIFY(f.awaitShown());
        QVERIFY(table->isHidden()); // other attempts: asked anew
    }
    QTest::keyClick(compare, Qt::Key_Space);
    core::PriceOverride own;
    own.provider = QStringLiteral("anthropic");
    own.model = QStringLiteral("claude");
    own.input = core::PicoUsd(core::PicoUsd::PerDollar);
    QVERIFY(book.set(own)); // while it is compared with the prices before
    QTRY_VERIFY(compare->isEnabled());
    QVERIFY(table->isHidden());
    f.screen.setRange(core::SpendRange::Session); // other attempts again
    QVERIFY(f.awaitShown());
    QVERIFY(table->isHidden());
    const auto *title = f.child<QLabel>("repriceTitle");
    QVERIFY(!title->text().contains(QStringLiteral("imulated")));
    QTest::mouseClick(f.child<ui::PillButton>("dashboardSimulated"), Qt::LeftButton);
    QVERIFY(f.awaitShown());
    QVERIFY(title->text().startsWith(QStringLiteral("Simulated")));
}

void tst_DashboardScreen::legendKeepsTheProviders()
{
    Fixture f;
    f.toDay(2); // without a forecast in it, yet
    const QStringList providers{QStringLiteral("anthropic"), QStringLiteral("bedrock"),
                                QStringLiteral("cohere"), QStringLiteral("google"),
                                QStringLiteral("openai-chat")};
    for (const QString &provider : providers)
        f.ledger.add(f.request(provider.toLatin1().constData(), "m", 10));
    LedgerRequest part = f.request("cohere", "m", 20);
    part.cost.high = core::PicoUsd(40 * Cent);
    part.cost.complete = false;
    f.ledger.add(part);
    QVERIFY(f.ledger.drained());
    f.screen.resize(1400, 900);
    f.screen.show();
    QVERIFY(f.awaitShown());
    const auto *chart = f.child<ui::SpendChart>("dashboardSpendChart");
    const auto *legend = chart->findChild<ui::LegendRow *>(QStringLiteral("chartLegend"));
    const auto *remark = chart->findChild<QLabel *>(QStringLiteral("chartRemark"));
    QVERIFY(remark->isVisible());
    QVERIFY(remark->text().contains(QStringLiteral("least")));
    QVERIFY(remark->text().contains(QStringLiteral("unknown")));
    QTRY_COMPARE(legend->roomFor(), providers.size());
    QVERIFY(legend->toolTip().isEmpty());
    f.screen.resize(560, 700);
    QTRY_VERIFY(legend->roomFor() < providers.size());
    QVERIFY(legend->roomFor() > 0);
    QVERIFY(legend->toolTip().contains(providers.constLast()));
}

QTEST_MAIN(tst_DashboardScreen)
#include "tst_dashboardscreen.moc"
