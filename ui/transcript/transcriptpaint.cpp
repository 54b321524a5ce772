// What is painted, and how little of it after a change.
#include "ui/transcript/transcriptview.h"

#include <QPainter>
#include <QPaintEvent>

#include <cmath>

namespace ui {

using namespace metrics;

namespace {

//! Strokes and accents may reach over the edge of their own block.
constexpr int Overhang = 4;

} // namespace

void TranscriptView::relayout()
{
    arrange();
    viewport()->update();
}

void TranscriptView::relayoutFrom(Place changed)
{
    const Place top{m_anchor.message, m_anchor.part};
    const int before = -m_anchor.pixels;
    const int bottomBefore = m_contentBottom;
    arrange();
    if (changed < top || changed.message >= messageCount())
        return viewport()->update();
    const MessageItem &grown = item(changed.message);
    const int changedFrom = grown.changedFrom(changed.part);
    const bool showsKept = changed != top || changedFrom > grown.partTop(changed.part);
    if (!showsKept)
        return viewport()->update();
    // What stood on screen above the change has moved as one, if it has moved.
    const int moved = partRect(top.message, top.part).top() - before;
    if (moved != 0) {
        const double scale = devicePixelRatioF();
        if (m_newBelow || scale != std::floor(scale)) // pixels cannot be moved by parts of one
            return viewport()->update();
        viewport()->scroll(0, moved, viewport()->rect());
    }
    // Below the text stands empty room, as much as a question on top keeps: it looks as it did.
    const int from = std::max(0, topOf(changed.message) + changedFrom - Overhang);
    const int to =
        std::min(viewport()->height(),
                 std::max({bottomBefore, bottomBefore + moved, m_contentBottom}) + Overhang);
    viewport()->update(QRect(0, from, viewport()->width(), to - from));
}

void TranscriptView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight); // all is placed from the left
    painter.setClipRect(event->rect()); // lines of long blocks that stand outside are left out
    painter.fillRect(event->rect(), m_style.window);
    if (m_items.empty())
        return;
    int top = topOf(m_anchor.message);
    for (int message = m_anchor.message; message < messageCount() && top < viewport()->height();
         ++message) {
        paintMessage(painter, message, top, event->rect());
        top += m_heights.height(message);
    }
}

void TranscriptView::paintMessage(QPainter &painter, int message, int top, const QRect &clip)
{
    const MessageItem &item = *m_items[std::size_t(message)];
    const QPoint origin(columnLeft(), top);
    const QRect bubble = item.bubble();
    if (!bubble.isNull()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_style.userBubble);
        painter.drawRoundedRect(bubble.translated(origin), BubbleRadius, BubbleRadius);
    }
    int part = item.partAt(std::max(0, clip.top() - top));
    int y = top + item.partTop(part);
    for (; part < item.partCount() && y < clip.bottom(); y += item.part(part).height, ++part) {
        const MessagePart &slice = item.part(part);
        if (y + slice.height < clip.top())
            continue;
        const QPoint at(origin.x(), y);
        const std::optional<HotSpot> hovered =
            m_hovered.message == message && m_hovered.part == part ? spotAt(m_hovered)
                                                                   : std::nullopt;
        const BlockLayout *layout = item.layout(part);
        if (slice.seam >= 0)
            item.paintSeam(painter, part, at);
        if (!layout) {
            item.paintChrome(painter, part, at, hovered ? &*hovered : nullptr);
        } else {
            BlockMarks marks;
            marks.gapAbove = slice.gap;
            const bool content = slice.kind == MessagePart::Kind::Content;
            if (content) {
                marks.selection = m_selection.within(message, slice.block, layout->textLength());
                marks.scroll = item.scroll(part);
                const auto [first, end] = matchesIn(message, slice.block);
                for (int i = first; i < end; ++i) {
                    marks.currentMatch =
                        i == m_match ? int(marks.matches.size()) : marks.currentMatch;
                    marks.matches.append({m_matches[i].start.offset, m_matches[i].length});
                }
                marks.caret = item.message().state == MessageState::Streaming &&
                              item.message().role == MessageRole::Assistant &&
                              slice.block + 1 == item.blocks().size();
            }
            marks.copyHovered = hovered && hovered->kind == HotSpot::Kind::CopyCode;
            layout->paint(painter, at + item.contentOrigin(part), marks);
        }
        if (hasFocus() && m_focused.message == message && m_focused.part == part) {
            painter.setPen(QPen(m_style.accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(spotRect(m_focused).adjusted(-1, 1, 1, -1), 6, 6);
        }
    }
}

} // namespace ui
