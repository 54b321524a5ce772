// A key-like secret through whole runs of the program, logs on, good and bad: afterwards it stands
// in the request header and nowhere else (threats.md A4, A6; promise 1).
#include "tests/support/dripanswer.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

class tst_Canary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keyStaysInTheHeader_data();
    void keyStaysInTheHeader();
    void otherOriginsNeverSeeIt();
    void keyTypedIntoTheWindow_data();
    void keyTypedIntoTheWindow();
    void verbsThatNeedNoKey_data();
    void verbsThatNeedNoKey();

private:
    struct Run
    {
        int exitCode = -1;
        QByteArray output;
        QByteArray commandLine;
    };
    Run run(const QStringList &arguments);
    [[nodiscard]] QList<QByteArray> forms() const;
    [[nodiscard]] bool holdsCanary(const QByteArray &bytes) const;
    void checkFiles() const;

    QByteArray m_canary;
    QTemporaryDir m_profile;
};

void tst_Canary::initTestCase()
{
    m_canary = "cnry-" + QByteArray::number(QRandomGenerator::system()->generate64(), 36) +
               "/+=Zq" + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    QVERIFY(m_profile.isValid());
    qputenv("ANTHROPIC_API_KEY", m_canary);
    qputenv("FARTHING_API_KEY", m_canary);
    qputenv("OPENAI_API_KEY", m_canary);
    qputenv("QT_LOGGING_RULES", "*=true");
}

QList<QByteArray> tst_Canary::forms() const
{
    const QString text = QString::fromLatin1(m_canary);
    return {m_canary, m_canary.toBase64(QByteArray::OmitTrailingEquals),
            m_canary.toPercentEncoding(), m_canary.toHex(),
            QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2)};
}

bool tst_Canary::holdsCanary(const QByteArray &bytes) const
{
    const QList<QByteArray> all = forms();
    return std::any_of(all.begin(), all.end(),
                       [&](const QByteArray &form) { return bytes.contains(form); });
}

tst_Canary::Run tst_Canary::run(const QStringList &arguments)
{
    Run result;
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(FARTHING_PROGRAM),
                  QStringList{QStringLiteral("--profile"), m_profile.path()} + arguments);
    process.closeWriteChannel();
    if (process.waitForStarted()) {
        QFile commandLine(QStringLiteral("/proc/%1/cmdline").arg(process.processId()));
        if (commandLine.open(QIODevice::ReadOnly))
            result.commandLine = commandLine.readAll();
    }
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30'000))
        process.kill();
    process.waitForFinished();
    result.exitCode = process.exitCode();
    result.output = process.readAll();
    return result;
}

void tst_Canary::checkFiles() const
{
    QDirIterator files(m_profile.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int seen = 0;
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!holdsCanary(file.readAll()), qPrintable(file.fileName()));
        ++seen;
    }
    QVERIFY(seen > 0);
}

void tst_Canary::keyStaysInTheHeader_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("answered") << QStringLiteral("custom") << QByteArray("authorization") << 200
                              << 0;
    QTest::newRow("key-echoed-in-a-401")
        << QStringLiteral("custom") << QByteArray("authorization") << 401 << 3;
    QTest::newRow("key-echoed-in-a-500")
        << QStringLiteral("custom") << QByteArray("authorization") << 500 << 4;
    QTest::newRow("anthropic-401")
        << QStringLiteral("anthropic") << QByteArray("x-api-key") << 401 << 3;
}

