#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <optional>

using core::ErrorKind;
using core::ProviderRegistry;

namespace {

using namespace Qt::StringLiterals;

struct Case
{
    const char *name;
    const char *protocol;
    int status;
    const char *code;
    const char *message;
    ErrorKind kind;
};

constexpr auto Chat = "openai-chat";

//! Sentences and codes as the services send them (public issues and documentation, 2026-11).
constexpr Case Cases[] = {
    // Money that is spent.
    {"xai-credits", Chat, 429, "Some resource has been exhausted",
     "Your team 16f2 has either used all available credits or reached its monthly spending limit. "
     "To continue making API requests, please purchase more credits or raise your spending limit.",
     ErrorKind::QuotaExhausted},
    {"xai-credits-forbidden", Chat, 403, "permission-denied",
     "Your team 16f2 has either used all available credits or reached its monthly spending limit.",
     ErrorKind::QuotaExhausted},
    {"xai-new-team", Chat, 403, "The caller does not have permission to execute the operation",
     "Your newly created team doesn't have any credits or licenses yet.", ErrorKind::Billing},
    {"xai-no-subscription", Chat, 403, "permission-denied",
     "You have run out of credits or need a Grok subscription.", ErrorKind::Billing},
    {"openai-not-active", Chat, 429, "billing_not_active",
     "Your account is not active, please check your billing details on our website.",
     ErrorKind::QuotaExhausted},
    {"openai-usage-limit", Chat, 429, "organization_usage_limit_exceeded", "m",
     ErrorKind::QuotaExhausted},
    {"openai-organization-spend", "openai-responses", 429, "organization_spend_limit_exceeded", "m",
     ErrorKind::QuotaExhausted},
    {"openai-project-spend", Chat, 429, "project_spend_limit_exceeded", "m",
     ErrorKind::QuotaExhausted},
    {"gemini-prepaid", "gemini", 429, "RESOURCE_EXHAUSTED",
     "Your prepayment credits are depleted. Please go to AI Studio to manage your billing.",
     ErrorKind::QuotaExhausted},
    {"gemini-prepaid-402", "gemini", 402, "RESOURCE_EXHAUSTED",
     "Your prepayment credits are depleted.", ErrorKind::Billing},
    {"gemini-cap", "gemini", 429, "RESOURCE_EXHAUSTED",
     "Your billing account has exceeded its monthly spending cap.", ErrorKind::QuotaExhausted},
    {"gemini-compatible-prepaid", Chat, 429, "429", "Your prepayment credits are depleted.",
     ErrorKind::QuotaExhausted},
    {"openrouter-day", Chat, 429, "429",
     "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests "
     "per day",
     ErrorKind::QuotaExhausted},
    {"openrouter-day-with-balance", Chat, 429, "429",
     "Rate limit exceeded: free-models-per-day-high-balance. ", ErrorKind::QuotaExhausted},
    {"openrouter-key-limit", Chat, 403, "403",
     "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys",
     ErrorKind::QuotaExhausted},
    {"openrouter-no-credits", Chat, 402, "402", "Insufficient credits.", ErrorKind::Billing},
    {"groq-blocked", Chat, 400, "blocked_api_access", "m", ErrorKind::QuotaExhausted},
    {"groq-spend", Chat, 400, "spend_limit_exceeded", "m", ErrorKind::QuotaExhausted},
    {"zai-balance", Chat, 429, "1113", "Insufficient balance or no resource package.",
     ErrorKind::QuotaExhausted},
    {"fireworks-suspended", Chat, 412, "PRECONDITION_FAILED",
     "Account x is suspended, possibly due to reaching the monthly spending limit or failure to "
     "pay past invoices.",
     ErrorKind::QuotaExhausted},
    {"siliconflow-balance", Chat, 403, "30001", "Sorry, your account balance is insufficient",
     ErrorKind::Billing},
    {"dashscope-arrears", Chat, 400, "Arrearage", "Access denied.", ErrorKind::Billing},
    {"deepseek-balance", Chat, 402, "invalid_request_error", "Insufficient Balance",
     ErrorKind::Billing},
    {"anthropic-workspace-limit", "anthropic", 400, "invalid_request_error",
     "You have reached your specified workspace API usage limits.", ErrorKind::QuotaExhausted},
    {"bedrock-payment", "bedrock", 403, "AccessDeniedException",
     "Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A valid one must be provided.",
     ErrorKind::Billing},

    // More than the model's context holds.
    {"vllm-only", Chat, 400, "400",
     "You passed 5001 input tokens and requested 0 output tokens. However, the model's context "
     "length is only 4096 tokens.",
     ErrorKind::ContextLengthExceeded},
    {"vllm-decoder", Chat, 400, "BadRequestError",
     "The decoder prompt (length 5001) is longer than the maximum model length of 4096.",
     ErrorKind::ContextLengthExceeded},
    {"together", Chat, 400, "invalid_request_error",
     "The input (516368 tokens) is longer than the model's context length (262144 tokens).",
     ErrorKind::ContextLengthExceeded},
    {"xai-prompt", Chat, 400, "Client specified an invalid argument",
     "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
     ErrorKind::ContextLengthExceeded},
    {"ollama", Chat, 400, "invalid_request_error",
     "prompt too long; exceeded max context length by 4 tokens", ErrorKind::ContextLengthExceeded},
    {"zai-prompt", Chat, 400, "1261", "Prompt too long", ErrorKind::ContextLengthExceeded},
    {"lmstudio-keep", Chat, 400, "",
     "The number of tokens to keep from the initial prompt is greater than the context length.",
     ErrorKind::ContextLengthExceeded},
    {"lmstudio-trying", Chat, 400, "",
     "Trying to keep the first 5000 tokens when context the overflows. However, the model is "
     "loaded with context length of only 4096 tokens, which is not enough.",
     ErrorKind::ContextLengthExceeded},
    {"lmstudio-reached", Chat, 400, "",
     "Reached context length of 4096 tokens with this model, but this model does not currently "
     "support mid-generation context overflow.",
     ErrorKind::ContextLengthExceeded},
    {"groq-reduce", Chat, 400, "invalid_request_error",
     "Please reduce the length of the messages or completion.", ErrorKind::ContextLengthExceeded},
    {"poolside", Chat, 400, "400",
     "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.",
     ErrorKind::ContextLengthExceeded},
    {"copilot", Chat, 400, "invalid_request_body",
     "prompt token count of 200000 exceeds the limit of 128000", ErrorKind::ContextLengthExceeded},
    {"minimax", Chat, 400, "2013", "invalid params, context window exceeds limit",
     ErrorKind::ContextLengthExceeded},
    {"kimi", Chat, 400, "invalid_request_error",
     "Invalid request: Your request exceeded model token limit: 256000 (requested: 300000)",
     ErrorKind::ContextLengthExceeded},
    {"qwen", Chat, 400, "invalid_parameter_error", "Range of input length should be [1, 98304]",
     ErrorKind::ContextLengthExceeded},
    {"tgi", Chat, 422, "", "Input validation error: `inputs` must have less than 1024 tokens.",
     ErrorKind::ContextLengthExceeded},
    {"openrouter-of-anthropic", Chat, 400, "400", "prompt is too long: 213462 tokens > 200000",
     ErrorKind::ContextLengthExceeded},
    {"bedrock-claude", "bedrock", 400, "ValidationException",
     "The model returned the following errors: input length and `max_tokens` exceed context limit: "
     "190000 + 20000 > 200000",
     ErrorKind::ContextLengthExceeded},
    {"bedrock-llama", "bedrock", 400, "ValidationException",
     "This model's maximum context length is 131072 tokens.", ErrorKind::ContextLengthExceeded},
    {"bedrock-titan", "bedrock", 400, "ValidationException",
     "Too many input tokens. Max input tokens: 8192, request input token count: 11983",
     ErrorKind::ContextLengthExceeded},
    {"gemini", "gemini", 400, "INVALID_ARGUMENT",
     "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
     ErrorKind::ContextLengthExceeded},
    {"vertex", "gemini", 400, "INVALID_ARGUMENT",
     "The input token count is 1100000 but model only supports up to 1048576",
     ErrorKind::ContextLengthExceeded},
    {"anthropic-capital", "anthropic", 400, "invalid_request_error", "Prompt is too long",
     ErrorKind::ContextLengthExceeded},

    // A model that there is not.
    {"mistral-model", Chat, 400, "invalid_model", "Invalid model: foo", ErrorKind::ModelNotFound},
    {"mistral-model-by-number", Chat, 400, "1500", "Invalid model: foo", ErrorKind::ModelNotFound},
    {"deepseek-model", Chat, 400, "invalid_request_error", "Model Not Exist",
     ErrorKind::ModelNotFound},
    {"groq-model", Chat, 400, "model_decommissioned", "m", ErrorKind::ModelNotFound},
    {"openrouter-model", Chat, 400, "400", "foo/bar is not a valid model ID",
     ErrorKind::ModelNotFound},
    {"openrouter-endpoints", Chat, 404, "404", "No endpoints found for foo/bar:free.",
     ErrorKind::ModelNotFound},
    {"xai-model", Chat, 400, "Client specified an invalid argument", "Model not found: grok-9",
     ErrorKind::ModelNotFound},
    {"together-model", Chat, 400, "model_not_available", "Unable to access non-serverless model",
     ErrorKind::ModelNotFound},
    {"azure-by-another-name", Chat, 404, "DeploymentNotFound",
     "The API deployment for this resource does not exist.", ErrorKind::ModelNotFound},

    // What a filter refuses.
    {"xai-content", Chat, 403, "The caller does not have permission to execute the operation",
     "Content violates usage guidelines. Team: x, Failed check: SAFETY_CHECK_TYPE_BIO",
     ErrorKind::ContentBlocked},
    {"deepseek-content", Chat, 400, "invalid_request_error", "Content Exists Risk",
     ErrorKind::ContentBlocked},
    {"anthropic-content", "anthropic", 400, "invalid_request_error",
     "Output blocked by content filtering policy", ErrorKind::ContentBlocked},
    {"openai-cyber", Chat, 400, "cyber_policy",
     "This content was flagged for possible cybersecurity risk.", ErrorKind::ContentBlocked},
    {"qwen-content", Chat, 400, "data_inspection_failed",
     "Input text data may contain inappropriate content.", ErrorKind::ContentBlocked},
    {"moonshot-content", Chat, 400, "content_filter",
     "The request was rejected because it was considered high risk", ErrorKind::ContentBlocked},
    {"zai-content", Chat, 400, "1301",
     "System detected potentially unsafe or sensitive content in input or generation.",
     ErrorKind::ContentBlocked},

    // Busy, which is not this account's limit.
    {"azure-busy-by-another-name", Chat, 429, "429",
     "The system is currently experiencing high demand. Please retry after 20 seconds.",
     ErrorKind::Overloaded},
    {"openai-engine", Chat, 429, "", "That model is currently overloaded with other requests.",
     ErrorKind::Overloaded},
    {"moonshot-engine", Chat, 429, "engine_overloaded_error", "m", ErrorKind::Overloaded},
    {"gemini-capacity", "gemini", 429, "RESOURCE_EXHAUSTED",
     "No capacity available for model gemini-3-pro on the server", ErrorKind::Overloaded},

    // Keys.
    {"gemini-compatible-key", Chat, 400, "400", "API key not valid. Please pass a valid API key.",
     ErrorKind::AuthenticationFailed},
    {"gemini-compatible-key-expired", Chat, 400, "400",
     "API key expired. Please renew the API key.", ErrorKind::AuthenticationFailed},
    {"bedrock-key", "bedrock", 403, "AccessDeniedException",
     "Authentication failed: Please make sure your API Key is valid.",
     ErrorKind::AuthenticationFailed},
    {"bedrock-key-without-a-type", "bedrock", 403, "",
     "Authentication failed: Please make sure your API Key is valid.",
     ErrorKind::AuthenticationFailed},
    {"bedrock-key-expired", "bedrock", 403, "AccessDeniedException", "Bearer Token has expired",
     ErrorKind::AuthenticationFailed},
    {"bedrock-signature", "bedrock", 403, "SignatureDoesNotMatch",
     "The request signature we calculated does not match the signature you provided.",
     ErrorKind::AuthenticationFailed},
    {"gemini-leaked-key", "gemini", 403, "PERMISSION_DENIED",
     "Your API key was reported as leaked. Please use another API key.",
     ErrorKind::AuthenticationFailed},
    {"openai-not-verified", "openai-responses", 400, "unsupported_value",
     "Your organization must be verified to stream this model. Please go to the settings and click "
     "on Verify Organization.",
     ErrorKind::PermissionDenied},
    {"bedrock-no-use-case", "bedrock", 404, "ResourceNotFoundException",
     "Model use case details have not been submitted for this account. Fill out the Anthropic use "
     "case details form before using the model.",
     ErrorKind::PermissionDenied},
    {"bedrock-no-form", "bedrock", 400, "ValidationException",
     "The model returned the following errors: You have not filled out the required use-case form "
     "for this model.",
     ErrorKind::PermissionDenied},
    {"bedrock-legacy-model", "bedrock", 404, "ResourceNotFoundException",
     "Access denied. This Model is marked by provider as Legacy and you have not been actively "
     "using the model in the last 15 days.",
     ErrorKind::ModelNotFound},

    // What only looks like one of them.
    {"no-limit-of-output", Chat, 400, "invalid_request_error",
     "max_tokens is too large: 300000. This model supports at most 16384 completion tokens.",
     ErrorKind::InvalidRequest},
    {"no-limit-of-anthropic-output", "anthropic", 400, "invalid_request_error",
     "max_tokens: 300000 > 128000, which is the maximum allowed number of output tokens",
     ErrorKind::InvalidRequest},
    {"no-string-length", Chat, 400, "string_above_max_length",
     "Invalid 'input': string too long. Expected a string with maximum length 10485760.",
     ErrorKind::InvalidRequest},
    {"no-model-parameter", Chat, 400, "unsupported_parameter",
     "Unsupported parameter: 'temperature' is not supported with this model.",
     ErrorKind::InvalidRequest},
    {"no-endpoint-for-tools", Chat, 404, "404", "No endpoints found that support tool use.",
     ErrorKind::InvalidRequest},
    {"no-money-in-a-rate", Chat, 429, "rate_limit_exceeded",
     "Rate limit reached on tokens per min (TPM). You can increase your rate limit by adding a "
     "payment method to your account at https://platform.openai.com/account/billing.",
     ErrorKind::RateLimited},
    {"no-money-in-a-minute", "gemini", 429, "RESOURCE_EXHAUSTED",
     "You exceeded your current quota, please check your plan and billing details.",
     ErrorKind::RateLimited},
    {"no-context-in-a-rate", "bedrock", 429, "ThrottlingException",
     "Too many tokens, please wait before trying again.", ErrorKind::RateLimited},
    {"no-filter-in-a-region", Chat, 403, "unsupported_country_region_territory",
     "Country, region, or territory not supported", ErrorKind::PermissionDenied},
    {"no-model-in-a-permission", "bedrock", 403, "AccessDeniedException",
     "You don't have access to the model with the specified model ID.",
     ErrorKind::PermissionDenied},
    {"no-sentence-of-another-status", Chat, 401, "", "Model not found: is your key right?",
     ErrorKind::AuthenticationFailed},
};

} // namespace

