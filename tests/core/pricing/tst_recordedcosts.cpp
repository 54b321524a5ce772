#include "core/pricing/costcalculator.h"
#include "core/pricing/pricecatalogue.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/support/recordings.h"

#include <QDir>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <array>

using namespace core;

namespace {

constexpr UtcTime Day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);

//! What the services' own counts in a recording come to. Counts were copied from the recordings,
//! rates from the providers' price pages as the catalogue names them, and multiplied by hand.
struct Row
{
    const char *recording; //!< "FILE#NAME": one of the whole answers in FILE.
    const char *protocol;
    const char *provider;
    const char *model; //!< As asked for.
    const char *lines; //!< "KIND QUANTITY x RATE = AMOUNT", in the order of their names.
    const char *total;
    const char *flags;
};

constexpr Row Rows[] = {
    {"openai/chat-text-usage.sse", "openai-chat", "openai", "gpt-4o-mini",
     "input 78 x 0.15 = 0.0000117; output 9 x 0.6 = 0.0000054", "0.0000171", ""},
    {"openai/chat-length-cached-tokens.sse", "openai-chat", "openai", "gpt-4o",
     "cache_read 1280 x 1.25 = 0.0016; input 140 x 2.5 = 0.00035; output 100 x 10 = 0.001",
     "0.00295", ""},
    {"openai/responses-text-emoji.sse", "openai-responses", "openai", "gpt-4.1",
     "input 9 x 2 = 0.000018; output 12 x 8 = 0.000096", "0.000114", ""},
    {"openai/responses-reasoning-tool.sse", "openai-responses", "openai", "gpt-5.5",
     "input 63 x 5 = 0.000315; output 43 x 30 = 0.00129; output_reasoning 26 x 30 = 0.00078",
     "0.002385", "assumed"},
    {"azure/responses-text-v1.sse", "openai-responses", "azure", "gpt-5.1",
     "input 11 x 1.25 = 0.00001375; output 11 x 10 = 0.00011", "0.00012375", "borrowed"},
    {"azure/http-bodies.json#chat-reasoning-200", "azure", "azure", "gpt-5-nano",
     "input 11 x 0.05 = 0.00000055; output 11 x 0.4 = 0.0000044; output_reasoning 192 x 0.4 = "
     "0.0000768",
     "0.00008175", "borrowed assumed"},
    {"azure/http-bodies.json#completion-filtered-200", "azure", "azure", "gpt-35-turbo",
     "input 15 x 0.5 = 0.0000075; output 19 x 1.5 = 0.0000285", "0.000036", "borrowed"},
    {"anthropic/text.sse", "anthropic", "anthropic", "claude-sonnet-4-5",
     "input 76 x 3 = 0.000228; output 104 x 15 = 0.00156", "0.001788", ""},
    {"anthropic/redacted-thinking.sse", "anthropic", "anthropic", "claude-sonnet-4-5",
     "input 92 x 3 = 0.000276; output 189 x 15 = 0.002835", "0.003111", ""},
    {"anthropic/refusal.sse", "anthropic", "anthropic", "claude-fable-5",
     "input 18 x 10 = 0.00018; output 5 x 50 = 0.00025", "0.00043", ""},
    {"anthropic/stop-sequence.sse.gz", "anthropic", "anthropic", "claude-haiku-4-5",
     "input 16 x 1 = 0.000016; output 28 x 5 = 0.00014", "0.000156", ""},
    {"anthropic/thinking.sse", "anthropic", "anthropic", "claude-haiku-4-5",
     "input 80 x 1 = 0.00008; output 285 x 5 = 0.001425; output_reasoning 353 x 5 = 0.001765",
     "0.00327", "assumed"},
    {"anthropic/tool-use.sse", "anthropic", "anthropic", "claude-haiku-4-5",
     "input 633 x 1 = 0.000633; output 75 x 5 = 0.000375", "0.001008", ""},
    {"anthropic/tool-use-empty-input.sse", "anthropic", "anthropic", "claude-haiku-4-5",
     "input 579 x 1 = 0.000579; output 41 x 5 = 0.000205", "0.000784", ""},
    {"anthropic/web-search-usage.sse", "anthropic", "anthropic", "claude-sonnet-4-0",
     "input 22397 x 3 = 0.067191; output 637 x 15 = 0.009555; web_search 2 x 10 = 0.02", "0.096746",
     ""},
    {"anthropic/http.json#200-cache-write", "anthropic", "anthropic", "claude-haiku-4-5",
     "cache_write_5m 7351 x 1.25 = 0.00918875; input 10 x 1 = 0.00001; output 4 x 5 = 0.00002",
     "0.00921875", ""},
    {"anthropic/http.json#200-cache-read", "anthropic", "anthropic", "claude-haiku-4-5",
     "cache_read 7351 x 0.1 = 0.0007351; input 10 x 1 = 0.00001; output 4 x 5 = 0.00002",
     "0.0007651", ""},
    {"bedrock/text-nova.eventstream", "bedrock", "bedrock", "us.amazon.nova-2-lite-v1:0",
     "input 53 x 0.33 = 0.00001749; output 21 x 2.75 = 0.00005775", "0.00007524", ""},
    {"bedrock/tool-use.eventstream", "bedrock", "bedrock", "us.amazon.nova-2-lite-v1:0",
     "input 986 x 0.33 = 0.00032538; output 42 x 2.75 = 0.0001155", "0.00044088", ""},
    {"bedrock/thinking-claude.eventstream", "bedrock", "bedrock",
     "global.anthropic.claude-haiku-4-5-20251001-v1:0",
     "input 80 x 1 = 0.00008; output 1113 x 5 = 0.005565", "0.005645", ""},
    {"bedrock/redacted-claude.eventstream", "bedrock", "bedrock",
     "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
     "input 92 x 3.3 = 0.0003036; output 253 x 16.5 = 0.0041745", "0.0044781", ""},
    {"bedrock/http.json#200-converse-cache-write", "bedrock", "bedrock",
     "global.anthropic.claude-haiku-4-5-20251001-v1:0",
     "cache_write_5m 7351 x 1.25 = 0.00918875; input 10 x 1 = 0.00001; output 4 x 5 = 0.00002",
     "0.00921875", "assumed"},
    {"bedrock/http.json#200-converse-cache-read", "bedrock", "bedrock",
     "global.anthropic.claude-haiku-4-5-20251001-v1:0",
     "cache_read 7351 x 0.1 = 0.0007351; input 10 x 1 = 0.00001; output 4 x 5 = 0.00002",
     "0.0007651", ""},
    {"cohere/text.sse", "cohere", "cohere", "command-a-03-2025",
     "input 7 x 2.5 = 0.0000175; output 21 x 10 = 0.00021", "0.0002275", ""},
    {"cohere/tool-call.sse", "cohere", "cohere", "command-a-03-2025",
     "input 98 x 2.5 = 0.000245; output 35 x 10 = 0.00035", "0.000595", ""},
    {"gemini/text-usage.sse", "gemini", "google", "gemini-2.5-flash",
     "input 13 x 0.3 = 0.0000039; output 71 x 2.5 = 0.0001775; output_reasoning 137 x 2.5 = "
     "0.0003425",
     "0.0005239", "assumed"},
    {"gemini/tool-call.sse", "gemini", "google", "gemini-2.5-flash",
     "input 103 x 0.3 = 0.0000309; output 30 x 2.5 = 0.000075; output_reasoning 43 x 2.5 = "
     "0.0001075",
     "0.0002134", "assumed"},
    {"gemini/thinking-gemini3.sse", "gemini", "google", "gemini-3-flash-preview",
     "input 44 x 0.5 = 0.000022; output 608 x 3 = 0.001824; output_reasoning 902 x 3 = 0.002706",
     "0.004552", "assumed"},
    {"gemini/finish-safety.sse", "gemini", "google", "gemini-1.5-flash",
     "input 10 x 0.075 = 0.00000075; output 66 x 0.3 = 0.0000198", "0.00002055", ""},
    {"gemini/http.json#200-finish-safety", "gemini", "google", "gemini-2.0-flash",
     "input 7 x 0.1 = 0.0000007; output 20 x 0.4 = 0.000008", "0.0000087", ""},
    {"gemini/http.json#200-implicit-cache", "gemini", "google", "gemini-2.5-flash",
     "cache_read 11243 x 0.03 = 0.00033729; input 770 x 0.3 = 0.000231; output 15 x 2.5 = "
     "0.0000375; output_reasoning 73 x 2.5 = 0.0001825",
     "0.00078829", "assumed"},
    {"gemini/http.json#200-max-tokens-no-parts", "gemini", "google", "gemini-2.5-pro",
     "input 15 x 1.25 = 0.00001875; output_reasoning 2 x 10 = 0.00002", "0.00003875", "assumed"},
    {"openai-compatible/deepseek-reasoning-content.sse", "openai-chat", "deepseek",
     "deepseek-v4-pro",
     "input 17 x 0.66 = 0.00001122; output 13 x 1.98 = 0.00002574; output_reasoning 34 x 1.98 = "
     "0.00006732",
     "0.00010428", "assumed"},
    {"openai-compatible/mistral-thinking-list.sse", "openai-chat", "mistral",
     "magistral-medium-2507", "input 10 x 2 = 0.00002; output 46 x 5 = 0.00023", "0.00025", ""},
    {"openai-compatible/openrouter-reasoning-cost.sse", "openai-chat", "openrouter",
     "anthropic/claude-sonnet-4.5", "reported", "0.000669", "reported"},
    {"openai-compatible/openrouter-error-in-200-stream.sse", "openai-chat", "openrouter",
     "minimax/minimax-m2:free", "reported", "0", "reported"},
    {"openai-compatible/openrouter-responses-no-event-lines.sse", "openai-responses", "openrouter",
     "openai/gpt-oss-20b", "reported", "0.0000113", "reported"},
    {"cohere/thinking-citations.sse", "cohere", "cohere", "command-a-plus-05-2026",
     "input 65 x ?; output 35 x ?; output_reasoning 28 x ?", "0", "unknown"},
};

