#include "ui/settings/modeltable.h"

#include "ui/settings/pricetexts.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QHash>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>

namespace ui {

namespace {

constexpr int FilterRole = Qt::UserRole;
constexpr int MostRows = 14;
enum Column { Name, Context, Input, Output, ColumnCount };

QStandardItem *figure(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

} // namespace

ModelTable::ModelTable(const ThemeSource &theme, QWidget *parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_rows(new QStandardItemModel(this))
    , m_shown(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("modelTable"));
    setAccessibleName(tr("Models"));
    m_rows->setColumnCount(ColumnCount);
    m_shown->setSourceModel(m_rows);
    m_shown->setFilterRole(FilterRole);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    setModel(m_shown);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideMiddle);
    setWordWrap(false); // else ids are cut at a hyphen
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    // The inset of the header's sections, so that heads stand above their columns.
    setStyleSheet(QStringLiteral("QTableView::item { padding: 0 8px; border: none; }"));
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    connect(&theme, &ThemeSource::changed, this, &ModelTable::dress);
    dress();
}

void ModelTable::setModels(const QList<core::ModelChoice> &models)
{
    m_rows->clear();
    m_rows->setHorizontalHeaderLabels(
        {tr("Model"), tr("Context"), tr("Input $/M"), tr("Output $/M")});
    m_rows->horizontalHeaderItem(Name)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = Context; column < ColumnCount; ++column)
        m_rows->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    QHash<QString, int> named;
    for (const core::ModelChoice &model : models)
        ++named[model.name];
    for (const core::ModelChoice &model : models) {
        // Two of one name are told apart by their ids.
        const bool unique = !model.name.isEmpty() && named.value(model.name) == 1;
        auto *name = new QStandardItem(shownName(unique ? model.name : model.target.model));
        name->setData(model.name + QLatin1Char(' ') + model.target.model, FilterRole);
        m_rows->appendRow({name,
                           figure(model.contextTokens ? shortCountText(*model.contextTokens)
                                                      : QStringLiteral("–")),
                           figure(rateText(model.inputPerMillion)),
                           figure(rateText(model.outputPerMillion))});
    }
    QHeaderView *header = horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(Name, QHeaderView::Stretch);
    updateGeometry();
}

void ModelTable::setFilter(const QString &words)
{
    m_shown->setFilterFixedString(words.trimmed());
    updateGeometry();
}

QSize ModelTable::sizeHint() const
{
    const int rows = std::min(MostRows, m_shown->rowCount());
    return {QTableView::sizeHint().width(), horizontalHeader()->sizeHint().height() +
                                                rows * verticalHeader()->defaultSectionSize()};
}

void ModelTable::dress()
{
    const Theme &theme = m_theme.theme();
    setFont(theme.chrome);
    horizontalHeader()->setFont(theme.small);
    verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.chrome).height() + 3 * Theme::Step);
    updateGeometry();
}

} // namespace ui
