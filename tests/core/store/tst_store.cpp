#include "core/store/filelock.h"
#include "core/store/storednames.h"
#include "tests/core/store/storefixture.h"

#include <QJsonArray>

#include <algorithm>
#include <limits>

using namespace core;
using namespace tests;

//! A store on real files: what goes in comes out, in this session and in the next.
class tst_Store : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void turnComesBackWhole();
    void accountsAreKept();
    void statesAreKept();
    void statesAreMergedOnDisk();
    void spoiltStatesAreNothing();
    void statesOfAReader();
    void sidebarSumsAndOrders();
    void sidebarTellsWhatIsLocal_data();
    void sidebarTellsWhatIsLocal();
    void sidebarOfLargestAmounts();
    void workspacesAreKept();
    void sidebarOfOneWorkspace();
    void deletedWorkspaceGivesItsChatsBack();
    void requestsCountInTheirWorkspace();
    void questionTakesItsDraftAlong_data();
    void questionTakesItsDraftAlong();
    void partialsAreCoalesced();
    void refusedPartialStaysBehind();
    void logStaysSmallWhileAnswersStream();
    void changesAreTold();
    void everyKindOfPartIsKept();
    void comparisonKeepsItsLanes();
    void onlyWhatIsMarkedIsErased();
    void attemptIsClosedOnce();
    void waitingRequestIsKept();
    void requestWithoutAttemptIsCounted();
    void basesOfCostsComeBack();
    void attemptThatOutlivesItsRequestIsClosed();
    void lastWordsAreKeptAtTheEnd();
    void cutOffWordsHaveTheirPrice_data();
    void cutOffWordsHaveTheirPrice();
    void ledgerKeepsNoWordsOfServices();
};

void tst_Store::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!a write was refused)")));
}

void tst_Store::turnComesBackWhole()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Tides"));
    std::int64_t request = 0;
    {
        const auto store = fixture.open();
        QVERIFY(!store->isReadOnly());
        QCOMPARE(store->notice(), QString());
        QVERIFY(awaited(store->conversations().save(chat)));
        request = fixture.ask(*store, chat, QStringLiteral("Why two tides?"),
                              QStringLiteral("Because the Moon pulls."));
    }
    const auto store = fixture.open();
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY2(loaded, qPrintable(loaded ? QString() : loaded.error().detail));
    QCOMPARE(loaded->record.title, chat.title);
    QCOMPARE(loaded->record.target, chat.target);
    QCOMPARE(loaded->messages.size(), 2);
    QCOMPARE(textOf(loaded->messages.at(0).parts), QStringLiteral("Why two tides?"));
    const MessageRecord &answer = loaded->messages.at(1);
    QCOMPARE(textOf(answer.parts), QStringLiteral("Because the Moon pulls."));
    QCOMPARE(answer.state, MessageState::Complete);
    QCOMPARE(answer.parentId, loaded->messages.at(0).id);
    QCOMPARE(answer.finishReason, std::optional(FinishReason::Stop));
    QCOMPARE(loaded->record.activeLeaf, answer.id);

    const AnswerFigures figures = loaded->figures.value(answer.id);
    QCOMPARE(figures.requestId, request);
    QCOMPARE(figures.inputTokens, std::optional<std::int64_t>(12));
    QCOMPARE(figures.cacheReadTokens, std::optional<std::int64_t>(0));
    QCOMPARE(figures.reasoningTokens, std::optional<std::int64_t>());
    QCOMPARE(figures.cost.low, PicoUsd(25'800'000));
    QVERIFY(figures.costKnown && figures.cost.isExact() && !figures.simulated);
    QCOMPARE(figures.firstToken, std::optional(std::chrono::milliseconds(250)));
    QCOMPARE(figures.tokensPerSecond, std::optional(40.0));

    const auto attempts = awaited(store->conversations().attempts(request));
    QVERIFY(attempts);
    QCOMPARE(attempts->size(), 1);
    AttemptOpening opening;
    opening.id = attempts->first().id;
    opening.requestId = request;
    opening.target = attempts->first().target;
    opening.queuedAt = attempts->first().queuedAt;
    QVERIFY(attempts->first() == fixture.closing(opening));
}

void tst_Store::accountsAreKept()
{
    StoreFixture fixture;
    Account account;
    account.provider = QStringLiteral("anthropic");
    account.baseUrl = QUrl(QStringLiteral("https://api.anthropic.com"));
    account.keyOrigin = QStringLiteral("https://api.anthropic.com");
    account.keySource = KeySource::Session;
    account.keySaved = true;
    account.lastFour = QStringLiteral("9xYz");
    account.keyIsPair = true;
    account.auth = AuthMethod::EntraSignIn;
    account.awsProfile = QStringLiteral("work");
    account.entra = {QUrl(QStringLiteral("https://login.example.org")), QStringLiteral("tenant"),
                     QStringLiteral("client")};
    account.signedIn = true;
    account.signInSource = KeySource::Session;
    account.grantOrigin = QStringLiteral("https://x.openai.azure.com");
    {
        const auto store = fixture.open();
        account.id = store->accounts().save(account);
        QVERIFY(account.id != 0);
        QCOMPARE(store->accounts().list(), QList<Account>{account});
        Account other = account;
        other.id = 0;
        store->accounts().remove(store->accounts().save(other));
        QCOMPARE(store->accounts().list(), QList<Account>{account});
    }
    QCOMPARE(fixture.open()->accounts().list(), QList<Account>{account});
}

