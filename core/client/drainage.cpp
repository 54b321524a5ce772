#include "core/client/drainage.h"

#include "core/client/attemptverdict.h"

#include <utility>

namespace core {

Drainage::Drainage(const ClientParts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_end(parts.clock)
{
}

Drainage::~Drainage()
{
    if (!m_attempt)
        return;
    m_attempt->stop();
    (void)settled();
}

void Drainage::take(Attempt *attempt, Flow flow)
{
    Q_ASSERT(!isBusy());
    m_attempt = attempt;
    m_attempt->setParent(this);
    m_flow.emplace(std::move(flow));
    connect(m_attempt, &Attempt::ended, this, &Drainage::finish);
    m_end.set(Longest, [this] {
        m_attempt->stop();
        finish();
    });
}

//! A whole answer is priced as such; it was stopped all the same.
AttemptRecord Drainage::settled()
{
    m_end.clear();
    Attempt *attempt = std::exchange(m_attempt, nullptr);
    attempt->disconnect(this);
    attempt->deleteLater(); // we may run inside its signal
    Flow flow = *std::exchange(m_flow, std::nullopt);
    AttemptRecord record = attempt->record();
    if (m_parts.models)
        m_parts.models->learn(record.target, record.answeredModel);
    if (flow.passage) {
        flow.passage->learn(attempt->facts(), sinceHeaders(record));
        flow.passage->end(verdictOn(record));
    }
    const bool isWhole = record.outcome == AttemptOutcome::Completed;
    if (!isWhole) { // the reader had left: not a failure
        record.outcome = AttemptOutcome::Cancelled;
        record.error.reset();
    }
    flow.cost.settle(record, flow.provider, flow.model, attempt->output());
    record.outcome = AttemptOutcome::Cancelled;
    if (record.costBasis == CostBasis::Exact)
        record.costBasis = CostBasis::Drained;
    m_parts.journal.closeAttempt(record);
    return record;
}

void Drainage::finish()
{
    const AttemptRecord record = settled();
    Q_EMIT drained(record);
}

} // namespace core
