#include "ui/dashboard/firsttokenchart.h"

#include "ui/dashboard/axisticks.h"
#include "ui/widgets/figures.h"

#include <QChart>
#include <QLineSeries>

#include <algorithm>
#include <array>

namespace ui {

namespace {

struct Percentile
{
    double fraction;
    Qt::PenStyle style;
    const char *name;
};

constexpr std::array<Percentile, 3> Percentiles = {{
    {0.5, Qt::SolidLine, "p50"},
    {0.95, Qt::DashLine, "p95"},
    {0.99, Qt::DotLine, "p99"},
}};

double seconds(std::chrono::milliseconds time)
{
    return static_cast<double>(time.count()) / 1000.0;
}

} // namespace

FirstTokenChart::FirstTokenChart(const ThemeSource &theme, QWidget *parent)
    : ChartCard(theme, parent)
{
    setTitle(tr("Time to first token"));
}

void FirstTokenChart::setFigures(const DashboardFigures &figures, const QTimeZone &zone)
{
    m_figures = figures;
    m_zone = zone;
    redraw();
}

void FirstTokenChart::redraw()
{
    clearChart();
    QList<LegendEntry> legend;
    for (const Percentile &percentile : Percentiles)
        legend.append({theme().text, percentile.style, QString::fromLatin1(percentile.name)});
    setLegend(legend);
    setAccessibleDescription(spokenSteps());
    double largest = 0;
    for (const core::SpendStep &step : std::as_const(m_figures.steps)) {
        if (const auto slowest = step.firstToken.percentile(0.99))
            largest = std::max(largest, seconds(*slowest));
    }
    if (largest <= 0) {
        showEmpty(tr("No answer began in this time."));
        return;
    }
    for (const Percentile &percentile : Percentiles)
        addLine(percentile.fraction, percentile.style);
    const AxisTicks ticks = ticksFor(largest);
    QList<AxisLabel> heights;
    for (int i = 0; i <= ticks.count; ++i)
        heights.append({ticks.step * i, tr("%1 s").arg(QString::number(ticks.step * i))});
    setAxes(m_figures, m_zone, ticks.end(), heights);
    showChart();
}

void FirstTokenChart::addLine(double fraction, Qt::PenStyle style)
{
    QList<QPointF> run;
    const auto draw = [this, &run, style] {
        if (run.isEmpty())
            return;
        if (run.size() == 1) { // a lone step: a short stroke, for a point has no style
            const QPointF at = run.first();
            run = {at - QPointF(0.4, 0), at + QPointF(0.4, 0)};
        }
        auto *series = new QLineSeries;
        series->setPen(QPen(theme().text, 2, style, Qt::FlatCap, Qt::RoundJoin));
        series->append(run);
        chart().addSeries(series);
        run.clear();
    };
    for (qsizetype i = 0; i < m_figures.steps.size(); ++i) {
        if (const auto latency = m_figures.steps.at(i).firstToken.percentile(fraction))
            run.append(QPointF(static_cast<double>(i), seconds(*latency)));
        else
            draw();
    }
    draw();
}

QString FirstTokenChart::spokenSteps() const
{
    QStringList steps;
    for (const core::SpendStep &step : m_figures.steps) {
        QStringList figures;
        for (const Percentile &percentile : Percentiles) {
            if (const auto latency = step.firstToken.percentile(percentile.fraction))
                figures.append(QStringLiteral("%1 %2").arg(QString::fromLatin1(percentile.name),
                                                           durationText(*latency)));
        }
        if (!figures.isEmpty())
            steps.append(QStringLiteral("%1: %2").arg(
                stepText(step.start, m_figures.span.stepLength, m_zone),
                figures.join(QStringLiteral(", "))));
    }
    return steps.join(QStringLiteral("; "));
}

} // namespace ui
