#pragma once

#include "core/base/result.h"
#include "core/tokens/tablememory.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace core {

struct HashedPiece;

//! A token of byte pair encoding, named by its rank: the lower, the earlier it is joined.
using TokenId = std::uint32_t;

//! The tokens of one encoding, and the questions that counting asks about them. All answers take
//! time in proportion to the bytes of a token, not to the vocabulary. Immutable, so thread-safe.
//!
//! Every token longer than a byte is the join of exactly two others, its halves: a pair of tokens
//! is joined only if they are the halves of one (the generator checks it).
class Vocabulary
{
public:
    static constexpr TokenId NoToken = ~TokenId{0}; //!< Above all others.

    //! From ENCODING.bin, unpacked (resources/generate/tokenizers.mjs). Fails if no vocabulary can
    //! be made of it.
    [[nodiscard]] static Result<Vocabulary> read(const QByteArray &payload);

    [[nodiscard]] std::size_t size() const { return m_tokens.size() - 1; }
    [[nodiscard]] std::size_t longest() const { return m_longest; } //!< Bytes.
    [[nodiscard]] std::size_t lengthOf(TokenId token) const
    {
        return m_tokens[token + 1].start - m_tokens[token].start;
    }
    [[nodiscard]] std::string_view bytesOf(TokenId token) const
    {
        return {m_bytes.data() + m_tokens[token].start, lengthOf(token)};
    }

    //! Says that find() will be asked about \p piece soon.
    void prepare(const HashedPiece &piece) const;
    //! The token that is all of \p piece, else NoToken.
    [[nodiscard]] TokenId find(const HashedPiece &piece) const;

    [[nodiscard]] TokenId ofByte(char byte) const
    {
        return m_single[static_cast<unsigned char>(byte)];
    }
    //! The token that two are the halves of, else NoToken.
    [[nodiscard]] TokenId join(TokenId left, TokenId right) const;
    //! The same of two single bytes. Most of what is joined are these, and two letters mostly are a
    //! token, so that a table is worth its room.
    [[nodiscard]] TokenId joinBytes(char left, char right) const
    {
        return m_byteJoins[twoBytes(left, right)];
    }
    //! Whether encoding the bytes of both, one after the other, gives just these two: then nothing
    //! would have been joined across the seam. A sequence whose neighbours all may follow each
    //! other is the encoding of its bytes, and the only such one.
    [[nodiscard]] bool mayFollow(TokenId left, TokenId right) const;

private:
    //! In one word: counting jumps between tokens, and each jump costs a cache line.
    struct Token
    {
        std::uint64_t start : 28; //!< Of its bytes. They end where those of the next token start.
        std::uint64_t left : 18, right : 18; //!< Halves; of a single byte itself.
    };

    static std::size_t twoBytes(char first, char second)
    {
        return std::size_t{static_cast<unsigned char>(first)} << 8U |
               static_cast<unsigned char>(second);
    }
    void reserve(std::size_t tokens, std::size_t bytes);
    [[nodiscard]] bool readTokens(const unsigned char *packed);
    void indexTokens();

    TableMemory m_memory;
    std::span<char> m_bytes;               //!< Of all tokens by rank.
    std::span<Token> m_tokens;             //!< By rank, and the end of the last.
    std::span<TokenId> m_single;           //!< By byte.
    std::span<TokenId> m_byteJoins;        //!< By two bytes.
    std::span<std::uint32_t> m_slots;      //!< Hash of bytes: tag and token.
    std::span<std::uint64_t> m_pairs;      //!< Hash of halves: these and the token.
    std::span<std::uint64_t> m_pairFilter; //!< A bit for each of m_pairs: most pairs are none.
    std::size_t m_longest = 1;
};

} // namespace core
