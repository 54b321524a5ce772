#include "core/net/eventstreamparser.h"
#include "core/practice/eventstreamwriter.h"
#include "core/practice/practicerequest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "wirebench.h"

using namespace Qt::StringLiterals;
using core::PracticeFault;
using core::UsageKind;
using tests::FirstTokenCount;
using tests::FirstTokens;
using tests::Question;
using tests::Received;
using tests::WireBench;

namespace {

QJsonObject objectOf(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object();
}

//! As the practice provider counts.
std::int64_t tokensIn(const QString &text)
{
    return core::practiceTokens(text).size();
}

//! The JSON of every data line.
QList<QJsonObject> dataOf(const QByteArray &body)
{
    QList<QJsonObject> events;
    for (const QByteArray &line : body.split('\n')) {
        if (line.startsWith("data: {"))
            events.append(objectOf(line.mid(6)));
    }
    return events;
}

//! A message of the event stream, kept: the parser's own are views.
struct ReadFrame
{
    QString messageType, eventType, exceptionType;
    int headers = 0;
    QByteArray payload;
};

//! All messages of \p body; none if one is broken or cut.
std::optional<QList<ReadFrame>> framesOf(const QByteArray &body)
{
    QList<ReadFrame> frames;
    core::EventStreamParser parser;
    const auto fault = parser.feed(body, [&frames](const core::EventStreamFrame &frame) {
        ReadFrame read;
        read.messageType = QString::fromUtf8(frame.text(":message-type"));
        read.eventType = QString::fromUtf8(frame.text(":event-type"));
        read.exceptionType = QString::fromUtf8(frame.text(":exception-type"));
        for (QByteArrayView rest = frame.headerBytes;
             core::EventStreamFrame::takeHeader(rest).has_value();)
            ++read.headers;
        read.payload = frame.payload.toByteArray();
        frames.append(read);
    });
    if (fault || parser.hasLeftover())
        return std::nullopt;
    return frames;
}

} // namespace

//! Every protocol of the practice provider against the client's own adapter for it: what is
//! answered.
class tst_PracticeWires : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(); }
    void everyProtocolHasItsRow();
    void answers_data() { WireBench::eachProtocol(); }
    void answers();
    void wholeAnswers_data() { WireBench::eachProtocol(); }
    void wholeAnswers();
    void reasons_data() { WireBench::eachProtocol(); }
    void reasons();
    void schemasAreFollowed_data() { WireBench::eachProtocol(); }
    void schemasAreFollowed();
    void limitCuts_data() { WireBench::eachProtocol(); }
    void limitCuts();
    void earlierTurnsCount_data() { WireBench::eachProtocol(); }
    void earlierTurnsCount();
    void models_data() { WireBench::eachProtocol(); }
    void models();
    void modelsArePaged_data();
    void modelsArePaged();
    void counts_data();
    void counts();
    void azureDeployments_data();
    void azureDeployments();
    void responsesNumberTheirEvents();
    void geminiBreaksOffInBareJson();
    void cohereEndsWithItsMark();
    void azureBeginsWithTheFilter();
    void bedrockSendsFrames();
    void framesAreReadBack();

private:
    std::unique_ptr<WireBench> m_bench;
};

void tst_PracticeWires::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_bench = std::make_unique<WireBench>();
}

void tst_PracticeWires::everyProtocolHasItsRow()
{
    QStringList protocols;
    for (const core::ProviderInfo &info : m_bench->practice.providers()) {
        QVERIFY2(m_bench->registry.adapter(info.protocol), qPrintable(info.id));
        QVERIFY(info.simulated);
        QCOMPARE(info.accountOf, info.id == "practice"_L1 ? QString() : u"practice"_s);
        protocols.append(info.protocol);
    }
    protocols.sort();
    QCOMPARE(protocols, m_bench->registry.protocols());
}

