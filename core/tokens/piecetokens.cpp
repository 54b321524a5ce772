#include "core/tokens/piecetokens.h"

namespace core {

namespace {

constexpr std::size_t WordBits = 64;

} // namespace

bool PieceTokens::isDead(std::size_t place) const
{
    return (m_dead[place / WordBits] >> (place % WordBits) & 1U) != 0;
}

void PieceTokens::setDead(std::size_t place)
{
    m_dead[place / WordBits] |= std::uint64_t{1} << (place % WordBits);
    m_deadPlaces.push_back(place);
}

void PieceTokens::forgetDead()
{
    for (const std::size_t place : m_deadPlaces)
        m_dead[place / WordBits] = 0;
    m_deadPlaces.clear();
}

void PieceTokens::pop()
{
    m_at -= m_vocabulary->lengthOf(m_tokens.back());
    m_tokens.pop_back();
}

void PieceTokens::encode(std::string_view piece)
{
    m_tokens.clear();
    m_at = 0;
    search(piece);
}

void PieceTokens::grow(std::string_view piece)
{
    // The tokens so far are a start as good as any: where they do not go on, the search steps back
    // and tries the longest first again. What was dead was so for a piece that ended earlier.
    search(piece);
}

void PieceTokens::search(std::string_view piece)
{
    forgetDead();
    if (m_dead.size() * WordBits <= piece.size())
        m_dead.resize(piece.size() / WordBits + 1, 0);
    while (m_at < piece.size()) {
        Vocabulary::Place place = m_vocabulary->longestAt(piece.substr(m_at));
        while (true) {
            ++m_tries;
            const std::size_t end = m_at + m_vocabulary->lengthAt(place);
            const TokenId token = m_vocabulary->tokenAt(place);
            if (!isDead(end) &&
                (m_tokens.empty() || m_vocabulary->mayFollow(m_tokens.back(), token))) {
                m_tokens.push_back(token);
                m_at = end;
                break;
            }
            place = m_vocabulary->shorter(place);
            if (place == Vocabulary::NoPlace) {
                // There is no way from here; at the start there always is one.
                setDead(m_at);
                pop();
                break;
            }
        }
    }
}

} // namespace core