void tst_Store::statesAreKept()
{
    StoreFixture fixture;
    const StateKey models{QStringLiteral("models"), QStringLiteral("openai"), 7,
                          QUrl(QStringLiteral("https://api.openai.com/v1"))};
    StateKey elsewhere = models;
    elsewhere.baseUrl = QUrl(QStringLiteral("https://eu.api.openai.com/v1"));
    StateKey breaker = models;
    breaker.kind = QStringLiteral("breaker");
    const QJsonObject first{{QStringLiteral("ids"), QJsonArray{QStringLiteral("gpt-5")}}};
    const QJsonObject second{{QStringLiteral("ids"), QStringLiteral("Größe\u0000\U0001F426")}};
    UtcTime savedAt{};
    {
        const auto store = fixture.open();
        StateStore &states = store->states();
        QCOMPARE(states.state(models), std::nullopt);
        const UtcTime before = fixture.clock.utcNow();
        states.save(models, first);
        states.save(models, second);
        states.save(elsewhere, first);
        states.save(breaker, {});
        const auto saved = states.state(models);
        QVERIFY(saved);
        QCOMPARE(saved->value, second);
        QVERIFY(saved->savedAt >= before && saved->savedAt <= fixture.clock.utcNow());
        savedAt = saved->savedAt;
        states.remove(elsewhere);
        QCOMPARE(states.state(elsewhere), std::nullopt);
        QCOMPARE(states.keys(QStringLiteral("models")), QList<StateKey>{models});
    }
    const auto store = fixture.open();
    QCOMPARE(store->states().state(models), std::optional(SavedState{second, savedAt}));
    QCOMPARE(store->states().state(elsewhere), std::nullopt);
    QVERIFY(store->states().state(breaker)); // empty is not none
    QCOMPARE(store->states().keys(QStringLiteral("breaker")), QList<StateKey>{breaker});
    QCOMPARE(store->states().keys(QStringLiteral("gate")), QList<StateKey>());
}

//! Each process has read the states when it began.
void tst_Store::statesAreMergedOnDisk()
{
    StoreFixture fixture;
    StoreFixture beside(fixture.directory());
    const StateKey key{QStringLiteral("gate"), QStringLiteral("anthropic"), 0, {}};
    const auto adding = [](const QString &name) {
        return [name](const std::optional<SavedState> &saved) {
            QJsonObject value = saved ? saved->value : QJsonObject();
            value.insert(name, 1);
            return value;
        };
    };
    {
        const auto first = fixture.open(SessionKind::Verb);
        const auto second = beside.open(SessionKind::Verb);
        first->states().update(key, adding(QStringLiteral("x")));
        QVERIFY(awaited(first->journal().drained()));
        second->states().update(key, adding(QStringLiteral("y")));
        QCOMPARE(second->states().state(key)->value.keys(), QStringList{QStringLiteral("y")});
    }
    const auto store = fixture.open(SessionKind::Verb);
    QCOMPARE(store->states().state(key)->value.keys(),
             (QStringList{QStringLiteral("x"), QStringLiteral("y")}));
    store->states().update(key, [](const auto &) { return QJsonObject(); });
    QCOMPARE(store->states().state(key), std::nullopt);
    QVERIFY(awaited(store->journal().drained()));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM provider_state")).toInt(), 0);
}

void tst_Store::spoiltStatesAreNothing()
{
    StoreFixture fixture;
    fixture.open().reset();
    fixture.run(
        QStringLiteral("INSERT INTO provider_state VALUES"
                       "('a', 1, '', 'models', '{\"cut', 0), ('b', 1, '', 'models', '[]', 0),"
                       "('c', 1, '', 'models', '', 0), ('d', 1, '', 'models', '{}', 0)"));
    const auto store = fixture.open();
    const auto stateOf = [&store](const QString &provider) {
        return store->states().state({QStringLiteral("models"), provider, 1, {}});
    };
    QCOMPARE(stateOf(QStringLiteral("a")), std::nullopt);
    QCOMPARE(stateOf(QStringLiteral("b")), std::nullopt);
    QCOMPARE(stateOf(QStringLiteral("c")), std::nullopt);
    QVERIFY(stateOf(QStringLiteral("d")));
}

