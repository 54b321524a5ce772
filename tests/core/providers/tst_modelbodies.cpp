#include "core/net/urlpolicy.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;

Q_DECLARE_METATYPE(core::ModelInfo)

//! What each adapter reads out of the lists of models that services send.
class tst_ModelBodies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void models_data();
    void models();
    void whatIsNoChatModel_data();
    void whatIsNoChatModel();
    void pagesLeadOn_data();
    void pagesLeadOn();
    void noListIsAnError_data();
    void noListIsAnError();
    void profilesLearnFromTheirModels();
    void recordedGeminiList();
    void keysStayWithTheirOrigin_data();
    void keysStayWithTheirOrigin();

private:
    [[nodiscard]] const ProviderAdapter &adapter(const QString &protocol) const
    {
        return *m_registry->adapter(protocol);
    }
    std::optional<ProviderRegistry> m_registry;
};

namespace {

ModelInfo model(const QString &id, const QString &name = {})
{
    ModelInfo info;
    info.id = id;
    info.name = name;
    return info;
}

} // namespace

void tst_ModelBodies::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = std::move(registry).value();
}

void tst_ModelBodies::models_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ModelInfo>("expected");

    QTest::newRow("openai-tells-nothing")
        << u"openai-chat"_s
        << QByteArray(R"({"object":"list","data":[{"id":"gpt-5","object":"model","created":1}]})")
        << model(u"gpt-5"_s);
    QTest::newRow("bare-list") << u"openai-chat"_s << QByteArray(R"([{"id":"m"}])")
                               << model(u"m"_s);
    ModelInfo router = model(u"openai/gpt-5"_s, u"OpenAI: GPT-5"_s);
    router.contextWindow = 400'000;
    router.maxOutput = 128'000;
    router.images = true;
    router.documents = true;
    router.tools = true;
    router.reasoning = false;
    QTest::newRow("openrouter") << u"openai-chat"_s
                                << QByteArray(
                                       R"({"data":[{"id":"openai/gpt-5","name":"OpenAI: GPT-5",
            "context_length":400000,"architecture":{"input_modalities":["text","image","file"],
            "output_modalities":["text"]},"top_provider":{"max_completion_tokens":128000},
            "supported_parameters":["tools","temperature"],"pricing":{"prompt":"0.00000125"}}]})")
                                << router;
    ModelInfo mistral = model(u"mistral-large-latest"_s, u"mistral-large-2411"_s);
    mistral.contextWindow = 131'072;
    mistral.images = false;
    mistral.tools = true;
    QTest::newRow("mistral")
        << u"openai-chat"_s
        << QByteArray(R"({"data":[{"id":"mistral-large-latest","name":"mistral-large-2411",
            "max_context_length":131072,"capabilities":{"completion_chat":true,"vision":false,
            "function_calling":true}}]})")
        << mistral;
    ModelInfo groq = model(u"openai/gpt-oss-20b"_s);
    groq.contextWindow = 131'072;
    groq.maxOutput = 65'536;
    QTest::newRow("groq") << u"openai-chat"_s << QByteArray(R"({"data":[{"id":"openai/gpt-oss-20b",
            "context_window":131072,"max_completion_tokens":65536}]})")
                          << groq;
    ModelInfo vllm = model(u"qwen"_s);
    vllm.contextWindow = 32'768;
    QTest::newRow("vllm") << u"openai-chat"_s
                          << QByteArray(R"({"data":[{"id":"qwen","max_model_len":32768}]})")
                          << vllm;
    ModelInfo llama = model(u"/models/qwen.gguf"_s);
    llama.contextWindow = 40'960;
    QTest::newRow("llama-cpp")
        << u"openai-chat"_s
        << QByteArray(R"({"models":[],"data":[{"id":"/models/qwen.gguf","meta":{"n_ctx_train":40960,
            "n_params":8190735360}}]})")
        << llama;
    QTest::newRow("members-of-odd-types")
        << u"openai-chat"_s
        << QByteArray(R"({"data":[{"id":"m","name":7,"context_length":"big","context_window":0,
            "capabilities":[],"architecture":"none","supported_parameters":{},"meta":null,
            "top_provider":{"max_completion_tokens":null}}]})")
        << model(u"m"_s);

    ModelInfo claude = model(u"claude-sonnet-4-5"_s, u"Claude Sonnet 4.5"_s);
    claude.contextWindow = 1'000'000;
    claude.maxOutput = 64'000;
    claude.images = true;
    claude.documents = false;
    claude.reasoning = true;
    QTest::newRow("anthropic") << u"anthropic"_s
                               << QByteArray(R"({"data":[{"type":"model","id":"claude-sonnet-4-5",
            "display_name":"Claude Sonnet 4.5","max_input_tokens":1000000,"max_tokens":64000,
            "capabilities":{"image_input":{"supported":true},"pdf_input":false,
            "thinking":{"supported":true,"types":{}}}}],"has_more":false})")
                               << claude;
    QTest::newRow("anthropic-older-answer")
        << u"anthropic"_s
        << QByteArray(R"({"data":[{"type":"model","id":"claude-2","capabilities":null}]})")
        << model(u"claude-2"_s);

    ModelInfo command = model(u"command-a-vision"_s);
    command.contextWindow = 128'000;
    command.images = true;
    command.tools = false;
    command.reasoning = false;
    QTest::newRow("cohere") << u"cohere"_s << QByteArray(R"({"models":[{"name":"command-a-vision",
            "endpoints":["chat"],"context_length":128000,"features":["vision","json_mode"]}]})")
                            << command;

    ModelInfo nova = model(u"amazon.nova-lite-v1:0"_s, u"Nova Lite"_s);
    nova.images = true;
    QTest::newRow("bedrock-on-demand")
        << u"bedrock"_s << QByteArray(R"({"modelSummaries":[{"modelId":"amazon.nova-lite-v1:0",
            "modelName":"Nova Lite","inputModalities":["TEXT","IMAGE"],"outputModalities":["TEXT"],
            "inferenceTypesSupported":["ON_DEMAND"],"responseStreamingSupported":true}]})")
        << nova;
    ModelInfo profile = model(u"eu.anthropic.claude-sonnet-4-5-v1:0"_s, u"EU Claude"_s);
    profile.behind = u"anthropic.claude-sonnet-4-5-v1:0"_s;
    QTest::newRow("bedrock-profile")
        << u"bedrock"_s
        << QByteArray(R"({"inferenceProfileSummaries":[{"inferenceProfileName":"EU Claude",
            "inferenceProfileId":"eu.anthropic.claude-sonnet-4-5-v1:0","status":"ACTIVE",
            "type":"SYSTEM_DEFINED","models":[{"modelArn":
            "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-5-v1:0"}]}]})")
        << profile;
    ModelInfo own = model(
        u"arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2"_s, u"team"_s);
    own.behind = u"amazon.nova-lite-v1:0"_s;
    QTest::newRow("bedrock-own-profile-by-its-arn")
        << u"bedrock"_s
        << QByteArray(R"({"inferenceProfileSummaries":[{"inferenceProfileName":"team",
            "inferenceProfileArn":
            "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2",
            "inferenceProfileId":"a1b2","status":"ACTIVE","type":"APPLICATION","models":[{
            "modelArn":"arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"}]}]})")
        << own;
}

