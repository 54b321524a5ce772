// How a ChatCall ends: by its user, its deadline or its last attempt, told once and recorded.
#include "core/client/chatcall.h"

#include <QPointer>

#include <utility>

namespace core {

namespace {

QString lineOf(const AttemptRecord &attempt)
{
    const Error &error = *attempt.error;
    QString line = attempt.target.provider + QLatin1Char(' ') + attempt.target.model +
                   QStringLiteral(": ") + errorCode(error.kind);
    if (error.httpStatus != 0)
        line += QStringLiteral(" (%1)").arg(error.httpStatus);
    return error.detail.isEmpty() ? line : line + QStringLiteral(", ") + error.detail;
}

} // namespace

void ChatCall::cancel()
{
    if (m_state == State::Finished)
        return;
    if (m_attempt && m_attempt->completeIfWhole())
        return takeEnd();
    if (m_attempt) {
        const bool drains = mayDrain();
        if (!drains)
            m_attempt->stop();
        if (!releaseHeldBack())
            return;
        if (drains)
            drainAttempt();
        else
            settleAttempt();
    }
    finishWith(makeError(ErrorKind::Cancelled), RequestState::Cancelled);
}

void ChatCall::runOutOfTime()
{
    if (m_attempt && m_attempt->completeIfWhole())
        return takeEnd();
    Error late = makeError(ErrorKind::Timeout,
                           QStringLiteral("The time allowed for the whole request is over."),
                           m_target.provider);
    late.phase = Phase::Total;
    if (m_attempt) {
        m_attempt->refuse(late);
        if (!releaseHeldBack())
            return;
        settleAttempt();
    }
    finishWith(late, RequestState::Failed);
}

Error ChatCall::finalError(const Error &last) const
{
    if (m_walk.asked() < 2 || m_attempts.constLast().visible)
        return last;
    QStringList lines;
    for (const AttemptRecord &attempt : m_attempts)
        lines += lineOf(attempt);
    return makeError(ErrorKind::AllTargetsFailed, lines.join(QLatin1Char('\n')));
}

ChatOutcome ChatCall::outcome() const
{
    const AttemptRecord &winner = m_attempts.constLast();
    return {m_finish.reason,      m_finish.raw, winner.target,
            winner.answeredModel, winner.usage, winner.cost};
}

void ChatCall::finishWith(const Result<ChatOutcome> &result, RequestState state)
{
    // All is settled and journalled before the first slot runs: it may delete this call.
    m_elapsed = elapsed();
    m_result = result;
    enter(State::Finished);
    m_waitAlarm.clear();
    m_deadlineAlarm.clear();
    m_question.reset();
    if (const auto passage = std::move(m_passage)) // it was never sent
        passage->disconnect(this);
    closeRequest(state);
    const QPointer<ChatCall> self(this);
    if (announceEnd() && show(ReplyState::Finished) && self)
        Q_EMIT finished();
}

void ChatCall::closeRequest(RequestState state)
{
    // Stopped while it was being opened: its row is there, or will be, and nobody was asked.
    if (auto cached = std::exchange(m_cachedOpening, std::nullopt)) {
        cached->outcome = AttemptOutcome::Cancelled;
        cached->costBasis = CostBasis::NotSent;
        m_parts.journal.closeAttempt(*cached);
    }
    if (m_requestOpened)
        m_parts.journal.closeRequest(m_requestId, state, answer());
}

} // namespace core
