#include "ui/conversation/figuretable.h"

#include "ui/widgets/plaintext.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace ui {

namespace {

constexpr int ColumnGap = 3 * Theme::Step;

//! Text to the edges, a hairline under each row.
class FigureDelegate final : public QStyledItemDelegate
{
public:
    FigureDelegate(const ThemeSource &theme, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &,
                                 const QModelIndex &index) const override
    {
        const QFontMetrics metrics(fontOf(index));
        const int gap = index.column() == 0 ? 0 : ColumnGap;
        if (isTotal(index)) // has the whole row
            return {gap, metrics.height() + 9};
        const QString head = index.model()->headerData(index.column(), Qt::Horizontal).toString();
        const int wide = std::max(metrics.horizontalAdvance(index.data().toString()),
                                  metrics.horizontalAdvance(head));
        return {wide + gap + 1, metrics.height() + 9};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Theme &theme = m_theme.theme();
        const bool last = index.row() + 1 == index.model()->rowCount();
        painter->save();
        painter->setFont(fontOf(index));
        painter->setPen(theme.text);
        const bool leading = index.column() == 0;
        const QRect room = option.rect.adjusted(0, 0, 0, last ? 0 : -1);
        drawIn(*painter, room, index.data().toString(),
               leading != (option.direction == Qt::RightToLeft),
               leading ? 0 : Qt::TextForceLeftToRight);
        if (isTotal(index) && leading)
            drawIn(*painter, room, index.siblingAtColumn(1).data().toString(),
                   option.direction == Qt::RightToLeft, Qt::TextForceLeftToRight);
        if (!last)
            painter->fillRect(
                QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                theme.hairline);
        painter->restore();
    }

private:
    static void drawIn(QPainter &painter, const QRect &room, const QString &text, bool left,
                       int direction)
    {
        painter.drawText(room,
                         static_cast<int>(left ? Qt::AlignLeft : Qt::AlignRight) |
                             Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine | direction,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
    }
    [[nodiscard]] static bool isTotal(const QModelIndex &index)
    {
        return index.data(Qt::UserRole).toBool();
    }
    [[nodiscard]] QFont fontOf(const QModelIndex &index) const
    {
        QFont font = m_theme.theme().chrome;
        font.setPixelSize(QFontInfo(font).pixelSize() - 1);
        if (isTotal(index))
            font.setWeight(QFont::DemiBold);
        return font;
    }

    const ThemeSource &m_theme;
};

} // namespace

FigureTable::FigureTable(const ThemeSource &theme, const QString &name, QWidget *parent)
    : QTableWidget(parent)
    , m_theme(theme)
{
    setAccessibleName(name);
    setItemDelegate(new FigureDelegate(theme, this));
    setShowGrid(false);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(NoSelection);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setMinimumSectionSize(1);
    dress();
    connect(&theme, &ThemeSource::changed, this, &FigureTable::dress);
}

void FigureTable::setTable(const QStringList &heads, const QList<QStringList> &rows, LastRow last)
{
    setColumnCount(static_cast<int>(heads.size()));
    setRowCount(static_cast<int>(rows.size()));
    for (int column = 0; column < heads.size(); ++column) {
        auto *head = new QTableWidgetItem(heads.at(column));
        head->setTextAlignment(column == 0 ? Qt::AlignLeading | Qt::AlignVCenter
                                           : Qt::AlignTrailing | Qt::AlignVCenter);
        setHorizontalHeaderItem(column, head);
        horizontalHeader()->setSectionResizeMode(
            column, column == 0 ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    }
    for (int row = 0; row < rows.size(); ++row) {
        for (int column = 0; column < heads.size(); ++column) {
            auto *item = new QTableWidgetItem(shownName(rows.at(row).value(column)));
            item->setData(Qt::UserRole, last == LastRow::Total && row + 1 == rows.size());
            setItem(row, column, item);
        }
    }
    clearSpans();
    if (last == LastRow::Total)
        setSpan(static_cast<int>(rows.size()) - 1, 0, 1, static_cast<int>(heads.size()));
    resizeRowsToContents();
    updateGeometry();
}

QSize FigureTable::sizeHint() const
{
    int height =
        horizontalHeader()->isVisibleTo(this) ? horizontalHeader()->sizeHint().height() : 0;
    for (int row = 0; row < rowCount(); ++row)
        height += rowHeight(row);
    return {200, height};
}

QSize FigureTable::minimumSizeHint() const
{
    return {60, sizeHint().height()};
}

void FigureTable::dress()
{
    const Theme &theme = m_theme.theme();
    setStyleSheet(QStringLiteral("QTableView { background: transparent; border: none; }"
                                 "QHeaderView { background: transparent; }"
                                 "QHeaderView::section { background: transparent; color: %1; "
                                 "border: none; border-bottom: 1px solid %2; padding: 4px 0 5px "
                                 "10px; font-size: %3px; }"
                                 "QHeaderView::section:first { padding-left: 0; }")
                      .arg(theme.muted.name(), theme.hairline.name())
                      .arg(QFontInfo(theme.small).pixelSize()));
    resizeRowsToContents();
    updateGeometry();
}

} // namespace ui
