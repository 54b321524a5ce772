#pragma once

#include "core/ledger/attemptrecord.h"
#include "ui/widgets/statuspill.h"

#include <QList>

namespace ui {

//! What an attempt spends its time on. Waiting stands between two attempts.
enum class AttemptPhase { Queued, Connecting, FirstToken, Streaming, Waiting };
[[nodiscard]] QString phaseName(AttemptPhase phase);

//! A stretch of a request's time, from Send on.
struct PhaseSpan
{
    AttemptPhase phase = AttemptPhase::Queued;
    std::chrono::milliseconds from{0}, to{0};
    bool failed = false; //!< Its attempt came to nothing.
    bool operator==(const PhaseSpan &) const = default;
};

//! One row of the timeline.
struct AttemptSpans
{
    int number = 1;
    Tone tone = Tone::Neutral; //!< How it ended.
    QList<PhaseSpan> spans;    //!< In time order, without gaps that mean something.
    bool operator==(const AttemptSpans &) const = default;
};

//! A request's attempts on one scale.
struct Timeline
{
    QList<AttemptSpans> attempts;
    std::chrono::milliseconds total{0};
    bool operator==(const Timeline &) const = default;
};

//! \p attempts oldest first, the running one last; \p sentAt when Send was pressed. The wait for a
//! retry stands in the row of the attempt that caused it; \p total is more than its end while it
//! is being waited.
[[nodiscard]] Timeline timelineOf(const QList<core::AttemptRecord> &attempts, core::UtcTime sentAt,
                                  std::chrono::milliseconds total);

} // namespace ui
