#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/core/providers/saying.h"
#include "tests/fuzz/eventstreamwriter.h"

#include <QRegularExpression>
#include <QTest>

#include <optional>

using namespace core;
using tests::said;

//! What services do on the wire beside the usual, by the wire references: counts that come twice,
//! late or as something else, calls that interleave, refusals, faults inside a 200.
class tst_WireCases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void openAiChat_data();
    void openAiChat() { check(); }
    void azureBeginsWithTheAnswer();
    void openAiUsage_data();
    void openAiUsage() { check(); }
    void openAiFinish_data();
    void openAiFinish() { check(); }
    void openAiCalls_data();
    void openAiCalls() { check(); }
    void responses_data();
    void responses() { check(); }
    void anthropic_data();
    void anthropic() { check(); }
    void errorByItsEventsName_data();
    void errorByItsEventsName();
    void gemini_data();
    void gemini() { check(); }
    void cohere_data();
    void cohere() { check(); }
    void cohereBillsSearches();
    void bedrock_data();
    void bedrock() { check(); }
    void bedrockNamesTheRoutedModel_data();
    void bedrockNamesTheRoutedModel();
    void moreCallsThanAreTaken_data();
    void moreCallsThanAreTaken();
    void wholeAnswers_data();
    void wholeAnswers();
    void brokenStreams_data();
    void brokenStreams();
    void characterInTwoEvents_data();
    void characterInTwoEvents() { check(); }
    void responsesBeginWithTheFirstWord();
    void geminiNamesItsModelLater();
    void geminiTellsTheTier_data();
    void geminiTellsTheTier();

private:
    static void columns();
    void check() const;

    std::optional<ProviderRegistry> m_registry;
};

void tst_WireCases::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_WireCases::columns()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("lines"); //!< Data of an event each; of bedrock "TYPE DATA".
    QTest::addColumn<QString>("expected");
}

//! The same comes of it whatever the line ends, and however the network cuts it.
void tst_WireCases::check() const
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, lines);
    QFETCH(const QString, expected);
    const ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    if (protocol == QStringLiteral("bedrock")) {
        const QByteArray body = fuzz::eventStreamOf(lines);
        const QByteArray type = "application/vnd.amazon.eventstream";
        QCOMPARE(said(*adapter, type, body, body.size()), expected);
        QCOMPARE(said(*adapter, type, body, 1), expected);
        return;
    }
    QByteArray body;
    for (const QByteArray &line : lines.split('\n'))
        body += "data: " + line + "\n\n";
    const QByteArray type = "text/event-stream";
    QCOMPARE(said(*adapter, type, body, body.size()), expected);
    QCOMPARE(said(*adapter, type, body, 1), expected);
    QCOMPARE(said(*adapter, type, "\xEF\xBB\xBF" + body, 7), expected);
    QCOMPARE(said(*adapter, {}, "\xEF\xBB\xBF" + body, 1), expected); // nobody says what it is
    for (const char *end : {"\r\n", "\r"}) {
        QByteArray other = body;
        other.replace("\n", end);
        QCOMPARE(said(*adapter, type, other, other.size()), expected);
        QCOMPARE(said(*adapter, type, other, 1), expected);
    }
    body.chop(2); // the last blank line is often missing
    QCOMPARE(said(*adapter, type, body, body.size()), expected);
}

void tst_WireCases::openAiChat_data()
{
    columns();
    const auto row = [](const char *name, const char *lines, const char *expected,
                        const char *protocol = "openai-chat") {
        QTest::newRow(name) << QString::fromLatin1(protocol) << QByteArray(lines)
                            << QString::fromUtf8(expected);
    };
    row("usage-twice-is-cumulative",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":7,"completion_tokens":1}}
{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}
[DONE])",
        "text ab | counts in 7, out 2 | finish stop");
    row("usage-in-names-of-responses",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,"total_tokens":10}}
[DONE])",
        "text a | counts in 7, read 2, out 3 | finish stop");
    row("usage-in-names-of-messages",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"input_tokens":7,"cache_read_input_tokens":2,"output_tokens":3}}
[DONE])",
        "text a | finish stop");
    row("usage-null-behind-it",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":1}}
{"choices":[],"usage":null}
[DONE])",
        "text a | counts in 7, out 1 | finish stop");
    row("usage-behind-the-end",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1}}
[DONE])",
        "text a | counts in 7, out 1 | finish stop");
    row("tier-in-every-event",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}],"service_tier":"priority"}
{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"service_tier":"priority"}
{"choices":[],"service_tier":"priority","usage":{"prompt_tokens":7,"completion_tokens":1}}
[DONE])",
        "text a | counts in 7, out 1, tier priority | finish stop");
    row("tier-behind-the-usage",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"service_tier":null,"usage":{"prompt_tokens":7,"completion_tokens":1}}
{"choices":[],"service_tier":"flex"}
{"choices":[],"service_tier":""}
[DONE])",
        "text a | counts in 7, out 1, tier flex | finish stop");
    row("usage-as-text-is-unknown",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":"7","completion_tokens":1}}
[DONE])",
        "text a | counts out 1 | finish stop");
    row("usage-as-floats",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":12.0,"completion_tokens":1.5}}
[DONE])",
        "text a | counts in 12 | finish stop");
    row("usage-past-53-bits",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":9007199254740993,"completion_tokens":1}}
[DONE])",
        "text a | counts out 1 | finish stop");
    row("number-of-thirty-digits",
        R"({"created":123456789012345678901234567890,"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":123456789012345678901234567890,"completion_tokens":1}}
[DONE])",
        "text a | counts out 1 | finish stop");
    row("details-null-or-contradicting",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}}
[DONE])",
        "text a | counts in 7, out 3 | finish stop");
    row("cache-read-and-written",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30}}}
[DONE])",
        "text a | counts in 100, read 60, written 30, out 3 | finish stop");
    row("refusal",
        R"({"choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":""}}]}
{"choices":[{"index":0,"delta":{"refusal":"I cannot"}}]}
{"choices":[{"index":0,"delta":{"refusal":" do that"},"finish_reason":"stop"}]}
[DONE])",
        "text I cannot do that | finish refusal");
    row("finish-null-behind-it-and-twice",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"length"}]}
{"choices":[{"index":0,"delta":{},"finish_reason":null}]}
{"choices":[{"index":0,"finish_reason":"length"}]}
[DONE])",
        "text a | finish length");
    row("unknown-finish",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"moonrise"}]}
[DONE])",
        "text a | finish other");
    row("end-mark-missing", R"({"choices":[{"index":0,"delta":{"content":"a"}}]})",
        "text a | error truncated");
    row("other-choices-are-not-ours",
        R"({"choices":[{"index":1,"delta":{"content":"no"},"finish_reason":"length"},{"index":0,"delta":{"content":"a"}}]}
{"choices":[{"index":0,"delta":null,"finish_reason":"stop"}]}
[DONE])",
        "text a | finish stop");
    row("error-behind-text",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"error":{"message":"m","code":"429"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}
[DONE])",
        "text a | error rate_limited");
    row("error-that-is-none",
        R"({"error":null,"choices":[{"index":0,"delta":{"content":"a"}}]}
{"error":{},"choices":[{"index":0,"delta":{"content":"b"}}]}
{"error":false,"choices":[{"index":0,"delta":{"content":"c"}}]}
{"error":"","choices":[{"index":0,"delta":{"content":"d"},"finish_reason":"stop"}]}
[DONE])",
        "text abcd | finish stop");
    row("groq-says-why-it-ended",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"choices":[],"x_groq":{"id":"r","error":"over capacity"}}
[DONE])",
        "text a | error server_error");
    row("reasoning-in-tags",
        R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"\n<thi"}}]}
{"choices":[{"index":0,"delta":{"content":"nk>so </th"}}]}
{"choices":[{"index":0,"delta":{"content":"en it </think"}}]}
{"choices":[{"index":0,"delta":{"content":">\n\n"}}]}
{"choices":[{"index":0,"delta":{"content":"a <think> b"},"finish_reason":"stop"}]}
[DONE])",
        "thought so </then it  | text a <think> b | finish stop");
    row("tag-that-becomes-none",
        R"({"choices":[{"index":0,"delta":{"content":"<th"}}]}
{"choices":[{"index":0,"delta":{"content":"en>"},"finish_reason":"stop"}]}
[DONE])",
        "text <then> | finish stop");
    row("tag-that-is-not-finished",
        R"({"choices":[{"index":0,"delta":{"content":"<thin"},"finish_reason":"length"}]}
[DONE])",
        "text <thin | finish length");
    row("reasoning-member-and-tags",
        R"({"choices":[{"index":0,"delta":{"reasoning":"hm","reasoning_details":[{"text":"hm"}]}}]}
{"choices":[{"index":0,"delta":{"content":"<think>a</think>"},"finish_reason":"stop"}]}
[DONE])",
        "thought hm | text <think>a</think> | finish stop");
    row("choices-without-index",
        R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"B"}}]}
{"choices":[{"delta":{},"finish_reason":"stop"},{"delta":{},"finish_reason":"length"}]}
[DONE])",
        "text a | finish stop");
    row("reasoning-behind-held-space",
        R"({"choices":[{"index":0,"delta":{"content":" "}}]}
{"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}
{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
[DONE])",
        "thought hm | text  a | finish stop");
    row("parts-keep-their-order",
        R"({"choices":[{"index":0,"delta":{"content":" "}}]}
{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"B"}]},"finish_reason":"stop"}]}
[DONE])",
        "text  B | finish stop");
    row("thinking-as-text",
        R"({"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"}]},"finish_reason":"stop"}]}
[DONE])",
        "thought hm | text a | finish stop");
    row("reasoning-only-in-details",
        R"({"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","text":"h"},{"type":"reasoning.summary","summary":"m"}]}}]}
{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
[DONE])",
        "thought hm | text a | finish stop");
    row("error-lets-go-what-was-held",
        R"({"choices":[{"index":0,"delta":{"content":"<thi"}}]}
{"error":{"message":"m","code":500}})",
        "text <thi | error server_error");
    row("error-object-without-wrapper",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"object":"error","message":"m","code":400}
