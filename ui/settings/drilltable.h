#pragma once

#include "ui/settings/drilltexts.h"

#include <QTableView>

class QStandardItemModel;

namespace ui {

//! The attempts of a drill, one a row, as high as its rows. UI thread.
class DrillTable final : public QTableView
{
    Q_OBJECT
public:
    explicit DrillTable(const ThemeSource &theme, QWidget *parent = nullptr);

    void setRows(const QList<DrillRow> &rows);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

private:
    void dress();

    const ThemeSource &m_theme;
    QStandardItemModel *m_model;
    QList<DrillRow> m_rows;
};

} // namespace ui
