#include "core/stats/spendqueries.h"
#include "core/store/rollup.h"
#include "core/store/sql.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

using namespace core;
using namespace tests;

namespace {

//! A ledger of chance in a real store: what the rollup says must be what a recount says.
class Ledger
{
public:
    Ledger()
        : ids(clock, random)
        , store(std::move(Store::open({folder.path(), SessionKind::Window, false}, clock, ids))
                    .value())
    {
    }

    std::int64_t below(std::int64_t end)
    {
        return static_cast<std::int64_t>(random.bits() % static_cast<std::uint64_t>(end));
    }

    //! One request of one to three attempts, queued at \p at.
    void request(UtcTime at, bool simulated, std::int64_t workspaceId = 0)
    {
        RequestContext context;
        context.workspaceId = workspaceId;
        const std::int64_t id = ids.next();
        const auto attempts = 1 + below(3);
        for (int number = 1; number <= attempts; ++number) {
            AttemptOpening opening;
            opening.id = ids.next();
            opening.requestId = id;
            opening.number = number;
            opening.target.provider = below(2) == 0 ? QStringLiteral("a") : QStringLiteral("b");
            opening.target.model = QStringLiteral("m%1").arg(below(3));
            opening.target.simulated = simulated;
            opening.queuedAt = at;
            if (number == 1)
                opened = store->journal().openRequest(id, context, opening);
            else
                opened = store->journal().openAttempt(opening);
            store->journal().closeAttempt(closing(opening, number == attempts));
        }
        store->journal().closeRequest(
            id, below(4) == 0 ? RequestState::Failed : RequestState::Completed, {});
    }

