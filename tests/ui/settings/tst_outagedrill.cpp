#include "core/client/endpointcontrol.h"
#include "core/stats/spendqueries.h"
#include "tests/ui/practicebench.h"
#include "ui/settings/drilltable.h"
#include "ui/settings/outagedrillpage.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/settingsscreen.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using core::PracticeFault;

namespace {

//! The page on the whole engine, with waits of milliseconds.
struct Bench : tests::PracticeBench
{
    Bench()
    {
        core::ClientOptions options = engine->client().options();
        options.baseDelay = 1ms;
        options.longestDelay = 2ms;
        options.deadlines.firstByte = 100ms;
        options.deadlines.idle = 100ms;
        engine->client().setOptions(options);
        page.resize(660, 700);
        page.show();
    }

    [[nodiscard]] ui::OutageDrill::Parts parts()
    {
        core::Store &store = engine->store();
        return {engine->client(),
                store.journal(),
                store.conversations(),
                store.sessionId(),
                store.defaultWorkspace(),
                [this]() -> core::Result<core::PracticeControls *> {
                    ++started;
                    return &controls();
                }};
    }

    template <typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        T *found = page.findChild<T *>(QLatin1String(name));
        return found ? found : (qFatal("no %s", name), nullptr);
    }
    [[nodiscard]] QString text(const char *name) const { return find<QLabel>(name)->text(); }
    void choose(const char *box, const QVariant &data) const
    {
        auto *combo = find<QComboBox>(box);
        const int index = combo->findData(data);
        QVERIFY2(index >= 0, box);
        combo->setCurrentIndex(index);
    }
    void choose(PracticeFault fault, int times) const
    {
        choose("drillFault", static_cast<int>(fault));
        choose("drillTimes", times);
    }
    void click(const char *name) const
    {
        QTest::mouseClick(find<QAbstractButton>(name), Qt::LeftButton);
    }
    //! Runs to the end of the report.
    void run() const
    {
        click("runDrill");
        QVERIFY(!find<QAbstractButton>("runDrill")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(find<QAbstractButton>("runDrill")->isEnabled(), 15'000);
        QVERIFY(find<QWidget>("drillReport")->isVisible());
    }
    [[nodiscard]] QStringList column(int column) const
    {
        const QAbstractItemModel *model = find<ui::DrillTable>("drillAttempts")->model();
        QStringList texts;
        for (int row = 0; row < model->rowCount(); ++row)
            texts.append(model->index(row, column).data().toString());
        return texts;
    }
    [[nodiscard]] QStringList asked() const { return column(1); }
    [[nodiscard]] QStringList statuses() const { return column(2); }
    [[nodiscard]] QStringList outcomes() const { return column(3); }

    int started = 0;
    core::ModelDirectory models{engine->accounts(), engine->modelLists(), engine->prices(),
                                engine->clock()};
    ui::OutageDrillPage page{theme, parts(), engine->accounts(), models};
};

} // namespace

class tst_OutageDrill : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void init();
    void eachFault_data();
    void eachFault();
    void eachProtocolFails_data();
    void eachProtocolFails();
    void askedAgainItAnswers();
    void nobodyIsAskedNext();
    void fallbackIsSwitchedOff();
    void refusedKeyIsNotTriedElsewhere();
    void stops();
    void leavesNothingBehind();
    void onlyFieldsOfTheFaultAreShown();
    void practiceThatDoesNotStartIsSaid();
    void wrongLedgerIsSaid();
    void standsInSettings();
};

void tst_OutageDrill::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
}

void tst_OutageDrill::eachFault_data()
{
    QTest::addColumn<PracticeFault>("fault");
    QTest::addColumn<QString>("status"); // of the first attempt
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("held");
    const auto row = [](const char *name, PracticeFault fault, const char *status,
                        const char *outcome, bool held) {
        QTest::newRow(name) << fault << QString::fromUtf8(status) << QString::fromUtf8(outcome)
                            << held;
    };
    row("overloaded", PracticeFault::Overloaded, "503", "overloaded", true);
    row("rate-limited", PracticeFault::RateLimited, "429", "rate limited", true);
    row("server-error", PracticeFault::ServerError, "500", "server error", true);
    row("no-answer", PracticeFault::StallBeforeHead, "–", "no answer in time", true);
    row("silence", PracticeFault::StallInStream, "200", "fell silent", false);
    row("ends-early", PracticeFault::CloseInStream, "200", "broke off", false);
    row("error-within", PracticeFault::ErrorInStream, "200", "overloaded", false);
}

