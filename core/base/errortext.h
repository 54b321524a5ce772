#pragma once

#include "core/base/error.h"

namespace core {

//! The sentence for the person: what happened and what to do, translated. Total over ErrorKind; the
//! ledger stores the kind, never this text, so that a language can change.
[[nodiscard]] QString userText(const Error &error);

} // namespace core
