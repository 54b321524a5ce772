#pragma once

#include "core/store/records.h"
#include "core/store/sql.h"

namespace core {

// Files of drafts. All inside the caller's transaction.

//! Makes \p files those of the conversation's draft, in this order. What is there already is not
//! written again: it may be large. Nothing if the conversation is gone.
void putDraftFiles(Sql &sql, std::int64_t conversationId, const QList<DraftFile> &files);
//! They have become a question's.
void eraseDraftFiles(Sql &sql, const QList<std::int64_t> &ids);
[[nodiscard]] QList<DraftFile> draftFilesOf(Sql &sql, std::int64_t conversationId);

} // namespace core
