#pragma once

#include "ui/theme/themesource.h"
#include "ui/widgets/popuprow.h"

#include <QFrame>
#include <QList>
#include <QTimer>

#include <functional>

class QLineEdit;
class QListView;
class QModelIndex;
class QStandardItem;
class QStandardItemModel;

namespace ui {

class PlainLabel;
class PopupDelegate;

//! A popup with a filter field above a list in sections, driven by keys alone if wanted: the
//! palette and the model picker. Every word typed must occur in a row, case-blind. Ctrl+D stars the
//! chosen row, a click on its star any.
class FilterPopup final : public QFrame
{
    Q_OBJECT
public:
    explicit FilterPopup(const ThemeSource &theme, QWidget *parent = nullptr);

    void setPlaceholder(const QString &text);
    //! While nothing is typed the row \p current is the chosen one; without it the first.
    void setRows(const QList<PopupRow> &rows, const QString &current = {});
    //! Rows found elsewhere for \p query, below the others, unfiltered. Ignored if the field says
    //! something else by now, so that a late answer does no harm.
    void setFoundRows(const QString &query, const QList<PopupRow> &rows);
    //! What may be taken of a query beside what it finds, below all others.
    using FreeRows = std::function<QList<PopupRow>(const QString &query)>;
    void setFreeRows(FreeRows rows);
    //! In place of the row with its id, where it stands; nothing moves.
    void setRow(const PopupRow &row);
    void setFoot(const QString &text); //!< Small, below the list; empty: none.

    void openAbove(const QWidget *anchor); //!< Above or below \p anchor, where there is room.
    void openOver(const QWidget *window);  //!< Centred near the top, as a palette.

    [[nodiscard]] QString query() const;
    [[nodiscard]] QStringList shownIds() const; //!< Of the rows as they stand.

Q_SIGNALS:
    void queryChanged(const QString &query);
    void chosen(const QString &id);
    void starToggled(const QString &id, bool starred); //!< As the user wants it; setRow() shows it.
    //! Those in sight, whenever these may have changed: what takes long to know is wanted of them.
    void rowsSeen(const QStringList &ids);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refill();
    void move(int step);
    void take(const QModelIndex &index);
    [[nodiscard]] QSize popupSize() const; //!< Where there is room for it.
    void start(QSize size, QPoint at);
    void append(QList<QStandardItem *> &items, const PopupRow &row, QString &section,
                bool isFree = false);
    void chooseFirst(); //!< Or the current one.
    void tellCurrent();
    void tellSeenSoon();
    void tellSeen();
    void toggleStar(const QModelIndex &index);
    [[nodiscard]] bool takesMouse(const QEvent &event);

    const ThemeSource &m_theme;
    QLineEdit *m_field;
    QListView *m_list;
    QStandardItemModel *m_model;
    PopupDelegate *m_delegate;
    PlainLabel *m_foot;
    QList<PopupRow> m_rows, m_found;
    QString m_foundFor; //!< The query that setFoundRows() answered last.
    QString m_current;
    FreeRows m_freeRows;
    QTimer m_seen;
    bool m_isOnStar = false; //!< The mouse was pressed there.
};

} // namespace ui
