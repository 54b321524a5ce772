#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! A white (or dark) sheet with a hairline and 12 px corners; what stands on it is its owner's.
class Card final : public QWidget
{
    Q_OBJECT
public:
    explicit Card(const ThemeSource &theme, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
};

} // namespace ui
