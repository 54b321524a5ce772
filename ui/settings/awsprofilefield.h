#pragma once

#include "core/client/accountsetup.h"
#include "core/secrets/awsprofiles.h"
#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QCheckBox;

namespace ui {

class FilterPopup;
class PillButton;
class PlainLabel;

//! Chooses a profile of AWS's shared files and, where one names a program that gives keys, asks
//! whether that may be run. The files are read on another thread, each time the field is shown or
//! opened; no key comes here. UI thread.
class AwsProfileField final : public QWidget
{
    Q_OBJECT
public:
    AwsProfileField(const ThemeSource &theme, core::AccountSetup &accounts,
                    core::Settings &settings, QWidget *parent = nullptr);

    void show(const QString &provider);
    [[nodiscard]] const QList<core::AwsProfile> &profiles() const { return m_profiles; }

Q_SIGNALS:
    //! \p before is the account as it was: what Undo brings back.
    void profileChosen(const core::Account &before);
    void failed(const QString &sentence);

private:
    void build();
    void load();
    void refresh();
    void fillPopup();
    void choose(const QString &name);
    [[nodiscard]] const core::AwsProfile *profile(const QString &name) const;

    const ThemeSource &m_theme;
    core::AccountSetup &m_accounts;
    core::Settings &m_settings;
    QString m_provider;
    QList<core::AwsProfile> m_profiles;
    QString m_problem; //!< Why the files could not be read; empty: they were, or are being.
    bool m_loaded = false;
    PillButton *m_choice;
    PlainLabel *m_hint;
    QCheckBox *m_process;
    PlainLabel *m_command;
    FilterPopup *m_popup;
};

} // namespace ui
