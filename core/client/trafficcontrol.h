#pragma once

#include "core/chat/target.h"
#include "core/client/toldlimits.h"
#include "core/client/trafficstate.h"
#include "core/providers/providerregistry.h"
#include "core/resilience/circuitbreaker.h"
#include "core/resilience/rategate.h"
#include "core/resilience/retrybudget.h"

#include <QObject>

#include <map>
#include <memory>
#include <tuple>

namespace core {

class TrafficControl;
struct TrafficGate;

//! How an attempt went, as its gate and its breaker see it.
struct PassageEnd
{
    CircuitBreaker::Outcome outcome = CircuitBreaker::Outcome::Ignored;
    bool sent = false;                        //!< Else nothing was used.
    std::optional<std::int64_t> tokens;       //!< Used in truth; none: as guessed.
    std::optional<std::int64_t> answerTokens; //!< Of a whole answer.
    //! The service asked to stay away: for this account there and this model only.
    std::optional<std::chrono::milliseconds> stayAway;
};

//! A service's own limits a minute, each from the smallest to the largest of its models; none: it
//! has not told one since the program began.
struct ReportedLimits
{
    struct Range
    {
        std::int64_t least = 0, most = 0;
        bool operator==(const Range &) const = default;
    };
    std::optional<Range> requests, tokens;
    bool operator==(const ReportedLimits &) const = default;
};

//! One attempt's way through the traffic: it waits for its turn at the rate gate, is under way, and
//! comes to an end. Deletion leaves the line, or ends it as Ignored. Belongs to whoever asked for
//! it; must not outlive its TrafficControl.
class Passage final : public QObject
{
    Q_OBJECT
public:
    ~Passage() override;

    [[nodiscard]] bool isOpen() const { return m_isOpen; } //!< It may go.
    void goNow();                                          //!< The user does not want to wait.
    //! How long it still waits, as far as that can be told.
    [[nodiscard]] std::optional<std::chrono::milliseconds> wait() const;

    //! Its endpoint's breaker is half open and lets this one through, from its turn on: no other
    //! meanwhile.
    [[nodiscard]] bool isProbe() const { return m_ticket && m_ticket->isProbe; }
    void begin(); //!< It is sent: the breaker counts it.
    //! The answer's headers have come, so long \p ago. Before end().
    void learn(const ResponseFacts &facts, std::chrono::milliseconds ago = {});
    void end(const PassageEnd &end); //!< Once, after it was open.

Q_SIGNALS:
    void opened(); //!< Its turn has come. Not for a passage that was open from the beginning.

private:
    friend class TrafficControl;
    Passage(TrafficControl &traffic, TrafficGate &gate, const Target &target,
            const RateGate::Demand &demand);
    void open();

    TrafficControl &m_traffic;
    TrafficGate &m_gate; //!< Of m_target: none is ever removed.
    Target m_target;
    RateGate::Demand m_demand;
    bool m_isOpen = false;
    bool m_hasEnded = false;
    std::optional<CircuitBreaker::Ticket> m_ticket;
    ResponseFacts m_told;
    SteadyTime m_toldAt{};
};

//! What all requests share about the services they ask: a rate gate an account, origin and model, a
//! circuit breaker a provider and endpoint, a retry budget a provider.
//! An account at another origin is another one: its key and its limits are those of that service.
//! Made once by app/; nothing here does I/O. Main thread.
class TrafficControl final : public QObject
{
    Q_OBJECT
public:
    //! \p states keeps what should outlive the program; nullptr: nothing is kept.
    TrafficControl(Clock &clock, Random &random, const ProviderRegistry &providers,
                   StateStore *states = nullptr, QObject *parent = nullptr);
    ~TrafficControl() override;

    //! Gets in line for \p target. nullptr: too many wait there already.
    [[nodiscard]] std::unique_ptr<Passage> join(const Target &target, Urgency urgency,
                                                std::int64_t input, std::int64_t maxOutput);

