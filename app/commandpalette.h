#pragma once

#include "core/practice/practicefault.h"
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

    //! While the practice provider runs: its faults can be asked for.
    void setPracticeOffered(bool offered) { m_practice = offered; }

    void open();

Q_SIGNALS:
    void commandChosen(ui::Command command);
    void comparisonRequested(); //!< A new one.
    //! For the practice model that is chosen; none: answer as usual again.
    void practiceFaultRequested(const std::optional<core::PracticeFaultPlan> &plan);
    void opened(const ui::SidebarKey &key);

private:
    void search(const QString &words);
    void take(const QString &id);
    void askForFault(std::size_t choice);

    core::ConversationRepository &m_conversations;
    bool m_practice = false;
    QWidget *m_window;
    ui::FilterPopup *m_popup;
};

} // namespace app
