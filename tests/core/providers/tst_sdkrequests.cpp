#include "core/net/sigv4.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/core/providers/requesttable.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;
using test::endpointOf;
using test::requestOf;
using test::tableOf;

//! What each adapter sends means what the provider's official SDK sends for the same request.
//! tests/data/requests/captured/ holds what the SDKs sent (tests/peers/requests made it);
//! differences.json there names every difference that may be, with its reason, and nothing else.
class tst_SdkRequests : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void sameMeaning_data();
    void sameMeaning();
    void signatures_data();
    void signatures();
    void everyRequestIsThere_data();
    void everyRequestIsThere();
    void cleanupTestCase();

private:
    std::optional<ProviderRegistry> m_registry;
    QJsonArray m_differences;
    QSet<qsizetype> m_met; //!< Indices of the differences that were seen.
    bool m_all = false;    //!< No row was chosen on the command line.
};

namespace {

constexpr auto Key = "key-0123456789abcdef";
//! When tests/peers/requests/sdks/bedrock.mjs signs: 2026-11-23, 07:00 UTC.
constexpr std::chrono::sys_seconds SignedAt{std::chrono::seconds(1'795'417'200)};

QStringList capturedNames()
{
    QStringList names =
        QDir(QStringLiteral(FARTHING_TEST_DATA "/requests/captured")).entryList({u"*.json"_s});
    names.replaceInStrings(u".json"_s, QString());
    return names;
}

QJsonObject capturedTable(const QString &name)
{
    return tableOf(u"captured/"_s + name);
}

//! Leaves by their path; empty containers are leaves. Order of members has no meaning in JSON.
void flatten(const QString &path, const QJsonValue &value, QMap<QString, QJsonValue> &leaves)
{
    const QJsonObject object = value.toObject();
    const QJsonArray array = value.toArray();
    if (object.isEmpty() && array.isEmpty())
        leaves.insert(path, value);
    for (auto it = object.begin(); it != object.end(); ++it)
        flatten(path + u'/' + it.key(), it.value(), leaves);
    for (qsizetype i = 0; i < array.size(); ++i)
        flatten(path + u'/' + QString::number(i), array.at(i), leaves);
}

//! A turn's text may stand as a string or as a list of one text part: every protocol that has both
//! forms says that they are the same.
QJsonValue withPartsForText(const QJsonValue &body)
{
    QJsonObject object = body.toObject();
    for (const QLatin1StringView list : {"messages"_L1, "input"_L1}) {
        QJsonArray turns = object.value(list).toArray();
        for (QJsonValueRef turn : turns) {
            QJsonObject message = turn.toObject();
            if (!message.value("content"_L1).isString())
                continue;
            const bool item = list == "input"_L1;
            const QString type = !item                                        ? u"text"_s
                                 : message.value("role"_L1) == "assistant"_L1 ? u"output_text"_s
                                                                              : u"input_text"_s;
            message.insert("content"_L1,
                           QJsonArray{QJsonObject{{"type"_L1, type},
                                                  {"text"_L1, message.value("content"_L1)}}});
            turn = message;
        }
        if (!turns.isEmpty())
            object.insert(list, turns);
    }
    return object;
}

QString shown(const QJsonValue &value)
{
    if (value.isUndefined())
        return u"(none)"_s;
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

//! \p pattern as a path, in which "*" stands for any one step.
bool matches(const QString &pattern, const QString &path)
{
    const QStringList wanted = pattern.split(u'/');
    const QStringList steps = path.split(u'/');
    if (wanted.size() != steps.size())
        return false;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        if (wanted.at(i) != "*"_L1 && wanted.at(i) != steps.at(i))
            return false;
    }
    return true;
}

bool lists(const QJsonValue &names, const QString &name)
{
    return names.isUndefined() || names.toArray().contains(name);
}

//! "header:NAME" and body paths.
QMap<QString, QJsonValue> meaningOf(const HttpHeaders &headers, const QJsonValue &body)
{
    QMap<QString, QJsonValue> leaves;
    flatten({}, withPartsForText(body), leaves);
    for (const auto &[name, value] : headers.fields())
        leaves.insert(u"header:"_s + QString::fromLatin1(name.toLower()),
                      QString::fromLatin1(QByteArray(value).replace(Key, "KEY")));
    return leaves;
}

HttpHeaders capturedHeaders(const QJsonObject &table, const QJsonObject &request)
{
    HttpHeaders headers;
    for (const QJsonObject &part :
         {table.value("headers"_L1).toObject(), request.value("headers"_L1).toObject()}) {
        for (auto it = part.begin(); it != part.end(); ++it)
            headers.set(it.key().toLatin1(), it.value().toString().toLatin1());
    }
    return headers;
}

void addRows(bool isSigned)
{
    QTest::addColumn<QString>("captured");
    QTest::addColumn<QString>("name");
    for (const QString &captured : capturedNames()) {
        if (captured == "differences"_L1 || captured.startsWith("bedrock-signed"_L1) != isSigned)
            continue;
        for (const QString &name : capturedTable(captured).value("requests"_L1).toObject().keys())
            QTest::newRow(qPrintable(captured + u'/' + name)) << captured << name;
    }
}

} // namespace

void tst_SdkRequests::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
    m_differences = capturedTable(u"differences"_s).value("differences"_L1).toArray();
    QVERIFY(!m_differences.isEmpty());
    for (const QJsonValue &difference : std::as_const(m_differences))
        QVERIFY2(!difference["reason"_L1].toString().isEmpty(), qPrintable(shown(difference)));
    const QStringList arguments = QCoreApplication::arguments();
    m_all = std::none_of(arguments.begin() + 1, arguments.end(),
                         [](const QString &argument) { return !argument.startsWith(u'-'); });
}

void tst_SdkRequests::sameMeaning_data()
{
    addRows(false);
}

void tst_SdkRequests::sameMeaning()
{
    QFETCH(const QString, captured);
    QFETCH(const QString, name);
    const QJsonObject table = capturedTable(captured);
    const QJsonObject sdk = table.value("requests"_L1).toObject().value(name).toObject();
    const QString provider = table.value("provider"_L1).toString();
    const ProviderInfo *row = m_registry->provider(provider);
    QVERIFY(row);
    const auto wire = m_registry->adapter(row->protocol)
                          ->buildRequest(requestOf(name, provider), endpointOf(*row, table),
                                         {SecretString(Key)}, SignedAt);
    QVERIFY(wire);
    QCOMPARE(wire->http.method, table.value("method"_L1).toString().toLatin1());
    QCOMPARE(wire->http.url.toEncoded(),
             sdk.value("url"_L1).toString(table.value("url"_L1).toString()).toLatin1());
    const auto theirs = meaningOf(capturedHeaders(table, sdk), sdk.value("body"_L1));
    const auto ours =
        meaningOf(wire->http.headers, QJsonDocument::fromJson(wire->http.body).object());
    QMap<QString, QJsonValue> paths = theirs;
    paths.insert(ours);
    QStringList unnamed;
    for (const QString &path : paths.keys()) {
        const QJsonValue their = theirs.value(path, QJsonValue::Undefined);
        const QJsonValue our = ours.value(path, QJsonValue::Undefined);
        if (their == our)
            continue;
        const auto named = std::find_if(
            m_differences.begin(), m_differences.end(), [&](const QJsonValue &difference) {
                return lists(difference["captured"_L1], captured) &&
                       lists(difference["requests"_L1], name) &&
                       matches(difference["at"_L1].toString(), path) &&
                       difference["sdk"_L1] == their && difference["ours"_L1] == our;
            });
        if (named == m_differences.end())
            unnamed.append(path + u": SDK "_s + shown(their) + u", ours "_s + shown(our));
        else
            m_met.insert(named - m_differences.begin());
    }
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
}

void tst_SdkRequests::signatures_data()
{
    addRows(true);
}

void tst_SdkRequests::signatures()
{
    QFETCH(const QString, captured);
    QFETCH(const QString, name);
    const QJsonObject table = capturedTable(captured);
    const QJsonObject sdk = table.value("requests"_L1).toObject().value(name).toObject();
    const HttpHeaders theirs = capturedHeaders(table, sdk);
    const QByteArray url = table.value("url"_L1).toString().toLatin1();

    // Where the adapter sends it, for whom and where: the scope is in what AWS would check.
    QByteArray key = "AKIDEXAMPLEEXAMPLE:secret-of-the-account";
    const bool isTemporary = captured == "bedrock-signed-session"_L1;
    if (isTemporary)
        key += ":token-of-the-session";
    const ProviderInfo *row = m_registry->provider(u"bedrock"_s);
    const auto wire = m_registry->adapter(row->protocol)
                          ->buildRequest(requestOf(name, u"bedrock"_s), endpointOf(*row, table),
                                         {SecretString(key)}, SignedAt);
    QVERIFY(wire);
    QCOMPARE(wire->http.url.toEncoded(), url);
    QCOMPARE(wire->http.headers.value("x-amz-date"), theirs.value("x-amz-date"));
    QCOMPARE(wire->http.headers.value("x-amz-security-token"),
             theirs.value("x-amz-security-token"));
    const auto scopeOf = [](const QByteArray &proof) { return proof.split(',').first(); };
    QCOMPARE(scopeOf(wire->http.headers.value("authorization")),
             scopeOf(theirs.value("authorization")));

    // The SDK's bytes under the headers that it signs: the same proof, to the last digit.
    HttpRequest request;
    request.url = QUrl::fromEncoded(url);
    request.body = sdk.value("text"_L1).toString().toUtf8();
    request.headers.set("content-type", theirs.value("content-type"));
    request.headers.set("content-length", QByteArray::number(request.body.size()));
    AwsCredentials credentials;
    credentials.accessKeyId = "AKIDEXAMPLEEXAMPLE";
    credentials.secretAccessKey = SecretString("secret-of-the-account");
    if (isTemporary)
        credentials.sessionToken = SecretString("token-of-the-session");
    const QByteArray region = captured.endsWith("europe"_L1) ? "eu-west-1" : "us-east-1";
    sign(request, credentials, {region, "bedrock", SignedAt});
    QCOMPARE(request.headers.value("x-amz-content-sha256"), theirs.value("x-amz-content-sha256"));
    QCOMPARE(request.headers.value("authorization"), theirs.value("authorization"));
}

void tst_SdkRequests::everyRequestIsThere_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("name");
    for (const QString &provider : {u"openai"_s, u"openai-chat"_s, u"anthropic"_s, u"google"_s,
                                    u"cohere"_s, u"azure"_s, u"bedrock"_s}) {
        for (const QString &name :
             {u"plain"_s, u"system"_s, u"multi-turn"_s, u"image"_s, u"document"_s, u"text-file"_s,
              u"tools"_s, u"named-tool"_s, u"no-tool"_s, u"tool-result"_s, u"two-results"_s,
              u"failed-tool"_s, u"reasoning"_s, u"high-reasoning"_s, u"no-reasoning"_s, u"limits"_s,
              u"schema"_s})
            QTest::newRow(qPrintable(provider + u'/' + name)) << provider << name;
    }
}

