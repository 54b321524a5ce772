#include "core/pricing/cachesaving.h"
#include "core/pricing/costcalculator.h"
#include "core/pricing/pricecatalogue.h"

#include <QTest>

#include <limits>

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

using Tokens = QMap<UsageKind, std::int64_t>;

//! A small catalogue with every kind of rule, in round numbers.
const QByteArray Rules = R"({"format":"llm-price-catalogue","format_version":1,"version":"t",
"currency":"USD","checked_on":"2026-11-01","providers":[{"id":"p","models":[
{"id":"claude-x","match":[{"exact":"claude-x"}],"rate_cards":[{"id":"claude","rates":{"input":"3",
 "output":"15","cache_read":"0.3","cache_write":"3.75","cache_write_5m":"3.75"},
 "fees":[{"unit":"web_search","per":1000,"usd":"10"}]}]},
{"id":"plain","match":[{"exact":"plain"}],"rate_cards":[{"id":"plain","rates":{"input":"2","output":"8"}}]},
{"id":"tiny","match":[{"exact":"tiny"}],"rate_cards":[{"id":"tiny","rates":{"input":"0.000001","output":"0"},
 "service_tiers":{"batch":{"multiplier":"0.5"}}}]},
{"id":"whole","match":[{"exact":"whole"}],"rate_cards":[{"id":"whole","rates":{"input":"1","output":"4","cache_read":"0.1"},
 "context_tiers":[{"above":1000,"scope":"whole_request","counts":["input"],"rates":{"input":"2","output":"6"}},
 {"above":5000,"inclusive":true,"scope":"whole_request","counts":["input"],"rates":{"input":"3"}}],
 "service_tiers":{"batch":{"multiplier":"0.5"},"priority":{"rates":{"input":"10"}}}}]},
{"id":"steps","match":[{"exact":"steps"}],"rate_cards":[{"id":"steps","rates":{"input":"1","output":"4","cache_read":"0.1"},
 "context_tiers":[{"above":1000,"scope":"marginal","counts":["input"],"rates":{"input":"2"}}]}]},
{"id":"night","match":[{"exact":"night"}],"rate_cards":[{"id":"night","rates":{"input":"4","output":"4"},
 "schedule":[{"utc":["16:30-00:30"],"rates":{"input":"1"}}],
 "modifiers":[{"id":"us","when":{"inference_geo":"us"},"multiplier":"1.1"},
 {"id":"fast","when":{"speed":"fast"},"multiplier":"6","kinds":["output"]}]}]},
{"id":"asks","match":[{"exact":"asks"}],"rate_cards":[{"id":"asks","rates":{"input":"1"},
 "fees":[{"unit":"request","per":1000,"usd":"5"}]}]},
{"id":"pieces","match":[{"exact":"pieces"}],"rate_cards":[{"id":"pieces","rates":{"input":"1","output":"2","cache_write_30m":"1.5"},
 "modifiers":[{"id":"us","when":{"inference_geo":"us"},"multiplier":"1.1","kinds":["*","web_search"]},
 {"id":"yours","when":{},"multiplier":"0.5","kinds":["image"]}],
 "fees":[{"unit":"web_search","per":1000,"usd":"10"},{"unit":"audio_second","per":60,"usd":"0.006"},
 {"unit":"image","per":1,"usd":"0.04"}]}]},
{"id":"depths","match":[{"exact":"depths"}],"rate_cards":[{"id":"depths","rates":{"input":"1","output":"2"},
 "fees":[{"unit":"web_search","per":1000,"usd":"10","when":{"search_context_size":"High"}},
 {"unit":"web_search","per":1000,"usd":"5","when":{"search_context_size":"low"}},
 {"unit":"file_search","per":1000,"usd":"3","when":{"search_context_size":"high"}},
 {"unit":"image","per":1,"usd":"0.04"},{"unit":"image","per":1,"usd":"0.16","when":{"size":"large"}},
 {"unit":"code_session","per":1,"usd":"0.03"},
 {"unit":"code_session","per":1,"usd":"0.06","when":{"inference_geo":"us"}},
 {"unit":"request","per":1,"usd":"1","when":{"speed":"fast"}}]}]},
{"id":"sum","match":[{"exact":"sum"}],"rate_cards":[{"id":"sum","rates":{"input":"1","output":"4"},
 "context_tiers":[{"above":100,"scope":"whole_request","counts":["input","output"],"rates":{"input":"3"}}]}]},
{"id":"sumsteps","match":[{"exact":"sumsteps"}],"rate_cards":[{"id":"sumsteps","rates":{"input":"1","output":"4"},
 "context_tiers":[{"above":100,"scope":"marginal","counts":["input","output"],"rates":{"input":"2","output":"6"}}]}]}
]},{"id":"q","aliases_follow":"p","models":[]},
{"id":"placed","strip":["us.","global.","arn:aws"],
 "hosts":["api.placed.example","*.api.placed.example","run.*.placed.example","*.named.example"],"models":[
{"id":"m","match":[{"exact":"m"}],"rate_cards":[{"id":"placed","rates":{"input":"1","output":"1"},
 "modifiers":[{"id":"r","when":{"region_class":"regional"},"multiplier":"1.1"}]}]},
{"id":"own","strip":["eu."],"match":[{"exact":"own"}],"rate_cards":[{"id":"own","rates":{"input":"1","output":"1"},
 "modifiers":[{"id":"r","when":{"region_class":"regional"},"multiplier":"1.1"}]}]},
{"id":"host","match":[{"exact":"host"}],"rate_cards":[{"id":"host","rates":{"input":"1","output":"1"},
 "modifiers":[{"id":"h","when":{"host_region":"eu"},"multiplier":"1.1"}]}]},
{"id":"cheap","match":[{"exact":"cheap"}],"rate_cards":[{"id":"cheap","rates":{"input":"1","output":"1"},
 "modifiers":[{"id":"h","when":{"host_region":"eu"},"multiplier":"0.9"}]}]}]},
{"id":"anywhere","models":[
{"id":"m","match":[{"exact":"m"}],"rate_cards":[{"id":"anywhere","rates":{"input":"1","output":"1"},
 "modifiers":[{"id":"r","when":{"region_class":"regional"},"multiplier":"1.1"}]}]}]}]})";

