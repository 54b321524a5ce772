// What the reader's hands do: wheel, mouse, keys, focus within the transcript.
#include "ui/transcript/transcriptview.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QWheelEvent>

namespace ui {

void TranscriptView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore(); // text size belongs to the window
        return;
    }
    const bool pixels = !event->pixelDelta().isNull();
    QPoint delta = pixels ? event->pixelDelta()
                          : event->angleDelta() * QApplication::wheelScrollLines() *
                                verticalScrollBar()->singleStep() / 120;
    if (event->modifiers().testFlag(Qt::ShiftModifier))
        delta = QPoint(delta.y(), 0);
    if (std::abs(delta.x()) > std::abs(delta.y())) {
        const Hit hit = hitTest(event->position().toPoint());
        if (hit.message >= 0 &&
            m_items[std::size_t(hit.message)]->scrollSideways(hit.part, -delta.x()))
            viewport()->update();
    } else if (delta.y() != 0) {
        readerScrolled(-delta.y());
    }
    event->accept();
}

TranscriptView::Hit TranscriptView::hitTest(const QPoint &point) const
{
    Hit hit;
    if (m_items.empty())
        return hit;
    const int offset = offsetOf(m_anchor) + point.y();
    hit.message = m_heights.rowAt(std::max(0, offset));
    const MessageItem &item = *m_items[std::size_t(hit.message)];
    if (!item.isParsed() || item.partCount() == 0)
        return hit;
    hit.part = item.partAt(std::max(0, offset - m_heights.top(hit.message)));
    const MessagePart &part = item.part(hit.part);
    const QPoint local = point - partRect(hit.message, hit.part).topLeft();
    for (const HotSpot &spot : item.spots(hit.part)) {
        if (spot.kind != HotSpot::Kind::Link && spot.rect.contains(local))
            hit.spot = spot;
    }
    hit.position.message = hit.message;
    const BlockLayout *layout = item.layout(hit.part);
    if (layout && part.kind == MessagePart::Kind::Content) {
        hit.position.block = part.block;
        hit.position.offset = layout->offsetAt(local - item.contentOrigin(hit.part),
                                               item.scroll(hit.part), &hit.onText);
        for (int i = 0; hit.onText && i < layout->links().size(); ++i) {
            const BlockLink &link = layout->links()[i];
            if (hit.position.offset >= link.start && hit.position.offset < link.start + link.length)
                hit.spot = HotSpot{HotSpot::Kind::Link, link.url, link.text, i, {}};
        }
    } else if (hit.part > 0 && part.kind != MessagePart::Kind::Header &&
               part.kind != MessagePart::Kind::Space && !item.blocks().isEmpty()) {
        hit.position.block = int(item.blocks().size()) - 1;
        hit.position.offset = int(item.blocks().back().body.text.size());
    }
    return hit;
}

std::optional<HotSpot> TranscriptView::spotAt(const SpotPlace &place) const
{
    if (place.message < 0 || place.message >= messageCount() ||
        place.part >= item(place.message).partCount())
        return std::nullopt;
    const QList<HotSpot> spots = item(place.message).spots(place.part);
    if (place.index < 0 || place.index >= spots.size())
        return std::nullopt;
    return spots[place.index];
}

QRect TranscriptView::spotRect(const SpotPlace &place) const
{
    const std::optional<HotSpot> spot = spotAt(place);
    return spot ? spot->rect.translated(partRect(place.message, place.part).topLeft()) : QRect();
}

