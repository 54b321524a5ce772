#include "ui/shell/sidebardelegate.h"

#include "ui/shell/sidebarmodel.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/painting.h"

#include <QLineEdit>
#include <QPainter>

namespace ui {

namespace {

constexpr int DotSize = 8;
constexpr int ColumnsSize = 14; //!< The icon of a comparison.

QColor dotOf(const Theme &theme, const QModelIndex &index)
{
    switch (static_cast<Activity>(index.data(SidebarModel::ActivityRole).toInt())) {
    case Activity::Streaming:
        return theme.good;
    case Activity::Waiting:
        return theme.warning;
    case Activity::Unread:
        return theme.accent;
    case Activity::None:
        break;
    }
    return index.data(SidebarModel::FailedRole).toBool() ? theme.error : QColor();
}

} // namespace

SidebarDelegate::SidebarDelegate(const ThemeSource &theme, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QSize SidebarDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QFontMetrics title(m_theme.theme().chrome);
    const QFontMetrics small(m_theme.theme().small);
    const bool isHead = index.data(SidebarModel::IsHeadRole).toBool();
    return {0, isHead ? small.height() + 16 : title.height() + small.height() + 18};
}

//! What has been typed stays while its row changes, as when its answer ends.
void SidebarDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const auto *edit = qobject_cast<QLineEdit *>(editor);
    if (!edit || !edit->isModified())
        QStyledItemDelegate::setEditorData(editor, index);
}

void SidebarDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const Theme &theme = m_theme.theme();
    const QRect inner = option.rect.adjusted(8, 0, -8, 0);
    painter->save();
    if (index.data(SidebarModel::IsHeadRole).toBool()) {
        QFont font = theme.small;
        font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(theme.muted);
        painter->drawText(inner.adjusted(0, 6, 0, 0), Qt::AlignVCenter | Qt::AlignLeading,
                          index.data().toString());
        painter->restore();
        return;
    }
    if (option.state.testFlag(QStyle::State_Selected)) {
        paintBox(*painter, option.rect.adjusted(0, 1, 0, -1), theme, theme.selectedRow, QColor(),
                 Theme::ControlRadius, option.state.testFlag(QStyle::State_HasFocus));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        paintBox(*painter, option.rect.adjusted(0, 1, 0, -1), theme, theme.userBubble, QColor(),
                 Theme::ControlRadius, false);
    }
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // each text by its first strong letter
    const QFontMetrics titleMetrics(theme.chrome);
    const QFontMetrics smallMetrics(theme.small);
    const bool mirrored = option.direction == Qt::RightToLeft;
    const auto place = [&](const QRect &rect) {
        return QStyle::visualRect(option.direction, inner, rect);
    };
    QRect title(inner.left(), inner.top() + 8, inner.width(), titleMetrics.height());
    const QRect below(inner.left(), title.bottom() + 2, inner.width(), smallMetrics.height());
    if (index.data(SidebarModel::ComparisonRole).toBool()) {
        const int side = m_theme.widthForText(ColumnsSize);
        const QRect icon(title.left(), title.top() + (title.height() - side) / 2, side, side);
        paintIcon(*painter, place(icon), QStringLiteral("columns"), theme.text);
        title.setLeft(title.left() + side + 6);
    }
    if (const QColor dot = dotOf(theme, index); dot.isValid()) {
        const QRect spot(title.right() - DotSize + 1, title.top() + (title.height() - DotSize) / 2,
                         DotSize, DotSize);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(dot);
        painter->drawEllipse(place(spot));
        title.setRight(title.right() - DotSize - 6);
    }
    const Qt::Alignment leading = Qt::AlignAbsolute | (mirrored ? Qt::AlignRight : Qt::AlignLeft);
    const int trailing = static_cast<int>(mirrored ? Qt::AlignLeft : Qt::AlignRight) |
                         Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine;
    QFont titleFont = theme.chrome;
    titleFont.setWeight(QFont::Medium);
    painter->setFont(titleFont);
    painter->setPen(theme.text);
    paintElided(*painter, place(title), leading, index.data().toString(), Qt::ElideRight);
    painter->setFont(theme.small);
    painter->setPen(theme.muted);
    const QString cost = index.data(SidebarModel::CostRole).toString();
    const int costWidth = smallMetrics.horizontalAdvance(cost);
    painter->drawText(place(below), trailing | Qt::TextForceLeftToRight, cost);
    const QRect model = below.adjusted(0, 0, -costWidth - 8, 0);
    paintElided(*painter, place(model), leading, index.data(SidebarModel::DetailRole).toString(),
                Qt::ElideMiddle);
    painter->restore();
}

} // namespace ui
