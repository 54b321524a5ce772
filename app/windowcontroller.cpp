#include "app/windowcontroller.h"

#include "app/answerwatch.h"
#include "app/budgetwatch.h"
#include "app/chatactions.h"
#include "app/chosenroutes.h"
#include "app/commandpalette.h"
#include "app/firstrun.h"
#include "app/modelchooser.h"
#include "app/orderlyquit.h"
#include "app/sidebarfeed.h"
#include "app/windowworkspaces.h"
#include "core/base/errortext.h"
#include "ui/chat/chatscreen.h"
#include "ui/compare/comparescreen.h"
#include "ui/settings/settingsscreen.h"
#include "ui/transcript/composeredit.h"

#include <QGuiApplication>
#include <QScreen>

namespace app {

namespace {

using namespace std::chrono_literals;
namespace keys = core::settings;

//! As large as the design is drawn, but whole on the screen with the frame that is not there yet.
QSize firstSize(const QScreen &screen)
{
    constexpr int FrameAtMost = 48;
    return QSize(1440, 900).boundedTo(screen.availableSize() - QSize(0, FrameAtMost));
}

ui::Appearance appearanceFrom(const QString &name)
{
    if (name == QStringLiteral("light"))
        return ui::Appearance::Light;
    return name == QStringLiteral("dark") ? ui::Appearance::Dark : ui::Appearance::System;
}

ui::Announcements announcementsFrom(const QString &name)
{
    if (name == QStringLiteral("off"))
        return ui::Announcements::Off;
    return name == QStringLiteral("end") ? ui::Announcements::EndOnly
                                         : ui::Announcements::Sentences;
}

} // namespace

WindowController::WindowController(Engine &engine, ui::ThemeSource &theme)
    : m_engine(engine)
    , m_theme(theme)
    , m_models(engine.accounts(), engine.modelLists(), engine.prices(), engine.clock())
    , m_notifier(QDBusConnection::sessionBus())
    , m_startedAt(engine.clock().utcNow())
{
    applyLook(); // widgets measure their text when they are made
    build();
    buildNotifications();
    connectSidebar();
    connectEngine();
    if (const auto adopted = adoptOldFallbacks(m_engine); !adopted)
        m_window->showBanner(ui::Tone::Error, adopted.error().detail);
    applySettings();
    m_actions->eraseDeleted(); // what was deleted when the last window closed
    m_sidebarFeed->refresh();
    newChat();
}

WindowController::~WindowController() = default;

void WindowController::show()
{
    const QByteArray geometry =
        QByteArray::fromBase64(m_engine.settings().value(keys::WindowGeometry).toLatin1());
    if (geometry.isEmpty() || !m_window->restoreGeometry(geometry))
        m_window->resize(firstSize(*m_window->screen()));
    m_window->show();
    m_chat->focusComposer();
}

void WindowController::raise()
{
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowMinimized);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
}

void WindowController::end()
{
    m_quit->stopAndClose();
}

