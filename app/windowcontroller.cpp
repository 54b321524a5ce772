#include "app/windowcontroller.h"

#include "app/targetspec.h"
#include "core/base/errortext.h"
#include "ui/chat/chatscreen.h"
#include "ui/chat/welcome.h"
#include "ui/compare/comparescreen.h"
#include "ui/dashboard/dashboardscreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/modelpicker.h"
#include "ui/widgets/notice.h"

#include <QApplication>
#include <QDateTime>
#include <QFutureWatcher>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

namespace app {

namespace {

using namespace std::chrono_literals;
namespace keys = core::settings;

constexpr int MostSidebarRows = 500;
constexpr int MostHits = 50;

//! QFuture::then() with a context that has died first asserts in Qt 6.4.2: a watcher that is a
//! child cannot.
template <typename T, typename Then>
void whenReady(QObject *owner, const QFuture<T> &future, Then then)
{
    auto *watcher = new QFutureWatcher<T>(owner);
    QObject::connect(watcher, &QFutureWatcher<T>::finished, owner, [watcher, then] {
        watcher->deleteLater();
        if (!watcher->isCanceled())
            then(watcher->result());
    });
    watcher->setFuture(future);
}

ui::Appearance appearanceFrom(const QString &name)
{
    if (name == QStringLiteral("light"))
        return ui::Appearance::Light;
    return name == QStringLiteral("dark") ? ui::Appearance::Dark : ui::Appearance::System;
}

ui::ModelState pickerState(const core::ModelChoice &choice)
{
    if (choice.local)
        return ui::ModelState::Local;
    return choice.state == core::AccountState::Ready ? ui::ModelState::Ready
                                                     : ui::ModelState::NoKey;
}

QString specOf(const core::Target &target)
{
    return target.provider + QLatin1Char('/') + target.model;
}

} // namespace

WindowController::WindowController(Engine &engine, ui::ThemeSource &theme)
    : m_engine(engine)
    , m_theme(theme)
    , m_models(engine.accounts(), engine.prices(), engine.clock())
    , m_spend(engine.store())
    , m_sidebarAlarm(engine.clock())
{
    build();
    connectSidebar();
    connectEngine();
    applySettings();
    refreshSidebar();
    refreshSpend();
    newChat();
}

WindowController::~WindowController() = default;

void WindowController::show()
{
    const QByteArray geometry =
        QByteArray::fromBase64(m_engine.settings().value(keys::WindowGeometry).toLatin1());
    if (geometry.isEmpty() || !m_window->restoreGeometry(geometry))
        m_window->resize(1440, 900);
    m_window->show();
    m_chat->focusComposer();
}

template <typename T>
void WindowController::remember(const core::Setting<T> &setting, const T &value)
{
    if (const auto written = m_engine.settings().setValue(setting, value); !written)
        m_window->showBanner(ui::Tone::Error, written.error().detail);
}

void WindowController::build()
{
    m_chat = new ui::ChatScreen(
        m_theme, [this](const core::Target &target) { return m_models.nameOf(target); });
    m_compare = new ui::CompareScreen(
        m_theme, [this](const core::Target &target) { return m_models.nameOf(target); },
        [this](const QString &provider) { return m_models.providerNameOf(provider); });
    connect(m_compare, &ui::CompareScreen::modelRequested, this,
            &WindowController::chooseLaneModel);
    auto *welcome = new ui::Welcome(m_theme);
    connect(welcome, &ui::Welcome::practiceRequested, this, &WindowController::startPractice);
    m_chat->setWelcome(welcome);
    ui::DashboardNames names;
    names.provider = [this](const QString &provider) { return m_models.providerNameOf(provider); };
    names.model = [this](const QString &provider, const QString &model) {
        core::Target target;
        target.provider = provider;
        target.model = model;
        return m_models.nameOf(target);
    };
    auto *dashboard = new ui::DashboardScreen(m_engine.store(), m_engine.clock(),
                                              m_engine.clock().utcNow(), m_theme, names);
    const std::array<QWidget *, 4> places{m_chat, m_compare, dashboard, new QWidget};
    m_window = std::make_unique<ui::MainWindow>(
        m_theme, places, [this] { return mayClose(); },
        [this](const QByteArray &geometry) {
            remember(keys::WindowGeometry, QString::fromLatin1(geometry.toBase64()));
        });
    m_window->setWindowTitle(QStringLiteral("Farthing"));
    m_window->sidebar().setPlaceShown(ui::Place::Settings, false);
    buildPopups();

    connect(m_window.get(), &ui::MainWindow::commandTriggered, this, &WindowController::run);
    connect(m_chat, &ui::ChatScreen::modelRequested, this, &WindowController::chooseChatModel);
    connect(m_window.get(), &ui::MainWindow::placeChanged, this, [this](ui::Place place) {
        if (place == ui::Place::Compare && !m_compare->comparison())
            newComparison();
    });
    if (const QString notice = m_engine.store().notice(); !notice.isEmpty())
        m_window->showBanner(ui::Tone::Warning, notice);
}

void WindowController::buildPopups()
{
    m_palette = new ui::FilterPopup(m_theme, m_window.get());
    m_palette->setPlaceholder(tr("Search chats and commands"));
    m_picker = new ui::FilterPopup(m_theme, m_window.get());
    m_picker->setPlaceholder(tr("Model, provider or PROVIDER/MODEL"));
    m_picker->setFreeEntry(tr("Use %1"));
    connect(m_palette, &ui::FilterPopup::queryChanged, this, &WindowController::search);
    connect(m_palette, &ui::FilterPopup::chosen, this, [this](const QString &id) {
        const QString kind = id.section(QLatin1Char(':'), 0, 0);
        const std::int64_t number = id.section(QLatin1Char(':'), 1).toLongLong();
        if (kind == QStringLiteral("command"))
            run(static_cast<ui::Command>(number));
        else if (kind == QStringLiteral("new-comparison"))
            newComparison();
        else
            open({number, kind == QStringLiteral("comparison")});
    });
    connect(m_picker, &ui::FilterPopup::chosen, this, &WindowController::chooseModel);
    connect(m_picker, &ui::FilterPopup::freeEntryChosen, this, &WindowController::chooseModel);
}

void WindowController::connectSidebar()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    connect(&sidebar, &ui::Sidebar::newChatRequested, this, &WindowController::newChat);
    connect(&sidebar, &ui::Sidebar::searchRequested, this, &WindowController::openPalette);
    connect(&sidebar, &ui::Sidebar::opened, this, &WindowController::open);
    connect(&sidebar, &ui::Sidebar::renamed, this, &WindowController::rename);
    connect(&sidebar, &ui::Sidebar::pinRequested, this, &WindowController::pin);
    connect(&sidebar, &ui::Sidebar::deleteRequested, this, &WindowController::remove);
    connect(&sidebar, &ui::Sidebar::stopAllRequested, &m_engine.conversations(),
            &core::ConversationBook::stopAll);
}

