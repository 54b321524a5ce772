#include "ui/transcript/transcriptview.h"

#include <QPainter>
#include <QPaintEvent>
#include <QPushButton>
#include <QScrollBar>

#include <algorithm>

namespace ui {

using namespace metrics;

namespace {

constexpr int FrameMilliseconds = 16;
constexpr int KeptLayouts = 400;
constexpr int BottomRoom = 24;

} // namespace

TranscriptView::TranscriptView(const Theme &theme, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_style(TranscriptStyle::of(theme))
    , m_button(new QPushButton(tr("New text below"), viewport()))
{
    setObjectName(QStringLiteral("transcript"));
    setAccessibleName(tr("Messages"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_button->setObjectName(QStringLiteral("newTextBelow"));
    m_button->setCursor(Qt::ArrowCursor);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &TranscriptView::followAnswer);
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_flushTimer, &QTimer::timeout, this, &TranscriptView::flush);
    m_sinceFlush.start();
    setTheme(theme);
}

TranscriptView::~TranscriptView() = default;

void TranscriptView::setTheme(const Theme &theme)
{
    m_style = TranscriptStyle::of(theme);
    m_button->setFont(m_style.chrome);
    m_button->setStyleSheet(
        QStringLiteral(
            "QPushButton { background: %1; color: %2; border: 1px solid %3; border-radius: 14px;"
            " padding: 5px 14px; } QPushButton:focus { border: 2px solid %4; }")
            .arg(m_style.card.name(), m_style.text.name(), m_style.controlBorder.name(),
                 m_style.accent.name()));
    relayoutAll();
}

void TranscriptView::setWide(bool wide)
{
    m_wide = wide;
    relayoutAll();
}

void TranscriptView::setFollowAnswers(bool follow)
{
    m_followAnswers = follow;
}

int TranscriptView::columnWidth() const
{
    const int room = std::max(120, viewport()->width() - 2 * Margin);
    return m_wide ? room : std::min(ColumnWidth, room);
}

int TranscriptView::columnLeft() const
{
    return (viewport()->width() - columnWidth()) / 2;
}

int TranscriptView::indexOf(const QString &id) const
{
    return m_indexes.value(id, -1);
}

std::optional<TranscriptMessage> TranscriptView::message(const QString &id) const
{
    const int index = indexOf(id);
    if (index < 0)
        return std::nullopt;
    return item(index).message();
}

void TranscriptView::setMessages(const QList<TranscriptMessage> &messages)
{
    m_items.clear();
    m_indexes.clear();
    m_heights.clear();
    m_pending.clear();
    m_selection = {};
    m_focused = m_hovered = m_pressed = {};
    m_matches.clear();
    m_match = -1;
    m_question = -1;
    setFollowing(false);
    for (const TranscriptMessage &message : messages) {
        m_indexes.insert(message.id, messageCount());
        m_items.push_back(std::make_unique<MessageItem>(message));
        m_items.back()->setGeometry(m_style, columnWidth());
        m_heights.append(m_items.back()->height());
    }
    moveToEnd();
}

void TranscriptView::appendMessage(const TranscriptMessage &message)
{
    m_indexes.insert(message.id, messageCount());
    m_items.push_back(std::make_unique<MessageItem>(message));
    m_items.back()->setGeometry(m_style, columnWidth());
    m_heights.append(m_items.back()->height());
    relayout();
}

void TranscriptView::removeFrom(const QString &id)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    for (int i = index; i < messageCount(); ++i) {
        m_indexes.remove(item(i).message().id);
        m_pending.remove(item(i).message().id);
    }
    m_items.resize(std::size_t(index));
    m_heights.truncate(index);
    m_selection = {};
    m_focused = m_hovered = m_pressed = {};
    m_matches.clear();
    m_match = -1;
    if (m_question >= index)
        m_question = -1;
    if (m_anchor.message >= index)
        moveToEnd();
    relayout();
}

template <typename Change>
void TranscriptView::change(const QString &id, Change apply)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    flush();
    apply(*m_items[std::size_t(index)]);
    m_items[std::size_t(index)]->refreshChrome();
    refreshHeight(index);
    relayout();
}

