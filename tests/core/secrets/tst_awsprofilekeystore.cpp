#include "core/secrets/awsprofilekeystore.h"
#include "core/secrets/credentialstore.h"
#include "tests/support/environmentvariable.h"
#include "tests/support/fakeclock.h"
#include "tests/support/testkeystore.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using tests::EnvironmentVariable;
using Processes = AwsProfileKeyStore::Processes;

namespace {

const QString Bedrock = QStringLiteral("bedrock");
const QString Home = QStringLiteral("https://bedrock-runtime.us-east-1.amazonaws.com");
const QString Elsewhere = QStringLiteral("https://bedrock-runtime.eu-west-1.amazonaws.com");
const QString Foreign = QStringLiteral("https://proxy.example.net");
const QByteArray Keys = "AKIAEXAMPLE000000001:wJalrXUtnFEMI";
const QByteArray OtherKeys = "AKIAEXAMPLE000000002:other";

QByteArray section(const QByteArray &name, const QByteArray &keys)
{
    const qsizetype colon = keys.indexOf(':');
    return '[' + name + "]\naws_access_key_id=" + keys.first(colon) +
           "\naws_secret_access_key=" + keys.sliced(colon + 1) + '\n';
}

QHash<QString, OwnOrigins> origins()
{
    return {{Bedrock, {{Home}, QStringLiteral("https://bedrock-runtime.{region}.amazonaws.com")}}};
}

Account accountOf(const QString &profile)
{
    Account account;
    account.id = 7;
    account.provider = Bedrock;
    account.auth = profile.isEmpty() ? AuthMethod::Key : AuthMethod::AwsProfile;
    account.awsProfile = profile;
    return account;
}

//! AWS's files in a folder of the test, by the variables that name them.
class Files
{
public:
    Files()
        : m_credentials("AWS_SHARED_CREDENTIALS_FILE",
                        m_folder.filePath(QStringLiteral("credentials")))
        , m_config("AWS_CONFIG_FILE", m_folder.filePath(QStringLiteral("config")))
        , m_profile("AWS_PROFILE", {})
    {
    }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    void setCredentials(const QByteArray &text) const
    {
        write(QStringLiteral("credentials"), text);
    }
    void setConfig(const QByteArray &text) const { write(QStringLiteral("config"), text); }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    EnvironmentVariable m_credentials, m_config, m_profile;
};

template <typename T>
Result<T> awaited(const QFuture<Result<T>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        qFatal("no answer");
    return future.result();
}

QByteArray told(const Result<SecretString> &key)
{
    return key ? key->revealCopy() : errorCode(key.error().kind).toLatin1();
}

//! All that a verb may find a key in, as app/ puts it together.
struct VerbStores
{
    tests::FakeClock clock;
    tests::TestKeyStore stored, signIns;
    AwsProfileKeyStore profiles{clock, origins()};
    EnvironmentKeyStore environment{{{Bedrock, {"FARTHING_TEST_KEY", {{Home}}}}}};
    SessionKeyStore session;
    AccountKeyStore keys{&stored, session, environment, EnvironmentKeys::First};
    CredentialStore all{{keys, profiles, signIns, environment}, EnvironmentKeys::First, {Bedrock}};
};

} // namespace

class tst_AwsProfileKeyStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void readsTheFilesEachTime();
    void takesTheEnvironmentsProfile();
    void goesOnlyWhereItMay();
    void neverWrites();
    void refusesProcessesUnlessAllowed();
    void runsAllowedProcesses();
    void listsProfiles();
    void verbsTakeKeysInOrder();
    void verbsRenewWhatTheProfileGave();
    void windowTakesWhatWasPicked();
};

void tst_AwsProfileKeyStore::readsTheFilesEachTime()
{
    const Files files;
    files.setCredentials(section("work", Keys));
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    const Account account = accountOf(QStringLiteral("work"));
    QCOMPARE(told(awaited(store.read(account, Home))), Keys);
    files.setCredentials(section("work", OtherKeys)); // rotated
    QVERIFY(store.renew(account));                    // it may be rotated again
    QVERIFY(!store.renew(account));                   // once for what was given
    QCOMPARE(told(awaited(store.read(account, Home))), OtherKeys);
    files.setCredentials("[other]\n");
    const auto missing = awaited(store.read(account, Home));
    QCOMPARE(told(missing), QByteArray("key_missing"));
    QCOMPARE(missing.error().provider, Bedrock);
    QVERIFY(!store.renew(account)); // nothing was kept
}

