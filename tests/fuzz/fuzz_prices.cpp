// A catalogue is refused whole with a reason, or every price in it can be used: never negative, the
// low end never above the high one, the sum of the lines the total.
#include "core/pricing/costcalculator.h"
#include "core/pricing/pricecatalogue.h"
#include "tests/fuzz/fuzzinput.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace {

core::Usage usage(fuzz::Input &input)
{
    core::Usage usage;
    using Kind = core::UsageKind;
    const Kind halfHour =
        core::usageKindOf(QStringLiteral("cache_write_30m")).value_or(Kind::CacheWrite1h);
    for (const Kind kind :
         {Kind::Input, Kind::InputAudio, Kind::InputImage, Kind::InputVideo, Kind::InputTool,
          Kind::CacheRead, Kind::CacheReadAudio, Kind::CacheWrite, Kind::CacheWrite5m,
          Kind::CacheWrite1h, halfHour, Kind::Output, Kind::OutputReasoning, Kind::OutputAudio,
          Kind::OutputImage, Kind::OutputVideo, Kind::OutputCitation}) {
        const bool isWhole = kind == Kind::Input || kind == Kind::Output;
        if (isWhole || input.choose(3) == 0)
            usage.tokens.insert(kind, input.choose(isWhole ? 2'000'000'000 : 200'000'000));
    }
    for (const core::FeeUnit unit :
         {core::FeeUnit::Request, core::FeeUnit::WebSearch, core::FeeUnit::FileSearch,
          core::FeeUnit::CodeSession, core::FeeUnit::Image, core::FeeUnit::AudioSecond}) {
        if (input.choose(1) == 0)
            usage.fees.insert(unit, input.choose(1'000));
    }
    const QStringList tiers{QString(), QStringLiteral("batch"), QStringLiteral("flex"),
                            QStringLiteral("priority")};
    usage.serviceTier = tiers.at(input.choose(tiers.size() - 1));
    usage.inferenceGeo = input.choose(1) == 0 ? QStringLiteral("us") : QString();
    usage.speed = input.choose(3) == 0 ? QStringLiteral("fast") : QString();
    return usage;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const auto catalogue = core::PriceCatalogue::fromJson(input.copy());
    if (!catalogue) {
        REQUIRE(!catalogue.error().detail.isEmpty());
        return 0;
    }
    const core::CostCalculator calculator(*catalogue);
    const core::UtcTime at{std::chrono::milliseconds(1'790'000'000'000)};
    const QStringList hosts{QString(), QStringLiteral("eu.api.example"),
                            QStringLiteral("relay.example")};
    const QJsonObject root = QJsonDocument::fromJson(input.copy()).object();
    const QJsonArray providers = root.value(QStringLiteral("providers")).toArray();
    for (const QJsonValue &provider : providers) {
        const QString id = provider.toObject().value(QStringLiteral("id")).toString();
        for (const core::PricedModel &model : catalogue->models(id, at)) {
            const core::Seller seller(id, hosts.at(input.choose(hosts.size() - 1)));
            const core::CostBreakdown cost = calculator.cost(seller, model.id, usage(input), at);
            REQUIRE(cost.total.low >= core::PicoUsd() && cost.total.low <= cost.total.high);
            core::PicoUsd sum;
            for (const core::CostLine &line : cost.lines) {
                REQUIRE(line.amount ? *line.amount >= core::PicoUsd() : !cost.total.complete);
                sum = core::saturatingSum(sum, line.amount.value_or(core::PicoUsd()));
            }
            REQUIRE(sum == cost.total.high);
        }
    }
    return 0;
}
