#include "app/console.h"
#include "app/inputfile.h"
#include "app/verbs/verbs.h"
#include "ui/theme/theme.h"
#include "ui/transcript/rendermarkdown.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QSaveFile>

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

} // namespace

ExitCode runRender(const CommandLine &line)
{
    const auto bytes = readInput(line.operand, LargestText);
    if (!bytes)
        return fail(bytes.error());
    const QString markdown = QString::fromUtf8(*bytes);

    const QString theme = line.has(QStringLiteral("--theme"))
                              ? line.value(QStringLiteral("--theme"))
                              : QStringLiteral("light");
    if (theme != QStringLiteral("light") && theme != QStringLiteral("dark"))
        return fail(usageError(QStringLiteral("--theme takes light or dark.")));
    bool widthOk = true;
    const int width = line.has(QStringLiteral("--width"))
                          ? line.value(QStringLiteral("--width")).toInt(&widthOk)
                          : 760;
    if (!widthOk || width < NarrowestWidth || width > WidestWidth)
        return fail(
            usageError(QStringLiteral("--width takes a number of pixels from 200 to 4000.")));

    if (line.has(QStringLiteral("--png"))) {
        const ui::Scheme scheme =
            theme == QStringLiteral("dark") ? ui::Scheme::Dark : ui::Scheme::Light;
        const QImage image =
            ui::renderMarkdown(markdown, ui::makeTheme(scheme, QGuiApplication::font()), width);
        const QString path = line.value(QStringLiteral("--png"));
        if (!writePicture(image, path))
            return fail(usageError(QStringLiteral("%1 cannot be written.").arg(path)));
        if (image.height() >= ui::HighestPicture)
            Console::errorLine(QStringLiteral("The text goes on where the picture ends, at %1 "
                                              "pixels.")
                                   .arg(ui::HighestPicture));
    }
    Console::outLine(ui::visibleText(markdown));
    return ExitCode::Success;
}

} // namespace app
