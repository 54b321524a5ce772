#include "core/pricing/costcalculator.h"
#include "core/pricing/pricebook.h"
#include "core/pricing/pricecatalogue.h"
#include "core/pricing/pricediff.h"
#include "core/pricing/pricedoubts.h"
#include "tests/support/seededrandom.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace core;
using namespace std::chrono;

namespace {

const QByteArray Card = R"({"id":"c","from":null,"to":null,"rates":{"input":"3","output":"15"}})";

QByteArray model(const QByteArray &id, const QByteArray &match, const QByteArray &cards)
{
    return R"({"id":")" + id + R"(","match":[)" + match + R"(],"rate_cards":[)" + cards + "]}";
}

QByteArray catalogue(const QByteArray &models, const QByteArray &extra = {})
{
    return R"({"format":"llm-price-catalogue","format_version":1,"version":"1","currency":"USD",)"
           R"("checked_on":"2026-11-01","providers":[{"id":"p","strip":["models/"],"models":[)" +
           models + "]}" + extra + "]}";
}

QByteArray oneCard(const QByteArray &card)
{
    return catalogue(model("m", R"({"exact":"m"})", card));
}

UtcTime onDay(int year, int month, int dayOfMonth)
{
    return sys_days(std::chrono::year(year) / month / dayOfMonth);
}

} // namespace

class tst_PriceCatalogue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void builtInLoads();
    void builtInKnows_data();
    void builtInKnows();
    void hostsAreKnown_data();
    void hostsAreKnown();
    void bestRuleWins_data();
    void bestRuleWins();
    void refuses_data();
    void refuses();
    void reads_data();
    void reads();
    void tiersNeedNoOrder();
    void aliasFollowsTime();
    void discountLiesOverTheCatalogue();
    void deploymentHasItsOwnPrice_data();
    void deploymentHasItsOwnPrice();
    void onlyWhatChatsIsOffered();
    void cardFollowsTime_data();
    void cardFollowsTime();
    void borrows();
    void unknownStaysUnknown();
    void ownPriceBeatsTheCatalogue();
    void ownPriceIsThatOfWhatWasAskedFor();
    void ownPricesAreKept();
    void faultyOwnPriceIsRefused_data();
    void faultyOwnPriceIsRefused();
    void damagedOwnPricesStayAsTheyAre();
    void sameCatalogueHasNoDiff();
    void diffTellsWhatChanged();
    void doubtfulCatalogueIsQuarantined_data();
    void doubtfulCatalogueIsQuarantined();
    void brokenRuleIsDoubted_data();
    void brokenRuleIsDoubted();
    void survivesCuts();
    void survivesDamage();
};

void tst_PriceCatalogue::builtInLoads()
{
    const QByteArray json = builtInPrices();
    QVERIFY(json.size() > 100'000);
    QElapsedTimer timer;
    timer.start();
    const auto loaded = PriceCatalogue::fromJson(json);
    const qint64 elapsed = timer.nsecsElapsed();
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    QVERIFY(loaded->modelCount() > 800);
    QVERIFY(loaded->checkedOn().has_value());
    QVERIFY(loaded->version().startsWith(QStringLiteral("genai-prices-")));
    qInfo("figure: loaded %d models in %.1f ms", loaded->modelCount(),
          static_cast<double>(elapsed) / 1e6);
}

void tst_PriceCatalogue::builtInKnows_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("found");
    QTest::addColumn<bool>("borrowed");
    const auto row = [](const char *name, const char *provider, const char *asked,
                        const char *found, bool borrowed = false) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(asked)
                            << QString::fromLatin1(found) << borrowed;
    };
    row("openai-dated", "openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini");
    row("openai-any-case", "openai", "GPT-5-Mini", "gpt-5-mini");
    row("anthropic-dated", "anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5");
    row("anthropic-old-generation", "anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4-0");
    row("google-with-folder", "google", "models/gemini-2.5-pro", "gemini-2.5-pro");
    row("azure-own-row", "azure", "gpt-4o", "gpt-4o", true);
    row("cohere", "cohere", "command-a-03-2025", "command-a");
    row("bedrock-arn", "bedrock",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "regional.anthropic.claude-sonnet-4-5-20250929-v1:0");
    row("openrouter", "openrouter", "google/gemini-3.5-flash-20260101", "google/gemini-3.5-flash");
    row("xai", "xai", "grok-4.5-latest", "grok-4.5");
}

void tst_PriceCatalogue::builtInKnows()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, asked);
    QFETCH(const QString, found);
    QFETCH(const bool, borrowed);
    const auto loaded = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(loaded);
    const auto match = loaded->find(provider, asked, onDay(2026, 11, 23));
    QVERIFY(match.has_value());
    QCOMPARE(match->model, found);
    QCOMPARE(match->borrowed, borrowed);
    QVERIFY(match->card->rates.rate(UsageKind::Input).has_value());
}

void tst_PriceCatalogue::hostsAreKnown_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *provider, const char *host,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(host)
                            << QString::fromLatin1(expected);
    };
    row("own", "openai", "api.openai.com", "openai");
    row("own-server-is-openai", "custom", "api.openai.com", "openai");
    row("region", "openai", "eu.api.openai.com", "openai");
    row("relay", "openai", "gate.example", "");
    row("own-relay", "custom", "gate.example", "custom");
    row("nobody", "", "gate.example", "");
    row("no-host", "openai", "", "openai");
    row("azure-resource", "azure", "contoso.openai.azure.com", "azure");
    row("azure-foundry", "azure", "contoso.services.ai.azure.com", "azure");
    row("azure-asked-as-openai", "openai", "contoso.openai.azure.com", "azure");
    row("bedrock-region", "bedrock", "bedrock-runtime.eu-central-1.amazonaws.com", "bedrock");
    row("bedrock-private", "bedrock", "vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com",
        "bedrock");
    row("vertex", "google", "europe-west1-aiplatform.googleapis.com", "google");
    row("looks-like-it", "openai", "api.openai.com.evil.example", "");
}

