#include "ui/widgets/keylabel.h"

#include "ui/widgets/accessiblerole.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace ui {

namespace {

constexpr int CapPadding = 7;
constexpr int CapGap = 4;
constexpr double CapRadius = 5;

//! "Ctrl", "Shift", "F": what stands on the caps.
QStringList capsOf(const QKeySequence &key)
{
    const QString text = key.toString(QKeySequence::NativeText);
    if (text.isEmpty())
        return {};
    // A plus may be the key itself: "Ctrl++".
    if (text.endsWith(QStringLiteral("++")))
        return text.chopped(2).split(QLatin1Char('+')) + QStringList{QStringLiteral("+")};
    return text == QStringLiteral("+") ? QStringList{text} : text.split(QLatin1Char('+'));
}

int capWidth(const QFontMetrics &metrics, const QString &cap)
{
    return std::max(metrics.horizontalAdvance(cap) + 2 * CapPadding, metrics.height() + 6);
}

} // namespace

QSize keySize(const Theme &theme, const QKeySequence &key)
{
    const QFontMetrics metrics(theme.small);
    int width = 0;
    for (const QString &cap : capsOf(key))
        width += capWidth(metrics, cap) + (width > 0 ? CapGap : 0);
    return {width, metrics.height() + 6};
}

void paintKey(QPainter &painter, const QRect &room, const Theme &theme, const QKeySequence &key)
{
    const QFontMetrics metrics(theme.small);
    const QSize size = keySize(theme, key);
    int x = room.right() + 1 - size.width();
    painter.setFont(theme.small);
    for (const QString &cap : capsOf(key)) {
        const QRect box(x, room.top() + (room.height() - size.height()) / 2, capWidth(metrics, cap),
                        size.height());
        paintBox(painter, box, theme, theme.card, theme.hairline, CapRadius, false);
        painter.setPen(theme.text);
        painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, cap);
        x += box.width() + CapGap;
    }
}

KeyLabel::KeyLabel(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    installRole<KeyLabel, QAccessible::StaticText>();
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void KeyLabel::setKey(const QKeySequence &key)
{
    m_key = key;
    setAccessibleName(key.isEmpty() ? tr("no key") : key.toString(QKeySequence::NativeText));
    updateGeometry();
    update();
}

QSize KeyLabel::sizeHint() const
{
    return keySize(m_theme.theme(), m_key);
}

void KeyLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintKey(painter, rect(), m_theme.theme(), m_key);
}

} // namespace ui
