#include "core/net/httptransport.h"
#include "core/secrets/entrakeystore.h"
#include "core/secrets/personclaims.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/testkeystore.h"

#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

using namespace core;
using namespace std::chrono_literals;
using tests::Answer;

namespace {

const QByteArray CodePath = "/contoso.com/oauth2/v2.0/devicecode";
const QByteArray TokenPath = "/contoso.com/oauth2/v2.0/token";
const QString Resource = QStringLiteral("https://x.openai.azure.com");
const QByteArray Code =
    R"({"user_code":"ABCD-EFGH","device_code":"device/code+1","interval":5,"expires_in":900,)"
    R"("verification_uri":"https://login.example.org/device","message":"To sign in..."})";

QByteArray tokens(const QByteArray &access, const QByteArray &refresh, int lifetime = 3600)
{
    return R"({"token_type":"Bearer","expires_in":)" + QByteArray::number(lifetime) +
           R"(,"access_token":")" + access + R"(","refresh_token":")" + refresh + R"("})";
}

QByteArray jwt(const QByteArray &claims)
{
    const auto part = [](const QByteArray &bytes) {
        return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    return part(R"({"alg":"none"})") + '.' + part(claims) + ".c2ln";
}

Answer refused(const QByteArray &code, int status = 400)
{
    return Answer::whole(status, R"({"error":")" + code +
                                     R"(","error_description":"AADSTS7: why\r\nTrace ID: 1"})");
}

//! A form field of the \p number-th request.
QString field(const tests::ScriptedServer &server, qsizetype number, const char *name)
{
    return QUrlQuery(QString::fromUtf8(server.requests().at(number).body))
        .queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

//! A directory on this machine, and what speaks with it.
struct Bench
{
    Bench()
    {
        directory.authority = server.url();
        directory.tenant = QStringLiteral("contoso.com");
        directory.clientId = QStringLiteral("client-1");
        account.id = 7;
        account.provider = QStringLiteral("azure");
        account.auth = AuthMethod::EntraSignIn;
        account.entra = directory;
        account.signedIn = true;
        account.grantOrigin = Resource;
    }
    //! Waits until nothing but time is waited for, then lets \p duration pass.
    void pass(std::chrono::milliseconds duration) { clock.advance(duration); }

    tests::ScriptedServer server;
    tests::FakeClock clock;
    HttpTransport transport{clock, {}};
    EntraClient client{transport, clock};
    EntraDirectory directory;
    tests::TestKeyStore stored;
    EntraKeyStore store{client, stored, clock, {}};
    Account account;
};

//! Its last question was answered, and the answer read.
bool isIdle(const EntraSignIn &signIn)
{
    return signIn.findChildren<HttpExchange *>().isEmpty();
}

template <typename T>
Result<T> awaited(const QFuture<Result<T>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        qFatal("no answer");
    return future.result();
}

QByteArray told(const Result<SecretString> &token)
{
    return token ? token->revealCopy() : errorCode(token.error().kind).toLatin1();
}

} // namespace

class tst_EntraSignIn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void signsIn();
    void endsOtherwise_data();
    void endsOtherwise();
    void codeIsNoCode_data();
    void codeIsNoCode();
    void unusedCodeEnds();
    void connectionsMayFailMeanwhile();
    void asksNobodyElse_data();
    void asksNobodyElse();
    void deletedItIsSilent();
    void tokenIsKeptInMemoryAndRenewedInTime();
    void askedTogetherTheyShareOneExchange();
    void refusedTokenIsRenewed();
    void newRefreshTokenIsStored();
    void refreshTokenThatCannotBeStoredIsUsed();
    void earlyRenewalMayFail();
    void endedSignInSaysSo();
    void echoedRefreshTokenIsRedacted();
    void goesOnlyWhereItMay();
    void signingOutForgetsWhatIsUnderWay();
    void personIsRead_data();
    void personIsRead();
    void idTokenNamesThePerson();
};

