#pragma once

#include "ui/settings/outagedrill.h"
#include "ui/widgets/statuspill.h"

#include <QStringList>

namespace ui {

//! A target for people.
struct DrillNames
{
    using Name = std::function<QString(const core::Target &)>;
    Name whole;   //!< "Practice Steady · Anthropic"
    Name model;   //!< As a chat names it: "Practice Steady"
    Name service; //!< As an error's sentence names it.
};

//! One attempt as a row of the table. A dash stands for what never was.
struct DrillRow
{
    QString asked, status, waited, took, outcome, cost;
    Tone tone = Tone::Neutral; //!< Of the outcome.
};

[[nodiscard]] DrillRow drillRow(const core::AttemptRecord &attempt, const DrillNames &names);
//! What goes on just now, in one line.
[[nodiscard]] QString drillProgress(core::ReplyState state, const DrillReport &report);
//! Whether the route held, and why or why not. Of a drill that has ended, like all below.
[[nodiscard]] QString drillVerdict(const DrillReport &report, const DrillNames &names);
//! What a chat would have shown, in its order.
[[nodiscard]] QStringList drillSeen(const DrillReport &report, const DrillNames &names);
[[nodiscard]] QString drillLedger(const DrillReport &report);

} // namespace ui
