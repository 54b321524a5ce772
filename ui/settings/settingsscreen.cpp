#include "ui/settings/settingsscreen.h"

#include "ui/settings/appearancepage.h"
#include "ui/settings/fallbackpage.h"
#include "ui/settings/outagedrillpage.h"
#include "ui/settings/settingspages.h"
#include "ui/settings/shortcutspage.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QMetaEnum>
#include <QScrollArea>
#include <QSet>

namespace ui {

namespace {

constexpr int HeaderHeight = 13 * Theme::Step;
constexpr int Side = 5 * Theme::Step; //!< Where the head and the pages begin, and rows' texts.
constexpr int SectionsWidth = 186;
constexpr int PageWidth = 660;
constexpr int OneColumnBelow = 1100; //!< Of the window.

//! Whose prices there are: several rows of the registry may share one.
QList<std::pair<QString, QString>> priceNames(const QList<core::ProviderInfo> &providers)
{
    QList<std::pair<QString, QString>> names;
    QSet<QString> seen;
    for (const core::ProviderInfo &row : providers) {
        if (row.priceProvider.isEmpty() || row.local || seen.contains(row.priceProvider))
            continue;
        seen.insert(row.priceProvider);
        names.append({row.priceProvider, row.name});
    }
    return names;
}

//! \p page in a column that scrolls and is not wider than can be read.
QWidget *inColumn(const ThemeSource &theme, QWidget *page)
{
    auto *scroll = new QScrollArea;
    auto *holder = new QWidget(scroll);
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(Side, 4 * Theme::Step, Side, 6 * Theme::Step);
    const auto fit = [&theme, page] { page->setMaximumWidth(theme.widthForText(PageWidth)); };
    QObject::connect(&theme, &ThemeSource::changed, page, fit);
    fit();
    row->addWidget(page, 1000);
    row->addStretch(1);
    scroll->setWidget(holder);
    scroll->setWidgetResizable(true);
    return scroll;
}

QWidget *makeAbout(const ThemeSource &theme, const QString &dataFolder)
{
    auto *about = new QWidget;
    about->setObjectName(QStringLiteral("aboutPage"));
    auto *column = new QVBoxLayout(about);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * Theme::Step);
    column->addWidget(new PlainLabel(theme, TextRole::Heading,
                                     QStringLiteral("Farthing " FARTHING_VERSION), about));
    for (const QString &line :
         {SettingsScreen::tr(
              "Free software under the GNU General Public License, version 3 or later."),
          SettingsScreen::tr("Your chats and the ledger lie in %1").arg(dataFolder),
          SettingsScreen::tr(
              "Made with Qt %1 and Qt Charts (GPL, version 3), QtKeychain (BSD), SQLite (public "
              "domain), simdjson (Apache, version 2), MD4C (MIT), Source-highlight (GPL, version 3 "
              "or later) and zlib (zlib).")
              .arg(QString::fromLatin1(qVersion())),
          SettingsScreen::tr(
              "Prices come from genai-prices (MIT), token encodings from tiktoken (MIT).")}) {
        auto *label = new PlainLabel(theme, TextRole::Body, line, about);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    column->addStretch(1);
    return about;
}

//! The name of \p section, as the id of its row and its page.
QString idOf(SettingsScreen::Section section)
{
    return QString::fromLatin1(
        QMetaEnum::fromType<SettingsScreen::Section>().valueToKey(static_cast<int>(section)));
}

} // namespace

SettingsScreen::SettingsScreen(const ThemeSource &theme, const ProviderPageParts &parts,
                               core::RouteBook &routes, const Money &money, const Facts &facts,
                               QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(parts.accounts)
    , m_models(parts.models)
    , m_settings(parts.settings)
    , m_sectionsSide(new QWidget(this))
    , m_sections(new SettingsList(theme, tr("Settings"), m_sectionsSide))
    , m_line(new Hairline(theme, Qt::Vertical, this))
    , m_pages(new SettingsPages(this))
    , m_back(new PillButton(theme, ButtonLook::Link, tr("\u2039 All settings"), this))
{
    setObjectName(QStringLiteral("settingsScreen"));
    m_sections->setObjectName(QStringLiteral("settingsSections"));
    m_back->setObjectName(QStringLiteral("allSettings"));
    layOut();
    connect(m_sections, &SettingsList::chosen, m_pages, &SettingsPages::showPage);
    connect(m_sections, &QListWidget::itemClicked, this, [this] { drill(true); });
    connect(m_sections, &QListWidget::itemActivated, this, [this] { drill(true); });
    connect(m_back, &QAbstractButton::clicked, this, [this] {
        drill(false);
        m_sections->setFocus();
    });
    addPages(parts, routes, money, facts);
    arrange();
}

void SettingsScreen::layOut()
{
    auto *head = new PlainLabel(m_theme, TextRole::Heading, tr("Settings"), this);
    head->setFixedHeight(HeaderHeight);
    head->setContentsMargins(Side, 0, Side, 0);
    auto *sections = new QVBoxLayout(m_sectionsSide);
    sections->setContentsMargins(2 * Theme::Step, 3 * Theme::Step, 2 * Theme::Step,
                                 2 * Theme::Step);
    sections->addWidget(m_sections);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_sectionsSide);
    body->addWidget(m_line);
    body->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *heads = new QHBoxLayout;
    constexpr int LinkInset = 6; // of a link button's text
    heads->setContentsMargins(0, 0, Side - LinkInset, 0);
    heads->addWidget(head, 1);
    heads->addWidget(m_back);
    column->addLayout(heads);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    column->addLayout(body, 1);
}

void SettingsScreen::addPages(const ProviderPageParts &parts, core::RouteBook &routes,
                              const Money &money, const Facts &facts)
{
    addPage(Section::Providers, tr("Providers"), [this, parts] { return makeProviders(parts); });
    addPage(Section::Routes, tr("Routes and fallback"), [this, parts, &routes] {
        return makeRoutes({routes, parts.accounts, parts.models, parts.settings});
    });
    addPage(Section::Budgets, tr("Limits and budgets"),
            [this, money] { return makeBudgets(money); });
    addPage(Section::Prices, tr("Prices"), [this, money] {
        return inColumn(
            m_theme, new PricesPage(m_theme, {money.prices, money.refresh, m_settings, money.clock},
                                    priceNames(m_accounts.providers())));
    });
    addPage(Section::Workspaces, tr("Workspaces"), [this] { return makeWorkspaces(); });
    addPage(Section::Network, tr("Network"), [this, network = facts.network] {
        auto *page = new NetworkPage(m_theme, m_settings, network);
        connect(page, &NetworkPage::failed, this, &SettingsScreen::failed);
        return inColumn(m_theme, page);
    });
    addPage(Section::Appearance, tr("Appearance"), [this] {
        auto *page = new AppearancePage(m_theme, m_settings);
        connect(page, &AppearancePage::failed, this, &SettingsScreen::failed);
        return inColumn(m_theme, page);
    });
    addPage(Section::Shortcuts, tr("Shortcuts"), [this] {
        auto *page = new ShortcutsPage(m_theme, m_settings);
        connect(page, &ShortcutsPage::failed, this, &SettingsScreen::failed);
        return inColumn(m_theme, page);
    });
    addPage(Section::Data, tr("Data"),
            [this, data = facts.data] { return inColumn(m_theme, new DataPage(m_theme, data)); });
    addPage(Section::About, tr("About"), [this, folder = facts.data.folder] {
        return inColumn(m_theme, makeAbout(m_theme, folder));
    });
}

void SettingsScreen::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_sections->currentRow() < 0)
        m_sections->setCurrentRow(0);
    arrange();
}

