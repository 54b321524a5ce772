#include "app/console.h"
#include "app/inputfile.h"
#include "app/verbs/verbs.h"
#include "ui/theme/theme.h"
#include "ui/transcript/rendermarkdown.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QSaveFile>

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr qint64 LargestText = 4 * 1024 * 1024;
constexpr int NarrowestWidth = 200;
constexpr int WidestWidth = 4'000;

//! Whole or not at all: what stood there stays if the disk is full. By way of memory, since Qt's
//! writer of pictures forgets some of it where a file fails.
bool writePicture(const QImage &image, const QString &path)
{
    QByteArray png;
    QBuffer buffer(&png);
    QSaveFile file(path);
    return buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG") &&
           file.open(QIODevice::WriteOnly) && file.write(png) == png.size() && file.flush() &&
           file.commit();
}

core::Result<QList<ui::Scheme>> schemesFrom(const QString &text)
{
    QStringList names = text.split(QLatin1Char(','));
    names.removeDuplicates();
    QList<ui::Scheme> schemes;
    for (const QString &name : std::as_const(names)) {
        if (name != QStringLiteral("light") && name != QStringLiteral("dark"))
            return usageError(QStringLiteral("--theme takes light, dark, or both as light,dark."));
        schemes.append(name == QStringLiteral("dark") ? ui::Scheme::Dark : ui::Scheme::Light);
    }
    return schemes;
}

//! One below the other, all of one width; null if one is. Row by row: a painter does not reach so
//! far.
QImage stacked(const QList<QImage> &images)
{
    int height = 0;
    for (const QImage &image : images) {
        if (image.isNull())
            return {};
        height += image.height();
    }
    QImage all(images.first().width(), height, images.first().format());
    if (all.isNull())
        return all;
    int row = 0;
    for (const QImage &image : images) {
        for (int y = 0; y < image.height(); ++y)
            std::copy_n(image.constScanLine(y), image.bytesPerLine(), all.scanLine(row++));
    }
    return all;
}

} // namespace

ExitCode runRender(const CommandLine &line)
{
    const auto bytes = readInput(line.operand, LargestText);
    if (!bytes)
        return fail(bytes.error());
    const QString markdown = QString::fromUtf8(*bytes);

    const auto schemes =
        schemesFrom(line.has(QStringLiteral("--theme")) ? line.value(QStringLiteral("--theme"))
                                                        : QStringLiteral("light"));
    if (!schemes)
        return fail(schemes.error());
    bool widthOk = true;
    const int width = line.has(QStringLiteral("--width"))
                          ? line.value(QStringLiteral("--width")).toInt(&widthOk)
                          : 760;
    if (!widthOk || width < NarrowestWidth || width > WidestWidth)
        return fail(
            usageError(QStringLiteral("--width takes a number of pixels from 200 to 4000.")));

    if (line.has(QStringLiteral("--png"))) {
        QList<QImage> images;
        for (const ui::Scheme scheme : *schemes)
            images.append(ui::renderMarkdown(
                markdown, ui::makeTheme(scheme, QGuiApplication::font()), width));
        const QString path = line.value(QStringLiteral("--png"));
        if (!writePicture(stacked(images), path))
            return fail(usageError(QStringLiteral("%1 cannot be written.").arg(path)));
        if (images.first().height() >= ui::HighestPicture)
            Console::errorLine(QStringLiteral("The text goes on where the picture ends, at %1 "
                                              "pixels.")
                                   .arg(ui::HighestPicture));
    }
    Console::outLine(ui::visibleText(markdown));
    return ExitCode::Success;
}

} // namespace app
