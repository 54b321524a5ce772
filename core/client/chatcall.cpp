#include "core/client/chatcall.h"

#include "core/net/urlpolicy.h"
#include "core/tokens/modelfamily.h"

#include <QPointer>

#include <algorithm>

namespace core {

namespace {

Error plainError(ErrorKind kind, const QString &detail = {})
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    return error;
}

QUrl rootOf(const Target &target, const ProviderInfo &provider)
{
    return target.baseUrl.isEmpty() ? provider.baseUrl : target.baseUrl;
}

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

ChatCall::ChatCall(const ClientParts &parts, const ClientOptions &options,
                   const ChatRequest &request, const Route &route, const RequestContext &context,
                   QObject *owner)
    : ChatReply(owner)
    , m_parts(parts)
    , m_options(options)
    , m_request(request)
    , m_route(route)
    , m_context(context)
    , m_requestId(parts.ids.next())
    , m_startedAt(parts.clock.steadyNow())
    , m_cost(parts.costs, estimateInput(request),
             request.options.maxOutputTokens.value_or(options.assumedMaxOutput))
    , m_maxOutput(m_cost.maxOutput())
    , m_result(plainError(ErrorKind::Cancelled))
    , m_retryAlarm(parts.clock)
    , m_saveAlarm(parts.clock)
{
    if (context.spend.maxOutputTokens)
        m_maxOutput = std::min<std::int64_t>(m_maxOutput, *context.spend.maxOutputTokens);
    m_context.answer.requestId = m_requestId;
    m_context.answer.conversationId = context.conversationId;
    if (!m_route.targets.isEmpty())
        m_target = m_route.targets.constFirst();
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
        settleAttempt();
    }
    m_state = State::Finished;
    closeRequest(RequestState::Cancelled);
}

void ChatCall::enter(State state)
{
    ++m_step;
    m_state = state;
    switch (state) {
    case State::Queued:
    case State::Finished:
    case State::Exchanging:
        return;
    case State::Routing:
        return chooseTarget();
    case State::Opening:
        return openAttempt();
    case State::FetchingKey:
        return fetchKey();
    case State::Deciding:
        return decide();
    case State::Waiting:
        return waitForRetry();
    }
}

template <typename T, typename Next>
void ChatCall::await(const QFuture<Result<T>> &future, ErrorKind ifLost, Next next)
{
    // Not QFuture::then(): in Qt 6.4 it asserts when its context died before the future ended.
    auto *watcher = new QFutureWatcher<Result<T>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, ifLost, next, step = m_step] {
                watcher->deleteLater();
                if (step != m_step)
                    return;
                if (watcher->future().resultCount() > 0)
                    return next(watcher->result());
                next(plainError(ifLost, QStringLiteral("The call was abandoned.")));
            });
    watcher->setFuture(future);
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

std::pair<QString, std::int64_t> ChatCall::accountOf(const Target &target) const
{
    const ProviderInfo *provider = m_parts.providers.provider(target.provider);
    const bool isShared = provider && !provider->accountOf.isEmpty();
    return {isShared ? provider->accountOf : target.provider, target.accountId};
}

qsizetype ChatCall::usableTarget() const
{
    qsizetype place = m_nextTarget;
    while (place < m_route.targets.size() &&
           m_deadAccounts.contains(accountOf(m_route.targets.at(place))))
        ++place;
    return place;
}

void ChatCall::chooseTarget()
{
    const qsizetype place = usableTarget();
    if (place >= m_route.targets.size())
        return finishWith(plainError(ErrorKind::InputRejected, tr("No model is chosen.")),
                          RequestState::Failed);
    m_target = m_route.targets.at(place);
    m_nextTarget = place + 1;
    ++m_targets;
    m_retriesOnTarget = 0;
    const ProviderInfo *provider = m_parts.providers.provider(m_target.provider);
    m_provider = provider ? *provider : ProviderInfo{};
    m_adapter = provider ? m_parts.providers.adapter(provider->protocol) : nullptr;
    enter(State::Opening);
}

QString ChatCall::pricedModel(const Target &target) const
{
    return m_parts.models ? m_parts.models->modelBehind(target) : target.model;
}