UtcTime noon()
{
    return sys_days(year(2026) / 11 / 23) + hours(12);
}

Usage usageOf(const Tokens &tokens)
{
    Usage usage;
    usage.tokens = tokens;
    usage.basis = UsageBasis::Provider;
    return usage;
}

CostBreakdown priced(const QString &model, const Usage &usage, UtcTime at = noon(),
                     const Seller &provider = QStringLiteral("p"))
{
    const auto loaded = PriceCatalogue::fromJson(Rules);
    if (!loaded)
        qFatal("%s", qPrintable(loaded.error().detail));
    return CostCalculator(*loaded).cost(provider, model, usage, at);
}

//! "kind quantity amount flags; ..." : a breakdown as one readable line.
QString told(const CostBreakdown &breakdown)
{
    QStringList lines;
    for (const CostLine &line : breakdown.lines) {
        QStringList words{line.kind, QString::number(line.quantity),
                          line.amount ? line.amount->toDecimal() : QStringLiteral("?")};
        lines.append((words + line.flags).join(QLatin1Char(' ')));
    }
    return lines.join(QStringLiteral("; "));
}

} // namespace

class tst_CostCalculator : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void lines_data();
    void lines();
    void serviceAndPlace_data();
    void serviceAndPlace();
    void namesTellThePlace_data();
    void namesTellThePlace();
    void hostsTellThePlace_data();
    void hostsTellThePlace();
    void cheaperServiceIsAtMost();
    void unknownServiceHasNoBounds_data();
    void unknownServiceHasNoBounds();
    void mostIsByTheDearest_data();
    void mostIsByTheDearest();
    void factorFollowsTheRate();
    void piecesHaveTheirFactors();
    void feesAskForTheirConditions_data();
    void feesAskForTheirConditions();
    void scheduleWrapsMidnight_data();
    void scheduleWrapsMidnight();
    void weekdaysAreThoseOfTheirZone();
    void roundsHalfToEvenOnce_data();
    void roundsHalfToEvenOnce();
    void reportedCostWins();
    void answeredModelWins();
    void borrowedAndStaleAreFlagged();
    void partsAreSummed();
    void writesOfAnyLengthAreOfTheCache();
    void savingOfACheaperServiceIsUnknown();
    void noCountsGiveNoLines();
    void neverWrapsNorGoesNegative();
};

