#include "ui/settings/drilltable.h"

#include "ui/settings/formrows.h"
#include "ui/widgets/plaintext.h"

#include <QHeaderView>
#include <QStandardItemModel>

namespace ui {

namespace {

enum Column { Number, Asked, Status, Outcome, Waited, Took, Cost, ColumnCount };

bool isFigure(int column)
{
    return column == Number || column == Waited || column == Took || column == Cost;
}

} // namespace

DrillTable::DrillTable(const ThemeSource &theme, QWidget *parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("drillAttempts"));
    setAccessibleName(tr("Attempts"));
    setModel(m_model);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideMiddle);
    setWordWrap(false); // or a long name is cut after a whole word
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setStyleSheet(tableCells());
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    connect(&theme, &ThemeSource::changed, this, &DrillTable::dress);
    dress();
}

void DrillTable::setRows(const QList<DrillRow> &rows)
{
    m_rows = rows;
    m_model->clear();
    m_model->setHorizontalHeaderLabels({tr("#"), tr("Asked"), tr("Status"), tr("Outcome"),
                                        tr("Waited"), tr("Took"), tr("Simulated cost")});
    for (int column = 0; column < ColumnCount; ++column)
        m_model->horizontalHeaderItem(column)->setTextAlignment(
            (isFigure(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    for (const DrillRow &row : rows) {
        const QStringList texts{QString::number(m_model->rowCount() + 1),
                                shownName(row.asked),
                                row.status,
                                row.outcome,
                                row.waited,
                                row.took,
                                row.cost};
        QList<QStandardItem *> items;
        for (int column = 0; column < ColumnCount; ++column) {
            auto *item = new QStandardItem(texts.at(column));
            item->setTextAlignment((isFigure(column) ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
            if (column == Outcome)
                item->setForeground(toneColors(m_theme.theme(), row.tone).text);
            items.append(item);
        }
        m_model->appendRow(items);
    }
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(Asked, QHeaderView::Stretch);
    updateGeometry();
}

QSize DrillTable::sizeHint() const
{
    return {QTableView::sizeHint().width(),
            horizontalHeader()->sizeHint().height() +
                m_model->rowCount() * verticalHeader()->defaultSectionSize()};
}

void DrillTable::dress()
{
    const Theme &theme = m_theme.theme();
    setFont(theme.chrome);
    horizontalHeader()->setFont(theme.small);
    verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.chrome).height() + 3 * Theme::Step);
    setRows(m_rows);
}

} // namespace ui
