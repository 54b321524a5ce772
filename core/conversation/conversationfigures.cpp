// The part of a conversation that adds up what its answers took.
#include "core/conversation/conversation.h"
#include "core/store/answerfigures.h"

#include <algorithm>

namespace core {

AnswerFigures Conversation::liveFigures() const
{
    const AnswerFigures figures = figuresOfReply();
    const MessageRecord *running = message(m_runningMessage);
    const bool continues = running && !running->pieces.isEmpty();
    return continues ? joined(m_figures.value(m_runningMessage), figures) : figures;
}

AnswerFigures Conversation::figuresOfReply() const
{
    const bool runs = !m_reply->isFinished();
    const QList<AttemptRecord> attempts = m_reply->attempts();
    const UtcTime startedAt = attempts.isEmpty() ? UtcTime() : attempts.first().queuedAt;
    AnswerFigures figures = figuresOf(m_reply->requestId(), startedAt, std::nullopt, attempts,
                                      runs ? Attempts::SoFar : Attempts::All);
    figures.simulated = m_reply->target().simulated;
    figures.cap = m_cap;
    // From Send, which was before the first attempt.
    figures.firstToken = m_reply->firstToken();
    figures.duration = m_reply->elapsed();
    if (!runs)
        return figures;
    ++figures.attempts; // the one that runs, whose cost is known at its end
    const Usage usage = m_reply->usage();
    figures.inputTokens = usage.count(UsageKind::Input);
    figures.cacheReadTokens = usage.count(UsageKind::CacheRead);
    figures.cacheWriteTokens = usage.count(UsageKind::CacheWrite);
    figures.outputTokens = usage.count(UsageKind::Output);
    figures.reasoningTokens = usage.count(UsageKind::OutputReasoning);
    figures.tokensPerSecond.reset();
    figures.thinking.reset();
    if (const auto running = m_reply->runningAttempt())
        figures.thinking = thinkingOf(running->times);
    addReading(figures);
    return figures;
}

//! What the running attempt has taken until now, as far as somebody counts it.
void Conversation::addReading(AnswerFigures &figures) const
{
    const auto reading = m_meter ? m_meter->read() : std::nullopt;
    figures.bound =
        reading && !reading->atLeast ? AnswerFigures::Bound::About : AnswerFigures::Bound::AtLeast;
    if (figures.bound == AnswerFigures::Bound::AtLeast)
        figures.cost.complete = false;
    if (!reading)
        return;
    figures.inputTokens = reading->inputTokens;
    figures.outputTokens = reading->outputTokens;
    if (!figures.reasoningTokens && reading->reasoningTokens > 0)
        figures.reasoningTokens = reading->reasoningTokens;
    figures.local = reading->local && (figures.attempts == 1 || figures.local);
    figures.cost = figures.cost.plus(reading->cost);
    figures.costKnown =
        figures.costKnown || reading->cost.complete || reading->cost.high > PicoUsd();
    figures.tokensPerSecond = reading->tokensPerSecond;
}

AnswerFigures Conversation::figures(std::int64_t messageId) const
{
    if (messageId == m_runningMessage && m_reply)
        return liveFigures();
    return m_figures.value(messageId);
}

std::optional<WarmPrompt> Conversation::warmPrompt() const
{
    // Services forget what nobody reads for five minutes (Anthropic; OpenAI: five to ten).
    constexpr std::chrono::minutes KeptFor{5};
    constexpr std::int64_t WorthTelling = 2'000; // tokens
    const MessageRecord *answer = message(m_record.activeLeaf);
    if (!answer || answer->role != Role::Assistant || isRunning())
        return std::nullopt;
    const AnswerFigures of = figures(answer->id);
    // The service counts each request of a continued answer by itself.
    if (!answer->pieces.isEmpty() || of.cached || !of.duration)
        return std::nullopt;
    const std::int64_t tokens = of.cacheReadTokens.value_or(0) + of.cacheWriteTokens.value_or(0);
    const auto left = answer->createdAt + *of.duration + KeptFor - m_parts.clock.utcNow();
    if (tokens < WorthTelling || left.count() <= 0)
        return std::nullopt;
    return WarmPrompt{answer->target, tokens, left};
}

Cost Conversation::totalCost() const
{
    // Simulated money never adds to real money: it counts only where there is no other.
    const bool simulated = isSimulated();
    Cost total;
    for (auto at = m_figures.constBegin(); at != m_figures.constEnd(); ++at) {
        if (at->simulated == simulated)
            total = total.plus(at->cost);
    }
    if (m_reply && m_reply->target().simulated == simulated) {
        total = total.plus(m_reply->costSoFar());
        total.complete = false; // what runs is known at its end
    }
    return total;
}

bool Conversation::isSimulated() const
{
    if (m_figures.isEmpty())
        return m_record.target.simulated;
    return std::all_of(m_figures.constBegin(), m_figures.constEnd(),
                       [](const AnswerFigures &figures) { return figures.simulated; });
}

std::int64_t Conversation::totalTokens() const
{
    std::int64_t total = 0;
    for (auto at = m_figures.constBegin(); at != m_figures.constEnd(); ++at)
        total += at->inputTokens.value_or(0) + at->outputTokens.value_or(0);
    return total;
}

AnswerFigures::Bound Conversation::tokensBound() const
{
    using Bound = AnswerFigures::Bound;
    if (isRunning())
        return Bound::AtLeast;
    Bound bound = Bound::Told;
    for (auto at = m_figures.constBegin(); at != m_figures.constEnd(); ++at) {
        const MessageRecord *answer = message(at.key());
        const bool wasTold = at->cached || (at->inputTokens && at->outputTokens) || !answer ||
                             textOf(answer->parts).isEmpty();
        if (!wasTold || at->bound == Bound::AtLeast)
            return Bound::AtLeast;
        if (at->bound == Bound::About)
            bound = Bound::About;
    }
    return bound;
}

} // namespace core
