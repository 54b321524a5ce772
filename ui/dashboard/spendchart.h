#pragma once

#include "ui/dashboard/chartcard.h"
#include "ui/dashboard/dashboardfigures.h"

namespace ui {

//! Spend for each step of a span, stacked by provider in the providers' colours; days of a month
//! that are still to come are hatched, at the month's pace. Of a range the low end is drawn; a
//! remark tells of that, and of parts without a known price.
class SpendChart final : public ChartCard
{
    Q_OBJECT
public:
    SpendChart(const ThemeSource &theme, DashboardNames names, QWidget *parent = nullptr);

    void setFigures(const DashboardFigures &figures, const QTimeZone &zone);

protected:
    void redraw() override;

private:
    void addBars(const QStringList &providers);
    [[nodiscard]] QList<double> ahead() const; //!< Dollars a step; empty: no forecast.
    [[nodiscard]] QList<LegendEntry> legendOf(const QStringList &providers) const;
    [[nodiscard]] QString remark() const;
    [[nodiscard]] QString spokenSteps() const;

    DashboardNames m_names;
    DashboardFigures m_figures;
    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace ui
