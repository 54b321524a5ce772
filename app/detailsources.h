#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "ui/chat/detailspanel.h"

namespace app {

//! What the Details panel asks of \p engine and \p models, which must outlive it. Main thread.
[[nodiscard]] ui::DetailSources detailSources(Engine &engine, const core::ModelDirectory &models);

} // namespace app
