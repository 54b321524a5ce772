#pragma once

#include "core/chat/contextstart.h"
#include "core/chat/messagerecord.h"

#include <QHash>
#include <QList>

namespace core {

//! The messages of one conversation by their parents. Siblings are versions of the same turn,
//! oldest first; a path runs from a root to a leaf. A value, without a thread of its own.
class MessageTree
{
public:
    [[nodiscard]] bool isEmpty() const { return m_messages.isEmpty(); }
    //! nullptr: not known. Valid until the next change.
    [[nodiscard]] const MessageRecord *find(std::int64_t id) const;
    [[nodiscard]] bool hasChildren(std::int64_t id) const;
    [[nodiscard]] QList<std::int64_t> versions(std::int64_t id) const; //!< Siblings and itself.
    [[nodiscard]] std::int64_t newestLeafBelow(std::int64_t id) const; //!< Itself, if it is one.
    [[nodiscard]] QList<const MessageRecord *> pathTo(std::int64_t leaf) const; //!< Root first.
    //! Ids of what is sent of the path to \p leaf, oldest first: from \p start on, or all if that
    //! is not on it; answers that hold nothing stay out.
    [[nodiscard]] QList<std::int64_t> sentUpTo(std::int64_t leaf, const ContextStart &start) const;

    void put(const MessageRecord &message); //!< A new one, or a known one as it now stands.
    std::int64_t remove(std::int64_t id);   //!< Must have no children. Returns its parent.

private:
    QHash<std::int64_t, MessageRecord> m_messages;
    QHash<std::int64_t, QList<std::int64_t>> m_children; //!< By parent; 0: roots.
};

//! What goes into a request of a stored turn. Tool calls of an answer that was cut short may be cut
//! short themselves: never sent on, nor is its reasoning, nor that of several makers.
[[nodiscard]] QList<ContentPart> replayable(const MessageRecord &message);

} // namespace core
