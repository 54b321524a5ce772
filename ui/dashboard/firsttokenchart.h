#pragma once

#include "ui/dashboard/chartcard.h"
#include "ui/dashboard/dashboardfigures.h"

namespace ui {

//! Time to the first token for each step of a span: p50 solid, p95 dashed, p99 dotted, in one
//! neutral hue. Steps without an answer are gaps.
class FirstTokenChart final : public ChartCard
{
    Q_OBJECT
public:
    explicit FirstTokenChart(const ThemeSource &theme, QWidget *parent = nullptr);

    void setFigures(const DashboardFigures &figures, const QTimeZone &zone);

protected:
    void redraw() override;

private:
    void addLine(double fraction, Qt::PenStyle style);
    [[nodiscard]] QString spokenSteps() const;

    DashboardFigures m_figures;
    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace ui
