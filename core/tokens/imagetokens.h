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
//! Rules (read 2026-11-29 and -30; copies of the makers' guides to images, checked against counts
//! that users measured): Claude 3 to 4.6: width x height / 750, scaled down to 1,568 pixels and
//! about 1,600 tokens. OpenAI's "Images and vision": a base and so much for each 512-pixel tile,
//! after scaling into 2,048 and down to 768 on the short side: 85 and 170 (GPT-4o, GPT-4.1), 2,833
//! and 5,667 (GPT-4o mini), 75 and 150 (o3), 70 and 140 (GPT-5); o1 has those of o3 in the guide
//! and others where it was measured: none here. Or a factor on 32-pixel patches, at most 1,536:
//! GPT-4.1 mini 1.62, nano 2.46, o4-mini 1.72; GPT-5 mini 1.2 and nano 1.5 as OpenAI's price
//! calculator and users count, though the guide has GPT-4.1's. Google's "Media resolution": 1,120
//! an image for Gemini 3. Gemini 2: 258 for images up to 384 pixels; of larger ones Google's own
//! pages differ (258 a tile of 768 pixels, or about 2,048 in all).
[[nodiscard]] std::optional<std::int64_t> imageTokens(QStringView model, QSize pixels);

} // namespace core
