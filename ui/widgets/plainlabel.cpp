#include "ui/widgets/plainlabel.h"

#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QFontInfo>
#include <QPainter>
#include <QStyle>

namespace ui {

PlainLabel::PlainLabel(const ThemeSource &theme, TextRole role, const QString &text,
                       QWidget *parent)
    : QLabel(parent)
    , m_theme(theme)
    , m_role(role)
{
    setTextFormat(Qt::PlainText);
    setText(text);
    dress();
    connect(&theme, &ThemeSource::changed, this, &PlainLabel::dress);
}

void PlainLabel::setRole(TextRole role)
{
    m_role = role;
    dress();
}

void PlainLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    updateGeometry();
    update();
}

QSize PlainLabel::sizeHint() const
{
    return m_elide == Qt::ElideNone
               ? QLabel::sizeHint()
               : QSize(fontMetrics().horizontalAdvance(text()) + 2, fontMetrics().height());
}

QSize PlainLabel::minimumSizeHint() const
{
    return m_elide == Qt::ElideNone
               ? QLabel::minimumSizeHint()
               : QSize(fontMetrics().averageCharWidth() * 3, fontMetrics().height());
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    if (m_elide == Qt::ElideNone) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // by its first strong letter
    const Qt::Alignment side = QStyle::visualAlignment(layoutDirection(), alignment());
    const bool isWhole = paintElided(painter, rect(), side, text(), m_elide);
    setToolTipPlain(this, isWhole ? QString() : text());
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    update();
}

bool PlainLabel::event(QEvent *event)
{
    const bool done = QLabel::event(event);
    // The style sheet gives a label that is first shown after a change of theme its old palette.
    if (event->type() == QEvent::Polish)
        dress();
    return done;
}

void PlainLabel::dress()
{
    const Theme &theme = m_theme.theme();
    QFont font = theme.chrome;
    QColor color = theme.text;
    switch (m_role) {
    case TextRole::Body:
        break;
    case TextRole::Strong:
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Muted:
        color = theme.muted;
        break;
    case TextRole::Small:
        font = theme.small;
        color = theme.muted;
        break;
    case TextRole::Heading:
        font = theme.heading;
        break;
    case TextRole::Section:
        font = theme.small;
        font.setWeight(QFont::DemiBold);
        color = theme.muted;
        break;
    case TextRole::Error:
        color = theme.error;
        break;
    case TextRole::Display:
        constexpr double Enlarged = 1.8;
        font = theme.mono;
        font.setPixelSize(qRound(QFontInfo(theme.mono).pixelSize() * Enlarged));
        font.setWeight(QFont::DemiBold);
        break;
    }
    setFont(font);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, color);
    setPalette(colors);
}

} // namespace ui
