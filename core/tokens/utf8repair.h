#pragma once

#include <QByteArray>
#include <QString>

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

//! A character of UTF-8 at the start of a text.
struct Utf8Character
{
    enum class State { Valid, Invalid, CutShort };
    State state = State::Valid;
    std::size_t bytes = 0; //!< That it takes; of an invalid one those that U+FFFD stands for.
};

//! \p text must not be empty. Invalid are surrogates, overlong forms and all above U+10FFFF; one
//! U+FFFD stands for the longest start of a character (Unicode 15, 3.9, "best practice"), as in
//! TextDecoder. A character that the end of the text cuts short may still become valid.
[[nodiscard]] Utf8Character firstCharacter(std::string_view text);

//! Bytes of \p text that are valid UTF-8 from its start on.
[[nodiscard]] std::size_t validBytes(std::string_view text);

//! Appends \p text to \p out with U+FFFD for what is not UTF-8. Returns how many bytes at the end
//! were left out, as they may be the start of a character.
std::size_t appendRepaired(std::string &out, std::string_view text);

//! \p text with U+FFFD for a surrogate alone, where QString::toUtf8() writes a question mark.
[[nodiscard]] QByteArray utf8Of(QStringView text);

inline constexpr std::string_view ReplacementCharacter = "\xEF\xBF\xBD";

} // namespace core