void WindowController::connectEngine()
{
    connect(&m_engine.conversations(), &core::ConversationBook::changed, this,
            &WindowController::refreshActivity);
    connect(&m_engine.store(), &core::Store::conversationChanged, this,
            [this] { refreshSidebar(); });
    connect(&m_engine.store(), &core::Store::ledgerChanged, this, [this] {
        refreshSidebar();
        refreshSpend();
    });
    connect(&m_engine.store(), &core::Store::writeFailed, this, [this](const core::Error &error) {
        m_window->showBanner(ui::Tone::Error, core::userText(error));
    });
    connect(&m_engine.settings(), &core::Settings::changed, this, [this] { applySettings(); });
}

void WindowController::applySettings()
{
    const core::Settings &settings = m_engine.settings();
    m_theme.setAppearance(appearanceFrom(settings.value(keys::Theme)));
    m_theme.setTextPercent(settings.value(keys::TextSize));
    m_chat->setFollowAnswers(settings.value(keys::FollowAnswers));
    m_chat->setWideColumn(settings.value(keys::WideColumn));
    m_chat->setSendKey(settings.value(keys::SendWithEnter) ? ui::SendKey::Enter
                                                           : ui::SendKey::ControlEnter);
}

void WindowController::run(ui::Command command)
{
    const core::Settings &settings = m_engine.settings();
    switch (command) {
    case ui::Command::NewChat:
        return newChat();
    case ui::Command::Palette:
    case ui::Command::SearchAll:
        return openPalette();
    case ui::Command::Find:
        return m_chat->startFind();
    case ui::Command::ChooseModel:
        return chooseChatModel();
    case ui::Command::TextLarger:
        remember(keys::TextSize, std::min(200, settings.value(keys::TextSize) + 10));
        return;
    case ui::Command::TextSmaller:
        remember(keys::TextSize, std::max(70, settings.value(keys::TextSize) - 10));
        return;
    case ui::Command::TextUsual:
        remember(keys::TextSize, 100);
        return;
    case ui::Command::Escape:
        if (m_window->place() == ui::Place::Compare)
            m_compare->stopAll();
        else
            m_chat->escape();
        return;
    case ui::Command::Settings:
    case ui::Command::PlaceSettings:
        return m_window->setPlace(ui::Place::Chats); // not there yet
    case ui::Command::PlaceChats:
    case ui::Command::PlaceCompare:
    case ui::Command::PlaceDashboard:
    case ui::Command::ToggleSidebar:
    case ui::Command::ToggleDetails:
    case ui::Command::FullScreen:
    case ui::Command::Quit:
        return; // the window does these itself
    }
}

