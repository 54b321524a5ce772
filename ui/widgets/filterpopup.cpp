#include "ui/widgets/filterpopup.h"

#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/popupdelegate.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMouseEvent>
#include <QPainter>
#include <QScreen>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr QSize UsualSize(640, 440);

bool isSet(const QModelIndex &index, PopupRole role)
{
    return index.data(static_cast<int>(role)).toBool();
}

bool isHead(const QModelIndex &index)
{
    return isSet(index, PopupRole::IsHead);
}

QString idOf(const QModelIndex &index)
{
    return index.data(static_cast<int>(PopupRole::Id)).toString();
}

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
    head->setData(true, static_cast<int>(PopupRole::IsHead));
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
    , m_delegate(new PopupDelegate(theme, this))
    , m_foot(new PlainLabel(theme, TextRole::Small, {}, this))
{
    setFrameShape(QFrame::NoFrame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    column->addWidget(m_foot);
    m_foot->setContentsMargins(10, 0, 10, 0); // as the rows
    m_foot->hide();
    setFocusProxy(m_field);
    m_field->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(m_delegate);
    m_list->viewport()->setAttribute(Qt::WA_Hover);
    m_list->viewport()->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(m_list, &QListView::clicked, this, &FilterPopup::take);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FilterPopup::tellCurrent);
    connect(m_list->verticalScrollBar(), &QAbstractSlider::valueChanged, this,
            &FilterPopup::tellSeenSoon);
    connect(m_list->verticalScrollBar(), &QAbstractSlider::rangeChanged, this,
            &FilterPopup::tellSeenSoon);
    m_seen.setSingleShot(true);
    m_seen.setInterval(0);
    connect(&m_seen, &QTimer::timeout, this, &FilterPopup::tellSeen);
    connect(m_field, &QLineEdit::textChanged, this, [this] {
        m_found.clear();
        refill();
        Q_EMIT queryChanged(query());
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

void FilterPopup::setFreeRows(FreeRows rows)
{
    m_freeRows = std::move(rows);
    refill();
}

void FilterPopup::setFoot(const QString &text)
{
    m_foot->setText(text);
    m_foot->setVisible(!text.isEmpty());
}

void FilterPopup::setRow(const PopupRow &row)
{
    const auto known = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&row](const PopupRow &one) { return one.id == row.id; });
    if (known == m_rows.end() || *known == row)
        return;
    *known = row;
    for (int at = 0; at < m_model->rowCount(); ++at) {
        if (idOf(m_model->index(at, 0)) != row.id)
            continue;
        static_cast<PopupItem *>(m_model->item(at))->setRow(row);
        if (at == m_list->currentIndex().row())
            tellCurrent();
        return;
    }
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
        if (!isHead(index) && !isSet(index, PopupRole::IsFree)) {
            ids << idOf(index);
        }
    }
    return ids;
}

void FilterPopup::append(QList<QStandardItem *> &items, const PopupRow &row, QString &section,
                         bool isFree)
{
    if (row.section != section) {
        section = row.section;
        if (!section.isEmpty())
            items.append(headItem(shownName(section)));
    }
    items.append(new PopupItem(row, isFree));
}

void FilterPopup::refill()
{
    m_model->clear();
    const QStringList words = query().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QList<QStandardItem *> items;
    QString section;
    for (const PopupRow &row : std::as_const(m_rows)) {
        if (matches(row, words) && !(row.onlyFound && words.isEmpty())) {
            append(items, row, section);
        }
    }
    for (const PopupRow &row : std::as_const(m_found)) {
        append(items, row, section);
    }
    if (m_freeRows && !words.isEmpty()) {
        for (const PopupRow &row : m_freeRows(query())) {
            append(items, row, section, true);
        }
    }
    if (items.isEmpty() && m_foundFor == query() && !words.isEmpty())
        items.append(headItem(tr("Nothing found")));
    m_model->invisibleRootItem()->appendRows(items); // at once: the view hears of it once
    chooseFirst();
    tellSeenSoon();
}

void FilterPopup::chooseFirst()
{
    m_list->setCurrentIndex({});
    move(1);
    tellCurrent();
    if (m_current.isEmpty() || !query().isEmpty())
        return;
    const QModelIndexList current = m_model->match(
        m_model->index(0, 0), static_cast<int>(PopupRole::Id), m_current, 1, Qt::MatchExactly);
    if (!current.isEmpty())
        m_list->setCurrentIndex(current.constFirst());
}

//! The field keeps the focus, so its description is what a screen reader hears of the list.
void FilterPopup::tellCurrent()
{
    m_field->setAccessibleDescription(
        m_list->currentIndex().data(Qt::AccessibleTextRole).toString());
}

