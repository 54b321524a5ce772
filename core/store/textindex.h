#pragma once

#include "core/store/sql.h"

namespace core {

// The one place that writes what search reads: message_text and its two indexes, which follow it
// row by row. (Triggers could not: with trusted_schema off they may not touch virtual tables.)

//! What a text belongs to; one of the ids is 0.
struct TextOwner
{
    std::int64_t conversationId = 0;
    std::int64_t comparisonId = 0;
    bool title = false;
};

//! Makes \p text the text of \p id; an empty one is none.
void putText(Sql &sql, std::int64_t id, const TextOwner &owner, const QString &text);
//! Takes out all texts of a conversation, or of a comparison itself, to the last word.
void eraseTexts(Sql &sql, const TextOwner &owner);

} // namespace core
