#pragma once

#include "core/tokens/encoding.h"

#include <QStringView>

#include <optional>

namespace core {

//! Whose tokenizer a model has.
enum class ModelFamily {
    OpenAi,
    Anthropic,
    Gemini,
    Cohere,
    Mistral,
    DeepSeek,
    Qwen,
    Llama,
    Grok,
    Other
};

//! \p model is the provider's id, in any of the forms that services give it: "gpt-4o-2024-08-06",
//! "ft:gpt-4o-mini:org::id", "openai/gpt-5", "us.anthropic.claude-...", "models/gemini-...".
[[nodiscard]] ModelFamily familyOf(QStringView model);

//! The published encoding that \p model counts text with; none where the tokenizer is not
//! published, or not here. Ids that the list does not know get none: they are estimated, never
//! guessed exact.
[[nodiscard]] std::optional<EncodingId> encodingOf(QStringView model);

[[nodiscard]] QString nameOf(ModelFamily family); //!< A key for storage: "anthropic".
[[nodiscard]] QList<ModelFamily> allModelFamilies();

} // namespace core
