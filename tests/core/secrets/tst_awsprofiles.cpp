#include "core/secrets/awsprofiles.h"
#include "tests/support/environmentvariable.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace core;
using tests::EnvironmentVariable;
using Kind = AwsProfile::Kind;

namespace {

const QByteArray Id = "AKIAEXAMPLE000000001";
const QByteArray Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

QByteArray pairOf(const QByteArray &id, const QByteArray &secret)
{
    return "aws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\n";
}

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

class tst_AwsProfiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void keys_data();
    void keys();
    void kinds_data();
    void kinds();
    void listsWithoutKeys();
    void namesThoseThatThereAre();
    void saysWhatToDo_data();
    void saysWhatToDo();
    void readsWhereTheEnvironmentSays();
    void environmentNamesProfileAndRegion();
    void refusesWhatIsNoFile_data();
    void refusesWhatIsNoFile();
};

void tst_AwsProfiles::keys_data()
{
    QTest::addColumn<QByteArray>("credentials");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QString>("region");
    const QByteArray pair = Id + ':' + Secret;
    const QString work = QStringLiteral("work");
    const QString standard = QStringLiteral("default");
    const auto row = [](const char *name, const QByteArray &credentials, const QByteArray &config,
                        const QString &profile, const QByteArray &expected,
                        const char *region = "") {
        QTest::newRow(name) << credentials << config << profile << expected
                            << QString::fromLatin1(region);
    };
    row("default", "[default]\n" + pairOf(Id, Secret), {}, standard, pair);
    row("named", "[default]\n[work]\n" + pairOf(Id, Secret), {}, work, pair);
    row("session-token", "[work]\n" + pairOf(Id, Secret) + "aws_session_token=FwoG/+==\n", {}, work,
        pair + ":FwoG/+==");
    row("old-session-token", "[work]\n" + pairOf(Id, Secret) + "aws_security_token=FwoG\n", {},
        work, pair + ":FwoG");
    row("region-from-config", "[work]\n" + pairOf(Id, Secret),
        "[profile work]\nregion = eu-west-1\n", work, pair, "eu-west-1");
    row("default-in-config", {}, "[default]\nregion=eu-west-1\n" + pairOf(Id, Secret), standard,
        pair, "eu-west-1");
    row("profile-default-beats-default", {},
        "[default]\nregion=us-east-1\n[profile default]\nregion=eu-west-1\n" + pairOf(Id, Secret),
        standard, pair, "eu-west-1");
    row("profile-default-first", {},
        "[profile default]\nregion=eu-west-1\n" + pairOf(Id, Secret) +
            "[default]\nregion=us-east-1\n",
        standard, pair, "eu-west-1");
    row("credentials-win-whole", "[work]\n" + pairOf(Id, Secret),
        "[profile work]\n" + pairOf("AKIAOTHER00000000000", "other") + "aws_session_token = t\n",
        work, pair); // the token of the other pair is not mixed in
    row("keys-win-over-the-process-in-config", "[work]\n" + pairOf(Id, Secret),
        "[profile work]\ncredential_process = /bin/false\n", work, pair);
    row("keys-win-over-the-sign-in", "[work]\n" + pairOf(Id, Secret),
        "[profile work]\nsso_session = corp\n", work, pair);
    row("quoted-name", {}, "[profile \"my work\"]\n" + pairOf(Id, Secret),
        QStringLiteral("my work"), pair);
    row("blank-in-name", "[my work]\n" + pairOf(Id, Secret), {}, QStringLiteral("my work"), pair);
    row("blanks-around-name", "[ work ]\n" + pairOf(Id, Secret), "[ profile   work ]\nregion=r\n",
        work, pair, "r");
    row("name-keeps-case", "[Work]\n[work]\n" + pairOf(Id, Secret), {}, work, pair);
    row("setting-in-capitals",
        "[work]\nAWS_ACCESS_KEY_ID=" + Id + "\nAws_Secret_Access_Key=" + Secret + "\n", {}, work,
        pair);
    row("comments",
        "# mine\n; mine\n[work] # here\n  # deep\naws_access_key_id = " + Id +
            " # id\naws_secret_access_key=" + Secret + "\t; secret\n",
        {}, work, pair);
    row("mark-inside-a-word-is-no-comment", "[work]\n" + pairOf(Id, "abc#def;ghi"), {}, work,
        Id + ":abc#def;ghi");
    row("equals-in-value", "[work]\n" + pairOf(Id, "abc=="), {}, work, Id + ":abc==");
    row("sub-settings-are-skipped", {},
        "[profile work]\ns3 =\n  region = nowhere\n  aws_access_key_id = AKIANOTMINE000000000\n"
        "region = eu-west-1\n" +
            pairOf(Id, Secret),
        work, pair, "eu-west-1");
    row("all-lines-indented",
        "[work]\n  aws_access_key_id = " + Id + "\n  aws_secret_access_key = " + Secret + "\n", {},
        work, pair);
    row("cr-lf",
        "[work]\r\naws_access_key_id = " + Id + "\r\naws_secret_access_key = " + Secret + "\r\n",
        {}, work, pair);
    row("byte-order-mark", "\xEF\xBB\xBF[work]\n" + pairOf(Id, Secret), {}, work, pair);
    row("no-newline-at-end",
        "[work]\naws_access_key_id=" + Id + "\naws_secret_access_key=" + Secret, {}, work, pair);
    row("section-twice",
        "[work]\naws_access_key_id=" + Id + "\n[other]\n[work]\naws_secret_access_key=" + Secret,
        {}, work, pair);
    row("last-value-holds", "[work]\n" + pairOf("AKIAOLD0000000000000", "old") + pairOf(Id, Secret),
        {}, work, pair);
    row("unclosed-section-ends-the-one-before",
        "[work]\n" + pairOf(Id, Secret) + "[broken\n" + pairOf("AKIAOTHER00000000000", "other"), {},
        work, pair);
    row("unknown-settings-and-junk",
        "junk\n[work]\nmfa_serial = x\nno equals sign\n" + pairOf(Id, Secret), {}, work, pair);
}

