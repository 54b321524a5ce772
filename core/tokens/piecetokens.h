#pragma once

#include "core/tokens/vocabulary.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace core {

//! Byte pair encoding of one piece of text, a window of some dozen bytes at a time: in it, what has
//! the lowest rank is joined until nothing is left to join, as the encoding is defined. A window
//! begins some tokens before the end of the one before, since these may have come out otherwise had
//! the text been known; whether the two fit together the vocabulary tells. So the cost is linear
//! in the piece, whatever it is made of.
//!
//! A piece may grow: then only what may still change is encoded anew.
class PieceTokens
{
public:
    explicit PieceTokens(const Vocabulary &vocabulary) //!< Must outlive this.
        : m_vocabulary(&vocabulary)
    {
    }

    //! Encodes \p piece, whatever was here before.
    void encode(std::string_view piece);
    //! Encodes \p piece, which begins with the piece before.
    void grow(std::string_view piece);

    [[nodiscard]] const std::vector<TokenId> &tokens() const { return m_tokens; }
    //! Bytes that were in a window so far: what a test holds the cost by.
    [[nodiscard]] std::uint64_t steps() const { return m_steps; }

private:
    [[nodiscard]] bool repeat(std::string_view piece, std::size_t kept, std::size_t start);
    void joinAll(std::string_view window);

    const Vocabulary *m_vocabulary; //!< A pointer, so that this can be moved.
    std::vector<TokenId> m_tokens;  //!< Of the first m_at bytes.
    std::size_t m_at = 0;
    std::vector<TokenId> m_window; //!< Tokens of the window.
    std::vector<TokenId> m_joins;  //!< What each of them makes with the next.
    std::uint64_t m_steps = 0;
};

} // namespace core
