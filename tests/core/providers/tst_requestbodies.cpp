#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/core/providers/requesttable.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;
using test::endpointOf;
using test::Key;
using test::requestOf;
using test::tableOf;
using test::wireOf;

//! What each adapter sends for a table of requests: method, URL, headers and body, as written down
//! in tests/data/requests/PROVIDER.json from the wire pages.
class tst_RequestBodies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void requests_data();
    void requests();
    void everyProtocolHasATable();
    void azureKeepsWhatIsNotItsOwn_data();
    void azureKeepsWhatIsNotItsOwn();
    void promptIsMarkedForTheCache();
    void someModelsTakeNoTemperature_data();
    void someModelsTakeNoTemperature();
    void cohereBoundsTopP_data();
    void cohereBoundsTopP();
    void whiteSpaceAloneIsNoText();
    void schemasGoWhereTheyAreTaken_data() { emptyIsRefused_data(); }
    void schemasGoWhereTheyAreTaken();
    void emptyIsRefused_data();
    void emptyIsRefused();
    void keysStandInHeadersOnly_data() { emptyIsRefused_data(); }
    void keysStandInHeadersOnly();
    void awsKeysSignAndAreRemembered();
    void awsKeysNeverGoOutThemselves_data();
    void awsKeysNeverGoOutThemselves();
    void accessTokensTakeThePlaceOfKeys_data();
    void accessTokensTakeThePlaceOfKeys();

private:
    std::optional<ProviderRegistry> m_registry;
};

namespace {

QString tables()
{
    return QStringLiteral(FARTHING_TEST_DATA "/requests");
}

} // namespace

void tst_RequestBodies::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_RequestBodies::requests_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("name");
    for (const QString &fileName : QDir(tables()).entryList({u"*.json"_s}, QDir::Files)) {
        const QString provider = fileName.chopped(5);
        const QJsonObject cases = tableOf(provider).value("requests"_L1).toObject();
        QVERIFY2(!cases.isEmpty(), qPrintable(provider));
        for (const QString &name : cases.keys())
            QTest::newRow(qPrintable(provider + u'/' + name)) << provider << name;
    }
}

void tst_RequestBodies::requests()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, name);
    const QJsonObject table = tableOf(provider);
    const QJsonObject expected = table.value("requests"_L1).toObject().value(name).toObject();
    const ProviderInfo *row = m_registry->provider(provider);
    QVERIFY(row);
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    QVERIFY(adapter);
    const Endpoint endpoint = endpointOf(*row, table);
    const auto wire = adapter->buildRequest(requestOf(name, provider), endpoint,
                                            {SecretString(Key)}, std::chrono::sys_seconds());
    QVERIFY(wire);
    const QJsonObject body = QJsonDocument::fromJson(wire->http.body).object();
    const QByteArray shown = QJsonDocument(body).toJson(QJsonDocument::Compact);
    const QJsonObject wanted = expected.value("body"_L1).toObject();
    QVERIFY2(!wanted.isEmpty(), shown.constData());
    QCOMPARE(shown, QJsonDocument(wanted).toJson(QJsonDocument::Compact));
    QCOMPARE(wire->http.method, "POST");
    QCOMPARE(wire->http.url.toEncoded(), table.value("url"_L1).toString().toLatin1());
    const QJsonObject headers = table.value("headers"_L1).toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it)
        QCOMPARE(wire->http.headers.value(it.key().toLatin1()), it.value().toString().toLatin1());
    QCOMPARE(wire->warnings.size(), expected.value("warnings"_L1).toInt());
}

void tst_RequestBodies::everyProtocolHasATable()
{
    QSet<QString> tabled;
    for (const ProviderInfo &row : m_registry->providers()) {
        if (!tableOf(row.id).isEmpty())
            tabled.insert(row.protocol);
    }
    const QStringList protocols = m_registry->protocols();
    QCOMPARE(tabled, QSet<QString>(protocols.begin(), protocols.end()));
}

