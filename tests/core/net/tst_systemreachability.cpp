#include "core/net/systemreachability.h"
#include "tests/support/fakeclock.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QThread>
#include <QUrl>

using namespace std::chrono_literals;
using namespace core;

namespace {

const QString Service = QStringLiteral("org.freedesktop.NetworkManager");
const QString Path = QStringLiteral("/org/freedesktop/NetworkManager");

//! NMState, of NetworkManager's D-Bus reference.
enum : uint { Disconnected = 20, Connecting = 40, Local = 50, Site = 60, Global = 70 };

} // namespace

//! As much of NetworkManager as Qt asks for. Lives in a thread of its own: Qt waits for it.
class FakeManager : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager")
    Q_PROPERTY(uint State READ state)
    Q_PROPERTY(uint Connectivity READ connectivity)
public:
    [[nodiscard]] uint state() const { return m_state; }
    [[nodiscard]] uint connectivity() const { return m_state == Global ? 4 : 1; }

    [[nodiscard]] bool appear(const QString &address)
    {
        QDBusConnection bus = QDBusConnection::connectToBus(address, QStringLiteral("manager"));
        return bus.registerObject(Path, this, QDBusConnection::ExportAllProperties) &&
               bus.registerService(Service);
    }
    void setState(uint state)
    {
        m_state = state;
        QDBusMessage told =
            QDBusMessage::createSignal(Path, QStringLiteral("org.freedesktop.DBus.Properties"),
                                       QStringLiteral("PropertiesChanged"));
        told << Service << QVariantMap{{QStringLiteral("State"), m_state}} << QStringList();
        QDBusConnection(QStringLiteral("manager")).send(told);
    }

private:
    uint m_state = Disconnected;
};

//! The real thing, on a bus of the test's own in place of the system's.
class tst_SystemReachability : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void withoutManagerNothingIsKnown();
    void followsTheManager();
    void cleanupTestCase();

private:
    QProcess m_daemon;
    QString m_address;
};

void tst_SystemReachability::initTestCase()
{
    if (QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty()) {
        if (qEnvironmentVariable("CI") == QStringLiteral("true"))
            QFAIL("No dbus-daemon where changes are checked.");
        QSKIP("Needs dbus-daemon.");
    }
    m_daemon.start(QStringLiteral("dbus-daemon"),
                   {QStringLiteral("--session"), QStringLiteral("--nofork"),
                    QStringLiteral("--print-address")});
    QVERIFY(m_daemon.waitForReadyRead());
    m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    QVERIFY(!m_address.isEmpty());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address.toUtf8()); // before Qt's first look at it
}

void tst_SystemReachability::cleanupTestCase()
{
    if (m_daemon.state() == QProcess::NotRunning)
        return;
    m_daemon.kill();
    QVERIFY(m_daemon.waitForFinished());
}

//! First: which backend Qt has is settled once a program.
void tst_SystemReachability::withoutManagerNothingIsKnown()
{
    tests::FakeClock clock;
    const SystemReachability network(clock);
    clock.advance(1min);
    QTRY_VERIFY(!network.findChild<QObject *>()); // its question was answered
    QVERIFY(!network.isOffline());
    QVERIFY(!QNetworkInformation::instance());
    QVERIFY(network.mayReach(QUrl(QStringLiteral("https://api.example.com/v1"))));
}

void tst_SystemReachability::followsTheManager()
{
    FakeManager manager;
    QThread thread;
    manager.moveToThread(&thread);
    thread.start();
    const auto inThread = [&manager](auto what) {
        QMetaObject::invokeMethod(&manager, what, Qt::BlockingQueuedConnection);
    };
    bool isThere = false;
    inThread([&] { isThere = manager.appear(m_address); });

    tests::FakeClock clock;
    SystemReachability network(clock);
    const QSignalSpy changed(&network, &Reachability::changed);
    clock.advance(1min);
    const bool isSeen = isThere && QTest::qWaitFor([&] { return network.isOffline(); });
    const bool isLocalLeft = network.mayReach(QUrl(QStringLiteral("http://127.0.0.1:11434"))) &&
                             !network.mayReach(QUrl(QStringLiteral("https://api.example.com")));
    QList<bool> heard{isSeen};
    // What is not known, or only not seen, counts as online.
    const QList<std::pair<uint, bool>> steps{
        {Global, false}, {Local, true}, {Connecting, false}, {Disconnected, true}, {Site, false}};
    for (const auto &[state, isOffline] : steps) {
        inThread([&manager, told = state] { manager.setState(told); });
        heard += QTest::qWaitFor(
            [&network, wanted = isOffline] { return network.isOffline() == wanted; });
    }
    inThread([&manager] { manager.setState(Disconnected); });
    heard += QTest::qWaitFor([&] { return network.isOffline(); });
    inThread([] { QDBusConnection::disconnectFromBus(QStringLiteral("manager")); });
    heard += QTest::qWaitFor([&] { return !network.isOffline(); }); // nobody is left to tell
    thread.quit();
    QVERIFY(thread.wait());
    QVERIFY(isThere);
    QVERIFY(isLocalLeft);
    QCOMPARE(heard, QList<bool>({true, true, true, true, true, true, true, true}));
    QCOMPARE(changed.size(), 8);
}

QTEST_GUILESS_MAIN(tst_SystemReachability)
#include "tst_systemreachability.moc"
