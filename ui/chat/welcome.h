#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! What an empty chat shows: how to begin. UI thread.
class Welcome final : public QWidget
{
    Q_OBJECT
public:
    explicit Welcome(const ThemeSource &theme, QWidget *parent = nullptr);

Q_SIGNALS:
    void practiceRequested();
};

} // namespace ui
