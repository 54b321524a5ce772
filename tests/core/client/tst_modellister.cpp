#include "tests/core/client/modelbench.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

//! Lists of models over real sockets: pages, caps, keys, failures.
class tst_ModelLister : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void pagesArePutTogether();
    void keyGoesInTheHeaderOnly();
    void noKeyAsksNobody();
    void serversWithoutAKeyAreAsked();
    void missingKeychainIsNoObstacle();
    void openListsProveNoKey_data();
    void openListsProveNoKey();
    void capsHold_data();
    void capsHold();
    void pagesEnd();
    void whatCannotChatIsLeftOut();
    void recordedLists();
    void failures_data();
    void failures();
    void strangeHostIsNotAsked();

private:
    [[nodiscard]] static Result<QList<ModelInfo>> list(ModelBench &bench, const QString &provider)
    {
        Account account = bench.setup.accountOf(provider);
        account.provider = provider;
        return ModelBench::awaited(bench.lister.list(account));
    }
};

namespace {

QByteArray listOf(const QStringList &ids)
{
    QByteArray rows;
    for (const QString &id : ids)
        rows += (rows.isEmpty() ? R"({"id":")" : R"(,{"id":")") + id.toUtf8() + R"("})";
    return R"({"data":[)" + rows + "]}";
}

//! Empty if it is not there.
QByteArray recordedBody(const QString &file, const QString &name)
{
    const auto entries = QJsonDocument::fromJson(Recordings::read(file)).array();
    for (const QJsonValue &entry : entries) {
        if (entry["name"_L1] == name)
            return entry["body"_L1].toString().toUtf8();
    }
    return {};
}

QStringList idsOf(const QList<ModelInfo> &models)
{
    QStringList ids;
    for (const ModelInfo &model : models)
        ids.append(model.id);
    return ids;
}

} // namespace

void tst_ModelLister::init()
{
    QTest::failOnWarning(QRegularExpression(u".?"_s));
}

void tst_ModelLister::pagesArePutTogether()
{
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    bench.server.enqueue(
        Answer::whole(200, R"({"data":[{"id":"a"}],"has_more":true,"last_id":"a"})"));
    bench.server.enqueue(
        Answer::whole(200, R"({"data":[{"id":"b"},{"id":"a"}],"has_more":false,"last_id":"a"})"));
    const auto models = list(bench, u"anthropic"_s);
    QVERIFY(models);
    QCOMPARE(idsOf(*models), QStringList({u"a"_s, u"b"_s})); // each once
    QCOMPARE(bench.server.requests().size(), 2);
    QVERIFY(!bench.server.requests().at(0).target.contains("after_id"));
    QVERIFY(bench.server.requests().at(1).target.contains("after_id=a"));
}

void tst_ModelLister::keyGoesInTheHeaderOnly()
{
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    bench.server.enqueue(Answer::whole(200, R"({"data":[]})"));
    QVERIFY(list(bench, u"anthropic"_s));
    const LoopbackRequest &request = bench.server.requests().first();
    QCOMPARE(request.method, "GET");
    QCOMPARE(request.headers.value("x-api-key"), "key-0123456789abcdef");
    QVERIFY(!request.target.contains("key-0123"));
    QCOMPARE(bench.keys.origins(), QStringList{u"http://127.0.0.1:%1"_s.arg(bench.server.port())});
}

void tst_ModelLister::noKeyAsksNobody()
{
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    bench.keys.fail(ErrorKind::KeyUnavailable);
    const auto models = list(bench, u"anthropic"_s);
    QVERIFY(!models);
    QCOMPARE(models.error().kind, ErrorKind::KeyUnavailable);
    QVERIFY(bench.server.requests().isEmpty());
}

void tst_ModelLister::serversWithoutAKeyAreAsked()
{
    ModelBench bench;
    bench.setUp(u"vllm"_s);
    bench.keys.fail(ErrorKind::KeyMissing);
    bench.server.enqueue(Answer::whole(200, listOf({u"qwen"_s})));
    const auto models = list(bench, u"vllm"_s);
    QVERIFY(models);
    QVERIFY(bench.server.requests().first().headers.value("authorization").isEmpty());
}

void tst_ModelLister::missingKeychainIsNoObstacle()
{
    ModelBench bench;
    bench.setUp(u"vllm"_s);
    bench.keys.fail(ErrorKind::KeyUnavailable);
    const auto locked = list(bench, u"vllm"_s); // its key was saved
    QVERIFY(!locked);
    QCOMPARE(locked.error().kind, ErrorKind::KeyUnavailable);
    Account account = bench.setup.accountOf(u"vllm"_s);
    account.keySaved = false;
    bench.accounts.save(account);
    bench.server.enqueue(Answer::whole(200, listOf({u"qwen"_s})));
    QVERIFY(list(bench, u"vllm"_s));
    QCOMPARE(bench.server.requests().size(), 1);
}

