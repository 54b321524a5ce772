// What people get wrong, and what their machines do to them: each ends in a sentence that says what
// to do and in the status that scripts know, and nothing is lost. Runs the real program.
#include "core/secrets/keychainkeystore.h"
#include "tests/app/programrun.h"
#include "tests/support/dripanswer.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>
#include <sys/resource.h>

#include <memory>

namespace {

using namespace std::chrono_literals;

using Outcome = tests::ProgramRun;

constexpr const char *AccountId = "7";

//! What the test runs of itself inside a session of its own: a key for that account and \p origin.
int storeKey(const QString &origin)
{
    core::Account account;
    account.id = QByteArray(AccountId).toLongLong();
    account.provider = QStringLiteral("anthropic");
    account.keyOrigin = origin;
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing"), clock);
    const auto written = store.write(account, origin, core::SecretString("locked-key-0007"));
    return QTest::qWaitFor([&written] { return written.isFinished(); }, 15'000) && written.result()
               ? 0
               : 1;
}

//! Says "whole ", and ends when the server is told to.
tests::Answer answerInTwo()
{
    return tests::Answer::stream({R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":)"
                                  R"({"content":"whole "}}]})"
                                  "\n\n"})
        .hold()
        .write(R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},)"
               R"("finish_reason":"stop"}]})"
               "\n\ndata: [DONE]\n\n");
}

} // namespace

class tst_BadInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void sentences_data();
    void sentences();
    void namedRouteIsAsked();
    void promptIsCountedBeforeMoneyIsSetAside();
    void promptIsKeptWhenNobodyAnswers();
    void promptThatIsNoUtf8IsSaid();
    void anAnswerThatCannotBeSavedIsNoSuccess();
    void anAnswerWaitsForWhoHoldsTheDatabase();
    void fullDiskBeforeTheSendSendsNothing_data();
    void fullDiskBeforeTheSendSendsNothing();
    void lockedKeyringIsSaidAndThePromptKept();
    void junkDatabaseIsSetAside();
    void newerDatabaseIsLeftAlone();
    void settingsThatCannotBeReadAreKept();
    void damagedPricesAreSaid();
    void keyInTheAddressIsNotRepeated();
    void attachedSecretIsNotSent();

private:
    [[nodiscard]] Outcome run(const QStringList &arguments, const QByteArray &input = {}) const;
    //! Starts `ask` for answerInTwo(); false: the first half was not shown within a minute.
    [[nodiscard]] bool beginsToAnswer(QProcess &process, tests::ScriptedServer &server) const;
    [[nodiscard]] QString databasePath() const
    {
        return m_directory->filePath(QStringLiteral("data/farthing.db"));
    }
    [[nodiscard]] QVariant scalar(const QString &statement) const;
    [[nodiscard]] Outcome askDrip(const QString &prompt,
                                  const QString &model = QStringLiteral("drip"),
                                  const QStringList &options = {}) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_BadInput::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    for (const char *variable :
         {"ANTHROPIC_API_KEY", "FARTHING_API_KEY", "DBUS_SESSION_BUS_ADDRESS"})
        qunsetenv(variable); // no key anywhere
}

Outcome tst_BadInput::run(const QStringList &arguments, const QByteArray &input) const
{
    return tests::runProgram(
        QStringList{QStringLiteral("--profile"), m_directory->path()} + arguments, input);
}

bool tst_BadInput::beginsToAnswer(QProcess &process, tests::ScriptedServer &server) const
{
    server.enqueue(answerInTwo());
    process.start(QStringLiteral(FARTHING_PROGRAM),
                  {QStringLiteral("--profile"), m_directory->path(), QStringLiteral("ask"),
                   QStringLiteral("hello"), QStringLiteral("--target"),
                   QStringLiteral("custom/m@") + server.url(u"/v1").toString()});
    QByteArray shown;
    return QTest::qWaitFor(
        [&] { return (shown += process.readAllStandardOutput()).contains("whole"); }, 60'000);
}

QVariant tst_BadInput::scalar(const QString &statement) const
{
    QVariant value;
    {
        QSqlDatabase db =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("look"));
        db.setDatabaseName(databasePath());
        QSqlQuery query(db);
        if (db.open() && (query = QSqlQuery(db)).exec(statement) && query.next())
            value = query.value(0);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("look"));
    return value;
}

