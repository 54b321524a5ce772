#include "ui/shell/sidebarmodel.h"

#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace ui {

namespace {

QDate dayOf(core::UtcTime at, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), zone).date();
}

QString headOf(const core::SidebarEntry &entry, const QDate &today, const QTimeZone &zone)
{
    if (entry.pinned) {
        return SidebarModel::tr("Pinned");
    }
    const QDate day = dayOf(entry.updatedAt, zone);
    const qint64 age = day.daysTo(today);
    if (age <= 0) {
        return SidebarModel::tr("Today"); // a clock set back must not lose a chat
    }
    if (age == 1) {
        return SidebarModel::tr("Yesterday");
    }
    if (age <= 7) {
        return SidebarModel::tr("Previous 7 days");
    }
    return QLocale(QLocale::English).toString(day, QStringLiteral("MMMM yyyy"));
}

QString detailOf(const core::SidebarEntry &entry)
{
    if (entry.simulated) {
        return SidebarModel::tr("practice, simulated cost");
    }
    if (entry.comparison) {
        return SidebarModel::tr("Compare");
    }
    return shownName(entry.model);
}

//! While an answer runs its end is not known, and what its attempts may cost at most is no range
//! that it has: it is no less than what has been settled.
QString costOf(const core::SidebarEntry &entry, Activity activity)
{
    if (entry.local) {
        return costText(entry.cost, Decimals::Sidebar, MoneyMark::Local);
    }
    core::Cost cost = entry.cost;
    if (activity == Activity::Streaming || activity == Activity::Waiting) {
        cost = {cost.low, cost.low, cost.low == core::PicoUsd()};
    }
    return cost.isZero() ? QString() : costText(cost, Decimals::Sidebar);
}

SidebarKey keyOf(const core::SidebarEntry &entry)
{
    return {entry.id, entry.comparison};
}

//! What the dot of a row says, in a word.
QString stateOf(const core::SidebarEntry &entry, Activity activity)
{
    switch (activity) {
    case Activity::Streaming:
        return SidebarModel::tr("being answered");
    case Activity::Waiting:
        return SidebarModel::tr("waiting to retry");
    case Activity::Unread:
        return SidebarModel::tr("unread");
    case Activity::None:
        break;
    }
    if (entry.lastState == core::MessageState::Incomplete)
        return SidebarModel::tr("broken off");
    return entry.lastState == core::MessageState::Failed ? SidebarModel::tr("failed") : QString();
}

} // namespace

size_t qHash(const SidebarKey &key, size_t seed)
{
    return qHashMulti(seed, key.id, key.comparison);
}

void SidebarModel::setEntries(QList<core::SidebarEntry> entries, core::UtcTime now,
                              const QTimeZone &zone)
{
    std::stable_sort(entries.begin(), entries.end(),
                     [](const core::SidebarEntry &a, const core::SidebarEntry &b) {
                         return a.pinned != b.pinned ? a.pinned : a.updatedAt > b.updatedAt;
                     });
    const QDate today = dayOf(now, zone);
    QList<Row> rows;
    QString head;
    for (const core::SidebarEntry &entry : std::as_const(entries)) {
        if (entry.archived) {
            continue;
        }
        if (const QString next = headOf(entry, today, zone); next != head) {
            head = next;
            rows.append({head, {}});
        }
        rows.append({{}, entry});
    }
    if (rows != m_rows) // after each commit: mostly nothing has changed
        take(rows);
}

bool SidebarModel::Row::isPlaceOf(const Row &other) const
{
    return head == other.head && (!head.isEmpty() || keyOf(entry) == keyOf(other.entry));
}

