#pragma once

#include "core/ledger/attemptrecord.h"
#include "core/ledger/journal.h"
#include "core/store/budgetrows.h"
#include "core/store/sql.h"

#include <QHash>

#include <functional>

namespace core {

// Requests and attempts as rows. All inside the caller's transaction.

//! Whose request it is.
struct RequestOwner
{
    std::int64_t conversationId = 0; //!< 0: none (a title, a test of a connection).
    std::int64_t workspaceId = 0;
    std::int64_t sessionId = 0;
};

void insertRequest(Sql &sql, std::int64_t requestId, const RequestOwner &owner, UtcTime startedAt);
//! The attempt's row and what it reserves. Fails \p sql with BudgetExceeded where a budget has no
//! room.
[[nodiscard]] OpenedAttempt insertAttempt(Sql &sql, const AttemptOpening &attempt,
                                          const BudgetMoment &here);

//! Ends an open attempt: record, usage, cost lines, reservation, rollup. An attempt that is not
//! open (any more) is left as it is: one row, counted once.
void endAttempt(Sql &sql, const AttemptRecord &attempt);
//! Ends an open request and counts it under the target of its last attempt; where none was made,
//! under \p asked, which it waited for.
void endRequest(Sql &sql, std::int64_t requestId, RequestState state, UtcTime now,
                const Target &asked);

//! All attempts of a request, oldest first, with usage and cost lines.
[[nodiscard]] QList<AttemptRecord> attemptsOf(Sql &sql, std::int64_t requestId);
//! Those of the request that made an answer, after those of the earlier pieces of that answer,
//! numbered through.
[[nodiscard]] QList<AttemptRecord> attemptsOfAnswer(Sql &sql, std::int64_t requestId);
//! The attempts of all answers of a conversation, by request and oldest first, with usage but
//! without cost lines: what the figures under answers need, in two statements.
[[nodiscard]] QHash<std::int64_t, QList<AttemptRecord>>
attemptsInConversation(Sql &sql, std::int64_t conversationId);

//! A closed attempt as far as its price is concerned.
struct PricedAttempt
{
    QString provider, priceProvider, model; //!< The model as asked for; usage says who answered.
    UtcTime queuedAt{};
    Cost cost;
    CostBasis costBasis = CostBasis::None;
    Usage usage;  //!< With its parts.
    QString host; //!< That was asked, in lower case: it may tell a region, which prices may heed.
};

//! Shows every closed attempt whose \p where (a condition on attempt a and request r, with \p
//! values) holds, oldest first. Reads the raw ledger row by row: for what the rollup cannot tell.
void visitPricedAttempts(Sql &sql, const QString &where, const QVariantList &values,
                         const std::function<void(const PricedAttempt &)> &visit);

} // namespace core
