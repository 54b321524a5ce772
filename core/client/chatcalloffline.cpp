// How a ChatCall is held while there is no network: what the user is asked, and the wait for one.
#include "core/client/chatcall.h"
#include "core/client/chatcallawait.h"
#include "core/client/sellers.h"

namespace core {

//! What runs on this machine goes on, whatever the network does.
bool ChatCall::mayReach(const Target &target) const
{
    const ProviderInfo *provider = m_parts.providers.provider(target.provider);
    return !m_parts.reachability || !provider || provider->local ||
           m_parts.reachability->mayReach(rootOf(target, *provider));
}

//! Nothing goes out: an attempt would only fail, and be counted against the service.
void ChatCall::holdOffline()
{
    if (passesOn())
        return;
    if (m_sendsWhenOnline)
        return enter(State::Offline);
    askOffline();
}

void ChatCall::askOffline()
{
    Decision question;
    question.reasons = {mayReach(m_target) ? Decision::Reason::OnlineAgain
                                           : Decision::Reason::Offline};
    question.target = question.instead = m_target;
    askUser(std::move(question));
}

void ChatCall::waitForNetwork()
{
    m_waitBegan = m_parts.clock.steadyNow();
    (void)show(ReplyState::WaitingForNetwork);
}

bool ChatCall::asksAboutNetwork() const
{
    return m_state == State::Asking && m_question && isAboutNetwork(*m_question);
}

void ChatCall::followNetwork()
{
    if (m_state == State::Offline && mayReach(m_target))
        return leaveOffline();
    // Who has not said yet that it shall go by itself is asked anew: it is long since Send.
    if (asksAboutNetwork() &&
        m_question->reasons.contains(Decision::Reason::Offline) == mayReach(m_target))
        askOffline();
}

//! No service asked for this wait: it is not counted towards RetryOptions::totalWait.
void ChatCall::leaveOffline()
{
    if (m_state == State::Offline)
        m_lastWait += sinceWaitBegan();
    enter(State::Gating);
}

} // namespace core
