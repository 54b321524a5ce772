#include "core/resilience/backoff.h"
#include "tests/support/seededrandom.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace std::chrono_literals;

namespace {

//! A source that always draws the same fraction.
class FixedRandom final : public core::Random
{
public:
    explicit FixedRandom(std::uint64_t bits)
        : m_bits(bits)
    {
    }
    std::uint64_t bits() override { return m_bits; }

private:
    std::uint64_t m_bits;
};

} // namespace

class tst_Backoff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void jitterIsFullAndNeverShared_data();
    void jitterIsFullAndNeverShared();
    void systemsChance_data();
    void systemsChance();
    void staysWithinItsLimits();
    void hintIsNeverUndercut_data();
    void hintIsNeverUndercut();
};

void tst_Backoff::jitterIsFullAndNeverShared_data()
{
    QTest::addColumn<int>("retry");
    QTest::addColumn<int>("ceiling"); // ms
    QTest::newRow("first-retry") << 0 << 500;
    QTest::newRow("second-retry") << 1 << 1'000;
    QTest::newRow("capped") << 9 << 8'000;
}

void tst_Backoff::jitterIsFullAndNeverShared()
{
    QFETCH(const int, retry);
    QFETCH(const int, ceiling);
    constexpr int Clients = 1'000;
    const core::Backoff backoff;
    std::chrono::nanoseconds sum{0};
    std::chrono::nanoseconds least = std::chrono::hours(1), most{0};
    QSet<qint64> drawn;
    for (int client = 0; client < Clients; ++client) {
        tests::SeededRandom random(static_cast<std::uint64_t>(client) * 7'919 + 1);
        const auto wait = backoff.wait(retry, random);
        sum += wait;
        least = std::min(least, wait);
        most = std::max(most, wait);
        drawn.insert(wait.count());
    }
    const double mean = std::chrono::duration<double, std::milli>(sum).count() / Clients;
    QVERIFY2(std::abs(mean - ceiling / 2.0) <= 0.05 * ceiling / 2.0,
             qPrintable(QString::number(mean)));
    QCOMPARE(drawn.size(), Clients);
    QVERIFY(least >= 50ms);
    QVERIFY(least < std::chrono::milliseconds(ceiling / 5)); // full, not half, jitter
    QVERIFY(most < std::chrono::milliseconds(ceiling));
    QVERIFY(most > std::chrono::milliseconds(ceiling) * 9 / 10);
}

void tst_Backoff::systemsChance_data()
{
    QTest::addColumn<std::chrono::milliseconds>("hint"); // 0: none
    QTest::addColumn<std::chrono::milliseconds>("drawn");
    QTest::newRow("capped") << 0ms << std::chrono::milliseconds(8s);
    QTest::newRow("after-a-hint") << std::chrono::milliseconds(20s)
                                  << std::chrono::milliseconds(1s);
}

//! With the chance that is shipped. Nobody holds it, so that the bounds are such as never fail by
//! it: a mean of 20,000 waits lies twelve deviations within five per cent, and a thousand that have
//! two in the same nanosecond come once in thousands of times, not three times of twenty.
void tst_Backoff::systemsChance()
{
    QFETCH(const std::chrono::milliseconds, hint);
    QFETCH(const std::chrono::milliseconds, drawn);
    constexpr int Clients = 1'000, Times = 20;
    core::SystemRandom random;
    std::chrono::nanoseconds sum{0};
    int shared = 0;
    for (int time = 0; time < Times; ++time) {
        QSet<qint64> waits;
        for (int client = 0; client < Clients; ++client) {
            const auto wait =
                hint > 0ms ? core::waitAfterHint(hint, random) : core::Backoff().wait(9, random);
            QVERIFY(wait >= hint && wait < hint + drawn);
            sum += wait - hint;
            waits.insert(wait.count());
        }
        shared += waits.size() < Clients ? 1 : 0;
    }
    const double mean = std::chrono::duration<double, std::milli>(sum).count() / (Clients * Times);
    const double half = static_cast<double>(drawn.count()) / 2;
    QVERIFY2(std::abs(mean - half) <= 0.05 * half, qPrintable(QString::number(mean)));
    QVERIFY2(shared < 3, qPrintable(QString::number(shared)));
}

void tst_Backoff::staysWithinItsLimits()
{
    FixedRandom least(0), most(~0ULL);
    const core::Backoff backoff{500ms, 8s, 50ms};
    for (const int retry : {0, 1, 4, 5, 63, 1'000'000}) {
        QCOMPARE(backoff.wait(retry, least), std::chrono::nanoseconds(50ms));
        QVERIFY(backoff.wait(retry, most) < 8s);
    }
    QVERIFY(backoff.wait(1'000'000, most) > 7'999ms);
    // Less jitter, as a setting: half of the wait is certain, or all of it.
    const core::Backoff half{500ms, 8s, 50ms, 0.5};
    QCOMPARE(half.wait(0, least), std::chrono::nanoseconds(250ms));
    QVERIFY(half.wait(0, most) <= 500ms && half.wait(0, most) > 499ms);
    for (const double none : {0.0, -3.0}) {
        const core::Backoff certain{500ms, 8s, 50ms, none};
        QCOMPARE(certain.wait(1, least), std::chrono::nanoseconds(1s));
        QCOMPARE(certain.wait(1, most), std::chrono::nanoseconds(1s));
    }
}

void tst_Backoff::hintIsNeverUndercut_data()
{
    QTest::addColumn<qint64>("hint"); // ms
    QTest::addColumn<qint64>("most");
    QTest::newRow("milliseconds") << qint64(7) << qint64(8);
    QTest::newRow("tenth-of-a-short-one") << qint64(2'000) << qint64(2'200);
    QTest::newRow("a-second-at-most") << qint64(120'000) << qint64(121'000);
}

void tst_Backoff::hintIsNeverUndercut()
{
    QFETCH(const qint64, hint);
    QFETCH(const qint64, most);
    FixedRandom lowest(0), highest(~0ULL);
    QCOMPARE(core::waitAfterHint(std::chrono::milliseconds(hint), lowest),
             std::chrono::nanoseconds(std::chrono::milliseconds(hint)));
    QVERIFY(core::waitAfterHint(std::chrono::milliseconds(hint), highest) <=
            std::chrono::milliseconds(most));
}

QTEST_GUILESS_MAIN(tst_Backoff)
#include "tst_backoff.moc"
