#pragma once

#include "core/stats/health.h"
#include "ui/widgets/statuspill.h"

namespace ui {

//! A verdict in a word, with its colour.
struct HealthWord
{
    Tone tone = Tone::Neutral;
    QString text;
};
[[nodiscard]] HealthWord healthWord(core::HealthVerdict verdict);

//! The word and how long the first token took today: "Healthy · p95 1.9 s today".
[[nodiscard]] HealthWord healthHead(const core::HealthReport &report);

//! "503 at 10:41": the last failure that the verdict speaks of, by the clock of \p zone; empty: it
//! speaks of none.
[[nodiscard]] QString lastFailureText(const core::HealthReport &report, const QTimeZone &zone);

//! What went wrong, as the page of that provider says it: by \p name, as it is called there, and
//! without the way to the page.
[[nodiscard]] QString textOnPage(core::Error error, const QString &name);

} // namespace ui
