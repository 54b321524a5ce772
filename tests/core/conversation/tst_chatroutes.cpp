#include "core/conversation/turnroute.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using Bench = tests::ConversationBench;

namespace {

Target named(const char *model, bool simulated = false)
{
    Target target;
    target.provider = QStringLiteral("custom");
    target.model = QString::fromLatin1(model);
    target.simulated = simulated;
    return target;
}

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

Route makeRoute(std::int64_t id, const QList<Target> &targets)
{
    return {id, QStringLiteral("Balanced"), targets};
}

//! Simple turns for "cheap", demanding ones for "strong".
Route routeByTask(const tests::ScriptedServer &server)
{
    Target cheap = Bench::target(server);
    cheap.model = QStringLiteral("cheap");
    cheap.accountId = 1;
    Target strong = Bench::target(server);
    strong.model = QStringLiteral("strong");
    strong.accountId = 2;
    return {7, QStringLiteral("Auto"), {cheap, strong}, RouteKind::ByTask};
}

//! The models that were asked, in order.
QString asked(const tests::ScriptedServer &server)
{
    QStringList models;
    for (const LoopbackRequest &request : server.requests())
        models.append(request.body.contains("\"strong\"") ? QStringLiteral("strong")
                                                          : QStringLiteral("cheap"));
    return models.join(QLatin1Char(' '));
}

const QString CodePrompt = QStringLiteral("Why?\n```\nint x\n```");

} // namespace

//! Chats that use a named route: what they ask, what they keep, what they have when it is gone.
class tst_ChatRoutes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void turns_data();
    void turns();
    void follows_data();
    void follows();
    void routeOutlivesTheProgram();
    void deletedRouteLeavesItsTarget();
    void nextTurnStartsAtTheFirstUnlessTold();
    void taskChoosesForEachTurnAnew();
    void choiceOutlivesTheProgram();
    void strongFailsOverToSimple();
    void stayingIsNotChosenAnew();
};

void tst_ChatRoutes::turns_data()
{
    QTest::addColumn<ConversationRecord>("record");
    QTest::addColumn<bool>("hasRoute");
    QTest::addColumn<QStringList>("asked");
    ConversationRecord plain;
    plain.target = named("x");
    QTest::newRow("model-alone") << plain << false << words("x f");
    ConversationRecord first;
    first.routeId = 7;
    first.target = named("a");
    QTest::newRow("from-the-first") << first << true << words("a b c");
    ConversationRecord staying = first;
    staying.target = named("b");
    staying.stays = true;
    QTest::newRow("staying") << staying << true << words("b a c");
    QTest::newRow("route-is-gone") << first << false << words("a f");
    ConversationRecord practice;
    practice.target = named("p", true);
    QTest::newRow("practice-never-becomes-real") << practice << false << words("p");
}

void tst_ChatRoutes::turns()
{
    QFETCH(const ConversationRecord, record);
    QFETCH(const bool, hasRoute);
    QFETCH(const QStringList, asked);
    std::optional<Route> route;
    if (hasRoute)
        route = makeRoute(7, {named("a"), named("b"), named("c")});
    QStringList models;
    for (const Target &target : routeOfTurn(record, route, {named("f")}).targets)
        models.append(target.model);
    QCOMPARE(models, asked);
}

void tst_ChatRoutes::follows_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("stays");
    QTest::addColumn<QStringList>("route");
    QTest::addColumn<QString>("after");
    QTest::addColumn<bool>("staysAfter");
    const auto row = [](const char *name, const char *target, bool stays, const QStringList &route,
                        const char *after, bool staysAfter) {
        QTest::newRow(name) << QString::fromLatin1(target) << stays << route
                            << QString::fromLatin1(after) << staysAfter;
    };
    row("same", "a", false, words("a b"), "a", false);
    row("new-first", "a", false, words("b a"), "b", false);
    row("stays-where-it-was-told", "b", true, words("a b"), "b", true);
    row("what-it-stayed-at-is-gone", "b", true, words("a c"), "a", false);
    row("no-targets-left", "a", false, words(""), "a", false);
}

