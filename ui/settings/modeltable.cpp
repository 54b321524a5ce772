#include "ui/settings/modeltable.h"

#include "ui/settings/formrows.h"
#include "ui/settings/pricetexts.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QCoreApplication>
#include <QHash>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>

namespace ui {

namespace {

constexpr int FilterRole = Qt::UserRole;
constexpr int MostRows = 14;
constexpr int LeastNameWidth = 150;
enum Column { Name, Takes, Context, Input, Cached, Output, PriceFrom, ColumnCount };
//! Those that a narrow table does without, the first first.
constexpr Column Dispensable[] = {PriceFrom, Takes, Cached, Context};

QStandardItem *figure(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::ModelTable", text);
}

//! What the service itself says that \p model takes; empty: it says nothing.
QString takesText(const core::ModelChoice &model)
{
    QStringList takes;
    if (model.images == true)
        takes.append(translated("images"));
    if (model.documents == true)
        takes.append(translated("documents"));
    if (model.tools == true)
        takes.append(translated("tools"));
    if (model.reasoning == true)
        takes.append(translated("reasoning"));
    const bool isSilent = !model.images && !model.documents && !model.tools && !model.reasoning;
    return takes.isEmpty() && !isSilent ? translated("text only")
                                        : takes.join(QStringLiteral(", "));
}

QString originText(core::PriceOrigin origin)
{
    switch (origin) {
    case core::PriceOrigin::Nowhere:
        return {};
    case core::PriceOrigin::Catalogue:
        return translated("catalogue");
    case core::PriceOrigin::OtherProvider:
        return translated("its maker's");
    case core::PriceOrigin::User:
        return translated("your own");
    }
    return {};
}

QString orDash(const QString &text)
{
    return text.isEmpty() ? QStringLiteral("–") : text;
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
    setStyleSheet(tableCells());
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    connect(m_rows, &QStandardItemModel::itemChanged, this, [this](const QStandardItem *item) {
        if (!m_isFilling && item->column() == Name)
            Q_EMIT wantedChanged(m_models.at(item->row()).target.model,
                                 item->checkState() == Qt::Checked);
    });
    connect(&theme, &ThemeSource::changed, this, &ModelTable::dress);
    dress();
}

//! A tick alone leaves the rows, and who reads them, where they are.
void ModelTable::setModels(const QList<core::ModelChoice> &models)
{
    const auto ticked = [](QList<core::ModelChoice> all) {
        for (core::ModelChoice &model : all)
            model.wanted = true;
        return all;
    };
    const bool same = m_rows->columnCount() == ColumnCount && ticked(models) == ticked(m_models);
    m_models = models;
    m_isFilling = true;
    if (!same)
        fill();
    tick();
    m_isFilling = false;
}

void ModelTable::tick()
{
    for (int row = 0; row < m_rows->rowCount(); ++row)
        m_rows->item(row, Name)->setCheckState(m_models.at(row).wanted ? Qt::Checked
                                                                       : Qt::Unchecked);
}

void ModelTable::fill()
{
    m_rows->clear();
    m_rows->setHorizontalHeaderLabels({tr("Model"), tr("Takes"), tr("Context"), tr("Input $/M"),
                                       tr("Cached"), tr("Output $/M"), tr("Price from")});
    m_rows->horizontalHeaderItem(Name)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = Context; column < ColumnCount; ++column)
        m_rows->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_knowsAbilities = false;
    QHash<QString, int> named;
    for (const core::ModelChoice &model : std::as_const(m_models))
        ++named[model.name];
    for (const core::ModelChoice &model : std::as_const(m_models)) {
        // Two of one name are told apart by their ids.
        const bool unique = !model.name.isEmpty() && named.value(model.name) == 1;
        auto *name = new QStandardItem(shownName(unique ? model.name : model.target.model));
        name->setData(model.name + QLatin1Char(' ') + model.target.model, FilterRole);
        name->setCheckable(true);
        const QString takes = takesText(model);
        m_knowsAbilities = m_knowsAbilities || !takes.isEmpty();
        m_rows->appendRow({name, figure(orDash(takes)),
                           figure(model.contextTokens ? shortCountText(*model.contextTokens)
                                                      : QStringLiteral("–")),
                           figure(rateText(model.inputPerMillion)),
                           figure(rateText(model.cachedPerMillion)),
                           figure(rateText(model.outputPerMillion)),
                           figure(orDash(originText(model.priceFrom)))});
    }
    QHeaderView *header = horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(Name, QHeaderView::Stretch);
    chooseColumns();
    updateGeometry();
}

void ModelTable::chooseColumns()
{
    for (const Column column : Dispensable)
        setColumnHidden(column, false);
    const auto widthOf = [this](int column) {
        return std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column));
    };
    int width = 0;
    for (int column = Takes; column < ColumnCount; ++column)
        width += widthOf(column);
    const auto drop = [&](Column column) {
        width -= widthOf(column);
        setColumnHidden(column, true);
    };
    if (!m_knowsAbilities)
        drop(Takes);
    for (const Column column : Dispensable) {
        if (!isColumnHidden(column) && viewport()->width() - width < LeastNameWidth)
            drop(column);
    }
}

void ModelTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    if (m_rows->columnCount() == ColumnCount)
        chooseColumns();
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
