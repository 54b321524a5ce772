#pragma once

#include "ui/widgets/statuspill.h"

class QBoxLayout;
class QMessageBox;

namespace ui {

class IconButton;
class PlainLabel;
class PillButton;

//! News with what can be done about it: offline, store, keychain, undo. Plain text.
class NoticeBar final : public QWidget
{
    Q_OBJECT
public:
    //! Beside each other, or one under the other where it is narrow.
    enum class Shape { Line, Stack };

    explicit NoticeBar(const ThemeSource &theme, QWidget *parent = nullptr,
                       Shape shape = Shape::Line);

    //! Replaces text and actions and shows the bar.
    void show(Tone tone, const QString &text, const QStringList &actions = {});
    void setClosable(); //!< A button at the end hides it. Contents margins keep it off its edges.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionChosen(int index); //!< As given to show(); the bar stays until hidden.

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    Tone m_tone = Tone::Neutral;
    PlainLabel *m_text;
    QBoxLayout *m_row;
    QList<PillButton *> m_actions;
    IconButton *m_close = nullptr; //!< If it can be closed.
};

//! A message box whose texts are plain, deleted when closed, not yet open: the caller adds buttons,
//! connects and calls open(). Never exec(): no nested loop.
[[nodiscard]] QMessageBox *makeNotice(QWidget *parent, const QString &title, const QString &text,
                                      const QString &detail = {});

} // namespace ui
