#pragma once

#include "ui/transcript/blocksplitter.h"

namespace ui {

//! Markdown of a table's \p block, also of one that goes on, as md4c 0.4.8 takes it.
[[nodiscard]] QString tableSource(const QString &source, const SourceBlock &block);

//! The same of \p text of an item or a quote, for tables and code within it.
[[nodiscard]] QString nestedSource(const QString &text);

} // namespace ui