    //! Whether the breaker would let the next attempt through.
    [[nodiscard]] bool isWell(const Target &target) const;
    //! How long an unwell endpoint is left alone; none if it is well or nobody knows.
    [[nodiscard]] std::optional<std::chrono::milliseconds> unwellFor(const Target &target) const;
    //! How long a newcomer would wait at the gate; none if that depends on those in flight.
    [[nodiscard]] std::optional<std::chrono::milliseconds> waitAt(const Target &target,
                                                                  Urgency urgency) const;

    //! What its service last said of its limits for this account and model, in this run of the
    //! program; none: nothing that still holds.
    [[nodiscard]] std::optional<LimitFacts> limitsOf(const Target &target) const;

    //! A call that costs nothing (a list of models) came back from \p target's endpoint, with
    //! \p error or without: a half-open breaker takes it for its probe. Models are not told apart.
    void noteFreeCall(const Target &target, const std::optional<Error> &error);

    [[nodiscard]] bool hasRetry(const Target &target) const;
    void takeRetry(const Target &target); //!< After hasRetry().

    //! The account was refused: its key, its money, or its quota of today. Routes go around it
    //! until an answer comes through it, its key changes, the day ends (quota) or the program does.
    void giveUpAccount(const Target &target, ErrorKind why);
    //! The account's quota of today for this model is used up: as above, until the day ends.
    void giveUpModel(const Target &target);
    void revive(const Target &target);            //!< The account, and this model.
    void reviveProvider(const QString &provider); //!< All accounts there.
    [[nodiscard]] bool isDead(const Target &target) const;

    //! For Settings: what is known, and the user's word about it.
    [[nodiscard]] CircuitBreaker::State breakerState(const Target &target) const;
    void forceBreaker(const Target &target, CircuitBreaker::Forced forced);
    void resetBreaker(const Target &target);
    void openGate(const Target &target); //!< Forgets that the service asked to stay away.
    //! For each model of all accounts with \p provider, from now on; those who wait may go earlier.
    void setOwnLimits(const QString &provider, const OwnLimits &limits);
    //! What the service told of its limits a minute for models of all accounts with \p provider.
    [[nodiscard]] ReportedLimits reportedLimits(const QString &provider) const;

    //! Account that \p target uses: services may share one.
    [[nodiscard]] std::pair<QString, std::int64_t> accountOf(const Target &target) const;
    //! Provider and id of that account, and the origin where its key is used.
    using KeyPlace = std::tuple<QString, std::int64_t, QString>;
    [[nodiscard]] KeyPlace keyPlaceOf(const Target &target) const;

Q_SIGNALS:
    void breakerChanged(const core::Target &target); //!< Its provider and base URL.

private:
    friend class Passage;
    using GateKey = std::pair<KeyPlace, QString>; //!< And the model.
    using EndpointKey = std::pair<QString, QUrl>; //!< Provider, base URL.
    using Gate = TrafficGate;

    [[nodiscard]] Gate &gateOf(const Target &target);
    [[nodiscard]] const Gate *knownGate(const Target &target) const;
    [[nodiscard]] CircuitBreaker &breakerOf(const Target &target);
    [[nodiscard]] const CircuitBreaker *knownBreaker(const Target &target) const;
    [[nodiscard]] GateKey gateKey(const Target &target) const;
    [[nodiscard]] UtcTime endOfDay() const; //!< Where the user is.
    [[nodiscard]] EndpointKey endpointKey(const Target &target) const;
    void admit(Gate &gate);
    void restore();
    void noteBreaker(const Target &target);
    void keepGates(const Target &target);

    Clock &m_clock;
    Random &m_random;
    const ProviderRegistry &m_providers;
    TrafficState m_state;
    std::int64_t m_lastTicket = 0;
    std::map<GateKey, std::unique_ptr<Gate>> m_gates;
    std::map<QString, OwnLimits> m_ownLimits; //!< By provider whose account it is.
    std::map<EndpointKey, CircuitBreaker> m_breakers;
    //! Until when; none: as long as the program runs.
    std::map<KeyPlace, std::optional<UtcTime>> m_deadAccounts;
    std::map<GateKey, UtcTime> m_deadModels;  //!< Until when.
    std::map<QString, RetryBudget> m_budgets; //!< By provider whose account it is.
};

} // namespace core
