// One window a profile, whatever starts at once, and no port that anybody could talk to. Runs the
// real program.
#include "tests/support/dripanswer.h"

#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>
#include <vector>

namespace {

using namespace std::chrono_literals;

//! The inodes of \p pid's sockets.
QSet<QByteArray> socketsOf(qint64 pid)
{
    QSet<QByteArray> inodes;
    const QDir fds(QStringLiteral("/proc/%1/fd").arg(pid));
    for (const QString &fd : fds.entryList(QDir::System | QDir::Files)) {
        const QString target = QFile::symLinkTarget(fds.filePath(fd));
        const qsizetype at = target.indexOf(QStringLiteral("socket:["));
        if (at >= 0)
            inodes.insert(target.mid(at + 8).chopped(1).toLatin1());
    }
    return inodes;
}

//! How many TCP ports \p pid listens on.
int listeningPorts(qint64 pid)
{
    constexpr int State = 3, Inode = 9; // columns of proc_net_tcp(5)
    const QSet<QByteArray> own = socketsOf(pid);
    int count = 0;
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        QFile file((QString::fromLatin1(table)));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QList<QByteArray> columns = line.simplified().split(' ');
            if (columns.size() > Inode && columns.at(State) == "0A" &&
                own.contains(columns.at(Inode)))
                ++count;
        }
    }
    return count;
}

const QByteArray Raise = QByteArrayLiteral("raise\n"); // as a second start says it

class Program : public QProcess
{
public:
    explicit Program(const QStringList &arguments)
    {
        start(QStringLiteral(FARTHING_PROGRAM), arguments);
    }
    ~Program() override
    {
        kill();
        waitForFinished();
    }
};

} // namespace

class tst_SingleInstance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void oneOfManyStartsStays();
    void junkOnTheSocketIsIgnored();
    void aKilledWindowLocksNobodyOut();
    void aDeepProfileIsRaised();
    void aWindowThatHangsIsSaid();
    void nothingListensWhileStreaming();

