#pragma once

#include "ui/dashboard/dashboardfigures.h"

#include <QAbstractTableModel>

namespace ui {

//! The models of a span, one a row, the dearest first, as text. What is unknown shows a dash and
//! says "unknown" to a screen reader.
class SpendTableModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        Model,
        Requests,
        TokensIn,
        TokensOut,
        FirstTokenP50,
        FirstTokenP95,
        Speed,
        Errors,
        PerRequest,
        Spend,
        ColumnCount,
    };
    enum Role {
        ProviderRole = Qt::UserRole, //!< Its id.
        ProviderNameRole,
    };

    explicit SpendTableModel(DashboardNames names, QObject *parent = nullptr);

    //! Resets only where the rows themselves are others; else their figures change in place.
    void setRows(const QList<core::SpendRow> &rows, bool simulated);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] std::optional<QString> text(const core::SpendRow &row, int column) const;
    [[nodiscard]] bool hasSameKeys(const QList<core::SpendRow> &rows) const;

    DashboardNames m_names;
    QList<core::SpendRow> m_rows;
    bool m_simulated = false;
};

} // namespace ui
