#include "core/client/answerparts.h"

namespace core {

void AnswerParts::clear(const QString &provider, const QList<ContentPart> &before)
{
    m_provider = provider;
    m_parts = before;
    m_toolCalls.clear();
}

void AnswerParts::add(const StreamEvent &event)
{
    std::visit([this](const auto &piece) { addPiece(piece); }, event);
}

void AnswerParts::addPiece(const TextDelta &delta)
{
    if (m_parts.isEmpty() || !std::holds_alternative<TextPart>(m_parts.constLast()))
        m_parts.append(TextPart{});
    std::get<TextPart>(m_parts.last()).text += delta.text;
}

void AnswerParts::addPiece(const ReasoningDelta &delta)
{
    const auto *open =
        m_parts.isEmpty() ? nullptr : std::get_if<ReasoningPart>(&m_parts.constLast());
    // A signature closes its block, and redacted reasoning is a block of its own.
    if (!open || !open->signature.isEmpty() || !open->redacted.isEmpty() ||
        (!delta.redacted.isEmpty() && !open->text.isEmpty()))
        m_parts.append(ReasoningPart{{}, {}, {}, m_provider});
    auto &part = std::get<ReasoningPart>(m_parts.last());
    part.text += delta.text;
    part.signature += delta.signature;
    part.redacted += delta.redacted;
}

void AnswerParts::addPiece(const ToolCallDelta &delta)
{
    auto place = m_toolCalls.constFind(delta.index);
    if (place == m_toolCalls.constEnd()) {
        place = m_toolCalls.insert(delta.index, m_parts.size());
        m_parts.append(ToolCallPart{});
    }
    auto &call = std::get<ToolCallPart>(m_parts[*place]);
    if (call.id.isEmpty())
        call.id = delta.id;
    if (call.name.isEmpty())
        call.name = delta.name;
    call.arguments += delta.arguments;
}

bool isVisible(const StreamEvent &event)
{
    return std::holds_alternative<TextDelta>(event) || std::holds_alternative<ToolCallDelta>(event);
}

} // namespace core
