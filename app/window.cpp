#include "app/window.h"

#include "app/console.h"
#include "app/signals.h"
#include "app/singleinstance.h"
#include "app/windowcontroller.h"
#include "core/net/systemreachability.h"
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QFontMetrics>
#include <QTranslator>

#include <future>

namespace app {

ExitCode runWindow(const CommandLine &line, const Profile &profile, PendingPrices prices)
{
    SingleInstance instance(profile);
    const auto claimed = instance.claim();
    if (!claimed)
        return fail(claimed.error());
    if (*claimed == SingleInstance::Claim::Raised)
        return ExitCode::Success;
    if (*claimed == SingleInstance::Claim::Unheard) {
        Console::errorLine(
            QStringLiteral("farthing: A window of this profile is open already, and does not "
                           "answer. Close or end it, then start Farthing again."));
        return ExitCode::Internal;
    }
    ui::loadIcons();
    auto *plurals = new QTranslator(qApp);
    if (plurals->load(QStringLiteral(":/translations/farthing_en.qm")))
        QCoreApplication::installTranslator(plurals);
    ui::ThemeSource theme;
    theme.prepare(*qApp);
    // Qt's look through the system's fonts is the longest part of a start: beside the engine, which
    // waits for the disk.
    const auto fonts = std::async(
        std::launch::async, [font = theme.theme().chrome] { (void)QFontMetrics(font).height(); });
    core::SystemClock clock;
    const core::SystemReachability reachability(clock);
    EngineOptions options = engineOptions(line, profile, core::SessionKind::Window);
    options.reachability = &reachability;
    auto engine = Engine::create(options, std::move(prices));
    if (!engine)
        return fail(engine.error());
    fonts.wait();
    WindowController controller(**engine, theme);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &controller,
                     &WindowController::raise);
    const InterruptHandler onInterrupt([&controller] { controller.end(); });
    theme.dress(*qApp);
    controller.show();
    return static_cast<ExitCode>(QApplication::exec());
}

} // namespace app
