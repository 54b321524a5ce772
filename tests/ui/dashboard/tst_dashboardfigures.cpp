#include "ui/dashboard/axisticks.h"
#include "ui/dashboard/dashboardfigures.h"
#include "ui/dashboard/spendtablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using core::StepLength;
using ui::SpendTableModel;

namespace {

core::SpendRow row(const QString &provider, const QString &model, std::int64_t picoUsd)
{
    core::SpendRow result;
    result.provider = provider;
    result.model = model;
    result.sums.cost = {core::PicoUsd(picoUsd), core::PicoUsd(picoUsd), true};
    result.sums.requests = 1;
    result.sums.attempts = 1;
    return result;
}

} // namespace

//! What the dashboard makes of the rollup's rows before anything is drawn.
class tst_DashboardFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }
    void savedIsToldHonestly_data();
    void savedIsToldHonestly();
    void ticks_data();
    void ticks();
    void percents_data();
    void percents();
    void labelsKeepTheirRoom();
    void modelsAddUpDearestFirst();
    void tableShowsUnknownAsUnknown();
    void partlyToldTokensAreLowerBounds_data();
    void partlyToldTokensAreLowerBounds();
    void tableSaysWhyTokensAreLowerBounds();
    void tableKeepsItsRows();
    void elidedModelsAreNamedInFull();
};

void tst_DashboardFigures::savedIsToldHonestly_data()
{
    QTest::addColumn<double>("prompt");
    QTest::addColumn<double>("response");
    QTest::addColumn<int>("unknown");
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("note");
    const QString minus(QChar(0x2212));
    const auto text = [](const char *words) { return QString::fromLatin1(words); };
    QTest::newRow("none") << 0.0 << 0.0 << 0 << text("$0") << text("no cache was of use");
    QTest::newRow("prompt-cache") << 6.85 << 0.0 << 0 << text("$6.85")
                                  << text("27.0% of the full price");
    QTest::newRow("kept-answers") << 2.0 << 1.5 << 0 << text("$3.50")
                                  << text("$1.50 by kept answers");
    QTest::newRow("all-unknown") << 0.0 << 0.0 << 3 << text("unknown")
                                 << text("a price is not known");
    QTest::newRow("partly-unknown")
        << 2.0 << 0.0 << 1 << text("$2.00") << text("and a part that is unknown");
    QTest::newRow("only-written") << -0.25 << 0.0 << 0 << minus + text("$0.250")
                                  << text("writing cost more than reading saved");
}

void tst_DashboardFigures::savedIsToldHonestly()
{
    QFETCH(const double, prompt);
    QFETCH(const double, response);
    QFETCH(const int, unknown);
    const auto money = [](double dollars) {
        return core::PicoUsd(static_cast<std::int64_t>(dollars * 1'000'000) * 1'000'000);
    };
    core::SpendSums sums;
    sums.cost.low = sums.cost.high = money(18.52);
    sums.savedByPromptCache = money(prompt);
    sums.savedByResponseCache = money(response);
    sums.savedUnknown = unknown;
    const ui::SavedTexts texts = ui::savedTexts(sums);
    QTEST(texts.figure, "figure");
    QTEST(texts.note, "note");
}

void tst_DashboardFigures::ticks_data()
{
    QTest::addColumn<double>("largest");
    QTest::addColumn<double>("step");
    QTest::addColumn<int>("count");
    QTest::newRow("nothing") << 0.0 << 1.0 << 1;
    QTest::newRow("one-and-a-half-dollars") << 1.45 << 0.5 << 3;
    QTest::newRow("exactly-two") << 2.0 << 0.5 << 4;
    QTest::newRow("tiny-practice-money") << 0.00031 << 0.0001 << 4;
    QTest::newRow("seconds") << 4.9 << 2.0 << 3;
    QTest::newRow("quarter-steps") << 9.0 << 2.5 << 4;
}

void tst_DashboardFigures::ticks()
{
    QFETCH(const double, largest);
    const ui::AxisTicks ticks = ui::ticksFor(largest);
    QTEST(ticks.step, "step");
    QTEST(ticks.count, "count");
    QVERIFY(ticks.end() >= largest);
}

void tst_DashboardFigures::percents_data()
{
    QTest::addColumn<qlonglong>("part");
    QTest::addColumn<qlonglong>("whole");
    QTest::addColumn<QString>("text"); // empty: none
    QTest::newRow("of-nothing") << 0LL << 0LL << QString();
    QTest::newRow("none") << 0LL << 7LL << QStringLiteral("0%");
    QTest::newRow("all") << 7LL << 7LL << QStringLiteral("100%");
    QTest::newRow("plain") << 1279LL << 1284LL << QStringLiteral("99.6%");
    QTest::newRow("nearly-none") << 1LL << 100'000LL << QStringLiteral("<0.1%");
    QTest::newRow("nearly-all") << 99'999LL << 100'000LL << QStringLiteral(">99.9%");
}

