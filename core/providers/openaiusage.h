#pragma once

#include "core/chat/usage.h"
#include "core/providers/json.h"

#include <optional>

namespace core {

//! The usage object of Chat Completions in all its dialects. None: it says nothing.
[[nodiscard]] std::optional<Usage> openAiUsage(const JsonElement &usage);

} // namespace core
