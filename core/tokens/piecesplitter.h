#pragma once

#include "core/tokens/characterclasses.h"

#include <cstddef>
#include <string_view>

namespace core {

//! How an encoding cuts a text into pieces that are encoded one by one.
enum class SplitRules { Cl100k, O200k };

//! Cuts valid UTF-8 into the pieces that the regular expressions of cl100k_base and o200k_base
//! match, one after the other (resources/generate/tokenizers.mjs holds them). Written by hand: no
//! backtracking; a character is looked at most twice, but for the three around a piece's end.
class PieceSplitter
{
public:
    //! A run that the end of the text cut short: where to go on when the text has grown.
    struct OpenRun
    {
        enum class Kind { None, Letters, Capitals, SmallLetters, Symbols, LineEnds, Spaces };
        Kind kind = Kind::None;
        std::size_t at = 0;   //!< Up to here the run is known.
        std::size_t mark = 0; //!< Last place where the piece may end inside the run; 0: none.
    };

    //! \p classes and \p text must outlive this.
    PieceSplitter(const CharacterClasses &classes, SplitRules rules, std::string_view text)
        : m_classes(classes)
        , m_text(text)
        , m_rules(rules)
    {
    }

    //! End of the piece that begins at \p start, which is below the text's size. \p open: the run
    //! that an earlier call with this start, on a beginning of this text, ended in; it is updated.
    [[nodiscard]] std::size_t pieceEnd(std::size_t start, OpenRun &open);
    [[nodiscard]] std::size_t pieceEnd(std::size_t start)
    {
        OpenRun none;
        return pieceEnd(start, none);
    }

    //! Whether the last piece may end elsewhere, or be another, once the text goes on.
    [[nodiscard]] bool dependsOnMore() const { return m_sawEnd; }
    //! Characters looked at so far: what a test holds the cost by.
    [[nodiscard]] std::size_t looks() const { return m_looks; }

private:
    struct Character
    {
        std::uint8_t kind = characterclass::None;
        std::size_t end = 0; //!< Where the next one begins.
    };

    [[nodiscard]] Character at(std::size_t position);
    [[nodiscard]] Character decoded(std::size_t position) const;
    [[nodiscard]] char byteAt(std::size_t position);
    [[nodiscard]] std::size_t runEnd(std::size_t position, std::uint8_t kinds);
    [[nodiscard]] std::size_t contractionEnd(std::size_t position);
    [[nodiscard]] std::size_t lettersEnd(OpenRun &open);
    [[nodiscard]] std::size_t wordEnd(std::size_t start, OpenRun &open);
    [[nodiscard]] std::size_t capitalsEnd(std::size_t start, OpenRun &open);
    [[nodiscard]] std::size_t numberEnd(std::size_t start);
    [[nodiscard]] std::size_t symbolsEnd(OpenRun &open);
    [[nodiscard]] std::size_t spacesEnd(std::size_t start, OpenRun &open);
    [[nodiscard]] OpenRun beginRun(std::size_t start, Character first);
    [[nodiscard]] std::size_t goOn(std::size_t start, OpenRun &open);

    const CharacterClasses &m_classes;
    std::string_view m_text;
    std::size_t m_looks = 0;
    SplitRules m_rules;
    bool m_sawEnd = false;
};

} // namespace core
