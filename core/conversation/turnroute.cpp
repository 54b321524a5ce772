#include "core/conversation/turnroute.h"

#include "core/client/taskrule.h"

namespace core {

std::optional<Route> routeOf(const ConversationRecord &record, const QList<Route> &routes)
{
    if (record.routeId == 0)
        return std::nullopt;
    for (const Route &each : routes) {
        if (each.id == record.routeId && !each.targets.isEmpty())
            return each;
    }
    return std::nullopt;
}

bool followRoute(ConversationRecord &record, const QList<Route> &routes)
{
    const auto named = routeOf(record, routes);
    if (!named)
        return false;
    const QList<Target> &targets = named->targets;
    if (record.stays && targets.contains(record.target))
        return false;
    const bool stayed = std::exchange(record.stays, false);
    const Target before = std::exchange(record.target, targets.constFirst());
    return stayed || before != record.target;
}

std::optional<TaskChoice> choiceFor(const ConversationRecord &record,
                                    const std::optional<Route> &named, const ChatRequest &request)
{
    if (!named || named->kind != RouteKind::ByTask || named->targets.size() < 2 || record.stays)
        return std::nullopt;
    const Task task = taskOf(request);
    TaskChoice choice;
    choice.route = named->name;
    choice.target = named->targets.at(task.reasons.isEmpty() ? 0 : 1);
    choice.reasons = task.reasons;
    choice.tokens = task.tokens;
    return choice;
}

Route routeOfTurn(const ConversationRecord &record, const std::optional<Route> &named,
                  const QList<Target> &fallbacks, const std::optional<TaskChoice> &choice)
{
    Route route;
    if (named) {
        route.id = named->id;
        route.name = named->name;
        route.kind = named->kind;
    }
    route.targets.append(choice ? choice->target : record.target);
    for (const Target &next : named ? named->targets : fallbacks) {
        if (!route.targets.contains(next) && next.simulated == record.target.simulated)
            route.targets.append(next);
    }
    return route;
}

} // namespace core
