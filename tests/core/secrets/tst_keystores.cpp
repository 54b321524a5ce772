#include "core/secrets/accountkeystore.h"
#include "core/secrets/keychainkeystore.h"
#include "tests/support/fakeclock.h"

#include <qt6keychain/keychain.h>
#include <QTest>

using namespace std::chrono_literals;
using core::Account;
using core::ErrorKind;
using core::KeySource;
using core::SecretString;

namespace {

const QString Home = QStringLiteral("https://api.example.com");
const QString Elsewhere = QStringLiteral("https://evil.example.net");

Account accountOf(std::int64_t id, KeySource source)
{
    Account account;
    account.id = id;
    account.provider = QStringLiteral("example");
    account.keySource = source;
    account.keyOrigin = Home;
    return account;
}

template <typename T>
core::Result<T> await(QFuture<core::Result<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 10'000))
        qFatal("a key store did not answer");
    return future.result();
}

//! Never answers: a keychain that hangs.
class Hanging final : public core::KeyStore
{
public:
    QFuture<core::Result<SecretString>> read(const Account &, const QString &) override
    {
        return m_promise.future();
    }
    QFuture<core::Result<core::Done>> write(const Account &, const QString &,
                                            const SecretString &) override
    {
        return {};
    }
    QFuture<core::Result<core::Done>> remove(const Account &, const QString &) override
    {
        return {};
    }

private:
    QPromise<core::Result<SecretString>> m_promise;
};

} // namespace

class tst_KeyStores : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sessionKeysAreBoundToTheirOrigin();
    void environmentKeyGoesOnlyWhereItMay();
    void environmentKeyInParts();
    void environmentFirstForVerbs();
    void demoNeverOpensTheKeychain();
    void realKeyringRoundTrip();
    void savedButAbsentIsUnavailable();
    void removingWhatIsNotThereIsFine();
    void slowKeychainIsGivenUp();

private:
    void needKeyring();
    bool m_noKeyring = false;
};

void tst_KeyStores::sessionKeysAreBoundToTheirOrigin()
{
    core::SessionKeyStore store;
    const Account account = accountOf(7, KeySource::Session);
    QVERIFY(await(store.write(account, Home, SecretString("session-key-123456"))));
    QCOMPARE(await(store.read(account, Home)).value().revealCopy(),
             QByteArray("session-key-123456"));
    QCOMPARE(await(store.read(account, Elsewhere)).error().kind, ErrorKind::KeyMissing);
    QVERIFY(await(store.remove(account, Home)));
    QCOMPARE(await(store.read(account, Home)).error().kind, ErrorKind::KeyMissing);
}

void tst_KeyStores::environmentKeyGoesOnlyWhereItMay()
{
    qputenv("FARTHING_TEST_KEY", " environment-key-1 \n");
    core::EnvironmentKeyStore store({{QStringLiteral("example"), {"FARTHING_TEST_KEY", {{Home}}}}});
    const Account account = accountOf(0, KeySource::Keychain);
    QCOMPARE(await(store.read(account, Home)).value().revealCopy(),
             QByteArray("environment-key-1"));
    QCOMPARE(await(store.read(account, Elsewhere)).error().kind, ErrorKind::KeyMissing);
    Account picked = accountOf(3, KeySource::Environment);
    picked.keyOrigin = Elsewhere; // the user confirmed that host
    QVERIFY(await(store.read(picked, Elsewhere)));
    QCOMPARE(await(store.write(account, Home, SecretString("x"))).error().kind,
             ErrorKind::InputRejected);
    qunsetenv("FARTHING_TEST_KEY");
    QCOMPARE(await(store.read(account, Home)).error().kind, ErrorKind::KeyMissing);
}

void tst_KeyStores::environmentKeyInParts()
{
    core::EnvironmentKeyStore store(
        {{QStringLiteral("example"),
          {"FARTHING_TEST_KEY",
           {{Home}},
           {"FARTHING_TEST_ID", "FARTHING_TEST_SECRET", "FARTHING_TEST_TOKEN"}}}});
    const Account account = accountOf(0, KeySource::Keychain);
    const auto read = [&] { return await(store.read(account, Home)); };
    qputenv("FARTHING_TEST_ID", "id-12345");
    QVERIFY(!store.hasKey(QStringLiteral("example"))); // half a key is none
    QCOMPARE(read().error().kind, ErrorKind::KeyMissing);
    qputenv("FARTHING_TEST_SECRET", "secret-1");
    QCOMPARE(read().value().revealCopy(), QByteArray("id-12345:secret-1"));
    qputenv("FARTHING_TEST_TOKEN", "token-1");
    QCOMPARE(read().value().revealCopy(), QByteArray("id-12345:secret-1:token-1"));
    qputenv("FARTHING_TEST_KEY", "bearer-1"); // the one key beats its parts, as in AWS's SDKs
    QCOMPARE(read().value().revealCopy(), QByteArray("bearer-1"));
    for (const char *name :
         {"FARTHING_TEST_KEY", "FARTHING_TEST_ID", "FARTHING_TEST_SECRET", "FARTHING_TEST_TOKEN"})
        qunsetenv(name);
}