void tst_Store::statesOfAReader()
{
    StoreFixture fixture;
    const StateKey key{QStringLiteral("models"), QStringLiteral("ollama"), 0, {}};
    const QJsonObject kept{{QStringLiteral("kept"), true}};
    {
        const auto store = fixture.open();
        store->states().save(key, kept);
    }
    {
        const auto reader = fixture.tryOpenReadOnly();
        QVERIFY(reader);
        QCOMPARE((*reader)->states().state(key)->value, kept);
        (*reader)->states().save(key, {}); // for itself only
        QCOMPARE((*reader)->states().state(key)->value, QJsonObject());
    }
    QCOMPARE(fixture.open()->states().state(key)->value, kept);
}

void tst_Store::sidebarSumsAndOrders()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    ConversationRecord older = fixture.chat(QStringLiteral("Older"));
    older.updatedAt -= std::chrono::hours(1);
    older.routeId = 7;
    ConversationRecord archived = fixture.chat(QStringLiteral("Archived"));
    archived.archived = true;
    ConversationRecord asked = fixture.chat(QStringLiteral("Asked"));
    asked.kind = ConversationKind::Ask;
    const ConversationRecord newer = fixture.chat(QStringLiteral("Newer"));
    for (const ConversationRecord &record : {newer, older, archived, asked})
        QVERIFY(awaited(store->conversations().save(record)));
    fixture.ask(*store, newer, QStringLiteral("1"), QStringLiteral("one"));
    fixture.ask(*store, newer, QStringLiteral("2"), QStringLiteral("two"));

    const auto entries = awaited(store->conversations().sidebar(10));
    QVERIFY(entries);
    QCOMPARE(entries->size(), 2);
    QCOMPARE(entries->at(0).title, QStringLiteral("Newer"));
    QCOMPARE(entries->at(0).cost.low, PicoUsd(2 * 25'800'000));
    QVERIFY(entries->at(0).cost.isExact());
    QCOMPARE(entries->at(0).lastState, MessageState::Complete);
    QCOMPARE(entries->at(0).model, QStringLiteral("gpt-4o-mini"));
    QCOMPARE(entries->at(0).routeId, 0);
    QCOMPARE(entries->at(1).title, QStringLiteral("Older"));
    QCOMPARE(entries->at(1).routeId, 7);
    QVERIFY(entries->at(1).cost.isZero());
    QCOMPARE(awaited(store->conversations().sidebar(1))->size(), 1);
}

void tst_Store::sidebarTellsWhatIsLocal_data()
{
    QTest::addColumn<QList<CostBasis>>("attempts");
    QTest::addColumn<bool>("isLocal");
    QTest::newRow("none") << QList<CostBasis>{} << false;
    QTest::newRow("local") << QList{CostBasis::Local, CostBasis::Local} << true;
    QTest::newRow("local-behind-one-that-was-not-sent")
        << QList{CostBasis::NotSent, CostBasis::Local} << true;
    QTest::newRow("not-sent") << QList{CostBasis::NotSent} << false;
    QTest::newRow("local-and-paid") << QList{CostBasis::Local, CostBasis::Exact} << false;
    QTest::newRow("local-and-estimated") << QList{CostBasis::Estimated, CostBasis::Local} << false;
}

void tst_Store::sidebarTellsWhatIsLocal()
{
    QFETCH(const QList<CostBasis>, attempts);
    QFETCH(const bool, isLocal);
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat(QStringLiteral("Here"));
    QVERIFY(awaited(store->conversations().save(chat)));
    for (const CostBasis basis : attempts) {
        const std::int64_t request = fixture.ids.next();
        const RequestContext turn = fixture.turn(chat, QStringLiteral("q"));
        const AttemptOpening opening = fixture.opening(request);
        QVERIFY(awaited(store->journal().openRequest(request, turn, opening)));
        AttemptRecord attempt = fixture.closing(opening);
        attempt.costBasis = basis;
        store->journal().closeAttempt(attempt);
    }
    QVERIFY(awaited(store->journal().drained()));
    const auto entries = awaited(store->conversations().sidebar(10));
    QVERIFY(entries);
    QCOMPARE(entries->first().local, isLocal);
}

//! Services may say any amount: that of one chat must not take the whole list away.
void tst_Store::sidebarOfLargestAmounts()
{
    constexpr PicoUsd Most(std::numeric_limits<std::int64_t>::max());
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat(QStringLiteral("Dear"));
    QVERIFY(awaited(store->conversations().save(chat)));
    for (const char *question : {"1", "2"}) {
        const std::int64_t request = fixture.ids.next();
        const RequestContext turn = fixture.turn(chat, QString::fromLatin1(question));
        const AttemptOpening opening = fixture.opening(request);
        QVERIFY(awaited(store->journal().openRequest(request, turn, opening)));
        AttemptRecord attempt = fixture.closing(opening);
        attempt.cost.total = {Most, Most, true};
        store->journal().closeAttempt(attempt);
    }
    QVERIFY(awaited(store->journal().drained()));
    const auto entries = awaited(store->conversations().sidebar(10));
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1);
    QCOMPARE(entries->first().cost.low, Most);
    QCOMPARE(entries->first().cost.high, Most);
}

