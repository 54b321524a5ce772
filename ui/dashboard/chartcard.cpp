#include "ui/dashboard/chartcard.h"

#include "ui/dashboard/axisticks.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int Padding = 4 * Theme::Step;
constexpr int Dot = 2 * Theme::Step;
constexpr int Line = 5 * Theme::Step;
constexpr int EntryGap = 3 * Theme::Step;
constexpr int LabelGap = 4 * Theme::Step; //!< At most, between a label of the y axis and the plot.

int markWidth(const LegendEntry &entry)
{
    return (entry.line ? Line : Dot) + 6;
}

QString countOf(qsizetype entries)
{
    return QStringLiteral("+%1").arg(entries);
}

} // namespace

LegendRow::LegendRow(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LegendRow::setEntries(const QList<LegendEntry> &entries)
{
    m_entries = entries;
    QStringList texts;
    for (const LegendEntry &entry : entries)
        texts.append(entry.text);
    setAccessibleName(texts.join(QStringLiteral(", ")));
    nameTheRest();
    updateGeometry();
    update();
}

int LegendRow::widthOf(qsizetype entries) const
{
    const QFontMetrics metrics(m_theme.theme().small);
    int width = 0;
    for (const LegendEntry &entry : m_entries.first(entries))
        width += markWidth(entry) + metrics.horizontalAdvance(entry.text) + EntryGap;
    if (entries < m_entries.size())
        width += metrics.horizontalAdvance(countOf(m_entries.size() - entries)) + EntryGap;
    return std::max(0, width - EntryGap);
}

qsizetype LegendRow::roomFor() const
{
    qsizetype entries = m_entries.size();
    while (entries > 0 && widthOf(entries) > width())
        --entries;
    return entries;
}

void LegendRow::nameTheRest()
{
    setToolTipPlain(this, roomFor() < m_entries.size() ? accessibleName() : QString());
}

void LegendRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    nameTheRest();
}

QSize LegendRow::sizeHint() const
{
    return {widthOf(m_entries.size()), QFontMetrics(m_theme.theme().small).height()};
}

QSize LegendRow::minimumSizeHint() const
{
    return {widthOf(0), QFontMetrics(m_theme.theme().small).height()};
}

void LegendRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const QFontMetrics metrics(theme.small);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.small);
    const qsizetype drawn = roomFor();
    int x = std::max(0, width() - widthOf(drawn)); // ends where the card ends
    const auto place = [this](int left, int wide) {
        return QRect(isRightToLeft() ? width() - left - wide : left, 0, wide, height());
    };
    for (const LegendEntry &entry : m_entries.first(drawn)) {
        const int mark = markWidth(entry);
        const int textWidth = metrics.horizontalAdvance(entry.text);
        const QRect box = place(x, mark);
        const int side = entry.line ? Line : Dot;
        const double start = isRightToLeft() ? box.right() + 1 - side : box.left();
        const double middle = box.center().y() + 0.5;
        if (entry.line) {
            painter.setPen(QPen(entry.color, 2, *entry.line, Qt::FlatCap));
            painter.drawLine(QPointF(start, middle), QPointF(start + Line, middle));
        } else if (entry.hatched) {
            painter.setPen(QPen(entry.color, 1));
            painter.setBrush(QBrush(entry.color, Qt::BDiagPattern));
            painter.drawRect(QRectF(start + 0.5, middle - Dot / 2.0, Dot, Dot));
        } else {
            painter.setPen(Qt::NoPen);
            painter.setBrush(entry.color);
            painter.drawEllipse(QRectF(start, middle - Dot / 2.0, Dot, Dot));
        }
        painter.setPen(theme.muted);
        painter.drawText(place(x + mark, textWidth), Qt::AlignCenter | Qt::TextSingleLine,
                         entry.text);
        x += mark + textWidth + EntryGap;
    }
    if (drawn == m_entries.size())
        return;
    const QString rest = countOf(m_entries.size() - drawn);
    painter.setPen(theme.muted);
    painter.drawText(place(x, metrics.horizontalAdvance(rest)),
                     Qt::AlignCenter | Qt::TextSingleLine, rest);
}

