#include "ui/settings/drilltexts.h"

#include "core/base/errortext.h"
#include "ui/widgets/figures.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

const auto Dash = u"–"_s;

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("ui::OutageDrill", text, nullptr, n);
}

//! What an attempt met, in two words.
QString wordFor(const core::Error &error)
{
    using core::ErrorKind;
    static const QHash<ErrorKind, const char *> words{
        {ErrorKind::RateLimited, QT_TRANSLATE_NOOP("ui::OutageDrill", "rate limited")},
        {ErrorKind::QuotaExhausted, QT_TRANSLATE_NOOP("ui::OutageDrill", "quota used up")},
        {ErrorKind::Billing, QT_TRANSLATE_NOOP("ui::OutageDrill", "payment asked for")},
        {ErrorKind::Overloaded, QT_TRANSLATE_NOOP("ui::OutageDrill", "overloaded")},
        {ErrorKind::ServerError, QT_TRANSLATE_NOOP("ui::OutageDrill", "server error")},
        {ErrorKind::AuthenticationFailed, QT_TRANSLATE_NOOP("ui::OutageDrill", "key refused")},
        {ErrorKind::Truncated, QT_TRANSLATE_NOOP("ui::OutageDrill", "broke off")},
        {ErrorKind::ConnectionFailed, QT_TRANSLATE_NOOP("ui::OutageDrill", "connection lost")},
        {ErrorKind::Cancelled, QT_TRANSLATE_NOOP("ui::OutageDrill", "stopped")},
    };
    if (error.kind == ErrorKind::Timeout)
        return error.phase == core::Phase::Idle ? tr("fell silent") : tr("no answer in time");
    if (words.contains(error.kind))
        return tr(words.value(error.kind));
    return core::errorCode(error.kind).replace(u'_', u' ');
}

QString withStatus(const core::AttemptRecord &attempt)
{
    const QString word = attempt.error ? wordFor(*attempt.error) : tr("answered");
    return attempt.httpStatus == 0 || attempt.httpStatus == 200
               ? word
               : u"%1, %2"_s.arg(QString::number(attempt.httpStatus), word);
}

//! The sentence that a chat shows, with the target's name in it.
QString sentenceFor(core::Error error, const core::Target &target, const DrillNames &names)
{
    error.provider = names.service(target);
    return core::userText(error);
}

bool isAnswered(const DrillReport &report)
{
    return !report.error && !report.attempts.isEmpty();
}

bool wasAsked(const DrillReport &report, const core::Target &target)
{
    return std::any_of(
        report.attempts.begin(), report.attempts.end(),
        [&target](const core::AttemptRecord &attempt) { return attempt.target == target; });
}

//! Why nobody else was asked after the last failure.
QString whyNotNext(const DrillReport &report, const DrillNames &names)
{
    if (!report.plan.second)
        return tr("The route has no other model.");
    const QString second = names.whole(*report.plan.second);
    if (wasAsked(report, *report.plan.second))
        return tr("%1 failed as well.").arg(second);
    if (!report.fallbackOn)
        return tr("%1 was not asked: fallback is switched off.").arg(second);
    return tr("%1 was not asked: it uses the same account, and what failed is the account's.")
        .arg(second);
}

//! Waits for the same reason are one line.
QStringList seenWaits(const DrillReport &report, const DrillNames &names)
{
    QStringList seen;
    for (qsizetype i = 0; i < report.waits.size();) {
        const core::Error &why = report.waits.at(i);
        QStringList delays;
        for (; i < report.waits.size() && report.waits.at(i).kind == why.kind; ++i)
            delays.append(durationText(report.delays.at(i)));
        seen.append(
            tr("For %1: “%2”, and a count down to the next try.")
                .arg(delays.join(tr(", then ")), sentenceFor(why, report.plan.first, names)));
    }
    return seen;
}

//! Who answered, as it stands above an answer.
QString headOf(const DrillReport &report, const DrillNames &names)
{
    const core::Target &winner = report.attempts.last().target;
    const auto failed = std::find_if(
        report.attempts.rbegin(), report.attempts.rend(),
        [&winner](const core::AttemptRecord &attempt) { return attempt.target != winner; });
    if (failed == report.attempts.rend())
        return names.model(winner);
    const QString status = failed->httpStatus == 0 && failed->error
                               ? core::errorCode(failed->error->kind)
                               : QString::number(failed->httpStatus);
    return tr("%1, after %2 (%3)").arg(names.model(winner), names.model(failed->target), status);
}

core::Cost costOf(const QList<core::AttemptRecord> &attempts)
{
    core::Cost sum;
    for (const core::AttemptRecord &attempt : attempts)
        sum = sum.plus(attempt.cost.total);
    return sum;
}

//! The same attempts with the same ends: what can be told from outside.
bool agrees(const QList<core::AttemptRecord> &seen, const QList<core::AttemptRecord> &written)
{
    return std::equal(seen.begin(), seen.end(), written.begin(), written.end(),
                      [](const core::AttemptRecord &a, const core::AttemptRecord &b) {
                          return a.id == b.id && a.outcome == b.outcome &&
                                 a.httpStatus == b.httpStatus && a.cost.total == b.cost.total &&
                                 b.target.simulated;
                      });
}

} // namespace

