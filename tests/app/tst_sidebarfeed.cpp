#include "app/chosenroutes.h"
#include "app/sidebarfeed.h"
#include "core/store/budgetbook.h"
#include "tests/support/fakeclock.h"
#include "tests/ui/practicebench.h"
#include "ui/settings/budgettext.h"
#include "ui/widgets/plainlabel.h"

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

UtcTime utc(const QString &text)
{
    return UtcTime(
        std::chrono::milliseconds(QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch()));
}

} // namespace

//! What the rows of the sidebar say of the chats that the store holds.
class tst_SidebarFeed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsNameTheirRoute();
    void monthStandsAsItsBudget();
    void midnightBeginsADay();
    void monthHasBothMidnights();
};

void tst_SidebarFeed::rowsNameTheirRoute()
{
    tests::PracticeBench bench;
    app::Engine &engine = *bench.engine;
    const ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                engine.clock());
    ui::Sidebar sidebar(bench.theme);
    app::SidebarFeed feed(engine, engine.clock(), models, sidebar);
    const std::int64_t id = engine.routes().add(u"Calm"_s);
    QVERIFY(engine.routes().setTargets(id, {bench.target()}));
    app::applyRoutes(engine);
    Conversation *routed = bench.chat();
    routed->setRoute(*engine.routes().find(id));
    Conversation *plain = bench.chat();
    for (Conversation *chat : {routed, plain}) {
        QVERIFY(chat->send(u"Hello"_s));
        QTRY_VERIFY(!chat->isRunning());
    }
    const auto modelOf = [&sidebar](const Conversation *chat) {
        const SidebarEntry *entry =
            sidebar.model().entry(sidebar.model().indexOf({chat->id(), false}));
        return entry ? entry->model : QString();
    };
    QTRY_COMPARE(modelOf(routed), u"Calm"_s);
    QTRY_COMPARE(modelOf(plain), models.nameOf(bench.target()));
    QVERIFY(engine.routes().rename(id, u"Quiet"_s));
    QTRY_COMPARE(modelOf(routed), u"Quiet"_s);
    engine.routes().remove(id);
    QTRY_COMPARE(modelOf(routed), models.nameOf(bench.target()));
}

//! One budget has one standing: what the bar, the figure and Limits and budgets tell.
void tst_SidebarFeed::monthStandsAsItsBudget()
{
    tests::PracticeBench bench;
    app::Engine &engine = *bench.engine;
    const ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                engine.clock());
    ui::Sidebar sidebar(bench.theme);
    app::SidebarFeed feed(engine, engine.clock(), models, sidebar);
    constexpr std::int64_t Milli = PicoUsd::PerDollar / 1000;
    Budget budget;
    budget.limit = 50 * Milli;
    budget.hard = true;
    (void)engine.store().budgets().save(budget);
    AttemptOpening opening;
    opening.id = engine.ids().next();
    opening.requestId = engine.ids().next();
    opening.target.provider = u"custom"_s;
    opening.target.model = u"unheard-of"_s;
    opening.queuedAt = engine.clock().utcNow();
    const auto opened = engine.store().journal().openRequest(opening.requestId, {}, opening);
    AttemptRecord record = recordOf(opening);
    record.outcome = AttemptOutcome::Completed;
    record.cost.total = {PicoUsd(8 * Milli), PicoUsd(8 * Milli), false};
    record.mostItCost = PicoUsd(458 * Milli);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    engine.store().journal().closeAttempt(record);
    const auto *month = sidebar.findChild<ui::PlainLabel *>(u"monthSpend"_s);
    const auto *bar = sidebar.findChild<ui::BudgetBar *>(u"monthBudget"_s);
    QTRY_COMPARE(bar->accessibleDescription(),
                 u"$0.008 spent, up to $0.450 more with unknown prices \u00B7 $0 left of $0.050"_s);
    QCOMPARE(month->text(), u"\u2265 $0.008 of $0.050"_s);
    QVERIFY(month->toolTip().contains(bar->accessibleDescription()));
    QCOMPARE(bar->spentPermille(), 160);
    QCOMPARE(bar->unsurePermille(), 840);
    const BudgetStanding standing = engine.store().budgets().standings().first();
    QCOMPARE(
        ui::noticeText(standing, 100, {}),
        u"The budget \u201cEverything, each month\u201d is used up: $0.008 spent, up to $0.450 "
        "more with unknown prices, of $0.050."_s);
}

void tst_SidebarFeed::midnightBeginsADay()
{
    tests::PracticeBench bench;
    app::Engine &engine = *bench.engine;
    const ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                engine.clock());
    tests::FakeClock clock;
    clock.setUtcNow(engine.clock().utcNow());
    ui::Sidebar sidebar(bench.theme);
    app::SidebarFeed feed(engine, clock, models, sidebar);
    Conversation *chat = bench.chat();
    QVERIFY(chat->send(u"Hello"_s));
    QTRY_VERIFY(!chat->isRunning());
    const auto head = [&clock, &sidebar] {
        clock.advance(30ms); // a change is shown then
        return sidebar.model().index(0).data(Qt::DisplayRole).toString();
    };
    feed.refresh();
    QTRY_COMPARE(head(), u"Today"_s);
    clock.advance(24h);
    QTRY_COMPARE(head(), u"Yesterday"_s);
}

//! In Havana it is midnight again at one o'clock.
void tst_SidebarFeed::monthHasBothMidnights()
{
    tests::PracticeBench bench;
    app::Engine &engine = *bench.engine;
    const ModelDirectory models(engine.accounts(), engine.modelLists(), engine.prices(),
                                engine.clock());
    tests::FakeClock clock;
    clock.setZone(QTimeZone("America/Havana"));
    clock.setUtcNow(utc(u"2026-11-01T12:00:00Z"_s));
    ui::Sidebar sidebar(bench.theme);
    app::SidebarFeed feed(engine, clock, models, sidebar);
    AttemptOpening opening;
    opening.id = engine.ids().next();
    opening.requestId = engine.ids().next();
    opening.target.provider = u"custom"_s;
    opening.target.model = u"unheard-of"_s;
    opening.queuedAt = utc(u"2026-11-01T04:20:00Z"_s);
    const auto opened = engine.store().journal().openRequest(opening.requestId, {}, opening);
    AttemptRecord record = recordOf(opening);
    record.outcome = AttemptOutcome::Completed;
    const PicoUsd spent(8 * PicoUsd::PerDollar / 1000);
    record.cost.total = {spent, spent, true};
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    engine.store().journal().closeAttempt(record);
    const auto *month = sidebar.findChild<ui::PlainLabel *>(u"monthSpend"_s);
    QTRY_COMPARE(month->text(), u"$0.008"_s);
    clock.advance(24h * 30);
    QTRY_COMPARE(month->text(), u"$0"_s); // nobody has spent anything in December
}

QTEST_MAIN(tst_SidebarFeed)
#include "tst_sidebarfeed.moc"
