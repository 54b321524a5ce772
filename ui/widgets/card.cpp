#include "ui/widgets/card.h"

#include "ui/widgets/painting.h"

#include <QPainter>

namespace ui {

Card::Card(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    connect(&theme, &ThemeSource::changed, this, [this] { update(); });
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    paintBox(painter, rect(), theme, theme.card, theme.hairline, Theme::CardRadius, false);
}

} // namespace ui
