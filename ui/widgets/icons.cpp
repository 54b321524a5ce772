#include "ui/widgets/icons.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
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

static QPixmap drawnIcon(const QString &name, const QColor &color, QSize pixels)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    svg.replace("#000", color.name().toLatin1());
    QPixmap drawn(pixels);
    drawn.fill(Qt::transparent);
    QPainter painter(&drawn);
    QSvgRenderer(svg).render(&painter, QRectF(drawn.rect()));
    return drawn;
}

void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color)
{
    // On whole pixels of the screen, or its lines would be smeared over two.
    const QTransform toDevice = painter.deviceTransform();
    const QRect pixels(toDevice.map(rect.topLeft()).toPoint(),
                       toDevice.mapRect(rect).size().toSize());
    if (pixels.isEmpty())
        return;
    const QString key = QStringLiteral("icon %1 %2 %3x%4")
                            .arg(name, color.name())
                            .arg(pixels.width())
                            .arg(pixels.height());
    QPixmap drawn;
    if (!QPixmapCache::find(key, &drawn)) {
        drawn = drawnIcon(name, color, pixels.size());
        QPixmapCache::insert(key, drawn);
    }
    painter.drawPixmap(toDevice.inverted().mapRect(QRectF(pixels)), drawn, QRectF(drawn.rect()));
}

QIcon applicationIcon()
{
    return QIcon(QStringLiteral(":/icons/farthing.svg"));
}

} // namespace ui
