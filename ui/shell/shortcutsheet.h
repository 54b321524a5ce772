#pragma once

#include "ui/theme/themesource.h"
#include "ui/widgets/commands.h"

#include <QFrame>

class QHBoxLayout;

namespace ui {

class KeyLabel;

//! All shortcuts on one sheet over the window, from the table of commands. Esc or a click beside it
//! closes.
class ShortcutSheet final : public QFrame
{
    Q_OBJECT
public:
    ShortcutSheet(const ThemeSource &theme, QWidget *window);

    void open(const KeyMap &keys); //!< In the middle of the window.

Q_SIGNALS:
    void changeRequested(); //!< Other keys are wanted: Settings.

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QWidget *makeGroups(const QStringList &groups);

    const ThemeSource &m_theme;
    QHash<int, KeyLabel *> m_labels; //!< By Command.
};

} // namespace ui