//! Only a path's segment "openai" and what follows it is ours to write.
void tst_RequestBodies::azureKeepsWhatIsNotItsOwn_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("url");
    const auto path = u"/openai/v1/chat/completions"_s;
    QTest::newRow("resource") << u"https://r.openai.azure.com"_s
                              << u"https://r.openai.azure.com"_s + path;
    QTest::newRow("surface") << u"https://r.openai.azure.com/openai/v1/"_s
                             << u"https://r.openai.azure.com"_s + path;
    QTest::newRow("version-in-a-word")
        << u"https://r.openai.azure.com/?api-version=preview"_s
        << u"https://r.openai.azure.com"_s + path + u"?api-version=preview"_s;
    QTest::newRow("version-v1") << u"https://r.openai.azure.com/openai?api-version=v1"_s
                                << u"https://r.openai.azure.com"_s + path + u"?api-version=v1"_s;
    QTest::newRow("version-by-date")
        << u"https://r.openai.azure.com?api-version=2024-10-21"_s
        << u"https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21"_s;
    QTest::newRow("host-named-so") << u"https://openai-east.openai.azure.com"_s
                                   << u"https://openai-east.openai.azure.com"_s + path;
    QTest::newRow("host-of-that-name") << u"https://openai/openai"_s << u"https://openai"_s + path;
    QTest::newRow("gateway") << u"https://gw.example.com/openai-proxy"_s
                             << u"https://gw.example.com/openai-proxy"_s + path;
}

void tst_RequestBodies::azureKeepsWhatIsNotItsOwn()
{
    QFETCH(const QString, base);
    const ProviderInfo *row = m_registry->provider(u"azure"_s);
    QVERIFY(row);
    ChatRequest request;
    request.messages = {{Role::User, {TextPart{u"Hi"_s}}}};
    const auto wire =
        m_registry->adapter(row->protocol)
            ->buildRequest(request, {*row, QUrl(base), u"m"_s}, {SecretString(Key)}, {});
    QVERIFY(wire);
    QTEST(wire->http.url.toString(), "url");
}

void tst_RequestBodies::promptIsMarkedForTheCache()
{
    const ProviderInfo *row = m_registry->provider(u"anthropic"_s);
    QVERIFY(row && row->cacheMarks);
    const Endpoint endpoint{*row, row->baseUrl, u"claude-sonnet-4-5"_s};
    ChatRequest request;
    request.messages = {{Role::User, {TextPart{u"first"_s}}},
                        {Role::Assistant, {TextPart{u"answer"_s}}},
                        {Role::User, {TextPart{u"second"_s}}}};
    const auto bodyOf = [&] {
        const auto wire =
            m_registry->adapter(row->protocol)
                ->buildRequest(request, endpoint, {SecretString("k")}, std::chrono::sys_seconds());
        return wire ? QJsonDocument::fromJson(wire->http.body).object() : QJsonObject();
    };
    const QJsonObject plain = bodyOf();
    QVERIFY(!QJsonDocument(plain).toJson().contains("cache_control"));
    request.markForCache = true;
    QJsonObject marked = bodyOf();
    QCOMPARE(QJsonDocument(marked).toJson().count("cache_control"), 1);
    QJsonArray messages = marked.value(u"messages"_s).toArray();
    QJsonObject last = messages.last().toObject();
    QJsonObject block = last.value(u"content"_s).toArray().first().toObject();
    QCOMPARE(block.take(u"cache_control"_s).toObject(), (QJsonObject{{u"type"_s, u"ephemeral"_s}}));
    last.insert(u"content"_s, QJsonArray{block});
    messages.replace(messages.size() - 1, last);
    marked.insert(u"messages"_s, messages);
    QCOMPARE(marked, plain); // nothing else is different
}