//! The kind that the words of a refusal tell, through each adapter.
class tst_ErrorWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void words_data();
    void words();
    void bodies_data();
    void bodies();
    void quotedRequestSaysNothing();

private:
    std::optional<ProviderRegistry> m_registry;
};

void tst_ErrorWords::initTestCase()
{
    auto registry = ProviderRegistry::fromJson(core::builtInProviders());
    QVERIFY(registry);
    m_registry = *registry;
}

void tst_ErrorWords::words_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Case &row : Cases)
        QTest::newRow(row.name) << index++;
}

void tst_ErrorWords::words()
{
    QFETCH(const int, index);
    const Case &row = Cases[index];
    const QString protocol = QString::fromLatin1(row.protocol);
    const QString code = QString::fromUtf8(row.code);
    const QString message = QString::fromUtf8(row.message);
    QJsonObject error{{u"message"_s, message}};
    if (protocol == "bedrock"_L1)
        error.insert(u"__type"_s, code);
    else
        error.insert(protocol == "anthropic"_L1 ? u"type"_s
                     : protocol == "gemini"_L1  ? u"status"_s
                                                : u"code"_s,
                     code);
    const QJsonObject body = protocol == "bedrock"_L1 ? error : QJsonObject{{u"error"_s, error}};
    const core::Error read =
        m_registry->adapter(protocol)->readError(row.status, {}, QJsonDocument(body).toJson());
    QCOMPARE(core::errorCode(read.kind), core::errorCode(row.kind));
    QCOMPARE(read.detail, message);
}