private:
    [[nodiscard]] QStringList windowArguments() const
    {
        return {QStringLiteral("--profile"), m_directory->filePath(QStringLiteral("profile"))};
    }
    [[nodiscard]] QString socketPath() const
    {
        const QDir runtime(m_directory->filePath(QStringLiteral("runtime/farthing")));
        const QStringList found =
            runtime.entryList({QStringLiteral("window-*.socket")}, QDir::System);
        return found.isEmpty() ? QString() : runtime.filePath(found.first());
    }
    //! Asks the window to come up. It hangs up on whom it has heard, which it does from its event
    //! loop: it has started by then.
    [[nodiscard]] bool isHeard() const
    {
        constexpr int Patience = 20'000; // ms
        QLocalSocket socket;
        socket.connectToServer(socketPath());
        if (!socket.waitForConnected(Patience))
            return false;
        socket.write(Raise);
        return socket.state() == QLocalSocket::UnconnectedState ||
               socket.waitForDisconnected(Patience);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_SingleInstance::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    const QString runtime = m_directory->filePath(QStringLiteral("runtime"));
    QVERIFY(QDir().mkpath(runtime));
    QVERIFY(QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", runtime.toLocal8Bit());
}

void tst_SingleInstance::oneOfManyStartsStays()
{
    constexpr int Starts = 20;
    std::vector<std::unique_ptr<Program>> starts;
    for (int i = 0; i < Starts; ++i)
        starts.push_back(std::make_unique<Program>(windowArguments()));
    const auto running = [&starts] {
        int count = 0;
        for (const auto &start : starts)
            count += start->state() != QProcess::NotRunning;
        return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(running(), 1, 60'000);
    for (const auto &start : starts) {
        if (start->state() == QProcess::NotRunning)
            QVERIFY2(start->exitStatus() == QProcess::NormalExit && start->exitCode() == 0,
                     start->readAllStandardError().constData());
    }
    QVERIFY(isHeard());
    QCOMPARE(running(), 1); // and it stays
}

void tst_SingleInstance::junkOnTheSocketIsIgnored()
{
    Program window(windowArguments());
    QTRY_VERIFY_WITH_TIMEOUT(!socketPath().isEmpty(), 20'000);
    for (const QByteArray &junk :
         {QByteArray("GET / HTTP/1.1\r\n\r\n"), QByteArray(1'000'000, 'x'), QByteArray("\0\0\0", 3),
          QByteArray("raise"), QByteArray("raise\nraise\nraise\n")}) {
        QLocalSocket socket;
        socket.abort();
        socket.connectToServer(socketPath());
        QTRY_COMPARE(socket.state(), QLocalSocket::ConnectedState);
        socket.write(junk);
        if (junk.size() < Raise.size())
            QTRY_COMPARE(socket.bytesToWrite(), 0); // it may still become a word
        else
            QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState); // it was read
        socket.abort();
    }
    // It still answers who asks properly: a second start ends at once.
    Program second(windowArguments());
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, 20'000);
    QCOMPARE(second.exitCode(), 0);
    QCOMPARE(window.state(), QProcess::Running);
}

void tst_SingleInstance::aKilledWindowLocksNobodyOut()
{
    {
        Program window(windowArguments());
        QTRY_VERIFY_WITH_TIMEOUT(!socketPath().isEmpty(), 20'000);
    } // SIGKILL: the socket's file stays behind
    QVERIFY(!socketPath().isEmpty());
    Program next(windowArguments());
    QLocalSocket socket;
    const auto answers = [&] {
        socket.abort();
        socket.connectToServer(socketPath());
        return socket.waitForConnected(100);
    };
    QTRY_VERIFY_WITH_TIMEOUT(answers(), 20'000);
    QCOMPARE(next.state(), QProcess::Running);
}

//! Without a runtime folder the socket lies in the profile's, whose path may be too long for one.
void tst_SingleInstance::aDeepProfileIsRaised()
{
    qunsetenv("XDG_RUNTIME_DIR");
    const QStringList arguments{
        QStringLiteral("--profile"),
        m_directory->filePath(QStringLiteral("a-folder-with-a-name/").repeated(8))};
    Program window(arguments);
    const QDir data(arguments.last() + QStringLiteral("/data"));
    const auto sockets = [&data] {
        return data.entryList({QStringLiteral("window-*.socket")}, QDir::System).size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(sockets(), 1, 20'000);
    Program second(arguments);
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, 60'000);
    QVERIFY2(second.exitCode() == 0, second.readAllStandardError().constData());
    QCOMPARE(window.state(), QProcess::Running);
}

void tst_SingleInstance::aWindowThatHangsIsSaid()
{
    Program window(windowArguments());
    QTRY_VERIFY_WITH_TIMEOUT(!socketPath().isEmpty(), 20'000);
    ::kill(static_cast<pid_t>(window.processId()), SIGSTOP);
    Program second(windowArguments());
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, 60'000);
    QCOMPARE(second.exitCode(), 1);
    QVERIFY(second.readAllStandardError().contains("does not answer"));
}

void tst_SingleInstance::nothingListensWhileStreaming()
{
    qputenv("FARTHING_API_KEY", "listening-test-key");
    tests::ScriptedServer server;
    server.enqueue(tests::dripAnswer(20ms, 2'000));
    Program ask(QStringList{QStringLiteral("--profile"), m_directory->path(), QStringLiteral("ask"),
                            QStringLiteral("hello"), QStringLiteral("--target"),
                            QStringLiteral("custom/drip@") + server.url(u"/v1").toString()});
    QByteArray seen;
    QTRY_VERIFY_WITH_TIMEOUT(!(seen += ask.readAllStandardOutput()).isEmpty(), 20'000);
    QVERIFY(!socketsOf(ask.processId()).isEmpty()); // the check sees sockets at all
    QCOMPARE(listeningPorts(ask.processId()), 0);
    QVERIFY(listeningPorts(QCoreApplication::applicationPid()) > 0); // and listening ones

    Program window(windowArguments());
    QTRY_VERIFY_WITH_TIMEOUT(!socketPath().isEmpty(), 20'000);
    QVERIFY(isHeard());
    QCOMPARE(listeningPorts(window.processId()), 0);
}

QTEST_GUILESS_MAIN(tst_SingleInstance)
#include "tst_singleinstance.moc"
