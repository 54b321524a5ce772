#pragma once

#include "core/chat/providerinfo.h"
#include "core/client/tokenestimate.h"
#include "core/ledger/attemptrecord.h"
#include "core/pricing/costcalculator.h"
#include "core/providers/provideradapter.h"

namespace core {

//! One call as it is priced. Lives no longer than its provider.
struct PricedCall
{
    const ProviderInfo &provider; //!< At the base URL that is asked (providerAt()).
    QString asked; //!< The name that is asked for: a deployment's may have a price of its own.
    QString model; //!< That stands behind it, and has the price.
    UtcTime at{};  //!< When the request began.
};

//! The longest answer that \p request may get from \p model, in tokens: as the request says; else
//! \p assumed, or what the model has at most where that is less. A service refuses what is more.
[[nodiscard]] std::int64_t longestAnswer(const ChatRequest &request, const ModelInfo &model,
                                         std::int64_t assumed);

//! Prices attempts however they end: exact where the service said what it counted, nothing where
//! nothing was charged, else a range. A missing price makes the cost incomplete, never zero. Plain;
//! lives for one request.
class AttemptCost
{
public:
    //! \p input of the whole prompt; \p maxOutput is the most the answer may have.
    AttemptCost(const CostCalculator &costs, const TokenEstimate &input, std::int64_t maxOutput)
        : m_costs(costs)
        , m_input(input)
        , m_maxOutput(maxOutput)
    {
    }

    [[nodiscard]] const TokenEstimate &input() const { return m_input; }
    //! The most that an attempt may cost: what a budget sets aside.
    [[nodiscard]] Cost worstCase(const PricedCall &call) const;

    //! From the prompt without an answer to worstCase().
    [[nodiscard]] Cost expected(const PricedCall &call) const;

    //! worstCase() as budgets set it aside: a part without a price is estimated high.
    [[nodiscard]] Reservation reservation(const PricedCall &call) const;
    //! The longest answer, up to maxOutput(), whose reservation does not pass \p limit (pico-USD or
    //! tokens); nothing if none that is worth sending does.
    [[nodiscard]] std::optional<int> outputThatFits(const PricedCall &call, LimitUnit unit,
                                                    std::int64_t limit) const;

    //! Whether a prompt of \p request is worth keeping by the service (ProviderInfo::cacheMarks)
    //! for the turn after it: the chat goes on, the prompt is long enough to be kept, and reading
    //! it again is known to cost less than sending it.
    [[nodiscard]] bool cachePays(const ChatRequest &request, const PricedCall &call) const;
    //! The next attempt writes its prompt to the cache, which may cost more than sending it.
    void setWritesCache(bool writes) { m_writesCache = writes; }

    [[nodiscard]] std::int64_t maxOutput() const { return m_maxOutput; }
    void setMaxOutput(std::int64_t tokens) { m_maxOutput = tokens; } //!< Of the next attempt.
    void setInput(const TokenEstimate &input) { m_input = input; }   //!< As its model counts it.

    //! Fills usage (where the service gave none), cost, costBasis, what budgets count at most and
    //! what the service's cache saved of an ended attempt. \p output is what arrived of the answer,
    //! \p model what the target's name stands for.
    void settle(AttemptRecord &attempt, const ProviderInfo &provider, const QString &model,
                const TokenEstimate &output) const;

private:
    struct Range;
    [[nodiscard]] Usage atMost(std::int64_t output) const;
    [[nodiscard]] CostBreakdown costOf(const PricedCall &call, const Usage &usage) const;
    [[nodiscard]] PicoUsd mostFor(const PricedCall &call, const Usage &usage) const;
    void price(AttemptRecord &attempt, const PricedCall &call, const TokenEstimate &output) const;
    [[nodiscard]] Range rangeOf(const AttemptRecord &attempt, const TokenEstimate &output) const;

    const CostCalculator &m_costs;
    TokenEstimate m_input;
    std::int64_t m_maxOutput;
    bool m_writesCache = false;
};

} // namespace core