void tst_CostCalculator::lines_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<Tokens>("tokens");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("complete");
    const auto row = [](const char *name, const char *model, const Tokens &tokens,
                        const char *expected, bool complete = true) {
        QTest::newRow(name) << QString::fromLatin1(model) << tokens << QString::fromLatin1(expected)
                            << complete;
    };
    using enum UsageKind;
    row("plain", "plain", {{Input, 1204}, {Output, 100}}, "input 1204 0.002408; output 100 0.0008");
    row("cache-is-inside-input", "claude-x",
        {{Input, 1000}, {CacheRead, 600}, {CacheWrite, 300}, {CacheWrite5m, 300}, {Output, 10}},
        "cache_read 600 0.00018; cache_write_5m 300 0.001125; input 100 0.0003; output 10 0.00015");
    row("hour-long-write-stays-unknown", "claude-x",
        {{Input, 300}, {CacheWrite, 300}, {CacheWrite1h, 300}, {Output, 0}},
        "cache_write_1h 300 ? unknown; output 0 0", false);
    row("hour-long-write-elsewhere", "plain", {{Input, 10}, {CacheWrite1h, 10}, {Output, 0}},
        "cache_write_1h 10 0.00002 assumed; output 0 0");
    row("missing-cache-price-is-input", "plain", {{Input, 10}, {CacheRead, 4}, {Output, 1}},
        "cache_read 4 0.000008 assumed; input 6 0.000012; output 1 0.000008");
    row("reasoning-is-output", "plain", {{Input, 1}, {Output, 100}, {OutputReasoning, 60}},
        "input 1 0.000002; output_reasoning 60 0.00048 assumed; output 40 0.00032");
    row("audio-without-price", "plain", {{Input, 10}, {InputAudio, 4}, {Output, 1}},
        "input_audio 4 ? unknown; input 6 0.000012; output 1 0.000008", false);
    row("output-not-told", "plain", {{Input, 10}}, "input 10 0.00002", false);
    row("parts-beyond-the-whole", "plain", {{Input, 10}, {CacheRead, 11}, {Output, 1}},
        "input 10 ? unknown; output 1 0.000008", false);
    row("negative", "plain", {{Input, -1}, {Output, 1}}, "input 0 ? unknown; output 1 0.000008",
        false);
    row("explicit-zero", "plain", {{Input, 0}, {Output, 0}}, "input 0 0; output 0 0");
    // An embedding's record says that nothing came out, of which nobody has a price.
    row("zero-without-price", "asks", {{Input, 10}, {Output, 0}},
        "input 10 0.00001; request 1 0.005");
    row("unknown-model-zero", "nobody", {{Input, 5}, {Output, 0}},
        "input 5 ? unknown; output 0 ? unknown", false);
    row("unknown-model", "nobody", {{Input, 5}, {Output, 1}},
        "input 5 ? unknown; output 1 ? unknown", false);
    row("at-the-threshold", "whole", {{Input, 1000}, {Output, 10}},
        "input 1000 0.001; output 10 0.00004");
    row("above-the-threshold", "whole", {{Input, 1001}, {CacheRead, 1}, {Output, 10}},
        "cache_read 1 0.0000001; input 1000 0.002; output 10 0.00006");
    row("second-tier-inclusive", "whole", {{Input, 5000}, {Output, 10}},
        "input 5000 0.015; output 10 0.00004"); // the highest tier alone
    row("tier-of-both-sides", "sum", {{Input, 80}, {Output, 40}},
        "input 80 0.00024; output 40 0.00016");
    row("both-sides-below", "sum", {{Input, 80}, {Output, 20}},
        "input 80 0.00008; output 20 0.00008");
    row("marginal-of-both-sides", "sumsteps", {{Input, 80}, {Output, 40}},
        "input 80 0.00008; output 20 0.00008; output 20 0.00012");
    row("write-of-unsaid-time", "claude-x", {{Input, 300}, {CacheWrite, 300}, {Output, 0}},
        "cache_write 300 0.001125 assumed; output 0 0");
    const UsageKind halfHour = usageKindOf(QStringLiteral("cache_write_30m")).value_or(Input);
    row("half-hour-write", "pieces", {{Input, 1000}, {halfHour, 100}, {Output, 1}},
        "cache_write_30m 100 0.00015; input 900 0.0009; output 1 0.000002");
    row("half-hour-write-elsewhere", "plain", {{Input, 10}, {halfHour, 10}, {Output, 0}},
        "cache_write_30m 10 0.00002 assumed; output 0 0");
    row("half-hour-write-stays-unknown", "claude-x", {{Input, 10}, {halfHour, 10}, {Output, 0}},
        "cache_write_30m 10 ? unknown; output 0 0", false);
    row("marginal-below", "steps", {{Input, 1000}, {Output, 1}},
        "input 1000 0.001; output 1 0.000004");
    row("marginal-above", "steps", {{Input, 1500}, {CacheRead, 200}, {Output, 1}},
        "cache_read 200 0.00002; input 800 0.0008; input 500 0.001; output 1 0.000004");
    row("fee-of-each-request", "asks", {{Input, 1000}}, "input 1000 0.001; request 1 0.005");
}

