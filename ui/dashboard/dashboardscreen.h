#pragma once

#include "core/base/clock.h"
#include "core/ledger/workspacerepository.h"
#include "core/stats/spendrange.h"
#include "core/store/store.h"
#include "ui/dashboard/dashboardfigures.h"
#include "ui/theme/themesource.h"

#include <QFutureWatcher>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QGridLayout;
class QScrollArea;
class QStackedWidget;
QT_END_NAMESPACE

namespace core {
class PriceBook;
}

namespace ui {

class ChoiceBox;
class FigureCard;
class FirstTokenChart;
class ForecastCard;
class RepriceCard;
class NoticeBar;
class PillButton;
class PlainLabel;
class SegmentedControl;
class SpendChart;
class SpendTable;
class SpendTableModel;

//! What was spent, how fast the answers came, by model; for a session, a day, a week or a month in
//! the clock's time zone. Real and simulated money are shown in turn, never together: simulated
//! while nothing real is in the ledger, until a person chooses. Main thread; \p store, \p clock and
//! \p theme outlive it. Reads only while visible: when shown, within 250 ms of a commit, and at
//! midnight.
class DashboardScreen final : public QWidget
{
    Q_OBJECT
public:
    //! \p sessionStart is when the store's session began.
    DashboardScreen(core::Store &store, core::Clock &clock, core::UtcTime sessionStart,
                    const ThemeSource &theme, DashboardNames names, QWidget *parent = nullptr);

    //! Offers to compare what was charged with \p prices, which must outlive this. Once.
    void addReprice(const core::PriceBook &prices);
    //! Which there are, to show the figures of one. With one there is no choice.
    void setWorkspaces(const QList<core::Workspace> &workspaces);
    void setRange(core::SpendRange range);
    void setSimulated(bool simulated); //!< As if a person had chosen it.
    [[nodiscard]] core::SpendRange range() const { return m_range; }
    [[nodiscard]] bool isSimulated() const { return m_simulated; }

public Q_SLOTS:
    void refresh(); //!< Reads again now.

Q_SIGNALS:
    void shown(); //!< The figures of the last reading stand in the window.

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QWidget *makeHeader();
    [[nodiscard]] QWidget *makePage();
    void chooseWorkspace(std::int64_t id);
    [[nodiscard]] QWidget *makeTableCard();
    void arrange();
    void refreshSoon();
    void readQuarters();
    void takeReal();
    void takeQuarters();
    void applySimulated(bool simulated);
    void showFigures(const DashboardFigures &figures);
    void showCards(const DashboardFigures &figures);
    void showSpend(const core::SpendSums &sums, bool simulated);
    void showMessage(const QString &title, const QString &text);

    core::Store &m_store;
    core::SpendQueries m_queries;
    core::Clock &m_clock;
    std::int64_t m_sessionId;
    core::UtcTime m_sessionStart;
    const ThemeSource &m_theme;
    DashboardNames m_names;

    core::SpendRange m_range = core::SpendRange::Month;
    std::int64_t m_workspace = 0; //!< Whose figures are shown; 0: all.
    bool m_simulated = false;
    bool m_simulatedChosen = false; //!< By a person: no longer follows what exists.
    bool m_realExists = false;
    bool m_readAgain = false; //!< The ledger moved on while we read.
    core::SpendSpan m_asked;  //!< What is being read.
    core::Alarm m_refreshAlarm;
    core::Alarm m_dayAlarm; //!< Today is another day then.
    QFutureWatcher<core::Result<core::SpendSums>> m_realWatcher;
    QFutureWatcher<core::Result<QList<core::SpendRow>>> m_quartersWatcher;

    SegmentedControl *m_ranges = nullptr;
    ChoiceBox *m_workspaces = nullptr;
    PillButton *m_simulatedSwitch = nullptr;
    NoticeBar *m_banner = nullptr;
    QStackedWidget *m_pages = nullptr;
    QScrollArea *m_scroll = nullptr;
    QGridLayout *m_cards = nullptr;
    QGridLayout *m_charts = nullptr;
    FigureCard *m_spend = nullptr;
    ForecastCard *m_forecast = nullptr;
    FigureCard *m_requests = nullptr;
    FigureCard *m_answered = nullptr;
    FigureCard *m_firstToken = nullptr;
    FigureCard *m_saved = nullptr;
    SpendChart *m_spendChart = nullptr;
    FirstTokenChart *m_firstTokenChart = nullptr;
    RepriceCard *m_reprice = nullptr;
    PlainLabel *m_tableTitle = nullptr;
    SpendTableModel *m_model = nullptr;
    SpendTable *m_table = nullptr;
    PlainLabel *m_messageTitle = nullptr;
    PlainLabel *m_message = nullptr;
};

} // namespace ui
