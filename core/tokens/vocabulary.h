#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

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
    static constexpr TokenId NoToken = ~TokenId{0};

    //! From ENCODING.bin, unpacked (resources/generate/tokenizers.mjs). Fails if it is damaged.
    [[nodiscard]] static Result<Vocabulary> read(const QByteArray &payload);

    [[nodiscard]] std::size_t size() const { return m_tokens.size(); }
    [[nodiscard]] std::size_t longest() const { return m_longest; } //!< Bytes.
    [[nodiscard]] std::size_t lengthOf(TokenId token) const { return m_tokens[token].length; }
    [[nodiscard]] std::string_view bytesOf(TokenId token) const
    {
        return {m_bytes.data() + m_tokens[token].start, m_tokens[token].length};
    }

    //! Says that find() will be asked about \p piece soon.
    void prepare(const HashedPiece &piece) const;
    //! The token that is all of \p piece, else NoToken.
    [[nodiscard]] TokenId find(const HashedPiece &piece) const;
    //! Where a token stands in the order of bytes. Tokens that begin alike are neighbours there, so
    //! that going from one to the next touches little memory.
    using Place = std::uint32_t;
    static constexpr Place NoPlace = (1U << 24U) - 1;

    //! The longest token that \p text begins with. There is one, as every byte is a token.
    [[nodiscard]] Place longestAt(std::string_view text) const;
    [[nodiscard]] TokenId tokenAt(Place place) const { return m_sorted[place]; }
    [[nodiscard]] std::size_t lengthAt(Place place) const { return m_prefixes[place].length; }
    //! The next shorter token that the one at \p place begins with, else NoPlace.
    [[nodiscard]] Place shorter(Place place) const { return m_prefixes[place].shorter; }
    //! Whether encoding the bytes of both, one after the other, gives just these two: then nothing
    //! would have been joined across the seam. A sequence whose neighbours all may follow each
    //! other is the encoding of its bytes, and the only such one.
    [[nodiscard]] bool mayFollow(TokenId left, TokenId right) const;

private:
    //! All about a token in one place: counting jumps between tokens, and each jump costs a cache
    //! line.
    struct Token
    {
        std::uint32_t start : 24; //!< Of its bytes.
        std::uint32_t length : 8; //!< 0: not read yet.
        TokenId left, right;      //!< Halves; of a single byte itself.
    };
    //! What a step from a token to a shorter one needs.
    struct Prefix
    {
        Place shorter : 24;
        std::uint32_t length : 8; //!< Of the token itself.
    };
    struct Packed;

    void reserve(std::size_t tokens);
    [[nodiscard]] bool readTokens(const Packed &packed);
    [[nodiscard]] bool readBytes(const Packed &packed);
    [[nodiscard]] bool indexTokens();
    [[nodiscard]] TokenId join(TokenId left, TokenId right) const;
    [[nodiscard]] TokenId byteJoin(const Token &left, const Token &right) const;
    [[nodiscard]] std::size_t sortedAtOrBefore(std::string_view text) const;

    std::vector<char> m_bytes;               //!< Of all tokens by rank.
    std::vector<Token> m_tokens;             //!< By rank.
    std::array<Place, 256> m_single{};       //!< By byte.
    std::vector<std::uint32_t> m_slots;      //!< Hash of bytes: tag and token.
    std::vector<std::uint32_t> m_pairs;      //!< Hash of halves: tag and token.
    std::vector<std::uint64_t> m_pairFilter; //!< A bit for each of m_pairs: most pairs are none.
    std::vector<TokenId> m_byteJoins;        //!< By two bytes.
    std::vector<TokenId> m_sorted;           //!< By place.
    std::vector<Prefix> m_prefixes;          //!< By place.
    std::vector<std::uint32_t> m_keys;       //!< By place: third to sixth byte, big-endian.
    //! By two bytes: the first place of those longer than a byte.
    std::vector<std::uint32_t> m_ranges;
    std::size_t m_longest = 0;
};

} // namespace core
