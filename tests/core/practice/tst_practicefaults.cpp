#include "core/net/sigv4.h"

#include <QTest>

#include "wirebench.h"

using namespace Qt::StringLiterals;
using core::ErrorKind;
using core::PracticeFault;
using tests::FirstTokenCount;
using tests::FirstTokens;
using tests::Received;
using tests::WireBench;
using tests::WireCall;

namespace {

//! What a refusal looks like, from the service's side and from the client's.
struct Refusal
{
    int status;
    ErrorKind kind;
};

} // namespace

//! Every protocol of the practice provider against the client's own adapter for it: what fails.
class tst_PracticeFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(); }
    void refusals_data();
    void refusals();
    void waitIsTold_data() { WireBench::eachProtocol(); }
    void waitIsTold();
    void faultsInTheStream_data();
    void faultsInTheStream();
    void stalls_data() { WireBench::eachProtocol(); }
    void stalls();
    void silenceBeforeTheHead_data() { WireBench::eachProtocol(); }
    void silenceBeforeTheHead();
    void wrongKeys_data() { WireBench::eachProtocol(); }
    void wrongKeys();
    void badRequests_data() { WireBench::eachProtocol(); }
    void badRequests();
    void unknownModels_data() { WireBench::eachProtocol(); }
    void unknownModels();
    void unknownPaths_data() { WireBench::eachProtocol(); }
    void unknownPaths();
    void signedRequestsAreVerified_data();
    void signedRequestsAreVerified();

private:
    std::unique_ptr<WireBench> m_bench;
};

void tst_PracticeFaults::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_bench = std::make_unique<WireBench>();
}

void tst_PracticeFaults::refusals_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<PracticeFault>("fault");
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    struct Case
    {
        const char *name;
        PracticeFault fault;
        //! In the order of the protocols below.
        std::array<Refusal, 7> refusals;
    };
    constexpr std::array<const char *, 7> Providers{
        "practice",        "practice-openai", "practice-anthropic", "practice-google",
        "practice-cohere", "practice-azure",  "practice-bedrock"};
    constexpr auto Limited = ErrorKind::RateLimited;
    constexpr auto Quota = ErrorKind::QuotaExhausted;
    constexpr auto Overloaded = ErrorKind::Overloaded;
    constexpr auto Server = ErrorKind::ServerError;
    constexpr auto Key = ErrorKind::AuthenticationFailed;
    const Case cases[] = {
        {"rate-limited",
         PracticeFault::RateLimited,
         {{{429, Limited},
           {429, Limited},
           {429, Limited},
           {429, Limited},
           {429, Limited},
           {429, Limited},
           {429, Limited}}}},
        {"quota",
         PracticeFault::QuotaExhausted,
         {{{429, Quota},
           {429, Quota},
           {402, ErrorKind::Billing},
           {429, Quota},
           {429, Quota},
           {429, Quota},
           {400, Quota}}}},
        {"overloaded",
         PracticeFault::Overloaded,
         {{{503, Overloaded},
           {503, Overloaded},
           {529, Overloaded},
           {503, Overloaded},
           {503, Overloaded},
           {503, Overloaded},
           {503, Overloaded}}}},
        {"server-error",
         PracticeFault::ServerError,
         {{{500, Server},
           {500, Server},
           {500, Server},
           {500, Server},
           {500, Server},
           {500, Server},
           {500, Server}}}},
        {"wrong-key",
         PracticeFault::WrongKey,
         {{{401, Key}, {401, Key}, {401, Key}, {400, Key}, {401, Key}, {401, Key}, {403, Key}}}},
    };
    for (const Case &each : cases) {
        for (std::size_t i = 0; i < Providers.size(); ++i)
            QTest::addRow("%s-%s", Providers[i], each.name)
                << QString::fromLatin1(Providers[i]) << each.fault << each.refusals[i].status
                << each.refusals[i].kind;
    }
}

void tst_PracticeFaults::refusals()
{
    QFETCH(const QString, provider);
    QFETCH(const PracticeFault, fault);
    m_bench->fail(fault);
    const Received received = m_bench->ask(provider);
    QTEST(received.status, "status");
    QVERIFY(received.error.has_value());
    QFETCH(const ErrorKind, kind);
    QCOMPARE(core::errorCode(received.error->kind), core::errorCode(kind));
    QVERIFY2(received.error->detail.contains("as you asked"_L1),
             qPrintable(received.error->detail));
    QVERIFY(received.events.isEmpty());
}

