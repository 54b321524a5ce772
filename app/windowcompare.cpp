// The part of the window's controller that is about comparisons.
#include "app/answerwatch.h"
#include "app/chosenroutes.h"
#include "app/modelchooser.h"
#include "app/windowcontroller.h"
#include "app/windowworkspaces.h"
#include "ui/compare/comparescreen.h"

namespace app {

namespace keys = core::settings;

QWidget *WindowController::makeCompare()
{
    m_compare = new ui::CompareScreen(m_theme, names());
    m_workspaces->setCompare(*m_compare);
    applySharedSettings();
    connect(m_compare, &ui::CompareScreen::modelRequested, this,
            &WindowController::chooseLaneModel);
    m_compare->setForecastSource(forecasts());
    m_compare->setTokenCounter(&m_engine.tokenCounter());
    m_compare->setContextLimit(
        [this](const core::Target &target) { return m_models.contextLimitOf(target); });
    connect(m_compare, &ui::CompareScreen::insteadRequested, this,
            &WindowController::chooseLaneInstead);
    connect(m_compare, &ui::CompareScreen::reminderRequested, this,
            [this](std::int64_t conversationId, std::int64_t answerId, core::UtcTime at) {
                m_answerWatch->remind(conversationId, answerId, at);
            });
    connect(m_compare, &ui::CompareScreen::keySettingsRequested, this,
            &WindowController::openKeySettings);
    connect(m_compare, &ui::CompareScreen::budgetRequested, this, &WindowController::openBudget);
    connect(m_compare, &ui::CompareScreen::laneClosed, this,
            [this](std::int64_t id, const QString &model) {
                const QPointer<core::Comparison> comparison = m_compare->comparison();
                m_window->offerUndo(model.isEmpty() ? tr("The lane was closed.")
                                                    : tr("The lane of %1 was closed.").arg(model),
                                    [comparison, id] {
                                        if (comparison)
                                            comparison->restoreLane(id);
                                    });
            });
    return m_compare;
}

core::Comparison *WindowController::freshComparison()
{
    QList<core::Route> routes =
        routesFrom(m_engine.settings().value(keys::CompareTargets), m_engine);
    if (routes.size() < 2 || m_engine.isDemo()) {
        const core::Target second =
            m_engine.isDemo() ? m_engine.accounts().target(QStringLiteral("practice"),
                                                           QStringLiteral("practice-fast"))
                              : core::Target();
        routes = {{0, {}, {m_engine.defaultTarget()}}, {0, {}, {second}}};
    }
    QList<core::Target> targets;
    for (const core::Route &route : std::as_const(routes))
        targets.append(route.targets.constFirst());
    core::Comparison *comparison = m_engine.comparisons().create(targets);
    for (qsizetype lane = 0; lane < comparison->lanes().size(); ++lane)
        comparison->lanes().at(lane)->setRoute(routes.at(lane));
    return comparison;
}

void WindowController::newComparison()
{
    showComparison(freshComparison());
}

void WindowController::showComparison(core::Comparison *comparison)
{
    ++m_asked;
    m_window->ensureScreen(ui::Place::Compare);
    putComparison(comparison);
    m_window->setPlace(ui::Place::Compare);
    markShown();
    m_compare->focusComposer();
}

void WindowController::putComparison(core::Comparison *comparison)
{
    const core::Comparison *before = m_compare->comparison();
    m_compare->show(comparison);
    if (before && before != comparison)
        m_engine.comparisons().close(before->record().id);
    m_workspaces->refreshGuard();
}

void WindowController::chooseLaneModel(int lane)
{
    const auto choose = [this, lane](const core::Route &route) {
        core::Comparison *comparison = m_compare->comparison();
        if (!comparison)
            return;
        core::Conversation *changed = lane < 0 ? comparison->addLane(route.targets.constFirst())
                                               : comparison->lanes().value(lane);
        if (changed)
            changed->setRoute(route);
        rememberLanes(*comparison);
        m_compare->focusComposer();
    };
    const core::Comparison *comparison = m_compare->comparison();
    const core::Conversation *asked = comparison ? comparison->lanes().value(lane) : nullptr;
    const QString draft = comparison ? comparison->record().draft : QString();
    core::ChatRequest next;
    next.messages = {{core::Role::User, {core::TextPart{draft}}}}; // of a lane that is new
    m_chooser->open(m_compare->modelAnchor(lane), choose, ModelChooser::Offer::RoutesToo,
                    routeOf(asked), asked ? asked->requestFor(draft) : next);
}

// Put away without a choice, the wait goes on.
void WindowController::chooseLaneInstead(int lane, std::int64_t answerId)
{
    m_chooser->open(m_compare->modelAnchor(lane), [this, lane, answerId](const core::Route &route) {
        m_compare->askInstead(lane, answerId, route);
        if (const core::Comparison *comparison = m_compare->comparison())
            rememberLanes(*comparison);
        m_compare->focusComposer();
    });
}

void WindowController::rememberLanes(const core::Comparison &comparison)
{
    QStringList specs;
    for (const core::Conversation *lane : comparison.lanes())
        specs.append(specOf(routeOf(lane)));
    remember(keys::CompareTargets, specs.join(QLatin1Char('\n')));
}

} // namespace app