void TranscriptView::updateMessage(const TranscriptMessage &message)
{
    change(message.id, [&](MessageItem &item) { item.replace(message); });
}
void TranscriptView::setReasoningLabel(const QString &id, const QString &label)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().reasoningLabel = label; });
}
void TranscriptView::setHeader(const QString &id, const MessageHeader &header)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().header = header; });
}
void TranscriptView::setFooter(const QString &id, const QList<FooterSegment> &footer)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().footer = footer; });
}
void TranscriptView::setActions(const QString &id, const QList<MessageAction> &actions)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().actions = actions; });
}
void TranscriptView::setState(const QString &id, MessageState state)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().state = state; });
}
void TranscriptView::setError(const QString &id, const std::optional<ErrorCard> &error)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().error = error; });
}
void TranscriptView::setVersion(const QString &id, VersionPosition version)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().version = version; });
}

void TranscriptView::appendText(const QString &id, const QString &delta)
{
    m_pending[id].text += delta;
    scheduleFlush();
}

void TranscriptView::appendReasoning(const QString &id, const QString &delta)
{
    m_pending[id].reasoning += delta;
    scheduleFlush();
}

void TranscriptView::scheduleFlush()
{
    if (!m_flushTimer.isActive())
        m_flushTimer.start(int(
            std::clamp<qint64>(FrameMilliseconds - m_sinceFlush.elapsed(), 0, FrameMilliseconds)));
}

void TranscriptView::flush()
{
    m_flushTimer.stop();
    if (m_pending.isEmpty())
        return;
    m_sinceFlush.restart();
    const QHash<QString, Pending> pending = std::exchange(m_pending, {});
    for (auto it = pending.begin(); it != pending.end(); ++it) {
        const int index = indexOf(it.key());
        if (index < 0)
            continue;
        MessageItem &item = *m_items[std::size_t(index)];
        if (!it->reasoning.isEmpty())
            item.appendReasoning(it->reasoning);
        if (!it->text.isEmpty())
            item.appendText(it->text);
        refreshHeight(index);
    }
    relayout();
}

void TranscriptView::refreshHeight(int message)
{
    m_heights.set(message, item(message).height());
}

void TranscriptView::relayoutAll()
{
    for (int i = 0; i < messageCount(); ++i) {
        m_items[std::size_t(i)]->setGeometry(m_style, columnWidth());
        refreshHeight(i);
    }
    relayout();
}

int TranscriptView::contentHeight() const
{
    return m_heights.top(m_heights.count()) + BottomRoom;
}

int TranscriptView::scrollLimit() const
{
    const int limit = std::max(0, contentHeight() - viewport()->height());
    return m_question < 0 ? limit : std::max(limit, m_heights.top(m_question));
}

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
    m_anchor = anchorAt(std::max(0, contentHeight() - viewport()->height()));
    layOutVisible();
    relayout();
}

void TranscriptView::layOutVisible()
{
    if (m_items.empty())
        return;
    m_anchor.message = std::clamp(m_anchor.message, 0, messageCount() - 1);
    int y = -m_anchor.pixels;
    for (int message = m_anchor.message; message < messageCount() && y < viewport()->height();
         ++message) {
        MessageItem &item = *m_items[std::size_t(message)];
        item.parse();
        int part = 0;
        if (message == m_anchor.message) {
            m_anchor.part = std::clamp(m_anchor.part, 0, std::max(0, item.partCount() - 1));
            part = m_anchor.part;
        }
        for (; part < item.partCount() && y < viewport()->height(); ++part) {
            item.measure(part);
            y += item.part(part).height;
        }
        refreshHeight(message);
    }
}

void TranscriptView::relayout()
{
    if (m_following && m_anchor.message >= 0 && !m_items.empty()) {
        MessageItem &last = *m_items.back();
        last.parse();
        int room = viewport()->height();
        for (int part = last.partCount() - 1; part >= 0 && room > 0; --part) {
            last.measure(part);
            room -= last.part(part).height;
        }
        refreshHeight(messageCount() - 1);
        m_anchor = anchorAt(std::max(0, contentHeight() - viewport()->height()));
    }
    layOutVisible();
    // The end must stay at the bottom's edge or below it, unless a question keeps room.
    const int over = offsetOf(m_anchor) - scrollLimit();
    if (over > 0) {
        m_anchor = anchorAt(scrollLimit());
        layOutVisible();
    }
    const int offset = offsetOf(m_anchor);
    const int below = contentHeight() - BottomRoom - offset - viewport()->height();
    const bool streaming =
        !m_items.empty() && m_items.back()->message().state == MessageState::Streaming;
    m_newBelow = !m_following && below > 0 && (streaming || (m_newBelow && below > 0));
    m_button->setVisible(m_newBelow);
    if (m_newBelow) {
        m_button->adjustSize();
        m_button->move((viewport()->width() - m_button->width()) / 2,
                       viewport()->height() - m_button->height() - 12);
    }
    m_settingBar = true;
    verticalScrollBar()->setRange(0, scrollLimit());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(std::max(1, m_style.body.pixelSize() * 3 / 2));
    verticalScrollBar()->setValue(offset);
    m_barValue = verticalScrollBar()->value();
    m_settingBar = false;
    trimLayouts();
    viewport()->update();
}

