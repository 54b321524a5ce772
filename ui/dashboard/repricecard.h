#pragma once

#include "core/pricing/pricebook.h"
#include "core/stats/reprice.h"
#include "ui/dashboard/dashboardfigures.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QGridLayout;

namespace ui {

class PillButton;
class PlainLabel;

//! What was charged beside what the same would cost at the prices in use now, by model. Asked for
//! by a press, for the time that the dashboard shows; nothing is written. UI thread.
class RepriceCard final : public QWidget
{
    Q_OBJECT
public:
    RepriceCard(core::Store &store, const core::PriceBook &prices, const core::Clock &clock,
                const ThemeSource &theme, const DashboardNames &names, QWidget *parent = nullptr);

    void setFilter(const core::SpendFilter &filter); //!< Puts away what was compared for another.

private:
    void compare();
    void show(const QList<core::RepriceRow> &rows);
    void clear();
    void addRow(const QStringList &texts, bool isStrong);

    core::Store &m_store;
    const core::PriceBook &m_prices;
    const core::Clock &m_clock;
    const ThemeSource &m_theme;
    const DashboardNames &m_names;
    PlainLabel *m_title;
    core::SpendFilter m_filter;
    int m_cleared = 0; //!< Times: what was asked for before the last is not shown.
    PillButton *m_compare;
    PlainLabel *m_note;
    QWidget *m_table = nullptr;
    QGridLayout *m_grid = nullptr;
};

} // namespace ui
