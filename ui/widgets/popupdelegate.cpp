#include "ui/widgets/popupdelegate.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QPainter>
#include <QStyle>

#include <utility>

namespace ui {

namespace {

constexpr int Inset = 10;
constexpr int Above = 6; //!< And below the two lines of a row, in all 14.
constexpr int Around = 14;
constexpr int Gap = 12;

int role(PopupRole of)
{
    return static_cast<int>(of);
}

QString textAt(const QModelIndex &index, PopupRole of)
{
    return index.data(role(of)).toString();
}

} // namespace

//! A part of a row, counted from the left; a mirrored window has all of it the other way round.
struct PopupDelegate::Line
{
    QRect row;
    Qt::LayoutDirection direction;
    QRect rect;

    [[nodiscard]] QRect placed(const QRect &of) const
    {
        return QStyle::visualRect(direction, row, of);
    }
    //! \p side in a window that is not mirrored.
    void draw(QPainter &painter, Qt::AlignmentFlag side, const QString &text) const
    {
        const bool isLeft = (side == Qt::AlignLeft) != (direction == Qt::RightToLeft);
        painter.drawText(placed(rect),
                         static_cast<int>(isLeft ? Qt::AlignLeft : Qt::AlignRight) |
                             Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine,
                         text);
    }
};

PopupItem::PopupItem(PopupRow row, bool isFree)
    : m_row(std::move(row))
    , m_isFree(isFree)
{
}

void PopupItem::setRow(const PopupRow &row)
{
    m_row = row;
    emitDataChanged();
}

QString PopupItem::said() const
{
    const QString right = shownName(m_row.right);
    QStringList said{shownName(m_row.title), shownName(m_row.detail)};
    said += m_row.rightMeans.isEmpty() || right.isEmpty()
                ? right
                : m_row.rightMeans + QLatin1Char(' ') + right;
    said += shownName(m_row.state);
    if (m_row.starred == true)
        said += PopupDelegate::tr("favourite");
    said.removeAll(QString());
    return said.join(QStringLiteral(", "));
}

QVariant PopupItem::data(int of) const
{
    switch (of) {
    case Qt::DisplayRole:
        return shownName(m_row.title);
    case Qt::AccessibleTextRole:
        return said();
    case static_cast<int>(PopupRole::Id):
        return m_row.id;
    case static_cast<int>(PopupRole::Detail):
        return shownName(m_row.detail);
    case static_cast<int>(PopupRole::Right):
        return shownName(m_row.right);
    case static_cast<int>(PopupRole::State):
        return shownName(m_row.state);
    case static_cast<int>(PopupRole::Alerts):
        return m_row.alerts;
    case static_cast<int>(PopupRole::Starred):
        return m_row.starred ? QVariant(*m_row.starred) : QVariant();
    case static_cast<int>(PopupRole::Dot):
        return m_row.dot;
    case static_cast<int>(PopupRole::IsFree):
        return m_isFree;
    default:
        return QStandardItem::data(of);
    }
}

PopupDelegate::PopupDelegate(const ThemeSource &theme, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QRect PopupDelegate::starPlace(const QRect &row, Qt::LayoutDirection direction) const
{
    const int side = QFontMetrics(m_theme.theme().chrome).height();
    const int width = side + Inset;
    return QStyle::visualRect(direction, row,
                              {row.right() + 1 - width, row.top(), width, row.height()});
}

QSize PopupDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const int small = QFontMetrics(m_theme.theme().small).height();
    if (index.data(role(PopupRole::IsHead)).toBool())
        return {0, small + Around};
    const int chrome = QFontMetrics(m_theme.theme().chrome).height();
    return {0,
            textAt(index, PopupRole::Detail).isEmpty() ? chrome + Around : chrome + small + Around};
}

void PopupDelegate::paintHead(QPainter &painter, const Line &line, const QString &text) const
{
    painter.setFont(m_theme.theme().small);
    painter.setPen(m_theme.theme().muted);
    Line below = line;
    below.rect.setTop(below.rect.top() + Above);
    below.draw(painter, Qt::AlignLeft, text);
}

//! An empty one stands only where it can be filled next: the list stays calm.
void PopupDelegate::paintStar(QPainter &painter, const QStyleOptionViewItem &option,
                              bool isStarred) const
{
    const bool isNear = option.state.testFlag(QStyle::State_Selected) ||
                        option.state.testFlag(QStyle::State_MouseOver);
    if (!isStarred && !isNear)
        return;
    const Theme &theme = m_theme.theme();
    const QRect place = starPlace(option.rect, option.direction);
    const double side = QFontMetrics(theme.chrome).ascent();
    // At its end towards the texts, as they are inset.
    const double left =
        option.direction == Qt::RightToLeft ? place.right() + 1 - side : place.left();
    const QRectF rect(left, place.center().y() + 0.5 - side / 2, side, side);
    paintIcon(painter, rect, isStarred ? QStringLiteral("star-full") : QStringLiteral("star"),
              isStarred ? theme.accent : theme.muted);
}

void PopupDelegate::paintDot(QPainter &painter, Line &line, const QColor &dot) const
{
    constexpr int Side = 8;
    const QRect place = line.placed({line.rect.left(), line.rect.top(), Side, line.rect.height()});
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(dot);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QRectF(place.left(), place.center().y() - 3.5, Side, Side));
    line.rect.setLeft(line.rect.left() + Side + Inset);
}