void tst_RequestBodies::someModelsTakeNoTemperature_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("takesIt");
    const auto row = [](const char *provider, const char *model, bool takesIt) {
        QTest::addRow("%s-%s", provider, model)
            << QString::fromLatin1(provider) << QString::fromLatin1(model) << takesIt;
    };
    for (const char *model : {"claude-3-5-haiku-latest", "claude-sonnet-4-20250514",
                              "claude-opus-4-6", "claude-haiku-4-5-20251001", "deepseek-v3"})
        row("anthropic", model, true);
    for (const char *model : {"claude-opus-4-7", "claude-opus-5-5-20261001", "claude-fable-5-1",
                              "claude-sonnet-5", "claude-of-tomorrow"})
        row("anthropic", model, false);
    for (const char *provider : {"openai", "openai-chat"}) {
        for (const char *model : {"gpt-4.1", "gpt-5-chat-latest", "gpt-5.1", "o100"})
            row(provider, model, true);
        for (const char *model :
             {"o1", "o3-mini-2025-01-31", "o4-mini", "gpt-5", "gpt-5-2025-08-07", "gpt-5-nano"})
            row(provider, model, false);
    }
    row("openrouter", "openai/gpt-5", true); // it leaves out itself what the model lacks
    row("bedrock", "us.anthropic.claude-opus-4-6-v1:0", true);
    row("bedrock", "amazon.nova-lite-v1:0", true);
    row("bedrock", "global.anthropic.claude-opus-4-7-v1:0", false);
}

void tst_RequestBodies::someModelsTakeNoTemperature()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const bool, takesIt);
    const ProviderInfo *row = m_registry->provider(provider);
    ChatRequest request = requestOf(u"limits"_s, provider);
    request.options.stop.clear();
    const auto built = [&] { return wireOf(*m_registry, *row, model, request); };
    const auto wire = built();
    QVERIFY(wire);
    QCOMPARE(wire->http.body.contains("\"temperature\":0.5"), takesIt);
    QCOMPARE(wire->http.body.contains("\"temperature\""), takesIt);
    QCOMPARE(wire->http.body.contains("0.9"), takesIt); // top_p
    QCOMPARE(wire->warnings.size(), takesIt ? 0 : 2);
    request.options.temperature = 1.0;
    request.options.topP.reset();
    const auto usual = built();
    QVERIFY(usual);
    // Claudes know their own; others do not know the member.
    QCOMPARE(usual->http.body.contains("\"temperature\":1"),
             takesIt || model.contains(u"claude"_s));
    QVERIFY(usual->warnings.isEmpty());
}

void tst_RequestBodies::cohereBoundsTopP_data()
{
    QTest::addColumn<double>("wanted");
    QTest::addColumn<double>("sent");
    QTest::newRow("between") << 0.9 << 0.9;
    QTest::newRow("least") << 0.01 << 0.01;
    QTest::newRow("most") << 0.99 << 0.99;
    QTest::newRow("all") << 1.0 << 0.99;
    QTest::newRow("none") << 0.0 << 0.01;
}

//! What another service takes for everything, this one refuses.
void tst_RequestBodies::cohereBoundsTopP()
{
    QFETCH(const double, wanted);
    QFETCH(const double, sent);
    const ProviderInfo *row = m_registry->provider(u"cohere"_s);
    ChatRequest request = requestOf(u"plain"_s, {});
    request.options.topP = wanted;
    const auto wire = wireOf(*m_registry, *row, u"command-a-03-2025"_s, request);
    QVERIFY(wire);
    QCOMPARE(QJsonDocument::fromJson(wire->http.body).object().value("p"_L1).toDouble(), sent);
    QCOMPARE(wire->warnings.size(), wanted == sent ? 0 : 1);
}

//! Anthropic refuses a text block without a letter, as models write them between others.
void tst_RequestBodies::whiteSpaceAloneIsNoText()
{
    const ProviderInfo *row = m_registry->provider(u"anthropic"_s);
    ChatRequest request = requestOf(u"tool-result"_s, u"anthropic"_s);
    request.messages[1].parts.replace(1, TextPart{u"\n\n"_s});
    const auto wire = wireOf(*m_registry, *row, u"claude-sonnet-4-6"_s, request);
    QVERIFY(wire);
    const QJsonArray turns =
        QJsonDocument::fromJson(wire->http.body).object()[u"messages"_s].toArray();
    QCOMPARE(turns.size(), 3);
    const QJsonArray blocks = turns.at(1)[u"content"_s].toArray();
    QCOMPARE(blocks.size(), 2);
    QCOMPARE(blocks.at(0)[u"type"_s].toString(), u"thinking"_s);
    QCOMPARE(blocks.at(1)[u"type"_s].toString(), u"tool_use"_s);
}

