#include "core/store/ledgerrows.h"

#include "core/store/rollup.h"
#include "core/store/storednames.h"

namespace core {

namespace {

template <typename Key>
QString namedCounts(const QMap<Key, std::int64_t> &counts, QString (*name)(Key))
{
    QMap<QString, std::int64_t> named;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        named.insert(name(it.key()), it.value());
    return countsValue(named);
}

template <typename Key>
QMap<Key, std::int64_t> keyedCounts(const QString &json,
                                    std::optional<Key> (*keyOf)(const QString &))
{
    QMap<Key, std::int64_t> counts;
    const QMap<QString, std::int64_t> named = countsFrom(json);
    for (auto it = named.begin(); it != named.end(); ++it) {
        if (const auto key = keyOf(it.key()))
            counts.insert(*key, it.value());
    }
    return counts;
}

QVariant millisecondsValue(const std::optional<std::chrono::milliseconds> &time)
{
    return time ? QVariant(qint64(time->count())) : QVariant();
}

std::optional<std::chrono::milliseconds> millisecondsFrom(const QVariant &value)
{
    if (value.isNull())
        return std::nullopt;
    return std::chrono::milliseconds(value.toLongLong());
}

QVariant moneyValue(const std::optional<PicoUsd> &money)
{
    return money ? QVariant(qint64(money->count())) : QVariant();
}

std::optional<PicoUsd> moneyFrom(const QVariant &value)
{
    if (value.isNull())
        return std::nullopt;
    return PicoUsd(value.toLongLong());
}

void insertUsage(Sql &sql, std::int64_t attemptId, int part, const Usage &usage)
{
    sql.run(QStringLiteral("INSERT INTO usage (attempt_id, part, basis, service_tier, "
                           "inference_geo, speed, model, context_tokens, reported_pico_usd, "
                           "tokens, fees, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            {idValue(attemptId), part, usageBasisName(usage.basis), usage.serviceTier,
             usage.inferenceGeo, usage.speed, usage.model, optionalValue(usage.contextTokens),
             moneyValue(usage.reportedCost), namedCounts(usage.tokens, usageKindName),
             namedCounts(usage.fees, feeUnitName), usage.raw});
}

void insertCostLine(Sql &sql, std::int64_t attemptId, qsizetype position, const CostLine &line)
{
    sql.run(QStringLiteral("INSERT INTO cost_line (attempt_id, position, kind, quantity, "
                           "per_million, multiplier, amount, rate_card, flags) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            {idValue(attemptId), position, line.kind, idValue(line.quantity),
             moneyValue(line.perMillion), line.multiplier, moneyValue(line.amount), line.rateCard,
             listValue(line.flags)});
}

int updateAttempt(Sql &sql, const AttemptRecord &attempt)
{
    const Cost &total = attempt.cost.total;
    return sql.run(
        QStringLiteral(
            "UPDATE attempt SET outcome = ?, sent_ms = ?, headers_ms = ?, first_byte_ms = ?, "
            "first_visible_ms = ?, last_byte_ms = ?, end_ms = ?, waited_ms = ?, http_status = ?, "
            "provider_request_id = ?, answered_model = ?, error_code = ?, error = ?, bytes = ?, "
            "visible = ?, terminal_seen = ?, cost_low = ?, cost_high = ?, cost_complete = ?, "
            "cost_basis = ?, rate_card = ?, cost_flags = ?, saved = ?, saved_by = ? "
            "WHERE id = ? AND outcome = 'open'"),
        {storedName(attempt.outcome),
         millisecondsValue(attempt.times.sent),
         millisecondsValue(attempt.times.headers),
         millisecondsValue(attempt.times.firstByte),
         millisecondsValue(attempt.times.firstVisible),
         millisecondsValue(attempt.times.lastByte),
         qint64(attempt.times.end.count()),
         qint64(attempt.waited.count()),
         attempt.httpStatus,
         attempt.providerRequestId,
         attempt.answeredModel,
         attempt.error ? QVariant(errorCode(attempt.error->kind)) : QVariant(),
         errorValue(attempt.error, ServiceWords::LeaveOut),
         idValue(attempt.bytes),
         attempt.visible ? 1 : 0,
         attempt.terminalSeen ? 1 : 0,
         idValue(total.low.count()),
         idValue(total.high.count()),
         total.complete ? 1 : 0,
         storedName(attempt.costBasis),
         attempt.cost.rateCard,
         listValue(attempt.cost.flags),
         moneyValue(attempt.saved),
         storedName(attempt.savedBy),
         idValue(attempt.id)});
}

//! Where the attempt's sums go; by its own row, which recovery has no record of.
std::optional<RollupKey> keyOf(Sql &sql, std::int64_t attemptId)
{
    QSqlQuery row = sql.rows(
        QStringLiteral("SELECT a.queued_at, r.workspace_id, r.session_id, a.provider, a.model, "
                       "a.simulated FROM attempt a JOIN request r ON r.id = a.request_id "
                       "WHERE a.id = ?"),
        {idValue(attemptId)});
    if (!sql.next(row))
        return std::nullopt;
    return RollupKey{quarterOf(utcFrom(row.value(0))), row.value(1).toLongLong(),
                     row.value(2).toLongLong(),        row.value(3).toString(),
                     row.value(4).toString(),          row.value(5).toBool()};
}

//! Where a request counts that nobody was asked for.
std::optional<RollupKey> keyOf(Sql &sql, std::int64_t requestId, const Target &asked)
{
    if (asked.provider.isEmpty())
        return std::nullopt;
    QSqlQuery row =
        sql.rows(QStringLiteral("SELECT started_at, workspace_id, session_id FROM request "
                                "WHERE id = ?"),
                 {idValue(requestId)});
    if (!sql.next(row))
        return std::nullopt;
    return RollupKey{quarterOf(utcFrom(row.value(0))),
                     row.value(1).toLongLong(),
                     row.value(2).toLongLong(),
                     asked.provider,
                     asked.model,
                     asked.simulated};
}

Usage usageFrom(const QSqlQuery &row)
{
    Usage usage;
    usage.basis = usageBasisOf(row.value(1).toString()).value_or(UsageBasis::None);
    usage.serviceTier = row.value(2).toString();
    usage.inferenceGeo = row.value(3).toString();
    usage.speed = row.value(4).toString();
    usage.model = row.value(5).toString();
    if (!row.value(6).isNull())
        usage.contextTokens = row.value(6).toLongLong();
    usage.reportedCost = moneyFrom(row.value(7));
    usage.tokens = keyedCounts(row.value(8).toString(), usageKindOf);
    usage.fees = keyedCounts(row.value(9).toString(), feeUnitOf);
    usage.raw = row.value(10).toByteArray();
    return usage;
}

Usage readUsage(Sql &sql, std::int64_t attemptId)
{
    Usage whole;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT part, basis, service_tier, inference_geo, speed, model, "
                                "context_tokens, reported_pico_usd, tokens, fees, raw FROM usage "
                                "WHERE attempt_id = ? ORDER BY part"),
                 {idValue(attemptId)});
    while (sql.next(rows)) {
        if (rows.value(0).toInt() == 0)
            whole = usageFrom(rows);
        else
            whole.parts.append(usageFrom(rows));
    }
    return whole;
}

