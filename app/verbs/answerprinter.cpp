#include "app/verbs/answerprinter.h"

#include "app/console.h"
#include "app/targetspec.h"

#include <algorithm>

namespace app {

QList<core::AttemptRecord> lastOfEachTarget(const QList<core::AttemptRecord> &attempts)
{
    QList<core::AttemptRecord> last;
    for (const core::AttemptRecord &attempt : attempts) {
        const auto known =
            std::find_if(last.begin(), last.end(), [&attempt](const core::AttemptRecord &other) {
                return other.target == attempt.target;
            });
        if (known == last.end())
            last.append(attempt);
        else
            *known = attempt;
    }
    return last;
}

AnswerPrinter::AnswerPrinter(core::ChatReply &reply, bool json)
    : m_reply(reply)
    , m_json(json)
{
    connect(&reply, &core::ChatReply::eventsReceived, this,
            [this](const core::StreamEvents &events) { show(events); });
    if (!json)
        return;
    connect(&reply, &core::ChatReply::attemptStarted, this, [this](const core::AttemptInfo &info) {
        m_started = info.number;
        Console::outLine(attemptStartedLine(info));
    });
    connect(&reply, &core::ChatReply::attemptEnded, this,
            [this](const core::AttemptRecord &record) {
                if (record.outcome != core::AttemptOutcome::Completed)
                    m_lines.dropCutCalls();
                flush();
                if (m_started == record.number) // it may end before it got so far
                    Console::outLine(attemptEndedLine(record));
            });
    connect(&reply, &core::ChatReply::retryScheduled, this,
            [this](int, std::chrono::milliseconds delay, const core::Error &cause) {
                // Told by the attempt that failed, not by the one that will come.
                Console::outLine(
                    retryScheduledLine(m_reply.attempts().last().number, delay, cause));
            });
}

void AnswerPrinter::finish()
{
    if (m_json) {
        if (!m_reply.result())
            m_lines.dropCutCalls();
        flush();
        Console::outLine(finishedLine().toString());
        return;
    }
    if (textShown() && !m_lines.text().endsWith(QLatin1Char('\n')))
        Console::out(QStringLiteral("\n"));
    Console::errorLine(summary());
}

void AnswerPrinter::show(const core::StreamEvents &events)
{
    for (const QString &line : m_lines.lines(events)) {
        if (m_json)
            Console::outLine(line);
    }
    for (const core::StreamEvent &event : events) {
        if (const auto *started = std::get_if<core::ReplyStarted>(&event)) {
            for (const QString &warning : started->warnings)
                Console::errorLine(warning);
        } else if (const auto *delta = std::get_if<core::TextDelta>(&event); delta && !m_json) {
            Console::out(delta->text);
        }
    }
    if (!Console::isOpen())
        m_reply.cancel();
}

void AnswerPrinter::flush()
{
    for (const QString &line : m_lines.flush())
        Console::outLine(line);
}

core::CostBreakdown AnswerPrinter::wholeCost() const
{
    core::CostBreakdown cost;
    for (const core::AttemptRecord &attempt : m_reply.attempts()) {
        cost.lines += attempt.cost.lines;
        cost.total = cost.total.plus(attempt.cost.total);
        cost.rateCard = attempt.cost.rateCard;
        cost.flags += attempt.cost.flags;
    }
    cost.flags.removeDuplicates();
    return cost;
}

core::Target AnswerPrinter::whom() const
{
    const auto &result = m_reply.result();
    const QList<core::AttemptRecord> &attempts = m_reply.attempts();
    const bool isOfAttempt =
        !result && !attempts.isEmpty() && attempts.last().error == result.error();
    return isOfAttempt ? attempts.last().target : m_reply.target();
}

FinishedLine AnswerPrinter::finishedLine() const
{
    const auto &result = m_reply.result();
    const QList<core::AttemptRecord> &attempts = m_reply.attempts();
    const core::Target target = whom();
    FinishedLine line;
    line.text = m_reply.text();
    line.provider = target.provider;
    line.model = target.model;
    if (result) {
        line.finish = core::Finish{result->finishReason, result->finishReasonRaw};
        if (!result->model.isEmpty())
            line.model = result->model;
    } else {
        line.error = result.error();
        if (line.error.kind == core::ErrorKind::AllTargetsFailed)
            line.failedTargets = lastOfEachTarget(attempts);
    }
    line.usage = attempts.isEmpty() ? m_reply.usage() : attempts.last().usage;
    line.cost = wholeCost();
    line.simulated = target.simulated;
    line.attempts = static_cast<int>(attempts.size());
    line.firstToken = m_reply.firstToken();
    line.duration = m_reply.elapsed();
    return line;
}

QString AnswerPrinter::summary() const
{
    const core::Usage usage =
        m_reply.attempts().isEmpty() ? core::Usage() : m_reply.attempts().last().usage;
    const auto input = usage.count(core::UsageKind::Input);
    const auto output = usage.count(core::UsageKind::Output);
    const auto words = [](std::optional<std::int64_t> tokens) {
        return tokens ? QString::number(*tokens) : QStringLiteral("unknown");
    };
    // A refused request has no tokens that anybody could know.
    const QString tokens = input || output
                               ? QStringLiteral("%1 in, %2 out").arg(words(input), words(output))
                               : QStringLiteral("no tokens reported");
    const core::CostBreakdown cost = wholeCost();
    QString money = QLatin1Char('$') + cost.total.low.toDecimal();
    if (!cost.total.complete)
        money = cost.total.low == core::PicoUsd() ? QStringLiteral("cost unknown")
                                                  : QStringLiteral("at least ") + money;
    else if (!cost.total.isExact())
        money += QStringLiteral(" to $") + cost.total.high.toDecimal();
    const core::Target target = whom();
    if (target.simulated)
        money += QStringLiteral(" (simulated)");
    return QStringLiteral("%1, %2, %3").arg(tokens, money, specOf(target));
}

} // namespace app
