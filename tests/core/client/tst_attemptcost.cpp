#include "core/client/attemptcost.h"
#include "core/client/keptwords.h"
#include "core/client/sellers.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "tests/core/client/engine.h"

#include <QTest>

using core::AttemptOutcome;
using core::AttemptRecord;
using core::Cost;
using core::ErrorKind;
using core::PicoUsd;
using core::UsageBasis;
using core::UsageKind;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t InRate = 1'000'000; // pico-USD a token
constexpr std::int64_t CacheRate = 100'000;
constexpr std::int64_t OutRate = 4'000'000;
constexpr std::int64_t MaxOutput = 1'000;

//! An attempt whose request has left.
AttemptRecord sentAttempt(AttemptOutcome outcome)
{
    AttemptRecord attempt;
    attempt.target.model = QStringLiteral("gpt-test");
    attempt.queuedAt = core::UtcTime(1'795'000'000'000ms);
    attempt.outcome = outcome;
    attempt.times.sent = 1ms;
    return attempt;
}

AttemptRecord streamed(AttemptOutcome outcome)
{
    AttemptRecord attempt = sentAttempt(outcome);
    attempt.times.headers = 2ms;
    attempt.httpStatus = 200;
    attempt.visible = true;
    return attempt;
}

AttemptRecord failed(AttemptRecord attempt, ErrorKind kind)
{
    attempt.error = core::Error{};
    attempt.error->kind = kind;
    return attempt;
}

core::Usage reported(std::int64_t input, std::int64_t output)
{
    core::Usage usage;
    usage.tokens = {{UsageKind::Input, input}, {UsageKind::Output, output}};
    usage.basis = UsageBasis::Provider;
    return usage;
}

} // namespace

class tst_AttemptCost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void completedIsExact();
    void completedWithoutCountsIsARange();
    void completedWithFirstCountsOnly();
    void explicitZeroStaysZero();
    void notSentCostsNothing();
    void refusedCostsNothing_data();
    void refusedCostsNothing();
    void unreadableAnswerMayBeCharged();
    void serverFaultMayChargeInput();
    void silenceMayChargeEverything();
    void cutAnswerChargesWhatArrived();
    void cutAnswerChargesItsSearches_data();
    void cutAnswerChargesItsSearches();
    void cancelledUsesExactInput();
    void unknownPriceIsNeverZero();
    void localCostsNothing();
    void worstCaseBoundsEveryEnd();
    void addressSaysWhoCharges_data();
    void addressSaysWhoCharges();
    void cachePays_data();
    void cachePays();
    void cacheWriteIsSetAside();
    void cacheSaves_data();
    void cacheSaves();
    void cancelledSavesAsMuch();
    void keptWordsAreTheLeast_data();
    void keptWordsAreTheLeast();

private:
    //! Ten words in, five out.
    [[nodiscard]] AttemptRecord settled(AttemptRecord attempt, bool isLocal = false) const;
    [[nodiscard]] core::AttemptCost costs() const { return {m_calculator, m_input, MaxOutput}; }

    core::PriceCatalogue m_prices = [] {
        auto prices = core::PriceCatalogue::fromJson(tests::pricesJson());
        return prices ? *prices : core::PriceCatalogue();
    }();
    core::CostCalculator m_calculator{m_prices};
    core::TokenEstimate m_input = [] {
        core::TokenEstimate input;
        input.addTokens(10, 60);
        return input;
    }();
};

AttemptRecord tst_AttemptCost::settled(AttemptRecord attempt, bool isLocal) const
{
    core::ProviderInfo provider;
    provider.priceProvider = QStringLiteral("test");
    provider.local = isLocal;
    core::TokenEstimate output;
    if (attempt.visible)
        output.addTokens(5, 30);
    costs().settle(attempt, provider, attempt.target.model, output);
    return attempt;
}

void tst_AttemptCost::completedIsExact()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Completed);
    attempt.usage = reported(12, 7);
    attempt = settled(attempt);
    QCOMPARE(attempt.costBasis, core::CostBasis::Exact);
    QVERIFY(attempt.cost.total.isExact());
    QCOMPARE(attempt.cost.total.low, PicoUsd(12 * InRate + 7 * OutRate));
    QCOMPARE(attempt.usage, reported(12, 7));
    QCOMPARE(attempt.mostTokens, std::nullopt); // budgets have them from usage
}

