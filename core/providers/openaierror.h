#pragma once

#include "core/base/error.h"
#include "core/net/httpmessage.h"
#include "core/providers/json.h"

namespace core {

//! What an error of an OpenAI-compatible service means, in whichever of the shapes that they have
//! for it. \p status is that of the response; inside a stream (200) the body's own code stands for
//! it. Never fails.
[[nodiscard]] Error openAiError(int status, const HttpHeaders &headers, const JsonElement &body);
[[nodiscard]] Error openAiError(int status, const HttpHeaders &headers, const QByteArray &body);

} // namespace core
