#include "core/base/errortext.h"
#include "tests/core/client/engine.h"

#include <QDateTime>
#include <QTest>

using core::AttemptCause;
using core::AttemptOutcome;
using core::CostBasis;
using core::ErrorKind;
using core::MessageState;
using core::Phase;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

Q_DECLARE_METATYPE(tests::Answer)

namespace {

QStringList both()
{
    return {QStringLiteral("one"), QStringLiteral("two")};
}

QByteArray overloaded()
{
    return "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\","
           "\"code\":503}}\n\n";
}

} // namespace

class tst_ChatRetry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyRefusal_data();
    void everyRefusal();
    void hints_data();
    void hints();
    void serversWord_data();
    void serversWord();
    void serversWordHasItsHint();
    void redirectKeepsItsStatus();
    void hiddenFaultsAreTriedAgain_data();
    void hiddenFaultsAreTriedAgain();
    void nothingIsSentTwiceAfterVisibleOutput_data();
    void nothingIsSentTwiceAfterVisibleOutput();
    void stalls_data();
    void stalls();
    void notTheApi_data();
    void notTheApi();
    void refusedConnection();
    void neverMoreThanFour();
    void targetsAreAskedInOrder();
    void accountThatWasRefusedIsNotAskedAgain();
    void refusedTokenIsRenewedOnce();
    void tokenIsNotRenewedWithoutRetry();
    void wrongClockIsCorrectedOnce_data();
    void wrongClockIsCorrectedOnce();
    void unknownMemberIsLeftOutOnce_data();
    void unknownMemberIsLeftOutOnce();
    void allTargetsFailed();
    void retryNowSkipsTheWait();
    void waitsAddUp();
    void retriesAreTold();
    void switchedOff();
};

//! Each class of error: what one service that always answers so gets to see.
void tst_ChatRetry::everyRefusal_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("requests"); // alone
    QTest::addColumn<bool>("fallsBack");
    QTest::addColumn<CostBasis>("basis");
    const auto row = [](const char *name, const Answer &answer, ErrorKind kind, int requests,
                        bool fallsBack, CostBasis basis) {
        QTest::newRow(name) << answer << kind << requests << fallsBack << basis;
    };
    row("rate-limited", refusal(429, "rate_limit_error", "rate_limit_exceeded"),
        ErrorKind::RateLimited, 3, true, CostBasis::NotCharged);
    row("quota-exhausted", refusal(429, "insufficient_quota", "insufficient_quota"),
        ErrorKind::QuotaExhausted, 1, true, CostBasis::NotCharged);
    row("overloaded-503", refusal(503, "server_error"), ErrorKind::Overloaded, 3, true,
        CostBasis::InputOnly);
    row("overloaded-529", refusal(529, "overloaded_error"), ErrorKind::Overloaded, 3, true,
        CostBasis::InputOnly);
    row("server-500", refusal(500, "server_error"), ErrorKind::ServerError, 3, true,
        CostBasis::InputOnly);
    row("server-502", refusal(502, "server_error"), ErrorKind::ServerError, 3, true,
        CostBasis::InputOnly);
    row("request-timeout", refusal(408, "timeout"), ErrorKind::Timeout, 3, false,
        CostBasis::NotCharged);
    row("conflict", refusal(409, "conflict"), ErrorKind::ServerError, 3, false,
        CostBasis::NotCharged);
    row("invalid-request", refusal(400, "invalid_request_error"), ErrorKind::InvalidRequest, 1,
        false, CostBasis::NotCharged);
    row("unprocessable", refusal(422, "invalid_request_error"), ErrorKind::InvalidRequest, 1, false,
        CostBasis::NotCharged);
    row("model-not-found", refusal(404, "invalid_request_error", "model_not_found"),
        ErrorKind::ModelNotFound, 1, false, CostBasis::NotCharged);
    row("context-length", refusal(400, "invalid_request_error", "context_length_exceeded"),
        ErrorKind::ContextLengthExceeded, 1, false, CostBasis::NotCharged);
    row("bad-key", refusal(401, "invalid_request_error", "invalid_api_key"),
        ErrorKind::AuthenticationFailed, 1, true, CostBasis::NotCharged);
    row("forbidden", refusal(403, "permission_error"), ErrorKind::PermissionDenied, 1, true,
        CostBasis::NotCharged);
    row("billing", refusal(402, "billing_error"), ErrorKind::Billing, 1, true,
        CostBasis::NotCharged);
    row("content-policy", refusal(400, "invalid_request_error", "content_policy_violation"),
        ErrorKind::ContentBlocked, 1, false, CostBasis::NotCharged);
}

