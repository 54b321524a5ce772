#include "core/pricing/costcalculator.h"
#include "core/pricing/pricebook.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>

using namespace core;
using namespace std::chrono;
using namespace Qt::StringLiterals;

//! A price of one's own over the catalogue: it sets what it names, the rest stays the catalogue's.
class tst_PriceOverride : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".?"_s)); }
    void restStaysTheCatalogues_data();
    void restStaysTheCatalogues();
    void everyTimeHasItsOwnRest_data();
    void everyTimeHasItsOwnRest();
    void newerCatalogueComesBelow();
    void modelsOfTheLayerAreWhole();
    void unknownModelHasNoRest();
    void discountCountsForEveryToken();
    void discountsAreRead_data();
    void discountsAreRead();
    void handWrittenStays();
    void priceTakesThePlaceOfAnAlias();
};

namespace {

// Checked in November: fresh. The writes cost as Anthropic's do.
const QByteArray Rules = R"({"format":"llm-price-catalogue","format_version":1,"version":"t",
"currency":"USD","checked_on":"2026-11-01","providers":[{"id":"p","models":[
{"id":"m","match":[{"prefix":"m"}],"rate_cards":[{"id":"m","rates":{"input":"3","output":"15",
 "cache_read":"0.3","cache_write":"3.75","cache_write_5m":"3.75","cache_write_1h":"6"},
 "context_tiers":[{"above":1000,"scope":"whole_request","rates":{"input":"6"}}],
 "service_tiers":{"batch":{"multiplier":"0.5"},"priority":{"rates":{"output":"30"}}},
 "modifiers":[{"id":"us","when":{"inference_geo":"us"},"multiplier":"1.1"}],
 "schedule":[{"utc":["00:00-01:00"],"rates":{"output":"5"}}],
 "fees":[{"unit":"web_search","per":1000,"usd":"10"}]}]},
{"id":"old","match":[{"exact":"old"}],"rate_cards":[
 {"id":"old1","from":"2026-01-01","to":"2026-02-01","checked_on":"2026-01-01",
  "rates":{"input":"1","output":"4"}},
 {"id":"old2","from":"2026-03-01","rates":{"input":"2","output":"8"},"confidence":"contested"}]}
]},{"id":"q","aliases_follow":"p","models":[]}]})";

UtcTime noon(int year_ = 2026, unsigned month_ = 11, unsigned day_ = 23)
{
    return sys_days(year(year_) / month(month_) / day(day_)) + hours(12);
}

PriceCatalogue rules(const QByteArray &json = Rules)
{
    const auto read = PriceCatalogue::fromJson(json);
    if (!read)
        qFatal("%s", qPrintable(read.error().detail));
    return *read;
}

//! "input 2: 0.002 user; ..."
QString textOf(const CostBreakdown &cost)
{
    QStringList lines;
    for (const CostLine &line : cost.lines)
        lines.append(
            u"%1 %2: %3 %4"_s.arg(line.kind)
                .arg(line.quantity)
                .arg(line.amount ? line.amount->toDecimal() : u"unknown"_s, line.flags.join(u','))
                .trimmed());
    return lines.join(u"; "_s);
}

struct Bench
{
    QTemporaryDir folder;
    PriceBook book{rules(), folder.filePath(u"prices.json"_s)};

    void set(const QString &provider, const QString &model,
             const std::function<void(PriceOverride &)> &fill)
    {
        PriceOverride price;
        price.provider = provider;
        price.model = model;
        fill(price);
        if (!book.set(price))
            qFatal("not set");
    }
    [[nodiscard]] CostBreakdown cost(const QString &provider, const QString &model,
                                     const Usage &usage, UtcTime at = noon()) const
    {
        return CostCalculator(book.catalogue()).cost(provider, model, usage, at);
    }
};

} // namespace

