// What `farthing ask` sends, to the last member: what was asked for and what the protocol demands,
// once an attempt, to the targets that were named and nobody else.
#include "tests/app/asktarget.h"
#include "tests/app/programrun.h"
#include "tests/support/scriptedserver.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class tst_AskRequests : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingElseIsSent_data();
    void nothingElseIsSent();
    void attachmentGoesInTheRequest();
    void eachAttemptSendsTheSame();
    void fallbacksAreAskedInTheirOrder();

private:
    [[nodiscard]] int run(const QStringList &arguments) const;
    [[nodiscard]] static QJsonObject bodyOf(const core::LoopbackRequest &request)
    {
        return QJsonDocument::fromJson(request.body).object();
    }

    QTemporaryDir m_profile;
};

namespace {

constexpr auto Key = "replay-key-000001";

//! A refusal that nobody tries again.
tests::Answer refusal()
{
    return tests::Answer::whole(401, "{}");
}

QStringList headerNames(const core::LoopbackRequest &request)
{
    QStringList names;
    for (const auto &[name, value] : request.headers.fields())
        names.append(QString::fromLatin1(name).toLower());
    names.sort();
    return names;
}

} // namespace

int tst_AskRequests::run(const QStringList &arguments) const
{
    const tests::ProgramRun run =
        tests::runProgram(QStringList{u"--profile"_s, m_profile.path(), u"ask"_s} + arguments);
    if (run.status != 0 && run.status != 3) // neither an answer nor the service's own refusal
        qInfo("%s", qPrintable(run.messages));
    return run.status;
}

void tst_AskRequests::nothingElseIsSent_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QStringList>("ownHeaders"); //!< Beside those of every request.
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("withOptions");
    const auto row = [](const char *protocol, const char *path, const QStringList &ownHeaders,
                        const QByteArray &plain, const QByteArray &withOptions) {
        QTest::newRow(protocol) << QString::fromLatin1(protocol) << QByteArray(path) << ownHeaders
                                << plain << withOptions;
    };
    row("openai-chat", "/v1/chat/completions", {u"accept"_s, u"authorization"_s},
        R"({"messages":[{"content":"hello","role":"user"}],"model":"model","stream":true,)"
        R"("stream_options":{"include_usage":true}})",
        R"({"max_tokens":50,"messages":[{"content":"S","role":"system"},)"
        R"({"content":"hello","role":"user"}],"model":"model","stream":true,)"
        R"("stream_options":{"include_usage":true},"temperature":0.5})");
    row("openai-responses", "/v1/responses", {u"accept"_s, u"authorization"_s},
        R"({"input":[{"content":[{"text":"hello","type":"input_text"}],"role":"user",)"
        R"("type":"message"}],"model":"model","store":false,"stream":true})",
        R"({"input":[{"content":[{"text":"hello","type":"input_text"}],"role":"user",)"
        R"("type":"message"}],"instructions":"S","max_output_tokens":50,"model":"model",)"
        R"("store":false,"stream":true,"temperature":0.5})");
    row("anthropic", "/v1/messages", {u"anthropic-version"_s, u"x-api-key"_s},
        R"({"max_tokens":8192,"messages":[{"content":[{"text":"hello","type":"text"}],)"
        R"("role":"user"}],"model":"model","stream":true})",
        R"({"max_tokens":50,"messages":[{"content":[{"text":"hello","type":"text"}],)"
        R"("role":"user"}],"model":"model","stream":true,"system":"S","temperature":0.5})");
    row("gemini", "/v1beta/models/model:streamGenerateContent?alt=sse", {u"x-goog-api-key"_s},
        R"({"contents":[{"parts":[{"text":"hello"}],"role":"user"}]})",
        R"({"contents":[{"parts":[{"text":"hello"}],"role":"user"}],)"
        R"("generationConfig":{"maxOutputTokens":50,"temperature":0.5},)"
        R"("systemInstruction":{"parts":[{"text":"S"}]}})");
    row("cohere", "/v2/chat", {u"authorization"_s},
        R"({"messages":[{"content":"hello","role":"user"}],"model":"model","stream":true})",
        R"({"max_tokens":50,"messages":[{"content":"S","role":"system"},)"
        R"({"content":"hello","role":"user"}],"model":"model","stream":true,)"
        R"("temperature":0.5})");
    row("azure", "/openai/v1/chat/completions", {u"accept"_s, u"api-key"_s},
        R"({"messages":[{"content":"hello","role":"user"}],"model":"model","stream":true,)"
        R"("stream_options":{"include_usage":true}})",
        R"({"max_completion_tokens":50,"messages":[{"content":"S","role":"system"},)"
        R"({"content":"hello","role":"user"}],"model":"model","stream":true,)"
        R"("stream_options":{"include_usage":true},"temperature":0.5})");
    row("bedrock", "/model/model/converse-stream", {u"accept"_s, u"authorization"_s},
        R"({"messages":[{"content":[{"text":"hello"}],"role":"user"}]})",
        R"({"inferenceConfig":{"maxTokens":50,"temperature":0.5},)"
        R"("messages":[{"content":[{"text":"hello"}],"role":"user"}],)"
        R"("system":[{"text":"S"}]})");
}