void tst_PriceCatalogue::hostsAreKnown()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, host);
    QFETCH(const QString, expected);
    const auto loaded = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(loaded);
    QCOMPARE(loaded->providerOf({provider, host}), expected);
    const auto match =
        loaded->find({provider, host}, QStringLiteral("gpt-4o"), onDay(2026, 11, 23));
    const bool isOpenAi = expected == QLatin1StringView("openai");
    QCOMPARE(match && match->card->id.startsWith(QLatin1StringView("openai/")) && !match->borrowed,
             isOpenAi);
}

void tst_PriceCatalogue::bestRuleWins_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("found");
    QTest::newRow("exact-beats-prefix") << QStringLiteral("ab-c") << QStringLiteral("exact");
    QTest::newRow("longest-prefix") << QStringLiteral("ab-d") << QStringLiteral("long");
    QTest::newRow("short-prefix") << QStringLiteral("ax") << QStringLiteral("short");
    QTest::newRow("prefix-beats-suffix") << QStringLiteral("a-end") << QStringLiteral("short");
    QTest::newRow("suffix-beats-regex") << QStringLiteral("x9-end") << QStringLiteral("suffix");
    QTest::newRow("first-of-the-others") << QStringLiteral("x9-mid") << QStringLiteral("regex");
    QTest::newRow("contained") << QStringLiteral("xy-mid") << QStringLiteral("contains");
    QTest::newRow("any-case") << QStringLiteral("AB-C") << QStringLiteral("exact");
    QTest::newRow("decorated") << QStringLiteral("models/ab-c") << QStringLiteral("exact");
    QTest::newRow("nobody") << QStringLiteral("zzz") << QString();
}

void tst_PriceCatalogue::bestRuleWins()
{
    QFETCH(const QString, asked);
    QFETCH(const QString, found);
    const auto card = [](const char *id) {
        return R"({"id":")" + QByteArray(id) + R"(","rates":{"input":"1"}})";
    };
    const auto loaded = PriceCatalogue::fromJson(
        catalogue(model("short", R"({"prefix":"a"})", card("1")) + ',' +
                  model("long", R"({"prefix":"ab-"})", card("2")) + ',' +
                  model("regex", R"({"regex":"^x\\d"})", card("3")) + ',' +
                  model("contains", R"({"contains":"mid"})", card("4")) + ',' +
                  model("suffix", R"({"suffix":"-end"})", card("5")) + ',' +
                  model("exact", R"({"exact":"AB-c"})", card("6"))));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    const auto match = loaded->find(QStringLiteral("p"), asked, onDay(2026, 1, 1));
    QCOMPARE(match ? match->model : QString(), found);
}

