#include "core/practice/practiceprovider.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>

using core::PracticeFault;
using core::PracticeProvider;

namespace {

const QLatin1StringView OpenAi("practice");
const QLatin1StringView Anthropic("practice-anthropic");

struct Received
{
    int status = 0;
    QByteArray body;
    QByteArray retryAfter;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;

    [[nodiscard]] QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    //! The JSON of every data line; "[DONE]" as an empty object.
    [[nodiscard]] QList<QJsonObject> events() const
    {
        QList<QJsonObject> events;
        const QList<QByteArray> lines = body.split('\n');
        for (const QByteArray &line : lines) {
            if (line.startsWith("data: "))
                events.append(QJsonDocument::fromJson(line.mid(6)).object());
        }
        return events;
    }
    //! Answer text of a stream of either protocol.
    [[nodiscard]] QString text() const
    {
        QString text;
        const QList<QJsonObject> all = events();
        for (const QJsonObject &event : all) {
            text += event[QLatin1StringView("choices")][0][QLatin1StringView("delta")]
                         [QLatin1StringView("content")]
                             .toString();
            text += event[QLatin1StringView("delta")][QLatin1StringView("text")].toString();
        }
        return text;
    }
};

} // namespace

class tst_PracticeProvider : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void rowsSayThatItIsSimulated();
    void wrongTokenIsRefused_data();
    void wrongTokenIsRefused();
    void modelsAreListed();
    void anthropicModelsArePaged();
    void streams_data();
    void streams();
    void openAiStreamHasItsShape();
    void anthropicStreamHasItsShape();
    void usageInStreamOnlyWhenAsked();
    void wholeAnswers_data();
    void wholeAnswers();
    void tokenLimitCuts_data();
    void tokenLimitCuts();
    void badRequests_data();
    void badRequests();
    void refusals_data();
    void refusals();
    void faultsInTheStream_data();
    void faultsInTheStream();
    void faultEndsAfterItsTimes();
    void faultOfOneModelLeavesOthersAlone();
    void speedIsKept();
    void stopBreaksWhatRuns();
    void tokenIsNewAtEachStart();
    void countsTokens();

private:
    [[nodiscard]] QNetworkRequest request(QLatin1StringView provider, const QString &path) const;
    [[nodiscard]] QByteArray chat(QLatin1StringView provider, const QString &model,
                                  const QJsonObject &more = {}) const;
    [[nodiscard]] std::unique_ptr<QNetworkReply> send(QLatin1StringView provider,
                                                      const QByteArray &body);
    [[nodiscard]] static Received receive(QNetworkReply &reply);
    [[nodiscard]] Received ask(QLatin1StringView provider, const QString &model,
                               const QJsonObject &more = {});

    core::SystemClock m_clock;
    core::SystemRandom m_random;
    std::unique_ptr<PracticeProvider> m_practice;
    std::unique_ptr<QNetworkAccessManager> m_manager;
};

void tst_PracticeProvider::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_practice = std::make_unique<PracticeProvider>(m_clock, m_random);
    QVERIFY(m_practice->start());
    m_practice->controls().setSpeed(0);
    m_manager = std::make_unique<QNetworkAccessManager>();
}

void tst_PracticeProvider::cleanup()
{
    m_manager.reset();
    m_practice.reset();
}

QNetworkRequest tst_PracticeProvider::request(QLatin1StringView provider, const QString &path) const
{
    const QList<core::ProviderInfo> rows = m_practice->providers();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const core::ProviderInfo &info) {
        return info.id == provider;
    });
    QUrl url = row->baseUrl;
    url.setPath(url.path() + path.section(QLatin1Char('?'), 0, 0));
    url.setQuery(path.section(QLatin1Char('?'), 1));
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    if (provider == OpenAi) {
        request.setRawHeader("Authorization", "Bearer " + m_practice->token().revealCopy());
    } else {
        request.setRawHeader("x-api-key", m_practice->token().revealCopy());
        request.setRawHeader("anthropic-version", "2023-06-01");
    }
    return request;
}

