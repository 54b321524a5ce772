#include "app/console.h"
#include "app/verbs/verbs.h"
#include "core/base/errortext.h"

namespace app {

ExitCode exitCodeFor(const core::Error &error, bool textShown)
{
    using core::ErrorKind;
    switch (error.kind) {
    case ErrorKind::Cancelled:
        return ExitCode::Cancelled;
    case ErrorKind::InputRejected:
        return ExitCode::Usage;
    case ErrorKind::BudgetExceeded:
        return ExitCode::Budget;
    case ErrorKind::StorageFailed:
    case ErrorKind::Internal:
        return ExitCode::Internal;
    case ErrorKind::InvalidRequest:
    case ErrorKind::ModelNotFound:
    case ErrorKind::ContextLengthExceeded:
    case ErrorKind::AuthenticationFailed:
    case ErrorKind::PermissionDenied:
    case ErrorKind::Billing:
    case ErrorKind::ContentBlocked:
    case ErrorKind::KeyMissing:
    case ErrorKind::KeyUnavailable:
        return textShown ? ExitCode::Interrupted : ExitCode::Refused;
    case ErrorKind::QuotaExhausted:
        return textShown ? ExitCode::Interrupted : ExitCode::Budget;
    case ErrorKind::RateLimited:
    case ErrorKind::Overloaded:
    case ErrorKind::ServerError:
    case ErrorKind::Timeout:
    case ErrorKind::ConnectionFailed:
    case ErrorKind::TlsFailed:
    case ErrorKind::Truncated:
    case ErrorKind::Redirected:
    case ErrorKind::ProtocolError:
    case ErrorKind::AllTargetsFailed:
        return textShown ? ExitCode::Interrupted : ExitCode::Unavailable;
    }
    return ExitCode::Internal;
}

void tell(const core::Error &error)
{
    const QString sentence = core::userText(error);
    Console::errorLine(QStringLiteral("farthing: ") + sentence);
    QString detail = error.detail;
    if (!sentence.contains(detail)) // of some kinds the detail is in the sentence
        Console::errorLine(QStringLiteral("  ") + detail.replace(u'\n', QStringLiteral("\n  ")));
}

ExitCode fail(const core::Error &error)
{
    tell(error);
    return exitCodeFor(error, false);
}

} // namespace app
