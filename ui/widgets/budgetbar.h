#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

#include <cstdint>

namespace ui {

//! Parts of a limit, of the same unit; none negative.
struct BudgetShares
{
    std::int64_t spent = 0;    //!< For certain.
    std::int64_t unsure = 0;   //!< May have been spent: ranges, unknown prices.
    std::int64_t reserved = 0; //!< Set aside.
    std::int64_t limit = 0;
};

//! How much of a limit is spent (solid), may be spent (hatched), set aside (tint with an edge) and
//! left.
class BudgetBar final : public QWidget
{
    Q_OBJECT
public:
    explicit BudgetBar(const ThemeSource &theme, QWidget *parent = nullptr);

    void setShares(const BudgetShares &shares);
    [[nodiscard]] int spentPermille() const { return m_spent; }
    [[nodiscard]] int unsurePermille() const { return m_unsure; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    int m_spent = 0; //!< Of a thousand.
    int m_unsure = 0;
    int m_reserved = 0;
};

} // namespace ui
