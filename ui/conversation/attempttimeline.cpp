#include "ui/conversation/attempttimeline.h"

#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace ui {

namespace {

constexpr int BarHeight = 9;
constexpr int RowHeight = 16;
constexpr double LeastWidth = 2;
constexpr double Gap = 1;
constexpr double Corner = 2;

} // namespace

AttemptTimeline::AttemptTimeline(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Timeline of the attempts"));
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void AttemptTimeline::setTimeline(const Timeline &timeline)
{
    if (timeline == m_timeline)
        return;
    const bool rows = timeline.attempts.size() != m_timeline.attempts.size();
    m_timeline = timeline;
    QStringList phases;
    for (const AttemptSpans &row : timeline.attempts) {
        for (const PhaseSpan &span : row.spans)
            phases += spanText(row, span);
    }
    setAccessibleDescription(phases.join(QStringLiteral("; ")));
    if (rows)
        updateGeometry();
    update();
}

QString AttemptTimeline::spanText(const AttemptSpans &row, const PhaseSpan &span) const
{
    return tr("Attempt %1, %2: %3")
        .arg(row.number)
        .arg(phaseName(span.phase), durationText(span.to - span.from));
}

QSize AttemptTimeline::sizeHint() const
{
    const int rows = static_cast<int>(m_timeline.attempts.size());
    return {200, rows * RowHeight + QFontMetrics(m_theme.theme().small).height()};
}

QRectF AttemptTimeline::barRect(int attempt, int span) const
{
    const PhaseSpan &place = m_timeline.attempts.at(attempt).spans.at(span);
    const auto total = static_cast<double>(std::max<qint64>(1, m_timeline.total.count()));
    const double scale = width() / total;
    const double left = std::min(static_cast<double>(place.from.count()) * scale,
                                 static_cast<double>(width()) - LeastWidth);
    const double right = static_cast<double>(place.to.count()) * scale;
    QRectF bar(left, attempt * RowHeight, std::max(LeastWidth, right - left - Gap), BarHeight);
    if (isRightToLeft())
        bar.moveRight(width() - left);
    return bar;
}

QColor AttemptTimeline::colorOf(const AttemptSpans &row, const PhaseSpan &span) const
{
    const Theme &theme = m_theme.theme();
    if (span.failed)
        return toneColors(theme, row.tone).text;
    switch (span.phase) {
    case AttemptPhase::Queued:
    case AttemptPhase::Waiting:
        return theme.hairline;
    case AttemptPhase::Connecting:
        return theme.series.at(5);
    case AttemptPhase::FirstToken:
        return theme.series.at(1);
    case AttemptPhase::Streaming:
        return row.tone == Tone::Warning ? theme.warning : theme.good;
    }
    Q_UNREACHABLE();
}

bool AttemptTimeline::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (int i = 0; i < m_timeline.attempts.size(); ++i) {
        const AttemptSpans &row = m_timeline.attempts.at(i);
        for (int j = 0; j < row.spans.size(); ++j) {
            if (barRect(i, j).adjusted(-1, -3, 1, 4).contains(help->pos())) {
                setToolTipPlain(this, spanText(row, row.spans.at(j)));
                return QWidget::event(event);
            }
        }
    }
    setToolTipPlain(this, {});
    QToolTip::hideText();
    return true;
}

void AttemptTimeline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = m_theme.theme();
    for (int i = 0; i < m_timeline.attempts.size(); ++i) {
        const AttemptSpans &row = m_timeline.attempts.at(i);
        for (int j = 0; j < row.spans.size(); ++j) {
            const PhaseSpan &span = row.spans.at(j);
            const QRectF bar = barRect(i, j);
            painter.setPen(Qt::NoPen);
            painter.setBrush(colorOf(row, span));
            painter.drawRoundedRect(bar, Corner, Corner);
        }
    }
    painter.setFont(theme.small);
    painter.setPen(theme.muted);
    const QRect axis(0, static_cast<int>(m_timeline.attempts.size()) * RowHeight, width(),
                     QFontMetrics(theme.small).height());
    const bool mirrored = isRightToLeft();
    const auto side = [mirrored](bool start) {
        return static_cast<int>(start == mirrored ? Qt::AlignRight : Qt::AlignLeft) |
               Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextForceLeftToRight;
    };
    painter.drawText(axis, side(true), tr("0 s"));
    painter.drawText(axis, side(false), durationText(m_timeline.total));
}

} // namespace ui