void tst_AwsProfiles::keys()
{
    QFETCH(const QByteArray, credentials);
    QFETCH(const QByteArray, config);
    QFETCH(const QString, name);
    QFETCH(const QByteArray, keys);
    QFETCH(const QString, region);
    const Result<AwsProfile> profile = awsProfileIn(credentials, config, name);
    QVERIFY2(profile, profile ? "" : qPrintable(profile.error().detail));
    QCOMPARE(profile->kind, Kind::Keys);
    QCOMPARE(profile->keys.revealCopy(), keys);
    QCOMPARE(profile->region, region);
}

void tst_AwsProfiles::kinds_data()
{
    QTest::addColumn<QByteArray>("credentials");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const QByteArray &credentials, const QByteArray &config,
                        Kind kind, const char *what = "") {
        QTest::newRow(name) << credentials << config << kind << QString::fromLatin1(what);
    };
    const QByteArray keys = "[work]\n" + pairOf(Id, Secret);
    row("process", {}, "[profile work]\ncredential_process = /opt/x --a \"b c\"\n", Kind::Process,
        "/opt/x --a \"b c\"");
    row("process-in-credentials", "[work]\ncredential_process = /opt/x\n",
        "[profile work]\n" + pairOf(Id, Secret), Kind::Process, "/opt/x");
    row("sso-session", {}, "[profile work]\nsso_session = corp\n[sso-session corp]\nsso_region=x\n",
        Kind::Unsupported, "sso_session");
    row("old-sso", {}, "[profile work]\nsso_start_url = https://x\n", Kind::Unsupported,
        "sso_start_url");
    row("role", {}, "[profile work]\nrole_arn = arn:x\nsource_profile = default\n",
        Kind::Unsupported, "role_arn");
    // The keys would be somebody else's than those that AWS's programs use.
    row("role-before-keys", keys, "[profile work]\nrole_arn = arn:x\n", Kind::Unsupported,
        "role_arn");
    row("web-identity", {}, "[profile work]\nweb_identity_token_file = /t\n", Kind::Unsupported,
        "web_identity_token_file");
    row("credential-source", {}, "[profile work]\ncredential_source = Environment\n",
        Kind::Unsupported, "credential_source");
    row("process-beats-sign-in", {},
        "[profile work]\nsso_session = corp\ncredential_process = /opt/x\n", Kind::Process,
        "/opt/x");
    row("empty", "[work]\n", {}, Kind::Empty);
    row("region-only", {}, "[profile work]\nregion = eu-west-1\n", Kind::Empty);
    row("empty-values", "[work]\naws_access_key_id =\naws_secret_access_key =\n", {}, Kind::Empty);
    row("id-alone", "[work]\naws_access_key_id = " + Id + "\n", {}, Kind::Broken);
    row("secret-alone", "[work]\naws_secret_access_key = " + Secret + "\n", {}, Kind::Broken);
    row("no-key-id", "[work]\n" + pairOf("not an id", Secret), {}, Kind::Broken);
    row("secret-with-colon", "[work]\n" + pairOf(Id, "a:b"), {}, Kind::Broken);
    row("secret-with-control", "[work]\n" + pairOf(Id, "a\x01z"), {}, Kind::Broken);
    row("not-utf-8", "[work]\n" + pairOf(Id, "a\xff"), {}, Kind::Broken);
}