void tst_DashboardFigures::percents()
{
    QFETCH(const qlonglong, part);
    QFETCH(const qlonglong, whole);
    QFETCH(const QString, text);
    const auto shown = ui::percentText(part, whole);
    QCOMPARE(shown.has_value(), !text.isEmpty());
    QCOMPARE(shown.value_or(QString()), text);
}

void tst_DashboardFigures::labelsKeepTheirRoom()
{
    for (const StepLength length : {StepLength::Day, StepLength::QuarterHour}) {
        for (int steps = 1; steps <= 100; ++steps) {
            for (int room = 1; room <= 12; ++room) {
                const int interval = ui::labelInterval(steps, room, length);
                QVERIFY(interval >= 1);
                QVERIFY((steps + interval - 1) / interval <= room);
            }
        }
    }
    QCOMPARE(ui::labelInterval(96, 6, StepLength::QuarterHour), 16); // every four hours
    QCOMPARE(ui::labelInterval(30, 8, StepLength::Day), 4);
    QCOMPARE(ui::stepsWithRoom(7, StepLength::Day), 7); // no day that has not come
    QCOMPARE(ui::stepsWithRoom(3, StepLength::QuarterHour), 8);
    QCOMPARE(ui::stepsWithRoom(96, StepLength::QuarterHour), 96);
}

void tst_DashboardFigures::modelsAddUpDearestFirst()
{
    core::SpendSpan span;
    span.steps = {core::UtcTime(0ms), core::UtcTime(15min)};
    span.end = core::UtcTime(30min);
    span.stepLength = StepLength::QuarterHour;
    QList<core::SpendRow> quarters = {row(QStringLiteral("a"), QStringLiteral("x"), 5),
                                      row(QStringLiteral("b"), QStringLiteral("y"), 7),
                                      row(QStringLiteral("a"), QStringLiteral("x"), 4)};
    quarters[2].quarter = core::UtcTime(15min);
    const ui::DashboardFigures figures = ui::figuresOf(span, quarters);
    QCOMPARE(figures.models.size(), 2);
    QCOMPARE(figures.models.at(0).model, QStringLiteral("x"));
    QCOMPARE(figures.models.at(0).sums.cost.low, core::PicoUsd(9));
    QCOMPARE(figures.models.at(1).sums.cost.low, core::PicoUsd(7));
    QCOMPARE(figures.total.cost.low, core::PicoUsd(16));
    QCOMPARE(figures.total.requests, 3);
    QCOMPARE(figures.steps.at(0).costByProvider.value(QStringLiteral("b")).low, core::PicoUsd(7));
    QCOMPARE(figures.steps.at(1).costByProvider.value(QStringLiteral("a")).low, core::PicoUsd(4));
}

