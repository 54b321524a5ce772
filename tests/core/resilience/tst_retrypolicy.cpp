#include "core/resilience/retrypolicy.h"
#include "tests/support/seededrandom.h"

#include <QTest>

using core::Error;
using core::ErrorKind;
using core::Phase;
using core::RetryDecision;
using core::RetryOptions;
using core::RetrySituation;
using Step = core::RetryDecision::Step;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(core::RetryDecision::Step)

namespace {

Error failure(ErrorKind kind, int status = 0)
{
    Error error;
    error.kind = kind;
    error.httpStatus = status;
    return error;
}

Error hinted(std::chrono::milliseconds hint)
{
    Error error = failure(ErrorKind::RateLimited, 429);
    error.retryAfter = hint;
    return error;
}

RetryDecision decide(const Error &error, const RetrySituation &situation = {},
                     const RetryOptions &options = {})
{
    tests::SeededRandom random(42);
    return core::decideRetry(error, situation, options, random);
}

//! With another target in reserve.
RetrySituation withNext()
{
    RetrySituation situation;
    situation.hasNextTarget = true;
    return situation;
}

} // namespace

class tst_RetryPolicy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyKind_data();
    void everyKind();
    void serversWordBeatsTheTable();
    void hints_data();
    void hints();
    void limits();
    void nothingAfterVisibleOutput();
    void longTimeoutIsNotRepeated();
    void requestBoundStatusesStayAtTheirTarget();
    void sumOfWaits();
    void switchedOff();
    void quotas();
};

void tst_RetryPolicy::everyKind_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<Step>("alone");    // the only target, first attempt
    QTest::addColumn<Step>("withNext"); // retries spent, another target left
    const auto row = [](ErrorKind kind, Step alone, Step withNext) {
        QTest::newRow(qPrintable(core::errorCode(kind).replace(QLatin1Char('_'), QLatin1Char('-'))))
            << kind << alone << withNext;
    };
    row(ErrorKind::RateLimited, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::QuotaExhausted, Step::End, Step::NextTarget);
    row(ErrorKind::Overloaded, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::ServerError, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::Timeout, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::ConnectionFailed, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::TlsFailed, Step::End, Step::NextTarget);
    row(ErrorKind::Truncated, Step::RetryTarget, Step::NextTarget);
    row(ErrorKind::InvalidRequest, Step::End, Step::End);
    row(ErrorKind::ModelNotFound, Step::End, Step::End);
    row(ErrorKind::ContextLengthExceeded, Step::End, Step::End);
    row(ErrorKind::AuthenticationFailed, Step::End, Step::NextTarget);
    row(ErrorKind::PermissionDenied, Step::End, Step::NextTarget);
    row(ErrorKind::Billing, Step::End, Step::NextTarget);
    row(ErrorKind::ContentBlocked, Step::End, Step::End);
    row(ErrorKind::Redirected, Step::End, Step::NextTarget);
    row(ErrorKind::ProtocolError, Step::End, Step::NextTarget);
    row(ErrorKind::InputRejected, Step::End, Step::End);
    row(ErrorKind::BudgetExceeded, Step::End, Step::End);
    row(ErrorKind::KeyMissing, Step::End, Step::NextTarget);
    row(ErrorKind::KeyUnavailable, Step::End, Step::NextTarget);
    row(ErrorKind::StorageFailed, Step::End, Step::End);
    row(ErrorKind::Cancelled, Step::End, Step::End);
    row(ErrorKind::AllTargetsFailed, Step::End, Step::End);
    row(ErrorKind::Internal, Step::End, Step::End);
}

void tst_RetryPolicy::everyKind()
{
    QFETCH(const ErrorKind, kind);
    QFETCH(const Step, alone);
    QFETCH(const Step, withNext);
    QCOMPARE(decide(failure(kind)).step, alone);
    RetrySituation spent = ::withNext();
    spent.attempts = 3;
    spent.retriesOnTarget = 2;
    QCOMPARE(decide(failure(kind), spent).step, withNext);
}

void tst_RetryPolicy::serversWordBeatsTheTable()
{
    Error asked = failure(ErrorKind::InvalidRequest, 400);
    asked.shouldRetry = true;
    QCOMPARE(decide(asked).step, Step::RetryTarget);

    Error refused = failure(ErrorKind::ServerError, 500);
    refused.shouldRetry = false;
    QCOMPARE(decide(refused).step, Step::End);
    QCOMPARE(decide(refused, withNext()).step, Step::NextTarget);

    Error stopped = failure(ErrorKind::Cancelled);
    stopped.shouldRetry = true;
    QCOMPARE(decide(stopped).step, Step::End);
}