void WindowController::newChat()
{
    // An empty chat that is open already is the new one.
    core::Conversation *shown = m_chat->conversation();
    if (!shown || !shown->isEmpty() || shown->record().kind != core::ConversationKind::Chat)
        showConversation(m_engine.conversations().create(core::ConversationKind::Chat,
                                                         m_engine.defaultTarget()));
    m_window->setPlace(ui::Place::Chats);
    m_window->sidebar().select({});
    m_chat->focusComposer();
}

void WindowController::showConversation(core::Conversation *conversation)
{
    core::Conversation *before = m_chat->conversation();
    m_chat->show(conversation);
    if (before && before != conversation)
        m_engine.conversations().close(before->id());
    m_unread.remove(conversation->id());
    refreshActivity(conversation->id());
}

void WindowController::open(const ui::SidebarKey &key)
{
    if (key.comparison) {
        return withComparison(key.id, [this](core::Comparison &comparison) {
            showComparison(&comparison);
            m_window->setPlace(ui::Place::Compare);
        });
    }
    m_window->setPlace(ui::Place::Chats);
    withConversation(key.id, [this, key](core::Conversation &conversation) {
        showConversation(&conversation);
        m_window->sidebar().select(key);
    });
}

void WindowController::newComparison()
{
    QList<core::Target> targets;
    const QStringList specs = m_engine.settings()
                                  .value(keys::CompareTargets)
                                  .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString &text : specs) {
        if (const auto spec = parseTargetSpec(text);
            spec && m_engine.providers().provider(spec->provider))
            targets.append(m_engine.accounts().target(spec->provider, spec->model));
    }
    if (targets.size() < 2 || m_engine.isDemo())
        targets = {m_engine.defaultTarget(),
                   m_engine.isDemo() ? m_engine.accounts().target(QStringLiteral("practice"),
                                                                  QStringLiteral("practice-fast"))
                                     : core::Target()};
    showComparison(m_engine.comparisons().create(targets));
    m_window->setPlace(ui::Place::Compare);
}

void WindowController::showComparison(core::Comparison *comparison)
{
    m_compare->show(comparison);
    m_compare->focusComposer();
}

