#pragma once

#include "core/ledger/attemptrecord.h"
#include "core/ledger/budget.h"
#include "core/store/sql.h"

#include <QList>

namespace core {

// Budgets and what attempts take out of them. All inside the caller's transaction.

[[nodiscard]] QList<Budget> readBudgets(Sql &sql);
//! Inserts or replaces; notices and consents of a changed limit begin anew.
void putBudget(Sql &sql, const Budget &budget);
void removeBudget(Sql &sql, std::int64_t id);

//! When and where a budget is looked at.
struct BudgetMoment
{
    UtcTime at{};
    std::int64_t sessionId = 0;
    QTimeZone zone;        //!< For budgets that state none.
    QList<Budget> further; //!< Of the settings: not in the database, never asked or noticed.
};

[[nodiscard]] QList<BudgetStanding> readStandings(Sql &sql, const BudgetMoment &moment);

//! Sets aside what \p attempt may take, if every budget that counts it has room; else fails \p sql
//! with BudgetExceeded and the first shortfall, hard ones first. The attempt's request must be
//! there. True: a hard budget counts it.
//! \p here: its time and session are those of the attempt.
bool reserve(Sql &sql, const AttemptOpening &attempt, BudgetMoment here);

//! What an ended attempt took, in place of what was set aside for it.
void settle(Sql &sql, const AttemptRecord &attempt);

//! Takes the right to give notice of \p percent in the present span; false: it was given before,
//! here or in another process.
bool claimNotice(Sql &sql, const BudgetStanding &standing, int percent);

} // namespace core
