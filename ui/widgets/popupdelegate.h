#pragma once

#include "ui/theme/themesource.h"
#include "ui/widgets/popuprow.h"

#include <QStandardItem>
#include <QStyledItemDelegate>

namespace ui {

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

//! A row as an item. Its texts are made when they are wanted: of hundreds few are ever seen.
class PopupItem final : public QStandardItem
{
public:
    explicit PopupItem(PopupRow row, bool isFree = false);

    void setRow(const PopupRow &row);
    [[nodiscard]] QVariant data(int role) const override;

private:
    [[nodiscard]] QString said() const;

    PopupRow m_row;
    bool m_isFree;
};

//! Draws rows and heads of a FilterPopup as plain text.
class PopupDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    PopupDelegate(const ThemeSource &theme, QObject *parent);

    //! Where the star of a row is that takes \p row: as high as the row, for the mouse.
    [[nodiscard]] QRect starPlace(const QRect &row, Qt::LayoutDirection direction) const;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    struct Line;
    void paintHead(QPainter &painter, const Line &line, const QString &text) const;
    void paintStar(QPainter &painter, const QStyleOptionViewItem &option, bool isStarred) const;
    void paintDot(QPainter &painter, Line &line, const QColor &dot) const;
    //! \p text at the far end of \p line, which is the shorter for it.
    void paintFar(QPainter &painter, Line &line, const QString &text, const QColor &color) const;

    const ThemeSource &m_theme;
};

} // namespace ui
