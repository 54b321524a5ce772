#pragma once

#include "ui/transcript/blocksplitter.h"

namespace ui {

//! Markdown of a table's \p block, also of one that goes on, as md4c 0.4.8 takes it.
[[nodiscard]] QString tableSource(const QString &source, const SourceBlock &block);

//! The same for tables within \p text, that of an item or a quote.
[[nodiscard]] QString withTablesApart(const QString &text);

} // namespace ui
