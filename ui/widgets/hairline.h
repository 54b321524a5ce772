#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! One pixel between two areas, in the theme's hairline.
class Hairline final : public QWidget
{
    Q_OBJECT
public:
    Hairline(const ThemeSource &theme, Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
};

} // namespace ui