void ChatCall::openAttempt()
{
    AttemptOpening opening;
    opening.id = m_parts.ids.next();
    opening.requestId = m_requestId;
    opening.number = static_cast<int>(m_attempts.size()) + 1;
    opening.cause = m_cause;
    opening.target = m_target;
    opening.priceProvider = m_provider.priceProvider;
    opening.queuedAt = m_parts.clock.utcNow();
    if (auto noRoom = setAside(opening))
        return refuseOpening(std::move(*noRoom), opening);

    AttemptRecord record;
    record.id = opening.id;
    record.requestId = opening.requestId;
    record.number = opening.number;
    record.cause = opening.cause;
    record.target = opening.target;
    record.queuedAt = opening.queuedAt;
    record.waited = m_lastWait;
    m_attempt = new Attempt(m_parts.clock, record, m_parts.clock.steadyNow(), this);
    m_answer.clear(m_target.provider);
    m_context.answer.target = m_target;

    const bool isFirst = !m_requestOpened;
    m_requestOpened = true;
    await(isFirst ? m_parts.journal.openRequest(m_requestId, m_context, opening)
                  : m_parts.journal.openAttempt(opening),
          ErrorKind::StorageFailed, [this, isFirst, opening](const Result<OpenedAttempt> &opened) {
              if (opened) {
                  m_limitsOutput = m_limitsOutput || opened->limitsOutput;
                  return enter(State::FetchingKey);
              }
              // It was never written, so there is nothing to close but what came before it.
              std::exchange(m_attempt, nullptr)->deleteLater();
              m_requestOpened = !isFirst;
              refuseOpening(opened.error(), opening);
          });
}

//! By the target's own tokenizer, as far as its texts were counted: nothing waits here.
void ChatCall::countInput()
{
    const auto encoding =
        m_parts.counts ? encodingOf(pricedModel(m_target)) : std::optional<EncodingId>();
    if (encoding == m_countedBy)
        return;
    m_countedBy = encoding;
    if (!encoding)
        return m_cost.setInput(estimateInput(m_request));
    m_cost.setInput(estimateInput(m_request, [this, encoding](QStringView text) {
        return m_parts.counts->known(*encoding, text);
    }));
}

std::optional<Error> ChatCall::setAside(AttemptOpening &opening)
{
    const SpendTerms &terms = m_context.spend;
    m_limitsOutput = terms.cap || terms.maxOutputTokens;
    m_cost.setMaxOutput(m_maxOutput);
    countInput();
    opening.reservation = m_cost.reservation(m_provider, pricedModel(m_target), opening.queuedAt);
    if (terms.cap && !m_target.simulated) {
        // Shared by all attempts; what may have been spent counts as spent.
        const std::int64_t left =
            std::max<std::int64_t>(0, terms.cap->count() - costSoFar().high.count());
        if (opening.reservation.money.count() > left) {
            const auto shorter = m_cost.outputThatFits(m_provider, pricedModel(m_target),
                                                       opening.queuedAt, LimitUnit::Money, left);
            if (!shorter) {
                Error error = plainError(ErrorKind::BudgetExceeded);
                error.shortfall = Shortfall{LimitUnit::Money,
                                            LimitPeriod::Message,
                                            0,
                                            true,
                                            opening.reservation.money.count(),
                                            left,
                                            {}};
                return error;
            }
            m_cost.setMaxOutput(*shorter);
            opening.reservation =
                m_cost.reservation(m_provider, pricedModel(m_target), opening.queuedAt);
        }
    }
    opening.reservation.provider = accountOf(m_target).first;
    opening.reservation.consent = terms.consent;
    opening.worstCase = m_cost.worstCase(m_provider, pricedModel(m_target), opening.queuedAt);
    return std::nullopt;
}

void ChatCall::refuseOpening(Error error, const AttemptOpening &opening)
{
    if (error.shortfall && error.shortfall->period != LimitPeriod::Message) {
        error.shortfall->fittingOutput =
            m_cost.outputThatFits(m_provider, pricedModel(m_target), opening.queuedAt,
                                  error.shortfall->unit, error.shortfall->left);
    }
    finishWith(error, RequestState::Failed);
}

void ChatCall::fetchKey()
{
    if (!show(ReplyState::Connecting))
        return;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Q_EMIT
    attemptStarted({m_attempt->record().number, m_attempt->record().cause, m_target,
                    m_attempt->record().queuedAt});
    if (!self || step != m_step)
        return;
    if (!m_adapter)
        return refuseAttempt(plainError(
            ErrorKind::InputRejected,
            tr("The provider \"%1\" is not known to this version.").arg(m_target.provider)));
    if (m_provider.authHeader.isEmpty())
        return sendAttempt({});
    const Account account = m_parts.accounts.account(m_target);
    await(m_parts.keys.read(account, originOf(rootOf(m_target, m_provider))),
          ErrorKind::KeyUnavailable,
          [this, kind = m_parts.keys.kindOf(account)](const Result<SecretString> &key) {
              if (key)
                  sendAttempt({*key, kind});
              else if (!m_provider.keyRequired)
                  sendAttempt({});
              else
                  refuseAttempt(key.error());
          });
}

void ChatCall::sendAttempt(const Credential &credential)
{
    m_key = credential.key;
    const Endpoint endpoint{m_provider, rootOf(m_target, m_provider), m_target.model};
    const auto now = std::chrono::floor<std::chrono::seconds>(m_parts.clock.utcNow());
    ChatRequest request = m_request;
    if (m_limitsOutput) // what was reserved is the most that may come
        request.options.maxOutputTokens = static_cast<int>(m_cost.maxOutput());
    const Result<WireRequest> wire = m_adapter->buildRequest(request, endpoint, credential, now);
    if (!wire)
        return refuseAttempt(wire.error());
    enter(State::Exchanging);
    connect(m_attempt, &Attempt::sent, this,
            [this] { (void)show(ReplyState::WaitingForFirstToken); });
    connect(m_attempt, &Attempt::eventsReceived, this, &ChatCall::takeEvents);
    connect(m_attempt, &Attempt::ended, this, &ChatCall::takeEnd);
    m_attempt->send(m_parts.transport, *m_adapter, *wire, m_options.deadlines);
}

