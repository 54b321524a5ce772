#include "core/base/picousd.h"

#include <QTest>

#include <limits>

using core::PicoUsd;

class tst_PicoUsd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void decimal_data();
    void decimal();
    void refusesOddDecimals_data();
    void refusesOddDecimals();
    void scaled_data();
    void scaled();
    void neverWraps();
};

void tst_PicoUsd::decimal_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << QStringLiteral("0");
    QTest::newRow("smallest") << qint64(1) << QStringLiteral("0.000000000001");
    QTest::newRow("cost-of-an-answer") << qint64(3'612'000'000) << QStringLiteral("0.003612");
    QTest::newRow("whole-dollars") << qint64(3) * PicoUsd::PerDollar << QStringLiteral("3");
    QTest::newRow("negative") << qint64(-1'500'000'000'000) << QStringLiteral("-1.5");
    QTest::newRow("largest") << std::numeric_limits<qint64>::max()
                             << QStringLiteral("9223372.036854775807");
    QTest::newRow("lowest") << std::numeric_limits<qint64>::min()
                            << QStringLiteral("-9223372.036854775808");
}

void tst_PicoUsd::decimal()
{
    QFETCH(const qint64, count);
    QFETCH(const QString, text);
    QCOMPARE(PicoUsd(count).toDecimal(), text);
    QVERIFY(PicoUsd::fromDecimal(text) == PicoUsd(count));
}

void tst_PicoUsd::refusesOddDecimals_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", ".", "-", "1.", ".5", "1e3", "NaN", "1,5", " 1", "0.0000000000001", "9223373",
          "1.2.3", "+1", "--1", "99999999999999999999999999999999999999"})
        QTest::newRow(qPrintable(QStringLiteral("text-%1").arg(QLatin1StringView(text))))
            << QString::fromLatin1(text);
}

void tst_PicoUsd::refusesOddDecimals()
{
    QFETCH(const QString, text);
    QVERIFY(!PicoUsd::fromDecimal(text));
}

void tst_PicoUsd::scaled_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<qint64>("factor");
    QTest::addColumn<qint64>("divisor");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("half-goes-to-even-down") << qint64(5) << qint64(1) << qint64(2) << qint64(2);
    QTest::newRow("half-goes-to-even-up") << qint64(7) << qint64(1) << qint64(2) << qint64(4);
    QTest::newRow("above-half-goes-up") << qint64(8) << qint64(1) << qint64(3) << qint64(3);
    QTest::newRow("negative-half-goes-to-even")
        << qint64(-5) << qint64(1) << qint64(2) << qint64(-2);
    QTest::newRow("product-beyond-64-bits") << qint64(1) << std::numeric_limits<qint64>::max()
                                            << qint64(1'000) << qint64(9'223'372'036'854'776);
}

void tst_PicoUsd::scaled()
{
    QFETCH(const qint64, count);
    QFETCH(const qint64, factor);
    QFETCH(const qint64, divisor);
    QFETCH(const qint64, expected);
    QVERIFY(PicoUsd(count).scaled(factor, divisor) == PicoUsd(expected));
}

void tst_PicoUsd::neverWraps()
{
    const PicoUsd largest(std::numeric_limits<qint64>::max());
    QVERIFY(!largest.plus(PicoUsd(1)));
    QVERIFY(!largest.scaled(2));
    QVERIFY(!largest.scaled(1, 0));
    QVERIFY(core::saturatingSum(largest, PicoUsd(1)) == largest);
}

QTEST_APPLESS_MAIN(tst_PicoUsd)
#include "tst_picousd.moc"
