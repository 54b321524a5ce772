// What a ChatCall takes of its attempt: the events as they come, its end, what it cost.
#include "core/client/attemptverdict.h"
#include "core/client/chatcall.h"

#include <QPointer>

#include <utility>

namespace core {

void ChatCall::refuseAttempt(Error error)
{
    m_attempt->refuse(std::move(error));
    takeEnd();
}

void ChatCall::takeEvents(const StreamEvents &events)
{
    if (m_overlap)
        return takeShown(withoutOverlap(events));
    takeShown(events);
}

void ChatCall::takeShown(const StreamEvents &events)
{
    if (events.isEmpty())
        return;
    for (const StreamEvent &event : events)
        m_answer.add(event);
    if (m_attempt->record().visible && !m_firstToken)
        m_firstToken = elapsed();
    savePartialSoon();
    if (m_attempt->record().visible && !show(ReplyState::Streaming))
        return;
    Q_EMIT eventsReceived(events);
}

//! What the answer has already is not written again.
StreamEvents ChatCall::withoutOverlap(const StreamEvents &events)
{
    StreamEvents shown;
    for (const StreamEvent &event : events) {
        const auto *text = std::get_if<TextDelta>(&event);
        if (!text) {
            shown.append(event);
        } else if (const QString rest = m_overlap->take(text->text); !rest.isEmpty()) {
            shown.append(TextDelta{rest});
        }
    }
    return shown;
}

bool ChatCall::releaseHeldBack()
{
    const QString rest = m_overlap ? m_overlap->finish() : QString();
    m_overlap.reset();
    if (rest.isEmpty())
        return true;
    m_answer.add(TextDelta{rest});
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Q_EMIT eventsReceived({TextDelta{rest}});
    return self && m_step == step;
}

void ChatCall::savePartialSoon()
{
    if (m_saveAlarm.isSet() || m_answer.parts().isEmpty() || m_context.answer.id == 0)
        return;
    m_saveAlarm.set(m_options.partialInterval,
                    [this] { m_parts.journal.savePartial(m_context.answer.id, m_answer.parts()); });
}

void ChatCall::takeEnd()
{
    if (!releaseHeldBack())
        return;
    settleAttempt();
    if (m_attempts.constLast().outcome == AttemptOutcome::Completed) {
        keepAnswer();
        return finishWith(outcome(), RequestState::Completed);
    }
    enter(State::Judging);
}

void ChatCall::settleAttempt()
{
    m_saveAlarm.clear();
    Attempt *attempt = std::exchange(m_attempt, nullptr);
    attempt->disconnect(this);
    attempt->deleteLater(); // we may run inside its signal
    m_finish = attempt->finish();
    AttemptRecord record = attempt->record();
    if (m_parts.models)
        m_parts.models->learn(record.target, record.answeredModel);
    m_cost.settle(record, m_provider, pricedModel(record.target), attempt->output());
    m_parts.journal.closeAttempt(record);
    noteTraffic(record, attempt->facts());
    m_attempts.append(std::move(record));
    m_lastEnded = m_parts.clock.steadyNow();
    m_isEndAnnounced = false;
}

bool ChatCall::mayDrain() const
{
    return m_options.drainStopped && m_drainage && !m_drainage->isBusy() && !m_provider.local &&
           m_state == State::Exchanging && m_attempt->record().times.sent;
}

//! For the reader it has ended; what it cost is a range until the service has told.
void ChatCall::drainAttempt()
{
    m_saveAlarm.clear();
    AttemptRecord record = *runningAttempt();
    Attempt *attempt = std::exchange(m_attempt, nullptr);
    attempt->disconnect(this);
    record.outcome = AttemptOutcome::Cancelled;
    const QString model = pricedModel(record.target);
    m_cost.settle(record, m_provider, model, attempt->output());
    record.costBasis = CostBasis::Draining;
    m_attempts.append(std::move(record));
    m_isEndAnnounced = false;
    m_drainage->take(attempt, {std::move(m_passage), m_cost, m_provider, model, m_key});
}

void ChatCall::noteTraffic(const AttemptRecord &record, const ResponseFacts &facts)
{
    // Moved out first: whoever is let through now may have a word with this call.
    if (const auto passage = std::move(m_passage)) {
        passage->learn(facts, sinceHeaders(record));
        passage->end(verdictOn(record));
    }
}

} // namespace core
