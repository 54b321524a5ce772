#include "ui/conversation/attempttexts.h"

#include "ui/widgets/figures.h"

#include <QCoreApplication>
#include <QHash>

#include <utility>

namespace ui {

namespace {

using core::ErrorKind;

constexpr int FirstClientError = 400;

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::AttemptTexts", text);
}

//! Two words for the badge; the whole sentence stands in the transcript.
QString shortName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::RateLimited:
        return translated("rate limited");
    case ErrorKind::QuotaExhausted:
        return translated("quota used up");
    case ErrorKind::Overloaded:
        return translated("overloaded");
    case ErrorKind::ServerError:
        return translated("server error");
    case ErrorKind::Timeout:
        return translated("timed out");
    case ErrorKind::ConnectionFailed:
        return translated("no connection");
    case ErrorKind::TlsFailed:
        return translated("not secure");
    case ErrorKind::Truncated:
        return translated("broken off");
    case ErrorKind::InvalidRequest:
        return translated("not accepted");
    case ErrorKind::ModelNotFound:
        return translated("unknown model");
    case ErrorKind::ContextLengthExceeded:
        return translated("too long");
    case ErrorKind::AuthenticationFailed:
        return translated("key refused");
    case ErrorKind::PermissionDenied:
        return translated("not allowed");
    case ErrorKind::Billing:
        return translated("payment needed");
    case ErrorKind::ContentBlocked:
        return translated("declined");
    case ErrorKind::Redirected:
        return translated("redirected");
    case ErrorKind::ProtocolError:
        return translated("not the API");
    case ErrorKind::InputRejected:
        return translated("not sent");
    case ErrorKind::BudgetExceeded:
        return translated("over budget");
    case ErrorKind::KeyMissing:
        return translated("no key");
    case ErrorKind::KeyUnavailable:
        return translated("key not read");
    case ErrorKind::StorageFailed:
        return translated("not stored");
    case ErrorKind::Cancelled:
        return translated("stopped");
    case ErrorKind::AllTargetsFailed:
        return translated("none answered");
    case ErrorKind::Internal:
        return translated("our mistake");
    }
    Q_UNREACHABLE();
}

AttemptBadge failureBadge(const core::AttemptRecord &attempt)
{
    if (!attempt.error)
        return {Tone::Error, translated("failed")};
    const ErrorKind kind = attempt.error->kind;
    QString text = shortName(kind);
    // A status below 400 tells nothing: the answer began well.
    const int status = attempt.httpStatus ? attempt.httpStatus : attempt.error->httpStatus;
    if (status >= FirstClientError)
        text = QString::number(status) + QLatin1Char(' ') + text;
    return {kind == ErrorKind::RateLimited ? Tone::Warning : Tone::Error, text};
}

MoneyMark markOf(const core::AttemptRecord &attempt)
{
    if (attempt.costBasis == core::CostBasis::Local)
        return MoneyMark::Local;
    return attempt.target.simulated ? MoneyMark::Simulated : MoneyMark::None;
}

QString rangeText(const core::AttemptRecord &attempt, Decimals decimals)
{
    const core::Cost &cost = attempt.cost.total;
    const QString low = moneyText(cost.low, decimals);
    const QString high = moneyText(cost.high, decimals);
    if (markOf(attempt) == MoneyMark::Local || !cost.complete || low == high)
        return costText(cost, decimals, markOf(attempt));
    const QString range = translated("%1 to %2").arg(low, high);
    return attempt.target.simulated ? translated("%1 simulated").arg(range) : range;
}

QString attemptCost(const core::AttemptRecord &attempt)
{
    if (attempt.costBasis == core::CostBasis::NotCharged)
        return translated("$0, not charged");
    if (attempt.costBasis == core::CostBasis::NotSent)
        return translated("$0, not sent");
    if (attempt.costBasis == core::CostBasis::Cached)
        return translated("$0, from the cache");
    return rangeText(attempt, Decimals::Figures);
}

