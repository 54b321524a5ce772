#include "ui/widgets/figures.h"

#include <QTest>

using core::Cost;
using core::PicoUsd;
using ui::Decimals;

namespace {

class tst_Figures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizes_data();
    void sizes();
    void money_data();
    void money();
    void rates_data();
    void rates();
    void cost_data();
    void cost();
    void countsAndTimes();
};

PicoUsd usd(const char *decimal)
{
    return PicoUsd::fromDecimal(QString::fromLatin1(decimal)).value();
}

void tst_Figures::money_data()
{
    QTest::addColumn<QString>("amount");
    QTest::addColumn<QString>("sidebar");
    QTest::addColumn<QString>("figures");
    QTest::addColumn<QString>("exact");
    const auto row = [](const char *name, const char *amount, const char *sidebar,
                        const char *figures, const char *exact) {
        QTest::newRow(name) << QString::fromUtf8(amount) << QString::fromUtf8(sidebar)
                            << QString::fromUtf8(figures) << QString::fromUtf8(exact);
    };
    row("zero", "0", "$0", "$0", "$0");
    row("usual", "0.041234", "$0.041", "$0.0412", "$0.041234");
    row("one-pico", "0.000000000001", "<$0.001", "<$0.0001", "$0.000000000001");
    row("just-below-unit", "0.000999", "<$0.001", "$0.0010", "$0.000999");
    row("half-to-even-down", "0.0125", "$0.012", "$0.0125", "$0.0125");
    row("half-to-even-up", "0.0135", "$0.014", "$0.0135", "$0.0135");
    row("rounds-to-a-dollar", "0.9996", "$1.00", "$0.9996", "$0.9996");
    row("above-a-dollar", "18.4", "$18.40", "$18.4000", "$18.4");
    row("thousands", "1234567.5", "$1,234,567.50", "$1,234,567.5000", "$1,234,567.5");
    row("negative", "-0.5", "−$0.500", "−$0.5000", "−$0.5");
}

void tst_Figures::money()
{
    QFETCH(QString, amount);
    const PicoUsd value = PicoUsd::fromDecimal(amount).value();
    QTEST(ui::moneyText(value, Decimals::Sidebar), "sidebar");
    QTEST(ui::moneyText(value, Decimals::Figures), "figures");
    QTEST(ui::moneyText(value, Decimals::Exact), "exact");
}

void tst_Figures::rates_data()
{
    QTest::addColumn<QString>("rate");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *rate, const char *text) {
        QTest::newRow(name) << QString::fromLatin1(rate) << QString::fromLatin1(text);
    };
    row("free", "0", "$0.00");
    row("one-decimal", "4.5", "$4.50");
    row("whole", "15", "$15.00");
    row("all-decimals", "0.075", "$0.075");
}

void tst_Figures::rates()
{
    QFETCH(const QString, rate);
    QTEST(ui::rateText(PicoUsd::fromDecimal(rate).value()), "text");
}

