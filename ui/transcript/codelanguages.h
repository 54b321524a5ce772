#pragma once

#include <QString>

#include <optional>

namespace ui {

//! Where libsource-highlight finds how a language looks.
struct LanguageDefinition
{
    QString folder; //!< Empty: the library's own data.
    QString file;
};

//! The definition of a language by a fence's info word ("TypeScript", "ts"), any case; nothing if
//! it is not known. Those that the library does not bring are written to a private folder on first
//! use, because the library only reads files; it is removed when the program ends. UI thread only.
[[nodiscard]] std::optional<LanguageDefinition> languageDefinition(const QString &name);

} // namespace ui
