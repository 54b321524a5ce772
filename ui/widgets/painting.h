#pragma once

#include "ui/theme/theme.h"

class QPainter;
class QRect;

namespace ui {

//! A rounded box with a hairline inside \p rect; an invalid colour is left out. With \p focused the
//! line is the 2 px accent ring.
void paintBox(QPainter &painter, const QRect &rect, const Theme &theme, const QColor &fill,
              const QColor &border, double radius, bool focused);

} // namespace ui