void tst_AwsProfileKeyStore::takesTheEnvironmentsProfile()
{
    const Files files;
    files.setCredentials(section("default", Keys) + section("work", OtherKeys));
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    QCOMPARE(told(awaited(store.read(accountOf({}), Home))), Keys);
    const EnvironmentVariable profile("AWS_PROFILE", QStringLiteral("work"));
    QCOMPARE(told(awaited(store.read(accountOf({}), Home))), OtherKeys);
    QCOMPARE(told(awaited(store.read(accountOf(QStringLiteral("default")), Home))), Keys);
}

void tst_AwsProfileKeyStore::goesOnlyWhereItMay()
{
    const Files files;
    files.setCredentials(section("work", Keys));
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    Account account = accountOf(QStringLiteral("work"));
    QCOMPARE(told(awaited(store.read(account, Elsewhere))), Keys); // a region of its own
    QCOMPARE(told(awaited(store.read(account, Foreign))), QByteArray("key_missing"));
    account.grantOrigin = Foreign; // the user agreed
    QCOMPARE(told(awaited(store.read(account, Foreign))), Keys);
    account.auth = AuthMethod::Key; // that was said of another method
    QCOMPARE(told(awaited(store.read(account, Foreign))), QByteArray("key_missing"));
    account.provider = QStringLiteral("other");
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("key_missing"));
}

void tst_AwsProfileKeyStore::neverWrites()
{
    const Files files;
    files.setCredentials(section("work", Keys));
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    const Account account = accountOf(QStringLiteral("work"));
    QCOMPARE(awaited(store.write(account, Home, SecretString("x"))).error().kind,
             ErrorKind::InputRejected);
    QCOMPARE(awaited(store.remove(account, Home)).error().kind, ErrorKind::InputRejected);
    QCOMPARE(told(awaited(store.read(account, Home))), Keys);
}

void tst_AwsProfileKeyStore::refusesProcessesUnlessAllowed()
{
    const Files files;
    const QString touched = files.path(QStringLiteral("touched"));
    files.setConfig("[profile work]\ncredential_process = /usr/bin/touch " + touched.toUtf8() +
                    '\n');
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    const auto refused = awaited(store.read(accountOf(QStringLiteral("work")), Home));
    QCOMPARE(told(refused), QByteArray("key_missing"));
    QVERIFY(refused.error().detail.contains(QStringLiteral("\"work\"")));
    QVERIFY(refused.error().detail.contains(QStringLiteral("keys/credentialProcess=true")));
    QVERIFY(!QFile::exists(touched));
    store.setProcesses(Processes::Allowed);
    QVERIFY(!awaited(store.read(accountOf(QStringLiteral("work")), Home))); // it printed nothing
    QVERIFY(QFile::exists(touched));
}

void tst_AwsProfileKeyStore::runsAllowedProcesses()
{
    const Files files;
    files.write(QStringLiteral("out"),
                R"({"Version":1,"AccessKeyId":"AKIAEXAMPLE000000001",)"
                R"("SecretAccessKey":"wJalrXUtnFEMI","Expiration":"2030-01-01T00:00:00Z"})");
    files.setConfig("[profile work]\ncredential_process = /bin/cat \"" +
                    files.path(QStringLiteral("out")).toUtf8() +
                    "\"\n[profile broken]\ncredential_process = /bin/false\n");
    tests::FakeClock clock;
    AwsProfileKeyStore store(clock, origins());
    store.setProcesses(Processes::Allowed);
    const Account account = accountOf(QStringLiteral("work"));
    QCOMPARE(told(awaited(store.read(account, Home))), Keys);
    files.write(QStringLiteral("out"), "gone");
    QCOMPARE(told(awaited(store.read(account, Home))), Keys); // they have not expired
    QVERIFY(store.renew(account));
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("key_unavailable"));
    QVERIFY(!store.renew(account));
    files.write(QStringLiteral("out"), R"({"Version":1,"AccessKeyId":"AKIAEXAMPLE000000002",)"
                                       R"("SecretAccessKey":"other"})");
    QCOMPARE(told(awaited(store.read(account, Home))), OtherKeys);
    QVERIFY(store.renew(account)); // they were not said to expire, and were refused
    const auto broken = awaited(store.read(accountOf(QStringLiteral("broken")), Home));
    QCOMPARE(told(broken), QByteArray("key_unavailable"));
    QVERIFY(broken.error().detail.contains(QStringLiteral("\"broken\"")));
    QCOMPARE(broken.error().provider, Bedrock);
}