void SettingsScreen::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void SettingsScreen::drill(bool in)
{
    const bool hadFocus = m_sections->hasFocus();
    m_drilled = in;
    arrange();
    if (hadFocus && m_back->isVisible())
        m_back->setFocus(); // else it would go to the first button of the window
}

void SettingsScreen::arrange()
{
    const bool narrow = window()->width() < OneColumnBelow;
    const int inset = m_sectionsSide->layout()->contentsMargins().left() +
                      m_sectionsSide->layout()->contentsMargins().right();
    m_sectionsSide->setMinimumWidth(narrow ? 0 : SectionsWidth + inset);
    m_sectionsSide->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : SectionsWidth + inset);
    m_sectionsSide->setVisible(!narrow || !m_drilled);
    m_line->setVisible(!narrow);
    m_pages->setVisible(!narrow || m_drilled);
    m_back->setVisible(narrow && m_drilled);
}

void SettingsScreen::addPage(Section section, const QString &title,
                             const std::function<QWidget *()> &make)
{
    SettingsRow row;
    row.id = idOf(section);
    row.title = title;
    m_rows.insert(section, row);
    m_pages->add(row.id, title, make);
    m_sections->setRows(m_rows.values());
}

void SettingsScreen::addOutageDrill(const OutageDrill::Parts &parts)
{
    addPage(Section::OutageDrill, tr("Outage drill"), [this, parts] {
        return inColumn(m_theme, new OutageDrillPage(m_theme, parts, m_accounts, m_models));
    });
}