void WindowController::build()
{
    m_window = std::make_unique<ui::MainWindow>(
        m_theme,
        std::array<ui::MainWindow::MakeScreen, 4>{
            [this] { return makeChat(); }, [this] { return makeCompare(); },
            [this] { return makeDashboard(); }, [this] { return makeSettings(); }},
        [this] { return m_quit->mayClose(); },
        [this](const QByteArray &geometry) {
            remember(keys::WindowGeometry, QString::fromLatin1(geometry.toBase64()));
        });
    m_window->setWindowTitle(QStringLiteral("Farthing"));
    m_quit = new OrderlyQuit(m_engine, *m_window, [this] { m_window->closeNow(); });
    m_actions = new ChatActions(m_engine, *m_window);
    m_sidebarFeed = new SidebarFeed(m_engine, m_engine.clock(), m_models, m_window->sidebar());
    m_workspaces = new WindowWorkspaces(m_engine, {*m_window, *m_chat, *m_actions, *m_sidebarFeed});
    buildPopups();
    connect(m_window.get(), &ui::MainWindow::commandTriggered, this, &WindowController::run);
    connect(m_window.get(), &ui::MainWindow::shortcutSettingsRequested, this, [this] {
        m_window->setPlace(ui::Place::Settings);
        m_settings->showShortcuts();
    });
    connect(m_window.get(), &ui::MainWindow::bannerActionChosen, this, [this] {
        newChat(); // the one banner with an action says what new chats use
        chooseChatModel();
    });
    connect(m_window.get(), &ui::MainWindow::placeChanged, this, [this](ui::Place place) {
        ++m_asked; // what still loads does not come over it
        if (place == ui::Place::Compare && !m_compare->comparison())
            showComparison(freshComparison());
        else if (place == ui::Place::Chats || place == ui::Place::Compare)
            markShown();
    });
    for (const QString &notice : {m_engine.settings().notice(), m_engine.store().notice()}) {
        if (!notice.isEmpty()) // the store's says more, and stands last
            m_window->showBanner(ui::Tone::Warning, notice);
    }
}

void WindowController::buildNotifications()
{
    const auto isUnseen = [] {
        return QGuiApplication::applicationState() != Qt::ApplicationActive;
    };
    m_answerWatch = new AnswerWatch(m_engine, m_models, m_notifier, isUnseen, this);
    connect(m_answerWatch, &AnswerWatch::openRequested, this, [this](const ui::SidebarKey &key) {
        raise();
        open(key);
    });
    connect(qApp, &QGuiApplication::applicationStateChanged, this, [this, isUnseen] {
        if (!isUnseen())
            m_answerWatch->seen(shownKey());
    });
    auto *budgets = new BudgetWatch(m_engine, m_notifier, isUnseen, this);
    connect(budgets, &BudgetWatch::told, this, [this](ui::Tone tone, const QString &sentence) {
        m_window->showBanner(tone, sentence);
    });
    connect(budgets, &BudgetWatch::openRequested, this, [this](std::int64_t id) {
        raise();
        openBudget(id);
    });
}

ui::SidebarKey WindowController::shownKey() const
{
    if (m_window->place() == ui::Place::Compare && m_compare && m_compare->comparison())
        return {m_compare->comparison()->record().id, true};
    return {m_chat->conversation() ? m_chat->conversation()->id() : 0, false};
}

//! It stands out in the sidebar, and nothing in it is news.
void WindowController::markShown()
{
    m_sidebarFeed->setShown(shownKey());
    m_answerWatch->seen(shownKey());
}

void WindowController::buildPopups()
{
    m_palette = new CommandPalette(m_engine.store().conversations(), m_theme, m_window.get());
    connect(m_palette, &CommandPalette::commandChosen, this,
            [this](ui::Command command) { m_window->trigger(command); });
    connect(m_palette, &CommandPalette::comparisonRequested, this,
            &WindowController::newComparison);
    connect(m_palette, &CommandPalette::practiceFaultRequested, this,
            &WindowController::setPracticeFault);
    connect(m_palette, &CommandPalette::sessionRequested, this, [this] {
        if (const auto begun = m_engine.store().newSession(); !begun)
            m_window->showBanner(ui::Tone::Error, begun.error().detail);
    });
    connect(m_palette, &CommandPalette::startRequested, this, &WindowController::showStart);
    m_palette->setPracticeOffered([this] {
        const core::Conversation *chat = m_chat->conversation();
        return m_engine.practice() || (chat && chat->record().target.simulated);
    });
    connect(m_palette, &CommandPalette::opened, this, &WindowController::openAt);
    m_chooser = new ModelChooser(m_engine, m_models, m_theme, m_window.get());
    connect(m_chooser, &ModelChooser::failed, this,
            [this](const QString &sentence) { m_chat->setNotice(sentence); });
}

void WindowController::openBudget(std::int64_t id)
{
    m_window->setPlace(ui::Place::Settings);
    m_settings->showBudget(id);
}