void tst_AwsProfileKeyStore::listsProfiles()
{
    const Files files;
    files.setCredentials(section("work", Keys));
    files.setConfig("[profile work]\nregion=eu-west-1\n[profile sso]\nsso_session=x\n");
    const auto profiles = awaited(AwsProfileKeyStore::profiles());
    QVERIFY(profiles);
    QCOMPARE(profiles->size(), 2);
    QCOMPARE(profiles->first().region, QStringLiteral("eu-west-1"));
    QVERIFY(profiles->first().keys.isEmpty());
    QCOMPARE(profiles->last().kind, AwsProfile::Kind::Unsupported);
}

void tst_AwsProfileKeyStore::verbsTakeKeysInOrder()
{
    const Files files;
    VerbStores stores;
    CredentialStore &store = stores.all;
    const Account account = accountOf({});
    const auto none = awaited(store.read(account, Home));
    QCOMPARE(told(none), QByteArray("key_missing"));
    QVERIFY(none.error().detail.contains(QStringLiteral("environment")));
    QVERIFY(none.error().detail.contains(QStringLiteral("default")));
    files.setCredentials(section("default", Keys) + section("work", OtherKeys));
    QCOMPARE(told(awaited(store.read(account, Home))), Keys);
    stores.stored.setKey(account.id, "stored-key");
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("stored-key"));
    QCOMPARE(told(awaited(store.read(accountOf(QStringLiteral("work")), Home))), OtherKeys);
    const EnvironmentVariable variable("FARTHING_TEST_KEY", QStringLiteral("from-environment"));
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("from-environment"));
    QCOMPARE(told(awaited(store.read(accountOf(QStringLiteral("work")), Home))),
             QByteArray("from-environment"));
    Account signedIn = accountOf({});
    signedIn.auth = AuthMethod::EntraSignIn;
    QCOMPARE(store.kindOf(signedIn), CredentialKind::Key); // since it is the environment's

    stores.stored.fail(ErrorKind::KeyUnavailable);
    const EnvironmentVariable unset("FARTHING_TEST_KEY", {});
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("key_unavailable")); // not hidden
    QCOMPARE(store.kindOf(signedIn), CredentialKind::AccessToken);
}

void tst_AwsProfileKeyStore::verbsRenewWhatTheProfileGave()
{
    const Files files;
    files.setCredentials(section("default", Keys));
    VerbStores stores;
    CredentialStore &store = stores.all;
    const Account account = accountOf({});
    QVERIFY(!store.renew(account)); // nobody has read anything
    QCOMPARE(told(awaited(store.read(account, Home))), Keys);
    files.setCredentials(section("default", OtherKeys));
    QVERIFY(store.renew(account));
    QCOMPARE(told(awaited(store.read(account, Home))), OtherKeys);
    {
        const EnvironmentVariable variable("FARTHING_TEST_KEY", QStringLiteral("a-key"));
        QVERIFY(!store.renew(account)); // the variable stays what it is
    }
    stores.stored.setKey(account.id, "stored-key");
    QCOMPARE(told(awaited(store.read(account, Home))), QByteArray("stored-key"));
    QVERIFY(!store.renew(account));
}

void tst_AwsProfileKeyStore::windowTakesWhatWasPicked()
{
    const Files files;
    files.setCredentials(section("default", Keys));
    tests::FakeClock clock;
    tests::TestKeyStore stored;
    tests::TestKeyStore signIns;
    AwsProfileKeyStore profiles(clock, origins());
    EnvironmentKeyStore environment({{Bedrock, {"FARTHING_TEST_KEY", {{Home}}}}});
    const EnvironmentVariable variable("FARTHING_TEST_KEY", QStringLiteral("from-environment"));
    CredentialStore store({stored, profiles, signIns, environment}, EnvironmentKeys::WhenPicked,
                          {Bedrock});
    QCOMPARE(told(awaited(store.read(accountOf({}), Home))), QByteArray("key_missing"));
    QCOMPARE(told(awaited(store.read(accountOf(QStringLiteral("default")), Home))), Keys);
    Account signedIn = accountOf({});
    signedIn.auth = AuthMethod::EntraSignIn;
    signIns.setKey(signedIn.id, "access-token");
    QCOMPARE(told(awaited(store.read(signedIn, Home))), QByteArray("access-token"));
    QCOMPARE(store.kindOf(signedIn), CredentialKind::AccessToken);
    // What is written goes where the method says.
    QVERIFY(
        !awaited(store.write(accountOf(QStringLiteral("default")), Home, SecretString("new-key"))));
    QVERIFY(awaited(store.write(accountOf({}), Home, SecretString("new-key"))));
    QCOMPARE(stored.key(7), QByteArray("new-key"));
    QVERIFY(awaited(store.remove(signedIn, Home)));
    QVERIFY(signIns.key(7).isEmpty());
}

QTEST_GUILESS_MAIN(tst_AwsProfileKeyStore)
#include "tst_awsprofilekeystore.moc"
