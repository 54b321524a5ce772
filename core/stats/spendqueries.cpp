#include "core/stats/spendqueries.h"

#include "core/ledger/budget.h"
#include "core/store/recount.h"
#include "core/store/rollup.h"
#include "core/store/sql.h"

#include <QDateTime>

#include <algorithm>
#include <map>
#include <tuple>

namespace core {

namespace {

using Visitor = std::function<void(const RollupKey &, const RollupSums &)>;

//! The first quarter that does not begin before \p time.
std::int64_t quarterFrom(UtcTime time)
{
    return quarterOf(time + std::chrono::milliseconds(QuarterMs - 1));
}

//! The rows of the quarters that lie whole within \p filter.
void visitWholeQuarters(Sql &sql, const SpendFilter &filter, const Visitor &visit)
{
    QString where = QStringLiteral(" WHERE simulated = ?");
    QVariantList values{filter.simulated ? 1 : 0};
    if (filter.since) {
        where += QStringLiteral(" AND quarter >= ?");
        values += idValue(quarterFrom(*filter.since));
    }
    if (filter.until) {
        where += QStringLiteral(" AND quarter < ?");
        values += idValue(quarterOf(*filter.until));
    }
    if (filter.sessionId != 0) {
        where += QStringLiteral(" AND session_id = ?");
        values += idValue(filter.sessionId);
    }
    if (filter.workspaceId != 0) {
        where += QStringLiteral(" AND workspace_id = ?");
        values += idValue(filter.workspaceId);
    }
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT quarter, workspace_id, session_id, provider, model, simulated, ") +
            rollupColumns() + QStringLiteral(" FROM rollup") + where +
            QStringLiteral(" ORDER BY quarter"),
        values);
    while (sql.next(rows)) {
        const RollupKey key{rows.value(0).toLongLong(), rows.value(1).toLongLong(),
                            rows.value(2).toLongLong(), rows.value(3).toString(),
                            rows.value(4).toString(),   rows.value(5).toBool()};
        visit(key, rollupFrom(rows, 6));
    }
}

//! What is left at both ends of \p filter where it cuts a quarter in two.
void visitCutQuarters(Sql &sql, const SpendFilter &filter, const Visitor &visit)
{
    const auto visitSpan = [&](UtcTime from, UtcTime to) {
        if (from >= to)
            return;
        visitEnded(sql, from, to, [&](const RollupKey &key, const RollupSums &sums) {
            if (key.simulated == filter.simulated &&
                (filter.sessionId == 0 || key.sessionId == filter.sessionId) &&
                (filter.workspaceId == 0 || key.workspaceId == filter.workspaceId))
                visit(key, sums);
        });
    };
    const UtcTime until = filter.until.value_or(UtcTime::max());
    UtcTime counted = filter.since.value_or(UtcTime::min());
    if (filter.since) {
        const UtcTime whole = std::min(startOfQuarter(quarterFrom(*filter.since)), until);
        visitSpan(*filter.since, whole);
        counted = whole;
    }
    if (filter.until)
        visitSpan(std::max(counted, startOfQuarter(quarterOf(until))), until);
}

//! Shows every row of the rollup that \p filter lets pass; a failure if they could not be read.
std::optional<Error> visitRows(const QString &connection, const SpendFilter &filter,
                               const Visitor &visit)
{
    Sql sql(connection);
    visitWholeQuarters(sql, filter, visit);
    visitCutQuarters(sql, filter, visit);
    return sql.failed() ? std::optional(sql.error()) : std::nullopt;
}

SpendSums sumsFrom(const RollupSums &row)
{
    SpendSums sums;
    sums.cost = {row.costLow, row.costHigh, row.costUnknown == 0};
    sums.savedByPromptCache = row.savedByPromptCache;
    sums.savedByResponseCache = row.savedByResponseCache;
    sums.savedUnknown = row.savedUnknown;
    sums.requests = row.requests;
    sums.answered = row.answered;
    sums.failed = row.failed;
    sums.attempts = row.attempts;
    for (auto it = row.tokens.begin(); it != row.tokens.end(); ++it) {
        if (const auto kind = usageKindOf(it.key()))
            sums.tokens.insert(*kind, it.value());
    }
    sums.tokensUnknown = row.tokensUnknown;
    sums.attemptErrors = row.errors;
    sums.firstToken = row.firstToken;
    sums.duration = row.duration;
    sums.outputTokensTimed = row.timedOutputTokens;
    sums.streamingTime = std::chrono::milliseconds(row.streamingMs);
    return sums;
}

using GroupKey = std::tuple<QDate, std::int64_t, QString, QString>;

bool keeps(const QList<SpendGrouping> &by, SpendGrouping grouping)
{
    return by.contains(grouping);
}

SpendRow rowOf(const GroupKey &key, const RollupSums &sums)
{
    SpendRow row;
    row.day = std::get<0>(key);
    row.sessionId = std::get<1>(key);
    row.provider = std::get<2>(key);
    row.model = std::get<3>(key);
    row.sums = sumsFrom(sums);
    return row;
}

//! Time first where the grouping has it, then money: what costs most by its high end.
bool comesBefore(const SpendRow &a, const SpendRow &b)
{
    if (a.day != b.day)
        return a.day < b.day;
    if (a.sessionId != b.sessionId)
        return a.sessionId < b.sessionId; // ids grow with time
    if (a.sums.cost.high != b.sums.cost.high)
        return a.sums.cost.high > b.sums.cost.high;
    return std::tie(a.provider, a.model) < std::tie(b.provider, b.model);
}

QDate dayOf(std::int64_t quarter, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(startOfQuarter(quarter).time_since_epoch().count(), zone)
        .date();
}

} // namespace

