#include "ui/dashboard/forecastcard.h"

#include "core/store/budgetbook.h"
#include "ui/dashboard/dashboardfigures.h"
#include "ui/dashboard/figurecard.h"
#include "ui/widgets/figures.h"

#include <QDateTime>
#include <QLocale>

namespace ui {

namespace {

//! "48% of the $50.00 budget"; above it, too. "15–90%" where the budget counts a range or an
//! unknown price, "≥ 15%" where such a price counts for nothing.
QString budgetText(const core::Cost &cost, core::PicoUsd limit)
{
    constexpr int Percent = 100;
    const QString budget = moneyText(limit, Decimals::Sidebar);
    const auto shareOf = [limit](core::PicoUsd amount) {
        return limit > core::PicoUsd() ? amount.scaled(Percent, limit.count())
                                       : std::optional<core::PicoUsd>();
    };
    const auto low = shareOf(cost.low);
    const auto high = shareOf(cost.high);
    if (!low || !high)
        return ForecastCard::tr("budget %1").arg(budget);
    if (*low != *high)
        return ForecastCard::tr("%1\u2013%2% of the %3 budget")
            .arg(low->count())
            .arg(high->count())
            .arg(budget);
    const QString text = ForecastCard::tr("%1% of the %2 budget").arg(low->count()).arg(budget);
    return cost.complete ? text : QStringLiteral("\u2265 ") + text;
}

} // namespace

ForecastCard::ForecastCard(core::Store &store, core::Clock &clock, const ThemeSource &theme,
                           QWidget *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
    , m_queries(store)
    , m_card(new FigureCard(theme, parent))
    , m_reading(
          [this] {
              core::SpendFilter filter; // real money, as its default has it
              filter.workspaceId = m_workspace;
              filter.since =
                  core::spanAt(core::LimitPeriod::Month, m_clock.utcNow(), m_clock.zone()).begin;
              return m_queries.total(filter);
          },
          [this](const Spent &spent) { take(spent); })
{
    m_card->setObjectName(QStringLiteral("dashboardForecast"));
    connect(&store.budgets(), &core::BudgetBook::changed, this, &ForecastCard::show);
}

void ForecastCard::setSoFarShown(bool shown)
{
    m_soFarShown = shown;
    show();
}

void ForecastCard::setWorkspace(std::int64_t id)
{
    if (std::exchange(m_workspace, id) != id)
        m_forecast.reset(); // it was of others
}

void ForecastCard::refresh()
{
    m_reading.request();
}

void ForecastCard::take(const Spent &spent)
{
    m_forecast.reset();
    if (spent)
        m_forecast = core::monthForecast(spent->cost, m_clock.utcNow(), m_clock.zone());
    show();
}

void ForecastCard::show()
{
    const QTimeZone zone = m_clock.zone();
    const auto localDate = [&](core::UtcTime at) {
        return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), zone).date();
    };
    const QString month = QLocale().standaloneMonthName(localDate(m_clock.utcNow()).month());
    const QString title = tr("%1 at this pace").arg(month);
    if (!m_forecast) // not read yet, or not readable, which the other cards say
        return m_card->setFigure(title, tr("unknown"), {});
    const QString soFar = costText(m_forecast->soFar, Decimals::Sidebar);
    QStringList notes;
    if (!m_soFarShown)
        notes.append(tr("%1 so far").arg(soFar));
    QString figure = tr("unknown");
    if (m_forecast->atEnd) {
        figure = costText(m_forecast->atEnd, Decimals::Sidebar);
        if (m_forecast->atEnd->isExact())
            figure.prepend(QStringLiteral("\u2248 "));
        const auto budget = core::monthBudget(m_store.budgets().standings(), m_workspace);
        // Its month may have another midnight, and be a new one already.
        const auto counted = budget
                                 ? core::monthForecast(core::countedBy(*budget), m_clock.utcNow(),
                                                       core::zoneOf(budget->budget, zone))
                                       .atEnd
                                 : std::nullopt;
        if (budget)
            notes.append(budgetText(counted.value_or(*m_forecast->atEnd),
                                    core::PicoUsd(budget->budget.limit)));
        else if (m_soFarShown)
            notes.append(m_forecast->atEnd->complete ? tr("no budget for the month")
                                                     : tr("part of the cost is unknown"));
    } else if (m_clock.utcNow() < m_forecast->saidFrom) {
        figure = tr("too early");
        notes.append(
            tr("said from %1 on").arg(stepText(m_forecast->saidFrom, core::StepLength::Day, zone)));
    } else {
        notes.append(tr("no price is known"));
    }
    m_card->setFigure(title, figure, notes.join(QStringLiteral(" \u00B7 ")));
    m_card->setExplanation(
        tr("%1 so far, carried on at the same pace to the end of %2. Practice is "
           "left out, and so is what has no price.")
            .arg(soFar, month));
}

} // namespace ui
