// What belongs to others or may not be touched, met by the real program: each ends in a sentence
// that says what to do, and nothing is asked that could not be recorded. Root sees through all of
// this, so packaging/test runs it as somebody else.
#include "tests/app/programrun.h"
#include "tests/support/dripanswer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

using Outcome = tests::ProgramRun;

//! The copy beside this test, where the build's folder is closed to whoever runs it.
QString program()
{
    const QString copy =
        QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("farthing"));
    return QFileInfo::exists(copy) ? copy : QStringLiteral(FARTHING_PROGRAM);
}

bool setMode(const QString &path, mode_t mode)
{
    return ::chmod(QFile::encodeName(path).constData(), mode) == 0;
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

class tst_ForeignFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void nothingIsAskedThatCannotBeRecorded_data();
    void nothingIsAskedThatCannotBeRecorded();
    void sumsOfAReadOnlyProfile();
    void unreadableFilesAreNamed_data();
    void unreadableFilesAreNamed();
    void unreadableSettingsAreKept();
    void unreadableCredentialsAreSaid();

private:
    [[nodiscard]] Outcome run(const QStringList &arguments);
    [[nodiscard]] Outcome ask(const QStringList &more = {});
    [[nodiscard]] QString inProfile(const QString &entry) const
    {
        return m_folder->filePath(entry);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::ScriptedServer> m_server;
};

void tst_ForeignFiles::initTestCase()
{
    QVERIFY2(::geteuid() != 0, "Run it as somebody else: root is not stopped by permissions.");
    QVERIFY2(QFileInfo(program()).isExecutable(), qPrintable(program()));
}

void tst_ForeignFiles::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->enqueue(tests::dripAnswer(0ms, 3));
    qunsetenv("FARTHING_API_KEY");
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
}

void tst_ForeignFiles::cleanup()
{
    for (const char *entry : {"", "data", "config", "data/farthing.db"})
        setMode(inProfile(QString::fromLatin1(entry)), 0700); // so that it can be removed
}

Outcome tst_ForeignFiles::run(const QStringList &arguments)
{
    return tests::runProgram(QStringList{QStringLiteral("--profile"), m_folder->path()} + arguments,
                             {}, program());
}

Outcome tst_ForeignFiles::ask(const QStringList &more)
{
    return run(QStringList{QStringLiteral("ask"), QStringLiteral("hello"),
                           QStringLiteral("--target"),
                           QStringLiteral("custom/drip@") + m_server->url(u"/v1").toString()} +
               more);
}

void tst_ForeignFiles::nothingIsAskedThatCannotBeRecorded_data()
{
    QTest::addColumn<QString>("entry");
    QTest::addColumn<unsigned>("mode");
    QTest::newRow("profile-closed") << QString() << 0000U;
    QTest::newRow("data-read-only") << QStringLiteral("data") << 0500U;
    QTest::newRow("database-unreadable") << QStringLiteral("data/farthing.db") << 0000U;
    QTest::newRow("database-read-only") << QStringLiteral("data/farthing.db") << 0400U;
}

void tst_ForeignFiles::nothingIsAskedThatCannotBeRecorded()
{
    QFETCH(QString, entry);
    QFETCH(unsigned, mode);
    QCOMPARE(ask().status, 0);
    QCOMPARE(m_server->requests().size(), 1);
    m_server->enqueue(tests::dripAnswer(0ms, 3));
    QVERIFY(setMode(inProfile(entry), mode));
    const Outcome outcome = ask();
    QCOMPARE(outcome.status, 1);
    QCOMPARE(m_server->requests().size(), 1);
    QVERIFY2(outcome.messages.contains(m_folder->path()), qPrintable(outcome.messages));
    QVERIFY2(outcome.messages.contains(QStringLiteral("Check")), qPrintable(outcome.messages));
    QVERIFY(setMode(inProfile(entry), 0700));
    const Outcome again = ask();
    QVERIFY2(again.status == 0, qPrintable(again.messages));
    const Outcome sums = run({QStringLiteral("cost"), QStringLiteral("--json")});
    QVERIFY2(sums.output.contains("\"requests\":2"), sums.output.constData());
}

void tst_ForeignFiles::sumsOfAReadOnlyProfile()
{
    QCOMPARE(ask().status, 0);
    QVERIFY(setMode(inProfile(QStringLiteral("data/farthing.db")), 0400));
    QVERIFY(setMode(inProfile(QStringLiteral("data")), 0500));
    const Outcome sums = run({QStringLiteral("cost"), QStringLiteral("--json")});
    QVERIFY2(sums.status == 0, qPrintable(sums.messages));
    QVERIFY2(sums.output.contains("\"requests\":1"), sums.output.constData());
}

void tst_ForeignFiles::unreadableFilesAreNamed_data()
{
    QTest::addColumn<QStringList>("arguments"); // the file comes last
    QTest::newRow("decode") << QStringList{QStringLiteral("decode"), QStringLiteral("--protocol"),
                                           QStringLiteral("anthropic")};
    QTest::newRow("render") << QStringList{QStringLiteral("render")};
    QTest::newRow("tokens") << QStringList{QStringLiteral("tokens"), QStringLiteral("--encoding"),
                                           QStringLiteral("o200k_base")};
    QTest::newRow("attach") << QStringList{QStringLiteral("ask"), QStringLiteral("what is this"),
                                           QStringLiteral("--target"), QStringLiteral("ollama/m"),
                                           QStringLiteral("--attach")};
}

void tst_ForeignFiles::unreadableFilesAreNamed()
{
    QFETCH(QStringList, arguments);
    const QString path = inProfile(QStringLiteral("foreign.txt"));
    QVERIFY(write(path, "not yours") && setMode(path, 0000));
    const Outcome outcome = run(arguments + QStringList{path});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.messages.contains(path), qPrintable(outcome.messages));
    QVERIFY(!outcome.messages.contains(QStringLiteral("not yours")));
}

void tst_ForeignFiles::unreadableSettingsAreKept()
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("config")));
    const QString path = inProfile(QStringLiteral("config/farthing.conf"));
    const QByteArray settings = R"({"engine/retry": false})";
    QVERIFY(write(path, settings) && setMode(path, 0000));
    const Outcome outcome = ask();
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QVERIFY2(outcome.messages.contains(path), qPrintable(outcome.messages));
    QVERIFY(setMode(path, 0600));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), settings);
}

void tst_ForeignFiles::unreadableCredentialsAreSaid()
{
    const QString path = inProfile(QStringLiteral("credentials"));
    QVERIFY(write(path, "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n") &&
            setMode(path, 0000));
    qputenv("AWS_SHARED_CREDENTIALS_FILE", QFile::encodeName(path));
    qputenv("AWS_REGION", "us-east-1");
    const Outcome outcome =
        run({QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--target"),
             QStringLiteral("bedrock/amazon.nova-micro-v1:0")});
    qunsetenv("AWS_SHARED_CREDENTIALS_FILE");
    qunsetenv("AWS_REGION");
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.messages.contains(path), qPrintable(outcome.messages));
}

QTEST_GUILESS_MAIN(tst_ForeignFiles)
#include "tst_foreignfiles.moc"
