#include "core/base/errortext.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "core/resilience/retrypolicy.h"
#include "tests/core/providers/errorcases.h"
#include "tests/support/recordings.h"

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <optional>

using core::ErrorKind;
using core::ProviderRegistry;

namespace {

using namespace Qt::StringLiterals;

//! Where \p protocol has its request id; empty: only the body has one.
QByteArray requestIdHeader(const QByteArray &protocol)
{
    static const QHash<QByteArray, QByteArray> headers{
        {"openai-chat", "x-request-id"}, {"openai-responses", "x-request-id"},
        {"anthropic", "request-id"},     {"bedrock", "x-amzn-requestid"},
        {"cohere", "x-debug-trace-id"},  {"azure", "apim-request-id"}};
    return headers.value(protocol);
}

constexpr std::pair<const char *, const char *> RecordedBodies[] = {
    {"openai/http-bodies.json", "openai-chat"},
    {"openai-compatible/http-bodies.json", "openai-chat"},
    {"anthropic/http.json", "anthropic"},
    {"gemini/http.json", "gemini"},
    {"cohere/http.json", "cohere"},
    {"bedrock/http.json", "bedrock"},
    {"azure/http-bodies.json", "azure"},
};

//! What each recorded error body is; one that is not named here fails.
const QHash<QString, ErrorKind> &recordedKinds()
{
    static const QHash<QString, ErrorKind> kinds{
        {u"invalid-api-key"_s, ErrorKind::AuthenticationFailed},
        {u"insufficient-quota"_s, ErrorKind::QuotaExhausted},
        {u"max-tokens-unsupported"_s, ErrorKind::InvalidRequest},
        {u"temperature-out-of-range"_s, ErrorKind::InvalidRequest},
        {u"code-null"_s, ErrorKind::InvalidRequest},
        {u"rate-limit-tpm"_s, ErrorKind::RateLimited},
        {u"request-too-large-tpm"_s, ErrorKind::InvalidRequest},
        {u"openrouter-429"_s, ErrorKind::RateLimited},
        {u"groq-tool-use-failed"_s, ErrorKind::InvalidRequest},
        {u"groq-model-not-found"_s, ErrorKind::ModelNotFound},
        {u"deepseek-400-octet-stream"_s, ErrorKind::InvalidRequest},
        {u"llamacpp-context-overflow"_s, ErrorKind::ContextLengthExceeded},
        {u"llamacpp-context-overflow-500"_s, ErrorKind::ContextLengthExceeded},
        {u"mistral-flat-error"_s, ErrorKind::AuthenticationFailed},
        {u"xai-string-error"_s, ErrorKind::AuthenticationFailed},
        {u"ollama-model-not-found"_s, ErrorKind::ModelNotFound},
        {u"fastapi-detail-error"_s, ErrorKind::InvalidRequest},
        {u"html-gateway-error"_s, ErrorKind::ServerError},
        {u"401-invalid-key"_s, ErrorKind::AuthenticationFailed},
        {u"400-context-length"_s, ErrorKind::ContextLengthExceeded},
        {u"400-invalid-request"_s, ErrorKind::InvalidRequest},
        {u"429-rate-limit"_s, ErrorKind::RateLimited},
        {u"529-overloaded"_s, ErrorKind::Overloaded},
        {u"400-invalid-key"_s, ErrorKind::AuthenticationFailed},
        {u"429-retryinfo"_s, ErrorKind::RateLimited},
        {u"400-location"_s, ErrorKind::PermissionDenied},
        {u"404-unknown-model"_s, ErrorKind::ModelNotFound},
        {u"503-overloaded"_s, ErrorKind::Overloaded},
        {u"400-too-many-tokens"_s, ErrorKind::ContextLengthExceeded},
        {u"429-trial"_s, ErrorKind::RateLimited},
        {u"deployment-not-found"_s, ErrorKind::ModelNotFound},
        {u"wrong-key-or-endpoint"_s, ErrorKind::AuthenticationFailed},
        {u"prompt-content-filter"_s, ErrorKind::ContentBlocked},
        {u"prompt-content-filter-variant"_s, ErrorKind::ContentBlocked},
        {u"rate-limit-token"_s, ErrorKind::RateLimited},
        {u"rate-limit-no-retry-after"_s, ErrorKind::RateLimited},
        {u"403-unrecognized-client"_s, ErrorKind::AuthenticationFailed},
        {u"400-unknown-model"_s, ErrorKind::ModelNotFound},
        {u"429-throttling"_s, ErrorKind::RateLimited},
        {u"403-signature"_s, ErrorKind::AuthenticationFailed},
        {u"400-count-tokens-unsupported"_s, ErrorKind::InvalidRequest},
    };
    return kinds;
}

} // namespace

