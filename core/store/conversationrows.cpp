#include "core/store/conversationrows.h"

#include "core/store/storednames.h"
#include "core/store/textindex.h"

#include <algorithm>

namespace core {

namespace {

//! What a row of the sidebar tells beyond its own columns: two queries, compiled once for all rows.
class SidebarDetails
{
public:
    //! \p chosen: the conversations of a row, as a condition with its id as the one parameter.
    SidebarDetails(Sql &sql, const QString &chosen)
        : m_sql(sql)
        , m_money(sql.compiled(
              QStringLiteral("SELECT a.simulated, ") +
              splitSum(QStringLiteral("coalesce(a.cost_low, 0)")) + QStringLiteral(", ") +
              splitSum(QStringLiteral("coalesce(a.cost_high, a.worst_high)")) +
              QStringLiteral(", coalesce(min(coalesce(a.cost_complete, a.worst_complete)), 1), "
                             // Of this machine alone, but for attempts that cost nothing anywhere.
                             "max(a.cost_basis = 'local') AND min(a.cost_basis IN "
                             "('', 'local', 'not_sent', 'not_charged', 'cached')) "
                             "FROM request r JOIN attempt a ON a.request_id = r.id "
                             "WHERE r.conversation_id ") +
              chosen + QStringLiteral(" GROUP BY a.simulated ORDER BY a.simulated LIMIT 1")))
        , m_last(sql.compiled(QStringLiteral("SELECT state, provider, model FROM message "
                                             "WHERE role = 'assistant' AND conversation_id ") +
                              chosen + QStringLiteral(" ORDER BY id DESC LIMIT 1")))
    {
    }

    void add(SidebarEntry &entry)
    {
        addMoney(entry);
        addLastAnswer(entry);
    }

private:
    //! What all its attempts cost. Simulated money never adds to real money: it counts only where
    //! there is no other.
    void addMoney(SidebarEntry &entry)
    {
        if (!m_sql.rows(m_money, {idValue(entry.id)}) || !m_sql.next(m_money))
            return;
        entry.simulated = m_money.value(0).toBool();
        entry.cost = {PicoUsd(sumFrom(m_money, 1)), PicoUsd(sumFrom(m_money, 3)),
                      m_money.value(5).toBool()};
        entry.local = m_money.value(6).toBool();
    }

    void addLastAnswer(SidebarEntry &entry)
    {
        if (!m_sql.rows(m_last, {idValue(entry.id)}) || !m_sql.next(m_last))
            return;
        entry.lastState = messageStateFrom(m_last.value(0).toString());
        if (entry.comparison || m_last.value(1).toString().isEmpty())
            return;
        entry.provider = m_last.value(1).toString();
        entry.model = m_last.value(2).toString();
    }

