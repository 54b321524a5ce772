#include "core/tokens/vocabulary.h"

#include "core/tokens/bytewords.h"
#include "core/tokens/damagedtable.h"

#include <QtEndian>

#include <algorithm>
#include <bit>

namespace core {

namespace {

constexpr unsigned TokenBits = 18;
constexpr std::uint32_t TokenMask = (1U << TokenBits) - 1;
constexpr std::uint32_t EmptySlot = ~0U;
constexpr std::uint64_t EmptyPair = ~std::uint64_t{0};
constexpr std::size_t ByteTokens = 256;
constexpr std::size_t LongestToken = 255;
constexpr TokenId Ahead = 32; // tokens whose memory is asked for before it is needed
constexpr std::size_t MostBytes = (1U << 28U) - 1;
constexpr std::size_t TwoBytes = 65'536;
constexpr unsigned FilterWordBits = 15; // 256 KiB: fits into the cache beside the text

//! Of a slot the bits above the token: so that most misses touch no bytes.
std::uint32_t tagOf(std::uint64_t hash)
{
    return static_cast<std::uint32_t>(hash >> 32U) & ~TokenMask;
}

std::uint64_t pairOf(TokenId left, TokenId right)
{
    return std::uint64_t{left} << TokenBits | right;
}

//! Its upper bits are the good ones.
std::uint64_t hashOfPair(std::uint64_t pair)
{
    return pair * 0x9E3779B97F4A7C15ULL;
}

std::size_t filterWord(std::uint64_t hash)
{
    return hash >> (64U - FilterWordBits);
}

std::uint64_t filterBit(std::uint64_t hash)
{
    return std::uint64_t{1} << (hash >> (64U - FilterWordBits - 6U) & 63U);
}

//! Where to look in a table of a power of two places.
template <typename Entry>
std::size_t placeIn(std::span<Entry> table, std::uint64_t hash)
{
    return hash >> 20U & (table.size() - 1);
}

template <typename Entry>
void insert(std::span<Entry> table, std::uint64_t hash, Entry entry)
{
    std::size_t at = placeIn(table, hash);
    while (table[at] != ~Entry{0})
        at = (at + 1) & (table.size() - 1);
    table[at] = entry;
}

template <typename Entry>
void prefetch(std::span<Entry> table, std::uint64_t hash)
{
    __builtin_prefetch(&table[placeIn(table, hash)]);
}

//! The first entry from the place of \p hash on that \p isIt, or is empty.
template <typename Entry, typename IsIt>
Entry lookUp(std::span<Entry> table, std::uint64_t hash, IsIt isIt)
{
    const Entry *const entries = table.data();
    const std::size_t mask = table.size() - 1;
    std::size_t at = placeIn(table, hash);
    while (entries[at] != ~Entry{0} && !isIt(entries[at]))
        at = (at + 1) & mask;
    return entries[at];
}

} // namespace

Result<Vocabulary> Vocabulary::read(const QByteArray &payload)
{
    constexpr std::size_t HeadBytes = 12, Columns = 6;
    const Error damaged = damagedTable(QStringLiteral("tokens"));
    const auto size = static_cast<std::size_t>(payload.size());
    if (size < HeadBytes || !payload.startsWith("FTV2"))
        return damaged;
    const std::size_t tokens = qFromLittleEndian<std::uint32_t>(payload.constData() + 4);
    const std::size_t bytes = qFromLittleEndian<std::uint32_t>(payload.constData() + 8);
    if (tokens < ByteTokens || tokens >= TokenMask || bytes > MostBytes ||
        size != HeadBytes + ByteTokens + Columns * (tokens - ByteTokens))
        return damaged;
    Vocabulary vocabulary;
    vocabulary.reserve(tokens, bytes);
    if (!vocabulary.readTokens(
            reinterpret_cast<const unsigned char *>(payload.constData() + HeadBytes)))
        return damaged;
    vocabulary.indexTokens();
    return vocabulary;
}

void Vocabulary::reserve(std::size_t tokens, std::size_t bytes)
{
    const std::size_t places = std::bit_ceil(tokens + tokens / 4); // at most four of five taken
    const std::size_t readable = bytes + ByteWords::Bytes; // so that the last may be read in words
    constexpr std::size_t FilterWords = std::size_t{1} << FilterWordBits, Tables = 7;
    m_memory =
        TableMemory(readable + (tokens + 1) * sizeof(Token) + places * sizeof(m_slots[0]) +
                    places * sizeof(m_pairs[0]) + FilterWords * sizeof(m_pairFilter[0]) +
                    (TwoBytes + ByteTokens) * sizeof(TokenId) + Tables * TableMemory::LineBytes);
    m_bytes = m_memory.take(readable, '\0');
    m_tokens = m_memory.take(tokens + 1, Token{});
    m_single = m_memory.take(ByteTokens, NoToken);
    m_byteJoins = m_memory.take(TwoBytes, NoToken);
    m_slots = m_memory.take(places, EmptySlot);
    m_pairs = m_memory.take(places, EmptyPair);
    m_pairFilter = m_memory.take(FilterWords, std::uint64_t{0});
}

bool Vocabulary::readTokens(const unsigned char *packed)
{
    const std::size_t bytes = m_bytes.size() - ByteWords::Bytes;
    if (bytes < ByteTokens)
        return false;
    for (TokenId token = 0; token < ByteTokens; ++token) {
        if (m_single[packed[token]] != NoToken)
            return false;
        m_single[packed[token]] = token;
        m_bytes[token] = static_cast<char>(packed[token]);
        m_tokens[token] = {token & MostBytes, token & TokenMask, token & TokenMask};
    }

    const std::size_t joins = size() - ByteTokens;
    const unsigned char *const columns = packed + ByteTokens;
    const auto rank = [columns, joins](std::size_t firstColumn, std::size_t i) {
        const unsigned char *const low = columns + firstColumn * joins + i;
        return TokenId{low[0]} | TokenId{low[joins]} << 8U | TokenId{low[2 * joins]} << 16U;
    };
    std::size_t end = ByteTokens;
    m_tokens[ByteTokens].start = end & MostBytes;
    for (std::size_t i = 0; i < joins; ++i) {
        const TokenId left = rank(0, i), right = rank(3, i);
        if (std::max(left, right) >= ByteTokens + i)
            return false;
        const std::string_view leftBytes = bytesOf(left), rightBytes = bytesOf(right);
        const std::size_t length = leftBytes.size() + rightBytes.size();
        if (length > LongestToken || length > bytes - end)
            return false;
        std::copy(leftBytes.begin(), leftBytes.end(), m_bytes.data() + end);
        std::copy(rightBytes.begin(), rightBytes.end(), m_bytes.data() + end + leftBytes.size());
        m_tokens[ByteTokens + i] = {end & MostBytes, left & TokenMask, right & TokenMask};
        m_longest = std::max(m_longest, length);
        end += length;
        m_tokens[ByteTokens + i + 1].start = end & MostBytes;
    }
    return end == bytes;
}

//! The tables are larger than the caches: they are asked for a batch at a time, so that the waits
//! for memory overlap.
void Vocabulary::indexTokens()
{
    struct Hashes
    {
        std::uint64_t bytes, pairOfHalves, pair;
    };
    std::array<Hashes, Ahead> hashes{};
    const auto count = static_cast<TokenId>(size());
    for (TokenId first = 0; first < count; first += Ahead) {
        const TokenId last = std::min(first + Ahead, count);
        for (TokenId token = first; token < last; ++token) {
            const Token &known = m_tokens[token];
            const std::uint64_t halves = pairOf(known.left & TokenMask, known.right & TokenMask);
            // As many bytes behind it as are read at once.
            const HashedPiece piece(
                {m_bytes.data() + known.start, lengthOf(token) + ByteWords::Bytes},
                lengthOf(token));
            const Hashes hash{piece.hash, halves, hashOfPair(halves)};
            prefetch(m_slots, hash.bytes);
            prefetch(m_pairs, hash.pair);
            hashes[token - first] = hash;
        }
        for (TokenId token = first; token < last; ++token) {
            const Hashes &hash = hashes[token - first];
            insert(m_slots, hash.bytes, tagOf(hash.bytes) | token);
            const std::string_view bytes = bytesOf(token);
            if (bytes.size() == 1)
                continue;
            insert(m_pairs, hash.pair, hash.pairOfHalves << TokenBits | token);
            m_pairFilter[filterWord(hash.pair)] |= filterBit(hash.pair);
            if (bytes.size() == 2)
                m_byteJoins[twoBytes(bytes[0], bytes[1])] = token;
        }
    }
}

void Vocabulary::prepare(const HashedPiece &piece) const
{
    prefetch(m_slots, piece.hash);
}

TokenId Vocabulary::find(const HashedPiece &piece) const
{
    const std::size_t length = piece.bytes.size();
    if (length == 0 || length > m_longest)
        return NoToken;
    const std::uint32_t slot = lookUp(m_slots, piece.hash, [&](std::uint32_t entry) {
        if ((entry & ~TokenMask) != tagOf(piece.hash))
            return false;
        const std::string_view known = bytesOf(entry & TokenMask);
        return known.size() == length &&
               ByteWords::of(known.data(), length, ByteWords::Bytes) == piece.words &&
               (length <= ByteWords::Bytes || known == piece.bytes);
    });
    return slot == EmptySlot ? NoToken : slot & TokenMask;
}

TokenId Vocabulary::join(TokenId left, TokenId right) const
{
    const std::uint64_t pair = pairOf(left, right);
    const std::uint64_t hash = hashOfPair(pair);
    if ((m_pairFilter[filterWord(hash)] & filterBit(hash)) == 0)
        return NoToken;
    const std::uint64_t found =
        lookUp(m_pairs, hash, [pair](std::uint64_t entry) { return entry >> TokenBits == pair; });
    return found == EmptyPair ? NoToken : static_cast<TokenId>(found & TokenMask);
}

bool Vocabulary::mayFollow(TokenId left, TokenId right) const
{
    // Encoding is undone at the seam, the latest join first: at each stage, was there a join across
    // the seam that had to come before the one that is undone?
    TokenId before = NoToken; // joins below it would have come first
    while (true) {
        if (join(left, right) < before)
            return false;
        // The single bytes are the first of the tokens.
        if (std::max(left, right) < ByteTokens)
            return true;
        if (left > right) {
            before = left;
            left = m_tokens[left].right & TokenMask;
        } else {
            before = right + 1; // of equals the leftmost comes first: the one across
            right = m_tokens[right].left & TokenMask;
        }
    }
}

} // namespace core
