#pragma once

#include "core/settings/settings.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/commands.h"

#include <QWidget>

namespace ui {

class KeyField;
class NoticeBar;
class PillButton;

//! Settings, Shortcuts: the key of every command, from their one table. A key that is taken asks
//! before it changes hands. UI thread.
class ShortcutsPage final : public QWidget
{
    Q_OBJECT
public:
    ShortcutsPage(const ThemeSource &theme, core::Settings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.

private:
    void build();
    [[nodiscard]] QLayout *makeRow(const CommandInfo &info);
    void give(Command command, const QKeySequence &key);
    void answer(int action);
    void save(const KeyMap &keys);
    void refresh();

    const ThemeSource &m_theme;
    core::Settings &m_settings;
    KeyMap m_keys;
    NoticeBar *m_notice;
    PillButton *m_resetAll;
    QHash<int, KeyField *> m_fields;   //!< By Command.
    QHash<int, PillButton *> m_resets; //!< Likewise.
    //! A key that another command has: to be given or not.
    struct Wish
    {
        Command command = Command::NewChat;
        Command owner = Command::NewChat;
        QKeySequence key;
    } m_wish;
};

} // namespace ui
