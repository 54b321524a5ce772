#include "core/conversation/comparisonbook.h"
#include "core/store/filelock.h"
#include "core/store/opening.h"
#include "tests/core/conversation/conversationbench.h"
#include "tests/support/dripanswer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::Comparison;
using core::Target;
using Bench = tests::ConversationBench;

//! Lanes on the real engine and a real database, their services scripted.
class tst_Comparison : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void allLanesAreAskedAtOnce();
    void refusedTextReachesNoLane_data();
    void refusedTextReachesNoLane();
    void refusedWhileALaneRuns();
    void simulatedMoneyStaysApart();
    void unpricedLaneLeavesALowerBound();
    void stoppingOneLaneLeavesTheOthers();
    void noWinnersWhileOneRuns();
    void aFailedLaneWinsNothing();
    void refusedTurnsStayWithTheirLanes_data();
    void refusedTurnsStayWithTheirLanes();
    void refusedTurnIsAskedByItself();
    void refusedTurnOfABusyLaneStays();
    void refusedTurnsGoAgainAsWhatTheyWere_data();
    void refusedTurnsGoAgainAsWhatTheyWere();
    void closedLanesHaveStillCost();
    void closedLaneIsCountedOn();
    void aLaneTakenOutCanComeBack();
    void lanesTakenOutComeBackOneByOne();
    void aLaneTakenOutGoesForGood();
    void reopensWithDraftAndLanes();
    void refusedChangesAreWrittenLater();
    void draftOfANewOneOutlastsTheProgram();
    void roundThatNeverBeganIsOffered();
    void heldTurnsOutlastTheProgram_data();
    void heldTurnsOutlastTheProgram();
    void heldTurnComesBackWithItsLane();
    void roundOutlastsTheProgram();
    void erasedLaneKeepsNoWords();
    void untouchedOneIsClosedAtOnce();
    void closingWaitsForTheAnswers();
    void closingWaitsForTheDisk();
    void closingWaitsForItsReader_data();
    void closingWaitsForItsReader();
    void closingWaitsForUndo_data();
    void closingWaitsForUndo();
    void theBookMayGoWhileOneOpens();

private:
    [[nodiscard]] Target priced(bool simulated = false) const
    {
        Target target = Bench::target(*m_server);
        target.provider = QStringLiteral("mistral");
        target.model = QStringLiteral("mistral-small-latest");
        target.simulated = simulated;
        return target;
    }
    [[nodiscard]] Target named(const QString &model) const
    {
        Target target = unpriced();
        target.model = model;
        return target;
    }
    [[nodiscard]] Target unpriced() const { return Bench::target(*m_server); }
    Comparison *compare(const QList<Target> &targets) const
    {
        return m_comparisons->create(targets);
    }
    //! The program ends, and begins again with the comparison \p id.
    Comparison *reopened(std::int64_t id)
    {
        m_bench->drain();
        m_comparisons.reset();
        m_bench.reset();
        m_bench = std::make_unique<Bench>(m_directory->path());
        m_comparisons = std::make_unique<core::ComparisonBook>(
            *m_bench->book, m_bench->store->conversations(), m_bench->ids, m_bench->clock);
        return opened(id);
    }
    [[nodiscard]] Comparison *opened(std::int64_t id) const
    {
        auto opening = m_comparisons->open(id);
        [&] { QTRY_VERIFY(opening.isFinished()); }();
        return opening.isFinished() && opening.result() ? opening.result().value() : nullptr;
    }
    //! How many of \p lanes are open, by their ids.
    [[nodiscard]] qsizetype openOf(const QList<std::int64_t> &lanes) const
    {
        return std::count_if(lanes.cbegin(), lanes.cend(),
                             [this](std::int64_t lane) { return m_bench->book->find(lane); });
    }
    [[nodiscard]] static QList<std::int64_t> lanesOf(const Comparison *comparison)
    {
        QList<std::int64_t> lanes;
        for (const core::Conversation *lane : comparison->lanes())
            lanes.append(lane->id());
        return lanes;
    }
    void ask(Comparison *comparison) const
    {
        QVERIFY(comparison->send(QStringLiteral("count for me")));
        QTRY_VERIFY(!comparison->isRunning());
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<tests::ScriptedServer> m_server;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<core::ComparisonBook> m_comparisons;
};

void tst_Comparison::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!a write was refused)")));
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<tests::ScriptedServer>();
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(0ms, 4); });
    m_bench = std::make_unique<Bench>(m_directory->path());
    m_comparisons = std::make_unique<core::ComparisonBook>(
        *m_bench->book, m_bench->store->conversations(), m_bench->ids, m_bench->clock);
}

void tst_Comparison::cleanup()
{
    if (m_bench)
        m_bench->drain();
    m_comparisons.reset();
    m_bench.reset();
    m_server.reset();
}

