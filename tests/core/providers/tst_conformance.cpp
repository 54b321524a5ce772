#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "tests/fuzz/eventstreamwriter.h"

#include <QRegularExpression>
#include <QTest>

#include <optional>

using namespace core;

//! Every protocol, said in its own words, through every case that a service can bring about.
class tst_Conformance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cases_data();
    void cases();
    void httpErrors_data();
    void httpErrors();
    void everyProtocolIsSpoken();
    void countsAreHeldBack();

private:
    std::optional<ProviderRegistry> m_registry;
};

namespace {

//! What a protocol says, piece by piece. Pieces are events' data, or bedrock's "TYPE DATA".
struct Dialect
{
    const char *protocol;
    const char *begin;
    const char *text;      //!< "Hello"
    const char *reasoning; //!< "hm"; empty: the protocol has none.
    const char *call;      //!< Of f with {"a":1}.
    const char *usage;     //!< 7 in, 3 out; before the end.
    const char *stop;
    const char *calls;   //!< The end of an answer that calls a tool.
    const char *length;  //!< The end at the token limit.
    const char *blocked; //!< The end by a content policy.
    const char *failure; //!< An overload or a fault, inside the stream.
    const char *unknown; //!< An event that nobody knows.
    const char *strange; //!< Known events whose members have other types.
    const char *huge;    //!< Usage beyond all bounds; before the end.
};

constexpr Dialect OpenAiChat = {
    "openai-chat",
    R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant"}}]})",
    R"({"choices":[{"index":0,"delta":{"content":"Hello"}}]})",
    R"({"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]})",
    R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{\"a\":1}"}}]}}]})",
    R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}})",
    R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
[DONE])",
    R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
[DONE])",
    R"({"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}
[DONE])",
    R"({"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}
[DONE])",
    R"({"error":{"message":"m","code":503}})",
    R"({"object":"something.new","choices":[]})",
    R"({"choices":{},"usage":[1]}
{"choices":[{"delta":[],"finish_reason":{}}]})",
    R"({"choices":[],"usage":{"prompt_tokens":1e300,"completion_tokens":-5}})"};

//! What one protocol says, under another one's URLs and headers.
constexpr Dialect saidBy(const char *protocol, Dialect dialect)
{
    dialect.protocol = protocol;
    return dialect;
}

constexpr Dialect Dialects[] = {
    OpenAiChat,
    saidBy("azure", OpenAiChat),
    {"openai-responses", R"({"type":"response.created","response":{"id":"r","model":"m"}})",
     R"({"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"Hello"})",
     R"({"type":"response.reasoning_text.delta","output_index":0,"content_index":0,"delta":"hm"})",
     R"({"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"t","name":"f"}}
{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"a\":1}"})",
     "",
     R"({"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":7,"output_tokens":3}}})",
     R"({"type":"response.completed","response":{"status":"completed"}})",
     R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}})",
     R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}})",
     R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"m"}}})",
     R"({"type":"response.something.new","delta":"no"})",
     R"({"type":"response.output_text.delta","delta":{},"output_index":"x"}
{"type":"response.output_item.added","item":[]})",
     R"({"type":"response.in_progress","response":{"usage":{"input_tokens":1e300,"output_tokens":-5}}})"},
    {"anthropic",
     R"({"type":"message_start","message":{"id":"a","model":"m","usage":{"input_tokens":7,"output_tokens":1}}})",
     R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}})",
     R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})",
     R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}})",
     R"({"type":"message_delta","delta":{},"usage":{"output_tokens":3}})",
     R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}}
{"type":"message_stop"})",
     R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}}
{"type":"message_stop"})",
     R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"}}
{"type":"message_stop"})",
     R"({"type":"message_delta","delta":{"stop_reason":"refusal"}}
{"type":"message_stop"})",
     R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})",
     R"({"type":"something_new","delta":{"text":"no"}})",
     R"({"type":"content_block_delta","index":{},"delta":[]}
{"type":"message_delta","delta":7,"usage":"x"})",
     R"({"type":"message_delta","delta":{},"usage":{"input_tokens":1e300,"output_tokens":-5}})"},
    {"gemini", R"({"modelVersion":"m","responseId":"g"})",
     R"({"candidates":[{"content":{"parts":[{"text":"Hello"}]}}]})",
     R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]})",
     R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}]})",
     R"({"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3}})",
     R"({"candidates":[{"finishReason":"STOP"}]})", R"({"candidates":[{"finishReason":"STOP"}]})",
     R"({"candidates":[{"finishReason":"MAX_TOKENS"}]})",
     R"({"promptFeedback":{"blockReason":"SAFETY"}})",
     R"({"error":{"code":503,"status":"UNAVAILABLE"}})", R"({"somethingNew":{"text":"no"}})",
     R"({"candidates":{},"usageMetadata":[]}
{"candidates":[{"content":{"parts":[7,{"text":{}},{"functionCall":[]}]},"finishReason":{}}]})",
     R"({"usageMetadata":{"promptTokenCount":1e300,"candidatesTokenCount":-5}})"},
    {"cohere", R"({"type":"message-start","id":"c"})",
     R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hello"}}}})",
     R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}})",
     R"({"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"t","function":{"name":"f","arguments":""}}}}}
{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"a\":1}"}}}}})",
     "",
     R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":7,"output_tokens":3}}}}
