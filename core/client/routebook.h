#pragma once

#include "core/client/accountsetup.h"
#include "core/ledger/routerepository.h"

#include <QObject>

namespace core {

//! The named routes of a profile, as Settings makes them and chats use them. Targets always have
//! the base URL that their account has now. Main thread.
class RouteBook : public QObject
{
    Q_OBJECT
public:
    RouteBook(RouteRepository &routes, const AccountSetup &accounts, QObject *parent = nullptr);

    [[nodiscard]] QList<Route> routes() const; //!< By name.
    [[nodiscard]] QList<Route> usable() const; //!< Those that have a target.
    [[nodiscard]] std::optional<Route> find(std::int64_t id) const;

    //! A new one without targets; \p name gets a number if it is taken. Returns its id.
    std::int64_t add(const QString &name);
    //! Errors: InputRejected, where \p name is empty or another route's.
    [[nodiscard]] Result<Done> rename(std::int64_t id, const QString &name);
    //! Errors: InputRejected, where practice and real models stand together. A target stands once.
    [[nodiscard]] Result<Done> setTargets(std::int64_t id, const QList<Target> &targets);
    void setKind(std::int64_t id, RouteKind kind);
    void remove(std::int64_t id);
    //! Takes back remove() and every other change of it; its name gets a number if another route
    //! has taken it meanwhile.
    void restore(const Route &route);

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] bool isTaken(const QString &name, std::int64_t but) const;
    [[nodiscard]] QString freeName(const QString &name, std::int64_t but) const;
    void save(const Route &route);

    RouteRepository &m_routes;
    const AccountSetup &m_accounts;
};

} // namespace core
