#pragma once

#include "app/engine.h"
#include "core/base/latestread.h"
#include "core/client/modeldirectory.h"
#include "core/stats/spendqueries.h"
#include "ui/shell/sidebar.h"

#include <QDate>
#include <QObject>
#include <QSet>

namespace app {

//! Whose row of the sidebar stands for it: its own, or that of the comparison whose lane it is.
[[nodiscard]] ui::SidebarKey keyOf(const core::Conversation &conversation);

//! Keeps the sidebar as the store and the running answers have it: entries, what goes on in them,
//! what was spent. Main thread.
class SidebarFeed : public QObject
{
    Q_OBJECT
public:
    //! Days and months are those of \p clock.
    SidebarFeed(Engine &engine, core::Clock &clock, const core::ModelDirectory &models,
                ui::Sidebar &sidebar);

    //! \p key is what the window shows: it is selected, and no longer unread.
    void setShown(const ui::SidebarKey &key);
    void refresh();
    void refreshEntries();              //!< The list alone.
    void setWorkspace(std::int64_t id); //!< Whose chats are listed; 0: all.

private:
    using Entries = core::Result<QList<core::SidebarEntry>>;
    using Spent = core::Result<core::SpendSums>;

    void refreshActivity(std::int64_t conversationId);
    [[nodiscard]] ui::Activity runningOf(const ui::SidebarKey &key) const;
    void refreshRow(const ui::SidebarKey &key);
    void show(const Entries &entries);
    [[nodiscard]] core::SpendFilter thisSession() const;
    [[nodiscard]] core::SpendFilter thisMonth() const;
    [[nodiscard]] QDate today() const;
    void waitForMidnight();
    void showMonth(const Spent &spent);

    Engine &m_engine;
    core::Clock &m_clock;
    const core::ModelDirectory &m_models;
    ui::Sidebar &m_sidebar;
    core::SpendQueries m_spend;
    ui::SidebarKey m_shown;
    std::int64_t m_workspace = 0;
    QSet<ui::SidebarKey> m_unread; //!< What was answered out of sight.
    core::Alarm m_alarm;           //!< Many changes at once are one refresh.
    core::Alarm m_dayAlarm;        //!< Today is another day then.
    QDate m_day;
    core::LatestRead<Entries> m_entries;
    core::LatestRead<Spent> m_sessionSpend;
    core::LatestRead<Spent> m_monthSpend;
};

} // namespace app