void tst_ModelBodies::models()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const ModelInfo, expected);
    const auto page = adapter(protocol).readModelList(body);
    QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
    QCOMPARE(page->models.size(), 1);
    const ModelInfo actual = page->models.first();
    QCOMPARE(actual.id, expected.id);
    QCOMPARE(actual.name, expected.name);
    QCOMPARE(actual.behind, expected.behind);
    QCOMPARE(actual.contextWindow, expected.contextWindow);
    QCOMPARE(actual.maxOutput, expected.maxOutput);
    QCOMPARE(actual.images, expected.images);
    QCOMPARE(actual.documents, expected.documents);
    QCOMPARE(actual.tools, expected.tools);
    QCOMPARE(actual.reasoning, expected.reasoning);
    QVERIFY(actual == expected);
}

void tst_ModelBodies::whatIsNoChatModel_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ModelUse>("expected");
    QTest::newRow("openrouter-image")
        << u"openai-chat"_s
        << QByteArray(R"({"data":[{"id":"i","architecture":{"output_modalities":["image"]}}]})")
        << ModelUse::Other;
    QTest::newRow("mistral-embedding")
        << u"openai-chat"_s
        << QByteArray(R"({"data":[{"id":"e","capabilities":{"completion_chat":false}}]})")
        << ModelUse::Other;
    QTest::newRow("bedrock-image")
        << u"bedrock"_s
        << QByteArray(R"({"modelSummaries":[{"modelId":"i","outputModalities":["IMAGE"],
            "inferenceTypesSupported":["ON_DEMAND"]}]})")
        << ModelUse::Other;
    QTest::newRow("bedrock-without-streaming")
        << u"bedrock"_s
        << QByteArray(R"({"modelSummaries":[{"modelId":"i","outputModalities":["TEXT"],
            "responseStreamingSupported":false,"inferenceTypesSupported":["ON_DEMAND"]}]})")
        << ModelUse::Other;
    QTest::newRow("bedrock-through-a-profile")
        << u"bedrock"_s
        << QByteArray(R"({"modelSummaries":[{"modelId":"i","outputModalities":["TEXT"],
            "inferenceTypesSupported":["INFERENCE_PROFILE"]}]})")
        << ModelUse::OnlyBehind;
}

