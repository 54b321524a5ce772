#pragma once

#include "ui/theme/theme.h"

#include <Qt>

class QFont;
class QPainter;
class QRect;
class QString;

namespace ui {

//! A rounded box with a hairline inside \p rect; an invalid colour is left out. With \p focused the
//! line is the 2 px accent ring.
void paintBox(QPainter &painter, const QRect &rect, const Theme &theme, const QColor &fill,
              const QColor &border, double radius, bool focused);

//! One line of plain \p text with the painter's font, pen and layout direction, where \p alignment
//! says within \p rect; shortened with "…" if it is too wide, and then false. As a rule nothing is
//! too wide, and its letters are shaped once: elidedText() and drawText() each do that anew.
bool paintElided(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
                 Qt::TextElideMode mode);

//! Height of plain \p text in lines of at most \p width: broken between words, inside one only
//! where it alone is too long (QPainter's flags know no such mode).
[[nodiscard]] int wrappedHeight(const QString &text, const QFont &font, int width);
//! Draws it so, from the top left of \p rect, with the painter's font and pen.
void paintWrapped(QPainter &painter, const QRect &rect, const QString &text);

} // namespace ui