QString kindName(const QString &kind)
{
    static const QHash<QString, const char *> names{
        {QStringLiteral("input"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Input")},
        {QStringLiteral("input_audio"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Audio input")},
        {QStringLiteral("input_image"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Image input")},
        {QStringLiteral("input_video"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Video input")},
        {QStringLiteral("input_tool"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Tool input")},
        {QStringLiteral("cache_read"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Cached input")},
        {QStringLiteral("cache_read_audio"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Cached audio")},
        {QStringLiteral("cache_write"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Cache write")},
        {QStringLiteral("cache_write_5m"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts", "Cache write, 5 min")},
        {QStringLiteral("cache_write_1h"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts", "Cache write, 1 h")},
        {QStringLiteral("output"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Output")},
        {QStringLiteral("output_reasoning"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Reasoning")},
        {QStringLiteral("output_audio"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Audio output")},
        {QStringLiteral("output_image"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Image output")},
        {QStringLiteral("output_video"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Video output")},
        {QStringLiteral("output_citation"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "Citations")},
        {QStringLiteral("reported"), QT_TRANSLATE_NOOP("ui::AttemptTexts", "As reported")},
    };
    const char *name = names.value(kind);
    if (name)
        return translated(name);
    QString words = kind; // a fee: "web_search"
    return words.replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString basisReason(core::CostBasis basis)
{
    using core::CostBasis;
    switch (basis) {
    case CostBasis::None:
    case CostBasis::Exact:
        return {};
    case CostBasis::NotSent:
        return translated("Nothing was sent, so nothing was charged.");
    case CostBasis::NotCharged:
        return translated("The provider refused the request; refusals are not charged.");
    case CostBasis::Local:
        return translated("It ran on your own machine.");
    case CostBasis::Estimated:
        return translated("The provider gave no count: estimated from the texts.");
    case CostBasis::InputOnly:
        return translated("The server failed: at most the input was charged.");
    case CostBasis::Unanswered:
        return translated("No answer came: the server may have finished it unseen, or done "
                          "nothing.");
    case CostBasis::Partial:
        return translated("It broke off: from what arrived up to the longest answer allowed.");
    case CostBasis::Cancelled:
        return translated("You stopped it: from what arrived up to the longest answer allowed.");
    case CostBasis::Cached:
        return translated("Exactly this was answered before: nothing was sent.");
    case CostBasis::Draining:
        return translated("You stopped it. It runs on unseen, at most a minute, until the provider "
                          "says what it cost.");
    case CostBasis::Drained:
        return translated("You stopped it. The rest came unseen, so the provider's count is "
                          "exact.");
    case CostBasis::Interrupted:
        return translated("Farthing ended before the answer did: anything up to the most it may "
                          "have cost.");
    }
    Q_UNREACHABLE();
}

QString flagReason(const QString &flag)
{
    static const QHash<QString, const char *> reasons{
        {QStringLiteral("assumed"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts",
                           "Assumed: this part has no price of its own; that of its whole is "
                           "used.")},
        {QStringLiteral("borrowed"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts",
                           "Borrowed: the price of the same model at its maker.")},
        {QStringLiteral("contested"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts", "Contested: sources disagree about this price.")},
        {QStringLiteral("stale"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts",
                           "Stale: nobody has checked this price for 90 days.")},
        {QStringLiteral("unknown"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts",
                           "Unknown: a part has no known price, so the total is at least this.")},
        {QStringLiteral("user"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts", "Yours: the price that you set under Settings.")},
        {QStringLiteral("reported"),
         QT_TRANSLATE_NOOP("ui::AttemptTexts", "Reported: the provider named this cost itself.")},
    };
    const char *reason = reasons.value(flag);
    return reason ? translated(reason) : flag;
}

} // namespace

AttemptBadge attemptBadge(const core::AttemptRecord &attempt)
{
    switch (attempt.outcome) {
    case core::AttemptOutcome::Open:
        if (attempt.visible)
            return {Tone::Accent, translated("streaming")};
        return {Tone::Neutral,
                attempt.times.sent ? translated("waiting") : translated("connecting")};
    case core::AttemptOutcome::Completed:
        return {Tone::Good, translated("answered")};
    case core::AttemptOutcome::Cancelled:
        return {Tone::Warning, translated("stopped")};
    case core::AttemptOutcome::Interrupted:
        return {Tone::Warning, translated("interrupted")};
    case core::AttemptOutcome::Failed:
        return failureBadge(attempt);
    }
    Q_UNREACHABLE();
}

QString attemptLine(const core::AttemptRecord &attempt, std::chrono::milliseconds waitedAfter)
{
    QStringList said;
    if (attempt.times.firstVisible)
        said += translated("first token %1").arg(durationText(*attempt.times.firstVisible));
    if (waitedAfter.count() > 0)
        said += translated("waited %1").arg(durationText(waitedAfter));
    if (attempt.outcome != core::AttemptOutcome::Open)
        said += attemptCost(attempt);
    else if (!attempt.times.firstVisible)
        said += durationText(attempt.times.end);
    return said.join(QStringLiteral(" \u00B7 "));
}

CostLineTexts costLineTexts(const core::CostLine &line)
{
    CostLineTexts texts;
    texts.kind = kindName(line.kind);
    if (line.multiplier != QStringLiteral("1"))
        texts.kind += QStringLiteral(" \u00D7 ") + line.multiplier;
    if (line.flags.contains(QStringLiteral("reported"))) {
        texts.amount = line.amount ? moneyText(*line.amount, Decimals::Exact) : QString();
        return texts;
    }
    texts.quantity = countText(line.quantity);
    texts.rate = line.perMillion ? line.perMillion->toDecimal() : QStringLiteral("?");
    if (const qsizetype point = texts.rate.indexOf(QLatin1Char('.'));
        point >= 0 && texts.rate.size() - point == 2)
        texts.rate += QLatin1Char('0'); // "2.5" among prices looks like a slip of the pen
    else if (point < 0 && line.perMillion)
        texts.rate += QStringLiteral(".00");
    if (line.perMillion && core::feeUnitOf(line.kind))
        texts.rate = translated("%1 per 1,000").arg(texts.rate);
    texts.amount = line.amount ? moneyText(*line.amount, Decimals::Exact) : translated("unknown");
    return texts;
}

QString totalText(const core::AttemptRecord &attempt)
{
    return rangeText(attempt, Decimals::Exact);
}

QString savedText(const core::AttemptRecord &attempt)
{
    if (attempt.savedBy == core::SavedBy::Nothing)
        return {};
    const bool isOwn = attempt.savedBy == core::SavedBy::ResponseCache;
    if (!attempt.saved)
        return isOwn ? translated("The answer was kept; what it would have cost is unknown.")
                     : translated("What the prompt cache saved is unknown: a price is missing.");
    const core::PicoUsd saved = *attempt.saved;
    if (isOwn)
        return translated("The answer was kept: it would have cost %1.")
            .arg(moneyText(saved, Decimals::Exact));
    if (saved < core::PicoUsd())
        return translated("Writing the prompt cache cost %1 more than it saved this time.")
            .arg(moneyText(core::PicoUsd(-saved.count()), Decimals::Exact));
    const core::Cost &total = attempt.cost.total;
    if (!total.isExact())
        return translated("The prompt cache saved %1.").arg(moneyText(saved, Decimals::Exact));
    return translated("Without the prompt cache: %1, so it saved %2.")
        .arg(moneyText(core::saturatingSum(total.low, saved), Decimals::Exact),
             moneyText(saved, Decimals::Exact));
}

QStringList costReasons(const core::AttemptRecord &attempt)
{
    QStringList reasons;
    if (const QString basis = basisReason(attempt.costBasis); !basis.isEmpty())
        reasons += basis;
    if (attempt.cost.total.low != attempt.cost.total.high && !attempt.cost.lines.isEmpty())
        reasons += translated("The lines show the least of the range.");
    QStringList flags = attempt.cost.flags;
    for (const core::CostLine &line : attempt.cost.lines)
        flags += line.flags;
    flags.removeDuplicates();
    for (const QString &flag : std::as_const(flags))
        reasons += flagReason(flag);
    return reasons;
}

} // namespace ui