[DONE])",
        "text a | error invalid_request");
    row("in-stream-model-not-found",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"error":{"message":"model 'x' not found","type":"not_found_error"}})",
        "text a | error model_not_found");
    row("in-stream-no-permission", R"({"error":{"message":"m","type":"permission_error"}})",
        "error permission_denied");
    row("nothing-said-but-stop",
        R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":0}}
[DONE])",
        "counts in 7, out 0 | error protocol_error");
    row("cached-by-mistrals-name",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":70,"completion_tokens":1,"num_cached_tokens":60}}
[DONE])",
        "text a | counts in 70, read 60, out 1 | finish stop");
    row("usage-within-a-choice",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop","usage":{"prompt_tokens":70,"completion_tokens":1,"cached_tokens":60}}]}
[DONE])",
        "text a | counts in 70, read 60, out 1 | finish stop");
    row("spoken-only",
        R"({"choices":[{"index":0,"delta":{"role":"assistant","content":null,"audio":{"id":"x","transcript":"He"}}}]}
{"choices":[{"index":0,"delta":{"audio":{"transcript":"llo"}}}]}
{"choices":[{"index":0,"delta":{"audio":{"data":"AAAA"}}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
[DONE])",
        "text Hello | finish stop");
    row("spoken-and-written",
        R"({"choices":[{"index":0,"delta":{"content":"a","audio":{"transcript":"a"}},"finish_reason":"stop"}]}
[DONE])",
        "text a | finish stop");
    row("pictures-only",
        R"({"choices":[{"index":0,"delta":{"content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
[DONE])",
        "finish stop");
    row("neither-sound-nor-pictures",
        R"({"choices":[{"index":0,"delta":{"content":"","images":[],"audio":{"id":"x"}},"finish_reason":"stop"}]}
[DONE])",
        "error protocol_error");
    row("only-one-count-is-zero",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
{"choices":[],"usage":{"completion_tokens":0}}
[DONE])",
        "text a | counts out 0 | finish stop");
    row("error-beside-text",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"error":{"message":"m","code":502},"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"error"}]})",
        "text ab | error server_error");
    row("error-in-a-list",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}])",
        "text a | error rate_limited");
    row("list-that-is-no-error",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
[{"choices":[{"index":0,"delta":{"content":"b"}}]}]
[]
[DONE])",
        "text a | finish stop");
    row("whole-message-behind-its-pieces",
        R"({"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}
{"choices":[{"index":0,"delta":{"content":"a"}}]}
{"choices":[{"index":0,"delta":{"content":"b"}}]}
{"object":"chat.completion","choices":[{"index":0,"message":{"content":"ab","reasoning_content":"hm"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}
[DONE])",
        "thought hm | text ab | counts in 7, out 3 | finish stop");
    row("pieces-as-messages",
        R"({"choices":[{"index":0,"delta":{"role":"assistant"}}]}
{"choices":[{"index":0,"message":{"content":"a"}}]}
{"choices":[{"index":0,"message":{"content":"b"},"finish_reason":"stop"}]}
[DONE])",
        "text ab | finish stop");
    row("status-of-its-own",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"code":503,"message":"m"}
[DONE])",
        "text a | error overloaded");
    row("status-as-text", R"({"status":"429","detail":"Slower."})", "error rate_limited");
    row("status-of-a-gateway",
        R"({"choices":[{"index":0,"delta":{"content":"a"}}]}
{"statusCode":429,"message":"Rate limit is exceeded. Try again in 12 seconds."})",
        "text a | error rate_limited");
    row("status-beside-an-error-in-words",
        R"({"statusCode":503,"message":"m","error":"Service Unavailable"})", "error overloaded");
    row("status-by-minimaxs-name",
        R"({"type":"error","error":{"type":"unknown","message":"m","http_code":"429"}})",
        "error rate_limited");
    row("status-that-is-none",
        R"({"code":200,"message":"ok"}
{"status":"queued","message":"Second in line"}
{"code":503,"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}
[DONE])",
        "text a | finish stop");
    row("refusal-as-a-part",
        R"({"choices":[{"index":0,"delta":{"content":[{"type":"refusal","refusal":"No."}]},"finish_reason":"stop"}]}
[DONE])",
        "text No. | finish refusal");
    row("zeros-behind-counts",
        R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":1}}
{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}
[DONE])",
        "text a | counts in 7, out 1 | finish stop");
    row("azure-prompt-filter-first",
        R"({"id":"","model":"","object":"","created":0,"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}
{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{}}]}
{"choices":[{"index":0,"content_filter_results":{"hate":{"error":{"code":"content_filter_error"}}},"content_filter_offsets":{"check_offset":1}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true,"severity":"high"}}}]}
[DONE])",
        "text a | finish content_filter", "azure");
    row("azure-filtered-as-an-error",
        R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a"}}]}
{"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true,"severity":"medium"}}}}})",
        "text a | error content_blocked", "azure");
    row("azure-error-with-its-status-in-words",
        R"({"error":{"code":"429","message":"Requests have exceeded token rate limit. Please retry after 7 seconds."}})",
        "error rate_limited", "azure");
    row("azure-categories-of-every-kind",
        R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self-harm":{"filtered":false},"self_harm":null,"jailbreak":{"filtered":false,"detected":false},"protected_material_text":{"filtered":false,"detected":true},"profanity":null,"custom_blocklists":{"filtered":false,"details":[]},"error":{"code":"content_filter_error","message":"The contents are not filtered"}},"logprobs":null}],"usage":null,"system_fingerprint":null}
{"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop","content_filter_results":null}],"usage":null}
{"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1}}
[DONE])",
        "text a | counts in 7, out 1 | finish stop", "azure");
}

//! What stands before the answer names no model and no id.
void tst_WireCases::azureBeginsWithTheAnswer()
{
    const auto decoder = m_registry->adapter(QStringLiteral("azure"))
                             ->makeDecoder({{"content-type", "text/event-stream"}});
    const auto events = decoder->decode(
        R"(data: {"id":"","model":"","object":"","created":0,"choices":[],"prompt_filter_results":[]})"
        "\n\n"
        R"(data: {"id":"","model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{},"content_filter_offsets":{"check_offset":0}}]})"
        "\n\n"
        R"(data: {"id":"c","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant"}}]})"
        "\n\n");
    QVERIFY(events);
    QCOMPARE(events->size(), 1);
    const auto *started = std::get_if<ReplyStarted>(&events->first());
    QVERIFY(started);
    QCOMPARE(started->model, QStringLiteral("m-1"));
    QCOMPARE(started->requestId, QStringLiteral("c"));
}

//! The counts and costs of services that have names of their own for them.
void tst_WireCases::openAiUsage_data()
{
    columns();
    const auto row = [](const char *name, const char *usage, const char *counts) {
        QTest::newRow(name)
            << QStringLiteral("openai-chat")
            << R"({"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{)" +
                   QByteArray(usage) + "}}\n[DONE]"
            << QStringLiteral("text a | counts %1 | finish stop").arg(QLatin1StringView(counts));
    };
    row("cache-written-by-dashscopes-name",
        R"("prompt_tokens":100,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":10,"cache_creation_input_tokens":50})",
        "in 100, read 10, written 50, out 1");
    row("cache-written-by-litellms-name",
        R"("prompt_tokens":100,"completion_tokens":1,"prompt_tokens_details":{"cache_creation_tokens":50})",
        "in 100, written 50, out 1");
    row("neither-cache-nor-reasoning-in-the-sums",
        R"("prompt_tokens":10,"completion_tokens":1,"total_tokens":106,"prompt_tokens_details":{"cached_tokens":90},"completion_tokens_details":{"reasoning_tokens":5})",
        "in 100, read 90, out 6, of-it-thought 5");
    row("total-without-the-cache",
        R"("prompt_tokens":10,"completion_tokens":1,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":90},"completion_tokens_details":{"reasoning_tokens":5})",
        "in 100, read 90, out 6, of-it-thought 5");
    row("cost",
        R"("prompt_tokens":7,"completion_tokens":1,"cost":0.000669,"is_byok":false,"cost_details":{"upstream_inference_cost":0.0005})",
        "in 7, out 1, cost 0.000669");
    row("cost-of-nothing", R"("prompt_tokens":7,"completion_tokens":1,"cost":0)",
        "in 7, out 1, cost 0");
    row("cost-with-ones-own-key",
        R"("prompt_tokens":7,"completion_tokens":1,"cost":0.00005,"is_byok":true,"cost_details":{"upstream_inference_cost":1e-3})",
        "in 7, out 1, cost 0.00105");
    row("cost-behind-ones-own-key-is-unknown",
        R"("prompt_tokens":7,"completion_tokens":1,"cost":0.00005,"is_byok":true,"cost_details":{"upstream_inference_cost":null})",
        "in 7, out 1");
    row("cost-with-ones-own-key-alone",
        R"("prompt_tokens":7,"completion_tokens":1,"cost":0,"is_byok":true)", "in 7, out 1");
    row("cost-as-a-table",
        R"("prompt_tokens":7,"completion_tokens":1,"cost":{"input_tokens_cost":0.001,"request_cost":0.005,"total_cost":0.006})",
        "in 7, out 1, cost 0.006");
    row("cost-that-is-none", R"("prompt_tokens":7,"completion_tokens":1,"cost":-1)", "in 7, out 1");
    row("cost-as-text", R"("prompt_tokens":7,"completion_tokens":1,"cost":"0.1")", "in 7, out 1");
    row("cost-in-ticks-and-sources",
        R"("prompt_tokens":7,"completion_tokens":1,"cost_in_usd_ticks":25000000,"num_sources_used":3)",
        "in 7, out 1, web_search 3, cost 0.0025");
    row("no-sources", R"("prompt_tokens":7,"completion_tokens":1,"num_sources_used":0)",
        "in 7, out 1");
}

//! How it ended in the words of servers that imitate OpenAI, and answers that say nothing.
void tst_WireCases::openAiFinish_data()
{
    columns();
    const auto row = [](const char *word, const char *text, const char *expected) {
        const QByteArray name = QByteArray(word) + (*text ? "" : "-and-nothing-said");
        QTest::newRow(name.constData())
            << QStringLiteral("openai-chat")
            << R"({"choices":[{"index":0,"delta":{"content":")" + QByteArray(text) +
                   R"("},"finish_reason":")" + word + "\"}]}\n[DONE]"
            << QString::fromLatin1(expected);
    };
    for (const char *word : {"STOP", "eos", "eos_token", "stop_sequence", "end_turn"})
        row(word, "a", "text a | finish stop");
    for (const char *word : {"model_length", "max_tokens", "model_context_window_exceeded"})
        row(word, "a", "text a | finish length");
    row("tool_use", "a", "text a | finish tool_calls");
    row("sensitive", "a", "text a | finish content_filter");
    row("refusal", "a", "text a | finish refusal");
    for (const char *word : {"error", "ERROR", "abort", "network_error"})
        row(word, "a", "text a | error server_error");
    row("abort", "", "error server_error");
    row("insufficient_system_resource", "a", "text a | error overloaded");
    for (const char *word : {"length", "content_filter", "refusal"})
        row(word, "", qPrintable(QStringLiteral("finish ") + QLatin1StringView(word)));
    for (const char *word : {"stop", "eos", "tool_calls", "moonrise"}) // no blank answers
        row(word, "", "error protocol_error");
}

