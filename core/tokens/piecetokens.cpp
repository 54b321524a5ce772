#include "core/tokens/piecetokens.h"

#include <algorithm>

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

//! The place of what is taken back: longer ones were tried before it.
Vocabulary::Place PieceTokens::pop()
{
    const Vocabulary::Place place = m_places.back();
    m_at -= m_vocabulary->lengthOf(m_tokens.back());
    m_tokens.pop_back();
    m_places.pop_back();
    return place;
}

void PieceTokens::encode(std::string_view piece)
{
    m_tokens.clear();
    m_places.clear();
    m_at = 0;
    search(piece);
}

void PieceTokens::grow(std::string_view piece)
{
    // The tokens so far are a start as good as any: where they do not go on, the search steps back
    // and tries the longest first again. What was dead was so for a piece that ended earlier.
    std::fill(m_places.begin(), m_places.end(), Vocabulary::NoPlace);
    search(piece);
}

void PieceTokens::search(std::string_view piece)
{
    forgetDead();
    if (m_dead.size() * WordBits <= piece.size())
        m_dead.resize(piece.size() / WordBits + 1, 0);
    Vocabulary::Place place = Vocabulary::NoPlace; // to try next; none: the longest
    while (m_at < piece.size()) {
        if (place == Vocabulary::NoPlace)
            place = m_vocabulary->longestAt(piece.substr(m_at));
        while (true) {
            ++m_tries;
            const std::size_t end = m_at + m_vocabulary->lengthAt(place);
            const TokenId token = m_vocabulary->tokenAt(place);
            if (!isDead(end) &&
                (m_tokens.empty() || m_vocabulary->mayFollow(m_tokens.back(), token))) {
                m_tokens.push_back(token);
                m_places.push_back(place);
                m_at = end;
                place = Vocabulary::NoPlace;
                break;
            }
            place = m_vocabulary->shorter(place);
            if (place == Vocabulary::NoPlace) {
                // There is no way from here; at the start there always is one.
                setDead(m_at);
                place = pop();
                break;
            }
        }
    }
}

} // namespace core
