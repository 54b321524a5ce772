#pragma once

#include <QString>

namespace core {

//! A title from the first words of \p text: one line, Markdown marks taken off, cut at a word
//! within 40 graphemes. Made locally: no model is asked. Empty if there are no words.
[[nodiscard]] QString titleFrom(const QString &text);

} // namespace core