void tst_PracticeWires::answers()
{
    QFETCH(const QString, provider);
    const Received received = m_bench->ask(provider);
    QVERIFY2(!received.error, received.error ? qPrintable(received.error->detail) : "");
    QCOMPARE(received.status, 200);
    QVERIFY(received.text().startsWith(FirstTokens));
    QVERIFY(received.text().contains("## What Farthing does"_L1));
    QCOMPARE(received.text(), m_bench->ask(u"practice"_s).text()); // whichever protocol it comes in
    QVERIFY(received.reasoning().isEmpty());
    QVERIFY(received.finish().has_value());
    QCOMPARE(received.finish()->reason, core::FinishReason::Stop);
    QVERIFY(!received.requestId().isEmpty());
    const auto usage = received.usage();
    QVERIFY(usage.has_value());
    QCOMPARE(usage->basis, core::UsageBasis::Provider);
    QCOMPARE(usage->count(UsageKind::Output).value_or(-1), tokensIn(received.text()));
    QCOMPARE(usage->count(UsageKind::Input).value_or(-1), tokensIn(Question) + 4);
}

void tst_PracticeWires::wholeAnswers()
{
    QFETCH(const QString, provider);
    const Received streamed = m_bench->ask(provider, u"practice-thinker"_s);
    core::HttpRequest asked = m_bench->request(provider, u"practice-thinker"_s);
    QJsonObject body = objectOf(asked.body);
    if (body.contains("stream"_L1)) {
        body["stream"_L1] = false;
        body.remove("stream_options"_L1);
        asked.body = QJsonDocument(body).toJson();
    } else {
        QByteArray url = asked.url.toEncoded();
        url.replace("converse-stream", "converse");
        url.replace("streamGenerateContent?alt=sse", "generateContent");
        asked.url = QUrl::fromEncoded(url);
    }
    const Received whole = m_bench->send(provider, asked);
    QVERIFY2(!whole.error, whole.error ? qPrintable(whole.error->detail) : "");
    QVERIFY(whole.headers.value("content-type").startsWith("application/json"));
    QCOMPARE(whole.text(), streamed.text());
    QCOMPARE(whole.reasoning(), streamed.reasoning());
    QCOMPARE(whole.usage()->tokens, streamed.usage()->tokens);
    QCOMPARE(whole.finish()->reason, core::FinishReason::Stop);
}

void tst_PracticeWires::reasons()
{
    QFETCH(const QString, provider);
    const Received received = m_bench->ask(provider, u"practice-thinker"_s);
    QVERIFY2(!received.error, received.error ? qPrintable(received.error->detail) : "");
    QVERIFY(received.reasoning().startsWith("The question has 4 words."_L1));
    QVERIFY(received.text().startsWith(FirstTokens));
    const auto reasoning = tokensIn(received.reasoning());
    const auto usage = received.usage();
    QCOMPARE(usage->count(UsageKind::Output).value_or(-1), reasoning + tokensIn(received.text()));
    if (provider == "practice-bedrock"_L1) // has no number for it
        QVERIFY(!usage->count(UsageKind::OutputReasoning));
    else
        QCOMPARE(usage->count(UsageKind::OutputReasoning).value_or(-1), reasoning);
    const bool seals = provider == "practice-anthropic"_L1 || provider == "practice-google"_L1 ||
                       provider == "practice-bedrock"_L1;
    QCOMPARE(received.signature().isEmpty(), !seals);
}

void tst_PracticeWires::schemasAreFollowed()
{
    QFETCH(const QString, provider);
    core::ChatOptions options;
    options.jsonSchema = R"({"type":"object","properties":{"why":{"type":"string"},"number":)"
                         R"({"type":"integer"}},"required":["why","number"],)"
                         R"("additionalProperties":false})";
    const Received received = m_bench->ask(provider, u"practice-fast"_s, options);
    QVERIFY2(!received.error, received.error ? qPrintable(received.error->detail) : "");
    const QJsonObject answer = objectOf(received.text().toUtf8());
    QCOMPARE(answer.keys(), (QStringList{u"number"_s, u"why"_s}));
    QVERIFY(answer.value("why"_L1).toString().contains(Question));
    QVERIFY(received.text().startsWith("{\"why\""_L1));
}

void tst_PracticeWires::limitCuts()
{
    QFETCH(const QString, provider);
    core::ChatOptions options;
    options.maxOutputTokens = FirstTokenCount;
    const Received cut = m_bench->ask(provider, u"practice-fast"_s, options);
    QVERIFY2(!cut.error, cut.error ? qPrintable(cut.error->detail) : "");
    QCOMPARE(cut.text(), FirstTokens);
    QCOMPARE(cut.finish()->reason, core::FinishReason::Length);
    QCOMPARE(cut.usage()->count(UsageKind::Output).value_or(-1), std::int64_t(FirstTokenCount));
    // The limit covers the reasoning: nothing of the answer is left.
    const Received spent = m_bench->ask(provider, u"practice-thinker"_s, options);
    QVERIFY2(!spent.error, spent.error ? qPrintable(spent.error->detail) : "");
    QCOMPARE(spent.text(), QString());
    QVERIFY(!spent.reasoning().isEmpty());
    QCOMPARE(spent.finish()->reason, core::FinishReason::Length);
    QCOMPARE(spent.usage()->count(UsageKind::Output).value_or(-1), std::int64_t(FirstTokenCount));
}

