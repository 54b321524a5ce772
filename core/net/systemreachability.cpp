#include "core/net/systemreachability.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusServiceWatcher>

#include <utility>

namespace core {

namespace {

const QString NetworkManager = QStringLiteral("org.freedesktop.NetworkManager");
constexpr auto FirstLook = std::chrono::milliseconds(500); //!< The window stands by then.

//! Site is online: behind a proxy or a portal the system cannot see the internet, and we might.
bool meansOffline(QNetworkInformation::Reachability reachability)
{
    switch (reachability) {
    case QNetworkInformation::Reachability::Disconnected:
    case QNetworkInformation::Reachability::Local:
        return true;
    case QNetworkInformation::Reachability::Unknown:
    case QNetworkInformation::Reachability::Site:
    case QNetworkInformation::Reachability::Online:
        return false;
    }
    return false; // a value of a later Qt
}

} // namespace

SystemReachability::SystemReachability(Clock &clock, QObject *parent)
    : Reachability(parent)
{
    clock.after(FirstLook, this, [this] { look(); });
}

//! Qt's backend waits for its first answer: 25 s, measured, before one that hangs. So it is asked
//! without waiting first, whether it answers at all.
void SystemReachability::look()
{
    QDBusMessage ping = QDBusMessage::createMethodCall(
        NetworkManager, QStringLiteral("/org/freedesktop/NetworkManager"),
        QStringLiteral("org.freedesktop.DBus.Peer"), QStringLiteral("Ping"));
    ping.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(ping), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        if (!watcher->isError())
            follow();
    });
}

//! By name: the other backend, GLib's, says how things were at its start and, where GLib listens
//! to the kernel, never tells of a change (Qt 6.4.2). What was held then would be held for good.
void SystemReachability::follow()
{
    if (!QNetworkInformation::loadBackendByName(u"networkmanager"))
        return;
    const QNetworkInformation *system = QNetworkInformation::instance();
    connect(system, &QNetworkInformation::reachabilityChanged, this, &SystemReachability::take);
    take(system->reachability());
    // It may be stopped, which leaves the network as it is; Qt goes by its last word.
    const auto *watcher =
        new QDBusServiceWatcher(NetworkManager, QDBusConnection::systemBus(),
                                QDBusServiceWatcher::WatchForUnregistration, this);
    connect(watcher, &QDBusServiceWatcher::serviceUnregistered, this,
            [this] { take(QNetworkInformation::Reachability::Unknown); });
}

void SystemReachability::take(QNetworkInformation::Reachability reachability)
{
    const bool now = meansOffline(reachability);
    if (std::exchange(m_isOffline, now) != now)
        Q_EMIT changed();
}

} // namespace core
