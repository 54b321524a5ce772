// `farthing ask --json` as a script reads it: which lines come, and how it ends.
#include "tests/app/programrun.h"
#include "tests/support/dripanswer.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

namespace {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

struct Outcome : tests::ProgramRun
{
    [[nodiscard]] QList<QJsonObject> events(QLatin1StringView name) const
    {
        QList<QJsonObject> found;
        for (const QJsonObject &line : lines()) {
            if (line.value("event"_L1) == name)
                found.append(line);
        }
        return found;
    }
    [[nodiscard]] QJsonObject finished() const { return lastLine(); }
};

tests::Answer overloaded()
{
    return tests::Answer::whole(503, R"({"error":{"message":"come back later"}})");
}

tests::Answer withoutQuota()
{
    return tests::Answer::whole(
        429, R"({"error":{"message":"You exceeded your quota","code":"insufficient_quota"}})");
}

} // namespace

class tst_AskJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void finishesWhateverKeptIt_data();
    void finishesWhateverKeptIt();
    void finishesForADatabaseThatCannotBeOpened();
    void retryIsToldByTheAttemptThatFailed();
    void oneErrorATarget();
    void refusedByAllIsRefused();
    void failureNamesWhoWasAsked();
    void quotaHasAStatusOfItsOwn();
    void waitForItsTurnIsTold();
    void waitForTheNextAttemptIsTold();
    void practiceRunsWhenItIsNamed();
    void everyEndHasAStart();
    void callsCutShortAreNotTold();
    void plainFailureSaysWhatTheServiceSaid();
    void closedTerminalEndsItOrderly();

private:
    [[nodiscard]] Outcome ask(const QStringList &arguments) const;
    [[nodiscard]] QString target(const QString &model) const
    {
        return QStringLiteral("custom/%1@%2").arg(model, m_server->url(u"/v1").toString());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::ScriptedServer> m_server;
};

void tst_AskJson::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<tests::ScriptedServer>();
    for (const char *variable : {"FARTHING_API_KEY", "OPENAI_API_KEY", "DBUS_SESSION_BUS_ADDRESS"})
        qunsetenv(variable);
}

Outcome tst_AskJson::ask(const QStringList &arguments) const
{
    return {tests::runProgram(
        QStringList{QStringLiteral("--profile"), m_folder->path(), QStringLiteral("--set"),
                    QStringLiteral("engine/retryBaseDelay=1"), QStringLiteral("ask")} +
        arguments)};
}

void tst_AskJson::finishesWhateverKeptIt_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString to = QStringLiteral("--target");
    const QString somebody = QStringLiteral("ollama/m");
    const QString hello = QStringLiteral("hello");
    QTest::newRow("empty-prompt") << QStringList{QString(), to, somebody};
    QTest::newRow("pasted-secret")
        << QStringList{QStringLiteral("use ghp_") + QString(36, u'h'), to, somebody};
    QTest::newRow("unknown-option")
        << QStringList{hello, to, somebody, QStringLiteral("--nonsense")};
    QTest::newRow("unknown-provider") << QStringList{hello, to, QStringLiteral("nobody/m")};
    QTest::newRow("no-such-attachment") << QStringList{
        hello, to, somebody, QStringLiteral("--attach"), QStringLiteral("/nowhere/a.png")};
    QTest::newRow("bad-budget") << QStringList{hello, to, somebody, QStringLiteral("--set"),
                                               QStringLiteral("budgets/dayLimit=much")};
    QTest::newRow("bad-timeout") << QStringList{hello, to, somebody, QStringLiteral("--timeout"),
                                                QStringLiteral("soon")};
}

void tst_AskJson::finishesWhateverKeptIt()
{
    QFETCH(const QStringList, arguments);
    const Outcome outcome = ask(arguments + QStringList{QStringLiteral("--json")});
    QCOMPARE(outcome.status, 2);
    QCOMPARE(outcome.lines().size(), 1);
    const QJsonObject last = outcome.finished();
    QCOMPARE(last.value("event"_L1).toString(), QStringLiteral("finished"));
    QCOMPARE(last.value("success"_L1), QJsonValue(false));
    QCOMPARE(last.value("error_code"_L1).toString(), QStringLiteral("input_rejected"));
    QVERIFY(!last.value("error_message"_L1).toString().isEmpty());
    QVERIFY(last.value("usage"_L1).toObject().value("input"_L1).isNull());
    QCOMPARE(last.value("attempts"_L1), QJsonValue(0));
    QVERIFY2(outcome.messages.contains(last.value("error_message"_L1).toString()),
             qPrintable(outcome.messages));
}

