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
    for (const core::UsageKind kind :
         {core::UsageKind::Input, core::UsageKind::CacheRead, core::UsageKind::Output})
        usage.tokens.insert(kind, input.choose(2'000'000'000));
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
        }
    }
    return 0;
}
