#include "ui/widgets/choicebox.h"

#include "ui/widgets/icons.h"

#include <QLabel>
#include <QPainter>
#include <QShowEvent>
#include <QWheelEvent>

#include <algorithm>

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

//! On Linux Qt tells screen readers what is chosen instead of the name, and leaves that to a label.
void ChoiceBox::showEvent(QShowEvent *event)
{
    const QWidget *parent = parentWidget();
    const QList<QLabel *> labels =
        parent ? parent->findChildren<QLabel *>(QString(), Qt::FindDirectChildrenOnly)
               : QList<QLabel *>();
    const bool isLabelled = std::any_of(labels.begin(), labels.end(), [this](const QLabel *label) {
        return label->buddy() == this;
    });
    if (!isLabelled && accessibleDescription().isEmpty())
        setAccessibleDescription(accessibleName());
    QComboBox::showEvent(event);
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