void WindowController::withComparison(std::int64_t id, std::function<void(core::Comparison &)> act)
{
    whenReady(this, m_engine.comparisons().open(id),
              [this, act = std::move(act)](const core::Result<core::Comparison *> &opened) {
                  if (opened)
                      act(**opened);
                  else
                      m_window->showBanner(ui::Tone::Error, core::userText(opened.error()));
              });
}

void WindowController::chooseLaneModel(int lane)
{
    openModelPicker(m_compare->modelAnchor(lane), [this, lane](const core::Target &target) {
        core::Comparison *comparison = m_compare->comparison();
        if (!comparison)
            return;
        if (lane < 0)
            comparison->addLane(target);
        else
            comparison->lanes().at(lane)->setTarget(target);
        QStringList specs;
        for (const core::Conversation *each : comparison->lanes())
            specs.append(specOf(each->record().target));
        remember(keys::CompareTargets, specs.join(QLatin1Char('\n')));
        m_compare->focusComposer();
    });
}

void WindowController::withConversation(std::int64_t id,
                                        std::function<void(core::Conversation &)> act)
{
    whenReady(this, m_engine.conversations().open(id),
              [this, act = std::move(act)](const core::Result<core::Conversation *> &opened) {
                  if (opened)
                      act(**opened);
                  else
                      m_window->showBanner(ui::Tone::Error, core::userText(opened.error()));
              });
}

void WindowController::rename(const ui::SidebarKey &key, const QString &title)
{
    if (key.comparison)
        return withComparison(
            key.id, [title](core::Comparison &comparison) { comparison.setTitle(title); });
    withConversation(key.id,
                     [title](core::Conversation &conversation) { conversation.setTitle(title); });
}

void WindowController::pin(const ui::SidebarKey &key, bool pinned)
{
    if (key.comparison)
        return withComparison(
            key.id, [pinned](core::Comparison &comparison) { comparison.setPinned(pinned); });
    withConversation(
        key.id, [pinned](core::Conversation &conversation) { conversation.setPinned(pinned); });
}

void WindowController::remove(const ui::SidebarKey &key)
{
    if (key.comparison) {
        return withComparison(key.id, [this, key](core::Comparison &comparison) {
            comparison.stopAll();
            comparison.setDeleted(true);
            if (m_compare->comparison() == &comparison)
                newComparison();
            m_window->offerUndo(tr("\"%1\" was deleted.").arg(comparison.record().title), [this,
                                                                                           key] {
                withComparison(key.id, [](core::Comparison &again) { again.setDeleted(false); });
            });
        });
    }
    withConversation(key.id, [this, key](core::Conversation &conversation) {
        conversation.stop();
        conversation.setDeleted(true);
        const QString title = conversation.record().title;
        if (m_chat->conversation() == &conversation)
            newChat();
        m_window->offerUndo(tr("\"%1\" was deleted.").arg(title), [this, key] {
            withConversation(key.id, [](core::Conversation &again) { again.setDeleted(false); });
        });
    });
}

void WindowController::refreshSidebar()
{
    if (m_sidebarAlarm.isSet())
        return;
    m_sidebarAlarm.set(30ms, [this] {
        whenReady(this, m_engine.store().conversations().sidebar(MostSidebarRows),
                  [this](const core::Result<QList<core::SidebarEntry>> &entries) {
                      if (!entries)
                          return;
                      QList<core::SidebarEntry> named = *entries;
                      for (core::SidebarEntry &entry : named) {
                          core::Target target;
                          target.provider = entry.provider;
                          target.model = entry.model;
                          entry.model = m_models.nameOf(target);
                      }
                      m_window->sidebar().model().setEntries(named, m_engine.clock().utcNow(),
                                                             m_engine.clock().zone());
                      if (const core::Conversation *shown = m_chat->conversation())
                          m_window->sidebar().select({shown->id(), false});
                  });
    });
}

