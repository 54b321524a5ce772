#include "ui/widgets/painting.h"

#include <QPainter>

namespace ui {

void paintBox(QPainter &painter, const QRect &rect, const Theme &theme, const QColor &fill,
              const QColor &border, double radius, bool focused)
{
    const double line = focused ? Theme::FocusWidth : 1.0;
    const QColor stroke = focused ? theme.accent : border;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.setPen(stroke.isValid() ? QPen(stroke, line) : QPen(Qt::NoPen));
    const double inset = stroke.isValid() ? line / 2 : 0.0;
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius - inset,
                            radius - inset);
}

} // namespace ui
