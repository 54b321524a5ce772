#pragma once

#include <QString>

namespace ui {

//! \p text with helping signs where the edges of marks and of bare addresses are not found by
//! themselves: CommonMark goes by blanks, which Chinese, Japanese and Korean do not write, and
//! which addresses stand bare each version of the parser sees otherwise.
[[nodiscard]] QString withMarkdownHelp(const QString &text);

//! What a parser gave for a part of that, as it was written.
[[nodiscard]] QString withoutMarkdownHelp(QString text);

} // namespace ui
