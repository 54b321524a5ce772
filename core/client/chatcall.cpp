#include "core/client/chatcall.h"

#include "core/base/clockskew.h"
#include "core/client/attemptverdict.h"
#include "core/client/continuation.h"
#include "core/client/fallbackcheck.h"
#include "core/client/sellers.h"

#include <QPointer>

#include <algorithm>

namespace core {

namespace {

//! Whether it makes no sense to ask this account again before something has changed outside. A
//! keychain may be unlocked at any time.
bool isUntilTheUserActs(ErrorKind kind)
{
    return kind == ErrorKind::QuotaExhausted || kind == ErrorKind::AuthenticationFailed ||
           kind == ErrorKind::Billing;
}

} // namespace

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
    , m_result(plainError(ErrorKind::Cancelled))
    , m_waitAlarm(parts.clock)
    , m_saveAlarm(parts.clock)
    , m_deadlineAlarm(parts.clock)
{
    if (context.spend.maxOutputTokens)
        m_maxOutput = std::min<std::int64_t>(m_maxOutput, *context.spend.maxOutputTokens);
    m_context.answer.requestId = m_requestId;
    m_cause = firstCause();
    m_answer.clear({}, context.answer.parts);
    m_context.answer.conversationId = context.conversationId;
    m_walk.setFallback(m_options.fallback);
    m_walk.setLongestWait(m_options.longestSilentHint);
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

Error ChatCall::plainError(ErrorKind kind, const QString &detail)
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    return error;
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
    }
}

bool ChatCall::show(ReplyState state)
{
    if (m_shown == state)
        return true;
    m_shown = state;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Q_EMIT
    stateChanged(state);
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
    Q_EMIT
    attemptEnded(ended);
    return self && m_step == step;
}

void ChatCall::chooseTarget()
{
    const auto next = m_walk.next();
    if (!next) {
        if (m_attempts.isEmpty())
            return finishWith(plainError(ErrorKind::InputRejected, tr("No model is chosen.")),
                              RequestState::Failed);
        return finishWith(finalError(*m_attempts.constLast().error), RequestState::Failed);
    }
    m_target = next->target;
    m_retriesOnTarget = 0;
    const ProviderInfo *provider = m_parts.providers.provider(m_target.provider);
    m_provider = provider ? providerAt(*provider, m_target) : ProviderInfo{};
    m_cost.setAsked(m_target.model);
    m_adapter = provider ? m_parts.providers.adapter(provider->protocol) : nullptr;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    warnOfTraffic(*next);
    if (!self || step != m_step)
        return;
    if (!m_countedFor) // else for a target before this one: prices are compared by one count
        countInput();
    if (Decision terms = termsOf(m_target); !terms.reasons.isEmpty())
        return askUser(std::move(terms));
    enter(State::Gating);
}

void ChatCall::warnOfTraffic(const RouteWalk::Step &step)
{
    const auto name = [this](const Target &target) {
        const ProviderInfo *provider = m_parts.providers.provider(target.provider);
        return provider ? provider->name : target.provider;
    };
    if (step.isUnwell) {
        Q_EMIT
        warned(tr("%1 is held back just now: Settings, Providers says why. It is asked all the "
                  "same, since there is no other model.")
                   .arg(name(step.target)));
    } else if (!step.skipped.isEmpty()) {
        Q_EMIT
        warned(tr("%1 cannot be asked just now; %2 is asked instead.")
                   .arg(name(step.skipped.constFirst()), name(step.target)));
    }
}

Decision ChatCall::termsOf(const Target &target) const
{
    const Target &chosen = m_walk.route().targets.constFirst();
    if (target == chosen)
        return {};
    const ProviderInfo *provider = m_parts.providers.provider(chosen.provider);
    if (!provider)
        return {};
    const auto infoOf = [this](const Target &asked) {
        return m_parts.models ? m_parts.models->infoOf(asked) : ModelInfo();
    };
    return fallbackTerms({chosen, providerAt(*provider, chosen), infoOf(chosen)},
                         {target, m_provider, infoOf(target)}, m_request, m_cost,
                         m_parts.clock.utcNow());
}

QString ChatCall::pricedModel(const Target &target) const
{
    return m_parts.models ? m_parts.models->modelBehind(target) : target.model;
}

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
    Q_EMIT
    eventsReceived(events);
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
    Q_EMIT
    eventsReceived({TextDelta{rest}});
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
    record.costBasis = Drainage::Draining;
    m_attempts.append(std::move(record));
    m_isEndAnnounced = false;
    m_drainage->take(attempt, {std::move(m_passage), m_cost, m_provider, model, m_key});
}

