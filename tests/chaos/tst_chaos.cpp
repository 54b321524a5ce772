#include "tests/core/client/engine.h"

#include <QTest>

#include <memory>
#include <vector>

using core::AttemptOutcome;
using core::AttemptRecord;
using core::CostBasis;
using core::ErrorKind;
using core::MessageState;
using core::Phase;
using core::ReplyState;
using core::RequestState;
using namespace std::chrono_literals;
using namespace tests;

namespace {

const QString One = QStringLiteral("one");
const QString Two = QStringLiteral("two");
const QString Three = QStringLiteral("three");

//! One way to fail, and what must come of it.
struct Fault
{
    Answer answer;
    ErrorKind kind = ErrorKind::Internal;
    int requests = 1;                  //!< That a service which always fails so gets to see.
    bool fallsBack = true;             //!< The next target is asked.
    bool countsAgainst = false;        //!< The breaker counts it.
    CostBasis basis = CostBasis::None; //!< Of its cost, in the ledger.
    const char *text = "";             //!< That the user got to see, and keeps.
};

QByteArray errorEvent(const char *type, const char *code)
{
    return QByteArray("data: {\"error\":{\"message\":\"No.\",\"type\":\"") + type +
           "\",\"code\":" + code + "}}\n\n";
}

QByteArray ping()
{
    return ": ping\n\n";
}

core::Target geminiTarget(const Engine &engine)
{
    core::Target target;
    target.provider = QStringLiteral("google");
    target.accountId = 1;
    target.baseUrl = engine.one.url();
    target.model = QStringLiteral("gemini-test");
    return target;
}

Answer halfAHead()
{
    Answer answer;
    answer.raw("HTTP/1.1 200 OK\r\nContent-Ty").stall();
    return answer;
}

Answer geminiRefusal(const QByteArray &details)
{
    return Answer::whole(429, R"({"error":{"code":429,"message":"Slow down.","status":)"
                              R"("RESOURCE_EXHAUSTED","details":[)" +
                                  details + "]}}");
}

//! When each request came, by the clock that the test holds.
class Arrivals final : public QObject
{
public:
    Arrivals(ScriptedServer &server, const FakeClock &clock)
    {
        connect(&server, &ScriptedServer::requestReceived, this,
                [this, &clock] { at += clock.steadyNow(); });
    }
    QList<core::SteadyTime> at;
};

} // namespace

Q_DECLARE_METATYPE(Fault)
Q_DECLARE_METATYPE(tests::Answer)

//! Everything that a service can do to us, by script. For each: what the server saw, what the user
//! sees, what the ledger says. Counted by the server: no request after visible output, never more
//! than four attempts, never one before its hint.
class tst_Chaos : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyClass_data();
    void everyClass();
    void quotaOfTheDay();
    void quotaOfOneModel();
    void hints_data();
    void hints();
    void hintsInBodies_data();
    void hintsInBodies();
    void hintsOfOtherProtocols_data();
    void hintsOfOtherProtocols();
    void stalls_data();
    void stalls();
    void quickTimeoutIsTriedAgain();
    void connectionThatStaysOpenAfterTheEnd_data();
    void connectionThatStaysOpenAfterTheEnd();
    void endThatIsNone();
    void stoppedAfterTheEnd();
    void echoedKeys_data();
    void echoedKeys();
    void caps_data();
    void caps();
    void pingsAreNoAnswer_data();
    void pingsAreNoAnswer();
    void serverThatIsNotThere();
    void fiftyAtOnce();
    void fiftyAtOnceAgainstALimit();
    void fiftyAtOnceAgainstARuin();
    void quitInMidStream();
};