    Sql &m_sql;
    QSqlQuery m_money;
    QSqlQuery m_last;
};

//! In the column context_start; other values are messages' ids, which are above 0.
constexpr std::int64_t StoredAll = 0;
constexpr std::int64_t StoredNextQuestion = -1;

QVariant startValue(const ContextStart &start)
{
    return idValue(start.isAtNextQuestion() ? StoredNextQuestion
                                            : start.message().value_or(StoredAll));
}

ContextStart startFrom(const QVariant &value)
{
    switch (const std::int64_t stored = value.toLongLong()) {
    case StoredAll:
        return {};
    case StoredNextQuestion:
        return ContextStart::atNextQuestion();
    default:
        return ContextStart::at(stored);
    }
}

} // namespace

void putConversation(Sql &sql, const ConversationRecord &record, std::int64_t defaultWorkspace)
{
    QVariantList values{
        idValue(record.id),
        idValue(record.workspaceId == 0 ? defaultWorkspace : record.workspaceId),
        storedName(record.kind),
        record.title,
        record.titleIsOwn ? 1 : 0,
        record.pinned ? 1 : 0,
        record.archived ? 1 : 0,
        record.deleted ? 1 : 0,
        record.draft,
        record.scrollAnchor,
        idValue(record.activeLeaf),
        referenceValue(record.comparisonId),
        record.lane,
    };
    values += targetValues(record.target);
    values += QVariantList{optionsValue(record.options), utcValue(record.createdAt),
                           utcValue(record.updatedAt),   startValue(record.contextStart),
                           idValue(record.routeId),      record.stays ? 1 : 0};
    sql.run(
        QStringLiteral(
            "INSERT INTO conversation (id, workspace_id, kind, title, title_is_own, pinned, "
            "archived, deleted, draft, scroll_anchor, active_leaf, comparison_id, lane, provider, "
            "account_id, base_url, model, simulated, options, created_at, updated_at, "
            "context_start, route_id, stays) VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET workspace_id = excluded.workspace_id, "
            "kind = excluded.kind, title = excluded.title, title_is_own = excluded.title_is_own, "
            "pinned = excluded.pinned, archived = excluded.archived, deleted = excluded.deleted, "
            "draft = excluded.draft, scroll_anchor = excluded.scroll_anchor, "
            "active_leaf = excluded.active_leaf, comparison_id = excluded.comparison_id, "
            "lane = excluded.lane, provider = excluded.provider, "
            "account_id = excluded.account_id, base_url = excluded.base_url, "
            "model = excluded.model, simulated = excluded.simulated, options = excluded.options, "
            "updated_at = excluded.updated_at, context_start = excluded.context_start, "
            "route_id = excluded.route_id, stays = excluded.stays"),
        values);
    // A lane is found by its comparison's title.
    if (record.kind != ConversationKind::Lane)
        putText(sql, record.id, {record.id, 0, true}, record.title);
}

void putComparison(Sql &sql, const ComparisonRecord &record)
{
    sql.run(QStringLiteral(
                "INSERT INTO comparison (id, title, pinned, archived, deleted, draft, created_at, "
                "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "title = excluded.title, pinned = excluded.pinned, archived = excluded.archived, "
                "deleted = excluded.deleted, draft = excluded.draft, "
                "updated_at = excluded.updated_at"),
            {idValue(record.id), record.title, record.pinned ? 1 : 0, record.archived ? 1 : 0,
             record.deleted ? 1 : 0, record.draft, utcValue(record.createdAt),
             utcValue(record.updatedAt)});
    putText(sql, record.id, {0, record.id, true}, record.title);
}

void eraseConversationRows(Sql &sql, std::int64_t id)
{
    eraseTexts(sql, {id, 0, false});
    sql.run(QStringLiteral("DELETE FROM message WHERE conversation_id = ?"), {idValue(id)});
    sql.run(QStringLiteral("DELETE FROM conversation WHERE id = ?"), {idValue(id)});
}

//! What a lane has cost stays in the sum of its comparison, by the lane's own row; all that was
//! said in it goes.
void emptyLaneRows(Sql &sql, std::int64_t id)
{
    eraseTexts(sql, {id, 0, false});
    sql.run(QStringLiteral("DELETE FROM message WHERE conversation_id = ?"), {idValue(id)});
    sql.run(QStringLiteral("UPDATE conversation SET title = '', draft = '', scroll_anchor = '', "
                           "active_leaf = ?, options = ? WHERE id = ?"),
            {idValue(0), optionsValue(ChatOptions()), idValue(id)});
}

void eraseComparisonRows(Sql &sql, std::int64_t id)
{
    const QList<std::int64_t> lanes = lanesOf(sql, id, DeletedLanes::Included);
    for (const std::int64_t lane : lanes)
        eraseConversationRows(sql, lane);
    eraseTexts(sql, {0, id, true});
    sql.run(QStringLiteral("DELETE FROM comparison WHERE id = ?"), {idValue(id)});
}

std::optional<ConversationRecord> conversationOf(Sql &sql, std::int64_t id)
{
    QSqlQuery row = sql.rows(
        QStringLiteral("SELECT workspace_id, kind, title, title_is_own, pinned, archived, deleted, "
                       "draft, scroll_anchor, active_leaf, comparison_id, lane, provider, "
                       "account_id, base_url, model, simulated, options, created_at, updated_at, "
                       "context_start, route_id, stays FROM conversation WHERE id = ?"),
        {idValue(id)});
    if (!sql.next(row))
        return std::nullopt;
    ConversationRecord record;
    record.id = id;
    record.workspaceId = row.value(0).toLongLong();
    record.kind = conversationKindFrom(row.value(1).toString());
    record.title = row.value(2).toString();
    record.titleIsOwn = row.value(3).toBool();
    record.pinned = row.value(4).toBool();
    record.archived = row.value(5).toBool();
    record.deleted = row.value(6).toBool();
    record.draft = row.value(7).toString();
    record.scrollAnchor = row.value(8).toString();
    record.activeLeaf = row.value(9).toLongLong();
    record.comparisonId = row.value(10).toLongLong();
    record.lane = row.value(11).toInt();
    record.target = targetFrom(row, 12);
    record.options = optionsFrom(row.value(17).toString());
    record.createdAt = utcFrom(row.value(18));
    record.updatedAt = utcFrom(row.value(19));
    record.contextStart = startFrom(row.value(20));
    record.routeId = row.value(21).toLongLong();
    record.stays = row.value(22).toBool();
    return record;
}

std::optional<ComparisonRecord> comparisonOf(Sql &sql, std::int64_t id)
{
    QSqlQuery row =
        sql.rows(QStringLiteral("SELECT title, pinned, archived, deleted, draft, created_at, "
                                "updated_at FROM comparison WHERE id = ?"),
                 {idValue(id)});
    if (!sql.next(row))
        return std::nullopt;
    ComparisonRecord record;
    record.id = id;
    record.title = row.value(0).toString();
    record.pinned = row.value(1).toBool();
    record.archived = row.value(2).toBool();
    record.deleted = row.value(3).toBool();
    record.draft = row.value(4).toString();
    record.createdAt = utcFrom(row.value(5));
    record.updatedAt = utcFrom(row.value(6));
    return record;
}

QList<std::int64_t> lanesOf(Sql &sql, std::int64_t comparisonId, DeletedLanes deleted)
{
    QList<std::int64_t> lanes;
    QSqlQuery rows = sql.rows(QStringLiteral("SELECT id FROM conversation WHERE comparison_id = ? "
                                             "AND deleted <= ? ORDER BY lane, id"),
                              {idValue(comparisonId), deleted == DeletedLanes::Included ? 1 : 0});
    while (sql.next(rows))
        lanes.append(rows.value(0).toLongLong());
    return lanes;
}

QList<SidebarEntry> sidebarOf(Sql &sql, int limit, std::int64_t workspaceId)
{
    QList<SidebarEntry> entries;
    {
        // Pinned ones are never cut off by the limit. A comparison is where its lanes are.
        QSqlQuery rows = sql.rows(
            QStringLiteral(
                "SELECT id, 0, title, pinned, updated_at, provider, model, route_id, workspace_id "
                "FROM conversation WHERE kind = 'chat' AND archived = 0 AND deleted = 0 "
                "AND ? IN (0, workspace_id) UNION ALL "
                "SELECT id, 1, title, pinned, touched, '', '', 0, place FROM "
                "(SELECT p.*, max(p.updated_at, coalesce((SELECT max(updated_at) FROM conversation "
                "WHERE comparison_id = p.id), 0)) AS touched, coalesce((SELECT workspace_id FROM "
                "conversation WHERE comparison_id = p.id ORDER BY deleted, lane LIMIT 1), 0) AS "
                "place FROM comparison p WHERE archived = 0 AND deleted = 0) WHERE ? IN (0, place) "
                "ORDER BY 4 DESC, 5 DESC, 1 DESC LIMIT ?"),
            {idValue(workspaceId), idValue(workspaceId), limit});
        while (sql.next(rows)) {
            SidebarEntry entry;
            entry.id = rows.value(0).toLongLong();
            entry.comparison = rows.value(1).toBool();
            entry.title = rows.value(2).toString();
            entry.pinned = rows.value(3).toBool();
            entry.updatedAt = utcFrom(rows.value(4));
            entry.provider = rows.value(5).toString();
            entry.model = rows.value(6).toString();
            entry.routeId = rows.value(7).toLongLong();
            entry.workspaceId = rows.value(8).toLongLong();
            entries.append(entry);
        }
    }
    SidebarDetails chats(sql, QStringLiteral("= ?"));
    SidebarDetails comparisons(
        sql, QStringLiteral("IN (SELECT id FROM conversation WHERE comparison_id = ?)"));
    for (SidebarEntry &entry : entries)
        (entry.comparison ? comparisons : chats).add(entry);
    std::stable_sort(
        entries.begin(), entries.end(),
        [](const SidebarEntry &a, const SidebarEntry &b) { return a.updatedAt > b.updatedAt; });
    return entries;
}

void eraseDeletedRows(Sql &sql)
{
    const auto marked = [&sql](const QString &which) {
        QList<std::int64_t> ids;
        QSqlQuery rows = sql.rows(QStringLiteral("SELECT id FROM ") + which);
        while (sql.next(rows))
            ids.append(rows.value(0).toLongLong());
        return ids;
    };
    for (const std::int64_t id : marked(QStringLiteral("comparison WHERE deleted = 1")))
        eraseComparisonRows(sql, id);
    const QString spent = QStringLiteral("comparison_id IS NOT NULL AND EXISTS "
                                         "(SELECT 1 FROM request WHERE conversation_id = c.id)");
    for (const std::int64_t id :
         marked(QStringLiteral("conversation c WHERE deleted = 1 AND NOT (") + spent +
                QStringLiteral(")")))
        eraseConversationRows(sql, id);
    for (const std::int64_t id :
         marked(QStringLiteral(
                    "conversation c WHERE deleted = 1 AND (active_leaf != 0 OR draft != '' "
                    "OR EXISTS (SELECT 1 FROM message WHERE conversation_id = c.id)) AND ") +
                spent))
        emptyLaneRows(sql, id);
}

} // namespace core