void tst_Store::workspacesAreKept()
{
    StoreFixture fixture;
    Workspace work;
    work.name = QStringLiteral("Work");
    work.model = QStringLiteral("openai/gpt-4o-mini");
    work.options.system = QStringLiteral("Be brief.");
    work.options.maxOutputTokens = 900;
    work.blockedPatterns = QStringLiteral("Wren\n/ACME-\\d+/");
    QList<Workspace> both;
    {
        const auto store = fixture.open();
        QCOMPARE(store->workspaces().list().size(), 1);
        QCOMPARE(store->workspaces().list().first().id, store->defaultWorkspace());
        work.id = store->workspaces().save(work);
        QVERIFY(work.id > store->defaultWorkspace());
        Workspace first = store->workspaces().list().first();
        first.name = QStringLiteral("Home");
        QCOMPARE(store->workspaces().save(first), store->defaultWorkspace());
        both = {first, work};
        QCOMPARE(store->workspaces().list(), both);
    }
    QCOMPARE(fixture.open()->workspaces().list(), both);
}

void tst_Store::sidebarOfOneWorkspace()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const std::int64_t first = store->defaultWorkspace();
    const std::int64_t work = store->workspaces().save({0, QStringLiteral("Work"), {}, {}, {}});
    const ConversationRecord home = fixture.chat(QStringLiteral("Home"));
    ConversationRecord office = fixture.chat(QStringLiteral("Office"));
    office.workspaceId = work;
    ComparisonRecord comparison;
    comparison.id = fixture.ids.next();
    comparison.title = QStringLiteral("Two models");
    comparison.createdAt = comparison.updatedAt = fixture.clock.utcNow();
    QVERIFY(awaited(store->conversations().save(comparison)));
    ConversationRecord lane = fixture.chat();
    lane.kind = ConversationKind::Lane;
    lane.comparisonId = comparison.id;
    lane.workspaceId = work;
    for (const ConversationRecord &record : {home, office, lane})
        QVERIFY(awaited(store->conversations().save(record)));

    const auto titlesIn = [&store](std::int64_t workspace) {
        QStringList titles;
        const auto entries = awaited(store->conversations().sidebar(10, workspace));
        for (const SidebarEntry &entry : *entries)
            titles.append(entry.title + u'@' + QString::number(entry.workspaceId));
        titles.sort();
        return titles.join(u' ');
    };
    const QString inFirst = QStringLiteral("Home@%1").arg(first);
    const QString inWork = QStringLiteral("Office@%1 Two models@%1").arg(work);
    QCOMPARE(titlesIn(first), inFirst);
    QCOMPARE(titlesIn(work), inWork);
    QCOMPARE(titlesIn(0), inFirst + u' ' + inWork);
    office.workspaceId = first; // moved
    QVERIFY(awaited(store->conversations().save(office)));
    QCOMPARE(titlesIn(work), QStringLiteral("Two models@%1").arg(work));
    QCOMPARE(awaited(store->conversations().load(office.id))->record.workspaceId, first);
}

//! The ledger keeps counting by it; only chats and the choice of it go.
void tst_Store::deletedWorkspaceGivesItsChatsBack()
{
    StoreFixture fixture;
    Workspace work{0, QStringLiteral("Work"), {}, {}, QStringLiteral("Wren")};
    ConversationRecord chat = fixture.chat(QStringLiteral("Office"));
    {
        const auto store = fixture.open();
        work.id = store->workspaces().save(work);
        chat.workspaceId = work.id;
        QVERIFY(awaited(store->conversations().save(chat)));
        fixture.ask(*store, chat, QStringLiteral("1"), QStringLiteral("one"));
        const auto moved = store->workspaces().remove(work.id);
        QCOMPARE(store->workspaces().list().size(), 1); // at once
        QCOMPARE(*awaited(moved), QList<std::int64_t>{chat.id});
        QCOMPARE(awaited(store->conversations().load(chat.id))->record.workspaceId,
                 store->defaultWorkspace());
        QCOMPARE(fixture.value(QStringLiteral("SELECT workspace_id FROM request")).toLongLong(),
                 work.id);
        // The first one stays, whatever is asked.
        QCOMPARE(*awaited(store->workspaces().remove(store->defaultWorkspace())),
                 QList<std::int64_t>());
    }
    const auto store = fixture.open();
    QCOMPARE(store->workspaces().list().size(), 1);
    const ConversationRecord other = fixture.chat(QStringLiteral("Never there"));
    QVERIFY(awaited(store->conversations().save(other)));
    QVERIFY(awaited(store->workspaces().restore(work, {chat.id})));
    QCOMPARE(store->workspaces().list().constLast(), work);
    QCOMPARE(awaited(store->conversations().load(chat.id))->record.workspaceId, work.id);
    QCOMPARE(awaited(store->conversations().load(other.id))->record.workspaceId,
             store->defaultWorkspace());
}