//! Answers of our own with what no recording has: a service tier, a context past a price step, the
//! tools of services that do not count them in their usage.
struct OwnAnswer
{
    const char *name;
    const char *protocol;
    const char *provider;
    const char *model;
    const char *body;
    const char *lines;
    const char *low;
    const char *high;
    bool complete;
    const char *flags;
    const char *pieces = ""; //!< "UNIT COUNT, ...": added to what was counted.
};

#define CHAT_AT_TIER(tier)                                                                         \
    R"({"id":"c","object":"chat.completion","model":"gpt-4.1","service_tier":")" tier              \
    R"(","choices":[{"index":0,"message":{"role":"assistant","content":"x"},)"                     \
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,)"           \
    R"("total_tokens":1100}})"
#define MESSAGE_AT_TIER(tier)                                                                      \
    R"({"id":"m","type":"message","role":"assistant","model":"claude-haiku-4-5",)"                 \
    R"("content":[{"type":"text","text":"x"}],"stop_reason":"end_turn",)"                          \
    R"("usage":{"input_tokens":1000,"output_tokens":100,"service_tier":")" tier R"("}})"
#define GEMINI_OF(prompt)                                                                          \
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},)"                        \
    R"("finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":)" prompt                       \
    R"(,"cachedContentTokenCount":100000,"candidatesTokenCount":100}})"