void tst_KeyStores::environmentFirstForVerbs()
{
    qputenv("FARTHING_TEST_KEY", "environment-key-2");
    core::SessionKeyStore session;
    core::EnvironmentKeyStore environment(
        {{QStringLiteral("example"), {"FARTHING_TEST_KEY", {{Home}}}}});
    Hanging keychain;
    core::AccountKeyStore verbs(&keychain, session, environment, core::EnvironmentKeys::First);
    QCOMPARE(await(verbs.read(accountOf(5, KeySource::Keychain), Home)).value().revealCopy(),
             QByteArray("environment-key-2"));
    core::AccountKeyStore window(&keychain, session, environment,
                                 core::EnvironmentKeys::WhenPicked);
    QVERIFY(!window.read(accountOf(5, KeySource::Keychain), Home)
                 .isFinished()); // it asked the keychain
    qunsetenv("FARTHING_TEST_KEY");
}

void tst_KeyStores::demoNeverOpensTheKeychain()
{
    core::SessionKeyStore session;
    core::EnvironmentKeyStore environment({});
    core::AccountKeyStore store(nullptr, session, environment, core::EnvironmentKeys::First);
    const Account account = accountOf(5, KeySource::Keychain);
    QCOMPARE(await(store.read(account, Home)).error().kind, ErrorKind::KeyMissing);
    QCOMPARE(await(store.write(account, Home, SecretString("x-key"))).error().kind,
             ErrorKind::KeyUnavailable);
}

void tst_KeyStores::needKeyring()
{
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    m_noKeyring = !await(store.probe());
    if (!m_noKeyring)
        return;
    if (qEnvironmentVariable("CI") == QStringLiteral("true"))
        QFAIL("No keyring where changes are checked.");
    QSKIP("No keyring here: run under tests/support/desktop-session.sh.");
}

#define NEED_KEYRING()                                                                             \
    needKeyring();                                                                                 \
    if (m_noKeyring)                                                                               \
    return

void tst_KeyStores::realKeyringRoundTrip()
{
    NEED_KEYRING();
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    const Account account = accountOf(42, KeySource::Keychain);
    QVERIFY(await(store.write(account, Home, SecretString("keyring-key-9999"))));
    QCOMPARE(await(store.read(account, Home)).value().revealCopy(), QByteArray("keyring-key-9999"));
    QCOMPARE(await(store.read(account, Elsewhere)).error().kind, ErrorKind::KeyMissing);
    QCOMPARE(await(store.read(accountOf(43, KeySource::Keychain), Home)).error().kind,
             ErrorKind::KeyMissing);
    QVERIFY(await(store.remove(account, Home)));
    QCOMPARE(await(store.read(account, Home)).error().kind, ErrorKind::KeyMissing);
}

void tst_KeyStores::savedButAbsentIsUnavailable()
{
    NEED_KEYRING();
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    Account account = accountOf(44, KeySource::Keychain);
    account.keySaved = true; // what a locked keyring looks like
    QCOMPARE(await(store.read(account, Home)).error().kind, ErrorKind::KeyUnavailable);
    // The key was saved for Home: for another origin there never was one.
    QCOMPARE(await(store.read(account, Elsewhere)).error().kind, ErrorKind::KeyMissing);
}

void tst_KeyStores::removingWhatIsNotThereIsFine()
{
    NEED_KEYRING();
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    QVERIFY(await(store.remove(accountOf(45, KeySource::Keychain), Home)));
}

void tst_KeyStores::slowKeychainIsGivenUp()
{
    tests::FakeClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing-test"), clock);
    store.setPatience(0ms);
    auto future = store.read(accountOf(46, KeySource::Keychain), Home);
    clock.advance(0ms); // before the keychain can have said a word
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().kind, ErrorKind::KeyUnavailable);
}

QTEST_GUILESS_MAIN(tst_KeyStores)
#include "tst_keystores.moc"