void tst_Comparison::allLanesAreAskedAtOnce()
{
    m_server->setChooser([](const core::LoopbackRequest &) {
        return tests::Answer::stream().hold().write("data: [DONE]\n\n");
    });
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    QVERIFY(comparison->send(QStringLiteral("hello")));
    QCOMPARE(comparison->runningLanes(), 3);
    QTRY_COMPARE(m_server->held(), 3); // none waits for another's answer
    comparison->stopAll();
    QTRY_VERIFY(!comparison->isRunning());
}

void tst_Comparison::refusedTextReachesNoLane_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("allHaveModels");
    QTest::newRow("empty") << QStringLiteral(" \n ") << true;
    QTest::newRow("too-long") << QString(2 * 1024 * 1024 + 1, QLatin1Char('x')) << true;
    QTest::newRow("a-lane-without-model") << QStringLiteral("hello") << false;
}

void tst_Comparison::refusedTextReachesNoLane()
{
    QFETCH(const QString, text);
    QFETCH(const bool, allHaveModels);
    Comparison *comparison = compare({unpriced(), allHaveModels ? unpriced() : Target()});
    comparison->setDraft(QStringLiteral("half a thought"));
    const auto sent = comparison->send(text);
    QVERIFY(!sent);
    QCOMPARE(sent.error().kind, core::ErrorKind::InputRejected);
    QVERIFY(!sent.error().detail.isEmpty());
    QCOMPARE(comparison->record().draft, QStringLiteral("half a thought"));
    QVERIFY(comparison->record().title.isEmpty());
    for (const core::Conversation *lane : comparison->lanes())
        QVERIFY(lane->isEmpty());
    QCOMPARE(m_server->requests().size(), 0);
}

void tst_Comparison::refusedWhileALaneRuns()
{
    Comparison *comparison = compare({unpriced(), unpriced()});
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(5ms, 500); });
    QVERIFY(comparison->send(QStringLiteral("first")));
    comparison->stop(0);
    QVERIFY(comparison->isRunning());
    QVERIFY(!comparison->send(QStringLiteral("second")));
    for (const core::Conversation *lane : comparison->lanes())
        QCOMPARE(lane->path().size(), 2);
    comparison->stopAll();
}

void tst_Comparison::simulatedMoneyStaysApart()
{
    Comparison *alone = compare({priced(true), priced(true)});
    ask(alone);
    const core::Cost simulated = alone->round().cost;
    QVERIFY(simulated.low > core::PicoUsd());

    int asked = 0;
    m_server->setChooser([&asked](const core::LoopbackRequest &) {
        return asked++ == 0 ? tests::dripAnswer(0ms, 2) : tests::dripAnswer(0ms, 4);
    });
    Comparison *mixed = compare({priced(), priced(true)});
    ask(mixed);
    QCOMPARE(mixed->winners().cheapest, std::optional<int>()); // neither, whatever the figures are
    QVERIFY(!mixed->figures(0).simulated);
    QVERIFY(mixed->figures(1).simulated);
    QCOMPARE(mixed->round().cost.low, mixed->figures(0).cost.low);
    QVERIFY(mixed->round().cost.low < simulated.low); // one lane's, not both
}

void tst_Comparison::unpricedLaneLeavesALowerBound()
{
    Comparison *comparison = compare({priced(), unpriced()});
    ask(comparison);
    QVERIFY(comparison->figures(0).costKnown);
    QVERIFY(!comparison->figures(1).costKnown);
    QVERIFY(comparison->figures(0).cost.low > core::PicoUsd());
    QCOMPARE(comparison->round().cost.low, comparison->figures(0).cost.low);
    QVERIFY(!comparison->round().cost.isExact()); // what one lane cost is not known
    QCOMPARE(comparison->winners().cheapest, std::optional<int>());
}

void tst_Comparison::stoppingOneLaneLeavesTheOthers()
{
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(5ms, 60); });
    Comparison *comparison = compare({unpriced(), unpriced()});
    QVERIFY(comparison->send(QStringLiteral("on and on")));
    QTRY_VERIFY(comparison->lastAnswer(0) &&
                !core::textOf(comparison->lastAnswer(0)->parts).isEmpty());
    comparison->stop(0);
    comparison->stop(7); // no such lane: nothing happens
    QVERIFY(!comparison->lanes().at(0)->isRunning());
    QVERIFY(comparison->lanes().at(1)->isRunning());
    QTRY_VERIFY(!comparison->isRunning());
    QCOMPARE(comparison->lastAnswer(0)->state, core::MessageState::Cancelled);
    QCOMPARE(comparison->lastAnswer(1)->state, core::MessageState::Complete);
    QVERIFY(core::textOf(comparison->lastAnswer(1)->parts).endsWith(QStringLiteral("w59 ")));
}