constexpr const char *GeminiWithTools =
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"STOP"}],)"
    R"("usageMetadata":{"promptTokenCount":1000,"toolUsePromptTokenCount":200,)"
    R"("candidatesTokenCount":100}})";
constexpr const char *ChatLines = "input 1000 x 2 = 0.002; output 100 x 8 = 0.0008";
constexpr const char *MessageLines = "input 1000 x 1 = 0.001; output 100 x 5 = 0.0005";

constexpr OwnAnswer OwnAnswers[] = {
    {"openai-default-tier", "openai-chat", "openai", "gpt-4.1", CHAT_AT_TIER("default"), ChatLines,
     "0.0028", "0.0028", true, ""},
    // No page of ours says their prices: flex is sold below the ordinary one, priority above.
    {"openai-flex-tier", "openai-chat", "openai", "gpt-4.1", CHAT_AT_TIER("flex"), ChatLines, "0",
     "0.0028", true, "assumed"},
    {"openai-priority-tier", "openai-chat", "openai", "gpt-4.1", CHAT_AT_TIER("priority"),
     ChatLines, "0.0028", "0.0028", false, "assumed"},
    {"anthropic-standard-tier", "anthropic", "anthropic", "claude-haiku-4-5",
     MESSAGE_AT_TIER("standard"), MessageLines, "0.0015", "0.0015", true, ""},
    {"anthropic-batch-tier", "anthropic", "anthropic", "claude-haiku-4-5", MESSAGE_AT_TIER("batch"),
     MessageLines, "0", "0.0015", true, "assumed"},
    {"gemini-at-the-context-step", "gemini", "google", "gemini-2.5-pro", GEMINI_OF("200000"),
     "cache_read 100000 x 0.125 = 0.0125; input 100000 x 1.25 = 0.125; output 100 x 10 = 0.001",
     "0.1385", "0.1385", true, ""},
    {"gemini-past-the-context-step", "gemini", "google", "gemini-2.5-pro", GEMINI_OF("200001"),
     "cache_read 100000 x 0.25 = 0.025; input 100001 x 2.5 = 0.2500025; output 100 x 15 = 0.0015",
     "0.2765025", "0.2765025", true, ""},
    {"gemini-tool-use", "gemini", "google", "gemini-2.5-flash", GeminiWithTools,
     "input 1000 x 0.3 = 0.0003; input_tool 200 x 0.3 = 0.00006; output 100 x 2.5 = 0.00025",
     "0.00061", "0.00061", true, "assumed"},
    {"openai-searches", "openai-chat", "openai", "gpt-4.1", CHAT_AT_TIER("default"),
     "file_search 2 x 2.5 = 0.005; input 1000 x 2 = 0.002; output 100 x 8 = 0.0008; "
     "web_search 3 x 10 = 0.03",
     "0.0378", "0.0378", true, "", "web_search 3, file_search 2"},
    {"azure-search-borrowed", "azure", "azure", "gpt-4.1", CHAT_AT_TIER("default"),
     "input 1000 x 2 = 0.002; output 100 x 8 = 0.0008; web_search 1 x 10 = 0.01", "0.0128",
     "0.0128", true, "borrowed", "web_search 1"},
    {"anthropic-search-in-a-batch", "anthropic", "anthropic", "claude-haiku-4-5",
     MESSAGE_AT_TIER("batch"),
     "input 1000 x 1 = 0.001; output 100 x 5 = 0.0005; web_search 4 x 10 = 0.04", "0", "0.0415",
     true, "assumed", "web_search 4"},
    {"gemini-search-without-price", "gemini", "google", "gemini-2.5-flash", GeminiWithTools,
     "input 1000 x 0.3 = 0.0003; input_tool 200 x 0.3 = 0.00006; output 100 x 2.5 = 0.00025; "
     "web_search 2 x ?",
     "0.00061", "0.00061", false, "assumed unknown", "web_search 2"},
    {"code-without-price", "openai-chat", "openai", "gpt-4.1", CHAT_AT_TIER("default"),
     "code_session 1 x ?; input 1000 x 2 = 0.002; output 100 x 8 = 0.0008", "0.0028", "0.0028",
     false, "unknown", "code_session 1"},
};