void ChatCall::noteTraffic(const AttemptRecord &record, const ResponseFacts &facts)
{
    // Moved out first: whoever is let through now may have a word with this call.
    if (const auto passage = std::move(m_passage)) {
        passage->learn(facts);
        passage->end(verdictOn(record));
    }
}

void ChatCall::giveUp(const AttemptRecord &record)
{
    const ErrorKind kind = record.error->kind;
    if (isOfAccount(*record.error)) {
        m_walk.giveUpAccount(record.target);
        if (isUntilTheUserActs(kind))
            m_parts.traffic.giveUpAccount(record.target, kind);
    } else if (kind == ErrorKind::QuotaExhausted) {
        m_parts.traffic.giveUpModel(record.target); // the walk goes on behind it
    }
}

void ChatCall::judge()
{
    const AttemptRecord &last = m_attempts.constLast();
    // Never after a token was shown, which would be said again in other words and paid for twice;
    // nor before a hint.
    const bool isMended =
        !last.visible && !last.error->retryAfter &&
        (takesServiceTime(last) || takesFreshCredential(last) || takesFewerMembers(last));
    if (!isMended)
        giveUp(last);
    RetrySituation situation;
    situation.visible = last.visible;
    situation.attemptLasted = last.times.end;
    situation.attempts = static_cast<int>(m_attempts.size());
    situation.retriesOnTarget = m_retriesOnTarget;
    situation.targets = m_walk.asked();
    situation.waited = m_waited;
    situation.hasNextTarget = m_walk.hasNext();
    situation.isEndpointDown = !m_parts.traffic.isWell(m_target);
    situation.isBudgetSpent = !m_parts.traffic.hasRetry(m_target);
    m_decision = isMended ? RetryDecision{RetryDecision::Step::RetryTarget, {}}
                          : decideRetry(*last.error, situation, m_options, m_parts.random);
    switch (m_decision.step) {
    case RetryDecision::Step::End:
        return finishWith(finalError(*last.error), RequestState::Failed);
    case RetryDecision::Step::RetryTarget:
        m_parts.traffic.takeRetry(m_target);
        if (announceEnd())
            enter(State::Waiting);
        return;
    case RetryDecision::Step::NextTarget:
        m_cause = AttemptCause::Fallback;
        if (announceEnd())
            enter(State::Routing);
        return;
    }
}

//! A token may end before its time: one fresh one is worth an attempt, once a request and account.
bool ChatCall::takesFreshCredential(const AttemptRecord &last)
{
    const auto account = m_parts.traffic.accountOf(last.target);
    if (last.error->kind != ErrorKind::AuthenticationFailed || !m_options.retry ||
        m_attempts.size() >= m_options.maxAttempts || m_renewed.contains(account) ||
        !m_parts.keys.renew(m_parts.accounts.account(last.target)))
        return false;
    m_renewed.insert(account);
    return true;
}

//! A signature by a wrong clock: once more by the service's (bedrock.md).
bool ChatCall::takesServiceTime(const AttemptRecord &last)
{
    const auto skew = clockSkewIn(*last.error);
    if (!skew || m_clockSkew || !m_options.retry || m_attempts.size() >= m_options.maxAttempts)
        return false;
    m_clockSkew = skew;
    return true;
}

//! Some servers refuse members that they do not know (openai-compatible.md): once without ours.
bool ChatCall::takesFewerMembers(const AttemptRecord &last)
{
    constexpr int BadRequest = 400;
    constexpr int Unprocessable = 422;
    const Error &error = *last.error;
    const bool isNamed = (error.detail + error.rawBody).contains(QStringLiteral("stream_options"));
    if (!isNamed || (error.httpStatus != BadRequest && error.httpStatus != Unprocessable) ||
        !m_provider.streamUsageOption || !m_options.retry ||
        m_attempts.size() >= m_options.maxAttempts)
        return false;
    m_provider.streamUsageOption = false; // until the next target
    return true;
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
    record.times.end = std::max(std::chrono::milliseconds(0),
                                std::chrono::duration_cast<std::chrono::milliseconds>(
                                    m_parts.clock.utcNow() - record.queuedAt));
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
