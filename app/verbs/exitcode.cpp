#include "app/console.h"
#include "app/verbs/verbs.h"
#include "core/base/errortext.h"
#include "core/base/picousd.h"

namespace app {

namespace {

QString amountText(core::LimitUnit unit, std::int64_t count)
{
    switch (unit) {
    case core::LimitUnit::Money:
        return QLatin1Char('$') + core::PicoUsd(count).toDecimal();
    case core::LimitUnit::Tokens:
        return QStringLiteral("%1 tokens").arg(count);
    case core::LimitUnit::Requests:
        break;
    }
    return QStringLiteral("%1 requests").arg(count);
}

QString periodText(core::LimitPeriod period)
{
    switch (period) {
    case core::LimitPeriod::Message:
        return QStringLiteral("message");
    case core::LimitPeriod::Session:
        return QStringLiteral("session");
    case core::LimitPeriod::Day:
        return QStringLiteral("day");
    case core::LimitPeriod::Month:
        break;
    }
    return QStringLiteral("month");
}

//! The ledger's own words count in its units: a person is told amounts, and what would fit.
QString shortfallText(const core::Shortfall &shortfall)
{
    const QString text =
        QStringLiteral("It may take up to %1; of the limit of this %2, %3 is left.")
            .arg(amountText(shortfall.unit, shortfall.need), periodText(shortfall.period),
                 amountText(shortfall.unit, shortfall.left));
    if (!shortfall.fittingOutput)
        return text;
    return text +
           QStringLiteral(" What fits: --max-output-tokens %1.").arg(*shortfall.fittingOutput);
}

} // namespace

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
    QString detail = error.shortfall ? shortfallText(*error.shortfall) : error.detail;
    if (!sentence.contains(detail)) // of some kinds the detail is in the sentence
        Console::errorLine(QStringLiteral("  ") + detail.replace(u'\n', QStringLiteral("\n  ")));
}

ExitCode fail(const core::Error &error)
{
    tell(error);
    return exitCodeFor(error, false);
}

} // namespace app