void tst_OutageDrill::eachFault()
{
    QFETCH(const PracticeFault, fault);
    QFETCH(const bool, held);
    Bench bench;
    bench.choose(fault, 0);
    bench.find<QSpinBox>("drillRetryAfter")->setValue(0);
    bench.find<QSpinBox>("drillAfterTokens")->setValue(5);
    bench.run();
    QTEST(bench.statuses().first(), "status");
    QTEST(bench.outcomes().first(), "outcome");
    const QString verdict = bench.text("drillVerdict");
    const QString seen = bench.text("drillSeen");
    if (held) {
        QVERIFY2(verdict.startsWith("The route held. Practice Steady"_L1), qPrintable(verdict));
        QVERIFY2(verdict.contains(u"so Practice Fast · Anthropic answered instead"_s),
                 qPrintable(verdict));
        QCOMPARE(bench.outcomes().last(), u"answered"_s);
        QCOMPARE(bench.asked().last(), u"Practice Fast · Anthropic"_s);
        QVERIFY2(seen.contains(u"headed “Practice Fast, after Practice Steady ("_s),
                 qPrintable(seen));
    } else {
        QVERIFY2(verdict.contains("the route stopped there"_L1), qPrintable(verdict));
        QCOMPARE(bench.outcomes().size(), 1); // words were shown
        QVERIFY2(seen.contains("> Answer briefly: do"_L1), qPrintable(seen));
    }
    const QString ledger = bench.text("drillLedger");
    QVERIFY2(ledger.startsWith(QString::number(bench.outcomes().size()) + " attempt"_L1),
             qPrintable(ledger));
    QVERIFY2(ledger.contains("simulated"_L1), qPrintable(ledger));
}

void tst_OutageDrill::eachProtocolFails_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("status");
    for (const core::ProviderInfo &row : core::PracticeProvider::rows())
        QTest::newRow(qPrintable(row.protocol))
            << row.id << (row.protocol == "anthropic"_L1 ? u"529"_s : u"503"_s);
}

void tst_OutageDrill::eachProtocolFails()
{
    QFETCH(const QString, provider);
    Bench bench;
    bench.choose(PracticeFault::Overloaded, 0);
    bench.choose("drillFirst", provider);
    bench.choose("drillSecond", provider);
    bench.run();
    QTEST(bench.statuses().first(), "status");
    QCOMPARE(bench.statuses().last(), u"200"_s);
    QVERIFY(bench.text("drillVerdict").startsWith("The route held."_L1));
}

void tst_OutageDrill::askedAgainItAnswers()
{
    Bench bench;
    bench.choose(PracticeFault::Overloaded, 1);
    bench.run();
    QCOMPARE(bench.outcomes(), QStringList({u"overloaded"_s, u"answered"_s}));
    QCOMPARE(bench.asked().first(), bench.asked().last());
    QVERIFY2(bench.text("drillVerdict").contains("asked again, it answered"_L1),
             qPrintable(bench.text("drillVerdict")));
    QVERIFY2(bench.text("drillSeen").contains("count down to the next try"_L1),
             qPrintable(bench.text("drillSeen")));
    QVERIFY2(bench.text("drillLedger").contains("1 answered, 1 failed"_L1),
             qPrintable(bench.text("drillLedger")));
}

void tst_OutageDrill::nobodyIsAskedNext()
{
    Bench bench;
    bench.choose(PracticeFault::ServerError, 0);
    bench.choose("drillSecond", QString());
    bench.run();
    QVERIFY(!bench.outcomes().contains(u"answered"_s));
    QVERIFY2(bench.text("drillVerdict").endsWith("The route has no other model."_L1),
             qPrintable(bench.text("drillVerdict")));
    QVERIFY2(bench.text("drillSeen").contains("had a fault of its own"_L1),
             qPrintable(bench.text("drillSeen")));
}

void tst_OutageDrill::fallbackIsSwitchedOff()
{
    Bench bench;
    core::ClientOptions options = bench.engine->client().options();
    options.fallback = false;
    bench.engine->client().setOptions(options);
    bench.choose(PracticeFault::Overloaded, 0);
    bench.run();
    QVERIFY2(bench.text("drillVerdict").contains("was not asked: fallback is switched off"_L1),
             qPrintable(bench.text("drillVerdict")));
}

void tst_OutageDrill::refusedKeyIsNotTriedElsewhere()
{
    Bench bench;
    bench.choose(PracticeFault::WrongKey, 0);
    bench.run();
    QCOMPARE(bench.outcomes(), QStringList(u"key refused"_s));
    QVERIFY2(bench.text("drillVerdict").contains("it uses the same account"_L1),
             qPrintable(bench.text("drillVerdict")));
    QVERIFY2(bench.text("drillSeen").contains("refused the key"_L1),
             qPrintable(bench.text("drillSeen")));
}

void tst_OutageDrill::stops()
{
    Bench bench;
    core::ClientOptions options = bench.engine->client().options();
    options.deadlines.firstByte = 60s;
    bench.engine->client().setOptions(options);
    bench.choose(PracticeFault::StallBeforeHead, 0);
    QVERIFY(!bench.find<QAbstractButton>("stopDrill")->isVisible());
    bench.click("runDrill");
    QTRY_COMPARE(bench.text("drillProgress"), u"Attempt 1: waiting for the first word"_s);
    QVERIFY(!bench.find<QWidget>("drillReport")->isVisible());
    bench.click("stopDrill");
    QTRY_VERIFY(bench.find<QWidget>("drillReport")->isVisible());
    QCOMPARE(bench.text("drillVerdict"), u"You stopped the drill."_s);
    QCOMPARE(bench.text("drillProgress"), QString());
}