Q_DECLARE_METATYPE(core::HttpHeaders)

//! An answer with an error status becomes one kind of failure, whatever its body holds.
class tst_ErrorClasses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void tables_data();
    void tables();
    void everyKindHasASentence();
    void recorded();
    void recordedExpectations_data();
    void recordedExpectations();
    void azureTellsTheWaitInWords_data();
    void azureTellsTheWaitInWords();
    void waits_data();
    void waits();
    void insideAStream_data();
    void insideAStream();
    void kindsInsideAStream_data();
    void kindsInsideAStream();
    void wholeAnswerThatIsNone();
    void requestIds();
    void azureNamesWhatWasFiltered_data();
    void azureNamesWhatWasFiltered();
    void namesTheParameter_data();
    void namesTheParameter();

private:
    std::optional<ProviderRegistry> m_registry;
};

void tst_ErrorClasses::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_ErrorClasses::tables_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const tests::ErrorCase &row : tests::errorCases())
        QTest::newRow(row.name) << index++;
}

void tst_ErrorClasses::tables()
{
    QFETCH(const int, index);
    const tests::ErrorCase &row = tests::errorCases()[std::size_t(index)];
    const core::ProviderAdapter *adapter = m_registry->adapter(QString::fromLatin1(row.protocol));
    QVERIFY(adapter);
    const core::Error error = adapter->readError(row.status, {}, row.body);
    QCOMPARE(core::errorCode(error.kind), core::errorCode(row.kind));
    QCOMPARE(error.httpStatus, row.status);

    // The same with what its head tells beside it.
    const QByteArray id = requestIdHeader(row.protocol);
    QVERIFY(!error.shouldRetry);
    core::HttpHeaders headers{{"retry-after", "7"}, {"x-should-retry", "false"}};
    if (!id.isEmpty())
        headers.set(id, "req_1");
    const core::Error told = adapter->readError(row.status, headers, row.body);
    QCOMPARE(core::errorCode(told.kind), core::errorCode(row.kind));
    QCOMPARE(told.shouldRetry, std::optional(false)); // the service's word beats the table
    QCOMPARE(told.requestId, id.isEmpty() ? QString() : u"req_1"_s);
    const bool waits = row.status == 408 || row.status == 409 || row.status == 429 ||
                       row.status >= 500 || row.kind == ErrorKind::Overloaded;
    QCOMPARE(told.retryAfter.has_value(), waits);
    if (waits)
        QCOMPARE(*told.retryAfter, std::chrono::milliseconds(7000));
    const QString sentence = core::userText(told);
    QVERIFY2(sentence.endsWith(u'.') && !sentence.contains(u'%'), qPrintable(sentence));
    if (!id.isEmpty())
        QCOMPARE(adapter->readHeaders(headers).requestId, u"req_1"_s);
}

//! One sentence a kind, no two alike, and whoever is at fault is named in it.
void tst_ErrorClasses::everyKindHasASentence()
{
    static const QSet<ErrorKind> ours{ErrorKind::ContextLengthExceeded, // the model's, by its size
                                      ErrorKind::InputRejected,         ErrorKind::BudgetExceeded,
                                      ErrorKind::StorageFailed,         ErrorKind::Cancelled,
                                      ErrorKind::AllTargetsFailed,      ErrorKind::Internal};
    QHash<QString, QString> codes; // by sentence
    for (int number = 0; number <= static_cast<int>(ErrorKind::Internal); ++number) {
        core::Error error;
        error.kind = static_cast<ErrorKind>(number);
        error.provider = u"Somebody"_s;
        const QString code = core::errorCode(error.kind);
        const QString sentence = core::userText(error);
        QVERIFY2(sentence.endsWith(u'.') && sentence.size() > 5, qPrintable(code));
        QVERIFY2(!sentence.contains(u'%'), qPrintable(code));
        QVERIFY2(sentence.contains(error.provider) != ours.contains(error.kind), qPrintable(code));
        QVERIFY2(!codes.contains(sentence), qPrintable(code + u" and "_s + codes.value(sentence)));
        codes.insert(sentence, code);
    }
}

