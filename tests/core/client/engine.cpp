#include "tests/core/client/engine.h"

#include "core/pricing/pricecatalogue.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTest>

using namespace std::chrono_literals;

namespace tests {

namespace {

core::NetworkOptions directNetwork()
{
    core::NetworkOptions options;
    options.useSystemProxy = false;
    return options;
}

//! The shipped table plus the services of the tests, all of which speak OpenAI's protocol.
core::ProviderRegistry testRegistry()
{
    QFile table(QStringLiteral(FARTHING_SOURCE_DIR "/resources/providers.json"));
    if (!table.open(QIODevice::ReadOnly))
        qFatal("resources/providers.json cannot be read");
    auto registry = core::ProviderRegistry::fromJson(table.readAll());
    if (!registry)
        qFatal("%s", qPrintable(registry.error().detail));
    for (const char *id : {"one", "two", "three", "local", "plain"}) {
        core::ProviderInfo info;
        info.id = info.name = QString::fromLatin1(id);
        info.protocol = QStringLiteral("openai-chat");
        info.local = info.id == QStringLiteral("local");
        info.keyRequired = !info.local;
        if (!info.local)
            info.authHeader = "authorization";
        info.priceProvider = QStringLiteral("test");
        info.streamUsageOption = true;
        info.images = info.documents = info.tools = info.id != QStringLiteral("plain");
        registry->add(info);
    }
    return std::move(registry).value();
}

core::PriceCatalogue testPrices()
{
    auto prices = core::PriceCatalogue::fromJson(pricesJson());
    if (!prices)
        qFatal("%s", qPrintable(prices.error().detail));
    return std::move(prices).value();
}

} // namespace

class Engine::Prices
{
public:
    core::PriceCatalogue catalogue = testPrices();
    core::CostCalculator calculator{catalogue};
};

Watched::Watched(core::ChatReply *watchedReply)
    : reply(watchedReply)
{
    connect(reply, &core::ChatReply::finished, this, [this] {
        ++finished;
        log += QStringLiteral("finished");
    });
    connect(reply, &core::ChatReply::eventsReceived, this, [this](const core::StreamEvents &more) {
        events += more;
        batches += static_cast<int>(more.size());
        log += QStringLiteral("events");
    });
    connect(reply, &core::ChatReply::stateChanged, this,
            [this](core::ReplyState state) { states += state; });
    connect(reply, &core::ChatReply::attemptStarted, this, [this](const core::AttemptInfo &info) {
        started += info;
        log += QStringLiteral("started");
    });
    connect(reply, &core::ChatReply::attemptEnded, this, [this](const core::AttemptRecord &record) {
        ended += record;
        log += QStringLiteral("ended");
    });
    connect(reply, &core::ChatReply::decisionNeeded, this,
            [this](const core::Decision &decision) { decisions += decision; });
    connect(reply, &core::ChatReply::warned, this,
            [this](const QString &sentence) { warnings += sentence; });
    connect(reply, &core::ChatReply::retryScheduled, this,
            [this](int, std::chrono::milliseconds delay) {
                delays += delay;
                log += QStringLiteral("retry");
            });
}

qint64 Watched::bytesRead() const
{
    const auto attempt = reply ? reply->runningAttempt() : std::nullopt;
    return attempt && attempt->times.headers ? attempt->bytes : -1;
}

core::Account Engine::Accounts::account(const core::Target &target) const
{
    core::Account account;
    account.id = target.accountId;
    account.provider = target.provider;
    account.baseUrl = target.baseUrl;
    account.keySaved = true;
    return account;
}

Engine::Engine(core::ModelBook *models)
    : m_transport(clock, directNetwork())
    , m_registry(testRegistry())
    , m_prices(std::make_shared<Prices>())
    , traffic(clock, random, m_registry)
    , client({m_transport, clock, random, ids, m_registry, keys, m_accounts, journal,
              m_prices->calculator, traffic, models, &counts, nullptr, &network},
             {})
{
    for (const std::int64_t account : {1, 2, 3})
        keys.setKey(account, "test-key-" + QByteArray::number(qint64(account)));
}

Engine::~Engine()
{
    qDeleteAll(children());
}

core::Target Engine::target(const QString &provider) const
{
    const std::int64_t place = provider == QStringLiteral("one")   ? 1
                               : provider == QStringLiteral("two") ? 2
                                                                   : 3;
    const ScriptedServer &server = place == 1 ? one : place == 2 ? two : three;
    return {provider, place, server.url(), QStringLiteral("gpt-test"), false};
}

core::CostForecast Engine::forecast(const core::TokenCalibration *calibration) const
{
    return {m_registry, m_prices->catalogue, std::make_shared<core::TextCounts>(), clock,
            nullptr,    calibration};
}

core::Route Engine::route(const QStringList &providers) const
{
    core::Route route;
    for (const QString &provider : providers)
        route.targets += target(provider);
    return route;
}

core::ChatRequest Engine::question()
{
    core::ChatRequest request;
    request.messages = {{core::Role::User, {core::TextPart{QStringLiteral("Say hello.")}}}};
    request.options.maxOutputTokens = 1'000;
    return request;
}

core::ChatReply *Engine::send(const core::ChatRequest &request, const core::Route &route,
                              QObject *owner, core::Urgency urgency, const core::SpendTerms &terms)
{
    core::RequestContext context;
    context.spend = terms;
    context.conversationId = 5;
    context.question = core::MessageRecord{};
    context.question->id = ids.next();
    context.answer.id = ids.next();
    context.answer.role = core::Role::Assistant;
    context.answer.state = core::MessageState::Streaming;
    return client.send(request, route, context, owner, urgency);
}

bool Engine::run(Watched &watched)
{
    const QDeadlineTimer deadline(20s);
    qsizetype waits = 0;
    while (watched.finished == 0) {
        if (deadline.hasExpired())
            return false;
        QTest::qWait(1);
        if (waits == watched.delays.size())
            continue;
        const auto delay = watched.delays.at(waits++);
        const qsizetype before = requests();
        clock.advance(delay - 1ms);
        QTest::qWait(1);
        if (requests() != before)
            return false;
        clock.advance(1ms);
    }
    return true;
}

qsizetype Engine::requests() const
{
    return one.requests().size() + two.requests().size() + three.requests().size();
}

QByteArray pricesJson()
{
    return R"({"format":"llm-price-catalogue","format_version":1,"version":"t","currency":"USD",
"checked_on":"2026-11-01","providers":[{"id":"test","models":[{"id":"gpt-test",
"match":[{"prefix":"gpt-test"}],"rate_cards":[{"id":"gpt-test",
"rates":{"input":"1","output":"4","cache_read":"0.1"},
"fees":[{"unit":"web_search","per":1000,"usd":"10"}]}]},{"id":"gpt-double",
"match":[{"prefix":"gpt-double"}],"rate_cards":[{"id":"gpt-double",
"rates":{"input":"2","output":"8"}}]},{"id":"gpt-dear",
"match":[{"prefix":"gpt-dear"}],"rate_cards":[{"id":"gpt-dear",
"rates":{"input":"3","output":"12"}}]}]}]})";
}

