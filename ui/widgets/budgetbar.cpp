#include "ui/widgets/budgetbar.h"

#include "ui/widgets/accessiblerole.h"

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
    installRole<BudgetBar, QAccessible::Graphic>();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, qOverload<>(&QWidget::update));
}

void BudgetBar::setShares(const BudgetShares &shares)
{
    m_spent = permilleOf(shares.spent, shares.limit);
    m_unsure = std::min(permilleOf(shares.unsure, shares.limit), Whole - m_spent);
    m_reserved = std::min(permilleOf(shares.reserved, shares.limit), Whole - m_spent - m_unsure);
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
    const double counted = all.width() * (m_spent + m_unsure) / Whole;
    const double reserved = all.width() * m_reserved / Whole;
    const bool rightToLeft = isRightToLeft();
    const auto piece = [&](double from, double length) {
        return QRectF(rightToLeft ? all.width() - from - length : from, all.top(), length,
                      all.height());
    };
    painter.fillRect(piece(spent, counted - spent + reserved), theme.accentSoft);
    if (m_reserved > 0)
        painter.fillRect(piece(counted + reserved - 1, 1), theme.accent);
    const QColor &color = m_spent + m_unsure >= Whole       ? theme.error
                          : m_spent + m_unsure >= NearlyAll ? theme.warning
                                                            : theme.accent;
    painter.fillRect(piece(spent, counted - spent), QBrush(color, Qt::BDiagPattern));
    painter.fillRect(piece(0, spent), color);
}

} // namespace ui
