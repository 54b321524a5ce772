// Ends `farthing ask` and the window with SIGKILL at random moments and looks at what is left
// (threats.md E4, promise 3).
#include "tests/support/dripanswer.h"
#include "tests/support/seededrandom.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

namespace {

using namespace std::chrono_literals;

int wanted(const char *variable, int standard)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(variable, &ok);
    return ok ? value : standard;
}

//! What one killed run had shown, and when.
struct Shown
{
    qint64 at; //!< Milliseconds since the start.
    QString textSoFar;
};

QVariant scalar(const QString &connection, const QString &sql, const QVariantList &values = {})
{
    QSqlQuery query(QSqlDatabase::database(connection));
    query.prepare(sql);
    for (const QVariant &value : values)
        query.addBindValue(value);
    return query.exec() && query.next() ? query.value(0) : QVariant();
}

} // namespace

class tst_Kills : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void nothingIsLost_data();
    void nothingIsLost();
    void verbsBesideAWindowCloseNothingOfIts();

private:
    [[nodiscard]] QStringList arguments(const QString &prompt,
                                        const tests::ScriptedServer &server) const;
    [[nodiscard]] QStringList windowArguments(const QString &prompt,
                                              const tests::ScriptedServer &server) const
    {
        return {m_profile->path(), server.url(u"/v1").toString(), prompt};
    }
    [[nodiscard]] static QList<Shown> runAndKill(const QString &program,
                                                 const QStringList &arguments,
                                                 std::chrono::milliseconds after, qint64 *killedAt);
    void checkDatabase(const QString &prompt, const QList<Shown> &shown, qint64 killedAt);

    std::unique_ptr<QTemporaryDir> m_profile;
    [[nodiscard]] QString databasePath() const
    {
        return m_profile->path() + QStringLiteral("/data/farthing.db");
    }
};

void tst_Kills::initTestCase()
{
    QVERIFY2(QFile::exists(QStringLiteral(FARTHING_PROGRAM)), FARTHING_PROGRAM);
    qputenv("FARTHING_API_KEY", "kill-test-key-0001");
}

void tst_Kills::init()
{
    m_profile = std::make_unique<QTemporaryDir>();
    QVERIFY(m_profile->isValid());
}

QStringList tst_Kills::arguments(const QString &prompt, const tests::ScriptedServer &server) const
{
    return {QStringLiteral("--profile"),
            m_profile->path(),
            QStringLiteral("ask"),
            prompt,
            QStringLiteral("--json"),
            QStringLiteral("--target"),
            QStringLiteral("custom/drip@") + server.url(u"/v1").toString()};
}

QList<Shown> tst_Kills::runAndKill(const QString &program, const QStringList &arguments,
                                   std::chrono::milliseconds after, qint64 *killedAt)
{
    QList<Shown> shown;
    QProcess process;
    QElapsedTimer clock;
    QByteArray rest;
    QString text;
    connect(&process, &QProcess::readyReadStandardOutput, &process, [&] {
        rest += process.readAllStandardOutput();
        for (qsizetype end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
            const QJsonObject event = QJsonDocument::fromJson(rest.left(end)).object();
            rest.remove(0, end + 1);
            if (event.value(QStringLiteral("event")).toString() == QStringLiteral("text")) {
                text += event.value(QStringLiteral("text")).toString();
                shown.append({clock.elapsed(), text});
            }
        }
    });
    clock.start();
    process.start(program, arguments);
    QTest::qWait(static_cast<int>(after.count()));
    *killedAt = clock.elapsed();
    process.kill(); // SIGKILL
    process.waitForFinished();
    return shown;
}

void tst_Kills::checkDatabase(const QString &prompt, const QList<Shown> &shown, qint64 killedAt)
{
    if (!QFile::exists(databasePath()))
        return; // ended before the database was made: nothing had been sent either
    const QString connection = QStringLiteral("check");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection, QStringLiteral("PRAGMA integrity_check")).toString(),
                 QStringLiteral("ok"));
        const qint64 question =
            scalar(connection, QStringLiteral("SELECT message_id FROM content_part WHERE text = ?"),
                   {prompt})
                .toLongLong();
        if (!shown.isEmpty())
            QVERIFY2(question != 0, "text was shown, but the prompt is not on disk");
        QString kept;
        if (question)
            kept = scalar(connection,
                          QStringLiteral("SELECT p.text FROM message m JOIN content_part p ON "
                                         "p.message_id = m.id WHERE m.parent_id = ?"),
                          {question})
                       .toString();
        QString secondAgo;
        for (const Shown &piece : shown) {
            if (piece.at <= killedAt - 1'000)
                secondAgo = piece.textSoFar;
        }
        QVERIFY2(
            kept.startsWith(secondAgo),
            qPrintable(
                QStringLiteral("kept %1 of %2 characters").arg(kept.size()).arg(secondAgo.size())));
    }
    QSqlDatabase::removeDatabase(connection);
}

