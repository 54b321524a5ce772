// What the engine adds to a request and to a piece of its stream, over the transport alone: retry,
// gate, breaker, decoding, ledger and partial text on a real database, all of it. Beside it, in the
// same run, what an npm gateway of the same purpose adds as a process between the two. The service
// is a loopback server in a thread of its own. Medians; the peer needs node and `npm ci` in
// tests/bench/peers, and is left out without.
#include "core/client/chatclient.h"
#include "core/practice/loopbackserver.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/testkeystore.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>

namespace {

constexpr int Pieces = 2'000;
constexpr int ShortRuns = 400; // an answer of one piece
constexpr int LongRuns = 25;   // one of Pieces

QByteArray piece(int number)
{
    return R"(data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"word)" +
           QByteArray::number(number % 10) + " \"}}]}\n\n";
}

//! The service: as many pieces as the prompt says, each a chunk of its own.
class Service
{
public:
    Service()
    {
        m_server = new core::LoopbackServer(
            [](const core::LoopbackRequest &request, core::LoopbackResponse &response) {
                answer(request, response);
            });
        m_server->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
        m_thread.start();
        QMetaObject::invokeMethod(
            m_server, [this] { return m_server->listen(); }, Qt::BlockingQueuedConnection);
        m_url = m_server->url(u"/v1");
    }
    ~Service()
    {
        m_thread.quit();
        m_thread.wait();
    }
    Q_DISABLE_COPY_MOVE(Service)

    [[nodiscard]] QUrl url() const { return m_url; }

private:
    static void answer(const core::LoopbackRequest &request, core::LoopbackResponse &response)
    {
        response.sendHead(200, {{"content-type", "text/event-stream"}});
        const int pieces = request.body.contains("many") ? Pieces : 1;
        for (int i = 0; i < pieces; ++i)
            response.write(piece(i));
        response.write("data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                       "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
                       "\"completion_tokens\":" +
                       QByteArray::number(pieces) + "}}\n\n");
        response.write("data: [DONE]\n\n");
        response.end();
    }

    QThread m_thread;
    core::LoopbackServer *m_server;
    QUrl m_url;
};

struct Cost
{
    double wall = 0; // microseconds
    double cpu = 0;  // of this thread, microseconds
};

