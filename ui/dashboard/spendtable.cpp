#include "ui/dashboard/spendtable.h"

#include "ui/dashboard/spendtablemodel.h"

#include <QHeaderView>
#include <QPainter>

#include <algorithm>

namespace ui {

namespace {

constexpr int Dot = 2 * Theme::Step;
constexpr int Gap = 2 * Theme::Step;

} // namespace

SpendTableDelegate::SpendTableDelegate(const ThemeSource &theme, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void SpendTableDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index) const
{
    const Theme &theme = m_theme.theme();
    const QRect rect = option.rect;
    painter->save();
    painter->fillRect(rect, option.state.testFlag(QStyle::State_Selected) ? theme.selectedRow
                                                                          : theme.card);
    if (index.row() + 1 < index.model()->rowCount())
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.hairline);
    painter->setFont(theme.chrome);
    const bool rightToLeft = option.direction == Qt::RightToLeft;
    if (index.column() == SpendTableModel::Model) {
        paintModel(*painter, rect, index, rightToLeft);
    } else {
        painter->setPen(theme.text);
        const Qt::Alignment trailing = rightToLeft ? Qt::AlignLeft : Qt::AlignRight;
        painter->drawText(rect.adjusted(Gap, 0, -Gap, 0),
                          static_cast<int>(trailing | Qt::AlignAbsolute | Qt::AlignVCenter) |
                              Qt::TextSingleLine | Qt::TextForceLeftToRight,
                          index.data(Qt::DisplayRole).toString());
    }
    painter->restore();
}

void SpendTableDelegate::paintModel(QPainter &painter, const QRect &rect, const QModelIndex &index,
                                    bool rightToLeft) const
{
    const Theme &theme = m_theme.theme();
    const QFontMetrics metrics(theme.chrome);
    const auto mirrored = [&rect, rightToLeft](int x, int width) {
        return QRect(rightToLeft ? rect.right() + 1 - x - width : rect.left() + x, rect.top(),
                     width, rect.height());
    };
    QRect dot = mirrored(Gap, Dot);
    dot.setTop(rect.center().y() - Dot / 2);
    dot.setHeight(Dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.providerColor(index.data(SpendTableModel::ProviderRole).toString()));
    painter.drawEllipse(dot);

    const int start = Gap + Dot + Gap;
    const int room = std::max(0, rect.width() - start - Gap);
    const QString name =
        metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, room);
    const int nameWidth = metrics.horizontalAdvance(name);
    const int flags = static_cast<int>(rightToLeft ? Qt::AlignRight : Qt::AlignLeft) |
                      Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine;
    painter.setPen(theme.text);
    painter.drawText(mirrored(start, nameWidth), flags, name);
    const int rest = room - nameWidth - Gap;
    if (rest > metrics.averageCharWidth() * 4) {
        painter.setPen(theme.muted);
        painter.drawText(
            mirrored(start + nameWidth + Gap, rest), flags,
            metrics.elidedText(index.data(SpendTableModel::ProviderNameRole).toString(),
                               Qt::ElideRight, rest));
    }
}

QSize SpendTableDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QFontMetrics metrics(m_theme.theme().chrome);
    const int height = metrics.height() + 3 * Theme::Step;
    const int width = metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString());
    return {width + 2 * Gap, height};
}

SpendTable::SpendTable(const ThemeSource &theme, QWidget *parent)
    : QTableView(parent)
    , m_theme(theme)
{
    setItemDelegate(new SpendTableDelegate(theme, this));
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollMode(ScrollPerPixel);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    connect(&theme, &ThemeSource::changed, this, &SpendTable::dress);
    dress();
}

void SpendTable::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    QHeaderView *header = horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SpendTableModel::Model, QHeaderView::Stretch);
    connect(model, &QAbstractItemModel::modelReset, this, [this] { updateGeometry(); });
    updateGeometry();
}

QSize SpendTable::sizeHint() const
{
    const int rows = model() ? model()->rowCount() : 0;
    return {QTableView::sizeHint().width(), horizontalHeader()->sizeHint().height() +
                                                rows * verticalHeader()->defaultSectionSize()};
}

QSize SpendTable::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

void SpendTable::dress()
{
    const Theme &theme = m_theme.theme();
    const QFontMetrics metrics(theme.chrome);
    setFont(theme.chrome);
    horizontalHeader()->setFont(theme.small);
    horizontalHeader()->setMinimumSectionSize(metrics.averageCharWidth() * 6);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(0);
    verticalHeader()->setDefaultSectionSize(metrics.height() + 3 * Theme::Step);
    updateGeometry();
    viewport()->update();
}

} // namespace ui
