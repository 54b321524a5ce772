// The recordings through the program itself: `farthing decode`, and `farthing ask --json` against a
// server that replays them over real HTTP.
#include "tests/app/asktarget.h"
#include "tests/app/programrun.h"
#include "tests/support/recordedanswer.h"
#include "tests/support/recordings.h"
#include "tests/support/scriptedserver.h"

#include <QCryptographicHash>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

using namespace Qt::StringLiterals;

constexpr qint64 Unknown = -1;

//! What a recording holds, as its sources page says.
struct Expected
{
    const char *file;
    const char *protocol;
    int textLength; //!< Code points.
    const char *textStart;
    const char *finishReason; //!< Of success; nullptr: an error.
    const char *finishRaw;    //!< nullptr: none.
    const char *errorCode;
    qint64 input, cacheRead, output, reasoning;
};

constexpr Expected Recordings[] = {
    {"openai/chat-text-usage.sse", "openai-chat", 32, "The capital of the UK is London.", "stop",
     "stop", nullptr, 78, 0, 9, 0},
    {"openai/chat-tools-parallel-no-usage.sse", "openai-chat", 0, "", "tool_calls", "tool_calls",
     nullptr, Unknown, Unknown, Unknown, Unknown},
    {"openai/chat-length-cached-tokens.sse", "openai-chat", 529, "Structuring a database schema",
     "length", "length", nullptr, 1420, 1280, 100, 0},
    {"openai-compatible/openrouter-reasoning-cost.sse", "openai-chat", 9, "2 + 2 = 4", "stop",
     "stop", nullptr, 43, 0, 36, 13},
    {"openai-compatible/openrouter-error-in-200-stream.sse", "openai-chat", 0, "", nullptr, nullptr,
     "invalid_request", 43, 0, 10, 11},
    {"openai-compatible/groq-event-error.sse", "openai-chat", 0, "", nullptr, nullptr,
     "invalid_request", Unknown, Unknown, Unknown, Unknown},
    {"openai-compatible/deepseek-reasoning-content.sse", "openai-chat", 32,
     "The product of 17 and 23 is 391.", "stop", "stop", nullptr, 17, 0, 47, 34},
    {"openai-compatible/mistral-thinking-list.sse", "openai-chat", 9, "2 + 2 = 4", "stop", "stop",
     nullptr, 10, Unknown, 46, Unknown},
    {"openai-compatible/vllm-usage.sse", "openai-chat", 13, "1, 2, 3, 4, 5", "stop", "stop",
     nullptr, 46, 0, 14, Unknown},
    {"openai-compatible/no-finish-reason.sse", "openai-chat", 1, "4", "other", nullptr, nullptr, 22,
     0, 5, 0},
    {"anthropic/text.sse", "anthropic", 493, "I need to describe what I see in this image.", "stop",
     "end_turn", nullptr, 76, 0, 104, Unknown},
    {"anthropic/thinking.sse", "anthropic", 1253, "I'd ask: **\"What would you say", "stop",
     "end_turn", nullptr, 80, 0, 638, 353},
    {"anthropic/redacted-thinking.sse", "anthropic", 359, "I notice that you've sent", "stop",
     "end_turn", nullptr, 92, 0, 189, Unknown},
    {"anthropic/tool-use.sse", "anthropic", 0, "", "tool_calls", "tool_use", nullptr, 633, 0, 75,
     Unknown},
    {"anthropic/tool-use-empty-input.sse", "anthropic", 0, "", "tool_calls", "tool_use", nullptr,
     579, 0, 41, Unknown},
    {"anthropic/web-search-usage.sse", "anthropic", 1335, "Based on the search results", "stop",
     "end_turn", nullptr, 22397, 0, 637, Unknown},
    {"anthropic/stop-sequence.sse.gz", "anthropic", 102, "\ndef pelican():", "stop",
     "stop_sequence", nullptr, 16, 0, 28, Unknown},
    {"anthropic/refusal.sse", "anthropic", 0, "", "refusal", "refusal", nullptr, 18, 0, 5, Unknown},
    {"gemini/text-usage.sse", "gemini", 201, "Let's think step-by-step:", "stop", "STOP", nullptr,
     13, Unknown, 208, 137},
    {"gemini/thinking-gemini3.sse", "gemini", 2671, "To see your future self in such a mirror",
     "stop", "STOP", nullptr, 44, Unknown, 1510, 902},
    {"gemini/tool-call.sse", "gemini", 0, "", "tool_calls", "STOP", nullptr, 103, Unknown, 73, 43},
    {"gemini/prompt-blocked-safety.sse", "gemini", 0, "", "content_filter", "SAFETY", nullptr,
     Unknown, Unknown, Unknown, Unknown},
    {"gemini/finish-safety.sse", "gemini", 10, "<redacted>", "content_filter", "SAFETY", nullptr,
     10, Unknown, 66, Unknown},
    {"gemini/unknown-finish-enum.sse", "gemini", 3285, "**Cats:**", "other", "FAKE_ENUM", nullptr,
     Unknown, Unknown, Unknown, Unknown},
    {"gemini/error-midstream-rawjson.sse", "gemini", 13, "First Second ", nullptr, nullptr,
     "server_error", Unknown, Unknown, Unknown, Unknown},
    {"cohere/text.sse", "cohere", 44, "Sure! Here's counting from 1 to 3:", "stop", "COMPLETE",
     nullptr, 7, Unknown, 21, Unknown},
    {"cohere/tool-call.sse", "cohere", 0, "", "tool_calls", "TOOL_CALL", nullptr, 98, Unknown, 35,
     Unknown},
    {"cohere/thinking-citations.sse", "cohere", 170, "According to the document, Ruby", "stop",
     "COMPLETE", nullptr, 65, Unknown, 63, 28},
    {"cohere/error-invalid-tool-generation.sse", "cohere", 0, "", nullptr, nullptr,
     "invalid_request", Unknown, Unknown, Unknown, Unknown},
    {"openai/responses-reasoning-tool.sse", "openai-responses", 52,
     "I\u2019ll check the capital lookup tool", "tool_calls", "completed", nullptr, 63, 0, 69, 26},
    {"openai/responses-text-emoji.sse", "openai-responses", 36, "Hello! \U0001F30D How can I",
     "stop", "completed", nullptr, 9, 0, 12, 0},
    {"openai/responses-incomplete-max-tokens.sse", "openai-responses", 76,
     "In the bustling city of Detroit", "length", "max_output_tokens", nullptr, Unknown, Unknown,
     Unknown, Unknown},
    {"openai/responses-quota-error-in-200.sse", "openai-responses", 0, "", nullptr, nullptr,
     "quota_exhausted", Unknown, Unknown, Unknown, Unknown},
    {"openai-compatible/openrouter-responses-no-event-lines.sse", "openai-responses", 1, "4",
     "stop", "completed", nullptr, 78, 0, 37, 22},
    {"azure/responses-text-v1.sse", "openai-responses", 5, "Hello", "stop", "completed", nullptr,
     11, 0, 11, 0},
    {"azure/chat-prompt-filter-no-usage.sse", "azure", 109, "Why did the developer bring a map",
     "stop", "stop", nullptr, Unknown, Unknown, Unknown, Unknown},
    {"bedrock/text-nova.eventstream", "bedrock", 47, "Sure! Here is the count from 1 to 3:", "stop",
     "end_turn", nullptr, 53, Unknown, 21, Unknown},
    {"bedrock/thinking-claude.eventstream", "bedrock", 1177, "# The Paradox Question", "stop",
     "end_turn", nullptr, 80, Unknown, 1113, Unknown},
    {"bedrock/redacted-claude.eventstream", "bedrock", 359, "I notice you've sent", "stop",
     "end_turn", nullptr, 92, Unknown, 253, Unknown},
    {"bedrock/tool-use.eventstream", "bedrock", 0, "", "tool_calls", "tool_use", nullptr, 986,
     Unknown, 42, Unknown},
    {"bedrock/throttling-midstream.eventstream", "bedrock", 35, "Sure! Here is the count", nullptr,
     nullptr, "rate_limited", Unknown, Unknown, Unknown, Unknown},
    {"bedrock/modelstreamerror-midstream.eventstream", "bedrock", 35, "Sure! Here is the count",
     nullptr, nullptr, "server_error", Unknown, Unknown, Unknown, Unknown},
    {"anthropic/error-midstream-overloaded.sse", "anthropic", 65, "I need to describe what I see",
     nullptr, nullptr, "overloaded", 76, 0, 1, Unknown},
};

