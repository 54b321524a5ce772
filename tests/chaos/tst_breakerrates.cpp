#include "tests/core/client/engine.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using core::CircuitBreaker;
using namespace std::chrono_literals;
using namespace tests;

namespace {

const QString One = QStringLiteral("one");
const QString Two = QStringLiteral("two");

//! How many of \p calls, one each \p interval, reach a service that always fails, if each opening
//! lasts \p spread times its length. Less spread never means fewer.
int reachARuin(int calls, std::chrono::milliseconds interval, double spread)
{
    int reached = 0, failedProbes = 0;
    double openUntil = 0; // ms
    for (int call = 0; call < calls; ++call) {
        const double now = static_cast<double>((call * interval).count());
        const bool isClosed = reached < CircuitBreaker::FailuresInARow;
        if (!isClosed && now < openUntil)
            continue;
        if (!isClosed)
            ++failedProbes;
        ++reached;
        const double length = std::min(15'000.0 * std::pow(2, failedProbes), 300'000.0);
        openUntil = now + length * spread;
    }
    return reached;
}

} // namespace

//! The circuit breaker as a person meets it, who asks 1 to 20 times a minute: time is the test's,
//! the services count.
class tst_BreakerRates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void ruinIsLeftAlone_data() { rates(); }
    void ruinIsLeftAlone();
    void healedServiceIsAskedAgain_data() { rates(); }
    void healedServiceIsAskedAgain();
    void everyOtherFails_data();
    void everyOtherFails();

private:
    static void rates();
    //! One call of a person's to both services, and the time until the next one. Sets \p reached to
    //! whether "one" was asked.
    static void call(Engine &engine, std::chrono::milliseconds interval, bool &reached);
};

void tst_BreakerRates::rates()
{
    QTest::addColumn<int>("perMinute");
    for (const int rate : {1, 2, 5, 10, 20})
        QTest::addRow("%d-a-minute", rate) << rate;
}

void tst_BreakerRates::call(Engine &engine, std::chrono::milliseconds interval, bool &reached)
{
    core::ClientOptions options = engine.client.options();
    options.retry = false; // a call is an attempt
    engine.client.setOptions(options);
    const bool wasWell = engine.traffic.isWell(engine.target(One));
    const qsizetype before = engine.one.requests().size();
    Watched watched(engine.send(engine.route({One, Two}), &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result()); // somebody always answers
    reached = engine.one.requests().size() > before;
    QCOMPARE(reached, wasWell);
    QCOMPARE(engine.one.requests().size() - before, reached ? 1 : 0);
    QCOMPARE(watched.warnings.size(), reached ? 0 : 1); // who is gone around is told
    engine.clock.advance(interval);
}

void tst_BreakerRates::ruinIsLeftAlone()
{
    QFETCH(const int, perMinute);
    const std::chrono::milliseconds interval = 60'000ms / perMinute;
    const int calls = std::max(10, 5 * perMinute);
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) { return refusal(503, "down"); });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    for (int i = 0; i < calls; ++i) {
        bool reached = false;
        call(engine, interval, reached);
        if (QTest::currentTestFailed())
            return;
        // Until it has failed four times in a row, nothing holds it back.
        QVERIFY(reached || i >= CircuitBreaker::FailuresInARow);
    }
    const int seen = static_cast<int>(engine.one.requests().size());
    const int least = reachARuin(calls, interval, 1 + CircuitBreaker::Jitter);
    const int most = reachARuin(calls, interval, 1 - CircuitBreaker::Jitter);
    QVERIFY2(seen >= least && seen <= most,
             qPrintable(QStringLiteral("%1, not %2 to %3").arg(seen).arg(least).arg(most)));
    QCOMPARE(engine.two.requests().size(), calls);
    QCOMPARE(engine.journal.closedAttempts().size(), engine.requests());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_BreakerRates::healedServiceIsAskedAgain()
{
    QFETCH(const int, perMinute);
    const std::chrono::milliseconds interval = 60'000ms / perMinute;
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) { return refusal(503, "down"); });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    bool reached = false;
    const core::Target one = engine.target(One);
    for (int i = 0; i < CircuitBreaker::FailuresInARow; ++i) {
        QVERIFY(engine.traffic.isWell(one));
        call(engine, 0ms, reached);
    }
    QCOMPARE(engine.traffic.breakerState(one), CircuitBreaker::State::Open);
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    int probes = 0;
    // Its first opening is 18 s at most.
    for (int i = 0; i < 20 && engine.traffic.breakerState(one) != CircuitBreaker::State::Closed;
         ++i) {
        call(engine, interval, reached);
        if (QTest::currentTestFailed())
            return;
        probes += reached ? 1 : 0;
    }
    QCOMPARE(probes, CircuitBreaker::ProbesToClose);
    QCOMPARE(engine.traffic.breakerState(one), CircuitBreaker::State::Closed);
    const qsizetype others = engine.two.requests().size();
    for (int i = 0; i < 3; ++i) {
        call(engine, interval, reached);
        QVERIFY(reached);
    }
    QCOMPARE(engine.two.requests().size(), others);
}

void tst_BreakerRates::everyOtherFails_data()
{
    QTest::addColumn<int>("perMinute");
    QTest::addColumn<bool>("opens");
    // Half of at least five attempts of a minute: who asks less often than that is never kept away.
    // Four a minute stand on its edge.
    for (const int rate : {1, 2, 3})
        QTest::addRow("%d-a-minute", rate) << rate << false;
    for (const int rate : {5, 10, 20})
        QTest::addRow("%d-a-minute", rate) << rate << true;
}

void tst_BreakerRates::everyOtherFails()
{
    QFETCH(const int, perMinute);
    QFETCH(const bool, opens);
    const std::chrono::milliseconds interval = 60'000ms / perMinute;
    Engine engine;
    int asked = 0;
    engine.one.setChooser([&asked](const core::LoopbackRequest &) {
        return ++asked % 2 == 1 ? refusal(503, "down") : hello();
    });
    engine.two.setChooser([](const core::LoopbackRequest &) { return hello(); });
    for (int i = 0; i < 12; ++i) {
        bool reached = false;
        call(engine, interval, reached);
        if (QTest::currentTestFailed() || !reached)
            break;
    }
    QCOMPARE(asked, opens ? CircuitBreaker::LeastAttempts : 12);
}

QTEST_GUILESS_MAIN(tst_BreakerRates)
#include "tst_breakerrates.moc"