void tst_ChatRetry::everyRefusal()
{
    QFETCH(const Answer, answer);
    QFETCH(const ErrorKind, kind);
    QFETCH(const int, requests);
    QFETCH(const bool, fallsBack);
    QFETCH(const CostBasis, basis);

    Engine alone;
    alone.one.setChooser([&](const core::LoopbackRequest &) { return answer; });
    Watched failed(alone.send());
    QVERIFY(alone.run(failed));
    QCOMPARE(failed.finished, 1);
    QCOMPARE(core::errorCode(failed.reply->result().error().kind), core::errorCode(kind));
    QCOMPARE(failed.reply->result().error().provider, QStringLiteral("one"));
    QCOMPARE(alone.one.requests().size(), requests);
    QCOMPARE(failed.ended.size(), requests);
    QCOMPARE(alone.journal.imbalance(), QString());
    QCOMPARE(alone.journal.closedRequests().first().state, RequestState::Failed);
    QCOMPARE(alone.journal.closedRequests().first().answer.state, MessageState::Failed);
    for (const core::AttemptRecord &attempt : alone.journal.closedAttempts()) {
        QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
        QCOMPARE(attempt.error->kind, kind);
        QCOMPARE(attempt.costBasis, basis);
        QCOMPARE(attempt.cost.total.isZero(), basis == CostBasis::NotCharged);
        QCOMPARE(attempt.cost.total.low, core::PicoUsd());
    }

    Engine routed;
    routed.one.setChooser([&](const core::LoopbackRequest &) { return answer; });
    routed.two.enqueue(hello());
    Watched watched(routed.send(routed.route(both()), &routed));
    QVERIFY(routed.run(watched));
    QCOMPARE(routed.one.requests().size(), requests);
    QCOMPARE(routed.two.requests().size(), fallsBack ? 1 : 0);
    QCOMPARE(watched.reply->result().hasValue(), fallsBack);
    if (fallsBack)
        QCOMPARE(watched.reply->result()->target.provider, QStringLiteral("two"));
}

//! Waits that servers ask for, in every form. The run itself checks that nothing is sent early.
void tst_ChatRetry::hints_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("least"); // ms of the first wait; -1: no automatic retry
    QTest::addColumn<int>("most");
    const auto row = [](const char *name, const char *header, const char *value, int least,
                        int most) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(value) << least << most;
    };
    row("seconds", "retry-after", "2", 2'000, 2'200);
    row("fraction", "retry-after", "0.5", 500, 550);
    row("milliseconds", "retry-after-ms", "1500", 1'500, 1'650);
    row("http-date", "retry-after", "Mon, 23 Nov 2026 12:00:07 GMT", 7'000, 7'700);
    row("twenty-seconds", "retry-after", "20", 20'000, 21'000);
    row("a-minute", "retry-after", "60", 60'000, 61'000);
    row("two-minutes", "retry-after", "120", 120'000, 120'000);
    row("121-seconds", "retry-after", "121", -1, -1);
    row("past-date", "retry-after", "Mon, 23 Nov 2026 11:00:00 GMT", 50, 1'000);
    row("not-a-number", "retry-after", "NaN", 50, 1'000);
    row("negative", "retry-after", "-5", 50, 1'000);
    row("infinite", "retry-after", "inf", 50, 1'000);
    row("words", "retry-after", "soon", 50, 1'000);
    row("absent", "x-other", "1", 50, 1'000);
    row("reset-of-the-limit", "x-ratelimit-reset-tokens", "7.66s", 7'660, 8'426);
    row("reset-in-the-past", "x-ratelimit-reset-tokens", "-3s", 50, 1'000);
}

void tst_ChatRetry::hints()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QFETCH(const int, least);
    QFETCH(const int, most);
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error", "rate_limit_exceeded")
                           .header("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
                           .header(name, value));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    if (least < 0) {
        QVERIFY(watched.delays.isEmpty());
        QCOMPARE(engine.requests(), 1);
        QCOMPARE(watched.reply->result().error().retryAfter,
                 std::optional<std::chrono::milliseconds>(121s));
        return;
    }
    QCOMPARE(watched.delays.size(), 1);
    QVERIFY2(watched.delays.first().count() >= least && watched.delays.first().count() <= most,
             qPrintable(QString::number(watched.delays.first().count())));
    QCOMPARE(engine.requests(), 2);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.closedAttempts().last().waited, watched.delays.first());
}

void tst_ChatRetry::serversWord_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<int>("requests");
    QTest::newRow("retry-a-400") << 400 << QByteArray("true") << 3;
    QTest::newRow("leave-a-500") << 500 << QByteArray("false") << 1;
    QTest::newRow("nonsense") << 500 << QByteArray("perhaps") << 3;
}

void tst_ChatRetry::serversWord()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, word);
    QFETCH(const int, requests);
    Engine engine;
    engine.one.setChooser([&](const core::LoopbackRequest &) {
        return refusal(status, "some_error").header("x-should-retry", word);
    });
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.requests(), requests);
}

