#include "core/pricing/costcalculator.h"
#include "core/pricing/pricecatalogue.h"
#include "tests/support/seededrandom.h"

#include <QTest>

#include <algorithm>

using namespace core;

namespace {

constexpr UtcTime Noon =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(12);

//! Counts that can be: no part is more than its whole.
Usage someUsage(Random &random)
{
    Usage usage;
    const auto upTo = [&random](std::int64_t most) {
        return static_cast<std::int64_t>(random.bits() % static_cast<std::uint64_t>(most + 1));
    };
    const auto cut = [&](std::int64_t whole, std::initializer_list<UsageKind> kinds) {
        for (const UsageKind kind : kinds) {
            if (upTo(2) > 0)
                continue;
            const std::int64_t part = upTo(whole);
            usage.tokens.insert(kind, part);
            whole -= part;
        }
    };
    const std::int64_t input = upTo(upTo(1) ? 1000 : 1'500'000); // within and past context tiers
    usage.tokens = {{UsageKind::Input, input}, {UsageKind::Output, upTo(50'000)}};
    cut(input, {UsageKind::CacheRead, UsageKind::CacheWrite, UsageKind::InputAudio,
                UsageKind::InputImage, UsageKind::InputVideo, UsageKind::InputTool});
    cut(usage.count(UsageKind::CacheWrite).value_or(0),
        {UsageKind::CacheWrite5m, UsageKind::CacheWrite1h});
    cut(usage.count(UsageKind::Output).value_or(0),
        {UsageKind::OutputReasoning, UsageKind::OutputAudio, UsageKind::OutputImage});
    for (const FeeUnit unit : {FeeUnit::WebSearch, FeeUnit::FileSearch, FeeUnit::CodeSession}) {
        if (upTo(3) == 0)
            usage.fees.insert(unit, 1 + upTo(20));
    }
    const QStringList tiers{QString(), QStringLiteral("default"), QStringLiteral("batch"),
                            QStringLiteral("flex"), QStringLiteral("priority")};
    usage.serviceTier = tiers.at(upTo(tiers.size() - 1));
    usage.inferenceGeo = upTo(3) == 0 ? QStringLiteral("us") : QString();
    return usage;
}

//! What does not hold of \p cost; empty if all does.
QString fault(const CostBreakdown &cost, const Usage &usage)
{
    PicoUsd sum;
    std::int64_t tokens = 0;
    for (const CostLine &line : cost.lines) {
        if (line.amount && *line.amount < PicoUsd())
            return QStringLiteral(" a negative line: ");
        if (!line.amount &&
            (cost.total.complete || !line.flags.contains(QStringLiteral("unknown"))))
            return QStringLiteral(" an unknown line passes for nothing: ");
        sum = saturatingSum(sum, line.amount.value_or(PicoUsd()));
        tokens += usageKindOf(line.kind) ? line.quantity : 0;
    }
    if (tokens != *usage.count(UsageKind::Input) + *usage.count(UsageKind::Output))
        return QStringLiteral(" tokens priced twice or never: ");
    if (cost.total.high != sum)
        return QStringLiteral(" lines and total differ: ");
    // A cheaper service without a price of its own: anything up to the ordinary price.
    if (cost.total.low != sum && cost.total.low != PicoUsd())
        return QStringLiteral(" a low end from nowhere: ");
    return {};
}

QStringList sortedLines(const CostBreakdown &breakdown)
{
    QStringList lines;
    for (const CostLine &line : breakdown.lines) {
        const QStringList words{line.kind, QString::number(line.quantity),
                                line.amount ? line.amount->toDecimal() : QStringLiteral("?")};
        lines.append((words + line.flags).join(u' '));
    }
    lines.sort();
    return lines;
}

} // namespace

//! What holds of every cost, whatever was used and whoever sells it.
class tst_CostProperties : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void sumOfLinesIsTotal();
};

//! For every model shipped, at usage of every shape: the lines add up, each token is priced once,
//! nothing is negative, and the order of the iterations changes no sum.
void tst_CostProperties::sumOfLinesIsTotal()
{
    const auto loaded = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY(loaded);
    const CostCalculator calculator(*loaded);
    tests::SeededRandom random(5);
    int models = 0;
    for (const QString &provider : loaded->providers()) {
        for (const ModelPrices &model : loaded->pricesOf(provider)) {
            ++models;
            const Usage usage = someUsage(random);
            const CostBreakdown cost = calculator.cost(provider, model.id, usage, Noon);
            QVERIFY2(fault(cost, usage).isEmpty(),
                     qPrintable(provider + u'/' + model.id + fault(cost, usage) +
                                sortedLines(cost).join(u' ')));
            Usage whole;
            for (int i = 0; i < 3; ++i)
                whole.parts.append(someUsage(random));
            const CostBreakdown there = calculator.cost(provider, model.id, whole, Noon);
            std::rotate(whole.parts.begin(), whole.parts.begin() + 1 + int(random.bits() % 2),
                        whole.parts.end());
            const CostBreakdown turned = calculator.cost(provider, model.id, whole, Noon);
            QVERIFY2(turned.total == there.total, qPrintable(provider + u'/' + model.id));
            QCOMPARE(sortedLines(turned), sortedLines(there));
        }
    }
    QVERIFY2(models > 500, qPrintable(QString::number(models)));
}

QTEST_GUILESS_MAIN(tst_CostProperties)
#include "tst_costproperties.moc"
