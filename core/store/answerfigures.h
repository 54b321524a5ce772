#pragma once

#include "core/store/records.h"
#include "core/store/sql.h"

namespace core {

//! The figures under one answer, from the ledger: of the attempts of its request, oldest first.
[[nodiscard]] AnswerFigures figuresOf(std::int64_t requestId, UtcTime startedAt,
                                      const std::optional<UtcTime> &endedAt,
                                      const QList<AttemptRecord> &attempts);
//! The figures of all answers of a conversation, by message.
[[nodiscard]] QHash<std::int64_t, AnswerFigures> figuresIn(Sql &sql, std::int64_t conversationId);

} // namespace core
