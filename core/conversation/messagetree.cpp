#include "core/conversation/messagetree.h"

#include <algorithm>

namespace core {

namespace {

bool hasContent(const MessageRecord &message)
{
    return std::any_of(message.parts.begin(), message.parts.end(), [](const ContentPart &part) {
        const auto *text = std::get_if<TextPart>(&part);
        return !std::holds_alternative<ReasoningPart>(part) && (!text || !text->text.isEmpty());
    });
}

} // namespace

const MessageRecord *MessageTree::find(std::int64_t id) const
{
    const auto found = m_messages.constFind(id);
    return found == m_messages.constEnd() ? nullptr : &found.value();
}

bool MessageTree::hasChildren(std::int64_t id) const
{
    return !m_children.value(id).isEmpty();
}

QList<std::int64_t> MessageTree::versions(std::int64_t id) const
{
    const MessageRecord *known = find(id);
    return known ? m_children.value(known->parentId) : QList<std::int64_t>();
}

std::int64_t MessageTree::newestLeafBelow(std::int64_t id) const
{
    std::int64_t leaf = id;
    for (auto below = m_children.constFind(leaf);
         below != m_children.constEnd() && !below->isEmpty(); below = m_children.constFind(leaf))
        leaf = below->last();
    return leaf;
}

QList<const MessageRecord *> MessageTree::pathTo(std::int64_t leaf) const
{
    QList<const MessageRecord *> path;
    for (const MessageRecord *at = find(leaf); at; at = find(at->parentId))
        path.append(at);
    std::reverse(path.begin(), path.end());
    return path;
}

QList<std::int64_t> MessageTree::sentUpTo(std::int64_t leaf, const ContextStart &start) const
{
    QList<std::int64_t> ids;
    for (const MessageRecord *at = find(leaf); at; at = find(at->parentId)) {
        if (hasContent(*at))
            ids.append(at->id);
        if (start.message() == at->id)
            break;
    }
    std::reverse(ids.begin(), ids.end());
    return ids;
}

void MessageTree::put(const MessageRecord &message)
{
    m_messages.insert(message.id, message);
    QList<std::int64_t> &siblings = m_children[message.parentId];
    if (!siblings.contains(message.id))
        siblings.append(message.id);
}

std::int64_t MessageTree::remove(std::int64_t id)
{
    Q_ASSERT(!hasChildren(id));
    const std::int64_t parent = m_messages.take(id).parentId;
    m_children[parent].removeOne(id);
    return parent;
}

QList<ContentPart> replayable(const MessageRecord &message)
{
    QList<ContentPart> parts = message.parts;
    if (message.role == Role::Assistant && message.state != MessageState::Complete)
        parts.removeIf([](const ContentPart &part) {
            return std::holds_alternative<ToolCallPart>(part) ||
                   std::holds_alternative<ReasoningPart>(part);
        });
    else if (!message.pieces.isEmpty()) // of several makers, or cut short in the middle
        parts.removeIf(
            [](const ContentPart &part) { return std::holds_alternative<ReasoningPart>(part); });
    return parts;
}

} // namespace core