void tst_CostCalculator::lines()
{
    QFETCH(const QString, model);
    QFETCH(const Tokens, tokens);
    QFETCH(const QString, expected);
    QFETCH(const bool, complete);
    const CostBreakdown cost = priced(model, usageOf(tokens));
    QCOMPARE(told(cost), expected);
    QCOMPARE(cost.total.complete, complete);
}

void tst_CostCalculator::serviceAndPlace_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<QString>("geo");
    QTest::addColumn<QString>("speed");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("complete");
    const auto row = [](const char *name, const char *model, const char *tier, const char *geo,
                        const char *speed, const char *expected, bool complete = true) {
        QTest::newRow(name) << QString::fromLatin1(model) << QString::fromLatin1(tier)
                            << QString::fromLatin1(geo) << QString::fromLatin1(speed)
                            << QString::fromLatin1(expected) << complete;
    };
    row("ordinary", "whole", "standard", "", "", "input 100 0.0001; output 10 0.00004");
    row("batch-halves", "whole", "batch", "", "", "input 100 0.00005; output 10 0.00002");
    row("own-rate-beats-base", "whole", "Priority", "", "", "input 100 0.001; output 10 0.00004");
    row("dearer-without-price-is-a-least", "plain", "priority", "", "",
        "input 100 0.0002 assumed; output 10 0.00008 assumed", false);
    row("cheaper-without-price-is-assumed", "plain", "flex", "", "",
        "input 100 0.0002 assumed; output 10 0.00008 assumed");
    row("place-without-price-is-a-least", "plain", "", "us", "",
        "input 100 0.0002 assumed; output 10 0.00008 assumed", false);
    row("no-place", "plain", "", "not_available", "", "input 100 0.0002; output 10 0.00008");
    row("place", "night", "", "us", "", "input 100 0.00044; output 10 0.000044");
    row("another-place", "night", "", "eu", "", "input 100 0.0004; output 10 0.00004");
    row("factors-multiply", "night", "", "us", "fast", "input 100 0.00044; output 10 0.000264");
}

void tst_CostCalculator::serviceAndPlace()
{
    QFETCH(const QString, model);
    QFETCH(const QString, tier);
    QFETCH(const QString, geo);
    QFETCH(const QString, speed);
    QFETCH(const QString, expected);
    QFETCH(const bool, complete);
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    usage.serviceTier = tier;
    usage.inferenceGeo = geo;
    usage.speed = speed;
    const CostBreakdown cost = priced(model, usage);
    QCOMPARE(told(cost), expected);
    QCOMPARE(cost.total.complete, complete);
}

void tst_CostCalculator::namesTellThePlace_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("complete");
    const auto row = [](const char *name, const char *provider, const char *model,
                        const char *expected, bool complete = true) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(model)
                            << QString::fromLatin1(expected) << complete;
    };
    const char *plain = "input 100 0.0001; output 10 0.00001";
    const char *dearer = "input 100 0.00011; output 10 0.000011";
    const char *untold = "input 100 0.0001 assumed; output 10 0.00001 assumed";
    row("regional", "placed", "us.m", dearer);
    row("global", "placed", "global.m", plain);
    row("bare", "placed", "m", plain);
    row("arn-of-a-profile", "placed", "arn:aws:bedrock:us-east-1:1:inference-profile/us.m", dearer);
    row("arn-of-a-model", "placed", "arn:aws:bedrock:us-east-1::foundation-model/m", plain);
    row("decoration-of-the-model", "placed", "eu.own", dearer);
    row("names-do-not-tell", "anywhere", "m", untold, false);
    row("host-is-not-told", "placed", "host", untold, false);
    row("cheaper-host-is-not-told", "placed", "cheap", untold);
}

