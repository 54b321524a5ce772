#include "app/sidebarfeed.h"

#include "core/ledger/budget.h"
#include "core/stats/monthforecast.h"
#include "core/store/budgetbook.h"
#include "ui/settings/budgettext.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr int MostRows = 500;
constexpr std::chrono::milliseconds LongestWait = 10min; // for midnight: the clock may be set

} // namespace

ui::SidebarKey keyOf(const core::Conversation &conversation)
{
    const core::ConversationRecord &record = conversation.record();
    return record.comparisonId ? ui::SidebarKey{record.comparisonId, true}
                               : ui::SidebarKey{record.id, false};
}

SidebarFeed::SidebarFeed(Engine &engine, core::Clock &clock, const core::ModelDirectory &models,
                         ui::Sidebar &sidebar)
    : QObject(&sidebar)
    , m_engine(engine)
    , m_clock(clock)
    , m_models(models)
    , m_sidebar(sidebar)
    , m_spend(engine.store())
    , m_alarm(clock)
    , m_dayAlarm(clock)
    , m_day(today())
    , m_entries([this] { return m_engine.store().conversations().sidebar(MostRows, m_workspace); },
                [this](const Entries &entries) { show(entries); })
    , m_sessionSpend([this] { return m_spend.total(thisSession()); },
                     [this](const Spent &spent) {
                         if (spent)
                             m_sidebar.setSessionSpend(spent->cost, m_engine.isDemo());
                     })
    , m_monthSpend([this] { return m_spend.total(thisMonth()); },
                   [this](const Spent &spent) { showMonth(spent); })
{
    connect(&engine.conversations(), &core::ConversationBook::changed, this,
            &SidebarFeed::refreshActivity);
    connect(&engine.store(), &core::Store::conversationChanged, this, [this] { refreshEntries(); });
    connect(&engine.store(), &core::Store::ledgerChanged, this, &SidebarFeed::refresh);
    connect(&engine.routes(), &core::RouteBook::changed, this, &SidebarFeed::refreshEntries);
    connect(&engine.store().budgets(), &core::BudgetBook::changed, this,
            [this] { m_monthSpend.request(); });
    connect(&sidebar, &ui::Sidebar::stopAllRequested, &engine.conversations(),
            &core::ConversationBook::stopAll);
    waitForMidnight();
}

void SidebarFeed::waitForMidnight()
{
    const core::UtcTime now = m_clock.utcNow();
    const core::UtcTime tomorrow = core::spanAt(core::LimitPeriod::Day, now, m_clock.zone()).end;
    m_dayAlarm.set(std::min(LongestWait, tomorrow - now), [this] {
        const QDate day = today();
        if (std::exchange(m_day, day) != day)
            refresh();
        waitForMidnight();
    });
}

void SidebarFeed::refresh()
{
    refreshEntries();
    m_sessionSpend.request();
    m_monthSpend.request();
}

void SidebarFeed::setShown(const ui::SidebarKey &key)
{
    m_shown = key;
    m_unread.remove(key);
    refreshRow(key);
    m_sidebar.select(key);
}

void SidebarFeed::setWorkspace(std::int64_t id)
{
    if (std::exchange(m_workspace, id) != id)
        m_entries.request(); // at once: it was asked for
}

void SidebarFeed::refreshEntries()
{
    if (!m_alarm.isSet())
        m_alarm.set(30ms, [this] { m_entries.request(); });
}

void SidebarFeed::show(const Entries &entries)
{
    if (!entries)
        return;
    QList<core::SidebarEntry> named = *entries;
    for (core::SidebarEntry &entry : named) {
        core::Target target;
        target.provider = entry.provider;
        target.model = entry.model;
        // Of a route that is gone, only the model is left.
        const auto route = m_engine.routes().find(entry.routeId);
        entry.model = route ? route->name : m_models.nameOf(target);
    }
    const auto isListed = [this] { return m_sidebar.model().indexOf(m_shown).isValid(); };
    const bool wasListed = isListed();
    m_sidebar.model().setEntries(named, m_clock.utcNow(), m_clock.zone());
    // A chat has a row from its first question on. Later the reader may be at another one by keys.
    if (!wasListed && isListed())
        m_sidebar.select(m_shown);
}

//! What runs in a chat, or in any lane of a comparison.
ui::Activity SidebarFeed::runningOf(const ui::SidebarKey &key) const
{
    ui::Activity activity = ui::Activity::None;
    for (const core::Conversation *running : m_engine.conversations().running()) {
        if (keyOf(*running) != key)
            continue;
        if (!core::isWait(running->reply()->state()))
            return ui::Activity::Streaming;
        activity = ui::Activity::Waiting;
    }
    return activity;
}

void SidebarFeed::refreshActivity(std::int64_t conversationId)
{
    const core::Conversation *conversation = m_engine.conversations().find(conversationId);
    if (!conversation)
        return;
    refreshRow(keyOf(*conversation));
}

void SidebarFeed::refreshRow(const ui::SidebarKey &key)
{
    const bool shown = key == m_shown;
    ui::Activity activity = runningOf(key);
    if (activity != ui::Activity::None && !shown)
        m_unread.insert(key);
    else if (activity == ui::Activity::None && m_unread.contains(key) && !shown)
        activity = ui::Activity::Unread;
    m_sidebar.setActivity(key, activity);
    m_sidebar.setRunning(static_cast<int>(m_engine.conversations().running().size()));
}

core::SpendFilter SidebarFeed::thisSession() const
{
    core::SpendFilter filter;
    filter.sessionId = m_engine.store().sessionId();
    filter.simulated = m_engine.isDemo();
    return filter;
}

//! Real money only, also in a demo.
core::SpendFilter SidebarFeed::thisMonth() const
{
    core::SpendFilter filter;
    filter.since = core::spanAt(core::LimitPeriod::Month, m_clock.utcNow(), m_clock.zone()).begin;
    return filter;
}

void SidebarFeed::showMonth(const Spent &spent)
{
    if (!spent)
        return;
    const QString month = QLocale().standaloneMonthName(today().month());
    const auto standing = core::monthBudget(m_engine.store().budgets().standings());
    if (!standing)
        return m_sidebar.setMonthSpend(month, spent->cost, std::nullopt);
    // A budget has one standing, wherever it is shown.
    m_sidebar.setMonthSpend(month, core::countedBy(*standing),
                            ui::MonthBudget{ui::sharesOf(*standing), ui::standingText(*standing)});
}

QDate SidebarFeed::today() const
{
    return QDateTime::fromMSecsSinceEpoch(m_clock.utcNow().time_since_epoch().count(),
                                          m_clock.zone())
        .date();
}

} // namespace app