//! Every class of error that a service can cause.
void tst_Chaos::everyClass_data()
{
    QTest::addColumn<Fault>("fault");
    const auto row = [](const char *name, const Fault &fault) { QTest::newRow(name) << fault; };
    const bool Falls = true, Stays = false, Counts = true, Spares = false;
    row("rate-limited", {refusal(429, "rate_limit_error"), ErrorKind::RateLimited, 3, Falls, Spares,
                         CostBasis::NotCharged});
    row("quota-exhausted", {refusal(429, "insufficient_quota", "insufficient_quota"),
                            ErrorKind::QuotaExhausted, 1, Falls, Spares, CostBasis::NotCharged});
    row("overloaded-503", {refusal(503, "server_error"), ErrorKind::Overloaded, 3, Falls, Counts,
                           CostBasis::InputOnly});
    row("overloaded-529", {refusal(529, "overloaded_error"), ErrorKind::Overloaded, 3, Falls,
                           Counts, CostBasis::InputOnly});
    row("overloaded-in-stream", {Answer::stream({started(), errorEvent("overloaded_error", "503")}),
                                 ErrorKind::Overloaded, 3, Falls, Counts, CostBasis::Partial});
    row("overloaded-in-stream-visible",
        {Answer::stream({started(), delta("Hel"), errorEvent("overloaded_error", "503")}),
         ErrorKind::Overloaded, 1, Stays, Spares, CostBasis::Partial, "Hel"});
    row("server-500", {refusal(500, "server_error"), ErrorKind::ServerError, 3, Falls, Counts,
                       CostBasis::InputOnly});
    row("server-502", {Answer::whole(502, "<html>Bad Gateway</html>", "text/html"),
                       ErrorKind::ServerError, 3, Falls, Counts, CostBasis::InputOnly});
    row("server-504", {Answer::whole(504, {}, "text/plain"), ErrorKind::ServerError, 3, Falls,
                       Counts, CostBasis::InputOnly});
    row("server-in-stream", {Answer::stream({started(), errorEvent("server_error", "null")}),
                             ErrorKind::ServerError, 3, Falls, Counts, CostBasis::Partial});
    row("truncated-hidden",
        {Answer::stream({started()}), ErrorKind::Truncated, 3, Falls, Counts, CostBasis::Partial});
    row("truncated-hidden-by-close", {Answer::stream({started()}).close(), ErrorKind::Truncated, 3,
                                      Falls, Counts, CostBasis::Partial});
    row("truncated-hidden-by-reset", {Answer::stream({started()}).reset(), ErrorKind::Truncated, 3,
                                      Falls, Counts, CostBasis::Partial});
    row("truncated-visible", {Answer::stream({started(), delta("Hel")}), ErrorKind::Truncated, 1,
                              Stays, Spares, CostBasis::Partial, "Hel"});
    row("truncated-visible-by-reset",
        {Answer::stream({started(), delta("Hel")}).reset(), ErrorKind::Truncated, 1, Stays, Spares,
         CostBasis::Partial, "Hel"});
    row("terminal-event-missing",
        {Answer::stream({started(), delta("Hel"), usage(9, 1)}), ErrorKind::Truncated, 1, Stays,
         Spares, CostBasis::Partial, "Hel"});
    row("tool-call-broken-off", {Answer::stream({started(), toolCall()}), ErrorKind::Truncated, 1,
                                 Stays, Spares, CostBasis::Partial});
    row("hung-up-before-the-head", {Answer::rawBytes({}), ErrorKind::ConnectionFailed, 3, Falls,
                                    Counts, CostBasis::Unanswered});
    row("not-http", {Answer::rawBytes("SSH-2.0-OpenSSH_9.2\r\n"), ErrorKind::ConnectionFailed, 3,
                     Falls, Counts, CostBasis::Unanswered});
    row("conflict", {refusal(409, "conflict"), ErrorKind::ServerError, 3, Stays, Spares,
                     CostBasis::NotCharged});
    row("request-timeout",
        {refusal(408, "timeout"), ErrorKind::Timeout, 3, Stays, Spares, CostBasis::NotCharged});
    row("invalid-400", {refusal(400, "invalid_request_error"), ErrorKind::InvalidRequest, 1, Stays,
                        Spares, CostBasis::NotCharged});
    row("invalid-404", {refusal(404, "not_found"), ErrorKind::InvalidRequest, 1, Stays, Spares,
                        CostBasis::NotCharged});
    row("invalid-422", {refusal(422, "invalid_request_error"), ErrorKind::InvalidRequest, 1, Stays,
                        Spares, CostBasis::NotCharged});
    row("model-404", {refusal(404, "invalid_request_error", "model_not_found"),
                      ErrorKind::ModelNotFound, 1, Stays, Spares, CostBasis::NotCharged});
    row("context-length",
        {refusal(400, "invalid_request_error", "context_length_exceeded"),
         ErrorKind::ContextLengthExceeded, 1, Stays, Spares, CostBasis::NotCharged});
    row("key-401", {refusal(401, "invalid_request_error", "invalid_api_key"),
                    ErrorKind::AuthenticationFailed, 1, Falls, Spares, CostBasis::NotCharged});
    row("permission-403", {refusal(403, "permission_error"), ErrorKind::PermissionDenied, 1, Falls,
                           Spares, CostBasis::NotCharged});
    row("billing-402", {refusal(402, "billing_error"), ErrorKind::Billing, 1, Falls, Spares,
                        CostBasis::NotCharged});
    row("content-policy", {refusal(400, "invalid_request_error", "content_policy_violation"),
                           ErrorKind::ContentBlocked, 1, Stays, Spares, CostBasis::NotCharged});
    row("html-200", {Answer::whole(200, "<html>Log in</html>", "text/html"),
                     ErrorKind::ProtocolError, 1, Falls, Counts, CostBasis::NotCharged});
    row("no-content-204", {Answer::whole(204, {}), ErrorKind::ProtocolError, 1, Falls, Counts,
                           CostBasis::NotCharged});
    row("empty-stream",
        {Answer::stream(), ErrorKind::ProtocolError, 1, Falls, Counts, CostBasis::NotCharged});
    row("redirect-302", {Answer::whole(302, {}).header("Location", "http://127.0.0.1:9/steal"),
                         ErrorKind::Redirected, 1, Falls, Counts, CostBasis::NotCharged});
    row("redirect-308", {Answer::whole(308, {}).header("Location", "https://example.com/steal"),
                         ErrorKind::Redirected, 1, Falls, Counts, CostBasis::NotCharged});
}