void tst_AwsProfiles::kinds()
{
    QFETCH(const QByteArray, credentials);
    QFETCH(const QByteArray, config);
    QFETCH(const Kind, kind);
    QFETCH(const QString, what);
    const Result<AwsProfile> profile = awsProfileIn(credentials, config, QStringLiteral("work"));
    QVERIFY(profile);
    QCOMPARE(profile->kind, kind);
    QVERIFY(profile->keys.isEmpty());
    QCOMPARE(kind == Kind::Process ? profile->process : profile->obstacle, what);
}

void tst_AwsProfiles::listsWithoutKeys()
{
    const QList<AwsProfile> profiles = awsProfilesIn(
        "[work]\n" + pairOf(Id, Secret) + "[default]\n" + pairOf(Id, Secret),
        "[profile corp]\nsso_session=corp\n[sso-session corp]\n[services x]\n[plugins]\n"
        "[profile work]\nregion=eu-west-1\n[profile ]\n");
    QCOMPARE(profiles.size(), 3);
    QCOMPARE(profiles.at(0).name, QStringLiteral("default"));
    QCOMPARE(profiles.at(1).name, QStringLiteral("work"));
    QCOMPARE(profiles.at(1).region, QStringLiteral("eu-west-1"));
    QCOMPARE(profiles.at(2).name, QStringLiteral("corp"));
    for (const AwsProfile &profile : profiles)
        QVERIFY(profile.keys.isEmpty());
}

void tst_AwsProfiles::namesThoseThatThereAre()
{
    const auto missing =
        awsProfileIn("[b]\n[default]\n", "[profile a]\n", QStringLiteral("nobody"));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::KeyMissing);
    QVERIFY2(missing.error().detail.endsWith(QStringLiteral("There are: default, b, a.")),
             qPrintable(missing.error().detail));
    const auto none = awsProfileIn({}, {}, QStringLiteral("default"));
    QVERIFY(!none);
    QVERIFY(none.error().detail.contains(QStringLiteral("none at all")));
}

void tst_AwsProfiles::saysWhatToDo_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("names");
    QTest::addColumn<QString>("advice");
    const QString exporting =
        QStringLiteral("aws configure export-credentials --profile work --format process");
    QTest::newRow("sso") << QByteArray("[profile work]\nsso_session = corp\n")
                         << QStringLiteral("sso_session") << exporting;
    QTest::newRow("role") << QByteArray("[profile work]\nrole_arn = arn:x\n")
                          << QStringLiteral("role_arn") << exporting;
    QTest::newRow("empty") << QByteArray("[profile work]\n") << QStringLiteral("no access keys")
                           << QStringLiteral("aws configure --profile work");
    QTest::newRow("half") << "[profile work]\naws_secret_access_key = " + Secret
                          << QStringLiteral("not whole") << QStringLiteral("aws_access_key_id");
}

void tst_AwsProfiles::saysWhatToDo()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QString, names);
    QFETCH(const QString, advice);
    const auto profile = awsProfileIn({}, config, QStringLiteral("work"));
    QVERIFY(profile);
    const Error error = awsProfileProblem(*profile);
    QCOMPARE(error.kind, ErrorKind::KeyMissing);
    QVERIFY2(error.detail.contains(names), qPrintable(error.detail));
    QVERIFY2(error.detail.contains(advice), qPrintable(error.detail));
    QVERIFY(!error.detail.contains(QString::fromLatin1(Secret)));
}

