#include "ui/dashboard/spendchart.h"

#include "ui/dashboard/axisticks.h"
#include "ui/widgets/figures.h"

#include <QBarSet>
#include <QChart>
#include <QRegularExpression>
#include <QStackedBarSeries>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

constexpr qsizetype MostOutlined = 40;

double dollars(core::PicoUsd amount)
{
    return static_cast<double>(amount.count()) / static_cast<double>(core::PicoUsd::PerDollar);
}

core::Cost costOf(const core::SpendStep &step)
{
    core::Cost sum;
    for (const core::Cost &cost : step.costByProvider)
        sum = sum.plus(cost);
    return sum;
}

QList<AxisLabel> dollarLabels(const AxisTicks &ticks)
{
    QList<AxisLabel> labels;
    for (int i = 0; i <= ticks.count; ++i)
        labels.append({ticks.step * i, QStringLiteral("$") + QString::number(ticks.step * i, 'f', 9)
                                                                 .remove(QRegularExpression(
                                                                     QStringLiteral("\\.?0+$")))});
    return labels;
}

} // namespace

SpendChart::SpendChart(const ThemeSource &theme, DashboardNames names, QWidget *parent)
    : ChartCard(theme, parent)
    , m_names(std::move(names))
{
}

void SpendChart::setFigures(const DashboardFigures &figures, const QTimeZone &zone)
{
    m_figures = figures;
    m_zone = zone;
    redraw();
}

void SpendChart::redraw()
{
    const bool days = m_figures.span.stepLength == core::StepLength::Day;
    if (m_figures.span.filter.simulated)
        setTitle(days ? tr("Simulated spend per day") : tr("Simulated spend per quarter hour"));
    else
        setTitle(days ? tr("Spend per day") : tr("Spend per quarter hour"));
    clearChart();
    double largest = 0;
    QStringList providers;
    for (const core::SpendStep &step : std::as_const(m_figures.steps)) {
        largest = std::max(largest, dollars(costOf(step).low));
        providers += step.costByProvider.keys();
    }
    const QList<double> stillToCome = ahead();
    for (const double amount : stillToCome)
        largest = std::max(largest, amount);
    providers.sort();
    providers.removeDuplicates();
    setLegend(legendOf(providers));
    setRemark(remark());
    setAccessibleDescription(spokenSteps());
    if (largest <= 0) {
        showEmpty(m_figures.total.cost.complete ? tr("Nothing was spent in this time.")
                                                : tr("What this cost is not known."));
        return;
    }
    addBars(providers);
    const AxisTicks ticks = ticksFor(largest);
    setAxes(m_figures, m_zone, ticks.end(), dollarLabels(ticks));
    showChart();
}

void SpendChart::addBars(const QStringList &providers)
{
    auto *series = new QStackedBarSeries;
    series->setBarWidth(0.72);
    for (const QString &provider : providers) {
        auto *set = new QBarSet(m_names.providerName(provider));
        set->setColor(theme().providerColor(provider));
        if (m_figures.steps.size() > MostOutlined)
            set->setPen(Qt::NoPen);
        else
            set->setPen(QPen(theme().card, 1));
        for (const core::SpendStep &step : std::as_const(m_figures.steps))
            set->append(dollars(step.costByProvider.value(provider).low));
        series->append(set);
    }
    if (const QList<double> stillToCome = ahead(); !stillToCome.isEmpty()) {
        auto *set = new QBarSet(tr("forecast"));
        set->setBrush(QBrush(theme().muted, Qt::BDiagPattern));
        set->setPen(QPen(theme().muted, 1));
        set->append(stillToCome);
        series->append(set);
    }
    chart().addSeries(series);
}

QList<double> SpendChart::ahead() const
{
    QList<double> amounts;
    bool isAny = false;
    for (const std::optional<core::Cost> &cost : m_figures.ahead) {
        amounts.append(cost ? dollars(cost->low) : 0);
        isAny = isAny || amounts.constLast() > 0;
    }
    return isAny ? amounts : QList<double>();
}

QList<LegendEntry> SpendChart::legendOf(const QStringList &providers) const
{
    QList<LegendEntry> entries;
    for (const QString &provider : providers)
        entries.append(
            {theme().providerColor(provider), std::nullopt, m_names.providerName(provider)});
    if (!ahead().isEmpty())
        entries.append({theme().muted, std::nullopt, tr("forecast"), true});
    return entries;
}

QString SpendChart::remark() const
{
    QStringList remarks;
    if (m_figures.total.cost.low < m_figures.total.cost.high)
        remarks.append(tr("Bars show the least that it may have cost"));
    if (!m_figures.total.cost.complete)
        remarks.append(tr("≥: part of the cost is unknown"));
    return remarks.join(QStringLiteral(" \u00B7 "));
}

QString SpendChart::spokenSteps() const
{
    QStringList steps;
    for (const core::SpendStep &step : m_figures.steps) {
        if (!step.costByProvider.isEmpty())
            steps.append(QStringLiteral("%1: %2").arg(
                stepText(step.start, m_figures.span.stepLength, m_zone),
                costText(costOf(step), Decimals::Sidebar)));
    }
    // At one pace, each day says the same.
    const auto next = std::find_if(m_figures.ahead.cbegin(), m_figures.ahead.cend(),
                                   [](const auto &cost) { return cost.has_value(); });
    if (next != m_figures.ahead.cend()) {
        const core::SpendStep &first =
            m_figures.steps.at(std::distance(m_figures.ahead.cbegin(), next));
        const QString each = costText(**next, Decimals::Sidebar);
        steps.append(tr("forecast from %1 on: %2 a day")
                         .arg(stepText(first.start, m_figures.span.stepLength, m_zone),
                              (*next)->isExact() ? QStringLiteral("\u2248 ") + each : each));
    }
    return steps.join(QStringLiteral("; "));
}

} // namespace ui
