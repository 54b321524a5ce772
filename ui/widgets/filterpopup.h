#pragma once

#include "ui/theme/themesource.h"

#include <QFrame>
#include <QList>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace ui {

//! One line of a FilterPopup. All texts are foreign and shown as plain text.
struct PopupRow
{
    QString id;      //!< What chosen() tells; unique among the rows.
    QString section; //!< Rows of one section stand together; in the order given.
    QString title;
    QString detail;         //!< Second line; may be empty.
    QString right;          //!< Prices, a key, a state.
    QColor dot;             //!< Invalid: none.
    QString search;         //!< Further words that find it (ids, provider names).
    bool onlyFound = false; //!< Stands only while something is typed that finds it.
    bool operator==(const PopupRow &) const = default;
};

//! A popup with a filter field above a list in sections, driven by keys alone if wanted: the
//! palette and the model picker. Every word typed must occur in a row, case-blind.
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
    //! With a text such as "Use %1" any entry may be taken as typed; empty: only rows.
    void setFreeEntry(const QString &text);

    void openAbove(const QWidget *anchor); //!< Above or below \p anchor, where there is room.
    void openOver(const QWidget *window);  //!< Centred near the top, as a palette.

    [[nodiscard]] QString query() const;
    [[nodiscard]] QStringList shownIds() const; //!< Of the rows as they stand.

Q_SIGNALS:
    void queryChanged(const QString &query);
    void chosen(const QString &id);
    void freeEntryChosen(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refill();
    void move(int step);
    void take(const QModelIndex &index);
    [[nodiscard]] QSize popupSize() const; //!< Where there is room for it.
    void start(QSize size, QPoint at);
    void append(const PopupRow &row, QString &section);

    const ThemeSource &m_theme;
    QLineEdit *m_field;
    QListView *m_list;
    QStandardItemModel *m_model;
    QList<PopupRow> m_rows, m_found;
    QString m_foundFor; //!< The query that setFoundRows() answered last.
    QString m_current, m_freeEntry;
};

} // namespace ui
