#pragma once

#include "ui/theme/theme.h"

#include <QPalette>
#include <QString>

namespace ui {

//! Colours for what Fusion draws by itself.
[[nodiscard]] QPalette paletteOf(const Theme &theme);
//! The look of Qt's own controls: 8 px radius, hairlines, a 2 px accent ring on focus. Widgets of
//! ui/widgets paint themselves. A dynamic property tone of "primary" or "danger" marks buttons.
[[nodiscard]] QString styleSheetOf(const Theme &theme);

} // namespace ui
