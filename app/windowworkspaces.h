#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"

#include <QObject>
#include <QPointer>

namespace ui {
class ChatScreen;
class CompareScreen;
class DashboardScreen;
class MainWindow;
class OptionsPopup;
class SettingsScreen;
class ThemeSource;
} // namespace ui

namespace app {

class ChatActions;
class ModelChooser;
class SidebarFeed;

//! Joins the workspaces to the window: whose chats the sidebar lists and where new ones are made,
//! moving chats, and what is asked about before it leaves, which each workspace may say for itself.
//! Main thread.
class WindowWorkspaces final : public QObject
{
    Q_OBJECT
public:
    //! Those in the window that show or change workspaces; each must outlive this.
    struct Parts
    {
        ui::MainWindow &window;
        ui::ChatScreen &chat;
        ChatActions &actions;
        SidebarFeed &feed;
    };

    WindowWorkspaces(Engine &engine, const Parts &parts);

    void setCompare(ui::CompareScreen &compare); //!< From its first showing on.
    //! Once: the page of the workspaces in Settings.
    void addTo(ui::SettingsScreen &settings, ModelChooser &chooser,
               const core::ModelDirectory &models, const ui::ThemeSource &theme);
    void addTo(ui::DashboardScreen &dashboard); //!< Once, likewise.
    void refreshGuard(); //!< Another chat or comparison is shown, or there are other patterns.

private:
    void connectParts();
    void choose(std::int64_t id); //!< 0: all.
    void refresh();
    void chooseModel(std::int64_t id, const QWidget *anchor, ModelChooser &chooser);
    [[nodiscard]] QString nameOf(const QString &model, const core::ModelDirectory &models) const;
    [[nodiscard]] std::int64_t chatWorkspace() const; //!< Of the chat shown; 0: none.
    [[nodiscard]] std::int64_t compareWorkspace() const;

    Engine &m_engine;
    Parts m_parts;
    QPointer<ui::CompareScreen> m_compare;
    ui::OptionsPopup *m_options = nullptr; //!< From addTo() on.
    std::int64_t m_optionsOf = 0;          //!< Whose are shown there.
    std::int64_t m_shown = 0;              //!< Whose chats are listed; 0: all.
    std::int64_t m_guardedChat = 0;
    std::int64_t m_guardedCompare = 0;
};

} // namespace app
