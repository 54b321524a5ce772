#pragma once

#include <QString>

class QWidget;

namespace ui {

//! \p name on one line with bidi controls, zero-width and tag characters as visible marks
//! ("[U+202E]"), so that it cannot pose as another. For titles, model and provider names, file
//! names, hosts.
[[nodiscard]] QString shownName(const QString &name);

//! shownName() within FSI and PDI: for joining into a sentence.
[[nodiscard]] QString isolatedName(const QString &name);

//! A tooltip that is never read as HTML, also what a screen reader says of \p widget unless that is
//! described otherwise.
void setToolTipPlain(QWidget *widget, const QString &text);

} // namespace ui
