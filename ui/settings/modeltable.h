#pragma once

#include "core/client/modeldirectory.h"
#include "ui/theme/themesource.h"

#include <QTableView>

class QSortFilterProxyModel;
class QStandardItemModel;

namespace ui {

//! What models a provider has: whether it is offered, name, what each takes, context, prices and
//! where these are from. What is not known is a dash. As high as its rows, up to a screenful; where
//! it is narrow, the columns that matter least go first. UI thread.
class ModelTable final : public QTableView
{
    Q_OBJECT
public:
    explicit ModelTable(const ThemeSource &theme, QWidget *parent = nullptr);

    void setModels(const QList<core::ModelChoice> &models);
    void setFilter(const QString &words); //!< Found in the name or the id.
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void wantedChanged(const QString &model, bool wanted); //!< By the user.

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fill();
    void tick();
    void dress();
    void chooseColumns();

    const ThemeSource &m_theme;
    QStandardItemModel *m_rows;
    QSortFilterProxyModel *m_shown;
    QList<core::ModelChoice> m_models; //!< A row each.
    bool m_isFilling = false;          //!< It is not the user who changes rows.
    bool m_knowsAbilities = false;     //!< Of any model.
};

} // namespace ui
