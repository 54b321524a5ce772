#include "core/client/tokencounter.h"
#include "core/practice/practiceprovider.h"
#include "tests/core/client/modelbench.h"
#include "tests/support/seededrandom.h"

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! Counts by the service over real sockets: once, cancelled, never twice for the same request.
class tst_TokenCounter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void countsOnceForOneRequest();
    void anotherRequestIsAnotherCount();
    void failureIsNotRemembered_data();
    void failureIsNotRemembered();
    void cancelClosesTheSocket();
    void cancelWhileTheKeyIsFetched();
    void endOfTheCounterEndsTheCount();
    void whoCountsNothingIsNotAsked();
    void noKeyAsksNobody();
    void practiceCounts();

private:
    [[nodiscard]] static ChatRequest question(const QString &text = u"Hi"_s)
    {
        ChatRequest request;
        request.messages.append({Role::User, {TextPart{text}}});
        return request;
    }
    const QString m_anthropic = u"anthropic"_s;
};

namespace {

struct Bench : ModelBench
{
    Bench()
    {
        setUp(u"anthropic"_s);
        target = setup.target(u"anthropic"_s, u"claude-sonnet-4-5"_s);
    }
    TokenCounter counter{transport, *registry, keys, setup, clock};
    Target target;
};

} // namespace

void tst_TokenCounter::init()
{
    QTest::failOnWarning(QRegularExpression(u".?"_s));
}

void tst_TokenCounter::countsOnceForOneRequest()
{
    Bench bench;
    QVERIFY(bench.counter.canCount(bench.target));
    QVERIFY(!bench.counter.known(question(), bench.target));
    bench.server.enqueue(Answer::whole(200, R"({"input_tokens":14})"));
    const auto first = ModelBench::awaited(bench.counter.count(question(), bench.target));
    QVERIFY(first);
    QCOMPARE(first->tokens, 14);
    QVERIFY(first->whole);
    const LoopbackRequest &sent = bench.server.requests().first();
    QCOMPARE(sent.target, "/v1/v1/messages/count_tokens");
    QCOMPARE(sent.headers.value("x-api-key"), "key-0123456789abcdef");
    QVERIFY(!sent.body.contains("key-0123"));

    const auto second = bench.counter.count(question(), bench.target);
    QVERIFY(second.isFinished()); // no call
    QVERIFY(*second.result() == *first);
    QVERIFY(*bench.counter.known(question(), bench.target) == *first);
    QCOMPARE(bench.server.requests().size(), 1);
}

void tst_TokenCounter::anotherRequestIsAnotherCount()
{
    Bench bench;
    bench.server.enqueue(Answer::whole(200, R"({"input_tokens":14})"));
    QVERIFY(ModelBench::awaited(bench.counter.count(question(), bench.target)));
    QVERIFY(!bench.counter.known(question(u"Hi!"_s), bench.target));
    ChatRequest briefly = question();
    briefly.options.system = u"Be brief."_s;
    QVERIFY(!bench.counter.known(briefly, bench.target));
    Target other = bench.target;
    other.model = u"claude-opus-4-1"_s;
    QVERIFY(!bench.counter.known(question(), other));
    ChatRequest warmer = question(); // counts the same
    warmer.options.temperature = 0.7;
    QVERIFY(bench.counter.known(warmer, bench.target));
}

void tst_TokenCounter::failureIsNotRemembered_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("rate-limited")
        << 429
        << QByteArray(R"({"type":"error","error":{"type":"rate_limit_error","message":"slow"}})")
        << ErrorKind::RateLimited;
    QTest::newRow("no-number") << 200 << QByteArray("{}") << ErrorKind::ProtocolError;
}

void tst_TokenCounter::failureIsNotRemembered()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const ErrorKind, kind);
    Bench bench;
    bench.server.enqueue(Answer::whole(status, body));
    const auto failed = ModelBench::awaited(bench.counter.count(question(), bench.target));
    QVERIFY(!failed);
    QCOMPARE(failed.error().kind, kind);
    QCOMPARE(failed.error().provider, m_anthropic);
    QCOMPARE(bench.server.requests().size(), 1); // never retried
    bench.server.enqueue(Answer::whole(200, R"({"input_tokens":3})"));
    QVERIFY(ModelBench::awaited(bench.counter.count(question(), bench.target)));
}

