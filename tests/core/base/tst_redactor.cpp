#include "core/base/redactor.h"
#include "core/base/secretstring.h"

#include <QTest>

using core::redacted;

class tst_Redactor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void liveSecretInEveryForm();
    void deadSecretIsForgotten();
    void keyShapes_data();
    void keyShapes();
    void ordinaryTextStays_data();
    void ordinaryTextStays();
};

void tst_Redactor::liveSecretInEveryForm()
{
    const QByteArray canary = "canary/+value:7Q";
    const core::SecretString secret(canary);
    for (const QByteArray &form :
         {canary, canary.toPercentEncoding(), canary.toBase64(QByteArray::OmitTrailingEquals)})
        QVERIFY2(!redacted(QStringLiteral("x ") + QString::fromLatin1(form) + QStringLiteral(" y"))
                      .contains(QString::fromLatin1(form)),
                 form.constData());
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
    QTest::newRow("status") << QStringLiteral("HTTP 429 rate_limit_error request req_011CeCGm");
}

void tst_Redactor::ordinaryTextStays()
{
    QFETCH(const QString, text);
    QCOMPARE(redacted(text), text);
}

QTEST_APPLESS_MAIN(tst_Redactor)
#include "tst_redactor.moc"
