#include "core/store/storeroutes.h"

#include "core/store/storednames.h"

#include <algorithm>

namespace core {

namespace {

void putRoute(Sql &sql, const Route &route)
{
    const QVariant id = idValue(route.id);
    sql.run(
        QStringLiteral("INSERT INTO route (id, name, kind) VALUES (?, ?, ?) "
                       "ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind"),
        {id, route.name, storedName(route.kind)});
    sql.run(QStringLiteral("DELETE FROM route_target WHERE route_id = ?"), {id});
    for (qsizetype place = 0; place < route.targets.size(); ++place) {
        const Target &target = route.targets.at(place);
        QVariantList values{id, static_cast<int>(place)};
        values += targetValues(target);
        sql.run(QStringLiteral("INSERT INTO route_target (route_id, position, provider, "
                               "account_id, base_url, model, simulated) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?)"),
                values);
    }
}

} // namespace

std::int64_t StoreRoutes::save(const Route &route)
{
    Route saved = route;
    if (saved.id == 0)
        saved.id = m_ids.next();
    const auto known = std::find_if(m_routes.begin(), m_routes.end(),
                                    [&saved](const Route &other) { return other.id == saved.id; });
    if (known != m_routes.end())
        *known = saved;
    else
        m_routes.append(saved);
    m_threads.keep([saved](Sql &sql) { putRoute(sql, saved); }, {});
    return saved.id;
}

void StoreRoutes::remove(std::int64_t id)
{
    m_routes.removeIf([id](const Route &route) { return route.id == id; });
    m_threads.keep(
        [id](Sql &sql) {
            sql.run(QStringLiteral("DELETE FROM route_target WHERE route_id = ?"), {idValue(id)});
            sql.run(QStringLiteral("DELETE FROM route WHERE id = ?"), {idValue(id)});
        },
        {});
}

QList<Route> StoreRoutes::readAll(Sql &sql)
{
    QList<Route> routes;
    QSqlQuery rows = sql.rows(QStringLiteral(
        "SELECT r.id, r.name, r.kind, t.provider, t.account_id, t.base_url, t.model, t.simulated "
        "FROM route r LEFT JOIN route_target t ON t.route_id = r.id ORDER BY r.id, t.position"));
    while (sql.next(rows)) {
        const std::int64_t id = rows.value(0).toLongLong();
        if (routes.isEmpty() || routes.constLast().id != id) {
            routes.append(Route());
            routes.last().id = id;
            routes.last().name = rows.value(1).toString();
            routes.last().kind = routeKindFrom(rows.value(2).toString());
        }
        if (rows.isNull(3))
            continue; // it has no targets yet
        routes.last().targets.append(targetFrom(rows, 3));
    }
    return routes;
}

} // namespace core