[DONE])",
     R"({"type":"message-end","delta":{"finish_reason":"TOOL_CALL"}})",
     R"({"type":"message-end","delta":{"finish_reason":"MAX_TOKENS"}})",
     R"({"type":"message-end","delta":{"finish_reason":"ERROR_TOXIC"}})",
     R"({"type":"message-end","delta":{"finish_reason":"ERROR","error":"m"}})",
     R"({"type":"something-new","delta":{"message":{"content":{"text":"no"}}}})",
     R"({"type":"content-delta","delta":[]}
{"type":"tool-call-start","index":"x","delta":{"message":{"tool_calls":7}}})",
     R"({"type":"debug","delta":{"usage":{"billed_units":{"input_tokens":1e300,"output_tokens":-5}}}})"},
    {"bedrock", R"(messageStart {"role":"assistant"})",
     R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"Hello"}})",
     R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}})",
     R"(contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t","name":"f"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"a\":1}"}}})",
     "", R"(messageStop {"stopReason":"end_turn"}
metadata {"usage":{"inputTokens":7,"outputTokens":3}})",
     R"(messageStop {"stopReason":"tool_use"})", R"(messageStop {"stopReason":"max_tokens"})",
     R"(messageStop {"stopReason":"guardrail_intervened"})",
     R"(serviceUnavailableException {"message":"m"})", R"(somethingNew {"delta":{"text":"no"}})",
     R"(contentBlockDelta {"contentBlockIndex":{},"delta":[]}
contentBlockStart {"start":{"toolUse":7}})",
     R"(metadata {"usage":{"inputTokens":1e300,"outputTokens":-5}})"},
};

QByteArray bodyOf(const Dialect &dialect, const QList<QByteArray> &pieces)
{
    QByteArray lines = pieces.join('\n');
    if (QByteArrayView(dialect.protocol) == "bedrock")
        return fuzz::eventStreamOf(lines);
    QByteArray body;
    for (const QByteArray &line : lines.split('\n'))
        body += "data: " + line + "\n\n";
    return body;
}

//! A member nobody reads, nested deeper than a parser may follow.
QByteArray deep(const Dialect &dialect)
{
    const bool framed = QByteArrayView(dialect.protocol) == "bedrock";
    return (framed ? "contentBlockDelta " : "") + QByteArray("{\"x\":") + QByteArray(5000, '[') +
           QByteArray(5000, ']') + '}';
}

struct Outcome
{
    QString text, reasoning, callName;
    QByteArray callArguments;
    std::optional<Usage> usage;
    std::optional<Finish> finish;
    std::optional<Error> error;
};

