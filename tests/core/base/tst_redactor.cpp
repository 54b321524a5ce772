#include "core/base/redactor.h"
#include "core/base/secretstring.h"

#include <QTest>

using core::redacted;

class tst_Redactor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void liveSecretInEveryForm_data();
    void liveSecretInEveryForm();
    void ordinaryTextBesideALiveSecret();
    void shortestAreFound();
    void deadSecretIsForgotten();
    void keyShapes_data();
    void keyShapes();
    void ordinaryTextStays_data();
    void ordinaryTextStays();
};

void tst_Redactor::liveSecretInEveryForm_data()
{
    const QByteArray canary = "canary/+value:7Q";
    const QByteArray inBase64 = canary.toBase64(QByteArray::OmitTrailingEquals);
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &text, const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(expected);
    };
    row("plain", "x " + canary + " y", "x [redacted] y");
    row("percent", "x " + canary.toPercentEncoding() + " y", "x [redacted] y");
    row("base64", "x " + inBase64 + " y", "x [redacted] y");
    row("host-is-lower-case", "x " + canary.toLower() + " y", "x [redacted] y");
    row("upper-case", "x " + canary.toUpper() + " y", "x [redacted] y");
    row("json-slash", R"({"a":"canary\/+value:7Q","b":"c\/d"})",
        R"({"a":"[redacted]","b":"c\/d"})");
    row("json-code-points", R"(x \u0063anary\/\u002Bvalue:7Q y)", "x [redacted] y");
    row("json-twice", R"(canary\/+value:7Qcanary\/+value:7Q)", "[redacted][redacted]");
    row("json-broken-escape", R"(\u00 canary\/+value:7Q \u)", R"(\u00 [redacted] \u)");
    row("cut", "x " + canary.chopped(1), "x [redacted]");
    row("cut-short", "x " + canary.first(8), "x [redacted]");
    row("cut-base64", "x " + inBase64.chopped(3), "x [redacted]");
    row("cut-to-a-word", "x canary", "x canary");
    row("begun-but-not-cut", "x " + canary.chopped(1) + " y", "x canary/+value:7 y");
}

void tst_Redactor::liveSecretInEveryForm()
{
    QFETCH(const QString, text);
    QFETCH(const QString, expected);
    const core::SecretString secret("canary/+value:7Q");
    QCOMPARE(redacted(text), expected);
}

void tst_Redactor::ordinaryTextBesideALiveSecret()
{
    const core::SecretString secret("canary/+value:7Q");
    for (const char *text : {"", "\\", "\\u", "a\\nb \\/ \\\\ \\u0041", "model"})
        QCOMPARE(redacted(QString::fromLatin1(text)), QString::fromLatin1(text));
}

//! Names that are too short for any key are passed by; these are just long enough.
void tst_Redactor::shortestAreFound()
{
    const core::SecretString four("k3y!");
    QCOMPARE(redacted(QStringLiteral("k3y!")), QStringLiteral("[redacted]"));
    QCOMPARE(redacted(QStringLiteral("K3Y!")), QStringLiteral("[redacted]"));
    // Four characters of twelve bytes.
    const core::SecretString wide(QStringLiteral("\u6F22\u5B57\u9375\u5319").toUtf8());
    QCOMPARE(redacted(QStringLiteral("\u6F22\u5B57\u9375\u5319")), QStringLiteral("[redacted]"));
    QCOMPARE(redacted(QStringLiteral("\u6F22\u5B57")), QStringLiteral("\u6F22\u5B57"));
    const core::SecretString longer("abcdefghijklmnopqrstuvwxyz");
    QCOMPARE(redacted(QStringLiteral("abcdefgh")), QStringLiteral("[redacted]")); // a cut one
    QCOMPARE(redacted(QStringLiteral("abcdefg")), QStringLiteral("abcdefg"));
    QCOMPARE(redacted(QStringLiteral("sk-12345678")), QStringLiteral("[redacted]"));
    QCOMPARE(redacted(QStringLiteral("sk-1234567")), QStringLiteral("sk-1234567"));
}

void tst_Redactor::deadSecretIsForgotten()
{
    {
        const core::SecretString secret("plain-little-word");
        const core::SecretString copy = secret;
    }
    QCOMPARE(redacted(QStringLiteral("plain-little-word")), QStringLiteral("plain-little-word"));
}

void tst_Redactor::keyShapes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("secret");
    const auto row = [](const char *name, const char *text, const char *secret) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(secret);
    };
    row("openai", "key sk-proj-abcdefghij1234 refused", "abcdefghij1234");
    row("anthropic", "sk-ant-api03-AbCdEf-123456", "AbCdEf-123456");
    row("bearer", "Authorization: Bearer abc.def-ghi_123", "abc.def-ghi_123");
    row("google", "?key=AIzaSyA1234567890abcdefghijk", "SyA1234567890abcdefghijk");
    row("aws", "AKIAIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE");
    row("api-key-header", "api-key: 0123456789abcdef", "0123456789abcdef");
    row("variable", "+ MISTRAL_API_KEY=0123456789abcdef", "0123456789abcdef");
    row("aws-secret", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI/K7MDENG");
    row("aws-secret-member", R"({"SecretAccessKey": "wJalrXUtnFEMI/K7"})", "wJalrXUtnFEMI/K7");
    row("aws-session", "export AWS_SESSION_TOKEN=FwoGZXIvYXdzEBY", "FwoGZXIvYXdzEBY");
    row("aws-session-header", "x-amz-security-token:IQoJb3JpZ2luX2Vj", "IQoJb3JpZ2luX2Vj");
    row("refresh-token", R"("refresh_token":"0.AXoAabcdef")", "0.AXoAabcdef");
    row("json-member", R"({"api_key":"zyxwvut9876"})", "zyxwvut9876");
}

void tst_Redactor::keyShapes()
{
    QFETCH(const QString, text);
    QFETCH(const QString, secret);
    QVERIFY2(!redacted(text).contains(secret), qPrintable(redacted(text)));
}

void tst_Redactor::ordinaryTextStays_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("sentence") << QStringLiteral("The task is asked of the basic model.");
    QTest::newRow("model-id") << QStringLiteral("claude-sonnet-4-5-20250929");
    QTest::newRow("no-value") << QStringLiteral("Your secret access key: not valid. A session "
                                                "token is needed.");
    QTest::newRow("status") << QStringLiteral("HTTP 429 rate_limit_error request req_011CeCGm");
}

void tst_Redactor::ordinaryTextStays()
{
    QFETCH(const QString, text);
    QCOMPARE(redacted(text), text);
}

QTEST_APPLESS_MAIN(tst_Redactor)
#include "tst_redactor.moc"