void tst_Chaos::everyClass()
{
    QFETCH(const Fault, fault);
    const QString kind = core::errorCode(fault.kind);
    Engine alone;
    Arrivals arrivals(alone.one, alone.clock);
    alone.one.setChooser([&](const core::LoopbackRequest &) { return fault.answer; });
    Watched watched(alone.send());
    QVERIFY(alone.run(watched));
    alone.clock.advance(1h); // nothing comes later
    QTest::qWait(5);

    // The server.
    QCOMPARE(arrivals.at.size(), fault.requests);
    // The user.
    const QString text = QString::fromLatin1(fault.text);
    QCOMPARE(watched.finished, 1);
    QCOMPARE(core::errorCode(watched.reply->result().error().kind), kind);
    QCOMPARE(watched.reply->text(), text);
    QCOMPARE(watched.reply->state(), ReplyState::Finished);
    const bool isKept = !watched.reply->parts().isEmpty();
    QCOMPARE(watched.reply->answer().state,
             isKept ? MessageState::Incomplete : MessageState::Failed);
    // The ledger.
    QCOMPARE(alone.journal.imbalance(), QString());
    QCOMPARE(alone.journal.closedRequests().first().state, RequestState::Failed);
    QCOMPARE(alone.journal.closedAttempts().size(), fault.requests);
    for (const AttemptRecord &attempt : alone.journal.closedAttempts()) {
        QCOMPARE(attempt.outcome, AttemptOutcome::Failed);
        QCOMPARE(core::errorCode(attempt.error->kind), kind);
        QCOMPARE(attempt.costBasis, fault.basis);
        QVERIFY(!attempt.terminalSeen);
        QCOMPARE(attempt.cost.total.isZero(), attempt.costBasis == CostBasis::NotCharged);
    }
    // The breaker: four failures in a row open it, whoever asks.
    for (int again = 0; again < 4; ++again) {
        Watched more(alone.send());
        QVERIFY(alone.run(more));
    }
    QCOMPARE(alone.traffic.isWell(alone.target(One)), !fault.countsAgainst);

    Engine routed;
    routed.one.setChooser([&](const core::LoopbackRequest &) { return fault.answer; });
    routed.two.enqueue(hello());
    Watched second(routed.send(routed.route({One, Two}), &routed));
    QVERIFY(routed.run(second));
    QCOMPARE(routed.one.requests().size(), fault.requests);
    QCOMPARE(routed.two.requests().size(), fault.fallsBack ? 1 : 0);
    QCOMPARE(second.reply->result().hasValue(), fault.fallsBack);
    QCOMPARE(routed.journal.imbalance(), QString());
    QVERIFY(routed.requests() <= 4);
}

void tst_Chaos::quotaOfTheDay()
{
    Engine engine;
    engine.one.enqueue(geminiRefusal(
        R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":)"
        R"([{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},)"
        R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"})"));
    core::Route route;
    route.targets = {geminiTarget(engine)};
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::QuotaExhausted);
    QCOMPARE(engine.requests(), 1); // twelve seconds would not bring a day's quota back
    QVERIFY(engine.traffic.isDead(route.targets.first()));
    // It is this model's: another one of the same account is asked, and has not to be asked again.
    engine.one.setChooser([](const core::LoopbackRequest &) {
        return Answer::stream({R"(data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]},)"
                               R"("finishReason":"STOP"}]})"
                               "\n\n"});
    });
    route.targets += geminiTarget(engine);
    route.targets.last().model = QStringLiteral("gemini-other");
    Watched other(engine.send(route, &engine));
    QVERIFY(engine.run(other));
    QVERIFY(other.reply->result());
    QCOMPARE(other.reply->result()->target.model, QStringLiteral("gemini-other"));
    QCOMPARE(engine.requests(), 2);
    engine.clock.advance(24h);
    QVERIFY(!engine.traffic.isDead(route.targets.first()));
}

void tst_Chaos::quotaOfOneModel()
{
    Engine engine;
    engine.one.enqueue(
        geminiRefusal(R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":)"
                      R"([{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]})"));
    engine.one.enqueue(
        Answer::stream({R"(data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]},)"
                        R"("finishReason":"STOP"}]})"
                        "\n\n"}));
    core::Route route;
    route.targets = {geminiTarget(engine), geminiTarget(engine)};
    route.targets.last().model = QStringLiteral("gemini-other");
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->result()->target.model, QStringLiteral("gemini-other"));
}