void WindowController::refreshActivity(std::int64_t conversationId)
{
    const core::Conversation *conversation = m_engine.conversations().find(conversationId);
    const bool shown = conversation && m_chat->conversation() == conversation;
    ui::Activity activity = ui::Activity::None;
    if (conversation && conversation->isRunning()) {
        if (!shown)
            m_unread.insert(conversationId);
        const bool waits = conversation->reply()->state() == core::ReplyState::WaitingToRetry;
        activity = waits ? ui::Activity::Waiting : ui::Activity::Streaming;
    } else if (m_unread.contains(conversationId) && !shown) {
        activity = ui::Activity::Unread;
    }
    m_window->sidebar().setActivity({conversationId, false}, activity);
}

void WindowController::refreshSpend()
{
    core::SpendFilter session;
    session.sessionId = m_engine.store().sessionId();
    session.simulated = m_engine.isDemo();
    const bool simulated = session.simulated;
    whenReady(this, m_spend.total(session),
              [this, simulated](const core::Result<core::SpendSums> &sums) {
                  if (sums)
                      m_window->sidebar().setSessionSpend(sums->cost, simulated);
              });
    const QTimeZone zone = m_engine.clock().zone();
    const QDate today =
        QDateTime::fromMSecsSinceEpoch(m_engine.clock().utcNow().time_since_epoch().count(), zone)
            .date();
    core::SpendFilter month; // real money only, also in a demo
    month.since = core::UtcTime(std::chrono::milliseconds(
        QDate(today.year(), today.month(), 1).startOfDay(zone).toMSecsSinceEpoch()));
    const QString name = QLocale().standaloneMonthName(today.month());
    whenReady(this, m_spend.total(month), [this, name](const core::Result<core::SpendSums> &sums) {
        if (sums)
            m_window->sidebar().setMonthSpend(name, sums->cost, std::nullopt);
    });
}

void WindowController::openPalette()
{
    const QList<std::pair<ui::Command, QString>> commands{
        {ui::Command::NewChat, tr("New chat")},
        {ui::Command::ChooseModel, tr("Choose a model")},
        {ui::Command::Find, tr("Find in this chat")},
        {ui::Command::TextLarger, tr("Larger text")},
        {ui::Command::TextSmaller, tr("Smaller text")},
        {ui::Command::TextUsual, tr("Usual text size")},
    };
    QList<ui::PopupRow> rows;
    ui::PopupRow compare;
    compare.id = QStringLiteral("new-comparison:0");
    compare.section = tr("Commands");
    compare.title = tr("New comparison");
    for (const auto &[command, text] : commands) {
        ui::PopupRow row;
        row.id = QStringLiteral("command:%1").arg(static_cast<int>(command));
        row.section = tr("Commands");
        row.title = text;
        rows.append(row);
    }
    m_palette->setRows(rows + QList<ui::PopupRow>{compare});
    m_palette->openOver(m_window.get());
}

void WindowController::search(const QString &words)
{
    if (words.trimmed().isEmpty())
        return;
    whenReady(this, m_engine.store().conversations().search(words, MostHits),
              [this, words](const core::Result<QList<core::SearchHit>> &hits) {
                  QList<ui::PopupRow> rows;
                  QSet<QString> seen;
                  for (qsizetype i = 0; hits && i < hits->size(); ++i) {
                      const core::SearchHit &hit = hits->at(i);
                      ui::PopupRow row;
                      row.id = hit.comparisonId
                                   ? QStringLiteral("comparison:%1").arg(hit.comparisonId)
                                   : QStringLiteral("chat:%1").arg(hit.conversationId);
                      row.section = tr("Chats");
                      row.title = hit.title;
                      row.detail = hit.snippet;
                      if (!std::exchange(seen, seen + QSet<QString>{row.id}).contains(row.id))
                          rows.append(row);
                  }
                  m_palette->setFoundRows(words, rows);
              });
}

