#pragma once

#include "core/store/conversationrepository.h"
#include "ui/shell/mainwindow.h"

#include <QObject>

namespace ui {
class FilterPopup;
}

namespace app {

//! Ctrl+K: commands by name, and every chat by its words. Main thread.
class CommandPalette : public QObject
{
    Q_OBJECT
public:
    //! The popup belongs to \p window.
    CommandPalette(core::ConversationRepository &conversations, const ui::ThemeSource &theme,
                   QWidget *window);

    void open();

Q_SIGNALS:
    void commandChosen(ui::Command command);
    void comparisonRequested(); //!< A new one.
    void opened(const ui::SidebarKey &key);

private:
    void search(const QString &words);
    void take(const QString &id);

    core::ConversationRepository &m_conversations;
    QWidget *m_window;
    ui::FilterPopup *m_popup;
};

} // namespace app
