#pragma once

#include "core/base/clock.h"

namespace core {

//! How many automatic retries a provider may still get: a bucket that retries empty, answers fill
//! slowly and quiet fills too, so that a struggling service is not buried under repeats. First
//! attempts never ask it. A plain value; time is passed in and may not run backwards.
class RetryBudget
{
public:
    static constexpr int Capacity = 10;
    static constexpr std::chrono::seconds IdleStep{30};

    [[nodiscard]] bool hasOne(SteadyTime now) const; //!< Whether take() would say yes.
    bool take(SteadyTime now);                       //!< One retry; false: there is none.
    void addSuccess(SteadyTime now);                 //!< A tenth of a retry.
    [[nodiscard]] double left(SteadyTime now) const; //!< In retries, 0 to Capacity.

    bool operator==(const RetryBudget &) const = default;

private:
    [[nodiscard]] std::chrono::seconds::rep idleSteps(SteadyTime now) const;
    void refill(SteadyTime now);

    int m_tenths = Capacity * 10;
    SteadyTime m_idleSince{}; //!< Last retry, or the last step that was paid for.
};

} // namespace core
