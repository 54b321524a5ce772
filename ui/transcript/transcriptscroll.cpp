// Where the reader stands: the anchor, following, the way to messages and to the end.
#include "ui/transcript/transcriptview.h"

#include <QScrollBar>

#include <algorithm>

namespace ui {

using namespace metrics;

int TranscriptView::offsetOf(const Anchor &anchor) const
{
    if (m_items.empty())
        return 0;
    const int message = std::clamp(anchor.message, 0, messageCount() - 1);
    return m_heights.top(message) + item(message).partTop(anchor.part) + anchor.pixels;
}

TranscriptView::Anchor TranscriptView::anchorAt(int offset)
{
    if (m_items.empty())
        return {};
    Anchor anchor;
    anchor.message = m_heights.rowAt(offset);
    MessageItem &item = *m_items[std::size_t(anchor.message)];
    item.parse();
    refreshHeight(anchor.message);
    const int inside = offset - m_heights.top(anchor.message);
    anchor.part = item.partAt(std::max(0, inside));
    anchor.pixels = inside - item.partTop(anchor.part);
    return anchor;
}

void TranscriptView::moveTo(int offset)
{
    m_anchor = anchorAt(std::clamp(offset, 0, scrollLimit()));
    relayout();
}

void TranscriptView::moveBy(int pixels)
{
    // What comes in at the top is measured first: its estimate must not make the text jump.
    m_anchor.pixels += pixels;
    while (m_anchor.pixels < 0 && (m_anchor.part > 0 || m_anchor.message > 0)) {
        if (m_anchor.part > 0) {
            --m_anchor.part;
        } else {
            MessageItem &above = *m_items[std::size_t(--m_anchor.message)];
            above.parse();
            m_anchor.part = above.partCount() - 1;
        }
        MessageItem &item = *m_items[std::size_t(m_anchor.message)];
        item.measure(m_anchor.part);
        refreshHeight(m_anchor.message);
        m_anchor.pixels += item.part(m_anchor.part).height;
    }
    const int offset = offsetOf(m_anchor);
    if (pixels > 0 || offset < 0)
        m_anchor = anchorAt(std::clamp(offset, 0, std::max(0, contentHeight() - 1)));
    layOutVisible();
    relayout();
}

//! The end is measured from below, so that it is the real one.
void TranscriptView::moveToEnd()
{
    if (m_items.empty()) {
        m_anchor = {};
        relayout();
        return;
    }
    int room = viewport()->height() - BottomRoom;
    for (int message = messageCount() - 1; message >= 0 && room > 0; --message) {
        MessageItem &item = *m_items[std::size_t(message)];
        item.parse();
        int left = room;
        for (int part = item.partCount() - 1; part >= 0 && left > 0; --part) {
            item.measure(part);
            left -= item.part(part).height;
        }
        refreshHeight(message);
        room -= m_heights.height(message);
    }
    m_anchor = anchorAt(endOffset());
    layOutVisible();
    relayout();
}

void TranscriptView::setFollowing(bool following)
{
    m_following = following;
}

void TranscriptView::followAnswer()
{
    setFollowing(true);
    moveToEnd();
    Q_EMIT scrollAnchorChanged();
}

//! An end that is only the room below a question has nothing to follow yet.
bool TranscriptView::isAtEnd() const
{
    const int end = endOffset();
    return end >= scrollLimit() && offsetOf(m_anchor) >= end;
}

void TranscriptView::readerScrolled(int pixels)
{
    m_questionAwaitsSize = false;
    if (pixels < 0)
        setFollowing(false);
    moveBy(pixels);
    if (pixels > 0 && isAtEnd())
        setFollowing(true);
    Q_EMIT scrollAnchorChanged();
}

void TranscriptView::scrollContentsBy(int, int)
{
    const int value = verticalScrollBar()->value();
    if (m_settingBar || value == m_barValue)
        return;
    const int step = value - m_barValue;
    m_barValue = value;
    if (std::abs(step) < 2 * viewport()->height()) {
        readerScrolled(step);
    } else {
        setFollowing(value >= verticalScrollBar()->maximum() && endOffset() >= scrollLimit());
        moveTo(value);
        Q_EMIT scrollAnchorChanged();
    }
}

void TranscriptView::showQuestion(const QString &id)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    flush();
    m_question = index;
    m_questionHidden = 0;
    m_questionAwaitsSize = !isVisible(); // the first question of an empty chat shows the view
    setFollowing(m_followAnswers);
    if (m_followAnswers) {
        moveToEnd();
        Q_EMIT scrollAnchorChanged();
        return;
    }
    MessageItem &item = *m_items[std::size_t(index)];
    item.parse();
    for (int part = 0; part < item.partCount(); ++part)
        item.measure(part);
    refreshHeight(index);
    // Of a long question its last three lines stay in sight; what stands below its bubble as well.
    const int kept = 3 * qRound(QFontMetricsF(m_style.body).height() * 1.25) + BubblePadding;
    const int end = item.bubble().bottom() + 1;
    const int hidden =
        m_heights.height(index) > viewport()->height() / 2 ? std::max(0, end - kept) : 0;
    m_questionHidden = hidden;
    m_anchor = {index, 0, 0};
    if (hidden > 0)
        m_anchor = anchorAt(m_heights.top(index) + hidden);
    relayout();
    Q_EMIT scrollAnchorChanged();
}

void TranscriptView::scrollToMessage(const QString &id)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    setFollowing(false);
    m_anchor = {index, 0, 0};
    relayout();
    Q_EMIT scrollAnchorChanged();
}

void TranscriptView::goToMessage(int step)
{
    if (m_items.empty())
        return;
    const bool inside = m_anchor.part > 0 || m_anchor.pixels > 0;
    const int target = m_anchor.message + step + (step < 0 && inside ? 1 : 0);
    if (target < 0 || target >= messageCount())
        return;
    scrollToMessage(item(target).message().id);
    Q_EMIT messageTouched(item(target).message().id);
}

QString TranscriptView::scrollAnchor() const
{
    if (m_items.empty())
        return {};
    return QStringLiteral("%1 %2 %3 %4")
        .arg(m_anchor.part)
        .arg(m_anchor.pixels)
        .arg(m_following ? 1 : 0)
        .arg(item(std::min(m_anchor.message, messageCount() - 1)).message().id);
}

bool TranscriptView::moveToAnchor(const QString &anchor)
{
    const QString id = anchor.section(u' ', 3);
    const int index = indexOf(id);
    if (index < 0)
        return false;
    m_anchor = {index, anchor.section(u' ', 0, 0).toInt(), anchor.section(u' ', 1, 1).toInt()};
    setFollowing(anchor.section(u' ', 2, 2) == u"1");
    relayout();
    return true;
}

} // namespace ui