//! Everything recorded, as bodyOf() takes it.
QStringList allRecordings()
{
    QStringList all;
    const QDir root(tests::Recordings::folder());
    for (const QString &folder : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QString &name : QDir(root.filePath(folder)).entryList(QDir::Files)) {
            const QString file = folder + u'/' + name;
            if (!name.startsWith(QStringLiteral("http"))) {
                if (!name.endsWith(QStringLiteral(".json")))
                    all.append(file);
                continue;
            }
            const QJsonArray answers =
                QJsonDocument::fromJson(tests::Recordings::read(file)).array();
            for (const QJsonValue &answer : answers) {
                if (answer[QStringLiteral("status")].toInt() == 200)
                    all.append(file + u'#' + answer[QStringLiteral("name")].toString());
            }
        }
    }
    return all;
}

//! Protocol, provider and a model with a price, for any recording.
std::array<QString, 3> askedFor(const QString &recording)
{
    static const QHash<QString, std::array<QString, 3>> Known{
        {QStringLiteral("openai"),
         {QStringLiteral("openai-chat"), QStringLiteral("openai"), QStringLiteral("gpt-4.1")}},
        {QStringLiteral("openai-compatible"),
         {QStringLiteral("openai-chat"), QStringLiteral("openai"), QStringLiteral("gpt-4.1")}},
        {QStringLiteral("azure"),
         {QStringLiteral("azure"), QStringLiteral("azure"), QStringLiteral("gpt-5.1")}},
        {QStringLiteral("anthropic"),
         {QStringLiteral("anthropic"), QStringLiteral("anthropic"),
          QStringLiteral("claude-haiku-4-5")}},
        {QStringLiteral("gemini"),
         {QStringLiteral("gemini"), QStringLiteral("google"), QStringLiteral("gemini-2.5-flash")}},
        {QStringLiteral("cohere"),
         {QStringLiteral("cohere"), QStringLiteral("cohere"), QStringLiteral("command-a-03-2025")}},
        {QStringLiteral("bedrock"),
         {QStringLiteral("bedrock"), QStringLiteral("bedrock"),
          QStringLiteral("global.anthropic.claude-haiku-4-5-20251001-v1:0")}},
    };
    std::array<QString, 3> asked = Known.value(recording.section(u'/', 0, 0));
    if (recording.contains(QStringLiteral("responses-")))
        asked[0] = QStringLiteral("openai-responses");
    return asked;
}

