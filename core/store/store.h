#pragma once

#include "core/base/clock.h"
#include "core/base/idsource.h"
#include "core/base/result.h"
#include "core/ledger/accountrepository.h"
#include "core/ledger/journal.h"
#include "core/ledger/routerepository.h"
#include "core/ledger/statestore.h"
#include "core/ledger/workspacerepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/pricekeptwords.h"

#include <QFuture>
#include <QObject>
#include <QPromise>

#include <functional>
#include <memory>

namespace core {

class BudgetBook;
struct Budget;

enum class SessionKind { Window, Verb };

struct StoreOptions
{
    QString directory; //!< Where farthing.db, backups/ and sessions/ lie; made (0700) if missing.
    SessionKind session = SessionKind::Window;
    //! No session, no recovery, and a writer only to bring up to date what is of an older Farthing:
    //! cost.
    bool readOnly = false;
    PriceKeptWords priceKeptWords{}; //!< None: what was cut off may have cost nothing.
};

//! The database of one profile, open in this process: a writer and a reader thread, this process's
//! session and its lock. Opening is synchronous and done before any window stands (it migrates,
//! backs up, recovers the rows of sessions whose process is gone); everything after it never waits.
//! Main thread.
class Store : public QObject
{
    Q_OBJECT
public:
    //! Errors: StorageFailed, with a detail that says what to do (newer database, no permission,
    //! disk full, not our database). A junk file is set aside and the newest good backup restored:
    //! see notice().
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const StoreOptions &options,
                                                             Clock &clock, IdSource &ids);
    ~Store() override; //!< Drains the writer, ends the session.

    [[nodiscard]] Journal &journal();
    [[nodiscard]] ConversationRepository &conversations();
    [[nodiscard]] AccountRepository &accounts();
    [[nodiscard]] RouteRepository &routes();
    [[nodiscard]] WorkspaceRepository &workspaces();
    [[nodiscard]] StateStore &states();
    [[nodiscard]] BudgetBook &budgets();
    //! Limits of this run besides the budgets in the database, from the next opening on.
    void setFurtherBudgets(const QList<Budget> &budgets);
    //! The session that requests belong to from now on. A window's is another one after
    //! newSession() and at the first request after six idle hours.
    [[nodiscard]] std::int64_t sessionId() const;
    [[nodiscard]] UtcTime sessionBegan() const;
    //! ledgerChanged() follows. Errors: StorageFailed; then the old one goes on.
    [[nodiscard]] Result<Done> newSession();
    [[nodiscard]] std::int64_t defaultWorkspace() const; //!< The one that there always is.
    [[nodiscard]] QString databasePath() const;
    [[nodiscard]] bool isReadOnly() const; //!< Also when the database is newer than this program.
    //! What opening had to do, for the person; empty: nothing.
    [[nodiscard]] QString notice() const;

    //! Runs \p query in the reader thread with its connection name; the future ends in the main
    //! thread. For core/stats. Name the type: store.read<Sums>([](const QString &) -> ... {}).
    template <typename T>
    [[nodiscard]] QFuture<Result<T>> read(std::function<Result<T>(const QString &connection)> query)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        readLater([promise, query = std::move(query)](const QString &connection) {
            auto answer = std::make_shared<Result<T>>(query(connection));
            return std::function<void()>([promise, answer] {
                promise->addResult(std::move(*answer));
                promise->finish();
            });
        });
        return future;
    }

Q_SIGNALS:
    void conversationChanged(std::int64_t id); //!< After commit, at most 10 a second.
    void ledgerChanged();                      //!< After commit, at most 10 a second.
    //! A queued write was refused: the banner. It is retried.
    void writeFailed(const core::Error &error);

private:
    class Private;
    //! Runs in the reader's thread; what it returns runs in the main thread.
    using Task = std::function<std::function<void()>(const QString &connection)>;
    void readLater(Task task);
    explicit Store(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace core