void SidebarModel::take(const QList<Row> &rows)
{
    const auto placeIn = [](const QList<Row> &all, const Row &row, int from) {
        const auto found = std::find_if(all.cbegin() + from, all.cend(),
                                        [&row](const Row &other) { return other.isPlaceOf(row); });
        return found == all.cend() ? -1 : static_cast<int>(found - all.cbegin());
    };
    for (int row = static_cast<int>(m_rows.size()) - 1; row >= 0; --row) {
        if (placeIn(rows, m_rows.at(row), 0) >= 0)
            continue;
        beginRemoveRows({}, row, row);
        m_rows.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < rows.size(); ++row) {
        const int before = placeIn(m_rows, rows.at(row), row);
        if (before < 0) {
            beginInsertRows({}, row, row);
            m_rows.insert(row, rows.at(row));
            endInsertRows();
            continue;
        }
        if (before != row) {
            beginMoveRows({}, before, before, {}, row);
            m_rows.move(before, row);
            endMoveRows();
        }
        if (m_rows.at(row) != rows.at(row)) {
            m_rows[row] = rows.at(row);
            Q_EMIT dataChanged(index(row), index(row));
        }
    }
}

void SidebarModel::setActivity(const SidebarKey &key, Activity activity)
{
    if (activity == Activity::None) {
        m_activities.remove(key);
    } else {
        m_activities.insert(key, activity);
    }
    if (const QModelIndex changed = indexOf(key); changed.isValid()) {
        Q_EMIT dataChanged(changed, changed,
                           {ActivityRole, CostRole, Qt::AccessibleTextRole, Qt::ToolTipRole});
    }
}

const core::SidebarEntry *SidebarModel::entry(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= m_rows.size() ||
        !m_rows.at(index.row()).head.isEmpty()) {
        return nullptr;
    }
    return &m_rows.at(index.row()).entry;
}

QModelIndex SidebarModel::indexOf(const SidebarKey &key) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows.at(row).head.isEmpty() && keyOf(m_rows.at(row).entry) == key) {
            return index(row);
        }
    }
    return {};
}

int SidebarModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SidebarModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Row &row = m_rows.at(index.row());
    if (!row.head.isEmpty()) {
        return role == Qt::DisplayRole ? QVariant(row.head)
                                       : (role == IsHeadRole ? QVariant(true) : QVariant());
    }
    switch (role) {
    case Qt::DisplayRole:
        if (row.entry.title.isEmpty())
            return row.entry.comparison ? tr("New comparison") : tr("New chat");
        return shownName(row.entry.title);
    case Qt::EditRole:
        return row.entry.title;
    case Qt::AccessibleTextRole: {
        QStringList said{data(index, Qt::DisplayRole).toString(), detailOf(row.entry),
                         costOf(row.entry, m_activities.value(keyOf(row.entry))),
                         stateOf(row.entry, m_activities.value(keyOf(row.entry)))};
        if (row.entry.comparison && row.entry.simulated) {
            said.insert(1, tr("Compare")); // its icon is not said
        }
        said.removeAll(QString());
        return said.join(QStringLiteral(", "));
    }
    case Qt::ToolTipRole: { // a narrow row cuts title and model; neither may be taken for HTML
        QStringList said{data(index, Qt::DisplayRole).toString(), detailOf(row.entry),
                         stateOf(row.entry, m_activities.value(keyOf(row.entry)))};
        said.removeAll(QString());
        return QStringLiteral("<qt>%1</qt>")
            .arg(said.join(QLatin1Char('\n'))
                     .toHtmlEscaped()
                     .replace(QLatin1Char('\n'), QStringLiteral("<br>")));
    }
    case IsHeadRole:
        return false;
    case DetailRole:
        return detailOf(row.entry);
    case CostRole:
        return costOf(row.entry, m_activities.value(keyOf(row.entry)));
    case ActivityRole:
        return static_cast<int>(m_activities.value(keyOf(row.entry)));
    case FailedRole:
        return row.entry.lastState == core::MessageState::Failed ||
               row.entry.lastState == core::MessageState::Incomplete;
    case ComparisonRole:
        return row.entry.comparison;
    default:
        return {};
    }
}

bool SidebarModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const core::SidebarEntry *changed = entry(index);
    const QString title = value.toString().trimmed();
    if (changed == nullptr || role != Qt::EditRole || title.isEmpty() || title == changed->title) {
        return false;
    }
    Q_EMIT renamed(keyOf(*changed), title);
    return true;
}

Qt::ItemFlags SidebarModel::flags(const QModelIndex &index) const
{
    return entry(index) == nullptr ? Qt::NoItemFlags
                                   : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable;
}

} // namespace ui