qint64 countIn(const QJsonObject &usage, const char *kind)
{
    const QJsonValue value = usage.value(QLatin1StringView(kind));
    return value.isDouble() ? value.toInteger() : Unknown;
}

} // namespace

class tst_Recordings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void decode_data();
    void decode();
    void ask_data() { decode_data(); }
    void ask();

private:
    static void check(const Expected &expected, const tests::ProgramRun &run);
    static void checkWhole(const tests::RecordedAnswer &recorded, const QList<QJsonObject> &events,
                           const QJsonObject &last);

    QTemporaryDir m_profile;
};

void tst_Recordings::initTestCase()
{
    FARTHING_NEED_RECORDINGS();
}

void tst_Recordings::decode_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Expected &expected : Recordings)
        QTest::newRow(expected.file) << index++;
}

void tst_Recordings::check(const Expected &expected, const tests::ProgramRun &run)
{
    QList<QJsonObject> events = run.lines();
    QVERIFY(!events.isEmpty());
    const QJsonObject last = events.takeLast();
    QCOMPARE(last.value("event"_L1).toString(), QStringLiteral("finished"));
    QString deltas;
    for (const QJsonObject &event : std::as_const(events)) {
        QVERIFY(event.value("event"_L1) != "finished"_L1);
        if (event.value("event"_L1) == "text"_L1)
            deltas += event.value("text"_L1).toString();
    }
    const QString text = last.value("text"_L1).toString();
    QCOMPARE(deltas, text);
    QCOMPARE(text.toUcs4().size(), expected.textLength);
    QVERIFY2(text.startsWith(QString::fromUtf8(expected.textStart)), qPrintable(text.left(60)));
    QCOMPARE(last.value("success"_L1).toBool(), expected.finishReason != nullptr);
    if (expected.finishReason) {
        QVERIFY2(run.status == 0, qPrintable(run.messages));
        QCOMPARE(last.value("finish_reason"_L1).toString(),
                 QString::fromLatin1(expected.finishReason));
        QCOMPARE(last.value("finish_reason_raw"_L1).toString(),
                 QString::fromLatin1(expected.finishRaw));
    } else {
        QVERIFY(run.status > 0);
        QCOMPARE(last.value("error_code"_L1).toString(), QString::fromLatin1(expected.errorCode));
    }
    const auto recorded = tests::RecordedAnswer::of(QString::fromLatin1(expected.file));
    QVERIFY(recorded);
    checkWhole(*recorded, events, last);
    const QJsonObject usage = last.value("usage"_L1).toObject();
    // What the service does not tell the engine may estimate, and then says so.
    if (usage.value("basis"_L1) == "estimated"_L1)
        return;
    QCOMPARE(countIn(usage, "input"), expected.input);
    QCOMPARE(countIn(usage, "cache_read"), expected.cacheRead);
    QCOMPARE(countIn(usage, "reasoning"), expected.reasoning);
    if (expected.finishReason) // of a broken answer the engine may add its own estimate
        QCOMPARE(countIn(usage, "output"), expected.output);
}