void WindowController::openKeySettings(const QString &provider)
{
    m_window->setPlace(ui::Place::Settings);
    m_settings->showProvider(provider);
}

void WindowController::connectSidebar()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    connect(&sidebar, &ui::Sidebar::opened, this, &WindowController::open);
    connect(&sidebar, &ui::Sidebar::renamed, m_actions, &ChatActions::rename);
    connect(&sidebar, &ui::Sidebar::pinRequested, m_actions, &ChatActions::pin);
    connect(&sidebar, &ui::Sidebar::archiveRequested, m_actions, &ChatActions::archive);
    connect(&sidebar, &ui::Sidebar::deleteRequested, m_actions, &ChatActions::remove);
    connect(m_actions, &ChatActions::gone, this, &WindowController::leave);
    connect(m_actions, &ChatActions::done, this, [this](const ui::SidebarKey &key) {
        if (isOpen(key))
            return;
        key.comparison ? m_engine.comparisons().close(key.id)
                       : m_engine.conversations().close(key.id);
    });
    connect(m_actions, &ChatActions::restored, this, [this](const ui::SidebarKey &key) {
        if (m_left != key)
            return; // others may be taken back before it
        m_left.reset();
        open(key);
    });
}

void WindowController::connectEngine()
{
    connect(&m_engine.store(), &core::Store::writeFailed, this, [this](const core::Error &error) {
        m_window->showBanner(ui::Tone::Error, core::userText(error));
    });
    connect(&m_engine.store(), &core::Store::ledgerChanged, m_chat,
            &ui::ChatScreen::refreshDetails);
    connect(&m_engine.settings(), &core::Settings::changed, this, [this] { applySettings(); });
    connect(&m_engine.routes(), &core::RouteBook::changed, this, [this] { applyRoutes(m_engine); });
    connect(&m_engine.workspaces(), &core::WorkspaceBook::currentChanged, this,
            &WindowController::renewEmpty);
    connect(&m_engine.workspaces(), &core::WorkspaceBook::changed, this,
            &WindowController::renewBegun);
}

void WindowController::applyLook()
{
    m_theme.setAppearance(appearanceFrom(m_engine.settings().value(keys::Theme)));
    m_theme.setTextPercent(m_engine.settings().value(keys::TextSize));
}

void WindowController::applySettings()
{
    const core::Settings &settings = m_engine.settings();
    applyLook();
    m_chat->setFollowAnswers(settings.value(keys::FollowAnswers));
    m_chat->setDetailsShown(settings.value(keys::DetailsShown));
    m_chat->setWideColumn(settings.value(keys::WideColumn));
    applySharedSettings();
    m_window->setKeys(ui::KeyMap::fromText(settings.value(keys::Shortcuts)));
    if (const auto applied = m_engine.applySettings(); !applied)
        m_window->showBanner(ui::Tone::Error, applied.error().detail);
    applyRoutes(m_engine);
    m_firstRun->refresh();
}

void WindowController::applySharedSettings()
{
    const ui::Announcements which =
        announcementsFrom(m_engine.settings().value(keys::SpokenAnswers));
    const ui::SendKey key = m_engine.settings().value(keys::SendWithEnter)
                                ? ui::SendKey::Enter
                                : ui::SendKey::ControlEnter;
    m_chat->setAnnouncements(which);
    m_chat->setSendKey(key);
    if (!m_compare)
        return;
    m_compare->setAnnouncements(which);
    m_compare->setSendKey(key);
}