Outcome decode(const ProviderAdapter &adapter, const Dialect &dialect, const QByteArray &body)
{
    const bool framed = QByteArrayView(dialect.protocol) == "bedrock";
    const auto decoder = adapter.makeDecoder(
        {{"content-type", framed ? "application/vnd.amazon.eventstream" : "text/event-stream"}});
    Outcome out;
    const auto take = [&out, &decoder](const Result<StreamEvents> &events) {
        for (const StreamEvent &event : events ? *events : decoder->takeEvents()) {
            if (const auto *text = std::get_if<TextDelta>(&event))
                out.text += text->text;
            else if (const auto *reasoning = std::get_if<ReasoningDelta>(&event))
                out.reasoning += reasoning->text;
            else if (const auto *call = std::get_if<ToolCallDelta>(&event)) {
                out.callName += call->name;
                out.callArguments += call->arguments;
            } else if (const auto *report = std::get_if<UsageReport>(&event))
                out.usage = report->usage;
            else if (const auto *finish = std::get_if<Finish>(&event))
                out.finish = *finish;
        }
        if (!events && !out.error)
            out.error = events.error();
    };
    take(decoder->decode(body));
    if (!out.error)
        take(decoder->finish());
    return out;
}

//! A case: what is said, and what must come of it.
struct Case
{
    const char *name;
    QList<QByteArray> (*say)(const Dialect &);
    void (*check)(const Outcome &);
};

void completed(const Outcome &out, FinishReason reason)
{
    QVERIFY2(!out.error, out.error ? qPrintable(out.error->detail) : "");
    QVERIFY(out.finish.has_value());
    QCOMPARE(finishReasonName(out.finish->reason), finishReasonName(reason));
}

const Case Cases[] = {
    {"text",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.text, d.text, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.text, QStringLiteral("HelloHello"));
     }},
    {"reasoning",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.reasoning, d.text, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.reasoning, QStringLiteral("hm"));
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"tool-call",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.call, d.calls};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::ToolCalls);
         QCOMPARE(out.callName, QStringLiteral("f"));
         QCOMPARE(out.callArguments, QByteArray(R"({"a":1})"));
     }},
    {"usage",
     [](const Dialect &d) {
         QList<QByteArray> pieces{d.begin, d.text};
         if (*d.usage)
             pieces.append(d.usage);
         return pieces << d.stop;
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QVERIFY(out.usage.has_value());
         QCOMPARE(out.usage->count(UsageKind::Input), std::optional<std::int64_t>(7));
         QCOMPARE(out.usage->count(UsageKind::Output), std::optional<std::int64_t>(3));
         QVERIFY(!out.usage->count(UsageKind::CacheWrite)); // not told is not zero
     }},
    {"length",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.text, d.length};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Length);
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"blocked",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.blocked};
     },
     [](const Outcome &out) {
         QVERIFY(!out.error && out.finish);
         QVERIFY(out.finish->reason == FinishReason::ContentFilter ||
                 out.finish->reason == FinishReason::Refusal);
     }},
    {"error-in-stream",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.text, d.failure};
     },
     [](const Outcome &out) {
         QVERIFY(out.error && !out.finish);
         QVERIFY(out.error->kind == ErrorKind::Overloaded ||
                 out.error->kind == ErrorKind::ServerError);
         QCOMPARE(out.text, QStringLiteral("Hello")); // what came is kept
     }},
    {"truncated",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.text};
     },
     [](const Outcome &out) {
         QVERIFY(out.error && !out.finish);
         QCOMPARE(errorCode(out.error->kind), errorCode(ErrorKind::Truncated));
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"unknown-event",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.unknown, d.text, d.unknown, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"wrong-types",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.strange, d.text, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"lone-surrogate",
     [](const Dialect &d) {
         const QByteArray odd = R"(a\ud83d \\ud83d \ud83d\ude00 \ude00)";
         return QList<QByteArray>{d.begin, d.text, QByteArray(d.text).replace("Hello", odd), d.text,
                                  d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.text, QStringLiteral("Helloa\uFFFD \\ud83d \U0001F600 \uFFFDHello"));
     }},
    {"deep-nesting",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, deep(d), d.text, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         QCOMPARE(out.text, QStringLiteral("Hello"));
     }},
    {"huge-numbers",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.huge, d.text, d.stop};
     },
     [](const Outcome &out) {
         completed(out, FinishReason::Stop);
         if (!out.usage)
             return;
         constexpr std::int64_t Largest = 1LL << 53;
         for (const std::int64_t count : out.usage->tokens)
             QVERIFY(count >= 0 && count <= Largest);
     }},
    {"empty",
     [](const Dialect &d) {
         return QList<QByteArray>{d.begin, d.stop};
     },
     [](const Outcome &out) { QVERIFY(out.finish.has_value() != out.error.has_value()); }},
};