void tst_AttemptCost::completedWithoutCountsIsARange()
{
    const AttemptRecord attempt = settled(streamed(AttemptOutcome::Completed));
    QCOMPARE(attempt.costBasis, core::CostBasis::Estimated);
    QCOMPARE(attempt.usage.basis, UsageBasis::Estimated);
    QCOMPARE(attempt.cost.total.low, PicoUsd(10 * InRate + 5 * OutRate));
    QCOMPARE(attempt.cost.total.high, PicoUsd(60 * InRate + 30 * OutRate)); // all of it is here
}

//! Only the beginning of the answer told counts: its input is exact, its output is not.
void tst_AttemptCost::completedWithFirstCountsOnly()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Completed);
    attempt.usage = reported(50, 1);
    attempt.usage.basis = UsageBasis::ProviderPartial;
    attempt = settled(attempt);
    QCOMPARE(attempt.costBasis, core::CostBasis::Estimated);
    QCOMPARE(attempt.cost.total,
             (Cost{PicoUsd(50 * InRate + 5 * OutRate), PicoUsd(50 * InRate + 30 * OutRate), true}));
}

void tst_AttemptCost::explicitZeroStaysZero()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Completed);
    attempt.usage = reported(0, 0);
    attempt = settled(attempt);
    QCOMPARE(attempt.costBasis, core::CostBasis::Exact);
    QVERIFY(attempt.cost.total.isZero());
}

void tst_AttemptCost::notSentCostsNothing()
{
    AttemptRecord attempt = sentAttempt(AttemptOutcome::Failed);
    attempt.times.sent.reset();
    attempt = settled(failed(attempt, ErrorKind::ConnectionFailed));
    QCOMPARE(attempt.costBasis, core::CostBasis::NotSent);
    QVERIFY(attempt.cost.total.isZero());
    QCOMPARE(attempt.usage.basis, UsageBasis::None);
}

void tst_AttemptCost::refusedCostsNothing_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("rate-limited") << 429 << ErrorKind::RateLimited;
    QTest::newRow("invalid") << 400 << ErrorKind::InvalidRequest;
    QTest::newRow("login-page") << 200 << ErrorKind::ProtocolError;
    QTest::newRow("redirect") << 302 << ErrorKind::Redirected;
}

void tst_AttemptCost::refusedCostsNothing()
{
    QFETCH(const int, status);
    QFETCH(const ErrorKind, kind);
    AttemptRecord attempt = streamed(AttemptOutcome::Failed);
    attempt.visible = false;
    attempt.httpStatus = status;
    attempt = settled(failed(attempt, kind));
    QCOMPARE(attempt.costBasis, core::CostBasis::NotCharged);
    QVERIFY(attempt.cost.total.isZero());
}

//! A model began to answer in the protocol, and then came what nobody can read.
void tst_AttemptCost::unreadableAnswerMayBeCharged()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Failed);
    attempt.visible = false;
    attempt.answered = true;
    attempt = settled(failed(attempt, ErrorKind::ProtocolError));
    QCOMPARE(attempt.costBasis, core::CostBasis::Partial);
    QCOMPARE(attempt.cost.total,
             (Cost{PicoUsd(10 * InRate), PicoUsd(60 * InRate + MaxOutput * OutRate), true}));
}

void tst_AttemptCost::serverFaultMayChargeInput()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Failed);
    attempt.visible = false;
    attempt.httpStatus = 503;
    attempt = settled(failed(attempt, ErrorKind::Overloaded));
    QCOMPARE(attempt.costBasis, core::CostBasis::InputOnly);
    QCOMPARE(attempt.cost.total, (Cost{PicoUsd(0), PicoUsd(60 * InRate), true}));
    QCOMPARE(attempt.mostTokens, std::optional<std::int64_t>(60)); // no answer was begun
    QVERIFY(attempt.cost.lines.isEmpty()); // none of no tokens: how many there were is not known
    QCOMPARE(attempt.usage.basis, UsageBasis::None);
}