void tst_PriceCatalogue::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("named");
    const auto rate = [](const char *name, const QByteArray &value) {
        QTest::newRow(name) << oneCard(R"({"id":"c","rates":{"input":)" + value + "}}")
                            << QStringLiteral("p/m");
    };
    rate("negative", R"("-1")");
    rate("nan", R"("NaN")");
    rate("infinite", R"("inf")");
    rate("huge", R"("10000.000001")");
    rate("seven-decimals", R"("0.0000001")");
    rate("a-double", "0.1");
    rate("exponent", R"("1e3")");
    rate("empty", R"("")");
    rate("an-object", "{}");
    const auto card = [](const char *name, const QByteArray &text) {
        QTest::newRow(name) << oneCard(text) << QStringLiteral("p/m");
    };
    card("unknown-kind", R"({"id":"c","rates":{"inputs":"1"}})");
    card("no-rates", R"({"id":"c"})");
    card("only-unknown-rates", R"({"id":"c","rates":{"input":null}})");
    card("no-card-id", R"({"rates":{"input":"1"}})");
    card("local-time", R"({"id":"c","from":"2026-01-01T00:00:00","rates":{"input":"1"}})");
    card("no-such-day", R"({"id":"c","from":"2026-02-30","rates":{"input":"1"}})");
    card("ends-before-it-begins",
         R"({"id":"c","from":"2026-02-02","to":"2026-02-01","rates":{"input":"1"}})");
    card("overlap", R"({"id":"a","to":"2026-02-02","rates":{"input":"1"}},)"
                    R"({"id":"b","from":"2026-02-01","rates":{"input":"1"}})");
    card("two-open-ends", R"({"id":"a","rates":{"input":"1"}},{"id":"b","rates":{"input":"2"}})");
    card("one-id-twice", R"({"id":"a","to":"2026-02-01","rates":{"input":"1"}},)"
                         R"({"id":"a","from":"2026-02-01","rates":{"input":"1"}})");
    card("tier-without-scope",
         R"({"id":"c","rates":{"input":"1"},"context_tiers":[{"above":5,"rates":{"input":"2"}}]})");
    card("fee-without-divisor",
         R"({"id":"c","rates":{"input":"1"},"fees":[{"unit":"web_search","usd":"1"}]})");
    card("fee-per-nothing",
         R"({"id":"c","rates":{"input":"1"},"fees":[{"unit":"image","per":0,"usd":"1"}]})");
    card("five-decimal-multiplier",
         R"({"id":"c","rates":{"input":"1"},"service_tiers":{"batch":{"multiplier":"0.50001"}}})");
    card("service-tier-without-price",
         R"({"id":"c","rates":{"input":"1"},"service_tiers":{"batch":{}}})");
    card("schedule-at-25",
         R"({"id":"c","rates":{"input":"1"},"schedule":[{"utc":["25:00-26:00"],"rates":{}}]})");
    const auto member = [&](const char *name, const QByteArray &text) {
        card(name, R"({"id":"c","rates":{"input":"1"},)" + text + '}');
    };
    const auto modifier = [&](const char *name, const QByteArray &text) {
        member(name, R"("modifiers":[{"multiplier":"2",)" + text + "}]");
    };
    modifier("kinds-in-no-list", R"("kinds":"output")");
    modifier("kind-is-a-number", R"("kinds":[1])");
    modifier("condition-is-no-text", R"("when":{"inference_geo":true})");
    modifier("conditions-in-a-list", R"("when":["us"])");
    const auto hours = [&](const char *name, const QByteArray &text) {
        member(name, R"("schedule":[{"rates":{"input":"2"},)" + text + "}]");
    };
    hours("weekdays-in-no-list", R"("utc":["00:00-24:00"],"weekdays":6)");
    hours("hours-in-no-list", R"("utc":"00:00-24:00")");
    hours("no-such-zone", R"("utc":["00:00-24:00"],"weekday_tz":"Middle/Earth")");
    const auto tier = [&](const char *name, const QByteArray &text) {
        member(name, R"("context_tiers":[{"above":5,"scope":"marginal","rates":{"input":"2"},)" +
                         text + "}]");
    };
    tier("counts-in-no-list", R"("counts":"output")");
    tier("inclusive-is-a-text", R"("inclusive":"yes")");
    member("one-threshold-twice",
           R"("context_tiers":[{"above":5,"scope":"marginal","rates":{"input":"2"}},)"
           R"({"above":5,"scope":"marginal","rates":{"input":"3"}}])");
    member("fee-with-conditions-in-no-object",
           R"("fees":[{"unit":"image","per":1,"usd":"1","when":"high"}])");
    member("cache-write-for-no-time", R"("service_tiers":{"x":{"rates":{"cache_write_0m":"1"}}})");
    member("confidence-of-nobody", R"("confidence":"hearsay")");
    member("one-fee-twice", R"("fees":[{"unit":"image","per":1,"usd":"1","when":{"size":"L"}},)"
                            R"({"unit":"image","per":1,"usd":"2","when":{"size":"l"}}])");
    QTest::newRow("host-with-scheme")
        << catalogue(model("m", R"({"exact":"m"})", Card),
                     R"(,{"id":"q","hosts":["https://q.example"],"models":[]})")
        << QStringLiteral("q");
    QTest::newRow("alias-of-nothing")
        << catalogue(R"({"id":"m","match":[{"exact":"m"}],"moving_alias_of":[{"from":null}]})")
        << QStringLiteral("p/m");
    QTest::newRow("model-twice") << catalogue(model("m", R"({"exact":"m"})", Card) + ',' +
                                              model("m", R"({"exact":"n"})", Card))
                                 << QStringLiteral("p/m");
    QTest::newRow("name-claimed-twice")
        << catalogue(model("m", R"({"exact":"x"})", Card) + ',' +
                     model("n", R"({"exact":"X"})", R"({"id":"d","rates":{"input":"1"}})"))
        << QStringLiteral("p/n");
    QTest::newRow("broken-expression")
        << catalogue(model("m", R"({"regex":"("})", Card)) << QStringLiteral("p/m");
    QTest::newRow("no-rules") << catalogue(model("m", "", Card)) << QStringLiteral("p/m");
    QTest::newRow("provider-twice")
        << catalogue(model("m", R"({"exact":"m"})", Card), R"(,{"id":"p","models":[]})")
        << QStringLiteral("p:");
    QTest::newRow("another-format")
        << QByteArray(R"({"format":"x"})") << QStringLiteral("version 1");
    QTest::newRow("no-json") << QByteArray("{\"format\":") << QStringLiteral("no JSON");
    QTest::newRow("nothing") << QByteArray() << QStringLiteral("no JSON");
}

void tst_PriceCatalogue::refuses()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, named);
    const auto loaded = PriceCatalogue::fromJson(json);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().kind, ErrorKind::InputRejected);
    QVERIFY2(loaded.error().detail.contains(named), qPrintable(loaded.error().detail));
}

void tst_PriceCatalogue::reads_data()
{
    QTest::addColumn<QByteArray>("member");
    for (const char *unit : {"audio_second", "character", "document_page", "gpixel",
                             "cache_storage_mtok_hour", "provisioned_hour"})
        QTest::newRow(unit) << R"("fees":[{"unit":")" + QByteArray(unit) +
                                   R"(","per":1000,"usd":"10"}])";
    QTest::newRow("other-cache-write")
        << QByteArray(R"("service_tiers":{"x":{"rates":{"cache_write_30m":"1.5"}}})");
    QTest::newRow("factor-on-fees")
        << QByteArray(R"("modifiers":[{"multiplier":"2","kinds":["*","web_search"],)"
                      R"("when":{"inference_geo":"us"}}])");
    QTest::newRow("factor-without-condition")
        << QByteArray(R"("modifiers":[{"multiplier":"0.9","when":{}}])");
    QTest::newRow("tier-of-both-sides")
        << QByteArray(R"("context_tiers":[{"above":5,"scope":"whole_request",)"
                      R"("counts":["input","output"],"rates":{"input":"2"}}])");
    QTest::newRow("weekdays-of-a-zone")
        << QByteArray(R"("schedule":[{"utc":["16:30-00:30"],"weekdays":[7],)"
                      R"("weekday_tz":"UTC+08:00","rates":{"input":"0.5"}}])");
}

