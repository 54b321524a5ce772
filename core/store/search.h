#pragma once

#include "core/store/records.h"
#include "core/store/sql.h"

namespace core {

//! Finds \p words (all of them, anywhere, in any case) in titles and messages, newest first. What
//! the index cannot tell (under three characters) is looked for in the plain table.
[[nodiscard]] QList<SearchHit> searchTexts(Sql &sql, const QString &words, int limit);
//! Plain text of about 120 characters around the first of \p words.
[[nodiscard]] QString snippetOf(const QString &text, const QStringList &words);

} // namespace core