void tst_EntraSignIn::signsIn()
{
    Bench bench;
    bench.server.setAnswer(CodePath, Answer::whole(200, Code));
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy code(signIn, &EntraSignIn::codeReceived);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_COMPARE(code.count(), 1);
    QCOMPARE(signIn->userCode(), QStringLiteral("ABCD-EFGH"));
    QCOMPARE(signIn->verificationUrl(), QUrl(QStringLiteral("https://login.example.org/device")));
    QCOMPARE(signIn->expires(), bench.clock.utcNow() + 900s);
    QCOMPARE(field(bench.server, 0, "client_id"), QStringLiteral("client-1"));
    QCOMPARE(field(bench.server, 0, "scope"),
             QStringLiteral("https://cognitiveservices.azure.com/.default offline_access openid "
                            "profile"));

    // It asks every 5 s, and less often from the moment that it is told to.
    const auto poll = [&](std::chrono::seconds after, const Answer &answer) {
        const auto before = bench.server.requests().size();
        bench.server.enqueue(answer);
        bench.pass(after - 1ms);
        QTest::qWait(0);
        QCOMPARE(bench.server.requests().size(), before);
        bench.pass(1ms);
        QTRY_COMPARE(bench.server.requests().size(), before + 1);
        QTRY_VERIFY(isIdle(*signIn));
    };
    poll(5s, refused("authorization_pending"));
    poll(5s, refused("slow_down"));
    poll(10s, refused("authorization_pending"));
    poll(10s, Answer::whole(200, tokens("access-1", "refresh-1")));
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(signIn->result());
    QCOMPARE(signIn->result()->accessToken.revealCopy(), QByteArray("access-1"));
    QCOMPARE(signIn->result()->refreshToken.revealCopy(), QByteArray("refresh-1"));
    QCOMPARE(signIn->result()->lifetime, 3600s);
    const auto last = bench.server.requests().size() - 1;
    QCOMPARE(bench.server.requests().at(last).target, TokenPath);
    QCOMPARE(field(bench.server, last, "grant_type"),
             QStringLiteral("urn:ietf:params:oauth:grant-type:device_code"));
    QCOMPARE(field(bench.server, last, "device_code"), QStringLiteral("device/code+1"));
    QCOMPARE(code.count(), 1);
    bench.pass(1h);
    QTest::qWait(0);
    QCOMPARE(bench.server.requests().size(), last + 1); // it asks no more
}

void tst_EntraSignIn::endsOtherwise_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const Answer &answer, ErrorKind kind, const char *says) {
        QTest::newRow(name) << answer << kind << QString::fromLatin1(says);
    };
    row("declined", refused("authorization_declined"), ErrorKind::AuthenticationFailed, "declined");
    row("access-denied", refused("access_denied"), ErrorKind::AuthenticationFailed, "declined");
    row("expired", refused("expired_token"), ErrorKind::Timeout, "not used in time");
    row("bad-code", refused("bad_verification_code"), ErrorKind::AuthenticationFailed,
        "bad_verification_code: AADSTS7: why Trace ID: 1");
    row("not-a-public-client", refused("invalid_client", 401), ErrorKind::AuthenticationFailed,
        "invalid_client");
    row("html", Answer::whole(404, "<html>", "text/html"), ErrorKind::AuthenticationFailed,
        "status 404");
    row("no-refresh-token", Answer::whole(200, tokens("access", "")),
        ErrorKind::AuthenticationFailed, "offline_access");
    row("no-token", Answer::whole(200, "{}"), ErrorKind::KeyUnavailable, "no bearer token");
    row("mac-token", Answer::whole(200, tokens("access", "refresh").replace("Bearer", "mac")),
        ErrorKind::KeyUnavailable, "no bearer token");
    row("token-of-two-lines", Answer::whole(200, tokens("a\\r\\nX-Evil: 1", "refresh")),
        ErrorKind::KeyUnavailable, "no bearer token");
}