void tst_ChatRoutes::follows()
{
    QFETCH(const QString, target);
    QFETCH(const bool, stays);
    QFETCH(const QStringList, route);
    QFETCH(const QString, after);
    QFETCH(const bool, staysAfter);
    ConversationRecord record;
    record.routeId = 7;
    record.target = named(target.toLatin1().constData());
    record.stays = stays;
    QList<Target> targets;
    for (const QString &model : route)
        targets.append(named(model.toLatin1().constData()));
    const ConversationRecord before = record;
    const bool changed = followRoute(record, {makeRoute(7, targets)});
    QCOMPARE(record.target.model, after);
    QCOMPARE(record.stays, staysAfter);
    QCOMPARE(changed, !(record == before));
}

void tst_ChatRoutes::routeOutlivesTheProgram()
{
    const QTemporaryDir directory;
    std::int64_t chatId = 0;
    Route route = makeRoute(0, {named("a"), named("b")});
    {
        Bench bench(directory.path());
        route.id = bench.store->routes().save(route);
        bench.store->routes().save({0, QStringLiteral("Empty"), {}});
        bench.book->setRoutes({route}, {});
        Conversation *chat = bench.book->create(ConversationKind::Chat, named("x"));
        chatId = chat->id();
        chat->setRoute(route);
        chat->stayOn(named("b"));
        chat->setTitle(QStringLiteral("Kept"));
        bench.drain();
    }
    Bench bench(directory.path());
    const QList<Route> kept = bench.store->routes().list();
    QCOMPARE(kept.size(), 2);
    QCOMPARE(kept.first(), route);
    QVERIFY(kept.last().targets.isEmpty());
    bench.book->setRoutes(kept, {});
    auto opened = bench.book->open(chatId);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    const Conversation *chat = opened.result().value();
    QVERIFY(chat->route());
    QCOMPARE(chat->route()->id, route.id);
    QCOMPARE(chat->record().target, named("b"));
    QVERIFY(chat->record().stays);
}

void tst_ChatRoutes::deletedRouteLeavesItsTarget()
{
    const QTemporaryDir directory;
    Bench bench(directory.path());
    const Route route = makeRoute(7, {named("a"), named("b")});
    bench.book->setRoutes({route}, {named("f")});
    Conversation *chat = bench.book->create(ConversationKind::Chat, named("x"));
    chat->setRoute(route);
    QVERIFY(chat->route());
    bench.book->setRoutes({}, {named("f")});
    QVERIFY(!chat->route());
    QCOMPARE(chat->record().target, named("a"));
    bench.book->setRoutes({route}, {named("f")}); // it was brought back
    QVERIFY(chat->route());
    chat->setTarget(named("y"));
    QVERIFY(!chat->route());
    QCOMPARE(chat->record().routeId, 0);
}