//! A refusal with a status, and the words that each service has for it; empty: none of its own.
struct HttpError
{
    int status;
    ErrorKind kind;
    const char *openAi;    //!< The type.
    const char *anthropic; //!< The type.
    const char *gemini;    //!< The status in words.
    const char *bedrock;   //!< The exception.
};

constexpr HttpError HttpErrors[] = {
    {400, ErrorKind::InvalidRequest, "invalid_request_error", "invalid_request_error",
     "INVALID_ARGUMENT", "ValidationException"},
    {401, ErrorKind::AuthenticationFailed, "authentication_error", "authentication_error",
     "UNAUTHENTICATED", "UnrecognizedClientException"},
    {402, ErrorKind::Billing, "", "billing_error", "", ""},
    {403, ErrorKind::PermissionDenied, "permission_error", "permission_error", "PERMISSION_DENIED",
     "AccessDeniedException"},
    {404, ErrorKind::ModelNotFound, "invalid_request_error", "not_found_error", "NOT_FOUND",
     "ResourceNotFoundException"},
    {408, ErrorKind::Timeout, "", "", "", "ModelTimeoutException"},
    {409, ErrorKind::ServerError, "", "conflict_error", "ABORTED", "ConflictException"},
    {413, ErrorKind::InvalidRequest, "", "request_too_large", "", ""},
    {422, ErrorKind::InvalidRequest, "invalid_request_error", "invalid_request_error", "", ""},
    {429, ErrorKind::RateLimited, "requests", "rate_limit_error", "RESOURCE_EXHAUSTED",
     "ThrottlingException"},
    {500, ErrorKind::ServerError, "server_error", "api_error", "INTERNAL",
     "InternalServerException"},
    {502, ErrorKind::ServerError, "", "api_error", "", ""},
    {503, ErrorKind::Overloaded, "", "api_error", "UNAVAILABLE", "ServiceUnavailableException"},
    {504, ErrorKind::ServerError, "", "timeout_error", "DEADLINE_EXCEEDED", ""},
    {529, ErrorKind::Overloaded, "", "overloaded_error", "", ""},
};

//! The body that \p protocol has for \p error.
QByteArray bodyOf(const QByteArray &protocol, const HttpError &error)
{
    const QByteArray status = QByteArray::number(error.status);
    const QByteArray message = error.status == 404 ? "model: nope was not found" : "m";
    if (protocol == "anthropic")
        return R"({"type":"error","error":{"type":")" + QByteArray(error.anthropic) +
               R"(","message":")" + message + R"("},"request_id":"r"})";
    if (protocol == "gemini")
        return R"({"error":{"code":)" + status + R"(,"message":")" + message + R"(","status":")" +
               error.gemini + R"("}})";
    if (protocol == "cohere")
        return R"({"id":"i","message":")" + message + R"("})";
    if (protocol == "bedrock")
        return R"({"__type":")" + QByteArray(error.bedrock) + R"(","message":")" + message +
               R"("})";
    if (protocol == "azure")
        return R"({"error":{"code":")" + status + R"(","message":")" + message + R"("}})";
    return R"({"error":{"message":")" + message + R"(","type":")" + error.openAi +
           R"(","param":null,"code":null}})";
}

} // namespace

void tst_Conformance::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_Conformance::cases_data()
{
    QTest::addColumn<int>("dialect");
    QTest::addColumn<int>("index");
    for (int dialect = 0; dialect < static_cast<int>(std::size(Dialects)); ++dialect) {
        for (int index = 0; index < static_cast<int>(std::size(Cases)); ++index)
            QTest::addRow("%s/%s", Dialects[dialect].protocol, Cases[index].name)
                << dialect << index;
    }
}

