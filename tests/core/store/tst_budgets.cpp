#include "core/store/budgetbook.h"
#include "core/store/migrations.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace core;
using namespace tests;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();

Budget budgetOf(std::int64_t limit, bool hard = true, LimitPeriod period = LimitPeriod::Day)
{
    Budget budget;
    budget.limit = limit;
    budget.hard = hard;
    budget.period = period;
    budget.zone = "UTC";
    return budget;
}

AttemptOpening costing(StoreFixture &fixture, std::int64_t requestId, std::int64_t most,
                       bool simulated = false)
{
    AttemptOpening opening = fixture.opening(requestId, simulated);
    opening.worstCase = {PicoUsd(most), PicoUsd(most), true};
    opening.reservation.money = PicoUsd(most);
    opening.reservation.tokens = most;
    opening.reservation.provider = opening.target.provider;
    return opening;
}

//! The ending of \p opening at a known or unknown price.
AttemptRecord ended(StoreFixture &fixture, const AttemptOpening &opening, Cost cost)
{
    AttemptRecord record = fixture.closing(opening);
    record.cost.lines.clear();
    record.cost.total = cost;
    return record;
}

} // namespace

//! Money set aside, taken and given back: no order of events, no crash of sums and no second
//! process spends more than the limit.
class tst_Budgets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void parallelSendsNeverOvershoot();
    void settlingGivesBack_data();
    void settlingGivesBack();
    void refusedWritesNothing();
    void budgetsCountTheirOwn_data();
    void budgetsCountTheirOwn();
    void midnightBeginsAnew();
    void newSessionBeginsAnew();
    void idleHoursEndASession_data();
    void idleHoursEndASession();
    void softAsksOnceAPeriod();
    void allowedOnceIsOnce();
    void quotasOfRequestsAndTokens();
    void fallbackIsARequestOfItsProvider();
    void sumsKeepNoOrder();
    void largestAmountsStayInRange();
    void hardBudgetLimitsTheOutput();
    void noticesOnceInAnyProcess();
    void firstSchemaIsBroughtUp();

private:
    [[nodiscard]] Result<OpenedAttempt> open(Store &store, const AttemptOpening &opening,
                                             const RequestContext &context = {}) const
    {
        return awaited(store.journal().openRequest(opening.requestId, context, opening));
    }
    [[nodiscard]] BudgetStanding standing(Store &store) const;
};

void tst_Budgets::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
}

BudgetStanding tst_Budgets::standing(Store &store) const
{
    if (!awaited(store.journal().drained()))
        qFatal("the journal does not drain");
    // What is read by one reader, in order: after a second look the first one was taken.
    for (int i = 0; i < 2; ++i) {
        store.budgets().refresh();
        const auto passed = store.read<bool>([](const QString &) -> Result<bool> { return true; });
        if (!awaited(passed))
            qFatal("the store cannot be read");
        QCoreApplication::processEvents();
    }
    return store.budgets().standings().value(0);
}