void tst_ChatRetry::serversWordHasItsHint()
{
    Engine engine;
    engine.one.enqueue(
        refusal(400, "some_error").header("x-should-retry", "true").header("retry-after", "3"));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.delays.size(), 1);
    QVERIFY(watched.delays.first() >= 3s);
}

void tst_ChatRetry::redirectKeepsItsStatus()
{
    Engine engine;
    engine.one.enqueue(Answer::whole(302, {}).header("Location", "https://elsewhere.example/"));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Redirected);
    QCOMPARE(watched.ended.first().httpStatus, 302);
}

void tst_ChatRetry::hiddenFaultsAreTriedAgain_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("overload-in-stream")
        << Answer::stream({started(), overloaded()}) << ErrorKind::Overloaded;
    QTest::newRow("ends-early") << Answer::stream({started()}) << ErrorKind::Truncated;
    QTest::newRow("closed-early") << Answer::stream({started()}).close() << ErrorKind::Truncated;
    QTest::newRow("reset-early") << Answer::stream({started()}).reset() << ErrorKind::Truncated;
}

void tst_ChatRetry::hiddenFaultsAreTriedAgain()
{
    QFETCH(const Answer, answer);
    QFETCH(const ErrorKind, kind);
    Engine engine;
    engine.one.enqueue(answer);
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->text(), QStringLiteral("Hello world"));
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(core::errorCode(watched.ended.first().error->kind), core::errorCode(kind));
    QVERIFY(!watched.ended.first().visible);
    // It may have cost something: both attempts count.
    QCOMPARE(watched.ended.first().costBasis, CostBasis::Partial);
    QVERIFY(watched.reply->costSoFar().high > watched.ended.last().cost.total.high);
}

void tst_ChatRetry::nothingIsSentTwiceAfterVisibleOutput_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("text");
    const QString part = QStringLiteral("Hel");
    const auto refusedWithin = [](const QByteArray &code) -> QByteArray {
        return "data: {\"error\":{\"message\":\"Not taken: stream_options\",\"code\":\"" + code +
               "\"}}\n\n";
    };
    QTest::newRow("token-expires-in-stream")
        << Answer::stream({started(), delta("Hel"), refusedWithin("invalid_api_key")})
        << ErrorKind::AuthenticationFailed << part;
    QTest::newRow("member-refused-in-stream")
        << Answer::stream({started(), delta("Hel"), refusedWithin("invalid_request")})
        << ErrorKind::InvalidRequest << part;
    QTest::newRow("overload-in-stream")
        << Answer::stream({started(), delta("Hel"), overloaded()}) << ErrorKind::Overloaded << part;
    QTest::newRow("overload-in-the-same-piece")
        << Answer::stream({started() + delta("Hel") + overloaded()}) << ErrorKind::Overloaded
        << part;
    QTest::newRow("ends-early") << Answer::stream({started(), delta("Hel")}) << ErrorKind::Truncated
                                << part;
    QTest::newRow("closed-early") << Answer::stream({started(), delta("Hel")}).close()
                                  << ErrorKind::Truncated << part;
    QTest::newRow("reset-early") << Answer::stream({started(), delta("Hel")}).pause(20ms).reset()
                                 << ErrorKind::Truncated << part;
    QTest::newRow("tool-call") << Answer::stream({started(), toolCall()}) << ErrorKind::Truncated
                               << QString();
}

