#include "core/store/budgetbook.h"

#include "core/base/whenready.h"
#include "core/store/budgetrows.h"
#include "core/store/runningsession.h"

#include <algorithm>

namespace core {

namespace {

using namespace std::chrono_literals;

//! Spans end by the wall clock, which may be set: it is looked at again at least this often.
constexpr std::chrono::milliseconds LongestWait = 10min;

} // namespace

BudgetBook::BudgetBook(StoreThreads &threads, Clock &clock, IdSource &ids,
                       const RunningSession &session, Notices notices)
    : m_threads(threads)
    , m_clock(clock)
    , m_ids(ids)
    , m_session(session)
    , m_notices(notices)
    , m_endAlarm(clock)
    , m_reading([this] { return read(); },
                [this](const Result<QList<BudgetStanding>> &standings) {
                    if (standings)
                        take(*standings);
                })
{
}

std::int64_t BudgetBook::save(const Budget &budget)
{
    Budget saved = budget;
    if (saved.id == 0)
        saved.id = m_ids.next();
    m_given.remove(saved.id);
    StoreChange change;
    change.ledger = true;
    m_threads.keep([saved](Sql &sql) { putBudget(sql, saved); }, change);
    return saved.id;
}

void BudgetBook::remove(std::int64_t id)
{
    StoreChange change;
    change.ledger = true;
    m_threads.keep([id](Sql &sql) { removeBudget(sql, id); }, change);
}

void BudgetBook::setFurther(const QList<Budget> &budgets)
{
    if (m_further == budgets)
        return;
    m_further = budgets;
    refresh();
}

QFuture<Result<QList<BudgetStanding>>> BudgetBook::read()
{
    const BudgetMoment moment{m_clock.utcNow(), m_session.id(), m_clock.zone(), m_further};
    return m_threads.readRows<QList<BudgetStanding>>(
        [moment](Sql &sql) { return readStandings(sql, moment); });
}

void BudgetBook::take(const QList<BudgetStanding> &standings)
{
    const bool isNew = m_standings != standings;
    m_standings = standings;
    waitForEnd();
    for (const BudgetStanding &standing : standings)
        giveNotice(standing);
    if (isNew)
        Q_EMIT changed();
}

void BudgetBook::giveNotice(const BudgetStanding &standing)
{
    const int percent = noticeReached(standing.percentSpent());
    const std::pair<QString, int> notice{standing.span.name, percent};
    if (m_notices == Notices::Silent || percent == 0 || standing.budget.id == 0 ||
        m_given.value(standing.budget.id) == notice)
        return;
    m_given.insert(standing.budget.id, notice);
    // Several processes see it; the one whose row it becomes says it.
    whenReady(
        this,
        m_threads.writeRows<bool>(
            [standing, percent](Sql &sql) { return claimNotice(sql, standing, percent); }, {}),
        [this, standing, percent](const Result<bool> &isOurs) {
            if (isOurs && *isOurs)
                Q_EMIT noticed(standing, percent);
        });
}

void BudgetBook::waitForEnd()
{
    m_endAlarm.clear();
    if (m_standings.isEmpty())
        return;
    const UtcTime now = m_clock.utcNow();
    std::chrono::milliseconds wait = LongestWait;
    for (const BudgetStanding &standing : std::as_const(m_standings)) {
        if (standing.span.end > now && standing.span.end != UtcTime::max())
            wait = std::min(wait, standing.span.end - now);
    }
    m_endAlarm.set(wait, [this] { refresh(); });
}

} // namespace core
