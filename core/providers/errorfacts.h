#pragma once

#include "core/base/error.h"
#include "core/net/httpmessage.h"
#include "core/providers/json.h"

namespace core {

// What the errors of all protocols have in common.

//! Whether \p object has an "error" that is one, and does not only stand there: null, false, 0, "",
//! {} and [] are none; or one of those that foreignError() knows.
[[nodiscard]] bool hasError(const JsonElement &object);

//! The error of services that word the rest as OpenAI does: MiniMax's "base_resp" with another
//! status than 0, the first of Cloudflare's "errors" where "success" is false. None: there is none.
[[nodiscard]] std::optional<JsonElement> foreignError(const JsonElement &object);

//! The status of a failure that \p object names, as a number or as text; 0: none.
[[nodiscard]] int namedStatus(const JsonElement &object);

//! Fills what every protocol's error takes from status and headers: request id, wait,
//! x-should-retry, raw body.
void addHttpFacts(Error &error, int status, const HttpHeaders &headers, const QByteArray &body);
//! The kind that a status alone tells.
[[nodiscard]] ErrorKind kindOfStatus(int status);
//! Whether \p kind is over after a while, so that a wait in the body belongs to it.
[[nodiscard]] bool waits(ErrorKind kind);

} // namespace core
