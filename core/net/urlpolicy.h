#pragma once

#include "core/base/result.h"

#include <QUrl>

namespace core {

//! Parses a base URL as the user typed it (strict mode): https anywhere, http to loopback only; a
//! host, no user info, no query, no fragment. The error says which rule was broken. A trailing
//! slash is removed.
[[nodiscard]] Result<QUrl> parseBaseUrl(const QString &text);
//! The same rules for a URL about to be requested (a query is allowed).
[[nodiscard]] Result<Done> checkRequestUrl(const QUrl &url);

//! "scheme://host[:port]", lower case, punycode, the default port left out: what a key is bound to.
[[nodiscard]] QString originOf(const QUrl &url);
[[nodiscard]] bool isLoopback(const QUrl &url); //!< 127.0.0.0/8, ::1, localhost.

} // namespace core
