// The turns that lanes were not asked: those they hold, and those a budget refused.
#include "core/conversation/comparison.h"
#include "core/conversation/turnroom.h"

namespace core {

namespace {

//! What \p lane asks when \p turn goes again.
ChatRequest requestOf(const Conversation &lane, const RefusedTurn &turn)
{
    switch (turn.kind) {
    case RefusedTurn::Kind::Send:
        return lane.requestFor(turn.text, turn.attachments);
    case RefusedTurn::Kind::Edit:
        return lane.requestFor(turn.text, {}, turn.messageId);
    case RefusedTurn::Kind::Regenerate:
    case RefusedTurn::Kind::Continue:
        break;
    }
    return lane.requestAgain(turn.messageId, Conversation::Again::Whole);
}

Result<Done> askAgain(Conversation &lane, const RefusedTurn &turn, const SpendTerms &terms)
{
    switch (turn.kind) {
    case RefusedTurn::Kind::Send:
        return lane.send(turn.text, turn.attachments, terms);
    case RefusedTurn::Kind::Edit:
        return lane.editAndResend(turn.messageId, turn.text, terms);
    case RefusedTurn::Kind::Regenerate:
        return lane.regenerate(turn.messageId, terms);
    case RefusedTurn::Kind::Continue:
        return lane.continueAnswer(turn.messageId, terms);
    }
    Q_UNREACHABLE();
}

} // namespace

std::optional<HeldTurn> Comparison::heldTurn(int lane) const
{
    const auto held = m_held.constFind(m_lanes.value(lane));
    return held == m_held.constEnd() ? std::nullopt : std::optional(*held);
}

void Comparison::holdAgain(int lane, const HeldTurn &turn)
{
    if (!heldTurn(lane))
        return;
    hold(m_lanes.at(lane), turn);
    Q_EMIT laneChanged(lane);
}

//! On disk before it is waited for: the program may end first.
void Comparison::hold(Conversation *lane, const HeldTurn &turn)
{
    m_held.insert(lane, turn);
    lane->saveDraft(turn.text);
}

void Comparison::holdRefused(int lane, std::optional<std::int64_t> window)
{
    const std::optional<MessageRecord> answer = lastAnswer(lane);
    if (!answer)
        return;
    const ChatRequest request =
        m_lanes.at(lane)->requestAgain(answer->id, Conversation::Again::Whole);
    HeldTurn turn;
    turn.need = needAfterRefusal(request, window);
    turn.isWindowKnown = window.has_value();
    holdAsked(lane, answer->id, turn);
}

void Comparison::holdAnswer(int lane, std::int64_t answerId, const ContextNeed &need)
{
    HeldTurn turn;
    turn.need = need;
    holdAsked(lane, answerId, turn);
}

void Comparison::holdAsked(int lane, std::int64_t answerId, HeldTurn turn)
{
    Conversation *conversation = m_lanes.value(lane);
    const MessageRecord *answer = conversation ? conversation->message(answerId) : nullptr;
    const MessageRecord *question = answer ? conversation->message(answer->parentId) : nullptr;
    if (!question || conversation->isRunning())
        return;
    turn.text = textOf(question->parts);
    conversation->stepBack(question->id);
    turn.target = conversation->targetFor(conversation->requestFor(turn.text));
    hold(conversation, turn);
    Q_EMIT laneChanged(lane);
}

Result<Done> Comparison::sendHeld(int lane, std::optional<ContextStart> startAt)
{
    const std::optional<HeldTurn> held = heldTurn(lane);
    if (!held)
        return Done{};
    Conversation *conversation = m_lanes.at(lane);
    if (startAt)
        conversation->setContextStart(*startAt);
    const Result<Done> sent = conversation->send(held->text);
    if (!sent)
        return sent;
    m_held.remove(conversation);
    if (m_record.draft == held->text)
        setDraft({});
    Q_EMIT laneChanged(lane);
    return sent;
}

void Comparison::leaveOut(int lane)
{
    Conversation *conversation = m_lanes.value(lane);
    if (m_held.remove(conversation))
        conversation->saveDraft({});
    else if (!m_refused.remove(conversation))
        return;
    Q_EMIT laneChanged(lane);
}

void Comparison::takeRefused(Conversation *lane, const RefusedTurn &turn)
{
    m_refused.insert(lane, {turn, lane->targetFor(requestOf(*lane, turn))});
    const int place = static_cast<int>(m_lanes.indexOf(lane));
    Q_EMIT laneChanged(place);
    Q_EMIT turnRefused(place);
}

std::optional<RefusedTurn> Comparison::refusedTurn(int lane) const
{
    const auto refused = m_refused.constFind(m_lanes.value(lane));
    return refused == m_refused.constEnd() ? std::nullopt : std::optional(refused->turn);
}

void Comparison::sendRefused(const SpendTerms &terms)
{
    for (int lane = 0; lane < m_lanes.size(); ++lane) {
        const Conversation *conversation = m_lanes.at(lane);
        const auto found = m_refused.constFind(conversation);
        if (found != m_refused.constEnd() &&
            conversation->targetFor(requestOf(*conversation, found->turn)) == found->target)
            (void)askRefused(lane, terms); // a lane that answers something else keeps it
    }
}

Result<Done> Comparison::askRefused(int lane, const SpendTerms &terms)
{
    Conversation *conversation = m_lanes.value(lane);
    if (!m_refused.contains(conversation))
        return Done{};
    const Refused refused = m_refused.take(conversation); // it may be refused again at once
    const Result<Done> asked = askAgain(*conversation, refused.turn, terms);
    if (!asked)
        m_refused.insert(conversation, refused);
    Q_EMIT laneChanged(lane);
    return asked;
}

} // namespace core