void tst_ErrorClasses::recorded()
{
    FARTHING_NEED_RECORDINGS();
    QSet<QString> seen;
    for (const auto &[name, protocol] : RecordedBodies) {
        const core::ProviderAdapter *adapter = m_registry->adapter(QString::fromLatin1(protocol));
        QVERIFY(adapter);
        const QByteArray json = tests::Recordings::read(QString::fromLatin1(name));
        for (const QJsonValue &value : QJsonDocument::fromJson(json).array()) {
            const int status = value["status"_L1].toInt();
            if (status < 400)
                continue;
            const QString entry = value["name"_L1].toString();
            QVERIFY2(recordedKinds().contains(entry), qPrintable(entry));
            core::HttpHeaders headers;
            const QJsonObject recorded = value["headers"_L1].toObject();
            for (auto it = recorded.begin(); it != recorded.end(); ++it)
                headers.add(it.key().toUtf8(), it.value().toString().toUtf8());
            const core::Error error =
                adapter->readError(status, headers, value["body"_L1].toString().toUtf8());
            QVERIFY2(error.kind == recordedKinds().value(entry),
                     qPrintable(entry + QStringLiteral(": ") + core::errorCode(error.kind)));
            QVERIFY2(!error.detail.isEmpty(), qPrintable(entry));
            seen.insert(entry);
        }
    }
    QCOMPARE(seen.size(), recordedKinds().size());
}

//! What the recordings themselves say of each: its class, and the wait that its words name.
void tst_ErrorClasses::recordedExpectations_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QJsonObject>("recording");
    for (const auto &[name, protocol] : RecordedBodies) {
        const QByteArray json = tests::Recordings::read(QString::fromLatin1(name));
        for (const QJsonValue &value : QJsonDocument::fromJson(json).array()) {
            if (value["expect"_L1]["category"_L1].isUndefined())
                continue;
            const QString entry = value["name"_L1].toString();
            const bool isResponses = entry.contains(u"responses"_s);
            QTest::newRow(qPrintable(QString::fromLatin1(name).section(u'/', 0, 0) + u'-' + entry))
                << (isResponses ? u"openai-responses"_s : QString::fromLatin1(protocol))
                << value.toObject();
        }
    }
}

void tst_ErrorClasses::recordedExpectations()
{
    FARTHING_NEED_RECORDINGS();
    static const QHash<QString, ErrorKind> categories{
        {u"invalid_key"_s, ErrorKind::AuthenticationFailed},
        {u"quota_exhausted"_s, ErrorKind::QuotaExhausted},
        {u"rate_limit"_s, ErrorKind::RateLimited},
        {u"model_not_found"_s, ErrorKind::ModelNotFound},
        {u"bad_request"_s, ErrorKind::InvalidRequest},
        {u"request_too_large_for_tier"_s, ErrorKind::InvalidRequest},
        {u"context_length"_s, ErrorKind::ContextLengthExceeded},
        {u"content_policy"_s, ErrorKind::ContentBlocked},
        {u"server_error"_s, ErrorKind::ServerError}};
    QFETCH(const QString, protocol);
    QFETCH(const QJsonObject, recording);
    const core::ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    core::HttpHeaders headers;
    const QJsonObject recorded = recording["headers"_L1].toObject();
    for (auto it = recorded.begin(); it != recorded.end(); ++it)
        headers.add(it.key().toUtf8(), it.value().toString().toUtf8());
    const QByteArray body = recording["body"_L1].toString().toUtf8();
    const int status = recording["status"_L1].toInt();
    core::Error error;
    if (status >= 400) {
        error = adapter->readError(status, headers, body);
    } else {
        const auto decoder = adapter->makeDecoder(headers);
        const auto read = decoder->decode(body);
        const auto end = read ? decoder->finish() : read;
        QVERIFY(!end);
        error = end.error();
    }
    const QJsonObject expected = recording["expect"_L1].toObject();
    const QString category = expected["category"_L1].toString();
    QVERIFY2(categories.contains(category), qPrintable(category));
    QCOMPARE(core::errorCode(error.kind), core::errorCode(categories.value(category)));
    if (const QJsonValue again = expected["retryable"_L1]; again.isBool())
        QCOMPARE(core::isRetryable(error.kind), again.toBool());
    const QJsonValue wait = expected["wait_from_message_s"_L1];
    if (!wait.isUndefined())
        QCOMPARE(error.retryAfter.value_or(std::chrono::milliseconds(-1)),
                 std::chrono::seconds(wait.toInteger()));
}

