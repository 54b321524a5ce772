#pragma once

#include "app/profile.h"
#include "core/base/result.h"
#include "core/store/filelock.h"

#include <QObject>

#include <memory>

class QLocalServer;
class QLocalSocket;

namespace app {

//! One window a profile. The first holds a lock in the runtime folder and listens on a local socket
//! that only the same user can open and on which nothing but "raise the window" is understood
//! (threats.md A18). Verbs need none. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    explicit SingleInstance(const Profile &profile, QObject *parent = nullptr);
    ~SingleInstance() override;

    //! False: another window has the profile; it was asked to come to the front. Errors:
    //! StorageFailed, if the runtime folder cannot be written.
    [[nodiscard]] core::Result<bool> claim();

Q_SIGNALS:
    void raiseRequested();

private:
    void listen();
    void hear(QLocalSocket *peer);
    void askToRaise() const;

    QString m_lockPath;
    QString m_socketPath;
    std::unique_ptr<core::FileLock> m_lock;
    QLocalServer *m_server;
};

} // namespace app
