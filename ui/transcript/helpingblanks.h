#pragma once

#include <QString>

namespace ui {

//! Stands for a blank that the parser sees and the reader does not.
constexpr QChar HelpingBlank(u'\v');

//! \p text with helping blanks where the edges of marks and addresses are not found by themselves:
//! CommonMark goes by blanks, which Chinese, Japanese and Korean do not write, and takes the quote
//! or bracket after an address for a part of it.
[[nodiscard]] QString withHelpingBlanks(const QString &text);

} // namespace ui
