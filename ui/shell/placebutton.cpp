#include "ui/shell/placebutton.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QPainter>

namespace ui {

namespace {

constexpr int IconSize = 16;
constexpr int Above = 8;

} // namespace

PlaceButton::PlaceButton(const ThemeSource &theme, const QString &iconName, const QString &name,
                         QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_iconName(iconName)
{
    setText(name);
    setToolTipPlain(this, name);
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PlaceButton::setNameShown(bool shown)
{
    m_nameShown = shown;
    updateGeometry();
    update();
}

QSize PlaceButton::sizeHint() const
{
    const QFontMetrics metrics(m_theme.theme().small);
    const int icon = m_theme.widthForText(IconSize);
    return m_nameShown ? QSize(metrics.horizontalAdvance(text()) + 10, metrics.height() + icon + 16)
                       : QSize(40, 40);
}

void PlaceButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void PlaceButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    if (isChecked() || hasFocus()) {
        paintBox(painter, rect(), theme, isChecked() ? theme.card : QColor(), theme.hairline,
                 Theme::ControlRadius, hasFocus());
    }
    const QColor color = isChecked() ? theme.text : theme.muted;
    const int icon = m_theme.widthForText(IconSize);
    const double top = m_nameShown ? Above : (height() - icon) / 2.0;
    paintIcon(painter, QRectF((width() - icon) / 2.0, top, icon, icon), m_iconName, color);
    if (m_nameShown) {
        painter.setFont(theme.small);
        painter.setPen(color);
        painter.drawText(rect().adjusted(0, Above + icon + 2, 0, -4),
                         Qt::AlignCenter | Qt::TextSingleLine, text());
    }
}

} // namespace ui
