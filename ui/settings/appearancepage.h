#pragma once

#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

class SegmentedControl;

//! How Farthing looks and reads: theme, text size, following, column, the key that sends, what is
//! said aloud. UI thread.
class AppearancePage final : public QWidget
{
    Q_OBJECT
public:
    AppearancePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void failed(const QString &sentence); //!< A setting could not be written.

private:
    template <typename T>
    void set(const core::Setting<T> &setting, const T &value);
    //! \p values of the setting and what they are called; the first is the default.
    [[nodiscard]] SegmentedControl *makeChoice(const core::Setting<QString> &setting,
                                               const QStringList &values, const QStringList &texts);
    [[nodiscard]] QWidget *makeCheck(const core::Setting<bool> &setting, const QString &text);

    const ThemeSource &m_theme;
    core::Settings &m_settings;
};

} // namespace ui
