#include "core/client/routewalk.h"

namespace core {

RouteWalk::RouteWalk(const Route &route, const TrafficControl &traffic, Urgency urgency)
    : m_route(route)
    , m_traffic(traffic)
    , m_urgency(urgency)
{
}

bool RouteWalk::isLeft(qsizetype place) const
{
    if (place < m_next || (place > 0 && !m_hasFallback) || m_refused.contains(place))
        return false;
    return m_deadAccounts.empty() ||
           !m_deadAccounts.contains(m_traffic.keyPlaceOf(m_route.targets.at(place)));
}

bool RouteWalk::isFree(const Target &target) const
{
    const auto wait = m_traffic.waitAt(target, m_urgency);
    return m_traffic.isWell(target) && !m_traffic.isDead(target) &&
           (!wait || *wait <= m_longestWait()) && (!m_mayReach || m_mayReach(target));
}

std::optional<qsizetype> RouteWalk::firstFree() const
{
    for (qsizetype place = m_next; place < m_route.targets.size(); ++place) {
        if (isLeft(place) && isFree(m_route.targets.at(place)))
            return place;
    }
    return std::nullopt;
}

bool RouteWalk::hasNext() const
{
    return firstFree().has_value();
}

std::optional<RouteWalk::Step> RouteWalk::next()
{
    std::optional<qsizetype> place = firstFree();
    // The user pressed Send: with nobody better, that is the probe. A fallback is no such wish.
    for (qsizetype i = 0; !place && m_asked == 0 && i < m_route.targets.size(); ++i) {
        if (isLeft(i))
            place = i;
    }
    if (!place)
        return std::nullopt;
    Step step;
    step.target = m_route.targets.at(*place);
    step.isUnwell = !m_traffic.isWell(step.target);
    for (qsizetype i = m_next; i < *place; ++i) {
        if (isLeft(i))
            step.skipped += m_route.targets.at(i);
    }
    m_nextWithLast = m_next;
    m_next = *place + 1;
    ++m_asked;
    return step;
}

void RouteWalk::refuseLast()
{
    m_refused.insert(m_next - 1);
    passLast();
}

void RouteWalk::passLast()
{
    m_next = m_nextWithLast;
    --m_asked;
}

void RouteWalk::giveUpAccount(const Target &target)
{
    m_deadAccounts.insert(m_traffic.keyPlaceOf(target));
}

} // namespace core