void tst_ErrorClasses::azureTellsTheWaitInWords_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("seconds"); //!< -1: none.
    QTest::newRow("retry-after")
        << u"Requests have exceeded token rate limit. Please retry after 7 seconds."_s << 7;
    QTest::newRow("again-in") << u"Rate limit is exceeded. Try again in 2 seconds."_s << 2;
    QTest::newRow("one-second") << u"Please retry after 1 second."_s << 1;
    QTest::newRow("none") << u"Too many requests."_s << -1;
    QTest::newRow("no-number") << u"Please retry after some seconds."_s << -1;
}

void tst_ErrorClasses::azureTellsTheWaitInWords()
{
    QFETCH(const QString, message);
    QFETCH(const int, seconds);
    const QByteArray body =
        QJsonDocument(
            QJsonObject{{u"error"_s, QJsonObject{{u"code"_s, u"429"_s}, {u"message"_s, message}}}})
            .toJson();
    const core::Error error = m_registry->adapter(u"azure"_s)->readError(429, {}, body);
    QCOMPARE(core::errorCode(error.kind), core::errorCode(ErrorKind::RateLimited));
    QCOMPARE(error.retryAfter.has_value(), seconds >= 0);
    if (seconds >= 0)
        QCOMPARE(*error.retryAfter, std::chrono::milliseconds(std::chrono::seconds(seconds)));
}