void tst_PriceCatalogue::reads()
{
    QFETCH(const QByteArray, member);
    const auto loaded =
        PriceCatalogue::fromJson(oneCard(R"({"id":"c","rates":{"input":"1"},)" + member + '}'));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
}

void tst_PriceCatalogue::tiersNeedNoOrder()
{
    const auto loaded = PriceCatalogue::fromJson(oneCard(
        R"({"id":"c","rates":{"input":"1"},"context_tiers":[)"
        R"({"above":5000,"scope":"whole_request","rates":{"input":"3"}},)"
        R"({"above":1000,"inclusive":true,"scope":"whole_request","rates":{"input":"2"}}]})"));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 6000}};
    const CostCalculator costs(*loaded);
    const auto total = [&] {
        return costs.cost(QStringLiteral("p"), QStringLiteral("m"), usage, onDay(2026, 1, 1)).total;
    };
    QCOMPARE(total().low.toDecimal(), QStringLiteral("0.018"));
    usage.tokens = {{UsageKind::Input, 1000}};
    QCOMPARE(total().low.toDecimal(), QStringLiteral("0.002"));
}

void tst_PriceCatalogue::aliasFollowsTime()
{
    const QByteArray alias = R"({"id":"m-latest","match":[{"exact":"m-latest"}],"rate_cards":[)"
                             R"({"id":"own","rates":{"input":"9"}}],"moving_alias_of":[)"
                             R"({"id":"old","to":"2026-03-01"},)"
                             R"({"id":"m","from":"2026-03-01","to":"2026-06-01"}]},)";
    const QByteArray bare =
        R"({"id":"m-newest","match":[{"exact":"m-newest"}],"moving_alias_of":"m"},)";
    const auto loaded = PriceCatalogue::fromJson(
        catalogue(alias + bare + model("m", R"({"exact":"m"})", Card) + ',' +
                  model("old", R"({"exact":"old"})", R"({"id":"d","rates":{"input":"1"}})")));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    const auto cardOf = [&](const char *name, UtcTime at) {
        const auto match = loaded->find(QStringLiteral("p"), QString::fromLatin1(name), at);
        return match ? match->card->id : QString();
    };
    QCOMPARE(cardOf("m-latest", onDay(2026, 2, 28)), QStringLiteral("d"));
    QCOMPARE(cardOf("m-latest", onDay(2026, 3, 1)), QStringLiteral("c"));
    QCOMPARE(cardOf("m-latest", onDay(2026, 6, 1)), QStringLiteral("own"));
    QCOMPARE(cardOf("m-newest", onDay(2026, 6, 1)), QStringLiteral("c"));
}

//! A user's layer may take a percentage off and set no rate.
void tst_PriceCatalogue::discountLiesOverTheCatalogue()
{
    const auto base = PriceCatalogue::fromJson(
        oneCard(R"({"id":"c","rates":{"input":"3","output":"15"},)"
                R"("modifiers":[{"when":{"inference_geo":"us"},"multiplier":"1.1"}]})"));
    const auto layer = PriceCatalogue::fromJson(
        oneCard(R"({"id":"u","confidence":"user","modifiers":[{"when":{},"multiplier":"0.9"}]})"));
    QVERIFY(base);
    QVERIFY2(layer, layer ? "" : qPrintable(layer.error().detail));
    const PriceCatalogue both = base->under(*layer);
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 1'000'000}, {UsageKind::Output, 0}};
    const auto total = [&] {
        return CostCalculator(both)
            .cost(QStringLiteral("p"), QStringLiteral("m"), usage, onDay(2026, 11, 24))
            .total;
    };
    QCOMPARE(total().low.toDecimal(), QStringLiteral("2.7"));
    usage.inferenceGeo = QStringLiteral("us");
    QCOMPARE(total().low.toDecimal(), QStringLiteral("2.97"));
}

void tst_PriceCatalogue::deploymentHasItsOwnPrice_data()
{
    QTest::addColumn<QByteArray>("card");
    QTest::addColumn<QString>("deployment");
    QTest::addColumn<QString>("answered");
    QTest::addColumn<QString>("total"); // of a million in and out, $3 and $15
    const QByteArray discount = R"("modifiers":[{"multiplier":"0.5"}])";
    const QByteArray rate = R"("rates":{"input":"1"})";
    const auto row = [](const char *name, const QByteArray &card, const char *deployment,
                        const char *answered, const char *total) {
        QTest::newRow(name) << card << QString::fromLatin1(deployment)
                            << QString::fromLatin1(answered) << QString::fromLatin1(total);
    };
    row("discount", discount, "mine", "", "9");
    row("rate", rate, "mine", "", "16");
    row("answered-by-its-model", discount, "mine", "m", "9");
    row("answered-by-somebody", discount, "mine", "nobody-knows", "9");
    row("another-deployment", discount, "theirs", "", "18");
    row("the-model-itself", discount, "m", "", "18");
    row("no-deployment", discount, "", "", "18");
}