QList<CostLine> readCostLines(Sql &sql, std::int64_t attemptId)
{
    QList<CostLine> lines;
    QSqlQuery rows = sql.rows(
        QStringLiteral("SELECT kind, quantity, per_million, multiplier, amount, rate_card, flags "
                       "FROM cost_line WHERE attempt_id = ? ORDER BY position"),
        {idValue(attemptId)});
    while (sql.next(rows)) {
        lines.append({rows.value(0).toString(), rows.value(1).toLongLong(),
                      moneyFrom(rows.value(2)), rows.value(3).toString(), moneyFrom(rows.value(4)),
                      rows.value(5).toString(), listFrom(rows.value(6).toString())});
    }
    return lines;
}

//! The columns that attemptFrom() reads, in its order. An open attempt may cost up to its worst
//! case.
QString attemptColumns()
{
    return QStringLiteral(
        "a.id, a.number, a.cause, a.provider, a.account_id, a.base_url, a.model, a.simulated, "
        "a.outcome, a.queued_at, a.sent_ms, a.headers_ms, a.first_byte_ms, a.first_visible_ms, "
        "a.last_byte_ms, a.end_ms, a.waited_ms, a.http_status, a.provider_request_id, "
        "a.answered_model, a.error, a.bytes, a.visible, a.terminal_seen, "
        "coalesce(a.cost_low, 0), coalesce(a.cost_high, a.worst_high), "
        "coalesce(a.cost_complete, a.worst_complete), a.cost_basis, a.rate_card, a.cost_flags, "
        "a.request_id, a.saved, a.saved_by");
}

