#include "ui/widgets/statuspill.h"

#include "ui/widgets/accessiblerole.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QPainter>

namespace ui {

ToneColors toneColors(const Theme &theme, Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return {theme.muted, theme.userBubble};
    case Tone::Accent:
        return {theme.accentText, theme.accentSoft};
    case Tone::Good:
        return {theme.good, theme.goodSoft};
    case Tone::Warning:
        return {theme.warning, theme.warningSoft};
    case Tone::Error:
        return {theme.error, theme.errorSoft};
    }
    return {};
}

StatusPill::StatusPill(const ThemeSource &theme, Tone tone, const QString &text, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    installRole<StatusPill, QAccessible::StaticText>();
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setStatus(tone, text);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void StatusPill::setStatus(Tone tone, const QString &text)
{
    m_tone = tone;
    m_text = shownName(text);
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

QSize StatusPill::sizeHint() const
{
    const QFontMetrics metrics(m_theme.theme().small);
    return {metrics.horizontalAdvance(m_text) + 20, metrics.height() + 6};
}

void StatusPill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const ToneColors colors = toneColors(theme, m_tone);
    paintBox(painter, rect(), theme, colors.ground, QColor(), height() / 2.0, false);
    painter.setFont(theme.small);
    painter.setPen(colors.text);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, m_text);
}

} // namespace ui