//! By the name that was asked for, with the rest from the model behind it.
void tst_PriceCatalogue::deploymentHasItsOwnPrice()
{
    QFETCH(const QByteArray, card);
    QFETCH(const QString, deployment);
    QFETCH(const QString, answered);
    QFETCH(const QString, total);
    const auto base = PriceCatalogue::fromJson(oneCard(Card));
    const auto own = PriceCatalogue::fromJson(catalogue(
        model("mine", R"({"exact":"mine"})", R"({"id":"own","confidence":"user",)" + card + "}")));
    QVERIFY2(base && own, own ? "" : qPrintable(own.error().detail));
    constexpr std::int64_t Million = 1'000'000;
    Usage usage;
    usage.tokens = {{UsageKind::Input, Million}, {UsageKind::Output, Million}};
    usage.basis = UsageBasis::Provider;
    usage.model = answered;
    Seller seller(QStringLiteral("p"));
    seller.deployment = deployment;
    const CostBreakdown cost = CostCalculator(base->under(*own))
                                   .cost(seller, QStringLiteral("m"), usage, onDay(2026, 11, 23));
    QVERIFY(cost.total.isExact());
    QCOMPARE(cost.total.low.toDecimal(), total);
}

void tst_PriceCatalogue::onlyWhatChatsIsOffered()
{
    const auto row = [](const QByteArray &id, const QByteArray &facts) {
        return R"({"id":")" + id + R"(","match":[{"exact":")" + id + R"("}],)" + facts +
               R"("rate_cards":[{"id":")" + id +
               R"(","confidence":"official","notes":"Per token.","rates":{"input":"1","output":"2"}}]})";
    };
    const auto read = PriceCatalogue::fromJson(
        catalogue(row("plain", {}) + ',' +
                  row("chat", R"("kind":"chat","limits":{"context":128000,"max_output":16384},)") +
                  ',' + row("embedding", R"("kind":"embedding",)") + ',' +
                  row("ends", R"("life":{"retired_on":"2026-11-23","successor":"chat"},)")));
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    const auto idsOn = [&](int day) {
        QStringList ids;
        for (const PricedModel &model : read->models(QStringLiteral("p"), onDay(2026, 11, day)))
            ids.append(model.id);
        return ids.join(u' ');
    };
    QCOMPARE(idsOn(22), QStringLiteral("plain chat ends"));
    QCOMPARE(idsOn(23), QStringLiteral("plain chat"));
    QCOMPARE(
        read->models(QStringLiteral("p"), onDay(2026, 11, 23)).at(1).maxOutputTokens.value_or(0),
        16384);
    // Who asked it still pays its price.
    const auto match =
        read->find(QStringLiteral("p"), QStringLiteral("embedding"), onDay(2026, 11, 23));
    QVERIFY(match.has_value());
    QCOMPARE(match->card->notes, QStringLiteral("Per token."));
}

void tst_PriceCatalogue::cardFollowsTime_data()
{
    QTest::addColumn<qint64>("at");
    QTest::addColumn<QString>("card");
    const auto row = [](const char *name, UtcTime at, const char *card) {
        QTest::newRow(name) << qint64(at.time_since_epoch().count()) << QString::fromLatin1(card);
    };
    row("long-before", onDay(2020, 1, 1), "old");
    row("last-millisecond", onDay(2026, 3, 1) - milliseconds(1), "old");
    row("first-millisecond", onDay(2026, 3, 1), "new");
    row("last-of-the-new", onDay(2026, 6, 1) - milliseconds(1), "new");
    row("in-the-gap", onDay(2026, 6, 1), "");
    row("after-the-gap", onDay(2026, 7, 1), "last");
}

void tst_PriceCatalogue::cardFollowsTime()
{
    QFETCH(const qint64, at);
    QFETCH(const QString, card);
    const auto loaded = PriceCatalogue::fromJson(
        oneCard(R"({"id":"last","from":"2026-07-01T00:00:00Z","rates":{"input":"3"}},)"
                R"({"id":"new","from":"2026-03-01","to":"2026-06-01","rates":{"input":"2"}},)"
                R"({"id":"old","to":"2026-03-01","rates":{"input":"1"}})"));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    const auto match =
        loaded->find(QStringLiteral("p"), QStringLiteral("m"), UtcTime(milliseconds(at)));
    QCOMPARE(match ? match->card->id : QString(), card);
}

void tst_PriceCatalogue::borrows()
{
    const QByteArray follower =
        R"(,{"id":"q","aliases_follow":["none","p"],"models":[)" +
        model("own", R"({"exact":"own"})", R"({"id":"own","rates":{"input":"9"}})") + "]}";
    const auto loaded =
        PriceCatalogue::fromJson(catalogue(model("m", R"({"exact":"m"})", Card), follower));
    QVERIFY(loaded);
    const auto own = loaded->find(QStringLiteral("q"), QStringLiteral("own"), onDay(2026, 1, 1));
    QVERIFY(own && !own->borrowed);
    const auto borrowed = loaded->find(QStringLiteral("q"), QStringLiteral("m"), onDay(2026, 1, 1));
    QVERIFY(borrowed && borrowed->borrowed);
    QCOMPARE(borrowed->card->id, QStringLiteral("c"));
}

