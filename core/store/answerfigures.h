#pragma once

#include "core/store/records.h"

namespace core {

class Sql;

//! Whether the attempts of a request are all that it makes. SoFar: another one runs or is to come,
//! since they have failed.
enum class Attempts { All, SoFar };
//! The figures under one answer, from the ledger: of the attempts of its request, oldest first. Of
//! all of them the last one answered or said why not.
[[nodiscard]] AnswerFigures figuresOf(std::int64_t requestId, UtcTime startedAt,
                                      const std::optional<UtcTime> &endedAt,
                                      const QList<AttemptRecord> &attempts, Attempts extent);
//! The figures of an answer that was continued: what was \p earlier, and the request that went on.
[[nodiscard]] AnswerFigures joined(const AnswerFigures &earlier, const AnswerFigures &later);
//! How long an attempt thought: from its first byte to the first visible one, or to its end while
//! none has come.
[[nodiscard]] std::optional<std::chrono::milliseconds> thinkingOf(const AttemptTimes &times);
//! Another knowledge of one attempt in the sum: \p before was added, \p now is how it really ended.
void replaceAttempt(AnswerFigures &figures, const AttemptRecord &before, const AttemptRecord &now);
//! The figures of all answers of a conversation, by message.
[[nodiscard]] QHash<std::int64_t, AnswerFigures> figuresIn(Sql &sql, std::int64_t conversationId);
//! What the lanes of a comparison that are marked as deleted were asked since \p since, by lane.
[[nodiscard]] QHash<std::int64_t, AnswerFigures>
figuresOfClosedLanes(Sql &sql, std::int64_t comparisonId, UtcTime since);

} // namespace core
