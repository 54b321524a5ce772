#include "core/tokens/vocabulary.h"

#include "core/tokens/bytewords.h"
#include "core/tokens/damagedtable.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <bit>

namespace core {

namespace {

constexpr unsigned TokenBits =
    18; // of a slot; the rest is a tag, so that most misses touch no bytes
constexpr std::uint32_t TokenMask = (1U << TokenBits) - 1;
constexpr std::uint32_t EmptySlot = ~0U;
constexpr std::size_t ByteTokens = 256;
constexpr std::size_t LongestToken = 255;
constexpr std::size_t Ahead = 32; // tokens whose memory is asked for before it is needed
constexpr std::uint32_t MostBytes = (1U << 24U) - 1;
constexpr std::size_t PairsOfBytes = 65'536;
constexpr std::size_t KeyBytes = 4;

std::uint64_t hashOf(TokenId left, TokenId right)
{
    return mixed(left, right);
}

//! Where a hash stands and what marks it there.
struct Slot
{
    std::size_t index;
    std::uint32_t tag; //!< In the bits above those of the token.
};

Slot slotOf(std::uint64_t hash, std::size_t places)
{
    return {hash & (places - 1), static_cast<std::uint32_t>(hash >> 32U) & ~TokenMask};
}

void insert(std::vector<std::uint32_t> &table, std::uint64_t hash, TokenId token)
{
    Slot slot = slotOf(hash, table.size());
    while (table[slot.index] != EmptySlot)
        slot.index = (slot.index + 1) & (table.size() - 1);
    table[slot.index] = slot.tag | token;
}

void prefetch(const std::vector<std::uint32_t> &table, std::uint64_t hash)
{
    __builtin_prefetch(&table[slotOf(hash, table.size()).index]);
}

template <typename IsIt>
TokenId lookUp(const std::vector<std::uint32_t> &table, std::uint64_t hash, IsIt isIt)
{
    Slot slot = slotOf(hash, table.size());
    while (true) {
        const std::uint32_t found = table[slot.index];
        if (found == EmptySlot)
            return Vocabulary::NoToken;
        if ((found & ~TokenMask) == slot.tag && isIt(found & TokenMask))
            return found & TokenMask;
        slot.index = (slot.index + 1) & (table.size() - 1);
    }
}

constexpr std::size_t FilterWords = 1U << 15U; // 256 KiB: fits into the cache beside the text

std::size_t filterWord(std::uint64_t hash)
{
    return hash >> 24U & (FilterWords - 1);
}

std::uint64_t filterBit(std::uint64_t hash)
{
    return std::uint64_t{1} << (hash >> 18U & 63U);
}

std::size_t pairOf(const char *bytes)
{
    return std::size_t{static_cast<unsigned char>(bytes[0])} << 8U |
           static_cast<unsigned char>(bytes[1]);
}

//! The third to sixth byte, zeros where there are none.
std::uint32_t keyOf(std::string_view bytes)
{
    if (bytes.size() >= 2 + KeyBytes)
        return qFromBigEndian<std::uint32_t>(bytes.data() + 2);
    std::uint32_t key = 0;
    for (std::size_t i = 2; i < 2 + KeyBytes; ++i)
        key = key << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    return key;
}

//! As std::upper_bound, without branches that cannot be foreseen.
const std::uint32_t *firstAbove(const std::uint32_t *begin, const std::uint32_t *end,
                                std::uint32_t key)
{
    auto length = static_cast<std::size_t>(end - begin);
    while (length > 0) {
        const std::size_t half = (length + 1) / 2;
        begin += begin[half - 1] <= key ? half : 0;
        length -= half;
    }
    return begin;
}

std::size_t sharedBytes(std::string_view a, std::string_view b)
{
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at < most && a[at] == b[at])
        ++at;
    return at;
}

} // namespace