//! Read once: there are many rows.
const Result<PriceCatalogue> &shippedPrices()
{
    static const Result<PriceCatalogue> Prices = PriceCatalogue::fromJson(builtInPrices());
    return Prices;
}

const Result<ProviderRegistry> &shippedRegistry()
{
    static const Result<ProviderRegistry> Registry = ProviderRegistry::fromJson(builtInProviders());
    return Registry;
}

QByteArray bodyOf(const QString &recording)
{
    const QString name = recording.section(u'#', 1);
    const QByteArray file = tests::Recordings::read(recording.section(u'#', 0, 0));
    if (name.isEmpty())
        return file;
    const QJsonArray answers = QJsonDocument::fromJson(file).array();
    for (const QJsonValue &answer : answers) {
        if (answer[QStringLiteral("name")].toString() == name)
            return answer[QStringLiteral("body")].toString().toUtf8();
    }
    return {};
}

QByteArray contentTypeOf(const QByteArray &body, const QString &recording)
{
    if (recording.endsWith(QStringLiteral(".eventstream")))
        return "application/vnd.amazon.eventstream";
    return body.startsWith('{') ? "application/json" : "text/event-stream";
}

//! The last that the service said it counted.
std::optional<Usage> usageIn(const ProviderAdapter &adapter, const QByteArray &contentType,
                             const QByteArray &body)
{
    const auto decoder = adapter.makeDecoder({{"content-type", contentType}});
    std::optional<Usage> usage;
    const auto keep = [&usage](const StreamEvents &events) {
        for (const StreamEvent &event : events) {
            if (const auto *report = std::get_if<UsageReport>(&event))
                usage = report->usage;
        }
    };
    const auto events = decoder->decode(body);
    keep(events ? *events : decoder->takeEvents());
    if (events) {
        const auto last = decoder->finish();
        keep(last ? *last : decoder->takeEvents());
    }
    return usage;
}