void tst_ChatRetry::nothingIsSentTwiceAfterVisibleOutput()
{
    QFETCH(const Answer, answer);
    QFETCH(const ErrorKind, kind);
    QFETCH(const QString, text);
    Engine engine;
    engine.keys.setFreshKey(engine.target(QStringLiteral("one")).accountId, "fresh-token");
    engine.one.enqueue(answer);
    Watched watched(engine.send(engine.route(both()), &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(core::errorCode(watched.reply->result().error().kind), core::errorCode(kind));
    QCOMPARE(watched.reply->text(), text);
    QCOMPARE(engine.journal.imbalance(), QString());
    const core::MessageRecord &answered = engine.journal.closedRequests().first().answer;
    QCOMPARE(answered.state, MessageState::Incomplete);
    QCOMPARE(answered.parts.size(), 1);
    const core::AttemptRecord &attempt = engine.journal.closedAttempts().first();
    QVERIFY(attempt.visible && !attempt.terminalSeen);
    QCOMPARE(attempt.costBasis, CostBasis::Partial);
    QVERIFY(attempt.cost.total.low > core::PicoUsd());
    QVERIFY(attempt.cost.total.high > attempt.cost.total.low);
}

void tst_ChatRetry::stalls_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<int>("deadline"); // s
    QTest::addColumn<int>("requests");
    QTest::addColumn<QString>("text");
    QTest::addColumn<CostBasis>("basis");
    // After more than 30 s nobody asks the same service again unasked.
    QTest::newRow("before-headers")
        << Answer::nothing() << Phase::FirstByte << 60 << 1 << QString() << CostBasis::Unanswered;
    QTest::newRow("after-headers") << Answer::stream({started()}).stall() << Phase::Idle << 90 << 1
                                   << QString() << CostBasis::Partial;
    QTest::newRow("after-first-text")
        << Answer::stream({started(), delta("Hel")}).stall() << Phase::Idle << 90 << 1
        << QStringLiteral("Hel") << CostBasis::Partial;
}

void tst_ChatRetry::stalls()
{
    QFETCH(const Answer, answer);
    QFETCH(const Phase, phase);
    QFETCH(const int, deadline);
    QFETCH(const int, requests);
    QFETCH(const QString, text);
    QFETCH(const CostBasis, basis);
    Engine engine;
    engine.one.enqueue(answer);
    Watched watched(engine.send());
    QTRY_COMPARE(engine.requests(), 1);
    QTRY_VERIFY(phase == Phase::FirstByte
                    ? watched.reply->state() == core::ReplyState::WaitingForFirstToken
                    : !watched.events.isEmpty());
    QTRY_COMPARE(watched.reply->text(), text);
    engine.clock.advance(std::chrono::seconds(deadline) - 1ms);
    QTest::qWait(5);
    QCOMPARE(watched.finished, 0);
    engine.clock.advance(1ms);
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, phase);
    QCOMPARE(engine.requests(), requests);
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, basis);
    QVERIFY(!engine.journal.closedAttempts().first().cost.total.isExact());
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_ChatRetry::notTheApi_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("html") << Answer::whole(200, "<html>Log in</html>", "text/html")
                          << ErrorKind::ProtocolError;
    QTest::newRow("no-content") << Answer::whole(204, {}) << ErrorKind::ProtocolError;
    QTest::newRow("created") << Answer::whole(201, "{}") << ErrorKind::ProtocolError;
    QTest::newRow("empty-stream") << Answer::stream() << ErrorKind::ProtocolError;
    QTest::newRow("redirect") << Answer::whole(302, {}).header("Location",
                                                               "http://127.0.0.1:1/steal")
                              << ErrorKind::Redirected;
    QTest::newRow("moved") << Answer::whole(308, {}).header("Location", "http://127.0.0.1:1/steal")
                           << ErrorKind::Redirected;
}

void tst_ChatRetry::notTheApi()
{
    QFETCH(const Answer, answer);
    QFETCH(const ErrorKind, kind);
    Engine engine;
    engine.one.enqueue(answer);
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(core::errorCode(watched.reply->result().error().kind), core::errorCode(kind));
    QCOMPARE(engine.requests(), 1);
    QVERIFY(watched.events.isEmpty());
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, CostBasis::NotCharged);
}

void tst_ChatRetry::refusedConnection()
{
    Engine engine;
    core::Route route = engine.route(both());
    engine.one.shutDown();
    engine.two.enqueue(hello());
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.ended.size(), 4); // three here, one there
    QCOMPARE(watched.ended.first().error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(watched.ended.first().costBasis, CostBasis::NotSent);
    QVERIFY(watched.ended.first().cost.total.isZero());
}