//! Shapes in which the word stands somewhere else.
void tst_ErrorWords::bodies_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("kind");
    const auto row = [](const char *name, const char *protocol, int status, const QByteArray &body,
                        ErrorKind kind) {
        QTest::newRow(name) << QString::fromLatin1(protocol) << status << body
                            << core::errorCode(kind);
    };
    row("xai-flat", Chat, 403,
        R"({"code":"permission-denied","error":"Content violates usage guidelines."})",
        ErrorKind::ContentBlocked);
    row("type-and-code", Chat, 429,
        R"({"error":{"type":"billing","code":"project_spend_limit_exceeded","message":"m"}})",
        ErrorKind::QuotaExhausted);
    row("azure-inner-code", Chat, 400,
        R"({"error":{"message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
        ErrorKind::ContentBlocked);
    row("azure-inner_code", "azure", 400,
        R"({"error":{"message":"m","inner_error":{"code":"ResponsibleAIPolicyViolation"}}})",
        ErrorKind::ContentBlocked);
    row("gemini-capacity-reason", "gemini", 429,
        R"({"error":{"status":"RESOURCE_EXHAUSTED","details":[{"reason":"MODEL_CAPACITY_EXHAUSTED"}]}})",
        ErrorKind::Overloaded);
    const auto openRouter = [](const QByteArray &code, const QByteArray &metadata) {
        return R"({"error":{"code":)" + code + R"(,"message":"m","metadata":{)" + metadata + "}}}";
    };
    row("openrouter-typed-context", Chat, 400,
        openRouter("400", R"("error_type":"context_length_exceeded")"),
        ErrorKind::ContextLengthExceeded);
    row("openrouter-typed-filter", Chat, 403,
        openRouter("403", R"("error_type":"content_policy_violation")"), ErrorKind::ContentBlocked);
    row("openrouter-typed-form", Chat, 400, openRouter("400", R"("error_type":"invalid_prompt")"),
        ErrorKind::InvalidRequest);
    row("openrouter-typed-busy", Chat, 200,
        openRouter("\"x\"", R"("error_type":"provider_overloaded")"), ErrorKind::Overloaded);
    row("openrouter-daily-source", Chat, 429,
        openRouter("429", R"("limit_source":"openrouter_free_tier_daily")"),
        ErrorKind::QuotaExhausted);
    row("openrouter-budget-source", Chat, 403,
        openRouter("403", R"("limit_source":"openrouter_guardrail_budget")"),
        ErrorKind::QuotaExhausted);
    row("openrouter-credits", Chat, 402,
        openRouter("402", R"("limit_source":"openrouter_credits")"), ErrorKind::Billing);
    row("openrouter-in-flight", Chat, 402,
        openRouter("402", R"("limit_source":"openrouter_in_flight_budget")"),
        ErrorKind::RateLimited);
    row("openrouter-of-another", Chat, 400,
        openRouter("400", R"("raw":"{\"message\":\"prompt is too long: 9 tokens > 8\"}")"),
        ErrorKind::ContextLengthExceeded);
}