void tst_RequestBodies::emptyIsRefused_data()
{
    QTest::addColumn<QString>("provider");
    for (const ProviderInfo &row : m_registry->providers())
        QTest::newRow(qPrintable(row.id)) << row.id;
}

//! A service that does not know the member may refuse the whole request.
void tst_RequestBodies::schemasGoWhereTheyAreTaken()
{
    QFETCH(const QString, provider);
    const ProviderInfo *row = m_registry->provider(provider);
    const bool takesThem = provider != "deepseek"_L1 && provider != "custom"_L1;
    QCOMPARE(row->structuredOutput, takesThem);
    const auto wire = wireOf(*m_registry, *row, u"m"_s, requestOf(u"schema"_s, provider));
    QVERIFY(wire);
    QCOMPARE(wire->http.body.toLower().contains("schema"), takesThem);
    QCOMPARE(wire->warnings.size(), takesThem ? 0 : 1);
    // In the order of its author: models answer in it.
    const QByteArray plain = QByteArray(wire->http.body).replace("\\\"", "\"");
    QCOMPARE(plain.contains("\"why\":{\"type\":\"string\"},\"city\""), takesThem);
}

void tst_RequestBodies::emptyIsRefused()
{
    QFETCH(const QString, provider);
    const ProviderInfo *row = m_registry->provider(provider);
    const auto wire = wireOf(*m_registry, *row, u"m"_s, {});
    // A body without a turn would be paid for or refused far away.
    QVERIFY(!wire);
    QCOMPARE(wire.error().kind, ErrorKind::InputRejected);
}

void tst_RequestBodies::keysStandInHeadersOnly()
{
    QFETCH(const QString, provider);
    const ProviderInfo *row = m_registry->provider(provider);
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    const QUrl url = row->baseUrl.isEmpty() ? QUrl(u"https://example.com"_s) : row->baseUrl;
    const Endpoint endpoint{*row, url, u"m"_s};
    const auto chat =
        adapter->buildRequest(requestOf(u"plain"_s, provider), endpoint, {SecretString(Key)}, {});
    const auto list = adapter->buildModelList(endpoint, {SecretString(Key)}, {}, {});
    QVERIFY(chat && list);
    for (const HttpRequest &http : {chat->http, list->http}) {
        QVERIFY(!http.url.toEncoded().contains(Key));
        QVERIFY(!http.body.contains(Key));
        const bool takesKey = !row->authHeader.isEmpty();
        QCOMPARE(http.headers.value(row->authHeader).contains(Key), takesKey);
    }
}