void tst_Store::requestsCountInTheirWorkspace()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const std::int64_t work = store->workspaces().save({0, QStringLiteral("Work"), {}, {}, {}});
    ConversationRecord chat = fixture.chat(QStringLiteral("Office"));
    chat.workspaceId = work;
    QVERIFY(awaited(store->conversations().save(chat)));
    fixture.ask(*store, chat, QStringLiteral("1"), QStringLiteral("one"));
    for (const char *table : {"request", "reservation", "rollup"}) {
        const QString statement =
            QStringLiteral("SELECT group_concat(DISTINCT workspace_id) FROM ") +
            QLatin1String(table);
        QCOMPARE(fixture.value(statement).toString(), QString::number(work));
    }
}

void tst_Store::questionTakesItsDraftAlong_data()
{
    QTest::addColumn<QString>("stored");
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("left");
    QTest::newRow("the-same") << QStringLiteral("Why?") << QStringLiteral("Why?") << QString();
    QTest::newRow("more-was-typed")
        << QStringLiteral("Why?\n\nAnd") << QStringLiteral("Why?") << QStringLiteral("Why?\n\nAnd");
    QTest::newRow("another-turn") << QStringLiteral("later") << QString()
                                  << QStringLiteral("later");
}

//! In one transaction: a program that ends before it has the draft, one that ends later the
//! question.
void tst_Store::questionTakesItsDraftAlong()
{
    QFETCH(const QString, stored);
    QFETCH(const QString, sent);
    QFETCH(const QString, left);
    StoreFixture fixture;
    const auto store = fixture.open();
    ConversationRecord chat = fixture.chat();
    chat.draft = stored;
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    RequestContext context = fixture.turn(chat, QStringLiteral("Why?"));
    context.draft = sent;
    QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->record.draft, left);
    QCOMPARE(loaded->record.activeLeaf, context.answer.id);
}

void tst_Store::partialsAreCoalesced()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const RequestContext context = fixture.turn(chat, QStringLiteral("?"));
    QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
    // Read by a connection of its own, as another process would after a crash.
    const QString stored = QStringLiteral("SELECT text FROM content_part WHERE message_id = %1")
                               .arg(context.answer.id);
    QString text;
    QElapsedTimer sinceFirst;
    sinceFirst.start();
    constexpr int Saves = 2000;
    for (int i = 0; i < Saves; ++i) {
        text += QStringLiteral("token ");
        store->journal().savePartial(context.answer.id, {TextPart{text}});
    }
    QTRY_COMPARE_WITH_TIMEOUT(fixture.value(stored).toString(), text, 20'000);
    // How soon is told, not judged: tst_kills holds the promise, and here a busy machine would.
    qInfo("figure: %d partial texts, the last durable %lld ms after the first was given", Saves,
          sinceFirst.elapsed());
    // Each written for itself would have been a page of the log at least.
    constexpr qint64 Page = 4096;
    QVERIFY(QFileInfo(fixture.databasePath() + QStringLiteral("-wal")).size() < Saves * Page / 2);
    // The final answer wins over parts that still wait.
    store->journal().savePartial(context.answer.id, {TextPart{QStringLiteral("late")}});
    MessageRecord last = context.answer;
    last.parts = {TextPart{QStringLiteral("final")}};
    last.state = MessageState::Cancelled;
    store->journal().closeRequest(request, RequestState::Cancelled, last);
    QVERIFY(awaited(store->journal().drained()));
    QCOMPARE(fixture.value(stored).toString(), QStringLiteral("final"));
}

//! The answer ended while a part of it waited for the lock, in vain.
void tst_Store::refusedPartialStaysBehind()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat();
    std::int64_t answer = 0;
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        const RequestContext context = fixture.turn(chat, QStringLiteral("?"));
        answer = context.answer.id;
        QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
        auto lock = FileLock::tryLock(fixture.directory() + QStringLiteral("/farthing.writelock"));
        QVERIFY(lock && *lock);
        QSignalSpy failed(store.get(), &Store::writeFailed);
        store->journal().savePartial(answer, {TextPart{QStringLiteral("half")}});
        QTest::qWait(600); // it is being written by now, as well as it can
        MessageRecord last = context.answer;
        last.parts = {TextPart{QStringLiteral("whole")}};
        last.state = MessageState::Complete;
        store->journal().closeRequest(request, RequestState::Completed, last);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);
        lock->reset();
    }
    QCOMPARE(
        fixture
            .value(
                QStringLiteral("SELECT text FROM content_part WHERE message_id = %1").arg(answer))
            .toString(),
        QStringLiteral("whole"));
}

//! Several answers at once leave no idle moment, for as long as they last.
void tst_Store::logStaysSmallWhileAnswersStream()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const RequestContext context = fixture.turn(chat, QStringLiteral("?"));
    QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
    QString text(1'000'000, u'x'); // more than an empty database has
    const auto isMerged = [&] {
        store->journal().savePartial(context.answer.id, {TextPart{text += u'y'}});
        return QFileInfo(fixture.databasePath()).size() > text.size();
    };
    QVERIFY(QTest::qWaitFor(isMerged, 20'000));
}

void tst_Store::changesAreTold()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QSignalSpy changed(store.get(), &Store::conversationChanged);
    QSignalSpy ledger(store.get(), &Store::ledgerChanged);
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < 200; ++i)
        QVERIFY(awaited(store->conversations().save(chat)));
    QTRY_VERIFY(!changed.isEmpty());
    QTRY_VERIFY(changed.size() >= 2 || time.elapsed() > 300);
    QVERIFY(changed.size() <= 2 + time.elapsed() / 100);
    QCOMPARE(changed.first().first().value<std::int64_t>(), chat.id);
    QCOMPARE(ledger.size(), 0);
    fixture.ask(*store, chat, QStringLiteral("a"), QStringLiteral("b"));
    QTRY_VERIFY(!ledger.isEmpty());
}

