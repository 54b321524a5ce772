#pragma once

#include "ui/transcript/transcriptstyle.h"

#include <QList>
#include <QString>
#include <QTextLayout>

namespace ui {

//! Colours of \p code, written in \p language (a fence's info word, any case). Empty if the
//! language is unknown.
//!
//! Lines over 500 bytes stay plain, because the library's time grows with the square of a line's
//! length; so does what is left when 4 ms are spent. Language definitions are read once and kept.
//! UI thread only.
[[nodiscard]] QList<QTextLayout::FormatRange>
codeColors(const QString &code, const QString &language, const TranscriptStyle &style);

} // namespace ui
