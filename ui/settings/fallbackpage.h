#pragma once

#include "core/client/modeldirectory.h"
#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

class PillButton;
class PlainLabel;
class SettingsList;

//! Whether a failed request is tried again, and which models are asked next, in order. Saved at
//! once. UI thread.
class FallbackPage final : public QWidget
{
    Q_OBJECT
public:
    FallbackPage(const ThemeSource &theme, core::Settings &settings,
                 const core::ModelDirectory &models, QWidget *parent = nullptr);

    void add(const core::Target &target); //!< At the end; what is there already moves there.

Q_SIGNALS:
    void modelRequested(const QWidget *anchor);
    void failed(const QString &sentence);

private:
    void build();
    [[nodiscard]] QWidget *makeCheck(const core::Setting<bool> &setting, const QString &text);
    [[nodiscard]] QStringList specs() const;
    void save(const QStringList &specs);
    void move(int step);
    void remove();
    void refresh();

    const ThemeSource &m_theme;
    core::Settings &m_settings;
    const core::ModelDirectory &m_models;
    SettingsList *m_list;
    PlainLabel *m_empty;
    PillButton *m_add;
    PillButton *m_up;
    PillButton *m_down;
    PillButton *m_remove;
};

} // namespace ui
