#include "ui/widgets/workspacemenu.h"

#include "ui/widgets/plaintext.h"

#include <QCoreApplication>
#include <QMenu>

namespace ui {

void addWorkspaceMenu(QMenu &menu, const QList<WorkspaceName> &names, std::int64_t current,
                      const std::function<void(std::int64_t)> &move)
{
    if (names.size() < 2)
        return;
    QMenu *places =
        menu.addMenu(QCoreApplication::translate("ui::WorkspaceMenu", "Move to workspace"));
    places->setObjectName(QStringLiteral("workspaceMenu"));
    for (const WorkspaceName &each : names) {
        // An ampersand would underline what follows it.
        const QString text = shownName(each.name).replace(QLatin1Char('&'), QStringLiteral("&&"));
        QAction *action = places->addAction(text);
        action->setCheckable(true);
        action->setChecked(each.id == current);
        action->setEnabled(each.id != current);
        QObject::connect(action, &QAction::triggered, places, [move, id = each.id] { move(id); });
    }
}

} // namespace ui
