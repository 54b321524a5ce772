#pragma once

#include "core/chat/chatrequest.h"

namespace core {

//! Requests that have an answer go on where it was cut: their last turn is the assistant's, with
//! the text so far.

//! \p request, its history followed by the text of \p soFar.
[[nodiscard]] ChatRequest withAnswerSoFar(ChatRequest request, const QList<ContentPart> &soFar);

//! Whether options of \p request rule out that an answer's beginning is given: models that think
//! first refuse it.
[[nodiscard]] bool thinksFirst(const ChatRequest &request);

//! For models that go on where the last turn stops (ProviderRegistry::prefills()).
[[nodiscard]] ChatRequest asPrefill(ChatRequest request);
//! For all others: a turn of the user's asks for the rest.
[[nodiscard]] ChatRequest asInstruction(ChatRequest request);

} // namespace core
