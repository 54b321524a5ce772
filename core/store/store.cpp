#include "core/store/store.h"

#include "core/store/backups.h"
#include "core/store/budgetbook.h"
#include "core/store/databasefile.h"
#include "core/store/filelock.h"
#include "core/store/migrations.h"
#include "core/store/opening.h"
#include "core/store/runningsession.h"
#include "core/store/sessions.h"
#include "core/store/storeaccounts.h"
#include "core/store/storeconversations.h"
#include "core/store/storejournal.h"
#include "core/store/storeroutes.h"
#include "core/store/storestates.h"
#include "core/store/storethreads.h"
#include "core/store/storeworkspaces.h"

#include <QFile>

#include <sqlite3.h>

#include <future>
#include <mutex>
#include <utility>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t DefaultWorkspace = 1; // made by schema 1
constexpr auto ChangePause = 100ms;
constexpr auto OpeningPatience = 10'000ms; // another process may be migrating

QString unreadable(DatabaseFacts::Kind kind, const QString &path)
{
    switch (kind) {
    case DatabaseFacts::Kind::Empty:
        return QStringLiteral("There is no database at %1 yet. Start Farthing once, or choose "
                              "another folder with --profile.")
            .arg(path);
    case DatabaseFacts::Kind::Foreign:
        return QStringLiteral("%1 belongs to another program. Choose another folder with "
                              "--profile.")
            .arg(path);
    case DatabaseFacts::Kind::Ours:
    case DatabaseFacts::Kind::Junk:
        break;
    }
    return QStringLiteral("The database %1 is damaged. Start Farthing once: it restores the newest "
                          "backup.")
        .arg(path);
}

} // namespace

class Store::Private
{
public:
    Private(const StoreOptions &options, Clock &theClock, IdSource &theIds)
        : paths(options.directory)
        , priceKeptWords(options.priceKeptWords)
        , clock(theClock)
        , ids(theIds)
        , changeAlarm(theClock)
        , sessions(paths.sessions)
        , dailyBackup(paths, theClock)
    {
    }

    Result<Done> openForWriting(SessionKind kind);
    Result<Done> openForReading();
    [[nodiscard]] Result<Done> bringUpToDate();
    [[nodiscard]] Result<std::unique_ptr<FileLock>> lockToOpen() const;
    [[nodiscard]] Result<OpeningState> prepare();
    [[nodiscard]] Result<Done> beginSession(const OpeningState &state, SessionKind kind);
    Result<Done> setUp(Sql &sql, const OpeningState &state, SessionKind kind);
    void readKept(Sql &sql);
    void makeParts(SessionKind kind);
    [[nodiscard]] Result<Done> migrateFrom(int version, Sql &sql);
    void note(const StoreChange &change);
    void tellSoon();
    void tell();
    void close();

    ProfilePaths paths;
    PriceKeptWords priceKeptWords;
    Clock &clock;
    IdSource &ids;
    Store *q = nullptr;
    bool readOnly = false;
    QString notice;
    std::int64_t sessionId = 0;
    QList<Account> storedAccounts;
    QList<Route> storedRoutes;
    QList<Workspace> storedWorkspaces;
    StoreStates::Rows storedStates;

    Alarm changeAlarm;
    std::optional<SteadyTime> lastTold;
    std::mutex untoldMutex; //!< For the two below: the writer's thread adds, the main thread tells.
    StoreChange untold;
    bool isTellingDue = false; //!< The main thread knows that there is something to tell.

    Sessions sessions;
    std::unique_ptr<RunningSession> session;
    DailyBackup dailyBackup;
    std::unique_ptr<StoreThreads> threads;
    std::unique_ptr<StoreJournal> journal;
    std::unique_ptr<StoreConversations> conversations;
    std::unique_ptr<StoreAccounts> accounts;
    std::unique_ptr<StoreRoutes> routes;
    std::unique_ptr<StoreWorkspaces> workspaces;
    std::unique_ptr<BudgetBook> budgets;
    std::unique_ptr<StoreStates> states;
};

//! While one process looks at the files and brings them up to date, no other does. Never null.
Result<std::unique_ptr<FileLock>> Store::Private::lockToOpen() const
{
    if (auto made = makeFolders(paths); !made)
        return made.error();
    auto lock = FileLock::lock(paths.writeLock, OpeningPatience);
    if (lock && !*lock)
        return storageError(storageAdvice(SQLITE_BUSY, paths.writeLock));
    return lock;
}

Result<Done> Store::Private::openForWriting(SessionKind kind)
{
    auto lock = lockToOpen();
    if (!lock)
        return lock.error();
    auto state = prepare();
    if (!state)
        return state.error();
    if (state->newer) {
        lock->reset();
        return openForReading();
    }
    auto begun = beginSession(*state, kind);
    if (!begun && isDamage(begun.error())) {
        // What was as it was left was not read through: now it is, and a backup takes its place.
        state = prepare();
        begun = state ? beginSession(*state, kind) : Result<Done>(state.error());
    }
    if (!begun)
        return begun.error();
    // A database that was just made holds nothing worth keeping, yet.
    if (state->version > 0)
        dailyBackup.makeIfDue();
    else
        dailyBackup.lookLater();
    return threads->reader->start();
}