Outcome tst_BadInput::askDrip(const QString &prompt, const QString &model,
                              const QStringList &options) const
{
    tests::ScriptedServer server;
    server.enqueue(tests::dripAnswer(0ms, 3));
    return run(
        QStringList{QStringLiteral("ask"), prompt, QStringLiteral("--target"),
                    QStringLiteral("custom/%1@%2").arg(model, server.url(u"/v1").toString())} +
        options);
}

void tst_BadInput::sentences_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const auto ask = [](const char *name, const QString &prompt, const QString &target, int status,
                        const QString &says) {
        QTest::newRow(name) << QStringList{QStringLiteral("ask"), prompt,
                                           QStringLiteral("--target"), target}
                            << status << says;
    };
    const QString hello = QStringLiteral("hello");
    ask("unknown-provider", hello, QStringLiteral("nobody/m"), 2, QStringLiteral("Known:"));
    QTest::newRow("no-such-route")
        << QStringList{QStringLiteral("ask"), hello, QStringLiteral("--route"),
                       QStringLiteral("Balanced")}
        << 2 << QStringLiteral("There is no route yet");
    QTest::newRow("route-and-target")
        << QStringList{QStringLiteral("ask"),      hello,
                       QStringLiteral("--route"),  QStringLiteral("Balanced"),
                       QStringLiteral("--target"), QStringLiteral("ollama/m")}
        << 2 << QStringLiteral("leave out --target");
    ask("no-model", hello, QStringLiteral("anthropic"), 2, QStringLiteral("PROVIDER/MODEL"));
    ask("foreign-http", hello, QStringLiteral("custom/m@http://example.org/v1"), 2,
        QStringLiteral("https"));
    ask("bad-url", hello, QStringLiteral("custom/m@https://"), 2, QStringLiteral("URL"));
    ask("url-with-password", hello, QStringLiteral("custom/m@https://me:secret@example.org"), 2,
        QStringLiteral("password"));
    ask("custom-without-address", hello, QStringLiteral("custom/m"), 2, QStringLiteral("URL"));
    ask("empty-prompt", QString(), QStringLiteral("ollama/m"), 2, QStringLiteral("empty"));
    ask("blank-prompt", QStringLiteral(" \n\t "), QStringLiteral("ollama/m"), 2,
        QStringLiteral("empty"));
    ask("pasted-secret", QStringLiteral("use ghp_") + QString(36, u'h'), QStringLiteral("ollama/m"),
        2, QStringLiteral("GitHub"));
    QTest::newRow("secret-in-the-system-prompt")
        << QStringList{QStringLiteral("ask"),      hello,
                       QStringLiteral("--target"), QStringLiteral("ollama/m"),
                       QStringLiteral("--system"), QStringLiteral("use ghp_") + QString(36, u'h')}
        << 2 << QStringLiteral("The system prompt holds a key of GitHub. Nothing was sent.");
    ask("no-key", hello, QStringLiteral("anthropic/m"), 3, QStringLiteral("key"));
    ask("no-key-anywhere", hello, QStringLiteral("anthropic/m"), 3,
        QStringLiteral("Or set ANTHROPIC_API_KEY in the environment."));
    QTest::newRow("budget-in-dollars")
        << QStringList{QStringLiteral("ask"),      hello,
                       QStringLiteral("--set"),    QStringLiteral("budgets/dayLimit=0.01"),
                       QStringLiteral("--target"), QStringLiteral("openai-chat/gpt-4o")}
        << 5 << QStringLiteral("of this day, $0.01 is left. What fits: --max-output-tokens ");
    ask("unknown-host", hello, QStringLiteral("custom/m@https://nobody.invalid/v1"), 4,
        QStringLiteral("could not be reached"));
    QTest::newRow("unknown-setting")
        << QStringList{QStringLiteral("--set"), QStringLiteral("theme=dark"), QStringLiteral("ask"),
                       hello}
        << 2 << QStringLiteral("appearance/theme");
    QTest::newRow("wrong-value") << QStringList{QStringLiteral("--set"),
                                                QStringLiteral("engine/retriesPerTarget=many"),
                                                QStringLiteral("ask"), hello}
                                 << 2 << QStringLiteral("retriesPerTarget");
    for (const char *verb : {"doctor", "cost"}) // whatever uses no setting: a typing error is one
        QTest::newRow(QByteArray("unknown-setting-of-").append(verb).constData())
            << QStringList{QStringLiteral("--set"), QStringLiteral("nonsense=1"),
                           QString::fromLatin1(verb)}
            << 2 << QStringLiteral("nonsense");
    for (const char *time : {"soon", "-3", "inf", "1e300", "nan"})
        QTest::newRow(QByteArray("timeout-").append(time).constData())
            << QStringList{QStringLiteral("ask"),       hello,
                           QStringLiteral("--target"),  QStringLiteral("ollama/m"),
                           QStringLiteral("--timeout"), QString::fromLatin1(time)}
            << 2 << QStringLiteral("--timeout");
    QTest::newRow("endless-attachment")
        << QStringList{QStringLiteral("ask"),      hello,
                       QStringLiteral("--target"), QStringLiteral("ollama/m"),
                       QStringLiteral("--attach"), QStringLiteral("/dev/zero")}
        << 2 << QStringLiteral("larger than");
    QTest::newRow("usage-is-no-json")
        << QStringList{QStringLiteral("price"),     QStringLiteral("--provider"),
                       QStringLiteral("openai"),    QStringLiteral("--model"),
                       QStringLiteral("gpt-5"),     QStringLiteral("--usage"),
                       QStringLiteral("{\"input\"")}
        << 2 << QStringLiteral("JSON");
    QTest::newRow("ends-before-it-begins")
        << QStringList{QStringLiteral("cost"), QStringLiteral("--since"),
                       QStringLiteral("2026-11-24"), QStringLiteral("--until"),
                       QStringLiteral("2026-11-23")}
        << 2 << QStringLiteral("--until");
    QTest::newRow("no-such-protocol")
        << QStringList{QStringLiteral("decode"), QStringLiteral("--protocol"),
                       QStringLiteral("morse")}
        << 2 << QStringLiteral("anthropic");
    QTest::newRow("no-such-encoding")
        << QStringList{QStringLiteral("tokens"), QStringLiteral("--encoding"),
                       QStringLiteral("r50k_base")}
        << 2 << QStringLiteral("cl100k_base, o200k_base");
    QTest::newRow("no-encoding") << QStringList{QStringLiteral("tokens")} << 2
                                 << QStringLiteral("--encoding");
    QTest::newRow("no-such-file") << QStringList{QStringLiteral("render"),
                                                 QStringLiteral("/nowhere/file.md")}
                                  << 2 << QStringLiteral("/nowhere/file.md");
}

