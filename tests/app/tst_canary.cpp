// A key-like secret through whole runs of the program, logs on, good and bad: afterwards it stands
// in the request header and nowhere else (threats.md A4, A6; promise 1).
#include "core/practice/eventstreamwriter.h"
#include "core/practice/practiceproof.h"
#include "tests/support/dripanswer.h"
#include "tests/support/environmentvariable.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

namespace {

QByteArray freshCanary()
{
    return "cnry-" + QByteArray::number(QRandomGenerator::system()->generate64(), 36) + "/+=Zq" +
           QByteArray::number(QRandomGenerator::system()->generate64(), 36);
}

//! A whole answer of ConverseStream that says "Hi".
QByteArray converseStream()
{
    const auto event = [](const QByteArray &type, const QByteArray &payload) {
        return core::eventStreamFrame({{":event-type", type},
                                       {":content-type", "application/json"},
                                       {":message-type", "event"}},
                                      payload);
    };
    return event("messageStart", R"({"role":"assistant"})") +
           event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi"}})") +
           event("contentBlockStop", R"({"contentBlockIndex":0})") +
           event("messageStop", R"({"stopReason":"end_turn"})") +
           event("metadata",
                 R"({"usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4},"metrics":{}})");
}

//! What stands in \p request but for the value of \p header.
QByteArray withoutHeader(const core::LoopbackRequest &request, const QByteArray &header)
{
    QByteArray rest = request.target + '\n' + request.body;
    for (const auto &[name, value] : request.headers.fields()) {
        if (name.compare(header, Qt::CaseInsensitive) != 0)
            rest += '\n' + name + ": " + value;
    }
    return rest;
}

//! The one that carries the question, among those for lists and tokens.
const core::LoopbackRequest *chatRequest(const tests::ScriptedServer &server)
{
    for (const core::LoopbackRequest &request : server.requests()) {
        if (request.path().endsWith("/chat/completions"))
            return &request;
    }
    return nullptr;
}

} // namespace

class tst_Canary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keyStaysInTheHeader_data();
    void keyStaysInTheHeader();
    void otherOriginsNeverSeeIt();
    void awsProfileSignsAndIsSeenNowhere_data();
    void awsProfileSignsAndIsSeenNowhere();
    void keyTypedIntoTheWindow_data();
    void keyTypedIntoTheWindow();
    void tokensOfASignInStayInHeaders();
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
    [[nodiscard]] static QList<QByteArray> forms(const QByteArray &canary);
    [[nodiscard]] bool holdsCanary(const QByteArray &bytes) const;
    void checkFiles() const;

    QByteArray m_canary;
    QList<QByteArray> m_further; //!< Other secrets of the test that runs.
    QTemporaryDir m_profile;
};

void tst_Canary::initTestCase()
{
    m_canary = freshCanary();
    QVERIFY(m_profile.isValid());
    qputenv("ANTHROPIC_API_KEY", m_canary);
    qputenv("FARTHING_API_KEY", m_canary);
    qputenv("OPENAI_API_KEY", m_canary);
    qputenv("QT_LOGGING_RULES", "*=true");
}

QList<QByteArray> tst_Canary::forms(const QByteArray &canary)
{
    const QString text = QString::fromLatin1(canary);
    return {canary, canary.toBase64(QByteArray::OmitTrailingEquals), canary.toPercentEncoding(),
            canary.toHex(),
            QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2)};
}

