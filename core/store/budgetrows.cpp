#include "core/store/budgetrows.h"

#include "core/store/storednames.h"

#include <algorithm>

namespace core {

namespace {

//! Whether an attempt is the first of its request that a budget counts: a provider to which it fell
//! back is asked for the first time, too.
QString beginsRequest(BudgetScope scope)
{
    if (scope != BudgetScope::Provider)
        return QStringLiteral("requests");
    return QStringLiteral(
        "(requests OR NOT EXISTS (SELECT 1 FROM attempt a JOIN attempt e ON e.request_id = "
        "a.request_id AND e.number < a.number JOIN reservation r ON r.attempt_id = e.id WHERE a.id "
        "= reservation.attempt_id AND r.provider = reservation.provider))");
}

//! The columns of what is settled and of what is set aside.
std::pair<QString, QString> columnsOf(const Budget &budget)
{
    switch (budget.unit) {
    case LimitUnit::Money:
        return {QStringLiteral("coalesce(spent, 0)"),
                QStringLiteral("CASE WHEN spent IS NULL THEN reserved ELSE 0 END")};
    case LimitUnit::Tokens:
        return {QStringLiteral("coalesce(tokens_spent, 0)"),
                QStringLiteral("CASE WHEN tokens_spent IS NULL THEN tokens ELSE 0 END")};
    case LimitUnit::Requests:
        return {QStringLiteral("CASE WHEN spent IS NULL THEN 0 ELSE %1 END")
                    .arg(beginsRequest(budget.scope)),
                QStringLiteral("CASE WHEN spent IS NULL THEN %1 ELSE 0 END")
                    .arg(beginsRequest(budget.scope))};
    }
    Q_UNREACHABLE();
}

//! What a budget counts; \p values are those of the condition.
QString condition(const Budget &budget, const BudgetSpan &span, std::int64_t sessionId,
                  QVariantList &values)
{
    QString where = QStringLiteral(" WHERE simulated = 0");
    if (budget.period == LimitPeriod::Session) {
        where += QStringLiteral(" AND session_id = ?");
        values += idValue(sessionId);
    } else {
        where += QStringLiteral(" AND reserved_at >= ? AND reserved_at < ?");
        values += QVariantList{utcValue(span.begin), utcValue(span.end)};
    }
    if (budget.scope == BudgetScope::Workspace) {
        where += QStringLiteral(" AND workspace_id = ?");
        values += idValue(budget.scopeKey.toLongLong());
    } else if (budget.scope == BudgetScope::Provider) {
        where += QStringLiteral(" AND provider = ?");
        values += budget.scopeKey;
    }
    return where;
}

struct StoredBudget
{
    Budget budget;
    QString askedPeriod;
};

QList<StoredBudget> storedBudgets(Sql &sql, const QList<Budget> &further)
{
    QList<StoredBudget> budgets;
    for (const Budget &budget : further)
        budgets.append({budget, {}});
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT id, scope, scope_key, period, unit, limit_amount, hard, zone, "
                       "asked_period FROM budget ORDER BY id"));
    while (sql.next(rows)) {
        Budget budget;
        budget.id = rows.value(0).toLongLong();
        budget.scope = budgetScopeFrom(rows.value(1).toString());
        budget.scopeKey = rows.value(2).toString();
        budget.period = limitPeriodFrom(rows.value(3).toString());
        budget.unit = limitUnitFrom(rows.value(4).toString());
        budget.limit = rows.value(5).toLongLong();
        budget.hard = rows.value(6).toBool();
        budget.zone = rows.value(7).toString().toLatin1();
        budgets.append({budget, rows.value(8).toString()});
    }
    return budgets;
}

BudgetStanding standingOf(Sql &sql, const StoredBudget &stored, const BudgetMoment &moment)
{
    BudgetStanding standing;
    standing.budget = stored.budget;
    standing.span = spanAt(stored.budget.period, moment.at, zoneOf(stored.budget, moment.zone));
    if (stored.budget.period == LimitPeriod::Session)
        standing.span.name = QString::number(moment.sessionId);
    standing.asked = stored.askedPeriod == standing.span.name;
    const auto [settled, open] = columnsOf(stored.budget);
    QVariantList values;
    const QString where = condition(stored.budget, standing.span, moment.sessionId, values);
    QSqlQuery row = sql.rows(QStringLiteral("SELECT ") + splitSum(settled) + QStringLiteral(", ") +
                                 splitSum(open) + QStringLiteral(" FROM reservation") + where,
                             values);
    if (!sql.next(row))
        return standing;
    standing.spent = sumFrom(row, 0);
    standing.reserved = sumFrom(row, 2);
    return standing;
}

