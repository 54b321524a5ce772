#include "core/resilience/retrybudget.h"

#include <QTest>

using core::RetryBudget;
using core::SteadyTime;
using namespace std::chrono_literals;

class tst_RetryBudget : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void tenRetriesThenNone();
    void tenAnswersPayForOne();
    void quietFillsIt_data();
    void quietFillsIt();
    void retryBeginsTheQuietAnew();
    void neverMoreThanItsCapacity();
    void retriesStayATenthOfTraffic();

private:
    static RetryBudget emptied(SteadyTime now);
};

static const SteadyTime Start{1'000s};

RetryBudget tst_RetryBudget::emptied(SteadyTime now)
{
    RetryBudget budget;
    while (budget.take(now)) {
    }
    return budget;
}

void tst_RetryBudget::tenRetriesThenNone()
{
    RetryBudget budget;
    for (int retry = 0; retry < 10; ++retry) {
        QVERIFY(budget.hasOne(Start));
        QVERIFY(budget.take(Start));
    }
    QVERIFY(!budget.hasOne(Start));
    QVERIFY(!budget.take(Start));
    QCOMPARE(budget.left(Start), 0.0);
}

void tst_RetryBudget::tenAnswersPayForOne()
{
    RetryBudget budget = emptied(Start);
    for (int answer = 0; answer < 9; ++answer)
        budget.addSuccess(Start);
    QCOMPARE(budget.left(Start), 0.9);
    QVERIFY(!budget.take(Start));
    budget.addSuccess(Start); // a tenth ten times is one, with no rounding
    QVERIFY(budget.take(Start));
    QVERIFY(!budget.take(Start));
}

void tst_RetryBudget::quietFillsIt_data()
{
    QTest::addColumn<int>("milliseconds");
    QTest::addColumn<int>("retries");
    QTest::newRow("at-once") << 0 << 0;
    QTest::newRow("just-before") << 29'999 << 0;
    QTest::newRow("half-a-minute") << 30'000 << 1;
    QTest::newRow("just-before-two") << 59'999 << 1;
    QTest::newRow("four-minutes") << 240'000 << 8;
    QTest::newRow("an-hour") << 3'600'000 << 10;
}

void tst_RetryBudget::quietFillsIt()
{
    QFETCH(const int, milliseconds);
    QFETCH(const int, retries);
    RetryBudget budget = emptied(Start);
    const SteadyTime later = Start + std::chrono::milliseconds(milliseconds);
    QCOMPARE(budget.left(later), double(retries));
    QCOMPARE(budget.hasOne(later), retries > 0);
    int taken = 0;
    while (budget.take(later))
        ++taken;
    QCOMPARE(taken, retries);
}

void tst_RetryBudget::retryBeginsTheQuietAnew()
{
    RetryBudget budget = emptied(Start);
    QVERIFY(budget.take(Start + 45s)); // 15 s of the second step are lost with it
    QVERIFY(!budget.hasOne(Start + 74s));
    QVERIFY(budget.hasOne(Start + 75s));
    // Answers are no retries: they do not break the quiet.
    budget = emptied(Start);
    budget.addSuccess(Start + 20s);
    QVERIFY(budget.hasOne(Start + 30s));
    // A refused retry is none either.
    budget = emptied(Start);
    QVERIFY(!budget.take(Start + 20s));
    QVERIFY(budget.take(Start + 30s));
}

void tst_RetryBudget::neverMoreThanItsCapacity()
{
    RetryBudget budget;
    for (int answer = 0; answer < 1'000; ++answer)
        budget.addSuccess(Start);
    QCOMPARE(budget.left(Start), 10.0);
    QCOMPARE(budget.left(Start + 24h * 365), 10.0);
}

void tst_RetryBudget::retriesStayATenthOfTraffic()
{
    // A service that fails every other time, asked a thousand times within half a minute.
    RetryBudget budget;
    int retries = 0;
    for (int request = 0; request < 1'000; ++request) {
        if (request % 2 == 0)
            budget.addSuccess(Start);
        else if (budget.take(Start))
            ++retries;
    }
    QVERIFY2(retries >= 50 && retries <= 60, qPrintable(QString::number(retries)));
}

QTEST_GUILESS_MAIN(tst_RetryBudget)
#include "tst_retrybudget.moc"
