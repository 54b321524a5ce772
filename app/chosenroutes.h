#pragma once

#include "app/engine.h"

namespace app {

//! Makes the fallback list of earlier versions a route that single models are gone on with, once.
//! Errors: what the settings say.
[[nodiscard]] core::Result<core::Done> adoptOldFallbacks(Engine &engine);

//! What the settings name as the route of new chats; none: a single model, or it is gone.
[[nodiscard]] std::optional<core::Route> defaultRoute(Engine &engine);

//! Tells the open chats which routes there are, and what single models are gone on with.
void applyRoutes(Engine &engine);

} // namespace app
