#include "core/client/attemptcost.h"

#include "core/client/sellers.h"
#include "core/pricing/cachesaving.h"

#include <algorithm>
#include <limits>

namespace core {

namespace {

constexpr int FirstClientError = 400;
constexpr int FirstServerError = 500;
constexpr std::int64_t ShortestAnswer = 32; // tokens; less would not be an answer
//! What services keep at least (Anthropic: 1,024 to 4,096 by model; shorter marks are ignored).
constexpr std::int64_t ShortestKept = 1'024;

//! Failures that services do not bill: they refused the request or never saw it.
bool isUncharged(const AttemptRecord &attempt)
{
    if (attempt.httpStatus >= FirstClientError && attempt.httpStatus < FirstServerError)
        return true;
    // Not the API: a redirect, a login page, an empty answer. One event of the protocol is enough
    // to tell that a model was at work, which charges even if its words cannot be read.
    return attempt.error && attempt.usage.basis == UsageBasis::None && !attempt.answered &&
           !attempt.visible &&
           (attempt.error->kind == ErrorKind::Redirected ||
            attempt.error->kind == ErrorKind::ProtocolError);
}

Usage counts(std::int64_t input, std::int64_t output)
{
    Usage usage;
    usage.tokens.insert(UsageKind::Input, input);
    usage.tokens.insert(UsageKind::Output, output);
    usage.basis = UsageBasis::Estimated;
    return usage;
}

} // namespace

std::int64_t longestAnswer(const ChatRequest &request, const ModelInfo &model, std::int64_t assumed)
{
    if (request.options.maxOutputTokens)
        return *request.options.maxOutputTokens;
    return model.maxOutput && *model.maxOutput > 0
               ? std::min<std::int64_t>(assumed, *model.maxOutput)
               : assumed;
}

//! The least and the most that were counted, and why.
struct AttemptCost::Range
{
    Usage low;
    Usage high;
    CostBasis basis = CostBasis::Partial;
    bool isGuessed = false; //!< Nothing was counted: low is where a guess begins.
};

//! All of the prompt may be new to the cache.
Usage AttemptCost::atMost(std::int64_t output) const
{
    Usage most = counts(m_input.high(), output);
    if (m_writesCache) {
        most.tokens.insert(UsageKind::CacheWrite, m_input.high());
        most.tokens.insert(UsageKind::CacheWrite5m, m_input.high());
    }
    return most;
}

CostBreakdown AttemptCost::costOf(const PricedCall &call, const Usage &usage) const
{
    return m_costs.cost(sellerOf(call.provider, call.asked), call.model, usage, call.at);
}

PicoUsd AttemptCost::mostFor(const PricedCall &call, const Usage &usage) const
{
    return m_costs.most(sellerOf(call.provider, call.asked), call.model, usage, call.at);
}

bool AttemptCost::cachePays(const ChatRequest &request, const PricedCall &call) const
{
    const bool goesOn =
        std::any_of(request.messages.cbegin(), request.messages.cend(),
                    [](const Message &message) { return message.role == Role::Assistant; });
    if (!call.provider.cacheMarks || !goesOn || m_input.high() < ShortestKept)
        return false;
    const auto priceOf = [&](std::initializer_list<UsageKind> kinds) {
        Usage usage = counts(ShortestKept, 0);
        for (const UsageKind kind : kinds)
            usage.tokens.insert(kind, ShortestKept);
        return costOf(call, usage).total;
    };
    const Cost sent = priceOf({});
    const Cost read = priceOf({UsageKind::CacheRead});
    const Cost written = priceOf({UsageKind::CacheWrite, UsageKind::CacheWrite5m});
    return sent.complete && read.complete && written.complete &&
           saturatingSum(written.high, read.high) < saturatingSum(sent.low, sent.low);
}

Cost AttemptCost::worstCase(const PricedCall &call) const
{
    if (call.provider.local)
        return {};
    const Cost most = costOf(call, atMost(m_maxOutput)).total;
    return {most.high, most.high, most.complete};
}

Cost AttemptCost::expected(const PricedCall &call) const
{
    if (call.provider.local)
        return {};
    const Cost least = costOf(call, counts(m_input.low(), 0)).total;
    const Cost most = worstCase(call);
    return {least.low, std::max(least.high, most.high), least.complete && most.complete};
}

Reservation AttemptCost::reservation(const PricedCall &call) const
{
    Reservation reservation;
    reservation.tokens = saturatingCount(m_input.high(), m_maxOutput);
    if (!call.provider.local)
        reservation.money = mostFor(call, atMost(m_maxOutput));
    return reservation;
}

std::optional<int> AttemptCost::outputThatFits(const PricedCall &call, LimitUnit unit,
                                               std::int64_t limit) const
{
    const auto fits = [&](std::int64_t output) {
        AttemptCost shorter = *this;
        shorter.setMaxOutput(output);
        const Reservation reservation = shorter.reservation(call);
        return (unit == LimitUnit::Tokens ? reservation.tokens : reservation.money.count()) <=
               limit;
    };
    if (unit == LimitUnit::Requests || !fits(ShortestAnswer))
        return std::nullopt;
    std::int64_t longest = ShortestAnswer; // fits
    std::int64_t tooLong = m_maxOutput + 1;
    while (tooLong - longest > 1) {
        const std::int64_t middle = longest + (tooLong - longest) / 2;
        (fits(middle) ? longest : tooLong) = middle;
    }
    return static_cast<int>(std::min<std::int64_t>(longest, std::numeric_limits<int>::max()));
}

AttemptCost::Range AttemptCost::rangeOf(const AttemptRecord &attempt,
                                        const TokenEstimate &output) const
{
    const bool isCancelled = attempt.outcome == AttemptOutcome::Cancelled;
    if (attempt.httpStatus >= FirstServerError)
        return {counts(0, 0), atMost(0), CostBasis::InputOnly, true};
    if (!attempt.times.headers) // the service may have finished without us
        return {counts(0, 0), atMost(m_maxOutput),
                isCancelled ? CostBasis::Cancelled : CostBasis::Unanswered, true};

    // What the service has already said is exact for the input (Anthropic's message_start) and a
    // lower bound for the output.
    Range range{attempt.usage, attempt.usage,
                isCancelled ? CostBasis::Cancelled : CostBasis::Partial};
    const std::int64_t least =
        std::max(attempt.usage.count(UsageKind::Output).value_or(0), output.low());
    range.low.tokens.insert(UsageKind::Output, least);
    range.high.tokens.insert(UsageKind::Output, std::max({least, output.high(), m_maxOutput}));
    if (!attempt.usage.count(UsageKind::Input)) {
        range.low.tokens.insert(UsageKind::Input, m_input.low());
        const Usage most = atMost(0);
        for (auto it = most.tokens.cbegin(); it != most.tokens.cend(); ++it) {
            if (it.key() != UsageKind::Output)
                range.high.tokens.insert(it.key(), it.value());
        }
    }
    range.low.basis = attempt.usage.basis == UsageBasis::None ? UsageBasis::Estimated
                                                              : UsageBasis::ProviderPartial;
    range.high.basis = range.low.basis;
    return range;
}

void AttemptCost::settle(AttemptRecord &attempt, const ProviderInfo &provider, const QString &model,
                         const TokenEstimate &output) const
{
    const PricedCall call{provider, attempt.target.model, model, attempt.queuedAt};
    price(attempt, call, output);
    attempt.savedBy = SavedBy::Nothing;
    attempt.saved.reset();
    const bool isPaid = !provider.local && attempt.costBasis != CostBasis::NotCharged;
    if (!isPaid || !usesPromptCache(attempt.usage))
        return;
    attempt.savedBy = SavedBy::PromptCache;
    attempt.saved =
        promptCacheSaving(m_costs, sellerOf(provider, call.asked), model, attempt.usage, call.at);
}

void AttemptCost::price(AttemptRecord &attempt, const PricedCall &call,
                        const TokenEstimate &output) const
{
    const auto priced = [&](Usage usage) {
        // Our range tells how incomplete partial counts are; the calculator need not as well.
        if (usage.basis == UsageBasis::ProviderPartial)
            usage.basis = UsageBasis::Counted;
        return costOf(call, usage);
    };
    const bool isWhole = attempt.outcome == AttemptOutcome::Completed;
    attempt.cost = {};
    attempt.mostTokens.reset();
    if (!attempt.times.sent) {
        attempt.costBasis = CostBasis::NotSent;
        return;
    }
    if (!isWhole && isUncharged(attempt)) {
        attempt.costBasis = CostBasis::NotCharged;
        return;
    }
    const bool isCounted = isWhole && attempt.usage.basis != UsageBasis::None &&
                           attempt.usage.basis != UsageBasis::ProviderPartial;
    const auto noteMost = [&](const Usage &usage) {
        if (!attempt.cost.total.complete)
            attempt.mostItCost = mostFor(call, usage);
    };
    if (isCounted && !call.provider.local) {
        attempt.cost = priced(attempt.usage);
        noteMost(attempt.usage);
        attempt.costBasis = CostBasis::Exact;
        return;
    }

    Range range = rangeOf(attempt, output);
    if (isWhole && !isCounted) { // all of the answer is here, only its count is not
        range.basis = CostBasis::Estimated;
        const std::int64_t least = range.low.count(UsageKind::Output).value_or(0);
        range.high.tokens.insert(UsageKind::Output, std::max(least, output.high()));
    }
    if (!isCounted)
        attempt.mostTokens = saturatingCount(range.high.count(UsageKind::Input).value_or(0),
                                             range.high.count(UsageKind::Output).value_or(0));
    if (!isCounted && attempt.times.headers && attempt.httpStatus < FirstServerError)
        attempt.usage = range.low;
    if (call.provider.local) {
        attempt.costBasis = CostBasis::Local;
        return;
    }
    attempt.cost = priced(range.low);
    if (range.isGuessed) // lines of no tokens would say that none were used
        attempt.cost.lines.clear();
    const Cost most = priced(range.high).total;
    attempt.cost.total = {attempt.cost.total.low, std::max(attempt.cost.total.high, most.high),
                          attempt.cost.total.complete && most.complete};
    noteMost(range.high);
    attempt.costBasis = range.basis;
}

} // namespace core
