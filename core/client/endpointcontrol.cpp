#include "core/client/endpointcontrol.h"

namespace core {

namespace {

EndpointState stateFrom(CircuitBreaker::State state)
{
    switch (state) {
    case CircuitBreaker::State::Closed:
        return EndpointState::Open;
    case CircuitBreaker::State::Open:
        return EndpointState::LeftAlone;
    case CircuitBreaker::State::HalfOpen:
        return EndpointState::BeingTried;
    }
    Q_UNREACHABLE();
}

Target withModel(Target endpoint, const QString &model)
{
    endpoint.model = model;
    return endpoint;
}

} // namespace

EndpointControl::EndpointControl(TrafficControl &traffic, QObject *parent)
    : QObject(parent)
    , m_traffic(traffic)
{
    connect(&traffic, &TrafficControl::breakerChanged, this, &EndpointControl::changed);
}

EndpointFacts EndpointControl::facts(const Target &endpoint) const
{
    const auto forced = m_forced.find({endpoint.provider, endpoint.baseUrl});
    return {stateFrom(m_traffic.breakerState(endpoint)),
            forced == m_forced.end() ? CircuitBreaker::Forced::No : forced->second,
            m_traffic.unwellFor(endpoint)};
}

QList<HeldModel> EndpointControl::held(const Target &endpoint, const QStringList &models) const
{
    QList<HeldModel> held;
    for (const QString &model : models) {
        const auto wait = m_traffic.waitAt(withModel(endpoint, model), Urgency::Chat);
        if (!wait || wait->count() > 0)
            held.append({model, wait});
    }
    return held;
}

void EndpointControl::force(const Target &endpoint, CircuitBreaker::Forced forced)
{
    m_forced[{endpoint.provider, endpoint.baseUrl}] = forced;
    m_traffic.forceBreaker(endpoint, forced);
}

void EndpointControl::reset(const Target &endpoint, const QStringList &models)
{
    m_forced.erase({endpoint.provider, endpoint.baseUrl});
    for (const HeldModel &one : held(endpoint, models))
        m_traffic.openGate(withModel(endpoint, one.model));
    m_traffic.resetBreaker(endpoint);
}

} // namespace core