//! Waits that servers ask for, in every header form. -1: no automatic retry; 0: no hint, the usual
//! backoff.
void tst_Chaos::hints_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("hint"); // ms
    const auto row = [](const char *name, const char *header, const QByteArray &value, int hint,
                        int status = 429) {
        QTest::newRow(name) << status << QByteArray(header) << value << hint;
    };
    row("none", "x-nothing", "1", 0);
    row("ms", "retry-after-ms", "1500", 1'500);
    row("ms-fraction", "retry-after-ms", "1500.2", 1'501);
    row("ms-zero", "retry-after-ms", "0", 0);
    row("ms-negative", "retry-after-ms", "-1500", 0);
    row("ms-nan", "retry-after-ms", "NaN", 0);
    row("ms-infinite", "retry-after-ms", "inf", 0);
    row("seconds", "retry-after", "2", 2'000);
    row("seconds-fraction", "retry-after", "0.25", 250);
    row("seconds-20", "retry-after", "20", 20'000);
    row("seconds-120", "retry-after", "119", 119'000);
    row("seconds-121", "retry-after", "121", -1);
    row("seconds-a-year", "retry-after", "31536000", -1);
    row("seconds-endless", "retry-after", "1e300", -1);
    row("seconds-negative", "retry-after", "-5", 0);
    row("seconds-nan", "retry-after", "nan", 0);
    row("words", "retry-after", "soon", 0);
    row("date", "retry-after", "Mon, 23 Nov 2026 12:00:07 GMT", 7'000);
    row("date-past", "retry-after", "Mon, 23 Nov 2026 11:59:59 GMT", 0);
    row("date-now", "retry-after", "Mon, 23 Nov 2026 12:00:00 GMT", 0);
    row("date-far", "retry-after", "Mon, 23 Nov 2026 12:02:01 GMT", -1);
    row("date-broken", "retry-after", "Mon, 32 Nov 2026 12:00:07 GMT", 0);
    row("reset", "x-ratelimit-reset-requests", "6s", 6'000);
    row("reset-composed", "x-ratelimit-reset-tokens", "1m1.5s", 61'500);
    row("reset-far", "x-ratelimit-reset-tokens", "6m0s", -1);
    row("reset-negative", "x-ratelimit-reset-tokens", "-6s", 0);
    row("reset-nan", "x-ratelimit-reset-tokens", "NaNs", 0);
    row("at-503", "retry-after", "3", 3'000, 503);
    row("at-529", "retry-after", "3", 3'000, 529);
    row("at-500", "retry-after-ms", "700", 700, 500);
    row("reset-is-no-hint-at-500", "x-ratelimit-reset-tokens", "9s", 0, 500);
}

void tst_Chaos::hints()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QFETCH(const int, hint);
    Engine engine;
    Arrivals arrivals(engine.one, engine.clock);
    engine.one.enqueue(refusal(status, "rate_limit_error")
                           .header("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
                           .header(name, value));
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QVERIFY(engine.run(watched)); // which fails if a request comes before its wait is over
    if (hint < 0) {
        QCOMPARE(arrivals.at.size(), 1);
        QVERIFY(watched.reply->result().error().retryAfter > 120s); // "possible again at"
        engine.clock.advance(24h);
        QTest::qWait(5);
        QCOMPARE(arrivals.at.size(), 1);
        return;
    }
    QCOMPARE(arrivals.at.size(), 2);
    const auto waited = arrivals.at.at(1) - arrivals.at.at(0);
    const auto asked = std::chrono::milliseconds(hint);
    QVERIFY(waited >= asked);
    QVERIFY(waited >= 50ms);
    QVERIFY(waited <= (hint > 0 ? asked + std::min<std::chrono::milliseconds>(1s, asked / 10) + 1ms
                                : 1'000ms));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.journal.closedAttempts().last().waited, watched.delays.first());
}

void tst_Chaos::hintsInBodies_data()
{
    QTest::addColumn<QByteArray>("delay");
    QTest::addColumn<int>("hint");
    QTest::newRow("seconds") << QByteArray("\"7s\"") << 7'000;
    QTest::newRow("fraction") << QByteArray("\"7.5s\"") << 7'500;
    QTest::newRow("121") << QByteArray("\"121s\"") << -1;
    QTest::newRow("zero") << QByteArray("\"0s\"") << 0;
    QTest::newRow("negative") << QByteArray("\"-7s\"") << 0;
    QTest::newRow("nan") << QByteArray("\"NaN\"") << 0;
    QTest::newRow("number") << QByteArray("7") << 0;
    QTest::newRow("null") << QByteArray("null") << 0;
}

void tst_Chaos::hintsInBodies()
{
    QFETCH(const QByteArray, delay);
    QFETCH(const int, hint);
    Engine engine;
    Arrivals arrivals(engine.one, engine.clock);
    engine.one.setChooser([&](const core::LoopbackRequest &) {
        return geminiRefusal(
            R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":)" + delay + "}");
    });
    core::Route route;
    route.targets = {geminiTarget(engine)};
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(arrivals.at.size(), hint < 0 ? 1 : 3);
    for (qsizetype i = 1; i < arrivals.at.size(); ++i)
        QVERIFY(arrivals.at.at(i) - arrivals.at.at(i - 1) >= std::chrono::milliseconds(hint));
}

void tst_Chaos::hintsOfOtherProtocols_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<int>("hint");
    QTest::newRow("anthropic-reset")
        << QStringLiteral("anthropic")
        << Answer::whole(429, R"({"type":"error","error":{"type":"rate_limit_error"}})")
               .header("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
               .header("anthropic-ratelimit-requests-remaining", "0")
               .header("anthropic-ratelimit-requests-limit", "50")
               .header("anthropic-ratelimit-requests-reset", "2026-11-23T12:00:09Z")
        << 9'000;
    QTest::newRow("anthropic-reset-past")
        << QStringLiteral("anthropic")
        << Answer::whole(429, R"({"type":"error","error":{"type":"rate_limit_error"}})")
               .header("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
               .header("anthropic-ratelimit-requests-remaining", "0")
               .header("anthropic-ratelimit-requests-reset", "2026-11-23T11:00:09Z")
        << 0;
    QTest::newRow("azure-milliseconds")
        << QStringLiteral("azure")
        << refusal(429, "RateLimitReached").header("x-ratelimit-reset-requests", "4500") << 4'500;
    const QByteArray retryInfo = R"({"error":{"code":429,"message":"Slow down.","status":)"
                                 R"("RESOURCE_EXHAUSTED","details":[{"@type":)"
                                 R"("type.googleapis.com/google.rpc.RetryInfo",)"
                                 R"("retryDelay":"6.5s"}]}})";
    QTest::newRow("compatible-retryinfo") << One << Answer::whole(429, retryInfo) << 6'500;
    QTest::newRow("compatible-retryinfo-in-a-list")
        << One << Answer::whole(429, '[' + retryInfo + ']') << 6'500;
    QTest::newRow("azure-text") << QStringLiteral("azure")
                                << Answer::whole(429, R"({"error":{"code":"429","message":)"
                                                      R"("Please retry after 6 seconds."}})")
                                << 6'000;
}

void tst_Chaos::hintsOfOtherProtocols()
{
    QFETCH(const QString, provider);
    QFETCH(const Answer, answer);
    QFETCH(const int, hint);
    Engine engine;
    Arrivals arrivals(engine.one, engine.clock);
    engine.one.setChooser([&](const core::LoopbackRequest &) { return answer; });
    core::Route route = engine.route();
    route.targets.first().provider = provider;
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::RateLimited);
    QCOMPARE(arrivals.at.size(), 3);
    for (qsizetype i = 1; i < arrivals.at.size(); ++i)
        QVERIFY(arrivals.at.at(i) - arrivals.at.at(i - 1) >= std::chrono::milliseconds(hint));
}

void tst_Chaos::stalls_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<int>("deadline"); // s
    QTest::addColumn<QString>("text");
    QTest::addColumn<CostBasis>("basis");
    const auto row = [](const char *name, const Answer &answer, Phase phase, int deadline,
                        const char *text, CostBasis basis) {
        QTest::newRow(name) << answer << phase << deadline << QString::fromLatin1(text) << basis;
    };
    row("before-the-head", Answer::nothing(), Phase::FirstByte, 60, "", CostBasis::Unanswered);
    row("in-the-head", halfAHead(), Phase::FirstByte, 60, "", CostBasis::Unanswered);
    row("after-the-head", Answer::stream().stall(), Phase::Idle, 90, "", CostBasis::Partial);
    row("in-the-first-event", Answer::stream({"data: {\"id\":"}).stall(), Phase::Idle, 90, "",
        CostBasis::Partial);
    row("before-text", Answer::stream({started()}).stall(), Phase::Idle, 90, "",
        CostBasis::Partial);
    row("after-text", Answer::stream({started(), delta("Hel")}).stall(), Phase::Idle, 90, "Hel",
        CostBasis::Partial);
    row("in-a-later-event", Answer::stream({started(), delta("Hel"), "data: {"}).stall(),
        Phase::Idle, 90, "Hel", CostBasis::Partial);
    row("before-the-end", Answer::stream({started(), delta("Hel"), stopped()}).stall(), Phase::Idle,
        90, "Hel", CostBasis::Partial);
}

void tst_Chaos::stalls()
{
    QFETCH(Answer, answer);
    QFETCH(const Phase, phase);
    QFETCH(const int, deadline);
    QFETCH(const QString, text);
    QFETCH(const CostBasis, basis);
    Engine engine;
    engine.one.enqueue(answer);
    Watched watched(engine.send());
    QTRY_COMPARE(engine.requests(), 1);
    QTRY_COMPARE(watched.reply->text(), text);
    if (phase == Phase::Idle)
        QTRY_COMPARE(watched.bytesRead(), answer.bodyBytes());
    else
        QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    engine.clock.advance(1s * deadline - 1ms);
    QTest::qWait(5);
    QCOMPARE(watched.finished, 0);
    QCOMPARE(watched.reply->silence(), core::Silence::NoBytes);
    engine.clock.advance(1ms);
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::Timeout);
    QCOMPARE(watched.reply->result().error().phase, phase);
    QCOMPARE(watched.reply->text(), text);
    engine.clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(engine.requests(), 1); // it took long: nobody asks again unasked
    QCOMPARE(engine.journal.imbalance(), QString());
    QCOMPARE(engine.journal.closedAttempts().first().costBasis, basis);
    QVERIFY(!engine.journal.closedAttempts().first().cost.total.isExact());
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
}

void tst_Chaos::quickTimeoutIsTriedAgain()
{
    Engine engine;
    core::ClientOptions options;
    options.deadlines.firstByte = 20s;
    engine.client.setOptions(options);
    engine.one.enqueue(Answer::nothing());
    engine.one.enqueue(hello());
    Watched watched(engine.send());
    QTRY_COMPARE(watched.reply->state(), ReplyState::WaitingForFirstToken);
    QTRY_COMPARE(engine.requests(), 1);
    engine.clock.advance(20s);
    QVERIFY(engine.run(watched));
    QVERIFY(watched.reply->result());
    QCOMPARE(engine.requests(), 2);
    QCOMPARE(watched.ended.first().error->phase, Phase::FirstByte);
}

//! Bytes that say nothing keep a connection, but only until the total.
//! Whole answers of twelve tokens in and two out, whose connection nobody closes.
void tst_Chaos::connectionThatStaysOpenAfterTheEnd_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<int>("wait"); // ms from the last byte to the end
    const auto row = [](const char *name, const char *provider, const QList<QByteArray> &pieces,
                        int wait) {
        QTest::newRow(name) << QString::fromLatin1(provider) << Answer::stream(pieces).stall()
                            << wait;
    };
    const QList<QByteArray> chat{started(), delta("Hello"), stopped(), usage(12, 2), done()};
    row("openai-chat", "one", chat, 0);
    row("openai-chat-pings", "one", chat + QList<QByteArray>{ping(), ping()}, 0);
    row("openai-responses", "openai",
        {R"(data: {"type":"response.created","response":{"id":"r","model":"m"}})"
         "\n\n",
         R"(data: {"type":"response.output_text.delta","output_index":0,"delta":"Hello"})"
         "\n\n",
         R"(data: {"type":"response.completed","response":{"status":"completed",)"
         R"("usage":{"input_tokens":12,"output_tokens":2}}})"
         "\n\n"},
        0);
    row("anthropic", "anthropic",
        {R"(data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":12}}})"
         "\n\n",
         R"(data: {"type":"content_block_delta","index":0,)"
         R"("delta":{"type":"text_delta","text":"Hello"}})"
         "\n\n",
         R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
         R"("usage":{"output_tokens":2}})"
         "\n\n",
         "data: {\"type\":\"message_stop\"}\n\n"},
        0);
    row("cohere", "cohere",
        {"data: {\"type\":\"message-start\",\"id\":\"c\"}\n\n",
         R"(data: {"type":"content-delta","index":0,)"
         R"("delta":{"message":{"content":{"text":"Hello"}}}})"
         "\n\n",
         R"(data: {"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":)"
         R"({"billed_units":{"input_tokens":12,"output_tokens":2}}}})"
         "\n\n"},
        0);
    const QByteArray geminiEnd = R"(data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]},)"
                                 R"("finishReason":"STOP"}])";
    const QByteArray geminiCounts = R"("usageMetadata":{"promptTokenCount":12,)"
                                    R"("candidatesTokenCount":2,"totalTokenCount":14}})"
                                    "\n\n";
    row("gemini", "google", {geminiEnd + ',' + geminiCounts}, 2'000);
    row("gemini-counts-follow", "google", {geminiEnd + "}\n\n", "data: {" + geminiCounts}, 2'000);
    // One JSON object has no end of its own but the body's; then it is the silence that ends it.
    QTest::newRow("whole") << One
                           << Answer::stream()
                                  .header("Content-Type", "application/json")
                                  .framing(core::BodyFraming::UntilClose)
                                  .write(R"({"id":"c","choices":[{"index":0,"message":)"
                                         R"({"content":"Hello"},"finish_reason":"stop"}],"usage":)"
                                         R"({"prompt_tokens":12,"completion_tokens":2}})")
                                  .stall()
                           << 90'000;
}

void tst_Chaos::connectionThatStaysOpenAfterTheEnd()
{
    QFETCH(const QString, provider);
    QFETCH(const Answer, answer);
    QFETCH(const int, wait);
    Engine engine;
    engine.one.enqueue(answer);
    core::Route route = engine.route();
    route.targets.first().provider = provider;
    Watched watched(engine.send(route, &engine));
    if (wait > 0) {
        QTRY_COMPARE(watched.bytesRead(), answer.bodyBytes());
        engine.clock.advance(std::chrono::milliseconds(wait) - 1ms);
        QCOMPARE(watched.finished, 0);
        engine.clock.advance(1ms);
    }
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY2(watched.reply->result(),
             watched.reply->result() ? "" : qPrintable(watched.reply->result().error().detail));
    QCOMPARE(watched.reply->text(), QStringLiteral("Hello"));
    const AttemptRecord &attempt = watched.ended.constLast();
    QCOMPARE(attempt.outcome, core::AttemptOutcome::Completed);
    QCOMPARE(attempt.usage.basis, core::UsageBasis::Provider);
    QCOMPARE(attempt.usage.count(core::UsageKind::Input), std::optional<std::int64_t>(12));
    QCOMPARE(attempt.usage.count(core::UsageKind::Output), std::optional<std::int64_t>(2));
    engine.clock.advance(2s); // nobody keeps the connection
    QTRY_COMPARE(engine.one.connectionsOpen(), 0);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Some say with each piece of text that it was the last.
void tst_Chaos::endThatIsNone()
{
    const auto piece = [](const QByteArray &text) {
        return R"(data: {"candidates":[{"content":{"parts":[{"text":")" + text +
               R"("}]},"finishReason":"STOP"}]})"
               "\n\n";
    };
    Engine engine;
    engine.one.enqueue(
        Answer::stream({piece("Hel")}).hold().write(piece("lo")).hold().write(piece(" world")));
    core::Route route;
    route.targets = {geminiTarget(engine)};
    Watched watched(engine.send(route, &engine));
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hel"));
    QTRY_COMPARE(engine.one.held(), 1);
    engine.one.release();
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hello"));
    QTRY_COMPARE(engine.one.held(), 1);
    engine.clock.advance(30s);
    QCOMPARE(watched.finished, 0);
    engine.one.release();
    QTRY_COMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.reply->text(), QStringLiteral("Hello world"));
}

