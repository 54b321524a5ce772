#include "ui/shell/sidebar.h"

#include "ui/shell/placebutton.h"
#include "ui/shell/sidebardelegate.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QGuiApplication>
#include <QListView>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QShortcut>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

//! A click beside the rows leaves the open chat marked.
class RowsView final : public QListView
{
public:
    using QListView::QListView;

protected:
    void mousePressEvent(QMouseEvent *event) override
    {
        if (indexAt(event->position().toPoint()).isValid())
            QListView::mousePressEvent(event);
    }
};

constexpr int Width = 264;
constexpr int Widest = 352; //!< In larger text.
constexpr int Side = 10;
constexpr int RailWidth = 56;
constexpr int RailInset = 2;
constexpr int PlaceGap = 2;

//! The coin in the corner.
class Mark final : public QWidget
{
public:
    explicit Mark(QWidget *parent)
        : QWidget(parent)
    {
        setFixedSize(24, 24);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(painter, rect(), QStringLiteral("farthing"), QColor(Qt::black));
    }
};

} // namespace

Sidebar::Sidebar(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_model(new SidebarModel(this))
    , m_list(new RowsView(this))
    , m_railSpace(new QWidget(this))
    , m_mark(new Mark(this))
    , m_name(new PlainLabel(theme, TextRole::Heading, tr("Farthing"), this))
    , m_new(new PillButton(theme, ButtonLook::Chip, tr("New chat"), this))
    , m_newIcon(new IconButton(theme, QStringLiteral("plus"), tr("New chat"), this))
    , m_searchIcon(new IconButton(theme, QStringLiteral("search"), tr("Search"), this))
    , m_search(new PillButton(theme, ButtonLook::Field, tr("Search chats and commands"), this))
    , m_workspaces(new ChoiceBox(theme, this))
    , m_running(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_stopAll(new PillButton(theme, ButtonLook::Link, tr("Stop all"), this))
    , m_stopIcon(new IconButton(theme, QStringLiteral("stop"), tr("Stop all"), this))
    , m_sessionName(new PlainLabel(theme, TextRole::Muted, tr("This session"), this))
    , m_session(new PlainLabel(theme, TextRole::Strong, QStringLiteral("$0"), this))
    , m_monthName(new PlainLabel(theme, TextRole::Muted, tr("This month"), this))
    , m_month(new PlainLabel(theme, TextRole::Strong, QStringLiteral("$0"), this))
    , m_budget(new BudgetBar(theme, this))
    , m_placesBox(new QWidget(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Side, 12, Side, 12);
    column->setSpacing(8);
    buildHead();
    m_list->setModel(m_model);
    m_list->setItemDelegate(new SidebarDelegate(theme, m_list));
    m_list->setAccessibleName(tr("Chats"));
    m_list->setMouseTracking(true);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setProperty("bare", true);
    column->addWidget(m_list, 1);
    column->addWidget(m_railSpace, 1);
    buildFoot();
    connectParts();
    m_list->setObjectName(QStringLiteral("chatList"));
    m_running->setObjectName(QStringLiteral("runningCount"));
    m_stopAll->setObjectName(QStringLiteral("stopAll"));
    m_stopIcon->setObjectName(QStringLiteral("stopAllIcon"));
    setRail(false);
    updateRunning();
}

void Sidebar::buildHead()
{
    auto *column = qobject_cast<QVBoxLayout *>(layout());
    auto *head = new QHBoxLayout;
    head->setContentsMargins(6, 0, 6, 0);
    head->addWidget(m_mark);
    head->addWidget(m_name, 1);
    head->addWidget(m_new);
    column->addLayout(head);
    m_search->setIconName(QStringLiteral("search"));
    m_search->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    column->addWidget(m_search);
    buildWorkspaces();
    column->addWidget(m_workspaces);
    column->addWidget(m_newIcon, 0, Qt::AlignHCenter);
    column->addWidget(m_searchIcon, 0, Qt::AlignHCenter);
}

void Sidebar::buildFoot()
{
    auto *column = qobject_cast<QVBoxLayout *>(layout());
    m_month->setObjectName(QStringLiteral("monthSpend"));
    constexpr int Inset = 6; // a link button's text has as much by itself
    const auto addPair = [column](QWidget *left, QWidget *right, int after) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(Inset, 0, after, 0);
        row->addWidget(left, 1);
        row->addWidget(right);
        column->addLayout(row);
    };
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    addPair(m_running, m_stopAll, 0);
    column->addWidget(m_stopIcon, 0, Qt::AlignHCenter);
    // A range of simulated money is as wide as the bar: the figure stays whole.
    m_sessionName->setElide(Qt::ElideRight);
    m_monthName->setElide(Qt::ElideRight);
    addPair(m_sessionName, m_session, Inset);
    addPair(m_monthName, m_month, Inset);
    m_budget->setObjectName(QStringLiteral("monthBudget"));
    m_budget->setAccessibleName(tr("Budget of the month"));
    column->addWidget(m_budget);

    const std::pair<QString, QString> places[] = {
        {QStringLiteral("chat"), tr("Chats")},
        {QStringLiteral("columns"), tr("Compare")},
        {QStringLiteral("bars"), tr("Dashboard")},
        {QStringLiteral("gear"), tr("Settings")},
    };
    auto *row = new QBoxLayout(QBoxLayout::LeftToRight, m_placesBox);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(PlaceGap);
    for (const auto &[icon, name] : places) {
        auto *button = new PlaceButton(m_theme, icon, name, m_placesBox);
        const auto place = static_cast<Place>(m_places.size());
        connect(button, &PlaceButton::clicked, this, [this, place] { Q_EMIT placeChosen(place); });
        row->addWidget(button);
        m_places.append(button);
    }
    m_places.first()->setChecked(true);
    column->addWidget(m_placesBox);
}

void Sidebar::connectParts()
{
    connect(m_new, &PillButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_newIcon, &IconButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_search, &PillButton::clicked, this, &Sidebar::searchRequested);
    connect(m_searchIcon, &IconButton::clicked, this, &Sidebar::searchRequested);
    connect(m_stopAll, &PillButton::clicked, this, &Sidebar::stopAllRequested);
    connect(m_model, &SidebarModel::renamed, this, &Sidebar::renamed);
    connect(m_stopIcon, &IconButton::clicked, this, &Sidebar::stopAllRequested);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        // With Ctrl or Shift rows are selected, not opened.
        if (!QGuiApplication::keyboardModifiers().testFlag(Qt::ControlModifier) &&
            !QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier))
            openIndex(index);
    });
    auto *erase = new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut);
    connect(erase, &QShortcut::activated, this, [this] {
        if (const QList<SidebarKey> keys = selected(); !keys.isEmpty())
            Q_EMIT deleteRequested(keys);
    });
    connect(m_list, &QListView::activated, this, &Sidebar::openIndex);
    connect(m_list, &QListView::customContextMenuRequested, this, &Sidebar::showMenu);
    connect(&m_theme, &ThemeSource::changed, this, &Sidebar::dress);
}