void tst_BadInput::sentences()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, status);
    QFETCH(const QString, says);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.status == status,
             qPrintable(QStringLiteral("%1: %2").arg(outcome.status).arg(outcome.messages)));
    QVERIFY2(outcome.messages.contains(says), qPrintable(outcome.messages));
    QVERIFY(outcome.output.isEmpty());
    QVERIFY(!outcome.messages.contains(QStringLiteral("secret")));
    QCOMPARE(outcome.messages.count(QStringLiteral("farthing: ")), 1); // one sentence, once
}

void tst_BadInput::namedRouteIsAsked()
{
    const QStringList ask{QStringLiteral("--demo"), QStringLiteral("ask"), QStringLiteral("hello"),
                          QStringLiteral("--json"), QStringLiteral("--route")};
    QCOMPARE(run({QStringLiteral("--demo"), QStringLiteral("ask"), QStringLiteral("hello")}).status,
             0); // makes the database
    (void)scalar(QStringLiteral("INSERT INTO route (id, name) VALUES (5, 'Balanced')"));
    (void)scalar(QStringLiteral("INSERT INTO route_target VALUES "
                                "(5, 0, 'practice', 0, '', 'practice-fast', 1)"));
    const Outcome asked = run(ask + QStringList{QStringLiteral("Balanced")});
    QVERIFY2(asked.status == 0, qPrintable(asked.messages));
    QVERIFY2(asked.output.contains("\"model\":\"practice-fast\""), asked.output.constData());
    QVERIFY2(!asked.messages.contains(QStringLiteral("chose")), qPrintable(asked.messages));
    (void)scalar(
        QStringLiteral("INSERT INTO route (id, name, kind) VALUES (6, 'Auto', 'by_task')"));
    (void)scalar(QStringLiteral("INSERT INTO route_target VALUES "
                                "(6, 0, 'practice', 0, '', 'practice-fast', 1), "
                                "(6, 1, 'practice', 0, '', 'practice-steady', 1)"));
    const Outcome simple = run(ask + QStringList{QStringLiteral("Auto")});
    QVERIFY2(simple.messages.contains(
                 QStringLiteral("Auto chose practice/practice-fast: short and simple, about ")),
             qPrintable(simple.messages));
    QStringList harder = ask;
    harder[2] = QStringLiteral("Compare it step by step.");
    const Outcome demanding = run(harder + QStringList{QStringLiteral("Auto")});
    QVERIFY2(demanding.messages.contains(
                 QStringLiteral("Auto chose practice/practice-steady: reasoning, about ")),
             qPrintable(demanding.messages));
    QCOMPARE(demanding.output.count("attempt_started"), 1);
    QVERIFY2(demanding.output.contains("\"model\":\"practice-steady\""),
             demanding.output.constData());
    const Outcome unknown = run(ask + QStringList{QStringLiteral("Other")});
    QCOMPARE(unknown.status, 2);
    QVERIFY2(unknown.messages.contains(QStringLiteral("Known: Auto, Balanced.")),
             qPrintable(unknown.messages));
}

