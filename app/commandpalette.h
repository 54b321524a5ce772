#pragma once

#include "core/practice/practicefault.h"
#include "core/store/conversationrepository.h"
#include "ui/shell/mainwindow.h"

#include <QObject>

#include <functional>

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

    //! Asked at each opening: whether faults of the practice provider can be asked for.
    void setPracticeOffered(std::function<bool()> offered) { m_practice = std::move(offered); }

    void open();

Q_SIGNALS:
    void commandChosen(ui::Command command);
    void comparisonRequested(); //!< A new one.
    void sessionRequested();    //!< A new one.
    void startRequested();      //!< The ways to begin.
    //! For the practice model that is chosen; none: answer as usual again.
    void practiceFaultRequested(const std::optional<core::PracticeFaultPlan> &plan);
    //! \p messageId: of the message that was found; 0: the title was.
    void opened(const ui::SidebarKey &key, std::int64_t messageId);

private:
    void search(const QString &words);
    void take(const QString &id);
    void askForFault(std::size_t choice);

    core::ConversationRepository &m_conversations;
    std::function<bool()> m_practice;
    QWidget *m_window;
    ui::FilterPopup *m_popup;
};

} // namespace app
