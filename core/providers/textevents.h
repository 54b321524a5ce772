#pragma once

#include "core/chat/streamevent.h"
#include "core/providers/eventtemplate.h"

namespace core {

// Append what was said to \p events, as a part of the last one if that is of the same kind. Nothing
// for an empty text.
void appendText(StreamEvents &events, const QString &text);
void appendText(StreamEvents &events, const JsonText &text);
void appendReasoning(StreamEvents &events, const QString &text);

} // namespace core
