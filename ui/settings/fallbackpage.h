#pragma once

#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! Whether a failed request is tried again, and then another model is asked: the routes say which.
//! Saved at once. UI thread.
class FallbackPage final : public QWidget
{
    Q_OBJECT
public:
    FallbackPage(const ThemeSource &theme, core::Settings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void build();
    [[nodiscard]] QWidget *makeCheck(const core::Setting<bool> &setting, const QString &text);

    const ThemeSource &m_theme;
    core::Settings &m_settings;
};

} // namespace ui
