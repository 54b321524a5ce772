#include "core/client/routebook.h"

#include <algorithm>

namespace core {

RouteBook::RouteBook(RouteRepository &routes, const AccountSetup &accounts, QObject *parent)
    : QObject(parent)
    , m_routes(routes)
    , m_accounts(accounts)
{
    connect(&accounts, &AccountSetup::changed, this, &RouteBook::changed); // addresses may be new
}

QList<Route> RouteBook::routes() const
{
    QList<Route> all = m_routes.list();
    for (Route &each : all) {
        const auto now = [this](const Target &target) {
            // One of the practice provider, which does not run: it is as it was kept.
            return m_accounts.provider(target.provider)
                       ? m_accounts.target(target.provider, target.model)
                       : target;
        };
        for (Target &target : each.targets)
            target = now(target);
    }
    std::stable_sort(all.begin(), all.end(), [](const Route &a, const Route &b) {
        return QString::compare(a.name, b.name, Qt::CaseInsensitive) < 0;
    });
    return all;
}

QList<Route> RouteBook::usable() const
{
    QList<Route> some = routes();
    some.removeIf([](const Route &route) { return route.targets.isEmpty(); });
    return some;
}

std::optional<Route> RouteBook::find(std::int64_t id) const
{
    for (const Route &route : routes()) {
        if (route.id == id)
            return route;
    }
    return std::nullopt;
}

bool RouteBook::isTaken(const QString &name, std::int64_t but) const
{
    const QList<Route> all = m_routes.list();
    return std::any_of(all.begin(), all.end(), [&name, but](const Route &route) {
        return route.id != but && QString::compare(route.name, name, Qt::CaseInsensitive) == 0;
    });
}

QString RouteBook::freeName(const QString &name, std::int64_t but) const
{
    QString free = name;
    for (int number = 2; isTaken(free, but); ++number)
        free = QStringLiteral("%1 %2").arg(name, QString::number(number));
    return free;
}

void RouteBook::save(const Route &route)
{
    m_routes.save(route);
    Q_EMIT changed();
}

std::int64_t RouteBook::add(const QString &name)
{
    Route route;
    route.name = freeName(name, 0);
    const std::int64_t id = m_routes.save(route);
    Q_EMIT changed();
    return id;
}

Result<Done> RouteBook::rename(std::int64_t id, const QString &name)
{
    auto route = find(id);
    const QString line = name.simplified();
    if (!route || line.isEmpty())
        return rejected(tr("A route needs a name."));
    if (isTaken(line, id))
        return rejected(tr("Another route has this name."));
    route->name = line;
    save(*route);
    return Done{};
}

Result<Done> RouteBook::setTargets(std::int64_t id, const QList<Target> &targets)
{
    auto route = find(id);
    if (!route)
        return rejected(tr("This route was deleted."));
    QList<Target> once;
    for (const Target &target : targets) {
        if (!once.contains(target))
            once.append(target);
    }
    for (const Target &target : std::as_const(once)) {
        if (target.simulated != once.constFirst().simulated)
            return rejected(
                tr("Practice models and real ones do not stand in one route: neither answers for "
                   "the other."));
    }
    route->targets = once;
    save(*route);
    return Done{};
}

void RouteBook::setKind(std::int64_t id, RouteKind kind)
{
    auto route = find(id);
    if (!route || std::exchange(route->kind, kind) == kind)
        return;
    save(*route);
}

void RouteBook::remove(std::int64_t id)
{
    m_routes.remove(id);
    Q_EMIT changed();
}

void RouteBook::restore(const Route &route)
{
    Route back = route;
    back.name = freeName(route.name, route.id);
    save(back);
}

} // namespace core