    AttemptRecord closing(const AttemptOpening &opening, bool last)
    {
        AttemptRecord record = recordOf(opening);
        record.outcome = last ? AttemptOutcome::Completed : AttemptOutcome::Failed;
        record.cost.total.low = PicoUsd(below(1'000'000'000));
        record.cost.total.high = PicoUsd(record.cost.total.low.count() + below(1000));
        record.cost.total.complete = below(10) != 0;
        const std::chrono::milliseconds visible(100 + below(20'000));
        if (last || below(2) == 0)
            record.times.firstVisible = visible;
        record.times.lastByte = visible + std::chrono::milliseconds(1 + below(5000));
        record.times.end = *record.times.lastByte + std::chrono::milliseconds(1);
        record.usage.tokens = {{UsageKind::Input, below(5000)}, {UsageKind::Output, below(900)}};
        record.usage.basis = below(4) == 0 ? UsageBasis::ProviderPartial : UsageBasis::Provider;
        if (below(4) == 0)
            record.usage = {};
        const std::array bases{CostBasis::Exact, CostBasis::Unanswered, CostBasis::NotCharged,
                               CostBasis::Cached};
        record.costBasis = bases.at(static_cast<std::size_t>(below(std::ssize(bases))));
        record.savedBy = static_cast<SavedBy>(below(3));
        if (record.savedBy != SavedBy::Nothing && below(4) != 0)
            record.saved = PicoUsd(below(1'000'000) - 200'000);
        if (!last) {
            record.error = Error();
            record.error->kind = below(2) == 0 ? ErrorKind::Overloaded : ErrorKind::RateLimited;
        }
        return record;
    }

    [[nodiscard]] QVariant recount(const QString &statement)
    {
        const auto answer = awaited(
            store->read<QVariant>([statement](const QString &connection) -> Result<QVariant> {
                Sql sql(connection);
                const auto value = sql.first(statement);
                if (sql.failed())
                    return sql.error();
                return value.value_or(QVariant());
            }));
        return answer ? *answer : QVariant();
    }

    QTemporaryDir folder;
    FakeClock clock;
    SeededRandom random{42};
    IdSource ids;
    std::unique_ptr<Store> store;
    QFuture<Result<OpenedAttempt>> opened;
};

//! The attempts of such a ledger that may have used more tokens than they told.
QString partlyTold()
{
    return QStringLiteral(" AND cost_basis NOT IN ('not_charged', 'cached') AND NOT EXISTS (SELECT "
                          "1 FROM usage WHERE attempt_id = attempt.id AND basis = 'provider')");
}

} // namespace

//! What the dashboard shows, against the raw attempts.
class tst_SpendQueries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void rollupEqualsRecount();
    void timesCutQuarters_data();
    void timesCutQuarters();
    void daysFollowTheZone_data();
    void daysFollowTheZone();
    void simulatedNeverMixes();
    void workspacesAreToldApart();
    void largestCountsStayInRange();
};

void tst_SpendQueries::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
}

void tst_SpendQueries::rollupEqualsRecount()
{
    Ledger ledger;
    const UtcTime start = ledger.clock.utcNow();
    for (int i = 0; i < 300; ++i)
        ledger.request(start + std::chrono::minutes(ledger.below(3000)), ledger.below(5) == 0);
    QVERIFY(awaited(ledger.store->journal().drained()));
    SpendQueries queries(*ledger.store);
    const auto total = awaited(queries.total({}));
    QVERIFY(total);
    const auto number = [&ledger](const QString &what) {
        return ledger.recount(what).toLongLong();
    };
    const QString real = QStringLiteral(" FROM attempt WHERE simulated = 0");
    QCOMPARE(total->attempts, number(QStringLiteral("SELECT count(*)") + real));
    QCOMPARE(total->cost.low.count(), number(QStringLiteral("SELECT sum(cost_low)") + real));
    QCOMPARE(total->cost.high.count(), number(QStringLiteral("SELECT sum(cost_high)") + real));
    QVERIFY(!total->cost.complete);
    QCOMPARE(total->tokens.value(UsageKind::Output),
             number(QStringLiteral("SELECT sum(json_extract(tokens, '$.output')) FROM usage u "
                                   "JOIN attempt a ON a.id = u.attempt_id WHERE simulated = 0")));
    QCOMPARE(total->tokensUnknown, number(QStringLiteral("SELECT count(*)") + real + partlyTold()));
    QVERIFY(total->tokensUnknown > 0 && total->tokensUnknown < total->attempts);
    QCOMPARE(total->attemptErrors.value(QStringLiteral("overloaded")),
             number(QStringLiteral("SELECT count(*)") + real +
                    QStringLiteral(" AND error_code = 'overloaded'")));
    const auto savedBy = [&](const char *cache) {
        return number(QStringLiteral("SELECT sum(saved)") + real +
                      QStringLiteral(" AND saved_by = '%1'").arg(QLatin1StringView(cache)));
    };
    QCOMPARE(total->savedByPromptCache.count(), savedBy("prompt"));
    QCOMPARE(total->savedByResponseCache.count(), savedBy("response"));
    QCOMPARE(total->savedUnknown, number(QStringLiteral("SELECT count(*)") + real +
                                         QStringLiteral(" AND saved_by <> '' AND saved IS NULL")));
    QVERIFY(total->savedUnknown > 0);
    const QString requests =
        QStringLiteral("SELECT count(DISTINCT r.id) FROM request r JOIN attempt a ON "
                       "a.request_id = r.id WHERE simulated = 0");
    QCOMPARE(total->requests, number(requests));
    QCOMPARE(total->failed, number(requests + QStringLiteral(" AND r.state = 'failed'")));
    QCOMPARE(total->answered, number(requests + QStringLiteral(" AND r.state = 'completed'")));

    // Nearest rank, in the database itself.
    // What came from our own cache says nothing of a service.
    const QString answered =
        real + QStringLiteral(" AND first_visible_ms IS NOT NULL AND saved_by <> 'response'");
    QVERIFY(number(QStringLiteral("SELECT count(*)") + answered +
                   QStringLiteral(" AND outcome <> 'completed'")) > 0);
    for (const double fraction : {0.5, 0.95, 0.99}) {
        const std::int64_t count = number(QStringLiteral("SELECT count(*)") + answered);
        const auto rank = static_cast<std::int64_t>(std::ceil(fraction * double(count)));
        const std::int64_t exact =
            number(QStringLiteral("SELECT first_visible_ms") + answered +
                   QStringLiteral(" ORDER BY first_visible_ms LIMIT 1 OFFSET %1").arg(rank - 1));
        const auto shown = total->firstToken.percentile(fraction);
        QVERIFY(shown);
        QVERIFY2(std::abs(double(shown->count() - exact)) <= 0.02 * double(exact),
                 qPrintable(
                     QStringLiteral("%1: %2 for %3").arg(fraction).arg(shown->count()).arg(exact)));
    }

    // Every way to cut it adds up to the same.
    for (const auto &by : {QList{SpendGrouping::Model}, QList{SpendGrouping::Day},
                           QList{SpendGrouping::Session, SpendGrouping::Provider}}) {
        const auto rows = awaited(queries.groups({}, by, QTimeZone("Asia/Kolkata")));
        QVERIFY(rows);
        SpendSums sum;
        for (const SpendRow &row : *rows)
            sum.add(row.sums);
        QVERIFY(sum.cost == total->cost);
        QCOMPARE(sum.requests, total->requests);
        QCOMPARE(sum.savedByPromptCache, total->savedByPromptCache);
        QCOMPARE(sum.savedUnknown, total->savedUnknown);
        QCOMPARE(sum.tokensUnknown, total->tokensUnknown);
        QVERIFY(sum.firstToken == total->firstToken);
    }
    SpendSums sum;
    const auto quarters = awaited(queries.quarters({}));
    for (const SpendRow &row : *quarters)
        sum.add(row.sums);
    QVERIFY(sum.cost == total->cost);

    // Half-open times.
    SpendFilter part;
    part.since = start + std::chrono::hours(10);
    SpendFilter rest;
    rest.until = part.since;
    QCOMPARE(awaited(queries.total(part))->attempts + awaited(queries.total(rest))->attempts,
             total->attempts);
}

void tst_SpendQueries::timesCutQuarters_data()
{
    QTest::addColumn<std::optional<int>>("since"); // minutes
    QTest::addColumn<std::optional<int>>("until");
    const std::optional<int> open;
    QTest::newRow("since") << std::optional(52) << open;
    QTest::newRow("until") << open << std::optional(97);
    QTest::newRow("both") << std::optional(52) << std::optional(97);
    QTest::newRow("within-one") << std::optional(62) << std::optional(71);
    QTest::newRow("over-one-bound") << std::optional(58) << std::optional(64);
    QTest::newRow("whole-quarters") << std::optional(60) << std::optional(90);
    QTest::newRow("backwards") << std::optional(97) << std::optional(52);
}

//! In whole quarters, and in those that the times cut.
//! What services count is theirs to say.
void tst_SpendQueries::largestCountsStayInRange()
{
    constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();
    const QString input = usageKindName(UsageKind::Input);
    RollupSums row;
    row.tokens.insert(input, Most);
    row.timedOutputTokens = Most;
    row.add(RollupSums(row));
    QCOMPARE(row.tokens.value(input), Most);
    QCOMPARE(row.timedOutputTokens, Most);
    SpendSums sums;
    sums.tokens.insert(UsageKind::Input, Most);
    sums.outputTokensTimed = Most;
    sums.add(SpendSums(sums));
    QCOMPARE(sums.tokens.value(UsageKind::Input), Most);
    QCOMPARE(sums.outputTokensTimed, Most);
}

void tst_SpendQueries::workspacesAreToldApart()
{
    Ledger ledger;
    const std::int64_t work =
        ledger.store->workspaces().save({0, QStringLiteral("Work"), {}, {}, {}});
    const UtcTime start = std::chrono::floor<std::chrono::hours>(ledger.clock.utcNow());
    for (int i = 0; i < 60; ++i)
        ledger.request(start + std::chrono::minutes(i), false, i % 3 == 0 ? work : 0);
    QVERIFY(awaited(ledger.store->journal().drained()));
    SpendFilter filter;
    filter.since = start + std::chrono::minutes(5);
    const auto requestsOf = [&](std::int64_t workspace) {
        filter.workspaceId = workspace;
        return awaited(SpendQueries(*ledger.store).total(filter))->requests;
    };
    QCOMPARE(requestsOf(0), 55);
    QCOMPARE(requestsOf(work), 18);
    QCOMPARE(requestsOf(ledger.store->defaultWorkspace()), 37);
}

//! Who asks from 07:31 on means that, not the next quarter hour.
void tst_SpendQueries::timesCutQuarters()
{
    QFETCH(const std::optional<int>, since);
    QFETCH(const std::optional<int>, until);
    Ledger ledger;
    const UtcTime start = std::chrono::floor<std::chrono::hours>(ledger.clock.utcNow());
    for (int i = 0; i < 150; ++i)
        ledger.request(start + std::chrono::minutes(i), i % 7 == 0);
    // One that waited for its turn in vain.
    const ConversationRecord chat = [&] {
        ConversationRecord record;
        record.id = ledger.ids.next();
        record.workspaceId = 1;
        return record;
    }();
    QVERIFY(awaited(ledger.store->conversations().save(chat)));
    RequestContext waiting;
    waiting.conversationId = chat.id;
    waiting.answer.id = ledger.ids.next();
    waiting.answer.conversationId = chat.id;
    waiting.answer.target.provider = QStringLiteral("a");
    const std::int64_t request = ledger.ids.next();
    ledger.store->journal().keepRequest(request, waiting, start + std::chrono::minutes(63));
    ledger.store->journal().closeRequest(request, RequestState::Failed, waiting.answer);
    QVERIFY(awaited(ledger.store->journal().drained()));

    SpendFilter filter;
    QString times;
    if (since) {
        filter.since = start + std::chrono::minutes(*since);
        times += QStringLiteral(" AND at >= %1").arg(filter.since->time_since_epoch().count());
    }
    if (until) {
        filter.until = start + std::chrono::minutes(*until);
        times += QStringLiteral(" AND at < %1").arg(filter.until->time_since_epoch().count());
    }
    const auto sums = awaited(SpendQueries(*ledger.store).total(filter));
    QVERIFY(sums);
    const auto number = [&](const QString &what, const QString &from) {
        return ledger
            .recount(QStringLiteral("SELECT %1 FROM (%2) WHERE simulated = 0").arg(what, from) +
                     times)
            .toLongLong();
    };
    const QString attempts =
        QStringLiteral("SELECT *, queued_at AS at FROM attempt WHERE outcome <> 'open'");
    QCOMPARE(sums->attempts, number(QStringLiteral("count(*)"), attempts));
    QCOMPARE(sums->cost.high.count(), number(QStringLiteral("total(cost_high)"), attempts));
    QCOMPARE(sums->tokensUnknown, number(QStringLiteral("count(*)"), attempts + partlyTold()));
    QCOMPARE(sums->firstToken.count(),
             number(QStringLiteral("sum(first_visible_ms IS NOT NULL AND saved_by <> 'response')"),
                    attempts));
    const QString requests = QStringLiteral(
        "SELECT r.id, r.state, coalesce(a.simulated, 0) AS simulated, "
        "coalesce(a.queued_at, r.started_at) AS at FROM request r LEFT JOIN attempt a ON "
        "a.request_id = r.id AND a.number = 1 WHERE r.state <> 'open'");
    QCOMPARE(sums->requests, number(QStringLiteral("count(*)"), requests));
    QCOMPARE(sums->failed, number(QStringLiteral("sum(state = 'failed')"), requests));
}

void tst_SpendQueries::daysFollowTheZone_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QDateTime>("first");
    QTest::addColumn<int>("quarters"); // of that local day
    const auto at = [](const char *zone, QDate day) { return day.startOfDay(QTimeZone(zone)); };
    QTest::newRow("kolkata-half-hour")
        << QByteArray("Asia/Kolkata") << at("Asia/Kolkata", QDate(2026, 5, 3)) << 96;
    QTest::newRow("kathmandu-quarter-hour")
        << QByteArray("Asia/Kathmandu") << at("Asia/Kathmandu", QDate(2026, 5, 3)) << 96;
    QTest::newRow("berlin-spring-23-hours")
        << QByteArray("Europe/Berlin") << at("Europe/Berlin", QDate(2026, 3, 29)) << 92;
    QTest::newRow("new-york-autumn-25-hours")
        << QByteArray("America/New_York") << at("America/New_York", QDate(2026, 11, 1)) << 100;
}

void tst_SpendQueries::daysFollowTheZone()
{
    QFETCH(const QByteArray, zone);
    QFETCH(const QDateTime, first);
    QFETCH(const int, quarters);
    Ledger ledger;
    const UtcTime start(std::chrono::milliseconds(first.toMSecsSinceEpoch()));
    for (int i = -1; i <= quarters; ++i)
        ledger.request(start + std::chrono::minutes(15 * i), false);
    QVERIFY(awaited(ledger.store->journal().drained()));
    SpendQueries queries(*ledger.store);
    const auto days = awaited(queries.groups({}, {SpendGrouping::Day}, QTimeZone(zone)));
    QVERIFY(days);
    QCOMPARE(days->size(), 3);
    QCOMPARE(days->at(1).day, first.date());
    QCOMPARE(days->at(0).sums.requests, 1);
    QCOMPARE(days->at(1).sums.requests, quarters);
    QCOMPARE(days->at(2).sums.requests, 1);
}

void tst_SpendQueries::simulatedNeverMixes()
{
    Ledger ledger;
    for (int i = 0; i < 10; ++i)
        ledger.request(ledger.clock.utcNow(), true);
    QVERIFY(awaited(ledger.store->journal().drained()));
    SpendQueries queries(*ledger.store);
    QCOMPARE(awaited(queries.total({}))->requests, 0);
    QVERIFY(awaited(queries.total({}))->cost.isZero());
    QVERIFY(awaited(queries.groups({}, {SpendGrouping::Model}, QTimeZone::utc()))->isEmpty());
    SpendFilter practice;
    practice.simulated = true;
    QCOMPARE(awaited(queries.total(practice))->requests, 10);
}

QTEST_GUILESS_MAIN(tst_SpendQueries)
#include "tst_spendqueries.moc"
