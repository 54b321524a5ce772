#include "ui/widgets/filterpopup.h"

#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

enum Role { IdRole = Qt::UserRole, DetailRole, RightRole, DotRole, IsHeadRole, IsFreeRole };

constexpr QSize UsualSize(560, 420);

//! Draws rows and heads of the popup as plain text.
class PopupDelegate final : public QStyledItemDelegate
{
public:
    PopupDelegate(const ThemeSource &theme, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &,
                                 const QModelIndex &index) const override
    {
        const int chrome = QFontMetrics(m_theme.theme().chrome).height();
        const int small = QFontMetrics(m_theme.theme().small).height();
        if (index.data(IsHeadRole).toBool()) {
            return {0, small + 14};
        }
        return {0, index.data(DetailRole).toString().isEmpty() ? chrome + 14 : chrome + small + 14};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Theme &theme = m_theme.theme();
        QRect inner = option.rect.adjusted(10, 0, -10, 0);
        painter->save();
        if (index.data(IsHeadRole).toBool()) {
            painter->setFont(theme.small);
            painter->setPen(theme.muted);
            painter->drawText(inner.adjusted(0, 6, 0, 0), Qt::AlignVCenter | Qt::AlignLeading,
                              index.data().toString());
            painter->restore();
            return;
        }
        if (option.state.testFlag(QStyle::State_Selected)) {
            paintBox(*painter, option.rect, theme, theme.selectedRow, QColor(),
                     Theme::ControlRadius, false);
        }
        const QString right = index.data(RightRole).toString();
        const QFontMetrics small(theme.small);
        painter->setFont(theme.small);
        painter->setPen(theme.muted);
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine, right);
        inner.setRight(inner.right() - small.horizontalAdvance(right) - 12);
        if (const QColor dot = index.data(DotRole).value<QColor>(); dot.isValid()) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setBrush(dot);
            painter->setPen(Qt::NoPen);
            painter->drawEllipse(QRectF(inner.left(), inner.center().y() - 3.5, 8, 8));
            inner.setLeft(inner.left() + 18);
        }
        const QString detail = index.data(DetailRole).toString();
        QRect line = inner;
        if (!detail.isEmpty()) {
            line.setTop(inner.top() + 6);
            line.setHeight(QFontMetrics(theme.chrome).height());
            painter->setPen(theme.muted);
            const QRect below(inner.left(), line.bottom() + 1, inner.width(), small.height());
            painter->drawText(below, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                              small.elidedText(detail, Qt::ElideRight, below.width()));
        }
        painter->setFont(theme.chrome);
        painter->setPen(theme.text);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          QFontMetrics(theme.chrome)
                              .elidedText(index.data().toString(), Qt::ElideMiddle, line.width()));
        painter->restore();
    }

private:
    const ThemeSource &m_theme;
};

bool matches(const PopupRow &row, const QStringList &words)
{
    const QString all = row.title + QLatin1Char(' ') + row.detail + QLatin1Char(' ') + row.search;
    return std::all_of(words.begin(), words.end(), [&all](const QString &word) {
        return all.contains(word, Qt::CaseInsensitive);
    });
}

//! A line that cannot be chosen.
QStandardItem *headItem(const QString &text)
{
    auto *head = new QStandardItem(text);
    head->setData(true, IsHeadRole);
    head->setFlags(Qt::NoItemFlags);
    return head;
}

} // namespace

FilterPopup::FilterPopup(const ThemeSource &theme, QWidget *parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_theme(theme)
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_model(new QStandardItemModel(this))
{
    setFrameShape(QFrame::NoFrame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    setFocusProxy(m_field);
    m_field->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PopupDelegate(theme, m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(m_list, &QListView::clicked, this, &FilterPopup::take);
    connect(m_field, &QLineEdit::textChanged, this, [this] {
        m_found.clear();
        refill();
        Q_EMIT
        queryChanged(query());
    });
}

void FilterPopup::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_theme.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.card);
    painter.setPen(theme.controlBorder);
    painter.drawRect(
        rect().adjusted(0, 0, -1, -1)); // a popup is a window of its own: no round corners
}

void FilterPopup::setPlaceholder(const QString &text)
{
    m_field->setPlaceholderText(text);
    m_field->setAccessibleName(text);
}

void FilterPopup::setRows(const QList<PopupRow> &rows, const QString &current)
{
    m_rows = rows;
    m_current = current;
    refill();
}

void FilterPopup::setFoundRows(const QString &query, const QList<PopupRow> &rows)
{
    if (query == this->query()) {
        m_found = rows;
        m_foundFor = query;
        refill();
    }
}

void FilterPopup::setFreeEntry(const QString &text)
{
    m_freeEntry = text;
    refill();
}

QString FilterPopup::query() const
{
    return m_field->text().trimmed();
}

QStringList FilterPopup::shownIds() const
{
    QStringList ids;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        if (!index.data(IsHeadRole).toBool() && !index.data(IsFreeRole).toBool()) {
            ids << index.data(IdRole).toString();
        }
    }
    return ids;
}

