#pragma once

#include "core/conversation/conversation.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/workspacemenu.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;
class QMenu;

namespace ui {

class IconButton;
class PillButton;
class PlainLabel;

//! The line above a chat: its title (double click renames), its workspace where there are several,
//! what it cost, the menu of all that can
//! be done with it, Details. UI thread.
class ChatHeader final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int Height = 13 * Theme::Step;

    explicit ChatHeader(const ThemeSource &theme, QWidget *parent = nullptr);

    void show(core::Conversation *conversation); //!< nullptr: nothing is open.
    void refresh();                              //!< Title or figures have changed.
    void setDetailsShown(bool shown);            //!< Emits nothing.
    void setWorkspaces(const QList<WorkspaceName> &names);
    void startRename();

Q_SIGNALS:
    void findRequested();
    void copyRequested(); //!< Of the last answer.
    void regenerateRequested();
    void optionsRequested();
    void renamed(); //!< By its field, which had the focus.
    void deleteRequested();
    void archiveRequested();
    void moveRequested(std::int64_t workspaceId);
    void detailsToggled(bool shown);

private:
    void openMenu();
    void addChatActions(QMenu &menu);
    void addAnswerActions(QMenu &menu);
    void rename();
    void refreshWorkspace();
    bool eventFilter(QObject *watched, QEvent *event) override;

    QPointer<core::Conversation> m_conversation;
    PlainLabel *m_title;
    QLineEdit *m_titleEdit;
    PlainLabel *m_workspace;
    PlainLabel *m_cost;
    PlainLabel *m_tokens;
    IconButton *m_more;
    PillButton *m_details;
    QList<WorkspaceName> m_workspaces;
};

} // namespace ui
