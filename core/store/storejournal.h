#pragma once

#include "core/base/clock.h"
#include "core/ledger/journal.h"
#include "core/store/budgetrows.h"
#include "core/store/ledgerrows.h"
#include "core/store/runningsession.h"
#include "core/store/storethreads.h"

namespace core {

//! The journal on the writer's thread.
class StoreJournal final : public Journal
{
public:
    StoreJournal(StoreThreads &threads, Clock &clock, RunningSession &session,
                 std::int64_t workspaceId)
        : m_threads(threads)
        , m_clock(clock)
        , m_session(session)
        , m_workspaceId(workspaceId)
    {
    }

    [[nodiscard]] QFuture<Result<OpenedAttempt>>
    openRequest(std::int64_t requestId, const RequestContext &context,
                const AttemptOpening &attempt) override;
    void keepRequest(std::int64_t requestId, const RequestContext &context,
                     UtcTime queuedAt) override;
    [[nodiscard]] QFuture<Result<OpenedAttempt>>
    openAttempt(const AttemptOpening &attempt) override;
    void savePartial(std::int64_t messageId, const QList<ContentPart> &parts) override;
    void closeAttempt(const AttemptRecord &attempt) override;
    void closeRequest(std::int64_t requestId, RequestState state,
                      const MessageRecord &answer) override;
    [[nodiscard]] QFuture<Result<Done>> drained() override;

    //! Limits besides those in the database; of openings from now on.
    void setFurtherBudgets(const QList<Budget> &budgets) { m_furtherBudgets = budgets; }

private:
    [[nodiscard]] BudgetMoment here() const
    {
        return {m_clock.utcNow(), m_session.id(), m_clock.zone(), m_furtherBudgets};
    }
    [[nodiscard]] RequestOwner ownerOf(const RequestContext &context) const;

    StoreThreads &m_threads;
    Clock &m_clock;
    RunningSession &m_session;
    std::int64_t m_workspaceId;
    QList<Budget> m_furtherBudgets;
};

} // namespace core
