#include "core/resilience/ratemeter.h"

#include <QTest>

#include <limits>

using core::RateLimit;
using core::RateMeter;
using core::SteadyTime;
using namespace std::chrono_literals;

class tst_RateMeter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void unlimitedUntilTold();
    void wholePeriodMayComeAtOnce();
    void thenOneEachInterval();
    void dearOneDelaysTheNext();
    void correctionGoesBothWays();
    void periodIsGuessed_data();
    void periodIsGuessed();
    void remainingMovesOn();
    void laterDeadlineHolds();
    void hostileFiguresDoNothing_data();
    void hostileFiguresDoNothing();
};

static const SteadyTime Start{1'000s};

static RateMeter sixtyAMinute()
{
    RateMeter meter;
    meter.learn({60, {}, {}, 1min}, Start);
    return meter;
}

void tst_RateMeter::unlimitedUntilTold()
{
    RateMeter meter;
    for (int i = 0; i < 100'000; ++i)
        meter.take(1'000'000, Start);
    meter.correct(1'000);
    QVERIFY(meter.readyAt() <= Start);
    QVERIFY(!meter.limit());
}

void tst_RateMeter::wholePeriodMayComeAtOnce()
{
    RateMeter meter = sixtyAMinute();
    for (int i = 0; i < 60; ++i) {
        QVERIFY2(meter.readyAt() <= Start, qPrintable(QString::number(i)));
        meter.take(1, Start);
    }
    // The burst is exactly spent: T = 1 s, tau = 60 s, TAT = now + 60 s.
    QCOMPARE(meter.readyAt(), Start);
    meter.take(1, Start);
    QCOMPARE(meter.readyAt(), Start + 1s);
}

void tst_RateMeter::thenOneEachInterval()
{
    RateMeter meter = sixtyAMinute();
    SteadyTime now = Start;
    int passed = 0;
    for (; now < Start + 10min; now += 100ms) {
        if (meter.readyAt() <= now) {
            meter.take(1, now);
            ++passed;
        }
    }
    QVERIFY2(passed >= 659 && passed <= 661, qPrintable(QString::number(passed))); // 60 + 60 a min
    // A minute of quiet gives the burst back, and no more than it.
    now += 1h;
    int burst = 0;
    while (meter.readyAt() <= now && burst < 1'000) {
        meter.take(1, now);
        ++burst;
    }
    QCOMPARE(burst, 61);
}

void tst_RateMeter::dearOneDelaysTheNext()
{
    RateMeter meter;
    meter.learn({30'000, {}, {}, 1min}, Start);
    meter.take(45'000, Start); // more than a whole period: it may go, the next one pays
    QCOMPARE(meter.readyAt(), Start + 30s);
}

void tst_RateMeter::correctionGoesBothWays()
{
    RateMeter meter;
    meter.learn({30'000, {}, {}, 1min}, Start);
    meter.take(45'000, Start);
    meter.correct(-15'000);
    QCOMPARE(meter.readyAt(), Start);
    meter.correct(30'000);
    QCOMPARE(meter.readyAt(), Start + 1min);
    // Far more given back than was taken gives no credit beyond the burst.
    meter.correct(-10'000'000);
    meter.take(30'000, Start + 1min);
    QCOMPARE(meter.readyAt(), Start + 1min);
}

//! Headers as recorded: what is used and when it has drained tell the period.
void tst_RateMeter::periodIsGuessed_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("remaining");
    QTest::addColumn<qint64>("reset"); // ms
    QTest::addColumn<qint64>("period");
    const auto row = [](const char *name, qint64 limit, qint64 remaining, qint64 reset,
                        std::chrono::milliseconds period) {
        QTest::newRow(name) << limit << remaining << reset << qint64(period.count());
    };
    row("openai-requests", 60, 59, 1'000, 1min);
    row("openai-tokens", 150'000, 149'984, 6, 1min);
    row("azure-requests", 120, 119, 500, 1min);
    row("azure-tokens", 120'000, 119'986, 7, 1min);
    row("groq-requests-a-day", 14'400, 14'370, 179'560, 24h);
    row("groq-tokens-a-minute", 18'000, 17'997, 10, 1min);
    row("openai-requests-a-day", 200, 199, 432'000, 24h);
    row("per-second", 10, 5, 500, 1s);
    row("nothing-used", 60, 60, 0, 1min);
    row("used-but-no-reset", 60, 30, 0, 1min);
}

void tst_RateMeter::periodIsGuessed()
{
    QFETCH(const qint64, limit);
    QFETCH(const qint64, remaining);
    QFETCH(const qint64, reset);
    QFETCH(const qint64, period);
    RateMeter meter;
    meter.learn({limit, remaining, std::chrono::milliseconds(reset), {}}, Start);
    QCOMPARE(meter.limit(), std::optional<std::int64_t>(limit));
    QCOMPARE(meter.period().count(), period);
}

void tst_RateMeter::remainingMovesOn()
{
    RateMeter meter;
    meter.learn({60, 0, {}, 1min}, Start); // others with this key used it all
    QCOMPARE(meter.readyAt(), Start);
    meter.take(1, Start);
    QCOMPARE(meter.readyAt(), Start + 1s);
    RateMeter half;
    half.learn({60, 30, {}, 1min}, Start);
    for (int i = 0; i < 31; ++i)
        half.take(1, Start);
    QCOMPARE(half.readyAt(), Start + 1s);
}

void tst_RateMeter::laterDeadlineHolds()
{
    RateMeter meter;
    meter.learn({60, 0, {}, 1min}, Start);
    const RateMeter spent = meter;
    meter.learn({60, 60, {}, 1min}, Start); // a rounded or stale figure takes nothing back
    QVERIFY(meter == spent);
    meter.learn({60, 0, {}, 1min}, Start + 5s);
    meter.take(1, Start + 5s);
    QCOMPARE(meter.readyAt(), Start + 6s);
}

void tst_RateMeter::hostileFiguresDoNothing_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("remaining");
    QTest::addColumn<qint64>("reset");
    constexpr qint64 Most = std::numeric_limits<qint64>::max();
    constexpr qint64 Least = std::numeric_limits<qint64>::min();
    QTest::newRow("no-limit") << qint64(0) << qint64(0) << qint64(1'000);
    QTest::newRow("negative") << qint64(-5) << qint64(-5) << qint64(-5);
    QTest::newRow("huge") << Most << Most << Most;
    QTest::newRow("lowest") << Least << Least << Least;
    QTest::newRow("negative-remaining") << qint64(10) << Least << Most;
    QTest::newRow("more-left-than-the-limit") << qint64(10) << Most << qint64(1);
    QTest::newRow("one-a-year") << qint64(1) << qint64(0) << Most;
}

void tst_RateMeter::hostileFiguresDoNothing()
{
    QFETCH(const qint64, limit);
    QFETCH(const qint64, remaining);
    QFETCH(const qint64, reset);
    RateMeter meter;
    for (int i = 0; i < 1'000; ++i) {
        meter.learn({limit, remaining, std::chrono::milliseconds(reset), {}}, Start);
        meter.learn({limit, remaining, {}, std::chrono::milliseconds(reset)}, Start);
    }
    // Whatever was told, a service that goes on answering can hold us for no more than its period.
    QVERIFY(meter.readyAt() <= Start);
    meter.take(std::numeric_limits<qint64>::max(), Start);
    meter.correct(std::numeric_limits<qint64>::min());
    QVERIFY(meter.readyAt() <= Start + 24h * 31);
}

QTEST_GUILESS_MAIN(tst_RateMeter)
#include "tst_ratemeter.moc"