QString textOf(const CostLine &line)
{
    if (!line.perMillion || !line.amount)
        return line.flags.contains(QStringLiteral("reported"))
                   ? QStringLiteral("reported")
                   : QStringLiteral("%1 %2 x ?").arg(line.kind).arg(line.quantity);
    return QStringLiteral("%1 %2 x %3 = %4")
        .arg(line.kind)
        .arg(line.quantity)
        .arg(line.perMillion->toDecimal(), line.amount->toDecimal());
}

QString textOf(const CostBreakdown &cost)
{
    QStringList lines;
    for (const CostLine &line : cost.lines)
        lines.append(textOf(line));
    lines.sort();
    return lines.join(QStringLiteral("; "));
}

} // namespace

//! Usage of the recordings, priced: the sum of the lines, and what a hand makes of it.
class tst_RecordedCosts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void costIsTheHandsOwn_data();
    void costIsTheHandsOwn();
    void tiersAreTheHandsOwn_data();
    void tiersAreTheHandsOwn();
    void everyUsageAddsUp_data();
    void everyUsageAddsUp();
    void enoughHaveUsage();

private:
    int m_withUsage = 0;
};

void tst_RecordedCosts::costIsTheHandsOwn_data()
{
    static_assert(std::size(Rows) >= 25);
    QTest::addColumn<int>("row");
    for (int i = 0; const Row &row : Rows)
        QTest::newRow(row.recording) << i++;
}

void tst_RecordedCosts::costIsTheHandsOwn()
{
    FARTHING_NEED_RECORDINGS();
    QFETCH(const int, row);
    const Row &expected = Rows[row];
    const auto &registry = shippedRegistry();
    const auto &prices = shippedPrices();
    QVERIFY(registry && prices);
    const ProviderAdapter *adapter = registry->adapter(QString::fromLatin1(expected.protocol));
    QVERIFY(adapter);
    const QString recording = QString::fromLatin1(expected.recording);
    const QByteArray body = bodyOf(recording);
    QVERIFY(!body.isEmpty());
    const auto usage = usageIn(*adapter, contentTypeOf(body, recording), body);
    QVERIFY(usage);
    const CostBreakdown cost = CostCalculator(*prices).cost(
        QString::fromLatin1(expected.provider), QString::fromLatin1(expected.model), *usage, Day);
    PicoUsd sum;
    for (const CostLine &line : cost.lines)
        sum = saturatingSum(sum, line.amount.value_or(PicoUsd()));
    QCOMPARE(textOf(cost), QString::fromLatin1(expected.lines));
    QCOMPARE(cost.total.low.toDecimal(), QString::fromLatin1(expected.total));
    QCOMPARE(sum, cost.total.low);
    QCOMPARE(cost.total.high, cost.total.low);
    QCOMPARE(cost.flags.join(u' '), QString::fromLatin1(expected.flags));
    QCOMPARE(cost.total.complete, !cost.flags.contains(QStringLiteral("unknown")));
}

void tst_RecordedCosts::tiersAreTheHandsOwn_data()
{
    QTest::addColumn<int>("row");
    for (int i = 0; const OwnAnswer &answer : OwnAnswers)
        QTest::newRow(answer.name) << i++;
}

