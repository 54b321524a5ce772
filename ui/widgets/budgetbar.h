#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

#include <cstdint>

namespace ui {

//! How much of a limit is spent (solid), set aside (tint with an edge) and left.
class BudgetBar final : public QWidget
{
    Q_OBJECT
public:
    explicit BudgetBar(const ThemeSource &theme, QWidget *parent = nullptr);

    //! Of the same unit; none negative.
    void setStanding(std::int64_t spent, std::int64_t reserved, std::int64_t limit);
    [[nodiscard]] int spentPermille() const { return m_spent; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    int m_spent = 0; //!< Of a thousand.
    int m_reserved = 0;
};

} // namespace ui