void tst_EntraSignIn::endsOtherwise()
{
    QFETCH(const Answer, answer);
    QFETCH(const ErrorKind, kind);
    QFETCH(const QString, says);
    Bench bench;
    bench.server.setAnswer(CodePath, Answer::whole(200, Code));
    bench.server.setAnswer(TokenPath, answer);
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy code(signIn, &EntraSignIn::codeReceived);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_COMPARE(code.count(), 1);
    bench.pass(5s);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!signIn->result());
    QCOMPARE(signIn->result().error().kind, kind);
    QVERIFY2(signIn->result().error().detail.contains(says),
             qPrintable(signIn->result().error().detail));
    QCOMPARE(bench.server.requests().size(), 2);
}

void tst_EntraSignIn::codeIsNoCode_data()
{
    QTest::addColumn<Answer>("answer");
    const auto withPage = [](const char *page) {
        return Answer::whole(200,
                             QByteArray(Code).replace("https://login.example.org/device", page));
    };
    QTest::newRow("refused") << refused("unauthorized_client");
    QTest::newRow("html") << Answer::whole(200, "<html>", "text/html");
    QTest::newRow("empty") << Answer::whole(200, "{}");
    QTest::newRow("no-user-code") << Answer::whole(200, QByteArray(Code).replace("user_code", "x"));
    QTest::newRow("page-is-a-script") << withPage("javascript:alert(1)");
    QTest::newRow("page-without-tls") << withPage("http://login.example.org/device");
    QTest::newRow("page-with-user-info") << withPage("https://login@evil.example/");
    QTest::newRow("page-is-a-file") << withPage("file:///etc/passwd");
    QTest::newRow("redirect") << Answer::whole(302, "").header("Location", "https://x.example");
    QTest::newRow("cut") << Answer::whole(200, Code).framing(BodyFraming::UntilClose).close();
}

void tst_EntraSignIn::codeIsNoCode()
{
    QFETCH(Answer, answer);
    if (QTest::currentDataTag() == QByteArray("cut"))
        answer = Answer::stream({Code.first(40)}).header("Content-Type", "application/json");
    Bench bench;
    bench.server.setAnswer(CodePath, answer);
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy code(signIn, &EntraSignIn::codeReceived);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!signIn->result());
    QVERIFY(!signIn->result().error().detail.isEmpty());
    QCOMPARE(code.count(), 0);
    bench.pass(1h);
    QTest::qWait(0);
    QCOMPARE(bench.server.requests().size(), 1);
}

void tst_EntraSignIn::unusedCodeEnds()
{
    Bench bench;
    bench.server.setAnswer(CodePath, Answer::whole(200, QByteArray(Code).replace(
                                                            "\"interval\":5", "\"interval\":50")));
    bench.server.setAnswer(TokenPath, refused("authorization_pending"));
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_VERIFY(!signIn->userCode().isEmpty());
    for (int i = 0; i < 30 && finished.isEmpty(); ++i) {
        bench.pass(50s);
        QTRY_VERIFY(isIdle(*signIn));
    }
    QCOMPARE(finished.count(), 1);
    QCOMPARE(signIn->result().error().kind, ErrorKind::Timeout);
    QVERIFY(bench.clock.utcNow() >= signIn->expires());
}

void tst_EntraSignIn::connectionsMayFailMeanwhile()
{
    Bench bench;
    bench.server.setAnswer(CodePath, Answer::whole(200, Code));
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_VERIFY(!signIn->userCode().isEmpty());
    bench.server.enqueue(Answer::rawBytes({})); // it hangs up
    bench.server.enqueue(Answer::whole(503, "{}"));
    bench.server.enqueue(Answer::whole(429, "{}"));
    bench.server.enqueue(refused("temporarily_unavailable"));
    bench.server.enqueue(Answer::whole(200, tokens("access", "refresh")));
    for (const auto wait : {5s, 10s, 20s, 40s, 60s}) {
        const auto before = bench.server.requests().size();
        bench.pass(wait - 1ms);
        QTest::qWait(0);
        QCOMPARE(bench.server.requests().size(), before);
        bench.pass(1ms);
        QTRY_COMPARE(bench.server.requests().size(), before + 1);
        QTRY_VERIFY(isIdle(*signIn));
    }
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(signIn->result());
}

