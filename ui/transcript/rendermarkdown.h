#pragma once

#include "ui/theme/theme.h"

#include <QImage>
#include <QString>

namespace ui {

inline constexpr int HighestPicture = 30'000; //!< Pixels.

//! \p markdown as the transcript would show it, \p width pixels wide, as high as it needs (at most
//! HighestPicture).
[[nodiscard]] QImage renderMarkdown(const QString &markdown, const Theme &theme, int width);

//! The text that a reader sees, block by block, a newline between blocks.
[[nodiscard]] QString visibleText(const QString &markdown);

} // namespace ui