//! Some 7,000 tokens as gpt-4o counts, whatever else a tokenizer could make of them.
void tst_BadInput::promptIsCountedBeforeMoneyIsSetAside()
{
    const QString prompt = QStringLiteral("There is a tide in the affairs of men. ").repeated(700);
    const QStringList shortly{QStringLiteral("--max-output-tokens"), QStringLiteral("100")};
    QCOMPARE(askDrip(QStringLiteral("hello")).status, 0); // makes the database
    (void)scalar(
        QStringLiteral("INSERT INTO budget (id, scope, scope_key, period, limit_amount, hard, "
                       "noticed_percent, noticed_period, unit) "
                       "VALUES (1, 'all', '', 'day', 12000, 1, 0, '', 'tokens')"));
    const Outcome guessed = askDrip(prompt, QStringLiteral("drip"), shortly);
    QVERIFY2(guessed.status != 0 && guessed.messages.contains(QStringLiteral("budget")),
             qPrintable(guessed.messages));
    const Outcome counted = askDrip(prompt, QStringLiteral("gpt-4o"), shortly);
    QVERIFY2(counted.status == 0, qPrintable(counted.messages));
}

void tst_BadInput::promptIsKeptWhenNobodyAnswers()
{
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    const quint16 port = closed.serverPort();
    closed.close();
    const Outcome outcome = run({QStringLiteral("ask"), QStringLiteral("keep me"),
                                 QStringLiteral("--no-retry"), QStringLiteral("--target"),
                                 QStringLiteral("custom/m@http://127.0.0.1:%1/v1").arg(port)});
    QCOMPARE(outcome.status, 4);
    QCOMPARE(
        scalar(QStringLiteral("SELECT text FROM content_part WHERE text = 'keep me'")).toString(),
        QStringLiteral("keep me"));
    QCOMPARE(scalar(QStringLiteral("SELECT outcome FROM attempt")).toString(),
             QStringLiteral("failed"));
}

