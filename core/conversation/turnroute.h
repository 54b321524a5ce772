#pragma once

#include "core/ledger/routerepository.h"
#include "core/store/records.h"

namespace core {

//! Brings a conversation's target and stays in line with the routes that there are: its route's
//! first target, unless it stays at another one of it. A route that is gone, or has no targets,
//! changes nothing. Returns whether something changed.
bool followRoute(ConversationRecord &record, const QList<Route> &routes);

//! Where a turn of \p record that asks \p request begins, if its \p named route decides that by
//! task. None: it begins at the record's target.
[[nodiscard]] std::optional<TaskChoice> choiceFor(const ConversationRecord &record,
                                                  const std::optional<Route> &named,
                                                  const ChatRequest &request);

//! Whom a turn of \p record asks, in order: the one \p choice says, else its target, then the
//! others of its \p named route, else \p fallbacks. Practice never falls back to a real service,
//! nor the other way.
[[nodiscard]] Route routeOfTurn(const ConversationRecord &record, const std::optional<Route> &named,
                                const QList<Target> &fallbacks,
                                const std::optional<TaskChoice> &choice = {});

//! The route of \p routes that \p record uses; none: a plain target, or a route that is gone.
[[nodiscard]] std::optional<Route> routeOf(const ConversationRecord &record,
                                           const QList<Route> &routes);

} // namespace core
