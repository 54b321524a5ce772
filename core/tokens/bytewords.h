#pragma once

#include <QtEndian>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace core {

//! Up to 16 bytes as two words, zeros behind them: what pieces of text are told apart by, as hardly
//! any is longer. Two of the same length and up to 16 bytes are equal exactly if their words are.
struct ByteWords
{
    static constexpr std::size_t WordBytes = 8;
    static constexpr std::size_t Bytes = 2 * WordBytes;

    std::uint64_t a = 0, b = 0;

    //! Of the first \p n of \p readable bytes at \p bytes. No branch depends on n, which varies too
    //! much to be foreseen.
    static ByteWords of(const char *bytes, std::size_t n, std::size_t readable)
    {
        char buffer[Bytes]{};
        if (readable < Bytes) {
            std::copy_n(bytes, readable, buffer);
            bytes = buffer;
        }
        const std::size_t first = std::min(n, WordBytes);
        const std::size_t second = std::min(n - first, WordBytes);
        return {qFromLittleEndian<std::uint64_t>(bytes) & mask(first),
                qFromLittleEndian<std::uint64_t>(bytes + WordBytes) & mask(second)};
    }

    bool operator==(const ByteWords &) const = default;

private:
    static constexpr std::uint64_t mask(std::size_t bytes)
    {
        return bytes == 0 ? 0 : ~std::uint64_t{0} >> (8 * (WordBytes - bytes));
    }
};

//! A hash whose every bit depends on every bit of both.
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t hash =
        (a * 0x9E3779B97F4A7C15ULL) ^ ((b + 0x632BE59BD9B4E019ULL) * 0xC2B2AE3D27D4EB4FULL);
    hash = (hash ^ (hash >> 29U)) * 0xBF58476D1CE4E5B9ULL;
    return hash ^ (hash >> 32U);
}

//! A piece at the beginning of a text, hashed once for all who look it up.
struct HashedPiece
{
    //! The first \p length bytes of \p text. What stands behind them lets them be read in words.
    HashedPiece(std::string_view text, std::size_t length)
        : bytes(text.substr(0, length))
        , words(ByteWords::of(text.data(), length, text.size()))
        , hash(mixed(words.a ^ std::uint64_t{length} << 56U, words.b))
    {
        for (std::size_t at = ByteWords::Bytes; at < length; at += ByteWords::Bytes) {
            const auto rest = ByteWords::of(text.data() + at, length - at, text.size() - at);
            hash = mixed(hash ^ rest.a, rest.b);
        }
    }
    explicit HashedPiece(std::string_view piece)
        : HashedPiece(piece, piece.size())
    {
    }

    std::string_view bytes;
    ByteWords words;
    std::uint64_t hash;
};

} // namespace core
