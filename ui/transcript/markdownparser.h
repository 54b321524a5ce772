#pragma once

#include "ui/transcript/linkdefinitions.h"
#include "ui/transcript/textblock.h"

#include <QList>
#include <QString>

namespace ui {

//! The blocks of \p text as md4c reads it: GitHub's dialect without raw HTML. \p ordinal is that of
//! the first item of an ordered list whose items were cut apart, else 0; \p links are the
//! definitions that stand elsewhere in the message. Never empty: what md4c leaves out is shown as
//! it was written.
[[nodiscard]] QList<TextBlock> parseMarkdown(const QString &text, int ordinal,
                                             const LinkDefinitions &links);

} // namespace ui
