#pragma once

#include "ui/theme/themesource.h"

#include <QAbstractButton>

namespace ui {

enum class ButtonLook {
    Outline, //!< Card with a control's border.
    Chip,    //!< A pill: the composer's choices.
    Soft,    //!< Accent tint: what is switched on.
    Primary, //!< The one thing to do: Send, Stop.
    Link,    //!< Accent text alone.
    Field,   //!< Looks like a field at rest, text leading: opens the palette.
};

//! A button with text, and if wanted an icon, a dot of a provider's colour, a menu mark. Its text
//! is plain and may be foreign.
class PillButton final : public QAbstractButton
{
    Q_OBJECT
public:
    PillButton(const ThemeSource &theme, ButtonLook look, const QString &text,
               QWidget *parent = nullptr);

    void setLook(ButtonLook look);
    void setIconName(const QString &name); //!< Empty: none.
    void setDot(const QColor &color);      //!< Invalid: none.
    void setMenuMark(bool shown);          //!< A small chevron behind the text.
    void setLargestTextWidth(int pixels);  //!< Longer texts are cut in the middle; 0: never.

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QFont ownFont() const;
    [[nodiscard]] QString cutText() const;
    [[nodiscard]] int extrasWidth() const;

    const ThemeSource &m_theme;
    ButtonLook m_look;
    QString m_iconName;
    QColor m_dot;
    bool m_menuMark = false;
    int m_largestTextWidth = 0;
};

//! A square button with an icon; its name is the tooltip and what a screen reader says.
class IconButton final : public QAbstractButton
{
    Q_OBJECT
public:
    IconButton(const ThemeSource &theme, const QString &iconName, const QString &name,
               QWidget *parent = nullptr);

    void setIconName(const QString &iconName);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    const ThemeSource &m_theme;
    QString m_iconName;
};

} // namespace ui
