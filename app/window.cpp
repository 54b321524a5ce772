#include "app/window.h"

#include "app/console.h"
#include "app/singleinstance.h"
#include "app/windowcontroller.h"
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QFontMetrics>
#include <QTranslator>

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
    // Qt's look through the system's fonts takes about as long as the prices, for which the engine
    // waits.
    (void)QFontMetrics(theme.theme().chrome).height();
    auto engine =
        Engine::create(engineOptions(line, profile, core::SessionKind::Window), std::move(prices));
    if (!engine)
        return fail(engine.error());
    WindowController controller(**engine, theme);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &controller,
                     &WindowController::raise);
    theme.dress(*qApp);
    controller.show();
    return static_cast<ExitCode>(QApplication::exec());
}

} // namespace app
