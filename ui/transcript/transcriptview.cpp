#include "ui/transcript/transcriptview.h"

#include <QPushButton>
#include <QScrollBar>

#include <algorithm>

namespace ui {

using namespace metrics;

namespace {

constexpr int FrameMilliseconds = 16;
constexpr int DragMilliseconds = 40;
constexpr int KeptLayouts = 400;

} // namespace

TranscriptView::TranscriptView(const Theme &theme, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_style(TranscriptStyle::of(theme))
    , m_button(new QPushButton(tr("New text below"), viewport()))
{
    installAccessible();
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
    m_dragTimer.setInterval(DragMilliseconds);
    connect(&m_dragTimer, &QTimer::timeout, this, &TranscriptView::dragSelection);
    m_seekTimer.setSingleShot(true);
    connect(&m_seekTimer, &QTimer::timeout, this, &TranscriptView::seek);
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
            "QPushButton { background: %1; color: %2; border: 1px solid %3; border-radius: 12px;"
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

void TranscriptView::setMargin(int pixels)
{
    m_margin = pixels;
    relayoutAll();
}

void TranscriptView::setFollowAnswers(bool follow)
{
    m_followAnswers = follow;
}

int TranscriptView::columnWidth() const
{
    const int room = std::max(120, width() - 2 * m_margin);
    return m_wide ? room : std::min(ColumnWidth, room);
}

int TranscriptView::columnLeft() const
{
    return (width() - columnWidth()) / 2; // a scroll bar moves nothing: the composer stands below
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

void TranscriptView::setMessages(const QList<TranscriptMessage> &messages, const QString &anchor)
{
    m_items.clear();
    m_indexes.clear();
    m_heights.clear();
    m_pending.clear();
    m_selection = {};
    m_focused = m_hovered = m_pressed = {};
    m_question = -1;
    setFollowing(false);
    for (const TranscriptMessage &message : messages) {
        if (message.state != MessageState::Streaming)
            m_announced.remove(message.id);
        add(message);
    }
    if (!moveToAnchor(anchor)) // first: what is not read is not laid out
        moveToEnd();
    seekAgain({0, 0, 0});
}

//! Below all others; it is not laid out yet.
void TranscriptView::add(const TranscriptMessage &message)
{
    m_indexes.insert(message.id, messageCount());
    m_items.push_back(std::make_unique<MessageItem>(message));
    m_items.back()->setGeometry(m_style, columnWidth());
    m_heights.append(m_items.back()->height());
}

void TranscriptView::appendMessage(const TranscriptMessage &message)
{
    add(message);
    relayout();
    seekAgain({messageCount() - 1, 0, 0});
}

void TranscriptView::removeFrom(const QString &id)
{
    replaceFrom(id, {});
}

void TranscriptView::replaceFrom(const QString &id, const QList<TranscriptMessage> &messages)
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
    for (const TranscriptMessage &message : messages)
        add(message);
    if (m_question >= index)
        m_question = -1;
    if (m_anchor.message >= index && messages.isEmpty())
        moveToEnd();
    else if (m_anchor.message >= index) // who read what is gone reads what stands there now
        m_anchor = {index, 0, 0};
    relayout();
    seekAgain({index, 0, 0});
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

void TranscriptView::setReasoningLabel(const QString &id, const QString &label)
{
    const int index = indexOf(id);
    if (index >= 0 && item(index).message().reasoningLabel != label)
        change(id, [&](MessageItem &item) { item.mutableMessage().reasoningLabel = label; });
}

//! For what stands below a message's text and is told many times while it streams.
template <typename Value>
void TranscriptView::replaceBelowText(const QString &id, Value TranscriptMessage::*member,
                                      const Value &value)
{
    const int index = indexOf(id);
    if (index < 0 || item(index).message().*member == value)
        return;
    flush();
    MessageItem &item = *m_items[std::size_t(index)];
    const int tail = item.tailPart();
    item.mutableMessage().*member = value;
    item.refreshChrome();
    refreshHeight(index);
    relayoutFrom({index, tail});
}

void TranscriptView::setHeader(const QString &id, const MessageHeader &header)
{
    const int index = indexOf(id);
    if (index >= 0 && item(index).message().header != header)
        change(id, [&](MessageItem &item) { item.mutableMessage().header = header; });
}
void TranscriptView::setFooter(const QString &id, const QList<FooterSegment> &footer)
{
    replaceBelowText(id, &TranscriptMessage::footer, footer);
}
void TranscriptView::setActions(const QString &id, const QList<MessageAction> &actions)
{
    replaceBelowText(id, &TranscriptMessage::actions, actions);
}
void TranscriptView::setState(const QString &id, MessageState state)
{
    const int index = indexOf(id);
    const bool ends = index >= 0 && state != MessageState::Streaming &&
                      item(index).message().state == MessageState::Streaming;
    change(id, [&](MessageItem &item) { item.mutableMessage().state = state; });
    if (ends)
        announce(index);
}
void TranscriptView::setError(const QString &id, const std::optional<ErrorCard> &error)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().error = error; });
}
void TranscriptView::setSeams(const QString &id, const QList<TextSeam> &seams)
{
    const int index = indexOf(id);
    if (index >= 0 && item(index).message().seams != seams)
        change(id, [&](MessageItem &item) { item.setSeams(seams); });
}
void TranscriptView::setVersion(const QString &id, VersionPosition version)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().version = version; });
}