QByteArray tst_PracticeProvider::chat(QLatin1StringView provider, const QString &model,
                                      const QJsonObject &more) const
{
    QJsonObject body{
        {QStringLiteral("model"), model},
        {QStringLiteral("stream"), true},
        {QStringLiteral("messages"),
         QJsonArray{QJsonObject{{QStringLiteral("role"), QStringLiteral("user")},
                                {QStringLiteral("content"), QStringLiteral("What can you do?")}}}}};
    if (provider == Anthropic)
        body[QLatin1StringView("max_tokens")] = 4096;
    else
        body[QLatin1StringView("stream_options")] =
            QJsonObject{{QStringLiteral("include_usage"), true}};
    for (auto it = more.begin(); it != more.end(); ++it)
        body[it.key()] = it.value();
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

std::unique_ptr<QNetworkReply> tst_PracticeProvider::send(QLatin1StringView provider,
                                                          const QByteArray &body)
{
    const QString path =
        provider == OpenAi ? QStringLiteral("/chat/completions") : QStringLiteral("/v1/messages");
    return std::unique_ptr<QNetworkReply>(m_manager->post(request(provider, path), body));
}

Received tst_PracticeProvider::receive(QNetworkReply &reply)
{
    QSignalSpy finished(&reply, &QNetworkReply::finished);
    if (!reply.isFinished() && !finished.wait(10'000))
        return {-1, "no end in 10 s", {}, QNetworkReply::TimeoutError};
    return {reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply.readAll(),
            reply.rawHeader("Retry-After"), reply.error()};
}

Received tst_PracticeProvider::ask(QLatin1StringView provider, const QString &model,
                                   const QJsonObject &more)
{
    const auto reply = send(provider, chat(provider, model, more));
    return receive(*reply);
}

void tst_PracticeProvider::rowsSayThatItIsSimulated()
{
    const QList<core::ProviderInfo> rows = m_practice->providers();
    QCOMPARE(rows.size(), 7);
    for (const core::ProviderInfo &row : rows) {
        QVERIFY(row.simulated);
        QCOMPARE(row.baseUrl.host(), QStringLiteral("127.0.0.1"));
        QVERIFY(row.keyRequired);
    }
    m_practice->stop();
    QVERIFY(m_practice->providers().first().baseUrl.isEmpty());
}

void tst_PracticeProvider::wrongTokenIsRefused_data()
{
    QTest::addColumn<QLatin1StringView>("provider");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("openai-none") << OpenAi << QByteArray("Authorization") << QByteArray();
    QTest::newRow("openai-wrong") << OpenAi << QByteArray("Authorization")
                                  << QByteArray("Bearer x");
    QTest::newRow("anthropic-none") << Anthropic << QByteArray("x-api-key") << QByteArray();
    QTest::newRow("anthropic-wrong") << Anthropic << QByteArray("x-api-key") << QByteArray("x");
}

void tst_PracticeProvider::wrongTokenIsRefused()
{
    QFETCH(const QLatin1StringView, provider);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QNetworkRequest asked = request(provider, provider == OpenAi ? QStringLiteral("/models")
                                                                 : QStringLiteral("/v1/models"));
    asked.setRawHeader(header, value.isEmpty() ? QByteArray() : value);
    const std::unique_ptr<QNetworkReply> reply(m_manager->get(asked));
    const Received received = receive(*reply);
    QCOMPARE(received.status, 401);
    const QJsonValue error = received.object()[QLatin1StringView("error")];
    if (provider == OpenAi)
        QCOMPARE(error[QLatin1StringView("code")].toString(), QStringLiteral("invalid_api_key"));
    else
        QCOMPARE(error[QLatin1StringView("type")].toString(),
                 QStringLiteral("authentication_error"));
    QVERIFY(!received.body.contains(m_practice->token().revealCopy()));
}

void tst_PracticeProvider::modelsAreListed()
{
    const std::unique_ptr<QNetworkReply> reply(
        m_manager->get(request(OpenAi, QStringLiteral("/models"))));
    const Received received = receive(*reply);
    QCOMPARE(received.status, 200);
    QStringList ids;
    const QJsonArray data = received.object()[QLatin1StringView("data")].toArray();
    for (const QJsonValue &model : data)
        ids.append(model[QLatin1StringView("id")].toString());
    QCOMPARE(ids, QStringList({QStringLiteral("practice-fast"), QStringLiteral("practice-steady"),
                               QStringLiteral("practice-thinker")}));
}

void tst_PracticeProvider::anthropicModelsArePaged()
{
    QStringList ids;
    QString after;
    bool more = true;
    while (more && ids.size() < 10) {
        const std::unique_ptr<QNetworkReply> reply(m_manager->get(request(
            Anthropic, QStringLiteral("/v1/models?limit=2") +
                           (after.isEmpty() ? QString() : QStringLiteral("&after_id=") + after))));
        const QJsonObject page = receive(*reply).object();
        const QJsonArray data = page[QLatin1StringView("data")].toArray();
        for (const QJsonValue &model : data)
            ids.append(model[QLatin1StringView("id")].toString());
        after = page[QLatin1StringView("last_id")].toString();
        more = page[QLatin1StringView("has_more")].toBool();
    }
    QCOMPARE(ids.size(), 3);
    QCOMPARE(ids.last(), QStringLiteral("practice-thinker"));
}

void tst_PracticeProvider::streams_data()
{
    QTest::addColumn<QLatin1StringView>("provider");
    QTest::newRow("openai-chat") << OpenAi;
    QTest::newRow("anthropic") << Anthropic;
}

void tst_PracticeProvider::streams()
{
    QFETCH(const QLatin1StringView, provider);
    const Received received = ask(provider, QStringLiteral("practice-fast"));
    QCOMPARE(received.status, 200);
    const QString text = received.text();
    QVERIFY(text.startsWith(QLatin1StringView("> What can you do?\n")));
    QVERIFY(text.contains(QLatin1StringView("## What Farthing does")));
}

void tst_PracticeProvider::openAiStreamHasItsShape()
{
    const Received received = ask(OpenAi, QStringLiteral("practice-thinker"));
    QVERIFY(received.body.endsWith("data: [DONE]\n\n"));
    QList<QJsonObject> events = received.events();
    events.removeLast();
    const QJsonObject usage = events.takeLast()[QLatin1StringView("usage")].toObject();
    QCOMPARE(events.last()[QLatin1StringView("choices")][0][QLatin1StringView("finish_reason")],
             QJsonValue(QStringLiteral("stop")));
    int reasoning = 0;
    int content = 0;
    for (const QJsonObject &event : std::as_const(events)) {
        QCOMPARE(event[QLatin1StringView("id")], events.first()[QLatin1StringView("id")]);
        const QJsonValue delta = event[QLatin1StringView("choices")][0][QLatin1StringView("delta")];
        reasoning += delta[QLatin1StringView("reasoning_content")].isString() ? 1 : 0;
        content += delta[QLatin1StringView("content")].toString().isEmpty() ? 0 : 1;
    }
    QVERIFY(reasoning > 10);
    QCOMPARE(usage[QLatin1StringView("completion_tokens")].toInt(), reasoning + content);
    QCOMPARE(
        usage[QLatin1StringView("completion_tokens_details")][QLatin1StringView("reasoning_tokens")]
            .toInt(),
        reasoning);
    QVERIFY(usage[QLatin1StringView("prompt_tokens")].toInt() >= 4);
}

void tst_PracticeProvider::anthropicStreamHasItsShape()
{
    const Received received = ask(Anthropic, QStringLiteral("practice-thinker"));
    QStringList types;
    const QList<QJsonObject> events = received.events();
    for (const QJsonObject &event : events) {
        const QString type = event[QLatin1StringView("type")].toString();
        if (types.isEmpty() || types.last() != type)
            types.append(type);
    }
    QCOMPARE(types.join(QLatin1Char(' ')),
             QStringLiteral("message_start ping content_block_start content_block_delta "
                            "content_block_stop content_block_start content_block_delta "
                            "content_block_stop message_delta message_stop"));
    QCOMPARE(received.body.count("event: "), events.size());
    QVERIFY(received.body.contains("signature_delta"));
    const QJsonObject last = events.at(events.size() - 2);
    QCOMPARE(last[QLatin1StringView("delta")][QLatin1StringView("stop_reason")].toString(),
             QStringLiteral("end_turn"));
    const QJsonValue usage = last[QLatin1StringView("usage")];
    const int thinking =
        usage[QLatin1StringView("output_tokens_details")][QLatin1StringView("thinking_tokens")]
            .toInt();
    QVERIFY(thinking > 10);
    QVERIFY(usage[QLatin1StringView("output_tokens")].toInt() > thinking);
}

void tst_PracticeProvider::usageInStreamOnlyWhenAsked()
{
    const Received received = ask(OpenAi, QStringLiteral("practice-fast"),
                                  {{QStringLiteral("stream_options"), QJsonValue::Null}});
    QCOMPARE(received.status, 200);
    QVERIFY(!received.body.contains("usage"));
    QVERIFY(received.body.endsWith("data: [DONE]\n\n"));
}

void tst_PracticeProvider::wholeAnswers_data()
{
    streams_data();
}

void tst_PracticeProvider::wholeAnswers()
{
    QFETCH(const QLatin1StringView, provider);
    const QString model = QStringLiteral("practice-fast");
    const QString streamed = ask(provider, model).text();
    const Received received = ask(provider, model, {{QStringLiteral("stream"), false}});
    QCOMPARE(received.status, 200);
    const QJsonObject object = received.object();
    const QJsonValue text =
        provider == OpenAi ? object[QLatin1StringView("choices")][0][QLatin1StringView("message")]
                                   [QLatin1StringView("content")]
                           : object[QLatin1StringView("content")][0][QLatin1StringView("text")];
    QCOMPARE(text.toString(), streamed);
    QVERIFY(object[QLatin1StringView("usage")].toObject().size() >= 4);
}

void tst_PracticeProvider::tokenLimitCuts_data()
{
    streams_data();
}

void tst_PracticeProvider::tokenLimitCuts()
{
    QFETCH(const QLatin1StringView, provider);
    const Received received =
        ask(provider, QStringLiteral("practice-fast"), {{QStringLiteral("max_tokens"), 5}});
    QCOMPARE(received.text(), QStringLiteral("> What can you do?\n\n"));
    QVERIFY(received.body.contains(provider == OpenAi ? R"("finish_reason":"length")"
                                                      : R"("stop_reason":"max_tokens")"));
    QVERIFY(received.body.contains(provider == OpenAi ? R"("completion_tokens":5)"
                                                      : R"("output_tokens":5)"));
}

void tst_PracticeProvider::badRequests_data()
{
    QTest::addColumn<QLatin1StringView>("provider");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    for (const QLatin1StringView provider : {OpenAi, Anthropic}) {
        const auto row = [&](const char *name, const QByteArray &body, int status) {
            QTest::addRow("%s-%s", provider == OpenAi ? "openai-chat" : "anthropic", name)
                << provider << body << status;
        };
        row("no-json", "{", 400);
        row("no-messages", R"({"model":"practice-fast","max_tokens":9})", 400);
        row("no-user", R"({"model":"practice-fast","max_tokens":9,"messages":[]})", 400);
        row("limit-zero",
            R"({"model":"practice-fast","max_tokens":0,"messages":[{"role":"user","content":"a"}]})",
            400);
        row("unknown-model",
            R"({"model":"gpt","max_tokens":9,"messages":[{"role":"user","content":"a"}]})", 404);
    }
    QTest::newRow("anthropic-no-limit")
        << Anthropic
        << QByteArray(R"({"model":"practice-fast","messages":[{"role":"user","content":"a"}]})")
        << 400;
}

void tst_PracticeProvider::badRequests()
{
    QFETCH(const QLatin1StringView, provider);
    QFETCH(const QByteArray, body);
    const auto reply = send(provider, body);
    const Received received = receive(*reply);
    QTEST(received.status, "status");
    QVERIFY(!received.object()[QLatin1StringView("error")][QLatin1StringView("message")]
                 .toString()
                 .isEmpty());
}

void tst_PracticeProvider::refusals_data()
{
    QTest::addColumn<PracticeFault>("fault");
    QTest::addColumn<int>("openAiStatus");
    QTest::addColumn<int>("anthropicStatus");
    QTest::newRow("rate-limited") << PracticeFault::RateLimited << 429 << 429;
    QTest::newRow("quota") << PracticeFault::QuotaExhausted << 429 << 402;
    QTest::newRow("overloaded") << PracticeFault::Overloaded << 503 << 529;
    QTest::newRow("server-error") << PracticeFault::ServerError << 500 << 500;
    QTest::newRow("wrong-key") << PracticeFault::WrongKey << 401 << 401;
}

void tst_PracticeProvider::refusals()
{
    QFETCH(const PracticeFault, fault);
    QFETCH(const int, openAiStatus);
    QFETCH(const int, anthropicStatus);
    m_practice->controls().setFault({}, {fault, {}, std::chrono::seconds(7), 0});
    for (const QLatin1StringView provider : {OpenAi, Anthropic}) {
        const Received received = ask(provider, QStringLiteral("practice-fast"));
        QCOMPARE(received.status, provider == OpenAi ? openAiStatus : anthropicStatus);
        QVERIFY(received.object()[QLatin1StringView("error")].isObject());
        QCOMPARE(received.retryAfter,
                 fault == PracticeFault::RateLimited ? QByteArray("7") : QByteArray());
    }
}

void tst_PracticeProvider::faultsInTheStream_data()
{
    QTest::addColumn<QLatin1StringView>("provider");
    QTest::addColumn<PracticeFault>("fault");
    for (const QLatin1StringView provider : {OpenAi, Anthropic}) {
        const auto row = [&](const char *name, PracticeFault fault) {
            QTest::addRow("%s-%s", provider == OpenAi ? "openai-chat" : "anthropic", name)
                << provider << fault;
        };
        row("stall", PracticeFault::StallInStream);
        row("close", PracticeFault::CloseInStream);
        row("reset", PracticeFault::ResetInStream);
        row("error", PracticeFault::ErrorInStream);
        row("stall-before-head", PracticeFault::StallBeforeHead);
    }
}

void tst_PracticeProvider::faultsInTheStream()
{
    QFETCH(const QLatin1StringView, provider);
    QFETCH(const PracticeFault, fault);
    const QString model = QStringLiteral("practice-steady");
    const QString whole = ask(provider, model).text();
    m_practice->controls().setFault(model, {fault, {}, {}, 5});
    const auto reply = send(provider, chat(provider, model));
    if (fault == PracticeFault::StallInStream || fault == PracticeFault::StallBeforeHead) {
        // Silence has no event to wait for: the client leaves, and the server goes on serving.
        if (fault == PracticeFault::StallInStream)
            QTRY_VERIFY(reply->peek(100'000).contains("you "));
        QVERIFY(!reply->isFinished());
        QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid(),
                 fault == PracticeFault::StallInStream);
        reply->abort();
        m_practice->controls().clearFaults();
        QCOMPARE(ask(provider, model).text(), whole);
        return;
    }
    const Received received = receive(*reply);
    QCOMPARE(received.status, 200);
    QCOMPARE(received.text(), QStringLiteral("> What can you do?\n\n"));
    QVERIFY(!received.body.contains("[DONE]") && !received.body.contains("message_stop"));
    // Qt may call even a broken body a good one, so the other way round only.
    if (fault != PracticeFault::ResetInStream)
        QCOMPARE(received.error, QNetworkReply::NoError);
    if (fault == PracticeFault::ErrorInStream)
        QVERIFY(received.events().last()[QLatin1StringView("error")].isObject());
}

void tst_PracticeProvider::faultEndsAfterItsTimes()
{
    const QString model = QStringLiteral("practice-fast");
    m_practice->controls().setFault(model, {PracticeFault::Overloaded, 2, {}, 0});
    QCOMPARE(ask(OpenAi, model).status, 503);
    QCOMPARE(ask(Anthropic, model).status, 529);
    QCOMPARE(ask(OpenAi, model).status, 200);
}

void tst_PracticeProvider::faultOfOneModelLeavesOthersAlone()
{
    m_practice->controls().setFault(QStringLiteral("practice-fast"),
                                    {PracticeFault::ServerError, {}, {}, 0});
    QCOMPARE(ask(OpenAi, QStringLiteral("practice-fast")).status, 500);
    QCOMPARE(ask(OpenAi, QStringLiteral("practice-steady")).status, 200);
}

void tst_PracticeProvider::speedIsKept()
{
    m_practice->controls().setSpeed(100);
    QElapsedTimer timer;
    timer.start();
    const Received received =
        ask(OpenAi, QStringLiteral("practice-fast"), {{QStringLiteral("max_tokens"), 20}});
    QVERIFY(received.body.contains(R"("completion_tokens":20)"));
    // 19 gaps of 10 ms. No upper bound: machines are busy.
    QVERIFY2(timer.elapsed() >= 190, qPrintable(QString::number(timer.elapsed())));
}

void tst_PracticeProvider::stopBreaksWhatRuns()
{
    m_practice->controls().setSpeed(1); // an answer of minutes
    const auto reply = send(OpenAi, chat(OpenAi, QStringLiteral("practice-fast")));
    QTRY_VERIFY(reply->bytesAvailable() > 0);
    const quint16 port = quint16(reply->url().port());
    QElapsedTimer timer;
    timer.start();
    m_practice->stop();
    QVERIFY(timer.elapsed() < 20'000);
    QVERIFY(!m_practice->isRunning());
    QVERIFY(!receive(*reply).body.contains("[DONE]"));
    QTcpSocket socket;
    QSignalSpy failed(&socket, &QTcpSocket::errorOccurred);
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    QVERIFY(failed.count() == 1 || failed.wait());
    QCOMPARE(socket.error(), QAbstractSocket::ConnectionRefusedError);
}

void tst_PracticeProvider::tokenIsNewAtEachStart()
{
    const QByteArray first = m_practice->token().revealCopy();
    QVERIFY(first.size() > 64);
    m_practice->stop();
    QVERIFY(m_practice->token().isEmpty());
    QVERIFY(m_practice->start());
    QVERIFY(m_practice->token().revealCopy() != first);
}

void tst_PracticeProvider::countsTokens()
{
    const QByteArray body =
        R"({"model":"practice-fast","system":"a b","messages":[{"role":"user","content":"c d e"}]})";
    const std::unique_ptr<QNetworkReply> reply(
        m_manager->post(request(Anthropic, QStringLiteral("/v1/messages/count_tokens")), body));
    const Received received = receive(*reply);
    QCOMPARE(received.status, 200);
    QCOMPARE(received.object()[QLatin1StringView("input_tokens")].toInt(), 2 + 3 + 4);
}

QTEST_GUILESS_MAIN(tst_PracticeProvider)
#include "tst_practiceprovider.moc"