void tst_PracticeFaults::waitIsTold()
{
    QFETCH(const QString, provider);
    m_bench->fail(PracticeFault::RateLimited);
    const Received told = m_bench->ask(provider);
    const bool isSilent = provider == "practice-bedrock"_L1; // it never says
    QCOMPARE(told.error->retryAfter,
             isSilent ? std::nullopt : std::optional(std::chrono::milliseconds(7000)));
    QCOMPARE(told.headers.contains("retry-after"),
             !isSilent && provider != "practice-google"_L1); // says it in the body
    m_bench->practice.controls().setFault({}, {PracticeFault::RateLimited, {}, {}, 0});
    QVERIFY(!m_bench->ask(provider).error->retryAfter);
}

void tst_PracticeFaults::faultsInTheStream_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<PracticeFault>("fault");
    QTest::addColumn<QList<ErrorKind>>("kinds");
    const std::pair<const char *, ErrorKind> errors[] = {
        {"practice", ErrorKind::Overloaded},           {"practice-openai", ErrorKind::Overloaded},
        {"practice-anthropic", ErrorKind::Overloaded}, {"practice-google", ErrorKind::Overloaded},
        {"practice-cohere", ErrorKind::ServerError}, // ERROR, and not why
        {"practice-azure", ErrorKind::ServerError},  // a code that no status explains
        {"practice-bedrock", ErrorKind::Overloaded},
    };
    for (const auto &[provider, kind] : errors) {
        const QString id = QString::fromLatin1(provider);
        QTest::addRow("%s-error", provider)
            << id << PracticeFault::ErrorInStream << QList<ErrorKind>{kind};
        QTest::addRow("%s-close", provider)
            << id << PracticeFault::CloseInStream << QList<ErrorKind>{ErrorKind::Truncated};
        // Qt may call a broken body a good one: then only the decoder knows.
        QTest::addRow("%s-reset", provider)
            << id << PracticeFault::ResetInStream
            << QList<ErrorKind>{ErrorKind::Truncated, ErrorKind::ConnectionFailed};
    }
}

void tst_PracticeFaults::faultsInTheStream()
{
    QFETCH(const QString, provider);
    QFETCH(const PracticeFault, fault);
    QFETCH(const QList<ErrorKind>, kinds);
    m_bench->fail(fault);
    const Received received = m_bench->ask(provider);
    QCOMPARE(received.status, 200);
    QCOMPARE(received.text(), FirstTokens);
    QVERIFY(received.error.has_value());
    QVERIFY2(kinds.contains(received.error->kind),
             qPrintable(core::errorCode(received.error->kind)));
    QVERIFY(!received.finish());
    if (fault == PracticeFault::ErrorInStream)
        QVERIFY2(received.error->detail.startsWith("Overloaded, as you asked"_L1),
                 qPrintable(received.error->detail));
}

void tst_PracticeFaults::stalls()
{
    QFETCH(const QString, provider);
    m_bench->fail(PracticeFault::StallInStream);
    WireCall call(m_bench->transport, m_bench->adapter(provider),
                  m_bench->request(provider, u"practice-fast"_s));
    QTRY_COMPARE(call.received().text(), FirstTokens);
    QVERIFY(!call.isFinished());
    call.abort();
    m_bench->practice.controls().clearFaults();
    QVERIFY(m_bench->ask(provider).finish().has_value()); // the server goes on serving
}

void tst_PracticeFaults::silenceBeforeTheHead()
{
    QFETCH(const QString, provider);
    m_bench->fail(PracticeFault::StallBeforeHead);
    core::HttpDeadlines deadlines;
    deadlines.firstByte = std::chrono::milliseconds(100);
    const Received received =
        m_bench->send(provider, m_bench->request(provider, u"practice-fast"_s), deadlines);
    QCOMPARE(received.status, 0);
    QVERIFY(received.error.has_value());
    QCOMPARE(core::errorCode(received.error->kind), core::errorCode(ErrorKind::Timeout));
}

void tst_PracticeFaults::wrongKeys()
{
    QFETCH(const QString, provider);
    for (const QByteArray &key : {QByteArray("wrong"), QByteArray()}) {
        m_bench->key = core::SecretString(key);
        const Received received = m_bench->ask(provider);
        QVERIFY(received.error.has_value());
        QCOMPARE(core::errorCode(received.error->kind),
                 core::errorCode(ErrorKind::AuthenticationFailed));
        QVERIFY(!received.body.contains(m_bench->practice.token().revealCopy()));
    }
}

