// A key-like secret through whole runs of the program, logs on, good and bad: afterwards it stands
// in the request header and nowhere else.
#include "app/profile.h"
#include "core/practice/eventstreamwriter.h"
#include "core/practice/practiceproof.h"
#include "core/secrets/keychainkeystore.h"
#include "tests/app/programrun.h"
#include "tests/core/net/rawserver.h"
#include "tests/core/net/testcertificates.h"
#include "tests/core/net/tunnelproxy.h"
#include "tests/support/dripanswer.h"
#include "tests/support/environmentvariable.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

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

//! The first row that \p statement gives in the database of \p profile; empty: none.
QVariantList firstRow(const QString &profile, const QString &statement,
                      const QVariantList &values = {})
{
    const QString connection = QStringLiteral("canary");
    QVariantList row;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(profile + QStringLiteral("/data/farthing.db"));
        if (db.open()) {
            QSqlQuery query(db);
            query.prepare(statement);
            for (const QVariant &value : values)
                query.addBindValue(value);
            if (query.exec() && query.next()) {
                for (int column = 0; column < query.record().count(); ++column)
                    row.append(query.value(column));
            }
        }
    }
    QSqlDatabase::removeDatabase(connection);
    return row;
}

//! The answer in \p profile has ended, and the ledger has it: nothing more of it will be written.
bool hasAnswered(const QString &profile)
{
    return !firstRow(profile, QStringLiteral("SELECT 1 FROM request WHERE ended_at IS NOT NULL"))
                .isEmpty();
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
    void passwordOfTheProxyStaysThere_data();
    void passwordOfTheProxyStaysThere();
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
    //! Qt Test cuts long messages, and what went wrong stands last.
    [[nodiscard]] static QByteArray ending(const Run &run)
    {
        return QByteArray::number(run.exitCode) + ": ..." + run.output.right(800);
    }
    [[nodiscard]] static QList<QByteArray> forms(const QByteArray &canary);
    [[nodiscard]] bool holdsCanary(const QByteArray &bytes) const;
    void checkFiles() const;
    void checkSession() const;
    [[nodiscard]] static QByteArray procFile(const QProcess &process, const char *name);
    //! What the keychain holds for the account of \p provider in \p profile.
    [[nodiscard]] static QByteArray keyInKeychain(const QString &profile, const QString &provider);

    QByteArray m_canary;
    QList<QByteArray> m_further; //!< Other secrets of the test that runs.
    QTemporaryDir m_profile;
    QTemporaryDir m_inputs; //!< What verbs read; their outputs go to the profile.
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
    if (process.waitForStarted())
        result.commandLine = procFile(process, "cmdline");
    const tests::ProgramRun ended = tests::ended(process);
    result.exitCode = ended.status;
    result.output = ended.output;
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

//! The home and the runtime folder, where they are of this session alone (desktop-session.sh).
void tst_Canary::checkSession() const
{
    if (qEnvironmentVariable("FARTHING_IN_SESSION") != QStringLiteral("1"))
        return;
    for (const QString &folder : {QDir::homePath(), qEnvironmentVariable("XDG_RUNTIME_DIR")}) {
        QVERIFY(!folder.isEmpty());
        QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly)) // else another test's, and gone by now
                QVERIFY2(!holdsCanary(file.readAll()), qPrintable(file.fileName()));
        }
    }
}