void tst_Store::everyKindOfPartIsKept()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat();
    RequestContext context = fixture.turn(chat, QString());
    context.question->parts = {
        TextPart{QString::fromUtf8("gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x8a")},
        AttachmentPart{QStringLiteral("a.png"), QStringLiteral("image/png"),
                       QByteArray("\x89PNG\0\1", 6)},
        ToolResultPart{QStringLiteral("call_1"), QStringLiteral("42"), true}};
    context.answer.parts = {
        ReasoningPart{QStringLiteral("hm"), QByteArray("sig\0x", 5), QByteArray("red"),
                      QStringLiteral("anthropic")},
        ToolCallPart{QStringLiteral("call_2"), QStringLiteral("look"), QByteArray("{\"a\":")}};
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        QVERIFY(awaited(store->journal().openRequest(request, context, fixture.opening(request))));
        context.answer.requestId = request;
    }
    const auto store = fixture.open();
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QVERIFY(loaded->messages.at(0) == *context.question);
    // The session ended without an end of the request: nobody will write it any more.
    context.answer.state = MessageState::Incomplete;
    QVERIFY(loaded->messages.at(1) == context.answer);
}

void tst_Store::comparisonKeepsItsLanes()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    ComparisonRecord comparison;
    comparison.id = fixture.ids.next();
    comparison.title = QStringLiteral("Three of them");
    comparison.createdAt = comparison.updatedAt = fixture.clock.utcNow();
    QVERIFY(awaited(store->conversations().save(comparison)));
    QList<std::int64_t> lanes;
    for (int lane = 0; lane < 3; ++lane) {
        ConversationRecord record = fixture.chat();
        record.kind = ConversationKind::Lane;
        record.comparisonId = comparison.id;
        record.lane = lane;
        lanes.append(record.id);
        QVERIFY(awaited(store->conversations().save(record)));
        fixture.ask(*store, record, QStringLiteral("q"), QStringLiteral("a"));
    }
    QCOMPARE(awaited(store->conversations().lanes(comparison.id)).value(), lanes);
    const auto entries = awaited(store->conversations().sidebar(10));
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1);
    QVERIFY(entries->first().comparison);
    QCOMPARE(entries->first().cost.low, PicoUsd(3 * 25'800'000));
    const auto found = awaited(store->conversations().search(QStringLiteral("Three"), 10));
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().comparisonId, comparison.id);

    QVERIFY(awaited(store->conversations().eraseComparison(comparison.id)));
    QVERIFY(!awaited(store->conversations().loadComparison(comparison.id)));
    QVERIFY(!awaited(store->conversations().load(lanes.first())));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toInt(), 3);
}

void tst_Store::onlyWhatIsMarkedIsErased()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    ConversationRecord kept = fixture.chat(QStringLiteral("Kept"));
    ConversationRecord marked = fixture.chat(QStringLiteral("Marked"));
    ConversationRecord takenBack = fixture.chat(QStringLiteral("Taken back"));
    for (ConversationRecord *record : {&kept, &marked, &takenBack}) {
        record->deleted = record != &kept;
        QVERIFY(awaited(store->conversations().save(*record)));
        fixture.ask(*store, *record, QStringLiteral("q"), QStringLiteral("a"));
    }
    takenBack.deleted = false;
    QVERIFY(awaited(store->conversations().save(takenBack)));
    QVERIFY(awaited(store->conversations().eraseDeleted()));
    QVERIFY(awaited(store->conversations().load(kept.id)));
    QVERIFY(awaited(store->conversations().load(takenBack.id)));
    QVERIFY(!awaited(store->conversations().load(marked.id)));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toInt(), 3);
}

void tst_Store::attemptIsClosedOnce()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const AttemptOpening opening = fixture.opening(request);
    QVERIFY(awaited(
        store->journal().openRequest(request, fixture.turn(chat, QStringLiteral("?")), opening)));
    store->journal().closeAttempt(fixture.closing(opening));
    store->journal().closeAttempt(fixture.closing(opening));
    QVERIFY(awaited(store->journal().drained()));
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(attempts) FROM rollup")).toInt(), 1);
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM cost_line")).toInt(), 2);
    QCOMPARE(fixture.value(QStringLiteral("SELECT spent FROM reservation")).toLongLong(),
             25'800'000);
}

