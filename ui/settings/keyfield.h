#pragma once

#include "ui/theme/themesource.h"

#include <QAbstractButton>
#include <QKeySequence>

namespace ui {

//! Shows a key; pressed, it takes the next one. Esc gives up, Backspace and Delete take the key
//! away. Decides nothing: its owner says what it shows.
class KeyField final : public QAbstractButton
{
    Q_OBJECT
public:
    KeyField(const ThemeSource &theme, const QString &name, QWidget *parent = nullptr);

    void setKey(const QKeySequence &key);
    [[nodiscard]] QKeySequence key() const { return m_key; }
    [[nodiscard]] bool isListening() const { return m_listening; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void keyGiven(const QKeySequence &key); //!< Empty: it shall have none.

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void setListening(bool listening);
    void take(const QKeyEvent &event);

    const ThemeSource &m_theme;
    QString m_name;
    QKeySequence m_key;
    bool m_listening = false;
};

} // namespace ui
