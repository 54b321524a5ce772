#include "core/base/latencyhistogram.h"
#include "tests/support/seededrandom.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace std::chrono_literals;
using core::LatencyHistogram;

class tst_LatencyHistogram : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emptyHasNoPercentile() { QVERIFY(!LatencyHistogram().percentile(0.5)); }
    void percentilesAreWithinTwoPercent();
    void mergeEqualsAddingAll();
    void refusesBrokenBytes_data();
    void refusesBrokenBytes();
};

void tst_LatencyHistogram::percentilesAreWithinTwoPercent()
{
    tests::SeededRandom random(7);
    std::vector<double> all;
    LatencyHistogram histogram;
    for (int i = 0; i < 20'000; ++i) {
        const auto latency = static_cast<qint64>(std::exp(random.uniform() * 14.0));
        all.push_back(static_cast<double>(latency));
        histogram.add(std::chrono::milliseconds(latency));
    }
    std::sort(all.begin(), all.end());
    for (const double fraction : {0.01, 0.5, 0.9, 0.95, 0.99, 1.0}) {
        const double exact =
            all.at(static_cast<size_t>(std::ceil(fraction * static_cast<double>(all.size()))) - 1);
        const auto told = static_cast<double>(histogram.percentile(fraction)->count());
        QVERIFY2(std::abs(told - exact) <= exact * 0.02 + 0.5,
                 qPrintable(QStringLiteral("%1: %2 for %3").arg(fraction).arg(told).arg(exact)));
    }
}

void tst_LatencyHistogram::mergeEqualsAddingAll()
{
    LatencyHistogram a, b, whole;
    for (int i = 0; i < 500; ++i) {
        const std::chrono::milliseconds latency(i * i);
        (i % 2 ? a : b).add(latency);
        whole.add(latency);
    }
    a.merge(b);
    QVERIFY(a == whole);
    QVERIFY(LatencyHistogram::fromBytes(whole.toBytes()) == whole);
}

void tst_LatencyHistogram::refusesBrokenBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut") << QByteArray("\x05");
    QTest::newRow("endless-varint") << QByteArray(12, '\xff');
    QTest::newRow("bucket-beyond-a-day") << QByteArray("\xff\xff\x03\x01");
    QTest::newRow("zero-count") << QByteArray("\x05\x00", 2);
}

void tst_LatencyHistogram::refusesBrokenBytes()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!LatencyHistogram::fromBytes(bytes));
}

QTEST_APPLESS_MAIN(tst_LatencyHistogram)
#include "tst_latencyhistogram.moc"
