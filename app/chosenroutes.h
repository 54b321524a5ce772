#pragma once

#include "app/engine.h"

namespace app {

//! Makes the fallback list of earlier versions a route that single models are gone on with, once.
//! Errors: what the settings say.
[[nodiscard]] core::Result<core::Done> adoptOldFallbacks(Engine &engine);

//! How settings name what a lane asks: a named route by "route:ID", a single model as specOf()
//! does.
[[nodiscard]] QString specOf(const core::Route &route);
//! What \p lines name, one a line; what no longer exists is left out. A model is a route of one.
[[nodiscard]] QList<core::Route> routesFrom(const QString &lines, Engine &engine);

//! What new chats ask: what their workspace names, else the route that the settings name; none: the
//! model used last.
[[nodiscard]] std::optional<core::Route> defaultRoute(Engine &engine);

//! Tells the open chats which routes there are, and what single models are gone on with.
void applyRoutes(Engine &engine);

} // namespace app
