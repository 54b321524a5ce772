#pragma once

#include "core/store/budgetbook.h"
#include "ui/settings/budgetspage.h"
#include "ui/settings/datapage.h"
#include "ui/settings/networkpage.h"
#include "ui/settings/outagedrill.h"
#include "ui/settings/pricespage.h"
#include "ui/settings/providerspage.h"
#include "ui/settings/routespage.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/workspacepage.h"

#include <QMap>

namespace ui {

class PillButton;
class SettingsPages;

//! The Settings place: its sections at the left, the page of the one chosen. A page is made when it
//! is first chosen: all at once would hold the window for a third of a second. UI thread.
class SettingsScreen final : public QWidget
{
    Q_OBJECT
public:
    //! In the order in which they stand.
    enum class Section {
        Providers,
        Routes,
        Budgets,
        Prices,
        Workspaces,
        Network,
        Appearance,
        Shortcuts,
        Data,
        OutageDrill, //!< Once it was added.
        About,
    };
    Q_ENUM(Section)

    //! What the pages need that is not of our own making; \p data.folder is shown in About, too.
    struct Facts
    {
        NetworkFacts network;
        DataFacts data;
    };

    //! What the pages about money work on; each must outlive the screen.
    struct Money
    {
        core::BudgetBook &budgets;
        core::PriceBook &prices;
        core::PriceRefresh &refresh;
        const core::Clock &clock;
    };

    SettingsScreen(const ThemeSource &theme, const ProviderPageParts &parts,
                   core::RouteBook &routes, const Money &money, const Facts &facts,
                   QWidget *parent = nullptr);

    //! Adds the Outage drill, before About. \p parts must outlive the screen.
    void addOutageDrill(const OutageDrill::Parts &parts);

    //! Adds the workspaces to their page, before that is first shown. \p workspaces must outlive
    //! the screen.
    void addWorkspaces(core::WorkspaceBook &workspaces, const WorkspaceEditor::Texts &texts);

    //! Opens \p provider's page with the cursor in its key field; empty: the one shown last.
    void showProvider(const QString &provider);
    void showShortcuts();             //!< Opens their page.
    void showBudget(std::int64_t id); //!< Opens the budgets with that one to be changed.
    void addRouteTarget(const core::Target &target); //!< After routeTargetRequested().
    void showRoutes();                               //!< Opens their page.

Q_SIGNALS:
    void keyStored(const QString &provider);
    //! A further model of a route is to be chosen at \p anchor: call addRouteTarget().
    void routeTargetRequested(const QWidget *anchor);
    //! What new chats of a workspace ask or begin with is to be chosen at \p anchor.
    void workspaceModelRequested(const QWidget *anchor, std::int64_t id);
    void workspaceOptionsRequested(const QWidget *anchor, std::int64_t id);
    void failed(const QString &sentence);

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    //! Under Workspaces; none were added: null.
    struct Workspaces
    {
        core::WorkspaceBook *book = nullptr;
        WorkspaceEditor::Texts texts;
    };

    void layOut();
    void arrange();
    void drill(bool in); //!< Where list and page stand in one column: which of them is shown.
    void open(Section section); //!< Chooses it, and shows its page in whatever width.
    void addPage(Section section, const QString &title, const std::function<QWidget *()> &make);
    void addPages(const ProviderPageParts &parts, core::RouteBook &routes, const Money &money,
                  const Facts &facts);
    [[nodiscard]] QWidget *makeProviders(const ProviderPageParts &parts);
    [[nodiscard]] QWidget *makeRoutes(const RoutesPage::Parts &parts);
    [[nodiscard]] QWidget *makeBudgets(const Money &money);
    [[nodiscard]] QWidget *makeWorkspaces();
    [[nodiscard]] BudgetNames namesForBudgets() const;

    const ThemeSource &m_theme;
    const core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    core::Settings &m_settings;
    QWidget *m_sectionsSide;
    SettingsList *m_sections;
    QWidget *m_line;
    SettingsPages *m_pages;
    PillButton *m_back;
    bool m_drilled = false;
    QMap<Section, SettingsRow> m_rows;
    ProvidersPage *m_providers = nullptr; //!< Null until its page is made; likewise the others.
    RoutesPage *m_routes = nullptr;
    BudgetsPage *m_budgets = nullptr;
    Workspaces m_workspaces;
};

} // namespace ui