void tst_WireCases::openAiCalls_data()
{
    columns();
    const auto row = [](const char *name, const QByteArrayList &calls, const char *expected) {
        QByteArray lines;
        for (const QByteArray &call : calls)
            lines += R"({"choices":[{"index":0,"delta":{"tool_calls":)" + call + "}}]}\n";
        lines += R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})"
                 "\n[DONE]";
        QTest::newRow(name) << QStringLiteral("openai-chat") << lines
                            << QString::fromUtf8(expected) + QStringLiteral(" | finish tool_calls");
    };
    row("interleaved",
        {R"([{"index":0,"id":"x","function":{"name":"f","arguments":""}}])",
         R"([{"index":1,"id":"y","function":{"name":"g","arguments":"{\"b\""}}])",
         R"([{"index":0,"function":{"arguments":"{\"a\":"}},{"index":1,"function":{"arguments":":2}"}}])",
         R"([{"index":0,"function":{"arguments":"1}"}}])"},
        R"(call x f {"a":1} | call y g {"b":2})");
    row("indices-with-gaps",
        {R"([{"index":3,"id":"x","function":{"name":"f","arguments":"{}"}}])",
         R"([{"index":700,"id":"y","function":{"name":"g","arguments":"{}"}}])"},
        R"(call x f {} | call y g {})");
    row("whole-and-without-index",
        {R"([{"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"y","function":{"name":"g","arguments":"{}"}}])"},
        R"(call x f {"a":1} | call y g {})");
    row("one-a-chunk-without-index",
        {R"([{"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}}])",
         R"([{"id":"y","function":{"name":"g","arguments":"{}"}}])"},
        R"(call x f {"a":1} | call y g {})");
    row("one-a-chunk-without-index-and-id",
        {R"([{"function":{"name":"f","arguments":"{\"a\":1}"}}])",
         R"([{"function":{"name":"f","arguments":"{\"a\":2}"}}])"},
        R"(call  f {"a":1} | call  f {"a":2})");
    row("all-at-the-same-index",
        {R"([{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\""}}])",
         R"([{"index":0,"function":{"arguments":":1}"}}])",
         R"([{"index":0,"id":"y","function":{"name":"f","arguments":"{\"a\""}}])",
         R"([{"index":0,"function":{"arguments":":2}"}}])"},
        R"(call x f {"a":1} | call y f {"a":2})");
    row("one-id-at-two-indices",
        {R"([{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}}])",
         R"([{"index":1,"id":"x","function":{"name":"f","arguments":"{\"a\":2}"}}])"},
        R"(call x f {"a":1} | call x f {"a":2})");
    row("two-names-at-one-index-without-id",
        {R"([{"index":0,"function":{"name":"f","arguments":"{\"a\":1}"}}])",
         R"([{"index":0,"function":{"name":"g","arguments":"{\"a\":2}"}}])"},
        R"(call  f {"a":1} | call  g {"a":2})");
    row("id-and-name-with-each-piece",
        {R"([{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\""}}])",
         R"([{"index":0,"id":"x","function":{"name":"f","arguments":":1}"}}])"},
        R"(call x f {"a":1})");
    row("name-behind-the-id",
        {R"([{"index":0,"id":"x","type":"function"}])", R"([{"index":0,"function":{"name":"f"}}])",
         R"([{"index":0,"id":null,"function":{"name":null,"arguments":"{}"}}])"},
        R"(call x f {})");
    row("custom-tool",
        {R"([{"index":0,"id":"x","type":"custom","custom":{"name":"f","input":"print"}}])",
         R"([{"index":0,"custom":{"input":" 1"}}])"},
        R"(call x f print 1)");
    row("arguments-as-an-object",
        {R"([{"index":0,"id":"x","function":{"name":"f","arguments":{"a":1}}}])"},
        R"(call x f {"a":1})");
    QTest::newRow("function-call-of-old")
        << QStringLiteral("openai-chat")
        << QByteArray(
               R"({"choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":""}}}]}
{"choices":[{"index":0,"delta":{"function_call":{"arguments":"{\"a\":1}"}}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"function_call"}]}
[DONE])")
        << QStringLiteral(R"(call  f {"a":1} | finish tool_calls)");
}

void tst_WireCases::responses_data()
{
    columns();
    const auto row = [](const char *name, const QByteArray &lines, const char *expected) {
        QTest::newRow(name) << QStringLiteral("openai-responses") << lines
                            << QString::fromUtf8(expected);
    };
    row("refusal",
        R"({"type":"response.created","response":{"id":"r","usage":null}}
{"type":"response.refusal.delta","output_index":0,"content_index":0,"delta":"No."}
{"type":"response.refusal.done","output_index":0,"content_index":0,"refusal":"No."}
{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":7.0,"output_tokens":3,"input_tokens_details":{"cached_tokens":4},"output_tokens_details":{"reasoning_tokens":2}}}})",
        "text No. | counts in 7, read 4, out 3, of-it-thought 2 | finish refusal");
    row("calls-interleaved",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"f"}}
{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"y","name":"g"}}
{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"b\""}
{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"a\":1}"}
{"type":"response.function_call_arguments.delta","output_index":1,"delta":":2}"}
{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\"a\":1}"}
{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"y","name":"g","arguments":"{\"b\":2}"}}
{"type":"response.completed","response":{"status":"completed","usage":null}})",
        R"(call x f {"a":1} | call y g {"b":2} | finish tool_calls)");
    row("arguments-only-at-the-end",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"f"}}
{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\"a\":1}"}
{"type":"response.completed","response":{"status":"completed"}})",
        R"(call x f {"a":1} | finish tool_calls)");
    row("text-only-at-the-end",
        R"({"type":"response.output_text.done","output_index":0,"content_index":0,"text":"a"}
{"type":"response.completed","response":{"status":"completed"}})",
        "text a | finish stop");
    row("text-only-in-its-part",
        R"({"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"a"}}
{"type":"response.completed","response":{"status":"completed","output":[]}})",
        "text a | finish stop");
    row("text-only-in-its-item",
        R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]}}
{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":"c"}}
{"type":"response.completed","response":{"status":"completed","output":[]}})",
        "text abc | finish stop");
    row("all-only-in-the-response",
        R"({"type":"response.created","response":{"id":"r"}}
{"type":"response.completed","response":{"status":"completed","output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"c2VhbGVk"},{"type":"message","content":[{"type":"output_text","text":"a"}]},{"type":"function_call","call_id":"x","name":"f","arguments":"{}"}],"usage":{"input_tokens":7,"output_tokens":3}}})",
        "thought hm | signature rs c2VhbGVk | text a | call x f {} | counts in 7, out 3 | finish "
        "tool_calls");
    row("refusal-only-in-the-response",
        R"({"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]}})",
        "text No. | finish refusal");
    row("cut-off-only-in-the-response",
        R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}]}})",
        "text a | finish length");
    row("summary-only-in-its-item",
        R"({"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"A"},{"type":"summary_text","text":"B"}]}}
{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"status":"completed"}})",
        "thought A\n\nB | text a | finish stop");
    row("arguments-only-at-the-begin",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"f","arguments":"{\"a\":1}"}}
{"type":"response.completed","response":{"status":"completed"}})",
        R"(call x f {"a":1} | finish tool_calls)");
    row("arguments-in-pieces-and-at-the-begin",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"f","arguments":"{}"}}
{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"}
{"type":"response.completed","response":{"status":"completed","output":[{"type":"function_call","call_id":"x","name":"f","arguments":"{}"}]}})",
        "call x f {} | finish tool_calls");
    // As OpenRouter does: the whole response has other ids, and here its items other places, too.
    row("said-in-every-way-is-said-once",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m1","content":[]}}
{"type":"response.output_text.delta","item_id":"m1","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.output_text.done","item_id":"m2","output_index":0,"content_index":0,"text":"a"}
{"type":"response.content_part.done","item_id":"m3","output_index":0,"content_index":0,"part":{"type":"output_text","text":"a"}}
{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m4","content":[{"type":"output_text","text":"a"}]}}
{"type":"response.completed","response":{"status":"completed","output":[{"type":"reasoning","id":"rs","summary":[]},{"type":"message","id":"m5","content":[{"type":"output_text","text":"a"}]}]}})",
        "text a | finish stop");
    row("items-named-by-their-ids-only",
        R"({"type":"response.output_text.delta","item_id":"m1","delta":"a"}
{"type":"response.content_part.done","item_id":"m1","part":{"type":"output_text","text":"a"}}
{"type":"response.output_item.done","item":{"type":"message","id":"m1","content":[{"type":"output_text","text":"a"}]}}
{"type":"response.output_item.done","item":{"type":"message","id":"m2","content":[{"type":"output_text","text":"b"}]}}
{"type":"response.completed","response":{"status":"completed"}})",
        "text ab | finish stop");
    row("calls-without-an-index",
        R"({"type":"response.output_item.added","item":{"type":"function_call","call_id":"x","name":"f","arguments":""}}
{"type":"response.function_call_arguments.delta","item_id":"i","delta":"{\"a\":1}"}
{"type":"response.output_item.done","item":{"type":"function_call","call_id":"x","name":"f","arguments":"{\"a\":1}"}}
{"type":"response.output_item.added","item":{"type":"function_call","call_id":"y","name":"g","arguments":""}}
{"type":"response.function_call_arguments.delta","item_id":"j","delta":"{\"b\":2}"}
{"type":"response.output_item.done","item":{"type":"function_call","call_id":"y","name":"g","arguments":"{\"b\":2}"}}
{"type":"response.completed","response":{"status":"completed"}})",
        R"(call x f {"a":1} | call y g {"b":2} | finish tool_calls)");
    row("calls-interleaved-by-item",
        R"({"type":"response.output_item.added","item":{"type":"function_call","id":"i","call_id":"x","name":"f"}}
{"type":"response.output_item.added","item":{"type":"function_call","call_id":"y","name":"g"}}
{"type":"response.function_call_arguments.delta","item_id":"i","delta":"{\"a\":1}"}
{"type":"response.function_call_arguments.delta","item_id":"y","delta":"{\"b\":2}"}
{"type":"response.completed","response":{"status":"completed"}})",
        R"(call x f {"a":1} | call y g {"b":2} | finish tool_calls)");
    row("calls-of-one-index",
        R"({"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"x","name":"f"}}
{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"}
{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"y","name":"g"}}
{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"b\":2}"}
{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"z","name":"h","arguments":"[]"}}
{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"y","name":"g","arguments":"{\"b\":2}"}}
{"type":"response.completed","response":{"status":"completed"}})",
        R"(call x f {} | call y g {"b":2} | call z h [] | finish tool_calls)");
    row("sealed-reasoning-goes-back",
        R"({"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","encrypted_content":"c2VhbGVk","summary":[]}}
{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"status":"completed"}})",
        "signature rs_1 c2VhbGVk | text a | finish stop");
    row("error-in-itself",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"error","code":"rate_limit_exceeded","message":"m","param":null})",
        "text a | error rate_limited");
    row("error-nested-then-failed",
        R"({"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"m","param":null}}
{"type":"response.failed","response":{"status":"failed","error":{"code":"insufficient_quota","message":"m"},"usage":null}})",
        "error quota_exhausted");
    row("failed-with-a-context-too-long",
        R"({"type":"response.failed","response":{"status":"failed","error":{"code":"context_length_exceeded","message":"m"}}})",
        "error context_length_exceeded");
    row("all-zero-behind-a-text-is-unknown",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":0,"output_tokens":0}}})",
        "text a | finish length");
    row("all-zero-behind-hidden-thoughts-is-unknown",
        R"({"type":"response.created","response":{"id":"r","status":"in_progress"}}
{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[]}}
{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"reasoning","id":"rs","summary":[],"encrypted_content":null}],"usage":{"input_tokens":0,"output_tokens":0}}})",
        "finish length");
    row("queued-before-it-runs",
        R"({"type":"response.queued","response":{"id":"r","status":"queued","model":"m","error":null,"incomplete_details":null,"usage":null,"output":[]}}
{"type":"response.created","response":{"id":"r","status":"queued","usage":null}}
{"type":"response.in_progress","response":{"id":"r","status":"in_progress","usage":null}}
{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a","logprobs":[]}
{"type":"response.completed","response":{"id":"r","status":"completed","background":true,"error":null,"incomplete_details":null,"usage":{"input_tokens":7,"input_tokens_details":null,"output_tokens":3,"output_tokens_details":null,"total_tokens":10}}})",
        "text a | counts in 7, out 3 | finish stop");
    row("queued-and-no-more",
        R"({"type":"response.queued","response":{"id":"r","status":"queued"}})", "error truncated");
    row("failed-with-counts",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"m"},"usage":{"input_tokens":7,"output_tokens":1}}})",
        "text a | counts in 7, out 1 | error server_error");
    row("failed-without-a-reason",
        R"({"type":"response.failed","response":{"status":"failed","error":null,"usage":null}})",
        "error server_error");
    row("incomplete-without-a-reason",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":null}})",
        "text a | finish other");
    row("refused-behind-text",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a "}
{"type":"response.content_part.added","output_index":0,"content_index":1,"part":{"type":"refusal","refusal":""}}
{"type":"response.refusal.delta","output_index":0,"content_index":1,"delta":"No."}
{"type":"response.content_part.done","output_index":0,"content_index":1,"part":{"type":"refusal","refusal":"No."}}
{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"a "},{"type":"refusal","refusal":"No."}]}}
{"type":"response.completed","response":{"status":"completed"}})",
        "text a No. | finish refusal");
    row("closed-without-an-end",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
[DONE])",
        "text a | error truncated");
    row("the-tier-that-served",
        R"({"type":"response.created","response":{"id":"r","service_tier":"auto","usage":null}}
{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"status":"completed","service_tier":"priority","usage":{"input_tokens":7,"output_tokens":3}}})",
        "text a | counts in 7, out 3, tier priority | finish stop");
    row("the-tier-only-at-first",
        R"({"type":"response.created","response":{"id":"r","service_tier":"flex"}}
{"type":"response.completed","response":{"status":"completed","service_tier":null,"usage":{"input_tokens":7,"output_tokens":3}}})",
        "counts in 7, out 3, tier flex | finish stop");
    row("error-under-another-type",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"message","error":{"code":"insufficient_quota","message":"m"}})",
        "text a | error quota_exhausted");
    row("error-that-is-none",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a","error":null}
{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"b","error":{}}
{"type":"response.completed","error":"","response":{"status":"completed","error":{}}})",
        "text ab | finish stop");
    row("request-too-large-for-the-limit",
        R"({"type":"error","code":"rate_limit_exceeded","message":"Request too large for m on tokens per min (TPM): Limit 30000, Requested 30601.","param":null})",
        "error invalid_request");
    for (const char *code : {"unsupported_parameter", "unsupported_value", "invalid_value",
                             "unknown_parameter", "decimal_below_min_value"}) {
        row(code,
            QByteArray(R"({"type":"error","code":"CODE","message":"m","param":"p"})")
                .replace("CODE", code),
            "error invalid_request");
    }
    row("failed-for-a-parameter",
        R"({"type":"response.failed","response":{"status":"failed","error":{"code":"unknown_parameter","message":"m"}}})",
        "error invalid_request");
    row("tools-that-are-charged-by-the-piece",
        R"({"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}}
{"type":"response.output_item.done","output_index":1,"item":{"id":"b","type":"web_search_call","status":"completed","action":{"type":"open_page","url":"u"}}}
{"type":"response.output_item.done","output_index":2,"item":{"id":"c","type":"web_search_call","status":"completed"}}
{"type":"response.output_item.done","output_index":3,"item":{"id":"d","type":"web_search_call","status":"failed","action":{"type":"search"}}}
{"type":"response.output_item.done","output_index":4,"item":{"id":"e","type":"file_search_call","status":"completed","queries":["q"]}}
{"type":"response.output_item.done","output_index":5,"item":{"id":"f","type":"code_interpreter_call","container_id":"k1","status":"completed"}}
{"type":"response.output_item.done","output_index":6,"item":{"id":"g","type":"code_interpreter_call","container_id":"k1","status":"completed"}}
{"type":"response.output_item.done","output_index":7,"item":{"id":"h","type":"code_interpreter_call","container_id":"k2","status":"completed"}}
{"type":"response.output_item.done","output_index":8,"item":{"id":"i","type":"image_generation_call","status":"completed","result":"AAAA"}}
{"type":"response.output_item.done","output_index":9,"item":{"id":"j","type":"mcp_call","name":"f","status":"completed"}}
{"type":"response.completed","response":{"status":"completed","output":[{"id":"x1","type":"web_search_call","status":"completed","action":{"type":"search"}},{"id":"x2","type":"file_search_call","status":"completed"}],"usage":{"input_tokens":7,"output_tokens":3}}})",
        "counts in 7, out 3, web_search 2, file_search 1, code_session 2, image 1 | finish stop");
    row("tools-only-in-the-response",
        R"({"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"status":"completed","output":[{"type":"web_search_call","status":"completed","action":{"type":"search"}},{"type":"web_search_call","status":"completed","action":{"type":"search"}},{"type":"message","content":[{"type":"output_text","text":"a"}]}],"usage":{"input_tokens":7,"output_tokens":3}}})",
        "text a | counts in 7, out 3, web_search 2 | finish stop");
    row("the-service's-own-count-of-searches",
        R"({"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}}
{"type":"response.completed","response":{"status":"completed","tool_usage":{"web_search":{"num_requests":3},"image_gen":{"output_tokens":272}},"usage":{"input_tokens":7,"output_tokens":3}}})",
        "counts in 7, out 3, web_search 3, image 1 | finish stop");
    row("the-service-counts-no-search",
        R"({"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","status":"completed"}}
{"type":"response.completed","response":{"status":"completed","tool_usage":{"web_search":{"num_requests":0},"image_gen":{"output_tokens":0}},"usage":{"input_tokens":7,"output_tokens":3}}})",
        "counts in 7, out 3 | finish stop");
    row("searches-without-a-count-of-tokens",
        R"({"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","status":"completed"}}
{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"status":"completed","usage":null}})",
        "text a | counts web_search 1, in part | finish stop");
    row("broken-off-behind-a-search",
        R"({"type":"response.output_item.added","output_index":0,"item":{"id":"a","type":"web_search_call","status":"in_progress"}}
{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","status":"completed"}}
{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a"})",
        "text a | counts web_search 1 | error truncated");
    row("custom-tool",
        R"({"type":"response.output_item.added","output_index":0,"item":{"id":"ctc","type":"custom_tool_call","call_id":"x","name":"f","input":""}}
{"type":"response.custom_tool_call_input.delta","item_id":"ctc","output_index":0,"delta":"print"}
{"type":"response.custom_tool_call_input.delta","item_id":"ctc","output_index":0,"delta":" 1"}
{"type":"response.custom_tool_call_input.done","item_id":"ctc","output_index":0,"input":"print 1"}
{"type":"response.output_item.done","output_index":0,"item":{"id":"ctc","type":"custom_tool_call","call_id":"x","name":"f","input":"print 1"}}
{"type":"response.completed","response":{"id":"r","output":[{"id":"ctc","type":"custom_tool_call","call_id":"x","name":"f","input":"print 1"}]}})",
        "call x f print 1 | finish tool_calls");
    row("custom-tool-in-the-response-only",
        R"({"type":"response.completed","response":{"id":"r","output":[{"id":"ctc","type":"custom_tool_call","call_id":"x","name":"f","input":"print 1"}]}})",
        "call x f print 1 | finish tool_calls");
    row("completed-without-a-status",
        R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}
{"type":"response.completed","response":{"id":"r"}})",
        "text a | finish stop");
    row("incomplete-without-a-status",
        R"({"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}})",
        "finish length");
    row("completed-says-that-it-is-not",
        R"({"type":"response.completed","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}})",
        "finish content_filter");
    row("cancelled", R"({"type":"response.cancelled","response":{"id":"r"}})", "error cancelled");
    row("completed-says-cancelled",
        R"({"type":"response.completed","response":{"status":"cancelled"}})", "error cancelled");
    row("unknown-reason",
        R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"moonrise"}}})",
        "finish other");
}