void tst_Comparison::noWinnersWhileOneRuns()
{
    int asked = 0;
    m_server->setChooser([&asked](const core::LoopbackRequest &) {
        return asked++ == 0 ? tests::dripAnswer(0ms, 2) : tests::dripAnswer(5ms, 60);
    });
    Comparison *comparison = compare({priced(), priced()});
    QVERIFY(comparison->send(QStringLiteral("race")));
    QTRY_COMPARE(comparison->runningLanes(), 1);
    QCOMPARE(comparison->winners(), core::RoundWinners());
    QTRY_VERIFY(!comparison->isRunning());
    const core::RoundWinners winners = comparison->winners();
    QVERIFY(winners.cheapest && winners.fastest);
    QCOMPARE(*winners.cheapest, *winners.fastest); // two words against sixty
    QVERIFY(comparison->figures(*winners.cheapest).outputTokens == 2);
}

void tst_Comparison::aFailedLaneWinsNothing()
{
    m_server->setChooser([](const core::LoopbackRequest &request) -> std::optional<tests::Answer> {
        if (request.body.contains("mistral-small-latest"))
            return tests::dripAnswer(0ms, 2);
        return tests::Answer::whole(401, R"({"error":{"message":"no","code":"invalid_api_key"}})");
    });
    Comparison *comparison = compare({unpriced(), priced()});
    ask(comparison);
    QCOMPARE(comparison->lastAnswer(0)->state, core::MessageState::Failed);
    QCOMPARE(comparison->lastAnswer(1)->state, core::MessageState::Complete);
    QCOMPARE(comparison->winners(), core::RoundWinners()); // one answer is no race
}

void tst_Comparison::refusedTurnsStayWithTheirLanes_data()
{
    QTest::addColumn<int>("closed");
    QTest::addColumn<int>("changed");
    QTest::addColumn<QStringList>("asked");
    QTest::newRow("nothing-changed") << -1 << -1 << QStringList{u"b"_s, u"c"_s};
    QTest::newRow("a-lane-before-them-closed") << 0 << -1 << QStringList{u"b"_s, u"c"_s};
    QTest::newRow("one-of-them-closed") << 1 << -1 << QStringList{u"c"_s};
    QTest::newRow("one-of-them-has-another-model") << -1 << 2 << QStringList{u"b"_s};
}

void tst_Comparison::refusedTurnsStayWithTheirLanes()
{
    QFETCH(const int, closed);
    QFETCH(const int, changed);
    QFETCH(const QStringList, asked);
    Comparison *comparison = compare({named(u"a"_s), named(u"b"_s), named(u"c"_s), named(u"d"_s)});
    comparison->setTitle(QStringLiteral("Refused")); // it has a row, as after any question
    for (const int lane : {1, 2}) {
        core::RefusedTurn turn;
        turn.text = QStringLiteral("count for me");
        Q_EMIT comparison->lanes().at(lane)->turnRefused(turn);
        QVERIFY(comparison->refusedTurn(lane));
    }
    if (closed >= 0)
        comparison->removeLane(closed);
    if (changed >= 0)
        comparison->lanes().at(changed)->setTarget(named(u"other"_s));
    comparison->sendRefused({});
    QTRY_VERIFY(!comparison->isRunning());
    QStringList answered;
    for (int lane = 0; lane < comparison->lanes().size(); ++lane) {
        const std::optional<core::MessageRecord> answer = comparison->lastAnswer(lane);
        if (answer)
            answered.append(answer->target.model);
        // Nobody was asked what a lane was not allowed to.
        QCOMPARE(comparison->refusedTurn(lane).has_value(), lane == changed);
    }
    QCOMPARE(answered, asked);
}

//! Whom it would ask by now, or nobody: either way it waits no more, and the others do.
void tst_Comparison::refusedTurnIsAskedByItself()
{
    Comparison *comparison = compare({named(u"a"_s), named(u"b"_s), named(u"c"_s)});
    comparison->setTitle(QStringLiteral("Refused")); // it has a row, as after any question
    core::RefusedTurn turn;
    turn.text = QStringLiteral("count for me");
    for (core::Conversation *lane : comparison->lanes())
        Q_EMIT lane->turnRefused(turn);
    comparison->lanes().at(0)->setTarget(named(u"other"_s));
    QVERIFY(comparison->askRefused(0));
    comparison->leaveOut(1);
    QTRY_VERIFY(!comparison->isRunning());
    QVERIFY(comparison->lastAnswer(0));
    QCOMPARE(comparison->lastAnswer(0)->target.model, u"other"_s);
    QVERIFY(!comparison->lastAnswer(1));
    for (int lane = 0; lane < comparison->lanes().size(); ++lane)
        QCOMPARE(comparison->refusedTurn(lane).has_value(), lane == 2);
}

