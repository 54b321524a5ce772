#pragma once

#include "core/client/trafficcontrol.h"
#include "core/resilience/retrypolicy.h"

#include <QSet>

#include <functional>
#include <optional>
#include <set>

namespace core {

//! One request's way along its route: which target comes next. Targets whose breaker is open, whose
//! account was refused, whose gate would make the user wait, or that are not to be reached are
//! skipped, not tried, as long as another one can be asked; if none can, the user's Send goes to
//! the first, and is the probe.
class RouteWalk
{
public:
    RouteWalk(const Route &route, const TrafficControl &traffic, Urgency urgency);

    void setFallback(bool isOn) { m_hasFallback = isOn; } //!< Off: only the first target counts.
    //! A gate that would make us wait longer than this, as it is then, is gone around.
    void setLongestWait(std::function<std::chrono::milliseconds()> wait)
    {
        m_longestWait = std::move(wait);
    }
    //! Where there is no way to just now is gone around; none: there is one to all.
    void setReach(std::function<bool(const Target &)> mayReach)
    {
        m_mayReach = std::move(mayReach);
    }

    struct Step
    {
        Target target;
        bool isUnwell = false; //!< Its breaker is open: it is asked since there is no other.
        QList<Target> skipped; //!< Stood before it, and were passed by.
    };
    //! The next target, which counts as asked from now on.
    [[nodiscard]] std::optional<Step> next();
    //! The user does not want what next() gave last: it was not asked.
    void refuseLast();
    //! What next() gave last was not asked: it failed others while its turn was waited for.
    void passLast();
    void giveUpAccount(const Target &target); //!< Refused: not asked any more at this origin.
    [[nodiscard]] bool hasNext() const;       //!< To fall back to without being told.
    [[nodiscard]] int asked() const { return m_asked; }
    [[nodiscard]] const Route &route() const { return m_route; }

private:
    [[nodiscard]] bool isLeft(qsizetype place) const;
    [[nodiscard]] bool isFree(const Target &target) const;
    [[nodiscard]] std::optional<qsizetype> firstFree() const;

    Route m_route;
    const TrafficControl &m_traffic;
    Urgency m_urgency;
    bool m_hasFallback = true;
    std::function<std::chrono::milliseconds()> m_longestWait = [] {
        return RetryOptions().longestSilentHint;
    };
    std::function<bool(const Target &)> m_mayReach;
    int m_asked = 0;
    qsizetype m_next = 0;         //!< The first place behind that which was asked last.
    qsizetype m_nextWithLast = 0; //!< The same before that was asked: passLast() goes back to it.
    QSet<qsizetype> m_refused;
    std::set<TrafficControl::KeyPlace> m_deadAccounts;
};

} // namespace core
