#include "core/pricing/costcalculator.h"
#include "core/pricing/pricecatalogue.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace core;

//! The same usage priced by the source of our table and by us (compare.mjs made the file): a price
//! that was lost, swapped or shifted on the way into prices.json shows here.
class tst_PricesAgree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void costIsTheSame_data();
    void costIsTheSame();

private:
    PriceCatalogue m_catalogue;
};

void tst_PricesAgree::initTestCase()
{
    const auto loaded = PriceCatalogue::fromJson(builtInPrices());
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
    m_catalogue = *loaded;
}

void tst_PricesAgree::costIsTheSame_data()
{
    QTest::addColumn<QJsonObject>("record");
    QFile file(QStringLiteral(FARTHING_TEST_DATA "/prices/agreed.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray records = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(records.size() >= 300);
    for (qsizetype i = 0; i < records.size(); ++i) {
        const QJsonObject record = records.at(i).toObject();
        QTest::addRow("%s-%s-%d", qPrintable(record.value(QStringLiteral("provider")).toString()),
                      qPrintable(record.value(QStringLiteral("model")).toString()),
                      static_cast<int>(i))
            << record;
    }
}

void tst_PricesAgree::costIsTheSame()
{
    QFETCH(const QJsonObject, record);
    Usage usage;
    usage.basis = UsageBasis::Provider;
    const QJsonObject counts = record.value(QStringLiteral("usage")).toObject();
    for (auto it = counts.begin(); it != counts.end(); ++it) {
        if (it.key() == QLatin1StringView("fees"))
            continue;
        const auto kind = usageKindOf(it.key());
        QVERIFY(kind.has_value());
        usage.tokens.insert(*kind, it->toInteger());
    }
    const QJsonObject fees = counts.value(QStringLiteral("fees")).toObject();
    for (auto it = fees.begin(); it != fees.end(); ++it) {
        const auto unit = feeUnitOf(it.key());
        QVERIFY(unit.has_value());
        usage.fees.insert(*unit, it->toInteger());
    }
    const auto at =
        QDateTime::fromString(record.value(QStringLiteral("at")).toString(), Qt::ISODate);
    const CostBreakdown ours =
        CostCalculator(m_catalogue)
            .cost(record.value(QStringLiteral("provider")).toString(),
                  record.value(QStringLiteral("model")).toString(), usage,
                  UtcTime(std::chrono::milliseconds(at.toMSecsSinceEpoch())));
    const auto theirs = PicoUsd::fromDecimal(record.value(QStringLiteral("usd")).toString());
    QVERIFY(theirs.has_value());
    // They compute in doubles and we keep nine of their decimals; ours are exact.
    constexpr std::int64_t NanoUsd = 1000;
    const std::int64_t apart = ours.total.low.count() - theirs->count();
    const bool isSame = ours.total.complete && apart >= -NanoUsd && apart <= NanoUsd;
    // A row that says why it differs has to: else the reason is stale.
    const QString why = record.value(QStringLiteral("why")).toString();
    QVERIFY2(isSame == why.isEmpty(),
             qPrintable(QStringLiteral("ours %1%2, theirs %3, card %4, %5")
                            .arg(ours.total.low.toDecimal(),
                                 ours.total.complete ? QString() : QStringLiteral(" and more"),
                                 theirs->toDecimal(), ours.rateCard, why)));
}

QTEST_GUILESS_MAIN(tst_PricesAgree)
#include "tst_pricesagree.moc"