void tst_CostCalculator::namesTellThePlace()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const QString, expected);
    QFETCH(const bool, complete);
    const CostBreakdown cost = priced(
        model, usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}}), noon(), provider);
    QCOMPARE(told(cost), expected);
    QCOMPARE(cost.total.complete, complete);
}

void tst_CostCalculator::hostsTellThePlace_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("complete");
    const auto row = [](const char *name, const char *provider, const char *host,
                        const char *expected, bool complete = true) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(host)
                            << QString::fromLatin1(expected) << complete;
    };
    const char *plain = "input 100 0.0001; output 10 0.00001";
    const char *dearer = "input 100 0.00011; output 10 0.000011";
    const char *untold = "input 100 0.0001 assumed; output 10 0.00001 assumed";
    const char *unknown = "input 100 ? unknown; output 10 ? unknown";
    row("no-region", "placed", "api.placed.example", plain);
    row("region-in-front", "placed", "eu.api.placed.example", dearer);
    row("region-inside", "placed", "run.eu-west-1.placed.example", dearer);
    row("another-region", "placed", "run.us-east-1.placed.example", plain);
    row("no-part-of-that-world", "placed", "run.europe-1.placed.example", plain);
    row("name-of-a-customer", "placed", "eu.named.example", untold, false);
    row("host-beats-the-configured", "p", "eu.api.placed.example", dearer);
    row("nobody-configured", "custom", "api.placed.example", plain);
    row("relay", "placed", "relay.example", unknown, false);
    row("looks-like-it", "placed", "api.placed.example.evil.example", unknown, false);
    row("two-labels-are-no-star", "placed", "run.a.b.placed.example", unknown, false);
}

void tst_CostCalculator::hostsTellThePlace()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, host);
    QFETCH(const QString, expected);
    QFETCH(const bool, complete);
    const CostBreakdown cost =
        priced(QStringLiteral("host"), usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}}),
               noon(), {provider, host});
    QCOMPARE(told(cost), expected);
    QCOMPARE(cost.total.complete, complete);
}

//! Batch and flex without a price: not exactly the full one, which is the most.
void tst_CostCalculator::cheaperServiceIsAtMost()
{
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    usage.serviceTier = QStringLiteral("batch");
    const Cost atMost{PicoUsd(), PicoUsd(280'000'000), true};
    QCOMPARE(priced(QStringLiteral("plain"), usage).total, atMost);
    Usage whole;
    whole.parts = {usage};
    QCOMPARE(priced(QStringLiteral("plain"), whole).total, atMost);
}

void tst_CostCalculator::unknownServiceHasNoBounds_data()
{
    QTest::addColumn<QString>("tier");
    QTest::addColumn<Cost>("expected");
    constexpr PicoUsd Ordinary(280'000'000);
    QTest::newRow("dearer-is-a-least") << u"Priority"_s << Cost{Ordinary, Ordinary, false};
    QTest::newRow("cheaper-is-a-most") << u"FLEX"_s << Cost{PicoUsd(), Ordinary, true};
    QTest::newRow("paid-ahead-at-openai") << u"scale"_s << Cost{PicoUsd(), Ordinary, false};
    QTest::newRow("paid-ahead-at-bedrock") << u"reserved"_s << Cost{PicoUsd(), Ordinary, false};
    QTest::newRow("of-tomorrow") << u"quantum"_s << Cost{PicoUsd(), Ordinary, false};
}

void tst_CostCalculator::unknownServiceHasNoBounds()
{
    QFETCH(const QString, tier);
    QFETCH(const Cost, expected);
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    usage.serviceTier = tier;
    QCOMPARE(priced(u"plain"_s, usage).total, expected);
}

void tst_CostCalculator::mostIsByTheDearest_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("tier");
    QTest::addColumn<std::int64_t>("searches");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &model, const QString &tier,
                        std::int64_t searches, const QString &expected) {
        QTest::newRow(name) << model << tier << searches << expected;
    };
    row("known", u"plain"_s, {}, 0, u"0.0028"_s);
    row("nobody-knows-it", u"nobody"_s, {}, 0, u"0.0055"_s); // 4 as by day, 15 as claude-x
    row("as-dear-as-the-service", u"nobody"_s, u"priority"_s, 0, u"0.0115"_s); // 10 as whole
    row("cheap-service-of-some", u"nobody"_s, u"batch"_s, 0, u"0.0055"_s);
    row("pieces-come-on-top", u"claude-x"_s, u"priority"_s, 3, u"0.0415"_s);
}

