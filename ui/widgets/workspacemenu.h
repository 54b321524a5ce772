#pragma once

#include <QList>
#include <QString>

#include <cstdint>
#include <functional>

class QMenu;

namespace ui {

//! A workspace as menus and choices name it.
struct WorkspaceName
{
    std::int64_t id = 0;
    QString name;
    bool operator==(const WorkspaceName &) const = default;
};

//! Adds "Move to workspace" with all of \p names, of which \p current is marked (0: none); \p move
//! is told which was chosen. With fewer than two there is nowhere to move to: adds nothing.
void addWorkspaceMenu(QMenu &menu, const QList<WorkspaceName> &names, std::int64_t current,
                      const std::function<void(std::int64_t)> &move);

} // namespace ui