void TranscriptView::activate(const SpotPlace &place)
{
    const std::optional<HotSpot> spot = spotAt(place);
    if (!spot)
        return;
    const QString id = item(place.message).message().id;
    switch (spot->kind) {
    case HotSpot::Kind::Action:
        Q_EMIT actionTriggered(id, spot->id);
        break;
    case HotSpot::Kind::Version:
        Q_EMIT versionRequested(id, spot->value);
        break;
    case HotSpot::Kind::Link:
        Q_EMIT linkActivated(spot->text, spot->id);
        break;
    case HotSpot::Kind::CopyCode:
        Q_EMIT copyCodeRequested(item(place.message).codeOf(place.part));
        break;
    case HotSpot::Kind::More: {
        // Opened without a loop of its own: the answer goes on under it.
        QMenu *menu = new QMenu(this);
        menu->setObjectName(QStringLiteral("messageActions"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addActions(*menu, item(place.message).message());
        menu->popup(viewport()->mapToGlobal(spotRect(place).bottomLeft()));
        menu->setActiveAction(menu->actions().value(0));
        break;
    }
    case HotSpot::Kind::WrapCode:
    case HotSpot::Kind::Reasoning:
    case HotSpot::Kind::ErrorDetail:
        m_items[std::size_t(place.message)]->toggle(*spot, place.part);
        refreshHeight(place.message);
        relayout();
        break;
    }
}

void TranscriptView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const Hit hit = hitTest(event->pos());
    m_pressed = {};
    if (hit.spot) {
        const QList<HotSpot> spots = item(hit.message).spots(hit.part);
        for (int i = 0; i < spots.size(); ++i) {
            if (spots[i].kind == hit.spot->kind && spots[i].id == hit.spot->id &&
                spots[i].value == hit.spot->value)
                m_pressed = {hit.message, hit.part, i};
        }
    }
    if (m_lastDoubleClick.isValid() &&
        m_lastDoubleClick.elapsed() < QApplication::doubleClickInterval()) {
        selectBlock(hit.position);
        m_lastDoubleClick.invalidate();
        return;
    }
    if (hit.position.message < 0)
        return;
    Q_EMIT messageTouched(item(hit.position.message).message().id);
    m_selecting = true;
    m_focused = {};
    m_selection.cursor = hit.position;
    if (!event->modifiers().testFlag(Qt::ShiftModifier) || m_selection.anchor.message < 0)
        m_selection.anchor = hit.position;
    viewport()->update();
}

//! Also while the mouse rests beyond an edge: the text goes on under it.
void TranscriptView::dragSelection()
{
    const int y = m_draggedTo.y();
    const int beyond = y < 0 ? y : std::max(0, y - viewport()->height() + 1);
    if (beyond == 0 || m_selection.anchor.message < 0) // the messages may be others by now
        m_dragTimer.stop();
    else if (!m_dragTimer.isActive())
        m_dragTimer.start();
    if (m_selection.anchor.message < 0)
        return;
    if (beyond != 0)
        readerScrolled(beyond);
    // What stands beyond the edge may not be laid out.
    const Hit hit = hitTest({m_draggedTo.x(), y - beyond});
    if (hit.position.message >= 0 && hit.position != m_selection.cursor) {
        m_selection.cursor = hit.position;
        m_pressed = {};
        viewport()->update();
    }
}

void TranscriptView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_selecting && event->buttons().testFlag(Qt::LeftButton)) {
        m_draggedTo = event->pos();
        dragSelection();
        return;
    }
    m_dragTimer.stop();
    const Hit hit = hitTest(event->pos());
    SpotPlace hovered;
    if (hit.spot && hit.spot->kind != HotSpot::Kind::Link) {
        const QList<HotSpot> spots = item(hit.message).spots(hit.part);
        for (int i = 0; i < spots.size(); ++i) {
            if (spots[i].rect == hit.spot->rect)
                hovered = {hit.message, hit.part, i};
        }
    }
    if (hovered != m_hovered) {
        m_hovered = hovered;
        viewport()->update();
    }
    viewport()->setCursor(hit.spot     ? Qt::PointingHandCursor
                          : hit.onText ? Qt::IBeamCursor
                                       : Qt::ArrowCursor);
}

void TranscriptView::mouseReleaseEvent(QMouseEvent *event)
{
    m_selecting = false;
    m_dragTimer.stop();
    const SpotPlace pressed = std::exchange(m_pressed, {});
    if (event->button() != Qt::LeftButton || pressed.message < 0 || hasSelection())
        return;
    const Hit hit = hitTest(event->pos());
    if (hit.spot && hit.message == pressed.message && hit.part == pressed.part)
        activate(pressed);
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Hit hit = hitTest(event->pos());
    if (event->button() != Qt::LeftButton || hit.position.message < 0)
        return;
    selectWord(hit.position);
    m_lastDoubleClick.start();
}