//! What a budget counts for a part without a price.
void tst_CostCalculator::mostIsByTheDearest()
{
    QFETCH(const QString, model);
    QFETCH(const QString, tier);
    QFETCH(const std::int64_t, searches);
    QFETCH(const QString, expected);
    Usage usage = usageOf({{UsageKind::Input, 1000}, {UsageKind::Output, 100}});
    usage.serviceTier = tier;
    if (searches > 0)
        usage.fees.insert(FeeUnit::WebSearch, searches);
    const auto loaded = PriceCatalogue::fromJson(Rules);
    QVERIFY(loaded);
    QCOMPARE(CostCalculator(*loaded).most(u"p"_s, model, usage, noon()).toDecimal(), expected);
}

void tst_CostCalculator::factorFollowsTheRate()
{
    Usage usage = usageOf(
        {{UsageKind::Input, 100}, {UsageKind::Output, 10}, {UsageKind::OutputReasoning, 4}});
    usage.speed = QStringLiteral("fast"); // six times the output, at whose rate it was thought
    QCOMPARE(
        told(priced(QStringLiteral("night"), usage)),
        QStringLiteral("input 100 0.0004; output_reasoning 4 0.000096 assumed; output 6 0.000144"));
}

void tst_CostCalculator::piecesHaveTheirFactors()
{
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    usage.fees = {{FeeUnit::WebSearch, 3}, {FeeUnit::Image, 2}, {FeeUnit::AudioSecond, 90}};
    QCOMPARE(told(priced(QStringLiteral("pieces"), usage)),
             QStringLiteral("input 100 0.0001; output 10 0.00002; web_search 3 0.03; "
                            "image 2 0.04; audio_second 90 0.009"));
    usage.inferenceGeo = QStringLiteral("us");
    const CostBreakdown there = priced(QStringLiteral("pieces"), usage);
    QCOMPARE(told(there), QStringLiteral("input 100 0.00011; output 10 0.000022; web_search 3 "
                                         "0.033; image 2 0.04; audio_second 90 0.009"));
    QCOMPARE(there.lines.at(2).multiplier, QStringLiteral("1.1"));
}

void tst_CostCalculator::feesAskForTheirConditions_data()
{
    QTest::addColumn<FeeUnit>("unit");
    QTest::addColumn<QString>("geo");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<qint64>("low"); // pico-dollars of two pieces
    QTest::addColumn<bool>("complete");
    constexpr qint64 Milli = PicoUsd::PerDollar / 1000;
    const QString none;
    QTest::newRow("one-of-several")
        << FeeUnit::WebSearch << none << QStringLiteral("web_search 2 0.02 assumed") << 10 * Milli
        << true;
    QTest::newRow("perhaps-another")
        << FeeUnit::FileSearch << none << QStringLiteral("file_search 2 ? unknown") << qint64(0)
        << false;
    QTest::newRow("dearer-than-the-usual")
        << FeeUnit::Image << none << QStringLiteral("image 2 0.32 assumed") << 80 * Milli << true;
    QTest::newRow("does-not-hold") << FeeUnit::CodeSession << none
                                   << QStringLiteral("code_session 2 0.06") << 60 * Milli << true;
    QTest::newRow("holds") << FeeUnit::CodeSession << QStringLiteral("us")
                           << QStringLiteral("code_session 2 0.12 assumed") << 120 * Milli << false;
}

void tst_CostCalculator::feesAskForTheirConditions()
{
    QFETCH(const FeeUnit, unit);
    QFETCH(const QString, geo);
    QFETCH(const QString, expected);
    QFETCH(const qint64, low);
    QFETCH(const bool, complete);
    Usage usage = usageOf({{UsageKind::Input, 0}, {UsageKind::Output, 0}});
    usage.fees = {{unit, 2}};
    usage.inferenceGeo = geo; // the card has no factor for it: the rest may be dearer there
    const CostBreakdown cost = priced(QStringLiteral("depths"), usage);
    CostBreakdown pieces = cost;
    pieces.lines.removeIf([](const CostLine &line) { return line.quantity == 0; });
    QCOMPARE(told(pieces), expected);
    QCOMPARE(cost.total.low, PicoUsd(low));
    QCOMPARE(cost.total.high, pieces.lines.constFirst().amount.value_or(PicoUsd()));
    QCOMPARE(cost.total.complete, complete);
}