DrillRow drillRow(const core::AttemptRecord &attempt, const DrillNames &names)
{
    const bool isGood = attempt.outcome == core::AttemptOutcome::Completed;
    DrillRow row;
    row.asked = names.whole(attempt.target);
    row.status = attempt.httpStatus == 0 ? Dash : QString::number(attempt.httpStatus);
    row.waited = attempt.waited.count() == 0 ? Dash : durationText(attempt.waited);
    row.took = durationText(attempt.times.end);
    row.outcome = attempt.error ? wordFor(*attempt.error) : isGood ? tr("answered") : tr("stopped");
    row.cost = costText(attempt.cost.total, Decimals::Figures);
    row.tone = isGood ? Tone::Good : Tone::Error;
    return row;
}

QString drillProgress(core::ReplyState state, const DrillReport &report)
{
    const auto attempt = static_cast<int>(report.attempts.size()) + 1;
    switch (state) {
    case core::ReplyState::AwaitingDecision:
        return tr("Attempt %1 waits for your decision").arg(attempt);
    case core::ReplyState::WaitingForTurn:
        return tr("Attempt %1 waits for its turn at the rate limit").arg(attempt);
    case core::ReplyState::WaitingToRetry:
        return report.delays.isEmpty()
                   ? tr("Waiting before attempt %1").arg(attempt)
                   : tr("Waiting %1 before attempt %2")
                         .arg(durationText(report.delays.last()), QString::number(attempt));
    case core::ReplyState::WaitingForNetwork:
        return tr("Attempt %1 waits for a network").arg(attempt);
    case core::ReplyState::WaitingForFirstToken:
        return tr("Attempt %1: waiting for the first word").arg(attempt);
    case core::ReplyState::Streaming:
        return tr("Attempt %1: the answer is being written").arg(attempt);
    case core::ReplyState::Finished:
        return tr("Reading the ledger");
    case core::ReplyState::Queued:
    case core::ReplyState::Connecting:
        break;
    }
    return tr("Attempt %1: connecting").arg(attempt);
}

QString drillVerdict(const DrillReport &report, const DrillNames &names)
{
    if (report.attempts.isEmpty() && report.error)
        return tr("Nothing was sent. %1").arg(core::userText(*report.error));
    if (report.attempts.isEmpty())
        return {};
    const core::AttemptRecord &first = report.attempts.first();
    const core::AttemptRecord &last = report.attempts.last();
    const QString failed = tr("%1 failed (%2)").arg(names.whole(first.target), withStatus(first));
    if (isAnswered(report)) {
        const QString when = report.firstToken ? durationText(*report.firstToken) : Dash;
        if (report.attempts.size() == 1)
            return tr("The fault was not met: %1 answered in full.").arg(names.whole(last.target));
        if (last.target == first.target)
            return tr("The route held. %1; asked again, it answered. The first word came %2 after "
                      "Send.")
                .arg(failed, when);
        return tr("The route held. %1, so %2 answered instead. The first word came %3 after Send.")
            .arg(failed, names.whole(last.target), when);
    }
    if (report.error->kind == core::ErrorKind::Cancelled)
        return tr("You stopped the drill.");
    if (last.visible)
        return tr("The answer broke off, and the route stopped there, as it must: words had been "
                  "shown, so nothing is sent again by itself. What came is kept.");
    return tr("Nobody answered. %1. %2").arg(failed, whyNotNext(report, names));
}

QStringList drillSeen(const DrillReport &report, const DrillNames &names)
{
    QStringList seen = seenWaits(report, names);
    if (report.attempts.isEmpty())
        return seen;
    const core::AttemptRecord &last = report.attempts.last();
    if (isAnswered(report)) {
        seen.append(tr("An answer headed “%1”.").arg(headOf(report, names)));
        if (report.attempts.size() > 1)
            seen.append(tr("Under it: %n attempt(s).", static_cast<int>(report.attempts.size())));
        return seen;
    }
    if (!report.text.isEmpty())
        seen.append(tr("The beginning of an answer, which stays: “%1”")
                        .arg(report.text.simplified().left(80)));
    if (report.error->kind != core::ErrorKind::Cancelled)
        seen.append(tr("The sentence: “%1”").arg(sentenceFor(*report.error, last.target, names)));
    return seen;
}

QString drillLedger(const DrillReport &report)
{
    if (report.attempts.isEmpty())
        return tr("Nothing: nothing was sent.");
    if (!report.ledger)
        return tr("The ledger could not be read.");
    const QList<core::AttemptRecord> &rows = *report.ledger;
    if (!agrees(report.attempts, rows))
        return tr("The ledger does not hold what happened here. That is a fault of Farthing: "
                  "please report it.");
    const auto answered =
        std::count_if(rows.begin(), rows.end(), [](const core::AttemptRecord &attempt) {
            return attempt.outcome == core::AttemptOutcome::Completed;
        });
    const auto failed = rows.size() - answered;
    const core::Usage &usage = rows.last().usage;
    const auto input = usage.count(core::UsageKind::Input);
    const auto output = usage.count(core::UsageKind::Output);
    const QString tokens =
        input && output ? tr("%1 tokens in, %2 out").arg(countText(*input), countText(*output))
                        : tr("tokens not told");
    return tr("%n attempt(s), each in a row of its own: ", static_cast<int>(rows.size())) +
           tr("%1 answered, %2 failed; %3; %4. Simulated money enters no total and no budget.")
               .arg(QString::number(answered), QString::number(failed), tokens,
                    costText(costOf(rows), Decimals::Exact, MoneyMark::Simulated));
}

} // namespace ui
