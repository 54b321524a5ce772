#include "core/practice/practiceplayer.h"

namespace core {

PracticePlayer::PracticePlayer(LoopbackResponse &response, Clock &clock, const PracticeModel &model,
                               QList<PracticePiece> pieces, std::optional<PracticeFaultPlan> fault,
                               StreamError streamError)
    : QObject(&response)
    , m_response(response)
    , m_clock(clock)
    , m_model(model)
    , m_pieces(std::move(pieces))
    , m_fault(fault)
    , m_streamError(std::move(streamError))
{
}

void PracticePlayer::start(const HttpHeaders &headers)
{
    m_response.sendHead(200, headers);
    m_firstPiece = m_clock.steadyNow() + m_model.firstToken;
    if (m_model.firstToken.count() > 0)
        m_clock.after(m_model.firstToken, this, [this] { play(); });
    else
        play();
}

void PracticePlayer::play()
{
    using namespace std::chrono;
    while (m_response.isOpen()) {
        if (failed())
            return;
        if (m_next == m_pieces.size()) {
            m_response.end();
            return;
        }
        const PracticePiece &piece = m_pieces.at(m_next);
        if (piece.isToken && m_model.tokensPerSecond > 0) {
            // From the start, not from the last piece: late timers must not slow the whole down.
            const SteadyTime due =
                m_firstPiece + duration_cast<SteadyTime::duration>(
                                   duration<double>(m_tokens / m_model.tokensPerSecond));
            const auto wait = ceil<milliseconds>(due - m_clock.steadyNow());
            if (wait.count() > 0) {
                m_clock.after(wait, this, [this] { play(); });
                return;
            }
        }
        m_response.write(piece.bytes);
        m_tokens += piece.isToken ? 1 : 0;
        ++m_next;
    }
}

bool PracticePlayer::failed()
{
    const bool isLast = m_next >= m_pieces.size() - 1; // short answers break before their end
    if (!m_fault || (m_tokens < m_fault->afterTokens && !isLast))
        return false;
    switch (m_fault->fault) {
    case PracticeFault::StallInStream:
        return true;
    case PracticeFault::CloseInStream:
        m_response.end();
        return true;
    case PracticeFault::ResetInStream:
        m_response.reset();
        return true;
    case PracticeFault::ErrorInStream:
        m_response.write(m_streamError(m_next));
        m_response.end();
        return true;
    case PracticeFault::RateLimited:
    case PracticeFault::QuotaExhausted:
    case PracticeFault::Overloaded:
    case PracticeFault::ServerError:
    case PracticeFault::WrongKey:
    case PracticeFault::StallBeforeHead:
        break; // met before the stream began
    }
    return false;
}

} // namespace core
