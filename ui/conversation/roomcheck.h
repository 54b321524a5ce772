#pragma once

#include "core/conversation/turnroom.h"
#include "ui/conversation/sendforecast.h"

#include <functional>
#include <optional>

namespace ui {

//! Finds out whether \p question has room within \p window, in tokens, with what its options let
//! the answer have; then calls \p then with what it lacks, unless \p context is gone by then. At
//! once where there surely is room, or nobody can tell; else when \p forecast has counted. UI
//! thread.
void whenLackKnown(QObject *context, const core::ForecastQuestion &question,
                   std::optional<std::int64_t> window, const SendForecast::Answer &forecast,
                   const std::function<void(const std::optional<core::ContextNeed> &)> &then);

} // namespace ui