void TranscriptView::selectWord(TextPosition at)
{
    if (item(at.message).blocks().isEmpty())
        return;
    const QString text = item(at.message).blocks()[at.block].body.text;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
    finder.setPosition(at.offset);
    const qsizetype start = finder.isAtBoundary() ? at.offset : finder.toPreviousBoundary();
    finder.setPosition(at.offset);
    const qsizetype end = finder.toNextBoundary();
    m_selection.anchor = {at.message, at.block, int(start)};
    m_selection.cursor = {at.message, at.block, end < 0 ? int(text.size()) : int(end)};
    viewport()->update();
}

void TranscriptView::selectBlock(TextPosition at)
{
    if (at.message < 0 || item(at.message).blocks().isEmpty())
        return;
    m_selection.anchor = {at.message, at.block, 0};
    m_selection.cursor = {at.message, at.block,
                          int(item(at.message).blocks()[at.block].body.text.size())};
    viewport()->update();
}

TextPosition TranscriptView::step(TextPosition from, int characters) const
{
    const QList<TextBlock> &blocks = item(from.message).blocks();
    if (from.block >= blocks.size())
        return from;
    const QString text = blocks[from.block].body.text;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    finder.setPosition(from.offset);
    const qsizetype to = characters > 0 ? finder.toNextBoundary() : finder.toPreviousBoundary();
    if (to >= 0)
        return {from.message, from.block, int(to)};
    if (characters > 0 && from.block + 1 < blocks.size())
        return {from.message, from.block + 1, 0};
    if (characters < 0 && from.block > 0)
        return {from.message, from.block - 1, int(blocks[from.block - 1].body.text.size())};
    if (characters > 0 && from.message + 1 < messageCount() && item(from.message + 1).isParsed())
        return {from.message + 1, 0, 0};
    if (characters < 0 && from.message > 0 && !item(from.message - 1).blocks().isEmpty()) {
        const QList<TextBlock> &above = item(from.message - 1).blocks();
        return {from.message - 1, int(above.size()) - 1, int(above.back().body.text.size())};
    }
    return from;
}

TextPosition TranscriptView::stepLine(TextPosition from, int lines) const
{
    const int part = item(from.message).partOfBlock(from.block);
    const BlockLayout *layout = item(from.message).layout(part);
    if (!layout)
        return from;
    const QPoint origin =
        partRect(from.message, part).topLeft() + item(from.message).contentOrigin(part);
    const QRect caret = layout->caretRect(from.offset).translated(origin).toAlignedRect();
    // The first text above or below, over gaps and what is no text.
    for (int y = 4; y < viewport()->height(); y += 6) {
        const int at = lines > 0 ? caret.bottom() + y : caret.top() - y;
        const Hit hit = hitTest({caret.left(), at});
        if (hit.part >= 0 && item(hit.message).part(hit.part).kind == MessagePart::Kind::Content &&
            hit.position != from)
            return hit.position;
    }
    return from;
}

bool TranscriptView::selectKey(QKeyEvent *event)
{
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return true;
    }
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return true;
    }
    if (event->key() == Qt::Key_Escape && hasSelection()) {
        clearSelection();
        return true;
    }
    if (!event->modifiers().testFlag(Qt::ShiftModifier) || m_items.empty())
        return false;
    if (m_selection.anchor.message < 0) {
        const Hit hit = hitTest({columnLeft() + columnWidth() / 2, 0});
        m_selection.anchor = m_selection.cursor = {std::max(0, hit.message), hit.position.block, 0};
    }
    switch (event->key()) {
    case Qt::Key_Left:
        m_selection.cursor = step(m_selection.cursor, -1);
        break;
    case Qt::Key_Right:
        m_selection.cursor = step(m_selection.cursor, 1);
        break;
    case Qt::Key_Up:
        m_selection.cursor = stepLine(m_selection.cursor, -1);
        break;
    case Qt::Key_Down:
        m_selection.cursor = stepLine(m_selection.cursor, 1);
        break;
    default:
        return false;
    }
    const int part = item(m_selection.cursor.message).partOfBlock(m_selection.cursor.block);
    if (const BlockLayout *layout = item(m_selection.cursor.message).layout(part)) {
        const QPoint origin = partRect(m_selection.cursor.message, part).topLeft();
        ensureVisible(
            layout->caretRect(m_selection.cursor.offset).translated(origin).toAlignedRect());
    }
    viewport()->update();
    return true;
}

