#pragma once

#include "core/store/records.h"
#include "core/store/sql.h"

namespace core {

// Conversations and comparisons as rows. Inside the caller's transaction.

void putConversation(Sql &sql, const ConversationRecord &record, std::int64_t defaultWorkspace);
void putComparison(Sql &sql, const ComparisonRecord &record);
//! Erases rows, search entries and attachments; requests stay without a conversation.
void eraseConversationRows(Sql &sql, std::int64_t id);
void eraseComparisonRows(Sql &sql, std::int64_t id);
//! All that are marked as deleted. Of a lane that has cost anything an empty row stays, marked, as
//! long as its comparison: for the comparison's sum.
void eraseDeletedRows(Sql &sql);

[[nodiscard]] std::optional<ConversationRecord> conversationOf(Sql &sql, std::int64_t id);
[[nodiscard]] std::optional<ComparisonRecord> comparisonOf(Sql &sql, std::int64_t id);
enum class DeletedLanes { LeftOut, Included };
[[nodiscard]] QList<std::int64_t> lanesOf(Sql &sql, std::int64_t comparisonId,
                                          DeletedLanes deleted);
//! \p workspaceId 0: of all.
[[nodiscard]] QList<SidebarEntry> sidebarOf(Sql &sql, int limit, std::int64_t workspaceId);

} // namespace core