void PopupDelegate::paintFar(QPainter &painter, Line &line, const QString &text,
                             const QColor &color) const
{
    if (text.isEmpty())
        return;
    painter.setFont(m_theme.theme().small);
    painter.setPen(color);
    line.draw(painter, Qt::AlignRight, text);
    line.rect.setRight(line.rect.right() -
                       QFontMetrics(m_theme.theme().small).horizontalAdvance(text) - Gap);
}

void PopupDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const Theme &theme = m_theme.theme();
    const QFontMetrics chrome(theme.chrome);
    const QFontMetrics small(theme.small);
    Line inner{option.rect, option.direction, option.rect.adjusted(Inset, 0, -Inset, 0)};
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // each text by its first strong letter
    if (index.data(role(PopupRole::IsHead)).toBool()) {
        paintHead(*painter, inner, index.data().toString());
        painter->restore();
        return;
    }
    if (option.state.testFlag(QStyle::State_Selected)) {
        paintBox(*painter, option.rect, theme, theme.selectedRow, QColor(), Theme::ControlRadius,
                 false);
    }
    if (const QVariant starred = index.data(role(PopupRole::Starred)); starred.isValid()) {
        paintStar(*painter, option, starred.toBool());
        inner.rect.setRight(starPlace(option.rect, Qt::LeftToRight).left() - Inset / 2);
    }
    const QString right = textAt(index, PopupRole::Right);
    const QString state = textAt(index, PopupRole::State);
    const QString detail = textAt(index, PopupRole::Detail);
    if (state.isEmpty()) // beside both lines
        paintFar(*painter, inner, right, theme.muted);
    if (const QColor dot = index.data(role(PopupRole::Dot)).value<QColor>(); dot.isValid())
        paintDot(*painter, inner, dot);
    Line line = inner;
    if (!detail.isEmpty()) {
        line.rect.setTop(inner.rect.top() + Above);
        line.rect.setHeight(chrome.height());
        Line below = inner;
        below.rect.setTop(line.rect.bottom() + 1);
        below.rect.setHeight(small.height());
        paintFar(*painter, below, state,
                 index.data(role(PopupRole::Alerts)).toBool() ? theme.warning : theme.muted);
        painter->setFont(theme.small);
        painter->setPen(theme.muted);
        below.draw(*painter, Qt::AlignLeft,
                   small.elidedText(detail, Qt::ElideRight, below.rect.width()));
    }
    if (!state.isEmpty())
        paintFar(*painter, line, right, theme.text);
    painter->setFont(theme.chrome);
    painter->setPen(theme.text);
    line.draw(*painter, Qt::AlignLeft,
              chrome.elidedText(index.data().toString(), Qt::ElideMiddle, line.rect.width()));
    painter->restore();
}

} // namespace ui