void tst_Figures::cost_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &shown, const char *expected) {
        QTest::newRow(name) << shown << QString::fromUtf8(expected);
    };
    const PicoUsd zero;
    const Cost range{usd("0.0114"), usd("0.0150"), true};
    row("range", ui::costText(range, Decimals::Figures), "$0.0114 – 0.0150");
    row("range-of-equal-figures",
        ui::costText(Cost{usd("0.01141"), usd("0.01142"), true}, Decimals::Figures), "$0.0114");
    row("range-from-zero", ui::costText(Cost{zero, usd("0.0036"), true}, Decimals::Figures),
        "$0 – 0.0036");
    row("incomplete", ui::costText(Cost{usd("0.0067"), usd("0.0067"), false}, Decimals::Figures),
        "≥ $0.0067");
    row("lower-bound-is-cut",
        ui::costText(Cost{usd("0.0075"), usd("0.0075"), false}, Decimals::Sidebar), "≥ $0.007");
    row("lower-bound-of-dollars",
        ui::costText(Cost{usd("1.2399"), usd("1.2399"), false}, Decimals::Sidebar), "≥ $1.23");
    row("next-to-nothing-is-known",
        ui::costText(Cost{usd("0.0004"), usd("0.0004"), false}, Decimals::Sidebar), "> $0");
    row("ends-of-a-range",
        ui::costText(Cost{usd("0.008687"), usd("0.0123401"), true}, Decimals::Sidebar),
        "$0.008 – 0.013");
    row("upper-end-reaches-a-dollar",
        ui::costText(Cost{usd("0.5"), usd("0.9991"), true}, Decimals::Sidebar), "$0.500 – 1.00");
    row("range-from-next-to-nothing",
        ui::costText(Cost{usd("0.0001"), usd("0.0036"), true}, Decimals::Sidebar),
        "<$0.001 – 0.004");
    row("incomplete-zero", ui::costText(Cost{zero, zero, false}, Decimals::Sidebar),
        "cost unknown");
    row("none", ui::costText(std::nullopt, Decimals::Sidebar), "cost unknown");
    row("free", ui::costText(Cost{}, Decimals::Sidebar), "$0");
    row("local", ui::costText(Cost{}, Decimals::Sidebar, ui::MoneyMark::Local), "local");
    row("simulated", ui::costText(range, Decimals::Figures, ui::MoneyMark::Simulated),
        "$0.0114 – 0.0150 simulated");
}

void tst_Figures::cost()
{
    QFETCH(QString, shown);
    QTEST(shown, "expected");
}

void tst_Figures::countsAndTimes()
{
    using namespace std::chrono_literals;
    QCOMPARE(ui::countText(9'396), QStringLiteral("9,396"));
    QCOMPARE(ui::shortCountText(999), QStringLiteral("999"));
    QCOMPARE(ui::shortCountText(12'400), QStringLiteral("12.4k"));
    QCOMPARE(ui::shortCountText(200'000), QStringLiteral("200k"));
    QCOMPARE(ui::shortCountText(999'600), QStringLiteral("1M"));
    QCOMPARE(ui::shortLeastCountText(999), QStringLiteral("999"));
    QCOMPARE(ui::shortLeastCountText(12'399), QStringLiteral("12.3k"));
    QCOMPARE(ui::shortLeastCountText(200'999), QStringLiteral("200k"));
    QCOMPARE(ui::shortLeastCountText(999'999), QStringLiteral("999k"));
    QCOMPARE(ui::shortLeastCountText(1'299'999), QStringLiteral("1.2M"));
    QCOMPARE(ui::durationText(620ms), QStringLiteral("0.62 s"));
    QCOMPARE(ui::durationText(12'400ms), QStringLiteral("12.4 s"));
    QCOMPARE(ui::durationText(65s), QStringLiteral("1 min 05 s"));
    QCOMPARE(ui::durationText(2h + 3min), QStringLiteral("2 h 03 min"));
    QCOMPARE(ui::speedText(71.3), QStringLiteral("71 tok/s"));
}

void tst_Figures::sizes_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << "0 B";
    QTest::newRow("bytes") << qint64(999) << "999 B";
    QTest::newRow("kilobyte") << qint64(1'000) << "1 KB";
    QTest::newRow("rounds") << qint64(213'600) << "214 KB";
    QTest::newRow("never-1000-kb") << qint64(999'500) << "1.0 MB";
    QTest::newRow("below-it") << qint64(999'499) << "999 KB";
    QTest::newRow("megabytes") << qint64(1'449'999) << "1.4 MB";
    QTest::newRow("largest") << qint64(20'971'520) << "21.0 MB";
}

void tst_Figures::sizes()
{
    QFETCH(const qint64, bytes);
    QFETCH(const QString, text);
    QCOMPARE(ui::sizeText(bytes), text);
}

} // namespace

QTEST_GUILESS_MAIN(tst_Figures)
#include "tst_figures.moc"
