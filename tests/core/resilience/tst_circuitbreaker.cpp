#include "core/resilience/circuitbreaker.h"
#include "tests/support/seededrandom.h"

#include <QSet>
#include <QTest>

#include <functional>

using core::CircuitBreaker;
using core::SteadyTime;
using Forced = CircuitBreaker::Forced;
using Outcome = CircuitBreaker::Outcome;
using State = CircuitBreaker::State;
using namespace std::chrono_literals;

class tst_CircuitBreaker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void tripsAndHeals_data();
    void tripsAndHeals();
    void windows_data();
    void windows();
    void oldAttemptsDoNotCount();
    void onlyTheLastTwentyCount();
    void slowOpensNothingByItself();
    void opensLonger();
    void jitterIsEven();
    void halfOpenLetsOneThrough();
    void twoGoodProbesClose();
    void ignoredProbeGivesItsPlaceBack();
    void usersOwnSendIsTheProbe();
    void lateEndsSayNothing();
    void byHand();
    void hintOutlivesARestart();
    void hostileHints_data();
    void hostileHints();
};

static const SteadyTime Start{1'000s};

namespace {

void attempt(CircuitBreaker &breaker, Outcome outcome, SteadyTime at, core::Random &random)
{
    breaker.end(breaker.begin(at), outcome, at, random);
}

CircuitBreaker tripped(core::Random &random, SteadyTime at = Start)
{
    CircuitBreaker breaker;
    for (int i = 0; i < 4; ++i)
        attempt(breaker, Outcome::Failure, at, random);
    return breaker;
}

std::chrono::milliseconds openingOf(const CircuitBreaker &breaker, SteadyTime now)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(*breaker.openUntil(now) - now);
}

} // namespace

//! A person asks N times a minute, waits as long as the breaker says, and the service is down for
//! ten minutes.
void tst_CircuitBreaker::tripsAndHeals_data()
{
    QTest::addColumn<int>("perMinute");
    for (int n = 1; n <= 20; ++n)
        QTest::addRow("%d-a-minute", n) << n;
}

