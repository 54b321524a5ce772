#pragma once

#include "core/tokens/encoding.h"

#include <QStringView>

#include <optional>

namespace core {

//! The published encoding that \p model counts text with; none where the tokenizer is not
//! published, or not here. Ids that the list does not know get none: they are estimated, never
//! guessed exact. \p model is the provider's id, in any of the forms that services give it:
//! "gpt-4o-2024-08-06", "ft:gpt-4o-mini:org::id", "openai/gpt-5", "openai.gpt-oss-120b-1:0".
[[nodiscard]] std::optional<EncodingId> encodingOf(QStringView model);

} // namespace core