//! An earlier answer of it is made anew meanwhile: what was refused is not lost over that.
void tst_Comparison::refusedTurnOfABusyLaneStays()
{
    Comparison *comparison = compare({named(u"a"_s), named(u"b"_s)});
    ask(comparison);
    core::Conversation *lane = comparison->lanes().at(0);
    core::RefusedTurn turn;
    turn.text = QStringLiteral("once more");
    Q_EMIT lane->turnRefused(turn);
    QVERIFY(lane->regenerate(comparison->lastAnswer(0)->id));
    comparison->sendRefused({});
    QVERIFY(comparison->refusedTurn(0));
    QTRY_VERIFY(!comparison->isRunning());
    comparison->sendRefused({});
    QVERIFY(!comparison->refusedTurn(0));
    QTRY_VERIFY(!comparison->isRunning());
    QCOMPARE(core::textOf(lane->lastQuestion()->parts), turn.text);
}

void tst_Comparison::refusedTurnsGoAgainAsWhatTheyWere_data()
{
    using Kind = core::RefusedTurn::Kind;
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("questions"); // there are of it afterwards
    QTest::addColumn<int>("answers");
    QTest::newRow("asked-on") << Kind::Send << 1 << 1;
    QTest::newRow("made-again") << Kind::Regenerate << 1 << 2;
    QTest::newRow("edited") << Kind::Edit << 2 << 1;
}

void tst_Comparison::refusedTurnsGoAgainAsWhatTheyWere()
{
    QFETCH(const core::RefusedTurn::Kind, kind);
    QFETCH(const int, questions);
    QFETCH(const int, answers);
    Comparison *comparison = compare({unpriced(), unpriced()});
    ask(comparison);
    core::Conversation *lane = comparison->lanes().at(0);
    core::RefusedTurn turn;
    turn.kind = kind;
    const QList<core::MessageRecord> before = lane->path();
    if (kind != core::RefusedTurn::Kind::Regenerate)
        turn.text = QStringLiteral("once more");
    if (kind != core::RefusedTurn::Kind::Send)
        turn.messageId = before.at(kind == core::RefusedTurn::Kind::Edit ? 0 : 1).id;
    Q_EMIT lane->turnRefused(turn);
    comparison->sendRefused({});
    QVERIFY(lane->isRunning());
    QTRY_VERIFY(!lane->isRunning());
    const QList<core::MessageRecord> after = lane->path();
    QCOMPARE(after.size(), before.size() + (kind == core::RefusedTurn::Kind::Send ? 2 : 0));
    QCOMPARE(lane->versions(after.at(after.size() - 2).id).size(), questions);
    QCOMPARE(lane->versions(after.constLast().id).size(), answers);
    QCOMPARE(after.constLast().state, core::MessageState::Complete);
}

void tst_Comparison::closedLanesHaveStillCost()
{
    Comparison *comparison = compare({priced(), priced(), priced()});
    ask(comparison);
    const core::Cost whole = comparison->round().cost;
    core::Conversation *closed = comparison->lanes().at(2);
    comparison->removeLane(2);
    QCOMPARE(comparison->round().cost, whole);
    comparison->restoreLane(closed->id());
    QCOMPARE(comparison->round().cost, whole); // and no more than once
    comparison->removeLane(2);
    m_bench->drain();
    const auto inSidebar = [this] {
        auto entries = m_bench->store->conversations().sidebar(10);
        [&] { QTRY_VERIFY(entries.isFinished()); }();
        return entries.result()->constFirst().cost;
    };
    QCOMPARE(inSidebar(), whole);
    auto erased = m_bench->store->conversations().eraseDeleted(); // Undo has expired
    QTRY_VERIFY(erased.isFinished());
    QCOMPARE(inSidebar(), whole);
    ask(comparison);
    QCOMPARE(comparison->round().cost,
             comparison->figures(0).cost.plus(comparison->figures(1).cost)); // a round of its own
}

