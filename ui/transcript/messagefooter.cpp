#include "ui/transcript/messagefooter.h"

#include "ui/widgets/painting.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace ui {

namespace {

constexpr int SegmentGap = 6;
constexpr int ActionGap = 12;
constexpr int PillPadding = 8;

bool isPill(FooterTone tone)
{
    return tone == FooterTone::Good || tone == FooterTone::Warning || tone == FooterTone::Error;
}

QFont fontOf(FooterTone tone, const TranscriptStyle &style)
{
    QFont font = style.chrome;
    if (tone == FooterTone::Strong)
        font.setWeight(QFont::DemiBold);
    return font;
}

int widthOf(const FooterSegment &segment, const TranscriptStyle &style)
{
    return QFontMetrics(fontOf(segment.tone, style)).horizontalAdvance(segment.text) +
           (isPill(segment.tone) ? 2 * PillPadding : 0);
}

QString positionText(VersionPosition version)
{
    return MessageFooter::tr("%1/%2").arg(version.index).arg(version.count);
}

} // namespace

MessageFooter::MessageFooter(const TranscriptMessage &message, const TranscriptStyle &style,
                             int width)
    : m_version(message.version)
    , m_rowHeight(QFontMetrics(style.chrome).height() + 8)
    , m_dotWidth(QFontMetrics(style.chrome).horizontalAdvance(u'\u00B7'))
    , m_height(m_rowHeight)
{
    const QFontMetrics font(style.chrome);
    int kept = 0;
    int widestPill = 0;
    for (const FooterSegment &segment : message.footer) {
        const int wide = widthOf(segment, style);
        m_figures.append({segment, QRect(0, 0, wide, m_rowHeight)});
        if (segment.drop != DropOrder::Kept)
            continue;
        kept += wide + 3 * SegmentGap;
        if (isPill(segment.tone))
            widestPill = std::max(widestPill, wide);
    }
    int actions = 0;
    for (const MessageAction &action : message.actions)
        actions += font.horizontalAdvance(action.text) + ActionGap;
    m_isStacked = 2 * widestPill > width && actions + kept > width;
    addActions(message, font, width, actions + (m_isStacked ? 0 : kept) > width);
    if (m_isStacked) {
        stand(style, width);
        return;
    }
    int room = width;
    for (const HotSpot &spot : std::as_const(m_actions))
        room -= spot.rect.width();
    standBeside(room);
}

//! One beside the other, in the row of the actions.
void MessageFooter::standBeside(int room)
{
    const auto needed = [this] {
        int sum = 0;
        for (const Figure &figure : std::as_const(m_figures))
            sum += figure.rect.width() + 3 * SegmentGap;
        return sum;
    };
    for (const DropOrder drop : {DropOrder::TokenRate, DropOrder::FirstToken, DropOrder::Tokens}) {
        if (needed() > room)
            m_figures.removeIf(
                [drop](const Figure &figure) { return figure.segment.drop == drop; });
    }
    int x = 0;
    for (qsizetype i = 0; i < m_figures.size(); ++i) {
        QRect &rect = m_figures[i].rect;
        const bool pill = isPill(m_figures.at(i).segment.tone);
        const int wide = rect.width();
        if (i > 0)
            x += pill ? SegmentGap + 2 : 2 * SegmentGap + 1;
        rect = pill ? QRect(x, 1, wide, m_rowHeight - 2) : QRect(x, 0, wide + 2, m_rowHeight);
        x += wide;
    }
}

//! One above the other, and all above the actions.
void MessageFooter::stand(const TranscriptStyle &style, int width)
{
    m_figures.removeIf([](const Figure &figure) { return figure.segment.drop != DropOrder::Kept; });
    int y = 0;
    for (Figure &figure : m_figures) {
        const int rows = wrappedHeight(figure.segment.text, fontOf(figure.segment.tone, style),
                                       width - 2 * PillPadding) +
                         8;
        figure.rect = QRect(0, y + 1, std::min(figure.rect.width(), width), rows - 2);
        y += rows;
    }
    for (HotSpot &spot : m_actions)
        spot.rect.translate(0, y);
    m_height += y;
}