void tst_Canary::keyStaysInTheHeader()
{
    QFETCH(const QString, provider);
    QFETCH(const QByteArray, header);
    QFETCH(const int, status);
    QFETCH(const int, exitCode);
    tests::ScriptedServer server;
    server.setChooser([&](const core::LoopbackRequest &) -> tests::Answer {
        if (status == 200)
            return tests::dripAnswer(0ms, 5);
        // A hostile or careless server puts the key into its error text.
        return tests::Answer::whole(
            status,
            R"({"error":{"type":"authentication_error","message":"bad key )" + m_canary + R"("}})");
    });
    const QString base = server.url(provider == QStringLiteral("custom") ? u"/v1" : u"").toString();
    const Run result =
        run({QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--json"),
             QStringLiteral("--no-retry"), QStringLiteral("--target"),
             provider + QStringLiteral("/model@") + base});
    QVERIFY2(result.exitCode == exitCode, result.output.constData());
    QVERIFY2(!holdsCanary(result.output), result.output.constData());
    QVERIFY(!holdsCanary(result.commandLine));
    QCOMPARE(server.requests().size(), 1);
    const core::LoopbackRequest &request = server.requests().first();
    QVERIFY(request.headers.value(header).contains(m_canary));
    QVERIFY(!holdsCanary(request.body));
    QVERIFY(!holdsCanary(request.target));
    checkFiles();
}

void tst_Canary::otherOriginsNeverSeeIt()
{
    // A redirect is another origin; so is a second server that a fallback would not have been given
    // the key for.
    tests::ScriptedServer other;
    tests::ScriptedServer server;
    server.enqueue(tests::Answer::whole(307, "{}").header(
        "Location", other.url(u"/v1/chat/completions").toEncoded()));
    const Run result = run({QStringLiteral("ask"), QStringLiteral("hello"),
                            QStringLiteral("--json"), QStringLiteral("--target"),
                            QStringLiteral("custom/m@") + server.url(u"/v1").toString()});
    QCOMPARE(result.exitCode, 4);
    QVERIFY(result.output.contains("\"redirected\""));
    QCOMPARE(server.requests().size(), 1);
    QCOMPARE(other.connectionsAccepted(), 0);
    checkFiles();
}

void tst_Canary::keyTypedIntoTheWindow_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("answered") << 200;
    QTest::newRow("key-echoed-in-a-401") << 401;
}

void tst_Canary::keyTypedIntoTheWindow()
{
    QFETCH(const int, status);
    tests::ScriptedServer server;
    server.setChooser([&](const core::LoopbackRequest &) -> tests::Answer {
        if (status == 200)
            return tests::dripAnswer(0ms, 5);
        return tests::Answer::whole(status,
                                    R"({"error":{"message":"bad key )" + m_canary + R"("}})");
    });
    QProcess window;
    window.setProcessChannelMode(QProcess::MergedChannels);
    // The helper must be told what to type. The environment's key is not the window's to use.
    window.start(QStringLiteral(FARTHING_WINDOW),
                 {m_profile.filePath(QString::fromLatin1(QTest::currentDataTag())),
                  server.url(u"/v1").toString(), QStringLiteral("hello"),
                  QString::fromLatin1(m_canary)});
    QTRY_VERIFY_WITH_TIMEOUT(!server.requests().isEmpty(), 30'000);
    QVERIFY(server.requests().first().headers.value("authorization").contains(m_canary));
    QTest::qWait(1'500); // it writes what it got, and shows the error
    checkFiles();
    QCOMPARE(window.state(), QProcess::Running);
    window.kill();
    window.waitForFinished();
    const QByteArray output = window.readAll();
    QVERIFY2(!holdsCanary(output), output.constData());
    checkFiles();
}

void tst_Canary::verbsThatNeedNoKey_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("doctor") << QStringList{QStringLiteral("doctor"), QStringLiteral("--json")};
    QTest::newRow("cost") << QStringList{QStringLiteral("cost"), QStringLiteral("--json"),
                                         QStringLiteral("--by"), QStringLiteral("model")};
    QTest::newRow("help") << QStringList{QStringLiteral("--help")};
    QTest::newRow("bad-usage") << QStringList{QStringLiteral("ask"), QStringLiteral("--target"),
                                              QStringLiteral("nobody/x")};
}

void tst_Canary::verbsThatNeedNoKey()
{
    QFETCH(const QStringList, arguments);
    const Run result = run(arguments);
    QVERIFY(!result.output.isEmpty());
    QVERIFY2(!holdsCanary(result.output), result.output.constData());
    checkFiles();
}

QTEST_GUILESS_MAIN(tst_Canary)
#include "tst_canary.moc"