bool TranscriptView::scrollKey(QKeyEvent *event)
{
    const int page = viewport()->height() - verticalScrollBar()->singleStep();
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
    case Qt::Key_Up:
        control ? goToMessage(-1) : readerScrolled(-verticalScrollBar()->singleStep());
        return true;
    case Qt::Key_Down:
        control ? goToMessage(1) : readerScrolled(verticalScrollBar()->singleStep());
        return true;
    case Qt::Key_PageUp:
        readerScrolled(-page);
        return true;
    case Qt::Key_PageDown:
    case Qt::Key_Space:
        readerScrolled(page);
        return true;
    case Qt::Key_Home:
        setFollowing(false);
        moveTo(0);
        Q_EMIT scrollAnchorChanged();
        return true;
    case Qt::Key_End:
        followAnswer();
        return true;
    default:
        return false;
    }
}

void TranscriptView::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                       event->key() == Qt::Key_Space;
    if (enter && spotAt(m_focused)) {
        activate(m_focused);
        return;
    }
    if (!selectKey(event) && !scrollKey(event))
        event->ignore(); // not to the base class: it would scroll without telling
}

void TranscriptView::ensureVisible(const QRect &rect)
{
    if (rect.top() < 0)
        readerScrolled(rect.top() - 8);
    else if (rect.bottom() > viewport()->height())
        readerScrolled(rect.bottom() - viewport()->height() + 8);
}

bool TranscriptView::moveFocus(bool next)
{
    if (m_items.empty())
        return false;
    SpotPlace place = m_focused;
    if (place.message < 0 || place.message >= messageCount())
        place = {m_anchor.message, next ? m_anchor.part : item(m_anchor.message).partCount(), -1};
    place.index += next ? 1 : -1;
    for (int tries = 0; tries < 2000; ++tries) {
        MessageItem &current = *m_items[std::size_t(place.message)];
        current.parse();
        if (place.part >= 0 && place.part < current.partCount()) {
            current.measure(place.part);
            if (place.index >= 0 && place.index < current.spots(place.part).size()) {
                m_focused = place;
                refreshHeight(place.message);
                ensureVisible(spotRect(place));
                viewport()->update();
                return true;
            }
        }
        place.part += next ? 1 : -1;
        if (place.part < 0 || place.part >= current.partCount()) {
            place.message += next ? 1 : -1;
            if (place.message < 0 || place.message >= messageCount())
                return false;
            m_items[std::size_t(place.message)]->parse();
            place.part = next ? 0 : item(place.message).partCount() - 1;
        }
        m_items[std::size_t(place.message)]->measure(place.part);
        place.index = next ? 0 : int(item(place.message).spots(place.part).size()) - 1;
    }
    return false;
}

bool TranscriptView::focusNextPrevChild(bool next)
{
    if (hasFocus() && moveFocus(next))
        return true;
    m_focused = {};
    return QAbstractScrollArea::focusNextPrevChild(next);
}

void TranscriptView::contextMenuEvent(QContextMenuEvent *event)
{
    const Hit hit = hitTest(event->pos());
    // Opened without a loop of its own: the window may close under it.
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("transcriptMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copy = menu->addAction(tr("Copy"), this, &TranscriptView::copySelection);
    copy->setEnabled(hasSelection());
    menu->addAction(tr("Select all"), this, &TranscriptView::selectAll);
    if (hit.message >= 0) {
        const TranscriptMessage &message = item(hit.message).message();
        if (!message.actions.isEmpty())
            menu->addSeparator();
        addActions(*menu, message);
    }
    menu->popup(event->globalPos());
}

void TranscriptView::addActions(QMenu &menu, const TranscriptMessage &message)
{
    for (const MessageAction &action : message.actions) {
        menu.addAction(action.text, this,
                       [this, id = message.id, action] { Q_EMIT actionTriggered(id, action.id); });
    }
}

} // namespace ui