void tst_PracticeFaults::badRequests()
{
    QFETCH(const QString, provider);
    for (const QByteArray &body : {QByteArray("{"), QByteArray("{}"), QByteArray("[1]")}) {
        core::HttpRequest broken = m_bench->request(provider, u"practice-fast"_s);
        broken.body = body;
        const Received received = m_bench->send(provider, broken);
        QCOMPARE(received.status, 400);
        QCOMPARE(core::errorCode(received.error->kind), core::errorCode(ErrorKind::InvalidRequest));
        QVERIFY(!received.error->detail.isEmpty());
    }
    core::ChatOptions none;
    none.maxOutputTokens = 0;
    const Received received = m_bench->ask(provider, u"practice-fast"_s, none);
    QCOMPARE(received.status, 400);
    QCOMPARE(core::errorCode(received.error->kind), core::errorCode(ErrorKind::InvalidRequest));
}

void tst_PracticeFaults::unknownModels()
{
    QFETCH(const QString, provider);
    const Received received = m_bench->ask(provider, u"someone-else's"_s);
    QCOMPARE(received.status, provider == "practice-bedrock"_L1 ? 400 : 404);
    QCOMPARE(core::errorCode(received.error->kind), core::errorCode(ErrorKind::ModelNotFound));
    QVERIFY2(received.error->detail.contains("someone-else's"_L1),
             qPrintable(received.error->detail));
}

void tst_PracticeFaults::unknownPaths()
{
    QFETCH(const QString, provider);
    const Received received =
        m_bench->send(provider, m_bench->plain(provider, "POST", u"/v9/sing"_s, "{}"));
    QCOMPARE(received.status, 404);
    QVERIFY(received.error->detail.contains("has no POST here"_L1));
}

void tst_PracticeFaults::signedRequestsAreVerified_data()
{
    QTest::addColumn<QByteArray>("secret"); // empty: the token
    QTest::addColumn<QByteArray>("body");   // empty: as it was signed
    QTest::addColumn<int>("minutesLate");
    QTest::addColumn<int>("status");
    QTest::newRow("right") << QByteArray() << QByteArray() << 0 << 200;
    QTest::newRow("wrong-secret") << QByteArray("practice-0123") << QByteArray() << 0 << 403;
    QTest::newRow("other-body")
        << QByteArray()
        << QByteArray(R"({"messages":[{"role":"user","content":[{"text":"Send money"}]}]})") << 0
        << 403;
    QTest::newRow("old") << QByteArray() << QByteArray() << 6 << 403;
}

void tst_PracticeFaults::signedRequestsAreVerified()
{
    QFETCH(const QByteArray, secret);
    QFETCH(const QByteArray, body);
    QFETCH(const int, minutesLate);
    const core::AwsCredentials keys{
        "AKIAPRACTICE00000000", secret.isEmpty() ? m_bench->key : core::SecretString(secret), {}};
    m_bench->key = core::SecretString(keys.accessKeyId + ':' + keys.secretAccessKey.revealCopy());
    core::HttpRequest asked = m_bench->request(u"practice-bedrock"_s, u"practice-fast"_s);
    QVERIFY(asked.headers.value("authorization").startsWith("AWS4-HMAC-SHA256 "));
    if (minutesLate > 0) {
        core::HttpRequest late = m_bench->plain(u"practice-bedrock"_s, "POST", {}, asked.body);
        late.url = asked.url;
        late.headers = {{"content-type", "application/json"}};
        const auto now = m_bench->now();
        core::sign(late, keys, {"us-east-1", "bedrock", now - std::chrono::minutes(minutesLate)});
        asked = late;
    }
    if (!body.isEmpty())
        asked.body = body;
    const Received received = m_bench->send(u"practice-bedrock"_s, asked);
    QTEST(received.status, "status");
    if (received.status == 200)
        QVERIFY(received.text().startsWith(FirstTokens));
    else
        QCOMPARE(core::errorCode(received.error->kind),
                 core::errorCode(ErrorKind::AuthenticationFailed));
}

QTEST_GUILESS_MAIN(tst_PracticeFaults)
#include "tst_practicefaults.moc"
