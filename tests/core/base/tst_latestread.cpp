#include "core/base/latestread.h"

#include <QPromise>
#include <QTest>

#include <vector>

//! A burst of changes is two readings: the one under way and one more.
class tst_LatestRead : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void burstIsOneMore();
    void takeMayAskAgain();
};

void tst_LatestRead::burstIsOneMore()
{
    std::vector<QPromise<int>> readings;
    QList<int> taken;
    core::LatestRead<int> latest(
        [&] {
            readings.emplace_back();
            readings.back().start();
            return readings.back().future();
        },
        [&](int value) { taken.append(value); });
    for (int i = 0; i < 100; ++i)
        latest.request();
    QCOMPARE(readings.size(), 1U);
    readings[0].addResult(1);
    readings[0].finish();
    QTRY_COMPARE(readings.size(), 2U);
    readings[1].addResult(2);
    readings[1].finish();
    QTRY_COMPARE(taken, (QList<int>{1, 2}));
    QTest::qWait(20);
    QCOMPARE(readings.size(), 2U);
    latest.request();
    QCOMPARE(readings.size(), 3U);
}

void tst_LatestRead::takeMayAskAgain()
{
    int reads = 0;
    core::LatestRead<int> *self = nullptr;
    core::LatestRead<int> latest([&] { return QtFuture::makeReadyFuture(++reads); },
                                 [&](int value) {
                                     if (value < 3)
                                         self->request();
                                 });
    self = &latest;
    latest.request();
    QTRY_COMPARE(reads, 3);
    QTest::qWait(20);
    QCOMPARE(reads, 3);
}

QTEST_GUILESS_MAIN(tst_LatestRead)
#include "tst_latestread.moc"