void tst_BadInput::promptThatIsNoUtf8IsSaid()
{
    tests::ScriptedServer server;
    for (const char *prompt : {"caf\xe9", "caf\xc3\xa9"}) {
        server.enqueue(tests::dripAnswer(0ms, 3));
        const Outcome outcome =
            run({QStringLiteral("ask"), QStringLiteral("--target"),
                 QStringLiteral("custom/drip@") + server.url(u"/v1").toString()},
                prompt);
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.messages.contains(QStringLiteral("not all UTF-8")),
                 QByteArray(prompt).endsWith('\xe9'));
    }
}

void tst_BadInput::anAnswerThatCannotBeSavedIsNoSuccess()
{
    tests::ScriptedServer server;
    QProcess process;
    QVERIFY(beginsToAnswer(process, server));
    struct rlimit full = {};
    QCOMPARE(::prlimit(static_cast<pid_t>(process.processId()), RLIMIT_FSIZE, nullptr, &full), 0);
    full.rlim_cur = 0; // no file takes a byte more
    QCOMPARE(::prlimit(static_cast<pid_t>(process.processId()), RLIMIT_FSIZE, &full, nullptr), 0);
    server.release();
    const Outcome outcome = tests::ended(process);
    QVERIFY2(outcome.messages.count(QStringLiteral("could not be saved")) == 1,
             qPrintable(outcome.messages));
    QCOMPARE(outcome.status, 1);
}

