#include "core/store/answerfigures.h"

#include "core/ledger/budget.h"
#include "core/store/ledgerrows.h"
#include "core/store/sql.h"

#include <algorithm>

namespace core {

namespace {

bool isKnown(const Cost &cost)
{
    return cost.complete || cost.high != PicoUsd() || cost.low != PicoUsd();
}

QString statusOf(const AttemptRecord &attempt)
{
    if (attempt.error && attempt.error->httpStatus != 0)
        return QString::number(attempt.error->httpStatus);
    if (attempt.error)
        return errorCode(attempt.error->kind);
    return QString::number(attempt.httpStatus);
}

//! What was counted by us, or told before the end, is what no less was billed than.
AnswerFigures::Bound boundOf(const Usage &usage)
{
    const bool isLeast =
        usage.basis == UsageBasis::ProviderPartial || usage.basis == UsageBasis::Estimated;
    return isLeast ? AnswerFigures::Bound::AtLeast : AnswerFigures::Bound::Told;
}

//! What the last attempt says of the answer itself.
void addAnswer(AnswerFigures &figures, const AttemptRecord &last, UtcTime startedAt)
{
    figures.bound = boundOf(last.usage);
    figures.thinking = thinkingOf(last.times);
    figures.inputTokens = last.usage.count(UsageKind::Input);
    figures.cacheReadTokens = last.usage.count(UsageKind::CacheRead);
    figures.cacheWriteTokens = last.usage.count(UsageKind::CacheWrite);
    figures.outputTokens = last.usage.count(UsageKind::Output);
    figures.reasoningTokens = last.usage.count(UsageKind::OutputReasoning);
    const auto &visible = last.times.firstVisible;
    if (!visible)
        return;
    figures.firstToken = last.queuedAt - startedAt + *visible;
    if (const auto timed = timedOutput(last)) {
        const std::chrono::duration<double> streaming = timed->duration;
        figures.tokensPerSecond = static_cast<double>(timed->tokens) / streaming.count();
    }
}

void addFailure(AnswerFigures &figures, const AttemptRecord &attempt)
{
    if (attempt.visible) // what it wrote stands in the answer: it did not fail before that
        return;
    const std::pair<Target, QString> failure(attempt.target, statusOf(attempt));
    // Retries of one target are one line: its last word.
    if (!figures.failedBefore.isEmpty() && figures.failedBefore.last().first == attempt.target)
        figures.failedBefore.last() = failure;
    else
        figures.failedBefore.append(failure);
}

void addKnown(std::optional<std::int64_t> &sum, const std::optional<std::int64_t> &more)
{
    if (more)
        sum = saturatingCount(sum.value_or(0), *more);
}

} // namespace

std::optional<std::chrono::milliseconds> thinkingOf(const AttemptTimes &times)
{
    const std::chrono::milliseconds end = times.firstVisible.value_or(times.end);
    if (!times.firstByte || end <= *times.firstByte)
        return std::nullopt;
    return end - *times.firstByte;
}

AnswerFigures figuresOf(std::int64_t requestId, UtcTime startedAt,
                        const std::optional<UtcTime> &endedAt, const QList<AttemptRecord> &attempts,
                        Attempts extent)
{
    AnswerFigures figures;
    figures.requestId = requestId;
    figures.attempts = static_cast<int>(attempts.size());
    if (endedAt)
        figures.duration = *endedAt - startedAt;
    if (attempts.isEmpty())
        return figures;
    figures.simulated = true;
    figures.local = true;
    for (qsizetype i = 0; i < attempts.size(); ++i) {
        const AttemptRecord &attempt = attempts.at(i);
        figures.cost = figures.cost.plus(attempt.cost.total);
        figures.most = saturatingSum(figures.most, mostOf(attempt));
        figures.costKnown = figures.costKnown || isKnown(attempt.cost.total);
        figures.simulated = figures.simulated && attempt.target.simulated;
        figures.local = figures.local && attempt.costBasis == CostBasis::Local;
        if ((extent == Attempts::SoFar || i + 1 < attempts.size()) &&
            attempt.outcome == AttemptOutcome::Failed)
            addFailure(figures, attempt);
    }
    figures.cached = attempts.last().savedBy == SavedBy::ResponseCache;
    if (figures.cached)
        figures.saved = attempts.last().saved;
    addAnswer(figures, attempts.last(), startedAt);
    // The request is stamped a moment after its last attempt; the attempt is the finer measure.
    if (attempts.last().outcome != AttemptOutcome::Open)
        figures.duration = attempts.last().queuedAt - startedAt + attempts.last().times.end;
    return figures;
}

void replaceAttempt(AnswerFigures &figures, const AttemptRecord &before, const AttemptRecord &now)
{
    const auto replaced = [](std::int64_t sum, std::int64_t old, std::int64_t fresh) {
        return saturatingCount(std::max<std::int64_t>(0, sum - old), fresh);
    };
    Cost &cost = figures.cost;
    const Cost &old = before.cost.total;
    const Cost &fresh = now.cost.total;
    cost.low = PicoUsd(replaced(cost.low.count(), old.low.count(), fresh.low.count()));
    cost.high = PicoUsd(replaced(cost.high.count(), old.high.count(), fresh.high.count()));
    figures.most =
        PicoUsd(replaced(figures.most.count(), mostOf(before).count(), mostOf(now).count()));
    const auto replaceCount = [&](std::optional<std::int64_t> &sum, UsageKind kind) {
        if (const auto count = now.usage.count(kind))
            sum = replaced(sum.value_or(0), before.usage.count(kind).value_or(0), *count);
    };
    replaceCount(figures.inputTokens, UsageKind::Input);
    replaceCount(figures.cacheReadTokens, UsageKind::CacheRead);
    replaceCount(figures.cacheWriteTokens, UsageKind::CacheWrite);
    replaceCount(figures.outputTokens, UsageKind::Output);
    replaceCount(figures.reasoningTokens, UsageKind::OutputReasoning);
    if (figures.attempts == 1) // else it may be an earlier one's
        figures.bound = boundOf(now.usage);
}

AnswerFigures joined(const AnswerFigures &earlier, const AnswerFigures &later)
{
    AnswerFigures figures = later;
    figures.bound = std::max(earlier.bound, later.bound);
    if (earlier.thinking)
        figures.thinking = earlier.thinking;
    figures.inputTokens = earlier.inputTokens;
    figures.cacheReadTokens = earlier.cacheReadTokens;
    figures.cacheWriteTokens = earlier.cacheWriteTokens;
    figures.outputTokens = earlier.outputTokens;
    figures.reasoningTokens = earlier.reasoningTokens;
    addKnown(figures.inputTokens, later.inputTokens);
    addKnown(figures.cacheReadTokens, later.cacheReadTokens);
    addKnown(figures.cacheWriteTokens, later.cacheWriteTokens);
    addKnown(figures.outputTokens, later.outputTokens);
    addKnown(figures.reasoningTokens, later.reasoningTokens);
    figures.cost = earlier.cost.plus(later.cost);
    figures.most = saturatingSum(earlier.most, later.most);
    figures.costKnown = earlier.costKnown || later.costKnown;
    figures.simulated = earlier.simulated && later.simulated;
    figures.local = earlier.local && later.local;
    figures.attempts = earlier.attempts + later.attempts;
    if (earlier.firstToken)
        figures.firstToken = earlier.firstToken;
    if (earlier.duration)
        figures.duration =
            *earlier.duration + later.duration.value_or(std::chrono::milliseconds(0));
    figures.failedBefore = earlier.failedBefore + later.failedBefore;
    return figures;
}

namespace {

//! A request, and the row that its figures belong to.
struct AskedRow
{
    std::int64_t of = 0;
    std::int64_t requestId = 0;
    UtcTime startedAt{};
    std::optional<UtcTime> endedAt;
};

//! \p statement gives the columns of AskedRow, requests in the order they were made.
QList<AskedRow> askedRows(Sql &sql, const QString &statement, const QVariantList &values)
{
    QList<AskedRow> asked;
    QSqlQuery rows = sql.rows(statement, values);
    while (sql.next(rows)) {
        asked.append({rows.value(0).toLongLong(), rows.value(1).toLongLong(),
                      utcFrom(rows.value(2)), std::nullopt});
        if (!rows.value(3).isNull())
            asked.last().endedAt = utcFrom(rows.value(3));
    }
    return asked;
}

void addFigures(QHash<std::int64_t, AnswerFigures> &figures, const AskedRow &asked,
                const QList<AttemptRecord> &attempts)
{
    const AnswerFigures piece =
        figuresOf(asked.requestId, asked.startedAt, asked.endedAt, attempts, Attempts::All);
    const auto earlier = figures.constFind(asked.of);
    figures.insert(asked.of, earlier == figures.constEnd() ? piece : joined(*earlier, piece));
}

} // namespace

QHash<std::int64_t, AnswerFigures> figuresIn(Sql &sql, std::int64_t conversationId)
{
    const QList<AskedRow> answers = askedRows(
        sql,
        QStringLiteral("SELECT m.id, r.id, r.started_at, r.ended_at FROM message m "
                       "JOIN request r ON r.id = m.request_id WHERE m.conversation_id = ? "
                       "UNION ALL SELECT m.id, r.id, r.started_at, r.ended_at FROM message m "
                       "JOIN answer_piece p ON p.message_id = m.id "
                       "JOIN request r ON r.id = p.request_id WHERE m.conversation_id = ? "
                       "ORDER BY 2"),
        {idValue(conversationId), idValue(conversationId)});
    const QHash<std::int64_t, QList<AttemptRecord>> attempts =
        attemptsInConversation(sql, conversationId);
    QHash<std::int64_t, AnswerFigures> figures;
    for (const AskedRow &answer : answers)
        addFigures(figures, answer, attempts.value(answer.requestId));
    return figures;
}

//! By their requests: the messages may be erased by now.
QHash<std::int64_t, AnswerFigures> figuresOfClosedLanes(Sql &sql, std::int64_t comparisonId,
                                                        UtcTime since)
{
    const QList<AskedRow> asked = askedRows(
        sql,
        QStringLiteral("SELECT c.id, r.id, r.started_at, r.ended_at FROM conversation c "
                       "JOIN request r ON r.conversation_id = c.id WHERE c.comparison_id = ? "
                       "AND c.deleted = 1 AND r.started_at >= ? ORDER BY r.id"),
        {idValue(comparisonId), utcValue(since)});
    QHash<std::int64_t, QHash<std::int64_t, QList<AttemptRecord>>> attempts; // by lane, by request
    QHash<std::int64_t, AnswerFigures> figures;
    for (const AskedRow &one : asked) {
        if (!attempts.contains(one.of))
            attempts.insert(one.of, attemptsInConversation(sql, one.of));
        addFigures(figures, one, attempts.value(one.of).value(one.requestId));
    }
    return figures;
}

} // namespace core