void tst_EntraSignIn::asksNobodyElse_data()
{
    QTest::addColumn<QString>("authority");
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("sound");
    const auto row = [](const char *name, const char *authority, const char *tenant,
                        const char *client, bool sound = false) {
        QTest::newRow(name) << QString::fromLatin1(authority) << QString::fromLatin1(tenant)
                            << QString::fromLatin1(client) << sound;
    };
    row("microsoft", "", "", "0fab1e00-0000-0000-0000-000000000000", true);
    row("own-authority", "https://login.example.org", "contoso.onmicrosoft.com", "x", true);
    row("authority-with-a-path", "https://login.example.org/realm", "t", "x", true);
    row("loopback", "http://127.0.0.1:9", "t", "x", true);
    row("plain-http", "http://login.example.org", "t", "x");
    row("user-info", "https://me@login.example.org", "t", "x");
    row("no-client", "", "t", "");
    row("client-with-blank", "", "t", "a b");
    row("tenant-with-slash", "", "t/../evil", "x");
    row("tenant-with-question", "", "t?x", "x");
    row("tenant-of-dots", "", "..", "x");
}

void tst_EntraSignIn::asksNobodyElse()
{
    QFETCH(const QString, authority);
    QFETCH(const QString, tenant);
    QFETCH(const QString, client);
    QFETCH(const bool, sound);
    const EntraDirectory directory{QUrl(authority), tenant, client};
    const auto checked = checkDirectory(directory);
    QCOMPARE(checked.hasValue(), sound);
    if (checked)
        return;
    QCOMPARE(checked.error().kind, ErrorKind::InputRejected);
    Bench bench;
    EntraSignIn *signIn = bench.client.signIn(directory, &bench.client);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(signIn->result().error().kind, ErrorKind::InputRejected);
    QCOMPARE(awaited(bench.client.refresh(directory, SecretString("r"))).error().kind,
             ErrorKind::InputRejected);
}

void tst_EntraSignIn::deletedItIsSilent()
{
    Bench bench;
    bench.server.setAnswer(CodePath, Answer::whole(200, Code));
    EntraSignIn *signIn = bench.client.signIn(bench.directory, &bench.client);
    QSignalSpy finished(signIn, &EntraSignIn::finished);
    QTRY_VERIFY(!signIn->userCode().isEmpty());
    delete signIn;
    bench.pass(1h);
    QTest::qWait(0);
    QCOMPARE(finished.count(), 0);
    QCOMPARE(bench.server.requests().size(), 1);
}

void tst_EntraSignIn::tokenIsKeptInMemoryAndRenewedInTime()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-1")));
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("access-1"));
    QCOMPARE(bench.stored.origins(), QStringList{entraOrigin(bench.directory)}); // its own entry
    QCOMPARE(field(bench.server, 0, "grant_type"), QStringLiteral("refresh_token"));
    QCOMPARE(field(bench.server, 0, "refresh_token"), QStringLiteral("refresh-1"));
    bench.pass(54min);
    QVERIFY(bench.store.read(bench.account, Resource).isFinished());
    QCOMPARE(bench.server.requests().size(), 1);
    bench.pass(90s); // less than five minutes are left
    bench.server.enqueue(Answer::whole(200, tokens("access-2", "")));
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("access-2"));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-1")); // it goes on
    QVERIFY(bench.store.kindOf(bench.account) == CredentialKind::AccessToken);
}

void tst_EntraSignIn::askedTogetherTheyShareOneExchange()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-2")));
    const auto first = bench.store.read(bench.account, Resource);
    const auto second = bench.store.read(bench.account, Resource);
    QCOMPARE(told(awaited(first)), QByteArray("access-1"));
    QCOMPARE(told(awaited(second)), QByteArray("access-1"));
    QCOMPARE(bench.server.requests().size(), 1);
    QCOMPARE(bench.server.unscripted(), 0);
}

