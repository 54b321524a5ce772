#pragma once

#include "core/base/latencyhistogram.h"
#include "core/base/result.h"
#include "core/chat/usage.h"
#include "core/store/store.h"

#include <QFuture>
#include <QMap>

namespace core {

enum class SpendGrouping { Model, Day, Session, Provider };

//! What to add up. Times are half-open [since, until).
struct SpendFilter
{
    std::optional<UtcTime> since, until;
    std::int64_t sessionId = 0;   //!< 0: all.
    bool simulated = false;       //!< Either all real or all simulated, never mixed.
    std::int64_t workspaceId = 0; //!< 0: all.
    bool operator==(const SpendFilter &) const = default;
};

//! Sums of one group (or of all). Neither latency is of what our own cache gave.
struct SpendSums
{
    Cost cost;
    //! What caches kept from being spent: the service's (may be below zero) and ours.
    PicoUsd savedByPromptCache, savedByResponseCache;
    std::int64_t savedUnknown = 0; //!< Attempts that saved nobody knows how much.
    std::int64_t requests = 0;     //!< Ended ones.
    std::int64_t answered = 0;     //!< Requests that completed.
    std::int64_t failed = 0;       //!< Requests that failed; cancelled ones are neither.
    std::int64_t attempts = 0;
    QMap<UsageKind, std::int64_t> tokens;
    //! Attempts that may have used more tokens than they told: with any, tokens are lower bounds.
    std::int64_t tokensUnknown = 0;
    QMap<QString, std::int64_t> attemptErrors; //!< By error_code.
    LatencyHistogram firstToken;               //!< Of all attempts that showed one, whole or not.
    LatencyHistogram duration;                 //!< Of attempts that completed.
    //! Output tokens of attempts with a known streaming time...
    std::int64_t outputTokensTimed = 0;
    std::chrono::milliseconds streamingTime{0}; //!< ...and that time: tokens/s is their quotient.
    void add(const SpendSums &other);
};

//! The sums of one group; what it was not grouped by is empty.
struct SpendRow
{
    QString provider, model; //!< As far as the grouping keeps them apart.
    QDate day;               //!< Local, in the zone asked for.
    std::int64_t sessionId = 0;
    UtcTime quarter{}; //!< Start of the UTC quarter hour, for series within a day.
    SpendSums sums;
};

//! Reads the rollup for the dashboard and `farthing cost`; raw attempts only of a quarter hour that
//! a filter cuts in two (the dashboard's never do). Main thread.
class SpendQueries
{
public:
    explicit SpendQueries(Store &store)
        : m_store(store)
    {
    }

    //! One row a group, the dearest first (days and sessions: oldest first).
    [[nodiscard]] QFuture<Result<QList<SpendRow>>>
    groups(const SpendFilter &filter, const QList<SpendGrouping> &by, const QTimeZone &zone);
    //! One row a provider, model and quarter hour: what charts are made of.
    [[nodiscard]] QFuture<Result<QList<SpendRow>>> quarters(const SpendFilter &filter);
    //! Everything in \p filter added up.
    [[nodiscard]] QFuture<Result<SpendSums>> total(const SpendFilter &filter);

private:
    Store &m_store;
};

} // namespace core