void SettingsScreen::addWorkspaces(core::WorkspaceBook &workspaces,
                                   const WorkspaceEditor::Texts &texts)
{
    m_workspaces = {&workspaces, texts};
    connect(&workspaces, &core::WorkspaceBook::changed, this, [this] {
        if (m_budgets)
            m_budgets->setNames(namesForBudgets());
    });
}

QWidget *SettingsScreen::makeProviders(const ProviderPageParts &parts)
{
    m_providers = new ProvidersPage(m_theme, parts);
    connect(m_providers, &ProvidersPage::keyStored, this, &SettingsScreen::keyStored);
    return m_providers;
}

QWidget *SettingsScreen::makeRoutes(const RoutesPage::Parts &parts)
{
    auto *fallback = new FallbackPage(m_theme, parts.settings);
    m_routes = new RoutesPage(m_theme, parts);
    connect(fallback, &FallbackPage::failed, this, &SettingsScreen::failed);
    connect(m_routes, &RoutesPage::failed, this, &SettingsScreen::failed);
    connect(m_routes, &RoutesPage::modelRequested, this, &SettingsScreen::routeTargetRequested);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4 * Theme::Step);
    column->addWidget(fallback);
    column->addWidget(m_routes);
    column->addStretch(1);
    return inColumn(m_theme, page);
}

QWidget *SettingsScreen::makeBudgets(const Money &money)
{
    m_budgets = new BudgetsPage(m_theme, money.budgets, m_settings, money.clock, namesForBudgets());
    connect(m_budgets, &BudgetsPage::failed, this, &SettingsScreen::failed);
    return inColumn(m_theme, m_budgets);
}

QWidget *SettingsScreen::makeWorkspaces()
{
    auto *page = new WorkspacePage(m_theme, m_settings);
    connect(page, &WorkspacePage::failed, this, &SettingsScreen::failed);
    connect(page, &WorkspacePage::modelRequested, this, &SettingsScreen::workspaceModelRequested);
    connect(page, &WorkspacePage::optionsRequested, this,
            &SettingsScreen::workspaceOptionsRequested);
    connect(page, &WorkspacePage::budgetRequested, this, [this](std::int64_t id) {
        open(Section::Budgets);
        m_budgets->editOf(core::BudgetScope::Workspace, QString::number(id));
    });
    if (m_workspaces.book)
        page->setWorkspaces(*m_workspaces.book, m_workspaces.texts);
    return inColumn(m_theme, page);
}

BudgetNames SettingsScreen::namesForBudgets() const
{
    return m_workspaces.book ? budgetNames(m_accounts.providers(), m_workspaces.book->workspaces())
                             : budgetNames(m_accounts.providers());
}

void SettingsScreen::open(Section section)
{
    m_sections->choose(idOf(section));
    drill(true);
}

void SettingsScreen::showRoutes()
{
    open(Section::Routes);
}

void SettingsScreen::showShortcuts()
{
    open(Section::Shortcuts);
}

void SettingsScreen::showBudget(std::int64_t id)
{
    open(Section::Budgets);
    m_budgets->edit(id);
}

void SettingsScreen::addRouteTarget(const core::Target &target)
{
    if (m_routes)
        m_routes->addTarget(target);
}

void SettingsScreen::showProvider(const QString &provider)
{
    open(Section::Providers);
    if (!provider.isEmpty())
        m_providers->showProvider(provider);
    m_providers->focusKey();
}

} // namespace ui
