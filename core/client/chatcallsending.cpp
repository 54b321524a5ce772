// How a ChatCall's attempt gets on its way: money set aside, made durable, key fetched, sent.
#include "core/client/attemptdeadlines.h"
#include "core/client/chatcall.h"
#include "core/client/chatcallawait.h"
#include "core/client/continuation.h"
#include "core/client/freecall.h"
#include "core/client/sellers.h"
#include "core/net/urlpolicy.h"
#include "core/tokens/modelencoding.h"

#include <QPointer>

#include <algorithm>

namespace core {

namespace {

PicoUsd mostSpent(const QList<AttemptRecord> &attempts)
{
    PicoUsd most;
    for (const AttemptRecord &attempt : attempts)
        most = saturatingSum(most, mostOf(attempt));
    return most;
}

} // namespace

void ChatCall::openAttempt()
{
    AttemptOpening opening = nextOpening();
    if (auto noRoom = setAside(opening))
        return refuseOpening(std::move(*noRoom), opening);

    AttemptRecord record = recordOf(opening);
    record.waited = std::exchange(m_lastWait, std::chrono::milliseconds(0));
    m_goesOffline = false;
    m_attempt = new Attempt(m_parts.clock, record, m_parts.clock.steadyNow(), this);
    m_answer.clear(m_target.provider, m_context.answer.parts);
    m_context.answer.target = m_target;

    openInJournal(opening, [this, opening](const Result<OpenedAttempt> &opened) {
        if (opened) {
            m_limitsOutput = m_limitsOutput || opened->limitsOutput;
            return enter(State::FetchingKey);
        }
        std::exchange(m_attempt, nullptr)->deleteLater(); // never written: nothing to close
        refuseOpening(opened.error(), opening);
    });
}

AttemptOpening ChatCall::nextOpening()
{
    AttemptOpening opening;
    opening.id = m_parts.ids.next();
    opening.requestId = m_requestId;
    opening.number = static_cast<int>(m_attempts.size()) + 1;
    opening.cause = m_cause;
    opening.target = m_target;
    opening.priceProvider = m_parts.costs.pricedUnder(
        sellerOf(m_provider, m_target.model), pricedModel(m_target), m_parts.clock.utcNow());
    opening.queuedAt = m_parts.clock.utcNow();
    return opening;
}

void ChatCall::openInJournal(const AttemptOpening &opening,
                             const std::function<void(const Result<OpenedAttempt> &)> &then)
{
    // The request may have been kept already, for a wait or a question to the user.
    const bool isFirst = !std::exchange(m_requestOpened, true);
    await(isFirst ? m_parts.journal.openRequest(m_requestId, m_context, opening)
                  : m_parts.journal.openAttempt(opening),
          ErrorKind::StorageFailed, [this, isFirst, then](const Result<OpenedAttempt> &opened) {
              if (opened)
                  m_isDurable = true;
              else
                  m_requestOpened = !isFirst;
              then(opened);
          });
}

//! By the target's own tokenizer, as far as its texts were counted: nothing waits here.
void ChatCall::countInput()
{
    const QString model = pricedModel(m_target);
    if (m_countedFor && *m_countedFor == model)
        return;
    m_countedFor = model;
    const auto encoding = m_parts.counts ? encodingOf(model) : std::optional<EncodingId>();
    CountText known;
    if (encoding) {
        known = [this, encoding](QStringView text) {
            return m_parts.counts->known(*encoding, text);
        };
    }
    const bool isTold = isContinuation() && !prefills();
    m_cost.setInput(estimateInput(isTold ? asInstruction(m_request) : m_request, known, model));
}

PricedCall ChatCall::pricedCall(const AttemptOpening &opening) const
{
    return {m_provider, m_target.model, pricedModel(m_target), opening.queuedAt};
}

std::optional<Error> ChatCall::setAside(AttemptOpening &opening)
{
    const SpendTerms &terms = m_context.spend;
    m_limitsOutput = terms.cap || terms.maxOutputTokens;
    m_cost.setMaxOutput(m_maxOutput);
    countInput();
    const PricedCall call = pricedCall(opening);
    m_marksForCache = m_options.promptCache && m_cost.cachePays(m_request, call);
    m_cost.setWritesCache(m_marksForCache);
    opening.reservation = m_cost.reservation(call);
    if (terms.cap && !m_target.simulated) {
        // Shared by all attempts; what may have been spent counts as spent.
        const Cost spent = costSoFar();
        const PicoUsd most = mostSpent(m_attempts);
        const std::int64_t left = std::max<std::int64_t>(0, terms.cap->count() - most.count());
        if (opening.reservation.money.count() > left) {
            const auto shorter = m_cost.outputThatFits(call, LimitUnit::Money, left);
            if (!shorter) {
                Error error = makeError(ErrorKind::BudgetExceeded);
                error.shortfall = Shortfall{LimitUnit::Money,
                                            LimitPeriod::Message,
                                            0,
                                            true,
                                            opening.reservation.money.count(),
                                            left,
                                            {},
                                            spent.low.count(),
                                            most.count() - spent.low.count(),
                                            spent.complete};
                return error;
            }
            m_cost.setMaxOutput(*shorter);
            opening.reservation = m_cost.reservation(call);
        }
    }
    opening.reservation.provider = m_parts.traffic.accountOf(m_target).first;
    opening.reservation.consent = terms.consent;
    opening.worstCase = m_cost.worstCase(call);
    return std::nullopt;
}

void ChatCall::refuseOpening(Error error, const AttemptOpening &opening)
{
    if (error.shortfall && error.shortfall->period != LimitPeriod::Message) {
        error.shortfall->fittingOutput = m_cost.outputThatFits(
            pricedCall(opening), error.shortfall->unit, error.shortfall->left);
    }
    finishWith(error, RequestState::Failed);
}

void ChatCall::fetchKey()
{
    if (!show(ReplyState::Connecting))
        return;
    const QPointer<ChatCall> self(this);
    const int step = m_step;
    Target asked = m_target;
    asked.baseUrl = rootOf(m_target, m_provider);
    Q_EMIT attemptStarted({m_attempt->record().number, m_attempt->record().cause, asked,
                           m_attempt->record().queuedAt});
    if (!self || step != m_step)
        return;
    if (!m_adapter)
        return refuseAttempt(
            rejected(tr("The provider \"%1\" is not known to this version. Choose another model.")
                         .arg(m_target.provider)));
    if (m_provider.authHeader.isEmpty())
        return sendAttempt({});
    const Account account = m_parts.accounts.account(m_target);
    await(m_parts.keys.read(account, originOf(rootOf(m_target, m_provider))),
          ErrorKind::KeyUnavailable,
          [this, account, kind = m_parts.keys.kindOf(account)](const Result<SecretString> &key) {
              if (key)
                  sendAttempt({*key, kind});
              else if (mayGoWithoutKey(m_provider, account, key.error()))
                  sendAttempt({});
              else
                  refuseAttempt(key.error());
          });
}

bool ChatCall::prefills() const
{
    return m_parts.providers.prefills(m_target.provider, pricedModel(m_target)) &&
           !thinksFirst(m_request);
}

ChatRequest ChatCall::requestToSend()
{
    if (!isContinuation())
        return m_request;
    m_overlap.emplace(textOf(m_context.answer.parts),
                      prefills() ? OverlapFilter::Kind::Prefilled : OverlapFilter::Kind::Asked);
    return prefills() ? asPrefill(m_request) : asInstruction(m_request);
}

void ChatCall::sendAttempt(const Credential &credential)
{
    m_key = credential.key;
    const Endpoint endpoint{m_provider, rootOf(m_target, m_provider), m_target.model};
    const auto now = std::chrono::floor<std::chrono::seconds>(m_parts.clock.utcNow()) +
                     m_clockSkew.value_or(std::chrono::seconds(0));
    ChatRequest request = requestToSend();
    if (m_limitsOutput) // what was reserved is the most that may come
        request.options.maxOutputTokens = static_cast<int>(m_cost.maxOutput());
    request.markForCache = m_marksForCache;
    const Result<WireRequest> wire = m_adapter->buildRequest(request, endpoint, credential, now);
    if (!wire)
        return refuseAttempt(wire.error());
    enter(State::Exchanging);
    m_passage->begin();
    connect(m_attempt, &Attempt::sent, this,
            [this] { (void)show(ReplyState::WaitingForFirstToken); });
    connect(m_attempt, &Attempt::eventsReceived, this, &ChatCall::takeEvents);
    connect(m_attempt, &Attempt::silenceChanged, this, &ChatReply::silenceChanged);
    connect(m_attempt, &Attempt::ended, this, &ChatCall::takeEnd);
    m_attempt->send(
        m_parts.transport, *m_adapter, *wire,
        attemptDeadlines(m_options, m_request.options, m_provider, pricedModel(m_target)));
}

} // namespace core
