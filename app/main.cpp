#include "app/console.h"
#include "app/hardening.h"
#include "app/verbs/verbs.h"
#include "app/window.h"
#include "core/base/log.h"

#include <QApplication>
#include <QThread>

#include <malloc.h>
#include <stdlib.h>

#include <memory>

namespace {

using namespace app;

//! A thread's heap grows by single pages, and each step stops the page faults of all others: the
//! one that reads the prices made nine hundred. Larger steps take addresses, not memory.
void growHeapsInSteps()
{
    constexpr int HeapStep = 4 * 1024 * 1024;
    constexpr int LargeBlock = 1024 * 1024; // malloc no longer learns it by itself then
    mallopt(M_TOP_PAD, HeapStep);
    mallopt(M_MMAP_THRESHOLD, LargeBlock);
}

void nameApplication()
{
    QCoreApplication::setApplicationName(QStringLiteral("farthing"));
    QCoreApplication::setOrganizationDomain(QStringLiteral("io.github.farthing"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FARTHING_VERSION));
}

//! Where this run keeps its files: as told, thrown away for --demo, else the user's own places.
Profile profileFor(const CommandLine &line)
{
    if (line.has(QStringLiteral("--profile")))
        return Profile::below(line.value(QStringLiteral("--profile")));
    return line.has(QStringLiteral("--demo")) ? Profile::throwAway() : Profile::standard();
}

ExitCode runVerb(const CommandLine &line, const Profile &profile)
{
    if (line.verb == QStringLiteral("ask"))
        return runAsk(line, profile); // has its engine look at --set
    core::Settings settings(profile.configFile());
    for (const QString &assignment : line.all(QStringLiteral("--set"))) {
        if (const auto set = settings.setOverride(assignment); !set)
            return fail(set.error());
    }
    if (line.verb == QStringLiteral("decode"))
        return runDecode(line);
    if (line.verb == QStringLiteral("tokens"))
        return runTokens(line);
    if (line.verb == QStringLiteral("price"))
        return runPrice(line, profile);
    if (line.verb == QStringLiteral("cost"))
        return runCost(line, profile);
    if (line.verb == QStringLiteral("render"))
        return runRender(line);
    return runDoctor(line, profile, settings);
}

//! Verbs work without a display; `render` draws, but to a file.
std::unique_ptr<QCoreApplication> makeApplication(const QString &verb, int &argc, char **argv)
{
    if (verb.isEmpty())
        return std::make_unique<QApplication>(argc, argv);
    if (verb == QStringLiteral("render")) {
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
        return std::make_unique<QApplication>(argc, argv);
    }
    return std::make_unique<QCoreApplication>(argc, argv);
}

//! Qt ends a window that finds none by abort(), as if the program were broken.
bool hasDisplay()
{
    for (const char *variable : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"})
        if (!qEnvironmentVariableIsEmpty(variable))
            return true;
    // Its socket has a name that need not be told.
    return qEnvironmentVariable("XDG_SESSION_TYPE") == QStringLiteral("wayland");
}

//! What was asked for and could not be printed was not done.
int statusOf(ExitCode code)
{
    if (code != ExitCode::Success || Console::isOpen())
        return static_cast<int>(code);
    Console::errorLine(QStringLiteral("farthing: The output could not be written."));
    return static_cast<int>(ExitCode::Internal);
}

} // namespace

int main(int argc, char **argv)
{
    hardenProcess();
    growHeapsInSteps();
    core::installLogSink();
    nameApplication();

    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    const auto line = parseCommandLine(arguments);
    if (!line) {
        const bool wantsEvents = arguments.contains(QStringLiteral("ask")) &&
                                 arguments.contains(QStringLiteral("--json"));
        return static_cast<int>(failUnsent(line.error(), wantsEvents));
    }
    if (line->has(QStringLiteral("--version"))) {
        Console::outLine(QStringLiteral("farthing " FARTHING_VERSION));
        return statusOf(ExitCode::Success);
    }
    if (line->has(QStringLiteral("--help"))) {
        Console::out(helpText(line->verb));
        return statusOf(ExitCode::Success);
    }
    if (line->verb.isEmpty() && !hasDisplay())
        return static_cast<int>(fail(usageError(
            QStringLiteral("There is no display to open the window on. The verbs need none: "
                           "farthing --help lists them."))));
    // Before the connection to the display, whose wait it fills. Qt takes the first thread that
    // asks who it is for the main one: that is us.
    Q_UNUSED(QThread::currentThread());
    PendingPrices prices = line->verb.isEmpty() ? readPrices() : PendingPrices();
    const std::unique_ptr<QCoreApplication> application = makeApplication(line->verb, argc, argv);
    const Profile profile = profileFor(*line);
    if (!profile.isValid())
        return static_cast<int>(
            fail(usageError(QStringLiteral("No temporary folder could be made."))));
    return statusOf(line->verb.isEmpty() ? runWindow(*line, profile, std::move(prices))
                                         : runVerb(*line, profile));
}