void tst_PriceCatalogue::unknownStaysUnknown()
{
    const PriceCatalogue empty;
    QVERIFY(!empty.find(QStringLiteral("p"), QStringLiteral("m"), onDay(2026, 1, 1)));
    QVERIFY(!empty.contextLimit(QStringLiteral("p"), QStringLiteral("m")));
    QCOMPARE(empty.modelCount(), 0);
    const auto loaded = PriceCatalogue::fromJson(oneCard(Card));
    QVERIFY(loaded);
    QVERIFY(!loaded->find(QStringLiteral("p"), QString(), onDay(2026, 1, 1)));
    const auto match = loaded->find(QStringLiteral("p"), QStringLiteral("m"), onDay(2026, 1, 1));
    QVERIFY(match);
    QCOMPARE(match->card->rates.rate(UsageKind::Input), std::optional<std::int64_t>(3'000'000));
    QVERIFY(!match->card->rates.rate(UsageKind::CacheRead));
}

//! A half-written file, wherever it was cut, is refused and never half-read.
void tst_PriceCatalogue::ownPriceBeatsTheCatalogue()
{
    const auto shipped = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(shipped);
    const QTemporaryDir directory;
    PriceBook book(*shipped, directory.filePath(QStringLiteral("deep/prices.json")));
    const PriceCatalogue &catalogue = book.catalogue();
    const CostCalculator costs(catalogue);
    const UtcTime at = onDay(2026, 11, 24);
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 1'000'000}, {UsageKind::Output, 1'000'000}};
    const QString openAi = QStringLiteral("openai");
    const QString model = QStringLiteral("gpt-4o");
    QCOMPARE(costs.cost(openAi, model, usage, at).total.low.toDecimal(), QStringLiteral("12.5"));

    PriceOverride price;
    price.provider = openAi;
    price.model = model;
    price.input = rateFrom(QStringLiteral("2"));
    price.output = rateFrom(QStringLiteral("$8.000001"));
    QSignalSpy changed(&book, &PriceBook::changed);
    QVERIFY(book.set(price));
    QCOMPARE(changed.count(), 1);
    const CostBreakdown own = costs.cost(openAi, model, usage, at);
    QCOMPARE(own.total.low.toDecimal(), QStringLiteral("10.000001"));
    QCOMPARE(own.flags, QStringList{QStringLiteral("user")}); // never stale
    QCOMPARE(own.rateCard, QStringLiteral("user/openai/gpt-4o"));
    QCOMPARE(catalogue.nameOf(openAi, model), shipped->nameOf(openAi, model));
    QCOMPARE(catalogue.contextLimit(openAi, model), shipped->contextLimit(openAi, model));
    QCOMPARE(catalogue.modelCount(), shipped->modelCount());
    QCOMPARE(catalogue.pricesOf(openAi).size(), shipped->pricesOf(openAi).size());
    QVERIFY(catalogue.pricesOf(openAi).first().cards.first()->user);

    price.model = QStringLiteral("our-deployment"); // which no catalogue knows
    QVERIFY(!catalogue.find(openAi, price.model, at));
    QVERIFY(book.set(price));
    QVERIFY(catalogue.find(openAi, price.model, at));
    QCOMPARE(catalogue.models(openAi, at).size(), shipped->models(openAi, at).size() + 1);
    QVERIFY(book.remove(openAi, QStringLiteral("GPT-4o")));
    QCOMPARE(costs.cost(openAi, model, usage, at).total.low.toDecimal(), QStringLiteral("12.5"));
    QVERIFY(book.remove(openAi, price.model));
    QVERIFY(!catalogue.find(openAi, price.model, at));
}

void tst_PriceCatalogue::ownPriceIsThatOfWhatWasAskedFor()
{
    const auto shipped = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(shipped);
    const QTemporaryDir directory;
    PriceBook book(*shipped, directory.filePath(QStringLiteral("prices.json")));
    PriceOverride price;
    price.provider = QStringLiteral("openai");
    price.model = QStringLiteral("gpt-4o");
    price.input = rateFrom(QStringLiteral("1"));
    price.output = rateFrom(QStringLiteral("1"));
    QVERIFY(book.set(price));
    Usage usage;
    usage.basis = UsageBasis::Provider;
    usage.tokens = {{UsageKind::Input, 1'000'000}, {UsageKind::Output, 0}};
    usage.model = QStringLiteral("gpt-4o-2024-08-06"); // as answered
    const CostBreakdown cost = CostCalculator(book.catalogue())
                                   .cost(price.provider, price.model, usage, onDay(2026, 11, 24));
    QCOMPARE(cost.total.low.toDecimal(), QStringLiteral("1"));
    QCOMPARE(cost.flags, QStringList{QStringLiteral("user")});
}

void tst_PriceCatalogue::ownPricesAreKept()
{
    const auto shipped = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(shipped);
    const QTemporaryDir directory;
    const QString file = directory.filePath(QStringLiteral("prices.json"));
    PriceOverride price;
    price.provider = QStringLiteral("azure");
    price.model = QStringLiteral("Team Deployment \u00FC");
    price.input = rateFrom(QStringLiteral("0"));
    price.cacheRead = rateFrom(QStringLiteral("0.000001"));
    {
        PriceBook book(*shipped, file);
        QVERIFY(book.set(price));
    }
    const PriceBook again(*shipped, file);
    QVERIFY(!again.fault());
    QCOMPARE(again.overrides(), QList<PriceOverride>{price});
    QCOMPARE(again.overrideOf(price.provider, price.model.toUpper()), price);
    const auto match = again.catalogue().find(price.provider, price.model, onDay(2026, 11, 24));
    QVERIFY(match);
    QCOMPARE(match->card->rates.rate(UsageKind::Input), 0); // free, as was said
    QVERIFY(!match->card->rates.rate(UsageKind::Output));   // unknown, as it was left
}

