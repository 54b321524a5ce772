#include "core/resilience/rategate.h"

#include <algorithm>

namespace core {

namespace {

constexpr qsizetype OutputsKept = 50;

} // namespace

std::int64_t RateGate::price(std::int64_t input, std::int64_t maxOutput) const
{
    if (m_outputs.isEmpty())
        return input + maxOutput;
    QList<std::int64_t> outputs = m_outputs;
    const auto p90 = outputs.begin() + (outputs.size() * 9 + 9) / 10 - 1; // nearest rank
    std::nth_element(outputs.begin(), p90, outputs.end());
    return input + std::min(maxOutput, *p90);
}

qsizetype RateGate::placeFor(Urgency urgency) const
{
    const auto behind = std::find_if(m_queue.begin(), m_queue.end(), [urgency](const Demand &one) {
        return one.urgency > urgency;
    });
    return behind - m_queue.begin();
}

bool RateGate::join(const Demand &demand)
{
    if (m_queue.size() >= MostWaiting)
        return false;
    m_queue.insert(placeFor(demand.urgency), demand);
    return true;
}

void RateGate::leave(std::int64_t ticket)
{
    m_queue.removeIf([ticket](const Demand &one) { return one.ticket == ticket; });
}

SteadyTime RateGate::opensAt() const
{
    return std::max({m_blockedUntil, m_requests.readyAt(), m_tokens.readyAt(),
                     m_ownRequests.readyAt(), m_ownTokens.readyAt()});
}

void RateGate::charge(const Demand &demand, SteadyTime now)
{
    m_requests.take(1, now);
    m_tokens.take(demand.tokens, now);
    m_ownRequests.take(demand.ticket, 1, now);
    m_ownTokens.take(demand.ticket, demand.tokens, now);
}

std::optional<RateGate::Demand> RateGate::next(SteadyTime now)
{
    if (m_queue.isEmpty() || m_inFlight >= MostInFlight || opensAt() > now)
        return std::nullopt;
    const Demand first = m_queue.takeFirst();
    pass(first, now);
    return first;
}

void RateGate::pass(const Demand &demand, SteadyTime now)
{
    leave(demand.ticket);
    charge(demand, now);
    ++m_inFlight;
}

void RateGate::settle(const Demand &demand, std::optional<std::int64_t> tokens)
{
    --m_inFlight;
    correctTokens(demand, tokens.value_or(demand.tokens));
}

void RateGate::settleUnsent(const Demand &demand)
{
    --m_inFlight;
    m_requests.correct(-1);
    m_ownRequests.correct(demand.ticket, 0);
    correctTokens(demand, 0);
}

void RateGate::correctTokens(const Demand &demand, std::int64_t used)
{
    m_tokens.correct(used - demand.tokens);
    m_ownTokens.correct(demand.ticket, used);
}

void RateGate::noteOutput(std::int64_t tokens)
{
    m_outputs.append(tokens);
    if (m_outputs.size() > OutputsKept)
        m_outputs.removeFirst();
}

void RateGate::learn(const RateLimit &requests, const RateLimit &tokens, SteadyTime now)
{
    m_requests.learn(requests, now);
    m_tokens.learn(tokens, now);
    for (const RateLimit &facts : {requests, tokens}) {
        // Without its limit a service's "nothing left" still says when to come again.
        const bool isSpent = !facts.limit && facts.remaining && *facts.remaining <= 0;
        if (isSpent && facts.reset && facts.reset->count() > 0)
            blockUntil(now + *facts.reset);
    }
}

void RateGate::setOwnLimits(const OwnLimits &limits)
{
    m_ownRequests.setLimit(limits.requests);
    m_ownTokens.setLimit(limits.tokens);
}

void RateGate::blockUntil(SteadyTime time)
{
    m_blockedUntil = std::max(m_blockedUntil, time);
}

std::optional<SteadyTime> RateGate::readyAt() const
{
    if (m_queue.isEmpty() || m_inFlight >= MostInFlight)
        return std::nullopt;
    return opensAt();
}

std::optional<SteadyTime::duration> RateGate::waitAt(qsizetype place, SteadyTime now) const
{
    if (m_inFlight + place >= MostInFlight)
        return std::nullopt;
    RateGate ahead = *this;
    SteadyTime at = now;
    for (qsizetype i = 0; i < place; ++i) {
        at = std::max(at, ahead.opensAt());
        ahead.charge(m_queue.at(i), at);
    }
    return std::max(at, ahead.opensAt()) - now;
}

std::optional<SteadyTime::duration> RateGate::waitFor(Urgency urgency, SteadyTime now) const
{
    return waitAt(placeFor(urgency), now);
}

std::optional<SteadyTime::duration> RateGate::waitOf(std::int64_t ticket, SteadyTime now) const
{
    const auto found = std::find_if(m_queue.begin(), m_queue.end(),
                                    [ticket](const Demand &one) { return one.ticket == ticket; });
    if (found == m_queue.end())
        return SteadyTime::duration{0};
    return waitAt(found - m_queue.begin(), now);
}

} // namespace core