void WindowController::run(ui::Command command)
{
    switch (command) {
    case ui::Command::NewChat:
        return newChat();
    case ui::Command::Palette:
    case ui::Command::SearchAll:
        return m_palette->open();
    case ui::Command::Find:
        m_window->setPlace(ui::Place::Chats);
        return m_chat->startFind();
    case ui::Command::ChooseModel:
        if (m_window->place() == ui::Place::Compare)
            return chooseLaneModel(NewLane);
        m_window->setPlace(ui::Place::Chats);
        return chooseChatModel();
    case ui::Command::TextLarger:
    case ui::Command::TextSmaller:
    case ui::Command::TextUsual:
        return remember(keys::TextSize, m_theme.textPercent()); // the window has set it
    case ui::Command::Escape:
        if (m_window->place() == ui::Place::Compare)
            m_compare->stopAll();
        else if (m_window->place() == ui::Place::Chats) // nothing is stopped out of sight
            m_chat->escape();
        return;
    case ui::Command::PreviousMessage:
        if (m_window->place() == ui::Place::Chats)
            m_chat->goToMessage(-1);
        return;
    case ui::Command::NextMessage:
        if (m_window->place() == ui::Place::Chats)
            m_chat->goToMessage(1);
        return;
    case ui::Command::CopyAnswer:
        if (m_window->place() == ui::Place::Chats)
            m_chat->copyLastAnswer();
        return;
    case ui::Command::Regenerate:
        if (m_window->place() == ui::Place::Chats)
            m_chat->regenerateOnSecondPress();
        return;
    case ui::Command::AddLane:
        if (m_window->place() == ui::Place::Compare)
            chooseLaneModel(NewLane);
        return;
    case ui::Command::SendToAll:
        if (m_window->place() == ui::Place::Compare)
            m_compare->sendToAll();
        return;
    case ui::Command::ToggleDetails:
        if (m_window->place() == ui::Place::Chats)
            remember(keys::DetailsShown, !m_engine.settings().value(keys::DetailsShown));
        return;
    case ui::Command::Settings:
    case ui::Command::PlaceSettings:
    case ui::Command::PlaceChats:
    case ui::Command::PlaceCompare:
    case ui::Command::PlaceDashboard:
    case ui::Command::Shortcuts:
    case ui::Command::ToggleSidebar:
    case ui::Command::FullScreen:
    case ui::Command::Quit:
        return; // the window does these itself
    }
}

void WindowController::showConversation(core::Conversation *conversation)
{
    ++m_asked;
    core::Conversation *before = m_chat->conversation();
    m_chat->show(conversation);
    if (before && before != conversation)
        m_engine.conversations().close(before->id());
    m_workspaces->refreshGuard();
    markShown();
}

void WindowController::openAt(const ui::SidebarKey &key, std::int64_t messageId)
{
    const int asked = ++m_asked;
    if (key.comparison) {
        return m_actions->withComparison(key.id,
                                         [this, asked, messageId](core::Comparison &comparison) {
                                             if (asked != m_asked)
                                                 return;
                                             showComparison(&comparison);
                                             m_compare->showMessage(messageId);
                                         });
    }
    // The place comes with the chat: the one that was there before is not seen in between.
    m_actions->withConversation(key.id, [this, asked, messageId](core::Conversation &conversation) {
        if (asked != m_asked) // something else was chosen while it loaded
            return;
        showConversation(&conversation);
        m_window->setPlace(ui::Place::Chats);
        m_chat->showMessage(messageId);
        m_chat->focusComposer();
    });
}

bool WindowController::isOpen(const ui::SidebarKey &key) const
{
    const core::Comparison *comparison = m_compare ? m_compare->comparison() : nullptr;
    if (key.comparison)
        return comparison && comparison->record().id == key.id;
    return m_chat->conversation() && m_chat->conversation()->id() == key.id;
}

void WindowController::leave(const ui::SidebarKey &key)
{
    if (!isOpen(key))
        return;
    const bool isInSight =
        m_window->place() == (key.comparison ? ui::Place::Compare : ui::Place::Chats);
    if (isInSight) {
        key.comparison ? newComparison() : newChat();
        m_left = key;
    } else if (key.comparison) { // what is looked at stays
        putComparison(freshComparison());
    } else {
        showConversation(freshChat());
    }
}

} // namespace app
