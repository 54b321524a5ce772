#include "core/store/filelock.h"
#include "core/store/opening.h"
#include "core/store/writer.h"
#include "tests/core/store/storefixture.h"

#include <QProcess>

#include <fcntl.h>
#include <sys/file.h>

#include <csignal>

using namespace core;
using namespace tests;

//! Several processes on one profile, and processes that are killed: a second program is a real one.
class tst_Processes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void onlyTheDeadAreRecovered();
    void killsLoseNothing();
    void writersShareTheLock();
    void nobodyCheckpointsWithoutTheLock();

private:
    static void start(QProcess &process, const StoreFixture &fixture);
};

void tst_Processes::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
}

void tst_Processes::start(QProcess &process, const StoreFixture &fixture)
{
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/sessionhelper"),
                  {fixture.directory()});
    if (!process.waitForStarted() || !process.waitForReadyRead(20'000))
        qFatal("the helper did not begin");
}

void tst_Processes::onlyTheDeadAreRecovered()
{
    StoreFixture fixture;
    QProcess helper;
    start(helper, fixture);
    const std::int64_t answer = helper.readLine().trimmed().split(' ').value(1).toLongLong();
    const QString state = QStringLiteral("SELECT state FROM message WHERE id = %1").arg(answer);
    const QString attempt = QStringLiteral("SELECT outcome FROM attempt WHERE request_id = "
                                           "(SELECT request_id FROM message WHERE id = %1)")
                                .arg(answer);
    {
        // The other one lives: opening and closing beside it leaves its rows alone.
        const auto store = fixture.open(SessionKind::Verb);
        QCOMPARE(fixture.value(state).toString(), QStringLiteral("streaming"));
    }
    QCOMPARE(fixture.value(attempt).toString(), QStringLiteral("open"));

    helper.kill(); // SIGKILL
    QVERIFY(helper.waitForFinished());
    {
        const auto store = fixture.open(SessionKind::Verb);
        QCOMPARE(fixture.value(state).toString(), QStringLiteral("incomplete"));
        QCOMPARE(fixture.value(attempt).toString(), QStringLiteral("interrupted"));
        const auto loaded = awaited(store->conversations().sidebar(5));
        QVERIFY(loaded);
        QCOMPARE(loaded->size(), 1);
        // From nothing to the worst case, and known to be no more.
        const QString cost = QStringLiteral(" FROM attempt WHERE outcome = 'interrupted' LIMIT 1");
        QCOMPARE(fixture.value(QStringLiteral("SELECT cost_low") + cost).toLongLong(), 0);
        QCOMPARE(fixture.value(QStringLiteral("SELECT cost_high") + cost).toLongLong(),
                 5'000'000'000);
        const QString text =
            QStringLiteral("SELECT text FROM content_part WHERE message_id = %1").arg(answer);
        QVERIFY(fixture.value(text).toString().startsWith(QStringLiteral("kept")));
        const auto found = awaited(store->conversations().search(QStringLiteral("kept"), 5));
        QVERIFY(found && !found->isEmpty());
    }
    // Once: another opening finds nothing to do, and the rollup has every ended attempt.
    {
        const auto again = fixture.open();
    }
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(attempts) FROM rollup")).toLongLong(),
             fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toLongLong());
    QCOMPARE(QDir(fixture.directory() + QStringLiteral("/sessions")).entryList(QDir::Files),
             QStringList());
}

void tst_Processes::killsLoseNothing()
{
    StoreFixture fixture;
    for (int round = 0; round < 20; ++round) {
        QProcess helper;
        start(helper, fixture);
        // A moment of its own for each kill, spread over two turns.
        QTest::qWait(round * 9);
        helper.kill();
        QVERIFY(helper.waitForFinished());
        const QList<QByteArray> ready = helper.readAllStandardOutput().trimmed().split('\n');
        const auto store = fixture.tryOpen(SessionKind::Verb);
        QVERIFY2(store, qPrintable(store ? QString() : store.error().detail));
        QCOMPARE((*store)->notice(), QString());
        QCOMPARE(fixture.value(QStringLiteral("PRAGMA integrity_check")).toString(),
                 QStringLiteral("ok"));
        for (const QByteArray &line : ready) {
            const QString text = QStringLiteral("SELECT text FROM content_part "
                                                "WHERE message_id = %1")
                                     .arg(line.split(' ').value(1).toLongLong());
            QVERIFY(fixture.value(text).toString().startsWith(QStringLiteral("kept")));
        }
        QCOMPARE(fixture
                     .value(QStringLiteral("SELECT count(*) FROM attempt WHERE "
                                           "outcome = 'open' OR cost_low IS NULL"))
                     .toInt(),
                 0);
        QCOMPARE(fixture
                     .value(QStringLiteral("SELECT count(*) FROM reservation "
                                           "WHERE spent IS NULL"))
                     .toInt(),
                 0);
    }
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(requests) FROM rollup")).toLongLong(),
             fixture.value(QStringLiteral("SELECT count(*) FROM request")).toLongLong());
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(cost_high) FROM rollup")).toLongLong(),
             fixture.value(QStringLiteral("SELECT sum(cost_high) FROM attempt")).toLongLong());
}

void tst_Processes::writersShareTheLock()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat(QStringLiteral("Held"));
    // Someone else writes: ours waits, and goes through when the lock is free.
    const int lock = ::open(
        QFile::encodeName(fixture.directory() + QStringLiteral("/farthing.writelock")).constData(),
        O_RDWR | O_CLOEXEC);
    QVERIFY(lock >= 0);
    QCOMPARE(::flock(lock, LOCK_EX), 0);
    const auto saved = store->conversations().save(chat);
    QTest::qWait(200);
    QVERIFY(!saved.isFinished());
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM conversation")).toInt(), 0);
    QCOMPARE(::flock(lock, LOCK_UN), 0);
    QVERIFY(awaited(saved));
    ::close(lock);
}

//! The last connection to close would do so by itself, while the other one writes.
void tst_Processes::nobodyCheckpointsWithoutTheLock()
{
    StoreFixture fixture;
    const ProfilePaths paths(fixture.directory());
    {
        const auto store = fixture.open(); // makes the database
    }
    auto writer =
        std::make_unique<Writer>(Writer::Paths{paths.database, paths.writeLock},
                                 Writer::Hooks{[](const StoreChange &) {}, [](const Error &) {}});
    QVERIFY(writer->start([](Sql &sql) -> Result<Done> {
        sql.run(QStringLiteral("UPDATE workspace SET name = 'changed'"));
        return sql.failed() ? Result<Done>(sql.error()) : Result<Done>(Done());
    }));
    const QFileInfo log(paths.database + QStringLiteral("-wal"));
    QVERIFY(log.size() > 0);
    {
        const auto lock = FileLock::tryLock(paths.writeLock);
        QVERIFY(lock && *lock);
        writer.reset(); // waits for the lock in vain
    }
    QVERIFY(QFileInfo(log.filePath()).size() > 0);
    QCOMPARE(fixture.value(QStringLiteral("SELECT name FROM workspace")).toString(),
             QStringLiteral("changed"));
}

QTEST_GUILESS_MAIN(tst_Processes)
#include "tst_processes.moc"
