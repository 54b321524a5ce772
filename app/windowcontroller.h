#pragma once

#include "app/engine.h"
#include "app/notifier.h"
#include "core/client/modeldirectory.h"
#include "core/practice/practicecontrols.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/conversation/sendforecast.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/themesource.h"

#include <QObject>

namespace ui {
class ChatScreen;
class CompareScreen;
class SettingsScreen;
} // namespace ui

namespace app {

class AnswerWatch;
class ChatActions;
class CommandPalette;
class FirstRun;
class ModelChooser;
class OrderlyQuit;
class SidebarFeed;
class WindowWorkspaces;

//! Joins the engine to the window: opens what the sidebar names, keeps it up to date, answers
//! palette and picker. Builds nothing that draws. Main thread.
//! Its parts stand in a file each: windowscreens.cpp, windowcompare.cpp, windowmodels.cpp.
class WindowController : public QObject
{
    Q_OBJECT
public:
    WindowController(Engine &engine, ui::ThemeSource &theme);
    ~WindowController() override;

    void show();
    void raise(); //!< To the front, from wherever it is.
    void end();   //!< The system wants it: without a question.

private:
    void build();
    void buildPopups();
    void buildWelcome();
    [[nodiscard]] ui::ConversationFeed::Names names() const;
    [[nodiscard]] ui::SendForecast::Answer forecasts();
    [[nodiscard]] QWidget *makeChat();
    [[nodiscard]] QWidget *makeCompare();
    [[nodiscard]] QWidget *makeDashboard();
    [[nodiscard]] QWidget *makeSettings();
    void connectSidebar();
    void connectEngine();
    void applyLook();
    void applySettings();
    void applySharedSettings(); //!< Those of the chat and of comparisons.
    void run(ui::Command command);

    void newChat();
    [[nodiscard]] core::Conversation *freshChat(); //!< As its workspace says.
    void renewEmpty(); //!< New chats are made elsewhere: so is one that nothing was sent in.
    void renewBegun(); //!< Or begin otherwise: so does one that nobody has touched.
    [[nodiscard]] bool isUntouched(const core::Conversation &chat) const;
    void open(const ui::SidebarKey &key) { openAt(key, 0); }
    //! \p messageId: of a message to be in sight, of the chat or of a lane; 0: where it was left.
    void openAt(const ui::SidebarKey &key, std::int64_t messageId);
    //! It stands in its place, whichever is in sight.
    [[nodiscard]] bool isOpen(const ui::SidebarKey &key) const;
    void leave(const ui::SidebarKey &key); //!< It is gone: shows something else.
    void showConversation(core::Conversation *conversation);
    void newComparison();
    [[nodiscard]] core::Comparison *freshComparison(); //!< Of the models compared last.
    void showComparison(core::Comparison *comparison);
    void putComparison(core::Comparison *comparison); //!< In its place, whichever is in sight.
    static constexpr int NewLane = -1; //!< As CompareScreen::modelRequested() names it.
    void chooseLaneModel(int lane);
    void chooseLaneInstead(int lane, std::int64_t answerId);
    void rememberLanes(const core::Comparison &comparison); //!< For the next comparison.

    //! What \p conversation uses now, as the picker takes it; nullptr: nothing.
    [[nodiscard]] static core::Route routeOf(const core::Conversation *conversation);
    void chooseChatModel();
    void chooseInstead(std::int64_t answerId); //!< Of a model that need not be waited for.
    void openBudget(std::int64_t id);
    void openKeySettings(const QString &provider); //!< Empty: the page shown last.
    void showStart();                              //!< An empty chat with the ways to begin.
    bool startWith(const QString &provider);       //!< With the first of its models, if any.
    void takeFirstKey(const QString &provider);
    //! Whether new chats ask a real model: practice alone is no choice yet.
    [[nodiscard]] bool hasRealChoice();
    //! Of the practice provider, which runs from then on.
    [[nodiscard]] core::Result<core::PracticeControls *> practiceControls();
    void startPractice();
    void setPracticeFault(const std::optional<core::PracticeFaultPlan> &plan);
    void useForNewChats(const core::Target &target); //!< And for the open one, if it is empty.

    template <typename T>
    void remember(const core::Setting<T> &setting, const T &value);

    void buildNotifications();
    [[nodiscard]] ui::SidebarKey shownKey() const; //!< Of the chat or comparison in sight.
    void markShown();

    Engine &m_engine;
    ui::ThemeSource &m_theme;
    core::ModelDirectory m_models;
    std::unique_ptr<ui::MainWindow> m_window;
    ui::ChatScreen *m_chat = nullptr;
    ui::CompareScreen *m_compare = nullptr;   //!< From its first showing on.
    ui::SettingsScreen *m_settings = nullptr; //!< Likewise.
    ChatActions *m_actions = nullptr;
    CommandPalette *m_palette = nullptr;
    ModelChooser *m_chooser = nullptr;
    FirstRun *m_firstRun = nullptr;
    SidebarFeed *m_sidebarFeed = nullptr;
    WindowWorkspaces *m_workspaces = nullptr;
    core::ConversationRecord m_begun; //!< The newest chat, as it began...
    core::Workspace m_begunIn;        //!< ...and its workspace then.
    Notifier m_notifier;
    AnswerWatch *m_answerWatch = nullptr;
    OrderlyQuit *m_quit = nullptr;
    core::UtcTime m_startedAt;
    int m_asked = 0; //!< Counts what is to be shown: the last one is, however long others load.
    std::optional<ui::SidebarKey> m_left; //!< Was open when it was deleted: undo shows it again.
};

template <typename T>
void WindowController::remember(const core::Setting<T> &setting, const T &value)
{
    if (const auto written = m_engine.settings().setValue(setting, value); !written)
        m_window->showBanner(ui::Tone::Error, written.error().detail);
}

} // namespace app
