#include "tests/core/client/engine.h"

#include <QTest>

using core::AttemptOutcome;
using namespace std::chrono_literals;
using namespace tests;

//! Random services, random routes, random Stop: whatever happens, the promises hold.
class tst_ChatChaos : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void promisesHold_data();
    void promisesHold();
};

namespace {

struct Turn
{
    Answer answer;
    bool isVisible = false;
};

Turn anyTurn(std::uint64_t draw)
{
    switch (draw % 13) {
    case 0:
        return {hello(), true};
    case 1:
        return {refusal(429, "rate_limit_error").header("retry-after", "3")};
    case 2:
        return {refusal(429, "rate_limit_error").header("retry-after", "70")};
    case 3:
        return {refusal(500, "server_error")};
    case 4:
        return {refusal(503, "server_error").header("retry-after-ms", "250")};
    case 5:
        return {refusal(401, "auth", "invalid_api_key")};
    case 6:
        return {refusal(400, "invalid_request_error")};
    case 7:
        return {Answer::whole(200, "<html></html>", "text/html")};
    case 8:
        return {Answer::stream({started()})};
    case 9:
        return {Answer::stream({started()}).reset()};
    case 10:
        return {Answer::stream({started(), delta("Hel")}), true};
    case 11:
        return {Answer::stream({started(), delta("Hel")}).close(), true};
    default:
        return {Answer::rawBytes({})};
    }
}

} // namespace

void tst_ChatChaos::promisesHold_data()
{
    QTest::addColumn<int>("firstSeed");
    for (int first = 0; first < 300; first += 50)
        QTest::addRow("seeds-from-%d", first) << first;
}

void tst_ChatChaos::promisesHold()
{
    QFETCH(const int, firstSeed);
    for (int seed = firstSeed; seed < firstSeed + 50; ++seed) {
        const QByteArray who = "seed " + QByteArray::number(seed);
        SeededRandom chance(static_cast<std::uint64_t>(seed));
        Engine engine;
        qsizetype seen = 0;
        qsizetype visibleAt = -1; // the request whose answer showed something
        for (ScriptedServer *server : {&engine.one, &engine.two, &engine.three}) {
            server->setChooser([&](const core::LoopbackRequest &) {
                const Turn turn = anyTurn(chance.bits());
                if (turn.isVisible && visibleAt < 0)
                    visibleAt = seen;
                ++seen;
                return turn.answer;
            });
        }
        QStringList names{QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")};
        names.resize(static_cast<qsizetype>(1 + chance.bits() % 3));
        Watched watched(engine.send(engine.route(names), &engine));
        const auto stopAfter = static_cast<int>(chance.bits() % 16); // often never reached
        int signalCount = 0;
        const auto count = [&] {
            if (++signalCount == stopAfter)
                watched.reply->cancel();
        };
        connect(watched.reply, &core::ChatReply::stateChanged, &watched, count);
        connect(watched.reply, &core::ChatReply::eventsReceived, &watched, count);
        connect(watched.reply, &core::ChatReply::attemptEnded, &watched, count);
        connect(watched.reply, &core::ChatReply::retryScheduled, &watched, count);
        QVERIFY2(engine.run(watched), who.constData());
        engine.clock.advance(200s);
        QTest::qWait(1);

        QVERIFY2(watched.finished == 1, who.constData());
        QVERIFY2(engine.requests() <= 4, who.constData());
        QVERIFY2(visibleAt < 0 || visibleAt == seen - 1, who.constData());
        QVERIFY2(engine.journal.imbalance().isEmpty(),
                 (who + ": " + engine.journal.imbalance().toUtf8()).constData());
        const QList<core::AttemptRecord> &closed = engine.journal.closedAttempts();
        QVERIFY2(closed == watched.reply->attempts(), who.constData());
        QVERIFY2(closed.size() >= engine.requests(), who.constData());
        core::Cost sum;
        for (const core::AttemptRecord &attempt : closed) {
            QVERIFY2(attempt.cost.total.low <= attempt.cost.total.high, who.constData());
            sum = sum.plus(attempt.cost.total);
        }
        QVERIFY2(sum == watched.reply->costSoFar(), who.constData());
        QVERIFY2(watched.reply->result().hasValue() ==
                     (closed.last().outcome == AttemptOutcome::Completed),
                 who.constData());
    }
}

QTEST_GUILESS_MAIN(tst_ChatChaos)
#include "tst_chatchaos.moc"
