#pragma once

#include "ui/theme/themesource.h"

#include <QStyledItemDelegate>
#include <QTableView>

namespace ui {

//! A row of the table: the provider's dot, the model, its provider muted; figures to the right.
class SpendTableDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit SpendTableDelegate(const ThemeSource &theme, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

private:
    void paintModel(QPainter &painter, const QRect &rect, const QModelIndex &index,
                    bool rightToLeft) const;

    const ThemeSource &m_theme;
};

//! The table of a SpendTableModel. It is as high as its rows: the page around it scrolls.
class SpendTable final : public QTableView
{
    Q_OBJECT
public:
    explicit SpendTable(const ThemeSource &theme, QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    void dress();

    const ThemeSource &m_theme;
};

} // namespace ui