void tst_WireCases::anthropic_data()
{
    columns();
    const auto row = [](const char *name, const char *lines, const char *expected) {
        QTest::newRow(name) << QStringLiteral("anthropic") << QByteArray(lines)
                            << QString::fromUtf8(expected);
    };
    row("null-keeps-what-the-start-said",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":3,"cache_creation_input_tokens":100,"cache_read_input_tokens":50,"cache_creation":{"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":60},"output_tokens":1}}}
{"type":"ping"}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"cache_read_input_tokens":"x","output_tokens":9}}
{"type":"message_stop"})",
        "text a | counts in 153, read 50, written 100, 5m 40, 1h 60, out 9 | finish stop");
    row("cache-writes-by-their-age-alone",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":60},"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}
{"type":"message_stop"})",
        "counts in 103, written 100, 5m 40, 1h 60, out 9 | finish stop");
    row("counts-are-cumulative",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":2068,"output_tokens":1}}}
{"type":"message_delta","delta":{},"usage":{"output_tokens":5}}
{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"input_tokens":22397.0,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}
{"type":"message_stop"})",
        "counts in 22397, out 9, of-it-thought 4 | finish length");
    row("iterations-are-summed",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":100,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"output_tokens":5,"iterations":[{"type":"compaction","input_tokens":100,"cache_read_input_tokens":30,"output_tokens":50},{"type":"message","input_tokens":20,"output_tokens":5}]}}
{"type":"message_stop"})",
        "counts in 150, read 30, out 55 | finish stop");
    row("iteration-that-tells-half",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":100,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"output_tokens":5,"iterations":[{"output_tokens":50},{"input_tokens":20,"output_tokens":5}]}}
{"type":"message_stop"})",
        "counts out 55 | finish stop");
    row("all-zero-is-unknown",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"output_tokens":0}}
{"type":"message_stop"})",
        "text a | finish stop");
    row("compaction-alone",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":0,"output_tokens":0}}}
{"type":"message_delta","delta":{"stop_reason":"compaction"},"usage":{"input_tokens":0,"output_tokens":0,"iterations":[{"type":"compaction","input_tokens":180000,"cache_read_input_tokens":0,"output_tokens":3500}]}}
{"type":"message_stop"})",
        "counts in 180000, read 0, out 3500 | finish other");
    row("message-alone-among-the-iterations",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":20,"cache_creation_input_tokens":6,"cache_creation":{"ephemeral_5m_input_tokens":6},"output_tokens":1,"iterations":[{"type":"message","input_tokens":20,"output_tokens":1}]}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}
{"type":"message_stop"})",
        "counts in 26, written 6, 5m 6, out 9, of-it-thought 4 | finish stop");
    row("thought-in-the-iterations",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":100,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"output_tokens":5,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":50},{"type":"message","input_tokens":20,"output_tokens":5,"output_tokens_details":{"thinking_tokens":4}}]}}
{"type":"message_stop"})",
        "counts in 120, out 55, of-it-thought 4 | finish stop");
    row("error-without-a-type",
        R"({"type":"message_start","message":{"id":"a"}}
{"error":null}
{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded","type":"rate_limit_error"}})",
        "error rate_limited");
    row("counts-before-the-stop-reason",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":7,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":3}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"}}
{"type":"message_stop"})",
        "counts in 7, out 3 | finish stop");
    row("counts-without-a-stop-reason",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":7,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":3}}
{"type":"message_stop"})",
        "counts in 7, out 3 | finish other");
    row("counts-of-the-start-alone",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":7,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"}}
{"type":"message_stop"})",
        "counts in 7, out 1, in part | finish stop");
    row("thinking-is-signed-and-sealed",
        R"({"type":"message_start","message":{"id":"a"}}
{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"c2VhbGVk"}}
{"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"cited_text":"no"}}}
{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"a"}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"}}
{"type":"message_stop"})",
        "thought hm | signature c2ln | sealed c2VhbGVk | text a | finish stop");
    row("calls-interleaved",
        R"({"type":"message_start","message":{"id":"a"}}
{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"x","name":"f","input":{}}}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"y","name":"g","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}
{"type":"content_block_start","index":5,"content_block":{"type":"server_tool_use","id":"z","name":"web_search","input":{}}}
{"type":"content_block_delta","index":5,"delta":{"type":"input_json_delta","partial_json":"{\"no\":1}"}}
{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"1}"}}
{"type":"message_delta","delta":{"stop_reason":"tool_use"}}
{"type":"message_stop"})",
        R"(call x f {"a":1} | call y g  | finish tool_calls)");
    row("input-at-the-begin",
        R"({"type":"message_start","message":{"id":"a"}}
{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"x","name":"f","input":{"a":1}}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"y","name":"g","input":{"b":2}}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"z","name":"h","input":{"c":3}}}
{"type":"message_delta","delta":{"stop_reason":"tool_use"}}
{"type":"message_stop"})",
        R"(call x f {"a":1} | call y g {"b":2} | call z h {"c":3} | finish tool_calls)");
    row("refusal-without-a-word",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":7,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":null}},"usage":{"output_tokens":1}}
{"type":"message_stop"})",
        "counts in 7, out 1 | finish refusal");
    row("unknown-stop-and-padding",
        R"({"type":"message_start","message":{"id":"a"}        }
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}    }
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"} }
{"type":"message_delta","delta":{"stop_reason":"moonrise","stop_sequence":null}}
{"type":"message_stop"     })",
        "text ab | finish other");
    row("overloaded-behind-text",
        R"({"type":"message_start","message":{"id":"a","usage":{"input_tokens":7,"output_tokens":1}}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"error","error":{"type":"overloaded_error","message":"m","details":null},"request_id":"req_1"})",
        "text a | counts in 7, out 1 | error overloaded");
    row("spend-limit-inside-the-stream",
        R"({"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}})",
        "error quota_exhausted");
    row("stop-missing",
        R"({"type":"message_start","message":{"id":"a"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})",
        "text a | counts out 2 | error truncated");
    row("started-again-as-another",
        R"({"type":"message_start","message":{"id":"a"}}
{"type":"message_start","message":{"id":"a"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"message_start","message":{"id":"b"}})",
        "text a | error protocol_error");
}

