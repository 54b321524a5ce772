#include "core/client/routeoutlook.h"
#include "core/pricing/pricecatalogue.h"

#include <QTest>

using namespace core;
using Reason = Decision::Reason;
using Reasons = QList<Decision::Reason>;

namespace {

FallbackEnd at(const char *url, const char *model = "m")
{
    FallbackEnd end;
    end.target.provider = QStringLiteral("p");
    end.target.baseUrl = QUrl(QString::fromLatin1(url));
    end.target.model = QString::fromLatin1(model);
    end.provider.images = end.provider.documents = end.provider.tools =
        end.provider.structuredOutput = true;
    return end;
}

PricedEnd priced(std::optional<int> dollars)
{
    PricedEnd end;
    end.end = at("https://api.example.org");
    if (dollars)
        end.inputPerMillion = end.outputPerMillion =
            PicoUsd::fromDecimal(QString::number(*dollars));
    return end;
}

} // namespace

//! What is asked about before another target answers: told in advance, and at the time.
class tst_RouteOutlook : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void regions_data();
    void regions();
    void prices_data();
    void prices();
    void whatLeavesThisMachineCosts_data();
    void whatLeavesThisMachineCosts();
    void losses();
    void modelsLose_data();
    void modelsLose();
    void deploymentsCostWhatTheirModelsDo();
};

void tst_RouteOutlook::regions_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<QString>("region");
    const auto row = [](const char *name, const char *from, const char *to, bool asked,
                        const char *region = "", const char *model = "m") {
        QTest::newRow(name) << QString::fromLatin1(from) << QString::fromLatin1(to)
                            << QString::fromLatin1(model) << asked << QString::fromLatin1(region);
    };
    const char *const frankfurt = "https://bedrock-runtime.eu-central-1.amazonaws.com";
    row("same", frankfurt, frankfurt, false);
    row("another", frankfurt, "https://bedrock-runtime.us-east-1.amazonaws.com", true, "us-east-1");
    row("nobody-knows-where", frankfurt, "https://api.example.org", true);
    row("none-was-chosen", "https://api.example.org", frankfurt, false);
    row("spread-over-the-world", frankfurt, frankfurt, true, "global", "global.anthropic.claude");
}

