#include "core/store/budgetbook.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/seededrandom.h"

#include <QProcess>

using namespace core;
using namespace tests;

namespace {

int wanted(const char *variable, int standard)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(variable, &ok);
    return ok ? value : standard;
}

constexpr std::int64_t Refill = 4'000'000; // some eight attempts: both run into the limit

//! A process that spends, and what it has said.
struct Spender
{
    QProcess process;
    QByteArray output;
    [[nodiscard]] qsizetype words()
    {
        output += process.readAllStandardOutput();
        return output.count('\n');
    }
    [[nodiscard]] QByteArray lastWord()
    {
        output += process.readAllStandardOutput();
        const QByteArray whole = output.left(output.lastIndexOf('\n'));
        return whole.mid(whole.lastIndexOf('\n') + 1);
    }
};

} // namespace

//! Two processes share a budget and are killed while they set aside, send and settle: whatever is
//! left on disk, available + reserved + spent = limit. FARTHING_KILLS says how many (50; 500 takes
//! some minutes).
class tst_BudgetKills : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void booksBalanceAfterKills();

private:
    void checkBooks(const StoreFixture &fixture, std::int64_t limit, bool recovered);
};

//! The books by another way than the budget's own: from the attempts.
void tst_BudgetKills::checkBooks(const StoreFixture &fixture, std::int64_t limit, bool recovered)
{
    const auto sum = [&fixture](const char *statement) {
        return fixture.value(QString::fromLatin1(statement)).toLongLong();
    };
    const qint64 reserved = sum("SELECT sum(reserved) FROM reservation WHERE spent IS NULL");
    const qint64 spent = sum("SELECT sum(spent) FROM reservation");
    QVERIFY2(reserved + spent <= limit,
             qPrintable(QStringLiteral("%1 reserved, %2 spent").arg(reserved).arg(spent)));
    QCOMPARE(reserved, sum("SELECT sum(worst_high) FROM attempt WHERE outcome = 'open'"));
    QCOMPARE(spent, sum("SELECT sum(CASE WHEN cost_complete THEN cost_high ELSE "
                        "max(cost_high, worst_high) END) FROM attempt WHERE outcome <> 'open'"));
    QCOMPARE(sum("SELECT count(*) FROM attempt"), sum("SELECT count(*) FROM reservation"));
    QCOMPARE(fixture.value(QStringLiteral("PRAGMA integrity_check")).toString(),
             QStringLiteral("ok"));
    if (recovered)
        QCOMPARE(reserved, 0);
}

void tst_BudgetKills::booksBalanceAfterKills()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
    const int kills = wanted("FARTHING_KILLS", 50);
    const auto seed = static_cast<std::uint64_t>(wanted("FARTHING_SEED", 1));
    SeededRandom random(seed);
    StoreFixture fixture;
    Budget budget;
    budget.period = LimitPeriod::Month;
    budget.hard = true;
    QMap<QByteArray, int> killedWhile;
    for (int done = 0; done < kills; done += 2) {
        {
            const auto store = fixture.open(SessionKind::Verb);
            const qint64 spent =
                fixture.value(QStringLiteral("SELECT sum(spent) FROM reservation")).toLongLong();
            if (budget.limit - spent < 1'000'000) {
                budget.limit = spent + Refill;
                budget.id = store->budgets().save(budget);
            }
            QVERIFY(awaited(store->journal().drained()));
            checkBooks(fixture, budget.limit, true);
        }
        Spender spenders[2];
        for (int i = 0; i < 2; ++i) {
            spenders[i].process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            spenders[i].process.start(QCoreApplication::applicationDirPath() +
                                          QStringLiteral("/budgethelper"),
                                      {fixture.directory(), QString::number(done + i + 1)});
        }
        // So many words of each, not so much time: where the disk is slow, the first reservation
        // alone may take longer than any time that would suit a fast one.
        const int words = 1 + static_cast<int>(random.uniform() * 9);
        for (Spender &spender : spenders)
            QTRY_VERIFY_WITH_TIMEOUT(spender.words() >= words, 30'000);
        QTest::qWait(static_cast<int>(random.uniform() * 40));
        for (Spender &spender : spenders) {
            QCOMPARE(spender.process.state(), QProcess::Running); // it ends by the kill alone
            spender.process.kill();                               // SIGKILL
            QVERIFY(spender.process.waitForFinished());
            ++killedWhile[spender.lastWord()];
        }
        checkBooks(fixture, budget.limit, false);
        if (QTest::currentTestFailed()) {
            qInfo("kill %d of %d, seed %llu", done + 2, kills,
                  static_cast<unsigned long long>(seed));
            return;
        }
    }
    const auto store = fixture.open(SessionKind::Verb);
    QVERIFY(awaited(store->journal().drained()));
    checkBooks(fixture, budget.limit, true);
    for (const char *moment : {"reserve", "send", "settle"})
        QVERIFY2(killedWhile.value(moment) > 0, moment);
    qInfo("figure: kills while reserving %d, sending %d, settling %d, refused %d",
          killedWhile.value("reserve"), killedWhile.value("send"), killedWhile.value("settle"),
          killedWhile.value("refused"));
    // And what is left is all that is left.
    const qint64 left =
        budget.limit -
        fixture.value(QStringLiteral("SELECT sum(spent) FROM reservation")).toLongLong();
    const std::int64_t request = fixture.ids.next();
    AttemptOpening opening = fixture.opening(request);
    opening.worstCase = {PicoUsd(), PicoUsd(left + 1), true};
    QVERIFY(!awaited(store->journal().openRequest(request, {}, opening)));
    opening.worstCase.high = PicoUsd(left);
    QVERIFY(awaited(store->journal().openRequest(request, {}, opening)));
}

QTEST_GUILESS_MAIN(tst_BudgetKills)
#include "tst_budgetkills.moc"