//! For those who look; what blocks a send counts ranges by their high end alone.
void addUnsure(Sql &sql, BudgetStanding &standing, std::int64_t sessionId)
{
    if (standing.budget.unit != LimitUnit::Money || standing.spent == 0)
        return;
    QVariantList values;
    const QString where = condition(standing.budget, standing.span, sessionId, values);
    QSqlQuery row =
        sql.rows(QStringLiteral("SELECT ") +
                     splitSum(QStringLiteral("max(r.spent - coalesce(a.cost_low, 0), 0)")) +
                     QStringLiteral(", coalesce(min(a.cost_complete), 1) FROM "
                                    "(SELECT attempt_id, spent FROM reservation%1 AND spent IS NOT "
                                    "NULL) r JOIN attempt a ON a.id = r.attempt_id")
                         .arg(where),
                 values);
    if (!sql.next(row))
        return;
    standing.unsure = std::min(sumFrom(row, 0), standing.spent);
    standing.priced = row.value(2).toBool();
}

bool counts(const Budget &budget, std::int64_t workspaceId, const QString &provider)
{
    switch (budget.scope) {
    case BudgetScope::All:
        return true;
    case BudgetScope::Workspace:
        return budget.scopeKey.toLongLong() == workspaceId;
    case BudgetScope::Provider:
        return budget.scopeKey == provider;
    }
    Q_UNREACHABLE();
}

Error exceeded(const Shortfall &shortfall)
{
    Error error =
        makeError(ErrorKind::BudgetExceeded,
                  QStringLiteral("%1 %2 budget: needs %3, has %4 left")
                      .arg(shortfall.hard ? QStringLiteral("hard") : QStringLiteral("soft"),
                           storedName(shortfall.period))
                      .arg(shortfall.need)
                      .arg(shortfall.left));
    error.shortfall = shortfall;
    return error;
}

//! Requests that an attempt begins: 1 or 0, as beginsRequest().
struct RequestsBegun
{
    std::int64_t anywhere = 0;
    std::int64_t atProvider = 0;
    [[nodiscard]] std::int64_t in(const Budget &budget) const
    {
        return budget.scope == BudgetScope::Provider ? atProvider : anywhere;
    }
};

RequestsBegun requestsBegun(Sql &sql, const AttemptOpening &attempt, const QString &provider)
{
    if (attempt.number == 1)
        return {1, 1};
    const auto earlier = sql.first(
        QStringLiteral("SELECT 1 FROM attempt a JOIN reservation r ON r.attempt_id = a.id WHERE "
                       "a.request_id = ? AND a.number < ? AND r.provider = ? LIMIT 1"),
        {idValue(attempt.requestId), attempt.number, provider});
    return {0, earlier ? 0 : 1};
}

//! Whether the attempt fits everywhere; a soft budget that the user let pass remembers it.
bool fits(Sql &sql, const QList<BudgetStanding> &standings, const Reservation &reservation,
          const RequestsBegun &requests, std::int64_t sessionId)
{
    const BudgetStanding *first = nullptr;
    for (const BudgetStanding &standing : standings) {
        if (shortfallOf(standing, reservation, requests.in(standing.budget)) &&
            (!first || (standing.budget.hard && !first->budget.hard)))
            first = &standing;
    }
    if (first) {
        BudgetStanding told = *first; // with what the person has to know to judge it
        addUnsure(sql, told, sessionId);
        const auto shortfall = shortfallOf(told, reservation, requests.in(told.budget));
        sql.fail(exceeded(shortfall.value_or(Shortfall())));
        return false;
    }
    if (reservation.consent == Consent::None)
        return true;
    Reservation unasked = reservation;
    unasked.consent = Consent::None;
    for (const BudgetStanding &standing : standings) {
        if (!standing.budget.hard && shortfallOf(standing, unasked, requests.in(standing.budget)))
            sql.run(QStringLiteral("UPDATE budget SET asked_period = ? WHERE id = ?"),
                    {standing.span.name, idValue(standing.budget.id)});
    }
    return true;
}

//! Input and output as counted, or what they may have been; what was set aside where neither is
//! known.
QVariant tokensOf(const AttemptRecord &attempt)
{
    const bool isFree =
        attempt.costBasis == CostBasis::NotSent || attempt.costBasis == CostBasis::NotCharged;
    if (isFree)
        return 0;
    if (attempt.mostTokens)
        return idValue(*attempt.mostTokens);
    const auto input = attempt.usage.count(UsageKind::Input);
    const auto output = attempt.usage.count(UsageKind::Output);
    if (!input && !output)
        return {};
    return idValue(saturatingCount(std::max<std::int64_t>(input.value_or(0), 0),
                                   std::max<std::int64_t>(output.value_or(0), 0)));
}

} // namespace