void TranscriptView::trimLayouts()
{
    int count = 0;
    for (const auto &item : m_items)
        count += item->layoutCount();
    if (count <= KeptLayouts)
        return;
    const int first = m_anchor.message;
    const int last = m_heights.rowAt(offsetOf(m_anchor) + viewport()->height());
    for (int i = 0; i < messageCount(); ++i) {
        if (i < first - 2 || i > last + 2)
            m_items[std::size_t(i)]->dropLayouts();
    }
}

void TranscriptView::setFollowing(bool following)
{
    if (m_following == following)
        return;
    m_following = following;
    Q_EMIT
    followingChanged(following);
}

void TranscriptView::followAnswer()
{
    setFollowing(true);
    moveToEnd();
}

void TranscriptView::readerScrolled(int pixels)
{
    if (pixels < 0)
        setFollowing(false);
    moveBy(pixels);
    const bool atEnd = offsetOf(m_anchor) >= std::max(0, contentHeight() - viewport()->height());
    if (pixels > 0 && atEnd && m_question < 0)
        setFollowing(true);
    Q_EMIT
    scrollAnchorChanged();
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
        setFollowing(value >= verticalScrollBar()->maximum());
        moveTo(value);
        Q_EMIT
        scrollAnchorChanged();
    }
}

void TranscriptView::showQuestion(const QString &id)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    flush();
    m_question = index;
    setFollowing(m_followAnswers);
    if (m_followAnswers) {
        moveToEnd();
        return;
    }
    MessageItem &item = *m_items[std::size_t(index)];
    item.parse();
    for (int part = 0; part < item.partCount(); ++part)
        item.measure(part);
    refreshHeight(index);
    // Of a long question its last three lines stay in sight.
    const int kept = 3 * qRound(QFontMetricsF(m_style.body).height() * 1.25) + 2 * BubblePadding;
    const int hidden =
        m_heights.height(index) > viewport()->height() / 2 ? m_heights.height(index) - kept : 0;
    m_anchor = {index, 0, 0};
    if (hidden > 0)
        m_anchor = anchorAt(m_heights.top(index) + hidden);
    relayout();
}

void TranscriptView::scrollToMessage(const QString &id)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    setFollowing(false);
    m_anchor = {index, 0, 0};
    relayout();
    Q_EMIT
    scrollAnchorChanged();
}

void TranscriptView::goToMessage(int step)
{
    if (m_items.empty())
        return;
    const bool inside = m_anchor.part > 0 || m_anchor.pixels > 0;
    const int target = m_anchor.message + step + (step < 0 && inside ? 1 : 0);
    if (target >= 0 && target < messageCount())
        scrollToMessage(item(target).message().id);
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

void TranscriptView::restoreScrollAnchor(const QString &anchor)
{
    const QString id = anchor.section(u' ', 3);
    const int index = indexOf(id);
    if (index < 0)
        return;
    m_anchor = {index, anchor.section(u' ', 0, 0).toInt(), anchor.section(u' ', 1, 1).toInt()};
    setFollowing(anchor.section(u' ', 2, 2) == u"1");
    relayout();
}

void TranscriptView::resizeEvent(QResizeEvent *event)
{
    if (event->oldSize().width() != event->size().width())
        relayoutAll();
    else
        relayout();
}

int TranscriptView::topOf(int message) const
{
    return m_heights.top(message) - offsetOf(m_anchor);
}

QRect TranscriptView::partRect(int message, int part) const
{
    const MessageItem &each = item(message);
    const int height = part < each.partCount() ? each.part(part).height : 0;
    return {columnLeft(), topOf(message) + each.partTop(part), columnWidth(), height};
}

void TranscriptView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
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
        if (!layout) {
            item.paintChrome(painter, part, at, hovered ? &*hovered : nullptr);
        } else {
            BlockMarks marks;
            const bool content = slice.kind == MessagePart::Kind::Content;
            if (content) {
                marks.selection = m_selection.within(message, slice.block, layout->textLength());
                marks.scroll = item.scroll(slice.block);
                for (int i = 0; i < m_matches.size(); ++i) {
                    if (m_matches[i].start.message != message ||
                        m_matches[i].start.block != slice.block)
                        continue;
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
