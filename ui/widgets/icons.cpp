#include "ui/widgets/icons.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

// Outside the namespace: the macro declares a function of the global one.
static void initIconResource()
{
    Q_INIT_RESOURCE(icons);
}

namespace ui {

void loadIcons()
{
    initIconResource();
}

void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return;
    }
    QByteArray svg = file.readAll();
    svg.replace("#000", color.name().toLatin1());
    QSvgRenderer(svg).render(&painter, rect);
}

QIcon applicationIcon()
{
    return QIcon(QStringLiteral(":/icons/farthing.svg"));
}

} // namespace ui