void tst_Conformance::cases()
{
    QFETCH(const int, dialect);
    QFETCH(const int, index);
    const Dialect &said = Dialects[dialect];
    const ProviderAdapter *adapter = m_registry->adapter(QString::fromLatin1(said.protocol));
    QVERIFY(adapter);
    Cases[index].check(decode(*adapter, said, bodyOf(said, Cases[index].say(said))));
}

void tst_Conformance::httpErrors_data()
{
    QTest::addColumn<QByteArray>("protocol");
    QTest::addColumn<int>("index");
    for (const Dialect &dialect : Dialects) {
        for (int index = 0; index < static_cast<int>(std::size(HttpErrors)); ++index)
            QTest::addRow("%s/%d", dialect.protocol, HttpErrors[index].status)
                << QByteArray(dialect.protocol) << index;
    }
}

//! In the service's own words, and by the status alone: of a page on the way, or of nothing.
void tst_Conformance::httpErrors()
{
    QFETCH(const QByteArray, protocol);
    QFETCH(const int, index);
    const HttpError &said = HttpErrors[index];
    const ProviderAdapter *adapter = m_registry->adapter(QString::fromLatin1(protocol));
    QVERIFY(adapter);
    const Error own = adapter->readError(said.status, {}, bodyOf(protocol, said));
    QCOMPARE(errorCode(own.kind), errorCode(said.kind));
    QCOMPARE(own.httpStatus, said.status);
    QVERIFY(own.detail.startsWith(QStringLiteral("m")));
    for (const char *body : {"", "{}", "<html><title>No</title></html>"}) {
        const Error bare = adapter->readError(said.status, {}, body);
        QCOMPARE(bare.httpStatus, said.status);
        if (said.status == 404) // a model, or a path: nobody says
            QVERIFY(bare.kind == ErrorKind::ModelNotFound ||
                    bare.kind == ErrorKind::InvalidRequest);
        else
            QCOMPARE(errorCode(bare.kind), errorCode(said.kind));
    }
}

void tst_Conformance::everyProtocolIsSpoken()
{
    QSet<QString> spoken;
    for (const Dialect &dialect : Dialects)
        spoken.insert(QString::fromLatin1(dialect.protocol));
    const QStringList protocols = m_registry->protocols();
    QCOMPARE(spoken, QSet<QString>(protocols.begin(), protocols.end()));
}

//! Gemini counts in each event. Not every count is reported, but the last one that came is, to
//! whoever stops there, and none is by an event behind it.
void tst_Conformance::countsAreHeldBack()
{
    const auto decoder = m_registry->adapter(QStringLiteral("gemini"))
                             ->makeDecoder({{"content-type", "text/event-stream"}});
    constexpr int Events = 400;
    int reports = 0;
    const auto lastOf = [&reports](const StreamEvents &events) {
        std::optional<Usage> usage;
        for (const StreamEvent &event : events) {
            if (const auto *report = std::get_if<UsageReport>(&event)) {
                usage = report->usage;
                ++reports;
            }
        }
        return usage;
    };
    for (int i = 1; i <= Events; ++i) {
        const auto events =
            decoder->decode(R"(data: {"candidates":[{"content":{"parts":[{"text":"word "}]}}],)"
                            R"("usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":)" +
                            QByteArray::number(i) + "}}\n\n");
        QVERIFY(events);
        const auto usage = lastOf(*events);
        QVERIFY(!usage || usage->count(UsageKind::Output) == i);
        QVERIFY(i > 1 || usage); // the first at once
    }
    QVERIFY2(reports > 1 && reports < Events / 10, qPrintable(QString::number(reports)));
    const auto rest = lastOf(decoder->takeEvents());
    QVERIFY(rest);
    QCOMPARE(rest->count(UsageKind::Output), Events);
    QCOMPARE(rest->basis, UsageBasis::ProviderPartial);
    QVERIFY(decoder->takeEvents().isEmpty());
}

QTEST_GUILESS_MAIN(tst_Conformance)
#include "tst_conformance.moc"
