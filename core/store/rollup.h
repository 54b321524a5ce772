#pragma once

#include "core/base/latencyhistogram.h"
#include "core/ledger/attemptrecord.h"
#include "core/store/sql.h"

#include <QMap>

namespace core {

//! What a row of the rollup is about. A quarter is a UTC quarter hour, counted from 1970.
struct RollupKey
{
    std::int64_t quarter = 0;
    std::int64_t workspaceId = 0;
    std::int64_t sessionId = 0;
    QString provider, model;
    bool simulated = false;
};

//! The sums of a row.
struct RollupSums
{
    std::int64_t requests = 0, answered = 0, failed = 0, attempts = 0;
    PicoUsd costLow, costHigh;
    std::int64_t costUnknown = 0; //!< Attempts with a part that has no price.
    PicoUsd savedByPromptCache, savedByResponseCache;
    std::int64_t savedUnknown = 0; //!< Attempts that a cache saved nobody knows how much of.
    QMap<QString, std::int64_t> tokens;
    std::int64_t tokensUnknown = 0; //!< Attempts that may have used more than they add to these.
    QMap<QString, std::int64_t> errors;
    std::int64_t timedOutputTokens = 0;
    std::int64_t streamingMs = 0;
    LatencyHistogram firstToken, duration;
    void add(const RollupSums &other);
};

inline constexpr std::int64_t QuarterMs = 900'000;
[[nodiscard]] std::int64_t quarterOf(UtcTime time);
[[nodiscard]] UtcTime startOfQuarter(std::int64_t quarter);

//! What a closed attempt, and an ended request, add.
[[nodiscard]] RollupSums rollupOf(const AttemptRecord &attempt);
[[nodiscard]] RollupSums rollupOf(RequestState state);

//! Adds \p sums to their row, in the caller's transaction.
void addToRollup(Sql &sql, const RollupKey &key, const RollupSums &sums);

//! The columns that rollupFrom() reads, in its order.
[[nodiscard]] QString rollupColumns();
[[nodiscard]] RollupSums rollupFrom(const QSqlQuery &row, int firstColumn);

} // namespace core
