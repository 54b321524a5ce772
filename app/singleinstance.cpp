#include "app/singleinstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QStandardPaths>

namespace app {

namespace {

const QByteArray Raise = QByteArrayLiteral("raise\n");
constexpr qint64 LongestMessage = 16;
constexpr int MostPeers = 4;
constexpr int Patience = 500; // ms; the other one may be starting

//! The runtime folder is cleared at logout; without one the profile's own folder must do.
QString placeFor(const Profile &profile)
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return runtime.isEmpty() || !QDir(runtime).exists() ? profile.dataDirectory()
                                                        : runtime + QStringLiteral("/farthing");
}

} // namespace

SingleInstance::SingleInstance(const Profile &profile, QObject *parent)
    : QObject(parent)
    , m_server(new QLocalServer(this))
{
    const QByteArray path = QDir(profile.dataDirectory()).absolutePath().toUtf8();
    const QString name = QString::fromLatin1(
        QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().first(12));
    const QString base = placeFor(profile) + QStringLiteral("/window-") + name;
    m_lockPath = base + QStringLiteral(".lock");
    m_socketPath = base + QStringLiteral(".socket");
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *peer = m_server->nextPendingConnection())
            hear(peer);
    });
}

SingleInstance::~SingleInstance() = default;

core::Result<bool> SingleInstance::claim()
{
    if (const auto made = core::makePrivateDirectory(QFileInfo(m_lockPath).path()); !made)
        return made.error();
    auto lock = core::FileLock::tryLock(m_lockPath);
    if (!lock)
        return lock.error();
    if (!*lock) {
        askToRaise();
        return false;
    }
    m_lock = std::move(*lock);
    listen();
    return true;
}

void SingleInstance::listen()
{
    QLocalServer::removeServer(
        m_socketPath); // left behind by one that was killed: we hold the lock
    m_server->setMaxPendingConnections(MostPeers);
    m_server->listen(m_socketPath);
}

void SingleInstance::hear(QLocalSocket *peer)
{
    peer->setReadBufferSize(LongestMessage);
    connect(peer, &QLocalSocket::disconnected, peer, &QObject::deleteLater);
    const auto read = [this, peer] {
        if (peer->bytesAvailable() < Raise.size())
            return;
        const bool raise = peer->read(LongestMessage) == Raise;
        peer->abort();
        if (raise)
            Q_EMIT raiseRequested();
    };
    connect(peer, &QLocalSocket::readyRead, this, read);
    read();
}

void SingleInstance::askToRaise() const
{
    QLocalSocket socket;
    socket.connectToServer(m_socketPath, QIODevice::WriteOnly);
    if (!socket.waitForConnected(Patience))
        return;
    socket.write(Raise);
    socket.waitForBytesWritten(Patience);
    socket.disconnectFromServer();
}

} // namespace app