void tst_Kills::nothingIsLost_data()
{
    QTest::addColumn<bool>("window");
    QTest::newRow("verb") << false;
    QTest::newRow("window") << true;
}

void tst_Kills::nothingIsLost()
{
    QFETCH(const bool, window);
    const int kills = wanted("FARTHING_KILLS", 5);
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(5ms, 1'000); });
    tests::SeededRandom random(static_cast<std::uint64_t>(wanted("FARTHING_SEED", 1)));
    int shownAny = 0;
    for (int i = 0; i < kills; ++i) {
        const QString prompt = QStringLiteral("prompt number %1").arg(i);
        qint64 killedAt = 0;
        const QList<Shown> shown = runAndKill(
            window ? QStringLiteral(FARTHING_WINDOW) : QStringLiteral(FARTHING_PROGRAM),
            window ? windowArguments(prompt, server) : arguments(prompt, server),
            std::chrono::milliseconds(20 + static_cast<int>(random.uniform() * 2'500)), &killedAt);
        shownAny += !shown.isEmpty();
        checkDatabase(prompt, shown, killedAt);
        if (QTest::currentTestFailed()) {
            qInfo("kill %d of %d", i + 1, kills);
            return;
        }
    }
    QVERIFY2(shownAny > 0, "no run came as far as showing text");

    // The next start closes what the killed ones left open, as interrupted, with a cost that is a
    // range or unknown.
    QProcess last;
    tests::ScriptedServer quick;
    quick.enqueue(tests::dripAnswer(0ms, 3));
    last.start(QStringLiteral(FARTHING_PROGRAM), arguments(QStringLiteral("after all"), quick));
    QTRY_COMPARE_WITH_TIMEOUT(last.state(), QProcess::NotRunning, 20'000);
    QCOMPARE(last.exitCode(), 0);
    const QString connection = QStringLiteral("recovered");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'"))
                     .toInt(),
                 0);
        QVERIFY(scalar(connection,
                       QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'interrupted'"))
                    .toInt() >= shownAny);
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'completed'"))
                     .toInt(),
                 1);
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM message WHERE state = 'streaming'"))
                     .toInt(),
                 0);
    }
    QSqlDatabase::removeDatabase(connection);
}

void tst_Kills::verbsBesideAWindowCloseNothingOfIts()
{
    const int runs = wanted("FARTHING_PARALLEL_ASKS", 12);
    tests::ScriptedServer slow;
    slow.enqueue(tests::dripAnswer(20ms, 20'000));
    QProcess streaming;
    streaming.start(QStringLiteral(FARTHING_WINDOW),
                    windowArguments(QStringLiteral("the long one"), slow));
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT((seen += streaming.readAllStandardOutput()).contains("\"text\""),
                             20'000);

    tests::ScriptedServer quick;
    quick.setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 5); });
    for (int done = 0; done < runs;) {
        std::vector<std::unique_ptr<QProcess>> batch;
        for (int i = 0; i < 4 && done < runs; ++i, ++done) {
            batch.push_back(std::make_unique<QProcess>());
            batch.back()->start(QStringLiteral(FARTHING_PROGRAM),
                                arguments(QStringLiteral("short %1").arg(done), quick));
        }
        for (const auto &process : batch) {
            QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 30'000);
            QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        }
    }
    const QString connection = QStringLiteral("parallel");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(databasePath());
        QVERIFY(db.open());
        QCOMPARE(scalar(connection,
                        QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'"))
                     .toInt(),
                 1);
    }
    QSqlDatabase::removeDatabase(connection);
    QCOMPARE(streaming.state(), QProcess::Running);
    streaming.kill();
    streaming.waitForFinished();
}

QTEST_GUILESS_MAIN(tst_Kills)
#include "tst_kills.moc"