void tst_OutageDrill::leavesNothingBehind()
{
    Bench bench;
    const core::ClientOptions before = bench.engine->client().options();
    bench.choose(PracticeFault::Overloaded, 0);
    bench.run();
    QVERIFY(!bench.controls().takeFault(u"practice-steady"_s));
    QVERIFY(bench.engine->client().options().deadlines.idle == before.deadlines.idle);
    core::SpendQueries queries(bench.engine->store());
    const auto real = queries.total({});
    QTRY_VERIFY(real.isFinished());
    QVERIFY(real.result());
    QCOMPARE(real.result()->attempts, 0);
    core::SpendFilter simulated;
    simulated.simulated = true;
    const auto practice = queries.total(simulated);
    QTRY_VERIFY(practice.isFinished());
    QCOMPARE(practice.result()->attempts, std::int64_t(bench.outcomes().size()));
    const auto chats = bench.engine->store().conversations().sidebar(10);
    QTRY_VERIFY(chats.isFinished());
    QVERIFY(chats.result()->isEmpty());
}

void tst_OutageDrill::onlyFieldsOfTheFaultAreShown()
{
    Bench bench;
    const auto shown = [&](const char *name) { return bench.find<QWidget>(name)->isVisible(); };
    bench.choose(PracticeFault::Overloaded, 0);
    QVERIFY(!shown("drillAfterTokens") && !shown("drillRetryAfter"));
    bench.choose(PracticeFault::RateLimited, 0);
    QVERIFY(!shown("drillAfterTokens") && shown("drillRetryAfter"));
    bench.choose(PracticeFault::ResetInStream, 0);
    QVERIFY(shown("drillAfterTokens") && !shown("drillRetryAfter"));
    QCOMPARE(bench.started, 0); // nothing listens for a look at the page
}

void tst_OutageDrill::practiceThatDoesNotStartIsSaid()
{
    Bench bench;
    ui::OutageDrill::Parts parts = bench.parts();
    parts.startPractice = []() -> core::Result<core::PracticeControls *> {
        core::Error error;
        error.kind = core::ErrorKind::InputRejected;
        error.detail = u"No port is free."_s;
        return error;
    };
    ui::OutageDrillPage page(bench.theme, parts, bench.engine->accounts(), bench.models);
    page.findChild<QAbstractButton *>(u"runDrill"_s)->click();
    QCOMPARE(page.findChild<QLabel *>(u"drillProgress"_s)->text(), u"No port is free."_s);
    QVERIFY(page.findChild<QAbstractButton *>(u"runDrill"_s)->isEnabled());
}

void tst_OutageDrill::wrongLedgerIsSaid()
{
    ui::DrillReport report;
    core::AttemptRecord attempt;
    attempt.id = 7;
    attempt.outcome = core::AttemptOutcome::Completed;
    attempt.target.simulated = true;
    report.attempts = {attempt};
    QCOMPARE(ui::drillLedger(report), u"The ledger could not be read."_s);
    report.ledger = QList<core::AttemptRecord>();
    QVERIFY(ui::drillLedger(report).contains("please report it"_L1));
    attempt.target.simulated = false; // a row that would count as real money
    report.ledger = {attempt};
    QVERIFY(ui::drillLedger(report).contains("please report it"_L1));
}

void tst_OutageDrill::standsInSettings()
{
    Bench bench;
    app::Engine &engine = *bench.engine;
    core::EndpointControl endpoints(engine.traffic());
    ui::SettingsScreen screen(
        bench.theme,
        {engine.accounts(), bench.models, engine.entra(), engine.settings(), engine.health(),
         engine.activeCheck(), endpoints, engine.accountNotes(), engine.clock()},
        engine.routes(),
        {engine.store().budgets(), engine.priceBook(), engine.priceRefresh(), engine.clock()},
        ui::SettingsScreen::Facts());
    screen.addOutageDrill(bench.parts());
    screen.resize(1200, 800);
    screen.show();
    auto *sections = screen.findChild<ui::SettingsList *>(u"settingsSections"_s);
    const int last = sections->count() - 1;
    QCOMPARE(sections->item(last)->text(), u"About"_s);
    sections->setCurrentRow(last);
    QVERIFY(screen.findChild<QWidget *>(u"aboutPage"_s)->isVisible());
    QCOMPARE(sections->item(last - 1)->text(), u"Outage drill"_s);
    sections->setCurrentRow(last - 1);
    QVERIFY(screen.findChild<QWidget *>(u"outageDrillPage"_s)->isVisible());
    const auto *attempts = screen.findChild<QTableView *>(u"drillAttempts"_s);
    QCOMPARE(attempts->model()->headerData(6, Qt::Horizontal).toString(), u"Simulated cost"_s);
}

QTEST_MAIN(tst_OutageDrill)
#include "tst_outagedrill.moc"