void tst_WireCases::errorByItsEventsName_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *protocol, const char *data,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << QByteArray(data)
                            << QString::fromLatin1(expected);
    };
    row("anthropic-without-its-wrapping", "anthropic",
        R"({"type":"overloaded_error","message":"m"})", "error overloaded");
    row("anthropic-that-is-none", "anthropic", R"({"type":"ping"})", "error truncated");
    row("responses-with-a-type", "openai-responses", R"({"type":"server_error","message":"m"})",
        "error server_error");
    row("responses-with-a-code", "openai-responses",
        R"({"code":"rate_limit_exceeded","message":"m"})", "error rate_limited");
    row("responses-that-is-none", "openai-responses",
        R"({"type":"response.completed","response":{"status":"completed"}})", "finish stop");
}

//! What the event is called tells that it is an error, unless its data says that it is none.
void tst_WireCases::errorByItsEventsName()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, data);
    const QByteArray body = "event: error\ndata: " + data + "\n\n";
    QTEST(said(*m_registry->adapter(protocol), "text/event-stream", body, body.size()), "expected");
}

void tst_WireCases::gemini_data()
{
    columns();
    const auto row = [](const char *name, const QByteArray &lines, const char *expected) {
        QTest::newRow(name) << QStringLiteral("gemini") << lines << QString::fromUtf8(expected);
    };
    row("prompt-blocked",
        R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT","safetyRatings":[]},"usageMetadata":{"promptTokenCount":7,"totalTokenCount":7}})",
        "counts in 7, out 0 | finish content_filter");
    row("prompt-blocked-for-an-unknown-reason", R"({"promptFeedback":{"blockReason":"MOONRISE"}})",
        "finish content_filter");
    row("blocked-behind-text",
        R"({"candidates":[{"content":{"role":"model","parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":1}}
{"candidates":[{"finishReason":"SAFETY","finishMessage":"m","safetyRatings":[{"blocked":true}]}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9}})",
        "text a | counts in 7, out 2 | finish content_filter");
    row("counts-are-totals-and-floats",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":13.0,"candidatesTokenCount":1}}
{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":13,"candidatesTokenCount":71,"thoughtsTokenCount":137,"cachedContentTokenCount":10,"toolUsePromptTokenCount":2,"totalTokenCount":223}})",
        "text ab | counts in 15, read 10, out 208, of-it-thought 137 | finish stop");
    row("pictures-and-sound-from-the-cache",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1300,"candidatesTokenCount":1,"cachedContentTokenCount":1200,"promptTokensDetails":[{"modality":"TEXT","tokenCount":1000},{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":42}],"cacheTokensDetails":[{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":40},{"modality":"TEXT","tokenCount":902}]}})",
        "text a | counts in 1300, of-it-heard 2, of-it-seen 0, read 1200, of-it-heard 40, out "
        "1 | "
        "finish stop");
    row("documents-are-pictures",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":784,"candidatesTokenCount":1,"cachedContentTokenCount":300,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"DOCUMENT","tokenCount":516},{"modality":"IMAGE","tokenCount":258},{"modality":"MODALITY_UNSPECIFIED"}],"cacheTokensDetails":[{"modality":"DOCUMENT","tokenCount":200},{"modality":"IMAGE","tokenCount":100}]}})",
        "text a | counts in 784, of-it-seen 474, read 300, out 1 | finish stop");
    row("documents-of-which-some-are-cached",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":600,"candidatesTokenCount":1,"cachedContentTokenCount":400,"promptTokensDetails":[{"modality":"TEXT","tokenCount":84},{"modality":"DOCUMENT","tokenCount":516}]}})",
        "text a | counts in 600, of-it-seen 200, read 400, out 1 | finish stop");
    row("nothing-is-null",
        R"({"candidates":[{"content":null,"finishReason":null,"safetyRatings":null}],"promptFeedback":null,"usageMetadata":null}
{"candidates":[{"content":{"parts":null},"index":null}],"promptFeedback":{"blockReason":null}}
{"candidates":null,"modelVersion":null}
{"candidates":[{"content":{"parts":[{"text":"a","thought":null,"thoughtSignature":null,"functionCall":null}]},"finishReason":"STOP","citationMetadata":null}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":1,"thoughtsTokenCount":null,"promptTokensDetails":null}})",
        "text a | counts in 7, out 1 | finish stop");
    row("error-that-is-none",
        R"({"error":null,"candidates":[{"content":{"parts":[{"text":"a"}]}}]}
{"error":{},"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]})",
        "text ab | finish stop");
    row("counts-behind-the-block",
        R"({"promptFeedback":{"blockReason":"MODEL_ARMOR","blockReasonMessage":"m"}}
{"usageMetadata":{"promptTokenCount":7,"totalTokenCount":7}})",
        "counts in 7, out 0 | finish content_filter");
    row("block-without-a-reason",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}})",
        "text a | finish stop");
    row("block-without-a-reason-or-an-answer",
        R"({"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}})",
        "finish content_filter");
    row("ratings-without-a-block",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}],"promptFeedback":{"safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"NEGLIGIBLE"}]}}
{"candidates":[{"finishReason":"STOP"}]})",
        "text a | finish stop");
    row("code-and-what-came-of-it",
        R"({"candidates":[{"content":{"parts":[{"text":"a"},{"executableCode":{"language":"PYTHON","code":"1 + 1"}}]}}]}
{"candidates":[{"content":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"2"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"text":"b"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"toolUsePromptTokenCount":5,"candidatesTokenCount":3,"totalTokenCount":15,"toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":5}]}})",
        "text ab | counts in 12, out 3 | finish stop");
    // Every reason of the page that is not in a row of its own.
    for (const char *reason : {"RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
                               "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"})
        row(reason,
            QByteArray(R"({"candidates":[{"content":{},"finishReason":"REASON"}]})")
                .replace("REASON", reason),
            "finish content_filter");
    for (const char *reason :
         {"LANGUAGE", "OTHER", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "IMAGE_RECITATION",
          "IMAGE_OTHER", "NO_IMAGE", "CONTINUATION", "FINISH_REASON_UNSPECIFIED"})
        row(reason,
            QByteArray(R"({"candidates":[{"content":{},"finishReason":"REASON"}]})")
                .replace("REASON", reason),
            "finish other");
    row("end-mark-of-another-protocol",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}
[DONE])",
        "text a | finish stop");
    row("counts-as-text-are-unknown",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":"13","candidatesTokenCount":1}})",
        "text a | counts out 1 | finish stop");
    row("counts-behind-the-end-and-stop-twice",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}
{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}
{"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}})",
        "text ab | counts in 7, out 2 | finish stop");
    row("all-spent-on-thinking",
        R"({"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":7,"thoughtsTokenCount":9,"totalTokenCount":16}})",
        "counts in 7, out 9, of-it-thought 9 | finish length");
    row("signatures-on-a-call-and-an-empty-text",
        R"({"candidates":[{"content":{"parts":[{"functionCall":{"id":"x","name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]}}]}
{"candidates":[{"content":{"parts":[{"functionCall":{"id":"y","name":"g"}},{"text":"","thoughtSignature":"MQ"}]},"finishReason":"STOP"}]})",
        R"(signature c2lnMQ | call x f {"a":1} | call y g {} | finish tool_calls)");
    row("unknown-finish",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"MOONRISE"}]})",
        "text a | finish other");
    row("malformed-call",
        R"({"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"m"}]})",
        "finish other");
    row("error-as-an-event",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]}
{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}})",
        "text a | error rate_limited");
    row("other-candidates-are-not-ours",
        R"({"candidates":[{"index":1,"content":{"parts":[{"text":"no"}]}},{"index":0,"content":{"parts":[{"text":"a"}]}}]}
{"candidates":[{"index":1,"content":{"parts":[{"text":"no"}]},"finishReason":"MAX_TOKENS"}]}
{"candidates":[{"index":0,"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"},{"index":1,"finishReason":"SAFETY"}]})",
        "text ab | finish stop");
    row("byte-order-mark-is-a-character",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n"
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\xEF\xBB\xBF"
        "b\"}]}}]}\n"
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"c\"}]},\"finishReason\":"
        "\"STOP\"}]}",
        "text a\xEF\xBB\xBF"
        "bc | finish stop");
    row("unspecified-behind-stop",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}
{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]})",
        "text a | finish stop");
    row("error-that-names-only-a-word",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]}
{"error":{"status":"INVALID_ARGUMENT","message":"m"}})",
        "text a | error invalid_request");
    row("error-with-a-word-for-code", R"({"error":{"code":"x","status":"PERMISSION_DENIED"}})",
        "error permission_denied");
    row("error-with-null-for-code", R"({"error":{"code":null,"status":"RESOURCE_EXHAUSTED"}})",
        "error rate_limited");
    row("error-with-its-code-as-text", R"({"error":{"code":"503","message":"m"}})",
        "error overloaded");
    row("error-of-an-unknown-word", R"({"error":{"status":"MOONRISE"}})", "error server_error");
    row("neither-finished-nor-blocked",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":1}})",
        "text a | counts in 7, out 1 | error truncated");
}

