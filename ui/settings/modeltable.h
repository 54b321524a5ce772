#pragma once

#include "core/client/modeldirectory.h"
#include "ui/theme/themesource.h"

#include <QTableView>

class QSortFilterProxyModel;
class QStandardItemModel;

namespace ui {

//! What models a provider has: name, context, prices. A price that is not known is a dash. As high
//! as its rows, up to a screenful. UI thread.
class ModelTable final : public QTableView
{
    Q_OBJECT
public:
    explicit ModelTable(const ThemeSource &theme, QWidget *parent = nullptr);

    void setModels(const QList<core::ModelChoice> &models);
    void setFilter(const QString &words); //!< Found in the name or the id.
    [[nodiscard]] QSize sizeHint() const override;

private:
    void dress();

    const ThemeSource &m_theme;
    QStandardItemModel *m_rows;
    QSortFilterProxyModel *m_shown;
};

} // namespace ui