//! Under the lock.
Result<OpeningState> Store::Private::prepare()
{
    auto state = prepareDatabase(paths, static_cast<int>(schemaSteps().size()), sessions.anyRuns(),
                                 clock.utcNow());
    if (state)
        notice = state->notice;
    return state;
}

Result<Done> Store::Private::beginSession(const OpeningState &state, SessionKind kind)
{
    sessionId = ids.next();
    if (auto taken = sessions.take(sessionId); !taken)
        return taken.error();
    threads->writer = std::make_unique<Writer>(
        Writer::Paths{paths.database, paths.writeLock},
        Writer::Hooks{[this](const StoreChange &change) { note(change); },
                      [this](const Error &error) {
                          threads->post([this, error] { Q_EMIT q->writeFailed(error); });
                      }});
    auto started =
        threads->writer->start([this, &state, kind](Sql &sql) { return setUp(sql, state, kind); });
    if (!started) {
        threads->writer.reset(); // its connection is closed then
        sessions.release();
    }
    return started;
}

//! For `cost` and for a newer database: nothing is made or repaired. Only what an older Farthing
//! left is brought up to date first, as by all that opens it.
Result<Done> Store::Private::openForReading()
{
    readOnly = true;
    const auto facts = inspectDatabase(paths.database, Thoroughness::Header);
    if (!facts)
        return facts.error();
    if (facts->kind != DatabaseFacts::Kind::Ours)
        return storageError(unreadable(facts->kind, paths.database));
    if (facts->version < schemaSteps().size()) {
        if (auto done = bringUpToDate(); !done)
            return done.error();
    }
    if (facts->version > schemaSteps().size())
        notice = newerNotice(facts->version, static_cast<int>(schemaSteps().size()));
    if (auto started = threads->reader->start(); !started)
        return started.error();
    std::promise<Result<Done>> read;
    threads->reader->read([this, &read](const QString &connection) {
        Sql sql(connection);
        readKept(sql);
        read.set_value(sql.failed() ? Result<Done>(sql.error()) : Result<Done>(Done()));
    });
    return read.get_future().get();
}

//! By a writer that does no more than that: no session begins.
Result<Done> Store::Private::bringUpToDate()
{
    auto lock = lockToOpen();
    if (!lock)
        return lock.error();
    const auto state = prepare();
    if (!state)
        return state.error();
    if (state->newer)
        return Done();
    Writer writer(Writer::Paths{paths.database, paths.writeLock},
                  Writer::Hooks{[](const StoreChange &) {}, [](const Error &) {}});
    auto done = writer.start([this, &state](Sql &sql) { return migrateFrom(state->version, sql); });
    lock->reset(); // the writer takes it to close
    return done;
}

//! Each step has its copy of what was there before.
Result<Done> Store::Private::migrateFrom(int version, Sql &sql)
{
    const QList<QByteArray> steps = schemaSteps();
    const bool holdsAny = version > 0; // what is new has nothing to lose
    const int copies = static_cast<int>(steps.size()) - version;
    for (; version < steps.size(); ++version) {
        const QString backup = backupBeforeStep(paths.backups, version + 1, clock.utcNow());
        if (holdsAny) {
            if (auto done = backUpDatabase(paths.database, backup); !done)
                return done.error();
        }
        if (auto done = migrate(sql, steps.at(version), version + 1); !done) {
            QFile::remove(backup); // the database is still what it is a copy of
            return done.error();
        }
    }
    if (holdsAny && copies > 0)
        expireStepBackups(paths.backups, copies);
    return Done();
}

//! In the writer's thread, under the lock, before anything else is written.
Result<Done> Store::Private::setUp(Sql &sql, const OpeningState &state, SessionKind kind)
{
    if (auto done = migrateFrom(state.version, sql); !done)
        return done.error();
    if (auto recovered = sessions.recover(sql, clock.utcNow(), priceKeptWords); !recovered)
        return recovered.error();
    sql.run(QStringLiteral("INSERT INTO session (id, kind, started_at) VALUES (?, ?, ?)"),
            {idValue(sessionId),
             kind == SessionKind::Window ? QStringLiteral("window") : QStringLiteral("verb"),
             utcValue(clock.utcNow())});
    readKept(sql);
    if (sql.failed())
        return sql.error();
    return Done();
}

//! What is held in memory from the start.
void Store::Private::readKept(Sql &sql)
{
    storedAccounts = StoreAccounts::readAll(sql);
    storedRoutes = StoreRoutes::readAll(sql);
    storedWorkspaces = StoreWorkspaces::readAll(sql);
    storedStates = StoreStates::readAll(sql);
}