void tst_ChatRoutes::nextTurnStartsAtTheFirstUnlessTold()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &request) {
        return request.body.contains("\"first\"") ? tests::Answer::whole(401, "{}")
                                                  : tests::dripAnswer(0ms, 2);
    });
    Bench bench(directory.path());
    Target first = Bench::target(server);
    first.model = QStringLiteral("first");
    first.accountId = 1;
    Target second = Bench::target(server);
    second.model = QStringLiteral("second");
    second.accountId = 2;
    const Route route = makeRoute(7, {first, second});
    bench.book->setRoutes({route}, {});
    Conversation *chat = bench.book->create(ConversationKind::Chat, first);
    chat->setRoute(route);
    QVERIFY(chat->send(QStringLiteral("hello")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(chat->path().last().state, MessageState::Complete);
    QCOMPARE(chat->path().last().target, second);
    QCOMPARE(chat->record().target, first);
    chat->stayOn(second);
    QCOMPARE(chat->record().target, second);
    QVERIFY(chat->record().stays);
    const qsizetype before = server.requests().size();
    QVERIFY(chat->send(QStringLiteral("and again")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(server.requests().size(), before + 1);
    chat->stopStaying();
    QCOMPARE(chat->record().target, first);
    QVERIFY(!chat->record().stays);
}

void tst_ChatRoutes::taskChoosesForEachTurnAnew()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    const Route route = routeByTask(server);
    bench.book->setRoutes({route}, {});
    Conversation *chat = bench.book->create(ConversationKind::Chat, route.targets.first());
    chat->setRoute(route);

    QVERIFY(chat->send(QStringLiteral("hello")));
    // Told from the first moment on, and not asked of anybody.
    QVERIFY(chat->path().last().chosen);
    QCOMPARE(chat->path().last().chosen->target, route.targets.at(0));
    QCOMPARE(chat->path().last().chosen->reasons, QList<TaskReason>());
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap"));
    QCOMPARE(chat->path().last().target, route.targets.at(0));

    QCOMPARE(chat->targetFor(chat->requestFor(CodePrompt)), route.targets.at(1));
    QVERIFY(chat->send(CodePrompt));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap strong"));
    const std::int64_t answer = chat->path().last().id;
    const auto chosen = chat->path().last().chosen;
    QVERIFY(chosen);
    QCOMPARE(chosen->route, QStringLiteral("Auto"));
    QCOMPARE(chosen->target, route.targets.at(1));
    QCOMPARE(chosen->reasons, QList<TaskReason>{TaskReason::Code});
    QVERIFY(chosen->tokens > 0);

    QVERIFY(chat->send(QStringLiteral("thanks")));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap strong cheap"));

    // The same turn once more is the same choice.
    QVERIFY(chat->regenerate(answer));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap strong cheap strong"));
    QCOMPARE(chat->path().last().chosen, chosen);
}

void tst_ChatRoutes::choiceOutlivesTheProgram()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    std::int64_t chatId = 0;
    std::optional<TaskChoice> chosen;
    Route route = routeByTask(server);
    {
        Bench bench(directory.path());
        route.id = bench.store->routes().save(route);
        bench.book->setRoutes({route}, {});
        Conversation *chat = bench.book->create(ConversationKind::Chat, route.targets.first());
        chatId = chat->id();
        chat->setRoute(route);
        QVERIFY(chat->send(CodePrompt));
        QTRY_VERIFY(!chat->isRunning());
        chosen = chat->path().last().chosen;
        QVERIFY(chosen);
        bench.drain();
    }
    Bench bench(directory.path());
    QCOMPARE(bench.store->routes().list(), QList<Route>{route});
    // The route is another by now: what was chosen is told as it was.
    route.kind = RouteKind::InOrder;
    route.name = QStringLiteral("Other");
    bench.book->setRoutes({route}, {});
    auto opened = bench.book->open(chatId);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    QCOMPARE(opened.result().value()->path().last().chosen, chosen);
    QVERIFY(!opened.result().value()->path().first().chosen);
}

void tst_ChatRoutes::strongFailsOverToSimple()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &request) {
        return request.body.contains("\"strong\"") ? tests::Answer::whole(401, "{}")
                                                   : tests::dripAnswer(0ms, 2);
    });
    Bench bench(directory.path());
    const Route route = routeByTask(server);
    bench.book->setRoutes({route}, {});
    Conversation *chat = bench.book->create(ConversationKind::Chat, route.targets.first());
    chat->setRoute(route);
    QVERIFY(chat->send(CodePrompt));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("strong cheap"));
    QCOMPARE(chat->path().last().state, MessageState::Complete);
    QCOMPARE(chat->path().last().target, route.targets.at(0));
    QVERIFY(chat->path().last().chosen);
    QCOMPARE(chat->path().last().chosen->target, route.targets.at(1));
}

void tst_ChatRoutes::stayingIsNotChosenAnew()
{
    const QTemporaryDir directory;
    tests::ScriptedServer server;
    server.setChooser([](const LoopbackRequest &) { return tests::dripAnswer(0ms, 2); });
    Bench bench(directory.path());
    const Route route = routeByTask(server);
    bench.book->setRoutes({route}, {});
    Conversation *chat = bench.book->create(ConversationKind::Chat, route.targets.first());
    chat->setRoute(route);
    chat->stayOn(route.targets.first());
    QVERIFY(chat->record().stays);
    QVERIFY(chat->send(CodePrompt));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap"));
    QVERIFY(!chat->path().last().chosen);
    chat->stopStaying();
    QVERIFY(chat->send(CodePrompt));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap strong"));
    // One that has but one model has nothing to choose.
    Route alone = route;
    alone.targets.removeLast();
    bench.book->setRoutes({alone}, {});
    QVERIFY(chat->send(CodePrompt));
    QTRY_VERIFY(!chat->isRunning());
    QCOMPARE(asked(server), QStringLiteral("cheap strong cheap"));
    QVERIFY(!chat->path().last().chosen);
}

QTEST_GUILESS_MAIN(tst_ChatRoutes)
#include "tst_chatroutes.moc"