//! Stop ends the answer, its cost is told later: also where the lane was taken out.
void tst_Comparison::closedLaneIsCountedOn()
{
    core::ClientOptions options = m_bench->client->options();
    options.drainStopped = true;
    m_bench->client->setOptions(options);
    m_server->setChooser([](const core::LoopbackRequest &) {
        const QByteArray head = R"(data: {"id":"c1","model":"mistral-small-latest","choices":[)";
        return tests::Answer::stream()
            .write(head + "{\"index\":0,\"delta\":{\"content\":\"w\"}}]}\n\n")
            .hold()
            .write(head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
            .write(head + "],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
                          "\"total_tokens\":10}}\n\n")
            .write("data: [DONE]\n\n");
    });
    Comparison *comparison = compare({priced(), priced(), priced()});
    QVERIFY(comparison->send(QStringLiteral("count for me")));
    for (int lane = 0; lane < 3; ++lane) {
        QTRY_VERIFY(comparison->lastAnswer(lane) &&
                    !core::textOf(comparison->lastAnswer(lane)->parts).isEmpty());
    }
    comparison->removeLane(2);
    m_server->release();
    QTRY_VERIFY(!comparison->isRunning());
    QVERIFY(comparison->figures(0).cost.isExact());
    QTRY_VERIFY(comparison->round().cost.isExact());
    QCOMPARE(comparison->round().cost.low.count(), 3 * comparison->figures(0).cost.low.count());
}

void tst_Comparison::aLaneTakenOutCanComeBack()
{
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(5ms, 500); });
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    QVERIFY(comparison->send(QStringLiteral("on and on")));
    QTRY_VERIFY(comparison->lastAnswer(0) &&
                !core::textOf(comparison->lastAnswer(0)->parts).isEmpty());
    core::Conversation *taken = comparison->lanes().at(0);
    comparison->removeLane(0);
    QVERIFY(!taken->isRunning());
    comparison->restoreLane(comparison->lanes().at(0)->id()); // not that one
    QCOMPARE(comparison->lanes().size(), 2);
    comparison->restoreLane(taken->id());
    QCOMPARE(comparison->lanes().size(), 3);
    QCOMPARE(comparison->lanes().at(0), taken);
    QVERIFY(!core::textOf(comparison->lastAnswer(0)->parts).isEmpty());
    comparison->stopAll();
    m_bench->drain();
    auto erased = m_bench->store->conversations().eraseDeleted();
    QTRY_VERIFY(erased.isFinished());
    auto loaded = m_bench->store->conversations().load(taken->id());
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());

    QSignalSpy changed(comparison, &Comparison::laneChanged); // and it is watched again
    Q_EMIT taken->recordChanged();
    QCOMPARE(changed.size(), 1);
}

void tst_Comparison::lanesTakenOutComeBackOneByOne()
{
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced(), unpriced()});
    ask(comparison);
    const QList<core::Conversation *> lanes = comparison->lanes();
    comparison->removeLane(0);
    comparison->removeLane(0);
    QCOMPARE(comparison->lanes(), lanes.mid(2));
    comparison->restoreLane(lanes.at(1)->id());
    comparison->restoreLane(lanes.at(0)->id());
    QCOMPARE(comparison->lanes(), lanes);
}

void tst_Comparison::aLaneTakenOutGoesForGood()
{
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    ask(comparison);
    const std::int64_t gone = comparison->lanes().at(1)->id();
    QSignalSpy changed(comparison, &Comparison::lanesChanged);
    comparison->removeLane(1);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(comparison->lanes().size(), 2);
    m_bench->drain();
    auto lanes = m_bench->store->conversations().lanes(comparison->record().id);
    QTRY_VERIFY(lanes.isFinished());
    QVERIFY(lanes.result());
    QCOMPARE(lanes.result()->size(), 2);                          // not even after a crash
    auto erased = m_bench->store->conversations().eraseDeleted(); // Undo has expired
    QTRY_VERIFY(erased.isFinished());
    auto loaded = m_bench->store->conversations().load(gone);
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(loaded.result()->messages.isEmpty()); // its row stays for the sum, and nothing else
    QVERIFY(loaded.result()->record.deleted);
    // A lane that comes later stands behind those that stayed.
    core::Conversation *added = comparison->addLane(unpriced());
    QVERIFY(added->record().lane > comparison->lanes().at(1)->record().lane);
}

void tst_Comparison::reopensWithDraftAndLanes()
{
    Comparison *comparison = compare({priced(), unpriced()});
    ask(comparison);
    comparison->setDraft(QStringLiteral("and then"));
    comparison->setPinned(true);
    comparison->setTitle(QStringLiteral("  Two \n counters "));
    const std::int64_t id = comparison->record().id;
    m_bench->drain();
    m_comparisons.reset();
    m_bench.reset();

    m_bench = std::make_unique<Bench>(m_directory->path());
    m_comparisons = std::make_unique<core::ComparisonBook>(
        *m_bench->book, m_bench->store->conversations(), m_bench->ids, m_bench->clock);
    auto opened = m_comparisons->open(id);
    auto twice = m_comparisons->open(id);
    QTRY_VERIFY(opened.isFinished() && twice.isFinished());
    QVERIFY(opened.result());
    QCOMPARE(opened.result().value(), twice.result().value()); // each exists once
    comparison = opened.result().value();
    QCOMPARE(comparison->record().draft, QStringLiteral("and then"));
    QCOMPARE(comparison->record().title, QStringLiteral("Two counters"));
    QVERIFY(comparison->record().pinned);
    QCOMPARE(comparison->lanes().size(), 2);
    QCOMPARE(comparison->lanes().at(0)->record().target.model,
             QStringLiteral("mistral-small-latest"));
    QCOMPARE(core::textOf(comparison->lastAnswer(1)->parts), QStringLiteral("w0 w1 w2 w3 "));
    QVERIFY(comparison->round().cost.low > core::PicoUsd());
}

