#pragma once

#include "core/chat/contextstart.h"
#include "core/client/costforecast.h"
#include "core/conversation/contextfit.h"

namespace core {

class Conversation;

//! What a turn needs if \p window, in tokens, surely has no room for it, or for it and an answer of
//! \p maxOutput, as the person has set it: most services refuse that, too. A guess must be sure:
//! nobody is stopped for what may well fit, nor where the window is not known. Pure; any thread.
[[nodiscard]] std::optional<ContextNeed>
lackOf(const Forecast &forecast, std::optional<std::int64_t> window, std::optional<int> maxOutput);

//! What \p request needs, that its service has refused as too long. Of a window that is not known,
//! only that half of what was too long is a fair try. Pure; any thread.
[[nodiscard]] ContextNeed needAfterRefusal(const ChatRequest &request,
                                           std::optional<std::int64_t> window);

//! The oldest messages of a conversation that a turn leaves out to have room.
struct Omission
{
    qsizetype messages = 0;
    ContextStart startAt; //!< For Conversation::setContextStart().
    bool operator==(const Omission &) const = default;
};

//! What must stay out so that \p request of \p conversation has room; it asks a new version of
//! \p editedId, if that is not 0. None: it would be of no use. Main thread.
[[nodiscard]] std::optional<Omission> oldestToLeaveOut(const Conversation &conversation,
                                                       const ChatRequest &request,
                                                       const ContextNeed &need,
                                                       std::int64_t editedId = 0);

//! The same for an answer of it that is asked for again: \p request is its requestAgain().
[[nodiscard]] std::optional<Omission> oldestToLeaveOutAgain(const Conversation &conversation,
                                                            const ChatRequest &request,
                                                            const ContextNeed &need,
                                                            std::int64_t answerId);

} // namespace core
