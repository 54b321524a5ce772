#pragma once

#include "ui/shell/sidebar.h"
#include "ui/widgets/commands.h"
#include "ui/widgets/statuspill.h"

#include <QMainWindow>

#include <array>
#include <functional>

class QShortcut;
class QStackedWidget;

namespace ui {

class NoticeBar;
class ShortcutSheet;

//! The window: builds, places and connects. Four places, the sidebar, a banner above, Undo below.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    using MakeScreen = std::function<QWidget *()>;

    //! Takes makers of the four screens in the order of Place: a screen is made when it is first
    //! shown, the chats at once. \p mayClose is asked on each close: false
    //! keeps the window (the owner then asks the user and calls closeNow()). \p saveGeometry gets
    //! QWidget::saveGeometry() when it closes; either may be empty.
    MainWindow(ThemeSource &theme, const std::array<MakeScreen, 4> &screens,
               std::function<bool()> mayClose = {},
               std::function<void(const QByteArray &)> saveGeometry = {});

    [[nodiscard]] Sidebar &sidebar() { return *m_sidebar; }
    [[nodiscard]] Place place() const;
    void setPlace(Place place);
    void ensureScreen(Place place); //!< Makes it, if that was not done yet.
    void setKeys(const KeyMap &keys);
    //! As if its key had been pressed. The places, the sidebar, the size of the text (which the
    //! owner keeps), the list of shortcuts and full screen the window does itself; for all of them
    //! commandTriggered() tells.
    void trigger(Command command);
    void closeNow(); //!< Closes without asking.

    //! Until it is closed, one of its \p actions is chosen, or another one comes.
    void showBanner(Tone tone, const QString &text, const QStringList &actions = {});
    //! For ten seconds. Those offered before wait behind it: when it was taken, the one before it
    //! is offered, for ten seconds again; when it was not, all are gone.
    void offerUndo(const QString &text, std::function<void()> undo);

Q_SIGNALS:
    void commandTriggered(ui::Command command);
    void placeChanged(ui::Place place);
    void bannerActionChosen(int index); //!< Of the banner shown last, which is gone.
    void undoExpired();                 //!< An offer was not taken; none is open.
    void shortcutSettingsRequested();   //!< From the list of shortcuts.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Offer
    {
        QString text;
        std::function<void()> undo;
    };
    void showLastOffer();
    void build();
    void buildKeys();
    void updateRail();
    void updateKeys();
    void showShortcuts();

    ThemeSource &m_theme;
    std::function<bool()> m_mayClose;
    std::function<void(const QByteArray &)> m_saveGeometry;
    QList<Offer> m_offers; //!< Of Undo, oldest first.
    Sidebar *m_sidebar;
    std::array<MakeScreen, 4> m_screens; //!< Emptied as they are made.
    QStackedWidget *m_stack;
    NoticeBar *m_banner;
    NoticeBar *m_undoBar;
    QHash<int, QShortcut *> m_shortcuts; //!< By Command.
    KeyMap m_keys;
    ShortcutSheet *m_sheet = nullptr; //!< From its first showing on.
    int m_undoCount = 0;
    bool m_collapsed = false; //!< By the user, whatever the width.
    bool m_closing = false;
};

} // namespace ui