void tst_Budgets::parallelSendsNeverOvershoot()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(1'000'000));
    QList<QFuture<Result<OpenedAttempt>>> opened;
    for (int i = 0; i < 50; ++i) { // a budget for ten
        const std::int64_t request = fixture.ids.next();
        opened.append(
            store->journal().openRequest(request, {}, costing(fixture, request, 100'000)));
    }
    int sent = 0;
    for (const auto &future : opened) {
        QTRY_VERIFY(future.isFinished());
        if (future.result()) {
            ++sent;
            continue;
        }
        QCOMPARE(future.result().error().kind, ErrorKind::BudgetExceeded);
        const auto shortfall = future.result().error().shortfall;
        QVERIFY(shortfall);
        QCOMPARE(shortfall->need, 100'000);
        QCOMPARE(shortfall->left, 0);
    }
    QCOMPARE(sent, 10);
    const BudgetStanding now = standing(*store);
    QCOMPARE(now.reserved, 1'000'000);
    QCOMPARE(now.spent, 0);
    QCOMPARE(now.available(), 0);
}

void tst_Budgets::settlingGivesBack_data()
{
    QTest::addColumn<qint64>("low");
    QTest::addColumn<qint64>("high");
    QTest::addColumn<bool>("complete");
    QTest::addColumn<qint64>("estimate"); // -1: none
    QTest::addColumn<qint64>("spent");
    QTest::addColumn<qint64>("unsure");
    const auto row = [](const char *name, qint64 low, qint64 high, bool complete, qint64 estimate,
                        qint64 spent, qint64 unsure) {
        QTest::newRow(name) << low << high << complete << estimate << spent << unsure;
    };
    row("exact", 300, 300, true, -1, 300, 0);
    row("never-sent", 0, 0, true, -1, 0, 0);
    row("range-by-its-high-end", 100, 700, true, -1, 700, 600);
    row("unknown-keeps-what-was-reserved", 0, 0, false, -1, 1'000, 1'000);
    row("unknown-by-its-estimate", 0, 0, false, 400, 400, 400);
    row("partly-known", 150, 150, false, 400, 400, 250);
    row("partly-known-above-its-estimate", 450, 450, false, 400, 450, 0);
    row("dearer-than-thought", 1'300, 1'300, true, -1, 1'300, 0);
}

void tst_Budgets::settlingGivesBack()
{
    QFETCH(const qint64, low);
    QFETCH(const qint64, high);
    QFETCH(const bool, complete);
    QFETCH(const qint64, estimate);
    QFETCH(const qint64, spent);
    QFETCH(const qint64, unsure);
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(10'000));
    const std::int64_t request = fixture.ids.next();
    const AttemptOpening opening = costing(fixture, request, 1'000);
    QVERIFY(open(*store, opening));
    BudgetStanding now = standing(*store);
    QCOMPARE(now.reserved, 1'000);
    QCOMPARE(now.available() + now.reserved + now.spent, 10'000);
    AttemptRecord record = ended(fixture, opening, {PicoUsd(low), PicoUsd(high), complete});
    if (estimate >= 0)
        record.mostItCost = PicoUsd(estimate);
    store->journal().closeAttempt(record);
    store->journal().closeAttempt(record); // twice is once
    now = standing(*store);
    QCOMPARE(now.spent, spent);
    QCOMPARE(now.unsure, unsure);
    QCOMPARE(now.priced, complete || spent == 0);
    QCOMPARE(now.reserved, 0);
    QCOMPARE(now.available() + now.reserved + now.spent, 10'000);
    // Who is refused is told what of it is certain.
    const auto refused = open(*store, costing(fixture, fixture.ids.next(), 10'001));
    QVERIFY(!refused);
    const auto shortfall = refused.error().shortfall;
    QVERIFY(shortfall.has_value());
    QCOMPARE(shortfall->certain, spent - unsure);
    QCOMPARE(shortfall->unsure, unsure);
    QCOMPARE(shortfall->priced, complete || spent == 0);
}

void tst_Budgets::refusedWritesNothing()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    QSignalSpy failed(store.get(), &Store::writeFailed);
    store->budgets().save(budgetOf(99));
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const auto refused = open(*store, costing(fixture, request, 100),
                              fixture.turn(chat, QStringLiteral("too dear")));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::BudgetExceeded);
    for (const char *table : {"request", "attempt", "reservation", "message"}) {
        const QString count = QStringLiteral("SELECT count(*) FROM ") + QString::fromLatin1(table);
        QCOMPARE(fixture.value(count).toInt(), 0);
    }
    QCOMPARE(failed.size(), 0); // the disk has nothing to do with it
}

void tst_Budgets::budgetsCountTheirOwn_data()
{
    QTest::addColumn<BudgetScope>("scope");
    QTest::addColumn<QString>("key");
    QTest::addColumn<LimitPeriod>("period");
    QTest::addColumn<bool>("simulated");
    QTest::addColumn<qint64>("reserved");
    const auto row = [](const char *name, BudgetScope scope, const char *key, LimitPeriod period,
                        bool simulated, qint64 reserved) {
        QTest::newRow(name) << scope << QString::fromLatin1(key) << period << simulated << reserved;
    };
    row("all", BudgetScope::All, "", LimitPeriod::Day, false, 100);
    row("month", BudgetScope::All, "", LimitPeriod::Month, false, 100);
    row("session", BudgetScope::All, "", LimitPeriod::Session, false, 100);
    row("provider", BudgetScope::Provider, "openai", LimitPeriod::Day, false, 100);
    row("other-provider", BudgetScope::Provider, "anthropic", LimitPeriod::Day, false, 0);
    row("workspace", BudgetScope::Workspace, "1", LimitPeriod::Day, false, 100);
    row("other-workspace", BudgetScope::Workspace, "2", LimitPeriod::Day, false, 0);
    row("simulated-never", BudgetScope::All, "", LimitPeriod::Day, true, 0);
}

void tst_Budgets::budgetsCountTheirOwn()
{
    QFETCH(const BudgetScope, scope);
    QFETCH(const QString, key);
    QFETCH(const LimitPeriod, period);
    QFETCH(const bool, simulated);
    QFETCH(const qint64, reserved);
    StoreFixture fixture;
    Budget budget = budgetOf(150, true, period);
    budget.scope = scope;
    budget.scopeKey = key;
    {
        const auto earlier = fixture.open(); // another session
        const std::int64_t request = fixture.ids.next();
        QVERIFY(open(*earlier, costing(fixture, request, 20)));
    }
    const auto store = fixture.open();
    store->budgets().save(budget);
    const std::int64_t request = fixture.ids.next();
    QVERIFY(open(*store, costing(fixture, request, 100, simulated)));
    const BudgetStanding now = standing(*store);
    QCOMPARE(now.reserved, reserved);
    const bool countsEarlier = period != LimitPeriod::Session &&
                               key != QStringLiteral("anthropic") && key != QStringLiteral("2");
    QCOMPARE(now.spent, countsEarlier ? 20 : 0);
    // A second one fits exactly where the first was not counted.
    const std::int64_t second = fixture.ids.next();
    QCOMPARE(open(*store, costing(fixture, second, 100, simulated)).hasValue(), reserved == 0);
}

void tst_Budgets::midnightBeginsAnew()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(100));
    const auto day = std::chrono::floor<std::chrono::days>(fixture.clock.utcNow());
    const auto openAt = [&](UtcTime at) {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = costing(fixture, request, 100);
        opening.queuedAt = at;
        return open(*store, opening).hasValue();
    };
    QVERIFY(openAt(UtcTime(day) - 1ms)); // yesterday's last
    QVERIFY(openAt(UtcTime(day)));
    QVERIFY(!openAt(UtcTime(day) + 1ms));
    QVERIFY(!openAt(UtcTime(day + 24h) - 1ms));
    QVERIFY(openAt(UtcTime(day + 24h)));
    QVERIFY(!openAt(UtcTime(day) - 1h)); // a clock set back finds yesterday as it was
}

void tst_Budgets::newSessionBeginsAnew()
{
    StoreFixture fixture;
    auto store = fixture.open();
    store->budgets().save(budgetOf(100, true, LimitPeriod::Session));
    const auto fits = [&] {
        return open(*store, costing(fixture, fixture.ids.next(), 100)).hasValue();
    };
    QVERIFY(fits());
    QVERIFY(!fits());
    const std::int64_t first = store->sessionId();
    QVERIFY(store->newSession());
    QVERIFY(store->sessionId() != first);
    QVERIFY(fits());
    QVERIFY(!fits());
    const BudgetStanding now = standing(*store);
    QCOMPARE(now.reserved, 100); // not what the first session set aside
    QCOMPARE(now.span.name, QString::number(store->sessionId()));
    // What runs in the first one goes on.
    const QString open = QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'");
    QCOMPARE(fixture.value(open).toInt(), 2);
    store.reset();
    QCOMPARE(fixture.value(open).toInt(), 0);
    QCOMPARE(
        fixture.value(QStringLiteral("SELECT count(*) FROM session WHERE ended_at IS NOT NULL"))
            .toInt(),
        2);
    QVERIFY(QDir(fixture.directory() + QStringLiteral("/sessions")).isEmpty(QDir::Files));
}

void tst_Budgets::idleHoursEndASession_data()
{
    QTest::addColumn<SessionKind>("kind");
    QTest::addColumn<std::chrono::milliseconds>("idle"); // twice, an answer ends in between
    QTest::addColumn<bool>("ends");
    QTest::newRow("six-hours") << SessionKind::Window << std::chrono::milliseconds(6h) << true;
    QTest::newRow("almost") << SessionKind::Window << 6h - 1ms << false;
    QTest::newRow("verb") << SessionKind::Verb << std::chrono::milliseconds(7h) << false;
}

void tst_Budgets::idleHoursEndASession()
{
    QFETCH(const SessionKind, kind);
    QFETCH(const std::chrono::milliseconds, idle);
    QFETCH(const bool, ends);
    StoreFixture fixture;
    FakeClock clock;
    clock.setUtcNow(fixture.clock.utcNow());
    const auto opened = Store::open({fixture.directory(), kind, false}, clock, fixture.ids);
    QVERIFY(opened);
    Store &store = **opened;
    store.budgets().save(budgetOf(150, true, LimitPeriod::Session));
    const std::int64_t first = store.sessionId();
    const AttemptOpening opening = costing(fixture, fixture.ids.next(), 100);
    QVERIFY(open(store, opening));
    clock.advance(idle);
    store.journal().closeAttempt(ended(fixture, opening, {PicoUsd(100), PicoUsd(100), true}));
    store.journal().closeRequest(opening.requestId, RequestState::Completed, {});
    clock.advance(idle);
    QCOMPARE(store.sessionId(), first); // it ends with a send, not with the time
    const auto second = open(store, costing(fixture, fixture.ids.next(), 100));
    QCOMPARE(second.hasValue(), ends);
    QCOMPARE(store.sessionId() != first, ends);
}

void tst_Budgets::softAsksOnceAPeriod()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(100, false));
    const auto today = UtcTime(std::chrono::floor<std::chrono::days>(fixture.clock.utcNow()));
    const auto openAt = [&](UtcTime at, Consent consent) {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = costing(fixture, request, 80);
        opening.queuedAt = at;
        opening.reservation.consent = consent;
        return open(*store, opening);
    };
    const auto first = openAt(today, Consent::None);
    QVERIFY(first);
    QVERIFY(!first->limitsOutput); // a soft one never shortens
    const auto asked = openAt(today, Consent::None);
    QVERIFY(!asked);
    QVERIFY(!asked.error().shortfall->hard);
    QVERIFY(openAt(today, Consent::Soft));
    QVERIFY(openAt(today, Consent::None)); // it was asked
    QVERIFY(openAt(today + 24h, Consent::None));
    QVERIFY(!openAt(today + 24h, Consent::None)); // a new day asks anew
}

void tst_Budgets::allowedOnceIsOnce()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(100));
    const std::int64_t request = fixture.ids.next();
    AttemptOpening opening = costing(fixture, request, 500);
    QVERIFY(!open(*store, opening));
    opening.reservation.consent = Consent::Soft;
    QVERIFY(!open(*store, opening));
    opening.reservation.consent = Consent::Once;
    QVERIFY(open(*store, opening));
    const std::int64_t next = fixture.ids.next();
    QVERIFY(!open(*store, costing(fixture, next, 1)));
}

void tst_Budgets::quotasOfRequestsAndTokens()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    Budget requests = budgetOf(2);
    requests.unit = LimitUnit::Requests;
    requests.scope = BudgetScope::Workspace;
    requests.scopeKey = QStringLiteral("1");
    const std::int64_t requestsId = store->budgets().save(requests);
    QList<AttemptOpening> openings;
    for (int i = 0; i < 2; ++i) {
        const std::int64_t request = fixture.ids.next();
        openings.append(costing(fixture, request, 100));
        const auto opened = open(*store, openings.last());
        QVERIFY(opened);
        QVERIFY(!opened->limitsOutput);
    }
    // A retry is no further request; a third one is.
    AttemptOpening retry = costing(fixture, openings.first().requestId, 100);
    retry.number = 2;
    retry.cause = AttemptCause::Retry;
    QVERIFY(awaited(store->journal().openAttempt(retry)));
    const std::int64_t third = fixture.ids.next();
    const auto refused = open(*store, costing(fixture, third, 100));
    QVERIFY(!refused);
    QCOMPARE(refused.error().shortfall->unit, LimitUnit::Requests);

    store->budgets().remove(requestsId);
    Budget tokens = budgetOf(400);
    tokens.unit = LimitUnit::Tokens;
    store->budgets().save(tokens);
    QCOMPARE(standing(*store).reserved, 300);
    QVERIFY(!open(*store, costing(fixture, third, 101)));
    // As counted: 12 in, 40 out.
    store->journal().closeAttempt(ended(fixture, openings.first(), {}));
    QCOMPARE(standing(*store).spent, 52);
    QCOMPARE(standing(*store).reserved, 200);
    // Of a range the high end: what came of a cut answer is the least.
    AttemptRecord cut = ended(fixture, retry, {});
    cut.outcome = AttemptOutcome::Failed;
    cut.mostTokens = 90;
    store->journal().closeAttempt(cut);
    QCOMPARE(standing(*store).spent, 52 + 90);
    QCOMPARE(standing(*store).reserved, 100);
    const auto fits = open(*store, costing(fixture, third, 158));
    QVERIFY(fits);
    QVERIFY(fits->limitsOutput);
}

void tst_Budgets::fallbackIsARequestOfItsProvider()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    Budget quota = budgetOf(1);
    quota.unit = LimitUnit::Requests;
    quota.scope = BudgetScope::Provider;
    quota.scopeKey = QStringLiteral("anthropic");
    store->budgets().save(quota);
    const auto next = [&](std::int64_t request, int number, const QString &provider) {
        AttemptOpening opening = costing(fixture, request, 100);
        opening.number = number;
        opening.target.provider = provider;
        opening.reservation.provider = provider;
        return opening;
    };
    const std::int64_t first = fixture.ids.next();
    QVERIFY(open(*store, next(first, 1, QStringLiteral("openai"))));
    QCOMPARE(standing(*store).reserved, 0);
    const AttemptOpening fallback = next(first, 2, QStringLiteral("anthropic"));
    QVERIFY(awaited(store->journal().openAttempt(fallback)));
    QCOMPARE(standing(*store).reserved, 1);
    store->journal().closeAttempt(ended(fixture, fallback, {}));
    QCOMPARE(standing(*store).spent, 1);
    // Its retry is no further one, also where the quota is used up; another request is.
    QVERIFY(awaited(store->journal().openAttempt(next(first, 3, QStringLiteral("anthropic")))));
    QCOMPARE(standing(*store).spent, 1);
    QCOMPARE(standing(*store).reserved, 0);
    const std::int64_t second = fixture.ids.next();
    QVERIFY(open(*store, next(second, 1, QStringLiteral("openai"))));
    const auto refused =
        awaited(store->journal().openAttempt(next(second, 2, QStringLiteral("anthropic"))));
    QVERIFY(!refused);
    QCOMPARE(refused.error().shortfall->unit, LimitUnit::Requests);
}

void tst_Budgets::sumsKeepNoOrder()
{
    // The same attempts, opened and ended in other orders, leave the same sums.
    SeededRandom random(11);
    std::optional<std::int64_t> spent;
    for (int order = 0; order < 6; ++order) {
        StoreFixture fixture;
        const auto store = fixture.open();
        store->budgets().save(budgetOf(Most));
        QList<int> places(40);
        std::iota(places.begin(), places.end(), 0);
        const auto shuffle = [&] {
            for (qsizetype i = places.size() - 1; i > 0; --i)
                places.swapItemsAt(
                    i, static_cast<qsizetype>(random.uniform() * static_cast<double>(i + 1)));
        };
        QMap<int, AttemptOpening> openings;
        shuffle();
        for (const int place : places) {
            const std::int64_t request = fixture.ids.next();
            openings[place] = costing(fixture, request, 1'000'003LL * (place + 1));
            (void)store->journal().openRequest(request, {}, openings[place]);
        }
        shuffle();
        for (const int place : places) {
            const PicoUsd high(999'999LL * place);
            store->journal().closeAttempt(
                ended(fixture, openings[place], {PicoUsd(), high, place % 7 != 0}));
        }
        const BudgetStanding now = standing(*store);
        QCOMPARE(now.reserved, 0);
        QVERIFY(!spent || *spent == now.spent);
        spent = now.spent;
    }
    // By hand: known ones by their high end, unknown ones (0, 7, ... 35) as reserved.
    std::int64_t expected = 0;
    for (int place = 0; place < 40; ++place)
        expected += place % 7 != 0 ? 999'999LL * place : 1'000'003LL * (place + 1);
    QCOMPARE(*spent, expected);
}

void tst_Budgets::largestAmountsStayInRange()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    store->budgets().save(budgetOf(Most, false));
    for (int i = 0; i < 5; ++i) {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = costing(fixture, request, Most);
        opening.reservation.consent = Consent::Soft;
        QVERIFY(open(*store, opening));
        if (i % 2 == 0)
            store->journal().closeAttempt(
                ended(fixture, opening, {PicoUsd(Most), PicoUsd(Most), true}));
    }
    const BudgetStanding now = standing(*store);
    QCOMPARE(now.spent, Most);
    QCOMPARE(now.reserved, Most);
    QCOMPARE(now.available(), 0);
}

void tst_Budgets::hardBudgetLimitsTheOutput()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const std::int64_t free = fixture.ids.next();
    QCOMPARE(open(*store, costing(fixture, free, 10))->limitsOutput, false);
    Budget budget = budgetOf(1'000'000);
    budget.scope = BudgetScope::Provider;
    budget.scopeKey = QStringLiteral("openai");
    store->budgets().save(budget);
    const std::int64_t limited = fixture.ids.next();
    QCOMPARE(open(*store, costing(fixture, limited, 10))->limitsOutput, true);
    const std::int64_t elsewhere = fixture.ids.next();
    AttemptOpening other = costing(fixture, elsewhere, 10);
    other.reservation.provider = QStringLiteral("anthropic");
    QCOMPARE(open(*store, other)->limitsOutput, false);
}

