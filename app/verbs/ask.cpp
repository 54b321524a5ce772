#include "app/awsregion.h"
#include "app/console.h"
#include "app/coresettings.h"
#include "app/engine.h"
#include "app/replyjson.h"
#include "app/signals.h"
#include "app/targetspec.h"
#include "app/verbs/answerprinter.h"
#include "app/verbs/askinput.h"
#include "app/verbs/verbs.h"
#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/client/routebook.h"
#include "core/client/routetext.h"
#include "core/conversation/conversationbook.h"
#include "core/conversation/promptguard.h"
#include "core/practice/practiceprovider.h"

#include <QCoreApplication>

#include <algorithm>
#include <functional>

namespace app {

namespace {

//! Each waits some seconds for another process that writes.
constexpr int TriesToSave = 4;

core::Result<core::Route> routeNamed(const QString &name, Engine &engine)
{
    QStringList known;
    for (const core::Route &route : engine.routes().usable()) {
        if (route.name == name)
            return route;
        known.append(route.name);
    }
    return usageError(known.isEmpty()
                          ? QStringLiteral("There is no route yet. Make one in the window, under "
                                           "Settings, Routes and fallback.")
                          : QStringLiteral("No route with models is called \"%1\". Known: %2.")
                                .arg(name, known.join(QStringLiteral(", "))));
}

//! The practice provider runs in a demo, or as soon as it is named.
core::Result<core::Done> startIfPractice(const TargetSpec &spec, Engine &engine)
{
    const QList<core::ProviderInfo> rows = core::PracticeProvider::rows();
    const bool isNamed =
        spec.baseUrl.isEmpty() && // another server is no practice
        std::any_of(rows.begin(), rows.end(),
                    [&spec](const core::ProviderInfo &row) { return row.id == spec.provider; });
    return isNamed ? engine.startPractice() : core::Done{};
}

core::Result<core::Route> routeFrom(const CommandLine &line, Engine &engine)
{
    if (line.has(QStringLiteral("--route"))) {
        if (line.has(QStringLiteral("--target")))
            return usageError(QStringLiteral("--route names its own targets; leave out --target."));
        return routeNamed(line.value(QStringLiteral("--route")), engine);
    }
    core::Route route;
    for (const QString &text : line.all(QStringLiteral("--target"))) {
        const auto spec = parseTargetSpec(text);
        if (!spec)
            return spec.error();
        if (const auto started = startIfPractice(*spec, engine); !started)
            return started.error();
        auto target = resolveTarget(*spec, engine.providers());
        if (!target)
            return target.error();
        if (spec->baseUrl.isEmpty()) {
            const auto address = regionalAddress(target->provider, engine);
            if (!address)
                return address.error();
            if (!address->isEmpty())
                target->baseUrl = *address;
        }
        route.targets.append(*target);
    }
    if (route.targets.isEmpty()) {
        const core::Target standard = engine.defaultTarget();
        if (standard.model.isEmpty())
            return usageError(QStringLiteral("Whom shall be asked? Add --target PROVIDER/MODEL, or "
                                             "--demo for the practice provider."));
        route.targets.append(standard);
    }
    return route;
}

//! Where the window would ask, a verb has its answer ready, and says so.
void answerDecisions(core::ChatReply &reply, const Engine &engine, bool yes)
{
    const auto nameOf = [&engine](const core::Target &target) {
        const core::ProviderInfo *provider = engine.providers().provider(target.provider);
        return (provider ? provider->name : target.provider) + QLatin1Char(' ') + target.model;
    };
    QObject::connect(&reply, &core::ChatReply::warned, &reply,
                     [](const QString &sentence) { Console::errorLine(sentence); });
    QObject::connect(
        &reply, &core::ChatReply::decisionNeeded, &reply,
        [&reply, nameOf, yes](const core::Decision &decision) {
            Console::errorLine(
                core::questionText(decision, nameOf(decision.target), nameOf(decision.instead)) +
                (yes ? QStringLiteral(" Yes.") : QStringLiteral(" No (--yes allows it).")));
            reply.decide(decision.id, yes ? core::Choice::Yes : core::Choice::No);
        });
}

//! A wait may be long, and shows nothing by itself. That for a next attempt is an event of --json.
void tellWaits(core::ChatReply &reply, bool json)
{
    if (!json) {
        QObject::connect(&reply, &core::ChatReply::retryScheduled, &reply,
                         [&reply](int, std::chrono::milliseconds delay, const core::Error &cause) {
                             if (delay < std::chrono::seconds(1)) // over before it is read
                                 return;
                             Console::errorLine(
                                 QStringLiteral("%1: %2. Trying again in %3 s.")
                                     .arg(specOf(reply.target()), core::errorCode(cause.kind))
                                     .arg(std::chrono::ceil<std::chrono::seconds>(delay).count()));
                         });
    }
    QObject::connect(&reply, &core::ChatReply::stateChanged, &reply,
                     [&reply](core::ReplyState state) {
                         if (state != core::ReplyState::WaitingForTurn)
                             return;
                         const auto left = reply.waitLeft();
                         const QString whom = specOf(reply.target());
                         Console::errorLine(
                             left ? QStringLiteral("Waiting %1 s for the rate limit of %2.")
                                        .arg(std::chrono::ceil<std::chrono::seconds>(*left).count())
                                        .arg(whom)
                                  : QStringLiteral("Waiting for the rate limit of %1.").arg(whom));
                     });
}

void applyEngineOptions(const CommandLine &line, std::optional<std::chrono::milliseconds> timeout,
                        Engine &engine)
{
    core::ClientOptions options = engine.client().options();
    options.retry = options.retry && !line.has(QStringLiteral("--no-retry"));
    options.fallback = options.fallback && !line.has(QStringLiteral("--no-fallback"));
    options.continueBrokenAnswers = false; // one request: whoever reads the output sees to the rest
    if (timeout)
        options.requestDeadline = *timeout; // waits and all
    engine.client().setOptions(options);
}

//! Where the window would ask before a secret leaves, the answer here is no.
core::Result<core::Done> checkPrompt(const core::OutgoingPrompt &prompt, const CommandLine &line,
                                     Engine &engine)
{
    const core::WorkspaceBook &workspaces = engine.workspaces();
    const core::PromptGuard guard(
        blockedPatterns(engine.settings(), workspaces.inForce(workspaces.current())));
    const QString concern = guard.warningOn(prompt);
    if (concern.isEmpty() || line.has(QStringLiteral("--yes")))
        return core::Done{};
    return usageError(
        QStringLiteral("%1 Nothing was sent. Add --yes to send it all the same.").arg(concern));
}

//! The window counts while one types. Here is the time for it: by their own tokenizers, as far as
//! they are published, so that what is set aside is no more than the prompt takes.
void countFor(const core::Route &route, const core::ChatRequest &request, const Engine &engine)
{
    QList<core::ForecastQuestion> questions;
    for (const core::Target &target : route.targets)
        questions.append({request, target});
    engine.forecast(questions).waitForFinished();
}

//! Calls \p then once all of the answer is on disk, or was refused \p tries times. A window may be
//! stopped, or busy for longer than one write waits; what was refused is kept until then.
void whenSaved(QObject *owner, core::Journal &journal, int tries,
               const std::function<void(const core::Result<core::Done> &)> &then)
{
    core::whenReady(owner, journal.drained(),
                    [owner, &journal, tries, then](const core::Result<core::Done> &drained) {
                        if (drained || tries <= 1)
                            then(drained);
                        else
                            whenSaved(owner, journal, tries - 1, then);
                    });
}

//! What was shown is not on disk, and nothing tries again after this run. The status of a request
//! that failed says more.
ExitCode tellUnsaved(const core::Error &error, ExitCode exit)
{
    Console::errorLine(QStringLiteral("farthing: The answer and its cost could not be saved. ") +
                       error.detail);
    return exit == ExitCode::Success ? ExitCode::Internal : exit;
}

//! Where no target answered: the status that all of them came to, if it is one. Where it is not,
//! another time may help some of them.
ExitCode exitCodeOf(const core::ChatReply &reply, bool textShown)
{
    const core::Error &error = reply.result().error();
    const ExitCode own = exitCodeFor(error, textShown);
    if (error.kind != core::ErrorKind::AllTargetsFailed)
        return own;
    std::optional<ExitCode> common;
    for (const core::AttemptRecord &attempt : lastOfEachTarget(reply.attempts())) {
        const ExitCode each = exitCodeFor(attempt.error.value_or(error), textShown);
        if (common.value_or(each) != each)
            return own;
        common = each;
    }
    return common.value_or(own);
}

//! The sentence sends the user to the settings, which a script cannot open.
void tellOfVariable(const core::Error &error, const Engine &engine)
{
    const core::ProviderInfo *row = engine.providers().provider(error.provider);
    if (error.kind != core::ErrorKind::KeyMissing || !error.detail.isEmpty() || !row)
        return;
    if (!row->keyEnv.isEmpty())
        Console::errorLine(QStringLiteral("  Or set %1 in the environment.").arg(row->keyEnv));
}

void tellEnd(const core::Error &error, const Engine &engine)
{
    if (error.kind == core::ErrorKind::Cancelled && !Console::isOpen()) {
        Console::errorLine(QStringLiteral(
            "farthing: The output could not be written, so the answer was stopped."));
        return;
    }
    tell(error);
    tellOfVariable(error, engine);
}

//! Prints the answer that comes, and ends once it is on disk.
ExitCode printAnswer(core::ChatReply &reply, const CommandLine &line, Engine &engine)
{
    answerDecisions(reply, engine, line.has(QStringLiteral("--yes")));
    const bool json = line.has(QStringLiteral("--json"));
    tellWaits(reply, json);
    AnswerPrinter printer(reply, json);
    ExitCode exit = ExitCode::Internal;
    // Connected after the conversation's own slot: by now it has taken the outcome.
    QObject::connect(&reply, &core::ChatReply::finished, &printer, [&] {
        printer.finish();
        exit = reply.result() ? ExitCode::Success : exitCodeOf(reply, printer.textShown());
        if (!reply.result())
            tellEnd(reply.result().error(), engine);
        whenSaved(&printer, engine.store().journal(), TriesToSave,
                  [&](const core::Result<core::Done> &saved) {
                      if (!saved)
                          exit = tellUnsaved(saved.error(), exit);
                      QCoreApplication::quit();
                  });
    });
    const InterruptHandler interrupt([&] { reply.cancel(); });
    QCoreApplication::exec();
    return exit;
}

//! Errors: whatever kept the request from being sent.
core::Result<ExitCode> ask(const CommandLine &line, const Profile &profile)
{
    const auto prompt = promptFrom(line);
    if (!prompt)
        return prompt.error();
    const auto options = optionsFrom(line);
    if (!options)
        return options.error();
    const auto timeout = timeoutFrom(line);
    if (!timeout)
        return timeout.error();
    const auto attachments = attachmentsFrom(line);
    if (!attachments)
        return attachments.error();
    const auto engine = Engine::create(engineOptions(line, profile, core::SessionKind::Verb));
    if (!engine)
        return engine.error();
    Engine &parts = **engine;
    if (parts.store().isReadOnly())
        return core::makeError(core::ErrorKind::StorageFailed, parts.store().notice());
    for (const QString &notice : {parts.store().notice(), parts.settings().notice()}) {
        if (!notice.isEmpty())
            Console::errorLine(QStringLiteral("farthing: ") + notice);
    }
    if (const auto fault = parts.priceBook().fault())
        Console::errorLine(core::userText(*fault));
    const auto route = routeFrom(line, parts);
    if (!route)
        return route.error();
    applyEngineOptions(line, *timeout, parts);

    if (const auto guarded = checkPrompt({*prompt, *attachments, {options->system}}, line, parts);
        !guarded)
        return guarded.error();

    core::Conversation *conversation =
        parts.conversations().create(core::ConversationKind::Ask, route->targets.first());
    conversation->setOptions(*options);
    if (route->id == 0) {
        conversation->setFallbacks(route->targets.mid(1));
    } else {
        conversation->setRoutes({*route});
        conversation->setRoute(*route);
    }
    countFor(*route, conversation->requestFor(*prompt, *attachments), parts);
    core::SpendTerms terms;
    if (line.has(QStringLiteral("--yes"))) // a soft budget asks; a hard one is not asked away
        terms.consent = core::Consent::Soft;
    if (const auto sent = conversation->send(*prompt, *attachments, terms); !sent)
        return sent.error();

    if (const auto chosen = conversation->path().last().chosen)
        Console::errorLine(
            core::choiceText(*chosen, specOf(chosen->target), QString::number(chosen->tokens)));

    return printAnswer(*conversation->reply(), line, parts);
}

} // namespace

ExitCode runAsk(const CommandLine &line, const Profile &profile)
{
    const auto ended = ask(line, profile);
    return ended ? *ended : failUnsent(ended.error(), line.has(QStringLiteral("--json")));
}

ExitCode failUnsent(const core::Error &error, bool json)
{
    if (json) { // a reader waits for it, whatever happened
        FinishedLine last;
        last.error = error;
        last.attempts = 0;
        last.cost = core::CostBreakdown(); // nothing was sent, so it is known: none
        Console::outLine(last.toString());
    }
    return fail(error);
}

} // namespace app