void tst_WireCases::cohere_data()
{
    columns();
    const auto row = [](const char *name, const char *lines, const char *expected) {
        QTest::newRow(name) << QStringLiteral("cohere") << QByteArray(lines)
                            << QString::fromUtf8(expected);
    };
    row("citations-between-the-text",
        R"({"type":"message-start","id":"c","delta":{"message":{"role":"assistant","content":[],"citations":[]}}}
{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Paris"}}}}
{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":5,"text":"Paris","sources":[{"type":"document","id":"d"}],"type":"TEXT_CONTENT"}}}}
{"type":"citation-end","index":0}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"."}}}}
{"type":"content-end","index":0}
{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":7.0,"output_tokens":21},"tokens":{"input_tokens":502,"output_tokens":24,"reasoning_tokens":4},"cached_tokens":448}}}
[DONE])",
        "text Paris. | counts in 7, out 21, of-it-thought 4 | finish stop");
    row("calls-with-a-plan-and-without-arguments",
        R"({"type":"message-start","id":"c"}
{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I look."}}}
{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"x","type":"function","function":{"name":"f","arguments":""}}}}}
{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"y","function":{"name":"g","arguments":""}}}}}
{"type":"tool-call-delta","index":1,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"b\":2}"}}}}}
{"type":"tool-call-end","index":0}
{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":null}})",
        R"(thought I look. | call x f  | call y g {"b":2} | finish tool_calls)");
    row("calls-without-an-index-or-of-one",
        R"({"type":"message-start","id":"c"}
{"type":"tool-call-start","delta":{"message":{"tool_calls":{"id":"x","function":{"name":"f","arguments":""}}}}}
{"type":"tool-call-delta","delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}}
{"type":"tool-call-start","delta":{"message":{"tool_calls":{"id":"y","function":{"name":"g","arguments":""}}}}}
{"type":"tool-call-delta","delta":{"message":{"tool_calls":{"function":{"arguments":"{\"b\":2}"}}}}}
{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"z","function":{"name":"h","arguments":""}}}}}
{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"[]"}}}}}
{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":null}})",
        R"(call x f {} | call y g {"b":2} | call z h [] | finish tool_calls)");
    row("failure-inside-a-200",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"type":"message-end","delta":{"finish_reason":"ERROR","error":"the tool call is invalid","error_type":"INVALID_TOOL_GENERATION","usage":{}}}
[DONE])",
        "text a | error invalid_request");
    row("context-that-is-full",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"type":"message-end","delta":{"finish_reason":"ERROR_LIMIT","usage":{"billed_units":{"input_tokens":7,"output_tokens":1}}}})",
        "text a | counts in 7, out 1 | finish length");
    row("toxic",
        R"({"type":"message-start","id":"c"}
{"type":"message-end","delta":{"finish_reason":"ERROR_TOXIC"}})",
        "finish content_filter");
    row("cancelled-by-its-user",
        R"({"type":"message-start","id":"c"}
{"type":"message-end","delta":{"finish_reason":"USER_CANCEL"}})",
        "finish other");
    row("error-as-an-event",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"type":"error","message":"too many tokens: size limit exceeded"})",
        "text a | error context_length_exceeded");
    row("error-of-a-message-alone",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"id":"e","message":"internal server error"})",
        "text a | error server_error");
    row("error-in-a-wrapping",
        R"({"type":"message-start","id":"c"}
{"error":{"message":"too many tokens: m","type":"invalid_request_error"}})",
        "error context_length_exceeded");
    row("nothing-is-null",
        R"({"type":"message-start","id":null,"delta":{"message":{"role":"assistant","content":null,"tool_plan":null,"tool_calls":null,"citations":null}}}
{"type":"content-start","index":null,"delta":{"message":{"content":{"type":"text","text":null}}}}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a","thinking":null}}},"logprobs":null}
{"type":"content-delta","index":0,"delta":{"message":null}}
{"type":"content-end","index":0,"delta":null}
{"type":"message-end","delta":{"finish_reason":"COMPLETE","error":null,"usage":{"billed_units":{"input_tokens":7,"output_tokens":1,"search_units":null},"tokens":{"input_tokens":null},"cached_tokens":null}}})",
        "text a | counts in 7, out 1 | finish stop");
    row("time-out-inside-a-200",
        R"({"type":"message-start","id":"c"}
{"type":"message-end","delta":{"finish_reason":"TIMEOUT"}})",
        "error server_error");
    row("counts-as-text-are-unknown",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"type":"message-end","delta":{"finish_reason":"MAX_TOKENS","usage":{"billed_units":{"input_tokens":"7","output_tokens":1},"tokens":null}}})",
        "text a | counts out 1 | finish length");
    row("unknown-finish",
        R"({"type":"message-start","id":"c"}
{"type":"message-end","delta":{"finish_reason":"MOONRISE"}})",
        "finish other");
    row("start-missing",
        R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":7,"output_tokens":1}}}})",
        "text a | counts in 7, out 1 | finish stop");
    row("end-missing",
        R"({"type":"message-start","id":"c"}
{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
[DONE])",
        "text a | error truncated");
}

//! They are charged by the piece, beside the tokens.
void tst_WireCases::cohereBillsSearches()
{
    const auto decoder = m_registry->adapter(QStringLiteral("cohere"))
                             ->makeDecoder({{"content-type", "text/event-stream"}});
    const auto events = decoder->decode(
        "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{"
        "\"billed_units\":{\"input_tokens\":7,\"output_tokens\":1,\"search_units\":2.0},"
        "\"tokens\":{\"input_tokens\":70}}}}\n\n");
    QVERIFY(events);
    std::optional<Usage> usage;
    for (const StreamEvent &event : *events) {
        if (const auto *report = std::get_if<UsageReport>(&event))
            usage = report->usage;
    }
    QVERIFY(usage);
    QCOMPARE(usage->fees, (QMap<FeeUnit, std::int64_t>{{FeeUnit::RerankSearch, 2}}));
    QCOMPARE(usage->contextTokens, std::optional<std::int64_t>(70));
}

void tst_WireCases::bedrock_data()
{
    columns();
    const auto row = [](const char *name, const QByteArray &lines, const char *expected) {
        QTest::newRow(name) << QStringLiteral("bedrock") << lines << QString::fromUtf8(expected);
    };
    row("cache-by-its-age",
        R"(messageStart {"role":"assistant","p":"abc"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"},"p":"abcdef"}
messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":10.0,"outputTokens":4,"cacheReadInputTokens":0,"cacheReadInputTokenCount":0,"cacheWriteInputTokens":7351,"cacheWriteInputTokenCount":7351,"cacheDetails":[{"ttl":"5m","inputTokens":7000},{"ttl":"1h","inputTokens":351}],"totalTokens":7365}})",
        "text a | counts in 7361, read 0, written 7351, 5m 7000, 1h 351, out 4 | finish stop");
    row("cache-in-several-marks",
        R"(messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":10,"outputTokens":4,"cacheWriteInputTokens":60,"cacheDetails":[{"ttl":"5m","inputTokens":10},{"ttl":"1h","inputTokens":30},{"ttl":"5m","inputTokens":20},{"ttl":"1h"}]}})",
        "counts in 70, written 60, 5m 30, 1h 30, out 4 | finish stop");
    row("cache-by-the-other-name",
        R"(messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":10,"outputTokens":4,"cacheReadInputTokenCount":5,"cacheWriteInputTokenCount":null}})",
        "counts in 15, read 5, out 4 | finish stop");
    row("reasoning-is-signed-and-sealed",
        R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2ln"}}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"c2VhbGVk"}}}
contentBlockStop {"contentBlockIndex":9}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"a"}}
messageStop {"stopReason":"max_tokens"}
metadata {"usage":{"inputTokens":"7","outputTokens":4}})",
        "thought hm | signature c2ln | sealed c2VhbGVk | text a | counts out 4 | finish length");
    row("calls-interleaved",
        R"(contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"x","name":"f"}}}
contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"y","name":"g"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"b\":"}}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"2}"}}}
messageStop {"stopReason":"tool_use"}
metadata {"usage":null})",
        R"(call x f {} | call y g {"b":2} | finish tool_calls)");
    row("tool-of-the-service",
        R"(contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"x","name":"nova_grounding","type":"server_tool_use"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"q\":1}"}}}
contentBlockStop {"contentBlockIndex":0}
contentBlockStart {"contentBlockIndex":1,"start":{"toolResult":{"toolUseId":"x","type":"nova_grounding_result","status":"success"}}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"toolResult":[{"json":{"a":1}}]}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"a"}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"citation":{"location":{"web":{"url":"u"}}}}}
messageStop {"stopReason":"end_turn"}
metadata {"usage":null})",
        "text a | finish stop");
    row("guardrail",
        R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
messageStop {"stopReason":"guardrail_intervened"}
metadata {"usage":{"inputTokens":7,"outputTokens":1},"trace":{"guardrail":{}}})",
        "text a | counts in 7, out 1 | finish content_filter");
    row("guardrail-before-the-model",
        R"(messageStart {"role":"assistant"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Sorry."}}