void Store::Private::makeParts(SessionKind kind)
{
    const bool isWindow = kind == SessionKind::Window;
    session = std::make_unique<RunningSession>(sessions, *threads, clock, ids,
                                               isWindow ? RunningSession::Ends::AfterIdleHours
                                                        : RunningSession::Ends::WithTheProcess);
    session->start(sessionId);
    journal = std::make_unique<StoreJournal>(*threads, clock, *session, DefaultWorkspace);
    conversations = std::make_unique<StoreConversations>(*threads, DefaultWorkspace);
    accounts = std::make_unique<StoreAccounts>(*threads, ids, storedAccounts);
    routes = std::make_unique<StoreRoutes>(*threads, ids, storedRoutes);
    workspaces =
        std::make_unique<StoreWorkspaces>(*threads, ids, clock, DefaultWorkspace, storedWorkspaces);
    budgets = std::make_unique<BudgetBook>(*threads, clock, ids, *session,
                                           isWindow ? BudgetBook::Notices::Given
                                                    : BudgetBook::Notices::Silent);
    states = std::make_unique<StoreStates>(*threads, clock, std::move(storedStates));
}

//! In the writer's thread. The main thread is not woken for each of many.
void Store::Private::note(const StoreChange &change)
{
    if (change.conversations.empty() && !change.ledger)
        return;
    {
        const std::scoped_lock guard(untoldMutex);
        untold.conversations.insert(change.conversations.begin(), change.conversations.end());
        untold.ledger = untold.ledger || change.ledger;
        if (std::exchange(isTellingDue, true))
            return;
    }
    threads->post([this] { tellSoon(); });
}

void Store::Private::tellSoon()
{
    const auto since = lastTold ? clock.steadyNow() - *lastTold : ChangePause;
    if (since >= ChangePause)
        tell();
    else
        changeAlarm.set(std::chrono::ceil<std::chrono::milliseconds>(ChangePause - since),
                        [this] { tell(); });
}

void Store::Private::tell()
{
    lastTold = clock.steadyNow();
    StoreChange change;
    {
        const std::scoped_lock guard(untoldMutex);
        change = std::exchange(untold, {});
        isTellingDue = false;
    }
    for (const std::int64_t id : change.conversations)
        Q_EMIT q->conversationChanged(id);
    if (change.ledger)
        Q_EMIT q->ledgerChanged();
}

void Store::Private::close()
{
    if (threads->writer)
        threads->writer->flushParts(); // words behind the end of their session would be refused
    for (const std::int64_t id : threads->writer ? sessions.taken() : QList<std::int64_t>()) {
        threads->keep([id, now = clock.utcNow(),
                       price = priceKeptWords](Sql &sql) { Sessions::end(sql, id, now, price); },
                      {});
    }
    dailyBackup.wait();
    // Readers first: the last connection to go is the writer's, which checkpoints under the lock.
    threads->reader.reset();
    threads->writer.reset();
    sessions.release();
}

Store::Store(std::unique_ptr<Private> p)
    : d(std::move(p))
{
    d->q = this;
    d->threads = std::make_unique<StoreThreads>(this);
    d->threads->reader = std::make_unique<Reader>(d->paths.database);
}

Store::~Store()
{
    d->close();
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions &options, Clock &clock, IdSource &ids)
{
    std::unique_ptr<Store> store(new Store(std::make_unique<Private>(options, clock, ids)));
    const auto opened =
        options.readOnly ? store->d->openForReading() : store->d->openForWriting(options.session);
    if (!opened)
        return opened.error();
    store->d->makeParts(options.session);
    if (options.session == SessionKind::Window) {
        BudgetBook &budgets = store->budgets();
        connect(store.get(), &Store::ledgerChanged, &budgets, &BudgetBook::refresh);
        budgets.refresh();
    }
    return store;
}

Journal &Store::journal()
{
    return *d->journal;
}

ConversationRepository &Store::conversations()
{
    return *d->conversations;
}

AccountRepository &Store::accounts()
{
    return *d->accounts;
}

RouteRepository &Store::routes()
{
    return *d->routes;
}

WorkspaceRepository &Store::workspaces()
{
    return *d->workspaces;
}

BudgetBook &Store::budgets()
{
    return *d->budgets;
}

StateStore &Store::states()
{
    return *d->states;
}

void Store::setFurtherBudgets(const QList<Budget> &budgets)
{
    d->journal->setFurtherBudgets(budgets);
    d->budgets->setFurther(budgets);
}

std::int64_t Store::sessionId() const
{
    return d->session->id();
}

UtcTime Store::sessionBegan() const
{
    return d->session->began();
}

Result<Done> Store::newSession()
{
    return d->session->renew();
}

std::int64_t Store::defaultWorkspace() const
{
    return DefaultWorkspace;
}

QString Store::databasePath() const
{
    return d->paths.database;
}

bool Store::isReadOnly() const
{
    return d->readOnly;
}

QString Store::notice() const
{
    return d->notice;
}

void Store::readLater(Task task)
{
    d->threads->reader->read([this, task = std::move(task)](const QString &connection) {
        d->threads->post(task(connection));
    });
}

} // namespace core
