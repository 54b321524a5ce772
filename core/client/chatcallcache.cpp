// How a ChatCall asks the cache of answers, gives one again, and keeps its own.
#include "core/client/cachekey.h"
#include "core/client/chatcall.h"
#include "core/client/chatcallawait.h"
#include "core/client/sellers.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace core {

namespace {

//! Tool calls have effects; what only its maker can read is of no use to others.
bool isPlain(const QList<ContentPart> &parts)
{
    return !parts.isEmpty() && std::all_of(parts.begin(), parts.end(), [](const ContentPart &part) {
        return std::holds_alternative<TextPart>(part) ||
               std::holds_alternative<ReasoningPart>(part);
    });
}

StreamEvents eventsOf(const CachedAnswer &answer)
{
    StreamEvents events{ReplyStarted{answer.model, {}, {}}};
    for (const ContentPart &part : answer.parts) {
        if (const auto *text = std::get_if<TextPart>(&part); text && !text->text.isEmpty())
            events.append(TextDelta{text->text});
        else if (const auto *reasoning = std::get_if<ReasoningPart>(&part);
                 reasoning && !reasoning->text.isEmpty())
            events.append(ReasoningDelta{reasoning->text, {}, {}});
    }
    events.append(Finish{answer.reason, {}});
    return events;
}

} // namespace

//! Once a request, for its first target: a fallback has an outage to get around.
bool ChatCall::mayUseCache() const
{
    return m_parts.cache && m_request.options.reuseAnswers && m_request.tools.isEmpty() &&
           m_adapter && !isContinuation() && m_attempts.isEmpty() && !m_isCacheAsked;
}

void ChatCall::askCache()
{
    m_isCacheAsked = true;
    enter(State::AskingCache);
    const Endpoint endpoint{m_provider, rootOf(m_target, m_provider), m_target.model};
    const auto wire = m_adapter->buildRequest(
        m_request, endpoint, {}, std::chrono::floor<std::chrono::seconds>(m_parts.clock.utcNow()));
    if (wire)
        m_cacheKey =
            cacheKey(m_provider.protocol, m_target.provider, pricedModel(m_target), wire->http);
    if (m_cacheKey.isEmpty() || m_context.isAnew)
        return enter(State::Gating);
    await(m_parts.cache->find(m_cacheKey), ErrorKind::StorageFailed,
          [this](const Result<std::optional<CachedAnswer>> &found) {
              if (found && *found)
                  return openCached(**found);
              enter(State::Gating);
          });
}

void ChatCall::openCached(const CachedAnswer &answer)
{
    AttemptOpening opening = nextOpening();
    opening.reservation.provider = m_parts.traffic.accountOf(m_target).first;
    opening.reservation.consent = m_context.spend.consent;
    m_context.answer.target = m_target;
    m_cachedOpening = recordOf(opening);
    openInJournal(opening, [this, opening, answer](const Result<OpenedAttempt> &opened) {
        const AttemptRecord attempt = *std::exchange(m_cachedOpening, std::nullopt);
        if (opened)
            return giveAgain(attempt, answer);
        refuseOpening(opened.error(), opening);
    });
}

void ChatCall::giveAgain(AttemptRecord record, const CachedAnswer &answer)
{
    record.outcome = AttemptOutcome::Completed;
    record.answeredModel = answer.model;
    record.visible = record.terminalSeen = true;
    record.costBasis = CostBasis::Cached;
    record.savedBy = SavedBy::ResponseCache;
    record.saved = answer.cost;
    m_parts.journal.closeAttempt(record);
    m_attempts.append(record);
    m_isEndAnnounced = false;
    m_answer.clear(m_target.provider);
    const StreamEvents events = eventsOf(answer);
    for (const StreamEvent &event : events)
        m_answer.add(event);
    m_finish = {answer.reason, {}};
    m_firstToken = elapsed();
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Q_EMIT eventsReceived(events);
    if (self && step == m_step)
        finishWith(outcome(), RequestState::Completed);
}

//! A whole answer of the first attempt, for the next time that exactly this is asked.
void ChatCall::keepAnswer()
{
    const AttemptRecord &last = m_attempts.constLast();
    if (m_cacheKey.isEmpty() || m_attempts.size() > 1 || m_limitsOutput ||
        m_finish.reason != FinishReason::Stop || !isPlain(m_answer.parts()))
        return;
    CachedAnswer answer;
    answer.parts = m_answer.parts();
    answer.reason = m_finish.reason;
    answer.model = last.answeredModel;
    answer.usage = last.usage;
    const Cost &cost = last.cost.total;
    if (cost.complete && cost.low == cost.high)
        answer.cost = cost.low;
    m_parts.cache->keep(m_cacheKey, answer);
}

} // namespace core