//! A window that is stopped, or busy: what it kept from being written is written when it is done.
void tst_BadInput::anAnswerWaitsForWhoHoldsTheDatabase()
{
    tests::ScriptedServer server;
    QProcess process;
    QVERIFY(beginsToAnswer(process, server));
    QFile lock(m_directory->filePath(QStringLiteral("data/farthing.writelock")));
    QVERIFY(lock.open(QIODevice::ReadWrite));
    QCOMPARE(::flock(lock.handle(), LOCK_EX), 0);
    server.release();
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT(
        (said += process.readAllStandardError()).contains("a write was refused"), 60'000);
    lock.close(); // lets go of it
    const Outcome outcome = tests::ended(process);
    said += outcome.messages.toUtf8();
    QVERIFY2(!said.contains("could not be saved"), said.constData());
    QCOMPARE(outcome.status, 0);
    QCOMPARE(
        scalar(QStringLiteral("SELECT state FROM message WHERE role = 'assistant'")).toString(),
        QStringLiteral("complete"));
}

void tst_BadInput::fullDiskBeforeTheSendSendsNothing_data()
{
    QTest::addColumn<bool>("hasDatabase");
    QTest::newRow("first-start") << false;
    QTest::newRow("after-others") << true;
}

void tst_BadInput::fullDiskBeforeTheSendSendsNothing()
{
    QFETCH(const bool, hasDatabase);
    if (hasDatabase)
        QCOMPARE(askDrip(QStringLiteral("earlier")).status, 0);
    tests::ScriptedServer server;
    QProcess process;
    // No file takes a byte; pipes do.
    process.start(QStringLiteral("bash"),
                  {QStringLiteral("-c"), QStringLiteral(R"(ulimit -f 0; exec "$0" "$@")"),
                   QStringLiteral(FARTHING_PROGRAM), QStringLiteral("--profile"),
                   m_directory->path(), QStringLiteral("ask"), QStringLiteral("later"),
                   QStringLiteral("--target"),
                   QStringLiteral("custom/m@") + server.url(u"/v1").toString()});
    const Outcome outcome = tests::ended(process);
    QVERIFY2(outcome.messages.contains(QStringLiteral("disk has room")),
             qPrintable(outcome.messages));
    QCOMPARE(outcome.status, 1);
    QCOMPARE(server.requests().size(), 0);
    if (!hasDatabase)
        return;
    QCOMPARE(scalar(QStringLiteral("PRAGMA integrity_check")).toString(), QStringLiteral("ok"));
    QVERIFY(
        scalar(QStringLiteral("SELECT text FROM content_part WHERE text = 'earlier'")).isValid());
}

void tst_BadInput::lockedKeyringIsSaidAndThePromptKept()
{
    for (const char *tool : {"dbus-run-session", "gnome-keyring-daemon", "dbus-send"}) {
        if (!QStandardPaths::findExecutable(QString::fromLatin1(tool)).isEmpty())
            continue;
        if (qEnvironmentVariable("CI") == QStringLiteral("true"))
            QFAIL("No keyring where changes are checked.");
        QSKIP("Needs dbus-run-session, dbus-send and gnome-keyring-daemon.");
    }
    QCOMPARE(askDrip(QStringLiteral("first")).status, 0); // makes the database
    tests::ScriptedServer server;
    const QString origin = server.url().toString();
    (void)scalar(QStringLiteral("INSERT INTO account (id, provider, label, base_url, origin, "
                                "key_source, key_saved, last4) VALUES (%1, 'anthropic', '', '%2', "
                                "'%2', 'keychain', 1, '0007')")
                     .arg(QString::fromLatin1(AccountId), origin));
    QCOMPARE(
        scalar(QStringLiteral("SELECT count(*) FROM account WHERE provider = 'anthropic'")).toInt(),
        1);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("DISPLAY")); // else a prompter asks there, and nobody answers
    QProcess process;
    process.setProcessEnvironment(environment);
    const QString script = QStringLiteral(
        R"("$0" --store-key "$1" && dbus-send --session --print-reply --dest=org.freedesktop.secrets )"
        R"(/org/freedesktop/secrets org.freedesktop.Secret.Service.Lock )"
        R"(array:objpath:/org/freedesktop/secrets/collection/login >/dev/null && )"
        R"(exec "$2" --profile "$3" ask 'keep me' --no-retry --target "anthropic/m@$1")");
    process.start(QStringLiteral(FARTHING_SOURCE_DIR "/tests/support/with-keyring.sh"),
                  {QStringLiteral("bash"), QStringLiteral("-c"), script,
                   QCoreApplication::applicationFilePath(), origin,
                   QStringLiteral(FARTHING_PROGRAM), m_directory->path()});
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 90'000);
    const QString messages = QString::fromUtf8(process.readAllStandardError());
    QVERIFY2(process.exitCode() == 3, qPrintable(messages));
    QVERIFY2(messages.contains(QStringLiteral("The key for anthropic could not be read")),
             qPrintable(messages));
    QVERIFY2(messages.contains(QStringLiteral("Unlock it and try again")),
             qPrintable(messages)); // what to do
    QCOMPARE(server.requests().size(), 0);
    QVERIFY(
        scalar(QStringLiteral("SELECT text FROM content_part WHERE text = 'keep me'")).isValid());
}

void tst_BadInput::junkDatabaseIsSetAside()
{
    QVERIFY(QDir(m_directory->path()).mkpath(QStringLiteral("data")));
    const QByteArray junk = QByteArray("this is no database ").repeated(500);
    QFile file(databasePath());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(junk) == junk.size());
    file.close();
    const Outcome outcome = askDrip(QStringLiteral("after junk"));
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QCOMPARE(scalar(QStringLiteral("PRAGMA integrity_check")).toString(), QStringLiteral("ok"));
    bool kept = false;
    const QDir data(m_directory->filePath(QStringLiteral("data")));
    for (const QString &name : data.entryList(QDir::Files)) {
        QFile each(data.filePath(name));
        kept = kept || (each.open(QIODevice::ReadOnly) && each.readAll() == junk);
    }
    QVERIFY2(kept, "the junk is gone: it might have been somebody's only copy");
}