//! A Stop that comes while only counts are waited for: the answer was whole.
void tst_Chaos::stoppedAfterTheEnd()
{
    Engine engine;
    engine.one.enqueue(
        Answer::stream({R"(data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]},)"
                        R"("finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":12,)"
                        R"("candidatesTokenCount":2,"totalTokenCount":14}})"
                        "\n\n"})
            .stall());
    core::Route route;
    route.targets = {geminiTarget(engine)};
    Watched watched(engine.send(route, &engine));
    QTRY_COMPARE(watched.reply->text(), QStringLiteral("Hello"));
    watched.reply->cancel();
    QCOMPARE(watched.finished, 1);
    QVERIFY(watched.reply->result());
    QCOMPARE(watched.ended.constLast().outcome, core::AttemptOutcome::Completed);
    QCOMPARE(engine.journal.closedRequests().first().state, RequestState::Completed);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! A service that gives our key back, in each place where it names things.
void tst_Chaos::echoedKeys_data()
{
    QTest::addColumn<Answer>("answer");
    const QByteArray key = "test-key-1";
    const auto chunk = [](const QByteArray &members) {
        return "data: {\"id\":\"c\"," + members + "}\n\n";
    };
    const QByteArray end = stopped() + done();
    QTest::newRow("request-id-header")
        << Answer::stream({started(), delta("Hi"), end}).header("x-request-id", key);
    QTest::newRow("request-id-of-a-refusal")
        << refusal(400, "some_error").header("x-request-id", key);
    QTest::newRow("id-in-the-body") << Answer::stream(
        {R"(data: {"id":"test-key-1","choices":[{"index":0,"delta":{"content":"Hi"}}]})"
         "\n\n" +
         end});
    QTest::newRow("model") << Answer::stream(
        {chunk(R"("model":"test-key-1","choices":[{"index":0,"delta":{"content":"Hi"}}])"), end});
    QTest::newRow("error-code") << refusal(400, "some_error", key);
    QTest::newRow("error-type") << refusal(400, key);
    QTest::newRow("finish-reason") << Answer::stream(
        {delta("Hi"),
         chunk(R"("choices":[{"index":0,"delta":{},"finish_reason":"test-key-1"}])") + done()});
    QTest::newRow("tool-call") << Answer::stream(
        {chunk(R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"test-key-1",)"
               R"("function":{"name":"test-key-1","arguments":"{}"}}]}}])"),
         end});
    QTest::newRow("usage") << Answer::stream(
        {delta("Hi"), stopped(),
         chunk(R"("choices":[],"usage":{"prompt_tokens":1,"by":"test-key-1"})") + done()});
}

