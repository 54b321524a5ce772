#pragma once

#include <QObject>

class QUrl;

namespace core {

//! Whether the machine has a network, as far as anybody can tell. It may be wrong: a network that
//! its daemon does not manage is none to it. So this holds a request back until the user has said
//! what to do, and never refuses one. Main thread.
class Reachability : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    //! The system says that there is none. False also where nobody can tell.
    [[nodiscard]] virtual bool isOffline() const = 0;
    //! Whether \p root can be asked: while offline only what runs on this machine.
    [[nodiscard]] virtual bool mayReach(const QUrl &root) const;

Q_SIGNALS:
    void changed(); //!< isOffline(), and with it mayReach().
};

} // namespace core