QByteArray started()
{
    return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-test-2",)"
           R"("choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
           "\n\n";
}

QByteArray delta(const QByteArray &text)
{
    return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-test-2",)"
           R"("choices":[{"index":0,"delta":{"content":")" +
           text + "\"}}]}\n\n";
}

QByteArray toolCall()
{
    return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-test-2",)"
           R"("choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1",)"
           R"("type":"function","function":{"name":"look","arguments":"{\"a\""}}]}}]})"
           "\n\n";
}

QByteArray stopped()
{
    return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-test-2",)"
           R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
           "\n\n";
}

QByteArray usage(int prompt, int completion)
{
    return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-test-2",)"
           R"("choices":[],"usage":{"prompt_tokens":)" +
           QByteArray::number(prompt) + R"(,"completion_tokens":)" +
           QByteArray::number(completion) + R"(,"total_tokens":)" +
           QByteArray::number(prompt + completion) + "}}\n\n";
}

QByteArray done()
{
    return "data: [DONE]\n\n";
}

Answer hello()
{
    return Answer::stream(
               {started(), delta("Hello"), delta(" world"), stopped(), usage(12, 2), done()})
        .header("x-request-id", "req-77");
}

Answer refusal(int status, const QByteArray &type, const QByteArray &code)
{
    return Answer::whole(status, R"({"error":{"message":"No.","type":")" + type + R"(","code":)" +
                                     (code.isEmpty() ? QByteArray("null") : '"' + code + '"') +
                                     "}}");
}

} // namespace tests
