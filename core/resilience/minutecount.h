#pragma once

#include "core/base/clock.h"

#include <QList>

#include <optional>

namespace core {

//! The most that the user wants sent to an account in a minute, for each of its models. Unknown: as
//! the service says.
struct OwnLimits
{
    static constexpr std::int64_t Most = 1'000'000'000; //!< Beyond this none is a limit any more.

    std::optional<std::int64_t> requests;
    std::optional<std::int64_t> tokens; //!< In and out together.
    bool operator==(const OwnLimits &) const = default;
};

//! Counts one kind of unit over the last minute against a limit that the user set: whatever came
//! together, no minute has more requests than that. Who comes while less than the limit was used
//! may go, however much he takes. A plain value.
class MinuteCount
{
public:
    //! None: everything passes. What was taken before counts on.
    void setLimit(std::optional<std::int64_t> limit) { m_limit = limit; }
    //! When the next unit may come; in the past: at once.
    [[nodiscard]] SteadyTime readyAt() const;
    void take(std::int64_t ticket, std::int64_t units, SteadyTime now);
    //! What \p ticket took turned out to be \p units. Nothing if that was over a minute ago.
    void correct(std::int64_t ticket, std::int64_t units);

private:
    struct Taken
    {
        std::int64_t ticket = 0;
        std::int64_t units = 0;
        SteadyTime at{};
    };
    std::optional<std::int64_t> m_limit;
    QList<Taken> m_taken; //!< Oldest first.
};

} // namespace core
