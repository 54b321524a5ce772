#pragma once

#include "core/resilience/minutecount.h"
#include "core/resilience/ratemeter.h"

#include <QList>

namespace core {

//! Who goes first where several wait: what a person looks at, before what is compared, before what
//! nobody waits for.
enum class Urgency { Chat, Compare, Batch };

//! Holds requests back before a service would refuse them: by requests and tokens a period and by
//! requests in flight, for one account and model.
//!
//! A request join()s with a price in tokens and may go once next() names it; what has gone must
//! settle() or settleUnsent(). Limits are those that the service tells and those that the user set,
//! which hold from the first request on: each may only delay. Without any, only the number in
//! flight is bounded. A plain value: whoever holds it calls next() when readyAt() has come, and
//! after everything that may have let someone through.
class RateGate
{
public:
    static constexpr int MostWaiting = 32;
    static constexpr int MostInFlight = 32;

    struct Demand
    {
        std::int64_t ticket = 0; //!< The caller's own; unique.
        Urgency urgency = Urgency::Chat;
        std::int64_t tokens = 0; //!< Price in tokens, guessed.
        bool operator==(const Demand &) const = default;
    };

    //! Price of a request: its input and what answers have had so far (90 % of them had fewer), or
    //! \p maxOutput where that is less or nothing is known.
    [[nodiscard]] std::int64_t price(std::int64_t input, std::int64_t maxOutput) const;

    //! Gets in line behind its equals. False: MostWaiting wait already.
    [[nodiscard]] bool join(const Demand &demand);
    void leave(std::int64_t ticket); //!< Does not want any more; nothing if it does not wait.
    //! Lets the first one through, if it may go by now.
    [[nodiscard]] std::optional<Demand> next(SteadyTime now);
    //! Goes now, whatever the gate says: the user said so. Paid like all others.
    void pass(const Demand &demand, SteadyTime now);

    //! Someone who went is done. \p tokens: what it cost in truth; none: as guessed.
    void settle(const Demand &demand, std::optional<std::int64_t> tokens);
    //! The same where nothing left this machine, so that nothing was used.
    void settleUnsent(const Demand &demand);
    void noteOutput(std::int64_t tokens); //!< Of a whole answer.

    void learn(const RateLimit &requests, const RateLimit &tokens, SteadyTime now);
    //! What went within the last minute counts.
    void setOwnLimits(const OwnLimits &limits);
    //! The service asked to stay away until then. The later of two deadlines holds.
    void blockUntil(SteadyTime time);
    [[nodiscard]] SteadyTime blockedUntil() const { return m_blockedUntil; }
    void unblock() { m_blockedUntil = {}; }

    //! When next() may name someone; none if nobody waits or if it takes an end first.
    [[nodiscard]] std::optional<SteadyTime> readyAt() const;
    //! How long a newcomer of this urgency would wait; none if that depends on those in flight.
    [[nodiscard]] std::optional<SteadyTime::duration> waitFor(Urgency urgency,
                                                              SteadyTime now) const;
    //! How long this one still waits, as far as can be told.
    [[nodiscard]] std::optional<SteadyTime::duration> waitOf(std::int64_t ticket,
                                                             SteadyTime now) const;

    [[nodiscard]] int waiting() const { return static_cast<int>(m_queue.size()); }
    [[nodiscard]] int inFlight() const { return m_inFlight; }
    //! As the service told.
    [[nodiscard]] const RateMeter &requests() const { return m_requests; }
    [[nodiscard]] const RateMeter &tokens() const { return m_tokens; }

private:
    [[nodiscard]] SteadyTime opensAt() const;
    void charge(const Demand &demand, SteadyTime now);
    void correctTokens(const Demand &demand, std::int64_t used);
    [[nodiscard]] qsizetype placeFor(Urgency urgency) const;
    [[nodiscard]] std::optional<SteadyTime::duration> waitAt(qsizetype place, SteadyTime now) const;

    RateMeter m_requests;
    RateMeter m_tokens;
    MinuteCount m_ownRequests;
    MinuteCount m_ownTokens;
    SteadyTime m_blockedUntil{};
    int m_inFlight = 0;
    QList<Demand> m_queue;         //!< Who goes first stands first.
    QList<std::int64_t> m_outputs; //!< Of the last whole answers, in tokens.
};

} // namespace core