void WindowController::openModelPicker(const QWidget *anchor, Choose choose)
{
    m_choose = std::move(choose);
    const QStringList recent =
        m_engine.settings().value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QList<ui::PopupRow> recentRows, rows;
    m_pickable.clear();
    for (const core::ModelChoice &choice : m_models.choices()) {
        ui::ModelRow row;
        row.id = specOf(choice.target);
        row.section = choice.providerName;
        row.provider = choice.target.provider;
        row.providerName = choice.providerName;
        row.model = choice.target.model;
        row.name = choice.name;
        row.contextTokens = choice.contextTokens;
        row.inputPerMillion = choice.inputPerMillion;
        row.outputPerMillion = choice.outputPerMillion;
        row.state = pickerState(choice);
        m_pickable.insert(row.id, choice.target);
        rows.append(ui::popupRow(row, m_theme.theme()));
        if (recent.contains(row.id)) {
            row.section = tr("Recent");
            row.id = QStringLiteral("recent:") + row.id;
            m_pickable.insert(row.id, choice.target);
            recentRows.append(ui::popupRow(row, m_theme.theme()));
        }
    }
    m_picker->setRows(recentRows + rows);
    m_picker->openAbove(anchor);
}

void WindowController::chooseModel(const QString &id)
{
    core::Target target = m_pickable.value(id);
    if (target.model.isEmpty()) {
        const auto spec = parseTargetSpec(id);
        const auto typed = spec ? resolveTarget(*spec, m_engine.providers())
                                : core::Result<core::Target>(spec.error());
        if (!typed)
            return m_chat->setNotice(core::userText(typed.error()));
        target = m_engine.accounts().target(typed->provider, typed->model);
    }
    if (m_choose)
        m_choose(target);
}

void WindowController::chooseChatModel()
{
    openModelPicker(m_chat->modelChip(), [this](const core::Target &target) {
        m_chat->setNotice({});
        if (core::Conversation *conversation = m_chat->conversation())
            conversation->setTarget(target);
        rememberModel(target);
        m_chat->focusComposer();
    });
}

void WindowController::rememberModel(const core::Target &target)
{
    constexpr qsizetype MostRecent = 8;
    const core::Settings &settings = m_engine.settings();
    QStringList recent =
        settings.value(keys::RecentModels).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    recent.removeAll(specOf(target));
    recent.prepend(specOf(target));
    remember(keys::RecentModels, recent.mid(0, MostRecent).join(QLatin1Char('\n')));
    remember(keys::LastTarget, specOf(target));
}

void WindowController::startPractice()
{
    if (const auto started = m_engine.startPractice(); !started)
        return m_chat->setNotice(core::userText(started.error()));
    const core::Target target =
        m_engine.accounts().target(QStringLiteral("practice"), QStringLiteral("practice-steady"));
    if (core::Conversation *conversation = m_chat->conversation())
        conversation->setTarget(target);
    rememberModel(target);
    m_chat->focusComposer();
}

bool WindowController::mayClose()
{
    if (m_drained)
        return true;
    const QList<core::Conversation *> running = m_engine.conversations().running();
    if (running.isEmpty()) {
        closeWhenDrained();
        return false;
    }
    QMessageBox *question =
        ui::makeNotice(m_window.get(), tr("An answer is still being written"),
                       tr("%n answer(s) are running.", nullptr, static_cast<int>(running.size())));
    QPushButton *finish = question->addButton(tr("Finish, then quit"), QMessageBox::AcceptRole);
    QPushButton *stop =
        question->addButton(tr("Stop and quit, text is kept"), QMessageBox::DestructiveRole);
    question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    connect(finish, &QPushButton::clicked, this, [this] {
        connect(&m_engine.conversations(), &core::ConversationBook::runningChanged, this, [this] {
            if (m_engine.conversations().running().isEmpty())
                closeWhenDrained();
        });
    });
    connect(stop, &QPushButton::clicked, this, [this] {
        m_engine.conversations().stopAll();
        closeWhenDrained();
    });
    question->open();
    return false;
}

void WindowController::closeWhenDrained()
{
    whenReady(this, m_engine.store().journal().drained(), [this](const core::Result<core::Done> &) {
        m_drained = true;
        m_window->closeNow();
    });
}

} // namespace app
