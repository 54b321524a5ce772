#include "ui/widgets/painting.h"

#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace ui {

namespace {

//! Lays \p layout's lines out below each other; its height.
double breakLines(QTextLayout &layout, int width)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
    }
    layout.endLayout();
    return y;
}

QString separated(QString text)
{
    return text.replace(QLatin1Char('\n'), QChar::LineSeparator);
}

} // namespace

bool paintElided(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
                 Qt::TextElideMode mode)
{
    const bool isAuto = painter.layoutDirection() == Qt::LayoutDirectionAuto;
    QTextOption option(alignment & Qt::AlignHorizontal_Mask);
    option.setWrapMode(QTextOption::NoWrap);
    option.setTextDirection(isAuto ? (text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight)
                                   : painter.layoutDirection());
    QTextLayout layout(text, painter.font(), painter.device());
    layout.setTextOption(option);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (line.isValid()) {
        line.setLineWidth(rect.width());
        line.setPosition({0, (rect.height() - line.height()) / 2});
    }
    layout.endLayout();
    if (!line.isValid() || line.naturalTextWidth() <= rect.width()) {
        layout.draw(&painter, rect.topLeft());
        return true;
    }
    painter.drawText(rect, static_cast<int>(alignment) | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(painter.font()).elidedText(text, mode, rect.width()));
    return false;
}

int wrappedHeight(const QString &text, const QFont &font, int width)
{
    QTextLayout layout(separated(text), font);
    return static_cast<int>(std::ceil(breakLines(layout, width)));
}

void paintWrapped(QPainter &painter, const QRect &rect, const QString &text)
{
    QTextLayout layout(separated(text), painter.font(), painter.device());
    breakLines(layout, rect.width());
    layout.draw(&painter, rect.topLeft());
}

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