void tst_ModelLister::openListsProveNoKey_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("good-key") << 200 << true;
    QTest::newRow("wrong-key") << 401 << false;
    QTest::newRow("fault") << 500 << false;
    QTest::newRow("server-without-the-call") << 404 << true;
}

//! OpenRouter lists its models to everybody.
void tst_ModelLister::openListsProveNoKey()
{
    QFETCH(const int, status);
    QFETCH(const bool, isGood);
    ModelBench bench;
    bench.setUp(u"openrouter"_s);
    bench.server.enqueue(
        Answer::whole(status, R"({"error":{"code":401,"message":"User not found."}})"));
    bench.server.enqueue(Answer::whole(200, listOf({u"openai/gpt-5"_s})));
    const auto models = list(bench, u"openrouter"_s);
    QCOMPARE(models.hasValue(), isGood);
    QCOMPARE(bench.server.requests().size(), isGood ? 2 : 1);
    const LoopbackRequest &check = bench.server.requests().first();
    QCOMPARE(check.method, "GET");
    QCOMPARE(check.target, "/v1/key");
    QCOMPARE(check.headers.value("authorization"), "Bearer key-0123456789abcdef");
    if (isGood)
        QCOMPARE(bench.server.requests().last().target, "/v1/models");
    else
        QCOMPARE(models.error().provider, u"openrouter"_s);
}

