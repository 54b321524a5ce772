#pragma once

#include "ui/theme/themesource.h"

#include <QStyledItemDelegate>

namespace ui {

//! Draws the rows of SidebarModel: title, model at the left, cost at the right, a dot of state.
class SidebarDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit SidebarDelegate(const ThemeSource &theme, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;

private:
    const ThemeSource &m_theme;
};

} // namespace ui
