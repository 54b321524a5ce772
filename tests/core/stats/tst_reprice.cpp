#include "core/stats/reprice.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

using namespace core;
using namespace tests;

//! The frozen ledger beside other prices: what is compared, what is left out, and that it stays.
class tst_Reprice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }
    void comparesByModel();
    void addressesTellTheRegion_data();
    void addressesTellTheRegion();
    void keepsToTheFilter();
};

namespace {

PriceCatalogue pricesOf(const QByteArray &input)
{
    const auto card = [&](const QByteArray &model) {
        return R"({"id":")" + model + R"(","match":[{"exact":")" + model +
               R"("}],"rate_cards":[{"id":")" + model + R"(","rates":{"input":")" + input +
               R"(","output":"10","cache_read":"0.5"}}]})";
    };
    const auto catalogue = PriceCatalogue::fromJson(
        R"({"format":"llm-price-catalogue","format_version":1,"currency":"USD","version":"v",)"
        R"("providers":[{"id":"p","models":[)" +
        card("big") + ',' + card("small") + "]}]}");
    return catalogue ? *catalogue : PriceCatalogue();
}

struct Bench
{
    Bench()
        : ids(clock, random)
        , store(std::move(Store::open({folder.path(), SessionKind::Window, false}, clock, ids))
                    .value())
    {
    }

    AttemptRecord add(const QString &model, std::int64_t input,
                      const std::function<void(AttemptRecord &)> &change = {})
    {
        AttemptOpening opening;
        opening.id = ids.next();
        opening.requestId = ids.next();
        opening.target.provider = QStringLiteral("p");
        opening.target.model = model;
        opening.priceProvider = QStringLiteral("p");
        opening.queuedAt = clock.utcNow();
        RequestContext context;
        context.sessionId = store->sessionId();
        AttemptRecord record;
        record.id = opening.id;
        record.requestId = opening.requestId;
        record.target = opening.target;
        record.queuedAt = opening.queuedAt;
        record.outcome = AttemptOutcome::Completed;
        record.costBasis = CostBasis::Exact;
        record.usage.basis = UsageBasis::Provider;
        record.usage.tokens = {{UsageKind::Input, input}, {UsageKind::Output, 0}};
        if (change)
            change(record);
        record.cost = CostCalculator(pricesOf("3"))
                          .cost(QStringLiteral("p"), model, record.usage, opening.queuedAt);
        opening.target.simulated = record.target.simulated;
        opening.target.baseUrl = record.target.baseUrl;
        opened = store->journal().openRequest(opening.requestId, context, opening);
        store->journal().closeAttempt(record);
        return record;
    }
    [[nodiscard]] QList<RepriceRow> rows(const PriceCatalogue &prices,
                                         const SpendFilter &filter = {})
    {
        if (!awaited(store->journal().drained()))
            qFatal("not written");
        const auto found = awaited(reprice(*store, filter, prices, clock.utcNow()));
        return found ? *found : QList<RepriceRow>();
    }

    QTemporaryDir folder;
    FakeClock clock;
    SeededRandom random{3};
    IdSource ids;
    std::unique_ptr<Store> store;
    QFuture<Result<OpenedAttempt>> opened;
};

constexpr std::int64_t Dollar = PicoUsd::PerDollar;

} // namespace

