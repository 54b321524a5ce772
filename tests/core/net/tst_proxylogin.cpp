#include "core/base/errortext.h"
#include "core/net/httptransport.h"
#include "core/net/urlpolicy.h"
#include "tests/core/net/exchangelog.h"
#include "tests/core/net/rawserver.h"
#include "tests/core/net/testcertificates.h"
#include "tests/core/net/tunnelproxy.h"
#include "tests/support/environmentvariable.h"
#include "tests/support/fakeclock.h"

#include <QPromise>
#include <QRegularExpression>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using tests::EnvironmentVariable;
using tests::ExchangeLog;
using tests::RawPeer;
using tests::RawServer;
using tests::TunnelProxy;

namespace {

const QByteArray Key = "canary-4f9d21c7";
const QByteArray User = "ada";
const QByteArray Password = "canary-password-83b1";

Error problem(ErrorKind kind, const QString &detail = {})
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    return error;
}

} // namespace

//! A proxy that wants a password, over real sockets.
class tst_ProxyLogin : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void rightPasswordGoesThrough();
    void wrongPasswordIsTriedOnce();
    void nothingToSay_data();
    void nothingToSay();
    void anotherProxyIsNotTold();
    void forgottenIsAskedAgain();
    void abortedWhileTheKeychainThinks();
    void slowKeychainIsWaitedFor();

private:
    void listen(const QByteArray &login);
    [[nodiscard]] HttpRequest post() const;
    void answer(const QString &proxy, const QByteArray &password);
    //! What proxy, log and error must not hold.
    void secretsStayed(const ExchangeLog &log) const;

    SystemClock m_clock;
    NetworkOptions m_options;
    tests::TestCertificates m_certificates;
    std::unique_ptr<RawServer> m_server; //!< As gate.example.
    std::unique_ptr<TunnelProxy> m_proxy;
    std::unique_ptr<EnvironmentVariable> m_lower, m_upper, m_none;
    std::unique_ptr<HttpTransport> m_transport;
    QStringList m_asked; //!< For the logins of which proxies.
};

void tst_ProxyLogin::initTestCase()
{
    QVERIFY2(m_certificates.make(), qPrintable(m_certificates.error()));
}

void tst_ProxyLogin::init()
{
    // Qt 6.8 tells that it replaces what it had kept of a proxy, as it should.
    QTest::failOnWarning(
        QRegularExpression(u"^(?!QNetworkAccessCache::addEntry: overriding active)"_s));
    m_asked.clear();
    m_server = std::make_unique<RawServer>(
        m_certificates.server(u"wrong-host"_s), // than 127.0.0.1: it is gate.example's
        [](RawPeer &peer) { peer.write(tests::httpAnswer(200, "ok")); });
    listen(User + ':' + Password);
    m_options.authorityFiles = {{u"https://gate.example"_s, m_certificates.authorityFile()}};
    m_transport = std::make_unique<HttpTransport>(m_clock, m_options);
}

void tst_ProxyLogin::cleanup()
{
    m_transport.reset();
    m_none.reset();
    m_lower.reset();
    m_upper.reset();
    m_proxy.reset();
    m_server.reset();
}

void tst_ProxyLogin::listen(const QByteArray &login)
{
    m_proxy = std::make_unique<TunnelProxy>(login, m_server->serverPort());
    m_upper = std::make_unique<EnvironmentVariable>("HTTPS_PROXY", QString());
    m_lower = std::make_unique<EnvironmentVariable>("https_proxy", m_proxy->url());
    m_none = std::make_unique<EnvironmentVariable>("no_proxy", QString());
}

HttpRequest tst_ProxyLogin::post() const
{
    return {"POST",
            QUrl(u"https://gate.example/v1/chat"_s),
            {{"Content-Type", "application/json"}, {"x-api-key", Key}},
            "{}"};
}

void tst_ProxyLogin::answer(const QString &proxy, const QByteArray &password)
{
    m_transport->setProxyLogins([this, proxy, password](const QString &asking) {
        m_asked += asking;
        return QtFuture::makeReadyFuture(Result<ProxyLogin>(
            ProxyLogin{proxy, QString::fromLatin1(User), SecretString(password)}));
    });
}

void tst_ProxyLogin::secretsStayed(const ExchangeLog &log) const
{
    for (const QByteArray &head : m_proxy->heads()) {
        QVERIFY2(head.startsWith("CONNECT gate.example:443 "), head.constData());
        QVERIFY2(!head.contains(Key), head.constData());
    }
    for (const RawPeer *peer : m_server->peers())
        QVERIFY(!peer->received().contains(Password) && !peer->received().contains("roxy-"));
    if (log.error)
        QVERIFY(!log.error->detail.contains(QString::fromLatin1(Password)));
}

void tst_ProxyLogin::rightPasswordGoesThrough()
{
    answer(m_proxy->address(), Password);
    for (int i = 0; i < 2; ++i) {
        const ExchangeLog log(m_transport->send(post(), {}, this));
        QTRY_VERIFY(log.isFinished());
        QVERIFY2(!log.error, qPrintable(log.error ? log.error->detail : QString()));
        QCOMPARE(log.events, (QStringList{u"sent"_s, u"headers"_s, u"body"_s, u"finished"_s}));
        QCOMPARE(log.body, "ok");
        secretsStayed(log);
    }
    QCOMPARE(m_asked, QStringList(m_proxy->address())); // the second went by the open connection
    QCOMPARE(m_proxy->withLogin(), 1);
    QCOMPARE(m_server->requestCount(), 2);
}

