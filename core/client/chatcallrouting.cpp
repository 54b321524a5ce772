// Whom a ChatCall asks: the next target of its route, and what is said or asked of the user before.
#include "core/client/chatcall.h"
#include "core/client/chatcallawait.h"
#include "core/client/fallbackcheck.h"
#include "core/client/sellers.h"
#include "core/net/urlpolicy.h"

#include <QPointer>

#include <algorithm>

namespace core {

void ChatCall::chooseTarget()
{
    const auto next = m_walk.next();
    if (!next) {
        if (m_attempts.isEmpty())
            return finishWith(rejected(tr("No model is chosen.")), RequestState::Failed);
        return goBack();
    }
    m_target = next->target;
    m_retriesOnTarget = 0;
    m_cacheKey.clear(); // what another target answers is not the first one's
    const ProviderInfo *provider = m_parts.providers.provider(m_target.provider);
    m_provider = provider ? providerAt(*provider, m_target) : ProviderInfo{};
    m_adapter = provider ? m_parts.providers.adapter(provider->protocol) : nullptr;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    warnOfTraffic(*next);
    if (!self || step != m_step)
        return;
    findMaxOutput();
    if (!m_countedFor) // else for a target before this one: prices are compared by one count
        countInput();
    if (Decision terms = termsOf(m_target); !terms.reasons.isEmpty())
        return askUser(std::move(terms));
    enter(State::Gating);
}

void ChatCall::findMaxOutput()
{
    const ModelInfo model = m_parts.models ? m_parts.models->infoOf(m_target) : ModelInfo();
    m_maxOutput = longestAnswer(m_request, model, m_options.assumedMaxOutput);
    if (const auto &allowed = m_context.spend.maxOutputTokens)
        m_maxOutput = std::min<std::int64_t>(m_maxOutput, *allowed);
    m_cost.setMaxOutput(m_maxOutput);
}

QString ChatCall::providerName(const Target &target) const
{
    const ProviderInfo *provider = m_parts.providers.provider(target.provider);
    return provider ? provider->name : target.provider;
}

//! By what tells it from \p other: a route may hold several models of one provider, and one model
//! in several regions.
QString ChatCall::nameBeside(const Target &target, const Target &other) const
{
    if (target.provider != other.provider)
        return providerName(target);
    if (target.model != other.model)
        return target.model;
    const ProviderInfo *provider = m_parts.providers.provider(target.provider);
    return originOf(rootOf(target, provider ? *provider : ProviderInfo{}));
}

void ChatCall::warnOfTraffic(const RouteWalk::Step &step)
{
    if (step.isUnwell) {
        Q_EMIT warned(
            tr("%1 is held back just now: Settings, Providers says why. It is asked all the "
               "same, since no other model can be asked.")
                .arg(providerName(step.target)));
    } else if (!step.skipped.isEmpty()) {
        const Target &skipped = step.skipped.constFirst();
        Q_EMIT warned(tr("%1 cannot be asked just now; %2 is asked instead.")
                          .arg(nameBeside(skipped, step.target), nameBeside(step.target, skipped)));
    }
}

Decision ChatCall::termsOf(const Target &target) const
{
    const Target &chosen = m_walk.route().targets.constFirst();
    if (target == chosen)
        return {};
    const ProviderInfo *provider = m_parts.providers.provider(chosen.provider);
    if (!provider)
        return {};
    const auto infoOf = [this](const Target &asked) {
        return m_parts.models ? m_parts.models->infoOf(asked) : ModelInfo();
    };
    return fallbackTerms({chosen, providerAt(*provider, chosen), infoOf(chosen)},
                         {target, m_provider, infoOf(target)}, m_request, m_cost,
                         m_parts.clock.utcNow());
}

} // namespace core
