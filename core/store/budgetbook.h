#pragma once

#include "core/base/idsource.h"
#include "core/base/latestread.h"
#include "core/ledger/budget.h"
#include "core/store/storethreads.h"

#include <QList>
#include <QObject>

namespace core {

class RunningSession;

//! The budgets of a profile and where they stand: what Settings edits and the sidebar shows. What
//! blocks a send is read anew in the transaction that opens the attempt, never from here.
//! Standings are read soon after every change of the ledger, after refresh() and when a span ends.
//! Main thread.
class BudgetBook final : public QObject
{
    Q_OBJECT
public:
    enum class Notices { Given, Silent };

    BudgetBook(StoreThreads &threads, Clock &clock, IdSource &ids, const RunningSession &session,
               Notices notices);

    [[nodiscard]] const QList<BudgetStanding> &standings() const { return m_standings; }
    //! Inserts (id 0 gets one) or replaces; returns the id. Standings follow. What was given notice
    //! of, and let pass, begins anew.
    std::int64_t save(const Budget &budget);
    void remove(std::int64_t id);
    //! Limits besides those in the database (id 0): shown, not edited.
    void setFurther(const QList<Budget> &budgets);
    void refresh() { m_reading.request(); }

Q_SIGNALS:
    void changed(); //!< standings() are others.
    //! A budget reached \p percent of its limit (50, 80, 100): once a span, in one process only.
    void noticed(const core::BudgetStanding &standing, int percent);

private:
    [[nodiscard]] QFuture<Result<QList<BudgetStanding>>> read();
    void take(const QList<BudgetStanding> &standings);
    void giveNotice(const BudgetStanding &standing);
    void waitForEnd();

    StoreThreads &m_threads;
    Clock &m_clock;
    IdSource &m_ids;
    const RunningSession &m_session;
    Notices m_notices;
    QList<Budget> m_further;
    QList<BudgetStanding> m_standings;
    QMap<std::int64_t, std::pair<QString, int>> m_given; //!< By budget: span, percent.
    Alarm m_endAlarm;
    LatestRead<Result<QList<BudgetStanding>>> m_reading;
};

} // namespace core
