#include "tests/bench/protocolstreams.h"

#include "tests/fuzz/eventstreamwriter.h"

namespace bench {

namespace {

//! As long answers come: a word an event.
QByteArray word(int i)
{
    static const QByteArray words[] = {" the", " quick", " brown", "\\n\\n", " \xc3\xa9t\xc3\xa9",
                                       " 42",  ",",      " jumps"};
    return words[static_cast<std::size_t>(i) % std::size(words)];
}

QByteArray padding(int i)
{
    return QByteArray::number(i * 7919 % 1'000'003, 36);
}

QByteArray openAiChat(int events)
{
    QByteArray body;
    for (int i = 0; i < events; ++i) {
        body += R"(data: {"id":"chatcmpl-BrmDe2tLxE0cH1yKpQ7a9","object":"chat.completion.chunk",)"
                R"("created":1790000000,"model":"gpt-5-mini-2025-08-07","service_tier":"default",)"
                R"("system_fingerprint":null,"choices":[{"index":0,"delta":{"content":")" +
                word(i) + R"("},"finish_reason":null}],"usage":null,"obfuscation":")" + padding(i) +
                R"("})"
                "\n\n";
    }
    return body + R"(data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
                  "\n\ndata: [DONE]\n\n";
}

QByteArray named(const QByteArray &event, const QByteArray &data)
{
    return "event: " + event + "\ndata: " + data + "\n\n";
}

QByteArray openAiResponses(int events)
{
    const QByteArray response =
        R"("response":{"id":"resp_0a1b2c3d4e5f","object":"response","model":"gpt-5-mini",)";
    QByteArray body =
        named("response.created", R"({"type":"response.created","sequence_number":0,)" + response +
                                      R"("status":"in_progress"}})");
    for (int i = 0; i < events; ++i) {
        body += named("response.output_text.delta",
                      R"({"type":"response.output_text.delta","sequence_number":)" +
                          QByteArray::number(i + 4) +
                          R"(,"item_id":"msg_68b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9",)"
                          R"("output_index":0,"content_index":0,"delta":")" +
                          word(i) + R"(","logprobs":[],"obfuscation":")" + padding(i) + R"("})");
    }
    return body +
           named("response.completed",
                 R"({"type":"response.completed","sequence_number":99,)" + response +
                     R"("status":"completed","usage":{"input_tokens":9,"output_tokens":9}}})");
}

QByteArray anthropic(int events)
{
    QByteArray body = named("message_start",
                            R"({"type":"message_start","message":{"id":"msg_01","type":"message",)"
                            R"("role":"assistant","model":"claude-sonnet-4-6","content":[],)"
                            R"("usage":{"input_tokens":9,"output_tokens":1}}})");
    body += named("content_block_start", R"({"type":"content_block_start","index":0,)"
                                         R"("content_block":{"type":"text","text":""}})");
    for (int i = 0; i < events; ++i) {
        // The service pads with spaces before the last brace.
        body += named("content_block_delta",
                      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
                      R"("text":")" +
                          word(i) + R"("})" + QByteArray(i * 7919 % 17, ' ') + '}');
    }
    body += named("content_block_stop", R"({"type":"content_block_stop","index":0})");
    body += named("message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
                                   R"("usage":{"output_tokens":9}})");
    return body + named("message_stop", R"({"type":"message_stop"})");
}

QByteArray gemini(int events)
{
    QByteArray body;
    for (int i = 0; i < events; ++i) {
        const bool last = i + 1 == events;
        body +=
            R"(data: {"candidates": [{"content": {"parts": [{"text": ")" + word(i) +
            R"("}],"role": "model"},)" + QByteArray(last ? R"("finishReason": "STOP",)" : "") +
            R"("index": 0}],"usageMetadata": {"promptTokenCount": 13,"candidatesTokenCount": )" +
            QByteArray::number(i + 1) + R"(,"totalTokenCount": )" + QByteArray::number(i + 151) +
            R"(,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 13}],)"
            R"("thoughtsTokenCount": 137,"serviceTier": "standard"},)"
            R"("modelVersion": "gemini-2.5-flash","responseId": "Bb-Fapr3DvG_nsEPhfTU6Ag"})"
            "\r\n\r\n";
    }
    return body;
}

QByteArray cohere(int events)
{
    QByteArray body = named("message-start",
                            R"({"id":"c1","type":"message-start","delta":{"message":{)"
                            R"("role":"assistant","content":[],"tool_plan":"","tool_calls":[]}}})");
    for (int i = 0; i < events; ++i)
        body += named("content-delta", R"({"type":"content-delta","index":0,"delta":{"message":)"
                                       R"({"content":{"text":")" +
                                           word(i) + R"("}}}})");
    body +=
        named("message-end", R"({"type":"message-end","delta":{"finish_reason":"COMPLETE",)"
                             R"("usage":{"billed_units":{"input_tokens":7,"output_tokens":9}}}})");
    return body + "data: [DONE]\n\n";
}

QByteArray frame(const QByteArray &type, const QByteArray &payload)
{
    const QByteArray headers = fuzz::header(":event-type", type) +
                               fuzz::header(":content-type", "application/json") +
                               fuzz::header(":message-type", "event");
    const auto total = static_cast<quint32>(16 + headers.size() + payload.size());
    return fuzz::withChecksum(
        fuzz::withChecksum(fuzz::bigEndian(total) +
                           fuzz::bigEndian(static_cast<quint32>(headers.size()))) +
        headers + payload);
}

QByteArray bedrock(int events)
{
    static const QByteArray letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    QByteArray body = frame("messageStart", R"({"p":"abcd","role":"assistant"})");
    for (int i = 0; i < events; ++i) {
        body +=
            frame("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":")" + word(i) +
                                           R"("},"p":")" + letters.left(i * 7919 % 53) + R"("})");
    }
    body += frame("contentBlockStop", R"({"contentBlockIndex":0,"p":"abcdefghij"})");
    body += frame("messageStop", R"({"p":"abcdefgh","stopReason":"end_turn"})");
    return body + frame("metadata", R"({"metrics":{"latencyMs":900},"p":"ab","usage":)"
                                    R"({"inputTokens":9,"outputTokens":9,"totalTokens":18}})");
}

} // namespace

QList<ProtocolStream> protocolStreams(int events)
{
    const QByteArray sse = "text/event-stream";
    return {{"openai-chat", sse, openAiChat(events)},
            {"openai-responses", sse, openAiResponses(events)},
            {"anthropic", sse, anthropic(events)},
            {"gemini", sse, gemini(events)},
            {"cohere", sse, cohere(events)},
            {"bedrock", "application/vnd.amazon.eventstream", bedrock(events)}};
}

} // namespace bench
