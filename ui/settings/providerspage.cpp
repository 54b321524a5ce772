#include "ui/settings/providerspage.h"

#include "core/client/activecheck.h"
#include "core/stats/health.h"
#include "ui/settings/providerrow.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/links.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>

namespace ui {

namespace {

constexpr int ListWidth = 280;
constexpr int PageWidth = 660;

} // namespace

ProvidersPage::ProvidersPage(const ThemeSource &theme, const ProviderPageParts &parts,
                             QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_parts(parts)
    , m_listSide(new QWidget(this))
    , m_list(new SettingsList(theme, tr("Providers"), m_listSide))
    , m_back(new PillButton(theme, ButtonLook::Link, tr("‹ All providers"), this))
    , m_line(new Hairline(theme, Qt::Vertical, this))
    , m_page(new ProviderPage(theme, parts, this))
{
    setObjectName(QStringLiteral("providersPage"));
    m_list->setObjectName(QStringLiteral("providerList"));
    m_back->setObjectName(QStringLiteral("allProviders"));

    auto *scroll = new QScrollArea(this);
    scroll->setAccessibleName(tr("Provider"));
    auto *holder = new QWidget(scroll);
    auto *centre = new QGridLayout(holder);
    constexpr int Side = 5 * Theme::Step; // as the head above
    constexpr int BackInset = 6;          // of a link button's text, which stands over the page's
    centre->setContentsMargins(Side - BackInset, 4 * Theme::Step, Side, 6 * Theme::Step);
    centre->setHorizontalSpacing(0);
    centre->setColumnMinimumWidth(0, BackInset);
    centre->addWidget(m_back, 0, 0, 1, 2, Qt::AlignLeading);
    centre->addWidget(m_page, 1, 1);
    centre->setColumnStretch(1, 1000);
    centre->setColumnStretch(2, 1);
    scroll->setWidget(holder);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    m_pageSide = scroll;

    auto *list = new QVBoxLayout(m_listSide);
    list->setContentsMargins(2 * Theme::Step, 3 * Theme::Step, 2 * Theme::Step, 2 * Theme::Step);
    list->addWidget(m_list);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_listSide);
    row->addWidget(m_line);
    row->addWidget(scroll, 1);

    connect(&theme, &ThemeSource::changed, this, &ProvidersPage::arrange);
    connect(m_list, &SettingsList::chosen, m_page, &ProviderPage::show);
    const auto drill = [this](bool in) {
        const bool hadFocus = m_list->hasFocus() || m_back->hasFocus();
        m_drilled = in;
        arrange();
        if (!hadFocus)
            return;
        if (in && m_back->isVisible())
            m_back->setFocus(); // else it would go to the first button of the window
        else
            m_list->setFocus();
    };
    connect(m_list, &QListWidget::itemClicked, this, [drill] { drill(true); });
    connect(m_list, &QListWidget::itemActivated, this, [drill] { drill(true); });
    connect(m_back, &QAbstractButton::clicked, this, [drill] { drill(false); });
    connect(&parts.accounts, &core::AccountSetup::changed, this, &ProvidersPage::refresh);
    connect(&parts.models.lists(), &core::ModelLists::changed, this, &ProvidersPage::refresh);
    connect(&parts.health, &core::Health::changed, this, &ProvidersPage::refresh);
    connect(m_page, &ProviderPage::keyStored, this, &ProvidersPage::keyStored);
    connect(m_page, &ProviderPage::linkRequested, this,
            [this](const QString &text, const QString &url) { openLink(this, url, text); });
    refresh();
    m_list->setCurrentRow(0);
    arrange();
}

void ProvidersPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_parts.models.lists().refreshOld();
    m_parts.health.watch(true);
    m_parts.check.setVisible(true);
}

void ProvidersPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_parts.health.watch(false);
    m_parts.check.setVisible(false);
}

void ProvidersPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ProvidersPage::arrange()
{
    // Below, list and page stand in one column, one at a time: else the widest page were cut off.
    constexpr int BothFit = 880;
    const bool narrow = width() < m_theme.widthForText(BothFit);
    m_listSide->setVisible(!narrow || !m_drilled);
    m_line->setVisible(!narrow);
    m_pageSide->setVisible(!narrow || m_drilled);
    m_back->setVisible(narrow);
    m_page->setMaximumWidth(m_theme.widthForText(PageWidth));
    m_listSide->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : ListWidth);
    m_listSide->setMinimumWidth(narrow ? 0 : ListWidth);
}

void ProvidersPage::refresh()
{
    QList<SettingsRow> rows;
    for (const core::ProviderInfo &provider : m_parts.accounts.providers()) {
        if (provider.simulated || !provider.accountOf.isEmpty())
            continue; // an account stands once, whatever forms its API has
        rows.append(providerRow(provider, m_parts));
    }
    m_list->setRows(rows);
}

void ProvidersPage::showProvider(const QString &provider)
{
    // The row first: choosing it shows the first form of its API.
    m_list->choose(m_parts.accounts.accountOf(provider).provider);
    if (m_parts.accounts.provider(provider))
        m_page->show(provider);
    m_drilled = true;
    arrange();
}

} // namespace ui