AttemptRecord attemptFrom(const QSqlQuery &row)
{
    AttemptRecord attempt;
    attempt.id = row.value(0).toLongLong();
    attempt.number = row.value(1).toInt();
    attempt.cause = attemptCauseFrom(row.value(2).toString());
    attempt.target = targetFrom(row, 3);
    attempt.outcome = attemptOutcomeFrom(row.value(8).toString());
    attempt.queuedAt = utcFrom(row.value(9));
    attempt.times.sent = millisecondsFrom(row.value(10));
    attempt.times.headers = millisecondsFrom(row.value(11));
    attempt.times.firstByte = millisecondsFrom(row.value(12));
    attempt.times.firstVisible = millisecondsFrom(row.value(13));
    attempt.times.lastByte = millisecondsFrom(row.value(14));
    attempt.times.end = std::chrono::milliseconds(row.value(15).toLongLong());
    attempt.waited = std::chrono::milliseconds(row.value(16).toLongLong());
    attempt.httpStatus = row.value(17).toInt();
    attempt.providerRequestId = row.value(18).toString();
    attempt.answeredModel = row.value(19).toString();
    attempt.error = errorFrom(row.value(20));
    attempt.bytes = row.value(21).toLongLong();
    attempt.visible = row.value(22).toBool();
    attempt.terminalSeen = row.value(23).toBool();
    attempt.cost.total = {PicoUsd(row.value(24).toLongLong()), PicoUsd(row.value(25).toLongLong()),
                          row.value(26).toBool()};
    attempt.costBasis = costBasisFrom(row.value(27).toString());
    attempt.cost.rateCard = row.value(28).toString();
    attempt.cost.flags = listFrom(row.value(29).toString());
    attempt.requestId = row.value(30).toLongLong();
    attempt.saved = moneyFrom(row.value(31));
    attempt.savedBy = savedByFrom(row.value(32).toString());
    return attempt;
}

} // namespace

void insertRequest(Sql &sql, std::int64_t requestId, const RequestOwner &owner, UtcTime startedAt)
{
    sql.run(QStringLiteral("INSERT INTO request (id, conversation_id, workspace_id, session_id, "
                           "started_at, state) VALUES (?, ?, ?, ?, ?, 'open')"),
            {idValue(requestId), referenceValue(owner.conversationId), idValue(owner.workspaceId),
             idValue(owner.sessionId), utcValue(startedAt)});
}

OpenedAttempt insertAttempt(Sql &sql, const AttemptOpening &attempt, const BudgetMoment &here)
{
    QVariantList values{idValue(attempt.id), idValue(attempt.requestId), attempt.number,
                        storedName(attempt.cause)};
    values += targetValues(attempt.target);
    values += QVariantList{
        attempt.priceProvider, utcValue(attempt.queuedAt), idValue(attempt.worstCase.low.count()),
        idValue(attempt.worstCase.high.count()), attempt.worstCase.complete ? 1 : 0};
    sql.run(QStringLiteral("INSERT INTO attempt (id, request_id, number, cause, provider, "
                           "account_id, base_url, model, simulated, price_provider, queued_at, "
                           "worst_low, worst_high, worst_complete, outcome) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')"),
            values);
    return {reserve(sql, attempt, here)};
}

void endAttempt(Sql &sql, const AttemptRecord &attempt)
{
    if (updateAttempt(sql, attempt) == 0)
        return;
    if (attempt.usage != Usage()) {
        insertUsage(sql, attempt.id, 0, attempt.usage);
        for (int i = 0; i < attempt.usage.parts.size(); ++i)
            insertUsage(sql, attempt.id, i + 1, attempt.usage.parts.at(i));
    }
    for (qsizetype i = 0; i < attempt.cost.lines.size(); ++i)
        insertCostLine(sql, attempt.id, i, attempt.cost.lines.at(i));
    settle(sql, attempt);
    if (const auto key = keyOf(sql, attempt.id))
        addToRollup(sql, *key, rollupOf(attempt));
}

void endRequest(Sql &sql, std::int64_t requestId, RequestState state, UtcTime now,
                const Target &asked)
{
    const int changed =
        sql.run(QStringLiteral(
                    "UPDATE request SET state = ?, ended_at = ? WHERE id = ? AND state = 'open'"),
                {storedName(state), utcValue(now), idValue(requestId)});
    if (changed == 0)
        return;
    const auto last = sql.first(QStringLiteral("SELECT id FROM attempt WHERE request_id = ? "
                                               "ORDER BY number DESC LIMIT 1"),
                                {idValue(requestId)});
    const auto key = last ? keyOf(sql, last->toLongLong()) : keyOf(sql, requestId, asked);
    if (key)
        addToRollup(sql, *key, rollupOf(state));
}

QList<AttemptRecord> attemptsOf(Sql &sql, std::int64_t requestId)
{
    QList<AttemptRecord> attempts;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT ") + attemptColumns() +
                     QStringLiteral(" FROM attempt a WHERE a.request_id = ? ORDER BY a.number"),
                 {idValue(requestId)});
    while (sql.next(rows)) {
        AttemptRecord attempt = attemptFrom(rows);
        attempt.usage = readUsage(sql, attempt.id);
        attempt.cost.lines = readCostLines(sql, attempt.id);
        attempts.append(attempt);
    }
    return attempts;
}