void tst_ModelBodies::whatIsNoChatModel()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const ModelUse, expected);
    const auto page = adapter(protocol).readModelList(body);
    QVERIFY(page);
    QCOMPARE(page->models.size(), 1);
    QCOMPARE(page->models.first().use, expected);
}

void tst_ModelBodies::pagesLeadOn_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("inQuery");
    QTest::newRow("anthropic") << u"anthropic"_s
                               << QByteArray(R"({"data":[],"has_more":true,"last_id":"c-1"})")
                               << u"after_id=c-1"_s;
    QTest::newRow("gemini") << u"gemini"_s
                            << QByteArray(R"({"models":[],"nextPageToken":"a+/=&b"})")
                            << u"pageToken=a%2B%2F%3D%26b"_s;
    QTest::newRow("cohere") << u"cohere"_s << QByteArray(R"({"models":[],"next_page_token":"a+b"})")
                            << u"page_token=a%2Bb"_s;
    QTest::newRow("bedrock") << u"bedrock"_s
                             << QByteArray(R"({"inferenceProfileSummaries":[],"nextToken":"a+/b"})")
                             << u"nextToken=a%2B%2Fb"_s;
}

void tst_ModelBodies::pagesLeadOn()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, inQuery);
    const auto page = adapter(protocol).readModelList(body);
    QVERIFY(page);
    QVERIFY(!page->next.isEmpty());
    const QUrl root(u"https://bedrock-runtime.us-east-1.amazonaws.com"_s);
    const auto next = adapter(protocol).buildModelList({{}, root, {}}, {}, page->next, {});
    QVERIFY(next);
    QVERIFY2(next->http.url.query(QUrl::FullyEncoded).split(u'&').contains(inQuery),
             qPrintable(next->http.url.query(QUrl::FullyEncoded)));
}

void tst_ModelBodies::noListIsAnError_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    for (const QString &protocol : ProviderRegistry::fromJson(builtInProviders())->protocols()) {
        for (const char *body : {"", "<html>", "{}", "[", R"({"data":{}})", R"({"models":1})"})
            QTest::addRow("%s-%s", qPrintable(protocol), *body ? body : "empty")
                << protocol << QByteArray(body);
    }
}

void tst_ModelBodies::noListIsAnError()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    const auto page = adapter(protocol).readModelList(body);
    QVERIFY(!page);
    QCOMPARE(page.error().kind, ErrorKind::ProtocolError);
}

void tst_ModelBodies::profilesLearnFromTheirModels()
{
    const ProviderAdapter &bedrock = adapter(u"bedrock"_s);
    const auto profiles = bedrock.readModelList(R"({"inferenceProfileSummaries":[
        {"inferenceProfileId":"us.a.sees","models":[{"modelArn":"x/a.sees"}]},
        {"inferenceProfileId":"us.a.embeds","models":[{"modelArn":"x/a.embeds"}]},
        {"inferenceProfileId":"us.a.elsewhere","models":[{"modelArn":"x/a.elsewhere"}]},
        {"inferenceProfileId":"us.a.old","status":"INACTIVE"}]})");
    const auto foundation = bedrock.readModelList(R"({"modelSummaries":[
        {"modelId":"a.sees","inputModalities":["TEXT","IMAGE"],"outputModalities":["TEXT"],
         "inferenceTypesSupported":["INFERENCE_PROFILE"]},
        {"modelId":"a.embeds","outputModalities":["EMBEDDING"]}]})");
    QVERIFY(profiles && foundation);
    const QList<ModelInfo> all = bedrock.joined(profiles->models + foundation->models);
    QCOMPARE(all.size(), 5);
    QCOMPARE(all.at(0).images, std::optional(true));
    QCOMPARE(all.at(0).use, ModelUse::Chat);
    QCOMPARE(all.at(1).use, ModelUse::Other);
    QCOMPARE(all.at(2).images, std::nullopt);
    QCOMPARE(all.at(2).use, ModelUse::Chat);
    QCOMPARE(all.at(3).use, ModelUse::OnlyBehind);
}