void FilterPopup::append(const PopupRow &row, QString &section)
{
    if (row.section != section) {
        section = row.section;
        m_model->appendRow(headItem(shownName(section)));
    }
    auto *item = new QStandardItem(shownName(row.title));
    item->setData(row.id, IdRole);
    item->setData(shownName(row.detail), DetailRole);
    item->setData(shownName(row.right), RightRole);
    item->setData(row.dot, DotRole);
    m_model->appendRow(item);
}

void FilterPopup::refill()
{
    m_model->clear();
    const QStringList words = query().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QString section;
    for (const PopupRow &row : std::as_const(m_rows)) {
        if (matches(row, words) && !(row.onlyFound && words.isEmpty())) {
            append(row, section);
        }
    }
    for (const PopupRow &row : std::as_const(m_found)) {
        append(row, section);
    }
    if (!m_freeEntry.isEmpty() && !query().isEmpty()) {
        auto *item = new QStandardItem(m_freeEntry.arg(isolatedName(query())));
        item->setData(true, IsFreeRole);
        m_model->appendRow(item);
    }
    if (m_model->rowCount() == 0 && m_foundFor == query() && !words.isEmpty())
        m_model->appendRow(headItem(tr("Nothing found")));
    m_list->setCurrentIndex({});
    move(1);
    if (m_current.isEmpty() || !words.isEmpty())
        return;
    const QModelIndexList current =
        m_model->match(m_model->index(0, 0), IdRole, m_current, 1, Qt::MatchExactly);
    if (!current.isEmpty())
        m_list->setCurrentIndex(current.constFirst());
}

void FilterPopup::move(int step)
{
    int row = m_list->currentIndex().isValid() ? m_list->currentIndex().row() : -1;
    for (row += step; row >= 0 && row < m_model->rowCount(); row += step) {
        const QModelIndex index = m_model->index(row, 0);
        if (!index.data(IsHeadRole).toBool()) {
            m_list->setCurrentIndex(index);
            return;
        }
    }
}

void FilterPopup::take(const QModelIndex &index)
{
    if (!index.isValid() || index.data(IsHeadRole).toBool()) {
        return;
    }
    const bool isFree = index.data(IsFreeRole).toBool();
    const QString value = isFree ? query() : index.data(IdRole).toString();
    hide();
    if (isFree) {
        Q_EMIT
        freeEntryChosen(value);
    } else {
        Q_EMIT
        chosen(value);
    }
}

bool FilterPopup::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress) {
        return QFrame::eventFilter(watched, event);
    }
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        take(m_list->currentIndex());
        return true;
    case Qt::Key_Escape:
        hide();
        return true;
    default:
        return QFrame::eventFilter(watched, event);
    }
}

QSize FilterPopup::popupSize() const
{
    return {m_theme.widthForText(UsualSize.width()), UsualSize.height()};
}

void FilterPopup::openAbove(const QWidget *anchor)
{
    constexpr int Gap = 4;
    const QRect screen = anchor->screen()->availableGeometry();
    const QPoint top = anchor->mapToGlobal(QPoint(0, 0));
    const int below = top.y() + anchor->height() + Gap;
    const int roomAbove = top.y() - Gap - screen.top();
    const int roomBelow = screen.bottom() + 1 - below;
    // Where it is whole, else where more of it is: low screens have neither.
    const QSize wanted = popupSize();
    const bool above = roomAbove >= wanted.height() || roomAbove >= roomBelow;
    const QSize size = wanted.boundedTo({screen.width(), above ? roomAbove : roomBelow});
    const int left = std::clamp(top.x(), screen.left(), screen.right() + 1 - size.width());
    start(size, {left, above ? top.y() - Gap - size.height() : below});
}

void FilterPopup::openOver(const QWidget *window)
{
    const QSize wanted = popupSize().boundedTo({window->width(), window->height()});
    const int x = (window->width() - wanted.width()) / 2;
    const QPoint at = window->mapToGlobal(QPoint(x, window->height() / 8));
    const int room = window->screen()->availableGeometry().bottom() + 1 - at.y();
    start(wanted.boundedTo({wanted.width(), room}), at);
}

void FilterPopup::start(QSize size, QPoint at)
{
    m_field->clear();
    refill();
    setGeometry(QRect(at, size));
    show();
    m_list->scrollTo(m_list->currentIndex(), QAbstractItemView::PositionAtCenter);
    m_field->setFocus(Qt::PopupFocusReason);
}

} // namespace ui