void tst_PriceOverride::restStaysTheCatalogues_data()
{
    using Tokens = QMap<UsageKind, std::int64_t>;
    QTest::addColumn<QString>("provider");
    QTest::addColumn<std::shared_ptr<const Usage>>("usage"); // it holds itself: no metatype
    QTest::addColumn<UtcTime>("at");
    QTest::addColumn<QString>("lines");
    const auto row = [](const char *name, const Tokens &tokens, const QString &lines,
                        const std::function<void(Usage &)> &more = {}, const QString &provider = {},
                        UtcTime at = noon()) {
        Usage usage;
        usage.tokens = tokens;
        usage.basis = UsageBasis::Provider;
        if (more)
            more(usage);
        QTest::newRow(name) << (provider.isEmpty() ? u"p"_s : provider)
                            << std::make_shared<const Usage>(usage) << at << lines;
    };
    // The user set input to 2 and what is written to the cache to 1.
    row("rate-that-was-set", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.00015"_s);
    row("cache-read-stays",
        {{UsageKind::Input, 100}, {UsageKind::CacheRead, 40}, {UsageKind::Output, 10}},
        u"cache_read 40: 0.000012; input 60: 0.00012 user; output 10: 0.00015"_s);
    row("usual-write-is-set",
        {{UsageKind::Input, 100}, {UsageKind::CacheWrite5m, 100}, {UsageKind::Output, 10}},
        u"cache_write_5m 100: 0.0001 user; output 10: 0.00015"_s);
    row("write-for-an-hour-stays",
        {{UsageKind::Input, 100}, {UsageKind::CacheWrite1h, 100}, {UsageKind::Output, 10}},
        u"cache_write_1h 100: 0.0006; output 10: 0.00015"_s);
    row("long-request-has-its-tier", {{UsageKind::Input, 2000}, {UsageKind::Output, 10}},
        u"input 2000: 0.012; output 10: 0.00015"_s);
    row("batch-halves-both", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0001 user; output 10: 0.000075"_s,
        [](Usage &usage) { usage.serviceTier = u"batch"_s; });
    row("priority-has-its-rate", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.0003"_s,
        [](Usage &usage) { usage.serviceTier = u"priority"_s; });
    row("place-has-its-factor", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.00022 user; output 10: 0.000165"_s,
        [](Usage &usage) { usage.inferenceGeo = u"us"_s; });
    row("night-has-its-rate", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.00005"_s, {}, {}, noon() - hours(11) - minutes(30));
    row("fee-stays", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.00015; web_search 2: 0.02"_s,
        [](Usage &usage) { usage.fees.insert(FeeUnit::WebSearch, 2); });
    row("rest-is-borrowed", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.00015 borrowed"_s, {}, u"q"_s);
    // What the user set is never stale; what the catalogue says may be.
    row("rest-is-stale", {{UsageKind::Input, 100}, {UsageKind::Output, 10}},
        u"input 100: 0.0002 user; output 10: 0.00015 stale"_s, {}, {}, noon(2027, 6, 1));
}

void tst_PriceOverride::restStaysTheCatalogues()
{
    QFETCH(const QString, provider);
    QFETCH(const std::shared_ptr<const Usage>, usage);
    QFETCH(const UtcTime, at);
    QFETCH(const QString, lines);
    Bench bench;
    bench.set(provider, u"m-1"_s, [](PriceOverride &price) {
        price.input = rateFrom(u"2"_s);
        price.cacheWrite = rateFrom(u"1"_s);
    });
    const CostBreakdown cost = bench.cost(provider, u"m-1"_s, *usage, at);
    QCOMPARE(textOf(cost), lines);
    QVERIFY(cost.total.complete);
    QCOMPARE(cost.rateCard, u"user/%1/m-1"_s.arg(provider));
    // Another model of the family has the catalogue's price, whole.
    QVERIFY(!textOf(bench.cost(provider, u"m-2"_s, *usage, at)).contains(u"user"_s));
}

void tst_PriceOverride::everyTimeHasItsOwnRest_data()
{
    QTest::addColumn<UtcTime>("at");
    QTest::addColumn<QString>("lines");
    QTest::newRow("before-all") << noon(2025, 6, 1)
                                << u"input 100: 0.0005 user; output 10: unknown user,unknown"_s;
    QTest::newRow("first-card") << noon(2026, 1, 10)
                                << u"input 100: 0.0005 user; output 10: 0.00004"_s;
    QTest::newRow("between") << noon(2026, 2, 10)
                             << u"input 100: 0.0005 user; output 10: unknown user,unknown"_s;
    QTest::newRow("last-card") << noon(2026, 3, 10)
                               << u"input 100: 0.0005 user; output 10: 0.00008 contested"_s;
}

void tst_PriceOverride::everyTimeHasItsOwnRest()
{
    QFETCH(const UtcTime, at);
    QFETCH(const QString, lines);
    Bench bench;
    bench.set(u"p"_s, u"old"_s, [](PriceOverride &price) { price.input = rateFrom(u"5"_s); });
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 100}, {UsageKind::Output, 10}};
    QCOMPARE(textOf(bench.cost(u"p"_s, u"old"_s, usage, at)), lines);
}

//! Another catalogue is taken: what the user set stays, what was left open follows it.
void tst_PriceOverride::newerCatalogueComesBelow()
{
    Bench bench;
    bench.set(u"p"_s, u"m"_s, [](PriceOverride &price) { price.input = rateFrom(u"2"_s); });
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 100}, {UsageKind::Output, 10}};
    bench.book.setBase(rules(QByteArray(Rules).replace(R"("output":"15")", R"("output":"20")")));
    QCOMPARE(textOf(bench.cost(u"p"_s, u"m"_s, usage)),
             u"input 100: 0.0002 user; output 10: 0.0002"_s);
    const PriceBook again(rules(), bench.folder.filePath(u"prices.json"_s));
    QCOMPARE(again.overrides().size(), 1);
    QVERIFY(!again.overrides().first().output); // only what was set is kept
    QVERIFY(bench.book.remove(u"p"_s, u"m"_s));
    QCOMPARE(textOf(bench.cost(u"p"_s, u"m"_s, usage)), u"input 100: 0.0003; output 10: 0.0002"_s);
}

