#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "core/providers/ratelimits.h"

#include <QTest>

using core::HttpHeaders;
using core::RateLimit;
using core::ResetUnit;
using core::ResponseFacts;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(core::HttpHeaders)
Q_DECLARE_METATYPE(core::RateLimit)

class tst_RateLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyProtocolReadsItsOwn_data();
    void everyProtocolReadsItsOwn();
    void anthropicWaitsForTheLimitThatIsSpent_data();
    void anthropicWaitsForTheLimitThatIsSpent();
    void hostileNumbers_data();
    void hostileNumbers();
    void tightestLimitIsTheHint_data();
    void tightestLimitIsTheHint();
};

//! Headers as the wire pages record them.
void tst_RateLimits::everyProtocolReadsItsOwn_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<HttpHeaders>("headers");
    QTest::addColumn<RateLimit>("requests");
    QTest::addColumn<RateLimit>("tokens");
    const auto row = [](const char *name, const char *protocol, const HttpHeaders &headers,
                        const RateLimit &requests, const RateLimit &tokens) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << headers << requests << tokens;
    };
    const HttpHeaders openAi{
        {"x-ratelimit-limit-requests", "10000"},      {"x-ratelimit-remaining-requests", "9999"},
        {"x-ratelimit-reset-requests", "6ms"},        {"x-ratelimit-limit-tokens", "30000000"},
        {"x-ratelimit-remaining-tokens", "29999980"}, {"x-ratelimit-reset-tokens", "1m0s"}};
    const RateLimit openAiRequests{10'000, 9'999, 6ms, {}};
    const RateLimit openAiTokens{30'000'000, 29'999'980, 60s, {}};
    row("openai-chat", "openai-chat", openAi, openAiRequests, openAiTokens);
    row("openai-responses", "openai-responses", openAi, openAiRequests, openAiTokens);
    row("openai-reset-of-nothing", "openai-chat",
        {{"x-ratelimit-limit-requests", "60"},
         {"x-ratelimit-remaining-requests", "60"},
         {"x-ratelimit-reset-requests", "0s"}},
        {60, 60, {}, {}}, {});
    row("groq", "openai-chat",
        {{"x-ratelimit-limit-requests", "14400"},
         {"x-ratelimit-remaining-requests", "14370"},
         {"x-ratelimit-reset-requests", "2m59.56s"},
         {"x-ratelimit-limit-tokens", "18000"},
         {"x-ratelimit-remaining-tokens", "17997"},
         {"x-ratelimit-reset-tokens", "7.66s"}},
        {14'400, 14'370, 179'560ms, {}}, {18'000, 17'997, 7'660ms, {}});
    row("mistral", "openai-chat",
        {{"x-ratelimit-limit-req-10-second", "60"},
         {"x-ratelimit-remaining-req-10-second", "59"},
         {"x-ratelimit-limit-tokens-minute", "500000"},
         {"x-ratelimit-remaining-tokens-minute", "499990"},
         {"x-ratelimit-limit-tokens-month", "1000000000"}},
        {60, 59, {}, 10s}, {500'000, 499'990, {}, 1min});
    row("together", "openai-chat",
        {{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1"}},
        {60, 0, 1s, {}}, {});
    // OpenRouter and others: a time since 1970, counted from the answer's Date.
    const auto openRouter = [](const QByteArray &reset) {
        return HttpHeaders{{"date", "Mon, 30 Nov 2026 04:00:00 GMT"},
                           {"x-ratelimit-limit", "20"},
                           {"x-ratelimit-remaining", "0"},
                           {"x-ratelimit-reset", reset}};
    };
    row("openrouter", "openai-chat", openRouter("1796011203000"), {20, 0, 3s, {}}, {});
    row("reset-in-seconds-since-1970", "openai-chat", openRouter("1796011203"), {20, 0, 3s, {}},
        {});
    row("reset-is-past", "openai-chat", openRouter("1796011199000"), {20, 0, {}, {}}, {});
    row("reset-without-a-date", "openai-chat", {{"x-ratelimit-reset", "1796011203000"}}, {}, {});
    row("azure", "azure",
        {{"x-ratelimit-limit-requests", "120"},
         {"x-ratelimit-remaining-requests", "119"},
         {"x-ratelimit-reset-requests", "500"},
         {"x-ratelimit-limit-tokens", "120000"},
         {"x-ratelimit-remaining-tokens", "119986"},
         {"x-ratelimit-reset-tokens", "7"}},
        {120, 119, 500ms, {}}, {120'000, 119'986, 7ms, {}});
    row("azure-without-limits", "azure",
        {{"x-ratelimit-remaining-requests", "7"}, {"x-ratelimit-remaining-tokens", "1014"}},
        {{}, 7, {}, {}}, {{}, 1'014, {}, {}});
    row("anthropic", "anthropic",
        {{"date", "Mon, 23 Nov 2026 12:00:00 GMT"},
         {"anthropic-ratelimit-requests-limit", "50"},
         {"anthropic-ratelimit-requests-remaining", "49"},
         {"anthropic-ratelimit-requests-reset", "2026-11-23T12:00:01Z"},
         {"anthropic-ratelimit-tokens-limit", "60000"},
         {"anthropic-ratelimit-tokens-remaining", "60000"},
         {"anthropic-ratelimit-tokens-reset", "2026-11-23T12:00:00Z"},
         {"anthropic-ratelimit-input-tokens-limit", "50000"}},
        {50, 49, 1s, {}}, {60'000, 60'000, {}, {}});
    row("anthropic-input-only", "anthropic",
        {{"date", "Mon, 23 Nov 2026 12:00:00 GMT"},
         {"anthropic-ratelimit-input-tokens-limit", "50000"},
         {"anthropic-ratelimit-input-tokens-remaining", "0"},
         {"anthropic-ratelimit-input-tokens-reset", "2026-11-23T12:00:42Z"}},
        {}, {50'000, 0, 42s, {}});
    row("anthropic-without-a-date", "anthropic",
        {{"anthropic-ratelimit-requests-remaining", "49"},
         {"anthropic-ratelimit-requests-reset", "2026-11-23T12:00:01Z"}},
        {{}, 49, {}, {}}, {});
    row("cohere-trial", "cohere",
        {{"x-trial-endpoint-call-limit", "20"}, {"x-trial-endpoint-call-remaining", "19"}},
        {20, 19, {}, 1min}, {});
    row("cohere-paid", "cohere", {{"x-debug-trace-id", "t"}}, {}, {});
    row("gemini-has-none", "gemini", openAi, {}, {});
    row("bedrock-has-none", "bedrock", openAi, {}, {});
}

void tst_RateLimits::everyProtocolReadsItsOwn()
{
    QFETCH(const QString, protocol);
    QFETCH(const HttpHeaders, headers);
    QFETCH(const RateLimit, requests);
    QFETCH(const RateLimit, tokens);
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    const core::ProviderAdapter *adapter = registry->adapter(protocol);
    QVERIFY(adapter);
    const ResponseFacts facts = adapter->readHeaders(headers);
    QVERIFY(facts.requests == requests);
    QVERIFY(facts.tokens == tokens);
}

//! Where a refusal names no wait: seconds until each limit is whole, and what is left of it.
void tst_RateLimits::anthropicWaitsForTheLimitThatIsSpent_data()
{
    QTest::addColumn<QHash<QByteArray, int>>("left"); //!< Of 100.
    QTest::addColumn<int>("seconds");                 //!< 0: no hint.
    using Left = QHash<QByteArray, int>;
    QTest::newRow("requests") << Left{{"requests", 0}, {"tokens", 100}} << 1;
    QTest::newRow("tokens") << Left{{"requests", 99}, {"tokens", 0}} << 3;
    QTest::newRow("input-tokens") << Left{{"requests", 99}, {"tokens", 100}, {"input-tokens", 0}}
                                  << 6;
    QTest::newRow("output-tokens")
        << Left{{"requests", 99}, {"tokens", 100}, {"input-tokens", 50}, {"output-tokens", 2}}
        << 42;
    QTest::newRow("two-spent") << Left{{"output-tokens", 0}, {"requests", 0}} << 42;
    QTest::newRow("nothing-used") << Left{{"requests", 100}, {"input-tokens", 100}} << 0;
    QTest::newRow("nothing-said") << Left() << 0;
}

void tst_RateLimits::anthropicWaitsForTheLimitThatIsSpent()
{
    using Left = QHash<QByteArray, int>;
    QFETCH(const Left, left);
    QFETCH(const int, seconds);
    const QHash<QByteArray, QByteArray> resets{{"requests", "2026-11-23T12:00:01Z"},
                                               {"tokens", "2026-11-23T12:00:03Z"},
                                               {"input-tokens", "2026-11-23T12:00:06Z"},
                                               {"output-tokens", "2026-11-23T12:00:42Z"}};
    HttpHeaders headers{{"date", "Mon, 23 Nov 2026 12:00:00 GMT"}};
    for (auto it = left.begin(); it != left.end(); ++it) {
        const QByteArray name = "anthropic-ratelimit-" + it.key();
        headers.set(name + "-limit", "100");
        headers.set(name + "-remaining", QByteArray::number(it.value()));
        headers.set(name + "-reset", resets.value(it.key()));
    }
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    const core::ProviderAdapter *adapter = registry->adapter(QStringLiteral("anthropic"));
    const QByteArray body = R"({"error":{"type":"rate_limit_error"}})";
    const auto hint = adapter->readError(429, headers, body).retryAfter;
    QCOMPARE(hint.value_or(0ms), std::chrono::milliseconds(std::chrono::seconds(seconds)));
    headers.set("retry-after", "7");
    QCOMPARE(adapter->readError(429, headers, body).retryAfter,
             std::optional<std::chrono::milliseconds>(7s));
    QVERIFY(!adapter->readError(400, headers, body).retryAfter);
}

void tst_RateLimits::hostileNumbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("negative") << QByteArray("-1");
    QTest::newRow("not-a-number") << QByteArray("NaN");
    QTest::newRow("infinite") << QByteArray("inf");
    QTest::newRow("fraction") << QByteArray("1.5.7");
    QTest::newRow("hexadecimal") << QByteArray("0x10");
    QTest::newRow("too-long") << QByteArray(40, '9');
    QTest::newRow("five-megabytes") << QByteArray(5'000'000, '9');
    QTest::newRow("nul") << QByteArray("1\0", 2);
}

void tst_RateLimits::hostileNumbers()
{
    QFETCH(const QByteArray, text);
    const HttpHeaders headers{{"x-ratelimit-limit-requests", text},
                              {"x-ratelimit-remaining-requests", text},
                              {"x-ratelimit-reset-requests", text}};
    for (const ResetUnit unit : {ResetUnit::Seconds, ResetUnit::Milliseconds}) {
        ResponseFacts facts;
        core::readCommonLimits(headers, unit, facts);
        QVERIFY(facts.requests.isEmpty());
        QVERIFY(!core::resetHint(facts));
    }
    // The longest number that counts is still no wait of centuries.
    ResponseFacts facts;
    core::readCommonLimits({{"x-ratelimit-reset-requests", "999999999"}}, ResetUnit::Seconds,
                           facts);
    QCOMPARE(*facts.requests.reset, std::chrono::milliseconds(24h * 366));
    // Nor is it a time that anyone meant.
    core::readCommonLimits({{"date", "Mon, 30 Nov 2026 04:00:00 GMT"},
                            {"x-ratelimit-reset-requests", QByteArray(18, '9')}},
                           ResetUnit::Seconds, facts);
    QVERIFY(!facts.requests.reset);
}

void tst_RateLimits::tightestLimitIsTheHint_data()
{
    QTest::addColumn<RateLimit>("requests");
    QTest::addColumn<RateLimit>("tokens");
    QTest::addColumn<int>("hint"); // s; 0: none
    QTest::newRow("nothing") << RateLimit() << RateLimit() << 0;
    QTest::newRow("requests-spent")
        << RateLimit{60, 0, 5s, {}} << RateLimit{1'000, 900, 9s, {}} << 5;
    QTest::newRow("tokens-spent") << RateLimit{14'400, 14'000, 2min, {}}
                                  << RateLimit{18'000, 40, 7s, {}} << 7;
    QTest::newRow("spent-without-limits")
        << RateLimit{{}, 3, 2min, {}} << RateLimit{{}, 0, 7s, {}} << 7;
    QTest::newRow("only-resets") << RateLimit{{}, {}, 4s, {}} << RateLimit() << 4;
    QTest::newRow("spent-one-says-nothing")
        << RateLimit{60, 0, {}, {}} << RateLimit{1'000, 900, 9s, {}} << 9;
}

void tst_RateLimits::tightestLimitIsTheHint()
{
    QFETCH(const RateLimit, requests);
    QFETCH(const RateLimit, tokens);
    QFETCH(const int, hint);
    const auto wait = core::resetHint({{}, requests, tokens});
    QCOMPARE(wait.value_or(0s), std::chrono::milliseconds(std::chrono::seconds(hint)));
}

QTEST_GUILESS_MAIN(tst_RateLimits)
#include "tst_ratelimits.moc"
