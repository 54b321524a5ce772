#include "tests/support/testjournal.h"

namespace tests {

using Answer = core::Result<core::OpenedAttempt>;

QFuture<Answer> TestJournal::opened(const core::AttemptOpening &attempt)
{
    if (m_failAfter >= 0 && m_openings.size() >= m_failAfter) {
        core::Error error;
        error.kind = core::ErrorKind::StorageFailed;
        error.detail = QStringLiteral("disk full");
        return QtFuture::makeReadyFuture(Answer(error));
    }
    if (m_shortfall) {
        core::Error error;
        error.kind = core::ErrorKind::BudgetExceeded;
        error.shortfall = m_shortfall;
        return QtFuture::makeReadyFuture(Answer(error));
    }
    m_openings.append(attempt);
    if (!m_holds)
        return QtFuture::makeReadyFuture(Answer(core::OpenedAttempt{m_limitsOutput}));
    QPromise<Answer> promise;
    promise.start();
    const QFuture<Answer> future = promise.future();
    m_held.push_back(std::move(promise));
    return future;
}

void TestJournal::releaseOpens()
{
    m_holds = false;
    for (QPromise<Answer> &promise : std::exchange(m_held, {})) {
        promise.addResult(Answer(core::OpenedAttempt{m_limitsOutput}));
        promise.finish();
    }
}

QFuture<Answer> TestJournal::openRequest(std::int64_t requestId,
                                         const core::RequestContext &context,
                                         const core::AttemptOpening &attempt)
{
    m_calls += QStringLiteral("open-request");
    m_contexts.append(context);
    const qsizetype before = m_openings.size();
    const auto future = opened(attempt);
    if (m_openings.size() > before)
        m_openRequests.append(requestId);
    return future;
}

void TestJournal::keepRequest(std::int64_t requestId, const core::RequestContext &context,
                              core::UtcTime)
{
    m_calls += QStringLiteral("keep-request");
    m_contexts.append(context);
    m_openRequests.append(requestId);
}

QFuture<Answer> TestJournal::openAttempt(const core::AttemptOpening &attempt)
{
    m_calls += QStringLiteral("open-attempt");
    return opened(attempt);
}

void TestJournal::savePartial(std::int64_t, const QList<core::ContentPart> &parts)
{
    m_calls += QStringLiteral("partial");
    m_partials.append(parts);
}

void TestJournal::closeAttempt(const core::AttemptRecord &attempt)
{
    m_calls += QStringLiteral("close-attempt");
    m_attempts.append(attempt);
}

void TestJournal::closeRequest(std::int64_t requestId, core::RequestState state,
                               const core::MessageRecord &answer)
{
    m_calls += QStringLiteral("close-request");
    m_requests.append({requestId, state, answer});
}

QFuture<core::Result<core::Done>> TestJournal::drained()
{
    return QtFuture::makeReadyFuture(core::Result<core::Done>(core::Done{}));
}

QString TestJournal::imbalance() const
{
    QStringList faults;
    QList<std::int64_t> open;
    for (const core::AttemptOpening &opening : m_openings)
        open.append(opening.id);
    for (const core::AttemptRecord &attempt : m_attempts) {
        if (!open.removeOne(attempt.id))
            faults += QStringLiteral("attempt %1 closed but not open").arg(attempt.id);
        if (attempt.outcome == core::AttemptOutcome::Open)
            faults += QStringLiteral("attempt %1 closed as open").arg(attempt.id);
    }
    if (!open.isEmpty())
        faults += QStringLiteral("%1 attempts left open").arg(open.size());
    QList<std::int64_t> requests = m_openRequests;
    for (const ClosedRequest &request : m_requests) {
        if (!requests.removeOne(request.id))
            faults += QStringLiteral("request %1 closed but not open").arg(request.id);
    }
    if (!requests.isEmpty())
        faults += QStringLiteral("%1 requests left open").arg(requests.size());
    return faults.join(QStringLiteral("; "));
}

} // namespace tests