void tst_ModelBodies::recordedGeminiList()
{
    FARTHING_NEED_RECORDINGS();
    const auto cases = QJsonDocument::fromJson(tests::Recordings::read(u"gemini/http.json"_s));
    for (const QJsonValue &value : cases.array()) {
        if (value["name"_L1].toString() != "200-models-page1"_L1)
            continue;
        const auto page = adapter(u"gemini"_s).readModelList(value["body"_L1].toString().toUtf8());
        QVERIFY(page);
        const ModelInfo &flash = page->models.first();
        QCOMPARE(flash.id, u"gemini-2.5-flash"_s);
        QCOMPARE(flash.contextWindow, std::optional<qint64>(1'048'576));
        QCOMPARE(flash.maxOutput, std::optional<qint64>(65'536));
        QCOMPARE(flash.reasoning, std::optional(true));
        return;
    }
    QFAIL("the recording has no list of models");
}

void tst_ModelBodies::keysStayWithTheirOrigin_data()
{
    QTest::addColumn<QString>("baseUrl");
    QTest::addColumn<QString>("lists"); // the origin that the lists are asked from
    const auto row = [](const char *name, const QString &baseUrl, const QString &lists) {
        QTest::newRow(name) << baseUrl << lists;
    };
    row("commercial", u"https://bedrock-runtime.eu-west-1.amazonaws.com"_s,
        u"https://bedrock.eu-west-1.amazonaws.com"_s);
    row("china", u"https://bedrock-runtime.cn-north-1.amazonaws.com.cn"_s,
        u"https://bedrock.cn-north-1.amazonaws.com.cn"_s);
    row("government", u"https://bedrock-runtime.us-gov-west-1.amazonaws.com"_s,
        u"https://bedrock.us-gov-west-1.amazonaws.com"_s);
    row("fips", u"https://bedrock-runtime-fips.us-east-1.amazonaws.com"_s,
        u"https://bedrock-fips.us-east-1.amazonaws.com"_s);
    // Whoever owns such a host, it is not the control plane that goes with it.
    for (const QString &host : {u"https://bedrock-runtime.bucket.s3.amazonaws.com"_s,
                                u"https://bedrock-runtime.eu-west-1.amazonaws.com.example"_s,
                                u"https://bedrock-runtime.eu-west-1.evil.amazonaws.com"_s,
                                u"https://proxy.example/bedrock"_s, u"http://127.0.0.1:8080"_s,
                                u"https://bedrock-runtime.eu-west-1.amazonaws.com:8443"_s,
                                u"https://vpce-1-2.bedrock-runtime.eu-west-1.vpce.amazonaws.com"_s})
        row(qPrintable(QUrl(host).authority()), host, originOf(QUrl(host)));
}

void tst_ModelBodies::keysStayWithTheirOrigin()
{
    QFETCH(const QString, baseUrl);
    QFETCH(const QString, lists);
    const ProviderAdapter &bedrock = adapter(u"bedrock"_s);
    const Endpoint endpoint{*m_registry->provider(u"bedrock"_s), QUrl(baseUrl), u"m"_s};
    QStringList expected{originOf(endpoint.baseUrl)};
    if (lists != expected.first())
        expected.append(lists);
    QCOMPARE(bedrock.origins(endpoint.baseUrl), expected);
    for (const QString &cursor : {QString(), u"foundation-models"_s}) {
        auto wire = bedrock.buildModelList(endpoint, {SecretString("key")}, cursor, {});
        QVERIFY(wire);
        QCOMPARE(originOf(wire->http.url), lists);
        QVERIFY(checkOrigin(bedrock, endpoint, *wire));
        wire->http.url.setHost(u"bedrock.eu-west-1.example"_s);
        QCOMPARE(checkOrigin(bedrock, endpoint, *wire).error().kind, ErrorKind::Internal);
    }
}

QTEST_GUILESS_MAIN(tst_ModelBodies)
#include "tst_modelbodies.moc"
