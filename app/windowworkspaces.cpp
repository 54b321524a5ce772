#include "app/windowworkspaces.h"

#include "app/chatactions.h"
#include "app/chosenroutes.h"
#include "app/coresettings.h"
#include "app/modelchooser.h"
#include "app/sidebarfeed.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/optionspopup.h"
#include "ui/compare/comparescreen.h"
#include "ui/dashboard/dashboardscreen.h"
#include "ui/settings/settingsscreen.h"

namespace app {

WindowWorkspaces::WindowWorkspaces(Engine &engine, const Parts &parts)
    : QObject(&parts.window)
    , m_engine(engine)
    , m_parts(parts)
    , m_shown(engine.settings().value(core::settings::ShownWorkspace).toLongLong())
{
    core::WorkspaceBook &workspaces = engine.workspaces();
    if (!workspaces.hasSeveral() || !workspaces.find(m_shown))
        m_shown = 0; // deleted, or of a profile that had others
    workspaces.setCurrent(m_shown);
    m_parts.feed.setWorkspace(m_shown);
    connectParts();
    refresh();
}

void WindowWorkspaces::connectParts()
{
    ui::Sidebar &sidebar = m_parts.window.sidebar();
    connect(&m_engine.workspaces(), &core::WorkspaceBook::changed, this,
            &WindowWorkspaces::refresh);
    connect(&sidebar, &ui::Sidebar::workspaceChosen, this, &WindowWorkspaces::choose);
    connect(&sidebar, &ui::Sidebar::moveRequested, &m_parts.actions, &ChatActions::move);
    connect(&m_parts.chat, &ui::ChatScreen::moveRequested, this,
            [this](std::int64_t chat, std::int64_t workspace) {
                m_parts.actions.move({{chat, false}}, workspace);
            });
    connect(&m_engine.settings(), &core::Settings::changed, this, [this](const QString &key) {
        if (key == core::settings::BlockedPatterns.name())
            refreshGuard();
    });
    // It is told of every piece of an answer, too: mostly nothing was moved.
    connect(&m_engine.conversations(), &core::ConversationBook::changed, this, [this] {
        if (chatWorkspace() != m_guardedChat || compareWorkspace() != m_guardedCompare)
            refreshGuard();
    });
}

void WindowWorkspaces::setCompare(ui::CompareScreen &compare)
{
    m_compare = &compare;
    refreshGuard();
}

QString WindowWorkspaces::nameOf(const QString &model, const core::ModelDirectory &models) const
{
    const QList<core::Route> routes = routesFrom(model, m_engine);
    if (routes.isEmpty())
        return model.startsWith(QStringLiteral("route:")) ? tr("A route that is gone or empty")
                                                          : model;
    const core::Route &route = routes.constFirst();
    return route.id ? route.name : models.nameOf(route.targets.constFirst());
}

void WindowWorkspaces::chooseModel(std::int64_t id, const QWidget *anchor, ModelChooser &chooser)
{
    core::WorkspaceBook &workspaces = m_engine.workspaces();
    const QList<core::Route> now = routesFrom(workspaces.inForce(id).model, m_engine);
    chooser.open(
        anchor,
        [&workspaces, id](const core::Route &route) {
            if (auto workspace = workspaces.find(id)) {
                workspace->model = specOf(route);
                workspaces.change(*workspace);
            }
        },
        ModelChooser::Offer::RoutesToo, now.isEmpty() ? core::Route() : now.constFirst());
}

void WindowWorkspaces::addTo(ui::SettingsScreen &settings, ModelChooser &chooser,
                             const core::ModelDirectory &models, const ui::ThemeSource &theme)
{
    core::WorkspaceBook &workspaces = m_engine.workspaces();
    settings.addWorkspaces(
        workspaces,
        {[this, &models](const QString &model) { return nameOf(model, models); },
         [](const core::ChatOptions &options) { return ui::differingOptions(options); }});
    connect(&settings, &ui::SettingsScreen::workspaceModelRequested, this,
            [this, &chooser](const QWidget *anchor, std::int64_t id) {
                chooseModel(id, anchor, chooser);
            });
    m_options = new ui::OptionsPopup(theme, &m_parts.window);
    connect(m_options, &ui::OptionsPopup::changed, this,
            [this, &workspaces](const core::ChatOptions &options) {
                if (auto workspace = workspaces.find(m_optionsOf)) {
                    workspace->options = options;
                    workspaces.change(*workspace);
                }
            });
    connect(&settings, &ui::SettingsScreen::workspaceOptionsRequested, this,
            [this, &workspaces](const QWidget *anchor, std::int64_t id) {
                m_optionsOf = id;
                m_options->open(workspaces.inForce(id).options, anchor, id);
            });
}

void WindowWorkspaces::addTo(ui::DashboardScreen &dashboard)
{
    const auto name = [this, &dashboard] {
        dashboard.setWorkspaces(m_engine.workspaces().workspaces());
    };
    connect(&m_engine.workspaces(), &core::WorkspaceBook::changed, &dashboard, name);
    name();
}

void WindowWorkspaces::choose(std::int64_t id)
{
    m_shown = id;
    m_parts.feed.setWorkspace(id);
    if (const auto written = m_engine.settings().setValue(
            core::settings::ShownWorkspace, id == 0 ? QString() : QString::number(id));
        !written)
        m_parts.window.showBanner(ui::Tone::Error, written.error().detail);
    m_engine.workspaces().setCurrent(id);
}

void WindowWorkspaces::refresh()
{
    const core::WorkspaceBook &workspaces = m_engine.workspaces();
    if (m_shown != 0 && (!workspaces.hasSeveral() || !workspaces.find(m_shown)))
        choose(0);
    QList<ui::WorkspaceName> names;
    for (const core::Workspace &each : workspaces.workspaces())
        names.append({each.id, each.name});
    m_parts.window.sidebar().setWorkspaces(names, m_shown);
    m_parts.chat.setWorkspaces(names);
    m_parts.feed.refreshEntries(); // chats may have been moved
    refreshGuard();
}

std::int64_t WindowWorkspaces::chatWorkspace() const
{
    const core::Conversation *chat = m_parts.chat.conversation();
    return chat ? chat->record().workspaceId : 0;
}

std::int64_t WindowWorkspaces::compareWorkspace() const
{
    const core::Comparison *comparison = m_compare ? m_compare->comparison() : nullptr;
    return comparison ? comparison->workspaceId() : 0;
}

void WindowWorkspaces::refreshGuard()
{
    const auto patterns = [this](std::int64_t workspace) {
        return blockedPatterns(m_engine.settings(), m_engine.workspaces().inForce(workspace));
    };
    m_guardedChat = chatWorkspace();
    m_guardedCompare = compareWorkspace();
    m_parts.chat.setBlockedPatterns(patterns(m_guardedChat));
    if (m_compare)
        m_compare->setBlockedPatterns(patterns(m_guardedCompare));
}

} // namespace app
