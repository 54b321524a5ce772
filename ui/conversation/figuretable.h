#pragma once

#include "ui/theme/themesource.h"

#include <QTableWidget>

namespace ui {

//! A small table of figures in a panel: as high as its rows, the first column leading and wide, the
//! others trailing; hairlines between rows. Texts are plain. A screen reader finds a real table.
class FigureTable final : public QTableWidget
{
    Q_OBJECT
public:
    enum class LastRow { Plain, Total };

    FigureTable(const ThemeSource &theme, const QString &name, QWidget *parent = nullptr);

    //! A total has a name and a figure, and the whole row for them.
    void setTable(const QStringList &heads, const QList<QStringList> &rows, LastRow last);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    void dress();

    const ThemeSource &m_theme;
};

} // namespace ui
