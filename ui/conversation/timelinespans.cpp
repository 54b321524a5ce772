#include "ui/conversation/timelinespans.h"

#include "ui/conversation/attempttexts.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui {

namespace {

using std::chrono::milliseconds;

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::TimelineSpans", text);
}

//! Appends what is longer than nothing.
void add(AttemptSpans &row, AttemptPhase phase, milliseconds from, milliseconds to)
{
    if (to > from)
        row.spans.append({phase, from, to, false});
}

AttemptSpans rowOf(const core::AttemptRecord &attempt, milliseconds begin)
{
    AttemptSpans row;
    row.number = attempt.number;
    row.tone = attemptBadge(attempt).tone;
    const core::AttemptTimes &times = attempt.times;
    const milliseconds end = begin + times.end;
    const milliseconds sent = begin + times.sent.value_or(times.end);
    const milliseconds visible = begin + times.firstVisible.value_or(times.end);
    add(row, AttemptPhase::Connecting, begin, std::min(sent, end));
    add(row, AttemptPhase::FirstToken, sent, std::min(visible, end));
    add(row, AttemptPhase::Streaming, visible, end);
    if (attempt.outcome == core::AttemptOutcome::Failed) {
        if (row.spans.isEmpty()) // it failed at once, yet it was there
            row.spans.append({AttemptPhase::Connecting, begin, begin, false});
        for (PhaseSpan &span : row.spans)
            span.failed = true;
    }
    return row;
}

} // namespace

QString phaseName(AttemptPhase phase)
{
    switch (phase) {
    case AttemptPhase::Queued:
        return translated("queued");
    case AttemptPhase::Connecting:
        return translated("connecting");
    case AttemptPhase::FirstToken:
        return translated("first token");
    case AttemptPhase::Streaming:
        return translated("streaming");
    case AttemptPhase::Waiting:
        return translated("waiting to retry");
    }
    Q_UNREACHABLE();
}

Timeline timelineOf(const QList<core::AttemptRecord> &attempts, core::UtcTime sentAt,
                    milliseconds total)
{
    Timeline timeline;
    milliseconds last{0};
    for (const core::AttemptRecord &attempt : attempts) {
        // A wall clock that was set back must not turn time around.
        const milliseconds begin = std::max(last, attempt.queuedAt - sentAt);
        milliseconds queued = last;
        if (!timeline.attempts.isEmpty()) { // else nothing failed yet that it waited after
            queued += std::min(attempt.waited, begin - last);
            add(timeline.attempts.last(), AttemptPhase::Waiting, last, queued);
        }
        AttemptSpans row = rowOf(attempt, begin);
        if (begin > queued)
            row.spans.prepend({AttemptPhase::Queued, queued, begin, false});
        timeline.attempts.append(row);
        last = begin + attempt.times.end;
    }
    timeline.total = std::max(last, total);
    if (!timeline.attempts.isEmpty() && timeline.total > last)
        add(timeline.attempts.last(), AttemptPhase::Waiting, last, timeline.total);
    return timeline;
}

} // namespace ui