void tst_AskRequests::nothingElseIsSent()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, path);
    QFETCH(const QStringList, ownHeaders);
    QFETCH(const QByteArray, plain);
    QFETCH(const QByteArray, withOptions);
    const tests::AskTarget &service = tests::askTarget(protocol);
    qputenv(service.keyVariable, Key);
    tests::ScriptedServer server;
    server.enqueue(refusal());
    server.enqueue(refusal());
    const QStringList target{u"--target"_s, tests::targetOption(service, server.url())};
    QCOMPARE(run(QStringList{u"hello"_s} + target), 3);
    QCOMPARE(run(QStringList{u"hello"_s, u"--system"_s, u"S"_s, u"--max-output-tokens"_s, u"50"_s,
                             u"--temperature"_s, u"0.5"_s} +
                 target),
             3);
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(server.connectionsAccepted(), 2); // and no one knocked for anything else
    QStringList names{u"accept-encoding"_s, u"accept-language"_s, u"connection"_s,
                      u"content-length"_s,  u"content-type"_s,    u"host"_s,
                      u"user-agent"_s};
    names += ownHeaders;
    names.sort();
    for (const core::LoopbackRequest &request : server.requests()) {
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.target, path);
        QCOMPARE(headerNames(request), names);
        QVERIFY(request.headers.value("user-agent").startsWith("Farthing/"));
        QCOMPARE(request.headers.value("accept-language"), "en"); // not the user's own
        QVERIFY(!request.body.contains(Key));
    }
    QCOMPARE(bodyOf(server.requests().first()), QJsonDocument::fromJson(plain).object());
    QCOMPARE(bodyOf(server.requests().last()), QJsonDocument::fromJson(withOptions).object());
}

//! Its bytes and its name, and not where it lies.
void tst_AskRequests::attachmentGoesInTheRequest()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"dot.gif"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("GIF89a") == 6);
    file.close();
    const tests::AskTarget &service = tests::askTarget(u"openai-responses"_s);
    qputenv(service.keyVariable, Key);
    tests::ScriptedServer server;
    server.enqueue(refusal());
    QCOMPARE(run({u"hello"_s, u"--attach"_s, file.fileName(), u"--yes"_s, u"--target"_s,
                  tests::targetOption(service, server.url())}),
             3);
    QCOMPARE(server.requests().size(), 1);
    const QByteArray body = server.requests().first().body;
    QVERIFY2(body.contains("R0lGODlh"), body.constData()); // in base64
    QVERIFY(!body.contains(folder.path().toUtf8()));
}

void tst_AskRequests::eachAttemptSendsTheSame()
{
    const tests::AskTarget &service = tests::askTarget(u"openai-chat"_s);
    qputenv(service.keyVariable, Key);
    tests::ScriptedServer server;
    server.setChooser([](const core::LoopbackRequest &) {
        return tests::Answer::whole(500, R"({"error":{"type":"server_error"}})")
            .header("retry-after-ms", "1");
    });
    QCOMPARE(run({u"hello"_s, u"--target"_s, tests::targetOption(service, server.url())}), 4);
    QVERIFY(server.requests().size() > 1);
    QSet<QByteArray> targets, bodies;
    for (const core::LoopbackRequest &request : server.requests()) {
        targets.insert(request.target);
        bodies.insert(request.body);
    }
    QCOMPARE(targets.size(), 1);
    QCOMPARE(bodies.size(), 1);
}

void tst_AskRequests::fallbacksAreAskedInTheirOrder()
{
    tests::ScriptedServer first;
    tests::ScriptedServer second;
    tests::ScriptedServer third;
    QStringList asked;
    QStringList arguments{u"hello"_s, u"--no-retry"_s, u"--yes"_s};
    const std::pair<tests::ScriptedServer *, QString> targets[] = {
        {&first, u"openai-chat"_s}, {&second, u"cohere"_s}, {&third, u"anthropic"_s}};
    for (const auto &[server, protocol] : targets) {
        const tests::AskTarget &service = tests::askTarget(protocol);
        qputenv(service.keyVariable, Key);
        arguments += {u"--target"_s, tests::targetOption(service, server->url())};
        server->setChooser([&asked, name = protocol](const core::LoopbackRequest &) {
            asked.append(name);
            return tests::Answer::whole(500, "{}");
        });
    }
    QCOMPARE(run(arguments), 4);
    QCOMPARE(asked, QStringList({u"openai-chat"_s, u"cohere"_s, u"anthropic"_s}));

    asked.clear();
    QCOMPARE(run(arguments + QStringList{u"--no-fallback"_s}), 4);
    QCOMPARE(asked, QStringList{u"openai-chat"_s});
}

QTEST_GUILESS_MAIN(tst_AskRequests)
#include "tst_askrequests.moc"