//! The whole of it, by a reading that shares no code with the program.
void tst_Recordings::checkWhole(const tests::RecordedAnswer &recorded,
                                const QList<QJsonObject> &events, const QJsonObject &last)
{
    QString reasoning;
    QStringList names;
    QString arguments;
    for (const QJsonObject &event : events) {
        const QString kind = event.value("event"_L1).toString();
        if (kind == "reasoning"_L1)
            reasoning += event.value("text"_L1).toString();
        if (kind != "tool_call"_L1)
            continue;
        names += event.value("name"_L1).toString();
        arguments += event.value("arguments"_L1).toString();
    }
    const QString text = last.value("text"_L1).toString();
    QCOMPARE(text.toUcs4().size(), recorded.textLength);
    QCOMPARE(QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex(),
             recorded.textSha256);
    QCOMPARE(reasoning.toUcs4().size(), recorded.reasoningLength);
    QVERIFY2(reasoning.startsWith(recorded.reasoningStart), qPrintable(reasoning.left(70)));
    QVERIFY2(reasoning.endsWith(recorded.reasoningEnd), qPrintable(reasoning.right(70)));
    QCOMPARE(arguments, recorded.toolArguments);
    if (recorded.toolNames)
        QCOMPARE(names, *recorded.toolNames);
    if (last.value("success"_L1).toBool())
        QCOMPARE(last.value("finish_reason_raw"_L1).toString(),
                 recorded.finishRaw.value_or(QString()));
    const QJsonObject usage = last.value("usage"_L1).toObject();
    const QString basis = usage.value("basis"_L1).toString();
    if (basis == "estimated"_L1)
        return;
    for (auto it = recorded.usage.constBegin(); it != recorded.usage.constEnd(); ++it) {
        const bool isAdded = it.key() == "output"_L1 && !last.value("success"_L1).toBool();
        if (!isAdded || last.value("cost"_L1).isNull())
            QVERIFY2(usage.value(it.key()) == it.value(), qPrintable(it.key()));
    }
}