void tst_PriceOverride::modelsOfTheLayerAreWhole()
{
    Bench bench;
    bench.set(u"p"_s, u"m"_s, [](PriceOverride &price) { price.input = rateFrom(u"2"_s); });
    const QList<PricedModel> models = bench.book.catalogue().models(u"p"_s, noon());
    QCOMPARE(models.first().inputPerMillion, rateFrom(u"2"_s));
    QCOMPARE(models.first().outputPerMillion, rateFrom(u"15"_s)); // it was unknown, once
}

void tst_PriceOverride::unknownModelHasNoRest()
{
    Bench bench;
    bench.set(u"p"_s, u"ours"_s, [](PriceOverride &price) { price.input = rateFrom(u"2"_s); });
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 100}, {UsageKind::Output, 10}};
    const CostBreakdown cost = bench.cost(u"p"_s, u"ours"_s, usage);
    QCOMPARE(textOf(cost), u"input 100: 0.0002 user; output 10: unknown user,unknown"_s);
    QVERIFY(!cost.total.complete);
}

void tst_PriceOverride::discountCountsForEveryToken()
{
    Bench bench;
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 100}, {UsageKind::Output, 10}};
    const CostBreakdown whole = bench.cost(u"p"_s, u"m"_s, usage);
    bench.set(u"p"_s, u"m"_s, [](PriceOverride &price) { price.discount = discountFrom(u"20"_s); });
    const CostBreakdown less = bench.cost(u"p"_s, u"m"_s, usage);
    QVERIFY(less.total.complete);
    QCOMPARE(less.total.low.count(), whole.total.low.count() * 8 / 10);
    bench.book.setBase(rules());
    QCOMPARE(bench.cost(u"p"_s, u"m"_s, usage).total.low, less.total.low);
    const PriceBook again(rules(), bench.folder.filePath(u"prices.json"_s));
    QVERIFY(!again.fault());
    QCOMPARE(again.overrides().first().discount, 2000);
    // Taken back: the price of before.
    bench.set(u"p"_s, u"m"_s, [](PriceOverride &price) { price.input = rateFrom(u"3"_s); });
    QCOMPARE(bench.cost(u"p"_s, u"m"_s, usage).total.low, whole.total.low);
}

void tst_PriceOverride::discountsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("hundredths"); // 0: none
    QTest::newRow("whole") << u"15"_s << 1500;
    QTest::newRow("percent-sign") << u" 15 % "_s << 1500;
    QTest::newRow("half") << u"12.5"_s << 1250;
    QTest::newRow("smallest") << u"0.01"_s << 1;
    QTest::newRow("all-of-it") << u"100"_s << 10000;
    for (const char *text : {"", "0", "-1", "+1", "100.01", "0.001", "1e1", "nan", "5 5", "%", "."})
        QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text) << 0;
}