void tst_ProxyLogin::wrongPasswordIsTriedOnce()
{
    answer(m_proxy->address(), "canary-password-wrong");
    const ExchangeLog log(m_transport->send(post(), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->shouldRetry, std::optional(false));
    QVERIFY2(userText(*log.error).contains(u"refused the user name or the password"_s),
             qPrintable(userText(*log.error)));
    QVERIFY(userText(*log.error).contains(u"Settings, Network"_s));
    QCOMPARE(m_asked.size(), 1);
    QTest::qWait(50);
    QCOMPARE(m_proxy->withLogin(), 1);
    QCOMPARE(m_server->receivedBytes(), 0);
    secretsStayed(log);
}

void tst_ProxyLogin::nothingToSay_data()
{
    QTest::addColumn<bool>("hasSource");
    QTest::addColumn<Error>("error");
    QTest::addColumn<QString>("says");
    QTest::newRow("no-source") << false << Error() << u"asks for a user name and a password"_s;
    QTest::newRow("none-given") << true << problem(ErrorKind::KeyMissing)
                                << u"asks for a user name and a password"_s;
    QTest::newRow("keychain-locked")
        << true << problem(ErrorKind::KeyUnavailable, u"The keychain is locked."_s)
        << u"could not be read. The keychain is locked."_s;
}

void tst_ProxyLogin::nothingToSay()
{
    QFETCH(const bool, hasSource);
    QFETCH(const Error, error);
    QFETCH(const QString, says);
    if (hasSource)
        m_transport->setProxyLogins([&error](const QString &) {
            return QtFuture::makeReadyFuture(Result<ProxyLogin>(error));
        });
    const ExchangeLog log(m_transport->send(post(), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(log.error->kind, ErrorKind::ConnectionFailed);
    QCOMPARE(log.error->shouldRetry, std::optional(false));
    QVERIFY2(userText(*log.error).contains(says), qPrintable(userText(*log.error)));
    QCOMPARE(log.events, QStringList(u"finished"_s));
    QCOMPARE(m_proxy->withLogin(), 0);
    QCOMPARE(m_server->receivedBytes(), 0);
}

void tst_ProxyLogin::anotherProxyIsNotTold()
{
    answer(u"proxy.example:3128"_s, Password); // a careless source
    const ExchangeLog log(m_transport->send(post(), {}, this));
    QTRY_VERIFY(log.isFinished());
    QVERIFY(log.error);
    QCOMPARE(m_proxy->withLogin(), 0);
}

void tst_ProxyLogin::forgottenIsAskedAgain()
{
    answer(m_proxy->address(), Password);
    const ExchangeLog first(m_transport->send(post(), {}, this));
    QTRY_VERIFY(first.isFinished());
    QVERIFY(!first.error);
    m_transport->forgetProxyLogins();
    const ExchangeLog second(m_transport->send(post(), {}, this));
    QTRY_VERIFY(second.isFinished());
    QVERIFY(!second.error);
    QCOMPARE(m_asked.size(), 2);
}

void tst_ProxyLogin::abortedWhileTheKeychainThinks()
{
    QPromise<Result<ProxyLogin>> keychain;
    keychain.start();
    m_transport->setProxyLogins([&](const QString &proxy) {
        m_asked += proxy;
        return keychain.future();
    });
    HttpExchange *exchange = m_transport->send(post(), {}, this);
    const ExchangeLog log(exchange);
    QTRY_COMPARE(m_asked.size(), 1);
    exchange->abort();
    keychain.addResult(Result<ProxyLogin>(problem(ErrorKind::KeyMissing)));
    keychain.finish();
    QTest::qWait(50);
    QVERIFY(log.events.isEmpty());
    QCOMPARE(m_proxy->heads().size(), 1);
}

//! The time for connecting does not run while a person unlocks the keychain.
void tst_ProxyLogin::slowKeychainIsWaitedFor()
{
    QPromise<Result<ProxyLogin>> keychain;
    keychain.start();
    tests::FakeClock clock;
    HttpTransport transport(clock, m_options);
    transport.setProxyLogins([&](const QString &proxy) {
        m_asked += proxy;
        return keychain.future();
    });
    HttpExchange *exchange = transport.send(post(), {}, this);
    const ExchangeLog log(exchange);
    QTRY_COMPARE(m_asked.size(), 1);
    clock.advance(std::chrono::minutes(2));
    exchange->noteSleep(); // the lid was shut meanwhile
    clock.advance(std::chrono::minutes(2));
    QVERIFY(!log.isFinished());
    keychain.addResult(Result<ProxyLogin>(
        ProxyLogin{m_proxy->address(), QString::fromLatin1(User), SecretString(Password)}));
    keychain.finish();
    QTRY_VERIFY(log.isFinished());
    QVERIFY2(!log.error, qPrintable(log.error ? log.error->detail : QString()));
}

QTEST_GUILESS_MAIN(tst_ProxyLogin)
#include "tst_proxylogin.moc"
