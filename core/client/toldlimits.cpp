#include "core/client/toldlimits.h"

namespace core {

namespace {

using std::chrono::milliseconds;

//! \p told, when \p passed of time have gone since.
RateLimit after(RateLimit told, milliseconds passed)
{
    const bool isOver =
        told.reset ? *told.reset <= passed : (told.period && *told.period <= passed);
    if (isOver) {
        told.remaining.reset();
        told.reset.reset();
    } else if (told.reset) {
        *told.reset -= passed;
    }
    return told;
}

} // namespace

void ToldLimits::note(const RateLimit &requests, const RateLimit &tokens, SteadyTime now)
{
    // An answer without a word about them takes none back, nor does one that began earlier.
    if ((requests.isEmpty() && tokens.isEmpty()) || now < m_at)
        return;
    m_requests = requests;
    m_tokens = tokens;
    m_at = now;
}

std::optional<LimitFacts> ToldLimits::by(SteadyTime now) const
{
    const auto passed = std::chrono::duration_cast<milliseconds>(now - m_at);
    const LimitFacts facts{after(m_requests, passed), after(m_tokens, passed), passed};
    const auto says = [](const RateLimit &one) { return one.limit || one.remaining; };
    if (!says(facts.requests) && !says(facts.tokens))
        return std::nullopt;
    return facts;
}

} // namespace core