void tst_CostCalculator::scheduleWrapsMidnight_data()
{
    QTest::addColumn<int>("minute");
    QTest::addColumn<QString>("amount");
    QTest::newRow("before") << 16 * 60 + 29 << QStringLiteral("0.000004");
    QTest::newRow("start-is-inside") << 16 * 60 + 30 << QStringLiteral("0.000001");
    QTest::newRow("past-midnight") << 29 << QStringLiteral("0.000001");
    QTest::newRow("end-is-outside") << 30 << QStringLiteral("0.000004");
}

void tst_CostCalculator::scheduleWrapsMidnight()
{
    QFETCH(const int, minute);
    QFETCH(const QString, amount);
    const UtcTime at = sys_days(year(2026) / 11 / 23) + minutes(minute);
    const CostBreakdown cost = priced(QStringLiteral("night"),
                                      usageOf({{UsageKind::Input, 1}, {UsageKind::Output, 0}}), at);
    QCOMPARE(cost.total.low.toDecimal(), amount);
}

void tst_CostCalculator::weekdaysAreThoseOfTheirZone()
{
    PriceSchedule schedule;
    schedule.windows = {{hours(16) + minutes(30), minutes(30)}};
    schedule.weekdays = {7};
    const sys_days saturday = year(2026) / 11 / 28;
    QVERIFY(!schedule.covers(saturday + hours(17)));
    QVERIFY(schedule.covers(saturday + days(1) + hours(17)));
    schedule.weekdayZone = QTimeZone("UTC+08:00"); // where the next day has begun
    QVERIFY(schedule.covers(saturday + hours(17)));
    QVERIFY(schedule.covers(saturday + days(1) + minutes(29)));
    QVERIFY(!schedule.covers(saturday + days(1) + hours(17)));
}

void tst_CostCalculator::roundsHalfToEvenOnce_data()
{
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<qint64>("pico");
    QTest::newRow("half-to-zero") << qint64(1) << qint64(0);
    QTest::newRow("whole") << qint64(2) << qint64(1);
    QTest::newRow("half-to-two") << qint64(3) << qint64(2);
    QTest::newRow("half-down-to-two") << qint64(5) << qint64(2);
}

void tst_CostCalculator::roundsHalfToEvenOnce()
{
    QFETCH(const qint64, tokens);
    QFETCH(const qint64, pico);
    Usage usage = usageOf({{UsageKind::Input, tokens}, {UsageKind::Output, 0}});
    usage.serviceTier = QStringLiteral("batch"); // one pico-dollar a token, halved
    QCOMPARE(qint64(priced(QStringLiteral("tiny"), usage).total.low.count()), pico);
}

void tst_CostCalculator::reportedCostWins()
{
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    usage.reportedCost = PicoUsd(42);
    const CostBreakdown cost = priced(QStringLiteral("plain"), usage);
    QCOMPARE(cost.total, (Cost{PicoUsd(42), PicoUsd(42), true}));
    QCOMPARE(cost.flags, QStringList{QStringLiteral("reported")});
    usage.reportedCost = PicoUsd(-1); // no provider pays us: the table stands
    QCOMPARE(priced(QStringLiteral("plain"), usage).rateCard, QStringLiteral("plain"));
}

void tst_CostCalculator::answeredModelWins()
{
    Usage usage = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 0}});
    usage.model = QStringLiteral("plain");
    QCOMPARE(priced(QStringLiteral("whole"), usage).rateCard, QStringLiteral("plain"));
    usage.model = QStringLiteral("nobody");
    const CostBreakdown cost = priced(QStringLiteral("whole"), usage);
    QCOMPARE(cost.rateCard, QStringLiteral("whole"));
    QCOMPARE(cost.flags, QStringList{QStringLiteral("assumed")});
}

void tst_CostCalculator::borrowedAndStaleAreFlagged()
{
    const Usage usage = usageOf({{UsageKind::Input, 1}, {UsageKind::Output, 1}});
    const CostBreakdown cost =
        priced(QStringLiteral("plain"), usage, noon() + days(90), QStringLiteral("q"));
    QCOMPARE(cost.flags, (QStringList{QStringLiteral("borrowed"), QStringLiteral("stale")}));
    QVERIFY(cost.total.isExact());
}