void tst_RequestBodies::awsKeysSignAndAreRemembered()
{
    const ProviderInfo *row = m_registry->provider(u"bedrock"_s);
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    const SecretString key("AKIDEXAMPLEEXAMPLE:secret-of-the-account:token-of-the-session");
    const Endpoint endpoint{*row, row->baseUrl, u"amazon.nova-lite-v1:0"_s};
    const auto chat = adapter->buildRequest(requestOf(u"plain"_s, {}), endpoint, {key}, {});
    const auto list = adapter->buildModelList(endpoint, {key}, {}, {});
    QVERIFY(chat && list);
    QCOMPARE(list->http.url.host(), u"bedrock.us-east-1.amazonaws.com"_s);
    for (const WireRequest &wire : {*chat, *list}) {
        const HttpHeaders &headers = wire.http.headers;
        const QByteArray proof = headers.value("authorization");
        QVERIFY(proof.startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEEXAMPLE/"));
        QVERIFY(proof.contains("/us-east-1/bedrock/aws4_request"));
        QCOMPARE(headers.value("x-amz-security-token"), "token-of-the-session");
        for (const auto &[name, value] : headers.fields())
            QVERIFY(!value.contains("secret-of-the-account"));
        QCOMPARE(wire.secrets.size(), 2); // an echo of the token alone must be redacted too
        QCOMPARE(wire.secrets.last().revealCopy(), "token-of-the-session");
    }
    const Endpoint europe{*row, QUrl(u"https://bedrock-runtime.eu-west-1.amazonaws.com"_s), u"m"_s};
    const auto there = adapter->buildRequest(requestOf(u"plain"_s, {}), europe, {key}, {});
    QVERIFY(there && there->http.headers.value("authorization").contains("/eu-west-1/bedrock/"));
}

void tst_RequestBodies::awsKeysNeverGoOutThemselves_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("id"); //!< That signs; empty: nothing is sent.
    const auto row = [](const char *name, const char *key, const char *id) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(id);
    };
    row("short-id", "test:secret-of-the-account", "test");
    row("lower-case-id", "akidexampleexample:secret-of-the-account", "akidexampleexample");
    row("id-of-words", "ASIA_TEST-KEY.1:secret-of-the-account:token", "ASIA_TEST-KEY.1");
    row("no-id", ":secret-of-the-account", "");
    row("no-secret", "AKIDEXAMPLEEXAMPLE:", "");
    row("token-in-place-of-the-secret", "AKIDEXAMPLEEXAMPLE::secret-of-the-account", "");
    row("id-with-a-line", "AKID\r\nX:secret-of-the-account", "");
    row("id-in-quotes", "\"AKIDEXAMPLEEXAMPLE\":secret-of-the-account", "");
}

void tst_RequestBodies::awsKeysNeverGoOutThemselves()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, id);
    const ProviderInfo *row = m_registry->provider(u"bedrock"_s);
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    const Endpoint endpoint{*row, row->baseUrl, u"amazon.nova-lite-v1:0"_s};
    const Credential credential{SecretString(key)};
    const ChatRequest request = requestOf(u"plain"_s, {});
    for (const auto &wire : {adapter->buildRequest(request, endpoint, credential, {}),
                             adapter->buildModelList(endpoint, credential, {}, {}),
                             adapter->buildTokenCount(request, endpoint, credential, {})}) {
        QCOMPARE(wire.hasValue(), !id.isEmpty());
        if (!wire) {
            QCOMPARE(wire.error().kind, ErrorKind::KeyMissing);
            QVERIFY(!wire.error().detail.contains(u"secret-of"_s));
            continue;
        }
        QVERIFY(wire->http.headers.value("authorization")
                    .startsWith("AWS4-HMAC-SHA256 Credential=" + id + '/'));
        for (const auto &[name, value] : wire->http.headers.fields())
            QVERIFY(!value.contains("secret-of-the-account"));
    }
}

void tst_RequestBodies::accessTokensTakeThePlaceOfKeys_data()
{
    QTest::addColumn<QString>("provider");
    for (const ProviderInfo &row : m_registry->providers()) {
        if (!row.authHeader.isEmpty())
            QTest::newRow(qPrintable(row.id)) << row.id;
    }
}

void tst_RequestBodies::accessTokensTakeThePlaceOfKeys()
{
    QFETCH(const QString, provider);
    const ProviderInfo *row = m_registry->provider(provider);
    const QUrl url = row->baseUrl.isEmpty() ? QUrl(u"https://example.com"_s) : row->baseUrl;
    const Endpoint endpoint{*row, url, u"m"_s};
    const Credential token{SecretString(Key), CredentialKind::AccessToken};
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    for (const auto &wire : {adapter->buildRequest(requestOf(u"plain"_s, {}), endpoint, token, {}),
                             adapter->buildModelList(endpoint, token, {}, {})}) {
        QVERIFY(wire);
        QCOMPARE(wire->http.headers.value("authorization"), QByteArray("Bearer ") + Key);
        int headersWithIt = 0;
        for (const auto &[name, value] : wire->http.headers.fields())
            headersWithIt += value.contains(Key) ? 1 : 0;
        QCOMPARE(headersWithIt, 1); // no key header beside it
    }
}

QTEST_GUILESS_MAIN(tst_RequestBodies)
#include "tst_requestbodies.moc"
