// The turns that lanes were not asked: those they hold, and those a budget refused.
#include "core/conversation/comparison.h"
#include "core/conversation/turnroom.h"

namespace core {

std::optional<HeldTurn> Comparison::heldTurn(int lane) const
{
    const auto held = m_held.constFind(m_lanes.value(lane));
    return held == m_held.constEnd() ? std::nullopt : std::optional(*held);
}

void Comparison::holdAgain(int lane, const HeldTurn &turn)
{
    if (!heldTurn(lane))
        return;
    m_held.insert(m_lanes.at(lane), turn);
    Q_EMIT laneChanged(lane);
}

void Comparison::holdRefused(int lane, std::optional<std::int64_t> window)
{
    const std::optional<MessageRecord> answer = lastAnswer(lane);
    Conversation *conversation = m_lanes.value(lane);
    const MessageRecord *question = answer ? conversation->message(answer->parentId) : nullptr;
    if (!question || conversation->isRunning())
        return;
    HeldTurn turn;
    turn.text = textOf(question->parts);
    conversation->stepBack(question->id);
    const ChatRequest request = conversation->requestFor(turn.text);
    turn.target = conversation->targetFor(request);
    turn.need = needAfterRefusal(request, window);
    turn.isWindowKnown = window.has_value();
    m_held.insert(conversation, turn);
    Q_EMIT laneChanged(lane);
}

Result<Done> Comparison::sendHeld(int lane, std::optional<std::int64_t> startAt)
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
    if (m_held.remove(m_lanes.value(lane)))
        Q_EMIT laneChanged(lane);
}

void Comparison::takeRefused(Conversation *lane, const RefusedTurn &turn)
{
    m_refused.insert(lane, {turn, lane->targetFor(lane->requestFor(turn.text))});
    const int place = static_cast<int>(m_lanes.indexOf(lane));
    Q_EMIT laneChanged(place);
    Q_EMIT refusedByBudget(place);
}

std::optional<RefusedTurn> Comparison::refusedTurn(int lane) const
{
    const auto refused = m_refused.constFind(m_lanes.value(lane));
    return refused == m_refused.constEnd() ? std::nullopt : std::optional(refused->turn);
}

void Comparison::sendRefused(const SpendTerms &terms)
{
    for (int lane = 0; lane < m_lanes.size(); ++lane) {
        Conversation *conversation = m_lanes.at(lane);
        const auto found = m_refused.constFind(conversation);
        if (found == m_refused.constEnd() ||
            conversation->targetFor(conversation->requestFor(found->turn.text)) != found->target)
            continue;
        const RefusedTurn turn = found->turn;
        m_refused.erase(found);
        if (turn.kind == RefusedTurn::Kind::Continue)
            (void)conversation->continueAnswer(turn.messageId, terms);
        else
            (void)conversation->send(turn.text, turn.attachments, terms);
        Q_EMIT laneChanged(lane);
    }
}

} // namespace core