void tst_CircuitBreaker::tripsAndHeals()
{
    QFETCH(const int, perMinute);
    tests::SeededRandom random(static_cast<std::uint64_t>(perMinute));
    const auto step = std::chrono::milliseconds(60'000 / perMinute);
    CircuitBreaker breaker;
    SteadyTime now = Start;
    // An hour of a service that fails once in ten: never opened.
    for (int call = 0; now < Start + 1h; now += step, ++call) {
        attempt(breaker, call % 10 == 9 ? Outcome::Failure : Outcome::Success, now, random);
        QCOMPARE(breaker.state(now), State::Closed);
    }
    const SteadyTime down = now;
    int asked = 0, askedBeforeOpen = 0;
    for (; now < down + 10min; now += step) {
        if (!breaker.allows(now))
            continue;
        ++asked;
        attempt(breaker, Outcome::Failure, now, random);
        if (breaker.state(now) == State::Closed)
            ++askedBeforeOpen;
    }
    QVERIFY2(askedBeforeOpen + 1 <= 4, qPrintable(QString::number(askedBeforeOpen)));
    // 4, then probes after 15, 30, 60, 120, 240 s or so: however fast one asks, no more get there.
    QVERIFY2(asked <= 4 + 7, qPrintable(QString::number(asked)));
    const SteadyTime up = now;
    int good = 0;
    while (breaker.state(now) != State::Closed) {
        QVERIFY(now < up + 300s * 1.2 + 2 * step);
        if (breaker.allows(now)) {
            attempt(breaker, Outcome::Success, now, random);
            ++good;
        }
        now += step;
    }
    QCOMPARE(good, 2);
    // As new: one failure is none.
    attempt(breaker, Outcome::Failure, now, random);
    QCOMPARE(breaker.state(now), State::Closed);
}

//! F failure, S success, L slow, I ignored, all within a minute.
void tst_CircuitBreaker::windows_data()
{
    QTest::addColumn<QByteArray>("attempts");
    QTest::addColumn<State>("state");
    QTest::newRow("three-failures") << QByteArray("FFF") << State::Closed;
    QTest::newRow("four-in-a-row") << QByteArray("FFFF") << State::Open;
    QTest::newRow("three-of-four") << QByteArray("FSFF") << State::Closed;
    QTest::newRow("four-of-five") << QByteArray("FFSFF") << State::Open;
    QTest::newRow("two-of-five") << QByteArray("SSSFF") << State::Closed;
    QTest::newRow("half-of-six") << QByteArray("SSSFFF") << State::Open;
    QTest::newRow("alternating") << QByteArray("SFSFSF") << State::Open;
    QTest::newRow("less-than-half") << QByteArray("SSFSSFSSFSSFSSFSSFSS") << State::Closed;
    QTest::newRow("success-breaks-the-row") << QByteArray("SSSSFFFSSSS") << State::Closed;
    QTest::newRow("ignored-do-not-count") << QByteArray("FIFIFIIIII") << State::Closed;
    QTest::newRow("ignored-do-not-break-the-row") << QByteArray("FFIFIF") << State::Open;
    QTest::newRow("slow-counts-half") << QByteArray("SSLLFF") << State::Open;
    QTest::newRow("one-slow-is-too-few") << QByteArray("SSSLFF") << State::Closed;
    QTest::newRow("slow-breaks-the-row") << QByteArray("SSSSSSFFFLFS") << State::Closed;
}

void tst_CircuitBreaker::windows()
{
    QFETCH(const QByteArray, attempts);
    QFETCH(const State, state);
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    SteadyTime now = Start;
    for (const char c : attempts) {
        QVERIFY2(breaker.state(now) == State::Closed, "opened too early");
        attempt(breaker,
                c == 'F'   ? Outcome::Failure
                : c == 'L' ? Outcome::Slow
                : c == 'I' ? Outcome::Ignored
                           : Outcome::Success,
                now, random);
        now += 100ms;
    }
    QCOMPARE(breaker.state(now), state);
}

void tst_CircuitBreaker::oldAttemptsDoNotCount()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    attempt(breaker, Outcome::Failure, Start, random);
    attempt(breaker, Outcome::Failure, Start, random);
    attempt(breaker, Outcome::Success, Start + 1s, random);
    attempt(breaker, Outcome::Success, Start + 61s, random);
    attempt(breaker, Outcome::Failure, Start + 61s, random); // with the first two: 3 of 5
    QCOMPARE(breaker.state(Start + 61s), State::Closed);
    // A row of failures has no age: at one call a minute nothing else could ever open it.
    CircuitBreaker rare;
    for (int i = 0; i < 4; ++i)
        attempt(rare, Outcome::Failure, Start + i * 10min, random);
    QCOMPARE(rare.state(Start + 30min), State::Open);
}

void tst_CircuitBreaker::onlyTheLastTwentyCount()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    SteadyTime now = Start;
    for (int i = 0; i < 30; ++i) // 30 good ones, of which 20 are remembered
        attempt(breaker, Outcome::Success, now += 100ms, random);
    for (int i = 0; i < 9; ++i) {
        attempt(breaker, Outcome::Failure, now += 100ms, random);
        if (i % 3 == 2)
            attempt(breaker, Outcome::Success, now += 100ms, random);
    }
    QCOMPARE(breaker.state(now), State::Closed); // 9 of 20
    attempt(breaker, Outcome::Failure, now += 100ms, random);
    QCOMPARE(breaker.state(now), State::Open); // 10 of 20; of all 43 it would be a quarter
}

void tst_CircuitBreaker::slowOpensNothingByItself()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    for (int i = 0; i < 50; ++i)
        attempt(breaker, Outcome::Slow, Start, random);
    QCOMPARE(breaker.state(Start), State::Closed);
    attempt(breaker, Outcome::Failure, Start, random);
    QCOMPARE(breaker.state(Start), State::Open);
}

