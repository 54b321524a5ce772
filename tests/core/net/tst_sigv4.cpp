#include "core/net/sigv4.h"
#include "tests/support/recordings.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

//! Signature Version 4 against AWS's own suite and the calls that Bedrock gets.
class tst_Sigv4 : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void suite_data();
    void suite();
    void bedrock_data();
    void bedrock();

private:
    QJsonObject m_vectors;
};

namespace {

QByteArray bytesAt(const QJsonObject &object, QLatin1StringView name)
{
    return object.value(name).toString().toUtf8();
}

std::chrono::sys_seconds timeFrom(const QString &text, const QString &format)
{
    QDateTime time = QDateTime::fromString(text, format);
    time.setTimeSpec(Qt::UTC);
    return std::chrono::sys_seconds(std::chrono::seconds(time.toSecsSinceEpoch()));
}

//! A request of the suite as it stands there: request line, headers (some folded), body.
core::SigningInput inputFrom(const QByteArray &request)
{
    const qsizetype gap = request.indexOf("\n\n");
    const QList<QByteArray> lines = (gap < 0 ? request : request.first(gap)).split('\n');
    core::SigningInput input;
    const QByteArray line = lines.first();
    const qsizetype first = line.indexOf(' ');
    const QByteArray target = line.sliced(first + 1, line.lastIndexOf(' ') - first - 1);
    const qsizetype question = target.indexOf('?');
    input.method = line.first(first);
    input.path = question < 0 ? target : target.first(question);
    input.query = question < 0 ? QByteArray() : target.sliced(question + 1);
    for (const QByteArray &header : lines.sliced(1)) {
        if (header.isEmpty())
            continue;
        if (header.startsWith(' ')) {
            input.headers.last().second += header;
            continue;
        }
        const qsizetype colon = header.indexOf(':');
        input.headers.append({header.first(colon), header.sliced(colon + 1)});
    }
    input.bodyHash = core::sha256Hex(gap < 0 ? QByteArray() : request.sliced(gap + 2));
    return input;
}

} // namespace

void tst_Sigv4::initTestCase()
{
    FARTHING_NEED_RECORDINGS();
    m_vectors = QJsonDocument::fromJson(
                    tests::Recordings::read(QStringLiteral("bedrock/sigv4-vectors.json")))
                    .object();
    QVERIFY(!m_vectors.isEmpty());
}

void tst_Sigv4::suite_data()
{
    QTest::addColumn<QJsonObject>("vector");
    for (const QJsonValue &value : m_vectors.value("suite"_L1).toArray())
        QTest::newRow(qPrintable(value["name"_L1].toString())) << value.toObject();
}

void tst_Sigv4::suite()
{
    QFETCH(const QJsonObject, vector);
    const QJsonObject context = vector.value("context"_L1).toObject();
    const QJsonObject keys = context.value("credentials"_L1).toObject();
    const core::AwsCredentials credentials{
        bytesAt(keys, "access_key_id"_L1),
        core::SecretString(bytesAt(keys, "secret_access_key"_L1)),
        {}};
    const core::SigningScope scope{bytesAt(context, "region"_L1), bytesAt(context, "service"_L1),
                                   timeFrom(context.value("timestamp"_L1).toString(),
                                            QStringLiteral("yyyy-MM-dd'T'hh:mm:ss'Z'")),
                                   context.value("normalize"_L1).toBool()};
    core::SigningInput input = inputFrom(bytesAt(vector, "request"_L1));
    input.headers.append({"X-Amz-Date", core::sigv4Date(scope.time)});
    if (context.value("sign_body"_L1).toBool())
        input.headers.append({"x-amz-content-sha256", input.bodyHash});
    const bool isSigned = !context.value("omit_session_token"_L1).toBool();
    if (const QByteArray token = bytesAt(keys, "token"_L1); !token.isEmpty() && isSigned)
        input.headers.append({"X-Amz-Security-Token", token});

    const QByteArray canonical = core::canonicalRequest(input, scope);
    QCOMPARE(canonical, bytesAt(vector, "header_canonical_request"_L1));
    const QByteArray toSign = core::stringToSign(canonical, scope);
    QCOMPARE(toSign, bytesAt(vector, "header_string_to_sign"_L1));
    QCOMPARE(core::sigv4Signature(toSign, credentials, scope),
             bytesAt(vector, "header_signature"_L1));
}

void tst_Sigv4::bedrock_data()
{
    QTest::addColumn<QJsonObject>("vector");
    for (const QJsonValue &value : m_vectors.value("bedrock"_L1).toArray())
        QTest::newRow(qPrintable(value["name"_L1].toString())) << value.toObject();
}

void tst_Sigv4::bedrock()
{
    QFETCH(const QJsonObject, vector);
    core::HttpRequest request;
    request.method = bytesAt(vector, "method"_L1);
    request.url = QUrl::fromEncoded(bytesAt(vector, "url"_L1));
    request.body = bytesAt(vector, "body"_L1);
    const QJsonObject before = vector.value("headersBeforeSigning"_L1).toObject();
    for (auto it = before.begin(); it != before.end(); ++it) {
        if (it.key() != "host"_L1)
            request.headers.add(it.key().toLatin1(), it.value().toString().toLatin1());
    }
    const QByteArray token = bytesAt(vector, "sessionToken"_L1);
    const core::AwsCredentials credentials{
        bytesAt(vector, "accessKeyId"_L1),
        core::SecretString(bytesAt(vector, "secretAccessKey"_L1)),
        token.isEmpty() ? core::SecretString() : core::SecretString(token)};
    core::sign(
        request, credentials,
        {bytesAt(vector, "region"_L1), bytesAt(vector, "service"_L1),
         timeFrom(vector.value("amzDate"_L1).toString(), QStringLiteral("yyyyMMdd'T'hhmmss'Z'"))});
    QCOMPARE(request.headers.value("authorization"), bytesAt(vector, "authorization"_L1));
    const QJsonObject all = vector.value("signedHeaders"_L1).toObject();
    for (auto it = all.begin(); it != all.end(); ++it) {
        if (it.key() != "host"_L1)
            QCOMPARE(request.headers.value(it.key().toLatin1()), it.value().toString().toLatin1());
    }
}

QTEST_GUILESS_MAIN(tst_Sigv4)
#include "tst_sigv4.moc"