void tst_AwsProfiles::readsWhereTheEnvironmentSays()
{
    const QTemporaryDir home;
    const EnvironmentVariable homeVariable("HOME", home.path());
    const EnvironmentVariable credentials("AWS_SHARED_CREDENTIALS_FILE", {});
    const EnvironmentVariable config("AWS_CONFIG_FILE", {});
    const auto read = [] {
        return readAwsProfile(AwsEnvironment::current(), QStringLiteral("work"));
    };
    QVERIFY(!read()); // neither file is there, which is no fault of its own
    QCOMPARE(read().error().kind, ErrorKind::KeyMissing);
    QVERIFY(readAwsProfiles(AwsEnvironment::current()).value().isEmpty());
    QVERIFY(QDir(home.path()).mkdir(QStringLiteral(".aws")));
    write(home.filePath(QStringLiteral(".aws/credentials")), "[work]\n" + pairOf(Id, Secret));
    write(home.filePath(QStringLiteral(".aws/config")), "[profile work]\nregion=eu-west-1\n");
    QCOMPARE(read().value().keys.revealCopy(), Id + ':' + Secret);
    QCOMPARE(read().value().region, QStringLiteral("eu-west-1"));
    write(home.filePath(QStringLiteral("elsewhere")), "[work]\n" + pairOf(Id, "another"));
    const EnvironmentVariable moved("AWS_SHARED_CREDENTIALS_FILE", QStringLiteral("~/elsewhere"));
    const EnvironmentVariable none("AWS_CONFIG_FILE", home.filePath(QStringLiteral("none")));
    QCOMPARE(read().value().keys.revealCopy(), Id + ":another");
    QVERIFY(read().value().region.isEmpty());
}

void tst_AwsProfiles::environmentNamesProfileAndRegion()
{
    const EnvironmentVariable profile("AWS_PROFILE", {});
    const EnvironmentVariable region("AWS_REGION", {});
    const EnvironmentVariable standardRegion("AWS_DEFAULT_REGION", QStringLiteral("eu-west-1"));
    QCOMPARE(AwsEnvironment::current().profile, QStringLiteral("default"));
    QCOMPARE(AwsEnvironment::current().region, QStringLiteral("eu-west-1"));
    const EnvironmentVariable named("AWS_PROFILE", QStringLiteral("work"));
    const EnvironmentVariable own("AWS_REGION", QStringLiteral("us-west-2"));
    QCOMPARE(AwsEnvironment::current().profile, QStringLiteral("work"));
    QCOMPARE(AwsEnvironment::current().region, QStringLiteral("us-west-2"));
}

void tst_AwsProfiles::refusesWhatIsNoFile_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("pipe") << QStringLiteral("pipe"); // would never end
    QTest::newRow("folder") << QStringLiteral("folder");
    QTest::newRow("too-large") << QStringLiteral("large");
}

void tst_AwsProfiles::refusesWhatIsNoFile()
{
    QFETCH(const QString, what);
    const QTemporaryDir folder;
    AwsEnvironment environment;
    environment.credentialsFile = folder.filePath(QStringLiteral("credentials"));
    const QByteArray path = QFile::encodeName(environment.credentialsFile);
    if (what == QStringLiteral("pipe"))
        QCOMPARE(::mkfifo(path.constData(), 0600), 0);
    else if (what == QStringLiteral("folder"))
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("credentials")));
    else
        write(environment.credentialsFile,
              "[work]\n" + pairOf(Id, Secret) + "#" + QByteArray(1024 * 1024, 'x'));
    const auto profile = readAwsProfile(environment, QStringLiteral("work"));
    QVERIFY(!profile);
    QCOMPARE(profile.error().kind, ErrorKind::KeyUnavailable);
    QVERIFY(profile.error().detail.contains(environment.credentialsFile));
    QVERIFY(!readAwsProfiles(environment));
}

QTEST_GUILESS_MAIN(tst_AwsProfiles)
#include "tst_awsprofiles.moc"