//! What a refusal says about when to come again, beside the headers that every service may send.
void tst_ErrorClasses::waits_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<int>("status");
    QTest::addColumn<core::HttpHeaders>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<qint64>("milliseconds"); //!< -1: none.
    const auto row = [](const char *name, const char *protocol, int status,
                        const core::HttpHeaders &headers, const QByteArray &body,
                        qint64 milliseconds) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << status << headers << body
                            << milliseconds;
    };
    const auto openAi = [](const QByteArray &message) {
        return R"({"error":{"code":"rate_limit_exceeded","type":"tokens","message":")" + message +
               "\"}}";
    };
    row("openai-hours", "openai-responses", 429, {},
        openAi("Rate limit reached. Please try again in 114h18m0s. Visit https://a.b/c."),
        411'480'000);
    row("openai-fraction", "openai-chat", 429, {}, openAi("Please try again in 7m12.5s."), 432'500);
    row("openai-milliseconds", "openai-chat", 429, {}, openAi("try again in 26ms."), 26);
    row("openai-header-first", "openai-chat", 429, {{"retry-after", "3"}},
        openAi("Please try again in 20s."), 3000);
    row("openai-no-unit", "openai-chat", 429, {}, openAi("Please try again in 20"), -1);
    row("openai-in-words", "openai-chat", 429, {}, openAi("Please try again in a moment."), -1);
    row("azure-by-another-name", "openai-chat", 429, {},
        openAi("Requests have exceeded token rate limit. Please retry after 6 seconds."), 6000);
    row("github-models", "openai-chat", 429, {},
        openAi("Rate limit of 2 per 60s exceeded. Please wait 42 seconds before retrying."),
        42'000);
    // OpenRouter: a copy of headers that its edge may leave out, and its own member.
    const core::HttpHeaders date{{"date", "Mon, 30 Nov 2026 04:00:00 GMT"}};
    const auto openRouter = [](const QByteArray &metadata) {
        return R"({"error":{"code":429,"message":"m","metadata":{)" + metadata + "}}}";
    };
    row("openrouter-reset", "openai-chat", 429, date,
        openRouter(R"("headers":{"X-RateLimit-Limit":"20","X-RateLimit-Remaining":"0",)"
                   R"("X-RateLimit-Reset":"1796011203000"})"),
        3000);
    row("openrouter-reset-is-past", "openai-chat", 429, date,
        openRouter(R"("headers":{"X-RateLimit-Reset":"1796011199000"})"), -1);
    row("openrouter-no-date", "openai-chat", 429, {},
        openRouter(R"("headers":{"X-RateLimit-Reset":1796011203000})"), -1);
    row("openrouter-copied-wait", "openai-chat", 429, {},
        openRouter(R"("headers":{"Retry-After":"7"})"), 7000);
    row("openrouter-seconds", "openai-chat", 429, {}, openRouter(R"("retry_after_seconds":12)"),
        12'000);
    row("openrouter-wrong-types", "openai-chat", 429, date,
        openRouter(R"("headers":[1],"retry_after_seconds":{})"), -1);
    row("openrouter-in-flight", "openai-chat", 402, {{"retry-after", "3"}},
        openRouter(R"("limit_source":"openrouter_in_flight_budget")"), 3000);
    row("openrouter-no-credits", "openai-chat", 402, {{"retry-after", "3"}},
        openRouter(R"("limit_source":"openrouter_credits")"), -1);
    row("openai-never", "openai-chat", 429, {},
        openAi("Request too large: Limit 1, Requested 2. Please try again in 20s."), -1);
    const auto gemini = [](const QByteArray &word, const QByteArray &more) {
        return R"({"error":{"status":")" + word + R"(","details":[)" + more +
               R"({"retryDelay":"12.5s"}]}})";
    };
    row("gemini-rate", "gemini", 429, {}, gemini("RESOURCE_EXHAUSTED", {}), 12'500);
    row("gemini-overloaded", "gemini", 503, {}, gemini("UNAVAILABLE", {}), 12'500);
    row("gemini-of-the-day", "gemini", 429, {},
        gemini("RESOURCE_EXHAUSTED", R"({"violations":[{"quotaId":"RequestsPerDay"}]},)"), -1);
    row("gemini-in-words", "gemini", 429, {},
        R"({"error":{"status":"RESOURCE_EXHAUSTED","message":"Please retry in 48.94s."}})", 48'940);
    row("gemini-details-first", "gemini", 429, {},
        R"({"error":{"message":"Please retry in 48.9s.","details":[{"retryDelay":"2s"}]}})", 2000);
    const auto cohere = [](const QByteArray &reset) {
        return core::HttpHeaders{{"date", "Mon, 30 Nov 2026 04:00:00 GMT"},
                                 {"x-ratelimit-reset", reset}};
    };
    const QByteArray limited = R"({"message":"too many requests"})";
    row("cohere-reset", "cohere", 429, cohere("1796011215"), limited, 15'000);
    row("cohere-reset-of-a-page", "cohere", 503, cohere("1796011215"), "<html>", 15'000);
    row("cohere-reset-is-past", "cohere", 429, cohere("1796011199"), limited, -1);
    row("cohere-reset-is-no-time", "cohere", 429, cohere("999999999999999999"), limited, -1);
    row("cohere-no-date", "cohere", 429, {{"x-ratelimit-reset", "1796011215"}}, limited, -1);
    core::HttpHeaders both = cohere("1796011215");
    both.set("retry-after", "3");
    row("cohere-header-first", "cohere", 429, both, limited, 3000);
    row("cohere-bad-request", "cohere", 400, cohere("1796011215"), limited, -1);
}

void tst_ErrorClasses::waits()
{
    QFETCH(const QString, protocol);
    QFETCH(const int, status);
    QFETCH(const core::HttpHeaders, headers);
    QFETCH(const QByteArray, body);
    QFETCH(const qint64, milliseconds);
    const core::Error error = m_registry->adapter(protocol)->readError(status, headers, body);
    QCOMPARE(error.retryAfter ? qint64(error.retryAfter->count()) : -1, milliseconds);
}

//! The status is 200 there: the event alone tells.
void tst_ErrorClasses::insideAStream_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<qint64>("milliseconds"); //!< -1: none.
    QTest::newRow("gemini-only-a-text")
        << u"gemini"_s << QByteArray(R"({"error":"boom"})") << QString() << u"boom"_s << qint64(-1);
    QTest::newRow("gemini-with-a-wait")
        << u"gemini"_s
        << QByteArray(
               R"({"error":{"status":"UNAVAILABLE","message":"m","details":[{"retryDelay":"3s"}]}})")
        << u"UNAVAILABLE"_s << u"m"_s << qint64(3000);
    QTest::newRow("responses-with-a-wait")
        << u"openai-responses"_s
        << QByteArray(
               R"({"type":"error","code":"rate_limit_exceeded","message":"Try again in 1.5s."})")
        << u"rate_limit_exceeded"_s << u"Try again in 1.5s."_s << qint64(1500);
    QTest::newRow("openrouter-with-a-wait")
        << u"openai-chat"_s
        << QByteArray(
               R"({"error":{"code":429,"message":"m","metadata":{"retry_after_seconds":12}}})")
        << u"429"_s << u"m"_s << qint64(12'000);
    QTest::newRow("openrouter-in-a-choice")
        << u"openai-chat"_s
        << QByteArray(
               R"({"choices":[{"finish_reason":"error","error":{"code":429,"message":"Busy"}}]})")
        << u"429"_s << u"Busy"_s << qint64(-1);
    QTest::newRow("cohere-only-a-finish-reason")
        << u"cohere"_s
        << QByteArray(R"({"type":"message-end","delta":{"finish_reason":"TIMEOUT","usage":null}})")
        << u"TIMEOUT"_s << u"The answer ended with TIMEOUT."_s << qint64(-1);
    QTest::newRow("cohere-error-without-a-type")
        << u"cohere"_s
        << QByteArray(R"({"type":"message-end","delta":{"finish_reason":"ERROR","error":"boom"}})")
        << u"ERROR"_s << u"boom"_s << qint64(-1);
}

void tst_ErrorClasses::insideAStream()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, event);
    QFETCH(const QString, code);
    QFETCH(const QString, detail);
    QFETCH(const qint64, milliseconds);
    const auto decoder =
        m_registry->adapter(protocol)->makeDecoder({{"content-type", "text/event-stream"}});
    const auto events = decoder->decode("data: " + event + "\n\n");
    QVERIFY(!events);
    const core::Error &error = events.error();
    QCOMPARE(error.providerCode, code);
    QCOMPARE(error.detail, detail);
    QCOMPARE(error.retryAfter ? qint64(error.retryAfter->count()) : -1, milliseconds);
}

void tst_ErrorClasses::kindsInsideAStream_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QString>("kind");
    const auto row = [](const QByteArray &name, const char *protocol, const QByteArray &event,
                        ErrorKind kind) {
        QTest::newRow(name.constData())
            << QString::fromLatin1(protocol) << event << core::errorCode(kind);
    };
    row("responses-overloaded", "openai-responses",
        R"({"type":"error","error":{"type":"service_unavailable_error",)"
        R"("code":"server_is_overloaded","message":"m"}})",
        ErrorKind::Overloaded);
    row("responses-failed-overloaded", "openai-responses",
        R"({"type":"response.failed","response":{"status":"failed",)"
        R"("error":{"code":"server_is_overloaded","message":"m"}}})",
        ErrorKind::Overloaded);
    row("responses-cyber", "openai-responses",
        R"({"type":"error","error":{"type":"invalid_request","code":"cyber_policy"}})",
        ErrorKind::ContentBlocked);
    row("mistral-rate", "openai-chat",
        R"({"object":"error","type":"rate_limited","message":"m","code":"1300"})",
        ErrorKind::RateLimited);
    row("xai-rate", "openai-chat", R"({"code":"Some resource has been exhausted","error":"m"})",
        ErrorKind::RateLimited);
    row("xai-credits", "openai-chat",
        R"({"code":"Some resource has been exhausted",)"
        R"("error":"Your team has used all available credits"})",
        ErrorKind::QuotaExhausted);
    row("openrouter-choice-rate", "openai-chat",
        R"({"choices":[{"finish_reason":"error","error":{"code":429,"message":"m"}}]})",
        ErrorKind::RateLimited);
    row("openrouter-choice-busy", "openai-chat",
        R"({"choices":[{"error":{"code":529,"message":"m"},"delta":{}}]})", ErrorKind::Overloaded);
    row("unknown", "openai-chat", R"({"error":{"code":"new_word","message":"m"}})",
        ErrorKind::ServerError);
    // Every word of Responses' list, and the two that were seen beyond it.
    const std::pair<ErrorKind, QList<QByteArray>> ofResponses[] = {
        {ErrorKind::ServerError, {"server_error", "vector_store_timeout"}},
        {ErrorKind::RateLimited, {"rate_limit_exceeded"}},
        {ErrorKind::ContentBlocked,
         {"invalid_prompt", "bio_policy", "image_content_policy_violation"}},
        {ErrorKind::InvalidRequest,
         {"data_residency_mismatch", "invalid_image", "invalid_image_format",
          "invalid_base64_image", "invalid_image_url", "image_too_large", "image_too_small",
          "image_parse_error", "invalid_image_mode", "image_file_too_large",
          "unsupported_image_media_type", "empty_image_file", "failed_to_download_image",
          "image_file_not_found"}},
        {ErrorKind::QuotaExhausted, {"insufficient_quota"}},
        {ErrorKind::ContextLengthExceeded, {"context_length_exceeded"}}};
    for (const auto &[kind, words] : ofResponses) {
        for (const QByteArray &word : words)
            row("responses-failed-" + word, "openai-responses",
                R"({"type":"response.failed","response":{"status":"failed","error":{"code":")" +
                    word + R"(","message":"m"}}})",
                kind);
    }
    const std::pair<const char *, ErrorKind> ofAnthropic[] = {
        {"invalid_request_error", ErrorKind::InvalidRequest},
        {"authentication_error", ErrorKind::AuthenticationFailed},
        {"billing_error", ErrorKind::Billing},
        {"permission_error", ErrorKind::PermissionDenied},
        {"rate_limit_error", ErrorKind::RateLimited},
        {"api_error", ErrorKind::ServerError},
        {"timeout_error", ErrorKind::ServerError},
        {"overloaded_error", ErrorKind::Overloaded},
        {"error_of_tomorrow", ErrorKind::ServerError}};
    for (const auto &[type, kind] : ofAnthropic)
        row(QByteArray("anthropic-") + type, "anthropic",
            QByteArray(R"({"type":"error","error":{"type":")") + type + R"(","message":"m"}})",
            kind);
    const std::pair<const char *, ErrorKind> ofGemini[] = {
        {"INVALID_ARGUMENT", ErrorKind::InvalidRequest},
        {"PERMISSION_DENIED", ErrorKind::PermissionDenied},
        {"RESOURCE_EXHAUSTED", ErrorKind::RateLimited},
        {"CANCELLED", ErrorKind::ServerError},
        {"INTERNAL", ErrorKind::ServerError},
        {"UNAVAILABLE", ErrorKind::Overloaded},
        {"DEADLINE_EXCEEDED", ErrorKind::ServerError}};
    for (const auto &[status, kind] : ofGemini)
        row(QByteArray("gemini-") + status, "gemini",
            QByteArray(R"({"error":{"status":")") + status + R"(","message":"m"}})", kind);
}

void tst_ErrorClasses::kindsInsideAStream()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, event);
    QFETCH(const QString, kind);
    const auto decoder =
        m_registry->adapter(protocol)->makeDecoder({{"content-type", "text/event-stream"}});
    const auto events = decoder->decode("data: " + event + "\n\n");
    QVERIFY(!events);
    QCOMPARE(core::errorCode(events.error().kind), kind);
}