bool tst_Canary::holdsCanary(const QByteArray &bytes) const
{
    QList<QByteArray> all = forms(m_canary);
    for (const QByteArray &further : m_further)
        all += forms(further);
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

void tst_Canary::awsProfileSignsAndIsSeenNowhere_data()
{
    QTest::addColumn<bool>("signedRight");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("answered") << true << 0;
    QTest::newRow("keys-echoed-in-a-403") << false << 3;
}

void tst_Canary::awsProfileSignsAndIsSeenNowhere()
{
    QFETCH(const bool, signedRight);
    QFETCH(const int, exitCode);
    const QByteArray secret = freshCanary();
    const QByteArray token = freshCanary();
    m_further = {secret, token};
    QTemporaryDir aws; // the user's own files: the one place where the keys may stand
    QFile file(aws.filePath(QStringLiteral("credentials")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[work]\nregion = eu-west-3\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n"
               "aws_secret_access_key = " +
               secret + "\naws_session_token = " + token + "\n");
    file.close();
    const tests::EnvironmentVariable files("AWS_SHARED_CREDENTIALS_FILE", file.fileName());
    const tests::EnvironmentVariable config("AWS_CONFIG_FILE", aws.filePath(QStringLiteral("no")));
    const tests::EnvironmentVariable profile("AWS_PROFILE", QStringLiteral("work"));
    tests::ScriptedServer server;
    bool wasSigned = false;
    server.setChooser([&](const core::LoopbackRequest &request) {
        wasSigned = core::isSigned(
            request, core::SecretString(secret),
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
        if (wasSigned && signedRight)
            return tests::Answer::whole(200, converseStream(),
                                        "application/vnd.amazon.eventstream");
        return tests::Answer::whole(403, R"({"message":"The security token )" + token + " or " +
                                             secret + R"( is bad"})");
    });
    const Run result =
        run({QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--json"),
             QStringLiteral("--no-retry"), QStringLiteral("--target"),
             QStringLiteral("bedrock/amazon.nova-micro-v1:0@") + server.url().toString()});
    QVERIFY2(result.exitCode == exitCode, result.output.constData());
    QVERIFY(wasSigned);
    QVERIFY2(!holdsCanary(result.output), result.output.constData());
    QCOMPARE(result.output.contains(R"("text":"Hi")"), signedRight);
    QCOMPARE(server.requests().size(), 1);
    const core::LoopbackRequest &request = server.requests().first();
    QCOMPARE(request.headers.value("x-amz-security-token"), token);
    QVERIFY(!holdsCanary(withoutHeader(request, "x-amz-security-token"))); // it signs, unsent
    QVERIFY(!holdsCanary(result.commandLine));
    checkFiles();
    m_further.clear();
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
    QTRY_VERIFY_WITH_TIMEOUT(chatRequest(server), 30'000);
    QVERIFY(chatRequest(server)->headers.value("authorization").contains(m_canary));
    QTest::qWait(1'500); // it writes what it got, and shows the error
    checkFiles();
    QCOMPARE(window.state(), QProcess::Running);
    window.kill();
    window.waitForFinished();
    const QByteArray output = window.readAll();
    QVERIFY2(!holdsCanary(output), output.constData());
    checkFiles();
}

void tst_Canary::tokensOfASignInStayInHeaders()
{
    const QByteArray access = freshCanary();
    const QByteArray refresh = freshCanary();
    m_further = {access, refresh};
    tests::ScriptedServer server;
    const auto tokens = [&] {
        return tests::Answer::whole(200,
                                    R"({"token_type":"Bearer","expires_in":3600,"access_token":")" +
                                        access + R"(","refresh_token":")" + refresh + R"("})");
    };
    server.setChooser([&](const core::LoopbackRequest &request) -> tests::Answer {
        if (request.path().endsWith("/devicecode"))
            return tests::Answer::whole(
                200, R"({"user_code":"ABCD-EFGH","device_code":"d-1","interval":1,)"
                     R"("expires_in":900,"verification_uri":"https://login.example.org/device"})");
        if (request.path().endsWith("/token"))
            return tokens();
        return tests::dripAnswer(0ms, 5);
    });
    const auto chat = [&] { return chatRequest(server); };
    QProcess window;
    window.setProcessChannelMode(QProcess::MergedChannels);
    window.start(QStringLiteral(FARTHING_WINDOW),
                 {m_profile.filePath(QStringLiteral("sign-in")), server.url().toString(),
                  QStringLiteral("hello"), QStringLiteral("--sign-in")});
    QTRY_VERIFY_WITH_TIMEOUT(chat(), 60'000);
    QCOMPARE(chat()->headers.value("authorization"), "Bearer " + access);
    QVERIFY(!holdsCanary(withoutHeader(*chat(), "authorization")));
    for (const core::LoopbackRequest &request : server.requests()) {
        QVERIFY(!request.target.contains(refresh));
        if (!request.path().endsWith("/token"))
            QVERIFY(!request.body.contains(refresh));
    }
    QTest::qWait(1'500); // it writes what it got
    QCOMPARE(window.state(), QProcess::Running);
    window.kill();
    window.waitForFinished();
    const QByteArray output = window.readAll();
    QVERIFY2(!holdsCanary(output), output.constData());
    checkFiles();
    m_further.clear();
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