void tst_DashboardFigures::tableShowsUnknownAsUnknown()
{
    SpendTableModel model({});
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    core::SpendRow unknown = row(QStringLiteral("p"), QStringLiteral("m"), 0);
    unknown.sums.cost.complete = false;
    unknown.sums.requests = 0;
    core::SpendRow part = row(QStringLiteral("p"), QStringLiteral("n"), 12'000'000'000);
    part.sums.cost.complete = false;
    model.setRows({part, unknown}, true);
    const auto shown = [&model](int at, int column, int role = Qt::DisplayRole) {
        return model.index(at, column).data(role).toString();
    };
    QCOMPARE(shown(0, SpendTableModel::Spend), QStringLiteral("≥ $0.012"));
    QCOMPARE(shown(0, SpendTableModel::PerRequest), QStringLiteral("≥ $0.0120"));
    QCOMPARE(shown(0, SpendTableModel::Spend, Qt::AccessibleTextRole),
             QStringLiteral("≥ $0.012 simulated"));
    QCOMPARE(shown(1, SpendTableModel::Spend), QStringLiteral("cost unknown"));
    for (const int column :
         {SpendTableModel::TokensIn, SpendTableModel::TokensOut, SpendTableModel::FirstTokenP50,
          SpendTableModel::FirstTokenP95, SpendTableModel::Speed, SpendTableModel::PerRequest}) {
        QCOMPARE(shown(1, column), QStringLiteral("–"));
        QVERIFY(shown(1, column, Qt::AccessibleTextRole).startsWith(QStringLiteral("unknown")));
    }
}

void tst_DashboardFigures::partlyToldTokensAreLowerBounds_data()
{
    QTest::addColumn<qlonglong>("count"); // -1: not told
    QTest::addColumn<int>("unknown");
    QTest::addColumn<QString>("text"); // empty: none
    QTest::newRow("all-told") << 12'380LL << 0 << QStringLiteral("12.4k");
    QTest::newRow("none-told") << -1LL << 2 << QString();
    QTest::newRow("next-to-none") << 0LL << 1 << QStringLiteral("≥ 0");
    QTest::newRow("below-a-thousand") << 999LL << 1 << QStringLiteral("≥ 999");
    QTest::newRow("never-rounded-up") << 12'380LL << 1 << QStringLiteral("≥ 12.3k");
    QTest::newRow("last-tenth-of-thousands") << 99'999LL << 1 << QStringLiteral("≥ 99.9k");
    QTest::newRow("whole-thousands") << 100'999LL << 1 << QStringLiteral("≥ 100k");
    QTest::newRow("last-of-thousands") << 999'999LL << 1 << QStringLiteral("≥ 999k");
    QTest::newRow("millions") << 1'999'999LL << 1 << QStringLiteral("≥ 1.9M");
    QTest::newRow("whole-millions") << 123'999'999LL << 1 << QStringLiteral("≥ 123M");
}

void tst_DashboardFigures::partlyToldTokensAreLowerBounds()
{
    QFETCH(const qlonglong, count);
    QFETCH(const int, unknown);
    QFETCH(const QString, text);
    core::SpendSums sums;
    if (count >= 0)
        sums.tokens.insert(core::UsageKind::Input, count);
    sums.tokensUnknown = unknown;
    const auto shown = ui::tokensText(sums, core::UsageKind::Input);
    QCOMPARE(shown.has_value(), !text.isEmpty());
    QCOMPARE(shown.value_or(QString()), text);
}

void tst_DashboardFigures::tableSaysWhyTokensAreLowerBounds()
{
    SpendTableModel model({});
    core::SpendRow told = row(QStringLiteral("p"), QStringLiteral("told"), 5);
    told.sums.tokens = {{core::UsageKind::Input, 12'000}, {core::UsageKind::Output, 40}};
    core::SpendRow partly = told;
    partly.model = QStringLiteral("partly");
    partly.sums.tokensUnknown = 1'200;
    model.setRows({told, partly}, false);
    for (const int column : {SpendTableModel::TokensIn, SpendTableModel::TokensOut}) {
        QVERIFY(!model.index(0, column).data(Qt::ToolTipRole).isValid());
        QCOMPARE(model.index(1, column).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("Attempts that may have used more tokens than they told: 1,200"));
    }
    const auto shown = [&model](int at, int column, int role = Qt::DisplayRole) {
        return model.index(at, column).data(role).toString();
    };
    QCOMPARE(shown(0, SpendTableModel::TokensIn), QStringLiteral("12k"));
    QCOMPARE(shown(1, SpendTableModel::TokensIn), QStringLiteral("≥ 12k"));
    QCOMPARE(shown(1, SpendTableModel::TokensOut), QStringLiteral("≥ 40"));
    QCOMPARE(shown(1, SpendTableModel::TokensOut, Qt::AccessibleTextRole), QStringLiteral("≥ 40"));
}

void tst_DashboardFigures::tableKeepsItsRows()
{
    SpendTableModel model({});
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setRows({row(QStringLiteral("a"), QStringLiteral("x"), 5)}, false);
    model.setRows({row(QStringLiteral("a"), QStringLiteral("x"), 9'000'000'000)}, false);
    QCOMPARE(resets.count(), 1); // a selection outlives new figures
    QCOMPARE(changes.count(), 1);
    QCOMPARE(model.index(0, SpendTableModel::Spend).data().toString(), QStringLiteral("$0.009"));
    model.setRows({}, false);
    QCOMPARE(model.rowCount(), 0);
}

void tst_DashboardFigures::elidedModelsAreNamedInFull()
{
    SpendTableModel model({});
    model.setRows({row(QStringLiteral("p"), QStringLiteral("<b>m</b>"), 5)}, false);
    QCOMPARE(model.index(0, SpendTableModel::Model).data(Qt::ToolTipRole).toString(),
             QStringLiteral("<qt>&lt;b&gt;m&lt;/b&gt;, p</qt>"));
    QVERIFY(!model.index(0, SpendTableModel::Spend).data(Qt::ToolTipRole).isValid());
}

QTEST_MAIN(tst_DashboardFigures)
#include "tst_dashboardfigures.moc"