//! What it says instead is shown.
void tst_ErrorClasses::wholeAnswerThatIsNone()
{
    const core::ProviderAdapter *adapter = m_registry->adapter(u"openai-chat"_s);
    const auto detailOf = [adapter](const QByteArray &body) {
        const auto decoder = adapter->makeDecoder({{"content-type", "application/json"}});
        const auto read = decoder->decode(body);
        const auto end = read ? decoder->finish() : read;
        return end ? QString() : end.error().detail;
    };
    QCOMPARE(detailOf(R"({"detail":"Not here"})"), u"Not here"_s);
    QCOMPARE(detailOf(R"({"message":"m"})"), u"m"_s);
    QCOMPARE(detailOf(R"({"object":"list"})"), u"The answer has no choices."_s);
}

//! The request id is the one thing that Azure tells in a header of its own.
void tst_ErrorClasses::requestIds()
{
    const core::HttpHeaders headers{{"apim-request-id", "ap1"}};
    for (const QString &protocol : {u"azure"_s, u"openai-chat"_s}) {
        const core::ProviderAdapter *adapter = m_registry->adapter(protocol);
        QCOMPARE(adapter->readError(404, headers, "{}").requestId, u"ap1"_s);
        QCOMPARE(adapter->readHeaders(headers).requestId, u"ap1"_s);
    }
    const core::HttpHeaders generation{{"x-generation-id", "gen-1"}}; // OpenRouter
    const core::ProviderAdapter *chat = m_registry->adapter(u"openai-chat"_s);
    QCOMPARE(chat->readError(429, generation, "{}").requestId, u"gen-1"_s);
    QCOMPARE(chat->readHeaders(generation).requestId, u"gen-1"_s);
    // Anthropic and Cohere repeat theirs in the body, for where the head does not come through.
    QCOMPARE(
        m_registry->adapter(u"anthropic"_s)->readError(500, {}, R"({"request_id":"r1"})").requestId,
        u"r1"_s);
    QCOMPARE(m_registry->adapter(u"cohere"_s)->readError(500, {}, R"({"id":"r2"})").requestId,
             u"r2"_s);
}

