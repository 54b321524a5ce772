#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;

//! How services are asked for the tokens of a request, and how they answer.
class tst_TokenBodies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void whoCounts();
    void requests_data();
    void requests();
    void emptyIsRefused();
    void cohereCountsTextOnly();
    void answers_data();
    void answers();
    void recordedAnswers_data();
    void recordedAnswers();

private:
    std::optional<ProviderRegistry> m_registry;
};

namespace {

ChatRequest question()
{
    ChatRequest request;
    request.messages.append({Role::User, {TextPart{u"Hi"_s}}});
    request.options.system = u"Be brief."_s;
    request.options.maxOutputTokens = 100;
    request.options.temperature = 0.5;
    request.options.topP = 0.9;
    request.options.stop = QStringList{u"END"_s};
    request.tools.append({u"weather"_s, u"Tells."_s, R"({"type":"object"})"});
    return request;
}

} // namespace

void tst_TokenBodies::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = std::move(registry).value();
}

void tst_TokenBodies::whoCounts()
{
    QStringList counting;
    for (const QString &protocol : m_registry->protocols()) {
        const ProviderAdapter *adapter = m_registry->adapter(protocol);
        if (adapter->countsTokens()) {
            counting.append(protocol);
            continue;
        }
        const auto wire = adapter->buildTokenCount(question(), {}, {}, {});
        QVERIFY(!wire);
        QCOMPARE(wire.error().kind, ErrorKind::InputRejected);
        QVERIFY(!adapter->readTokenCount(R"({"input_tokens":3})"));
    }
    QCOMPARE(counting, QStringList({u"anthropic"_s, u"bedrock"_s, u"cohere"_s, u"gemini"_s}));
}

void tst_TokenBodies::requests_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("anthropic") << u"anthropic"_s << u"claude-sonnet-4-5"_s
                               << u"https://api.anthropic.com/v1/messages/count_tokens"_s
                               << QByteArray(R"({"model":"claude-sonnet-4-5","system":"Be brief.",
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],
            "tools":[{"name":"weather","description":"Tells.","input_schema":{"type":"object"}}]})");
    QTest::newRow("google")
        << u"google"_s << u"gemini-2.5-flash"_s
        << u"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens"_s
        << QByteArray(R"({"generateContentRequest":{"model":"models/gemini-2.5-flash",
            "contents":[{"role":"user","parts":[{"text":"Hi"}]}],
            "systemInstruction":{"parts":[{"text":"Be brief."}]},
            "generationConfig":{"maxOutputTokens":100,"temperature":0.5,"topP":0.9,
                                "stopSequences":["END"]},
            "tools":[{"functionDeclarations":[{"name":"weather","description":"Tells.",
                                               "parametersJsonSchema":{"type":"object"}}]}]}})");
    QTest::newRow("cohere") << u"cohere"_s << u"command-a-03-2025"_s
                            << u"https://api.cohere.com/v1/tokenize"_s
                            << QByteArray(
                                   R"({"model":"command-a-03-2025","text":"Be brief.\nHi"})");
    const QByteArray converse(R"({"input":{"converse":{
        "messages":[{"role":"user","content":[{"text":"Hi"}]}],"system":[{"text":"Be brief."}],
        "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"Tells.",
                                            "inputSchema":{"json":{"type":"object"}}}}]}}}})");
    const auto bedrock = [&converse](const char *name, const QString &model) {
        QTest::newRow(name) << u"bedrock"_s << model
                            << u"https://bedrock-runtime.us-east-1.amazonaws.com/model/"
                               "anthropic.claude-sonnet-4-v1%3A0/count-tokens"_s
                            << converse;
    };
    bedrock("bedrock", u"anthropic.claude-sonnet-4-v1:0"_s);
    bedrock("bedrock-profile", u"us.anthropic.claude-sonnet-4-v1:0"_s);
    bedrock("bedrock-world-profile", u"global.anthropic.claude-sonnet-4-v1:0"_s);
    bedrock("bedrock-profile-arn",
            u"arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-v1:0"_s);
    bedrock("bedrock-model-arn",
            u"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-v1:0"_s);
}

