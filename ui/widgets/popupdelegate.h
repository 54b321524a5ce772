#pragma once

#include "ui/theme/themesource.h"

#include <QStyledItemDelegate>

class QStandardItem;

namespace ui {

struct PopupRow;

//! What the items of a FilterPopup say.
enum class PopupRole {
    Id = Qt::UserRole,
    Detail,
    Right,
    State,
    Alerts,
    Starred, //!< Invalid: the row has no star.
    Dot,
    IsHead,
    IsFree
};

//! Puts all of \p row but where it stands into \p item.
void fillPopupItem(QStandardItem &item, const PopupRow &row);

//! Draws rows and heads of a FilterPopup as plain text.
class PopupDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    PopupDelegate(const ThemeSource &theme, QObject *parent);

    //! Where the star of a row is that takes \p row: as high as the row, for the mouse.
    [[nodiscard]] QRect starPlace(const QRect &row) const;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    void paintHead(QPainter &painter, const QRect &inner, const QString &text) const;
    void paintStar(QPainter &painter, const QStyleOptionViewItem &option, bool isStarred) const;
    void paintDot(QPainter &painter, QRect &inner, const QColor &dot) const;
    //! \p text at the right end of \p line, which is the shorter for it.
    void paintRight(QPainter &painter, QRect &line, const QString &text, const QColor &color) const;

    const ThemeSource &m_theme;
};

} // namespace ui
