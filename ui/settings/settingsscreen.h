#pragma once

#include "core/store/budgetbook.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/budgetspage.h"
#include "ui/settings/datapage.h"
#include "ui/settings/fallbackpage.h"
#include "ui/settings/networkpage.h"
#include "ui/settings/outagedrill.h"
#include "ui/settings/pricespage.h"
#include "ui/settings/providerspage.h"
#include "ui/settings/routespage.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/workspacepage.h"

class QStackedWidget;

namespace ui {

class PillButton;

//! The Settings place: its sections at the left, the page of the one chosen. UI thread.
class SettingsScreen final : public QWidget
{
    Q_OBJECT
public:
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

    //! Adds the workspaces to their page. \p workspaces must outlive the screen.
    void addWorkspaces(core::WorkspaceBook &workspaces, const WorkspaceEditor::Texts &texts);

    //! Opens \p provider's page with the cursor in its key field; empty: the one shown last.
    void showProvider(const QString &provider);
    void showShortcuts();             //!< Opens their page.
    void showBudget(std::int64_t id); //!< Opens the budgets with that one to be changed.
    void addRouteTarget(const core::Target &target) { m_routes->addTarget(target); }
    void showRoutes(); //!< Opens their page.

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
    void arrange();
    void drill(bool in); //!< Where list and page stand in one column: which of them is shown.
    int addPage(const QString &title, QWidget *page); //!< Its place.
    [[nodiscard]] QWidget *makeRoutes();
    [[nodiscard]] QWidget *makeAbout(const QString &dataFolder);

    const ThemeSource &m_theme;
    const core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    QWidget *m_sectionsSide;
    SettingsList *m_sections;
    QWidget *m_line;
    QStackedWidget *m_pages;
    PillButton *m_back;
    bool m_drilled = false;
    ProvidersPage *m_providers;
    FallbackPage *m_fallback;
    RoutesPage *m_routes;
    int m_routesPlace = 0;
    int m_shortcutsRow = 0; //!< Among the sections.
    BudgetsPage *m_budgets;
    int m_budgetsPlace = 0;
    WorkspacePage *m_workspaces;
    QList<SettingsRow> m_rows;
};

} // namespace ui