void tst_AttemptCost::silenceMayChargeEverything()
{
    const Cost everything{PicoUsd(0), PicoUsd(60 * InRate + MaxOutput * OutRate), true};
    AttemptRecord attempt =
        settled(failed(sentAttempt(AttemptOutcome::Failed), ErrorKind::Timeout));
    QCOMPARE(attempt.costBasis, core::CostBasis::Unanswered);
    QCOMPARE(attempt.cost.total, everything);
    QCOMPARE(attempt.mostTokens, std::optional<std::int64_t>(60 + MaxOutput));
    attempt = settled(sentAttempt(AttemptOutcome::Cancelled));
    QCOMPARE(attempt.costBasis, core::CostBasis::Cancelled);
    QCOMPARE(attempt.cost.total, everything);
}

void tst_AttemptCost::cutAnswerChargesWhatArrived()
{
    const AttemptRecord attempt =
        settled(failed(streamed(AttemptOutcome::Failed), ErrorKind::Truncated));
    QCOMPARE(attempt.costBasis, core::CostBasis::Partial);
    QCOMPARE(attempt.cost.total, (Cost{PicoUsd(10 * InRate + 5 * OutRate),
                                       PicoUsd(60 * InRate + MaxOutput * OutRate), true}));
    QCOMPARE(attempt.usage.basis, UsageBasis::Estimated);
    QCOMPARE(attempt.usage.count(UsageKind::Output), std::optional<std::int64_t>(5));
    QCOMPARE(attempt.mostTokens, std::optional<std::int64_t>(60 + MaxOutput));
}

void tst_AttemptCost::cutAnswerChargesItsSearches_data()
{
    QTest::addColumn<core::FeeUnit>("unit");
    QTest::addColumn<std::optional<PicoUsd>>("fee");
    QTest::newRow("priced") << core::FeeUnit::WebSearch
                            << std::optional(PicoUsd(2 * PicoUsd::PerDollar / 100));
    QTest::newRow("without-a-price") << core::FeeUnit::FileSearch << std::optional<PicoUsd>();
}

//! They were told when they had run, and the tokens would have been at the end.
void tst_AttemptCost::cutAnswerChargesItsSearches()
{
    QFETCH(const core::FeeUnit, unit);
    QFETCH(const std::optional<PicoUsd>, fee);
    AttemptRecord attempt = failed(streamed(AttemptOutcome::Failed), ErrorKind::Truncated);
    attempt.usage.basis = UsageBasis::ProviderPartial;
    attempt.usage.fees.insert(unit, 2);
    attempt = settled(attempt);
    const std::int64_t charged = fee.value_or(PicoUsd()).count();
    QCOMPARE(attempt.cost.total,
             (Cost{PicoUsd(10 * InRate + 5 * OutRate + charged),
                   PicoUsd(60 * InRate + MaxOutput * OutRate + charged), fee.has_value()}));
    QCOMPARE(attempt.usage.fees.value(unit), 2);
    const core::CostLine line = attempt.cost.lines.constLast();
    QCOMPARE(line.kind, core::feeUnitName(unit));
    QCOMPARE(line.quantity, 2);
    QCOMPARE(line.amount, fee);
}

//! Anthropic tells the input, cache included, with its first event.
void tst_AttemptCost::cancelledUsesExactInput()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Cancelled);
    attempt.usage = reported(50, 1);
    attempt.usage.tokens.insert(UsageKind::CacheRead, 20);
    attempt = settled(attempt);
    QCOMPARE(attempt.costBasis, core::CostBasis::Cancelled);
    const std::int64_t input = 30 * InRate + 20 * CacheRate;
    QCOMPARE(attempt.cost.total,
             (Cost{PicoUsd(input + 5 * OutRate), PicoUsd(input + MaxOutput * OutRate), true}));
    QCOMPARE(attempt.usage.basis, UsageBasis::ProviderPartial);
    QCOMPARE(attempt.usage.count(UsageKind::Input), std::optional<std::int64_t>(50));
    QCOMPARE(attempt.mostTokens, std::optional<std::int64_t>(50 + MaxOutput));
}

void tst_AttemptCost::unknownPriceIsNeverZero()
{
    AttemptRecord done = streamed(AttemptOutcome::Completed);
    done.usage = reported(12, 7);
    for (AttemptRecord attempt :
         {done, streamed(AttemptOutcome::Cancelled), sentAttempt(AttemptOutcome::Cancelled),
          failed(streamed(AttemptOutcome::Failed), ErrorKind::Truncated)}) {
        attempt.target.model = QStringLiteral("nobody-knows");
        attempt = settled(attempt);
        QVERIFY2(!attempt.cost.total.complete,
                 qPrintable(QString::number(static_cast<int>(attempt.costBasis))));
        QVERIFY(!attempt.cost.total.isZero());
    }
    // What was certainly not charged is zero whatever the price.
    AttemptRecord refused = failed(streamed(AttemptOutcome::Failed), ErrorKind::RateLimited);
    refused.httpStatus = 429;
    refused.target.model = QStringLiteral("nobody-knows");
    QVERIFY(settled(refused).cost.total.isZero());
}