void tst_Reprice::comparesByModel()
{
    Bench bench;
    bench.add(QStringLiteral("small"), 1'000'000);
    bench.add(QStringLiteral("big"), 4'000'000);
    bench.add(QStringLiteral("big"), 1'000'000, [](AttemptRecord &record) {
        record.usage.parts = {record.usage, record.usage}; // billed one by one: two million
    });
    bench.add(QStringLiteral("big"), 1'000'000,
              [](AttemptRecord &record) { record.costBasis = CostBasis::Cancelled; });
    bench.add(QStringLiteral("big"), 1'000'000,
              [](AttemptRecord &record) { record.usage.reportedCost = PicoUsd(7); });
    bench.add(QStringLiteral("gone"), 1'000'000);
    const QList<RepriceRow> rows = bench.rows(pricesOf("2"));
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows.at(0).model, QStringLiteral("big")); // the largest difference
    QCOMPARE(rows.at(0).attempts, 2);
    QCOMPARE(rows.at(0).leftOut, 2);
    QCOMPARE(rows.at(0).charged, PicoUsd(18 * Dollar));
    QCOMPARE(rows.at(0).now, PicoUsd(12 * Dollar));
    QCOMPARE(rows.at(1).charged, PicoUsd(3 * Dollar));
    QCOMPARE(rows.at(1).now, PicoUsd(2 * Dollar));
    QCOMPARE(rows.at(2).model, QStringLiteral("gone")); // without a price it is not free
    QCOMPARE(rows.at(2).attempts, 0);
    QCOMPARE(rows.at(2).leftOut, 1);
    // The same again: nothing was written.
    QCOMPARE(bench.rows(pricesOf("3")).at(0).charged, PicoUsd(18 * Dollar));
}

void tst_Reprice::addressesTellTheRegion_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<std::int64_t>("dollars"); //!< -1: cannot be compared.
    QTest::newRow("dearer") << QStringLiteral("https://run.eu-west-1.p.example") << 6L;
    QTest::newRow("plain") << QStringLiteral("https://run.us-east-1.p.example/v1") << 3L;
    QTest::newRow("capitals") << QStringLiteral("https://RUN.EU-WEST-1.P.EXAMPLE") << 6L;
    // Nobody can tell where it computed.
    QTest::newRow("this-machine") << QStringLiteral("http://127.0.0.1:8080") << -1L;
    QTest::newRow("not-kept") << QString() << -1L;
}

//! As when it was charged: prices may differ by where an answer was computed.
void tst_Reprice::addressesTellTheRegion()
{
    QFETCH(const QString, address);
    QFETCH(const std::int64_t, dollars);
    const auto placed = PriceCatalogue::fromJson(
        R"({"format":"llm-price-catalogue","format_version":1,"currency":"USD","version":"v",)"
        R"("providers":[{"id":"p","hosts":["run.*.p.example"],"models":[{"id":"big",)"
        R"("match":[{"exact":"big"}],"rate_cards":[{"id":"big","rates":{"input":"3",)"
        R"("output":"10"},"modifiers":[{"id":"eu","when":{"host_region":"eu"},)"
        R"("multiplier":"2"}]}]}]}]})");
    QVERIFY(placed);
    Bench bench;
    bench.add(QStringLiteral("big"), 1'000'000,
              [&](AttemptRecord &record) { record.target.baseUrl = QUrl(address); });
    const QList<RepriceRow> rows = bench.rows(*placed);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.at(0).attempts, dollars < 0 ? 0 : 1);
    QCOMPARE(rows.at(0).now, PicoUsd(std::max<std::int64_t>(dollars, 0) * Dollar));
}

void tst_Reprice::keepsToTheFilter()
{
    Bench bench;
    bench.add(QStringLiteral("small"), 1'000'000);
    bench.add(QStringLiteral("small"), 1'000'000,
              [](AttemptRecord &record) { record.target.simulated = true; });
    SpendFilter filter;
    QCOMPARE(bench.rows(pricesOf("2"), filter).at(0).attempts, 1);
    filter.simulated = true;
    QCOMPARE(bench.rows(pricesOf("2"), filter).at(0).attempts, 1);
    filter.simulated = false;
    filter.since = bench.clock.utcNow() + std::chrono::minutes(1);
    QVERIFY(bench.rows(pricesOf("2"), filter).isEmpty());
    filter.since.reset();
    filter.until = bench.clock.utcNow();
    QVERIFY(bench.rows(pricesOf("2"), filter).isEmpty()); // half-open
    filter.until.reset();
    filter.sessionId = 77;
    QVERIFY(bench.rows(pricesOf("2"), filter).isEmpty());
    filter.sessionId = bench.store->sessionId();
    QCOMPARE(bench.rows(pricesOf("2"), filter).size(), 1);
}

QTEST_GUILESS_MAIN(tst_Reprice)
#include "tst_reprice.moc"