//! The disk was full for a while.
void tst_Comparison::refusedChangesAreWrittenLater()
{
    std::signal(SIGXFSZ, SIG_IGN); // as main() does
    Comparison *comparison = compare({unpriced(), unpriced()});
    comparison->setDraft(u"first"_s);
    m_bench->drain();
    const std::int64_t id = comparison->record().id;
    QSignalSpy failed(m_bench->store.get(), &core::Store::writeFailed);
    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit full = before;
    full.rlim_cur = 0;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
    comparison->setTitle(u"mine"_s);
    comparison->setDraft(u"typed on a full disk"_s);
    const auto drained = m_bench->store->journal().drained();
    const bool isRefused =
        QTest::qWaitFor([&drained, &failed] { return drained.isFinished() && !failed.isEmpty(); });
    QCoreApplication::processEvents();
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(isRefused);
    const Comparison *again = reopened(id);
    QVERIFY(again);
    QCOMPARE(again->record().title, u"mine"_s);
    QCOMPARE(again->record().draft, u"typed on a full disk"_s);
}

//! Nobody has been asked yet: what is being written is on disk all the same, as in a chat.
void tst_Comparison::draftOfANewOneOutlastsTheProgram()
{
    Comparison *comparison = compare({priced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    comparison->setDraft({}); // nothing was written
    m_bench->drain();
    auto untouched = m_bench->store->conversations().loadComparison(id);
    QTRY_VERIFY(untouched.isFinished());
    QVERIFY(!untouched.result());
    comparison->setDraft(QStringLiteral("a long thought"));
    comparison->addLane(named(QStringLiteral("third")));

    comparison = reopened(id);
    QVERIFY(comparison);
    QCOMPARE(comparison->record().draft, QStringLiteral("a long thought"));
    QCOMPARE(comparison->lanes().size(), 3);
    QCOMPARE(comparison->lanes().at(0)->record().target.model,
             QStringLiteral("mistral-small-latest"));
    QCOMPARE(comparison->lanes().at(2)->record().target.model, QStringLiteral("third"));
    for (int lane = 0; lane < 3; ++lane)
        QVERIFY(!comparison->heldTurn(lane));
    QCOMPARE(m_server->requests().size(), 0);
}

//! The program ends when Send has only just been pressed.
void tst_Comparison::roundThatNeverBeganIsOffered()
{
    Comparison *comparison = compare({unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    const QString text = QStringLiteral("of worth");
    QVERIFY(comparison->send(text));
    QCOMPARE(comparison->record().draft, QString()); // as the reader sees it
    m_comparisons.reset();
    m_bench.reset(); // without a turn of the event loop: nobody was asked
    QCOMPARE(m_server->requests().size(), 0);

    m_bench = std::make_unique<Bench>(m_directory->path());
    m_comparisons = std::make_unique<core::ComparisonBook>(
        *m_bench->book, m_bench->store->conversations(), m_bench->ids, m_bench->clock);
    auto opened = m_comparisons->open(id);
    QTRY_VERIFY(opened.isFinished());
    QVERIFY(opened.result());
    comparison = opened.result().value();
    QCOMPARE(comparison->lanes().size(), 2);
    for (int lane = 0; lane < 2; ++lane) {
        QVERIFY(comparison->heldTurn(lane));
        QCOMPARE(comparison->heldTurn(lane)->text, text);
        QVERIFY(comparison->lanes().at(lane)->path().isEmpty());
    }
}

void tst_Comparison::heldTurnsOutlastTheProgram_data()
{
    QTest::addColumn<bool>("isFirst");
    QTest::addColumn<QList<int>>("lanes");
    QTest::newRow("first-round") << true << QList<int>{1};
    QTest::newRow("first-round-all") << true << QList<int>{0, 1, 2};
    QTest::newRow("later-round") << false << QList<int>{0, 2};
}

//! What a lane holds was sent by its reader: it is on disk before it is waited for.
void tst_Comparison::heldTurnsOutlastTheProgram()
{
    QFETCH(const bool, isFirst);
    QFETCH(const QList<int>, lanes);
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    if (!isFirst)
        ask(comparison);
    const QString text = QStringLiteral("and what of this?");
    QHash<int, core::HeldTurn> held;
    for (const int lane : lanes)
        held.insert(lane, {text, unpriced(), core::ContextNeed{2'000, 1'000}});
    QVERIFY(comparison->send(text, held));
    QTRY_VERIFY(!comparison->isRunning());
    const qsizetype asked = m_server->requests().size();

    comparison = reopened(id);
    QVERIFY(comparison);
    QCOMPARE(comparison->lanes().size(), 3);
    QCOMPARE(comparison->record().draft, lanes.size() == 3 ? text : QString());
    for (int lane = 0; lane < 3; ++lane) {
        const auto turn = comparison->heldTurn(lane);
        QCOMPARE(turn.has_value(), lanes.contains(lane));
        if (turn)
            QCOMPARE(*turn, (core::HeldTurn{text, {}, std::nullopt}));
    }
    QCOMPARE(m_server->requests().size(), asked); // nobody is asked by itself
    QVERIFY(comparison->sendHeld(lanes.first()));
    if (lanes.size() > 1)
        comparison->leaveOut(lanes.last());
    QTRY_VERIFY(!comparison->isRunning());
    QCOMPARE(m_server->requests().size(), asked + 1);
    QVERIFY(m_server->requests().constLast().body.contains(text.toUtf8()));

    comparison = reopened(id);
    QVERIFY(comparison);
    QVERIFY(!comparison->heldTurn(lanes.first())); // it was asked
    QCOMPARE(comparison->lanes().at(lanes.first())->path().size(), isFirst ? 2 : 4);
    if (lanes.size() > 1)
        QVERIFY(!comparison->heldTurn(lanes.last())); // the reader gave it up
}

void tst_Comparison::heldTurnComesBackWithItsLane()
{
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    const QString text = QStringLiteral("and what of this?");
    QVERIFY(comparison->send(text, {{2, {text, unpriced(), core::ContextNeed{2'000, 1'000}}}}));
    const std::int64_t closed = comparison->lanes().at(2)->id();
    comparison->removeLane(2);
    comparison->restoreLane(closed);
    QVERIFY(comparison->heldTurn(2));
    QCOMPARE(comparison->heldTurn(2)->text, text);
    QTRY_VERIFY(!comparison->isRunning());
}

//! A lane's answer that is made again is no new round, and what a lane has cost that was closed
//! since still counts.
void tst_Comparison::roundOutlastsTheProgram()
{
    Comparison *comparison = compare({priced(), priced(), priced()});
    const std::int64_t id = comparison->record().id;
    ask(comparison);
    ask(comparison);
    comparison->removeLane(2);
    const core::Cost closed = comparison->round().cost;
    QTest::qWait(5); // a later time of day
    core::Conversation *lane = comparison->lanes().at(0);
    QVERIFY(lane->regenerate(lane->path().constLast().id));
    QTRY_VERIFY(!comparison->isRunning());
    const core::Cost whole = comparison->round().cost;
    QCOMPARE(whole, closed); // every answer costs the same here
    const core::UtcTime begun = comparison->record().updatedAt;
    m_bench->drain();
    auto entries = m_bench->store->conversations().sidebar(10);
    QTRY_VERIFY(entries.isFinished());
    QVERIFY(entries.result()->constFirst().updatedAt > begun);    // the list knows the latest
    auto erased = m_bench->store->conversations().eraseDeleted(); // Undo has expired
    QTRY_VERIFY(erased.isFinished());

    comparison = reopened(id);
    QVERIFY(comparison);
    QCOMPARE(comparison->record().updatedAt, begun);
    QVERIFY(comparison->isInRound(0) && comparison->isInRound(1));
    QCOMPARE(comparison->round().cost, whole);
    ask(comparison);
    QCOMPARE(comparison->round().cost,
             comparison->figures(0).cost.plus(comparison->figures(1).cost)); // a round of its own
}

//! Also of a lane that stands before its first question: its service refused that as too long.
void tst_Comparison::erasedLaneKeepsNoWords()
{
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    ask(comparison);
    core::Conversation *lane = comparison->lanes().at(2);
    const std::int64_t gone = lane->id();
    comparison->holdRefused(2, 1'000);
    QVERIFY(comparison->heldTurn(2) && lane->path().isEmpty());
    comparison->removeLane(2);
    m_bench->drain();
    auto erased = m_bench->store->conversations().eraseDeleted(); // Undo has expired
    QTRY_VERIFY(erased.isFinished());
    auto loaded = m_bench->store->conversations().load(gone);
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(loaded.result()->messages.isEmpty());
    QVERIFY(loaded.result()->record.draft.isEmpty());
}

void tst_Comparison::untouchedOneIsClosedAtOnce()
{
    const Comparison *comparison = compare({unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    const QList<std::int64_t> lanes = lanesOf(comparison);
    QCOMPARE(openOf(lanes), 2);
    m_comparisons->close(id);
    QVERIFY(!m_comparisons->find(id));
    QCOMPARE(openOf(lanes), 0);
}

void tst_Comparison::closingWaitsForTheAnswers()
{
    m_server->setChooser([](const core::LoopbackRequest &) { return tests::dripAnswer(2ms, 20); });
    Comparison *comparison = compare({unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    const QList<std::int64_t> lanes = lanesOf(comparison);
    QVERIFY(comparison->send(u"go on without me"_s));
    m_comparisons->close(id);
    QVERIFY(m_comparisons->find(id));
    QTRY_VERIFY(!m_comparisons->find(id));
    QCOMPARE(openOf(lanes), 0);
    m_bench->drain();
    comparison = opened(id);
    QVERIFY(comparison);
    QCOMPARE(lanesOf(comparison), lanes);
    for (int lane = 0; lane < 2; ++lane) {
        QVERIFY(comparison->lastAnswer(lane));
        QCOMPARE(comparison->lastAnswer(lane)->state, core::MessageState::Complete);
    }
}

//! Reads are not ordered after writes: who comes back at once gets what was left there.
void tst_Comparison::closingWaitsForTheDisk()
{
    Comparison *comparison = compare({unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    ask(comparison);
    QTRY_VERIFY(comparison->isSaved());
    m_bench->drain();
    auto lock = core::FileLock::lock(core::ProfilePaths(m_directory->path()).writeLock, 5s);
    QVERIFY(lock && *lock); // as another process does while it writes
    comparison->setDraft(u"half a thought"_s);
    comparison->lanes().at(1)->setTarget(named(u"other"_s)); // to be saved a moment later
    m_comparisons->close(id);
    QCOMPARE(opened(id), comparison);
    m_comparisons->close(id);
    QVERIFY(m_comparisons->find(id));
    lock->reset();
    QTRY_VERIFY(!m_comparisons->find(id));
    comparison = opened(id);
    QVERIFY(comparison);
    QCOMPARE(comparison->record().draft, u"half a thought"_s);
    QCOMPARE(comparison->lanes().at(1)->record().target.model, u"other"_s);
}

void tst_Comparison::closingWaitsForItsReader_data()
{
    QTest::addColumn<bool>("isHeld");
    QTest::newRow("a-lane-holds-its-turn") << true;
    QTest::newRow("a-budget-refused-it") << false;
}

//! What a lane waits for is known in full only as long as it is open.
void tst_Comparison::closingWaitsForItsReader()
{
    QFETCH(const bool, isHeld);
    Comparison *comparison = compare({unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    const QString text = u"and what of this?"_s;
    if (isHeld) {
        QVERIFY(comparison->send(text, {{1, {text, unpriced(), core::ContextNeed{2'000, 1'000}}}}));
        QTRY_VERIFY(!comparison->isRunning());
    } else {
        ask(comparison);
        core::RefusedTurn turn;
        turn.text = text;
        Q_EMIT comparison->lanes().at(1)->turnRefused(turn);
    }
    QTRY_VERIFY(comparison->isSaved());
    m_comparisons->close(id);
    QCOMPARE(m_comparisons->find(id), comparison);
    comparison->leaveOut(1);
    m_comparisons->close(id);
    QTRY_VERIFY(!m_comparisons->find(id));
}

void tst_Comparison::closingWaitsForUndo_data()
{
    QTest::addColumn<bool>("isUndone");
    QTest::newRow("taken-back") << true;
    QTest::newRow("expired") << false;
}

void tst_Comparison::closingWaitsForUndo()
{
    QFETCH(const bool, isUndone);
    Comparison *comparison = compare({unpriced(), unpriced(), unpriced()});
    const std::int64_t id = comparison->record().id;
    const QList<std::int64_t> lanes = lanesOf(comparison);
    ask(comparison);
    comparison->removeLane(0);
    QTRY_VERIFY(comparison->isSaved());
    m_comparisons->close(id);
    QCOMPARE(m_comparisons->find(id), comparison);
    if (isUndone)
        comparison->restoreLane(lanes.first());
    else
        m_comparisons->forgetRemoved();
    QTRY_VERIFY(!m_comparisons->find(id));
    QCOMPARE(openOf(lanes), 0); // also the one that was taken out
    m_bench->drain();
    comparison = opened(id);
    QVERIFY(comparison);
    QCOMPARE(lanesOf(comparison), isUndone ? lanes : lanes.mid(1));
    QCOMPARE(comparison->round().attempts, 3); // it was asked, whatever became of it
}

void tst_Comparison::theBookMayGoWhileOneOpens()
{
    Comparison *comparison = compare({priced(), unpriced()});
    ask(comparison);
    const std::int64_t id = comparison->record().id;
    m_bench->drain();
    m_comparisons = std::make_unique<core::ComparisonBook>(
        *m_bench->book, m_bench->store->conversations(), m_bench->ids, m_bench->clock);
    const auto opened = m_comparisons->open(id);
    const auto loaded = m_bench->store->conversations().loadComparison(id); // answered after it
    m_comparisons.reset();
    QTRY_VERIFY(loaded.isFinished());
    QVERIFY(loaded.result());
    QVERIFY(opened.isFinished() && opened.isCanceled());
}

QTEST_GUILESS_MAIN(tst_Comparison)
#include "tst_comparison.moc"