void SpendSums::add(const SpendSums &other)
{
    cost = cost.plus(other.cost);
    savedByPromptCache = saturatingSum(savedByPromptCache, other.savedByPromptCache);
    savedByResponseCache = saturatingSum(savedByResponseCache, other.savedByResponseCache);
    savedUnknown += other.savedUnknown;
    requests += other.requests;
    answered += other.answered;
    failed += other.failed;
    attempts += other.attempts;
    for (auto it = other.tokens.begin(); it != other.tokens.end(); ++it)
        tokens[it.key()] = saturatingCount(tokens.value(it.key()), it.value());
    tokensUnknown += other.tokensUnknown;
    for (auto it = other.attemptErrors.begin(); it != other.attemptErrors.end(); ++it)
        attemptErrors[it.key()] += it.value();
    firstToken.merge(other.firstToken);
    duration.merge(other.duration);
    outputTokensTimed = saturatingCount(outputTokensTimed, other.outputTokensTimed);
    streamingTime += other.streamingTime;
}

QFuture<Result<QList<SpendRow>>> SpendQueries::groups(const SpendFilter &filter,
                                                      const QList<SpendGrouping> &by,
                                                      const QTimeZone &zone)
{
    return m_store.read<QList<SpendRow>>(
        [filter, by, zone](const QString &connection) -> Result<QList<SpendRow>> {
            const bool models = keeps(by, SpendGrouping::Model);
            const bool providers = models || keeps(by, SpendGrouping::Provider);
            std::map<GroupKey, RollupSums> groups;
            const auto failure =
                visitRows(connection, filter, [&](const RollupKey &key, const RollupSums &sums) {
                    groups[{keeps(by, SpendGrouping::Day) ? dayOf(key.quarter, zone) : QDate(),
                            keeps(by, SpendGrouping::Session) ? key.sessionId : 0,
                            providers ? key.provider : QString(), models ? key.model : QString()}]
                        .add(sums);
                });
            if (failure)
                return *failure;
            QList<SpendRow> rows;
            for (const auto &[key, sums] : groups)
                rows.append(rowOf(key, sums));
            std::sort(rows.begin(), rows.end(), comesBefore);
            return rows;
        });
}

QFuture<Result<QList<SpendRow>>> SpendQueries::quarters(const SpendFilter &filter)
{
    return m_store.read<QList<SpendRow>>(
        [filter](const QString &connection) -> Result<QList<SpendRow>> {
            std::map<std::tuple<std::int64_t, QString, QString>, RollupSums> quarters;
            const auto failure =
                visitRows(connection, filter, [&](const RollupKey &key, const RollupSums &sums) {
                    quarters[{key.quarter, key.provider, key.model}].add(sums);
                });
            if (failure)
                return *failure;
            QList<SpendRow> rows;
            for (const auto &[key, sums] : quarters) {
                SpendRow row = rowOf({QDate(), 0, std::get<1>(key), std::get<2>(key)}, sums);
                row.quarter = startOfQuarter(std::get<0>(key));
                rows.append(row);
            }
            return rows;
        });
}

QFuture<Result<SpendSums>> SpendQueries::total(const SpendFilter &filter)
{
    return m_store.read<SpendSums>([filter](const QString &connection) -> Result<SpendSums> {
        RollupSums all;
        const auto failure =
            visitRows(connection, filter,
                      [&all](const RollupKey &, const RollupSums &sums) { all.add(sums); });
        if (failure)
            return *failure;
        return sumsFrom(all);
    });
}

} // namespace core