void tst_Chaos::echoedKeys()
{
    QFETCH(const Answer, answer);
    Engine engine;
    engine.one.enqueue(answer);
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QStringList told;
    for (const core::StreamEvent &event : watched.events) {
        if (const auto *begun = std::get_if<core::ReplyStarted>(&event))
            told << begun->model << begun->requestId;
        else if (const auto *call = std::get_if<core::ToolCallDelta>(&event))
            told << call->id << call->name;
        else if (const auto *finish = std::get_if<core::Finish>(&event))
            told << finish->raw;
        else if (const auto *report = std::get_if<core::UsageReport>(&event))
            told << QString::fromUtf8(report->usage.raw);
    }
    for (const AttemptRecord &attempt : engine.journal.closedAttempts()) {
        told << attempt.providerRequestId << attempt.answeredModel
             << QString::fromUtf8(attempt.usage.raw);
        if (attempt.error)
            told << attempt.error->providerCode << attempt.error->requestId << attempt.error->detail
                 << attempt.error->rawBody;
    }
    if (watched.reply->result())
        told << watched.reply->result()->finishReasonRaw << watched.reply->result()->model;
    const QString all = told.join(QLatin1Char('\n'));
    QVERIFY2(!all.contains(QStringLiteral("test-key-1")), qPrintable(all));
    QVERIFY2(all.contains(QStringLiteral("[redacted]")), qPrintable(all));
}