void tst_EntraSignIn::refusedTokenIsRenewed()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    QVERIFY(!bench.store.renew(bench.account)); // there is none
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-1")));
    bench.server.enqueue(Answer::whole(200, tokens("access-2", "refresh-1")));
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("access-1"));
    QVERIFY(bench.store.renew(bench.account));
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("access-2"));
}

void tst_EntraSignIn::newRefreshTokenIsStored()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-2", 60)));
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-2"));
    bench.pass(31s); // half of a short life
    bench.server.enqueue(Answer::whole(200, tokens("access-2", "refresh-3", 60)));
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    QCOMPARE(field(bench.server, 1, "refresh_token"), QStringLiteral("refresh-2"));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-3"));
}

void tst_EntraSignIn::refreshTokenThatCannotBeStoredIsUsed()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.stored.failWrites(true); // locked meanwhile
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-2")));
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-1"));
    QVERIFY(bench.store.renew(bench.account));
    bench.stored.failWrites(false);
    bench.server.enqueue(Answer::whole(200, tokens("access-2", "refresh-3")));
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    QCOMPARE(field(bench.server, 1, "refresh_token"), QStringLiteral("refresh-2"));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-3"));
}

void tst_EntraSignIn::earlyRenewalMayFail()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.enqueue(Answer::whole(200, tokens("access-1", "refresh-1")));
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    bench.pass(56min);
    bench.server.enqueue(Answer::whole(503, "{}"));
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("access-1"));
    bench.pass(5min); // now it has ended
    bench.server.enqueue(Answer::whole(503, "{}"));
    const auto ended = awaited(bench.store.read(bench.account, Resource));
    QCOMPARE(told(ended), QByteArray("key_unavailable"));
    QCOMPARE(ended.error().provider, QStringLiteral("azure"));
    bench.server.shutDown();
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))),
             QByteArray("connection_failed"));
}

void tst_EntraSignIn::endedSignInSaysSo()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.setAnswer(TokenPath, refused("invalid_grant"));
    const auto ended = awaited(bench.store.read(bench.account, Resource));
    QCOMPARE(told(ended), QByteArray("key_missing"));
    QVERIFY(ended.error().detail.contains(QStringLiteral("Sign in again")));
    QVERIFY(ended.error().detail.contains(QStringLiteral("AADSTS7")));
    QCOMPARE(bench.stored.key(7), QByteArray("refresh-1")); // a failed read deletes nothing
    bench.stored.fail(ErrorKind::KeyUnavailable);
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))),
             QByteArray("key_unavailable"));
    bench.account.signedIn = false;
    QCOMPARE(told(awaited(bench.store.read(bench.account, Resource))), QByteArray("key_missing"));
}

//! Also where nobody else holds it: a keychain hands over a copy.
void tst_EntraSignIn::echoedRefreshTokenIsRedacted()
{
    Bench bench;
    bench.stored.setKey(7, "canary.refresh/1");
    bench.server.setAnswer(TokenPath,
                           Answer::whole(400, R"({"error":"invalid_grant","error_description":)"
                                              R"("The grant canary.refresh/1 was revoked."})"));
    const auto ended = awaited(bench.store.read(bench.account, Resource));
    QCOMPARE(told(ended), QByteArray("key_missing"));
    QVERIFY2(ended.error().detail.contains(QStringLiteral("The grant [redacted] was revoked.")),
             qPrintable(ended.error().detail));
}

void tst_EntraSignIn::goesOnlyWhereItMay()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.setAnswer(TokenPath, Answer::whole(200, tokens("access-1", "refresh-1")));
    const QString other = QStringLiteral("https://evil.example.net");
    QCOMPARE(told(awaited(bench.store.read(bench.account, other))), QByteArray("key_missing"));
    QCOMPARE(bench.server.requests().size(), 0);
    QVERIFY(awaited(bench.store.read(bench.account, Resource)));
    QCOMPARE(told(awaited(bench.store.read(bench.account, other))), QByteArray("key_missing"));
    EntraKeyStore confirmed(bench.client, bench.stored, bench.clock,
                            {{QStringLiteral("azure"), {{other}}}});
    QCOMPARE(told(awaited(confirmed.read(bench.account, other))), QByteArray("access-1"));
}