void TranscriptView::setSeam(const QString &id, const QString &seam)
{
    change(id, [&](MessageItem &item) { item.mutableMessage().seam = seam; });
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
    Place changed{messageCount(), 0};
    for (auto it = pending.begin(); it != pending.end(); ++it) {
        const int index = indexOf(it.key());
        if (index < 0)
            continue;
        MessageItem &item = *m_items[std::size_t(index)];
        if (!it->reasoning.isEmpty())
            changed = std::min(changed, {index, item.appendReasoning(it->reasoning)});
        if (!it->text.isEmpty())
            changed = std::min(changed, {index, item.appendText(it->text)});
        refreshHeight(index);
    }
    if (changed.message < messageCount()) {
        const MessageItem &grown = item(changed.message);
        const bool isText = changed.part < grown.partCount() &&
                            grown.part(changed.part).kind == MessagePart::Kind::Content;
        seekAgain({changed.message, isText ? grown.part(changed.part).block : 0, 0});
    }
    relayoutFrom(changed);
    for (auto it = pending.begin(); it != pending.end(); ++it) {
        const int index = indexOf(it.key());
        if (index >= 0 && item(index).message().state == MessageState::Streaming)
            announce(index);
    }
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

int TranscriptView::endOffset() const
{
    return std::max(0, contentHeight() - viewport()->height());
}

int TranscriptView::scrollLimit() const
{
    return m_question < 0 ? endOffset()
                          : std::max(endOffset(), m_heights.top(m_question) + m_questionHidden);
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

void TranscriptView::arrange()
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
        m_anchor = anchorAt(endOffset());
    }
    layOutVisible();
    // The end must stay at the bottom's edge or below it, unless a question keeps room.
    const int over = offsetOf(m_anchor) - scrollLimit();
    if (over > 0) {
        m_anchor = anchorAt(scrollLimit());
        layOutVisible();
    }
    const int offset = offsetOf(m_anchor);
    m_contentBottom = contentHeight() - BottomRoom - offset;
    const int below = m_contentBottom - viewport()->height();
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

void TranscriptView::resizeEvent(QResizeEvent *event)
{
    if (event->oldSize().width() != event->size().width())
        relayoutAll();
    else
        relayout();
    if (std::exchange(m_questionAwaitsSize, false) && m_question >= 0)
        showQuestion(item(m_question).message().id);
    // More room than before: no gap opens under the last message, unless a question stands on top.
    if (m_question < 0 && offsetOf(m_anchor) > scrollLimit())
        moveToEnd();
}

int TranscriptView::messageAt(int y) const
{
    const int offset = offsetOf(m_anchor) + y;
    return m_items.empty() || offset < 0 || offset >= m_heights.top(m_heights.count())
               ? -1
               : m_heights.rowAt(offset);
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

} // namespace ui