void tst_TokenCounter::cancelClosesTheSocket()
{
    Bench bench;
    bench.server.enqueue(Answer::nothing());
    auto future = bench.counter.count(question(), bench.target);
    QTRY_COMPARE(bench.server.requests().size(), 1);
    QCOMPARE(bench.server.connectionsOpen(), 1);
    future.cancel();
    QTRY_VERIFY(future.isFinished());
    QTRY_COMPARE(bench.server.connectionsOpen(), 0);
    QCOMPARE(future.resultCount(), 0);
    QVERIFY(!bench.counter.known(question(), bench.target));
}

void tst_TokenCounter::cancelWhileTheKeyIsFetched()
{
    Bench bench;
    bench.keys.holdReads();
    auto future = bench.counter.count(question(), bench.target);
    future.cancel();
    QTRY_VERIFY(future.isFinished());
    QVERIFY(bench.server.requests().isEmpty());
}

void tst_TokenCounter::endOfTheCounterEndsTheCount()
{
    ModelBench bench;
    bench.setUp(m_anthropic);
    bench.server.enqueue(Answer::nothing());
    QFuture<Result<TokenCount>> future;
    {
        TokenCounter counter(bench.transport, *bench.registry, bench.keys, bench.setup,
                             bench.clock);
        future = counter.count(question(), bench.setup.target(m_anthropic, u"claude"_s));
        QTRY_COMPARE(bench.server.requests().size(), 1);
    }
    QVERIFY(future.isFinished());
    QCOMPARE(future.resultCount(), 0);
    QTRY_COMPARE(bench.server.connectionsOpen(), 0);
}

void tst_TokenCounter::whoCountsNothingIsNotAsked()
{
    Bench bench;
    bench.setUp(u"openai"_s);
    const Target openAi = bench.setup.target(u"openai"_s, u"gpt-5"_s);
    QVERIFY(!bench.counter.canCount(openAi));
    const auto refused = ModelBench::awaited(bench.counter.count(question(), openAi));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::InputRejected);
    QVERIFY(bench.keys.origins().isEmpty());
    Target nobody = bench.target;
    nobody.model.clear();
    QVERIFY(!bench.counter.canCount(nobody));
    nobody.provider = u"nobody"_s;
    QVERIFY(!bench.counter.canCount(nobody));
}

void tst_TokenCounter::noKeyAsksNobody()
{
    Bench bench;
    bench.keys.fail(ErrorKind::KeyMissing);
    const auto refused = ModelBench::awaited(bench.counter.count(question(), bench.target));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::KeyMissing);
    QVERIFY(bench.server.requests().isEmpty());
}

//! The whole way, to a service that really counts.
void tst_TokenCounter::practiceCounts()
{
    ModelBench bench;
    SystemClock clock;
    SeededRandom random(3);
    PracticeProvider practice(clock, random);
    QVERIFY(practice.start());
    for (const ProviderInfo &row : practice.providers())
        bench.registry->add(row);
    const Account account = bench.setup.accountOf(u"practice-anthropic"_s);
    bench.keys.setKey(account.id, practice.token().revealCopy());
    TokenCounter counter(bench.transport, *bench.registry, bench.keys, bench.setup, bench.clock);
    const QString model = practice.controls().models().first().id;
    const Target target = bench.setup.target(u"practice-anthropic"_s, model);
    const auto brief = ModelBench::awaited(counter.count(question(), target));
    QVERIFY2(brief, brief ? "" : qPrintable(brief.error().detail));
    const auto longer =
        ModelBench::awaited(counter.count(question(u"How many words are in this?"_s), target));
    QVERIFY(longer);
    QVERIFY(brief->tokens > 0 && longer->tokens > brief->tokens);
}

QTEST_GUILESS_MAIN(tst_TokenCounter)
#include "tst_tokencounter.moc"
