#pragma once

#include "ui/shell/sidebarmodel.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/budgetbar.h"
#include "ui/widgets/workspacemenu.h"

#include <QWidget>

class QListView;
class QMenu;

namespace ui {

class ChoiceBox;
class IconButton;
class PillButton;
class PlaceButton;
class PlainLabel;

enum class Place { Chats, Compare, Dashboard, Settings };

//! The budget of the month, as it stands.
struct MonthBudget
{
    BudgetShares shares; //!< Pico-USD.
    QString standing;    //!< In a sentence.
};

//! The left column: New chat, search, the chats, what runs and what it cost, the four places.
//! Holds rows and tells wishes; whoever owns it acts. What is about workspaces stands in
//! sidebarworkspaces.cpp.
class Sidebar final : public QWidget
{
    Q_OBJECT
public:
    explicit Sidebar(const ThemeSource &theme, QWidget *parent = nullptr);

    [[nodiscard]] SidebarModel &model() { return *m_model; }
    void select(const SidebarKey &key); //!< Emits nothing. Clears the selection if it is not there.
    void setPlace(Place place);         //!< Emits nothing.
    void setActivity(const SidebarKey &key, Activity activity);
    void setRunning(int answers); //!< How many answers are being written, wherever.
    [[nodiscard]] QList<SidebarKey> selected() const; //!< In the order shown.
    void setSessionSpend(const core::Cost &cost, bool simulated = false);
    //! \p month as its name. Without a budget there is no bar.
    void setMonthSpend(const QString &month, const core::Cost &cost,
                       const std::optional<MonthBudget> &budget);
    //! Which there are, and whose chats are shown (0: all). With one there is no choice. Emits
    //! nothing.
    void setWorkspaces(const QList<WorkspaceName> &names, std::int64_t chosen);
    void setRail(bool rail); //!< 56 px of icons instead of the column.
    [[nodiscard]] bool isRail() const { return m_rail; }

Q_SIGNALS:
    void newChatRequested();
    void searchRequested();
    void opened(const ui::SidebarKey &key);
    void renamed(const ui::SidebarKey &key, const QString &title);
    void pinRequested(const ui::SidebarKey &key, bool pinned);
    void archiveRequested(const QList<ui::SidebarKey> &keys); //!< Never empty.
    void deleteRequested(const QList<ui::SidebarKey> &keys);  //!< Never empty.
    void workspaceChosen(std::int64_t id);                    //!< To be shown; 0: all.
    //! Never none.
    void moveRequested(const QList<ui::SidebarKey> &keys, std::int64_t workspaceId);
    void stopAllRequested();
    void placeChosen(ui::Place place);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void buildHead();
    void buildFoot();
    void connectParts();
    void showMenu(const QPoint &at);
    void addRowActions(QMenu &menu, const core::SidebarEntry &entry);
    void addMoveActions(QMenu &menu, const QList<SidebarKey> &keys, std::int64_t current);
    void buildWorkspaces();
    void openIndex(const QModelIndex &index);
    void dress();
    void fit();
    void showMonthText();
    void updateRunning();

    const ThemeSource &m_theme;
    SidebarModel *m_model;
    QListView *m_list;
    QWidget *m_railSpace; //!< Stands where the list does when that is hidden.
    QWidget *m_mark;
    PlainLabel *m_name;
    PillButton *m_new;
    IconButton *m_newIcon;
    IconButton *m_searchIcon;
    PillButton *m_search;
    ChoiceBox *m_workspaces;
    QList<WorkspaceName> m_workspaceNames;
    PlainLabel *m_running;
    PillButton *m_stopAll;
    IconButton *m_stopIcon;
    PlainLabel *m_sessionName;
    PlainLabel *m_session;
    PlainLabel *m_monthName;
    PlainLabel *m_month;
    BudgetBar *m_budget;
    QWidget *m_placesBox;
    QList<PlaceButton *> m_places;
    int m_runningCount = 0;
    bool m_rail = false;
    QString m_monthSpent, m_monthOfBudget; //!< Empty until it is known.
    QString m_standing;                    //!< The budget's, in a sentence; empty: none.
    bool m_hasBudget = false;
};

} // namespace ui
