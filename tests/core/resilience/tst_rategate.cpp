#include "core/resilience/rategate.h"

#include <QTest>

using core::RateGate;
using core::RateLimit;
using core::SteadyTime;
using core::Urgency;
using namespace std::chrono_literals;

class tst_RateGate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void unlimitedLetsAllThrough();
    void requestsAreCounted();
    void tokensAreCounted();
    void boundsThoseInFlight();
    void chatBeforeCompareBeforeBatch();
    void firstComeFirstServed();
    void refusesTheThirtyThird();
    void leavingOpensThePlace();
    void blockKeepsTheLaterDeadline();
    void spentWithoutALimitBlocks();
    void priceFollowsPastOutput_data();
    void priceFollowsPastOutput();
    void settledByTruth();
    void unsentCostsNothing();
    void passIsPaidToo();
    void foretellsWaits();
    void saysWhenToAskAgain();
    void ownLimitHoldsFromTheFirst();
    void ownLimitIsOfAnyMinute();
    void ownTokensAreCounted();
    void ownAndToldLimitsOnlyDelay();
    void ownLimitChanges();
};

static const SteadyTime Start{1'000s};

static RateLimit perMinute(std::int64_t limit)
{
    return {limit, {}, {}, 1min};
}

static QList<std::int64_t> whoGoes(RateGate &gate, SteadyTime now)
{
    QList<std::int64_t> tickets;
    while (const auto demand = gate.next(now))
        tickets.append(demand->ticket);
    return tickets;
}

void tst_RateGate::unlimitedLetsAllThrough()
{
    RateGate gate;
    QVERIFY(!gate.next(Start));
    for (std::int64_t ticket = 1; ticket <= 20; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Chat, 1'000'000}));
    QCOMPARE(whoGoes(gate, Start).size(), 20);
    QCOMPARE(gate.inFlight(), 20);
    QCOMPARE(gate.waiting(), 0);
}

