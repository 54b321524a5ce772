#include "app/chosenroutes.h"

#include "app/targetspec.h"

#include <QCoreApplication>

namespace app {

namespace keys = core::settings;

namespace {

std::optional<core::Route> routeNamedBy(const core::Setting<QString> &key, Engine &engine)
{
    return engine.routes().find(engine.settings().value(key).toLongLong());
}

const QLatin1StringView RoutePrefix{"route:"};

//! The targets that \p lines name, one a line; those that no longer exist are left out.
QList<core::Target> targetsFrom(const QString &lines, Engine &engine)
{
    QList<core::Target> targets;
    for (const QString &line : lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (const auto spec = parseTargetSpec(line);
            spec && engine.providers().provider(spec->provider))
            targets.append(engine.accounts().target(spec->provider, spec->model));
    }
    return targets;
}

} // namespace

QString specOf(const core::Route &route)
{
    return route.id ? RoutePrefix + QString::number(route.id) : specOf(route.targets.constFirst());
}

QList<core::Route> routesFrom(const QString &lines, Engine &engine)
{
    QList<core::Route> routes;
    for (const QString &line : lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (!line.startsWith(RoutePrefix)) {
            for (const core::Target &target : targetsFrom(line, engine))
                routes.append({0, {}, {target}});
        } else if (const auto named =
                       engine.routes().find(line.mid(RoutePrefix.size()).toLongLong());
                   named && !named->targets.isEmpty()) {
            routes.append(*named);
        }
    }
    return routes;
}

core::Result<core::Done> adoptOldFallbacks(Engine &engine)
{
    core::Settings &settings = engine.settings();
    const QList<core::Target> targets = targetsFrom(settings.value(keys::FallbackTargets), engine);
    if (targets.isEmpty() || engine.store().isReadOnly())
        return core::Done{};
    const std::int64_t id =
        engine.routes().add(QCoreApplication::translate("app::chosenroutes", "Fallback"));
    if (const auto set = engine.routes().setTargets(id, targets); !set)
        return set.error();
    if (const auto written = settings.setValue(keys::FallbackRoute, QString::number(id)); !written)
        return written.error();
    return settings.setValue(keys::FallbackTargets, QString());
}

std::optional<core::Route> defaultRoute(Engine &engine)
{
    const core::WorkspaceBook &workspaces = engine.workspaces();
    for (const core::Route &route :
         routesFrom(workspaces.inForce(workspaces.current()).model, engine)) {
        if (!engine.isDemo() || route.targets.constFirst().simulated)
            return route;
    }
    auto route = routeNamedBy(keys::LastRoute, engine);
    if (route && route->targets.isEmpty())
        return std::nullopt;
    return engine.isDemo() ? std::nullopt : route;
}

void applyRoutes(Engine &engine)
{
    const auto further = routeNamedBy(keys::FallbackRoute, engine);
    engine.conversations().setRoutes(engine.routes().routes(),
                                     further ? further->targets : QList<core::Target>());
}

} // namespace app