void tst_ChatRetry::neverMoreThanFour()
{
    Engine engine;
    for (ScriptedServer *server : {&engine.one, &engine.two, &engine.three})
        server->setChooser([](const core::LoopbackRequest &) { return refusal(500, "oops"); });
    Watched watched(engine.send(
        engine.route({QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")}),
        &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.one.requests().size(), 3);
    QCOMPARE(engine.two.requests().size(), 1);
    QCOMPARE(engine.three.requests().size(), 0);
    QCOMPARE(watched.reply->attempts().size(), 4);
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_ChatRetry::targetsAreAskedInOrder()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.two.enqueue(refusal(403, "permission_error"));
    engine.three.enqueue(hello());
    Watched watched(engine.send(
        engine.route({QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")}),
        &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.started.size(), 3);
    QCOMPARE(watched.started.at(0).cause, AttemptCause::First);
    QCOMPARE(watched.started.at(1).cause, AttemptCause::Fallback);
    QCOMPARE(watched.started.at(2).cause, AttemptCause::Fallback);
    QCOMPARE(watched.reply->target().provider, QStringLiteral("three"));
    QCOMPARE(watched.reply->answer().target.provider, QStringLiteral("three"));
    // Each service got its own key.
    QCOMPARE(engine.two.requests().first().headers.value("authorization"),
             QByteArray("Bearer test-key-2"));
    QCOMPARE(engine.three.requests().first().headers.value("authorization"),
             QByteArray("Bearer test-key-3"));
}

void tst_ChatRetry::accountThatWasRefusedIsNotAskedAgain()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.two.enqueue(hello());
    core::Route route =
        engine.route({QStringLiteral("one"), QStringLiteral("one"), QStringLiteral("two")});
    route.targets[1].model = QStringLiteral("gpt-other");
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.one.requests().size(), 1);
    QCOMPARE(engine.two.requests().size(), 1);
}

void tst_ChatRetry::refusedTokenIsRenewedOnce()
{
    Engine engine;
    const std::int64_t account = engine.target(QStringLiteral("one")).accountId;
    engine.keys.setFreshKey(account, "fresh-token");
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.delays, QList<std::chrono::milliseconds>{0ms});
    QCOMPARE(engine.one.requests().last().headers.value("authorization"),
             QByteArray("Bearer fresh-token"));

    // Refused again, it is the account's fault and not the token's age.
    engine.keys.setFreshKey(account, "fresher-token");
    for (int i = 0; i < 3; ++i)
        engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    Watched refused(engine.send());
    QVERIFY(engine.run(refused));
    QCOMPARE(refused.reply->result().error().kind, ErrorKind::AuthenticationFailed);
    QCOMPARE(refused.ended.size(), 2);
}

void tst_ChatRetry::tokenIsNotRenewedWithoutRetry()
{
    Engine engine;
    core::ClientOptions options = engine.client.options();
    options.retry = false;
    engine.client.setOptions(options);
    engine.keys.setFreshKey(engine.target(QStringLiteral("one")).accountId, "fresh-token");
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QVERIFY(!watched.reply->result());
    QCOMPARE(engine.one.requests().size(), 1);
}

void tst_ChatRetry::wrongClockIsCorrectedOnce_data()
{
    QTest::addColumn<int>("behind"); // minutes
    QTest::addColumn<bool>("again");
    QTest::newRow("clock-is-behind") << 70 << false;
    QTest::newRow("clock-is-ahead") << -70 << false;
    QTest::newRow("refused-again") << 70 << true;
}

void tst_ChatRetry::wrongClockIsCorrectedOnce()
{
    QFETCH(const int, behind);
    QFETCH(const bool, again);
    Engine engine;
    core::Target target = engine.target(QStringLiteral("one"));
    target.provider = QStringLiteral("bedrock");
    engine.keys.setKey(target.accountId, "AKIDEXAMPLE:a-secret-of-tests");
    const auto stamp = [&engine](int minutes) {
        const auto at = std::chrono::floor<std::chrono::seconds>(engine.clock.utcNow()) +
                        std::chrono::minutes(minutes);
        return QDateTime::fromSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC)
            .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
            .toLatin1();
    };
    const QByteArray ours = stamp(0);
    const QByteArray theirs = stamp(behind);
    const QByteArray says = behind > 0
                                ? "Signature expired: " + ours + " is now earlier than " +
                                      stamp(behind - 5) + " (" + theirs + " - 5 min.)"
                                : "Signature not yet current: " + ours + " is still later than " +
                                      stamp(behind + 5) + " (" + theirs + " + 5 min.)";
    const auto refused = [&says] {
        return tests::Answer::whole(403, R"({"message":")" + says + R"("})");
    };
    engine.one.enqueue(refused());
    engine.one.enqueue(
        again ? refused()
              : tests::Answer::whole(
                    200, R"({"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},)"
                         R"("stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1}})"));
    core::Route route;
    route.targets = {target};
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.one.requests().size(), 2);
    QCOMPARE(engine.one.requests().first().headers.value("x-amz-date"), ours);
    QCOMPARE(engine.one.requests().last().headers.value("x-amz-date"), theirs);
    QCOMPARE(watched.reply->result().hasValue(), !again);
    QCOMPARE(watched.ended.size(), 2);
    if (again)
        QVERIFY(core::userText(watched.reply->result().error())
                    .startsWith(QStringLiteral("This computer's clock is wrong")));
}

