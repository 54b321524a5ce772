#include "ui/conversation/timelinespans.h"

#include <QTest>

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using ui::AttemptPhase;
using ui::PhaseSpan;

namespace {

constexpr core::UtcTime SentAt{1'000'000ms};

//! Queued so long after Send, sent 100 ms later, over after a second.
core::AttemptRecord attempt(int number, milliseconds queued, milliseconds waited)
{
    core::AttemptRecord record;
    record.number = number;
    record.outcome = core::AttemptOutcome::Completed;
    record.queuedAt = SentAt + queued;
    record.waited = waited;
    record.times.sent = 100ms;
    record.times.firstVisible = 400ms;
    record.times.end = 1s;
    return record;
}

} // namespace

//! On what an answer's time went.
class tst_TimelineSpans : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void waitForTheFirstTurnIsQueued();
    void waitBetweenTwoIsOfTheOneBefore();
};

//! It has no attempt before it, in whose row it could stand, and is part of the time all the same.
void tst_TimelineSpans::waitForTheFirstTurnIsQueued()
{
    const ui::Timeline timeline = ui::timelineOf({attempt(1, 12s, 10s)}, SentAt, 13s);
    QCOMPARE(timeline.attempts.size(), 1);
    QCOMPARE(timeline.attempts.first().spans.first(),
             (PhaseSpan{AttemptPhase::Queued, 0ms, 12s, false}));
    QCOMPARE(timeline.total, 13s);
}

void tst_TimelineSpans::waitBetweenTwoIsOfTheOneBefore()
{
    const ui::Timeline timeline =
        ui::timelineOf({attempt(1, 0ms, 0ms), attempt(2, 4s, 2s)}, SentAt, 5s);
    QCOMPARE(timeline.attempts.size(), 2);
    QCOMPARE(timeline.attempts.first().spans.last(),
             (PhaseSpan{AttemptPhase::Waiting, 1s, 3s, false}));
    QCOMPARE(timeline.attempts.last().spans.first(),
             (PhaseSpan{AttemptPhase::Queued, 3s, 4s, false}));
}

QTEST_GUILESS_MAIN(tst_TimelineSpans)
#include "tst_timelinespans.moc"
