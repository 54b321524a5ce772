#include "core/client/trafficcontrol.h"

#include "core/base/clock.h"
#include "core/net/urlpolicy.h"
#include "core/resilience/retrypolicy.h"

#include <QDateTime>
#include <QHash>

#include <algorithm>
#include <utility>

namespace core {

using std::chrono::milliseconds;

namespace {

std::optional<milliseconds> roundedUp(std::optional<SteadyTime::duration> wait)
{
    if (!wait)
        return std::nullopt;
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*wait));
}

} // namespace

//! A gate, who waits at it and the alarm that lets the next one through.
struct TrafficGate
{
    explicit TrafficGate(Clock &clock)
        : alarm(clock)
    {
    }
    RateGate gate;
    ToldLimits told;
    QHash<std::int64_t, Passage *> waiting;
    Alarm alarm;
};

Passage::Passage(TrafficControl &traffic, TrafficGate &gate, const Target &target,
                 const RateGate::Demand &demand)
    : m_traffic(traffic)
    , m_gate(gate)
    , m_target(target)
    , m_demand(demand)
{
}

Passage::~Passage()
{
    if (m_isOpen) {
        end({});
        return;
    }
    m_gate.gate.leave(m_demand.ticket);
    m_gate.waiting.remove(m_demand.ticket);
    m_traffic.admit(m_gate);
}

std::optional<milliseconds> Passage::wait() const
{
    if (m_isOpen)
        return milliseconds(0);
    return roundedUp(m_gate.gate.waitOf(m_demand.ticket, m_traffic.m_clock.steadyNow()));
}

void Passage::goNow()
{
    if (m_isOpen)
        return;
    m_gate.waiting.remove(m_demand.ticket);
    m_gate.gate.pass(m_demand, m_traffic.m_clock.steadyNow());
    open();
}

//! Takes the place of a half-open breaker's probe at once: between its turn and its sending the
//! disk and the keychain are asked, and two that came together would both go.
void Passage::open()
{
    m_isOpen = true;
    const SteadyTime now = m_traffic.m_clock.steadyNow();
    const CircuitBreaker *breaker = m_traffic.knownBreaker(m_target);
    if (breaker && breaker->state(now) == CircuitBreaker::State::HalfOpen && breaker->allows(now))
        m_ticket = m_traffic.breakerOf(m_target).begin(now);
    Q_EMIT opened();
}

void Passage::begin()
{
    CircuitBreaker &breaker = m_traffic.breakerOf(m_target);
    if (!m_ticket || !breaker.counts(*m_ticket))
        m_ticket = breaker.begin(m_traffic.m_clock.steadyNow());
}

void Passage::learn(const ResponseFacts &facts, milliseconds ago)
{
    m_told = facts;
    m_toldAt = m_traffic.m_clock.steadyNow() - ago;
    m_gate.told.note(facts.requests, facts.tokens, m_toldAt);
}

void Passage::end(const PassageEnd &end)
{
    if (m_hasEnded)
        return;
    m_hasEnded = true;
    TrafficControl &traffic = m_traffic; // who is let through may delete this
    const Target target = m_target;
    const SteadyTime now = traffic.m_clock.steadyNow();
    TrafficGate &gate = m_gate;
    if (end.sent)
        gate.gate.settle(m_demand, end.tokens);
    else
        gate.gate.settleUnsent(m_demand);
    // After our own count was put right: what the service said it has left is no guess of ours.
    gate.gate.learn(m_told.requests, m_told.tokens, m_toldAt);
    if (end.answerTokens)
        gate.gate.noteOutput(*end.answerTokens);
    if (end.stayAway) {
        gate.gate.blockUntil(now + *end.stayAway);
        traffic.keepGates(target);
    }
    if (end.outcome == CircuitBreaker::Outcome::Success ||
        end.outcome == CircuitBreaker::Outcome::Slow) {
        traffic.m_budgets[traffic.accountOf(target).first].addSuccess(now);
        traffic.revive(target);
    }
    if (m_ticket) {
        CircuitBreaker &breaker = traffic.breakerOf(target);
        const auto standing = [&breaker, now] {
            return std::pair(breaker.state(now), breaker.openUntil(now));
        };
        const auto before = standing();
        breaker.end(*m_ticket, end.outcome, now, traffic.m_random);
        if (standing() != before)
            traffic.noteBreaker(target);
    }
    traffic.admit(gate);
}

