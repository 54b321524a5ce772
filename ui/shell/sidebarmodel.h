#pragma once

#include "core/store/records.h"

#include <QAbstractListModel>
#include <QHash>
#include <QTimeZone>

namespace ui {

//! What goes on in a chat right now; what the store knows is in its entry.
enum class Activity { None, Streaming, Waiting, Unread };

//! Chats and comparisons share no ids: a key names one of either.
struct SidebarKey
{
    std::int64_t id = 0;
    bool comparison = false;
    bool operator==(const SidebarKey &) const = default;
};
[[nodiscard]] size_t qHash(const SidebarKey &key, size_t seed = 0);

//! The sidebar's list: heads (Pinned, Today, Yesterday, Previous 7 days, then months) with their
//! rows, newest first. Only rows can be selected. Archived entries are left out.
class SidebarModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        IsHeadRole = Qt::UserRole,
        DetailRole,
        CostRole,
        ActivityRole,
        FailedRole,
        ComparisonRole
    };

    using QAbstractListModel::QAbstractListModel;

    //! Days are those of \p zone at \p now. Rows that stay are changed or moved: what is selected
    //! or being renamed stays so.
    void setEntries(QList<core::SidebarEntry> entries, core::UtcTime now, const QTimeZone &zone);
    void setActivity(const SidebarKey &key, Activity activity);

    //! Null: a head.
    [[nodiscard]] const core::SidebarEntry *entry(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const SidebarKey &key) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    //! The user typed a new title; the entry changes when the owner calls setEntries().
    void renamed(const ui::SidebarKey &key, const QString &title);

private:
    struct Row
    {
        QString head; //!< Not empty: a head.
        core::SidebarEntry entry;
        bool operator==(const Row &) const = default;
        [[nodiscard]] bool isPlaceOf(const Row &other) const; //!< Whatever is told of it.
    };

    void take(const QList<Row> &rows);

    QList<Row> m_rows;
    QHash<SidebarKey, Activity> m_activities;
};

} // namespace ui