void tst_PracticeWires::earlierTurnsCount()
{
    QFETCH(const QString, provider);
    // What the adapter sends of an earlier round is read again, attachments too.
    core::ChatRequest chat;
    core::AttachmentPart picture;
    picture.name = u"a.png"_s;
    picture.mimeType = u"image/png"_s;
    picture.data = "not a picture";
    chat.messages = {
        {core::Role::User, {core::TextPart{u"one two"_s}}},
        {core::Role::Assistant, {core::TextPart{u"three"_s}}},
        {core::Role::User, {core::TextPart{u"Count this in a table"_s}, picture}},
    };
    chat.options.system = u"Talk plainly."_s;
    const Received received =
        m_bench->send(provider, m_bench->request(provider, u"practice-fast"_s, chat));
    QVERIFY2(!received.error, received.error ? qPrintable(received.error->detail) : "");
    QVERIFY2(received.text().contains("| earlier questions in this chat | 1 |"_L1),
             qPrintable(received.text()));
    QVERIFY(received.text().contains("| attachments | 1 |"_L1));
    // 2 + 1 + 5 and 2 for the system's, and what the turns cost beside.
    QVERIFY(*received.usage()->count(UsageKind::Input) >= 2 + 1 + 5 + 2 + 3 * 4);
}

void tst_PracticeWires::models()
{
    QFETCH(const QString, provider);
    const core::Endpoint endpoint{m_bench->row(provider), m_bench->row(provider).baseUrl, {}};
    const auto now = m_bench->now();
    QStringList ids;
    QString cursor;
    int pages = 0;
    do {
        const auto wire =
            m_bench->adapter(provider).buildModelList(endpoint, {m_bench->key}, cursor, now);
        QVERIFY(wire);
        const Received received = m_bench->send(provider, wire->http);
        QCOMPARE(received.status, 200);
        const auto page = m_bench->adapter(provider).readModelList(received.body);
        QVERIFY(page);
        for (const core::ModelInfo &model : page->models)
            ids.append(model.id);
        cursor = page->next;
    } while (!cursor.isEmpty() && ++pages < 5);
    QVERIFY(cursor.isEmpty());
    const bool isAzure = provider == "practice-azure"_L1; // deployments are not listed
    QCOMPARE(ids, isAzure ? QStringList()
                          : QStringList(
                                {u"practice-fast"_s, u"practice-steady"_s, u"practice-thinker"_s}));
}

void tst_PracticeWires::modelsArePaged_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("cursorItem");
    QTest::addColumn<QString>("nextMember");
    QTest::newRow("gemini") << u"practice-google"_s << u"/v1beta/models?pageSize=2"_s
                            << u"pageToken"_s << u"nextPageToken"_s;
    QTest::newRow("cohere") << u"practice-cohere"_s << u"/v1/models?page_size=2"_s
                            << u"page_token"_s << u"next_page_token"_s;
}

void tst_PracticeWires::modelsArePaged()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, path);
    QFETCH(const QString, cursorItem);
    QFETCH(const QString, nextMember);
    const QJsonObject first =
        objectOf(m_bench->send(provider, m_bench->plain(provider, "GET", path)).body);
    QCOMPARE(first["models"_L1].toArray().size(), 2);
    const QString next = first[nextMember].toString();
    QVERIFY(!next.isEmpty());
    const QJsonObject last =
        objectOf(m_bench
                     ->send(provider,
                            m_bench->plain(provider, "GET", path + u'&' + cursorItem + u'=' + next))
                     .body);
    QCOMPARE(last["models"_L1].toArray().size(), 1);
    QVERIFY(last["models"_L1][0]["name"_L1].toString().endsWith("practice-thinker"_L1));
    QVERIFY(!last.contains(nextMember));
}

