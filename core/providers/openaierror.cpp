#include "core/providers/openaierror.h"

#include "core/base/redactor.h"
#include "core/net/retryafter.h"

#include <algorithm>

namespace core {

namespace {

//! An error as the service words it, whatever the shape.
struct Wording
{
    QString code, type, message;
    int status = 0;         //!< That the body names; 0: none.
    bool isFlagged = false; //!< A filter says what it objects to (OpenRouter).

    [[nodiscard]] bool says(const char *word) const
    {
        return code == QLatin1StringView(word) || type == QLatin1StringView(word);
    }
    [[nodiscard]] bool mentions(const char *text) const
    {
        return message.contains(QLatin1StringView(text), Qt::CaseInsensitive);
    }
};

int statusFrom(const QString &text)
{
    bool ok = false;
    const int status = text.toInt(&ok);
    return ok && status >= 400 && status <= 599 ? status : 0;
}

QString messageIn(const JsonElement &object)
{
    if (const auto message = member(object, "message")) {
        if (const QString text = anyText(*message); !text.isEmpty())
            return text;
        return QString::fromUtf8(rawJson(*message)); // Mistral: message as an object
    }
    if (const auto detail = member(object, "detail"))
        return detail->is_string() ? anyText(*detail) : QString::fromUtf8(rawJson(*detail));
    return {};
}

Wording wordingOf(const JsonElement &body)
{
    Wording wording;
    JsonElement error = body;
    if (const auto wrapped = member(body, "error")) {
        if (wrapped->is_object())
            error = *wrapped;
        else
            wording.message = anyText(*wrapped);
    }
    if (const auto code = member(error, "code"))
        wording.code = anyText(*code);
    if (const auto type = member(error, "type"))
        wording.type = anyText(*type);
    if (wording.message.isEmpty())
        wording.message = messageIn(error);
    if (wording.message.isEmpty())
        wording.message = messageIn(body);
    for (const char *name : {"status_code", "code", "status"}) {
        const auto value = member(error, name);
        if (value && wording.status == 0)
            wording.status = statusFrom(anyText(*value));
    }
    if (const auto metadata = member(error, "metadata")) {
        wording.isFlagged = member(*metadata, "reasons") || member(*metadata, "flagged_input");
        const auto raw = member(*metadata, "raw"); // what the service behind it said
        const QString said = !raw               ? QString()
                             : raw->is_string() ? anyText(*raw)
                                                : QString::fromUtf8(rawJson(*raw));
        if (!said.isEmpty())
            wording.message += QStringLiteral(" (") + said + QLatin1Char(')');
    }
    return wording;
}

//! What google.rpc.RetryInfo among the details of an error asks for.
std::optional<std::chrono::milliseconds> retryInfoIn(const JsonElement &body)
{
    simdjson::dom::array details;
    const auto list = member(member(body, "error").value_or(body), "details");
    if (!list || list->get(details) != simdjson::SUCCESS)
        return std::nullopt;
    for (const JsonElement each : details) {
        const auto delay = textMember(each, "retryDelay");
        if (const auto hint = delay ? parseDuration(delay->toUtf8()) : std::nullopt)
            return hint;
    }
    return std::nullopt;
}

bool isContextLength(const Wording &w)
{
    return w.says("context_length_exceeded") || w.says("exceed_context_size_error") ||
           w.mentions("context_length_exceeded") || w.mentions("context length of only") ||
           w.mentions("exceeds the context length") || w.mentions("maximum context length") ||
           w.mentions("exceeds the context window") ||
           w.mentions("context size has been exceeded") ||
           w.mentions("exceeds the available context size");
}

bool isBlocked(const Wording &w)
{
    return w.says("content_policy_violation") || w.says("content_filter") ||
           w.says("invalid_prompt") || w.says("image_content_policy_violation") ||
           w.says("bio_policy");
}

//! What the Responses API calls a request that it cannot take, inside a 200 stream.
bool isBadInput(const Wording &w)
{
    return w.says("unsupported_parameter") || w.says("unsupported_value") ||
           w.says("invalid_value") || w.says("unknown_parameter") ||
           w.says("decimal_below_min_value") ||
           w.code.contains(QLatin1StringView("invalid_image")) ||
           w.code.contains(QLatin1StringView("invalid_base64_image")) ||
           w.code.startsWith(QLatin1StringView("image_")) ||
           w.says("unsupported_image_media_type") || w.says("empty_image_file") ||
           w.says("failed_to_download_image");
}

bool isQuota(const Wording &w)
{
    return w.says("insufficient_quota") || w.says("credit_balance_exhausted") ||
           w.says("billing_hard_limit_reached");
}

bool isUnknownModel(const Wording &w, int status)
{
    const bool isNamed = w.mentions("model") &&
                         (status == 404 || w.says("not_found_error") || w.says("NotFoundError"));
    return w.says("model_not_found") || isNamed || (status == 404 && w.says("NotFoundError"));
}

ErrorKind kindOf(const Wording &w, int status)
{
    if (isQuota(w))
        return ErrorKind::QuotaExhausted;
    if (isContextLength(w))
        return ErrorKind::ContextLengthExceeded;
    if (isBlocked(w))
        return ErrorKind::ContentBlocked;
    if (isUnknownModel(w, status))
        return ErrorKind::ModelNotFound;
    if (w.says("invalid_api_key") || w.mentions("incorrect api key")) // xAI: a 400
        return ErrorKind::AuthenticationFailed;
    if (w.says("slow_down") || w.says("overloaded_error") || w.says("capacity_exceeded"))
        return ErrorKind::Overloaded;
    const bool isInStream = status < 400;
    if ((status == 429 || isInStream) && w.mentions("request too large"))
        return ErrorKind::InvalidRequest; // it can never pass
    if (status == 403 && (w.isFlagged || w.mentions("moderation") || w.mentions("flagged")))
        return ErrorKind::ContentBlocked;
    if (!isInStream)
        return kindOfStatus(status);
    if (isBadInput(w))
        return ErrorKind::InvalidRequest;
    if (w.says("rate_limit_exceeded") || w.says("rate_limit_error"))
        return ErrorKind::RateLimited;
    if (w.says("invalid_request_error") || w.says("tool_use_failed") || w.says("BadRequestError"))
        return ErrorKind::InvalidRequest;
    if (w.says("authentication_error"))
        return ErrorKind::AuthenticationFailed;
    if (w.says("permission_error"))
        return ErrorKind::PermissionDenied;
    if (w.says("unavailable_error"))
        return ErrorKind::Overloaded;
    return ErrorKind::ServerError;
}

} // namespace

ErrorKind kindOfStatus(int status)
{
    switch (status) {
    case 401:
        return ErrorKind::AuthenticationFailed;
    case 402:
        return ErrorKind::Billing;
    case 403:
        return ErrorKind::PermissionDenied;
    case 404:
        return ErrorKind::InvalidRequest;
    case 408:
        return ErrorKind::Timeout;
    case 409:
        return ErrorKind::ServerError; // a conflict passes: the SDKs try again
    case 429:
        return ErrorKind::RateLimited;
    case 498:
    case 503:
    case 529:
        return ErrorKind::Overloaded;
    case 501: // what is not there now will not be there in a second
        return ErrorKind::InvalidRequest;
    default:
        break;
    }
    if (status >= 500)
        return ErrorKind::ServerError;
    return status >= 400 ? ErrorKind::InvalidRequest : ErrorKind::ProtocolError;
}

bool hasError(const JsonElement &object)
{
    const auto error = member(object, "error");
    const QByteArray raw = error ? rawJson(*error) : QByteArray();
    return error && raw != "false" && raw != "0" && raw != "\"\"" && raw != "{}" && raw != "[]";
}

void addHttpFacts(Error &error, int status, const HttpHeaders &headers, const QByteArray &body)
{
    constexpr qsizetype MostShown = 500;
    constexpr qsizetype MostRead = 16 * 1024;
    if (error.httpStatus == 0)
        error.httpStatus = status;
    for (const char *name : {"x-request-id", "request-id", "x-generation-id", "cf-ray"}) {
        if (error.requestId.isEmpty())
            error.requestId = QString::fromUtf8(headers.value(name)).left(200);
    }
    error.shouldRetry = shouldRetryHint(headers);
    // Of two waits that are named, the longer.
    if (const auto hint = mayCarryHint(status, headers) ? retryAfterHint(headers) : std::nullopt)
        error.retryAfter = std::max(hint, error.retryAfter);
    // What shrinks when keys are taken out must still fill what is shown; a key that the first cut
    // runs through is known by its beginning.
    error.rawBody = redacted(QString::fromUtf8(body.left(MostRead))).left(MostShown);
}

Error openAiError(int status, const HttpHeaders &headers, const JsonElement &body)
{
    const Wording wording = wordingOf(body);
    const int effective = status >= 400 ? status : wording.status;
    Error error;
    error.kind = kindOf(wording, effective);
    error.httpStatus = status;
    error.providerCode = (wording.code.isEmpty() ? wording.type : wording.code).left(200);
    error.detail = redacted(wording.message).left(500);
    if (mayCarryHint(effective, headers))
        error.retryAfter = retryInfoIn(body);
    addHttpFacts(error, status, headers, rawJson(body));
    const bool waits = error.kind == ErrorKind::RateLimited || error.kind == ErrorKind::Overloaded;
    if (waits && !error.retryAfter)
        error.retryAfter = waitSaidIn(wording.message);
    return error;
}

Error openAiError(int status, const HttpHeaders &headers, const QByteArray &body)
{
    JsonReader reader;
    auto element = reader.parse(QByteArrayView(body).trimmed());
    // Google's compatible endpoint wraps its error in a list.
    simdjson::dom::array list;
    if (element && element->get(list) == simdjson::SUCCESS && list.size() > 0)
        element = list.at(0).value();
    if (element && element->is_object()) {
        Error error = openAiError(status, headers, *element);
        addHttpFacts(error, status, headers, body);
        return error;
    }
    Error error;
    error.kind = kindOfStatus(status);
    error.detail = QStringLiteral("HTTP status %1; the body is not JSON.").arg(status);
    addHttpFacts(error, status, headers, body);
    return error;
}

} // namespace core