QList<Budget> readBudgets(Sql &sql)
{
    QList<Budget> budgets;
    const QList<StoredBudget> stored = storedBudgets(sql, {});
    for (const StoredBudget &one : stored)
        budgets.append(one.budget);
    return budgets;
}

void putBudget(Sql &sql, const Budget &budget)
{
    sql.run(QStringLiteral("INSERT OR REPLACE INTO budget (id, scope, scope_key, period, unit, "
                           "limit_amount, hard, zone, asked_period, noticed_percent, "
                           "noticed_period) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, '')"),
            {idValue(budget.id), storedName(budget.scope), budget.scopeKey,
             storedName(budget.period), storedName(budget.unit), idValue(budget.limit),
             budget.hard ? 1 : 0, QString::fromLatin1(budget.zone)});
}

void removeBudget(Sql &sql, std::int64_t id)
{
    sql.run(QStringLiteral("DELETE FROM budget WHERE id = ?"), {idValue(id)});
}

QList<BudgetStanding> readStandings(Sql &sql, const BudgetMoment &moment)
{
    QList<BudgetStanding> standings;
    const QList<StoredBudget> stored = storedBudgets(sql, moment.further);
    for (const StoredBudget &one : stored)
        standings.append(standingOf(sql, one, moment));
    for (BudgetStanding &standing : standings)
        addUnsure(sql, standing, moment.sessionId);
    return standings;
}

bool reserve(Sql &sql, const AttemptOpening &attempt, BudgetMoment moment)
{
    const Reservation &wanted = attempt.reservation;
    const QString provider = wanted.provider.isEmpty() ? attempt.target.provider : wanted.provider;
    std::int64_t workspaceId = 0;
    moment.at = attempt.queuedAt;
    {
        QSqlQuery request =
            sql.rows(QStringLiteral("SELECT workspace_id, session_id FROM request WHERE id = ?"),
                     {idValue(attempt.requestId)});
        if (!sql.next(request))
            return false;
        workspaceId = request.value(0).toLongLong();
        moment.sessionId = request.value(1).toLongLong();
    }
    const RequestsBegun requests = requestsBegun(sql, attempt, provider);
    Reservation reservation = wanted;
    reservation.money = std::max(wanted.money, attempt.worstCase.high);
    bool isHard = false;
    if (!attempt.target.simulated) {
        QList<BudgetStanding> standings;
        const QList<StoredBudget> stored = storedBudgets(sql, moment.further);
        for (const StoredBudget &one : stored) {
            if (!counts(one.budget, workspaceId, provider))
                continue;
            standings.append(standingOf(sql, one, moment));
            isHard = isHard || (one.budget.hard && one.budget.unit != LimitUnit::Requests);
        }
        if (!fits(sql, standings, reservation, requests, moment.sessionId))
            return false;
    }
    sql.run(QStringLiteral("INSERT INTO reservation (attempt_id, workspace_id, session_id, "
                           "provider, simulated, reserved_at, reserved, tokens, requests) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            {idValue(attempt.id), idValue(workspaceId), idValue(moment.sessionId), provider,
             attempt.target.simulated ? 1 : 0, utcValue(attempt.queuedAt),
             idValue(reservation.money.count()), idValue(reservation.tokens),
             idValue(requests.anywhere)});
    return isHard;
}

void settle(Sql &sql, const AttemptRecord &attempt)
{
    // Ranges count by their high end; a cost without a price by an upper estimate, never as free.
    const Cost &total = attempt.cost.total;
    QVariant spent;
    if (total.complete)
        spent = idValue(total.high.count());
    else if (attempt.mostItCost)
        spent = idValue(std::max(*attempt.mostItCost, total.high).count());
    sql.run(QStringLiteral("UPDATE reservation SET spent = coalesce(?, max(reserved, ?)), "
                           "tokens_spent = coalesce(?, tokens) WHERE attempt_id = ?"),
            {spent, idValue(total.high.count()), tokensOf(attempt), idValue(attempt.id)});
}

bool claimNotice(Sql &sql, const BudgetStanding &standing, int percent)
{
    const int changed = sql.run(
        QStringLiteral("UPDATE budget SET noticed_percent = ?, noticed_period = ? WHERE id = ? "
                       "AND (noticed_period <> ? OR noticed_percent < ?)"),
        {percent, standing.span.name, idValue(standing.budget.id), standing.span.name, percent});
    return changed == 1;
}

} // namespace core
