#pragma once

#include "core/base/clock.h"
#include "core/base/ratelimit.h"

namespace core {

//! What a service says of its limits by now.
struct LimitFacts
{
    RateLimit requests, tokens;       //!< Resets from now on; what time has overtaken is not there.
    std::chrono::milliseconds age{0}; //!< Since it was said.
    bool operator==(const LimitFacts &) const = default;
};

//! A service's last words about its limits for one account and model, as its headers had them: to
//! be shown, not to count with (that is RateGate's). A plain value.
class ToldLimits
{
public:
    void note(const RateLimit &requests, const RateLimit &tokens, SteadyTime now);
    //! None: nothing was said, or it is no longer true. What was left is not told beyond its reset
    //! or its period: by then nobody knows.
    [[nodiscard]] std::optional<LimitFacts> by(SteadyTime now) const;

private:
    RateLimit m_requests, m_tokens;
    SteadyTime m_at{};
};

} // namespace core