void tst_ModelLister::capsHold_data()
{
    QTest::addColumn<QStringList>("ids");
    QTest::addColumn<int>("expected");
    const auto numbered = [](int count) {
        QStringList ids;
        for (int i = 0; i < count; ++i)
            ids.append(u"m%1"_s.arg(i));
        return ids;
    };
    QTest::newRow("entries-one-less") << numbered(4'999) << 4'999;
    QTest::newRow("entries") << numbered(5'000) << 5'000;
    QTest::newRow("entries-one-more") << numbered(5'001) << 5'000;
    QTest::newRow("name-one-less") << QStringList{QString(199, u'x')} << 1;
    QTest::newRow("name") << QStringList{QString(200, u'x')} << 1;
    QTest::newRow("name-one-more") << QStringList{QString(201, u'x')} << 0;
}

void tst_ModelLister::capsHold()
{
    QFETCH(const QStringList, ids);
    QFETCH(const int, expected);
    ModelBench bench;
    bench.setUp(u"deepseek"_s);
    bench.server.enqueue(Answer::whole(200, listOf(ids)));
    const auto models = list(bench, u"deepseek"_s);
    QVERIFY(models);
    QCOMPARE(models->size(), expected);
}

//! A service whose pages lead on for ever, or to themselves.
void tst_ModelLister::pagesEnd()
{
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    bench.server.enqueue(Answer::whole(200, R"({"data":[],"has_more":true,"last_id":"a"})"));
    bench.server.enqueue(Answer::whole(200, R"({"data":[],"has_more":true,"last_id":"a"})"));
    QVERIFY(list(bench, u"anthropic"_s));
    QCOMPARE(bench.server.requests().size(), 2);
    int pages = 0;
    bench.server.setChooser([&pages](const LoopbackRequest &) {
        return Answer::whole(200, R"({"data":[],"has_more":true,"last_id":")" +
                                      QByteArray::number(++pages) + R"("})");
    });
    QVERIFY(list(bench, u"anthropic"_s));
    QCOMPARE(pages, 200);
}

void tst_ModelLister::whatCannotChatIsLeftOut()
{
    ModelBench bench;
    bench.setUp(u"openai"_s);
    bench.server.enqueue(Answer::whole(
        200, listOf({u"gpt-5"_s, u"text-embedding-3-large"_s, u"whisper-1"_s, u"gpt-image-1"_s,
                     u"gpt-4o-mini-tts"_s, u"gpt-4o-transcribe"_s, u"o4-mini"_s,
                     u"gpt-3.5-turbo-instruct"_s, u"gpt-4o-realtime-preview"_s,
                     u"ft:gpt-4o-mini:acme::1"_s, u"chatgpt-4o-latest"_s})));
    const auto models = list(bench, u"openai"_s);
    QVERIFY(models);
    QCOMPARE(idsOf(*models), QStringList({u"gpt-5"_s, u"o4-mini"_s, u"ft:gpt-4o-mini:acme::1"_s,
                                          u"chatgpt-4o-latest"_s}));
}

//! What the services themselves sent, in whole: each recording of a list or of one of its entries.
void tst_ModelLister::recordedLists()
{
    FARTHING_NEED_RECORDINGS();
    const QByteArray openAi = recordedBody(u"openai/http-bodies.json"_s, u"models-list"_s);
    QVERIFY(!openAi.isEmpty());
    const QList<std::pair<QString, QStringList>> known{
        {u"deepseek"_s, // leaves nothing out
         {u"gpt-4-32k"_s, u"gpt-3.5-turbo"_s, u"whisper-1"_s, u"gpt-3.5-turbo-instruct-0914"_s,
          u"gpt-3.5-turbo-0301"_s}},
        {u"openai"_s, {u"gpt-4-32k"_s, u"gpt-3.5-turbo"_s, u"gpt-3.5-turbo-0301"_s}}};
    for (const auto &[provider, ids] : known) {
        ModelBench bench;
        bench.setUp(provider);
        bench.server.enqueue(Answer::whole(200, openAi));
        const auto models = list(bench, provider);
        QVERIFY(models);
        QCOMPARE(idsOf(*models), ids);
        QVERIFY(!models->first().contextWindow); // that list tells no sizes
    }

    ModelBench google; // a first page of fifty, whose token is given back
    google.setUp(u"google"_s);
    const QByteArray page = recordedBody(u"gemini/http.json"_s, u"200-models-page1"_s);
    google.server.enqueue(Answer::whole(200, page));
    google.server.enqueue(Answer::whole(
        200, R"({"models":[{"name":"models/last","supportedGenerationMethods":["generateContent"]},
                           {"name":"models/none","supportedGenerationMethods":["predict"]}]})"));
    const auto geminis = list(google, u"google"_s);
    QVERIFY(geminis);
    QCOMPARE(google.server.requests().size(), 2);
    QVERIFY(google.server.requests().last().target.contains(
        "pageToken=Ch9tb2RlbHMvdmVvLTMuMS1nZW5lcmF0ZS1wcmV2aWV3"));
    const QStringList ids = idsOf(*geminis);
    QCOMPARE(ids.first(), u"gemini-2.5-flash"_s);
    QCOMPARE(ids.last(), u"last"_s);
    const QJsonArray entries = QJsonDocument::fromJson(page)["models"_L1].toArray();
    QCOMPARE(entries.size(), 50);
    for (const QJsonValue &entry : entries) {
        const QString id = entry["name"_L1].toString().section(u'/', 1);
        const bool canChat =
            entry["supportedGenerationMethods"_L1].toArray().contains("generateContent"_L1);
        if (canChat)
            continue; // some of these are hidden by their names
        QVERIFY2(!ids.contains(id), qPrintable(id));
    }
    for (const QString &id : {u"gemini-3.6-flash"_s, u"gemma-4-31b-it"_s, u"gemini-pro-latest"_s})
        QVERIFY2(ids.contains(id), qPrintable(id));

    ModelBench cohere;
    cohere.setUp(u"cohere"_s);
    cohere.server.enqueue(Answer::whole(
        200, R"({"models":[)" + recordedBody(u"cohere/http.json"_s, u"200-model"_s) + ',' +
                 recordedBody(u"cohere/http.json"_s, u"200-model-with-features"_s) + "]}"));
    const auto commands = list(cohere, u"cohere"_s);
    QVERIFY(commands);
    QCOMPARE(idsOf(*commands), QStringList({u"command-r"_s, u"command-a-03-2025"_s}));
    QCOMPARE(commands->first().contextWindow, std::optional<qint64>(128'000));
    QCOMPARE(commands->first().tools, std::nullopt); // it names no features
    QCOMPARE(commands->last().contextWindow, std::optional<qint64>(288'000));
    QCOMPARE(commands->last().tools, std::optional(true));
    QCOMPARE(commands->last().images, std::optional(false));
}

void tst_ModelLister::failures_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("refused-key")
        << 401
        << QByteArray(R"({"type":"error","error":{"type":"authentication_error","message":"no"}})")
        << ErrorKind::AuthenticationFailed;
    QTest::newRow("not-the-api") << 200 << QByteArray("<html>Log in</html>")
                                 << ErrorKind::ProtocolError;
    QTest::newRow("elsewhere") << 302 << QByteArray() << ErrorKind::Redirected;
    QTest::newRow("overloaded") << 529 << QByteArray() << ErrorKind::Overloaded;
}

void tst_ModelLister::failures()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const ErrorKind, kind);
    ModelBench bench;
    bench.setUp(u"anthropic"_s);
    bench.server.enqueue(
        Answer::whole(status, body).header("Location", "http://127.0.0.1:1/v1/models"));
    const auto models = list(bench, u"anthropic"_s);
    QVERIFY(!models);
    QCOMPARE(models.error().kind, kind);
    QCOMPARE(models.error().provider, u"anthropic"_s);
    QCOMPARE(bench.server.requests().size(), 1); // asked once
}

void tst_ModelLister::strangeHostIsNotAsked()
{
    ModelBench bench;
    Account account = bench.setup.accountOf(u"custom"_s);
    const auto models = ModelBench::awaited(bench.lister.list(account));
    QVERIFY(!models); // no address yet
    account.provider = u"nobody"_s;
    QCOMPARE(ModelBench::awaited(bench.lister.list(account)).error().kind,
             ErrorKind::InputRejected);
}

QTEST_GUILESS_MAIN(tst_ModelLister)
#include "tst_modellister.moc"
