#include "core/secrets/credentialprocess.h"
#include "tests/support/environmentvariable.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>

using namespace core;
using namespace std::chrono_literals;
using tests::EnvironmentVariable;

namespace {

const QByteArray Id = "ASIAEXAMPLE000000001";
const QByteArray Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

QByteArray answer(const QByteArray &more = {})
{
    return R"({"Version":1,"AccessKeyId":")" + Id + R"(","SecretAccessKey":")" + Secret + '"' +
           more + '}';
}

QString words(const QString &command)
{
    const auto split = commandWords(command);
    return split ? u'[' + split->join(QStringLiteral("][")) + u']' : QStringLiteral("none");
}

//! A folder of small programs.
class Programs
{
public:
    //! A shell script; what it leaves behind lies in the folder, too.
    [[nodiscard]] QString make(const QString &name, const QByteArray &script) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + script + '\n') < 0)
            qFatal("cannot write the program");
        file.close();
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner |
                            QFileDevice::ExeOwner);
        return path(name);
    }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    QTemporaryDir m_folder;
};

Result<SecretString> awaited(const QFuture<Result<SecretString>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        qFatal("the program did not end");
    return future.result();
}

} // namespace

class tst_CredentialProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void splits_data();
    void splits();
    void reads_data();
    void reads();
    void honoursExpiration();
    void runsWithoutAShell();
    void inheritsNoKeys();
    void sharesARunAndKeepsUntilExpiration();
    void withoutExpirationItRunsEachTime();
    void failures_data();
    void failures();
    void quotesErrorsRedacted();
    void timeLimitEndsTheWholeGroup();
    void endsWithItsOwner();
};

void tst_CredentialProcess::splits_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *command, const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(command) << QString::fromUtf8(expected);
    };
    row("plain", "/opt/tool --profile  work", "[/opt/tool][--profile][work]");
    row("blanks-around", " \t/opt/tool ", "[/opt/tool]");
    row("double-quotes", R"("/opt/my tool" "a  b")", "[/opt/my tool][a  b]");
    row("single-quotes", R"('/opt/my tool' 'a "b"')", R"([/opt/my tool][a "b"])");
    row("quotes-inside-a-word", R"(/opt/t --x="a b"'c d')", "[/opt/t][--x=a bc d]");
    row("empty-argument", R"(/opt/t '' "")", "[/opt/t][][]");
    row("backslash", R"(/opt/my\ tool \\ \")", R"([/opt/my tool][\]["])");
    row("backslash-in-double-quotes", R"(/t "a\"b\\c\d")", R"([/t][a"b\c\d])");
    row("backslash-in-single-quotes", R"(/t 'a\b')", R"([/t][a\b])");
    row("a-shell's-signs-are-letters", "/t $HOME `x` $(y) ; rm -rf / | z > f * ~",
        "[/t][$HOME][`x`][$(y)][;][rm][-rf][/][|][z][>][f][*][~]");
    row("not-ascii", "/t grün \"ü b\"", "[/t][grün][ü b]");
    row("empty", "", "none");
    row("blank", "  \t", "none");
    row("open-double-quote", R"(/t "a)", "none");
    row("open-single-quote", "/t 'a", "none");
    row("backslash-at-the-end", R"(/t \)", "none");
    row("empty-program", "'' x", "none");
}

void tst_CredentialProcess::splits()
{
    QFETCH(const QString, command);
    QFETCH(const QString, expected);
    QCOMPARE(words(command), expected);
}

void tst_CredentialProcess::reads_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("keys"); // empty: refused
    const QByteArray pair = Id + ':' + Secret;
    QTest::newRow("pair") << answer() << pair;
    QTest::newRow("token") << answer(R"(,"SessionToken":"FwoG/+==")") << pair + ":FwoG/+==";
    QTest::newRow("null-token") << answer(R"(,"SessionToken":null,"Expiration":null)") << pair;
    QTest::newRow("more-members") << answer(R"(,"AccountId":"1","x":{}})").chopped(1) << pair;
    QTest::newRow("newline-behind") << answer() + "\n" << pair;
    QTest::newRow("expiration") << answer(R"(,"Expiration":"2026-11-24T10:00:00Z")") << pair;
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("text") << QByteArray("login first") << QByteArray();
    QTest::newRow("list") << "[" + answer() + "]" << QByteArray();
    QTest::newRow("version-2") << answer().replace("\"Version\":1", "\"Version\":2")
                               << QByteArray();
    QTest::newRow("version-as-text")
        << answer().replace("\"Version\":1", "\"Version\":\"1\"") << QByteArray();
    QTest::newRow("no-version") << answer().replace("Version", "version") << QByteArray();
    QTest::newRow("no-id") << answer().replace("AccessKeyId", "Id") << QByteArray();
    QTest::newRow("no-secret") << answer().replace("SecretAccessKey", "Key") << QByteArray();
    QTest::newRow("secret-of-two-lines")
        << answer().replace(Secret, "abc\\nX-Evil: 1") << QByteArray();
    QTest::newRow("token-with-colon") << answer(R"(,"SessionToken":"a:b")") << QByteArray();
    QTest::newRow("expiration-is-no-time") << answer(R"(,"Expiration":"soon")") << QByteArray();
    QTest::newRow("expiration-is-a-number")
        << answer(R"(,"Expiration":1795000000)") << QByteArray();
}

