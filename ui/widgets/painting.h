#pragma once

#include "ui/theme/theme.h"

class QFont;
class QPainter;
class QRect;
class QString;

namespace ui {

//! A rounded box with a hairline inside \p rect; an invalid colour is left out. With \p focused the
//! line is the 2 px accent ring.
void paintBox(QPainter &painter, const QRect &rect, const Theme &theme, const QColor &fill,
              const QColor &border, double radius, bool focused);

//! Height of plain \p text in lines of at most \p width: broken between words, inside one only
//! where it alone is too long (QPainter's flags know no such mode).
[[nodiscard]] int wrappedHeight(const QString &text, const QFont &font, int width);
//! Draws it so, from the top left of \p rect, with the painter's font and pen.
void paintWrapped(QPainter &painter, const QRect &rect, const QString &text);

} // namespace ui
