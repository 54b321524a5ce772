#pragma once

#include "ui/theme/themesource.h"

#include <QComboBox>

namespace ui {

//! A field of which one choice holds, with the mark that says so: the style sheet leaves a combo
//! box none. The wheel scrolls the page, not the choice. Its texts are ours, not foreign.
class ChoiceBox final : public QComboBox
{
    Q_OBJECT
public:
    explicit ChoiceBox(const ThemeSource &theme, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    const ThemeSource &m_theme;
};

} // namespace ui