void tst_PriceCatalogue::faultyOwnPriceIsRefused_data()
{
    QTest::addColumn<QString>("rate");
    for (const char *rate : {"-1", "nan", "1e3", "10001", "0.0000001", "much", ""})
        QTest::newRow(*rate ? rate : "empty") << QString::fromLatin1(rate);
}

void tst_PriceCatalogue::faultyOwnPriceIsRefused()
{
    QFETCH(const QString, rate);
    QVERIFY(!rateFrom(rate));
    const QTemporaryDir directory;
    PriceBook book(PriceCatalogue(), directory.filePath(QStringLiteral("prices.json")));
    PriceOverride price;
    price.provider = QStringLiteral("p");
    price.model = QStringLiteral("m");
    price.input = rateFrom(rate);
    QCOMPARE(book.set(price).error().kind, ErrorKind::InputRejected); // no price at all
    QVERIFY(book.overrides().isEmpty());
    QVERIFY(!QFile::exists(directory.filePath(QStringLiteral("prices.json"))));
}

void tst_PriceCatalogue::damagedOwnPricesStayAsTheyAre()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("prices.json"));
    PriceOverride price;
    price.provider = QStringLiteral("p");
    price.model = QStringLiteral("m");
    price.input = rateFrom(QStringLiteral("1"));
    const QByteArray whole = withOverride({}, price);
    for (const QByteArray &bytes :
         {whole.first(whole.size() / 2), QByteArray(whole).replace("\"1\"", "\"-1\"")}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        PriceBook book(PriceCatalogue(), path);
        QVERIFY(book.fault());
        QVERIFY(!book.set(price)); // it would be lost
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytes);
    }
}

void tst_PriceCatalogue::sameCatalogueHasNoDiff()
{
    const auto shipped = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(shipped);
    const PriceDiff diff = priceDiff(*shipped, *shipped, onDay(2026, 11, 24));
    QCOMPARE(diff.changes, QList<PriceChange>());
    QCOMPARE(diff.doubts, QStringList());
}

void tst_PriceCatalogue::diffTellsWhatChanged()
{
    const QByteArray old =
        model("stays", R"({"exact":"stays"})", Card) + ',' +
        model("goes", R"({"exact":"goes"})", QByteArray(Card).replace("\"c\"", "\"d\""));
    const QByteArray cheaper = QByteArray(Card).replace("\"3\"", "\"2\"");
    const QByteArray fresh =
        model("stays", R"({"exact":"stays"})", cheaper) + ',' +
        model("comes", R"({"exact":"comes"})", QByteArray(Card).replace("\"c\"", "\"d\""));
    const auto before = PriceCatalogue::fromJson(catalogue(old));
    const auto after = PriceCatalogue::fromJson(catalogue(fresh));
    QVERIFY(before && after);
    const QList<PriceChange> changes = priceDiff(*before, *after, onDay(2026, 11, 24)).changes;
    const QString p = QStringLiteral("p");
    QCOMPARE(changes.size(), 3);
    QCOMPARE(changes.at(0),
             (PriceChange{PriceChange::Kind::Removed, p, QStringLiteral("goes"), {}, {}, {}}));
    QCOMPARE(changes.at(1),
             (PriceChange{PriceChange::Kind::Rate, p, QStringLiteral("stays"), UsageKind::Input,
                          rateFrom(QStringLiteral("3")), rateFrom(QStringLiteral("2"))}));
    QCOMPARE(changes.at(2),
             (PriceChange{PriceChange::Kind::Added, p, QStringLiteral("comes"), {}, {}, {}}));
}

void tst_PriceCatalogue::doubtfulCatalogueIsQuarantined_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QByteArray>("rate");
    QTest::addColumn<int>("doubts");
    QTest::newRow("all-there") << 60 << QByteArray("3") << 0;
    QTest::newRow("three-times-dearer") << 60 << QByteArray("9") << 0;
    QTest::newRow("more-than-three-times") << 60 << QByteArray("9.000001") << 60;
    QTest::newRow("a-third") << 60 << QByteArray("1") << 0;
    QTest::newRow("less-than-a-third") << 60 << QByteArray("0.9") << 60;
    QTest::newRow("free-now") << 60 << QByteArray("0") << 60;
    QTest::newRow("a-few-lost") << 50 << QByteArray("3") << 0;
    QTest::newRow("too-few-models") << 49 << QByteArray("3") << 1;
    QTest::newRow("most-lost") << 20 << QByteArray("3") << 2;
}

void tst_PriceCatalogue::doubtfulCatalogueIsQuarantined()
{
    QFETCH(const int, count);
    QFETCH(const QByteArray, rate);
    QFETCH(const int, doubts);
    const auto made = [](int models, const QByteArray &input) {
        QByteArrayList rows;
        for (int i = 0; i < models; ++i) {
            const QByteArray id = "m" + QByteArray::number(i);
            rows.append(model(id, R"({"exact":")" + id + R"("})",
                              QByteArray(Card)
                                  .replace("\"c\"", '"' + id + '"')
                                  .replace("\"3\"", '"' + input + '"')));
        }
        return PriceCatalogue::fromJson(catalogue(rows.join(',')));
    };
    const auto before = made(60, "3");
    const auto after = made(count, rate);
    QVERIFY(before && after);
    const PriceDiff diff = priceDiff(*before, *after, onDay(2026, 11, 24));
    QVERIFY2(diff.doubts.size() == doubts, qPrintable(diff.doubts.join(u'\n').left(500)));
}