QByteArray tst_Canary::procFile(const QProcess &process, const char *name)
{
    QFile file(QStringLiteral("/proc/%1/%2").arg(process.processId()).arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray tst_Canary::keyInKeychain(const QString &profile, const QString &provider)
{
    core::Account account;
    const QVariantList row = firstRow(
        profile, QStringLiteral("SELECT id, origin FROM account WHERE provider = ? AND key_saved"),
        {provider});
    if (!row.isEmpty()) {
        account.id = row.at(0).toLongLong();
        account.keyOrigin = row.at(1).toString();
    }
    account.provider = provider;
    account.keySaved = true;
    core::SystemClock clock;
    core::KeychainKeyStore store(app::Profile::below(profile).keychainService(), clock);
    const auto read = store.read(account, account.keyOrigin);
    if (!QTest::qWaitFor([&read] { return read.isFinished(); }, 30'000) || !read.result())
        return {};
    return read.result()->revealCopy();
}

void tst_Canary::keyStaysInTheHeader_data()
{
    QTest::addColumn<QString>("target"); // with the version part of its base
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("exitCode");
    const auto row = [](const char *name, const char *target, const char *variable,
                        const char *header, int status, int exitCode) {
        QTest::newRow(name) << QString::fromLatin1(target) << QByteArray(variable)
                            << QByteArray(header) << status << exitCode;
    };
    row("answered", "custom/model@/v1", "FARTHING_API_KEY", "authorization", 200, 0);
    row("key-echoed-in-a-401", "custom/model@/v1", "FARTHING_API_KEY", "authorization", 401, 3);
    row("key-echoed-in-a-500", "custom/model@/v1", "FARTHING_API_KEY", "authorization", 500, 4);
    row("anthropic-401", "anthropic/model@", "ANTHROPIC_API_KEY", "x-api-key", 401, 3);
    row("openai-401", "openai/model@/v1", "OPENAI_API_KEY", "authorization", 401, 3);
    row("openai-chat-answered", "openai-chat/model@/v1", "OPENAI_API_KEY", "authorization", 200, 0);
    row("google-401", "google/model@", "GEMINI_API_KEY", "x-goog-api-key", 401, 3);
    row("cohere-401", "cohere/model@", "CO_API_KEY", "authorization", 401, 3);
    row("azure-answered", "azure/model@", "AZURE_OPENAI_API_KEY", "api-key", 200, 0);
    row("azure-401", "azure/model@", "AZURE_OPENAI_API_KEY", "api-key", 401, 3);
    row("bedrock-403", "bedrock/amazon.nova-micro-v1:0@", "AWS_BEARER_TOKEN_BEDROCK",
        "authorization", 403, 3);
}

void tst_Canary::keyStaysInTheHeader()
{
    QFETCH(const QString, target);
    QFETCH(const QByteArray, variable);
    QFETCH(const QByteArray, header);
    QFETCH(const int, status);
    QFETCH(const int, exitCode);
    const tests::EnvironmentVariable key(variable.constData(), QString::fromLatin1(m_canary));
    const tests::EnvironmentVariable region("AWS_REGION", QStringLiteral("eu-west-3"));
    tests::ScriptedServer server;
    server.setChooser([&](const core::LoopbackRequest &) -> tests::Answer {
        if (status == 200)
            return tests::dripAnswer(0ms, 5);
        // A hostile or careless server puts the key into its error text.
        return tests::Answer::whole(
            status,
            R"({"error":{"type":"authentication_error","message":"bad key )" + m_canary + R"("}})");
    });
    const QString base = server.url(target.section(u'@', 1)).toString();
    const Run result = run({QStringLiteral("ask"), QStringLiteral("hello"),
                            QStringLiteral("--json"), QStringLiteral("--no-retry"),
                            QStringLiteral("--target"), target.section(u'@', 0, 0) + u'@' + base});
    QVERIFY2(result.exitCode == exitCode, ending(result).constData());
    QVERIFY2(!holdsCanary(result.output), result.output.constData());
    QVERIFY(!holdsCanary(result.commandLine));
    QCOMPARE(server.requests().size(), 1);
    const core::LoopbackRequest &request = server.requests().first();
    QVERIFY(request.headers.value(header).contains(m_canary));
    QVERIFY(!holdsCanary(withoutHeader(request, header)));
    checkFiles();
    checkSession();
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
    QVERIFY2(result.exitCode == 4, ending(result).constData());
    QVERIFY(result.output.contains("\"redirected\""));
    QCOMPARE(server.requests().size(), 1);
    QCOMPARE(other.connectionsAccepted(), 0);
    checkFiles();
}

void tst_Canary::awsProfileSignsAndIsSeenNowhere_data()
{
    QTest::addColumn<bool>("fromProfile"); // else a pair in the environment
    QTest::addColumn<bool>("signedRight");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("answered") << true << true << 0;
    QTest::newRow("keys-echoed-in-a-403") << true << false << 3;
    QTest::newRow("pair-answered") << false << true << 0;
    QTest::newRow("pair-echoed-in-a-403") << false << false << 3;
}

void tst_Canary::awsProfileSignsAndIsSeenNowhere()
{
    QFETCH(const bool, fromProfile);
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
    std::vector<std::unique_ptr<tests::EnvironmentVariable>> set;
    const auto put = [&set](const char *name, const QByteArray &value) {
        set.push_back(
            std::make_unique<tests::EnvironmentVariable>(name, QString::fromLatin1(value)));
    };
    if (fromProfile) {
        put("AWS_PROFILE", "work");
    } else {
        QVERIFY(file.remove());
        put("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
        put("AWS_SECRET_ACCESS_KEY", secret);
        put("AWS_SESSION_TOKEN", token);
        put("AWS_REGION", "eu-west-3");
    }
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
    QVERIFY2(result.exitCode == exitCode, ending(result).constData());
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
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char *variable : {"ANTHROPIC_API_KEY", "FARTHING_API_KEY", "OPENAI_API_KEY"})
        environment.remove(QString::fromLatin1(variable));
    window.setProcessEnvironment(environment);
    const QString profile = m_profile.filePath(QString::fromLatin1(QTest::currentDataTag()));
    window.start(QStringLiteral(FARTHING_WINDOW), {profile, server.url(u"/v1").toString(),
                                                   QStringLiteral("hello"), QStringLiteral("-")});
    window.write(m_canary + '\n'); // what the helper is to type
    QTRY_VERIFY_WITH_TIMEOUT(chatRequest(server), 30'000);
    for (const char *name : {"cmdline", "environ"}) {
        const QByteArray told = procFile(window, name);
        QVERIFY2(!told.isEmpty() && !holdsCanary(told), name);
    }
    QVERIFY(chatRequest(server)->headers.value("authorization").contains(m_canary));
    QTRY_VERIFY_WITH_TIMEOUT(hasAnswered(profile), 30'000);
    checkFiles();
    checkSession();
    // The one place where it does stand. Without a keychain the helper keeps it for the session.
    if (qEnvironmentVariable("FARTHING_IN_SESSION") == QStringLiteral("1"))
        QCOMPARE(keyInKeychain(profile, QStringLiteral("custom")), m_canary);
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
    const QString profile = m_profile.filePath(QStringLiteral("sign-in"));
    QProcess window;
    window.setProcessChannelMode(QProcess::MergedChannels);
    window.start(
        QStringLiteral(FARTHING_WINDOW),
        {profile, server.url().toString(), QStringLiteral("hello"), QStringLiteral("--sign-in")});
    QTRY_VERIFY_WITH_TIMEOUT(chat(), 60'000);
    QCOMPARE(chat()->headers.value("authorization"), "Bearer " + access);
    QVERIFY(!holdsCanary(withoutHeader(*chat(), "authorization")));
    for (const core::LoopbackRequest &request : server.requests()) {
        QVERIFY(!request.target.contains(refresh));
        if (!request.path().endsWith("/token"))
            QVERIFY(!request.body.contains(refresh));
    }
    QTRY_VERIFY_WITH_TIMEOUT(hasAnswered(profile), 30'000);
    QCOMPARE(window.state(), QProcess::Running);
    window.kill();
    window.waitForFinished();
    const QByteArray output = window.readAll();
    QVERIFY2(!holdsCanary(output), output.constData());
    checkFiles();
    m_further.clear();
}

void tst_Canary::passwordOfTheProxyStaysThere_data()
{
    QTest::addColumn<bool>("isStored");
    QTest::addColumn<bool>("isRight");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("right") << true << true << 0 << QByteArray("\"text\":\"Hi\"");
    QTest::newRow("wrong") << true << false << 4
                           << QByteArray("refused the user name or the password");
    QTest::newRow("none") << false << false << 4
                          << QByteArray("asks for a user name and a password");
}

// By `ask`, through a proxy on loopback, with the password in the keychain.
void tst_Canary::passwordOfTheProxyStaysThere()
{
    QFETCH(const bool, isStored);
    QFETCH(const bool, isRight);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, says);
    if (qEnvironmentVariable("FARTHING_IN_SESSION") != QStringLiteral("1"))
        QSKIP("there is no keyring");
    const QByteArray password = freshCanary();
    const QByteArray wanted = isRight ? password : freshCanary();
    m_further = {password, "ada:" + password};
    tests::TestCertificates certificates;
    QVERIFY2(certificates.make(), qPrintable(certificates.error()));
    const QByteArray chunk = R"({"id":"c-1","object":"chat.completion.chunk","model":"m",)"
                             R"("choices":[{"index":0,"delta":{"content":"Hi"},)"
                             R"("finish_reason":"stop"}]})";
    tests::RawServer server(
        certificates.server(QStringLiteral("wrong-host")), // is gate.example's
        [&chunk](tests::RawPeer &peer) {
            peer.write(tests::httpAnswer(200, "data: " + chunk + "\n\ndata: [DONE]\n\n",
                                         "Content-Type: text/event-stream\r\n"));
        });
    tests::TunnelProxy proxy("ada:" + wanted, server.serverPort());
    const tests::EnvironmentVariable inForce("https_proxy", proxy.url());
    const tests::EnvironmentVariable without("no_proxy", QString());
    core::SystemClock clock;
    core::KeychainKeyStore keychain(app::Profile::below(m_profile.path()).keychainService(), clock);
    core::Account account; // as app::ProxyPassword names its entry
    account.id = -1;
    const QString origin = QStringLiteral("proxy://") + proxy.address();
    if (isStored) {
        const auto written = keychain.write(account, origin, core::SecretString(password));
        QTRY_VERIFY_WITH_TIMEOUT(written.isFinished(), 30'000);
        QVERIFY2(written.result(),
                 qPrintable(written.result() ? QString() : written.result().error().detail));
    }
    const Run result = run(
        {QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--json"),
         QStringLiteral("--target"), QStringLiteral("custom/m@https://gate.example/v1"),
         QStringLiteral("--set"), QStringLiteral("network/caFile=") + certificates.authorityFile(),
         QStringLiteral("--set"), QStringLiteral("network/proxyUser=ada"), QStringLiteral("--set"),
         QStringLiteral("network/proxyPasswordFor=") + (isStored ? proxy.address() : QString())});
    QVERIFY2(result.exitCode == exitCode, ending(result).constData());
    QVERIFY2(result.output.contains(says), result.output.constData());
    QVERIFY2(!holdsCanary(result.output), result.output.constData());
    QVERIFY(!holdsCanary(result.commandLine));
    QCOMPARE(proxy.withLogin(), isStored ? 1 : 0); // no guessing
    QCOMPARE(server.requestCount(), isRight ? 1 : 0);
    for (const QByteArray &head : proxy.heads())
        QVERIFY2(head.startsWith("CONNECT ") && !head.contains(m_canary), head.constData());
    for (const tests::RawPeer *peer : server.peers())
        QVERIFY(!peer->received().contains(password));
    checkFiles();
    m_further.clear();
}

void tst_Canary::verbsThatNeedNoKey_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("doctor") << QStringList{QStringLiteral("doctor"), QStringLiteral("--json")};
    QTest::newRow("cost") << QStringList{QStringLiteral("cost"), QStringLiteral("--json"),
                                         QStringLiteral("--by"), QStringLiteral("model")};
    const auto input = [this](const char *name, const QByteArray &content) {
        QFile file(m_inputs.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("no place for inputs");
        return file.fileName();
    };
    QTest::newRow("decode") << QStringList{QStringLiteral("decode"), QStringLiteral("--protocol"),
                                           QStringLiteral("bedrock"),
                                           input("answer", converseStream())};
    QTest::newRow("decode-error") << QStringList{
        QStringLiteral("decode"),    QStringLiteral("--protocol"),
        QStringLiteral("anthropic"), QStringLiteral("--status"),
        QStringLiteral("401"),       input("error", R"({"error":{"message":"no"}})")};
    QTest::newRow("tokens") << QStringList{QStringLiteral("tokens"), QStringLiteral("--encoding"),
                                           QStringLiteral("o200k_base"), input("text", "Hello")};
    QTest::newRow("price") << QStringList{QStringLiteral("price"),
                                          QStringLiteral("--provider"),
                                          QStringLiteral("openai"),
                                          QStringLiteral("--model"),
                                          QStringLiteral("gpt-4o"),
                                          QStringLiteral("--usage"),
                                          QStringLiteral(R"({"input":5,"output":5})")};
    QTest::newRow("render") << QStringList{QStringLiteral("render"), input("a.md", "# Hello"),
                                           QStringLiteral("--png"),
                                           m_profile.filePath(QStringLiteral("picture.png"))};
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