//! An answer that goes beyond a cap ends, and the text so far stays.
void tst_Chaos::caps_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<bool>("isWhole");
    constexpr qsizetype MiB = 1024 * 1024;
    const auto textOf = [](qsizetype bytes) {
        QList<QByteArray> pieces{started()};
        for (qsizetype left = bytes; left > 0; left -= MiB / 4)
            pieces += delta(QByteArray(std::min(left, MiB / 4), 'x'));
        return Answer::stream(pieces + QList<QByteArray>{stopped(), done()});
    };
    const auto argumentsOf = [](qsizetype bytes) {
        return Answer::stream(
            {started(),
             R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t",)"
             R"("function":{"name":"f","arguments":")" +
                 QByteArray(bytes, 'x') + "\"}}]}}]}\n\n",
             stopped(), done()});
    };
    QTest::newRow("text-at-the-cap") << textOf(2 * MiB) << true;
    QTest::newRow("text-beyond") << textOf(2 * MiB + 1) << false;
    QTest::newRow("arguments-at-the-cap") << argumentsOf(MiB) << true;
    QTest::newRow("arguments-beyond") << argumentsOf(MiB + 1) << false;
}

void tst_Chaos::caps()
{
    QFETCH(const Answer, answer);
    QFETCH(const bool, isWhole);
    Engine engine;
    engine.one.enqueue(answer);
    Watched watched(engine.send());
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().hasValue(), isWhole);
    QVERIFY(!watched.reply->parts().isEmpty());
    if (!isWhole) {
        QCOMPARE(watched.reply->result().error().kind, ErrorKind::ProtocolError);
        QCOMPARE(engine.journal.closedRequests().first().answer.state, MessageState::Incomplete);
    }
    QCOMPARE(engine.requests(), 1);
}

void tst_Chaos::pingsAreNoAnswer_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("comments") << ping();
    QTest::newRow("empty-deltas") << started();
    QTest::newRow("blank-lines") << QByteArray("\n\n\n");
}

void tst_Chaos::pingsAreNoAnswer()
{
    QFETCH(const QByteArray, piece);
    Engine engine;
    Answer drip = Answer::stream({started()});
    for (int i = 0; i < 20; ++i)
        drip.hold().write(piece);
    engine.one.enqueue(drip.stall());
    Watched watched(engine.send());
    QTRY_VERIFY(!watched.events.isEmpty());
    for (int i = 0; i < 14; ++i) { // 14 * 42 s < 10 min
        QTRY_COMPARE(engine.one.held(), 1);
        engine.clock.advance(42s);
        const qint64 before = watched.bytesRead();
        engine.one.release();
        QTRY_COMPARE(watched.bytesRead(), before + piece.size());
        QCOMPARE(watched.finished, 0);
    }
    engine.clock.advance(12s); // ten minutes: the total of so short an answer
    QTRY_COMPARE(watched.finished, 1);
    QCOMPARE(watched.reply->result().error().phase, Phase::Total);
    QCOMPARE(engine.requests(), 1);
    QVERIFY(watched.reply->text().isEmpty());
    QCOMPARE(engine.journal.imbalance(), QString());
}

void tst_Chaos::serverThatIsNotThere()
{
    Engine engine;
    const core::Route route = engine.route();
    engine.one.shutDown();
    Watched watched(engine.send(route, &engine));
    QVERIFY(engine.run(watched));
    QCOMPARE(watched.reply->result().error().kind, ErrorKind::ConnectionFailed);
    QCOMPARE(watched.ended.size(), 3);
    for (const AttemptRecord &attempt : engine.journal.closedAttempts()) {
        QCOMPARE(attempt.costBasis, CostBasis::NotSent);
        QVERIFY(attempt.cost.total.isZero() && attempt.cost.total.isExact());
    }
}

namespace {

//! Fifty calls at once, and time that passes whenever all of them wait.
struct Crowd
{
    explicit Crowd(Engine &engine)
    {
        for (int i = 0; i < 50; ++i)
            calls.push_back(std::make_unique<Watched>(engine.send()));
    }