TrafficControl::TrafficControl(Clock &clock, Random &random, const ProviderRegistry &providers,
                               StateStore *states, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_random(random)
    , m_providers(providers)
    , m_state(states, clock)
{
    restore();
}

TrafficControl::~TrafficControl() = default;

void TrafficControl::restore()
{
    const SteadyTime now = m_clock.steadyNow();
    for (const TrafficState::Endpoint &endpoint : m_state.endpoints())
        m_breakers[{endpoint.provider, endpoint.baseUrl}] =
            CircuitBreaker::restored(endpoint.hint, now);
    for (const TrafficState::Account &account : m_state.accounts()) {
        for (auto it = account.blocked.begin(); it != account.blocked.end(); ++it) {
            auto gate = std::make_unique<Gate>(m_clock);
            gate->gate.blockUntil(now + it.value());
            const KeyPlace place{account.provider, account.accountId, account.origin};
            m_gates[{place, it.key()}] = std::move(gate);
        }
    }
}

//! A breaker has changed. Practice lives on another port each time: nothing is kept of it.
void TrafficControl::noteBreaker(const Target &target)
{
    if (!target.simulated) {
        const auto [provider, baseUrl] = endpointKey(target);
        m_state.keep(provider, baseUrl, breakerOf(target).hint(m_clock.steadyNow()));
    }
    Q_EMIT breakerChanged(target);
}

void TrafficControl::keepGates(const Target &target)
{
    if (target.simulated)
        return;
    const KeyPlace place = keyPlaceOf(target);
    const auto &[provider, accountId, origin] = place;
    TrafficState::Account account{provider, accountId, origin, {}};
    for (const auto &[key, gate] : m_gates) {
        const auto left = gate->gate.blockedUntil() - m_clock.steadyNow();
        if (key.first == place && left.count() > 0)
            account.blocked.insert(key.second, std::chrono::ceil<milliseconds>(left));
    }
    m_state.keep(account);
}

std::pair<QString, std::int64_t> TrafficControl::accountOf(const Target &target) const
{
    const ProviderInfo *provider = m_providers.provider(target.provider);
    const bool isShared = provider && !provider->accountOf.isEmpty();
    return {isShared ? provider->accountOf : target.provider, target.accountId};
}

TrafficControl::KeyPlace TrafficControl::keyPlaceOf(const Target &target) const
{
    const auto [provider, account] = accountOf(target);
    return {provider, account, originOf(endpointKey(target).second)};
}

TrafficControl::GateKey TrafficControl::gateKey(const Target &target) const
{
    return {keyPlaceOf(target), target.model};
}

TrafficControl::EndpointKey TrafficControl::endpointKey(const Target &target) const
{
    const ProviderInfo *provider = m_providers.provider(target.provider);
    const QUrl root = target.baseUrl.isEmpty() && provider ? provider->baseUrl : target.baseUrl;
    return {target.provider, root};
}

TrafficControl::Gate &TrafficControl::gateOf(const Target &target)
{
    std::unique_ptr<Gate> &gate = m_gates[gateKey(target)];
    if (!gate) {
        gate = std::make_unique<Gate>(m_clock);
        if (const auto own = m_ownLimits.find(accountOf(target).first); own != m_ownLimits.end())
            gate->gate.setOwnLimits(own->second);
    }
    return *gate;
}

const TrafficControl::Gate *TrafficControl::knownGate(const Target &target) const
{
    const auto found = m_gates.find(gateKey(target));
    return found == m_gates.end() ? nullptr : found->second.get();
}

CircuitBreaker &TrafficControl::breakerOf(const Target &target)
{
    return m_breakers[endpointKey(target)];
}

const CircuitBreaker *TrafficControl::knownBreaker(const Target &target) const
{
    const auto found = m_breakers.find(endpointKey(target));
    return found == m_breakers.end() ? nullptr : &found->second;
}

void TrafficControl::noteFreeCall(const Target &target, const std::optional<Error> &error)
{
    const SteadyTime now = m_clock.steadyNow();
    const auto found = m_breakers.find(endpointKey(target));
    // Elsewhere it proves nothing: chats may fail where lists come, and the other way round.
    if (found == m_breakers.end() || !found->second.allows(now) ||
        found->second.state(now) != CircuitBreaker::State::HalfOpen)
        return;
    CircuitBreaker::Outcome outcome = CircuitBreaker::Outcome::Success;
    if (error) { // a server that has no list may be well all the same
        const bool isDown =
            countsAgainstEndpoint(error->kind) && error->kind != ErrorKind::ProtocolError;
        outcome = isDown ? CircuitBreaker::Outcome::Failure : CircuitBreaker::Outcome::Ignored;
    }
    found->second.end(found->second.begin(now), outcome, now, m_random);
    if (found->second.state(now) != CircuitBreaker::State::HalfOpen)
        noteBreaker(target);
}

std::unique_ptr<Passage> TrafficControl::join(const Target &target, Urgency urgency,
                                              std::int64_t input, std::int64_t maxOutput)
{
    Gate &gate = gateOf(target);
    const RateGate::Demand demand{++m_lastTicket, urgency, gate.gate.price(input, maxOutput)};
    if (!gate.gate.join(demand))
        return nullptr;
    std::unique_ptr<Passage> passage(new Passage(*this, gate, target, demand));
    gate.waiting.insert(demand.ticket, passage.get());
    admit(gate);
    return passage;
}

// One after the other: whoever is let through may cancel others, or ask for more.
void TrafficControl::admit(Gate &gate)
{
    while (const auto demand = gate.gate.next(m_clock.steadyNow())) {
        gate.waiting.take(demand->ticket)->open();
    }
    const auto ready = gate.gate.readyAt();
    if (!ready)
        return gate.alarm.clear();
    // Services may ask for a year, timers count milliseconds in 32 bits: looked at again meanwhile.
    constexpr milliseconds Longest = std::chrono::hours(24);
    const auto wait = std::chrono::ceil<milliseconds>(*ready - m_clock.steadyNow());
    gate.alarm.set(std::clamp(wait, milliseconds(0), Longest), [this, &gate] { admit(gate); });
}

bool TrafficControl::isWell(const Target &target) const
{
    const CircuitBreaker *breaker = knownBreaker(target);
    return !breaker || breaker->allows(m_clock.steadyNow());
}

std::optional<milliseconds> TrafficControl::unwellFor(const Target &target) const
{
    const CircuitBreaker *breaker = knownBreaker(target);
    const auto until = breaker ? breaker->openUntil(m_clock.steadyNow()) : std::nullopt;
    if (!until)
        return std::nullopt;
    return roundedUp(*until - m_clock.steadyNow());
}

std::optional<milliseconds> TrafficControl::waitAt(const Target &target, Urgency urgency) const
{
    const Gate *gate = knownGate(target);
    return gate ? roundedUp(gate->gate.waitFor(urgency, m_clock.steadyNow())) : milliseconds(0);
}

std::optional<LimitFacts> TrafficControl::limitsOf(const Target &target) const
{
    const Gate *gate = knownGate(target);
    return gate ? gate->told.by(m_clock.steadyNow()) : std::nullopt;
}

bool TrafficControl::hasRetry(const Target &target) const
{
    const auto budget = m_budgets.find(accountOf(target).first);
    return budget == m_budgets.end() || budget->second.hasOne(m_clock.steadyNow());
}

void TrafficControl::takeRetry(const Target &target)
{
    m_budgets[accountOf(target).first].take(m_clock.steadyNow());
}

void TrafficControl::giveUpAccount(const Target &target, ErrorKind why)
{
    m_deadAccounts[keyPlaceOf(target)] =
        why == ErrorKind::QuotaExhausted ? std::optional(endOfDay()) : std::nullopt;
}

void TrafficControl::giveUpModel(const Target &target)
{
    m_deadModels[gateKey(target)] = endOfDay();
}

//! Quotas begin anew with the day.
UtcTime TrafficControl::endOfDay() const
{
    const QTimeZone zone = m_clock.zone();
    const QDateTime now =
        QDateTime::fromMSecsSinceEpoch(m_clock.utcNow().time_since_epoch().count(), zone);
    return UtcTime(milliseconds(now.date().addDays(1).startOfDay(zone).toMSecsSinceEpoch()));
}

void TrafficControl::revive(const Target &target)
{
    if (m_deadAccounts.empty() && m_deadModels.empty())
        return;
    m_deadAccounts.erase(keyPlaceOf(target));
    m_deadModels.erase(gateKey(target));
}

void TrafficControl::reviveProvider(const QString &provider)
{
    Target any;
    any.provider = provider;
    const QString owner = accountOf(any).first;
    std::erase_if(m_deadAccounts,
                  [&owner](const auto &dead) { return std::get<0>(dead.first) == owner; });
    std::erase_if(m_deadModels,
                  [&owner](const auto &dead) { return std::get<0>(dead.first.first) == owner; });
}

bool TrafficControl::isDead(const Target &target) const
{
    if (m_deadAccounts.empty() && m_deadModels.empty())
        return false;
    const UtcTime now = m_clock.utcNow();
    const auto account = m_deadAccounts.find(keyPlaceOf(target));
    if (account != m_deadAccounts.end() && (!account->second || now < *account->second))
        return true;
    const auto model = m_deadModels.find(gateKey(target));
    return model != m_deadModels.end() && now < model->second;
}

CircuitBreaker::State TrafficControl::breakerState(const Target &target) const
{
    const CircuitBreaker *breaker = knownBreaker(target);
    return breaker ? breaker->state(m_clock.steadyNow()) : CircuitBreaker::State::Closed;
}

void TrafficControl::forceBreaker(const Target &target, CircuitBreaker::Forced forced)
{
    breakerOf(target).force(forced);
    noteBreaker(target);
}

void TrafficControl::resetBreaker(const Target &target)
{
    breakerOf(target).reset();
    noteBreaker(target);
}

void TrafficControl::setOwnLimits(const QString &provider, const OwnLimits &limits)
{
    Target any;
    any.provider = provider;
    const QString owner = accountOf(any).first;
    m_ownLimits[owner] = limits;
    for (const auto &[key, gate] : m_gates) {
        if (std::get<0>(key.first) != owner)
            continue;
        gate->gate.setOwnLimits(limits);
        admit(*gate); // a gate is never removed, whoever is let through
    }
}

ReportedLimits TrafficControl::reportedLimits(const QString &provider) const
{
    const auto note = [](std::optional<ReportedLimits::Range> &range, const RateMeter &meter) {
        const std::optional<std::int64_t> limit = meter.limit();
        if (!limit || meter.period() != std::chrono::minutes(1))
            return;
        range = {std::min(*limit, range ? range->least : *limit),
                 std::max(*limit, range ? range->most : *limit)};
    };
    Target any;
    any.provider = provider;
    const QString owner = accountOf(any).first;
    ReportedLimits reported;
    for (const auto &[key, gate] : m_gates) {
        if (std::get<0>(key.first) != owner)
            continue;
        note(reported.requests, gate->gate.requests());
        note(reported.tokens, gate->gate.tokens());
    }
    return reported;
}

void TrafficControl::openGate(const Target &target)
{
    Gate &gate = gateOf(target);
    gate.gate.unblock();
    if (!target.simulated) {
        const auto [provider, accountId, origin] = keyPlaceOf(target);
        m_state.forget({provider, accountId, origin, {}}, target.model);
    }
    admit(gate);
}

} // namespace core