void tst_CredentialProcess::reads()
{
    QFETCH(const QByteArray, output);
    QFETCH(const QByteArray, keys);
    const auto read = processKeysFrom(output);
    QCOMPARE(read.hasValue(), !keys.isEmpty());
    if (read) {
        QCOMPARE(read->keys.revealCopy(), keys);
    } else {
        QCOMPARE(read.error().kind, ErrorKind::KeyUnavailable);
        QVERIFY(!read.error().detail.contains(QString::fromLatin1(Secret)));
    }
}

void tst_CredentialProcess::honoursExpiration()
{
    const auto at = [](const char *time) {
        return processKeysFrom(answer(R"(,"Expiration":")" + QByteArray(time) + '"'))
            .value()
            .expires;
    };
    const UtcTime expected(std::chrono::milliseconds(1'795'514'400'000));
    QCOMPARE(at("2026-11-24T10:00:00Z"), std::optional(expected));
    QCOMPARE(at("2026-11-24T11:00:00+01:00"), std::optional(expected));
    QCOMPARE(at("2026-11-24T10:00:00.000Z"), std::optional(expected));
    QCOMPARE(processKeysFrom(answer()).value().expires, std::optional<UtcTime>());
}

void tst_CredentialProcess::runsWithoutAShell()
{
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program = programs.make(
        QStringLiteral("my tool"), "printf '%s\\n' \"$@\" >\"$0.args\"; read line && echo typed "
                                   ">\"$0.args\"; echo '" +
                                       answer() + "'");
    const QString touched = programs.path(QStringLiteral("touched"));
    const auto keys = awaited(
        process.keys(QStringLiteral("\"%1\" a 'b c' $HOME ; touch %2").arg(program, touched)));
    QVERIFY2(keys, keys ? "" : qPrintable(keys.error().detail));
    QCOMPARE(keys->revealCopy(), Id + ':' + Secret);
    QCOMPARE(programs.read(QStringLiteral("my tool.args")),
             "a\nb c\n$HOME\n;\ntouch\n" + touched.toUtf8() + '\n');
    QVERIFY(!QFileInfo::exists(touched));
}

void tst_CredentialProcess::inheritsNoKeys()
{
    const EnvironmentVariable openAi("OPENAI_API_KEY", QStringLiteral("secret-one"));
    const EnvironmentVariable aws("AWS_SECRET_ACCESS_KEY", QStringLiteral("secret-two"));
    const EnvironmentVariable token("AWS_SESSION_TOKEN", QStringLiteral("secret-three"));
    const EnvironmentVariable bearer("AWS_BEARER_TOKEN_BEDROCK", QStringLiteral("secret-four"));
    const EnvironmentVariable other("MY_OWN_SECRET", QStringLiteral("secret-five"));
    const EnvironmentVariable proxy("https_proxy", QStringLiteral("http://proxy.example:1"));
    const EnvironmentVariable config("AWS_CONFIG_FILE", QStringLiteral("/somewhere"));
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program =
        programs.make(QStringLiteral("tool"), "env >\"$0.env\"; echo '" + answer() + "'");
    QVERIFY(awaited(process.keys(program)));
    const QByteArray environment = programs.read(QStringLiteral("tool.env"));
    QVERIFY(environment.contains("PATH="));
    QVERIFY(environment.contains("https_proxy=http://proxy.example:1"));
    QVERIFY(environment.contains("AWS_CONFIG_FILE=/somewhere"));
    QVERIFY2(!environment.contains("secret-"), environment.constData());
}

void tst_CredentialProcess::sharesARunAndKeepsUntilExpiration()
{
    const Programs programs;
    tests::FakeClock clock;
    clock.setUtcNow(UtcTime(std::chrono::milliseconds(1'795'510'800'000))); // an hour before
    CredentialProcess process(clock);
    const QString program = programs.make(
        QStringLiteral("tool"),
        "echo run >>\"$0.runs\"; echo '" + answer(R"(,"Expiration":"2026-11-24T10:00:00Z")") + "'");
    const auto runs = [&] { return programs.read(QStringLiteral("tool.runs")).count('\n'); };
    const auto first = process.keys(program);
    const auto second = process.keys(program);
    QVERIFY(awaited(first));
    QVERIFY(awaited(second));
    QCOMPARE(runs(), 1);
    clock.advance(58min);
    QVERIFY(process.keys(program).isFinished()); // from memory
    QCOMPARE(runs(), 1);
    QVERIFY(process.forget(program)); // the service refused them
    QVERIFY(!process.forget(program));
    QVERIFY(awaited(process.keys(program)));
    QCOMPARE(runs(), 2);
    clock.advance(90s); // half a minute left
    QVERIFY(awaited(process.keys(program)));
    QCOMPARE(runs(), 3);
    clock.advance(1min);
    const auto late = awaited(process.keys(program));
    QVERIFY(!late);
    QVERIFY(late.error().detail.contains(QStringLiteral("expired")));
}

void tst_CredentialProcess::withoutExpirationItRunsEachTime()
{
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program =
        programs.make(QStringLiteral("tool"), "echo run >>\"$0.runs\"; echo '" + answer() + "'");
    QVERIFY(awaited(process.keys(program)));
    QVERIFY(awaited(process.keys(program)));
    QCOMPARE(programs.read(QStringLiteral("tool.runs")).count('\n'), 2);
}

void tst_CredentialProcess::failures_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("says");
    QTest::newRow("exit-status") << QByteArray("exit 7") << QStringLiteral("exit status 7");
    QTest::newRow("killed") << QByteArray("kill -9 $$") << QStringLiteral("killed");
    QTest::newRow("no-json") << QByteArray("echo hello") << QStringLiteral("no JSON");
    QTest::newRow("floods") << "yes | head -c 10000000; echo '" + answer() + "'"
                            << QStringLiteral("64 KiB");
    QTest::newRow("floods-without-end") << QByteArray("exec yes") << QStringLiteral("64 KiB");
    QTest::newRow("not-there") << QByteArray() << QStringLiteral("could not be started");
}

