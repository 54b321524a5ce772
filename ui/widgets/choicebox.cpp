#include "ui/widgets/choicebox.h"

#include "ui/widgets/icons.h"

#include <QPainter>
#include <QWheelEvent>

namespace ui {

namespace {

constexpr double MarkSize = 12;
constexpr double MarkInset = 9;

} // namespace

ChoiceBox::ChoiceBox(const ThemeSource &theme, QWidget *parent)
    : QComboBox(parent)
    , m_theme(theme)
{
    connect(&theme, &ThemeSource::changed, this, qOverload<>(&QWidget::update));
}

void ChoiceBox::paintEvent(QPaintEvent *event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    const double left = isRightToLeft() ? MarkInset : width() - MarkInset - MarkSize;
    const Theme &theme = m_theme.theme();
    paintIcon(painter, QRectF(left, (height() - MarkSize) / 2.0, MarkSize, MarkSize),
              QStringLiteral("chevron-down"), isEnabled() ? theme.muted : theme.faint);
}

void ChoiceBox::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

} // namespace ui
