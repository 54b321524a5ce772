#include "ui/settings/settingsscreen.h"

#include "ui/settings/outagedrillpage.h"
#include "ui/settings/shortcutspage.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QSet>
#include <QStackedWidget>

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

} // namespace

SettingsScreen::SettingsScreen(const ThemeSource &theme, const ProviderPageParts &parts,
                               core::RouteBook &routes, const Money &money, const Facts &facts,
                               QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(parts.accounts)
    , m_models(parts.models)
    , m_sectionsSide(new QWidget(this))
    , m_sections(new SettingsList(theme, tr("Settings"), m_sectionsSide))
    , m_line(new Hairline(theme, Qt::Vertical, this))
    , m_pages(new QStackedWidget(this))
    , m_back(new PillButton(theme, ButtonLook::Link, tr("\u2039 All settings"), this))
    , m_providers(new ProvidersPage(theme, parts))
    , m_fallback(new FallbackPage(theme, parts.settings))
    , m_routes(new RoutesPage(theme, {routes, parts.accounts, parts.models, parts.settings}))
    , m_budgets(new BudgetsPage(theme, money.budgets, parts.settings, money.clock,
                                budgetNames(parts.accounts.providers())))
    , m_workspaces(new WorkspacePage(theme, parts.settings))
{
    setObjectName(QStringLiteral("settingsScreen"));
    m_sections->setObjectName(QStringLiteral("settingsSections"));
    m_back->setObjectName(QStringLiteral("allSettings"));
    auto *appearance = new AppearancePage(theme, parts.settings);
    addPage(tr("Providers"), m_providers);
    m_routesPlace = addPage(tr("Routes and fallback"), inColumn(theme, makeRoutes()));
    m_budgetsPlace = addPage(tr("Limits and budgets"), inColumn(theme, m_budgets));
    addPage(tr("Prices"),
            inColumn(theme, new PricesPage(
                                theme, {money.prices, money.refresh, parts.settings, money.clock},
                                priceNames(parts.accounts.providers()))));
    addPage(tr("Workspaces"), inColumn(theme, m_workspaces));
    connect(m_workspaces, &WorkspacePage::failed, this, &SettingsScreen::failed);
    auto *network = new NetworkPage(theme, parts.settings, facts.network);
    addPage(tr("Network"), inColumn(theme, network));
    connect(network, &NetworkPage::failed, this, &SettingsScreen::failed);
    addPage(tr("Appearance"), inColumn(theme, appearance));
    auto *shortcuts = new ShortcutsPage(theme, parts.settings);
    m_shortcutsRow = static_cast<int>(m_rows.size());
    addPage(tr("Shortcuts"), inColumn(theme, shortcuts));
    connect(shortcuts, &ShortcutsPage::failed, this, &SettingsScreen::failed);
    addPage(tr("Data"), inColumn(theme, new DataPage(theme, facts.data)));
    addPage(tr("About"), inColumn(theme, makeAbout(facts.data.folder)));
    m_sections->setRows(m_rows);

    auto *head = new PlainLabel(theme, TextRole::Heading, tr("Settings"), this);
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
    column->addWidget(new Hairline(theme, Qt::Horizontal, this));
    column->addLayout(body, 1);

    connect(m_sections, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_sections, &QListWidget::itemClicked, this, [this] { drill(true); });
    connect(m_sections, &QListWidget::itemActivated, this, [this] { drill(true); });
    connect(m_back, &QAbstractButton::clicked, this, [this] {
        drill(false);
        m_sections->setFocus();
    });
    connect(m_providers, &ProvidersPage::keyStored, this, &SettingsScreen::keyStored);
    connect(m_routes, &RoutesPage::modelRequested, this, &SettingsScreen::routeTargetRequested);
    connect(m_routes, &RoutesPage::failed, this, &SettingsScreen::failed);
    connect(m_fallback, &FallbackPage::failed, this, &SettingsScreen::failed);
    connect(appearance, &AppearancePage::failed, this, &SettingsScreen::failed);
    connect(m_budgets, &BudgetsPage::failed, this, &SettingsScreen::failed);
    m_sections->setCurrentRow(0);
    arrange();
}

void SettingsScreen::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
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

int SettingsScreen::addPage(const QString &title, QWidget *page)
{
    SettingsRow row;
    const int place = m_pages->addWidget(page);
    row.id = QString::number(place);
    row.title = title;
    page->setAccessibleName(title); // it takes the focus, so that keys scroll it
    m_rows.append(row);
    return place;
}

void SettingsScreen::addOutageDrill(const OutageDrill::Parts &parts)
{
    const qsizetype place = m_rows.size() - 1; // About stays last
    SettingsRow row;
    row.id = QStringLiteral("outageDrill");
    row.title = tr("Outage drill");
    QWidget *page = inColumn(m_theme, new OutageDrillPage(m_theme, parts, m_accounts, m_models));
    page->setAccessibleName(row.title);
    m_pages->insertWidget(static_cast<int>(place), page);
    m_rows.insert(place, row);
    m_sections->setRows(m_rows);
}

void SettingsScreen::addWorkspaces(core::WorkspaceBook &workspaces,
                                   const WorkspaceEditor::Texts &texts)
{
    m_workspaces->setWorkspaces(workspaces, texts);
    connect(m_workspaces, &WorkspacePage::modelRequested, this,
            &SettingsScreen::workspaceModelRequested);
    connect(m_workspaces, &WorkspacePage::optionsRequested, this,
            &SettingsScreen::workspaceOptionsRequested);
    connect(m_workspaces, &WorkspacePage::budgetRequested, this, [this](std::int64_t id) {
        m_sections->setCurrentRow(m_budgetsPlace);
        drill(true);
        m_budgets->editOf(core::BudgetScope::Workspace, QString::number(id));
    });
    const auto name = [this, &workspaces] {
        m_budgets->setNames(budgetNames(m_accounts.providers(), workspaces.workspaces()));
    };
    connect(&workspaces, &core::WorkspaceBook::changed, this, name);
    name();
}

QWidget *SettingsScreen::makeAbout(const QString &dataFolder)
{
    auto *about = new QWidget;
    about->setObjectName(QStringLiteral("aboutPage"));
    auto *column = new QVBoxLayout(about);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Heading,
                                     QStringLiteral("Farthing " FARTHING_VERSION), about));
    for (const QString &line :
         {tr("Free software under the GNU General Public License, version 3 or later."),
          tr("Your chats and the ledger lie in %1").arg(dataFolder),
          tr("Made with Qt %1 and Qt Charts (GPL, version 3), QtKeychain (BSD), SQLite (public "
             "domain), simdjson (Apache, version 2), MD4C (MIT), Source-highlight (GPL, version 3 "
             "or later) and zlib (zlib).")
              .arg(QString::fromLatin1(qVersion())),
          tr("Prices come from genai-prices (MIT), token encodings from tiktoken (MIT).")}) {
        auto *label = new PlainLabel(m_theme, TextRole::Body, line, about);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    column->addStretch(1);
    return about;
}

QWidget *SettingsScreen::makeRoutes()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4 * Theme::Step);
    column->addWidget(m_fallback);
    column->addWidget(m_routes);
    column->addStretch(1);
    return page;
}

void SettingsScreen::showRoutes()
{
    m_sections->setCurrentRow(m_routesPlace);
    drill(true);
}

void SettingsScreen::showShortcuts()
{
    m_sections->setCurrentRow(m_shortcutsRow);
    drill(true);
}

void SettingsScreen::showBudget(std::int64_t id)
{
    m_sections->setCurrentRow(m_budgetsPlace);
    drill(true);
    m_budgets->edit(id);
}

void SettingsScreen::showProvider(const QString &provider)
{
    m_sections->setCurrentRow(0);
    drill(true);
    if (!provider.isEmpty())
        m_providers->showProvider(provider);
    m_providers->focusKey();
}

} // namespace ui