void tst_Recordings::decode()
{
    QFETCH(const int, index);
    const Expected &expected = Recordings[index];
    for (const QString &chunk : {QString(), QStringLiteral("1"), QStringLiteral("random:7")}) {
        QStringList arguments{QStringLiteral("decode"), QStringLiteral("--protocol"),
                              QString::fromLatin1(expected.protocol),
                              tests::Recordings::path(QString::fromLatin1(expected.file))};
        if (!chunk.isEmpty())
            arguments += {QStringLiteral("--chunk"), chunk};
        check(expected, tests::runProgram(arguments));
        if (QTest::currentTestFailed())
            return;
    }
}

void tst_Recordings::ask()
{
    QFETCH(const int, index);
    const Expected &expected = Recordings[index];
    const QByteArray body = tests::Recordings::read(QString::fromLatin1(expected.file));
    QVERIFY(!body.isEmpty());
    constexpr qsizetype OddSize = 337; // cuts lines and code points
    QList<QByteArray> pieces;
    for (qsizetype at = 0; at < body.size(); at += OddSize)
        pieces.append(body.mid(at, OddSize));
    tests::ScriptedServer server;
    server.enqueue(tests::Answer::stream(pieces));
    const tests::AskTarget &service = tests::askTarget(QString::fromLatin1(expected.protocol));
    qputenv(service.keyVariable, "replay-key-000001");
    const tests::ProgramRun run = tests::runProgram(
        {QStringLiteral("--profile"), m_profile.path(), QStringLiteral("ask"),
         QStringLiteral("hello"), QStringLiteral("--json"), QStringLiteral("--no-retry"),
         QStringLiteral("--target"), tests::targetOption(service, server.url())});
    QCOMPARE(server.requests().size(), 1);
    check(expected, run);
}

QTEST_GUILESS_MAIN(tst_Recordings)
#include "tst_recordings.moc"
