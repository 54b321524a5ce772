#pragma once

#include <QAccessible>
#include <QAccessibleWidget>
#include <QObject>

namespace ui {

//! Tells screen readers that widgets of class \p Widget are \p Role: a plain QWidget is a mere box
//! to them, which they pass over with its name. To be called from the constructor.
template <typename Widget, QAccessible::Role Role>
void installRole()
{
    [[maybe_unused]] static const bool known = [] {
        QAccessible::installFactory([](const QString &, QObject *object) -> QAccessibleInterface * {
            auto *widget = qobject_cast<Widget *>(object);
            return widget ? new QAccessibleWidget(widget, Role) : nullptr;
        });
        return true;
    }();
}

} // namespace ui
