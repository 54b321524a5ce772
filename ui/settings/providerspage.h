#pragma once

#include "ui/settings/providerpage.h"

namespace ui {

class SettingsList;

//! Settings › Providers: every provider with the state of its key, and the page of the one chosen.
//! UI thread.
class ProvidersPage final : public QWidget
{
    Q_OBJECT
public:
    ProvidersPage(const ThemeSource &theme, core::AccountSetup &accounts,
                  const core::ModelDirectory &models, QWidget *parent = nullptr);

    void showProvider(const QString &provider);
    void focusKey() { m_page->focusKey(); }

Q_SIGNALS:
    void keyStored(const QString &provider);

private:
    void refresh();

    core::AccountSetup &m_accounts;
    SettingsList *m_list;
    ProviderPage *m_page;
};

} // namespace ui
