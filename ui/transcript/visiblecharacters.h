#pragma once

#include <QString>
#include <QStringView>

namespace ui {

//! Writes controls that hide or reorder text as ⟨U+202E⟩. Prose keeps the joiners that scripts and
//! emoji need.
enum class Strictness { Prose, Code };
[[nodiscard]] QString visibleCharacters(QStringView text, Strictness strictness);

} // namespace ui
