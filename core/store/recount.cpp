#include "core/store/recount.h"

#include "core/store/ledgerrows.h"
#include "core/store/storednames.h"

namespace core {

void visitEnded(Sql &sql, UtcTime from, UtcTime to,
                const std::function<void(const RollupKey &, const RollupSums &)> &visit)
{
    const auto isWithin = [from, to](UtcTime time) { return from <= time && time < to; };
    QSqlQuery rows = sql.rows(
        QStringLiteral(
            "SELECT r.id, r.workspace_id, r.session_id, r.state, r.started_at, m.provider, "
            "m.account_id, m.base_url, m.model, m.simulated "
            "FROM request r LEFT JOIN message m ON m.request_id = r.id WHERE r.id IN "
            "(SELECT request_id FROM attempt WHERE queued_at >= ? AND queued_at < ? UNION "
            "SELECT id FROM request WHERE started_at >= ? AND started_at < ?) GROUP BY r.id"),
        {utcValue(from), utcValue(to), utcValue(from), utcValue(to)});
    while (sql.next(rows)) {
        const auto keyAt = [&rows](UtcTime time, const Target &target) {
            return RollupKey{quarterOf(time),
                             rows.value(1).toLongLong(),
                             rows.value(2).toLongLong(),
                             target.provider,
                             target.model,
                             target.simulated};
        };
        const QList<AttemptRecord> attempts = attemptsOf(sql, rows.value(0).toLongLong());
        for (const AttemptRecord &attempt : attempts) {
            if (attempt.outcome != AttemptOutcome::Open && isWithin(attempt.queuedAt))
                visit(keyAt(attempt.queuedAt, attempt.target), rollupOf(attempt));
        }
        const RequestState state = requestStateFrom(rows.value(3).toString());
        if (state == RequestState::Open)
            continue;
        // As endRequest() counts it.
        const Target asked = attempts.isEmpty() ? targetFrom(rows, 5) : attempts.last().target;
        const UtcTime time = attempts.isEmpty() ? utcFrom(rows.value(4)) : attempts.last().queuedAt;
        if (isWithin(time) && !asked.provider.isEmpty())
            visit(keyAt(time, asked), rollupOf(state));
    }
}

} // namespace core
