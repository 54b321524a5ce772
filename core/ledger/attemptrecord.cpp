#include "core/ledger/attemptrecord.h"

namespace core {

QString attemptCauseName(AttemptCause cause)
{
    switch (cause) {
    case AttemptCause::First:
        return QStringLiteral("first");
    case AttemptCause::Retry:
        return QStringLiteral("retry");
    case AttemptCause::Fallback:
        return QStringLiteral("fallback");
    case AttemptCause::Continue:
        return QStringLiteral("continue");
    }
    Q_UNREACHABLE();
}

QString attemptOutcomeName(AttemptOutcome outcome)
{
    switch (outcome) {
    case AttemptOutcome::Open:
        return QStringLiteral("open");
    case AttemptOutcome::Completed:
        return QStringLiteral("completed");
    case AttemptOutcome::Failed:
        return QStringLiteral("failed");
    case AttemptOutcome::Cancelled:
        return QStringLiteral("cancelled");
    case AttemptOutcome::Interrupted:
        return QStringLiteral("interrupted");
    }
    Q_UNREACHABLE();
}

} // namespace core