void tst_ErrorWords::bodies()
{
    QFETCH(const QString, protocol);
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, kind);
    const core::ProviderAdapter *adapter = m_registry->adapter(protocol);
    if (status >= 400) {
        QCOMPARE(core::errorCode(adapter->readError(status, {}, body).kind), kind);
        return;
    }
    const auto decoder = adapter->makeDecoder({{"content-type", "text/event-stream"}});
    const auto events = decoder->decode("data: " + body + "\n\n");
    QVERIFY(!events);
    QCOMPARE(core::errorCode(events.error().kind), kind);
}

//! An error that shows what it was sent is not judged by that.
void tst_ErrorWords::quotedRequestSaysNothing()
{
    const core::ProviderAdapter *adapter = m_registry->adapter(QString::fromLatin1(Chat));
    const QByteArray list = R"({"detail":[{"msg":"Field required","input":"prompt is too long"}]})";
    QCOMPARE(core::errorCode(adapter->readError(422, {}, list).kind),
             core::errorCode(ErrorKind::InvalidRequest));
    const QByteArray far = R"({"error":{"message":"Extra inputs are not permitted: )" +
                           QByteArray(1000, 'x') + R"( content exists risk"}})";
    QCOMPARE(core::errorCode(adapter->readError(400, {}, far).kind),
             core::errorCode(ErrorKind::InvalidRequest));
}

QTEST_GUILESS_MAIN(tst_ErrorWords)
#include "tst_errorwords.moc"
