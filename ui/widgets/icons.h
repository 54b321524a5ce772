#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

class QPainter;
class QRectF;

namespace ui {

//! Makes ":/icons/" known. Called once by whoever starts a window or a test, before any widget.
void loadIcons();

//! Draws resources/icons/\p name.svg in \p color, sharp at every scale: it is kept as pixels of the
//! screen once it was drawn. An unknown name draws nothing.
void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color);

[[nodiscard]] QIcon applicationIcon(); //!< The copper coin with its wren.

} // namespace ui
