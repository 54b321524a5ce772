#pragma once

#include "core/ledger/attemptrecord.h"
#include "ui/widgets/statuspill.h"

#include <QStringList>

#include <functional>

namespace ui {

//! How an attempt ended, or how far it has come, in two words: "429 rate limited", "answered".
struct AttemptBadge
{
    Tone tone = Tone::Neutral;
    QString text;
};
[[nodiscard]] AttemptBadge attemptBadge(const core::AttemptRecord &attempt);

//! What is to be said of an attempt in one line: "waited 1.2 s · $0, not charged", "first token
//! 0.62 s · $0.0114". \p waitedAfter is the wait that followed it; 0: none.
[[nodiscard]] QString attemptLine(const core::AttemptRecord &attempt,
                                  std::chrono::milliseconds waitedAfter);

//! One line of a cost, in words: kind, count, dollars per million, amount. Amounts are exact.
struct CostLineTexts
{
    QString kind, quantity, rate, amount;
};
[[nodiscard]] CostLineTexts costLineTexts(const core::CostLine &line);

//! The whole of an attempt, exact: "$0.01141", "$0 to $0.0036", "cost unknown".
[[nodiscard]] QString totalText(const core::AttemptRecord &attempt);

//! What a cache saved: "Without the prompt cache: $0.0141, so it saved $0.0102." Empty: none was
//! used.
[[nodiscard]] QString savedText(const core::AttemptRecord &attempt);

//! Why the cost is what it is, a sentence each: its basis where it is no exact count, and every
//! flag of its prices.
[[nodiscard]] QStringList costReasons(const core::AttemptRecord &attempt);

} // namespace ui
