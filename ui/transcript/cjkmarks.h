#pragma once

#include <QString>

namespace ui {

//! Stands for a blank that the parser sees and the reader does not.
constexpr QChar HelpingBlank(u'\v');

//! \p text with helping blanks where Chinese, Japanese or Korean puts a mark or an address right
//! beside a letter: CommonMark finds the edges of both by blanks, which these do not write.
[[nodiscard]] QString withCjkMarks(const QString &text);

} // namespace ui
