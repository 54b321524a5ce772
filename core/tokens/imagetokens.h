#pragma once

#include <QSize>
#include <QStringView>

#include <cstdint>
#include <optional>

namespace core {

//! Tokens that an image of \p pixels has as input of \p model (the id as of encodingOf()), by the
//! rule that its maker published: near, not exact. Nothing for models whose rule is not known here,
//! or has changed with them: an image there may have any count.
//!
//! Rules (read 2026-11-29; copies of the makers' guides to images, checked against counts that
//! users measured): Claude 3 to 4.6: width x height / 750, scaled down to 1,568 pixels and about
//! 1,600 tokens. GPT-4o, GPT-4.1: 85 and 170 for each 512-pixel tile, after scaling into 2,048 and
//! down to 768 on the short side. GPT-4.1 mini and nano: 1.62 and 2.46 for each 32-pixel patch, at
//! most 1,536 patches. Gemini 2: 258 for images up to 384 pixels; of larger ones the accounts
//! differ.
[[nodiscard]] std::optional<std::int64_t> imageTokens(QStringView model, QSize pixels);

} // namespace core