//! Each is compared, or the data says why the service takes none; then the user is told.
void tst_SdkRequests::everyRequestIsThere()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, name);
    bool isCompared = false;
    QJsonObject table;
    for (const QString &captured : capturedNames()) {
        const QJsonObject each = capturedTable(captured);
        if (each.value("provider"_L1) != provider || captured.startsWith("bedrock-signed"_L1))
            continue;
        table = each;
        isCompared = isCompared || each.value("requests"_L1).toObject().contains(name);
    }
    QString reason;
    const QJsonArray notTaken = capturedTable(u"differences"_s).value("not_taken"_L1).toArray();
    for (const QJsonValue &each : notTaken) {
        if (each["provider"_L1] == provider && each["request"_L1] == name)
            reason = each["reason"_L1].toString();
    }
    QVERIFY(isCompared != !reason.isEmpty());
    if (isCompared)
        return;
    const ProviderInfo *row = m_registry->provider(provider);
    QVERIFY(row);
    const auto wire = m_registry->adapter(row->protocol)
                          ->buildRequest(requestOf(name, provider), endpointOf(*row, table),
                                         {SecretString(Key)}, SignedAt);
    QVERIFY(wire);
    QCOMPARE(wire->warnings.size(), 1);
}

//! A difference that is no more must go: it would hide the next one.
void tst_SdkRequests::cleanupTestCase()
{
    for (qsizetype i = 0; m_all && i < m_differences.size(); ++i)
        QVERIFY2(m_met.contains(i), qPrintable(shown(m_differences.at(i))));
}

QTEST_GUILESS_MAIN(tst_SdkRequests)
#include "tst_sdkrequests.moc"