void tst_ChatRetry::unknownMemberIsLeftOutOnce_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::addColumn<int>("requests");
    const QByteArray named(R"({"error":{"message":"Unknown field: stream_options"}})");
    QTest::newRow("400-that-names-it") << 400 << named << 2;
    QTest::newRow("422-that-names-it") << 422 << named << 2;
    QTest::newRow("400-for-another-reason")
        << 400 << QByteArray(R"({"error":{"message":"Unknown field: stop"}})") << 1;
    QTest::newRow("403-that-names-it") << 403 << named << 1;
}

void tst_ChatRetry::unknownMemberIsLeftOutOnce()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, says);
    QFETCH(const int, requests);
    Engine engine;
    engine.one.enqueue(tests::Answer::whole(status, says));
    if (requests > 1)
        engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.one.requests().size(), requests);
    QVERIFY(engine.one.requests().first().body.contains("stream_options"));
    QCOMPARE(watched.reply->result().hasValue(), requests > 1);
    if (requests > 1)
        QVERIFY(!engine.one.requests().last().body.contains("stream_options"));

    // A server that goes on naming it is not asked again and again.
    for (int i = 0; i < 3; ++i)
        engine.one.enqueue(tests::Answer::whole(status, says));
    Watched again(engine.send());
    QVERIFY(engine.run(again));
    QVERIFY(!again.reply->result());
    QCOMPARE(again.ended.size(), requests);
}

void tst_ChatRetry::allTargetsFailed()
{
    Engine engine;
    engine.one.enqueue(refusal(401, "auth", "invalid_api_key"));
    engine.two.enqueue(refusal(400, "invalid_request_error"));
    Watched watched(engine.send(engine.route(both()), &engine));
    QVERIFY(engine.run(watched));
    const core::Error &error = watched.reply->result().error();
    QCOMPARE(error.kind, ErrorKind::AllTargetsFailed);
    QVERIFY(error.detail.contains(QStringLiteral("one gpt-test: authentication_failed (401)")));
    QVERIFY(error.detail.contains(QStringLiteral("two gpt-test: invalid_request (400)")));
    QCOMPARE(watched.reply->attempts().size(), 2);
    QCOMPARE(watched.finished, 1);
}

void tst_ChatRetry::retryNowSkipsTheWait()
{
    Engine engine;
    engine.one.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), core::ReplyState::WaitingToRetry);
    engine.clock.advance(3s);
    watched.reply->retryNow();
    watched.reply->retryNow(); // does nothing any more
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(watched.ended.last().waited, 3s);
}

void tst_ChatRetry::waitsAddUp()
{
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) {
        return refusal(429, "rate_limit_error").header("retry-after", "70");
    });
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.requests(), 2); // a second wait would exceed two minutes in all
    QCOMPARE(watched.delays.size(), 1);
}

void tst_ChatRetry::retriesAreTold()
{
    Engine engine;
    engine.one.enqueue(refusal(500, "server_error"));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.log.mid(0, 4),
             QStringList({QStringLiteral("started"), QStringLiteral("ended"),
                          QStringLiteral("retry"), QStringLiteral("started")}));
    QCOMPARE(watched.started.last().cause, AttemptCause::Retry);
    QCOMPARE(watched.started.last().number, 2);
    QCOMPARE(watched.reply->firstToken(), std::optional(watched.delays.first()));
}

void tst_ChatRetry::switchedOff()
{
    Engine engine;
    core::ClientOptions options;
    options.retry = false;
    options.fallback = false;
    engine.client.setOptions(options);
    engine.one.enqueue(refusal(500, "server_error"));
    Watched watched(engine.send(engine.route(both()), &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(engine.requests(), 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::ServerError);
}

QTEST_GUILESS_MAIN(tst_ChatRetry)
#include "tst_chatretry.moc"
