#include "app/engine.h"
#include "core/client/accountnotes.h"
#include "core/client/accountsetup.h"
#include "tests/core/net/rawserver.h"
#include "tests/core/net/testcertificates.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using tests::RawPeer;
using tests::RawServer;

namespace {

void answerModels(RawPeer &peer)
{
    peer.write(tests::httpAnswer(200, R"({"object":"list","data":[{"id":"m","object":"model"}]})",
                                 "Content-Type: application/json\r\n"));
}

} // namespace

//! From the account to the socket: a private authority belongs to one endpoint.
class tst_Authorities : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void eachAccountHasItsOwn();
    void laterAddressIsAnotherEndpoint();
    void oldOneBecomesThatOfTheAccountsInUse();
    void oldOneWaitsForAnAccount();
    void thatOfARunIsForNamedTargets();

private:
    [[nodiscard]] std::unique_ptr<app::Engine> engine(const QStringList &overrides = {},
                                                      const QList<app::TargetSpec> &named = {});
    [[nodiscard]] static std::optional<ErrorKind> failureOf(app::Engine &engine,
                                                            const QString &provider);

    tests::TestCertificates m_certificates;
    std::unique_ptr<QTemporaryDir> m_directory;
    const QString m_custom = u"custom"_s;
    const QString m_vllm = u"vllm"_s;
};

void tst_Authorities::initTestCase()
{
    QVERIFY2(m_certificates.make(), qPrintable(m_certificates.error()));
}

void tst_Authorities::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support).*"_s));
    m_directory = std::make_unique<QTemporaryDir>();
}

//! The keychain is never opened; all else is as it is.
std::unique_ptr<app::Engine> tst_Authorities::engine(const QStringList &overrides,
                                                     const QList<app::TargetSpec> &named)
{
    app::EngineOptions options;
    options.profile = app::Profile::below(m_directory->path());
    options.demo = true;
    options.overrides = overrides;
    options.named = named;
    auto created = app::Engine::create(options);
    if (!created)
        qFatal("%s", qPrintable(created.error().detail));
    return std::move(created).value();
}

//! Why \p provider does not tell its models; nothing: it does.
std::optional<ErrorKind> tst_Authorities::failureOf(app::Engine &engine, const QString &provider)
{
    const auto answer = engine.modelLists().list(provider);
    if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 30'000))
        return ErrorKind::Timeout;
    const auto models = answer.result();
    return models ? std::nullopt : std::optional(models.error().kind);
}

void tst_Authorities::eachAccountHasItsOwn()
{
    const QSslConfiguration tls = m_certificates.server(u"good"_s);
    RawServer first(tls, answerModels);
    RawServer second(tls, answerModels);
    const auto running = engine();
    QVERIFY(running->accounts().setBaseUrl(m_custom, first.url(u"/v1"_s).toString()));
    QVERIFY(running->accounts().setBaseUrl(m_vllm, second.url(u"/v1"_s).toString()));
    running->accountNotes().setAuthorityFile(m_custom, m_certificates.authorityFile());
    QCOMPARE(failureOf(*running, m_custom), std::nullopt);
    QCOMPARE(failureOf(*running, m_vllm), std::optional(ErrorKind::TlsFailed));
    QCOMPARE(second.receivedBytes(), 0);
    running->accountNotes().setAuthorityFile(m_custom, {});
    QCOMPARE(failureOf(*running, m_custom), std::optional(ErrorKind::TlsFailed));
}

void tst_Authorities::laterAddressIsAnotherEndpoint()
{
    const QSslConfiguration tls = m_certificates.server(u"good"_s);
    RawServer first(tls, answerModels);
    RawServer second(tls, answerModels);
    {
        const auto running = engine();
        QVERIFY(running->accounts().setBaseUrl(m_custom, first.url(u"/v1"_s).toString()));
        running->accountNotes().setAuthorityFile(m_custom, m_certificates.authorityFile());
    }
    const auto running = engine(); // it was kept, and goes along with the account's address
    QCOMPARE(failureOf(*running, m_custom), std::nullopt);
    QVERIFY(running->accounts().setBaseUrl(m_custom, second.url(u"/v1"_s).toString()));
    QVERIFY(running->accounts().setBaseUrl(m_vllm, first.url(u"/v1"_s).toString()));
    QCOMPARE(failureOf(*running, m_custom), std::nullopt);
    QCOMPARE(failureOf(*running, m_vllm), std::optional(ErrorKind::TlsFailed));
}

void tst_Authorities::oldOneBecomesThatOfTheAccountsInUse()
{
    const QString own = u"/etc/own.pem"_s;
    {
        const auto running = engine();
        QVERIFY(running->settings().setValue(settings::CaFile, u"/etc/old.pem"_s));
        QVERIFY(running->accounts().setBaseUrl(m_custom, u"https://gate.example/v1"_s));
        QVERIFY(running->accounts().setBaseUrl(u"groq"_s, u"https://other.example/v1"_s));
        QVERIFY(running->accounts().setBaseUrl(m_vllm, u"http://127.0.0.1:1/v1"_s));
        running->accountNotes().setAuthorityFile(u"groq"_s, own);
    }
    const auto running = engine();
    QCOMPARE(running->accountNotes().authorityFile(m_custom), u"/etc/old.pem"_s);
    QCOMPARE(running->accountNotes().authorityFile(u"groq"_s), own);
    QCOMPARE(running->accountNotes().authorityFile(m_vllm), QString()); // has no use for one
    QCOMPARE(running->accountNotes().authorityFile(u"xai"_s), QString());
    QVERIFY(running->settings().value(settings::CaFile).isEmpty());
}

void tst_Authorities::oldOneWaitsForAnAccount()
{
    QVERIFY(engine()->settings().setValue(settings::CaFile, u"/etc/old.pem"_s));
    const auto running = engine();
    QVERIFY(running->accountNotes().authorityFiles().isEmpty());
    QCOMPARE(running->settings().value(settings::CaFile), u"/etc/old.pem"_s);
}

void tst_Authorities::thatOfARunIsForNamedTargets()
{
    const QSslConfiguration tls = m_certificates.server(u"good"_s);
    RawServer first(tls, answerModels);
    RawServer second(tls, answerModels);
    const auto running = engine({u"network/caFile="_s + m_certificates.authorityFile()},
                                {{m_custom, u"m"_s, first.url(u"/v1"_s).toString()}});
    QVERIFY(running->accounts().setBaseUrl(m_custom, first.url(u"/v1"_s).toString()));
    QVERIFY(running->accounts().setBaseUrl(m_vllm, second.url(u"/v1"_s).toString()));
    QCOMPARE(failureOf(*running, m_custom), std::nullopt);
    QCOMPARE(failureOf(*running, m_vllm), std::optional(ErrorKind::TlsFailed));
    QVERIFY(running->accountNotes().authorityFiles().isEmpty()); // nothing is kept of it
}

QTEST_GUILESS_MAIN(tst_Authorities)
#include "tst_authorities.moc"
