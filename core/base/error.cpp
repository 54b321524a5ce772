#include "core/base/error.h"

#include <array>
#include <utility>

namespace core {

namespace {

using enum ErrorKind;

constexpr std::array<std::pair<ErrorKind, const char *>, 25> Codes{{
    {RateLimited, "rate_limited"},
    {QuotaExhausted, "quota_exhausted"},
    {Overloaded, "overloaded"},
    {ServerError, "server_error"},
    {Timeout, "timeout"},
    {ConnectionFailed, "connection_failed"},
    {TlsFailed, "tls_failed"},
    {Truncated, "truncated"},
    {InvalidRequest, "invalid_request"},
    {ModelNotFound, "model_not_found"},
    {ContextLengthExceeded, "context_length_exceeded"},
    {AuthenticationFailed, "authentication_failed"},
    {PermissionDenied, "permission_denied"},
    {Billing, "billing"},
    {ContentBlocked, "content_blocked"},
    {Redirected, "redirected"},
    {ProtocolError, "protocol_error"},
    {InputRejected, "input_rejected"},
    {BudgetExceeded, "budget_exceeded"},
    {KeyMissing, "key_missing"},
    {KeyUnavailable, "key_unavailable"},
    {StorageFailed, "storage_failed"},
    {Cancelled, "cancelled"},
    {AllTargetsFailed, "all_targets_failed"},
    {Internal, "internal"},
}};

} // namespace

Error makeError(ErrorKind kind, const QString &detail, const QString &provider)
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    error.provider = provider;
    return error;
}

Error rejected(const QString &sentence)
{
    return makeError(InputRejected, sentence);
}

QString errorCode(ErrorKind kind)
{
    for (const auto &[known, code] : Codes) {
        if (known == kind)
            return QString::fromLatin1(code);
    }
    return QStringLiteral("internal");
}

std::optional<ErrorKind> errorKindOf(const QString &code)
{
    for (const auto &[kind, name] : Codes) {
        if (code == QLatin1StringView(name))
            return kind;
    }
    return std::nullopt;
}

} // namespace core