void MessageFooter::addActions(const TranscriptMessage &message, const QFontMetrics &font,
                               int width, bool isFolded)
{
    const auto add = [&](HotSpot::Kind kind, const QString &id, const QString &text, int value) {
        m_actions.append({kind, id, text, value,
                          QRect(0, 0, font.horizontalAdvance(text) + ActionGap, m_rowHeight)});
    };
    if (m_version.count > 1) {
        add(HotSpot::Kind::Version, {}, QStringLiteral("\u2039"), -1);
        QRect &back = m_actions.back().rect;
        back.setWidth(back.width() + font.horizontalAdvance(positionText(m_version)));
        add(HotSpot::Kind::Version, {}, QStringLiteral("\u203A"), 1);
    }
    // What does not fit beside the cost folds into the menu.
    if (isFolded) {
        add(HotSpot::Kind::More, {}, QStringLiteral("\u22EF"), 0);
    } else {
        for (const MessageAction &action : message.actions)
            add(HotSpot::Kind::Action, action.id, action.text, 0);
    }
    int x = width + ActionGap / 2;
    for (const HotSpot &spot : std::as_const(m_actions))
        x -= spot.rect.width();
    for (HotSpot &spot : m_actions) {
        spot.rect.moveLeft(x);
        x += spot.rect.width();
    }
}

QList<HotSpot> MessageFooter::spots(int top) const
{
    QList<HotSpot> spots;
    for (const Figure &figure : m_figures) {
        if (!figure.segment.action.isEmpty())
            spots.append({HotSpot::Kind::Action, figure.segment.action, figure.segment.text, 0,
                          figure.rect.translated(0, top)});
    }
    for (HotSpot spot : m_actions) {
        spot.rect.translate(0, top);
        spots.append(spot);
    }
    return spots;
}

void MessageFooter::paint(QPainter &painter, const TranscriptStyle &style, QPoint at,
                          const HotSpot *hovered) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < m_figures.size(); ++i) {
        const Figure &figure = m_figures.at(i);
        const QRect rect = figure.rect.translated(at);
        if (i > 0 && !m_isStacked && !isPill(figure.segment.tone)) {
            painter.setFont(style.chrome);
            painter.setPen(style.faint);
            painter.drawText(QRect(rect.left() - SegmentGap - 1 - m_dotWidth / 2, rect.top(),
                                   m_dotWidth + 2, rect.height()),
                             Qt::AlignVCenter, QStringLiteral("\u00B7"));
        }
        const QString &action = figure.segment.action;
        paintFigure(painter, style, figure, rect,
                    hovered && !action.isEmpty() && hovered->id == action);
    }
    painter.setFont(style.chrome);
    for (const HotSpot &spot : m_actions) {
        const bool hot = hovered && hovered->kind == spot.kind && hovered->id == spot.id &&
                         hovered->value == spot.value;
        painter.setPen(hot ? style.text : style.mutedText);
        QString text = spot.text;
        if (spot.kind == HotSpot::Kind::Version && spot.value < 0)
            text += QLatin1Char(' ') + positionText(m_version);
        painter.drawText(spot.rect.translated(at), Qt::AlignCenter | Qt::TextSingleLine, text);
    }
    painter.restore();
}

void MessageFooter::paintFigure(QPainter &painter, const TranscriptStyle &style,
                                const Figure &figure, const QRect &rect, bool isHovered) const
{
    const FooterSegment &segment = figure.segment;
    painter.setFont(fontOf(segment.tone, style));
    if (!isPill(segment.tone)) {
        painter.setPen(segment.tone == FooterTone::Strong ? style.text : style.mutedText);
        painter.drawText(rect, Qt::AlignVCenter | Qt::TextSingleLine, segment.text);
        return;
    }
    const bool good = segment.tone == FooterTone::Good;
    const bool warning = segment.tone == FooterTone::Warning;
    const QColor text = good ? style.good : warning ? style.warning : style.error;
    const QColor soft = good ? style.goodSoft : warning ? style.warningSoft : style.errorSoft;
    painter.setPen(isHovered ? QPen(text, 1) : QPen(Qt::NoPen));
    painter.setBrush(soft);
    const double radius = std::min(rect.height(), m_rowHeight - 2) / 2.0;
    painter.drawRoundedRect(rect, radius, radius);
    painter.setPen(text);
    if (m_isStacked)
        paintWrapped(painter, rect.adjusted(PillPadding, 3, -PillPadding, -3), segment.text);
    else
        painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, segment.text);
}

} // namespace ui