//! A request that waits for its turn has no attempt yet; its prompt must not be lost by that.
void tst_Store::waitingRequestIsKept()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Tides"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        store->journal().keepRequest(request, fixture.turn(chat, QStringLiteral("Why?")),
                                     fixture.clock.utcNow());
        QVERIFY(awaited(store->journal().drained()));
        QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toInt(), 0);
        QCOMPARE(fixture.value(QStringLiteral("SELECT state FROM request")).toString(),
                 QStringLiteral("open"));
    } // the program ends while it waits
    const auto store = fixture.open();
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->messages.size(), 2);
    QCOMPARE(textOf(loaded->messages.at(0).parts), QStringLiteral("Why?"));
    QCOMPARE(loaded->messages.at(1).state, MessageState::Incomplete);
    QCOMPARE(fixture.value(QStringLiteral("SELECT state FROM request")).toString(),
             QStringLiteral("interrupted"));
    // And one whose turn comes goes on as any other.
    const std::int64_t later = fixture.ids.next();
    store->journal().keepRequest(later, fixture.turn(chat, QStringLiteral("And then?")),
                                 fixture.clock.utcNow());
    QVERIFY(awaited(store->journal().openAttempt(fixture.opening(later))));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM attempt")).toInt(), 1);
}

//! It gave up at the gate, or the program ended there.
void tst_Store::requestWithoutAttemptIsCounted()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat();
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        for (const bool gaveUp : {true, false}) {
            const std::int64_t request = fixture.ids.next();
            const RequestContext turn = fixture.turn(chat, QStringLiteral("Why?"));
            store->journal().keepRequest(request, turn, fixture.clock.utcNow());
            MessageRecord answer = turn.answer;
            answer.state = MessageState::Failed;
            if (gaveUp)
                store->journal().closeRequest(request, RequestState::Failed, answer);
        }
    }
    const QString counted = QStringLiteral(" FROM rollup WHERE provider = 'openai' AND model = "
                                           "'gpt-4o-mini'");
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(requests)") + counted).toInt(), 2);
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(failed)") + counted).toInt(), 1);
    QCOMPARE(fixture.value(QStringLiteral("SELECT sum(attempts)") + counted).toInt(), 0);
}

void tst_Store::basesOfCostsComeBack()
{
    constexpr int Last = static_cast<int>(CostBasis::Interrupted);
    QStringList words;
    for (int i = 0; i <= Last; ++i) {
        const auto basis = static_cast<CostBasis>(i);
        words += storedName(basis);
        QCOMPARE(costBasisFrom(words.constLast()), basis);
    }
    QCOMPARE(words.removeDuplicates(), 0);
    QVERIFY(words.contains(QStringLiteral("not_charged"))); // schema 10 knows it by this word
    QCOMPARE(costBasisFrom(QStringLiteral("of tomorrow")), CostBasis::None);
}

void tst_Store::attemptThatOutlivesItsRequestIsClosed()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat(QStringLiteral("Tides"));
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        const RequestContext turn = fixture.turn(chat, QStringLiteral("Why?"));
        QVERIFY(awaited(store->journal().openRequest(request, turn, fixture.opening(request))));
        MessageRecord answer = turn.answer;
        answer.state = MessageState::Cancelled;
        store->journal().closeRequest(request, RequestState::Cancelled, answer);
        QVERIFY(awaited(store->journal().drained()));
        QCOMPARE(fixture.value(QStringLiteral("SELECT outcome FROM attempt")).toString(),
                 QStringLiteral("open"));
    } // the program ends while the attempt is still counted
    QCOMPARE(fixture.value(QStringLiteral("SELECT outcome FROM attempt")).toString(),
             QStringLiteral("interrupted"));
    QCOMPARE(fixture.value(QStringLiteral("SELECT state FROM request")).toString(),
             QStringLiteral("cancelled"));
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM reservation WHERE spent IS NULL"))
                 .toInt(),
             0);
}