//! The columns of the file.
struct Vocabulary::Packed
{
    const unsigned char *shared = nullptr, *added = nullptr, *left = nullptr;
    const unsigned char *rankLow = nullptr, *rankMiddle = nullptr, *rankHigh = nullptr;
    std::string_view bytes;

    [[nodiscard]] TokenId rank(std::size_t i) const
    {
        return TokenId{rankLow[i]} | TokenId{rankMiddle[i]} << 8U | TokenId{rankHigh[i]} << 16U;
    }
};

Result<Vocabulary> Vocabulary::read(const QByteArray &payload)
{
    constexpr std::size_t HeadBytes = 8, Columns = 6;
    const Error damaged = damagedTable(QStringLiteral("tokens"));
    const auto size = static_cast<std::size_t>(payload.size());
    if (size < HeadBytes || !payload.startsWith("FTV1"))
        return damaged;
    const std::size_t tokens = qFromLittleEndian<std::uint32_t>(payload.constData() + 4);
    if (tokens < ByteTokens || tokens >= TokenMask || size < HeadBytes + Columns * tokens)
        return damaged;

    Packed packed;
    const char *column = payload.constData() + HeadBytes;
    for (const unsigned char **to : {&packed.shared, &packed.added, &packed.left, &packed.rankLow,
                                     &packed.rankMiddle, &packed.rankHigh}) {
        *to = reinterpret_cast<const unsigned char *>(column);
        column += tokens;
    }
    packed.bytes = {column, size - HeadBytes - Columns * tokens};

    Vocabulary vocabulary;
    vocabulary.reserve(tokens);
    if (!vocabulary.readTokens(packed) || !vocabulary.indexTokens())
        return damaged;
    return vocabulary;
}

void Vocabulary::reserve(std::size_t tokens)
{
    const std::size_t places = std::bit_ceil(tokens + tokens / 4); // at most four of five taken
    m_tokens.assign(tokens, {0, 0, NoToken, NoToken});
    m_slots.assign(places, EmptySlot);
    m_pairs.assign(places, EmptySlot);
    m_pairFilter.assign(FilterWords, 0);
    m_sorted.resize(tokens);
    m_prefixes.assign(tokens, {NoPlace, 0});
    m_keys.resize(tokens);
    m_ranges.assign(PairsOfBytes + 1, 0);
    m_byteJoins.assign(PairsOfBytes, NoToken);
}

bool Vocabulary::readTokens(const Packed &packed)
{
    const std::size_t tokens = size();
    std::size_t added = 0;
    for (std::size_t i = 0; i < tokens; ++i) {
        const TokenId rank = packed.rank(i);
        const std::size_t length = std::size_t{packed.shared[i]} + packed.added[i];
        if (rank >= tokens || m_tokens[rank].length != 0 || length == 0 || length > LongestToken)
            return false;
        m_sorted[i] = rank;
        m_tokens[rank].length = static_cast<std::uint8_t>(length);
        m_longest = std::max(m_longest, length);
        added += packed.added[i];
    }
    std::uint32_t end = 0;
    for (Token &token : m_tokens) {
        token.start = end & MostBytes;
        end += token.length;
    }
    if (added != packed.bytes.size() || end > MostBytes)
        return false;
    m_bytes.resize(end + ByteWords::Bytes); // so that the last may be read in words

    return readBytes(packed);
}

