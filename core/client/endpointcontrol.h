#pragma once

#include "core/client/trafficcontrol.h"

namespace core {

//! What Farthing does with requests to one endpoint.
enum class EndpointState {
    Open,       //!< Asked as usual.
    LeftAlone,  //!< It kept failing: routes go around it.
    BeingTried, //!< The next request finds out whether it is well again.
};

//! How one endpoint stands now.
struct EndpointFacts
{
    EndpointState state = EndpointState::Open;
    CircuitBreaker::Forced forced = CircuitBreaker::Forced::No; //!< By the user's word.
    //! Of LeftAlone, until it is tried again; none: as long as the user says.
    std::optional<std::chrono::milliseconds> left;
    bool operator==(const EndpointFacts &) const = default;
};

//! A model that the rate gate holds back for one account.
struct HeldModel
{
    QString model;
    std::optional<std::chrono::milliseconds> wait; //!< None: until a request under way has ended.
    bool operator==(const HeldModel &) const = default;
};

//! What the traffic to endpoints is like and the user's word about it, for Settings. The one place
//! from which breakers are forced: it remembers what was said, until reset() or the program's end.
//! Does no I/O. Main thread.
class EndpointControl final : public QObject
{
    Q_OBJECT
public:
    //! \p traffic must outlive it.
    explicit EndpointControl(TrafficControl &traffic, QObject *parent = nullptr);

    //! The model of \p endpoint does not matter here.
    [[nodiscard]] EndpointFacts facts(const Target &endpoint) const;
    //! Those of \p models that would wait now, in their order.
    [[nodiscard]] QList<HeldModel> held(const Target &endpoint, const QStringList &models) const;

    [[nodiscard]] ReportedLimits reportedLimits(const QString &provider) const
    {
        return m_traffic.reportedLimits(provider);
    }

    void force(const Target &endpoint, CircuitBreaker::Forced forced);
    //! Closes the breaker, takes the user's word back, and forgets that the service asked to stay
    //! away from \p models.
    void reset(const Target &endpoint, const QStringList &models);

Q_SIGNALS:
    void changed(); //!< A breaker. Time alone changes things too.

private:
    using EndpointKey = std::pair<QString, QUrl>; //!< Provider, base URL.

    TrafficControl &m_traffic;
    std::map<EndpointKey, CircuitBreaker::Forced> m_forced;
};

} // namespace core
