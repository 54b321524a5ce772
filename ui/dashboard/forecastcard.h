#pragma once

#include "core/base/latestread.h"
#include "core/stats/monthforecast.h"
#include "core/store/store.h"
#include "ui/theme/themesource.h"

#include <QObject>

namespace ui {

class FigureCard;

//! What this month comes to at the pace it has had so far, beside its budget. Real money only,
//! whatever the dashboard shows. Main thread; all that it is given outlives it.
class ForecastCard final : public QObject
{
    Q_OBJECT
public:
    ForecastCard(core::Store &store, core::Clock &clock, const ThemeSource &theme, QWidget *parent);

    [[nodiscard]] FigureCard *card() const { return m_card; }
    //! Whether what is spent so far stands elsewhere in the window.
    void setSoFarShown(bool shown);
    void setWorkspace(std::int64_t id); //!< Whose money; 0: all. From the next reading on.
    void refresh();                     //!< Reads again.

private:
    using Spent = core::Result<core::SpendSums>;
    void take(const Spent &spent);
    void show();

    core::Store &m_store;
    core::Clock &m_clock;
    core::SpendQueries m_queries;
    FigureCard *m_card;
    bool m_soFarShown = true;
    std::int64_t m_workspace = 0;
    std::optional<core::MonthForecast> m_forecast;
    core::LatestRead<Spent> m_reading;
};

} // namespace ui
