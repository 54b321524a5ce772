#include "core/stats/health.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(core::HealthVerdict)

namespace {

//! A ledger with attempts of chosen ends at chosen ages, and the clock that looks at them.
struct Bench
{
    Bench()
    {
        clock.setUtcNow(fixture.clock.utcNow());
        const ConversationRecord chat = fixture.chat();
        saved = store->conversations().save(chat);
        m_chat = chat;
    }

    //! An attempt that was queued \p age ago and took a second; without \p failure it answered.
    void attempt(std::chrono::milliseconds age, std::optional<ErrorKind> failure = {},
                 const QString &model = u"gpt-4o-mini"_s,
                 std::chrono::milliseconds firstToken = 250ms)
    {
        end(age, failure ? AttemptOutcome::Failed : AttemptOutcome::Completed, failure, model,
            firstToken);
    }
    void end(std::chrono::milliseconds age, AttemptOutcome outcome,
             std::optional<ErrorKind> failure = {}, const QString &model = u"gpt-4o-mini"_s,
             std::chrono::milliseconds firstToken = 250ms, bool simulated = false,
             SavedBy savedBy = SavedBy::Nothing)
    {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = fixture.opening(request, simulated);
        opening.target.model = model;
        opening.queuedAt = clock.utcNow() - age;
        const RequestContext context = fixture.turn(m_chat, u"?"_s);
        opened = store->journal().openRequest(request, context, opening);
        AttemptRecord record = fixture.closing(opening);
        record.outcome = outcome;
        record.times.firstVisible = firstToken;
        record.times.end = 1s;
        record.savedBy = savedBy;
        if (failure) {
            record.error = Error();
            record.error->kind = *failure;
            record.error->httpStatus = 503;
            record.httpStatus = 503;
        }
        store->journal().closeAttempt(record);
        store->journal().closeRequest(request, RequestState::Completed, context.answer);
    }
    //! A request that ended before anybody was asked.
    void refused()
    {
        const std::int64_t request = fixture.ids.next();
        const RequestContext context = fixture.turn(m_chat, u"?"_s);
        store->journal().keepRequest(request, context, clock.utcNow());
        store->journal().closeRequest(request, RequestState::Failed, context.answer);
    }
    //! What is known once all that was journalled is read.
    [[nodiscard]] HealthReport report(const QString &provider = u"openai"_s)
    {
        if (!awaited(store->journal().drained()))
            qFatal("the journal does not drain");
        QSignalSpy changed(&health, &Health::changed);
        health.watch(false);
        health.watch(true);
        if (!changed.wait())
            qFatal("no health");
        return health.provider(provider);
    }

    StoreFixture fixture;
    std::unique_ptr<Store> store = fixture.open();
    FakeClock clock;
    QFuture<Result<Done>> saved;
    QFuture<Result<OpenedAttempt>> opened;
    Health health{*store, clock};

private:
    ConversationRecord m_chat;
};

} // namespace

//! Health as the ledger's attempts tell it, and nothing but what they tell.
class tst_Health : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void unusedIsNotHealthy();
    void spansAndPercentiles();
    void verdicts_data();
    void verdicts();
    void whatTellsNothing_data();
    void whatTellsNothing();
    void practiceIsNoEvidence();
    void whatWasNotSentIsNoEvidence();
    void modelsAreApart();
    void readsWhileItIsWatched();
};

void tst_Health::init()
{
    QTest::failOnWarning(QRegularExpression(u".?"_s));
}

void tst_Health::unusedIsNotHealthy()
{
    Bench bench;
    const HealthReport report = bench.report();
    QCOMPARE(report.verdict(), HealthVerdict::NotUsed);
    QCOMPARE(report.day.successRatio(), std::nullopt);
    QCOMPARE(report.provider, u"openai"_s);
    QVERIFY(!report.lastFailure);
    QVERIFY(bench.health.models(u"openai"_s).isEmpty());
}

