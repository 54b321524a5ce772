#include "core/providers/errorwords.h"

#include <QStringTokenizer>

#include <algorithm>
#include <vector>

namespace core {

namespace {

//! Beyond that an error quotes what it was sent, and that may say anything.
constexpr qsizetype MostRead = 1000;

//! Where a row of the table holds. A sentence counts only where its service says it: elsewhere it
//! may be ordinary text.
enum Place : unsigned {
    BadRequest = 1, //!< 400, 404, 412, 413, 422
    Forbidden = 2,  //!< 403
    TooMany = 4,    //!< 429
    Failed = 8,     //!< 5xx
    InStream = 16,  //!< An event of a 200 that names no status.
    Other = 32,
    Anywhere = 63
};

unsigned placeOf(int status)
{
    switch (status) {
    case 400:
    case 404:
    case 412:
    case 413:
    case 422:
        return BadRequest;
    case 403:
        return Forbidden;
    case 429:
        return TooMany;
    default:
        break;
    }
    if (status < 400)
        return InStream;
    return status >= 500 ? Failed : Other;
}

using Words = std::vector<const char *>;

struct Row
{
    ErrorKind kind;
    unsigned places;
    Words codes;     //!< Whole codes; "x_*": all that begin so.
    Words sentences; //!< Parts of the message, in any case; "a*b": a, and b somewhere behind it.
};

//! The first row that fits counts.
const std::vector<Row> &table()
{
    static const std::vector<Row> rows{
        // A part of the credit that requests under way hold for a while (OpenRouter: a 402).
        {ErrorKind::RateLimited,
         Anywhere,
         {"openrouter_in_flight_budget", "in_flight_budget_exhausted"},
         {}},

        // Money, and what is counted by the day or the month: no waiting brings it back soon.
        {ErrorKind::QuotaExhausted,
         Anywhere,
         {// OpenAI
          "insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached",
          "billing_not_active", "organization_usage_limit_exceeded",
          "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
          // Anthropic, Groq
          "enforced_spend_limit_reached", "contract_spend_limit_reached", "blocked_api_access",
          "spend_*",
          // OpenRouter, Moonshot, LiteLLM, DashScope
          "openrouter_free_tier_daily", "openrouter_key_limit", "openrouter_guardrail_budget",
          "openrouter_workspace_budget", "exceeded_current_quota_error", "budget_exceeded",
          "AllocationQuota.FreeTierOnly"},
         {}},
        {ErrorKind::QuotaExhausted,
         BadRequest | Forbidden | TooMany | InStream,
         {},
         {// xAI, Fireworks, Gemini, OpenRouter
          "used all available credits", "monthly spending limit", "credits are depleted",
          "monthly spending cap", "free-models-per-day", "key limit exceeded"}},
        {ErrorKind::QuotaExhausted,
         BadRequest | InStream,
         {},
         {"api usage limits", "spend limit"}}, // Anthropic, Groq
        {ErrorKind::Billing,
         Anywhere,
         {"billing_error", "payment_required", "arrearage"}, // Anthropic, OpenRouter, DashScope
         {}},
        {ErrorKind::Billing,
         BadRequest | Forbidden | TooMany | InStream,
         {},
         {// Anthropic, xAI, Bedrock
          "credit balance*too low", "doesn't have any credits", "run out of credits",
          "INVALID_PAYMENT_INSTRUMENT",
          // SiliconFlow, z.ai
          "insufficient balance", "balance is insufficient", "insufficient credits"}},

        {ErrorKind::ContextLengthExceeded,
         Anywhere,
         {"context_length_exceeded", "exceed_context_size_error", "context_window_exceeded",
          "model_context_window_exceeded", "prompt_too_long", "invalid_request_prompt_too_long"},
         {}},
        {ErrorKind::ContextLengthExceeded,
         BadRequest | Failed | InStream,
         {},
         {"context_length_exceeded", "maximum context length", "maximum context limit",
          "exceeds the context window", "exceeds the context length",
          "input tokens exceed the configured limit", "reduce the length of the messages",
          // Anthropic, Bedrock
          "prompt is too long", "exceed context limit", "input tokens exceeded",
          "input is too long", "too many input tokens",
          // Gemini, Vertex, Copilot
          "input token count*exceeds", "input token count is*but",
          "prompt token count*exceeds the limit",
          // xAI; vLLM, Together; SGLang; TGI
          "maximum prompt length is", "model's context length",
          "longer than the maximum model length", "input length*exceeds the maximum allowed",
          "`inputs` must have less than", "`inputs` tokens + `max_new_tokens` must be",
          // Ollama; llama.cpp; LM Studio
          "exceeded max context length", "context size has been exceeded",
          "exceeds the available context size", "context length of only",
          "greater than the context length", "reached context length",
          // MiniMax, Kimi, Qwen, z.ai
          "context window exceeds limit", "exceeded model token limit",
          "range of input length should be", "prompt exceeds max length", "prompt too long"}},

        {ErrorKind::ContentBlocked,
         Anywhere,
         {"content_policy_violation", "content_filter", "invalid_prompt",
          "image_content_policy_violation", "bio_policy", "cyber_policy", "moderation_blocked",
          // Azure, OpenRouter, DashScope
          "ResponsibleAIPolicyViolation", "refusal", "data_inspection_failed",
          "DataInspectionFailed"},
         {}},
        {ErrorKind::ContentBlocked,
         BadRequest | Forbidden | InStream,
         {},
         {// OpenAI, Azure
          "flagged as potentially violating our usage policy", "possible cybersecurity risk",
          "rejected as a result of our safety system", "content management policy",
          // xAI, DeepSeek, Anthropic, DashScope, Moonshot, z.ai
          "content violates usage guidelines", "failed check: SAFETY_CHECK_TYPE",
          "content exists risk", "blocked by content filtering policy",
          "may contain inappropriate content", "considered high risk",
          "potentially unsafe or sensitive content"}},
        {ErrorKind::ContentBlocked, Forbidden, {"flagged_input"}, {"moderation", "flagged"}},

        {ErrorKind::ModelNotFound,
         Anywhere,
         {"model_not_found", "invalid_model", "model_decommissioned", "model_not_available",
          "model_not_supported", "unknown_model", "DeploymentNotFound"},
         {}},
        {ErrorKind::ModelNotFound,
         BadRequest | InStream,
         {},
         {"model not exist", "model not found", "is not a valid model id", "no endpoints found for",
          "has been decommissioned", "invalid model:", "invalid model name", "unknown model:"}},

        {ErrorKind::AuthenticationFailed, Anywhere, {"invalid_api_key"}, {"incorrect api key"}},
        {ErrorKind::AuthenticationFailed,
         BadRequest | Forbidden | InStream,
         {},
         {"api key not valid", "api key expired", "make sure your api key is valid",
          "invalid api key format", "api key was reported as leaked", "bearer token has expired",
          // AWS, where the header with the error's name does not come through
          "security token included in the request", "missing authentication token",
          "request signature we calculated does not match",
          "signature expired:", "signature not yet current:"}},
        // An account that has something left to do first (Anthropic; OpenAI; Claude on Bedrock).
        {ErrorKind::PermissionDenied,
         BadRequest | InStream,
         {},
         {"organization has been disabled", "organization must be verified",
          "use case details have not been submitted", "not filled out the required use-case form"}},

        {ErrorKind::Overloaded,
         Anywhere,
         {"slow_down", "overloaded_error", "capacity_exceeded", "flex_capacity_exceeded",
          "server_is_overloaded", "service_unavailable_error", "engine_overloaded_error",
          "overloaded", "provider_overloaded", "MODEL_CAPACITY_EXHAUSTED"},
         {}},
        {ErrorKind::Overloaded,
         TooMany | Failed | InStream,
         {},
         {"experiencing high demand", "is overloaded", "currently overloaded",
          "no capacity available"}},

        // It is larger than the limit itself: it can never pass.
        {ErrorKind::InvalidRequest, TooMany | InStream, {}, {"request too large"}},
    };
    return rows;
}

//! What stands for a status where there is none.
const std::vector<Row> &streamTable()
{
    static const std::vector<Row> rows{
        {ErrorKind::InvalidRequest,
         InStream,
         {"unsupported_parameter", "unsupported_value", "invalid_value", "unknown_parameter",
          "decimal_below_min_value", "invalid_image*", "invalid_base64_image*", "image_*",
          "unsupported_image*", "empty_image_file", "failed_to_download_image",
          "data_residency_mismatch"},
         {}},
        {ErrorKind::RateLimited,
         InStream,
         {"rate_limit_exceeded", "rate_limit_error", "rate_limited", "too_many_requests",
          "RateLimitReached", "rate_limit_reached_error", "service_tier_capacity_exceeded",
          "resource_exhausted", "Some resource has been exhausted"},
         {}},
        {ErrorKind::InvalidRequest,
         InStream,
         {"invalid_request_error", "invalid_request", "invalid_parameter_error", "tool_use_failed",
          "BadRequestError", "max_tokens_exceeded", "string_too_long", "precondition_failed",
          "payload_too_large", "unprocessable"},
         {}},
        {ErrorKind::AuthenticationFailed, InStream, {"authentication_error", "authentication"}, {}},
        {ErrorKind::PermissionDenied, InStream, {"permission_error", "permission_denied"}, {}},
        {ErrorKind::Overloaded, InStream, {"unavailable_error"}, {}},
    };
    return rows;
}

bool isCode(const QString &code, const char *pattern)
{
    const QLatin1StringView whole(pattern);
    return whole.endsWith(u'*') ? code.startsWith(whole.chopped(1), Qt::CaseInsensitive)
                                : code.compare(whole, Qt::CaseInsensitive) == 0;
}

bool isSaid(QStringView message, const char *pattern)
{
    qsizetype at = 0;
    for (const QLatin1StringView part : QLatin1StringView(pattern).tokenize(u'*')) {
        at = message.indexOf(part, at, Qt::CaseInsensitive);
        if (at < 0)
            return false;
        at += part.size();
    }
    return true;
}

const Row *rowFor(const std::vector<Row> &rows, const QStringList &codes, QStringView message,
                  unsigned place)
{
    const auto fits = [&](const Row &row) {
        if ((row.places & place) == 0)
            return false;
        const bool isNamed = std::any_of(row.codes.begin(), row.codes.end(), [&](const char *word) {
            return std::any_of(codes.begin(), codes.end(),
                               [word](const QString &code) { return isCode(code, word); });
        });
        return isNamed ||
               std::any_of(row.sentences.begin(), row.sentences.end(),
                           [message](const char *part) { return isSaid(message, part); });
    };
    const auto found = std::find_if(rows.begin(), rows.end(), fits);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

std::optional<ErrorKind> kindOfWords(const RefusalWords &words)
{
    constexpr int TooManyRequests = 429;
    const QStringView message = QStringView(words.message).left(MostRead);
    const Row *row = rowFor(table(), words.codes, message, placeOf(words.status));
    if (!row)
        return std::nullopt;
    // Money in a 429 is a spent quota.
    if (row->kind == ErrorKind::Billing && words.status == TooManyRequests)
        return ErrorKind::QuotaExhausted;
    return row->kind;
}

std::optional<ErrorKind> kindOfStreamCodes(const QStringList &codes)
{
    const Row *row = rowFor(streamTable(), codes, {}, InStream);
    return row ? std::optional(row->kind) : std::nullopt;
}

} // namespace core
