#include "core/client/chatcall.h"

#include "core/client/continuation.h"

#include <QPointer>

#include <algorithm>

namespace core {

ChatCall::ChatCall(const ClientParts &parts, const ClientOptions &options,
                   const ChatRequest &request, const Route &route, const RequestContext &context,
                   Urgency urgency, Drainage &drainage, QObject *owner)
    : ChatReply(owner)
    , m_parts(parts)
    , m_options(options)
    , m_request(context.answer.pieces.isEmpty() ? request
                                                : withAnswerSoFar(request, context.answer.parts))
    , m_context(context)
    , m_urgency(urgency)
    , m_drainage(&drainage)
    , m_walk(route, parts.traffic, urgency)
    , m_requestId(parts.ids.next())
    , m_startedAt(parts.clock.steadyNow())
    , m_cost(parts.costs, {}, request.options.maxOutputTokens.value_or(options.assumedMaxOutput))
    , m_maxOutput(m_cost.maxOutput())
    , m_result(makeError(ErrorKind::Cancelled))
    , m_waitAlarm(parts.clock)
    , m_saveAlarm(parts.clock)
    , m_deadlineAlarm(parts.clock)
{
    m_context.answer.requestId = m_requestId;
    m_cause = firstCause();
    m_answer.clear({}, context.answer.parts);
    m_context.answer.conversationId = context.conversationId;
    m_walk.setFallback(m_options.fallback);
    m_walk.setLongestWait([this] { return std::min(m_options.longestSilentHint, timeToWait()); });
    if (parts.reachability) {
        m_walk.setReach([this](const Target &target) { return mayReach(target); });
        connect(parts.reachability, &Reachability::changed, this, &ChatCall::followNetwork);
    }
    if (!route.targets.isEmpty())
        m_target = route.targets.constFirst();
    if (m_options.requestDeadline)
        m_deadlineAlarm.set(*m_options.requestDeadline, [this] { runOutOfTime(); });
    // Queued, so that the caller can connect first.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_state == State::Queued)
                enter(State::Routing);
        },
        Qt::QueuedConnection);
}

ChatCall::~ChatCall()
{
    if (m_state == State::Finished)
        return;
    ++m_step;
    if (m_attempt) {
        m_attempt->stop();
        if (const QString rest = m_overlap ? m_overlap->finish() : QString(); !rest.isEmpty())
            m_answer.add(TextDelta{rest});
        settleAttempt();
    }
    if (m_passage)
        m_passage->disconnect(this);
    m_state = State::Finished;
    closeRequest(RequestState::Cancelled);
}

AttemptCause ChatCall::firstCause() const
{
    return isContinuation() ? AttemptCause::Continue : AttemptCause::First;
}

void ChatCall::enter(State state)
{
    ++m_step;
    m_state = state;
    switch (state) {
    case State::Queued:
    case State::Asking:
    case State::AskingCache:
    case State::Finished:
    case State::Exchanging:
        return;
    case State::Routing:
        return chooseTarget();
    case State::Gating:
        return joinGate();
    case State::Opening:
        return openAttempt();
    case State::FetchingKey:
        return fetchKey();
    case State::Judging:
        return judge();
    case State::Waiting:
        return waitForRetry();
    case State::Offline:
        return waitForNetwork();
    }
}

bool ChatCall::show(ReplyState state)
{
    if (m_shown == state)
        return true;
    m_shown = state;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Q_EMIT stateChanged(state);
    return self && m_step == step;
}

bool ChatCall::announceEnd()
{
    if (m_isEndAnnounced)
        return true;
    m_isEndAnnounced = true;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    const AttemptRecord ended = m_attempts.constLast(); // a slot may delete us and the list
    Q_EMIT attemptEnded(ended);
    return self && m_step == step;
}

QString ChatCall::pricedModel(const Target &target) const
{
    return m_parts.models ? m_parts.models->modelBehind(target) : target.model;
}

void ChatCall::noteSleep()
{
    if (m_attempt)
        m_attempt->noteSleep();
}

std::optional<AttemptRecord> ChatCall::runningAttempt() const
{
    if (!m_attempt)
        return std::nullopt;
    AttemptRecord record = m_attempt->record();
    record.times.end = m_attempt->age();
    return record;
}

const Usage &ChatCall::usage() const
{
    static const Usage none;
    if (m_attempt)
        return m_attempt->record().usage;
    return m_attempts.isEmpty() ? none : m_attempts.constLast().usage;
}

Cost ChatCall::costSoFar() const
{
    Cost sum;
    for (const AttemptRecord &attempt : m_attempts)
        sum = sum.plus(attempt.cost.total);
    return sum;
}

MessageRecord ChatCall::answer() const
{
    MessageRecord answer = m_context.answer;
    answer.parts = m_answer.parts();
    if (m_state != State::Finished) {
        answer.state = MessageState::Streaming;
    } else if (m_result) {
        answer.state = MessageState::Complete;
        answer.finishReason = m_result->finishReason;
    } else if (m_result.error().kind == ErrorKind::Cancelled) {
        answer.state = MessageState::Cancelled;
    } else {
        answer.state = answer.parts.isEmpty() ? MessageState::Failed : MessageState::Incomplete;
        answer.error = m_result.error();
    }
    return answer;
}

std::chrono::milliseconds ChatCall::elapsed() const
{
    if (m_state == State::Finished)
        return m_elapsed;
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_parts.clock.steadyNow() -
                                                                 m_startedAt);
}

} // namespace core
