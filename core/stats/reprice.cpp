#include "core/stats/reprice.h"

#include "core/pricing/costcalculator.h"
#include "core/store/ledgerrows.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace core {

namespace {

//! Same hour, other day: some services have cheaper hours.
UtcTime onDayOf(UtcTime today, UtcTime moment)
{
    using std::chrono::days;
    using std::chrono::floor;
    return floor<days>(today) + (moment - floor<days>(moment));
}

//! By the table, whole and exact: all else has nothing to be compared with.
bool isComparable(const PricedAttempt &attempt)
{
    return attempt.costBasis == CostBasis::Exact && attempt.cost.isExact() &&
           !attempt.usage.reportedCost;
}

//! Who charged, as the ledger has it, and where, if the address is one of theirs.
Seller chargedBy(const PricedAttempt &attempt, const PriceCatalogue &prices)
{
    Seller seller(attempt.priceProvider, attempt.host);
    if (prices.providerOf(seller) != attempt.priceProvider)
        seller.host.clear();
    seller.deployment = attempt.model;
    return seller;
}

std::int64_t difference(const RepriceRow &row)
{
    return std::abs(row.now.count() - row.charged.count());
}

} // namespace

QFuture<Result<QList<RepriceRow>>> reprice(Store &store, const SpendFilter &filter,
                                           const PriceCatalogue &prices, UtcTime today)
{
    return store.read<QList<RepriceRow>>(
        [filter, prices, today](const QString &connection) -> Result<QList<RepriceRow>> {
            QString where = QStringLiteral("a.simulated = ?");
            QVariantList values{filter.simulated ? 1 : 0};
            const auto add = [&](const char *condition, std::int64_t value) {
                where += QStringLiteral(" AND ") + QLatin1StringView(condition);
                values += idValue(value);
            };
            if (filter.since)
                add("a.queued_at >= ?", filter.since->time_since_epoch().count());
            if (filter.until)
                add("a.queued_at < ?", filter.until->time_since_epoch().count());
            if (filter.sessionId != 0)
                add("r.session_id = ?", filter.sessionId);
            if (filter.workspaceId != 0)
                add("r.workspace_id = ?", filter.workspaceId);
            const CostCalculator costs(prices);
            std::map<std::pair<QString, QString>, RepriceRow> rows;
            Sql sql(connection);
            visitPricedAttempts(sql, where, values, [&](const PricedAttempt &attempt) {
                if (attempt.cost.isZero() && attempt.costBasis != CostBasis::Exact)
                    return; // nobody charged for it
                RepriceRow &row = rows[{attempt.provider, attempt.model}];
                row.provider = attempt.provider;
                row.model = attempt.model;
                const Cost now = costs
                                     .cost(chargedBy(attempt, prices), attempt.model, attempt.usage,
                                           onDayOf(today, attempt.queuedAt))
                                     .total;
                if (!isComparable(attempt) || !now.complete) {
                    ++row.leftOut;
                    return;
                }
                ++row.attempts;
                row.charged = saturatingSum(row.charged, attempt.cost.low);
                row.now = saturatingSum(row.now, now.low);
            });
            if (sql.failed())
                return sql.error();
            QList<RepriceRow> list;
            for (const auto &[key, row] : rows)
                list.append(row);
            std::stable_sort(list.begin(), list.end(), [](const auto &a, const auto &b) {
                return difference(a) > difference(b);
            });
            return list;
        });
}

} // namespace core