contentBlockStop {"contentBlockIndex":0}
messageStop {"stopReason":"guardrail_intervened","additionalModelResponseFields":null}
metadata {"usage":{"inputTokens":0,"outputTokens":0,"totalTokens":0},"metrics":{"latencyMs":375},"trace":{"guardrail":{"actionReason":"Guardrail blocked.","inputAssessment":{"g":{"topicPolicy":{"topics":[{"name":"t","type":"DENY","action":"BLOCKED"}]},"invocationMetrics":{"usage":{"topicPolicyUnits":1}}}}}}})",
        "text Sorry. | counts in 0, out 0 | finish content_filter");
    row("how-it-was-served",
        R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":7,"outputTokens":1,"serverToolUsage":{}},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"trace":{"promptRouter":{"invokedModelId":"m"}}})",
        "text a | counts in 7, out 1, tier flex | finish stop");
    row("cache-by-its-age-alone",
        R"(messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":10,"outputTokens":4,"cacheDetails":[{"ttl":"5m","inputTokens":20},{"ttl":"1h","inputTokens":30}]}})",
        "counts in 60, written 50, 5m 20, 1h 30, out 4 | finish stop");
    row("nothing-is-null",
        R"(messageStart {"role":null}
contentBlockStart {"contentBlockIndex":null,"start":null}
contentBlockDelta {"contentBlockIndex":null,"delta":null}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":null,"reasoningContent":null,"toolUse":null}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"},"p":null}
messageStop {"stopReason":null}
metadata {"usage":{"inputTokens":7,"outputTokens":1,"cacheReadInputTokens":null,"cacheWriteInputTokens":null,"cacheDetails":null},"serviceTier":null,"performanceConfig":null,"trace":null,"metrics":null})",
        "text a | counts in 7, out 1 | finish other");
    const std::pair<const char *, const char *> reasons[] = {
        {"stop_sequence", "finish stop"},
        {"model_context_window_exceeded", "finish length"},
        {"content_filtered", "finish content_filter"},
        {"malformed_model_output", "finish other"},
        {"malformed_tool_use", "finish other"}};
    for (const auto &[reason, expected] : reasons)
        row(reason, QByteArray(R"(messageStop {"stopReason":"REASON"})").replace("REASON", reason),
            expected);
    row("throttled-behind-text",
        R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
throttlingException {"message":"Too many tokens, please wait."})",
        "text a | error rate_limited");
    // Each exception of the stream; their names begin small here.
    row("exception-of-the-server", R"(internalServerException {"message":"m"})",
        "error server_error");
    row("exception-of-the-model",
        R"(modelStreamErrorException {"message":"m","originalStatusCode":400,"originalMessage":"n"})",
        "error server_error");
    row("exception-of-the-model-too-long",
        R"(modelStreamErrorException {"message":"m","originalStatusCode":400,"originalMessage":"prompt is too long: 5 tokens > 4 maximum"})",
        "error context_length_exceeded");
    row("exception-of-the-model-unsaid",
        R"(modelStreamErrorException {"message":null,"originalStatusCode":null,"originalMessage":null})",
        "error server_error");
    row("exception-of-time", R"(modelTimeoutException {"message":"m"})", "error timeout");
    row("exception-of-the-request", R"(validationException {"message":"m"})",
        "error invalid_request");
    row("exception-too-long", R"(validationException {"message":"Input is too long for m."})",
        "error context_length_exceeded");
    row("exception-of-the-rate", R"(throttlingException {"message":"m"})", "error rate_limited");
    row("exception-no-capacity", R"(serviceUnavailableException {"message":"m"})",
        "error overloaded");
    row("exception-without-a-payload", "throttlingException", "error rate_limited");
    row("exception-as-in-http", R"(ThrottlingException {"Message":"Too many tokens per day"})",
        "error quota_exhausted");
    row("exception-of-tomorrow", R"(moonriseException {"message":"m"})", "error server_error");
    row("error-in-headers-context", "error ValidationException Input is too long for this model.",
        "error context_length_exceeded");
    row("error-in-headers-model",
        "error ValidationException The provided model identifier is invalid.",
        "error model_not_found");
    row("error-in-headers-daily", "error ThrottlingException Too many tokens per day",
        "error quota_exhausted");
    row("metadata-missing", R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
messageStop {"stopReason":"moonrise"})",
        "text a | finish other");
    row("stop-missing", R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
contentBlockStop {"contentBlockIndex":0})",
        "text a | error truncated");
}

void tst_WireCases::bedrockNamesTheRoutedModel_data()
{
    QTest::addColumn<QByteArray>("trace");
    QTest::addColumn<QString>("model");
    QTest::newRow("none") << QByteArray("null") << QString();
    QTest::newRow("of-a-guardrail") << QByteArray(R"({"guardrail":{}})") << QString();
    QTest::newRow("id") << QByteArray(R"({"promptRouter":{"invokedModelId":"m-1"}})")
                        << QStringLiteral("m-1");
    QTest::newRow("profile")
        << QByteArray(
               R"({"promptRouter":{"invokedModelId":"arn:aws:bedrock:us-east-1:1:inference-profile/us.m-v1:0"}})")
        << QStringLiteral("us.m-v1:0");
    QTest::newRow("another-type") << QByteArray(R"({"promptRouter":{"invokedModelId":7}})")
                                  << QString();
}

//! A prompt router chooses among models, each of which has its price.
void tst_WireCases::bedrockNamesTheRoutedModel()
{
    QFETCH(const QByteArray, trace);
    const auto decoder =
        m_registry->adapter(QStringLiteral("bedrock"))
            ->makeDecoder({{"content-type", "application/vnd.amazon.eventstream"}});
    const auto events =
        decoder->decode(fuzz::eventStreamOf("messageStop {\"stopReason\":\"end_turn\"}\n"
                                            "metadata {\"usage\":{\"inputTokens\":7},\"trace\":" +
                                            trace + "}"));
    QVERIFY(events);
    std::optional<Usage> usage;
    for (const StreamEvent &event : *events) {
        if (const auto *report = std::get_if<UsageReport>(&event))
            usage = report->usage;
    }
    QVERIFY(usage);
    QTEST(usage->model, "model");
}

//! A stream was asked for and one answer came; some servers do that.
void tst_WireCases::wholeAnswers_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *protocol, const char *body,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << QByteArray(body)
                            << QString::fromUtf8(expected);
    };
    row("openai-chat", "openai-chat",
        R"({"choices":[{"index":0,"message":{"role":"assistant","content":"<think>hm</think>a","tool_calls":[{"id":"x","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":3}})",
        "thought hm | text a | call x f {} | counts in 7, out 3 | finish tool_calls");
    row("azure-filtered-without-a-message", "azure",
        R"({"choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"violence":{"filtered":true}}}],"usage":{"prompt_tokens":7,"completion_tokens":0}})",
        "counts in 7, out 0 | finish content_filter");
    row("half-of-a-pair-and-a-number-of-thirty-digits", "openai-chat",
        R"({"created":123456789012345678901234567890,"choices":[{"index":0,"message":{"content":"a\ud83d"},"finish_reason":"stop"}]})",
        "text a\uFFFD | finish stop");
    row("openai-chat-error-in-a-200", "openai-chat", R"({"error":"out of memory"})",
        "error server_error");
    row("openai-chat-status-in-a-200", "openai-chat", R"({"code":401,"message":"Unauthorized"})",
        "error authentication_failed");
    row("openai-chat-only-a-detail", "openai-chat", R"({"detail":"Not here"})",
        "error protocol_error");
    row("openai-chat-with-a-tier", "openai-chat",
        R"({"service_tier":"default","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}})",
        "text a | counts in 7, out 3, tier default | finish stop");
    row("openai-responses", "openai-responses",
        R"({"id":"r","status":"completed","output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"a"}]},{"type":"function_call","call_id":"x","name":"f","arguments":"{}"}],"usage":{"input_tokens":7,"output_tokens":3}})",
        "thought hm | text a | call x f {} | counts in 7, out 3 | finish tool_calls");
    row("openai-responses-in-progress", "openai-responses",
        R"({"id":"r","status":"in_progress","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}]})",
        "text a | error truncated");
    row("openai-responses-queued", "openai-responses",
        R"({"id":"r","status":"queued","output":[],"usage":null})", "error truncated");
    row("anthropic", "anthropic",
        R"({"type":"message","id":"a","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"a"},{"type":"tool_use","id":"x","name":"f","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":7,"output_tokens":3}})",
        R"(thought hm | signature c2ln | text a | call x f {"a":1} | counts in 7, out 3 | finish tool_calls)");
    row("anthropic-error-in-a-200", "anthropic",
        R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})",
        "error overloaded");
    row("anthropic-error-without-a-type", "anthropic",
        R"({"error":{"type":"overloaded_error","message":"m"}})", "error overloaded");
    row("gemini", "gemini",
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3}})",
        "text a | counts in 7, out 3 | finish stop");
    row("gemini-list", "gemini",
        R"([{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7}},
{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3}}])",
        "text ab | counts in 7, out 3 | finish stop");
    row("gemini-list-with-an-error", "gemini",
        R"([{"candidates":[{"content":{"parts":[{"text":"a"}]}}]},{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}])",
        "text a | error rate_limited");
    row("openai-responses-content-as-text", "openai-responses",
        R"({"id":"r","status":"completed","output":[{"type":"message","content":"a"}]})",
        "text a | finish stop");
    row("cohere", "cohere",
        R"({"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"}],"citations":[{"start":0,"end":1,"text":"a"}]},"usage":{"billed_units":{"input_tokens":7,"output_tokens":3}}})",
        "thought hm | text a | counts in 7, out 3 | finish stop");
    row("bedrock", "bedrock",
        R"({"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},{"text":"a"}]}},"stopReason":"end_turn","usage":{"inputTokens":7,"outputTokens":3}})",
        "thought hm | signature c2ln | text a | counts in 7, out 3 | finish stop");
    row("bedrock-with-sources", "bedrock",
        R"({"output":{"message":{"content":[{"text":"a "},{"citationsContent":{"content":[{"text":"b"},{"text":"c"}],"citations":[{"title":"t"}]}},{"toolUse":{"toolUseId":"x","name":"nova_grounding","type":"server_tool_use","input":{"q":1}}}]}},"stopReason":"end_turn"})",
        "text a bc | finish stop");
    row("openai-chat-spoken", "openai-chat",
        R"({"choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"x","data":"AAAA","transcript":"a"}},"finish_reason":"stop"}]})",
        "text a | finish stop");
    row("bedrock-error-in-a-200", "bedrock",
        R"({"__type":"com.amazon#ThrottlingException","message":"Too many requests"})",
        "error rate_limited");
    row("cohere-error-in-a-200", "cohere", R"({"id":"c","message":"too many tokens: m"})",
        "error context_length_exceeded");
    // What another call of the same service answers: nobody asked the model anything.
    row("openai-chat-list", "openai-chat", R"({"object":"list","data":[{"id":"m"}]})",
        "error protocol_error");
    row("anthropic-count", "anthropic", R"({"input_tokens":14})", "error protocol_error");
    row("gemini-count", "gemini", R"({"totalTokens":8})", "error protocol_error");
    row("gemini-models", "gemini", R"({"models":[{"name":"models/m"}]})", "error protocol_error");
    row("cohere-model", "cohere", R"({"name":"m","endpoints":["chat"]})", "error protocol_error");
    row("bedrock-count", "bedrock", R"({"inputTokens":11})", "error protocol_error");
}

//! What is beyond the bound is nobody's, and not another call's.
void tst_WireCases::moreCallsThanAreTaken_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("call"); //!< Of %1.
    QTest::addColumn<QByteArray>("behind");
    const auto row = [](const char *protocol, const char *before, const char *call,
                        const char *behind) {
        QTest::newRow(protocol) << QString::fromLatin1(protocol) << QByteArray(before)
                                << QByteArray(call) << QByteArray(behind);
    };
    row("openai-chat", R"({"choices":[{"index":0,"message":{"tool_calls":[)",
        R"({"id":"x%1","function":{"name":"f","arguments":"{\"i\":%1}"}})",
        R"(]},"finish_reason":"tool_calls"}]})");
    row("anthropic", R"({"id":"a","content":[)",
        R"({"type":"tool_use","id":"x%1","name":"f","input":{"i":%1}})",
        R"(],"stop_reason":"tool_use"})");
    row("bedrock", R"({"output":{"message":{"content":[)",
        R"({"toolUse":{"toolUseId":"x%1","name":"f","input":{"i":%1}}})",
        R"(]}},"stopReason":"tool_use"})");
}

void tst_WireCases::moreCallsThanAreTaken()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, call);
    QFETCH(const QByteArray, behind);
    constexpr int Taken = 128;
    QList<QByteArray> calls;
    QString expected;
    for (int i = 0; i < Taken + 2; ++i) {
        const QByteArray number = QByteArray::number(i);
        calls.append(QByteArray(call).replace("%1", number));
        if (i < Taken)
            expected += QStringLiteral(R"(call x%1 f {"i":%1} | )").arg(i);
    }
    const QByteArray body = before + calls.join(',') + behind;
    QCOMPARE(said(*m_registry->adapter(protocol), "application/json", body, body.size()),
             expected + QStringLiteral("finish tool_calls"));
}

