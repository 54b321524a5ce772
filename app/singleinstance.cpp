#include "app/singleinstance.h"

#include "core/base/log.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QThread>

#include <fcntl.h>
#include <unistd.h>

namespace app {

namespace {

const QByteArray Raise = QByteArrayLiteral("raise\n");
const QString LockEnding = QStringLiteral(".lock");
const QString SocketEnding = QStringLiteral(".socket");
constexpr qint64 LongestMessage = 16;
constexpr int MostPeers = 4;
constexpr int Patience = 15'000; // ms; the other one may be starting
constexpr int Pause = 50;        // ms

//! The runtime folder is cleared at logout; without one the profile's own folder must do.
QString placeFor(const Profile &profile)
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return runtime.isEmpty() || !QDir(runtime).exists() ? profile.dataDirectory()
                                                        : runtime + QStringLiteral("/farthing");
}

} // namespace

//! A folder that is held open: its files have short names, by which a socket can be had however
//! deep the folder lies. The system takes no longer path than 107 bytes for one (unix(7)).
class SingleInstance::Folder
{
public:
    explicit Folder(const QString &path)
        : m_descriptor(
              ::open(QFile::encodeName(path).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC))
    {
    }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;
    ~Folder()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    [[nodiscard]] QString file(const QString &name) const
    {
        return QStringLiteral("/proc/self/fd/%1/%2").arg(m_descriptor).arg(name);
    }

private:
    int m_descriptor;
};

SingleInstance::SingleInstance(const Profile &profile, QObject *parent)
    : QObject(parent)
    , m_server(new QLocalServer(this))
{
    const QByteArray path = QDir(profile.dataDirectory()).absolutePath().toUtf8();
    const QString name = QString::fromLatin1(
        QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().first(12));
    m_folderPath = placeFor(profile);
    m_name = QStringLiteral("window-") + name;
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *peer = m_server->nextPendingConnection())
            hear(peer);
    });
}

SingleInstance::~SingleInstance() = default;

core::Result<SingleInstance::Claim> SingleInstance::claim()
{
    if (const auto made = core::makePrivateDirectory(m_folderPath); !made)
        return made.error();
    m_folder = std::make_unique<Folder>(m_folderPath);
    auto lock = core::FileLock::tryLock(QDir(m_folderPath).filePath(m_name + LockEnding));
    if (!lock)
        return lock.error();
    if (!*lock)
        return askToRaise() ? Claim::Raised : Claim::Unheard;
    m_lock = std::move(*lock);
    listen();
    return Claim::Ours;
}

void SingleInstance::listen()
{
    const QString socket = m_folder->file(m_name + SocketEnding);
    QLocalServer::removeServer(socket); // left behind by one that was killed: we hold the lock
    m_server->setMaxPendingConnections(MostPeers);
    if (!m_server->listen(socket)) // this window works all the same; the next start says so
        qCWarning(core::logUi) << "no other start can raise this window:"
                               << m_server->serverError();
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

//! Whether it was heard: the other window hangs up then.
bool SingleInstance::askToRaise() const
{
    QDeadlineTimer deadline(Patience);
    while (!deadline.hasExpired()) {
        QLocalSocket socket;
        socket.connectToServer(m_folder->file(m_name + SocketEnding));
        if (socket.waitForConnected(Pause)) {
            socket.write(Raise);
            return socket.state() == QLocalSocket::UnconnectedState ||
                   socket.waitForDisconnected(static_cast<int>(deadline.remainingTime()));
        }
        QThread::msleep(Pause); // it has its lock, and listens in a moment
    }
    return false;
}

} // namespace app
