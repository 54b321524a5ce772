#include "ui/widgets/buttons.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace ui {

namespace {

constexpr int DotSize = 8;
constexpr int IconSize = 16;
constexpr int MarkSize = 12;
constexpr int Gap = 6;

struct Paint
{
    QColor fill, border, text;
};

Paint paintOf(const Theme &theme, ButtonLook look, bool enabled, bool lit)
{
    const QColor faded = theme.muted;
    switch (look) {
    case ButtonLook::Outline:
        return {lit ? theme.selectedRow : theme.card,
                enabled ? theme.controlBorder : theme.hairline, enabled ? theme.text : faded};
    case ButtonLook::Chip:
        return {lit ? theme.selectedRow : theme.card, theme.hairline, enabled ? theme.text : faded};
    case ButtonLook::Soft:
        return {theme.accentSoft, lit ? theme.accent : QColor(),
                enabled ? theme.accentText : faded};
    case ButtonLook::Primary:
        return {enabled ? (lit ? theme.muted : theme.text) : theme.hairline, QColor(),
                enabled ? theme.window : faded};
    case ButtonLook::Link:
        return {lit ? theme.accentSoft : QColor(), QColor(), enabled ? theme.accentText : faded};
    case ButtonLook::Field:
        return {theme.card, theme.controlBorder, theme.muted};
    }
    return {};
}

//! The two looks of one that is switched on and off.
bool isPill(ButtonLook look)
{
    return look == ButtonLook::Chip || look == ButtonLook::Soft;
}

//! Space presses every button by itself; Enter does so here too.
bool pressedByEnter(QAbstractButton *button, const QKeyEvent *event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
        return false;
    }
    button->click();
    return true;
}

} // namespace

PillButton::PillButton(const ThemeSource &theme, ButtonLook look, const QString &text,
                       QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_look(look)
{
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PillButton::setLook(ButtonLook look)
{
    if (look == m_look)
        return;
    m_look = look;
    updateGeometry(); // height and font follow it
    update();
}

void PillButton::setIconName(const QString &name)
{
    m_iconName = name;
    updateGeometry();
    update();
}

void PillButton::setDot(const QColor &color)
{
    m_dot = color;
    updateGeometry();
    update();
}

void PillButton::setMenuMark(bool shown)
{
    m_menuMark = shown;
    updateGeometry();
    update();
}

void PillButton::setLargestTextWidth(int pixels)
{
    m_largestTextWidth = pixels;
    updateGeometry();
    update();
}

QFont PillButton::ownFont() const
{
    QFont font = m_theme.theme().chrome;
    font.setWeight(m_look == ButtonLook::Primary ? QFont::DemiBold : QFont::Medium);
    if (m_look == ButtonLook::Chip || m_look == ButtonLook::Link || m_look == ButtonLook::Field) {
        font.setWeight(QFont::Normal);
    }
    return font;
}

int PillButton::extrasWidth() const
{
    int width = 0;
    width +=
        m_iconName.isEmpty() ? 0 : m_theme.widthForText(IconSize) + (text().isEmpty() ? 0 : Gap);
    width += m_dot.isValid() ? DotSize + Gap : 0;
    width += m_menuMark ? m_theme.widthForText(MarkSize) + 4 : 0;
    return width;
}

QString PillButton::cutText() const
{
    const QString shown = shownName(text());
    return m_largestTextWidth > 0
               ? QFontMetrics(ownFont()).elidedText(shown, Qt::ElideMiddle, m_largestTextWidth)
               : shown;
}

QSize PillButton::sizeHint() const
{
    const QFontMetrics metrics(ownFont());
    const int padding = m_look == ButtonLook::Link ? 12 : 24;
    // Those that stand in a row of fields and of each other are of one height.
    const bool isTall = m_look == ButtonLook::Outline || m_look == ButtonLook::Primary ||
                        m_look == ButtonLook::Field;
    const int height = metrics.height() + (isTall ? 14 : 10);
    return {metrics.horizontalAdvance(cutText()) + extrasWidth() + padding,
            std::max(height, isPill(m_look) ? 26 : 28)};
}

QSize PillButton::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), extrasWidth() + 48), sizeHint().height()};
}

void PillButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const Paint paint =
        paintOf(theme, m_look, isEnabled(), isEnabled() && (underMouse() || isDown()));
    paintBox(painter, rect(), theme, paint.fill, paint.border,
             isPill(m_look) ? height() / 2.0 : Theme::ControlRadius, hasFocus());

    const QFontMetrics metrics(ownFont());
    const int room = width() - extrasWidth() - (m_look == ButtonLook::Link ? 8 : 16);
    const QString shown = metrics.elidedText(cutText(), Qt::ElideMiddle, room);
    const int textWidth = metrics.horizontalAdvance(shown);
    const int content = textWidth + extrasWidth();
    // Counted from the left; a mirrored window has all of it the other way round.
    const auto place = [this](double left, double side) {
        return QRectF(isRightToLeft() ? width() - left - side : left, (height() - side) / 2.0, side,
                      side);
    };
    double x = m_look == ButtonLook::Field ? 10.0 : (width() - content) / 2.0;
    if (!m_iconName.isEmpty()) {
        const int side = m_theme.widthForText(IconSize);
        paintIcon(painter, place(x, side), m_iconName, paint.text);
        x += side + Gap;
    }
    if (m_dot.isValid()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_dot);
        painter.drawEllipse(place(x, DotSize));
        x += DotSize + Gap;
    }
    painter.setFont(ownFont());
    painter.setPen(paint.text);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // by its first strong letter
    const double left = place(x, textWidth).left();
    painter.drawText(QRectF(left, 0, width() - left, height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute | Qt::TextSingleLine,
                     shown);
    if (m_menuMark) {
        x += textWidth + 4;
        paintIcon(painter, place(x, m_theme.widthForText(MarkSize)), QStringLiteral("chevron-down"),
                  paint.text);
    }
}

void PillButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void PillButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void PillButton::keyPressEvent(QKeyEvent *event)
{
    if (!pressedByEnter(this, event)) {
        QAbstractButton::keyPressEvent(event);
    }
}

IconButton::IconButton(const ThemeSource &theme, const QString &iconName, const QString &name,
                       QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_iconName(iconName)
{
    setAccessibleName(name);
    setToolTipPlain(this, name);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void IconButton::setIconName(const QString &iconName)
{
    m_iconName = iconName;
    update();
}

QSize IconButton::sizeHint() const
{
    constexpr int Least = 28;
    constexpr int Around = 8;
    const int side = std::max(Least, m_theme.widthForText(IconSize) + Around);
    return {side, side};
}

void IconButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const bool lit = isEnabled() && (underMouse() || isDown() || isChecked());
    paintBox(painter, rect(), theme, lit ? theme.selectedRow : QColor(), QColor(),
             Theme::ControlRadius, hasFocus());
    const double side = m_theme.widthForText(IconSize);
    const QRectF square((width() - side) / 2, (height() - side) / 2, side, side);
    paintIcon(painter, square, m_iconName, isEnabled() ? theme.text : theme.muted);
}

void IconButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void IconButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void IconButton::keyPressEvent(QKeyEvent *event)
{
    if (!pressedByEnter(this, event)) {
        QAbstractButton::keyPressEvent(event);
    }
}

} // namespace ui
