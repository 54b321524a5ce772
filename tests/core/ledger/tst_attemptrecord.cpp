#include "core/ledger/attemptrecord.h"

#include <QTest>

using core::AttemptRecord;
using core::UsageKind;
using std::chrono::milliseconds;

//! What a speed is made of.
class tst_AttemptRecord : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void outputThatWasSeenComing_data();
    void outputThatWasSeenComing();
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

QTEST_GUILESS_MAIN(tst_AttemptRecord)
#include "tst_attemptrecord.moc"
