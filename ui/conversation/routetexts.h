#pragma once

#include "core/conversation/conversation.h"
#include "ui/conversation/conversationfeed.h"

namespace ui {

//! Whom the next turn asks, for the composer's chip and a lane's head: "Claude Sonnet 4.5", or with
//! the route that it uses "Balanced · GPT-5". A route by task chooses when it knows what is asked:
//! \p lead is whom it would choose now; none: nothing is written yet. Empty: nobody is chosen.
[[nodiscard]] QString nextTurnText(const core::Conversation &conversation,
                                   const ConversationFeed::Names &names,
                                   const std::optional<core::Target> &lead = {});

} // namespace ui
