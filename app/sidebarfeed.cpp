#include "app/sidebarfeed.h"

#include "core/base/whenready.h"

#include <QDateTime>
#include <QLocale>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr int MostRows = 500;

} // namespace

SidebarFeed::SidebarFeed(Engine &engine, const core::ModelDirectory &models, ui::Sidebar &sidebar)
    : QObject(&sidebar)
    , m_engine(engine)
    , m_models(models)
    , m_sidebar(sidebar)
    , m_spend(engine.store())
    , m_alarm(engine.clock())
{
    connect(&engine.conversations(), &core::ConversationBook::changed, this,
            &SidebarFeed::refreshActivity);
    connect(&engine.store(), &core::Store::conversationChanged, this, [this] { refreshEntries(); });
    connect(&engine.store(), &core::Store::ledgerChanged, this, &SidebarFeed::refresh);
    connect(&sidebar, &ui::Sidebar::stopAllRequested, &engine.conversations(),
            &core::ConversationBook::stopAll);
}

void SidebarFeed::refresh()
{
    refreshEntries();
    refreshSpend();
}

void SidebarFeed::setShown(const ui::SidebarKey &key)
{
    m_shown = key;
    if (!key.comparison) {
        m_unread.remove(key.id);
        refreshActivity(key.id);
    }
    m_sidebar.select(key);
}

void SidebarFeed::refreshEntries()
{
    if (m_alarm.isSet())
        return;
    m_alarm.set(30ms, [this] {
        core::whenReady(this, m_engine.store().conversations().sidebar(MostRows),
                        [this](const core::Result<QList<core::SidebarEntry>> &entries) {
                            if (!entries)
                                return;
                            QList<core::SidebarEntry> named = *entries;
                            for (core::SidebarEntry &entry : named) {
                                core::Target target;
                                target.provider = entry.provider;
                                target.model = entry.model;
                                entry.model = m_models.nameOf(target);
                            }
                            m_sidebar.model().setEntries(named, m_engine.clock().utcNow(),
                                                         m_engine.clock().zone());
                            m_sidebar.select(m_shown);
                        });
    });
}

void SidebarFeed::refreshActivity(std::int64_t conversationId)
{
    const core::Conversation *conversation = m_engine.conversations().find(conversationId);
    const ui::SidebarKey key{conversationId, false};
    const bool shown = key == m_shown;
    ui::Activity activity = ui::Activity::None;
    if (conversation && conversation->isRunning()) {
        if (!shown)
            m_unread.insert(conversationId);
        const bool waits = conversation->reply()->state() == core::ReplyState::WaitingToRetry;
        activity = waits ? ui::Activity::Waiting : ui::Activity::Streaming;
    } else if (m_unread.contains(conversationId) && !shown) {
        activity = ui::Activity::Unread;
    }
    m_sidebar.setActivity(key, activity);
}

void SidebarFeed::refreshSpend()
{
    core::SpendFilter session;
    session.sessionId = m_engine.store().sessionId();
    session.simulated = m_engine.isDemo();
    core::whenReady(
        this, m_spend.total(session),
        [this, simulated = session.simulated](const core::Result<core::SpendSums> &sums) {
            if (sums)
                m_sidebar.setSessionSpend(sums->cost, simulated);
        });
    const QTimeZone zone = m_engine.clock().zone();
    const QDate today =
        QDateTime::fromMSecsSinceEpoch(m_engine.clock().utcNow().time_since_epoch().count(), zone)
            .date();
    core::SpendFilter month; // real money only, also in a demo
    month.since = core::UtcTime(std::chrono::milliseconds(
        QDate(today.year(), today.month(), 1).startOfDay(zone).toMSecsSinceEpoch()));
    const QString name = QLocale().standaloneMonthName(today.month());
    core::whenReady(this, m_spend.total(month),
                    [this, name](const core::Result<core::SpendSums> &sums) {
                        if (sums)
                            m_sidebar.setMonthSpend(name, sums->cost, std::nullopt);
                    });
}

} // namespace app
