#pragma once

#include "core/client/modellists.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QStandardItem;
class QStandardItemModel;
class QTableView;

namespace ui {

class PillButton;

//! The names that the user gave to models at a service, and which model each stands for: edited in
//! place, saved when a cell is left. UI thread.
class DeploymentTable final : public QWidget
{
    Q_OBJECT
public:
    DeploymentTable(const ThemeSource &theme, core::ModelLists &lists, QWidget *parent = nullptr);

    void show(const QString &provider);

private:
    void build();
    void dress();
    void refresh();
    void fill(const QList<core::Deployment> &deployments);
    void append(const core::Deployment &deployment);
    void takeEdit(const QStandardItem *item);
    void save();
    void add();
    void removeCurrent();
    [[nodiscard]] QList<core::Deployment> rows() const; //!< As they stand, also half written ones.

    const ThemeSource &m_theme;
    core::ModelLists &m_lists;
    QString m_provider;
    QStandardItemModel *m_rows;
    QTableView *m_view;
    PillButton *m_add;
    PillButton *m_remove;
    bool m_isFilling = false;
};

} // namespace ui
