#pragma once

#include "core/base/clock.h"
#include "core/base/ratelimit.h"

namespace core {

//! Counts one kind of unit against a limit by the generic cell rate algorithm (ITU-T I.371): each
//! unit moves the theoretical arrival time on by period / limit, and a whole period's worth may
//! come at once. Without a known limit everything passes. A plain value.
class RateMeter
{
public:
    //! When the next unit may come; in the past: at once.
    [[nodiscard]] SteadyTime readyAt() const;
    void take(std::int64_t units, SteadyTime now);
    //! A price that was guessed turned out otherwise: \p units more (or, negative, fewer).
    void correct(std::int64_t units);
    //! A service's word about its limit. It may only delay: between a deadline that is known and
    //! one that is told, the later one holds.
    void learn(const RateLimit &facts, SteadyTime now);

    [[nodiscard]] std::optional<std::int64_t> limit() const { return m_limit; }
    [[nodiscard]] std::chrono::milliseconds period() const { return m_period; }
    bool operator==(const RateMeter &) const = default;

private:
    [[nodiscard]] SteadyTime::duration timeFor(std::int64_t units) const; //!< With a limit.

    std::optional<std::int64_t> m_limit; //!< Above 0; none: not told.
    std::chrono::milliseconds m_period{std::chrono::minutes(1)};
    SteadyTime m_arrival{}; //!< Theoretical arrival time.
};

} // namespace core