void tst_BadInput::newerDatabaseIsLeftAlone()
{
    QCOMPARE(askDrip(QStringLiteral("first")).status, 0);
    const int version = scalar(QStringLiteral("PRAGMA user_version")).toInt();
    (void)scalar(QStringLiteral("PRAGMA user_version = %1").arg(version + 1000));
    QCOMPARE(scalar(QStringLiteral("PRAGMA user_version")).toInt(), version + 1000);
    const Outcome outcome = askDrip(QStringLiteral("second"));
    QVERIFY(outcome.status != 0);
    QVERIFY2(outcome.messages.contains(QStringLiteral("newer")), qPrintable(outcome.messages));
    const Outcome sums = run({QStringLiteral("cost")}); // may not mean what they meant
    QVERIFY2(sums.messages.contains(QStringLiteral("newer")), qPrintable(sums.messages));
    const Outcome looked = run({QStringLiteral("--demo"), QStringLiteral("doctor")});
    QCOMPARE(looked.status, 1);
    QVERIFY2(looked.output.contains("A newer Farthing"), looked.output.constData());
    QCOMPARE(scalar(QStringLiteral("PRAGMA user_version")).toInt(), version + 1000);
    QVERIFY(
        !scalar(QStringLiteral("SELECT text FROM content_part WHERE text = 'second'")).isValid());
}

void tst_BadInput::settingsThatCannotBeReadAreKept()
{
    QCOMPARE(askDrip(QStringLiteral("first")).status, 0);
    const QDir config(m_directory->filePath(QStringLiteral("config")));
    QVERIFY(config.mkpath(QStringLiteral(".")));
    QFile file(config.filePath(QStringLiteral("farthing.conf")));
    const QByteArray junk("{\"appearance/theme\": \"dark\", broken");
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(junk) == junk.size());
    file.close();
    const Outcome second = askDrip(QStringLiteral("second"));
    QCOMPARE(second.status, 0);
    QVERIFY2(second.messages.contains(file.fileName()), qPrintable(second.messages));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), junk);
}

void tst_BadInput::damagedPricesAreSaid()
{
    const QDir config(m_directory->filePath(QStringLiteral("config")));
    QVERIFY(config.mkpath(QStringLiteral(".")));
    QFile file(config.filePath(QStringLiteral("prices.json")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{broken") > 0);
    file.close();
    const Outcome outcome = askDrip(QStringLiteral("hello"));
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.messages.contains(QStringLiteral("prices")), qPrintable(outcome.messages));
}

void tst_BadInput::keyInTheAddressIsNotRepeated()
{
    const Outcome outcome =
        run({QStringLiteral("ask"), QStringLiteral("hello"), QStringLiteral("--target"),
             QStringLiteral("custom/m@https://example.org/v1?key=sk-typedIntoTheAddress77")});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(!outcome.messages.contains(QStringLiteral("sk-typed")), qPrintable(outcome.messages));
}

void tst_BadInput::attachedSecretIsNotSent()
{
    QFile file(m_directory->filePath(QStringLiteral("a.env")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("TOKEN=ghp_" + QByteArray(36, 'h') + '\n');
    file.close();
    const QStringList attach{QStringLiteral("--attach"), file.fileName()};
    const Outcome asked = askDrip(QStringLiteral("hello"), QStringLiteral("drip"), attach);
    QCOMPARE(asked.status, 2);
    QVERIFY2(asked.messages.contains(QStringLiteral("\u201ca.env\u201d holds a key of GitHub.")),
             qPrintable(asked.messages));
    QVERIFY(asked.output.isEmpty());
    const Outcome allowed = askDrip(QStringLiteral("hello"), QStringLiteral("drip"),
                                    attach + QStringList{QStringLiteral("--yes")});
    QVERIFY2(allowed.status == 0, qPrintable(allowed.messages));
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1StringView("--store-key"))
        return storeKey(arguments.value(2));
    tst_BadInput test;
    return QTest::qExec(&test, arguments);
}

#include "tst_badinput.moc"