void FilterPopup::tellSeenSoon()
{
    if (isVisible() && !m_seen.isActive())
        m_seen.start();
}

void FilterPopup::tellSeen()
{
    const QRect seen = m_list->viewport()->rect();
    QStringList ids;
    QModelIndex index = m_list->indexAt(QPoint(seen.center().x(), seen.top()));
    for (; index.isValid() && m_list->visualRect(index).top() <= seen.bottom();
         index = index.siblingAtRow(index.row() + 1)) {
        if (!isHead(index))
            ids.append(idOf(index));
    }
    if (!ids.isEmpty())
        Q_EMIT rowsSeen(ids);
}

void FilterPopup::toggleStar(const QModelIndex &index)
{
    if (const QVariant starred = index.data(static_cast<int>(PopupRole::Starred));
        starred.isValid())
        Q_EMIT starToggled(idOf(index), !starred.toBool());
}

void FilterPopup::move(int step)
{
    int row = m_list->currentIndex().isValid() ? m_list->currentIndex().row() : -1;
    for (row += step; row >= 0 && row < m_model->rowCount(); row += step) {
        const QModelIndex index = m_model->index(row, 0);
        if (!isHead(index)) {
            m_list->setCurrentIndex(index);
            return;
        }
    }
}

void FilterPopup::take(const QModelIndex &index)
{
    if (!index.isValid() || isHead(index)) {
        return;
    }
    const QString id = idOf(index);
    hide();
    Q_EMIT chosen(id);
}

//! A press on a star is the star's, with its release: the row is not taken.
bool FilterPopup::takesMouse(const QEvent &event)
{
    const bool isPress =
        event.type() == QEvent::MouseButtonPress || event.type() == QEvent::MouseButtonDblClick;
    if (!isPress && event.type() != QEvent::MouseButtonRelease)
        return false;
    const auto &mouse = static_cast<const QMouseEvent &>(event);
    const QPoint at = mouse.position().toPoint();
    const QModelIndex index = m_list->indexAt(at);
    const bool isOnStar =
        mouse.button() == Qt::LeftButton &&
        index.data(static_cast<int>(PopupRole::Starred)).isValid() &&
        m_delegate->starPlace(m_list->visualRect(index), m_list->layoutDirection()).contains(at);
    if (!isPress)
        return std::exchange(m_isOnStar, false);
    m_isOnStar = isOnStar;
    if (isOnStar)
        toggleStar(index);
    return isOnStar;
}

bool FilterPopup::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list->viewport())
        return takesMouse(*event);
    if (watched != m_field || event->type() != QEvent::KeyPress) {
        return QFrame::eventFilter(watched, event);
    }
    const auto *pressed = static_cast<QKeyEvent *>(event);
    if (pressed->key() == Qt::Key_D && pressed->modifiers() == Qt::ControlModifier) {
        toggleStar(m_list->currentIndex());
        return true;
    }
    switch (pressed->key()) {
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
    constexpr int Distance = 4;
    const QRect screen = anchor->screen()->availableGeometry();
    const QPoint top = anchor->mapToGlobal(QPoint(0, 0));
    const int below = top.y() + anchor->height() + Distance;
    const int roomAbove = top.y() - Distance - screen.top();
    const int roomBelow = screen.bottom() + 1 - below;
    // Over its window, where that has the width.
    const QRect window(anchor->window()->mapToGlobal(QPoint(0, 0)), anchor->window()->size());
    QSize wanted = popupSize();
    if (window.width() >= UsualSize.width())
        wanted.setWidth(std::min(wanted.width(), window.width()));
    // Where it is whole, else where more of it is: low screens have neither.
    const bool above = roomAbove >= wanted.height() || roomAbove >= roomBelow;
    const QSize size = wanted.boundedTo({screen.width(), above ? roomAbove : roomBelow});
    const QRect seen = window.intersected(screen);
    const QRect within = seen.width() >= size.width() ? seen : screen;
    const int wished = anchor->isRightToLeft() ? top.x() + anchor->width() - size.width() : top.x();
    const int left = std::clamp(wished, within.left(), within.right() + 1 - size.width());
    start(size, {left, above ? top.y() - Distance - size.height() : below});
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
    if (m_field->text().isEmpty())
        chooseFirst();
    else
        m_field->clear();
    setGeometry(QRect(at, size));
    show();
    tellSeenSoon();
    m_list->scrollTo(m_list->currentIndex(), QAbstractItemView::PositionAtCenter);
    m_field->setFocus(Qt::PopupFocusReason);
}

} // namespace ui