void tst_CredentialProcess::failures()
{
    QFETCH(const QByteArray, script);
    QFETCH(const QString, says);
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program = script.isEmpty() ? programs.path(QStringLiteral("none"))
                                             : programs.make(QStringLiteral("tool"), script);
    const auto keys = awaited(process.keys(program));
    QVERIFY(!keys);
    QCOMPARE(keys.error().kind, ErrorKind::KeyUnavailable);
    QVERIFY2(keys.error().detail.contains(says), qPrintable(keys.error().detail));
    // It can be tried again.
    QVERIFY(!awaited(process.keys(program)));
    QVERIFY(!awaited(process.keys(QStringLiteral("\"unclosed"))));
}

void tst_CredentialProcess::quotesErrorsRedacted()
{
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program = programs.make(
        QStringLiteral("tool"),
        "echo 'Sign in first: aws sso login' >&2; echo 'secret=" + Secret + "' >&2; exit 1");
    const auto keys = awaited(process.keys(program));
    QVERIFY(!keys);
    QVERIFY2(keys.error().rawBody.contains(QStringLiteral("aws sso login")),
             qPrintable(keys.error().rawBody));
    QVERIFY2(!keys.error().rawBody.contains(QString::fromLatin1(Secret)),
             qPrintable(keys.error().rawBody));
}

void tst_CredentialProcess::timeLimitEndsTheWholeGroup()
{
    const Programs programs;
    tests::FakeClock clock;
    CredentialProcess process(clock);
    const QString program =
        programs.make(QStringLiteral("tool"), "sleep 600 & echo $! >\"$0.child\"; wait");
    const auto keys = process.keys(program);
    QTRY_VERIFY(programs.read(QStringLiteral("tool.child")).endsWith('\n'));
    const pid_t child = programs.read(QStringLiteral("tool.child")).trimmed().toInt();
    clock.advance(29s);
    QCoreApplication::processEvents();
    QVERIFY(!keys.isFinished());
    clock.advance(1s);
    QVERIFY(keys.isFinished());
    QVERIFY(keys.result().error().detail.contains(QStringLiteral("within 30 seconds")));
    QTRY_VERIFY(::kill(child, 0) != 0); // gone, and whoever took it over has noticed
}

void tst_CredentialProcess::endsWithItsOwner()
{
    const Programs programs;
    tests::FakeClock clock;
    auto process = std::make_unique<CredentialProcess>(clock);
    const QString program =
        programs.make(QStringLiteral("tool"), "echo $$ >\"$0.id\"; exec sleep 600");
    const auto keys = process->keys(program);
    QTRY_VERIFY(programs.read(QStringLiteral("tool.id")).endsWith('\n'));
    process.reset();
    QVERIFY(keys.isFinished());
    QVERIFY(!keys.result());
    QVERIFY(::kill(programs.read(QStringLiteral("tool.id")).trimmed().toInt(), 0) != 0);
}

QTEST_GUILESS_MAIN(tst_CredentialProcess)
#include "tst_credentialprocess.moc"
