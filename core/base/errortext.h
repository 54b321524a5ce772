#pragma once

#include "core/base/error.h"

namespace core {

//! Error::providerCode of a ConnectionFailed whose proxy wants a password: its detail is the
//! sentence.
inline constexpr auto ProxyLoginCode = "proxy_login";

//! The sentence for the person: what happened and what to do, translated. Total over ErrorKind; the
//! ledger stores the kind, never this text, so that a language can change.
[[nodiscard]] QString userText(const Error &error);

} // namespace core
