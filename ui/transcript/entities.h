#pragma once

#include <QString>

namespace ui {

//! The character that an entity of HTML stands for, as "&amp;", "&#39;" or "&#x27;"; one of a name
//! that is not known stays as it is written.
[[nodiscard]] QString entityText(QStringView entity);

//! \p text with the characters that its entities stand for.
[[nodiscard]] QString withoutEntities(const QString &text);

} // namespace ui