    [[nodiscard]] int finished() const
    {
        return static_cast<int>(std::count_if(calls.begin(), calls.end(),
                                              [](const auto &call) { return call->finished > 0; }));
    }
    [[nodiscard]] bool allWait() const
    {
        return std::all_of(calls.begin(), calls.end(), [](const auto &call) {
            const ReplyState state = call->reply->state();
            return state == ReplyState::Finished || state == ReplyState::WaitingForTurn ||
                   state == ReplyState::WaitingToRetry;
        });
    }
    bool run(Engine &engine)
    {
        const QDeadlineTimer deadline(25s);
        while (finished() < 50 && !deadline.hasExpired()) {
            QTest::qWait(1);
            if (!allWait())
                continue;
            if (const auto next = engine.clock.untilNext())
                engine.clock.advance(*next);
        }
        return finished() == 50;
    }

    std::vector<std::unique_ptr<Watched>> calls;
};

} // namespace

void tst_Chaos::fiftyAtOnce()
{
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) { return hello(); });
    Crowd crowd(engine);
    QVERIFY(crowd.run(engine));
    for (const auto &call : crowd.calls) {
        QVERIFY(call->reply->result());
        QCOMPARE(call->finished, 1);
        QCOMPARE(call->reply->text(), QStringLiteral("Hello world"));
    }
    QCOMPARE(engine.requests(), 50);
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! A service that takes ten at a time and asks the others to stay away for two seconds.
void tst_Chaos::fiftyAtOnceAgainstALimit()
{
    Engine engine;
    std::optional<core::SteadyTime> blockedUntil;
    int early = 0, burst = 0;
    engine.one.setChooser([&](const core::LoopbackRequest &) {
        const core::SteadyTime now = engine.clock.steadyNow();
        if (blockedUntil && now >= *blockedUntil) {
            blockedUntil.reset();
            burst = 0;
        }
        if (++burst <= 10)
            return hello();
        // Those in flight when the first was refused could not know; later ones do.
        early += blockedUntil && now > *blockedUntil - 2s ? 1 : 0;
        blockedUntil = blockedUntil.value_or(now + 2s);
        return refusal(429, "rate_limit_error").header("retry-after", "2");
    });
    Crowd crowd(engine);
    QVERIFY(crowd.run(engine));
    QCOMPARE(early, 0); // never before the hint
    int answered = 0;
    for (const auto &call : crowd.calls) {
        QVERIFY(call->reply->attempts().size() <= 4);
        answered += call->reply->result() ? 1 : 0;
    }
    // Ten at once, those in line behind them, and as many again as the retry budget allows.
    QVERIFY2(answered >= 20, qPrintable(QString::number(answered)));
    QCOMPARE(engine.journal.imbalance(), QString());
    // The retry budget keeps fifty failures from becoming two hundred requests.
    QVERIFY2(engine.requests() <= 50 + 10 + 5, qPrintable(QString::number(engine.requests())));
}

void tst_Chaos::fiftyAtOnceAgainstARuin()
{
    Engine engine;
    engine.one.setChooser([](const core::LoopbackRequest &) { return refusal(503, "down"); });
    Crowd crowd(engine);
    QVERIFY(crowd.run(engine));
    for (const auto &call : crowd.calls)
        QVERIFY(!call->reply->result());
    QVERIFY2(engine.requests() <= 50 + 10, qPrintable(QString::number(engine.requests())));
    QVERIFY(!engine.traffic.isWell(engine.target(One)));
    QCOMPARE(engine.journal.imbalance(), QString());
}

//! Calls in every phase, and the program ends.
void tst_Chaos::quitInMidStream()
{
    auto engine = std::make_unique<Engine>();
    engine->one.enqueue(Answer::stream({started(), delta("Hel")}).stall());
    engine->one.enqueue(Answer::stream({started()}).stall());
    engine->one.enqueue(Answer::nothing());
    engine->two.enqueue(refusal(429, "rate_limit_error").header("retry-after", "15"));
    Watched inText(engine->send());
    QTRY_COMPARE(inText.reply->text(), QStringLiteral("Hel"));
    Watched beforeText(engine->send());
    QTRY_VERIFY(!beforeText.events.isEmpty());
    Watched beforeHead(engine->send());
    QTRY_COMPARE(beforeHead.reply->state(), ReplyState::WaitingForFirstToken);
    QTRY_COMPARE(engine->one.requests().size(), 3);
    Watched toRetry(engine->send(engine->route({Two}), engine.get()));
    QTRY_COMPARE(toRetry.reply->state(), ReplyState::WaitingToRetry);
    Watched inLine(engine->send(engine->route({Two}), engine.get()));
    QTRY_COMPARE(inLine.reply->state(), ReplyState::WaitingForTurn);
    Watched queued(engine->send());
    for (Watched *call : {&inText, &beforeText, &beforeHead, &toRetry, &inLine, &queued})
        delete call->reply;
    QTRY_COMPARE(engine->one.connectionsOpen() + engine->two.connectionsOpen(), 0);
    QVERIFY(engine->journal.drained().isFinished());
    QCOMPARE(engine->journal.imbalance(), QString());
    QCOMPARE(engine->journal.closedRequests().size(), 5); // the queued one had not begun
    for (const auto &request : engine->journal.closedRequests())
        QCOMPARE(request.state, RequestState::Cancelled);
    const auto text = [&](qsizetype i) {
        return core::textOf(engine->journal.closedRequests().at(i).answer.parts);
    };
    QCOMPARE(text(0), QStringLiteral("Hel"));
    const QList<AttemptRecord> &attempts = engine->journal.closedAttempts();
    QCOMPARE(attempts.size(), 4); // the one in line had none
    for (const AttemptRecord &attempt : attempts) {
        if (attempt.outcome == AttemptOutcome::Cancelled)
            QCOMPARE(attempt.costBasis, CostBasis::Cancelled);
    }
    engine->clock.advance(1h);
    QTest::qWait(5);
    QCOMPARE(engine->requests(), 4);
}

QTEST_GUILESS_MAIN(tst_Chaos)
#include "tst_chaos.moc"
