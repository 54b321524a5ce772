#include "ui/transcript/transcriptaccessible.h"

#include "ui/transcript/transcriptview.h"

#include <algorithm>

namespace ui {

namespace {

//! Past the last sentence's end in \p text, or 0.
qsizetype sentencesEnd(QStringView text)
{
    for (qsizetype i = text.size(); i > 0; --i) {
        const QChar c = text[i - 1];
        if (c == u'\n' || c == u'\u3002' || c == u'\uFF01' || c == u'\uFF1F')
            return i;
        const bool mark = c == u'.' || c == u'!' || c == u'?' || c == u'\u061F';
        if (mark && i < text.size() && text[i].isSpace())
            return i;
    }
    return 0;
}

} // namespace

TranscriptAccessible::TranscriptAccessible(TranscriptView *view)
    : QAccessibleWidget(view, QAccessible::List)
{
    view->announceText();
}

TranscriptAccessible::~TranscriptAccessible()
{
    for (const QAccessible::Id id : std::as_const(m_messages))
        QAccessible::deleteAccessibleInterface(id);
}

QAccessibleInterface *TranscriptAccessible::create(const QString &, QObject *object)
{
    auto *view = qobject_cast<TranscriptView *>(object);
    return view ? new TranscriptAccessible(view) : nullptr;
}

TranscriptView *TranscriptAccessible::view() const
{
    return qobject_cast<TranscriptView *>(object());
}

void TranscriptAccessible::forgetRemoved() const
{
    m_messages.removeIf([this](const auto &entry) {
        if (view()->indexOf(entry.key()) >= 0)
            return false;
        QAccessible::deleteAccessibleInterface(entry.value());
        return true;
    });
}

QAccessibleInterface *TranscriptAccessible::message(int index) const
{
    const QString id = view()->item(index).message().id;
    if (const auto found = m_messages.constFind(id); found != m_messages.constEnd())
        return QAccessible::accessibleInterface(*found);
    if (m_messages.size() >= view()->messageCount())
        forgetRemoved();
    auto *made = new MessageAccessible(view(), id);
    m_messages.insert(id, QAccessible::registerAccessibleInterface(made));
    return made;
}

int TranscriptAccessible::childCount() const
{
    return view()->messageCount() + QAccessibleWidget::childCount();
}

QAccessibleInterface *TranscriptAccessible::child(int index) const
{
    const int messages = view()->messageCount();
    if (index < 0)
        return nullptr;
    return index < messages ? message(index) : QAccessibleWidget::child(index - messages);
}

QAccessibleInterface *TranscriptAccessible::childAt(int x, int y) const
{
    const QPoint at = view()->viewport()->mapFromGlobal(QPoint(x, y));
    const int index = view()->viewport()->rect().contains(at) ? view()->messageAt(at.y()) : -1;
    return index >= 0 ? message(index) : QAccessibleWidget::childAt(x, y);
}

int TranscriptAccessible::indexOfChild(const QAccessibleInterface *child) const
{
    if (const auto *message = dynamic_cast<const MessageAccessible *>(child))
        return message->index();
    const int index = QAccessibleWidget::indexOfChild(child);
    return index < 0 ? -1 : view()->messageCount() + index;
}

MessageAccessible::MessageAccessible(TranscriptView *view, const QString &id)
    : m_view(view)
    , m_id(id)
{
}

int MessageAccessible::index() const
{
    return m_view ? m_view->indexOf(m_id) : -1;
}

QAccessibleInterface *MessageAccessible::parent() const
{
    return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr;
}

QString MessageAccessible::text(QAccessible::Text which) const
{
    const int at = index();
    if (at < 0)
        return {};
    const TranscriptMessage &message = m_view->item(at).message();
    switch (which) {
    case QAccessible::Name:
        if (message.role == MessageRole::User)
            return TranscriptView::tr("You");
        return message.header.text.isEmpty()
                   ? TranscriptView::tr("Assistant")
                   : TranscriptView::tr("Assistant, %1").arg(message.header.text);
    case QAccessible::Value:
        return m_view->plainText(at);
    case QAccessible::Description: {
        QStringList said;
        if (message.simulated)
            said.append(TranscriptView::tr("simulated"));
        for (const QString &file : message.files)
            said.append(TranscriptView::tr("attached: %1").arg(file));
        if (message.error)
            said.append(message.error->sentence);
        if (message.version.count > 1)
            said.append(TranscriptView::tr("version %1 of %2")
                            .arg(message.version.index)
                            .arg(message.version.count));
        for (const FooterSegment &segment : message.footer)
            said.append(segment.text);
        return said.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

QRect MessageAccessible::rect() const
{
    const int at = index();
    if (at < 0)
        return {};
    const QRect first = m_view->partRect(at, 0);
    const QRect whole(first.topLeft(), QSize(first.width(), m_view->item(at).height()));
    return whole.translated(m_view->viewport()->mapToGlobal(QPoint(0, 0)));
}

QAccessible::State MessageAccessible::state() const
{
    QAccessible::State state;
    const int at = index();
    if (at < 0) {
        state.invalid = true;
        return state;
    }
    const QRect view(m_view->viewport()->mapToGlobal(QPoint(0, 0)), m_view->viewport()->size());
    state.readOnly = true;
    state.selectableText = true;
    state.multiLine = true;
    state.invisible = !m_view->isVisible();
    state.offscreen = !rect().intersects(view);
    state.busy = m_view->item(at).message().state == MessageState::Streaming;
    return state;
}

void *MessageAccessible::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::ActionInterface)
        return static_cast<QAccessibleActionInterface *>(this);
    if (type == QAccessible::TextInterface)
        return static_cast<QAccessibleTextInterface *>(this);
    return nullptr;
}

QStringList MessageAccessible::actionNames() const
{
    const int at = index();
    if (at < 0)
        return {};
    QStringList names;
    const TranscriptMessage &message = m_view->item(at).message();
    for (const MessageAction &action : message.actions)
        names.append(action.text);
    if (message.error) {
        for (const MessageAction &action : message.error->actions)
            names.append(action.text);
    }
    names.removeDuplicates();
    return names;
}

void MessageAccessible::doAction(const QString &name)
{
    const int at = index();
    if (at < 0)
        return;
    const TranscriptMessage message = m_view->item(at).message();
    QList<MessageAction> actions = message.actions;
    if (message.error)
        actions += message.error->actions;
    const auto found =
        std::find_if(actions.cbegin(), actions.cend(),
                     [&name](const MessageAction &action) { return action.text == name; });
    if (found != actions.cend())
        Q_EMIT m_view->actionTriggered(m_id, found->id);
}

QString MessageAccessible::text(int start, int end) const
{
    const QString whole = text(QAccessible::Value);
    start = std::clamp(start, 0, int(whole.size()));
    end = end < 0 ? int(whole.size()) : std::clamp(end, start, int(whole.size()));
    return whole.sliced(start, end - start);
}

int MessageAccessible::characterCount() const
{
    return int(text(QAccessible::Value).size());
}

void MessageAccessible::scrollToSubstring(int, int)
{
    if (m_view)
        m_view->scrollToMessage(m_id);
}

QString MessageAccessible::attributes(int, int *start, int *end) const
{
    *start = 0;
    *end = characterCount();
    return {};
}

void TranscriptView::installAccessible()
{
    [[maybe_unused]] static const bool known = [] {
        QAccessible::installFactory(&TranscriptAccessible::create);
        return true;
    }();
}

//! A finished sentence at a time while an answer streams, the rest when it ends; never a token. All
//! at the end, or nothing, where that is wanted: what was not said then is not said later either.
void TranscriptView::announce(int message)
{
    if (!m_announces)
        return;
    const TranscriptMessage &answer = item(message).message();
    Announced &done = m_announced[answer.id];
    const bool ended = answer.state != MessageState::Streaming;
    const QStringView fresh =
        QStringView(answer.text).sliced(std::min(done.source, answer.text.size()));
    if (!ended && (m_announcements == Announcements::EndOnly || sentencesEnd(fresh) == 0))
        return;
    done.source = answer.text.size();
    const int last = std::max(0, int(item(message).blocks().size()) - 1);
    if (done.block > last)
        done.block = 0, done.before = 0;
    const QString plain = plainText(message, done.block); // a long answer is not read from its top
    const qsizetype from = std::min(done.shown, done.before + plain.size());
    const QString rest = plain.sliced(std::max<qsizetype>(0, from - done.before));
    // The blank after a sentence at the end is not shown, but tells that the sentence is finished.
    const bool blank = !answer.text.isEmpty() && answer.text.back().isSpace();
    const qsizetype end = blank ? sentencesEnd(rest + u' ') : sentencesEnd(rest);
    const QString said = ended ? rest : rest.first(std::min(end, rest.size()));
    if (!said.isEmpty())
        done.shown = from + said.size();
    const qsizetype above = done.before + plain.size() - plainText(message, last).size();
    if (done.shown >= above)
        done.block = last, done.before = above;
    if (ended)
        m_announced.remove(answer.id);
    auto *list = dynamic_cast<TranscriptAccessible *>(QAccessible::queryAccessibleInterface(this));
    if (!list)
        return;
    if (!said.isEmpty() && m_announcements != Announcements::Off) {
        QAccessibleTextInsertEvent event(list->message(message), int(from), said);
        QAccessible::updateAccessibility(&event);
        Q_EMIT announced(said);
    }
    if (ended) {
        if (answer.error) {
            QAccessibleEvent event(list->message(message), QAccessible::Alert);
            QAccessible::updateAccessibility(&event);
            Q_EMIT announced(answer.error->sentence);
        } else {
            QAccessible::State busy;
            busy.busy = true;
            QAccessibleStateChangeEvent change(list->message(message), busy);
            QAccessible::updateAccessibility(&change);
        }
    }
}

} // namespace ui