double now(clockid_t which)
{
    timespec time{};
    clock_gettime(which, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double medianOf(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

//! The medians of \p runs of each of \p works, which take turns: what else the machine does falls
//! on all of them alike.
QList<Cost> costsOf(const QList<std::function<void()>> &works, int runs)
{
    QList<QList<double>> walls(works.size());
    QList<QList<double>> cpus(works.size());
    for (int run = 0; run < runs + 5; ++run) {
        for (qsizetype i = 0; i < works.size(); ++i) {
            const double wall = now(CLOCK_MONOTONIC);
            const double cpu = now(CLOCK_THREAD_CPUTIME_ID);
            works.at(i)();
            if (run < 5)
                continue;
            walls[i].append(now(CLOCK_MONOTONIC) - wall);
            cpus[i].append(now(CLOCK_THREAD_CPUTIME_ID) - cpu);
        }
    }
    QList<Cost> costs;
    for (qsizetype i = 0; i < works.size(); ++i)
        costs.append({medianOf(walls.at(i)), medianOf(cpus.at(i))});
    return costs;
}

QByteArray bodyOf(const QByteArray &prompt)
{
    return R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[)"
           R"({"role":"user","content":")" +
           prompt + "\"}]}";
}

//! The transport alone: sends, and counts bytes.
void bare(core::HttpTransport &transport, const QUrl &root, const QByteArray &prompt,
          const core::HttpHeaders &more = {})
{
    core::HttpRequest request;
    request.url = QUrl(root.toString() + QStringLiteral("/chat/completions"));
    request.headers = more;
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Authorization", "Bearer none");
    request.body = bodyOf(prompt);
    QObject owner;
    QEventLoop loop;
    qint64 bytes = 0;
    core::HttpExchange *exchange = transport.send(request, {}, &owner);
    QObject::connect(exchange, &core::HttpExchange::bodyReceived, &owner,
                     [&](const QByteArray &slice) { bytes += slice.size(); });
    QObject::connect(exchange, &core::HttpExchange::finished, &loop, &QEventLoop::quit);
    loop.exec();
    if (exchange->error() || exchange->status() != 200 || bytes < 100)
        qFatal("no answer: status %d, %lld bytes", exchange->status(), bytes);
}

class NoAccounts final : public core::AccountBook
{
public:
    [[nodiscard]] core::Account account(const core::Target &target) const override
    {
        core::Account account;
        account.id = target.accountId;
        account.provider = target.provider;
        account.baseUrl = target.baseUrl;
        return account;
    }
};

//! The engine on a real database.
class Engine
{
public:
    explicit Engine(core::HttpTransport &transport)
        : m_store(m_fixture.open())
        , m_chat(m_fixture.chat())
        , m_registry(*core::ProviderRegistry::fromJson(core::builtInProviders()))
        , m_traffic(m_fixture.clock, m_fixture.random, m_registry)
        , m_client({transport, m_fixture.clock, m_fixture.random, m_fixture.ids, m_registry, m_keys,
                    m_accounts, m_store->journal(), m_costs, m_traffic},
                   {})
    {
        (void)m_store->conversations().save(m_chat); // before all that is asked
    }

    void ask(const QUrl &root, const QString &prompt)
    {
        core::Route route;
        route.targets = {{QStringLiteral("llamacpp"), 0, root, QStringLiteral("m"), false}};
        core::ChatRequest request;
        request.messages = {{core::Role::User, {core::TextPart{prompt}}}};
        QObject owner;
        QEventLoop loop;
        const auto *reply = m_client.send(request, route, m_fixture.turn(m_chat, prompt), &owner);
        QObject::connect(reply, &core::ChatReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        if (!reply->result())
            qFatal("no answer: %s", qPrintable(reply->result().error().detail));
    }

private:
    tests::StoreFixture m_fixture;
    std::unique_ptr<core::Store> m_store;
    core::ConversationRecord m_chat;
    core::ProviderRegistry m_registry;
    tests::TestKeyStore m_keys;
    NoAccounts m_accounts;
    core::PriceCatalogue m_prices;
    core::CostCalculator m_costs{m_prices};
    core::TrafficControl m_traffic;
    core::ChatClient m_client;
};

//! The npm gateway, as a process that listens on a port of its own.
class Gateway
{
public:
    Gateway()
    {
        QTcpServer probe; // a port that is free just now
        probe.listen(QHostAddress::LocalHost);
        m_port = probe.serverPort();
        probe.close();
        m_process.start(
            QStringLiteral("node"),
            {QStringLiteral("--import"),
             QStringLiteral(FARTHING_SOURCE_DIR "/tests/bench/peers/mutable-headers.mjs"),
             QStringLiteral(FARTHING_SOURCE_DIR
                            "/tests/bench/peers/node_modules/@portkey-ai/gateway/build/"
                            "start-server.js"),
             QStringLiteral("--port=%1").arg(m_port), QStringLiteral("--headless")});
    }
    ~Gateway()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Gateway)

    [[nodiscard]] bool waitUntilReady()
    {
        for (int i = 0; i < 100 && m_process.state() != QProcess::NotRunning; ++i) {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_port);
            if (socket.waitForConnected(100))
                return true;
            QThread::msleep(100);
        }
        std::printf("peer left out: %s\n", m_process.readAllStandardError().left(200).constData());
        return false;
    }
    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(m_port));
    }
    [[nodiscard]] static core::HttpHeaders headersFor(const QUrl &service)
    {
        core::HttpHeaders headers;
        headers.set("x-portkey-provider", "openai");
        headers.set("x-portkey-custom-host", service.toString().toUtf8());
        return headers;
    }

private:
    QProcess m_process;
    quint16 m_port = 0;
};

void print(const char *name, const Cost &one, const Cost &many, const Cost &bareOne,
           const Cost &bareMany)
{
    const auto perPiece = [&](double Cost::*figure) {
        return ((many.*figure - bareMany.*figure) - (one.*figure - bareOne.*figure)) / (Pieces - 1);
    };
    std::printf("%-28s %10.1f %10.1f %12.2f %12.2f\n", name, one.wall - bareOne.wall,
                one.cpu - bareOne.cpu, perPiece(&Cost::wall), perPiece(&Cost::cpu));
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const Service service;
    core::SystemClock clock;
    core::NetworkOptions direct;
    direct.useSystemProxy = false;
    core::HttpTransport transport(clock, direct);
    Engine engine(transport);
    Gateway gateway;
    const bool hasPeer = gateway.waitUntilReady();
    const core::HttpHeaders through = Gateway::headersFor(service.url());

    const auto works = [&](const char *prompt) {
        QList<std::function<void()>> all{
            [&, prompt] { bare(transport, service.url(), prompt); },
            [&, prompt] { engine.ask(service.url(), QString::fromLatin1(prompt)); }};
        if (hasPeer)
            all.append([&, prompt] { bare(transport, gateway.url(), prompt, through); });
        return all;
    };
    const QList<Cost> one = costsOf(works("one"), ShortRuns);
    const QList<Cost> many = costsOf(works("many"), LongRuns);
    std::printf("transport alone: %.1f us a request of one piece, %.1f us one of %d pieces\n",
                one.first().wall, many.first().wall, Pieces);
    std::printf("%-28s %10s %10s %12s %12s\n", "added, microseconds", "request", "its CPU",
                "a piece", "its CPU");
    print("Farthing's engine", one.at(1), many.at(1), one.first(), many.first());
    if (hasPeer) // its CPU is that of another process, and not counted
        print("@portkey-ai/gateway", one.at(2), many.at(2), one.first(), many.first());
    return 0;
}
