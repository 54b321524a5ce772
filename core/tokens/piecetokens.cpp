#include "core/tokens/piecetokens.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::size_t WindowBytes = 48; // new ones
constexpr std::size_t OverlapBytes = 5; // enough nearly always

} // namespace

void PieceTokens::encode(std::string_view piece)
{
    m_tokens.clear();
    m_tokens.reserve(piece.size()); // growing a long one by halves would touch twice the memory
    m_at = 0;
    grow(piece);
}

void PieceTokens::grow(std::string_view piece)
{
    std::size_t overlap = OverlapBytes;
    while (m_at < piece.size()) {
        std::size_t kept = m_tokens.size(), start = m_at;
        while (kept > 0 && m_at - start < overlap)
            start -= m_vocabulary->lengthOf(m_tokens[--kept]);
        if (kept > 0 && repeat(piece, kept, start))
            continue;
        const std::size_t end = std::min(piece.size(), m_at + std::max(WindowBytes, m_at - start));
        joinAll(piece.substr(start, end - start));
        if (kept > 0 && !m_vocabulary->mayFollow(m_tokens[kept - 1], m_window.front())) {
            overlap = 2 * (m_at - start);
            continue;
        }
        m_tokens.resize(kept);
        m_tokens.insert(m_tokens.end(), m_window.begin(), m_window.end());
        m_at = end;
        overlap = OverlapBytes;
    }
}

//! Where a text repeats the last of the \p kept tokens, which ends at \p start, the answer is
//! known. False if that leads no further.
bool PieceTokens::repeat(std::string_view piece, std::size_t kept, std::size_t start)
{
    const TokenId token = m_tokens[kept - 1];
    const std::string_view bytes = m_vocabulary->bytesOf(token);
    const auto isAt = [piece, bytes](std::size_t place) {
        return piece.substr(place, bytes.size()) == bytes;
    };
    if (!isAt(start) || !m_vocabulary->mayFollow(token, token))
        return false;
    std::size_t end = start;
    while (isAt(end))
        end += bytes.size();
    m_steps += end - start;
    if (end <= m_at)
        return false;
    m_tokens.resize(kept);
    m_tokens.insert(m_tokens.end(), (end - start) / bytes.size(), token);
    m_at = end;
    return true;
}

void PieceTokens::joinAll(std::string_view window)
{
    m_steps += window.size();
    m_window.resize(window.size());
    m_joins.resize(window.size());
    TokenId *const tokens = m_window.data();
    TokenId *const joins = m_joins.data(); // of the last one: none
    std::size_t last = window.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
        tokens[i] = m_vocabulary->ofByte(window[i]);
        joins[i] = m_vocabulary->joinBytes(window[i], window[i + 1]);
    }
    tokens[last] = m_vocabulary->ofByte(window[last]);
    joins[last] = Vocabulary::NoToken;
    while (true) {
        TokenId lowest = Vocabulary::NoToken;
        for (std::size_t i = 0; i < last; ++i)
            lowest = std::min(lowest, joins[i]);
        if (lowest == Vocabulary::NoToken)
            break;
        std::size_t at = 0; // the leftmost
        while (joins[at] != lowest)
            ++at;
        tokens[at] = lowest;
        std::copy(tokens + at + 2, tokens + last + 1, tokens + at + 1);
        std::copy(joins + at + 1, joins + last + 1, joins + at);
        --last;
        if (at < last)
            joins[at] = m_vocabulary->join(tokens[at], tokens[at + 1]);
        if (at > 0)
            joins[at - 1] = m_vocabulary->join(tokens[at - 1], tokens[at]);
    }
    m_window.resize(last + 1);
}

} // namespace core