void tst_AskJson::finishesForADatabaseThatCannotBeOpened()
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("data")));
    QFile blocked(m_folder->filePath(QStringLiteral("data/sessions")));
    QVERIFY(blocked.open(QIODevice::WriteOnly)); // a folder should lie there
    const Outcome outcome = ask({QStringLiteral("hello"), QStringLiteral("--json"),
                                 QStringLiteral("--target"), target(QStringLiteral("m"))});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(outcome.finished().value("error_code"_L1).toString(),
             QStringLiteral("storage_failed"));
    QCOMPARE(m_server->requests().size(), 0);
}

void tst_AskJson::retryIsToldByTheAttemptThatFailed()
{
    m_server->enqueue(overloaded());
    m_server->enqueue(tests::dripAnswer(0ms, 3));
    const Outcome outcome = ask({QStringLiteral("hello"), QStringLiteral("--json"),
                                 QStringLiteral("--target"), target(QStringLiteral("drip"))});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    const QList<QJsonObject> retries = outcome.events("retry_scheduled"_L1);
    QCOMPARE(retries.size(), 1);
    QCOMPARE(retries.first().value("attempt"_L1).toInt(), 1);
    QCOMPARE(retries.first().value("error_code"_L1).toString(), QStringLiteral("overloaded"));
    QCOMPARE(outcome.events("attempt_started"_L1).last().value("attempt"_L1).toInt(), 2);
}

void tst_AskJson::oneErrorATarget()
{
    m_server->setChooser([](const core::LoopbackRequest &request) {
        return request.body.contains("\"first\"") ? overloaded() : withoutQuota();
    });
    const Outcome outcome = ask({QStringLiteral("hello"), QStringLiteral("--json"),
                                 QStringLiteral("--target"), target(QStringLiteral("first")),
                                 QStringLiteral("--target"), target(QStringLiteral("second"))});
    QVERIFY(m_server->requests().size() > 2); // the first was asked again
    QCOMPARE(outcome.status, 4);
    const QJsonObject last = outcome.finished();
    QCOMPARE(last.value("error_code"_L1).toString(), QStringLiteral("all_targets_failed"));
    const QJsonArray targets = last.value("details"_L1).toObject().value("targets"_L1).toArray();
    QCOMPARE(targets.size(), 2);
    QCOMPARE(targets.at(0).toObject().value("model"_L1).toString(), QStringLiteral("first"));
    QCOMPARE(targets.at(0).toObject().value("error_code"_L1).toString(),
             QStringLiteral("overloaded"));
    QCOMPARE(targets.at(1).toObject().value("error_code"_L1).toString(),
             QStringLiteral("quota_exhausted"));
}

void tst_AskJson::refusedByAllIsRefused()
{
    m_server->setChooser([](const core::LoopbackRequest &) {
        return tests::Answer::whole(401, R"({"error":{"message":"No such key."}})");
    });
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--target"),
             target(QStringLiteral("first")), QStringLiteral("--target"),
             QStringLiteral("llamacpp/second@") +
                 m_server->url(u"/v1").toString()}); // no key of the first's
    QCOMPARE(outcome.finished().value("error_code"_L1).toString(),
             QStringLiteral("all_targets_failed"));
    QCOMPARE(outcome.status, 3);
    for (const char *line : {"\n  custom first: ", "\n  llamacpp second: "})
        QVERIFY2(outcome.messages.contains(QString::fromLatin1(line)),
                 qPrintable(outcome.messages));
}

//! The next target was looked at and declined: nobody asked it.
void tst_AskJson::failureNamesWhoWasAsked()
{
    qputenv("OPENAI_API_KEY", "ask-test-key-0001");
    m_server->setChooser([](const core::LoopbackRequest &) { return overloaded(); });
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--target"),
             QStringLiteral("openai-chat/gpt-4o-mini@") + m_server->url(u"/v1").toString(),
             QStringLiteral("--target"), target(QStringLiteral("unpriced"))});
    QVERIFY2(outcome.messages.contains(QStringLiteral("No (--yes")), qPrintable(outcome.messages));
    const QJsonObject details = outcome.finished().value("details"_L1).toObject();
    QCOMPARE(details.value("status_code"_L1).toInt(), 503);
    QCOMPARE(details.value("provider"_L1).toString(), QStringLiteral("openai-chat"));
    QCOMPARE(details.value("model"_L1).toString(), QStringLiteral("gpt-4o-mini"));
    QVERIFY2(outcome.messages.contains(QStringLiteral("openai-chat")),
             qPrintable(outcome.messages));
}

void tst_AskJson::quotaHasAStatusOfItsOwn()
{
    m_server->enqueue(withoutQuota());
    const Outcome outcome = ask({QStringLiteral("hello"), QStringLiteral("--json"),
                                 QStringLiteral("--target"), target(QStringLiteral("m"))});
    QCOMPARE(outcome.finished().value("error_code"_L1).toString(),
             QStringLiteral("quota_exhausted"));
    QCOMPARE(outcome.status, 5);
}