//! The program ends in order while an answer streams: what waits to be written is not left behind.
void tst_Store::lastWordsAreKeptAtTheEnd()
{
    StoreFixture fixture;
    const ConversationRecord chat = fixture.chat();
    const QString words = QStringLiteral("the last words");
    {
        const auto store = fixture.open();
        QVERIFY(awaited(store->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        const RequestContext turn = fixture.turn(chat, QStringLiteral("Why?"));
        QVERIFY(awaited(store->journal().openRequest(request, turn, fixture.opening(request))));
        store->journal().savePartial(turn.answer.id, {TextPart{words}});
    }
    const auto store = fixture.open();
    const auto loaded = awaited(store->conversations().load(chat.id));
    QVERIFY(loaded);
    QCOMPARE(loaded->messages.size(), 2);
    QCOMPARE(textOf(loaded->messages.at(1).parts), words);
    QCOMPARE(loaded->messages.at(1).state, MessageState::Incomplete);
    QCOMPARE(awaited(store->conversations().search(words, 5))->size(), 1);
}

void tst_Store::cutOffWordsHaveTheirPrice_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("begun"); // units of it that an earlier request wrote
    QTest::addColumn<QString>("words");
    QTest::addColumn<qint64>("low");
    QTest::newRow("visible") << QStringLiteral("one two three") << 0
                             << QStringLiteral("one two three") << qint64(13'000);
    QTest::newRow("continued") << QStringLiteral("one two three") << 4
                               << QStringLiteral("two three") << qint64(9'000);
    QTest::newRow("nothing-came") << QString() << 0 << QString() << qint64(0);
}

//! No less was billed than what arrived, and budgets go on counting what may have come besides.
void tst_Store::cutOffWordsHaveTheirPrice()
{
    QFETCH(const QString, text);
    QFETCH(const int, begun);
    QFETCH(const QString, words);
    QFETCH(const qint64, low);
    StoreFixture fixture;
    QString priced;
    StoreOptions options;
    options.directory = fixture.directory();
    options.priceKeptWords = [&priced](AttemptRecord &attempt, const QString &kept) {
        priced = kept;
        attempt.usage.tokens.insert(UsageKind::Output, kept.size());
        attempt.usage.basis = UsageBasis::Estimated;
        attempt.cost.total.low = PicoUsd(kept.size() * 1'000);
    };
    const ConversationRecord chat = fixture.chat();
    {
        const auto store = Store::open(options, fixture.clock, fixture.ids);
        QVERIFY(store);
        QVERIFY(awaited((*store)->conversations().save(chat)));
        const std::int64_t request = fixture.ids.next();
        RequestContext turn = fixture.turn(chat, QStringLiteral("Why?"));
        if (begun > 0)
            turn.answer.pieces = {{fixture.ids.next(), chat.target, begun}};
        AttemptOpening opening = fixture.opening(request);
        opening.reservation.tokens = 700;
        QVERIFY(awaited((*store)->journal().openRequest(request, turn, opening)));
        if (!text.isEmpty())
            (*store)->journal().savePartial(turn.answer.id, {TextPart{text}});
        QVERIFY(awaited((*store)->journal().drained()));
    } // the program ends while the answer streams
    QCOMPARE(priced, words);
    const QString attempt = QStringLiteral(" FROM attempt WHERE outcome = 'interrupted'");
    QCOMPARE(fixture.value(QStringLiteral("SELECT cost_low") + attempt).toLongLong(), low);
    QCOMPARE(fixture.value(QStringLiteral("SELECT cost_high") + attempt).toLongLong(),
             5'000'000'000);
    QCOMPARE(fixture.value(QStringLiteral("SELECT tokens_spent FROM reservation")).toInt(), 700);
    QCOMPARE(fixture.value(QStringLiteral("SELECT count(*) FROM usage")).toInt(),
             words.isEmpty() ? 0 : 1);
}

//! Services repeat what was asked. The answer's own row keeps their words, as long as it is kept.
void tst_Store::ledgerKeepsNoWordsOfServices()
{
    StoreFixture fixture;
    const auto store = fixture.open();
    const ConversationRecord chat = fixture.chat();
    QVERIFY(awaited(store->conversations().save(chat)));
    const std::int64_t request = fixture.ids.next();
    const RequestContext turn = fixture.turn(chat, QStringLiteral("?"));
    const AttemptOpening refused = fixture.opening(request);
    AttemptOpening unreached = fixture.opening(request);
    unreached.number = 2;
    QVERIFY(awaited(store->journal().openRequest(request, turn, refused)));
    QVERIFY(awaited(store->journal().openAttempt(unreached)));
    AttemptRecord record = fixture.closing(refused);
    record.outcome = AttemptOutcome::Failed;
    Error error;
    error.kind = ErrorKind::InvalidRequest;
    error.httpStatus = 400;
    error.detail = error.rawBody = QStringLiteral("Invalid value: 'zebrafinch'");
    record.error = error;
    store->journal().closeAttempt(record);
    record = fixture.closing(unreached);
    record.outcome = AttemptOutcome::Failed;
    record.error = Error();
    record.error->detail = QStringLiteral("Connection refused");
    store->journal().closeAttempt(record);
    MessageRecord answer = turn.answer;
    answer.state = MessageState::Failed;
    answer.error = error;
    store->journal().closeRequest(request, RequestState::Failed, answer);
    QVERIFY(awaited(store->journal().drained()));
    const auto errorOf = [&fixture](const AttemptOpening &attempt) {
        return fixture
            .value(QStringLiteral("SELECT error FROM attempt WHERE id = %1").arg(attempt.id))
            .toString();
    };
    QVERIFY(errorOf(refused).contains(QStringLiteral("invalid_request")));
    QVERIFY2(!errorOf(refused).contains(QStringLiteral("zebrafinch")),
             qPrintable(errorOf(refused)));
    QVERIFY(errorOf(unreached).contains(QStringLiteral("Connection refused"))); // our own
    QCOMPARE(awaited(store->conversations().load(chat.id))->messages.at(1).error, answer.error);
}

QTEST_GUILESS_MAIN(tst_Store)
#include "tst_store.moc"
