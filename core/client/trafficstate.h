#pragma once

#include "core/base/clock.h"
#include "core/ledger/statestore.h"
#include "core/resilience/circuitbreaker.h"

#include <QMap>

namespace core {

//! What breakers and gates leave behind for the next run, as hints: nobody who starts anew should
//! run into the same wall, and nobody is held by what is older than LongestAge.
class TrafficState
{
public:
    static constexpr std::chrono::minutes LongestAge{5};

    //! \p states may be nullptr: nothing is kept.
    TrafficState(StateStore *states, Clock &clock)
        : m_states(states)
        , m_clock(clock)
    {
    }

    struct Endpoint
    {
        QString provider;
        QUrl baseUrl;
        CircuitBreaker::Hint hint;
    };
    struct Account
    {
        QString provider;
        std::int64_t accountId = 0;
        QString origin;                                   //!< Where it is used.
        QMap<QString, std::chrono::milliseconds> blocked; //!< By model, from now on.
    };
    //! As they stand by now: what has passed meanwhile is taken off.
    [[nodiscard]] QList<Endpoint> endpoints() const;
    [[nodiscard]] QList<Account> accounts() const;

    //! Without a hint the endpoint is well and nothing is kept of it.
    void keep(const QString &provider, const QUrl &baseUrl,
              const std::optional<CircuitBreaker::Hint> &hint);
    //! Beside what else is kept of this account, also by other programs: where both tell of a
    //! model, the later end holds.
    void keep(const Account &account);
    //! Nothing is kept of this model any more.
    void forget(const Account &account, const QString &model);

private:
    [[nodiscard]] std::optional<std::chrono::milliseconds> ageOf(const SavedState &saved) const;
    void change(const Account &account, const QString &forgotten);

    StateStore *m_states;
    Clock &m_clock;
};

} // namespace core
