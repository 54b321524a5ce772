// What a ChatCall makes of a failed attempt: mend it, ask again, go to the next target or end.
#include "core/base/clockskew.h"
#include "core/client/chatcall.h"

namespace core {

namespace {

//! Whether it makes no sense to ask this account again before something has changed outside. A
//! keychain may be unlocked at any time.
bool isUntilTheUserActs(ErrorKind kind)
{
    return kind == ErrorKind::QuotaExhausted || kind == ErrorKind::AuthenticationFailed ||
           kind == ErrorKind::Billing;
}

} // namespace

void ChatCall::giveUp(const AttemptRecord &record)
{
    const ErrorKind kind = record.error->kind;
    if (isOfAccount(*record.error)) {
        m_walk.giveUpAccount(record.target);
        if (isUntilTheUserActs(kind))
            m_parts.traffic.giveUpAccount(record.target, kind);
    } else if (kind == ErrorKind::QuotaExhausted) {
        m_parts.traffic.giveUpModel(record.target); // the walk goes on behind it
    }
}

void ChatCall::judge()
{
    const AttemptRecord &last = m_attempts.constLast();
    // Never after a token was shown, which would be said again in other words and paid for twice;
    // nor before a hint.
    const bool isMended =
        !last.visible && !last.error->retryAfter &&
        (takesServiceTime(last) || takesFreshCredential(last) || takesFewerMembers(last));
    if (!isMended)
        giveUp(last);
    m_failed = {m_target, m_provider, m_adapter, m_retriesOnTarget, m_cacheKey};
    goOn(isMended ? RetryDecision{RetryDecision::Step::RetryTarget, {}} : afterFailure());
}

RetryDecision ChatCall::afterFailure() const
{
    const AttemptRecord &last = m_attempts.constLast();
    RetrySituation situation;
    situation.visible = last.visible;
    situation.attemptLasted = last.times.end;
    situation.sinceFailure = std::chrono::duration_cast<std::chrono::milliseconds>(
        m_parts.clock.steadyNow() - m_lastEnded);
    situation.attempts = static_cast<int>(m_attempts.size());
    situation.retriesOnTarget = m_retriesOnTarget;
    situation.targets = m_walk.asked();
    situation.waited = m_waited;
    if (m_options.requestDeadline)
        situation.timeLeft = *m_options.requestDeadline - elapsed();
    situation.hasNextTarget = m_walk.hasNext();
    situation.isEndpointDown = !m_parts.traffic.isWell(m_target);
    situation.isBudgetSpent = !m_parts.traffic.hasRetry(m_target);
    return decideRetry(*last.error, situation, m_options, m_parts.random);
}

void ChatCall::goOn(const RetryDecision &decision)
{
    m_decision = decision;
    switch (m_decision.step) {
    case RetryDecision::Step::End:
        return finishWith(finalError(*m_attempts.constLast().error), RequestState::Failed);
    case RetryDecision::Step::RetryTarget:
        m_parts.traffic.takeRetry(m_target);
        if (announceEnd())
            enter(State::Waiting);
        return;
    case RetryDecision::Step::NextTarget:
        m_cause = AttemptCause::Fallback;
        if (announceEnd())
            enter(State::Routing);
        return;
    }
}

//! The user wants none of those that were left, for whose sake a long hint was not waited for.
void ChatCall::goBack()
{
    m_target = m_failed.target;
    m_provider = m_failed.provider;
    m_adapter = m_failed.adapter;
    m_retriesOnTarget = m_failed.retries;
    m_cacheKey = m_failed.cacheKey;
    findMaxOutput();
    goOn(afterFailure());
}

//! A token may end before its time: one fresh one is worth an attempt, once a request and account.
bool ChatCall::takesFreshCredential(const AttemptRecord &last)
{
    const auto account = m_parts.traffic.accountOf(last.target);
    if (last.error->kind != ErrorKind::AuthenticationFailed || !m_options.retry ||
        m_attempts.size() >= m_options.maxAttempts || m_renewed.contains(account) ||
        !m_parts.keys.renew(m_parts.accounts.account(last.target)))
        return false;
    m_renewed.insert(account);
    return true;
}

//! A signature by a wrong clock: once more by the service's.
bool ChatCall::takesServiceTime(const AttemptRecord &last)
{
    const auto skew = clockSkewIn(*last.error);
    if (!skew || m_clockSkew || !m_options.retry || m_attempts.size() >= m_options.maxAttempts)
        return false;
    m_clockSkew = skew;
    return true;
}

//! Some servers refuse members that they do not know: once without ours.
bool ChatCall::takesFewerMembers(const AttemptRecord &last)
{
    constexpr int BadRequest = 400;
    constexpr int Unprocessable = 422;
    const Error &error = *last.error;
    const bool isNamed = (error.detail + error.rawBody).contains(QStringLiteral("stream_options"));
    if (!isNamed || (error.httpStatus != BadRequest && error.httpStatus != Unprocessable) ||
        !m_provider.streamUsageOption || !m_options.retry ||
        m_attempts.size() >= m_options.maxAttempts)
        return false;
    m_provider.streamUsageOption = false; // until the next target
    return true;
}

} // namespace core