void tst_RetryPolicy::hints_data()
{
    QTest::addColumn<qint64>("hint"); // ms
    QTest::addColumn<Step>("alone");
    QTest::addColumn<Step>("withNext");
    QTest::newRow("one-millisecond") << qint64(1) << Step::RetryTarget << Step::RetryTarget;
    QTest::newRow("twenty-seconds") << qint64(20'000) << Step::RetryTarget << Step::RetryTarget;
    QTest::newRow("just-over-twenty") << qint64(20'001) << Step::RetryTarget << Step::NextTarget;
    QTest::newRow("hundred-seconds") << qint64(100'000) << Step::RetryTarget << Step::NextTarget;
    QTest::newRow("120-seconds") << qint64(120'000) << Step::RetryTarget << Step::NextTarget;
    QTest::newRow("121-seconds") << qint64(121'000) << Step::End << Step::NextTarget;
    QTest::newRow("a-day") << qint64(86'400'000) << Step::End << Step::NextTarget;
}

void tst_RetryPolicy::hints()
{
    QFETCH(const qint64, hint);
    QFETCH(const Step, alone);
    QFETCH(const Step, withNext);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        tests::SeededRandom random(seed);
        const auto decision =
            core::decideRetry(hinted(std::chrono::milliseconds(hint)), {}, {}, random);
        QCOMPARE(decision.step, alone);
        if (alone == Step::RetryTarget)
            QVERIFY(decision.delay.count() >= hint);
    }
    QCOMPARE(decide(hinted(std::chrono::milliseconds(hint)), ::withNext()).step, withNext);
}

void tst_RetryPolicy::limits()
{
    RetrySituation situation = withNext();
    situation.retriesOnTarget = 1;
    situation.attempts = 2;
    QCOMPARE(decide(failure(ErrorKind::ServerError), situation).step, Step::RetryTarget);
    situation.attempts = 4;
    QCOMPARE(decide(failure(ErrorKind::ServerError), situation).step, Step::End);
    situation.attempts = 3;
    situation.retriesOnTarget = 2;
    situation.targets = 3;
    QCOMPARE(decide(failure(ErrorKind::ServerError), situation).step, Step::End);
}

void tst_RetryPolicy::nothingAfterVisibleOutput()
{
    RetrySituation situation = withNext();
    situation.visible = true;
    Error error = failure(ErrorKind::Overloaded);
    error.shouldRetry = true;
    QCOMPARE(decide(error, situation).step, Step::End);
}

void tst_RetryPolicy::longTimeoutIsNotRepeated()
{
    Error error = failure(ErrorKind::Timeout);
    error.phase = Phase::FirstByte;
    RetrySituation situation = withNext();
    situation.attemptLasted = 29'999ms;
    QCOMPARE(decide(error, situation).step, Step::RetryTarget);
    situation.attemptLasted = 30s;
    QCOMPARE(decide(error, situation).step, Step::NextTarget);
    error.phase = Phase::Connect; // nothing was sent: asking again costs nothing
    QCOMPARE(decide(error, situation).step, Step::RetryTarget);
}

void tst_RetryPolicy::requestBoundStatusesStayAtTheirTarget()
{
    for (const Error &error :
         {failure(ErrorKind::Timeout, 408), failure(ErrorKind::ServerError, 409)}) {
        QCOMPARE(decide(error, withNext()).step, Step::RetryTarget);
        RetrySituation spent = withNext();
        spent.retriesOnTarget = 2;
        spent.attempts = 3;
        QCOMPARE(decide(error, spent).step, Step::End);
    }
}

void tst_RetryPolicy::sumOfWaits()
{
    RetrySituation situation;
    situation.waited = 80s;
    QCOMPARE(decide(hinted(30s), situation).step, Step::RetryTarget);
    situation.waited = 90s; // jitter does not spend what is not left
    QCOMPARE(decide(hinted(30s), situation), (core::RetryDecision{Step::RetryTarget, 30s}));
    situation.waited = 100s;
    QCOMPARE(decide(hinted(30s), situation).step, Step::End);
    situation.waited = 101s;
    situation.hasNextTarget = true;
    QCOMPARE(decide(hinted(20s), situation).step, Step::NextTarget);
}

void tst_RetryPolicy::switchedOff()
{
    RetryOptions options;
    options.retry = false;
    QCOMPARE(decide(failure(ErrorKind::ServerError), {}, options).step, Step::End);
    QCOMPARE(decide(failure(ErrorKind::ServerError), withNext(), options).step, Step::NextTarget);
    options.fallback = false;
    QCOMPARE(decide(failure(ErrorKind::ServerError), withNext(), options).step, Step::End);
    options.retry = true; // a long hint is waited for where no other target may be asked
    QCOMPARE(decide(hinted(60s), withNext(), options).step, Step::RetryTarget);
}

void tst_RetryPolicy::quotas()
{
    Error error = failure(ErrorKind::QuotaExhausted);
    error.providerCode = QStringLiteral("RESOURCE_EXHAUSTED"); // of one model
    QVERIFY(!core::isOfAccount(error));
    error.providerCode = QStringLiteral("insufficient_quota"); // money
    QVERIFY(core::isOfAccount(error));
    QVERIFY(core::isOfAccount(failure(ErrorKind::Billing)));
}

QTEST_GUILESS_MAIN(tst_RetryPolicy)
#include "tst_retrypolicy.moc"