void tst_RouteOutlook::regions()
{
    QFETCH(const QString, from);
    QFETCH(const QString, to);
    QFETCH(const QString, model);
    QFETCH(const bool, asked);
    QFETCH(const QString, region);
    const FallbackEnd first = at(from.toLatin1().constData());
    const FallbackEnd next = at(to.toLatin1().constData(), model.toLatin1().constData());
    const TargetOutlook outlook = outlookOf({first, {}, {}}, {next, {}, {}});
    QCOMPARE(outlook.reasons, asked ? Reasons{Reason::OtherRegion} : Reasons());
    QCOMPARE(outlook.region, region);

    // The call asks the same at the time.
    const auto catalogue = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(catalogue);
    const CostCalculator calculator(*catalogue);
    const AttemptCost costs(calculator, TokenEstimate(), 1'000);
    const Decision decision =
        fallbackTerms(first, next, ChatRequest(), costs, UtcTime(std::chrono::hours(450'000)));
    QCOMPARE(decision.reasons.contains(Reason::OtherRegion), asked);
    QCOMPARE(decision.region, region);
    QCOMPARE(decision.instead, first.target);
    if (asked)
        QVERIFY(!questionText(decision, QStringLiteral("Two"), QStringLiteral("One")).isEmpty());
}

void tst_RouteOutlook::prices_data()
{
    QTest::addColumn<std::optional<int>>("first");
    QTest::addColumn<std::optional<int>>("other");
    QTest::addColumn<std::optional<double>>("ratio");
    QTest::addColumn<Reasons>("reasons");
    using Money = std::optional<int>;
    using Ratio = std::optional<double>;
    QTest::newRow("cheaper") << Money(4) << Money(2) << Ratio(0.5) << Reasons();
    QTest::newRow("twice") << Money(2) << Money(4) << Ratio(2.0) << Reasons();
    QTest::newRow("dearer") << Money(2) << Money(5) << Ratio(2.5) << Reasons{Reason::Dearer};
    QTest::newRow("unknown") << Money(2) << Money() << Ratio() << Reasons{Reason::PriceUnknown};
    QTest::newRow("first-unknown") << Money() << Money(2) << Ratio() << Reasons();
    QTest::newRow("first-free") << Money(0) << Money(2) << Ratio() << Reasons{Reason::Dearer};
}

void tst_RouteOutlook::prices()
{
    QFETCH(const std::optional<int>, first);
    QFETCH(const std::optional<int>, other);
    QFETCH(const std::optional<double>, ratio);
    QFETCH(const Reasons, reasons);
    const TargetOutlook outlook = outlookOf(priced(first), priced(other));
    QCOMPARE(outlook.priceRatio, ratio);
    QCOMPARE(outlook.reasons, reasons);
    PricedEnd local = priced(other);
    local.end.provider.local = true;
    QCOMPARE(outlookOf(priced(first), local), TargetOutlook());
}

void tst_RouteOutlook::whatLeavesThisMachineCosts_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<std::optional<int>>("dollars");
    QTest::addColumn<Reasons>("reasons");
    QTest::newRow("known") << QStringLiteral("gpt-4o") << std::optional(2)
                           << Reasons{Reason::Dearer};
    QTest::newRow("unknown") << QStringLiteral("mystery") << std::optional<int>()
                             << Reasons{Reason::PriceUnknown};
}

//! The local model has no price in any table, and is free all the same: the call asks, so it is
//! told.
void tst_RouteOutlook::whatLeavesThisMachineCosts()
{
    QFETCH(const QString, model);
    QFETCH(const std::optional<int>, dollars);
    QFETCH(const Reasons, reasons);
    PricedEnd here = priced({});
    here.end.provider.local = true;
    PricedEnd there = priced(dollars);
    there.end.provider.priceProvider = QStringLiteral("openai");
    there.end.target.model = model;
    const TargetOutlook outlook = outlookOf(here, there);
    QCOMPARE(outlook.reasons, reasons);
    QVERIFY(!outlook.priceRatio);

    const auto catalogue = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(catalogue);
    const CostCalculator calculator(*catalogue);
    const AttemptCost costs(calculator, TokenEstimate(), 1'000);
    QCOMPARE(
        fallbackTerms(here.end, there.end, {}, costs, UtcTime(std::chrono::hours(498'000))).reasons,
        reasons);
}

void tst_RouteOutlook::losses()
{
    PricedEnd plain = priced(1);
    plain.end.provider.images = plain.end.provider.documents = plain.end.provider.tools =
        plain.end.provider.structuredOutput = false;
    QCOMPARE(outlookOf(priced(1), plain).reasons,
             (Reasons{Reason::LosesImages, Reason::LosesDocuments, Reason::LosesTools,
                      Reason::LosesSchema}));
    QCOMPARE(outlookOf(plain, priced(1)).reasons, Reasons());
}

void tst_RouteOutlook::modelsLose_data()
{
    QTest::addColumn<std::optional<bool>>("first"); // what the lists say of each model
    QTest::addColumn<std::optional<bool>>("other");
    QTest::addColumn<bool>("isLost");
    using Said = std::optional<bool>;
    QTest::newRow("nothing-is-said") << Said() << Said() << false;
    QTest::newRow("both-can") << Said(true) << Said(true) << false;
    QTest::newRow("other-cannot") << Said(true) << Said(false) << true;
    QTest::newRow("nothing-is-said-of-the-first") << Said() << Said(false) << true;
    QTest::newRow("nothing-is-said-of-the-other") << Said(true) << Said() << false;
    QTest::newRow("first-cannot") << Said(false) << Said(false) << false;
}

//! Two models of one service, whose API takes everything.
void tst_RouteOutlook::modelsLose()
{
    QFETCH(const std::optional<bool>, first);
    QFETCH(const std::optional<bool>, other);
    QFETCH(const bool, isLost);
    const auto saying = [](std::optional<bool> said) {
        PricedEnd end = priced(1);
        end.end.model.images = end.end.model.documents = end.end.model.tools = said;
        return end;
    };
    const PricedEnd from = saying(first);
    const PricedEnd to = saying(other);
    const Reasons all{Reason::LosesImages, Reason::LosesDocuments, Reason::LosesTools};
    QCOMPARE(outlookOf(from, to).reasons, isLost ? all : Reasons());

    const auto catalogue = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(catalogue);
    const CostCalculator calculator(*catalogue);
    const AttemptCost costs(calculator, TokenEstimate(), 1'000);
    ChatRequest request;
    const auto asked = [&] {
        return fallbackTerms(from.end, to.end, request, costs, UtcTime(std::chrono::hours(450'000)))
            .reasons;
    };
    QCOMPARE(asked(), Reasons()); // nothing of it is used
    request.messages = {
        {Role::User,
         {AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"), "png"},
          AttachmentPart{QStringLiteral("a.pdf"), QStringLiteral("application/pdf"), "pdf"}}}};
    request.tools = {{QStringLiteral("look"), QStringLiteral("Looks."), "{}"}};
    QCOMPARE(asked(), isLost ? all : Reasons());
}

//! Their names, which their user chose, have no price.
void tst_RouteOutlook::deploymentsCostWhatTheirModelsDo()
{
    const auto catalogue = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(catalogue);
    const CostCalculator calculator(*catalogue);
    const AttemptCost costs(calculator, TokenEstimate(), 1'000);
    const auto deployed = [](const char *name, const char *model) {
        FallbackEnd end = at("https://api.example.org", name);
        end.provider.priceProvider = QStringLiteral("openai");
        end.model.behind = QString::fromLatin1(model);
        return end;
    };
    const auto asked = [&](const FallbackEnd &from, const FallbackEnd &to) {
        return fallbackTerms(from, to, {}, costs, UtcTime(std::chrono::hours(498'000))).reasons;
    };
    const FallbackEnd cheap = deployed("house", "gpt-4o-mini");
    const FallbackEnd dear = deployed("prod", "gpt-4o");
    QCOMPARE(asked(cheap, dear), Reasons{Reason::Dearer});
    QCOMPARE(asked(dear, cheap), Reasons());
}

QTEST_GUILESS_MAIN(tst_RouteOutlook)
#include "tst_routeoutlook.moc"
