#pragma once

#include "ui/theme/themesource.h"

#include <QLabel>

namespace ui {

enum class TextRole {
    Body,
    Strong,
    Muted,
    Small, //!< Small and muted: second lines.
    Heading,
    Section, //!< Heads of sidebar sections and panels.
    Error,
    Display, //!< A code that is typed elsewhere: large, every letter as wide as the others.
};

//! The one label of the program: its text is always plain (QLabel guesses HTML, and would draw
//! local files for a foreign text that names them). Font and colour follow the theme by role. With
//! an elide mode it shrinks to nothing and tells the whole text in its tooltip; without one it
//! behaves like any label.
class PlainLabel : public QLabel
{
    Q_OBJECT
public:
    explicit PlainLabel(const ThemeSource &theme, TextRole role = TextRole::Body,
                        const QString &text = {}, QWidget *parent = nullptr);

    void setRole(TextRole role);
    void setElide(Qt::TextElideMode mode); //!< Model ids in the middle, titles at the end.
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void dress();

    const ThemeSource &m_theme;
    TextRole m_role;
    Qt::TextElideMode m_elide = Qt::ElideNone;
};

} // namespace ui
