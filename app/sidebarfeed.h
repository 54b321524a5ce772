#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "core/stats/spendqueries.h"
#include "ui/shell/sidebar.h"

#include <QObject>
#include <QSet>

namespace app {

//! Keeps the sidebar as the store and the running answers have it: entries, what goes on in them,
//! what was spent. Main thread.
class SidebarFeed : public QObject
{
    Q_OBJECT
public:
    SidebarFeed(Engine &engine, const core::ModelDirectory &models, ui::Sidebar &sidebar);

    //! \p key is what the window shows: it is selected, and no longer unread.
    void setShown(const ui::SidebarKey &key);
    void refresh();

private:
    void refreshEntries();
    void refreshActivity(std::int64_t conversationId);
    void refreshSpend();

    Engine &m_engine;
    const core::ModelDirectory &m_models;
    ui::Sidebar &m_sidebar;
    core::SpendQueries m_spend;
    ui::SidebarKey m_shown;
    QSet<std::int64_t> m_unread; //!< Chats that were answered out of sight.
    core::Alarm m_alarm;         //!< Many changes at once are one refresh.
};

} // namespace app
