#pragma once

#include "core/base/shortfall.h"

#include <QString>

#include <chrono>
#include <optional>

namespace core {

//! What went wrong, as policy and the user's sentence see it. Finer distinctions stand in Error.
//! Adding a kind breaks the build at every switch that must decide about it.
enum class ErrorKind {
    RateLimited,
    QuotaExhausted,
    Overloaded,
    ServerError,
    Timeout,
    ConnectionFailed,
    TlsFailed,
    Truncated,
    InvalidRequest,
    ModelNotFound,
    ContextLengthExceeded,
    AuthenticationFailed,
    PermissionDenied,
    Billing,
    ContentBlocked,
    Redirected,
    ProtocolError,
    InputRejected,
    BudgetExceeded,
    KeyMissing,
    KeyUnavailable,
    StorageFailed,
    Cancelled,
    AllTargetsFailed,
    Internal,
};

//! Where an attempt stood when a deadline struck or the connection ended. Sleep: the machine slept
//! while it ran, and nothing came after that.
enum class Phase { None, Connect, FirstByte, Idle, Total, Sleep };

//! One failure, as a value: copyable, comparable, safe to store and to show.
struct Error
{
    ErrorKind kind = ErrorKind::ProtocolError;
    QString detail;   //!< For the log and "Details". English, redacted. The sentence is userText().
    QString provider; //!< Provider id; empty if the fault is local.
    QString providerCode; //!< The provider's own code, verbatim.
    QString requestId;    //!< The provider's request id, for support tickets.
    int httpStatus = 0;   //!< 0 if no HTTP response arrived.
    std::optional<std::chrono::milliseconds> retryAfter; //!< Wait that the server asked for.
    Phase phase = Phase::None;                           //!< Where it struck.
    std::optional<bool> shouldRetry;    //!< The server's own word (x-should-retry).
    QString rawBody;                    //!< Redacted body of the answer, at most 500 characters.
    std::optional<Shortfall> shortfall; //!< For BudgetExceeded: what of which limit is missing.

    bool operator==(const Error &) const = default;
};

//! A failure of \p kind with nothing else to tell of it than this.
[[nodiscard]] Error makeError(ErrorKind kind, const QString &detail = {},
                              const QString &provider = {});
//! InputRejected: what was given is not taken. The user reads \p sentence: why, and what to do.
[[nodiscard]] Error rejected(const QString &sentence);

//! The error_code of the command line and of the ledger: snake_case of the kind.
[[nodiscard]] QString errorCode(ErrorKind kind);
//! Inverse of errorCode(); empty if \p code names no kind.
[[nodiscard]] std::optional<ErrorKind> errorKindOf(const QString &code);

} // namespace core
