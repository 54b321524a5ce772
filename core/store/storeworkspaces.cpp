#include "core/store/storeworkspaces.h"

#include "core/store/storednames.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace core {

namespace {

// The table of workspaces has their names alone; what else is set stands as a state of this kind,
// keyed by the workspace's id.
const QString WorkspaceState = QStringLiteral("workspace");
const QString ModelMember = QStringLiteral("model");
const QString OptionsMember = QStringLiteral("options");
const QString BlockedMember = QStringLiteral("blocked");
const QString RemovedMember = QStringLiteral("removed");

enum class Kept { Offered, Removed };

void putWorkspace(Sql &sql, const Workspace &workspace, Kept kept, UtcTime now)
{
    sql.run(QStringLiteral("INSERT INTO workspace (id, name, created_at) VALUES (?, ?, ?) "
                           "ON CONFLICT (id) DO UPDATE SET name = excluded.name"),
            {idValue(workspace.id), workspace.name, utcValue(now)});
    QJsonObject state{{ModelMember, workspace.model},
                      {OptionsMember, optionsValue(workspace.options)},
                      {BlockedMember, workspace.blockedPatterns}};
    if (kept == Kept::Removed)
        state.insert(RemovedMember, true);
    const QByteArray json = QJsonDocument(state).toJson(QJsonDocument::Compact);
    sql.run(QStringLiteral("INSERT OR REPLACE INTO provider_state (provider, account_id, base_url, "
                           "kind, state, updated_at) VALUES (?, ?, ?, ?, ?, ?)"),
            {QStringLiteral(""), idValue(workspace.id), QStringLiteral(""), WorkspaceState,
             QString::fromUtf8(json), utcValue(now)});
}

QList<std::int64_t> conversationsIn(Sql &sql, std::int64_t workspaceId)
{
    QList<std::int64_t> ids;
    QSqlQuery rows = sql.rows(QStringLiteral("SELECT id FROM conversation WHERE workspace_id = ?"),
                              {idValue(workspaceId)});
    while (sql.next(rows))
        ids.append(rows.value(0).toLongLong());
    return ids;
}

} // namespace

void StoreWorkspaces::remember(const Workspace &workspace)
{
    const auto known =
        std::find_if(m_workspaces.begin(), m_workspaces.end(),
                     [&workspace](const Workspace &other) { return other.id >= workspace.id; });
    if (known != m_workspaces.end() && known->id == workspace.id)
        *known = workspace;
    else
        m_workspaces.insert(known, workspace);
}

std::int64_t StoreWorkspaces::save(const Workspace &workspace)
{
    Workspace saved = workspace;
    if (saved.id == 0)
        saved.id = m_ids.next();
    remember(saved);
    m_threads.keep(
        [saved, now = m_clock.utcNow()](Sql &sql) { putWorkspace(sql, saved, Kept::Offered, now); },
        {});
    return saved.id;
}

QFuture<Result<QList<std::int64_t>>> StoreWorkspaces::remove(std::int64_t id)
{
    const auto known = std::find_if(m_workspaces.cbegin(), m_workspaces.cend(),
                                    [id](const Workspace &other) { return other.id == id; });
    if (known == m_workspaces.cend() || id == m_first)
        return QtFuture::makeReadyFuture(Result<QList<std::int64_t>>(QList<std::int64_t>()));
    const Workspace removed = *known;
    m_workspaces.erase(known);
    return m_threads.writeRows<QList<std::int64_t>>(
        [removed, first = m_first, now = m_clock.utcNow()](Sql &sql) {
            const QList<std::int64_t> moved = conversationsIn(sql, removed.id);
            sql.run(
                QStringLiteral("UPDATE conversation SET workspace_id = ? WHERE workspace_id = ?"),
                {idValue(first), idValue(removed.id)});
            putWorkspace(sql, removed, Kept::Removed, now);
            return moved;
        },
        {});
}

QFuture<Result<Done>> StoreWorkspaces::restore(const Workspace &workspace,
                                               const QList<std::int64_t> &conversations)
{
    remember(workspace);
    return m_threads.write(
        [workspace, conversations, first = m_first, now = m_clock.utcNow()](Sql &sql) {
            putWorkspace(sql, workspace, Kept::Offered, now);
            for (const std::int64_t id : conversations)
                sql.run(QStringLiteral("UPDATE conversation SET workspace_id = ? "
                                       "WHERE id = ? AND workspace_id = ?"),
                        {idValue(workspace.id), idValue(id), idValue(first)});
        },
        {});
}

QList<Workspace> StoreWorkspaces::readAll(Sql &sql)
{
    QList<Workspace> workspaces;
    QSqlQuery rows =
        sql.rows(QStringLiteral("SELECT w.id, w.name, s.state FROM workspace w "
                                "LEFT JOIN provider_state s ON s.account_id = w.id AND s.kind = ? "
                                "AND s.provider = '' AND s.base_url = '' ORDER BY w.id"),
                 {WorkspaceState});
    while (sql.next(rows)) {
        const QJsonObject state =
            QJsonDocument::fromJson(rows.value(2).toString().toUtf8()).object();
        if (state.value(RemovedMember).toBool())
            continue;
        workspaces.append({rows.value(0).toLongLong(), rows.value(1).toString(),
                           state.value(ModelMember).toString(),
                           optionsFrom(state.value(OptionsMember).toString()),
                           state.value(BlockedMember).toString()});
    }
    return workspaces;
}

} // namespace core