void tst_ErrorClasses::azureNamesWhatWasFiltered_data()
{
    QTest::addColumn<QByteArray>("inside");
    QTest::addColumn<QString>("begins");
    const QByteArray results = R"({"hate":{"filtered":true,"severity":"high"},)"
                               R"("violence":{"filtered":false,"severity":"safe"},)"
                               R"("self_harm":{"filtered":"yes"},"sexual":7,)"
                               R"("jailbreak":{"filtered":true,"detected":true}})";
    const QString found = u"Filtered: hate (high), jailbreak. m"_s;
    QTest::newRow("innererror") << R"("innererror":{"content_filter_result":)" + results + '}'
                                << found;
    QTest::newRow("inner_error") << R"("inner_error":{"content_filter_results":)" + results + '}'
                                 << found;
    QTest::newRow("bare") << R"("content_filter_results":)" + results << found;
    QTest::newRow("nothing-named") << QByteArray(R"("innererror":{"code":"x"})") << u"m"_s;
    QTest::newRow("another-type") << QByteArray(R"("innererror":[7])") << u"m"_s;
}

void tst_ErrorClasses::azureNamesWhatWasFiltered()
{
    QFETCH(const QByteArray, inside);
    QFETCH(const QString, begins);
    const QByteArray body =
        R"({"error":{"code":"content_filter","message":"m","param":"prompt",)" + inside + "}}";
    const core::Error error = m_registry->adapter(u"azure"_s)->readError(400, {}, body);
    QCOMPARE(core::errorCode(error.kind), core::errorCode(ErrorKind::ContentBlocked));
    QCOMPARE(error.detail, begins);
}