void tst_AskJson::waitForItsTurnIsTold()
{
    m_server->enqueue(tests::Answer::whole(429, R"({"error":{"message":"Slow down."}})")
                          .header("Retry-After", "8"));
    m_server->enqueue(tests::dripAnswer(0ms, 3));
    const QStringList arguments{QStringLiteral("hello"), QStringLiteral("--no-retry"),
                                QStringLiteral("--target"), target(QStringLiteral("drip"))};
    QCOMPARE(ask(arguments).status, 4);
    const Outcome second = ask(arguments);
    QCOMPARE(second.status, 0);
    static const QRegularExpression told(
        QStringLiteral("Waiting [1-9] s for the rate limit of custom/drip\\.\n"));
    QVERIFY2(second.messages.contains(told), qPrintable(second.messages));
}

void tst_AskJson::waitForTheNextAttemptIsTold()
{
    for (const bool json : {false, true}) {
        m_server->enqueue(tests::Answer::whole(429, R"({"error":{"message":"Slow down."}})")
                              .header("Retry-After", "1"));
        m_server->enqueue(tests::dripAnswer(0ms, 3));
        const QString model = json ? QStringLiteral("drip") : QStringLiteral("drop");
        QStringList arguments{QStringLiteral("hello"), QStringLiteral("--target"), target(model)};
        if (json)
            arguments.append(QStringLiteral("--json"));
        const Outcome outcome = ask(arguments);
        QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
        static const QRegularExpression told(
            QStringLiteral("custom/dr[io]p: rate_limited\\. Trying again in [1-9] s\\.\n"));
        QCOMPARE(outcome.messages.contains(told), !json); // else its line says so
    }
}

void tst_AskJson::practiceRunsWhenItIsNamed()
{
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--target"),
             QStringLiteral("practice/practice-fast")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.messages));
    QVERIFY(outcome.finished().value("cost"_L1).toObject().value("simulated"_L1).toBool());
}

//! A deadline may strike before the first attempt got to be announced.
void tst_AskJson::everyEndHasAStart()
{
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--timeout"),
             QStringLiteral("0.001"), QStringLiteral("--target"),
             QStringLiteral("practice/practice-steady")});
    QCOMPARE(outcome.status, 4);
    QCOMPARE(outcome.finished().value("error_code"_L1).toString(), QStringLiteral("timeout"));
    QCOMPARE(outcome.events("attempt_ended"_L1).size(),
             outcome.events("attempt_started"_L1).size());
}

void tst_AskJson::callsCutShortAreNotTold()
{
    const auto piece = [](const QByteArray &call) {
        return QByteArray(R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":)"
                          R"({"tool_calls":[)") +
               call + "]}}]}\n\n";
    };
    m_server->enqueue(tests::Answer::stream(
        {piece(R"({"index":0,"id":"whole","function":{"name":"f","arguments":"{\"a\":1}"}})"),
         piece(R"({"index":1,"id":"cut","function":{"name":"f","arguments":"{\"a\":"}})")}));
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--no-retry"),
             QStringLiteral("--target"), target(QStringLiteral("m"))});
    QVERIFY(!outcome.finished().value("success"_L1).toBool(true));
    const QList<QJsonObject> calls = outcome.events("tool_call"_L1);
    QCOMPARE(calls.size(), 1);
    QCOMPARE(calls.first().value("id"_L1).toString(), QStringLiteral("whole"));
}

void tst_AskJson::plainFailureSaysWhatTheServiceSaid()
{
    m_server->enqueue(
        tests::Answer::whole(400, R"({"error":{"message":"temperature is out of range"}})"));
    const Outcome outcome =
        ask({QStringLiteral("hello"), QStringLiteral("--target"), target(QStringLiteral("m"))});
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.messages.contains(QStringLiteral("temperature is out of range")),
             qPrintable(outcome.messages));
}

void tst_AskJson::closedTerminalEndsItOrderly()
{
    m_server->enqueue(tests::dripAnswer(20ms, 20'000));
    QProcess process;
    process.setChildProcessModifier([] { std::signal(SIGHUP, SIG_DFL); }); // we may be under nohup
    process.start(QStringLiteral(FARTHING_PROGRAM),
                  {QStringLiteral("--profile"), m_folder->path(), QStringLiteral("ask"),
                   QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--target"),
                   target(QStringLiteral("drip"))});
    process.closeWriteChannel();
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT((seen += process.readAllStandardOutput()).contains("\"text\""),
                             20'000);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGHUP), 0);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 20'000);
    seen += process.readAllStandardOutput();
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QVERIFY2(seen.trimmed().split('\n').last().contains("\"error_code\":\"cancelled\""),
             seen.right(500).constData());
}

QTEST_GUILESS_MAIN(tst_AskJson)
#include "tst_askjson.moc"
