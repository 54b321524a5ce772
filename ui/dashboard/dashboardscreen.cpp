#include "ui/dashboard/dashboardscreen.h"

#include "core/base/errortext.h"
#include "core/ledger/budget.h"
#include "ui/dashboard/figurecard.h"
#include "ui/dashboard/firsttokenchart.h"
#include "ui/dashboard/forecastcard.h"
#include "ui/dashboard/repricecard.h"
#include "ui/dashboard/spendchart.h"
#include "ui/dashboard/spendtable.h"
#include "ui/dashboard/spendtablemodel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

using namespace std::chrono_literals;

constexpr auto RefreshInterval = 250ms;
constexpr std::chrono::milliseconds LongestWait = 10min; // for midnight: the clock may be set
constexpr int Margin = 5 * Theme::Step;
constexpr int Gap = 3 * Theme::Step;
constexpr int HeaderHeight = 13 * Theme::Step; //!< As every place's.

QString latencyText(const core::LatencyHistogram &latencies, double fraction)
{
    const auto latency = latencies.percentile(fraction);
    return latency ? durationText(*latency) : DashboardScreen::tr("unknown");
}

} // namespace

DashboardScreen::DashboardScreen(core::Store &store, core::Clock &clock, core::UtcTime sessionStart,
                                 const ThemeSource &theme, DashboardNames names, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_queries(store)
    , m_clock(clock)
    , m_sessionId(store.sessionId())
    , m_sessionStart(sessionStart)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_refreshAlarm(clock)
    , m_dayAlarm(clock)
{
    setObjectName(QStringLiteral("dashboard"));
    setAccessibleName(tr("Dashboard"));
    m_banner = new NoticeBar(theme, this);
    m_banner->setObjectName(QStringLiteral("dashboardPracticeBanner"));
    m_messageTitle = new PlainLabel(theme, TextRole::Heading, {}, this);
    m_message = new PlainLabel(theme, TextRole::Muted, {}, this);
    m_message->setObjectName(QStringLiteral("dashboardMessage"));
    m_messageTitle->setAlignment(Qt::AlignCenter);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    auto *message = new QWidget(this);
    auto *messageColumn = new QVBoxLayout(message);
    messageColumn->setContentsMargins(Margin, Margin, Margin, Margin);
    messageColumn->setSpacing(2 * Theme::Step);
    messageColumn->addStretch(2);
    messageColumn->addWidget(m_messageTitle);
    messageColumn->addWidget(m_message);
    messageColumn->addStretch(3);

    m_pages = new QStackedWidget(this);
    m_pages->addWidget(message);
    m_pages->addWidget(makePage());
    auto *bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(Margin, Gap, Margin, 0);
    bannerRow->addWidget(m_banner);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(new Hairline(theme, Qt::Horizontal, this));
    column->addLayout(bannerRow);
    column->addWidget(m_pages, 1);

    connect(&m_realWatcher, &QFutureWatcherBase::finished, this, &DashboardScreen::takeReal);
    connect(&m_quartersWatcher, &QFutureWatcherBase::finished, this,
            &DashboardScreen::takeQuarters);
    connect(&store, &core::Store::ledgerChanged, this, &DashboardScreen::refreshSoon);
    connect(&theme, &ThemeSource::changed, this, [this] { update(); });
}

QWidget *DashboardScreen::makeHeader()
{
    auto *header = new QWidget(this);
    auto *title = new PlainLabel(m_theme, TextRole::Heading, tr("Dashboard"), header);
    m_ranges = new SegmentedControl(
        m_theme, {tr("Session"), tr("Today"), tr("7 days"), tr("Month")}, header);
    m_ranges->setObjectName(QStringLiteral("dashboardRange"));
    m_ranges->setAccessibleName(tr("Range of time"));
    m_ranges->setCurrent(static_cast<int>(m_range));
    m_simulatedSwitch = new PillButton(m_theme, ButtonLook::Chip, tr("Simulated"), header);
    m_simulatedSwitch->setObjectName(QStringLiteral("dashboardSimulated"));
    m_simulatedSwitch->setAccessibleName(tr("Show simulated money of practice"));
    m_simulatedSwitch->setCheckable(true);
    constexpr int FewestLetters = 12; // a long name takes no room from the ranges
    m_workspaces = new ChoiceBox(m_theme, header);
    m_workspaces->setObjectName(QStringLiteral("dashboardWorkspace"));
    m_workspaces->setAccessibleName(tr("Workspace"));
    m_workspaces->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_workspaces->setMinimumContentsLength(FewestLetters);
    m_workspaces->hide();
    header->setMinimumHeight(HeaderHeight);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(Margin, 2 * Theme::Step, Margin, 2 * Theme::Step);
    row->setSpacing(Gap);
    row->addWidget(title);
    row->addWidget(m_ranges);
    row->addStretch(1);
    row->addWidget(m_workspaces);
    row->addWidget(m_simulatedSwitch);
    connect(m_ranges, &SegmentedControl::chosen, this,
            [this](int index) { setRange(static_cast<core::SpendRange>(index)); });
    connect(m_workspaces, &QComboBox::activated, this,
            [this] { chooseWorkspace(m_workspaces->currentData().toLongLong()); });
    connect(m_simulatedSwitch, &QAbstractButton::clicked, this, &DashboardScreen::setSimulated);
    return header;
}

QWidget *DashboardScreen::makePage()
{
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("dashboardScroll"));
    m_scroll->setAccessibleName(tr("Dashboard"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    auto *page = new QWidget;
    page->setAutoFillBackground(false);
    const auto card = [this, page](const QString &name) {
        auto *figure = new FigureCard(m_theme, page);
        figure->setObjectName(name);
        return figure;
    };
    m_spend = card(QStringLiteral("dashboardSpend"));
    m_forecast = new ForecastCard(m_store, m_clock, m_theme, page);
    m_requests = card(QStringLiteral("dashboardRequests"));
    m_answered = card(QStringLiteral("dashboardAnswered"));
    m_firstToken = card(QStringLiteral("dashboardFirstToken"));
    m_saved = card(QStringLiteral("dashboardSaved"));
    m_spendChart = new SpendChart(m_theme, m_names, page);
    m_spendChart->setObjectName(QStringLiteral("dashboardSpendChart"));
    m_firstTokenChart = new FirstTokenChart(m_theme, page);
    m_firstTokenChart->setObjectName(QStringLiteral("dashboardFirstTokenChart"));
    m_cards = new QGridLayout;
    m_charts = new QGridLayout;
    m_cards->setSpacing(Gap);
    m_charts->setSpacing(Gap);

    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(Margin, Gap, Margin, Margin);
    column->setSpacing(Gap);
    column->addLayout(m_cards);
    column->addLayout(m_charts, 2);
    column->addWidget(makeTableCard());
    column->addStretch(1);
    m_scroll->setWidget(page);
    arrange();
    return m_scroll;
}

QWidget *DashboardScreen::makeTableCard()
{
    auto *card = new Card(m_theme);
    m_tableTitle = new PlainLabel(m_theme, TextRole::Strong, {}, card);
    m_model = new SpendTableModel(m_names, this);
    m_table = new SpendTable(m_theme, card);
    m_table->setObjectName(QStringLiteral("dashboardModels"));
    m_table->setAccessibleName(tr("Spend by model, highest first"));
    m_table->setModel(m_model);
    auto *column = new QVBoxLayout(card);
    // Cells have a padding of two steps of their own.
    column->setContentsMargins(2 * Theme::Step, Gap + 2, 2 * Theme::Step, Gap);
    column->setSpacing(Theme::Step);
    m_tableTitle->setContentsMargins(2 * Theme::Step, 0, 2 * Theme::Step, 0);
    column->addWidget(m_tableTitle);
    column->addWidget(m_table);
    return card;
}

void DashboardScreen::arrange()
{
    const int character = QFontMetrics(m_theme.theme().chrome).averageCharWidth();
    // Practice is not carried on to the month's end.
    m_forecast->card()->setVisible(!m_simulated);
    QList<FigureCard *> cards{m_spend,    m_forecast->card(), m_requests,
                              m_answered, m_firstToken,       m_saved};
    const auto most = static_cast<int>(cards.size());
    if (m_simulated)
        cards.removeOne(m_forecast->card());
    const auto all = static_cast<int>(cards.size());
    const int columns = width() < character * 100 ? 2 : width() < character * 23 * all ? 3 : all;
    for (int at = 0; at < all; ++at)
        m_cards->addWidget(cards.at(at), at / columns, at % columns); // moves one that is there
    for (int i = 0; i < most; ++i)
        m_cards->setColumnStretch(i, i < columns ? 1 : 0);
    const bool stacked = width() < character * 100;
    m_charts->addWidget(m_spendChart, 0, 0);
    m_charts->addWidget(m_firstTokenChart, stacked ? 1 : 0, stacked ? 0 : 1);
    m_charts->setColumnStretch(0, 1);
    m_charts->setColumnStretch(1, stacked ? 0 : 1);
}

void DashboardScreen::addReprice(const core::PriceBook &prices)
{
    auto *column = static_cast<QVBoxLayout *>(m_scroll->widget()->layout());
    m_reprice = new RepriceCard(m_store, prices, m_clock, m_theme, m_names, m_scroll->widget());
    column->insertWidget(column->count() - 1, m_reprice); // before the stretch
}

void DashboardScreen::setWorkspaces(const QList<core::Workspace> &workspaces)
{
    const auto dataOf = [](std::int64_t id) { return QVariant(static_cast<qlonglong>(id)); };
    m_workspaces->clear();
    m_workspaces->addItem(tr("All workspaces"), dataOf(0));
    for (const core::Workspace &each : workspaces)
        m_workspaces->addItem(shownName(each.name), dataOf(each.id));
    const int place = m_workspaces->findData(dataOf(m_workspace));
    const bool isChosen = workspaces.size() > 1 && place > 0;
    m_workspaces->setCurrentIndex(isChosen ? place : 0);
    m_workspaces->setVisible(workspaces.size() > 1);
    if (!isChosen && m_workspace != 0)
        chooseWorkspace(0); // it was deleted
}

void DashboardScreen::chooseWorkspace(std::int64_t id)
{
    m_workspace = id;
    m_forecast->setWorkspace(id);
    if (isVisible())
        refresh();
}

void DashboardScreen::setRange(core::SpendRange range)
{
    m_ranges->setCurrent(static_cast<int>(range));
    m_range = range;
    m_forecast->setSoFarShown(range == core::SpendRange::Month);
    refresh();
}

void DashboardScreen::setSimulated(bool simulated)
{
    m_simulatedChosen = true;
    applySimulated(simulated);
    refresh();
}

void DashboardScreen::applySimulated(bool simulated)
{
    m_simulated = simulated;
    m_simulatedSwitch->setChecked(simulated);
    m_simulatedSwitch->setLook(simulated ? ButtonLook::Soft : ButtonLook::Chip);
    if (simulated)
        m_banner->show(Tone::Warning, tr("Practice: simulated, not real money"));
    else
        m_banner->hide();
    arrange();
}

void DashboardScreen::refreshSoon()
{
    if (isVisible() && !m_refreshAlarm.isSet())
        m_refreshAlarm.set(RefreshInterval, [this] {
            if (m_realWatcher.isRunning() || m_quartersWatcher.isRunning())
                m_readAgain = true;
            else if (isVisible())
                refresh();
        });
}

void DashboardScreen::refresh()
{
    m_refreshAlarm.clear();
    m_readAgain = false;
    if (m_realExists || m_simulatedChosen)
        readQuarters();
    else
        m_realWatcher.setFuture(m_queries.total({}));
}

void DashboardScreen::takeReal()
{
    const auto future = m_realWatcher.future();
    if (future.resultCount() == 0)
        return; // the store closed
    if (const core::Result<core::SpendSums> real = future.result())
        m_realExists = real->attempts > 0;
    if (!m_simulatedChosen)
        applySimulated(!m_realExists);
    readQuarters();
}

void DashboardScreen::readQuarters()
{
    if (m_store.sessionId() != m_sessionId) { // a new one was begun
        m_sessionId = m_store.sessionId();
        m_sessionStart = m_store.sessionBegan();
    }
    const core::UtcTime now = m_clock.utcNow();
    m_asked = core::spanOf(m_range, now, m_clock.zone(), m_sessionId, m_sessionStart);
    m_asked.filter.simulated = m_simulated;
    m_asked.filter.workspaceId = m_workspace;
    m_quartersWatcher.setFuture(m_queries.quarters(m_asked.filter)); // lets go of an older one
    if (!m_simulated)
        m_forecast->refresh();
    const core::UtcTime tomorrow = core::spanAt(core::LimitPeriod::Day, now, m_clock.zone()).end;
    m_dayAlarm.set(std::min(LongestWait, tomorrow - now), [this] {
        if (isVisible())
            refresh();
    });
}

void DashboardScreen::takeQuarters()
{
    const auto future = m_quartersWatcher.future();
    if (future.resultCount() == 0)
        return;
    const core::Result<QList<core::SpendRow>> quarters = future.result();
    if (quarters) {
        DashboardFigures figures = figuresOf(m_asked, *quarters);
        addForecast(figures, m_clock.utcNow(), m_clock.zone());
        showFigures(figures);
    } else {
        showMessage(tr("The figures could not be read"), core::userText(quarters.error()));
    }
    if (m_readAgain)
        refresh();
    else
        Q_EMIT shown();
}

void DashboardScreen::showFigures(const DashboardFigures &figures)
{
    m_model->setRows(figures.models, m_simulated);
    if (figures.isEmpty()) {
        showMessage(m_simulated ? tr("No practice requests in this time")
                                : tr("No requests in this time"),
                    tr("Send a message: what it cost and how fast it was answered stands here "
                       "when it ends."));
        return;
    }
    m_pages->setCurrentWidget(m_scroll);
    m_tableTitle->setText(m_simulated ? tr("By model, simulated") : tr("By model"));
    showCards(figures);
    if (m_reprice)
        m_reprice->setFilter(figures.span.filter);
    m_spendChart->setFigures(figures, m_clock.zone());
    m_firstTokenChart->setFigures(figures, m_clock.zone());
}

void DashboardScreen::showCards(const DashboardFigures &figures)
{
    const core::SpendSums &sums = figures.total;
    showSpend(sums, figures.span.filter.simulated);
    m_requests->setFigure(tr("Requests"), countText(sums.requests),
                          sums.attempts == 1 ? tr("1 attempt")
                                             : tr("%1 attempts").arg(countText(sums.attempts)));
    const std::int64_t stopped = sums.requests - sums.answered - sums.failed;
    QString rest =
        sums.failed == 0
            ? tr("none failed")
            : tr("%1 of %2 failed").arg(countText(sums.failed), countText(sums.requests));
    if (stopped > 0)
        rest = tr("%1, %2 stopped").arg(rest, countText(stopped));
    m_answered->setFigure(tr("Answered"),
                          percentText(sums.answered, sums.requests).value_or(tr("unknown")),
                          sums.requests > 0 ? rest : tr("no request has ended"));
    m_firstToken->setFigure(
        tr("First token p95"), latencyText(sums.firstToken, 0.95),
        tr("p50 %1 · p99 %2")
            .arg(latencyText(sums.firstToken, 0.5), latencyText(sums.firstToken, 0.99)));
    const SavedTexts saved = savedTexts(sums);
    m_saved->setFigure(tr("Saved by caching"), saved.figure, saved.note);
}

void DashboardScreen::showSpend(const core::SpendSums &sums, bool simulated)
{
    const QStringList titles =
        simulated ? QStringList{tr("Simulated, this session"), tr("Simulated, today"),
                                tr("Simulated, 7 days"), tr("Simulated, this month")}
                  : QStringList{tr("Spend this session"), tr("Spend today"), tr("Spend in 7 days"),
                                tr("Spend this month")};
    QString note = tr("%1 per request").arg(costText(costPerRequest(sums), Decimals::Figures));
    if (!sums.cost.complete)
        note = tr("part of the cost is unknown");
    else if (sums.requests == 0)
        note = tr("no request has ended");
    m_spend->setFigure(titles.at(static_cast<int>(m_range)), costText(sums.cost, Decimals::Sidebar),
                       note);
}

void DashboardScreen::showMessage(const QString &title, const QString &text)
{
    m_messageTitle->setText(title);
    m_message->setText(text);
    m_pages->setCurrentIndex(0);
}

void DashboardScreen::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void DashboardScreen::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void DashboardScreen::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.theme().window);
}

} // namespace ui