//! Some words leave out what they object to, and name it beside.
void tst_ErrorClasses::namesTheParameter_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, int status, const QByteArray &error,
                        const QString &detail) {
        QTest::newRow(name) << status << R"({"error":{)" + error + "}}" << detail;
    };
    row("beside-the-words", 400, R"("code":null,"message":"Not with this model.","param":"tools")",
        u"Not with this model. (tools)"_s);
    row("in-the-words", 400, R"("message":"Unsupported: 'max_tokens'","param":"max_tokens")",
        u"Unsupported: 'max_tokens'"_s);
    row("no-words", 422, R"("code":"invalid_value","param":"top_p")", u"(top_p)"_s);
    row("no-parameter", 400, R"("message":"m","param":null)", u"m"_s);
    row("another-type", 400, R"("message":"m","param":[7])", u"m"_s);
    row("of-another-class", 401, R"("message":"m","param":"key")", u"m"_s);
}

void tst_ErrorClasses::namesTheParameter()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, error);
    QFETCH(const QString, detail);
    for (const QString &protocol : {u"openai-chat"_s, u"openai-responses"_s, u"azure"_s})
        QCOMPARE(m_registry->adapter(protocol)->readError(status, {}, error).detail, detail);
}

QTEST_GUILESS_MAIN(tst_ErrorClasses)
#include "tst_errorclasses.moc"
