#include "ui/settings/keyfield.h"

#include "ui/widgets/keylabel.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QPainter>

namespace ui {

namespace {

constexpr int Width = 190;
constexpr int Padding = 2 * Theme::Step;

bool isModifier(int key)
{
    return key == Qt::Key_Control || key == Qt::Key_Shift || key == Qt::Key_Alt ||
           key == Qt::Key_Meta || key == Qt::Key_AltGr || key == Qt::Key_CapsLock ||
           key == Qt::Key_NumLock || key == Qt::Key_unknown || key == 0;
}

//! What types, moves or activates by itself: as a shortcut it would be lost to every field.
bool needsModifier(int key)
{
    const bool isFunction = key >= Qt::Key_F1 && key <= Qt::Key_F35;
    return !isFunction && key != Qt::Key_Escape;
}

} // namespace

KeyField::KeyField(const ThemeSource &theme, const QString &name, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_name(name)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    setKey({});
    connect(this, &QAbstractButton::clicked, this, [this] { setListening(true); });
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void KeyField::setKey(const QKeySequence &key)
{
    m_key = key;
    setAccessibleName(tr("%1: %2").arg(
        m_name, key.isEmpty() ? tr("no key") : key.toString(QKeySequence::NativeText)));
    update();
}

QSize KeyField::sizeHint() const
{
    return {Width, keySize(m_theme.theme(), QKeySequence(Qt::Key_A)).height() + 2 * Theme::Step};
}

void KeyField::setListening(bool listening)
{
    m_listening = listening;
    update();
}

bool KeyField::event(QEvent *event)
{
    // While it listens every key is its own: neither a shortcut of the window nor Tab.
    if (m_listening && event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    if (m_listening && event->type() == QEvent::KeyPress) {
        take(*static_cast<QKeyEvent *>(event));
        return true;
    }
    return QAbstractButton::event(event);
}

void KeyField::take(const QKeyEvent &event)
{
    const int key = event.key();
    if (isModifier(key))
        return;
    const Qt::KeyboardModifiers held = event.modifiers() & ~Qt::KeypadModifier;
    if (key == Qt::Key_Escape && held == Qt::NoModifier)
        return setListening(false);
    if ((key == Qt::Key_Backspace || key == Qt::Key_Delete) && held == Qt::NoModifier) {
        setListening(false);
        Q_EMIT keyGiven({});
        return;
    }
    const bool plain = !held.testFlag(Qt::ControlModifier) && !held.testFlag(Qt::AltModifier) &&
                       !held.testFlag(Qt::MetaModifier);
    if (plain && needsModifier(key))
        return;
    setListening(false);
    Q_EMIT keyGiven(QKeySequence(QKeyCombination(held, static_cast<Qt::Key>(key))));
}

void KeyField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return click();
    QAbstractButton::keyPressEvent(event);
}

void KeyField::focusOutEvent(QFocusEvent *event)
{
    setListening(false);
    QAbstractButton::focusOutEvent(event);
}

void KeyField::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    paintBox(painter, rect(), theme, theme.card, theme.controlBorder, Theme::ControlRadius,
             hasFocus() || m_listening);
    const QRect room = rect().adjusted(Padding, 0, -Padding, 0);
    if (!m_listening && !m_key.isEmpty())
        return paintKey(painter, room, theme, m_key);
    painter.setFont(theme.small);
    painter.setPen(m_listening ? theme.accentText : theme.muted);
    painter.drawText(room, Qt::AlignTrailing | Qt::AlignVCenter | Qt::TextSingleLine,
                     m_listening ? tr("Press the keys, Esc leaves it") : tr("none"));
}

} // namespace ui