void tst_PriceCatalogue::brokenRuleIsDoubted_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<int>("doubts");
    const QString p = QStringLiteral("p");
    const QString claude = QStringLiteral("claude-x");
    const auto rates = [](const char *more) {
        return QByteArray(R"("rates":{"input":"4","output":"20")") + more + '}';
    };
    QTest::newRow("sound") << p << rates(R"(,"cache_read":"0.4")") << 0;
    QTest::newRow("cached-is-free") << p << rates(R"(,"cache_read":"0")") << 1;
    QTest::newRow("cached-is-dearer") << p << rates(R"(,"cache_read":"4.1")") << 1;
    QTest::newRow("cached-costs-and-input-is-free")
        << p << QByteArray(R"("rates":{"input":"0","output":"20","cache_read":"1"})") << 1;
    QTest::newRow("output-is-cheaper")
        << p << QByteArray(R"("rates":{"input":"4","output":"3"})") << 1;
    QTest::newRow("embedding") << p << QByteArray(R"("rates":{"input":"4","output":"0"})") << 0;
    QTest::newRow("all-free") << p
                              << QByteArray(
                                     R"("rates":{"input":"0","output":"0","cache_read":"0"})")
                              << 0;
    QTest::newRow("write-ratios") << claude
                                  << rates(R"(,"cache_write_5m":"5","cache_write_1h":"8")") << 0;
    QTest::newRow("write-5m") << claude << rates(R"(,"cache_write_5m":"5.1")") << 1;
    QTest::newRow("write-1h") << claude << rates(R"(,"cache_write_1h":"5")") << 1;
    QTest::newRow("write-5m-elsewhere")
        << QStringLiteral("anthropic.claude-x-v1:0") << rates(R"(,"cache_write_5m":"5.1")") << 1;
    QTest::newRow("others-write-as-they-like") << p << rates(R"(,"cache_write_5m":"9")") << 0;
    QTest::newRow("long-is-cheaper")
        << p
        << rates(R"()") + R"(,"context_tiers":[{"above":200000,"scope":"whole_request",)" +
               R"("rates":{"input":"2"}}])"
        << 1;
    QTest::newRow("batch-is-dearer")
        << p << rates(R"()") + R"(,"service_tiers":{"batch":{"multiplier":"1.5"}})" << 1;
    QTest::newRow("priority-is-cheaper")
        << p << rates(R"()") + R"(,"service_tiers":{"priority":{"rates":{"output":"19"}}})" << 1;
}

void tst_PriceCatalogue::brokenRuleIsDoubted()
{
    QFETCH(const QString, model);
    QFETCH(const QByteArray, rest);
    QFETCH(const int, doubts);
    const QByteArray card = R"({"id":"c",)" + rest + '}';
    const auto read = PriceCatalogue::fromJson(oneCard(card));
    QVERIFY(read);
    const auto match = read->find(
        QStringLiteral("p"), read->pricesOf(QStringLiteral("p")).first().id, onDay(2026, 11, 24));
    QVERIFY(match);
    const QStringList found = priceDoubts(model, *match->card);
    QVERIFY2(found.size() == doubts, qPrintable(found.join(u'\n')));
}

void tst_PriceCatalogue::survivesCuts()
{
    const QByteArray whole = oneCard(Card);
    QVERIFY(PriceCatalogue::fromJson(whole));
    for (qsizetype cut = 0; cut < whole.size(); ++cut)
        QVERIFY(!PriceCatalogue::fromJson(whole.first(cut)));
}

//! Whatever happened to the bytes, a table that loads has prices within bounds.
void tst_PriceCatalogue::survivesDamage()
{
    tests::SeededRandom random(7);
    const QByteArray whole = oneCard(
        R"({"id":"a","to":"2026-02-02","rates":{"input":"1.25","cache_read":"0.1","output":"9999"},)"
        R"("context_tiers":[{"above":200000,"scope":"marginal","rates":{"input":"2"}}],)"
        R"("service_tiers":{"batch":{"multiplier":"0.5"}},)"
        R"("schedule":[{"utc":["16:30-00:30"],"weekdays":[1,7],"rates":{"input":"3"}}]})");
    QVERIFY(PriceCatalogue::fromJson(whole));
    constexpr std::array Bytes{'0', '9', '-', '.', 'e', '"', ':', ',', '{', ']', '\0', '\xff'};
    int loadedCount = 0;
    for (int round = 0; round < 5000; ++round) {
        QByteArray damaged = whole;
        const auto size = static_cast<std::uint64_t>(whole.size());
        damaged[static_cast<qsizetype>(random.bits() % size)] =
            Bytes.at(random.bits() % Bytes.size());
        const auto loaded = PriceCatalogue::fromJson(damaged);
        if (!loaded) {
            QVERIFY(!loaded.error().detail.isEmpty());
            continue;
        }
        ++loadedCount;
        const auto match =
            loaded->find(QStringLiteral("p"), QStringLiteral("m"), onDay(2026, 1, 1));
        const auto input = match ? match->card->rates.rate(UsageKind::Input) : std::nullopt;
        QVERIFY(!input || (*input >= 0 && *input <= 10'000'000'000));
    }
    QVERIFY(loadedCount > 0); // some damage only changes a name or a digit
}

QTEST_GUILESS_MAIN(tst_PriceCatalogue)
#include "tst_pricecatalogue.moc"
