#pragma once

#include "ui/settings/providerpage.h"

namespace ui {

class PillButton;
class SettingsList;

//! Settings › Providers: every provider with the state of its key, and the page of the one chosen.
//! While it is on the screen it watches their health. UI thread.
class ProvidersPage final : public QWidget
{
    Q_OBJECT
public:
    ProvidersPage(const ThemeSource &theme, const ProviderPageParts &parts,
                  QWidget *parent = nullptr);

    void showProvider(const QString &provider);
    void focusKey() { m_page->focusKey(); }

Q_SIGNALS:
    void keyStored(const QString &provider);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void arrange();

    const ThemeSource &m_theme;
    ProviderPageParts m_parts;
    QWidget *m_listSide;
    SettingsList *m_list;
    QWidget *m_pageSide = nullptr;
    PillButton *m_back;
    bool m_drilled = false; //!< Narrow: the page is shown instead of the list.
    QWidget *m_line;
    ProviderPage *m_page;
};

} // namespace ui