void tst_RateGate::requestsAreCounted()
{
    RateGate gate;
    gate.learn(perMinute(2), {}, Start);
    for (std::int64_t ticket = 1; ticket <= 5; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Chat, 0}));
    QCOMPARE(whoGoes(gate, Start), (QList<std::int64_t>{1, 2, 3})); // tau, then one more at TAT
    QCOMPARE(gate.readyAt(), std::optional(Start + 30s));
    QCOMPARE(whoGoes(gate, Start + 29'999ms), QList<std::int64_t>());
    QCOMPARE(whoGoes(gate, Start + 30s), QList<std::int64_t>{4});
    QCOMPARE(whoGoes(gate, Start + 60s), QList<std::int64_t>{5});
}

void tst_RateGate::tokensAreCounted()
{
    RateGate gate;
    gate.learn({}, perMinute(10'000), Start);
    QVERIFY(gate.join({1, Urgency::Chat, 12'000}));
    QVERIFY(gate.join({2, Urgency::Chat, 10}));
    QCOMPARE(whoGoes(gate, Start), QList<std::int64_t>{1});
    QCOMPARE(gate.readyAt(), std::optional(Start + 12s));
    QCOMPARE(whoGoes(gate, Start + 12s), QList<std::int64_t>{2});
}

void tst_RateGate::boundsThoseInFlight()
{
    RateGate gate;
    for (std::int64_t ticket = 1; ticket <= RateGate::MostInFlight; ++ticket)
        gate.pass({ticket, Urgency::Chat, 0}, Start);
    const RateGate::Demand late{99, Urgency::Chat, 0};
    QVERIFY(gate.join(late));
    QVERIFY(!gate.next(Start + 1h));
    QVERIFY(!gate.readyAt()); // it takes an end
    QVERIFY(!gate.waitOf(99, Start));
    gate.settle({1, Urgency::Chat, 0}, {});
    QCOMPARE(gate.next(Start), std::optional(late));
}

void tst_RateGate::chatBeforeCompareBeforeBatch()
{
    RateGate gate;
    gate.blockUntil(Start + 1s);
    QVERIFY(gate.join({1, Urgency::Batch, 0}));
    QVERIFY(gate.join({2, Urgency::Compare, 0}));
    QVERIFY(gate.join({3, Urgency::Chat, 0}));
    QVERIFY(gate.join({4, Urgency::Batch, 0}));
    QVERIFY(gate.join({5, Urgency::Compare, 0}));
    QVERIFY(gate.join({6, Urgency::Chat, 0}));
    QCOMPARE(whoGoes(gate, Start), QList<std::int64_t>());
    QCOMPARE(whoGoes(gate, Start + 1s), (QList<std::int64_t>{3, 6, 2, 5, 1, 4}));
}

void tst_RateGate::firstComeFirstServed()
{
    RateGate gate;
    gate.learn(perMinute(60), {}, Start);
    gate.blockUntil(Start + 1s);
    QList<std::int64_t> all;
    for (std::int64_t ticket = 1; ticket <= RateGate::MostWaiting; ++ticket) {
        QVERIFY(gate.join({ticket, Urgency::Compare, 7}));
        all.append(ticket);
    }
    QCOMPARE(whoGoes(gate, Start + 1s), all);
}

void tst_RateGate::refusesTheThirtyThird()
{
    RateGate gate;
    gate.blockUntil(Start + 1s);
    for (std::int64_t ticket = 1; ticket <= 32; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Batch, 0}));
    QVERIFY(!gate.join({33, Urgency::Chat, 0}));
    QCOMPARE(gate.waiting(), 32);
    gate.leave(7);
    QVERIFY(gate.join({33, Urgency::Chat, 0}));
}

void tst_RateGate::leavingOpensThePlace()
{
    RateGate gate;
    gate.blockUntil(Start + 1s);
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    QVERIFY(gate.join({2, Urgency::Chat, 0}));
    gate.leave(1);
    gate.leave(1);
    gate.leave(77);
    QCOMPARE(whoGoes(gate, Start + 1s), QList<std::int64_t>{2});
    QCOMPARE(gate.inFlight(), 1);
}

void tst_RateGate::blockKeepsTheLaterDeadline()
{
    RateGate gate;
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    gate.blockUntil(Start + 20s);
    gate.blockUntil(Start + 5s);
    QCOMPARE(gate.readyAt(), std::optional(Start + 20s));
    gate.blockUntil(Start + 25s);
    QCOMPARE(gate.readyAt(), std::optional(Start + 25s));
    QVERIFY(!gate.next(Start + 24'999ms));
    QVERIFY(gate.next(Start + 25s));
}

void tst_RateGate::spentWithoutALimitBlocks()
{
    RateGate gate;
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    gate.learn({{}, 3, 10s, {}}, {}, Start); // something left: no reason to wait
    QCOMPARE(gate.readyAt(), std::optional(SteadyTime()));
    gate.learn({}, {{}, 0, 10s, {}}, Start);
    QCOMPARE(gate.readyAt(), std::optional(Start + 10s));
}

void tst_RateGate::priceFollowsPastOutput_data()
{
    QTest::addColumn<QList<int>>("outputs");
    QTest::addColumn<int>("maxOutput");
    QTest::addColumn<int>("price"); // of 100 tokens in
    QTest::newRow("nothing-known") << QList<int>() << 4'000 << 4'100;
    QTest::newRow("one-answer") << QList<int>{300} << 4'000 << 400;
    QTest::newRow("limit-is-less") << QList<int>{300} << 50 << 150;
    QTest::newRow("ninth-of-ten") << QList<int>{10, 20, 30, 40, 50, 60, 70, 80, 90, 9'999} << 4'000
                                  << 190;
    QTest::newRow("order-is-nothing")
        << QList<int>{9'999, 90, 80, 70, 60, 50, 40, 30, 20, 10} << 4'000 << 190;
    QTest::newRow("old-ones-go") << (QList<int>{5'000, 5'000, 5'000, 5'000, 5'000, 5'000} +
                                     QList<int>(50, 7))
                                 << 4'000 << 107;
}

void tst_RateGate::priceFollowsPastOutput()
{
    QFETCH(const QList<int>, outputs);
    QFETCH(const int, maxOutput);
    QFETCH(const int, price);
    RateGate gate;
    for (const int output : outputs)
        gate.noteOutput(output);
    QCOMPARE(gate.price(100, maxOutput), price);
}

void tst_RateGate::settledByTruth()
{
    RateGate gate;
    gate.learn({}, perMinute(10'000), Start);
    const RateGate::Demand guessed{1, Urgency::Chat, 20'000};
    gate.pass(guessed, Start);
    QVERIFY(gate.join({2, Urgency::Chat, 1}));
    QCOMPARE(gate.readyAt(), std::optional(Start + 60s));
    gate.settle(guessed, 15'000);
    QCOMPARE(gate.readyAt(), std::optional(Start + 30s));
    const RateGate::Demand cheap{3, Urgency::Chat, 0};
    gate.pass(cheap, Start);
    gate.settle(cheap, 5'000);
    QCOMPARE(gate.readyAt(), std::optional(Start + 60s));
    const RateGate::Demand unknown{4, Urgency::Chat, 0};
    gate.pass(unknown, Start);
    gate.settle(unknown, {}); // the guess stands
    QCOMPARE(gate.readyAt(), std::optional(Start + 60s));
    QCOMPARE(gate.inFlight(), 0);
}

void tst_RateGate::unsentCostsNothing()
{
    RateGate gate;
    gate.learn(perMinute(1), perMinute(1'000), Start);
    const RateGate::Demand demand{1, Urgency::Chat, 5'000};
    gate.pass(demand, Start);
    gate.settleUnsent(demand);
    QVERIFY(gate.join({2, Urgency::Chat, 1}));
    QVERIFY(*gate.readyAt() <= Start);
    QCOMPARE(gate.inFlight(), 0);
}

void tst_RateGate::passIsPaidToo()
{
    RateGate gate;
    gate.learn(perMinute(60), {}, Start);
    gate.blockUntil(Start + 10s);
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    gate.pass({1, Urgency::Chat, 0}, Start); // "Now": leaves the queue
    QCOMPARE(gate.waiting(), 0);
    QCOMPARE(gate.inFlight(), 1);
    QVERIFY(gate.join({2, Urgency::Chat, 0}));
    QVERIFY(!gate.next(Start)); // the others wait on
}

void tst_RateGate::foretellsWaits()
{
    RateGate gate;
    gate.learn(perMinute(1), {}, Start);
    gate.pass({1, Urgency::Chat, 0}, Start);
    gate.pass({2, Urgency::Chat, 0}, Start);
    QCOMPARE(gate.waitFor(Urgency::Chat, Start), std::optional<SteadyTime::duration>(60s));
    QVERIFY(gate.join({3, Urgency::Batch, 0}));
    QVERIFY(gate.join({4, Urgency::Batch, 0}));
    QCOMPARE(gate.waitOf(3, Start), std::optional<SteadyTime::duration>(60s));
    QCOMPARE(gate.waitOf(4, Start), std::optional<SteadyTime::duration>(120s));
    QCOMPARE(gate.waitFor(Urgency::Batch, Start), std::optional<SteadyTime::duration>(180s));
    QCOMPARE(gate.waitFor(Urgency::Chat, Start), std::optional<SteadyTime::duration>(60s));
    QCOMPARE(gate.waitOf(99, Start), std::optional<SteadyTime::duration>(0s));
}

void tst_RateGate::saysWhenToAskAgain()
{
    RateGate gate;
    QVERIFY(!gate.readyAt());
    gate.blockUntil(Start + 5s);
    QVERIFY(!gate.readyAt()); // nobody waits
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    QCOMPARE(gate.readyAt(), std::optional(Start + 5s));
    gate.unblock();
    QVERIFY(*gate.readyAt() <= Start);
}

void tst_RateGate::ownLimitHoldsFromTheFirst()
{
    RateGate gate;
    gate.setOwnLimits({2, {}});
    for (std::int64_t ticket = 1; ticket <= 5; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Chat, 1'000'000}));
    QCOMPARE(gate.waitOf(1, Start), std::optional<SteadyTime::duration>(0s));
    QCOMPARE(gate.waitOf(5, Start), std::optional<SteadyTime::duration>(120s));
    QCOMPARE(whoGoes(gate, Start), (QList<std::int64_t>{1, 2}));
    QCOMPARE(gate.readyAt(), std::optional(Start + 60s));
    QCOMPARE(whoGoes(gate, Start + 59'999ms), QList<std::int64_t>());
    QCOMPARE(whoGoes(gate, Start + 60s), (QList<std::int64_t>{3, 4}));
    QCOMPARE(whoGoes(gate, Start + 120s), QList<std::int64_t>{5});
}

void tst_RateGate::ownLimitIsOfAnyMinute()
{
    RateGate gate;
    gate.setOwnLimits({3, {}});
    QList<SteadyTime> went;
    for (std::int64_t ticket = 1; ticket <= 12; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Chat, 0}));
    for (SteadyTime now = Start; went.size() < 12 && now < Start + 10min; now += 7s) {
        if (const auto one = gate.next(now)) {
            went.append(now);
            gate.settle(*one, {});
        }
    }
    QCOMPARE(went.size(), 12);
    for (qsizetype i = 3; i < went.size(); ++i)
        QVERIFY(went.at(i) - went.at(i - 3) >= 60s);
}

void tst_RateGate::ownTokensAreCounted()
{
    RateGate gate;
    gate.setOwnLimits({{}, 10'000});
    const RateGate::Demand large{1, Urgency::Chat, 12'000};
    QVERIFY(gate.join(large)); // larger than the limit: it would never go else
    QVERIFY(gate.join({2, Urgency::Chat, 10}));
    QCOMPARE(whoGoes(gate, Start), QList<std::int64_t>{1});
    QCOMPARE(gate.readyAt(), std::optional(Start + 60s));
    gate.settle(large, 9'999); // it was less in truth
    QCOMPARE(whoGoes(gate, Start + 1s), QList<std::int64_t>{2});
    QVERIFY(gate.join({3, Urgency::Chat, 10}));
    QCOMPARE(whoGoes(gate, Start + 2s), QList<std::int64_t>());
    gate.settleUnsent({2, Urgency::Chat, 10}); // it never left
    QCOMPARE(whoGoes(gate, Start + 2s), QList<std::int64_t>{3});
}

void tst_RateGate::ownAndToldLimitsOnlyDelay()
{
    RateGate gate;
    gate.setOwnLimits({100, {}});
    gate.learn({60, 0, 60s, {}}, {}, Start); // the service has less left than the user allows
    QVERIFY(gate.join({1, Urgency::Chat, 0}));
    QVERIFY(gate.join({2, Urgency::Chat, 0}));
    QCOMPARE(whoGoes(gate, Start), QList<std::int64_t>{1});
    QCOMPARE(gate.readyAt(), std::optional(Start + 1s));

    RateGate slow;
    slow.setOwnLimits({1, {}});
    slow.learn(perMinute(4'000), {}, Start); // more than the user wants
    QVERIFY(slow.join({1, Urgency::Chat, 0}));
    QVERIFY(slow.join({2, Urgency::Chat, 0}));
    QCOMPARE(whoGoes(slow, Start), QList<std::int64_t>{1});
    QCOMPARE(slow.readyAt(), std::optional(Start + 60s));
    QCOMPARE(slow.requests().limit(), std::optional<std::int64_t>(4'000));
}

void tst_RateGate::ownLimitChanges()
{
    RateGate gate;
    gate.setOwnLimits({1, {}});
    for (std::int64_t ticket = 1; ticket <= 4; ++ticket)
        QVERIFY(gate.join({ticket, Urgency::Chat, 0}));
    QCOMPARE(whoGoes(gate, Start), QList<std::int64_t>{1});
    gate.setOwnLimits({2, {}}); // what went counts on
    QCOMPARE(whoGoes(gate, Start + 1s), QList<std::int64_t>{2});
    gate.setOwnLimits({});
    QCOMPARE(whoGoes(gate, Start + 1s), (QList<std::int64_t>{3, 4}));
}

QTEST_GUILESS_MAIN(tst_RateGate)
#include "tst_rategate.moc"