void tst_Health::spansAndPercentiles()
{
    Bench bench;
    bench.attempt(25h); // too old
    bench.attempt(23h, ErrorKind::Overloaded);
    for (int i = 1; i <= 19; ++i)
        bench.attempt(2h, {}, u"gpt-4o-mini"_s, std::chrono::milliseconds(100 * i));
    bench.attempt(16min);
    bench.attempt(14min, {}, u"gpt-4o-mini"_s, 2s);
    const HealthReport report = bench.report();
    QCOMPARE(report.day.answered, 21);
    QCOMPARE(report.day.failed, 1);
    QCOMPARE(report.quarter.answered, 1);
    QCOMPARE(report.quarter.failed, 0);
    QCOMPARE(report.day.firstToken.count(), 21U);
    const auto median = report.day.firstToken.percentile(0.5);
    QVERIFY(median && *median >= 880ms && *median <= 1'020ms);
    QVERIFY(*report.quarter.firstToken.percentile(0.95) >= 1'960ms);
    QVERIFY(report.lastFailure);
    QCOMPARE(report.lastFailure->error.kind, ErrorKind::Overloaded);
    QCOMPARE(report.lastFailure->error.httpStatus, 503);
    QCOMPARE(report.lastFailure->at, bench.clock.utcNow() - 23h + 1s);
}

void tst_Health::verdicts_data()
{
    // Oldest first, with the age in minutes: "ok", "no", or "re" of our own cache.
    QTest::addColumn<QString>("attempts");
    QTest::addColumn<HealthVerdict>("expected");
    QTest::newRow("older-than-a-day") << u"ok1500"_s << HealthVerdict::Idle;
    QTest::newRow("answers") << u"ok10 ok5"_s << HealthVerdict::Healthy;
    QTest::newRow("answered-this-day") << u"ok600"_s << HealthVerdict::Healthy;
    QTest::newRow("one-answer") << u"ok5"_s << HealthVerdict::Healthy;
    QTest::newRow("only-failures") << u"no10 no5"_s << HealthVerdict::Failing;
    QTest::newRow("failed-this-day-only") << u"no600"_s << HealthVerdict::Failing;
    QTest::newRow("fails-now-after-a-good-day") << u"ok600 ok500 no5"_s << HealthVerdict::Failing;
    QTest::newRow("failed-last") << u"ok10 no5"_s << HealthVerdict::Unsteady;
    QTest::newRow("answers-again") << u"no10 ok5"_s << HealthVerdict::Recovering;
    QTest::newRow("good-now-after-a-bad-day") << u"no600 no500 ok5"_s << HealthVerdict::Healthy;
    QTest::newRow("down-while-the-cache-answers") << u"no10 no5 re1"_s << HealthVerdict::Failing;
    QTest::newRow("only-the-cache-answers") << u"re5"_s << HealthVerdict::Idle;
    QTest::newRow("half-of-the-day-failed") << u"no600 ok500"_s << HealthVerdict::Unsteady;
}

void tst_Health::verdicts()
{
    QFETCH(const QString, attempts);
    QFETCH(const HealthVerdict, expected);
    Bench bench;
    for (const QString &attempt : attempts.split(u' ')) {
        if (attempt.startsWith("re"_L1)) {
            bench.end(std::chrono::minutes(attempt.mid(2).toInt()), AttemptOutcome::Completed, {},
                      u"gpt-4o-mini"_s, 250ms, false, SavedBy::ResponseCache);
            continue;
        }
        bench.attempt(std::chrono::minutes(attempt.mid(2).toInt()),
                      attempt.startsWith("no"_L1) ? std::optional(ErrorKind::Overloaded)
                                                  : std::nullopt);
    }
    QCOMPARE(bench.report().verdict(), expected);
}

void tst_Health::whatTellsNothing_data()
{
    QTest::addColumn<AttemptOutcome>("outcome");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("cancelled") << AttemptOutcome::Cancelled << ErrorKind::Cancelled;
    QTest::newRow("interrupted") << AttemptOutcome::Interrupted << ErrorKind::Cancelled;
    QTest::newRow("wrong-request") << AttemptOutcome::Failed << ErrorKind::InvalidRequest;
    QTest::newRow("too-long") << AttemptOutcome::Failed << ErrorKind::ContextLengthExceeded;
    QTest::newRow("blocked") << AttemptOutcome::Failed << ErrorKind::ContentBlocked;
    QTest::newRow("no-money") << AttemptOutcome::Failed << ErrorKind::BudgetExceeded;
    QTest::newRow("no-key") << AttemptOutcome::Failed << ErrorKind::KeyMissing;
}

void tst_Health::whatTellsNothing()
{
    QFETCH(const AttemptOutcome, outcome);
    QFETCH(const ErrorKind, kind);
    Bench bench;
    bench.end(1min, outcome, kind);
    const HealthReport report = bench.report();
    QCOMPARE(report.day.successRatio(), std::nullopt);
    QVERIFY(!report.lastFailure);
    QVERIFY(report.verdict() == HealthVerdict::Idle || report.verdict() == HealthVerdict::NotUsed);
}

void tst_Health::practiceIsNoEvidence()
{
    Bench bench;
    bench.end(1min, AttemptOutcome::Completed, {}, u"gpt-4o-mini"_s, 250ms, true);
    QCOMPARE(bench.report().verdict(), HealthVerdict::NotUsed);
}

void tst_Health::whatWasNotSentIsNoEvidence()
{
    Bench bench;
    bench.refused();
    QCOMPARE(bench.report().verdict(), HealthVerdict::NotUsed);
}

void tst_Health::modelsAreApart()
{
    Bench bench;
    bench.attempt(5min, ErrorKind::RateLimited, u"small"_s);
    bench.attempt(4min, {}, u"large"_s);
    bench.attempt(3min, {}, u"large"_s);
    QCOMPARE(bench.report().day.answered, 2);
    const QList<HealthReport> models = bench.health.models(u"openai"_s);
    QCOMPARE(models.size(), 2);
    QCOMPARE(models.first().model, u"large"_s); // used more
    QCOMPARE(models.first().verdict(), HealthVerdict::Healthy);
    QCOMPARE(models.last().verdict(), HealthVerdict::Failing);
    QCOMPARE(models.last().lastFailure->error.kind, ErrorKind::RateLimited);
}

void tst_Health::readsWhileItIsWatched()
{
    Bench bench;
    QCOMPARE(bench.report().verdict(), HealthVerdict::NotUsed);
    QSignalSpy changed(&bench.health, &Health::changed);
    bench.attempt(1min);
    QTRY_COMPARE(bench.health.provider(u"openai"_s).verdict(), HealthVerdict::Healthy);
    // Evidence grows old by itself.
    QTRY_VERIFY(bench.clock.pending() > 0);
    bench.clock.setUtcNow(bench.clock.utcNow() + 25h);
    changed.clear();
    bench.clock.advance(1min);
    QVERIFY(changed.wait());
    QCOMPARE(bench.health.provider(u"openai"_s).verdict(), HealthVerdict::Idle);
    bench.health.watch(false);
    QCOMPARE(bench.clock.pending(), 0);
}

QTEST_GUILESS_MAIN(tst_Health)
#include "tst_health.moc"
