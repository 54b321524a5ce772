#include "core/conversation/workspacebook.h"

#include "core/base/continued.h"

#include <algorithm>
#include <utility>

namespace core {

WorkspaceBook::WorkspaceBook(WorkspaceRepository &repository, ConversationBook &conversations,
                             std::int64_t first, QObject *parent)
    : QObject(parent)
    , m_repository(repository)
    , m_conversations(conversations)
    , m_first(first)
    , m_current(first)
{
    note();
}

QList<Workspace> WorkspaceBook::workspaces() const
{
    QList<Workspace> all = m_repository.list();
    std::stable_sort(all.begin(), all.end(), [this](const Workspace &a, const Workspace &b) {
        if (a.id == m_first || b.id == m_first)
            return a.id == m_first && b.id != m_first;
        return QString::compare(a.name, b.name, Qt::CaseInsensitive) < 0;
    });
    return all;
}

std::optional<Workspace> WorkspaceBook::find(std::int64_t id) const
{
    for (const Workspace &workspace : m_repository.list()) {
        if (workspace.id == id)
            return workspace;
    }
    return std::nullopt;
}

Workspace WorkspaceBook::inForce(std::int64_t id) const
{
    const auto found = find(id);
    return found ? *found : find(m_first).value_or(Workspace{m_first, {}, {}, {}, {}});
}

bool WorkspaceBook::hasSeveral() const
{
    return m_repository.list().size() > 1;
}

void WorkspaceBook::setCurrent(std::int64_t id)
{
    const std::int64_t chosen = inForce(id).id;
    if (std::exchange(m_current, chosen) == chosen)
        return;
    note();
    Q_EMIT changed();
    Q_EMIT currentChanged();
}

//! What the conversations that are made from now on begin with.
void WorkspaceBook::note()
{
    QHash<std::int64_t, ChatOptions> options;
    for (const Workspace &workspace : m_repository.list())
        options.insert(workspace.id, workspace.options);
    m_conversations.setBeginning(m_current, options);
}

bool WorkspaceBook::isTaken(const QString &name, std::int64_t but) const
{
    const QList<Workspace> all = m_repository.list();
    return std::any_of(all.begin(), all.end(), [&name, but](const Workspace &other) {
        return other.id != but && QString::compare(other.name, name, Qt::CaseInsensitive) == 0;
    });
}

std::int64_t WorkspaceBook::add(const QString &name)
{
    Workspace workspace;
    workspace.name = name;
    for (int number = 2; isTaken(workspace.name, 0); ++number)
        workspace.name = QStringLiteral("%1 %2").arg(name, QString::number(number));
    const std::int64_t id = m_repository.save(workspace);
    note();
    Q_EMIT changed();
    return id;
}

Result<Done> WorkspaceBook::rename(std::int64_t id, const QString &name)
{
    auto workspace = find(id);
    const QString line = name.simplified();
    if (!workspace || line.isEmpty())
        return rejected(tr("A workspace needs a name."));
    if (isTaken(line, id))
        return rejected(tr("Another workspace has this name."));
    if (std::exchange(workspace->name, line) == line)
        return Done{};
    m_repository.save(*workspace);
    Q_EMIT changed();
    return Done{};
}

void WorkspaceBook::change(const Workspace &workspace)
{
    const auto before = find(workspace.id);
    if (!before)
        return;
    Workspace after = workspace;
    after.name = before->name;
    if (after == *before)
        return;
    m_repository.save(after);
    note();
    Q_EMIT changed();
}

QFuture<Result<Done>> WorkspaceBook::remove(std::int64_t id)
{
    const auto workspace = find(id);
    if (!workspace || id == m_first)
        return QtFuture::makeReadyFuture(
            Result<Done>(rejected(tr("One workspace there always is."))));
    // On disk first: what is open is saved after it and counts among what was moved.
    const auto removed = m_repository.remove(id);
    m_conversations.moveAll(id, m_first);
    const bool wasCurrent = m_current == id;
    if (wasCurrent)
        m_current = m_first;
    note();
    Q_EMIT changed();
    if (wasCurrent)
        Q_EMIT currentChanged();
    return continued(
        this, removed,
        [this, workspace = *workspace](const Result<QList<std::int64_t>> &moved) -> Result<Done> {
            if (!moved) {
                m_repository.save(workspace);
                note();
                Q_EMIT changed();
                return moved.error();
            }
            m_removed = Removed{workspace, *moved};
            Q_EMIT changed(); // what is in the first one now can be read
            return Done{};
        });
}

QFuture<Result<Done>> WorkspaceBook::restore()
{
    const auto removed = std::exchange(m_removed, std::nullopt);
    if (!removed)
        return QtFuture::makeReadyFuture(Result<Done>(rejected(tr("No workspace was deleted."))));
    const auto restored = m_repository.restore(removed->workspace, removed->conversations);
    for (const std::int64_t id : removed->conversations) {
        Conversation *open = m_conversations.find(id);
        if (open && open->record().workspaceId == m_first)
            open->setWorkspace(removed->workspace.id);
    }
    note();
    Q_EMIT changed();
    return continued(this, restored, [this](const Result<Done> &done) -> Result<Done> {
        Q_EMIT changed();
        return done;
    });
}

} // namespace core
