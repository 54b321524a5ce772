#include "core/providers/errorfacts.h"

#include "core/base/redactor.h"
#include "core/net/retryafter.h"

#include <algorithm>

namespace core {

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

bool waits(ErrorKind kind)
{
    return kind == ErrorKind::RateLimited || kind == ErrorKind::Overloaded;
}

bool hasError(const JsonElement &object)
{
    const auto error = member(object, "error");
    const QByteArray raw = error ? rawJson(*error) : QByteArray();
    if (error && raw != "false" && raw != "0" && raw != "\"\"" && raw != "{}" && raw != "[]")
        return true;
    return foreignError(object).has_value();
}

std::optional<JsonElement> foreignError(const JsonElement &object)
{
    if (const auto answer = member(object, "base_resp")) {
        const auto status = member(*answer, "status_code");
        if (status && anyText(*status).toLongLong() != 0)
            return answer;
    }
    bool isGood = true;
    const auto success = member(object, "success");
    if (!success || success->get(isGood) != simdjson::SUCCESS || isGood)
        return std::nullopt;
    simdjson::dom::array errors;
    const auto list = member(object, "errors");
    return list && list->get(errors) == simdjson::SUCCESS && errors.size() > 0
               ? std::optional<JsonElement>(errors.at(0).value())
               : std::nullopt;
}

int namedStatus(const JsonElement &object)
{
    // "statusCode" of gateways (Azure's API Management), "http_code" of MiniMax.
    for (const char *name : {"status_code", "statusCode", "http_code", "code", "status"}) {
        const auto value = member(object, name);
        const int status = value ? anyText(*value).toInt() : 0;
        if (status >= 400 && status <= 599)
            return status;
    }
    return 0;
}

void addHttpFacts(Error &error, int status, const HttpHeaders &headers, const QByteArray &body)
{
    constexpr qsizetype MostShown = 500;
    constexpr qsizetype BytesRead = 16 * 1024;
    if (error.httpStatus == 0)
        error.httpStatus = status;
    for (const char *name :
         {"x-request-id", "request-id", "apim-request-id", "x-generation-id", "cf-ray"}) {
        if (error.requestId.isEmpty())
            error.requestId = QString::fromUtf8(headers.value(name)).left(200);
    }
    error.shouldRetry = shouldRetryHint(headers);
    // Of two waits that are named, the longer.
    if (const auto hint = mayCarryHint(status, headers) ? retryAfterHint(headers) : std::nullopt)
        error.retryAfter = std::max(hint, error.retryAfter);
    // What shrinks when keys are taken out must still fill what is shown; a key that the first cut
    // runs through is known by its beginning.
    error.rawBody = redacted(QString::fromUtf8(body.left(BytesRead))).left(MostShown);
}

} // namespace core
