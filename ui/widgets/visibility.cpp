#include "ui/widgets/visibility.h"

#include <QLayout>
#include <QWidget>

namespace ui {

void setShown(QWidget &widget, bool shown)
{
    const QWidget *parent = widget.parentWidget();
    QLayout *early = parent && !parent->isVisible() ? widget.layout() : nullptr;
    if (early)
        early->setEnabled(false);
    widget.setVisible(shown);
    if (early)
        early->setEnabled(true);
}

} // namespace ui