void Sidebar::openIndex(const QModelIndex &index)
{
    if (const core::SidebarEntry *entry = m_model->entry(index)) {
        Q_EMIT opened({entry->id, entry->comparison});
    }
}

void Sidebar::showMenu(const QPoint &at)
{
    const QModelIndex index = m_list->indexAt(at);
    const core::SidebarEntry *entry = m_model->entry(index);
    if (entry == nullptr) {
        return;
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("chatMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QList<SidebarKey> keys = selected();
    if (keys.size() > 1 && keys.contains(SidebarKey{entry->id, entry->comparison})) {
        connect(menu->addAction(tr("Archive %1 chats").arg(keys.size())), &QAction::triggered, this,
                [this, keys] { Q_EMIT archiveRequested(keys); });
        addMoveActions(*menu, keys, 0);
        connect(menu->addAction(tr("Delete %1 chats").arg(keys.size())), &QAction::triggered, this,
                [this, keys] { Q_EMIT deleteRequested(keys); });
    } else {
        addRowActions(*menu, *entry);
    }
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

void Sidebar::addRowActions(QMenu &menu, const core::SidebarEntry &entry)
{
    const SidebarKey key{entry.id, entry.comparison};
    const bool pinned = entry.pinned;
    // The list may be filled anew while the menu is open: the key is looked up again.
    connect(menu.addAction(tr("Rename")), &QAction::triggered, this, [this, key] {
        if (const QModelIndex row = m_model->indexOf(key); row.isValid()) {
            m_list->edit(row);
        }
    });
    connect(menu.addAction(pinned ? tr("Unpin") : tr("Pin")), &QAction::triggered, this,
            [this, key, pinned] { Q_EMIT pinRequested(key, !pinned); });
    connect(menu.addAction(tr("Archive")), &QAction::triggered, this,
            [this, key] { Q_EMIT archiveRequested({key}); });
    addMoveActions(menu, {key}, entry.workspaceId);
    connect(menu.addAction(tr("Delete")), &QAction::triggered, this,
            [this, key] { Q_EMIT deleteRequested({key}); });
}

QList<SidebarKey> Sidebar::selected() const
{
    QList<SidebarKey> keys;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row);
        const core::SidebarEntry *entry = m_model->entry(index);
        if (entry != nullptr && m_list->selectionModel()->isSelected(index)) {
            keys.append({entry->id, entry->comparison});
        }
    }
    return keys;
}

void Sidebar::select(const SidebarKey &key)
{
    // Several selected rows stay so while the list is filled anew.
    const QModelIndex row = m_model->indexOf(key);
    const bool several = m_list->selectionModel()->selectedIndexes().size() > 1;
    m_list->selectionModel()->setCurrentIndex(row, several ? QItemSelectionModel::NoUpdate
                                                           : QItemSelectionModel::ClearAndSelect);
}

void Sidebar::setPlace(Place place)
{
    m_places.at(static_cast<int>(place))->setChecked(true);
}

void Sidebar::setActivity(const SidebarKey &key, Activity activity)
{
    m_model->setActivity(key, activity);
}

void Sidebar::setRunning(int answers)
{
    m_runningCount = answers;
    updateRunning();
}

void Sidebar::setSessionSpend(const core::Cost &cost, bool simulated)
{
    m_session->setText(
        costText(cost, Decimals::Sidebar, simulated ? MoneyMark::Simulated : MoneyMark::None));
}

void Sidebar::setMonthSpend(const QString &month, const core::Cost &cost,
                            const std::optional<MonthBudget> &budget)
{
    m_monthName->setText(month);
    m_hasBudget = budget && budget->shares.limit > 0;
    m_monthSpent = costText(cost, Decimals::Sidebar);
    m_monthOfBudget = m_monthSpent;
    m_standing.clear();
    if (m_hasBudget) {
        const core::PicoUsd limit(budget->shares.limit);
        m_monthOfBudget = tr("%1 of %2").arg(m_monthSpent, moneyText(limit, Decimals::Sidebar));
        m_standing = budget->standing;
        m_budget->setShares(budget->shares);
        m_budget->setAccessibleDescription(m_standing);
        setToolTipPlain(m_budget, m_standing);
    }
    showMonthText();
    m_budget->setVisible(m_hasBudget && !m_rail);
}

//! The rail has room for what is spent alone: "≥ $0.008" and "$0.040 – 0.202" on two lines.
void Sidebar::showMonthText()
{
    m_month->setText(m_rail ? m_monthSpent : m_monthOfBudget);
    // Half a figure would be another one: what is wider than the rail says that it is cut.
    const QStringList words = m_rail ? m_monthSpent.split(QLatin1Char(' ')) : QStringList();
    const bool isWide = std::any_of(words.begin(), words.end(), [this](const QString &word) {
        return m_month->fontMetrics().horizontalAdvance(word) > RailWidth - 2 * RailInset;
    });
    m_month->setElide(isWide ? Qt::ElideRight : Qt::ElideNone);
    m_month->setWordWrap(m_rail && !isWide);
    setToolTipPlain(m_month, m_rail ? m_monthOfBudget : m_standing);
}

void Sidebar::setRail(bool rail)
{
    m_rail = rail;
    for (QWidget *wide : std::initializer_list<QWidget *>{m_name, m_new, m_search, m_sessionName,
                                                          m_session, m_monthName}) {
        wide->setVisible(!rail);
    }
    m_workspaces->setVisible(m_workspaceNames.size() > 1 && !rail);
    m_newIcon->setVisible(rail);
    m_searchIcon->setVisible(rail);
    m_month->setRole(rail ? TextRole::Small : TextRole::Strong);
    if (!m_monthSpent.isEmpty())
        showMonthText();
    m_budget->setVisible(m_hasBudget && !rail);
    m_month->setAlignment(rail ? Qt::AlignCenter : Qt::AlignRight | Qt::AlignVCenter);
    m_list->setVisible(!rail);
    m_railSpace->setVisible(rail);
    auto *box = qobject_cast<QBoxLayout *>(m_placesBox->layout());
    box->setDirection(rail ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    auto *column = qobject_cast<QVBoxLayout *>(layout());
    column->setContentsMargins(rail ? RailInset : Side, 12, rail ? RailInset : Side, 12);
    fit();
    updateRunning();
}

//! As wide as the names of the places want it; where that would be too much, icons stand alone.
void Sidebar::fit()
{
    int wanted = 2 * Side - PlaceGap;
    for (PlaceButton *place : std::as_const(m_places)) {
        place->setNameShown(true);
        wanted += place->sizeHint().width() + PlaceGap;
    }
    for (PlaceButton *place : std::as_const(m_places))
        place->setNameShown(!m_rail && wanted <= Widest);
    setFixedWidth(m_rail ? RailWidth : std::clamp(wanted, Width, Widest));
}

void Sidebar::updateRunning()
{
    const bool any = m_runningCount > 0;
    m_running->setText(tr("%n running", "", m_runningCount));
    m_running->setVisible(any && !m_rail);
    m_stopAll->setVisible(any && !m_rail);
    m_stopIcon->setVisible(any && m_rail);
}

void Sidebar::dress()
{
    m_list->doItemsLayout(); // row heights follow the text size
    fit();
    update();
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    painter.fillRect(rect(), theme.sidebar);
    painter.fillRect(isRightToLeft() ? 0 : width() - 1, 0, 1, height(), theme.hairline);
}

} // namespace ui