void tst_CircuitBreaker::opensLonger()
{
    tests::SeededRandom random(3);
    CircuitBreaker breaker = tripped(random);
    SteadyTime now = Start;
    for (const int seconds : {15, 30, 60, 120, 240, 300, 300, 300}) {
        const auto length = openingOf(breaker, now);
        QVERIFY2(length >= 1s * seconds * 0.8 && length <= 1s * seconds * 1.2,
                 qPrintable(QStringLiteral("%1 s: %2 ms").arg(seconds).arg(length.count())));
        QVERIFY(!breaker.allows(*breaker.openUntil(now) - 1ns));
        now = *breaker.openUntil(now);
        QCOMPARE(breaker.state(now), State::HalfOpen);
        QVERIFY(!breaker.openUntil(now));
        attempt(breaker, Outcome::Failure, now, random);
        QCOMPARE(breaker.state(now), State::Open);
    }
}

void tst_CircuitBreaker::jitterIsEven()
{
    constexpr int Clients = 1'000;
    SteadyTime::duration sum{0}, least = 1h, most{0};
    QSet<qint64> drawn;
    for (int client = 0; client < Clients; ++client) {
        tests::SeededRandom random(static_cast<std::uint64_t>(client) * 7'919 + 1);
        const CircuitBreaker breaker = tripped(random);
        const auto length = *breaker.openUntil(Start) - Start;
        sum += length;
        least = std::min(least, length);
        most = std::max(most, length);
        drawn.insert(length.count());
    }
    const double mean = std::chrono::duration<double>(sum).count() / Clients;
    QVERIFY2(std::abs(mean - 15.0) <= 0.05 * 15.0, qPrintable(QString::number(mean)));
    QCOMPARE(drawn.size(), Clients); // no two come back together
    QVERIFY(least >= 12s && least < 12'300ms);
    QVERIFY(most <= 18s && most > 17'700ms);
}

void tst_CircuitBreaker::halfOpenLetsOneThrough()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker = tripped(random);
    const SteadyTime later = *breaker.openUntil(Start);
    QVERIFY(breaker.allows(later));
    const auto probe = breaker.begin(later);
    QVERIFY(probe.isProbe);
    QVERIFY(!breaker.allows(later));
    QVERIFY(!breaker.allows(later + 1h));
    breaker.end(probe, Outcome::Success, later, random);
    QCOMPARE(breaker.state(later), State::HalfOpen);
    QVERIFY(breaker.allows(later));
}

void tst_CircuitBreaker::twoGoodProbesClose()
{
    for (const Outcome good : {Outcome::Success, Outcome::Slow}) {
        tests::SeededRandom random(1);
        CircuitBreaker breaker = tripped(random);
        const SteadyTime later = *breaker.openUntil(Start);
        attempt(breaker, good, later, random);
        QCOMPARE(breaker.state(later), State::HalfOpen);
        attempt(breaker, good, later, random);
        QCOMPARE(breaker.state(later), State::Closed);
    }
    // A good one and a bad one: open, and the good one is forgotten.
    tests::SeededRandom random(1);
    CircuitBreaker breaker = tripped(random);
    SteadyTime now = *breaker.openUntil(Start);
    attempt(breaker, Outcome::Success, now, random);
    attempt(breaker, Outcome::Failure, now, random);
    QCOMPARE(breaker.state(now), State::Open);
    now = *breaker.openUntil(now);
    attempt(breaker, Outcome::Success, now, random);
    QCOMPARE(breaker.state(now), State::HalfOpen);
}

void tst_CircuitBreaker::ignoredProbeGivesItsPlaceBack()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker = tripped(random);
    const SteadyTime later = *breaker.openUntil(Start);
    attempt(breaker, Outcome::Ignored, later, random); // the user stopped it
    QCOMPARE(breaker.state(later), State::HalfOpen);
    QVERIFY(breaker.allows(later));
}

void tst_CircuitBreaker::usersOwnSendIsTheProbe()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker = tripped(random);
    const SteadyTime soon = Start + 1s;
    QCOMPARE(breaker.state(soon), State::Open);
    attempt(breaker, Outcome::Success, soon, random);
    QCOMPARE(breaker.state(soon), State::HalfOpen); // it answers: others may try, one by one
    attempt(breaker, Outcome::Success, soon, random);
    QCOMPARE(breaker.state(soon), State::Closed);

    breaker = tripped(random);
    const auto until = breaker.openUntil(soon);
    attempt(breaker, Outcome::Failure, soon, random);
    QCOMPARE(breaker.state(soon), State::Open);
    QVERIFY(breaker.openUntil(soon) > until);
}

