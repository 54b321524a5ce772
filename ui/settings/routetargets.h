#pragma once

#include "core/client/modeldirectory.h"
#include "core/client/routeoutlook.h"
#include "core/ledger/routerepository.h"
#include "ui/settings/settingslist.h"

namespace ui {

//! The targets of a route in their order, each with its price, its price beside the first one's and
//! what is asked about before it answers. Moved by dragging and by Alt+Up and Alt+Down, removed by
//! Delete. UI thread.
class RouteTargets final : public QWidget
{
    Q_OBJECT
public:
    RouteTargets(const ThemeSource &theme, const core::AccountSetup &accounts,
                 const core::ModelDirectory &models, QWidget *parent = nullptr);

    void setRoute(const core::Route &route);
    [[nodiscard]] int current() const { return m_list->currentRow(); } //!< -1: none.
    void choose(int place);
    void move(int step); //!< The current one.
    void removeCurrent();

Q_SIGNALS:
    void changed(const QList<core::Target> &targets); //!< By the user: to be kept.
    void currentChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void takeDragged();
    [[nodiscard]] core::PricedEnd priced(const core::Target &target) const;
    [[nodiscard]] SettingsRow rowOf(qsizetype place) const;

    const core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    SettingsList *m_list;
    core::Route m_route;
};

//! What \p outlook warns of, in words: "asks first: dearer, other region (eu)". Empty: nothing.
[[nodiscard]] QString warningsText(const core::TargetOutlook &outlook);

} // namespace ui