void tst_CostCalculator::partsAreSummed()
{
    Usage usage = usageOf({{UsageKind::Input, 999'999}}); // covers the last iteration: not priced
    usage.fees.insert(FeeUnit::WebSearch, 3);
    usage.model = QStringLiteral("claude-x");
    Usage other = usageOf({{UsageKind::Input, 100}, {UsageKind::Output, 10}});
    other.model = QStringLiteral("plain");
    usage.parts = {other, usageOf({{UsageKind::Input, 200}, {UsageKind::Output, 20}})};
    const CostBreakdown cost = priced(QStringLiteral("claude-x"), usage);
    QCOMPARE(told(cost), QStringLiteral("input 100 0.0002; output 10 0.00008; input 200 0.0006; "
                                        "output 20 0.0003; web_search 3 0.03"));
    QCOMPARE(cost.total.low.toDecimal(), QStringLiteral("0.03118"));
    QVERIFY(cost.total.isExact());
    usage.parts.first().tokens.remove(UsageKind::Output);
    QVERIFY(!priced(QStringLiteral("claude-x"), usage).total.complete);
}

void tst_CostCalculator::writesOfAnyLengthAreOfTheCache()
{
    const auto loaded = PriceCatalogue::fromJson(Rules);
    QVERIFY(loaded);
    const auto halfHour = usageKindOf(QStringLiteral("cache_write_30m"));
    QVERIFY(halfHour);
    const Usage usage =
        usageOf({{UsageKind::Input, 1000}, {*halfHour, 100}, {UsageKind::Output, 1}});
    QVERIFY(usesPromptCache(usage));
    // A hundred were written at 1.5 times their price, which is a dollar a million.
    QCOMPARE(promptCacheSaving(CostCalculator(*loaded), QStringLiteral("p"),
                               QStringLiteral("pieces"), usage, noon()),
             std::optional(PicoUsd(-50 * PicoUsd::PerDollar / 1'000'000)));
}

void tst_CostCalculator::savingOfACheaperServiceIsUnknown()
{
    const auto loaded = PriceCatalogue::fromJson(Rules);
    QVERIFY(loaded);
    Usage usage =
        usageOf({{UsageKind::Input, 1000}, {UsageKind::CacheRead, 1000}, {UsageKind::Output, 1}});
    usage.serviceTier = u"batch"_s;
    const auto savingAt = [&](const QString &model) {
        return promptCacheSaving(CostCalculator(*loaded), u"p"_s, model, usage, noon());
    };
    QCOMPARE(savingAt(u"whole"_s), std::optional(PicoUsd(450'000'000))); // half of 0.9 each
    QCOMPARE(savingAt(u"claude-x"_s), std::nullopt); // it has no price in a batch
}

void tst_CostCalculator::noCountsGiveNoLines()
{
    const CostBreakdown cost = priced(QStringLiteral("plain"), Usage());
    QVERIFY(cost.lines.isEmpty());
    QCOMPARE(cost.total, (Cost{PicoUsd(), PicoUsd(), false}));
    QCOMPARE(cost.rateCard, QStringLiteral("plain")); // whose prices are known all the same
    QCOMPARE(cost.flags, QStringList{QStringLiteral("unknown")});
    // One side alone says why the cost is a least.
    const CostBreakdown half = priced(QStringLiteral("plain"), usageOf({{UsageKind::Input, 10}}));
    QVERIFY(!half.total.complete);
    QCOMPARE(half.flags, QStringList{QStringLiteral("unknown")});
    QCOMPARE(half.lines.constFirst().flags, QStringList());
}

void tst_CostCalculator::neverWrapsNorGoesNegative()
{
    constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();
    const CostBreakdown cost = priced(QStringLiteral("plain"),
                                      usageOf({{UsageKind::Input, Most}, {UsageKind::Output, 1}}));
    QVERIFY(!cost.total.complete);
    QCOMPARE(cost.total.low.toDecimal(), QStringLiteral("0.000008"));
    // Two sides that fit alone but not together.
    const CostBreakdown sum = priced(
        QStringLiteral("plain"),
        usageOf({{UsageKind::Input, Most / 2'000'000}, {UsageKind::Output, Most / 8'000'000}}));
    QVERIFY(!sum.total.complete);
    QCOMPARE(sum.total.low.count(), Most);
    const CostBreakdown parts =
        priced(QStringLiteral("plain"),
               usageOf({{UsageKind::CacheRead, Most}, {UsageKind::CacheWrite, Most}}));
    QVERIFY(!parts.total.complete);
    QVERIFY(parts.total.low >= PicoUsd());
}

QTEST_GUILESS_MAIN(tst_CostCalculator)
#include "tst_costcalculator.moc"