void tst_WireCases::wholeAnswers()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, expected);
    const ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    QCOMPARE(said(*adapter, "application/json", body, body.size()), expected);
    QCOMPARE(said(*adapter, "application/json", body, 1), expected);
    // Cut anywhere it is no answer.
    for (qsizetype cut = 0; cut < body.size(); ++cut)
        QVERIFY2(!said(*adapter, "application/json", body.first(cut), body.size())
                      .contains(QStringLiteral("finish")),
                 qPrintable(QString::number(cut)));
    if (protocol == QStringLiteral("bedrock")) {
        const QByteArray stream = "application/vnd.amazon.eventstream"; // a name that lies
        QCOMPARE(said(*adapter, stream, body, body.size()), expected);
        QCOMPARE(said(*adapter, stream, body, 1), expected);
        return;
    }
    QCOMPARE(said(*adapter, "application/json", "\xEF\xBB\xBF" + body, 1), expected);
    QCOMPARE(said(*adapter, "application/json", "\r\n\n " + body + "\n", 2), expected);
    if (body.startsWith('{')) // and some call it a stream
        QCOMPARE(said(*adapter, "text/event-stream", body, 1), expected);
}

//! What stands beside the events, or is one that breaks off, and what that makes of the answer.
void tst_WireCases::brokenStreams_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *protocol, const QByteArray &body,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << body << QString::fromUtf8(expected);
    };
    const QByteArray done = "data: [DONE]\n\n";
    const QByteArray text = R"(data: {"choices":[{"index":0,"delta":{"content":"a"}}]})"
                            "\n\n";
    const QByteArray stop = R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
                            "\n\n";
    const QByteArray tooLong =
        R"(error: {"code":500,"message":"Context size has been exceeded.","type":"server_error"})"
        "\n\n";
    const QByteArray raw = R"({"error":{"message":"m","code":502}})"
                           "\n\n";
    row("error-field-behind-text", "openai-chat", text + tooLong + done,
        "text a | error context_length_exceeded");
    row("error-field-without-text", "openai-chat", tooLong + done, "error context_length_exceeded");
    row("error-field-without-an-end", "openai-chat", text + tooLong,
        "text a | error context_length_exceeded");
    row("raw-error-behind-text", "openai-chat", text + raw + done, "text a | error server_error");
    row("raw-error-behind-stop", "openai-chat", text + stop + raw + done,
        "text a | error server_error");
    row("raw-error-without-text", "openai-chat", raw + done, "error server_error");
    row("raw-error-behind-the-end", "openai-chat", text + stop + done + raw,
        "text a | finish stop");
    row("raw-object-that-is-no-error", "openai-chat",
        text + "{\"timings\":{},\"error\":null}\n\n" + stop + done, "text a | finish stop");
    row("raw-answer-and-an-end", "openai-chat",
        R"({"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]})"
        "\n\n" +
            done,
        "text a | finish stop");
    row("raw-flat-error", "openai-chat",
        text + R"({"object":"error","message":"m","code":"503"})" + "\n\n" + done,
        "text a | error overloaded");
    row("held-text-of-a-cut-stream", "openai-chat",
        R"(data: {"choices":[{"index":0,"delta":{"content":"<thi"}}]})"
        "\n\ndata: {\"choi",
        "text <thi | error truncated");
    const QByteArray says =
        R"(data: {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]})"
        "\r\n\r\n";
    const QByteArray more =
        R"(data: {"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]})";
    row("cut-at-the-end-of-an-event", "gemini", says + more, "text ab | finish stop");
    for (const qsizetype cut : {1, 4, 5, 6, 7, 20, 60}) {
        QTest::addRow("cut-within-an-event-%d", static_cast<int>(cut))
            << QStringLiteral("gemini") << says + more.first(cut)
            << QStringLiteral("text a | error truncated");
    }
    row("cut-within-one-but-blocked", "gemini",
        R"(data: {"promptFeedback":{"blockReason":"SAFETY"}})"
        "\r\n\r\ndata: {\"usageMet",
        "finish content_filter");
    row("raw-error-that-is-cut", "gemini", says + "{\n  \"error\": {\n    \"code\": 503,\n    \"me",
        "text a | error truncated");
    row("raw-error-in-a-list", "gemini",
        says + "[{\n  \"error\": {\n    \"code\": 503\n  }\n}\n]\n", "text a | error overloaded");
    row("error-of-minimax", "openai-chat",
        R"(data: {"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}})"
        "\n\n",
        "error billing");
    row("good-status-of-minimax", "openai-chat",
        R"(data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],)"
        R"("base_resp":{"status_code":0,"status_msg":""}})"
        "\n\n" + done,
        "text a | finish stop");
    row("error-of-cloudflare", "openai-chat",
        R"({"success":false,"errors":[{"code":7009,"message":"Upstream service unavailable"}],)"
        R"("messages":[],"result":null})"
        "\n\n",
        "error server_error");
    row("success-of-cloudflare", "openai-chat",
        R"(data: {"success":true,"errors":[],"choices":[{"index":0,"delta":{"content":"a"},)"
        R"("finish_reason":"stop"}]})"
        "\n\n" + done,
        "text a | finish stop");
    const QByteArray page = "\r\n<!DOCTYPE html>\n<html><title>502 Bad Gateway</title></html>\n\n";
    row("page-called-a-stream", "openai-chat", page, "error protocol_error");
    row("page-called-a-stream-cut", "openai-chat", page.first(3), "error protocol_error");
    row("page-called-a-stream-gemini", "gemini", page, "error protocol_error");
    row("page-behind-text", "openai-chat", text + page, "text a | error truncated");
    row("unknown-field", "gemini", says + "x-trace: 1\n\n", "text a | finish stop");
    row("comment-that-is-cut", "gemini", says + ": keep-al", "text a | finish stop");
}

void tst_WireCases::brokenStreams()
{
    QFETCH(const QString, protocol);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, expected);
    const ProviderAdapter *adapter = m_registry->adapter(protocol);
    QVERIFY(adapter);
    const QByteArray type = "text/event-stream";
    for (const qsizetype slice : {body.size(), qsizetype(1), qsizetype(7), qsizetype(64)})
        QCOMPARE(said(*adapter, type, body, slice), expected);
}

//! Each escaped as one half, as some servers cut an emoji between two tokens.
void tst_WireCases::characterInTwoEvents_data()
{
    columns();
    const auto row = [](const char *name, const QByteArrayList &texts, const char *expected) {
        QByteArray lines;
        for (const QByteArray &text : texts)
            lines += R"({"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n";
        QTest::newRow(name)
            << QStringLiteral("openai-chat")
            << lines + R"({"choices":[{"index":0,"finish_reason":"stop"}]})" + "\n[DONE]"
            << QStringLiteral("text %1 | finish stop").arg(QString::fromUtf8(expected));
    };
    row("joined", {"a", "b \\ud83d", "\\ude00 c", "d"}, "ab \U0001F600 cd");
    row("alone", {"\\ud83d", "\\ude00"}, "\U0001F600");
    row("twice", {"\\ud83d", "\\ude00\\ud83d", "\\ude01"}, "\U0001F600\U0001F601");
    row("in-upper-case", {"\\uD83D", "\\uDE00"}, "\U0001F600");
    row("no-second-half", {"a\\ud83d", "b", "\\ude00"}, "a\uFFFDb\uFFFD");
    row("nothing-behind-it", {"a\\ud83d"}, "a\uFFFD");
    row("first-half-twice", {"\\ud83d", "\\ud83d", "\\ude00"}, "\uFFFD\U0001F600");
    row("no-first-half", {"a", "\\ude00"}, "a\uFFFD");
    row("not-at-the-ends", {"\\ud83d ", " \\ude00"}, "\uFFFD  \uFFFD");
}

//! Also where nothing announced them; the model is told late then, but told.
void tst_WireCases::responsesBeginWithTheFirstWord()
{
    const auto decoder = m_registry->adapter(QStringLiteral("openai-responses"))
                             ->makeDecoder({{"content-type", "text/event-stream"}});
    const auto first = decoder->decode(
        "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a\"}\n\n");
    QVERIFY(first);
    QCOMPARE(first->size(), 2);
    QVERIFY(std::holds_alternative<ReplyStarted>(first->first()));
    const auto last = decoder->decode(
        "data: {\"type\":\"response.completed\",\"response\":{\"model\":\"m-1\",\"usage\":{"
        "\"input_tokens\":7}}}\n\n");
    QVERIFY(last);
    QVERIFY(!last->isEmpty());
    const auto *report = std::get_if<UsageReport>(&last->first());
    QVERIFY(report);
    QCOMPARE(report->usage.model, QStringLiteral("m-1"));
}

void tst_WireCases::geminiNamesItsModelLater()
{
    const auto modelIn = [this](const QByteArray &body) {
        const auto decoder = m_registry->adapter(QStringLiteral("gemini"))
                                 ->makeDecoder({{"content-type", "text/event-stream"}});
        QString model;
        const auto events = decoder->decode(body);
        for (const StreamEvent &event : events ? *events : StreamEvents()) {
            if (const auto *report = std::get_if<UsageReport>(&event))
                model = report->usage.model;
        }
        return model;
    };
    const QByteArray named =
        "data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"modelVersion\":\"m-1\","
        "\"usageMetadata\":{\"promptTokenCount\":7}}\n\n";
    QCOMPARE(modelIn("data: {\"candidates\":[]}\n\n" + named), QStringLiteral("m-1"));
    QCOMPARE(modelIn(named), QString()); // the answer's begin has told it
}

//! It changes the price, and may stand in the headers only.
void tst_WireCases::geminiTellsTheTier_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("inUsage");
    QTest::addColumn<QString>("tier");
    QTest::newRow("nowhere") << QByteArray() << QByteArray() << QString();
    QTest::newRow("header") << QByteArray("priority") << QByteArray() << QStringLiteral("priority");
    QTest::newRow("usage") << QByteArray() << QByteArray(R"(,"serviceTier":"flex")")
                           << QStringLiteral("flex");
    QTest::newRow("both") << QByteArray("priority") << QByteArray(R"(,"serviceTier":"flex")")
                          << QStringLiteral("flex");
}

void tst_WireCases::geminiTellsTheTier()
{
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, inUsage);
    QFETCH(const QString, tier);
    HttpHeaders headers{{"content-type", "text/event-stream"}};
    if (!header.isEmpty())
        headers.set("X-Gemini-Service-Tier", header);
    const auto decoder = m_registry->adapter(QStringLiteral("gemini"))->makeDecoder(headers);
    auto events = decoder->decode(
        R"(data: {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7)" +
        inUsage + "}}\n\n");
    QVERIFY(events);
    std::optional<Usage> usage;
    for (const StreamEvent &event : *events) {
        if (const auto *report = std::get_if<UsageReport>(&event))
            usage = report->usage;
    }
    QVERIFY(usage);
    QCOMPARE(usage->serviceTier, tier);
}

QTEST_GUILESS_MAIN(tst_WireCases)
#include "tst_wirecases.moc"
