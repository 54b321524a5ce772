// The part of the sidebar that is about workspaces: which one it shows, and moving chats.
#include "ui/shell/sidebar.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/plaintext.h"

#include <QMenu>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace ui {

void Sidebar::buildWorkspaces()
{
    constexpr int FewestLetters = 8; // else the longest name makes it wider than the column
    m_workspaces->setObjectName(QStringLiteral("workspaceChoice"));
    m_workspaces->setAccessibleName(tr("Workspace"));
    m_workspaces->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_workspaces->setMinimumContentsLength(FewestLetters);
    m_workspaces->hide();
    connect(m_workspaces, &QComboBox::activated, this,
            [this] { Q_EMIT workspaceChosen(m_workspaces->currentData().toLongLong()); });
}

void Sidebar::setWorkspaces(const QList<WorkspaceName> &names, std::int64_t chosen)
{
    const auto dataOf = [](std::int64_t id) { return QVariant(static_cast<qlonglong>(id)); };
    const QSignalBlocker quiet(m_workspaces);
    if (std::exchange(m_workspaceNames, names) != names || m_workspaces->count() == 0) {
        m_workspaces->clear();
        m_workspaces->addItem(tr("All workspaces"), dataOf(0));
        for (const WorkspaceName &each : names)
            m_workspaces->addItem(shownName(each.name), dataOf(each.id));
    }
    m_workspaces->setCurrentIndex(std::max(0, m_workspaces->findData(dataOf(chosen))));
    m_workspaces->setVisible(names.size() > 1 && !m_rail);
}

void Sidebar::addMoveActions(QMenu &menu, const QList<SidebarKey> &keys, std::int64_t current)
{
    addWorkspaceMenu(menu, m_workspaceNames, current, [this, keys](std::int64_t workspaceId) {
        Q_EMIT moveRequested(keys, workspaceId);
    });
}

} // namespace ui
