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
//! that only the same user can open and on which nothing but "raise the window" is understood.
//! Verbs need none. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    explicit SingleInstance(const Profile &profile, QObject *parent = nullptr);
    ~SingleInstance() override;

    enum class Claim {
        Ours,
        Raised,  //!< Another window has the profile, and has heard that it shall come to the front.
        Unheard, //!< Another one has it, and did not answer.
    };
    //! Waits up to 15 s for the other window, which may be starting just now. Errors:
    //! StorageFailed, if the runtime folder cannot be written.
    [[nodiscard]] core::Result<Claim> claim();

Q_SIGNALS:
    void raiseRequested();

private:
    class Folder;
    void listen();
    void hear(QLocalSocket *peer);
    [[nodiscard]] bool askToRaise() const;

    QString m_folderPath;
    QString m_name; //!< Of lock and socket, without their endings.
    std::unique_ptr<Folder> m_folder;
    std::unique_ptr<core::FileLock> m_lock;
    QLocalServer *m_server;
};

} // namespace app
