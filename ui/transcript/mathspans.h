#pragma once

#include <QString>

namespace ui {

//! \p text with its formulas as code spans, which keep their content as it is: "\( \)", "\[ \]",
//! "$ $" and "$$ $$". What may be prices stays, as md4c takes every dollar for a formula's; code
//! spans and fences stay.
[[nodiscard]] QString withMathAsCode(const QString &text);

} // namespace ui