bool Vocabulary::readBytes(const Packed &packed)
{
    std::string_view before;
    const char *rest = packed.bytes.data();
    std::vector<Place> beginnings; // of tokens that the one before begins with, and itself
    std::size_t singles = 0;
    for (std::size_t i = 0; i < size(); ++i) {
        if (i + Ahead < size())
            __builtin_prefetch(&m_tokens[m_sorted[i + Ahead]]);
        Token &token = m_tokens[m_sorted[i]];
        const std::size_t shared = packed.shared[i];
        char *const bytes = m_bytes.data() + token.start;
        if (shared > before.size() || shared == token.length)
            return false;
        std::copy(before.data(), before.data() + shared, bytes);
        std::copy(rest, rest + packed.added[i], bytes + shared);
        rest += packed.added[i];
        const std::string_view now(bytes, token.length);
        const auto byte = [shared](std::string_view of) { // behind the shared ones
            return static_cast<unsigned char>(of[shared]);
        };
        if (shared < before.size() && byte(now) <= byte(before))
            return false;

        while (!beginnings.empty() && lengthAt(beginnings.back()) > shared)
            beginnings.pop_back();
        m_prefixes[i].length = token.length;
        if (!beginnings.empty())
            m_prefixes[i].shorter = beginnings.back() & NoPlace;
        if (now.size() == 1) {
            if (packed.left[i] != 0)
                return false;
            ++singles;
            token.left = token.right = m_sorted[i];
            m_single[byte(now)] = static_cast<Place>(i);
        } else {
            const auto left = std::find_if(beginnings.begin(), beginnings.end(), [&](Place known) {
                return lengthAt(known) == packed.left[i];
            });
            if (left == beginnings.end() || m_sorted[*left] >= m_sorted[i])
                return false;
            token.left = m_sorted[*left];
            if (now.size() == 2)
                m_byteJoins[pairOf(bytes)] = m_sorted[i];
            m_keys[i] = keyOf(now);
            m_ranges[pairOf(bytes) + 1] = static_cast<std::uint32_t>(i + 1);
        }
        beginnings.push_back(static_cast<Place>(i));
        before = now;
    }
    // A pair without tokens begins and ends where the one before ends.
    for (std::size_t pair = 0; pair < PairsOfBytes; ++pair)
        m_ranges[pair + 1] = std::max(m_ranges[pair + 1], m_ranges[pair]);
    return singles == ByteTokens;
}

//! The tables are larger than the caches: they are asked for a batch at a time, so that the waits
//! for memory overlap.
bool Vocabulary::indexTokens()
{
    std::array<std::uint64_t, Ahead> hashes{};
    for (TokenId first = 0; first < size(); first += Ahead) {
        const auto count = static_cast<TokenId>(std::min<std::size_t>(Ahead, size() - first));
        for (TokenId i = 0; i < count; ++i) {
            hashes[i] = HashedPiece(bytesOf(first + i)).hash;
            prefetch(m_slots, hashes[i]);
        }
        for (TokenId i = 0; i < count; ++i)
            insert(m_slots, hashes[i], first + i);
    }
    for (TokenId first = 0; first < size(); first += Ahead) {
        const auto count = static_cast<TokenId>(std::min<std::size_t>(Ahead, size() - first));
        const auto rightHalf = [this, first](TokenId i) {
            const TokenId left = m_tokens[first + i].left;
            return HashedPiece(bytesOf(first + i).substr(left == first + i ? 0 : lengthOf(left)));
        };
        for (TokenId i = 0; i < count; ++i)
            prefetch(m_slots, rightHalf(i).hash);
        for (TokenId i = 0; i < count; ++i) {
            Token &token = m_tokens[first + i];
            token.right = find(rightHalf(i));
            if (token.right == NoToken || (token.right >= first + i && token.length > 1))
                return false;
            hashes[i] = hashOf(token.left, token.right);
            prefetch(m_pairs, hashes[i]);
        }
        for (TokenId i = 0; i < count; ++i) {
            if (m_tokens[first + i].length == 1)
                continue;
            insert(m_pairs, hashes[i], first + i);
            m_pairFilter[filterWord(hashes[i])] |= filterBit(hashes[i]);
        }
    }
    return true;
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
    return lookUp(m_slots, piece.hash, [&](TokenId token) {
        const Token &known = m_tokens[token];
        return known.length == length &&
               ByteWords::of(m_bytes.data() + known.start, length, ByteWords::Bytes) ==
                   piece.words &&
               (length <= ByteWords::Bytes || bytesOf(token) == piece.bytes);
    });
}

