#include "core/secrets/keychainkeystore.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace core;

namespace {

const QString Origin = QStringLiteral("https://api.example.com");
const QByteArray Key = "keyring-key-7531";

Account savedAccount()
{
    Account account;
    account.id = 42;
    account.provider = QStringLiteral("example");
    account.keyOrigin = Origin;
    account.keySaved = true;
    return account;
}

template <typename T>
Result<T> awaited(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 15'000))
        qFatal("the key store did not answer");
    return future.result();
}

template <typename T>
QByteArray told(const Result<T> &result)
{
    return result ? QByteArray("ok") : errorCode(result.error().kind).toLatin1();
}

bool lockKeyring()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
        QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("Lock"));
    const QList<QDBusObjectPath> collections{
        QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/collection/login"))};
    call << QVariant::fromValue(collections);
    return QDBusConnection::sessionBus().call(call).type() == QDBusMessage::ReplyMessage;
}

//! What runs inside a session that the test prepared: each step is answered by one word.
int runSteps(const QStringList &steps)
{
    SystemClock clock;
    KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    const Account account = savedAccount();
    QByteArrayList words;
    for (const QString &step : steps) {
        if (step == QLatin1StringView("write")) {
            words += told(awaited(store.write(account, Origin, SecretString(Key))));
        } else if (step == QLatin1StringView("overwrite")) {
            words += told(awaited(store.write(account, Origin, SecretString("other-key-0000"))));
        } else if (step == QLatin1StringView("remove")) {
            words += told(awaited(store.remove(account, Origin)));
        } else if (step == QLatin1StringView("lock")) {
            words += lockKeyring() ? "locked" : "not-locked";
        } else if (step == QLatin1StringView("probe")) {
            words += told(awaited(store.probe()));
        } else {
            const auto read = awaited(store.read(account, Origin));
            words += read ? QByteArray(read->reveal() == Key ? "key" : "another") : told(read);
        }
    }
    QFile out;
    return out.open(stdout, QIODevice::WriteOnly) && out.write(words.join(' ')) > 0 ? 0 : 1;
}

} // namespace

//! Keychains that are locked, absent or unreachable, each for real: the test runs itself inside a
//! session of that kind.
class tst_KeychainFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void withoutBus();
    void withoutService();
    void lockedIsNeitherMissingNorLost();

private:
    [[nodiscard]] static QByteArray inSession(const QString &program, const QStringList &arguments,
                                              const QStringList &steps,
                                              const QProcessEnvironment &environment);
};

void tst_KeychainFaults::initTestCase()
{
    for (const char *tool : {"dbus-run-session", "gnome-keyring-daemon", "dbus-send"}) {
        if (!QStandardPaths::findExecutable(QString::fromLatin1(tool)).isEmpty())
            continue;
        if (qEnvironmentVariable("CI") == QStringLiteral("true"))
            QFAIL("No keyring where changes are checked.");
        QSKIP("Needs dbus-run-session, dbus-send and gnome-keyring-daemon.");
    }
}

QByteArray tst_KeychainFaults::inSession(const QString &program, const QStringList &arguments,
                                         const QStringList &steps,
                                         const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    const QStringList self{QCoreApplication::applicationFilePath(), QStringLiteral("--steps")};
    QStringList all = arguments + self + steps;
    if (program.isEmpty())
        process.start(all.takeFirst(), all);
    else
        process.start(program, all);
    if (!process.waitForFinished(30'000))
        return "did not end";
    return process.readAllStandardOutput();
}

void tst_KeychainFaults::withoutBus()
{
    const QTemporaryDir folder;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                       QStringLiteral("unix:path=") + folder.filePath(QStringLiteral("none")));
    QCOMPARE(inSession({}, {},
                       {QStringLiteral("read"), QStringLiteral("write"), QStringLiteral("probe")},
                       environment),
             QByteArray("key_unavailable key_unavailable key_unavailable"));
}

void tst_KeychainFaults::withoutService()
{
    const QTemporaryDir folder;
    const QString config = folder.filePath(QStringLiteral("bus.conf"));
    QFile file(config);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>"
               "<policy context=\"default\"><allow send_destination=\"*\"/>"
               "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
    file.close();
    QCOMPARE(inSession(QStringLiteral("dbus-run-session"),
                       {QStringLiteral("--config-file=") + config, QStringLiteral("--")},
                       {QStringLiteral("read"), QStringLiteral("write")},
                       QProcessEnvironment::systemEnvironment()),
             QByteArray("key_unavailable key_unavailable"));
}

void tst_KeychainFaults::lockedIsNeitherMissingNorLost()
{
    const QTemporaryDir folder;
    const QString script = QStringLiteral(FARTHING_SOURCE_DIR "/tests/support/with-keyring.sh");
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("KEYRING_HOME"), folder.path());
    environment.remove(QStringLiteral("DISPLAY")); // else a prompter asks there, and nobody answers
    const QStringList steps{QStringLiteral("write"),     QStringLiteral("read"),
                            QStringLiteral("lock"),      QStringLiteral("read"),
                            QStringLiteral("overwrite"), QStringLiteral("remove")};
    QCOMPARE(inSession(script, {}, steps, environment),
             QByteArray("ok key locked key_unavailable key_unavailable key_unavailable"));
    // Unlocked again the next day: none of the failures touched what was stored.
    QCOMPARE(inSession(script, {},
                       {QStringLiteral("read"), QStringLiteral("remove"), QStringLiteral("read")},
                       environment),
             QByteArray("key ok key_unavailable"));
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1StringView("--steps"))
        return runSteps(arguments.mid(2));
    tst_KeychainFaults test;
    return QTest::qExec(&test, arguments);
}

#include "tst_keychainfaults.moc"
