#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

//! What a tokenizer's regular expressions call a character; one bit each, so that sets are masks.
namespace characterclass {
inline constexpr std::uint8_t None = 0;      //!< Past the end of the text.
inline constexpr std::uint8_t Symbol = 1;    //!< None of the others.
inline constexpr std::uint8_t Upper = 2;     //!< \p{Lu}, \p{Lt}.
inline constexpr std::uint8_t Lower = 4;     //!< \p{Ll}.
inline constexpr std::uint8_t Uncased = 8;   //!< \p{Lm}, \p{Lo}.
inline constexpr std::uint8_t Mark = 16;     //!< \p{M}.
inline constexpr std::uint8_t Number = 32;   //!< \p{N}.
inline constexpr std::uint8_t Space = 64;    //!< \s without line ends.
inline constexpr std::uint8_t LineEnd = 128; //!< CR, LF.
inline constexpr std::uint8_t Letter = Upper | Lower | Uncased;
} // namespace characterclass

//! The class of every code point, as tiktoken's regex engine has it (its Unicode version is neither
//! Qt's nor node's; resources/generate/tokenizers.mjs asked the engine itself). Immutable.
class CharacterClasses
{
public:
    //! From characters.bin, unpacked.
    [[nodiscard]] static Result<CharacterClasses> read(const QByteArray &payload);

    [[nodiscard]] std::uint8_t of(char32_t character) const
    {
        return m_blocks[(std::size_t{m_blockOf[character >> BlockBits]} << BlockBits) |
                        (character & BlockMask)];
    }
    [[nodiscard]] std::uint8_t ofAscii(unsigned char byte) const { return m_blocks[byte]; }

private:
    static constexpr unsigned BlockBits = 7;
    static constexpr char32_t BlockMask = (1U << BlockBits) - 1;
    static constexpr char32_t CodePoints = 0x110000;

    std::array<std::uint16_t, (CodePoints >> BlockBits)> m_blockOf{};
    std::vector<std::uint8_t> m_blocks; //!< The first is ASCII.
};

} // namespace core