void tst_EntraSignIn::signingOutForgetsWhatIsUnderWay()
{
    Bench bench;
    bench.stored.setKey(7, "refresh-1");
    bench.server.setAnswer(TokenPath, Answer::stream()
                                          .header("Content-Type", "application/json")
                                          .hold()
                                          .write(tokens("access-1", "refresh-2")));
    const auto read = bench.store.read(bench.account, Resource);
    QTRY_COMPARE(bench.server.held(), 1);
    QVERIFY(awaited(bench.store.remove(bench.account, {})));
    QVERIFY(read.isFinished());
    QCOMPARE(told(read.result()), QByteArray("cancelled"));
    bench.server.release();
    QTRY_VERIFY(bench.client.children().isEmpty()); // the answer was taken
    QVERIFY(bench.stored.key(7).isEmpty());         // nothing came back
    QVERIFY(!bench.store.renew(bench.account));
}

void tst_EntraSignIn::personIsRead_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("person");
    QTest::newRow("name-and-account")
        << jwt(R"({"name":"Ada Lovelace","preferred_username":"ada@contoso.com"})")
        << QStringLiteral("Ada Lovelace (ada@contoso.com)");
    QTest::newRow("account-only") << jwt(R"({"upn":"ada@contoso.com"})")
                                  << QStringLiteral("ada@contoso.com");
    QTest::newRow("name-only") << jwt(R"({"name":"Ada","upn":7})") << QStringLiteral("Ada");
    QTest::newRow("both-the-same") << jwt(R"({"name":"ada@contoso.com","upn":"ada@contoso.com"})")
                                   << QStringLiteral("ada@contoso.com");
    QTest::newRow("first-form")
        << jwt(R"({"name":"Ada","unique_name":"ada@contoso.com","email":"x@y"})")
        << QStringLiteral("Ada (ada@contoso.com)");
    QTest::newRow("no-claims") << jwt("{}") << QString();
    QTest::newRow("no-object") << jwt("[1]") << QString();
    QTest::newRow("no-json") << jwt("Ada") << QString();
    QTest::newRow("no-token") << QByteArray("access-1") << QString();
    QTest::newRow("no-base64") << QByteArray("e30.n{me.sig") << QString();
    QTest::newRow("two-parts") << QByteArray("e30.e30") << QString();
    QTest::newRow("on-one-line-and-seen")
        << jwt("{\"name\":\"A\\nd\\u202ea\\u0000\"}") << QStringLiteral("A da");
    QTest::newRow("cut") << jwt("{\"name\":\"" + QByteArray(5'000, 'a') + "\"}")
                         << QString(120, QLatin1Char('a'));
    QTest::newRow("too-large") << jwt("{\"name\":\"" + QByteArray(80'000, 'a') + "\"}")
                               << QString();
}

void tst_EntraSignIn::personIsRead()
{
    QFETCH(const QByteArray, token);
    QTEST(personIn(token), "person");
}

//! The token for the service may be unreadable to us: that is the service's matter.
void tst_EntraSignIn::idTokenNamesThePerson()
{
    const QByteArray id = jwt(R"({"name":"Ada","preferred_username":"ada@contoso.com"})");
    const QByteArray access = jwt(R"({"upn":"other@contoso.com"})");
    QByteArray body = tokens(access, "refresh-1");
    QCOMPARE(entraTokensFrom(200, body)->person, QStringLiteral("other@contoso.com"));
    body.chop(1);
    body += R"(,"id_token":")" + id + R"("})";
    QCOMPARE(entraTokensFrom(200, body)->person, QStringLiteral("Ada (ada@contoso.com)"));
    QCOMPARE(entraTokensFrom(200, tokens("access-1", "refresh-1"))->person, QString());
}

QTEST_GUILESS_MAIN(tst_EntraSignIn)
#include "tst_entrasignin.moc"