void tst_PracticeWires::counts_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("member");
    QTest::addColumn<int>("count"); // -1: refused
    const auto row = [](const char *name, const char *provider, const char *path,
                        const QByteArray &body, const char *member, int count) {
        QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(path) << body
                            << QString::fromLatin1(member) << count;
    };
    const QByteArray contents = R"("contents":[{"role":"user","parts":[{"text":"c d e"}]}])";
    const char *gemini = "/v1beta/models/practice-fast:countTokens";
    row("gemini", "practice-google", gemini, '{' + contents + '}', "totalTokens", 3 + 4);
    row("gemini-whole-request", "practice-google", gemini,
        R"({"generateContentRequest":{"model":"models/practice-fast",)" + contents +
            R"(,"systemInstruction":{"parts":[{"text":"a b"}]}}})",
        "totalTokens", 2 + 3 + 4);
    row("gemini-nothing", "practice-google", gemini, "{}", "totalTokens", -1);
    const char *bedrock = "/model/practice-fast/count-tokens";
    row("bedrock", "practice-bedrock", bedrock,
        R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"c d e"}]}],)"
        R"("system":[{"text":"a b"}]}}})",
        "inputTokens", 2 + 3 + 4);
    row("bedrock-nothing", "practice-bedrock", bedrock, R"({"input":{}})", "inputTokens", -1);
    row("anthropic", "practice-anthropic", "/v1/messages/count_tokens",
        R"({"model":"practice-fast","messages":[{"role":"user","content":"c d e"}]})",
        "input_tokens", 3 + 4);
}

void tst_PracticeWires::counts()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, path);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, member);
    QFETCH(const int, count);
    const Received received = m_bench->send(provider, m_bench->plain(provider, "POST", path, body));
    QCOMPARE(received.status, count < 0 ? 400 : 200);
    QCOMPARE(objectOf(received.body)[member].toInt(-1), count);
}

void tst_PracticeWires::azureDeployments_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("hasUsage");
    QTest::newRow("new-version") << u"api-version=2024-10-21"_s << true;
    QTest::newRow("old-version-without-usage") << u"api-version=2024-02-01"_s << false;
}

void tst_PracticeWires::azureDeployments()
{
    QFETCH(const QString, query);
    core::ProviderInfo deployments = m_bench->row(u"practice-azure"_s);
    deployments.baseUrl.setQuery(query);
    m_bench->registry.add(deployments);
    const Received received = m_bench->ask(u"practice-azure"_s);
    QVERIFY2(!received.error, received.error ? qPrintable(received.error->detail) : "");
    QVERIFY(received.text().startsWith(FirstTokens));
    QTEST(received.usage().has_value(), "hasUsage");
    // Without a version there is no such surface, and the body's model does not count.
    core::HttpRequest asked = m_bench->request(u"practice-azure"_s, u"practice-fast"_s);
    QVERIFY(asked.url.path().contains("/deployments/practice-fast/"_L1));
    asked.url.setQuery(QString());
    QCOMPARE(m_bench->send(u"practice-azure"_s, asked).status, 400);
    asked = m_bench->request(u"practice-azure"_s, u"nowhere"_s);
    asked.body.replace("nowhere", "practice-fast");
    const Received unknown = m_bench->send(u"practice-azure"_s, asked);
    QCOMPARE(unknown.status, 404);
    QCOMPARE(unknown.error->providerCode, u"DeploymentNotFound"_s);
    QVERIFY(!unknown.headers.contains("content-type"));
}

void tst_PracticeWires::responsesNumberTheirEvents()
{
    for (const bool isBroken : {false, true}) {
        if (isBroken)
            m_bench->fail(PracticeFault::ErrorInStream);
        const Received received = m_bench->ask(u"practice-openai"_s, u"practice-thinker"_s);
        const QList<QJsonObject> events = dataOf(received.body);
        for (qsizetype i = 0; i < events.size(); ++i)
            QCOMPARE(events[i]["sequence_number"_L1].toInteger(), i);
        QCOMPARE(events.first()["type"_L1].toString(), u"response.created"_s);
        QCOMPARE(events.last()["type"_L1].toString(),
                 isBroken ? u"response.failed"_s : u"response.completed"_s);
        QCOMPARE(received.body.count("event: "), events.size());
        QVERIFY(!received.body.contains("[DONE]"));
    }
}

