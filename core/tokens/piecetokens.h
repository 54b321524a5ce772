#pragma once

#include "core/tokens/vocabulary.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace core {

//! Byte pair encoding of one piece of text, by searching the only sequence of tokens of which all
//! neighbours may follow each other: longest token first, a step back where none fits. Places that
//! lead nowhere are remembered, so that the cost is linear in the piece, whatever it is made of.
//!
//! A piece may grow: then only what may still change is encoded anew, about one longest token's
//! worth.
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
    //! Tokens tried so far: what a test holds the cost by.
    [[nodiscard]] std::uint64_t tries() const { return m_tries; }

private:
    void search(std::string_view piece);
    [[nodiscard]] bool isDead(std::size_t place) const;
    void setDead(std::size_t place);
    void forgetDead();
    [[nodiscard]] Vocabulary::Place pop();

    const Vocabulary *m_vocabulary; //!< A pointer, so that this can be moved.
    std::vector<TokenId> m_tokens;  //!< Of the first m_at bytes.
    //! Of m_tokens; NoPlace of those that were found while the piece was shorter.
    std::vector<Vocabulary::Place> m_places;
    std::size_t m_at = 0;
    std::vector<std::uint64_t> m_dead; //!< A bit a place between bytes where no token can end.
    std::vector<std::size_t> m_deadPlaces;
    std::uint64_t m_tries = 0;
};

} // namespace core