void tst_RecordedCosts::tiersAreTheHandsOwn()
{
    QFETCH(const int, row);
    const OwnAnswer &expected = OwnAnswers[row];
    const auto &registry = shippedRegistry();
    const auto &prices = shippedPrices();
    QVERIFY(registry && prices);
    auto usage = usageIn(*registry->adapter(QString::fromLatin1(expected.protocol)),
                         "application/json", expected.body);
    QVERIFY(usage);
    const QStringList pieces =
        QString::fromLatin1(expected.pieces).split(QStringLiteral(", "), Qt::SkipEmptyParts);
    for (const QString &piece : pieces) {
        const auto unit = feeUnitOf(piece.section(u' ', 0, 0));
        QVERIFY(unit);
        usage->fees.insert(*unit, piece.section(u' ', 1).toLongLong());
    }
    const CostBreakdown cost = CostCalculator(*prices).cost(
        QString::fromLatin1(expected.provider), QString::fromLatin1(expected.model), *usage, Day);
    QCOMPARE(textOf(cost), QString::fromLatin1(expected.lines));
    QCOMPARE(cost.total.low.toDecimal(), QString::fromLatin1(expected.low));
    QCOMPARE(cost.total.high.toDecimal(), QString::fromLatin1(expected.high));
    QCOMPARE(cost.total.complete, expected.complete);
    QCOMPARE(cost.flags.join(u' '), QString::fromLatin1(expected.flags));
}

void tst_RecordedCosts::everyUsageAddsUp_data()
{
    QTest::addColumn<QString>("recording");
    QTest::newRow("needs-recordings") << QString();
    if (!tests::Recordings::present())
        return;
    for (const QString &recording : allRecordings())
        QTest::newRow(qPrintable(recording)) << recording;
}

//! Whatever a recording counts: the lines make the total, and what has no price is unknown.
void tst_RecordedCosts::everyUsageAddsUp()
{
    FARTHING_NEED_RECORDINGS();
    QFETCH(const QString, recording);
    if (recording.isEmpty())
        return;
    const auto &[protocol, provider, model] = askedFor(recording);
    const auto &registry = shippedRegistry();
    const auto &prices = shippedPrices();
    QVERIFY(registry && prices);
    const ProviderAdapter *adapter = registry->adapter(protocol);
    QVERIFY(adapter);
    const QByteArray body = bodyOf(recording);
    auto usage = usageIn(*adapter, contentTypeOf(body, recording), body);
    if (!usage || usage->tokens.isEmpty())
        return;
    ++m_withUsage;
    usage->model.clear(); // the one asked for has a price
    const CostBreakdown cost = CostCalculator(*prices).cost(provider, model, *usage, Day);
    QVERIFY(!cost.lines.isEmpty());
    PicoUsd sum;
    for (const CostLine &line : cost.lines) {
        QVERIFY2(line.amount, qPrintable(textOf(line)));
        QVERIFY2(*line.amount >= PicoUsd(), qPrintable(textOf(line)));
        sum = saturatingSum(sum, *line.amount);
    }
    QCOMPARE(cost.total.high, sum);
    QVERIFY(cost.total.low == sum || cost.total.low == PicoUsd());
    QVERIFY(sum > PicoUsd() || usage->reportedCost == PicoUsd());

    usage->reportedCost.reset();
    const CostBreakdown unknown =
        CostCalculator(*prices).cost(provider, QStringLiteral("nobody-sells-this"), *usage, Day);
    QVERIFY(!unknown.total.complete);
    for (const CostLine &line : unknown.lines)
        QVERIFY2(!line.amount, qPrintable(textOf(line)));
}

void tst_RecordedCosts::enoughHaveUsage()
{
    FARTHING_NEED_RECORDINGS();
    QVERIFY2(m_withUsage >= 40, qPrintable(QString::number(m_withUsage)));
}

QTEST_GUILESS_MAIN(tst_RecordedCosts)
#include "tst_recordedcosts.moc"
