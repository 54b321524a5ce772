// The screens of the window: how each is made, and where what it shows and asks comes from.
#include "app/answerwatch.h"
#include "app/chatactions.h"
#include "app/detailsources.h"
#include "app/firstrun.h"
#include "app/modelchooser.h"
#include "app/settingsfacts.h"
#include "app/windowcontroller.h"
#include "app/windowworkspaces.h"
#include "core/client/endpointcontrol.h"
#include "core/client/warmprompt.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/welcome.h"
#include "ui/dashboard/dashboardscreen.h"
#include "ui/settings/settingsscreen.h"

namespace app {

namespace keys = core::settings;

ui::ConversationFeed::Names WindowController::names() const
{
    return {[this](const core::Target &target) { return m_models.nameOf(target); },
            [this](const QString &provider) { return m_models.providerNameOf(provider); }};
}

ui::SendForecast::Answer WindowController::forecasts()
{
    return [this](const QList<core::ForecastQuestion> &questions) {
        return m_engine.forecast(questions);
    };
}

QWidget *WindowController::makeChat()
{
    m_chat = new ui::ChatScreen(m_theme, names());
    connect(m_chat, &ui::ChatScreen::modelRequested, this, &WindowController::chooseChatModel);
    connect(m_chat, &ui::ChatScreen::insteadRequested, this, &WindowController::chooseInstead);
    connect(m_chat, &ui::ChatScreen::keySettingsRequested, this,
            &WindowController::openKeySettings);
    connect(m_chat, &ui::ChatScreen::reminderRequested, this,
            [this](std::int64_t answerId, core::UtcTime at) {
                m_answerWatch->remind(m_chat->conversation()->id(), answerId, at);
            });
    connect(m_chat, &ui::ChatScreen::detailsToggled, this,
            [this](bool shown) { remember(keys::DetailsShown, shown); });
    connect(m_chat, &ui::ChatScreen::deleteRequested, this, [this](std::int64_t id) {
        m_actions->remove({{id, false}});
    });
    connect(m_chat, &ui::ChatScreen::archiveRequested, this, [this](std::int64_t id) {
        m_actions->archive({{id, false}});
    });
    m_chat->setForecastSource(forecasts());
    m_chat->setCacheLoss([this](const core::WarmPrompt &prompt, const core::Target &next) {
        return core::lossOf(prompt, next, m_engine.providers(), m_engine.modelLists(),
                            core::CostCalculator(m_engine.prices()), m_engine.clock().utcNow());
    });
    m_chat->setTokenCounter(&m_engine.tokenCounter());
    m_chat->setDetailSources(detailSources(m_engine, m_models));
    connect(m_chat, &ui::ChatScreen::budgetRequested, this, &WindowController::openBudget);
    buildWelcome();
    return m_chat;
}

QWidget *WindowController::makeDashboard()
{
    ui::DashboardNames names;
    names.provider = [this](const QString &provider) { return m_models.providerNameOf(provider); };
    names.model = [this](const QString &provider, const QString &model) {
        core::Target target;
        target.provider = provider;
        target.model = model;
        return m_models.nameOf(target);
    };
    auto *dashboard =
        new ui::DashboardScreen(m_engine.store(), m_engine.clock(), m_startedAt, m_theme, names);
    dashboard->addReprice(m_engine.priceBook());
    m_workspaces->addTo(*dashboard);
    return dashboard;
}

QWidget *WindowController::makeSettings()
{
    auto *endpoints = new core::EndpointControl(m_engine.traffic(), this);
    m_settings = new ui::SettingsScreen(
        m_theme,
        {m_engine.accounts(), m_models, m_engine.entra(), m_engine.settings(), m_engine.health(),
         m_engine.activeCheck(), *endpoints, m_engine.accountNotes(), m_engine.clock(),
         certificatesIn()},
        m_engine.routes(),
        {m_engine.store().budgets(), m_engine.priceBook(), m_engine.priceRefresh(),
         m_engine.clock()},
        {networkFacts(m_engine), dataFacts(m_engine)});
    m_workspaces->addTo(*m_settings, *m_chooser, m_models, m_theme);
    connect(m_settings, &ui::SettingsScreen::keyStored, this, &WindowController::takeFirstKey);
    connect(m_settings, &ui::SettingsScreen::routeTargetRequested, this,
            [this](const QWidget *anchor) {
                m_chooser->open(
                    anchor,
                    [this](const core::Route &route) {
                        m_settings->addRouteTarget(route.targets.constFirst());
                    },
                    ModelChooser::Offer::ModelsOnly);
            });
    connect(m_settings, &ui::SettingsScreen::failed, this,
            [this](const QString &sentence) { m_window->showBanner(ui::Tone::Error, sentence); });
    core::Store &store = m_engine.store();
    m_settings->addOutageDrill({m_engine.client(), store.journal(), store.conversations(),
                                0, // the session that runs then
                                store.defaultWorkspace(), [this] { return practiceControls(); }});
    return m_settings;
}

void WindowController::buildWelcome()
{
    auto *welcome = new ui::Welcome(m_theme);
    m_chat->setWelcome(welcome);
    m_firstRun = new FirstRun(m_engine, *welcome);
    connect(welcome, &ui::Welcome::practiceRequested, this, &WindowController::startPractice);
    connect(welcome, &ui::Welcome::localServerChosen, this, &WindowController::startWith);
    connect(welcome, &ui::Welcome::keyRequested, this, [this] { openKeySettings({}); });
}

} // namespace app