void tst_CircuitBreaker::lateEndsSayNothing()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    const auto early = breaker.begin(Start);
    for (int i = 0; i < 4; ++i)
        attempt(breaker, Outcome::Failure, Start, random);
    const auto until = breaker.openUntil(Start);
    breaker.end(early, Outcome::Failure, Start + 1s, random); // known trouble
    QCOMPARE(breaker.openUntil(Start + 1s), until);
    breaker.end(early, Outcome::Success, Start + 1s, random);
    QCOMPARE(breaker.state(Start + 1s), State::Open);
    const auto probe = breaker.begin(*until);
    breaker.reset();
    breaker.end(probe, Outcome::Failure, *until, random);
    QCOMPARE(breaker.state(*until), State::Closed);
    QVERIFY(breaker.allows(*until));
}

void tst_CircuitBreaker::byHand()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker;
    breaker.force(Forced::Open);
    QCOMPARE(breaker.state(Start + 24h), State::Open);
    QVERIFY(!breaker.allows(Start));
    QVERIFY(!breaker.openUntil(Start)); // nobody knows
    attempt(breaker, Outcome::Success, Start, random);
    attempt(breaker, Outcome::Success, Start, random);
    QCOMPARE(breaker.state(Start), State::Open);
    breaker.force(Forced::No);
    QCOMPARE(breaker.state(Start), State::Closed);

    breaker.force(Forced::Closed);
    for (int i = 0; i < 50; ++i)
        attempt(breaker, Outcome::Failure, Start, random);
    QCOMPARE(breaker.state(Start), State::Closed);
    QVERIFY(breaker.allows(Start));
    breaker.force(Forced::No);
    QCOMPARE(breaker.state(Start), State::Closed); // what came meanwhile was not counted

    breaker = tripped(random);
    breaker.force(Forced::Closed);
    QVERIFY(breaker.allows(Start));
    breaker.reset();
    QCOMPARE(breaker.forced(), Forced::No);
    QCOMPARE(breaker.state(Start), State::Closed);
}

void tst_CircuitBreaker::hintOutlivesARestart()
{
    tests::SeededRandom random(1);
    CircuitBreaker breaker = tripped(random);
    QVERIFY(!CircuitBreaker().hint(Start));
    const auto hint = breaker.hint(Start + 5s);
    QVERIFY(hint);
    const SteadyTime reborn{7s}; // another boot: steady time begins anew
    CircuitBreaker restored = CircuitBreaker::restored(*hint, reborn);
    QCOMPARE(restored.state(reborn), State::Open);
    QCOMPARE(openingOf(restored, reborn), openingOf(breaker, Start + 5s) + 1ms); // rounded up
    QCOMPARE(restored.state(reborn + hint->openFor), State::HalfOpen);
    attempt(restored, Outcome::Failure, reborn + hint->openFor, random);
    QVERIFY(openingOf(restored, reborn + hint->openFor) >= 24s); // doubled
}

void tst_CircuitBreaker::hostileHints_data()
{
    QTest::addColumn<qint64>("openFor");
    QTest::addColumn<int>("failedProbes");
    QTest::addColumn<qint64>("most"); // ms that it is open
    QTest::newRow("nothing") << qint64(0) << 0 << qint64(0);
    QTest::newRow("negative") << qint64(-1) << -7 << qint64(0);
    QTest::newRow("for-ever") << std::numeric_limits<qint64>::max()
                              << std::numeric_limits<int>::max() << qint64(360'000);
}

void tst_CircuitBreaker::hostileHints()
{
    QFETCH(const qint64, openFor);
    QFETCH(const int, failedProbes);
    QFETCH(const qint64, most);
    tests::SeededRandom random(1);
    CircuitBreaker breaker =
        CircuitBreaker::restored({std::chrono::milliseconds(openFor), failedProbes}, Start);
    const SteadyTime end = Start + std::chrono::milliseconds(most);
    QVERIFY(breaker.allows(end));
    attempt(breaker, Outcome::Failure, end, random);
    QVERIFY(!breaker.openUntil(end) || openingOf(breaker, end) <= 360s);
}

QTEST_GUILESS_MAIN(tst_CircuitBreaker)
#include "tst_circuitbreaker.moc"
