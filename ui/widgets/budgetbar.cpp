#include "ui/widgets/budgetbar.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace ui {

namespace {

constexpr int Whole = 1000;
constexpr int Height = 2 * Theme::Step;
constexpr int NearlyAll = 900;

int permilleOf(std::int64_t part, std::int64_t whole)
{
    if (whole <= 0)
        return Whole;
    if (part >= whole)
        return Whole;
    const std::int64_t step = whole / Whole;
    return static_cast<int>(step > 0 ? part / step : part * Whole / whole);
}

} // namespace

BudgetBar::BudgetBar(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, qOverload<>(&QWidget::update));
}

void BudgetBar::setStanding(std::int64_t spent, std::int64_t reserved, std::int64_t limit)
{
    m_spent = std::min(permilleOf(spent, limit), Whole);
    m_reserved = std::min(permilleOf(reserved, limit), Whole - m_spent);
    if (limit <= 0)
        m_reserved = 0;
    update();
}

QSize BudgetBar::sizeHint() const
{
    return {40 * Theme::Step, Height};
}

void BudgetBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = m_theme.theme();
    const QRectF all(0, (height() - Height) / 2.0, width(), Height);
    QPainterPath outline;
    outline.addRoundedRect(all, Height / 2.0, Height / 2.0);
    painter.fillPath(outline, theme.hairline);
    painter.setClipPath(outline);
    const double spent = all.width() * m_spent / Whole;
    const double reserved = all.width() * m_reserved / Whole;
    const bool rightToLeft = isRightToLeft();
    const auto piece = [&](double from, double length) {
        return QRectF(rightToLeft ? all.width() - from - length : from, all.top(), length,
                      all.height());
    };
    painter.fillRect(piece(spent, reserved), theme.accentSoft);
    if (m_reserved > 0)
        painter.fillRect(piece(spent + reserved - 1, 1), theme.accent);
    painter.fillRect(piece(0, spent), m_spent >= Whole       ? theme.error
                                      : m_spent >= NearlyAll ? theme.warning
                                                             : theme.accent);
}

} // namespace ui