ChartCard::ChartCard(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(new PlainLabel(theme, TextRole::Strong, {}, this))
    , m_legend(new LegendRow(theme, this))
    , m_remark(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_chart(new QChart)
    , m_view(new QChartView(m_chart, this)) // owns the chart
    , m_empty(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_pages(new QStackedLayout)
{
    m_chart->setBackgroundVisible(false);
    m_chart->legend()->hide();
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setAttribute(Qt::WA_TransparentForMouseEvents); // the wheel is the page's
    m_legend->setObjectName(QStringLiteral("chartLegend"));
    m_remark->setObjectName(QStringLiteral("chartRemark"));
    m_remark->setElide(Qt::ElideRight);
    m_remark->hide();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_pages->addWidget(m_view);
    m_pages->addWidget(m_empty);

    auto *head = new QHBoxLayout;
    head->setSpacing(EntryGap);
    head->addWidget(m_title);
    head->addWidget(m_legend, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Padding, Padding - 2, Padding, Padding / 2);
    column->setSpacing(2 * Theme::Step);
    column->addLayout(head);
    column->addWidget(m_remark);
    column->addLayout(m_pages, 1);
    const int line = QFontMetrics(theme.theme().chrome).height();
    setMinimumHeight(line * 13);
    setMaximumHeight(line * 20);
    connect(&theme, &ThemeSource::changed, this, [this] {
        dress();
        redraw();
        update();
    });
    dress();
}

QString ChartCard::title() const
{
    return m_title->text();
}

QString ChartCard::emptyText() const
{
    return m_pages->currentWidget() == m_empty ? m_empty->text() : QString();
}

void ChartCard::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void ChartCard::setLegend(const QList<LegendEntry> &entries)
{
    m_legend->setEntries(entries);
}

void ChartCard::setRemark(const QString &text)
{
    m_remark->setText(text);
    m_remark->setVisible(!text.isEmpty());
}

void ChartCard::showEmpty(const QString &text)
{
    m_empty->setText(text);
    m_pages->setCurrentWidget(m_empty);
}

void ChartCard::showChart()
{
    m_pages->setCurrentWidget(m_view);
}

void ChartCard::clearChart()
{
    m_chart->removeAllSeries();
    const QList<QAbstractAxis *> axes = m_chart->axes();
    for (QAbstractAxis *axis : axes) {
        m_chart->removeAxis(axis);
        delete axis;
    }
}

QAbstractAxis *ChartCard::axisOf(double start, double end, const QList<AxisLabel> &labels) const
{
    auto *axis = new QCategoryAxis;
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setStartValue(start);
    for (const AxisLabel &label : labels)
        axis->append(label.text, label.at);
    axis->setRange(start, end);
    axis->setLabelsFont(theme().small);
    axis->setLabelsColor(theme().muted);
    axis->setGridLinePen(QPen(theme().hairline, 1));
    axis->setLineVisible(false);
    axis->setTruncateLabels(false);
    return axis;
}

void ChartCard::setAxes(const DashboardFigures &figures, const QTimeZone &zone, double yEnd,
                        const QList<AxisLabel> &yLabels)
{
    const core::StepLength length = figures.span.stepLength;
    const int steps = static_cast<int>(figures.steps.size());
    const int interval = labelInterval(steps, labelRoom(), length);
    QList<AxisLabel> xLabels;
    for (int i = 0; i < steps; i += interval)
        xLabels.append({static_cast<double>(i), stepText(figures.steps.at(i).start, length, zone)});
    const double xStart = -0.6; // steps are drawn around their places
    const double xEnd = stepsWithRoom(steps, length) - 0.4;
    QAbstractAxis *x = axisOf(xStart, xEnd, xLabels);
    QAbstractAxis *y = axisOf(0, yEnd, yLabels);
    x->setGridLineVisible(false);
    m_chart->addAxis(x, Qt::AlignBottom);
    m_chart->addAxis(y, Qt::AlignLeft);
    const QList<QAbstractSeries *> all = m_chart->series();
    for (QAbstractSeries *series : all) {
        series->attachAxis(x);
        series->attachAxis(y);
    }
    x->setRange(xStart, xEnd); // attaching a series may widen it
    y->setRange(0, yEnd);

    const QFontMetrics metrics(theme().small);
    m_besidePlot = 0;
    for (const AxisLabel &label : yLabels)
        m_besidePlot = std::max(m_besidePlot, metrics.horizontalAdvance(label.text) + LabelGap);
    m_lastLabel = xLabels.isEmpty() ? 0 : metrics.horizontalAdvance(xLabels.constLast().text);
    m_behindLast = xLabels.isEmpty() ? 1 : (xEnd - xLabels.constLast().at) / (xEnd - xStart);
    fitLastLabel();
}

//! It stands across its value, near the right edge perhaps: what lacks there is kept free.
void ChartCard::fitLastLabel()
{
    const double plot = std::max(0, QWidget::width() - 2 * Padding - m_besidePlot);
    // What is kept free is taken from the plot, and so from what lies behind the label, too.
    const double before = std::max(1 - m_behindLast, 0.01);
    constexpr double Rounding = 1; // Qt Charts puts labels on whole pixels
    const double reach = m_lastLabel / 2.0 + Rounding;
    const int lacking = int(std::ceil((reach - m_behindLast * plot) / before));
    const QMargins margins(0, m_topRoom, std::max(0, lacking), 0);
    if (m_chart->margins() != margins)
        m_chart->setMargins(margins);
}

void ChartCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(painter, rect(), theme(), theme().card, theme().hairline, Theme::CardRadius, false);
}

void ChartCard::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_labelRoom != labelRoom()) {
        m_labelRoom = labelRoom();
        redraw();
    }
    fitLastLabel();
}

int ChartCard::labelRoom() const
{
    const int width = QFontMetrics(theme().small).horizontalAdvance(QStringLiteral("88 MMMM"));
    return std::max(2, (QWidget::width() - 2 * Padding - width) / (width + width / 2));
}

void ChartCard::dress()
{
    m_view->setBackgroundBrush(theme().card);
    m_topRoom = QFontMetrics(theme().small).height() / 2; // the topmost label stands half above
    fitLastLabel();
    m_legend->update();
}

} // namespace ui
