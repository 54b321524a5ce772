#pragma once

#include "core/conversation/contextfit.h"

#include <QString>

namespace ui {

//! What is said and offered where a model has no room for a turn, in a chat or a lane.

//! "This is about 12,300 tokens; X takes 8,192." Where a service has refused what would have room
//! by all that we know, tooLongText(): our figure was wrong.
[[nodiscard]] QString lackText(const core::ContextNeed &need, const QString &model);
//! "This is too long for X.": the service has said so, and no figure of ours tells why.
[[nodiscard]] QString tooLongText(const QString &model);
[[nodiscard]] QString leaveOutText(qsizetype messages);

} // namespace ui
