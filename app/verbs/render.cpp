#include "app/console.h"
#include "app/inputfile.h"
#include "app/verbs/verbs.h"
#include "ui/theme/theme.h"
#include "ui/transcript/rendermarkdown.h"

#include <QGuiApplication>
#include <QImage>

namespace app {

namespace {

constexpr qint64 LargestText = 4 * 1024 * 1024;
constexpr int NarrowestWidth = 200;
constexpr int WidestWidth = 4'000;

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
        if (!image.save(line.value(QStringLiteral("--png")), "PNG"))
            return fail(usageError(
                QStringLiteral("%1 cannot be written.").arg(line.value(QStringLiteral("--png")))));
    }
    Console::outLine(ui::visibleText(markdown));
    return ExitCode::Success;
}

} // namespace app