void tst_AttemptCost::localCostsNothing()
{
    AttemptRecord done = streamed(AttemptOutcome::Completed);
    done.usage = reported(12, 7);
    for (AttemptRecord attempt : {done, streamed(AttemptOutcome::Cancelled)}) {
        attempt = settled(attempt, true);
        QCOMPARE(attempt.costBasis, core::CostBasis::Local);
        QVERIFY(attempt.cost.total.isZero());
        QVERIFY(attempt.usage.count(UsageKind::Output).has_value()); // tokens are told all the same
    }
}

void tst_AttemptCost::worstCaseBoundsEveryEnd()
{
    core::ProviderInfo provider;
    provider.priceProvider = QStringLiteral("test");
    const Cost worst = costs().worstCase(
        {provider, {}, QStringLiteral("gpt-test"), core::UtcTime(1'795'000'000'000ms)});
    QVERIFY(worst.isExact());
    for (const AttemptRecord &attempt :
         {streamed(AttemptOutcome::Completed), streamed(AttemptOutcome::Cancelled),
          sentAttempt(AttemptOutcome::Cancelled),
          failed(streamed(AttemptOutcome::Failed), ErrorKind::Truncated)})
        QVERIFY(settled(attempt).cost.total.high <= worst.high);
}

void tst_AttemptCost::addressSaysWhoCharges_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isPriced");
    const auto row = [](const char *name, const char *provider, const char *address,
                        bool isPriced) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(address)
                            << isPriced;
    };
    row("its-own", "openai", "https://api.openai.com/v1", true);
    row("a-relay", "openai", "https://gate.example/v1", false);
    row("this-machine", "openai", "http://127.0.0.1:4000/v1", true);
    row("own-server", "custom", "https://gate.example/v1", false);
    row("own-server-that-is-openai", "custom", "https://API.openai.com/v1", true);
    row("own-server-here", "custom", "http://localhost:4000/v1", false);
    row("no-address", "openai", "", true);
}

void tst_AttemptCost::addressSaysWhoCharges()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, address);
    QFETCH(const bool, isPriced);
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(prices);
    const core::CostCalculator calculator(*prices);
    core::ProviderInfo info;
    info.priceProvider = provider;
    const core::AttemptCost costs(calculator, m_input, MaxOutput);
    core::Target target;
    target.baseUrl = QUrl(address);
    const core::UtcTime at(1'795'000'000'000ms);
    const core::ProviderInfo asked = core::providerAt(info, target);
    const core::PricedCall call{asked, {}, QStringLiteral("gpt-4o"), at};
    QCOMPARE(costs.worstCase(call).complete, isPriced);
    QVERIFY(costs.reservation(call).money > core::PicoUsd());
}

void tst_AttemptCost::cachePays_data()
{
    QTest::addColumn<bool>("marks");
    QTest::addColumn<bool>("goesOn");
    QTest::addColumn<int>("tokens");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("pays");
    const QString priced = QStringLiteral("claude-sonnet-4-5");
    QTest::newRow("long-chat-that-goes-on") << true << true << 5'000 << priced << true;
    QTest::newRow("first-turn") << true << false << 5'000 << priced << false;
    QTest::newRow("too-short-to-be-kept") << true << true << 1'000 << priced << false;
    QTest::newRow("service-without-marks") << false << true << 5'000 << priced << false;
    QTest::newRow("price-unknown")
        << true << true << 5'000 << QStringLiteral("claude-of-tomorrow") << false;
    QTest::newRow("no-price-for-reading")
        << true << true << 5'000 << QStringLiteral("claude-2") << false;
}

