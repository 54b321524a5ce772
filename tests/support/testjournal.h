#pragma once

#include "core/ledger/journal.h"

#include <QList>
#include <QPromise>

#include <utility>
#include <vector>

namespace tests {

//! A Journal in memory that keeps every call for the test to look at, and can refuse or delay what
//! a disk may refuse or delay.
class TestJournal final : public core::Journal
{
public:
    struct ClosedRequest
    {
        std::int64_t id = 0;
        core::RequestState state = core::RequestState::Open;
        core::MessageRecord answer;
    };

    void failOpensAfter(int opens) { m_failAfter = opens; } //!< 0: the very first one fails.
    void holdOpens() { m_holds = true; }                    //!< Until releaseOpens().
    void releaseOpens();
    void limitOutput() { m_limitsOutput = true; } //!< As a hard budget does.
    //! Openings are refused by a budget until it is taken back.
    void refuseOpens(const std::optional<core::Shortfall> &shortfall) { m_shortfall = shortfall; }

    [[nodiscard]] QFuture<core::Result<core::OpenedAttempt>>
    openRequest(std::int64_t requestId, const core::RequestContext &context,
                const core::AttemptOpening &attempt) override;
    void keepRequest(std::int64_t requestId, const core::RequestContext &context,
                     core::UtcTime queuedAt) override;
    [[nodiscard]] QFuture<core::Result<core::OpenedAttempt>>
    openAttempt(const core::AttemptOpening &attempt) override;
    void savePartial(std::int64_t messageId, const QList<core::ContentPart> &parts) override;
    void closeAttempt(const core::AttemptRecord &attempt) override;
    void closeRequest(std::int64_t requestId, core::RequestState state,
                      const core::MessageRecord &answer) override;
    [[nodiscard]] QFuture<core::Result<core::Done>> drained() override;

    //! Every call in order: "open-request", "keep-request", "open-attempt", "partial",
    //! "close-attempt", "close-request".
    [[nodiscard]] const QStringList &calls() const { return m_calls; }
    [[nodiscard]] const QList<core::AttemptOpening> &openings() const { return m_openings; }
    [[nodiscard]] const QList<core::RequestContext> &contexts() const { return m_contexts; }
    [[nodiscard]] const QList<core::AttemptRecord> &closedAttempts() const { return m_attempts; }
    [[nodiscard]] const QList<ClosedRequest> &closedRequests() const { return m_requests; }
    [[nodiscard]] const QList<QList<core::ContentPart>> &partials() const { return m_partials; }
    //! What is wrong with the books: attempts left open, closed twice or never opened; empty if
    //! nothing is.
    [[nodiscard]] QString imbalance() const;

private:
    [[nodiscard]] QFuture<core::Result<core::OpenedAttempt>>
    opened(const core::AttemptOpening &attempt);

    int m_failAfter = -1;
    bool m_holds = false;
    QStringList m_calls;
    QList<core::AttemptOpening> m_openings;
    QList<core::RequestContext> m_contexts;
    QList<core::AttemptRecord> m_attempts;
    QList<ClosedRequest> m_requests;
    QList<QList<core::ContentPart>> m_partials;
    QList<std::int64_t> m_openRequests;
    std::vector<QPromise<core::Result<core::OpenedAttempt>>> m_held;
    bool m_limitsOutput = false;
    std::optional<core::Shortfall> m_shortfall;
};

} // namespace tests
