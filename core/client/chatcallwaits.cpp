// Where a ChatCall waits: for the user's word, for its turn at the rate gate, before a retry.
#include "core/client/chatcall.h"

#include <algorithm>
#include <utility>

namespace core {

void ChatCall::askUser(Decision question)
{
    enter(State::Asking);
    keepRequest(); // who is asked may be away
    question.id = ++m_questions;
    m_question = std::move(question);
    if (!show(ReplyState::AwaitingDecision))
        return;
    const Decision asked = *m_question;
    Q_EMIT decisionNeeded(asked);
}

void ChatCall::decide(int decision, Choice choice)
{
    if (m_state != State::Asking || !m_question || m_question->id != decision)
        return;
    const Decision answered = *std::exchange(m_question, std::nullopt);
    if (isAboutNetwork(answered)) {
        if (choice == Choice::No)
            return cancel();
        m_sendsWhenOnline = true;
        return enter(State::Gating);
    }
    if (answered.reasons.contains(Decision::Reason::StillLimited)) {
        if (choice == Choice::No)
            return giveUpTurn(); // thinking about it was no wait
        m_isHurried = true;
        m_passage.reset();
        return enter(State::Gating);
    }
    if (choice == Choice::Yes)
        return enter(State::Gating);
    m_walk.refuseLast();
    enter(State::Routing);
}

void ChatCall::joinGate()
{
    if (mayUseCache())
        return askCache();
    if (!m_goesOffline && !mayReach(m_target))
        return holdOffline();
    countInput();
    const std::int64_t input = (m_cost.input().low() + m_cost.input().high()) / 2;
    m_passage = m_parts.traffic.join(m_target, m_urgency, input, m_cost.maxOutput());
    if (!m_passage) {
        return failUnsent(makeError(ErrorKind::RateLimited,
                                    tr("Too many requests wait for this model already."),
                                    m_target.provider));
    }
    if (std::exchange(m_isHurried, false))
        m_passage->goNow();
    if (m_passage->isOpen())
        return enter(State::Opening);
    m_waitBegan = m_parts.clock.steadyNow();
    connect(m_passage.get(), &Passage::opened, this, &ChatCall::endTurn);
    keepRequest(); // a wait may be long, and a machine may stop: the prompt is on disk by then
    const auto wait = m_passage->wait();
    if (wait && *wait > std::min(waitAllowance(), timeToWait())) {
        Decision question;
        question.reasons = {Decision::Reason::StillLimited};
        question.target = question.instead = m_target;
        question.wait = wait;
        return askUser(std::move(question));
    }
    waitForTurn();
}

void ChatCall::waitForTurn()
{
    m_waitAlarm.set(waitAllowance() - sinceWaitBegan(), [this] {
        countWait();
        giveUpTurn();
    });
    (void)show(ReplyState::WaitingForTurn);
}

//! It may also come while the user is still being asked whether to go without it.
void ChatCall::endTurn()
{
    m_waitAlarm.clear();
    if (std::exchange(m_question, std::nullopt))
        m_options.totalWait += sinceWaitBegan(); // thinking about it took nothing of it
    countWait();
    const bool isHurried = std::exchange(m_isHurried, false);
    if (!isHurried && !m_goesOffline && !mayReach(m_target)) {
        m_passage.reset(); // we run inside its signal, its last one
        return enter(State::Gating);
    }
    if (isHurried || !leavesWhatFails())
        enter(State::Opening);
}

//! Whether the endpoint has failed others meanwhile, so that this call goes elsewhere, or ends.
//! With nobody else to ask the user's own Send goes there all the same: it is the probe.
bool ChatCall::leavesWhatFails()
{
    if (m_passage->isProbe() || m_parts.traffic.isWell(m_target) ||
        (m_attempts.isEmpty() && !m_walk.hasNext()))
        return false;
    m_passage.reset(); // we run inside its signal, its last one
    if (m_cause == AttemptCause::Retry) {
        enter(State::Judging);
    } else {
        m_walk.passLast();
        enter(State::Routing);
    }
    return true;
}

void ChatCall::giveUpTurn()
{
    m_waitAlarm.clear();
    Error limited = makeError(ErrorKind::RateLimited,
                              QStringLiteral("The rate limit was not waited for any longer."),
                              m_target.provider);
    limited.retryAfter = m_passage->wait();
    m_passage.reset();
    failUnsent(limited);
}

//! There is no attempt to settle, and asking again would only wait again.
void ChatCall::failUnsent(const Error &error)
{
    keepRequest();
    if (!passesOn())
        finishWith(error, RequestState::Failed);
}

//! To the next target, if there is one: this one got nothing.
bool ChatCall::passesOn()
{
    if (!m_walk.hasNext() || m_walk.asked() >= m_options.maxTargets)
        return false;
    m_isHurried = false; // the user's "now" was for this target
    m_cause = m_attempts.isEmpty() ? firstCause() : AttemptCause::Fallback;
    enter(State::Routing);
    return true;
}

void ChatCall::keepRequest()
{
    if (std::exchange(m_requestOpened, true))
        return;
    m_context.answer.target = m_target;
    m_parts.journal.keepRequest(m_requestId, m_context, m_parts.clock.utcNow());
}

void ChatCall::waitForRetry()
{
    m_cause = AttemptCause::Retry;
    ++m_retriesOnTarget;
    m_waitBegan = m_parts.clock.steadyNow();
    m_waitAlarm.set(m_decision.delay, [this] { endWait(); });
    if (!show(ReplyState::WaitingToRetry))
        return;
    const Error cause = *m_attempts.constLast().error;
    Q_EMIT retryScheduled(static_cast<int>(m_attempts.size()) + 1, m_decision.delay, cause);
}

RetryNumber ChatCall::retry() const
{
    // The retry that is waited for is counted already; attempts are shared by all targets.
    const int left = m_options.maxAttempts - static_cast<int>(m_attempts.size());
    const int most = std::min(m_options.maxRetriesPerTarget, m_retriesOnTarget - 1 + left);
    return {m_retriesOnTarget, std::max(m_retriesOnTarget, most)};
}

void ChatCall::endWait()
{
    m_waitAlarm.clear();
    countWait();
    // Others may have found meanwhile that it is down: nothing goes there by itself then.
    const bool mayGo = m_isHurried || m_parts.traffic.isWell(m_target);
    enter(mayGo ? State::Gating : State::Judging);
}

void ChatCall::retryNow()
{
    if (m_state == State::Waiting) {
        m_isHurried = true;
        endWait();
    } else if (m_state == State::Gating && m_passage) {
        m_isHurried = true;
        m_passage->goNow();
    } else if (m_state == State::Offline || asksAboutNetwork()) {
        m_question.reset();
        m_goesOffline = true;
        leaveOffline();
    }
}

void ChatCall::extendWait(std::chrono::milliseconds by)
{
    m_options.totalWait += by;
    if (m_state == State::Waiting) {
        // Never earlier than was said before: a hint lies within.
        m_decision.delay += by;
        m_waitAlarm.set(waitLeft().value_or(by), [this] { endWait(); });
    } else if (m_state == State::Gating) {
        waitForTurn();
    } else if (m_state == State::Asking && m_passage) {
        m_question.reset();
        ++m_step;
        m_options.totalWait += sinceWaitBegan(); // thinking about it takes nothing of it
        m_state = State::Gating;                 // its place in the line is kept
        waitForTurn();
    }
}

std::optional<std::chrono::milliseconds> ChatCall::waitLeft() const
{
    if (m_state == State::Waiting)
        return std::max(std::chrono::milliseconds(0), m_decision.delay - sinceWaitBegan());
    if (m_state == State::Gating && m_passage)
        return m_passage->wait();
    return std::nullopt;
}

void ChatCall::countWait()
{
    const auto waited = sinceWaitBegan();
    m_lastWait += waited;
    m_waited += waited;
}

std::chrono::milliseconds ChatCall::sinceWaitBegan() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_parts.clock.steadyNow() -
                                                                 m_waitBegan);
}

//! How long a wait may be for anything to come of it: who is sent at the deadline ends with it.
std::chrono::milliseconds ChatCall::timeToWait() const
{
    if (!m_options.requestDeadline)
        return std::chrono::milliseconds::max();
    return *m_options.requestDeadline - elapsed() - std::chrono::milliseconds(1);
}

//! What the waits of this request may still last in all.
std::chrono::milliseconds ChatCall::waitAllowance() const
{
    return std::max(std::chrono::milliseconds(0), m_options.totalWait - m_waited);
}

} // namespace core
