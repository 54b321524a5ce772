#include "core/resilience/retrybudget.h"

#include <algorithm>

namespace core {

namespace {

constexpr int OneRetry = 10; // in tenths: a success gives one
constexpr int Full = RetryBudget::Capacity * OneRetry;

} // namespace

std::chrono::seconds::rep RetryBudget::idleSteps(SteadyTime now) const
{
    return now > m_idleSince ? (now - m_idleSince) / IdleStep : 0;
}

void RetryBudget::refill(SteadyTime now)
{
    const auto steps = idleSteps(now);
    m_tenths = static_cast<int>(std::min<std::chrono::seconds::rep>(
        Full, m_tenths + std::min<std::chrono::seconds::rep>(steps, Capacity) * OneRetry));
    m_idleSince += steps * IdleStep;
}

bool RetryBudget::hasOne(SteadyTime now) const
{
    return m_tenths >= OneRetry || idleSteps(now) > 0;
}

bool RetryBudget::take(SteadyTime now)
{
    refill(now);
    if (m_tenths < OneRetry)
        return false;
    m_tenths -= OneRetry;
    m_idleSince = now;
    return true;
}

void RetryBudget::addSuccess(SteadyTime now)
{
    refill(now);
    m_tenths = std::min(Full, m_tenths + 1);
}

double RetryBudget::left(SteadyTime now) const
{
    RetryBudget filled = *this;
    filled.refill(now);
    return static_cast<double>(filled.m_tenths) / OneRetry;
}

} // namespace core