void tst_PriceOverride::discountsAreRead()
{
    QFETCH(const QString, text);
    QFETCH(const int, hundredths);
    const auto discount = discountFrom(text);
    QCOMPARE(discount.value_or(0), hundredths);
    if (discount)
        QCOMPARE(discountFrom(discountText(*discount)), discount);
}

//! Tiers, fees and conditions of one's own are written into the file: no save may lose them.
void tst_PriceOverride::handWrittenStays()
{
    Bench bench;
    const QString path = bench.folder.filePath(u"prices.json"_s);
    QFile file(path);
    const QByteArray mine = R"({"format":"llm-price-catalogue","format_version":1,"version":"mine",
"currency":"USD","providers":[{"id":"p","models":[
{"id":"m","match":[{"prefix":"m"}],"rate_cards":[{"id":"mine","confidence":"user",
 "rates":{"input":"2","output":"9"},
 "context_tiers":[{"above":500,"scope":"whole_request","rates":{"input":"4"}}],
 "modifiers":[{"id":"night","when":{"inference_geo":"eu"},"multiplier":"0.5"}],
 "fees":[{"unit":"web_search","per":1000,"usd":"1"}]}]}]}]})";
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(mine) == mine.size());
    file.close();
    PriceBook book(rules(), path);
    QVERIFY(!book.fault());
    const CostCalculator calculator(book.catalogue());
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 600}, {UsageKind::Output, 10}};
    const auto cost = [&] { return calculator.cost(u"p"_s, u"m-1"_s, usage, noon()).total.low; };
    const PicoUsd before = cost();
    book.setBase(rules());
    QCOMPARE(cost(), before);
    PriceOverride other;
    other.provider = u"q"_s;
    other.model = u"else"_s;
    other.input = rateFrom(u"1"_s);
    QVERIFY(book.set(other));
    QCOMPARE(cost(), before);
    PriceOverride same = *book.overrideOf(u"p"_s, u"m"_s);
    same.output = rateFrom(u"10"_s); // a million-th of a dollar more for each of ten
    QVERIFY(book.set(same));
    QCOMPARE(cost().count() - before.count(), 10 * PicoUsd::PerDollar / 1'000'000);
    QVERIFY(book.remove(u"q"_s, u"else"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray kept = file.readAll();
    for (const char *part : {"context_tiers", "night", "web_search", "prefix"})
        QVERIFY2(kept.contains(part), kept.constData());
    QVERIFY(!kept.contains("else"));
}

void tst_PriceOverride::priceTakesThePlaceOfAnAlias()
{
    const QByteArray mine = R"({"format":"llm-price-catalogue","format_version":1,"version":"mine",
"currency":"USD","providers":[{"id":"p","models":[
{"id":"m","match":[{"exact":"m"}],"rate_cards":[{"id":"mine","confidence":"user",
 "rates":{"input":"2"}}]},
{"id":"newest","match":[{"prefix":"newest"}],"moving_alias_of":"m"}]}]})";
    PriceOverride price;
    price.provider = u"p"_s;
    price.model = u"newest"_s;
    price.input = rateFrom(u"5"_s);
    const QByteArray kept = withOverride(mine, price);
    const auto overrides = overridesFrom(kept);
    QVERIFY(overrides);
    QCOMPARE(overrides->size(), 2); // the other one's is still there
    QCOMPARE(overrides->first().input, rateFrom(u"2"_s));
    QCOMPARE(overrides->last(), price);
    QVERIFY(kept.contains("prefix"));
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 1000}, {UsageKind::Output, 0}};
    const PriceCatalogue catalogue = rules(kept);
    const CostBreakdown cost =
        CostCalculator(catalogue).cost(price.provider, u"newest-1"_s, usage, noon());
    QCOMPARE(cost.total.low.toDecimal(), u"0.005"_s);
}

QTEST_GUILESS_MAIN(tst_PriceOverride)
#include "tst_priceoverride.moc"