void tst_PracticeWires::geminiBreaksOffInBareJson()
{
    m_bench->fail(PracticeFault::ErrorInStream);
    const Received received = m_bench->ask(u"practice-google"_s);
    QVERIFY(received.body.contains("}\r\n\r\n{\n"));
    const QByteArray rest = received.body.mid(received.body.lastIndexOf("\r\n\r\n"));
    QVERIFY(!rest.contains("data:"));
    QCOMPARE(objectOf(rest)["error"_L1]["status"_L1].toString(), u"UNAVAILABLE"_s);
    m_bench->practice.controls().clearFaults();
    for (const QJsonObject &event : dataOf(m_bench->ask(u"practice-google"_s).body))
        QVERIFY(event["usageMetadata"_L1]["totalTokenCount"_L1].toInteger() > 0);
}

void tst_PracticeWires::cohereEndsWithItsMark()
{
    const Received received = m_bench->ask(u"practice-cohere"_s, u"practice-thinker"_s);
    QVERIFY(received.body.endsWith("\n\ndata: [DONE]\n\n"));
    const QList<QJsonObject> events = dataOf(received.body);
    QCOMPARE(received.body.count("event: "), events.size());
    // What the model saw holds the service's own words; what is billed does not.
    const auto usage = received.usage();
    QVERIFY(usage->contextTokens > usage->count(UsageKind::Input));
    const Received tokens = m_bench->send(
        u"practice-cohere"_s, m_bench->plain(u"practice-cohere"_s, "POST", u"/v1/tokenize"_s,
                                             R"({"text":"c d e","model":"practice-fast"})"));
    QCOMPARE(objectOf(tokens.body)["tokens"_L1].toArray().size(), 3);
    QCOMPARE(objectOf(tokens.body)["token_strings"_L1].toArray(),
             QJsonArray({u"c "_s, u"d "_s, u"e"_s}));
}

void tst_PracticeWires::azureBeginsWithTheFilter()
{
    const QList<QJsonObject> events = dataOf(m_bench->ask(u"practice-azure"_s).body);
    QVERIFY(events.first()["prompt_filter_results"_L1].isArray());
    QVERIFY(events.first()["choices"_L1].toArray().isEmpty());
    QVERIFY(events.first()["model"_L1].toString().isEmpty());
    QVERIFY(events.at(1)["choices"_L1][0]["content_filter_results"_L1].isObject());
}

void tst_PracticeWires::bedrockSendsFrames()
{
    const Received received = m_bench->ask(u"practice-bedrock"_s, u"practice-thinker"_s);
    QCOMPARE(received.headers.value("content-type"), "application/vnd.amazon.eventstream");
    const std::optional<QList<ReadFrame>> frames = framesOf(received.body);
    QVERIFY(frames);
    QStringList types;
    for (const ReadFrame &frame : *frames) {
        QCOMPARE(frame.messageType, u"event"_s);
        QVERIFY(!objectOf(frame.payload)["p"_L1].toString().isEmpty());
        if (types.isEmpty() || types.last() != frame.eventType)
            types.append(frame.eventType);
    }
    QCOMPARE(types.join(u' '), u"messageStart contentBlockDelta contentBlockStop contentBlockDelta "
                               "contentBlockStop messageStop metadata"_s);
    m_bench->fail(PracticeFault::ErrorInStream);
    const auto read = framesOf(m_bench->ask(u"practice-bedrock"_s).body);
    QVERIFY(read);
    QCOMPARE(read->last().messageType, u"exception"_s);
    QCOMPARE(read->last().exceptionType, u"serviceUnavailableException"_s);
}

void tst_PracticeWires::framesAreReadBack()
{
    const QByteArray payload(300, 'x');
    const QByteArray frame =
        core::eventStreamFrame({{":event-type", "1"}, {":empty", ""}}, payload);
    const auto frames = framesOf(frame + core::eventStreamFrame({}, {}));
    QVERIFY(frames);
    QCOMPARE(frames->size(), 2);
    QCOMPARE(frames->first().eventType, u"1"_s);
    QCOMPARE(frames->first().headers, 2);
    QCOMPARE(frames->first().payload, payload);
    QVERIFY(frames->last().payload.isEmpty());
}

QTEST_GUILESS_MAIN(tst_PracticeWires)
#include "tst_practicewires.moc"