void tst_Budgets::noticesOnceInAnyProcess()
{
    StoreFixture fixture;
    const auto one = fixture.open();
    const auto two = fixture.open(); // as a second process would
    one->budgets().save(budgetOf(1'000, false));
    QVERIFY(awaited(one->journal().drained()));
    QStringList said;
    for (Store *store : {one.get(), two.get()})
        connect(&store->budgets(), &BudgetBook::noticed, this,
                [&said](const BudgetStanding &, int percent) { said += QString::number(percent); });
    const auto spend = [&](std::int64_t amount) {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = costing(fixture, request, amount);
        opening.reservation.consent = Consent::Soft;
        const bool opened = open(*one, opening).hasValue();
        one->journal().closeAttempt(
            ended(fixture, opening, {PicoUsd(amount), PicoUsd(amount), true}));
        const std::int64_t spent = standing(*one).spent;
        two->budgets().refresh();
        QTest::qWait(50); // whoever also wants to say it has had the time to
        return opened ? spent : -1;
    };
    QCOMPARE(spend(499), 499);
    QCOMPARE(said, QStringList());
    QCOMPARE(spend(1), 500);
    QCOMPARE(said, QStringList{QStringLiteral("50")});
    QCOMPARE(spend(10), 510);
    QCOMPARE(said.size(), 1);
    QCOMPARE(spend(490), 1'000); // past two at once: the higher one is what matters
    QCOMPARE(said, (QStringList{QStringLiteral("50"), QStringLiteral("100")}));
    QCOMPARE(spend(100), 1'100);
    QCOMPARE(said.size(), 2);
}

void tst_Budgets::firstSchemaIsBroughtUp()
{
    StoreFixture fixture;
    QVERIFY(QDir().mkpath(fixture.directory()));
    const QString name = QStringLiteral("first-schema");
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(fixture.databasePath());
        QVERIFY(database.open());
        Sql sql(name);
        QVERIFY(migrate(sql, schemaSteps().constFirst(), 1));
    }
    QSqlDatabase::removeDatabase(name);
    fixture.run(QStringLiteral("INSERT INTO session VALUES (3, 'verb', 0, 1)"));
    fixture.run(QStringLiteral("INSERT INTO request VALUES (4, NULL, 1, 3, 0, 1, 'completed')"));
    const qint64 now = fixture.clock.utcNow().time_since_epoch().count();
    fixture.run(QStringLiteral("INSERT INTO attempt (id, request_id, number, cause, provider, "
                               "account_id, base_url, model, simulated, price_provider, worst_low, "
                               "worst_high, worst_complete, outcome, queued_at) VALUES (5, 4, 1, "
                               "'first', 'openai', 0, '', 'm', 0, 'openai', 0, 70, 1, 'completed', "
                               "%1)")
                    .arg(now));
    fixture.run(QStringLiteral("INSERT INTO reservation VALUES (5, 1, 3, 'openai', 0, %1, 70, 30)")
                    .arg(now));
    fixture.run(QStringLiteral("INSERT INTO budget VALUES (6, 'all', '', 'day', 100, 1, 0, '')"));
    const auto store = fixture.open();
    const BudgetStanding kept = standing(*store);
    QCOMPARE(kept.budget.limit, 100);
    QCOMPARE(kept.budget.unit, LimitUnit::Money);
    QVERIFY(kept.budget.hard);
    QCOMPARE(kept.spent, 30);
    QCOMPARE(QDir(fixture.directory() + QStringLiteral("/backups"))
                 .entryList({QStringLiteral("before-002-*.db")})
                 .size(),
             1);
}

QTEST_GUILESS_MAIN(tst_Budgets)
#include "tst_budgets.moc"
