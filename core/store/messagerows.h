#pragma once

#include "core/chat/messagerecord.h"
#include "core/store/sql.h"

namespace core {

// Messages, their parts and what search sees of them. All inside the caller's transaction.

//! Inserts a message with its parts, or replaces it; search sees it unless it still streams.
void putMessage(Sql &sql, const MessageRecord &message);
//! Replaces the parts of a message; nothing if the message is gone.
void replaceParts(Sql &sql, std::int64_t messageId, const QList<ContentPart> &parts);
//! The same for an answer that still streams. Parts that come late leave the final ones alone.
void putPartial(Sql &sql, std::int64_t messageId, const QList<ContentPart> &parts);
//! Puts the stored texts of a message where search finds them.
void indexMessage(Sql &sql, std::int64_t messageId);
//! All messages of a conversation, parents before children.
[[nodiscard]] QList<MessageRecord> messagesOf(Sql &sql, std::int64_t conversationId);

} // namespace core
