#pragma once

#include "core/net/httpmessage.h"

#include <QByteArray>

namespace core {

//! What an answer depends on, as the key of ResponseCache: SHA-256, in hex, of canonical JSON of
//! the wire format, provider, address, model and all members of the body, attachments in it.
//! Headers, and with them every key, are left out. Empty: the body is no JSON object.
[[nodiscard]] QByteArray cacheKey(const QString &format, const QString &provider,
                                  const QString &model, const HttpRequest &request);

} // namespace core