//! Index of the last of the sorted that is no more than \p text among those that begin with its
//! first two bytes, plus one; the start of that range if there is none.
std::size_t Vocabulary::sortedAtOrBefore(std::string_view text) const
{
    const std::size_t pair = pairOf(text.data());
    const std::uint32_t key = keyOf(text);
    // A single byte may stand at the start of a range; it sorts before the pair and never matters.
    const std::uint32_t *begin = m_keys.data() + m_ranges[pair];
    const std::uint32_t *const end = m_keys.data() + m_ranges[pair + 1];
    const std::uint32_t *const above = firstAbove(begin, end, key);
    auto at = static_cast<std::size_t>(above - m_keys.data());
    if (above == begin || above[-1] != key)
        return at;
    const std::uint32_t *const first = std::lower_bound(begin, above, key);
    const auto from = m_sorted.begin() + (first - m_keys.data());
    const auto found = std::upper_bound(
        from, m_sorted.begin() + (above - m_keys.data()), text,
        [this](std::string_view sought, TokenId token) { return sought < bytesOf(token); });
    return static_cast<std::size_t>(found - m_sorted.begin());
}

Vocabulary::Place Vocabulary::longestAt(std::string_view text) const
{
    text = text.substr(0, m_longest);
    if (text.size() == 1)
        return m_single[static_cast<unsigned char>(text.front())];
    // Whatever stands between the longest beginning of the text and the text in the order of bytes
    // begins with it, too: so the last one before the text does, or is it.
    const std::size_t at = sortedAtOrBefore(text);
    if (at == m_ranges[pairOf(text.data())])
        return m_single[static_cast<unsigned char>(text.front())];
    auto place = static_cast<Place>(at - 1);
    // The keys mostly tell how much is shared, and spare a look at the bytes, which lie far away.
    const std::uint32_t difference = m_keys[place] ^ keyOf(text);
    const std::size_t shared = difference != 0
                                   ? 2 + static_cast<std::size_t>(std::countl_zero(difference)) / 8
                                   : sharedBytes(bytesOf(m_sorted[place]), text);
    while (lengthAt(place) > shared)
        place = shorter(place);
    return place;
}

TokenId Vocabulary::join(TokenId left, TokenId right) const
{
    const std::uint64_t hash = hashOf(left, right);
    if ((m_pairFilter[filterWord(hash)] & filterBit(hash)) == 0)
        return NoToken;
    return lookUp(m_pairs, hash, [&](TokenId token) {
        return m_tokens[token].left == left && m_tokens[token].right == right;
    });
}

//! Of two single bytes: nearly all questions end with it, and two letters mostly are a token, so
//! that a table is worth its room.
TokenId Vocabulary::byteJoin(const Token &left, const Token &right) const
{
    const std::array<char, 2> bytes{m_bytes[left.start], m_bytes[right.start]};
    return m_byteJoins[pairOf(bytes.data())];
}

bool Vocabulary::mayFollow(TokenId left, TokenId right) const
{
    // Encoding is undone at the seam, the latest join first: at each stage, was there a join across
    // the seam that had to come before the one that is undone?
    TokenId before = NoToken; // joins below it would have come first
    while (true) {
        const Token &leftToken = m_tokens[left];
        const Token &rightToken = m_tokens[right];
        const bool canLeft = leftToken.length > 1;
        const bool canRight = rightToken.length > 1;
        if (!canLeft && !canRight)
            return byteJoin(leftToken, rightToken) >= before;
        if (join(left, right) < before)
            return false;
        if (canLeft && (!canRight || left > right)) {
            before = left;
            left = leftToken.right;
        } else {
            before = right + 1; // of equals the leftmost comes first: the one across
            right = rightToken.left;
        }
    }
}

} // namespace core
