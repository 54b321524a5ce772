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
    for (const Kind kind :
         {Kind::Input, Kind::InputAudio, Kind::InputImage, Kind::InputTool, Kind::CacheRead,
          Kind::CacheWrite, Kind::CacheWrite5m, Kind::CacheWrite1h, Kind::Output,
          Kind::OutputReasoning, Kind::OutputAudio}) {
        const bool isWhole = kind == Kind::Input || kind == Kind::Output;
        if (isWhole || input.choose(3) == 0)
            usage.tokens.insert(kind, input.choose(isWhole ? 2'000'000'000 : 200'000'000));
    }
    for (const core::FeeUnit unit : {core::FeeUnit::WebSearch, core::FeeUnit::FileSearch}) {
        if (input.choose(1) == 0)
            usage.fees.insert(unit, input.choose(1'000));
    }
    const QStringList tiers{QString(), QStringLiteral("batch"), QStringLiteral("flex"),
                            QStringLiteral("priority")};
    usage.serviceTier = tiers.at(input.choose(tiers.size() - 1));
    usage.inferenceGeo = input.choose(1) == 0 ? QStringLiteral("us") : QString();
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
    const QJsonObject root = QJsonDocument::fromJson(input.copy()).object();
    const QJsonArray providers = root.value(QStringLiteral("providers")).toArray();
    for (const QJsonValue &provider : providers) {
        const QString id = provider.toObject().value(QStringLiteral("id")).toString();
        for (const core::PricedModel &model : catalogue->models(id, at)) {
            const core::CostBreakdown cost = calculator.cost(id, model.id, usage(input), at);
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