void tst_AttemptCost::cachePays()
{
    QFETCH(const bool, marks);
    QFETCH(const bool, goesOn);
    QFETCH(const int, tokens);
    QFETCH(const QString, model);
    QFETCH(const bool, pays);
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(prices);
    const core::CostCalculator calculator(*prices);
    core::TokenEstimate input;
    input.addTokens(tokens, tokens);
    core::ProviderInfo provider;
    provider.priceProvider = QStringLiteral("anthropic");
    provider.cacheMarks = marks;
    core::ChatRequest request;
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("first")}}}};
    if (goesOn) {
        request.messages.append(
            {core::Role::Assistant, {core::TextPart{QStringLiteral("answer")}}});
        request.messages.append({core::Role::User, {core::TextPart{QStringLiteral("second")}}});
    }
    const core::AttemptCost costs(calculator, input, MaxOutput);
    const core::PricedCall call{provider, {}, model, core::UtcTime(1'795'000'000'000ms)};
    QCOMPARE(costs.cachePays(request, call), pays);
}

void tst_AttemptCost::cacheSaves_data()
{
    using Tokens = QMap<UsageKind, std::int64_t>;
    QTest::addColumn<Tokens>("tokens");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("isUsed");
    QTest::addColumn<QString>("saved");                         // empty: unknown
    const QString sonnet = QStringLiteral("claude-sonnet-4-5"); // 3, read 0.3, written 3.75 and 6
    QTest::newRow("no-cache") << Tokens{{UsageKind::Input, 5'000}, {UsageKind::CacheRead, 0}}
                              << sonnet << false << QString();
    QTest::newRow("read") << Tokens{{UsageKind::Input, 5'000}, {UsageKind::CacheRead, 4'000}}
                          << sonnet << true << QStringLiteral("0.0108"); // 4000 x (3 - 0.3)
    QTest::newRow("written") << Tokens{{UsageKind::Input, 5'000},
                                       {UsageKind::CacheWrite, 4'000},
                                       {UsageKind::CacheWrite5m, 4'000}}
                             << sonnet << true << QStringLiteral("-0.003");
    QTest::newRow("written-for-an-hour") << Tokens{{UsageKind::Input, 5'000},
                                                   {UsageKind::CacheWrite, 4'000},
                                                   {UsageKind::CacheWrite1h, 4'000}}
                                         << sonnet << true << QStringLiteral("-0.012");
    QTest::newRow("read-and-written") << Tokens{{UsageKind::Input, 9'000},
                                                {UsageKind::CacheRead, 4'000},
                                                {UsageKind::CacheWrite, 4'000},
                                                {UsageKind::CacheWrite5m, 4'000}}
                                      << sonnet << true << QStringLiteral("0.0078");
    QTest::newRow("all-of-it-read")
        << Tokens{{UsageKind::Input, 4'000}, {UsageKind::CacheRead, 4'000}} << sonnet << true
        << QStringLiteral("0.0108");
    QTest::newRow("no-price") << Tokens{{UsageKind::Input, 5'000}, {UsageKind::CacheRead, 4'000}}
                              << QStringLiteral("claude-of-tomorrow") << true << QString();
    QTest::newRow("more-cached-than-sent")
        << Tokens{{UsageKind::Input, 50}, {UsageKind::CacheRead, 4'000}} << sonnet << true
        << QString();
}

void tst_AttemptCost::cacheSaves()
{
    using Tokens = QMap<UsageKind, std::int64_t>;
    QFETCH(const Tokens, tokens);
    QFETCH(const QString, model);
    QFETCH(const bool, isUsed);
    QFETCH(const QString, saved);
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(prices);
    const core::CostCalculator calculator(*prices);
    const core::AttemptCost costs(calculator, m_input, MaxOutput);
    core::ProviderInfo provider;
    provider.priceProvider = QStringLiteral("anthropic");
    AttemptRecord attempt = streamed(AttemptOutcome::Completed);
    attempt.target.model = model;
    attempt.usage = reported(0, 100);
    attempt.usage.tokens.insert(tokens);
    // The service's own price of a request does not hide what its cache saved.
    for (const bool isReported : {false, true}) {
        if (isReported)
            attempt.usage.reportedCost = PicoUsd(7);
        costs.settle(attempt, provider, model, {});
        QCOMPARE(attempt.savedBy == core::SavedBy::PromptCache, isUsed);
        QCOMPARE(attempt.saved ? attempt.saved->toDecimal() : QString(), saved);
    }
    provider.local = true;
    costs.settle(attempt, provider, model, {});
    QCOMPARE(attempt.savedBy, core::SavedBy::Nothing);
    QVERIFY(!attempt.saved);
}

void tst_AttemptCost::cancelledSavesAsMuch()
{
    AttemptRecord attempt = streamed(AttemptOutcome::Cancelled);
    attempt.usage = reported(50, 1);
    attempt.usage.tokens.insert(UsageKind::CacheRead, 20);
    attempt = settled(attempt);
    QCOMPARE(attempt.saved, PicoUsd(20 * (InRate - CacheRate)));
    attempt.httpStatus = 429;
    QCOMPARE(settled(failed(attempt, ErrorKind::RateLimited)).costBasis,
             core::CostBasis::NotCharged);
    QCOMPARE(settled(failed(attempt, ErrorKind::RateLimited)).savedBy, core::SavedBy::Nothing);
}

void tst_AttemptCost::cacheWriteIsSetAside()
{
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(prices);
    const core::CostCalculator calculator(*prices);
    core::TokenEstimate input;
    input.addTokens(4'000, 4'000);
    core::ProviderInfo provider;
    provider.priceProvider = QStringLiteral("anthropic");
    const QString model = QStringLiteral("claude-sonnet-4-5"); // $3, written $3.75, out $15
    const core::PricedCall call{provider, {}, model, core::UtcTime(1'795'000'000'000ms)};
    core::AttemptCost costs(calculator, input, MaxOutput);
    QCOMPARE(costs.reservation(call).money.toDecimal(), QStringLiteral("0.027"));
    costs.setWritesCache(true);
    QCOMPARE(costs.reservation(call).money.toDecimal(), QStringLiteral("0.03"));
    QCOMPARE(costs.worstCase(call).high.toDecimal(), QStringLiteral("0.03"));
    QCOMPARE(costs.reservation(call).tokens, 4'000 + MaxOutput); // once
    AttemptRecord silent = failed(sentAttempt(AttemptOutcome::Failed), ErrorKind::Timeout);
    silent.target.model = model;
    costs.settle(silent, provider, model, {});
    QCOMPARE(silent.cost.total.high.toDecimal(), QStringLiteral("0.03"));
}

void tst_AttemptCost::keptWordsAreTheLeast_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<qint64>("worst");
    QTest::addColumn<qint64>("low");
    QTest::addColumn<bool>("isDeployment");
    const auto row = [](const char *name, const char *model, qint64 worst, qint64 low,
                        bool isDeployment = false) {
        QTest::newRow(name) << QString::fromLatin1(model) << worst << low << isDeployment;
    };
    row("words", "gpt-test", 90 * OutRate, 3 * OutRate); // three words are three tokens at least
    row("never-above-the-worst", "gpt-test", OutRate, OutRate);
    row("no-price", "unheard-of", 90 * OutRate, 0);
    row("named-by-a-person", "gpt-test", 90 * OutRate, 0, true); // it may be any model
}

void tst_AttemptCost::keptWordsAreTheLeast()
{
    QFETCH(const QString, model);
    QFETCH(const qint64, worst);
    QFETCH(const qint64, low);
    QFETCH(const bool, isDeployment);
    auto providers = core::ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(providers);
    core::ProviderInfo provider;
    provider.id = QStringLiteral("one");
    provider.protocol = QStringLiteral("openai-chat");
    provider.priceProvider = QStringLiteral("test");
    provider.deployments = isDeployment;
    providers->add(provider);
    const core::KeptWords kept(*providers, m_prices, std::make_shared<core::TextCounts>());
    AttemptRecord attempt = sentAttempt(AttemptOutcome::Interrupted);
    attempt.target.provider = provider.id;
    attempt.target.model = model;
    attempt.cost.total = {PicoUsd(), PicoUsd(worst), true};
    AttemptRecord silent = attempt;
    kept.price(silent, {});
    QCOMPARE(silent, attempt);
    kept.price(attempt, QStringLiteral("kept are these"));
    QVERIFY(attempt.visible);
    QCOMPARE(attempt.usage.count(UsageKind::Output), std::optional<std::int64_t>(3));
    QCOMPARE(attempt.usage.basis, UsageBasis::Estimated);
    QCOMPARE(attempt.cost.total, (Cost{PicoUsd(low), PicoUsd(worst), true}));
    QCOMPARE(attempt.cost.lines.size(), low > 0 ? 1 : 0);
}

QTEST_GUILESS_MAIN(tst_AttemptCost)
#include "tst_attemptcost.moc"
