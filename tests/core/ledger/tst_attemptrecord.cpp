#include "core/ledger/attemptrecord.h"

#include <QTest>

using core::AttemptRecord;
using core::CostBasis;
using core::UsageBasis;
using core::UsageKind;
using std::chrono::milliseconds;

//! What a speed is made of, and what a sum of tokens.
class tst_AttemptRecord : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void outputThatWasSeenComing_data();
    void outputThatWasSeenComing();
    void tokensThatAreAllTold_data();
    void tokensThatAreAllTold();
};

void tst_AttemptRecord::outputThatWasSeenComing_data()
{
    QTest::addColumn<int>("output");   // -1: not told
    QTest::addColumn<int>("thought");  // likewise
    QTest::addColumn<int>("first");    // ms; likewise
    QTest::addColumn<int>("last");     // ms; likewise
    QTest::addColumn<int>("tokens");   // -1: nobody can tell
    QTest::addColumn<int>("duration"); // ms
    QTest::newRow("text") << 80 << -1 << 500 << 2'500 << 80 << 2'000;
    QTest::newRow("no-thoughts-told") << 80 << 0 << 500 << 2'500 << 80 << 2'000;
    QTest::newRow("thought-before") << 2'200 << 2'000 << 20'000 << 22'000 << 200 << 2'000;
    QTest::newRow("only-thoughts") << 2'000 << 2'000 << 20'000 << 22'000 << -1 << 0;
    QTest::newRow("more-thoughts-than-output") << 10 << 20 << 500 << 2'500 << -1 << 0;
    QTest::newRow("thoughts-without-output") << 0 << 20 << 500 << 2'500 << -1 << 0;
    QTest::newRow("nothing-written") << 0 << 0 << 500 << 2'500 << 0 << 2'000;
    QTest::newRow("not-counted") << -1 << -1 << 500 << 2'500 << -1 << 0;
    QTest::newRow("nothing-shown") << 80 << -1 << -1 << 2'500 << -1 << 0;
    QTest::newRow("all-at-once") << 80 << -1 << 500 << 500 << -1 << 0;
    QTest::newRow("no-end") << 80 << -1 << 500 << -1 << -1 << 0;
}

void tst_AttemptRecord::outputThatWasSeenComing()
{
    QFETCH(const int, output);
    QFETCH(const int, thought);
    QFETCH(const int, first);
    QFETCH(const int, last);
    QFETCH(const int, tokens);
    AttemptRecord attempt;
    if (output >= 0)
        attempt.usage.tokens.insert(UsageKind::Output, output);
    if (thought >= 0)
        attempt.usage.tokens.insert(UsageKind::OutputReasoning, thought);
    if (first >= 0)
        attempt.times.firstVisible = milliseconds(first);
    if (last >= 0)
        attempt.times.lastByte = milliseconds(last);
    const auto timed = core::timedOutput(attempt);
    QCOMPARE(timed.has_value(), tokens >= 0);
    if (!timed)
        return;
    QCOMPARE(timed->tokens, tokens);
    QTEST(static_cast<int>(timed->duration.count()), "duration");
}

void tst_AttemptRecord::tokensThatAreAllTold_data()
{
    QTest::addColumn<CostBasis>("costBasis");
    QTest::addColumn<UsageBasis>("basis");
    QTest::addColumn<QList<UsageKind>>("told");
    QTest::addColumn<bool>("all");
    const auto row = [](const char *name, CostBasis costBasis, UsageBasis basis,
                        const QList<UsageKind> &told,
                        bool all) { QTest::newRow(name) << costBasis << basis << told << all; };
    const QList both{UsageKind::Input, UsageKind::Output};
    row("told", CostBasis::Exact, UsageBasis::Provider, both, true);
    row("drained", CostBasis::Drained, UsageBasis::Provider, both, true);
    row("told-by-a-local-server", CostBasis::Local, UsageBasis::Provider, both, true);
    row("not-sent", CostBasis::NotSent, UsageBasis::None, {}, true);
    row("refused", CostBasis::NotCharged, UsageBasis::None, {}, true);
    row("given-again", CostBasis::Cached, UsageBasis::None, {}, true);
    row("server-fault", CostBasis::InputOnly, UsageBasis::None, {}, false);
    row("no-answer", CostBasis::Unanswered, UsageBasis::None, {}, false);
    row("interrupted", CostBasis::Interrupted, UsageBasis::None, {}, false);
    row("local-without-counts", CostBasis::Local, UsageBasis::None, {}, false);
    row("whole-without-counts", CostBasis::Estimated, UsageBasis::Estimated, both, false);
    row("cut", CostBasis::Partial, UsageBasis::Estimated, both, false);
    row("stopped-after-first-counts", CostBasis::Cancelled, UsageBasis::ProviderPartial, both,
        false);
    row("no-output-told", CostBasis::Exact, UsageBasis::Provider, {UsageKind::Input}, false);
    row("no-input-told", CostBasis::Exact, UsageBasis::Provider, {UsageKind::Output}, false);
}

void tst_AttemptRecord::tokensThatAreAllTold()
{
    QFETCH(const CostBasis, costBasis);
    QFETCH(const UsageBasis, basis);
    QFETCH(const QList<UsageKind>, told);
    AttemptRecord attempt;
    attempt.costBasis = costBasis;
    attempt.usage.basis = basis;
    for (const UsageKind kind : told)
        attempt.usage.tokens.insert(kind, 0); // none is a count too
    QTEST(core::tellsAllTokens(attempt), "all");
}

QTEST_GUILESS_MAIN(tst_AttemptRecord)
#include "tst_attemptrecord.moc"
