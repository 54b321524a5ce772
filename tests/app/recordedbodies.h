#pragma once

#include <QtGlobal>

#include <utility>

//! What each entry of the recordings http*.json comes to; see tst_recordedbodies.
namespace tests {

inline constexpr qint64 Unknown = -1;
inline constexpr double NoWait = -1;

//! What fails, and how the program tells it.
struct Refused
{
    const char *name; //!< Folder and entry.
    const char *errorCode;
    int exitCode;
    const char *providerCode; //!< nullptr: none.
    const char *requestId;    //!< nullptr: none.
    double retryAfter;        //!< Seconds.
    const char *text;         //!< What came before.
    const char *detail;       //!< How what the service says begins.
};

inline constexpr Refused Refusals[] = {
    {"openai/invalid-api-key", "authentication_failed", 3, "invalid_api_key",
     "req_c45bfc7515dca54ef87c667f8210af23", NoWait, "",
     "Incorrect API key provided: sk-wrong****-key"},
    {"openai/insufficient-quota", "quota_exhausted", 5, "insufficient_quota", nullptr, NoWait, "",
     "You exceeded your current quota, please chec"},
    {"openai/max-tokens-unsupported", "invalid_request", 3, "unsupported_parameter", nullptr,
     NoWait, "", "Unsupported parameter: 'max_tokens' is not s"},
    {"openai/temperature-out-of-range", "invalid_request", 3, "decimal_below_min_value", nullptr,
     NoWait, "", "Invalid 'temperature': decimal below minimum"},
    {"openai/code-null", "invalid_request", 3, "invalid_request_error", nullptr, NoWait, "",
     "Web search options not supported with this m"},
    {"openai/rate-limit-tpm", "rate_limited", 4, "rate_limit_exceeded", nullptr, 411480, "",
     "Rate limit reached for gpt-4o-mini in organi"},
    {"openai/request-too-large-tpm", "invalid_request", 3, "rate_limit_exceeded", nullptr, NoWait,
     "", "Request too large for gpt-4o in organization"},
    {"openai/context-length-responses-stream-error", "context_length_exceeded", 3,
     "context_length_exceeded", nullptr, NoWait, "",
     "Your input exceeds the context window of thi"},
    {"openai/chat-midstream-server-error", "server_error", 6, "server_error", "chatcmpl-x", NoWait,
     "Par", "The server had an error processing your requ"},
    {"openai/models-list", "protocol_error", 4, nullptr, nullptr, NoWait, "", "The answer has no "},
    {"openai-compatible/openrouter-429", "rate_limited", 4, "429", nullptr, NoWait, "",
     "Provider returned error (google/gemini-2.0-f"},
    {"openai-compatible/groq-tool-use-failed", "invalid_request", 3, "tool_use_failed", nullptr,
     NoWait, "", "Tool call validation failed: tool call valid"},
    {"openai-compatible/groq-model-not-found", "model_not_found", 3, "model_not_found", nullptr,
     NoWait, "", "The model `non-existent` does not exist or y"},
    {"openai-compatible/deepseek-400-octet-stream", "invalid_request", 3, "invalid_request_error",
     nullptr, NoWait, "", "No tool output found for tool call call-a."},
    {"openai-compatible/llamacpp-context-overflow", "context_length_exceeded", 3, "400", nullptr,
     NoWait, "", "request (4390 tokens) exceeds the available "},
    {"openai-compatible/llamacpp-context-overflow-500", "context_length_exceeded", 3, "500",
     nullptr, NoWait, "", "Context size has been exceeded."},
    {"openai-compatible/mistral-flat-error", "authentication_failed", 3, "1000", nullptr, NoWait,
     "", "Unauthorized"},
    {"openai-compatible/xai-string-error", "authentication_failed", 3,
     "Client specified an invalid argument", nullptr, NoWait, "",
     "Incorrect API key provided: xx***xx."},
    {"openai-compatible/ollama-model-not-found", "model_not_found", 3, "not_found_error", nullptr,
     NoWait, "", "model 'nope' not found"},
    {"openai-compatible/fastapi-detail-error", "invalid_request", 3, nullptr, nullptr, NoWait, "",
     "[{\"loc\":[\"body\",\"messages\"],\"msg\":\"field req"},
    {"openai-compatible/html-gateway-error", "server_error", 4, nullptr, nullptr, NoWait, "",
     "HTTP status 502; the body is not JSON."},
    {"openai-compatible/stream-ollama-cut", "truncated", 6, nullptr, "chatcmpl-1", NoWait, "Hello",
     "The body ended before the protocol's termina"},
    {"openai-compatible/stream-lmstudio-event-error", "context_length_exceeded", 3, nullptr,
     nullptr, NoWait, "", "Trying to keep the first 111490 tokens when "},
    {"openai-compatible/stream-empty-200", "protocol_error", 4, nullptr, nullptr, NoWait, "",
     "The service ended its answer without having "},
    {"anthropic/401-invalid-key", "authentication_failed", 3, "authentication_error",
     "req_011CeCGmBjaWkq37Sf5iU7so", NoWait, "", "invalid x-api-key"},
    {"anthropic/400-context-length", "context_length_exceeded", 3, "invalid_request_error",
     "req_011CeCGmMJJGRCp7xgjqapmJ", NoWait, "", "prompt is too long: 3333404 tokens > 200000 "},
    {"anthropic/400-invalid-request", "invalid_request", 3, "invalid_request_error",
     "req_011Ca7jT9AHpgXgdv8igm4z9", NoWait, "", "This model does not support effort level 'xh"},
    {"anthropic/429-rate-limit", "rate_limited", 4, "rate_limit_error", "req_redacted", 21, "",
     "This request would exceed your organization'"},
    {"anthropic/529-overloaded", "overloaded", 4, "overloaded_error", nullptr, NoWait, "",
     "Overloaded"},
    {"anthropic/200-count-tokens", "protocol_error", 4, nullptr, "<REQUEST_ID>", NoWait, "",
     "The answer has no "},
    {"anthropic/200-stream-headers-only", "protocol_error", 4, nullptr,
     "req_011CV8mMVoyiKVAMMzgZLjgD", NoWait, "", "The answer is empty."},
    {"gemini/400-invalid-key", "authentication_failed", 3, "API_KEY_INVALID", nullptr, NoWait, "",
     "API key not valid. Please pass a valid API k"},
    {"gemini/429-retryinfo", "rate_limited", 4, "RESOURCE_EXHAUSTED", nullptr, 48, "",
     "You exceeded your current quota, please chec"},
    {"gemini/400-location", "permission_denied", 3, "FAILED_PRECONDITION", nullptr, NoWait, "",
     "User location is not supported for the API u"},
    {"gemini/404-unknown-model", "model_not_found", 3, "NOT_FOUND", nullptr, NoWait, "",
     "models/gemini-5.0-flash is not found for API"},
    {"gemini/503-overloaded", "overloaded", 4, "UNAVAILABLE", nullptr, NoWait, "",
     "The model is overloaded. Please try again la"},
    {"gemini/200-count-tokens", "protocol_error", 4, nullptr, nullptr, NoWait, "",
     "The answer has no "},
    {"gemini/200-models-page1", "protocol_error", 4, nullptr, nullptr, NoWait, "",
     "The answer has no "},
    {"cohere/401-invalid-key", "authentication_failed", 3, nullptr,
     "2d4609a6-d1f9-4cf4-8d09-af865409bdc2", NoWait, "",
     "Incorrect API key provided: ***********. You"},
    {"cohere/400-too-many-tokens", "context_length_exceeded", 3, "TOO_MANY_TOKENS",
     "9f024ce5e99f5467ebce17e9762528f3", NoWait, "",
     "too many tokens: size limit exceeded by 2583"},
    {"cohere/429-trial", "rate_limited", 4, nullptr, nullptr, NoWait, "",
     "You are using a Trial key, which is limited "},
    {"cohere/200-model", "protocol_error", 4, nullptr, "bff5af010901db441237f8854b7919cf", NoWait,
     "", "The answer has no "},
    {"cohere/200-tokenize", "protocol_error", 4, nullptr, "162a425348b95112f8715eaabec9a852",
     NoWait, "", "The answer has no "},
    {"cohere/200-model-with-features", "protocol_error", 4, nullptr,
     "8fd5ba55498e815085303908f9471ec6", NoWait, "", "The answer has no "},
    {"cohere/200-stream-headers-only", "protocol_error", 4, nullptr,
     "671df5ddbee1f29c66549c6e5f9ba154", NoWait, "", "The answer is empty."},
    {"bedrock/403-unrecognized-client", "authentication_failed", 3, "UnrecognizedClientException",
     "ee1ff1e8-b620-4099-aa92-9719b631ac15", NoWait, "",
     "The security token included in the request i"},
    {"bedrock/400-context-length", "context_length_exceeded", 3, "ValidationException",
     "8090a430-9830-442b-a193-749569a08e0f", NoWait, "",
     "The model returned the following errors: Inp"},
    {"bedrock/400-unknown-model", "model_not_found", 3, nullptr, nullptr, NoWait, "",
     "The provided model identifier is invalid."},
    {"bedrock/429-throttling", "rate_limited", 4, "ThrottlingException",
     "00000000-0000-0000-0000-000000000000", NoWait, "",
     "Too many requests, please wait before trying"},
    {"bedrock/403-signature", "authentication_failed", 3, "InvalidSignatureException", nullptr,
     NoWait, "", "The request signature we calculated does not"},
    {"bedrock/200-count-tokens", "protocol_error", 4, nullptr, nullptr, NoWait, "",
     "The answer has no "},
    {"bedrock/400-count-tokens-unsupported", "invalid_request", 3, nullptr, nullptr, NoWait, "",
     "The provided model doesn't support counting "},
    {"azure/deployment-not-found", "model_not_found", 3, "DeploymentNotFound",
     "229984e1-2885-42a2-9668-09b5037db6ea", NoWait, "",
     "The API deployment for this resource does no"},
    {"azure/wrong-key-or-endpoint", "authentication_failed", 3, "401",
     "a12b8d1c-ec44-4f47-836c-af5095ede296", NoWait, "",
     "Access denied due to invalid subscription ke"},
    {"azure/prompt-content-filter", "content_blocked", 3, "content_filter", nullptr, NoWait, "",
     "Filtered: violence (medium). The response wa"},
    {"azure/prompt-content-filter-variant", "content_blocked", 3, "content_filter", nullptr, NoWait,
     "", "Filtered: jailbreak. The response was filter"},
    {"azure/rate-limit-token", "rate_limited", 4, "429", nullptr, 86400, "",
     "Requests to the ChatCompletions_Create Opera"},
    {"azure/rate-limit-no-retry-after", "rate_limited", 4, "429", nullptr, 2, "",
     "Rate limit is exceeded. Try again in 2 secon"},
};

//! What is answered in full.
struct Answered
{
    const char *name;
    const char *text;
    const char *finishReason, *finishRaw;
    const char *requestId; //!< nullptr: none.
    qint64 input, cacheRead, cacheWrite, output, reasoning;
};

inline constexpr Answered Answers[] = {
    {"openai-compatible/stream-crlf-llamacpp-timings", "Héllo", "stop", "stop", "chatcmpl-1", 7, 4,
     Unknown, 3, Unknown},
    {"openai-compatible/stream-json-instead-of-sse", "Hello", "stop", "stop", "chatcmpl-1", 1,
     Unknown, Unknown, 1, Unknown},
    {"openai-compatible/stream-no-space-no-trailing-newline", "Hello", "stop", "stop", "chatcmpl-1",
     Unknown, Unknown, Unknown, Unknown, Unknown},
    {"anthropic/200-cache-write", "OK", "stop", "end_turn", "<REQUEST_ID>", 7361, 0, 7351, 4,
     Unknown},
    {"anthropic/200-cache-read", "OK", "stop", "end_turn", "<REQUEST_ID>", 7361, 7351, 0, 4,
     Unknown},
    {"gemini/200-finish-safety", "Safety error incoming in 5, 4, 3, 2...", "content_filter",
     "SAFETY", nullptr, 7, Unknown, Unknown, 20, Unknown},
    {"gemini/200-implicit-cache", "Red Riding Hood is looking for **directions** in the forest.",
     "stop", "STOP", nullptr, 12013, 11243, Unknown, 88, 73},
    {"gemini/200-max-tokens-no-parts", "", "length", "MAX_TOKENS", "fH8oaunbEbr9qtsPjYGX4A0", 15,
     Unknown, Unknown, 2, 2},
    {"bedrock/200-converse-cache-write", "OK", "stop", "end_turn",
     "45612a34-d3f1-413c-8558-4b9fe143df20", 7361, 0, 7351, 4, Unknown},
    {"bedrock/200-converse-cache-read", "OK", "stop", "end_turn",
     "97f9cc7d-6bc7-435d-ad7f-a74f489b1ce6", 7361, 7351, 0, 4, Unknown},
    {"azure/completion-filtered-200", "", "content_filter", "content_filter",
     "cc6ffd40-d056-43b3-9813-19c43abd66d6", 15, Unknown, Unknown, 19, Unknown},
    {"azure/chat-reasoning-200", "3", "stop", "stop", "7acf5821-70fa-4fab-b202-ba3700578d08", 11, 0,
     Unknown, 203, 192},
};

//! Recorded bodies, and the protocol that they belong to.
inline constexpr std::pair<const char *, const char *> RecordedFiles[] = {
    {"openai/http-bodies.json", "openai-chat"},
    {"openai-compatible/http-bodies.json", "openai-chat"},
    {"anthropic/http.json", "anthropic"},
    {"gemini/http.json", "gemini"},
    {"cohere/http.json", "cohere"},
    {"bedrock/http.json", "bedrock"},
    {"azure/http-bodies.json", "azure"},
};

} // namespace tests
