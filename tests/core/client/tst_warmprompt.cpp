#include "core/client/warmprompt.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"

#include <QTest>

using core::CacheLoss;
using core::PicoUsd;
using core::Target;

namespace {

//! Every name is a model's own.
class PlainNames final : public core::ModelBook
{
public:
    [[nodiscard]] QString modelBehind(const Target &target) const override { return target.model; }
    void learn(const Target &, const QString &) override {}
};

Target target(const char *provider, const char *model, bool simulated = false)
{
    Target made;
    made.provider = QString::fromLatin1(provider);
    made.model = QString::fromLatin1(model);
    made.simulated = simulated;
    return made;
}

} // namespace

//! What it costs to leave a service that keeps the prompt: by the built-in prices, and no more than
//! is known.
class tst_WarmPrompt : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lossIsTheDifference_data();
    void lossIsTheDifference();
};

void tst_WarmPrompt::lossIsTheDifference_data()
{
    QTest::addColumn<Target>("to");
    QTest::addColumn<bool>("isLoss");
    QTest::addColumn<std::optional<PicoUsd>>("more");
    constexpr std::int64_t PicoACent = 10'000'000'000;
    const auto row = [](const char *name, const Target &to, bool isLoss,
                        std::optional<std::int64_t> pico = {}) {
        QTest::newRow(name) << to << isLoss
                            << (pico ? std::optional(PicoUsd(*pico)) : std::nullopt);
    };
    Target elsewhere = target("anthropic", "claude-sonnet-4-5");
    elsewhere.accountId = 8;
    // Sonnet reads 12,000 tokens from its cache for 0.36 cents and takes 3.6 cents for them anew.
    row("the-same", target("anthropic", "claude-sonnet-4-5"), false);
    row("another-account", elsewhere, true, PicoACent * 324 / 100);
    row("smaller-model", target("anthropic", "claude-haiku-4-5"), true, PicoACent * 84 / 100);
    row("cheaper-even-so", target("openai", "gpt-5-nano"), false);
    row("price-unknown", target("openai", "nobody-knows-this-one"), true);
    row("on-this-machine", target("ollama", "qwen3:8b"), false);
    row("practice", target("practice", "practice-steady", true), false);
    row("unknown-provider", target("gone", "m"), false);
}

void tst_WarmPrompt::lossIsTheDifference()
{
    QFETCH(const Target, to);
    QFETCH(const bool, isLoss);
    QFETCH(const std::optional<PicoUsd>, more);
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    const auto prices = core::PriceCatalogue::fromJson(core::builtInPrices());
    QVERIFY(registry && prices);
    const core::WarmPrompt prompt{target("anthropic", "claude-sonnet-4-5"), 12'000,
                                  std::chrono::minutes(4)};
    const auto at = core::UtcTime(std::chrono::hours(24 * 20'400)); // November 2025
    const auto loss =
        core::lossOf(prompt, to, *registry, PlainNames(), core::CostCalculator(*prices), at);
    QCOMPARE(loss.has_value(), isLoss);
    if (loss) {
        QCOMPARE(loss->prompt, prompt);
        QCOMPARE(loss->more, more);
    }
}

QTEST_GUILESS_MAIN(tst_WarmPrompt)
#include "tst_warmprompt.moc"
