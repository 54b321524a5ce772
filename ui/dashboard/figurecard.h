#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! A card with one figure: what it is, the figure large, a line about it. A figure that is too wide
//! is drawn smaller, never cut.
class FigureCard final : public QWidget
{
    Q_OBJECT
public:
    explicit FigureCard(const ThemeSource &theme, QWidget *parent = nullptr);

    void setFigure(const QString &title, const QString &figure, const QString &note);
    void setExplanation(const QString &text); //!< In the tooltip, behind what has no room here.
    [[nodiscard]] QString title() const { return m_title; }
    [[nodiscard]] QString figure() const { return m_figure; }
    [[nodiscard]] QString note() const { return m_note; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void nameTheRest();
    [[nodiscard]] QFont figureFont() const;

    const ThemeSource &m_theme;
    QString m_title, m_figure, m_note, m_explanation;
};

} // namespace ui