QList<AttemptRecord> attemptsOfAnswer(Sql &sql, std::int64_t requestId)
{
    QList<AttemptRecord> attempts;
    QSqlQuery earlier = sql.rows(
        QStringLiteral("SELECT p.request_id FROM message m JOIN answer_piece p ON p.message_id = "
                       "m.id WHERE m.request_id = ? ORDER BY p.position"),
        {idValue(requestId)});
    QList<std::int64_t> requests;
    while (sql.next(earlier))
        requests.append(earlier.value(0).toLongLong());
    requests.append(requestId);
    for (const std::int64_t request : std::as_const(requests))
        attempts += attemptsOf(sql, request);
    for (qsizetype i = 0; i < attempts.size(); ++i)
        attempts[i].number = static_cast<int>(i) + 1;
    return attempts;
}

QHash<std::int64_t, QList<AttemptRecord>> attemptsInConversation(Sql &sql,
                                                                 std::int64_t conversationId)
{
    QHash<std::int64_t, Usage> usages;
    QSqlQuery usageRows = sql.rows(
        QStringLiteral("SELECT u.part, u.basis, u.service_tier, u.inference_geo, u.speed, u.model, "
                       "u.context_tokens, u.reported_pico_usd, u.tokens, u.fees, u.raw, "
                       "u.attempt_id FROM request r JOIN attempt a ON a.request_id = r.id "
                       "JOIN usage u ON u.attempt_id = a.id AND u.part = 0 "
                       "WHERE r.conversation_id = ?"),
        {idValue(conversationId)});
    while (sql.next(usageRows))
        usages.insert(usageRows.value(11).toLongLong(), usageFrom(usageRows));
    QHash<std::int64_t, PicoUsd> spent;
    QSqlQuery spentRows =
        sql.rows(QStringLiteral("SELECT s.attempt_id, s.spent FROM request r JOIN attempt a ON "
                                "a.request_id = r.id JOIN reservation s ON s.attempt_id = a.id "
                                "WHERE r.conversation_id = ? AND s.spent IS NOT NULL"),
                 {idValue(conversationId)});
    while (sql.next(spentRows))
        spent.insert(spentRows.value(0).toLongLong(), PicoUsd(spentRows.value(1).toLongLong()));
    QHash<std::int64_t, QList<AttemptRecord>> attempts;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT ") + attemptColumns() +
                     QStringLiteral(" FROM request r JOIN attempt a ON a.request_id = r.id "
                                    "WHERE r.conversation_id = ? ORDER BY a.request_id, a.number"),
                 {idValue(conversationId)});
    while (sql.next(rows)) {
        AttemptRecord attempt = attemptFrom(rows);
        attempt.usage = usages.value(attempt.id);
        if (!attempt.cost.total.complete && spent.contains(attempt.id))
            attempt.mostItCost = spent.value(attempt.id);
        attempts[attempt.requestId].append(attempt);
    }
    return attempts;
}

void visitPricedAttempts(Sql &sql, const QString &where, const QVariantList &values,
                         const std::function<void(const PricedAttempt &)> &visit)
{
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT u.part, u.basis, u.service_tier, u.inference_geo, u.speed, "
                                "u.model, u.context_tokens, u.reported_pico_usd, u.tokens, u.fees, "
                                "u.raw, a.id, a.provider, a.price_provider, a.model, a.queued_at, "
                                "a.cost_low, a.cost_high, a.cost_complete, a.cost_basis, "
                                "a.base_url FROM attempt a JOIN request r ON r.id = a.request_id "
                                "LEFT JOIN usage u ON u.attempt_id = a.id "
                                "WHERE a.outcome <> 'open' AND ") +
                     where + QStringLiteral(" ORDER BY a.id, u.part"),
                 values);
    std::optional<PricedAttempt> attempt;
    std::int64_t id = 0;
    while (sql.next(rows)) {
        if (attempt && rows.value(11).toLongLong() == id) {
            attempt->usage.parts.append(usageFrom(rows));
            continue;
        }
        if (attempt)
            visit(*attempt);
        id = rows.value(11).toLongLong();
        attempt = PricedAttempt{rows.value(12).toString(),
                                rows.value(13).toString(),
                                rows.value(14).toString(),
                                utcFrom(rows.value(15)),
                                {PicoUsd(rows.value(16).toLongLong()),
                                 PicoUsd(rows.value(17).toLongLong()), rows.value(18).toBool()},
                                costBasisFrom(rows.value(19).toString()),
                                rows.value(0).isNull() ? Usage() : usageFrom(rows),
                                QUrl(rows.value(20).toString()).host().toLower()};
    }
    if (attempt)
        visit(*attempt);
}

} // namespace core
