#include "ui/settings/deploymenttable.h"

#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"

#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>

#include <algorithm>

namespace ui {

namespace {

enum Column { Name, Model, ColumnCount };
enum Role { LearnedRole = Qt::UserRole };
constexpr int MostRows = 12;

} // namespace

DeploymentTable::DeploymentTable(const ThemeSource &theme, core::ModelLists &lists, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_lists(lists)
    , m_rows(new QStandardItemModel(this))
    , m_view(new QTableView(this))
    , m_add(new PillButton(theme, ButtonLook::Link, tr("Add deployment"), this))
    , m_remove(new PillButton(theme, ButtonLook::Link, tr("Remove"), this))
{
    build();
    connect(m_rows, &QStandardItemModel::itemChanged, this, &DeploymentTable::takeEdit);
    connect(m_add, &QAbstractButton::clicked, this, &DeploymentTable::add);
    connect(m_remove, &QAbstractButton::clicked, this, &DeploymentTable::removeCurrent);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { m_remove->setEnabled(current.isValid()); });
    connect(&lists, &core::ModelLists::changed, this, [this](const QString &provider) {
        if (provider == m_provider)
            refresh();
    });
    connect(&theme, &ThemeSource::changed, this, &DeploymentTable::dress);
    dress();
}

void DeploymentTable::build()
{
    m_view->setObjectName(QStringLiteral("deploymentTable"));
    m_view->setAccessibleName(tr("Deployments"));
    m_view->setModel(m_rows);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setTabKeyNavigation(false);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                            QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    m_view->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_view->setStyleSheet(
        tableCells() +
        QStringLiteral("QTableView QLineEdit { border-radius: 0; padding: 0 5px; }"));
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setSectionsClickable(false);
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_add->setObjectName(QStringLiteral("addDeployment"));
    m_remove->setObjectName(QStringLiteral("removeDeployment"));
    m_remove->setEnabled(false);
    QVBoxLayout *column = fieldColumn(this);
    column->addWidget(m_view);
    QHBoxLayout *row = rowOf({m_add, m_remove});
    row->addStretch(1);
    column->addLayout(row);
    fill({});
}

void DeploymentTable::dress()
{
    const Theme &theme = m_theme.theme();
    m_view->setFont(theme.chrome);
    m_view->horizontalHeader()->setFont(theme.small);
    const int height = QFontMetrics(theme.chrome).height() + 4 * Theme::Step;
    m_view->verticalHeader()->setDefaultSectionSize(height);
    const int shown = std::clamp(m_rows->rowCount(), 1, MostRows);
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height() + shown * height);
}

void DeploymentTable::show(const QString &provider)
{
    m_provider = provider;
    if (!provider.isEmpty())
        fill(m_lists.deployments(provider));
}

void DeploymentTable::refresh()
{
    // Rows that are being written stay: the store knows only whole ones.
    QList<core::Deployment> named = rows();
    named.removeIf([](const core::Deployment &each) { return each.name.isEmpty(); });
    if (const QList<core::Deployment> stored = m_lists.deployments(m_provider); named != stored)
        fill(stored);
}

void DeploymentTable::fill(const QList<core::Deployment> &deployments)
{
    m_isFilling = true;
    m_rows->clear();
    m_rows->setHorizontalHeaderLabels({tr("Deployment"), tr("Model that it stands for")});
    for (const core::Deployment &each : deployments)
        append(each);
    m_isFilling = false;
    m_remove->setEnabled(false);
    dress();
}

void DeploymentTable::append(const core::Deployment &deployment)
{
    auto *model = new QStandardItem(deployment.model);
    model->setData(deployment.learned, LearnedRole);
    m_rows->appendRow({new QStandardItem(deployment.name), model});
}

QList<core::Deployment> DeploymentTable::rows() const
{
    QList<core::Deployment> rows;
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        const QStandardItem *model = m_rows->item(row, Model);
        rows.append({m_rows->item(row, Name)->text().trimmed(), model->text().trimmed(),
                     model->data(LearnedRole).toBool()});
    }
    return rows;
}

void DeploymentTable::takeEdit(const QStandardItem *item)
{
    if (m_isFilling)
        return;
    if (item->column() == Model) {
        m_isFilling = true;
        m_rows->item(item->row(), Model)->setData(false, LearnedRole); // now the user says so
        m_isFilling = false;
    }
    save();
}

void DeploymentTable::save()
{
    m_lists.setDeployments(m_provider, rows());
}

void DeploymentTable::add()
{
    m_isFilling = true;
    append({});
    m_isFilling = false;
    dress();
    const QModelIndex first = m_rows->index(m_rows->rowCount() - 1, Name);
    m_view->setFocus();
    m_view->setCurrentIndex(first);
    m_view->scrollTo(first);
    m_view->edit(first);
}

void DeploymentTable::removeCurrent()
{
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return;
    m_isFilling = true;
    m_rows->removeRow(current.row());
    m_isFilling = false;
    dress();
    save();
}

} // namespace ui
