#pragma once

#include "ui/transcript/blocksplitter.h"
#include "ui/transcript/linkdefinitions.h"
#include "ui/transcript/textblock.h"

#include <QList>
#include <QString>

namespace ui {

//! What stands in a fence (or a part of one), without the blanks that the fence itself has before
//! it.
[[nodiscard]] QString fenceText(const QString &source, const SourceBlock &block);

//! Blocks of one source block. Raw HTML but <br> comes out as text, images as chips, invisible and
//! bidi characters of code and links as visible marks; nesting, table size, word length and
//! combining marks are bounded, as laying them out takes time that grows faster than they do.
[[nodiscard]] QList<TextBlock> parseSourceBlock(const QString &source, const SourceBlock &block,
                                                BlockSplitter::Mode mode,
                                                const LinkDefinitions &links = {});

} // namespace ui