void ChatCall::refuseAttempt(Error error)
{
    m_attempt->refuse(std::move(error));
    takeEnd();
}

void ChatCall::takeEvents(const StreamEvents &events)
{
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

void ChatCall::savePartialSoon()
{
    if (m_saveAlarm.isSet() || m_answer.parts().isEmpty() || m_context.answer.id == 0)
        return;
    m_saveAlarm.set(m_options.partialInterval,
                    [this] { m_parts.journal.savePartial(m_context.answer.id, m_answer.parts()); });
}

void ChatCall::takeEnd()
{
    settleAttempt();
    if (m_attempts.constLast().outcome == AttemptOutcome::Completed)
        return finishWith(outcome(), RequestState::Completed);
    enter(State::Deciding);
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
    if (record.error && isOfAccount(record.error->kind))
        m_deadAccounts.insert(accountOf(record.target));
    m_attempts.append(std::move(record));
    m_isEndAnnounced = false;
}

void ChatCall::decide()
{
    const AttemptRecord &last = m_attempts.constLast();
    RetrySituation situation;
    situation.visible = last.visible;
    situation.attemptLasted = last.times.end;
    situation.attempts = static_cast<int>(m_attempts.size());
    situation.retriesOnTarget = m_retriesOnTarget;
    situation.targets = m_targets;
    situation.waited = m_waited;
    situation.hasNextTarget = usableTarget() < m_route.targets.size();
    m_decision = takesFreshCredential(last)
                     ? RetryDecision{RetryDecision::Step::RetryTarget, {}}
                     : decideRetry(*last.error, situation, m_options, m_parts.random);
    switch (m_decision.step) {
    case RetryDecision::Step::End:
        return finishWith(finalError(*last.error), RequestState::Failed);
    case RetryDecision::Step::RetryTarget:
        if (announceEnd())
            enter(State::Waiting);
        return;
    case RetryDecision::Step::NextTarget:
        m_cause = AttemptCause::Fallback;
        m_lastWait = {};
        if (announceEnd())
            enter(State::Routing);
        return;
    }
}

//! A token may end before its time: one fresh one is worth an attempt, once a request and account.
bool ChatCall::takesFreshCredential(const AttemptRecord &last)
{
    const auto account = accountOf(last.target);
    if (last.error->kind != ErrorKind::AuthenticationFailed || !m_options.retry ||
        m_attempts.size() >= m_options.maxAttempts || m_renewed.contains(account) ||
        !m_parts.keys.renew(m_parts.accounts.account(last.target)))
        return false;
    m_renewed.insert(account);
    m_deadAccounts.remove(account);
    return true;
}

void ChatCall::waitForRetry()
{
    m_cause = AttemptCause::Retry;
    ++m_retriesOnTarget;
    m_waitBegan = m_parts.clock.steadyNow();
    m_retryAlarm.set(m_decision.delay, [this] { endWait(); });
    if (!show(ReplyState::WaitingToRetry))
        return;
    const Error cause = *m_attempts.constLast().error;
    Q_EMIT
    retryScheduled(static_cast<int>(m_attempts.size()) + 1, m_decision.delay, cause);
}

void ChatCall::endWait()
{
    m_retryAlarm.clear();
    m_lastWait = std::chrono::duration_cast<std::chrono::milliseconds>(m_parts.clock.steadyNow() -
                                                                       m_waitBegan);
    m_waited += m_lastWait;
    enter(State::Opening);
}

void ChatCall::retryNow()
{
    if (m_state == State::Waiting)
        endWait();
}

void ChatCall::cancel()
{
    if (m_state == State::Finished)
        return;
    m_retryAlarm.clear();
    if (m_attempt) {
        m_attempt->stop();
        settleAttempt();
    }
    finishWith(plainError(ErrorKind::Cancelled), RequestState::Cancelled);
}

Error ChatCall::finalError(const Error &last) const
{
    if (m_targets < 2 || m_attempts.constLast().visible)
        return last;
    QStringList lines;
    for (const AttemptRecord &attempt : m_attempts)
        lines += lineOf(attempt);
    return plainError(ErrorKind::AllTargetsFailed, lines.join(QLatin1Char('\n')));
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
    closeRequest(state);
    const QPointer<ChatCall> self(this);
    if (announceEnd() && show(ReplyState::Finished) && self)
        Q_EMIT
    finished();
}

void ChatCall::closeRequest(RequestState state)
{
    if (m_requestOpened)
        m_parts.journal.closeRequest(m_requestId, state, answer());
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