void tst_TokenBodies::requests()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, model);
    QFETCH(const QString, url);
    QFETCH(const QByteArray, body);
    const ProviderInfo *row = m_registry->provider(provider);
    const auto wire = m_registry->adapter(row->protocol)
                          ->buildTokenCount(question(), {*row, row->baseUrl, model},
                                            {SecretString("key-0123456789abcdef")}, {});
    QVERIFY2(wire, wire ? "" : qPrintable(wire.error().detail));
    QCOMPARE(wire->http.url.toString(QUrl::FullyEncoded), url);
    QCOMPARE(QJsonDocument::fromJson(wire->http.body), QJsonDocument::fromJson(body));
    QVERIFY(wire->http.headers.value(row->authHeader).contains("key-0123456789abcdef"));
}

void tst_TokenBodies::emptyIsRefused()
{
    for (const QString &provider : {u"anthropic"_s, u"bedrock"_s, u"cohere"_s, u"google"_s}) {
        const ProviderInfo *row = m_registry->provider(provider);
        const auto wire = m_registry->adapter(row->protocol)
                              ->buildTokenCount({}, {*row, row->baseUrl, u"m"_s}, {}, {});
        QVERIFY(!wire);
        QCOMPARE(wire.error().kind, ErrorKind::InputRejected);
    }
}

void tst_TokenBodies::cohereCountsTextOnly()
{
    const ProviderInfo *row = m_registry->provider(u"cohere"_s);
    const ProviderAdapter *adapter = m_registry->adapter(row->protocol);
    const Endpoint endpoint{*row, row->baseUrl, u"command-a-03-2025"_s};
    ChatRequest request;
    request.messages.append({Role::User, {TextPart{QString(65'536, u'a')}}});
    QVERIFY(adapter->buildTokenCount(request, endpoint, {}, {}));
    request.messages.append({Role::User, {TextPart{u"b"_s}}});
    const auto wire = adapter->buildTokenCount(request, endpoint, {}, {});
    QVERIFY(!wire);
    QCOMPARE(wire.error().kind, ErrorKind::InputRejected);
}

void tst_TokenBodies::answers_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<std::optional<qint64>>("tokens");
    const auto row = [](const char *name, const QString &protocol, const char *body,
                        std::optional<qint64> tokens) {
        QTest::newRow(name) << protocol << QByteArray(body) << tokens;
    };
    row("none-is-zero", u"cohere"_s, R"({"tokens":[]})", 0);
    row("no-number", u"anthropic"_s, R"({"input_tokens":"14"})", std::nullopt);
    row("negative", u"anthropic"_s, R"({"input_tokens":-1})", std::nullopt);
    row("fraction", u"gemini"_s, R"({"totalTokens":1.5})", std::nullopt);
    row("missing", u"bedrock"_s, R"({})", std::nullopt);
    row("no-list", u"cohere"_s, R"({"tokens":3})", std::nullopt);
    row("no-json", u"gemini"_s, "<html>", std::nullopt);
    row("empty", u"anthropic"_s, "", std::nullopt);
}

void tst_TokenBodies::answers()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const std::optional<qint64>, tokens);
    const auto count = m_registry->adapter(protocol)->readTokenCount(body);
    QCOMPARE(count.hasValue(), tokens.has_value());
    if (count)
        QCOMPARE(count->tokens, *tokens);
    else
        QCOMPARE(count.error().kind, ErrorKind::ProtocolError);
}

void tst_TokenBodies::recordedAnswers_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("name");
    QTest::addColumn<TokenCount>("expected");
    QTest::newRow("anthropic") << u"anthropic"_s << u"200-count-tokens"_s << TokenCount{14};
    QTest::newRow("gemini") << u"gemini"_s << u"200-count-tokens"_s << TokenCount{8};
    QTest::newRow("bedrock") << u"bedrock"_s << u"200-count-tokens"_s << TokenCount{11};
    QTest::newRow("cohere") << u"cohere"_s << u"200-tokenize"_s << TokenCount{3, false};
}

void tst_TokenBodies::recordedAnswers()
{
    FARTHING_NEED_RECORDINGS();
    QFETCH(const QString, protocol);
    QFETCH(const QString, name);
    QFETCH(const TokenCount, expected);
    const auto cases =
        QJsonDocument::fromJson(tests::Recordings::read(protocol + "/http.json"_L1)).array();
    for (const QJsonValue &value : cases) {
        if (value["name"_L1].toString() != name)
            continue;
        const auto count =
            m_registry->adapter(protocol)->readTokenCount(value["body"_L1].toString().toUtf8());
        QVERIFY(count);
        QVERIFY(*count == expected);
        return;
    }
    QFAIL("there is no such recording");
}

QTEST_GUILESS_MAIN(tst_TokenBodies)
#include "tst_tokenbodies.moc"
