#pragma once

#include "core/base/clock.h"
#include "core/practice/loopbackserver.h"
#include "core/practice/practicefault.h"
#include "core/practice/practicemodel.h"
#include "core/practice/practicewire.h"

#include <functional>

namespace core {

//! Sends one stream at a model's speed, and its fault where it is due. A child of its response, so
//! that it ends when the client leaves.
class PracticePlayer final : public QObject
{
public:
    //! What ErrorInStream says, told how many pieces have left.
    using StreamError = std::function<QByteArray(qsizetype)>;

    PracticePlayer(LoopbackResponse &response, Clock &clock, const PracticeModel &model,
                   QList<PracticePiece> pieces, std::optional<PracticeFaultPlan> fault,
                   StreamError streamError);

    //! The head goes out at once, the first piece after the model's first-token time.
    void start(const HttpHeaders &headers);

private:
    void play();
    [[nodiscard]] bool failed(); //!< Whether a fault was due and ended the stream.

    LoopbackResponse &m_response;
    Clock &m_clock;
    PracticeModel m_model;
    QList<PracticePiece> m_pieces;
    std::optional<PracticeFaultPlan> m_fault;
    StreamError m_streamError;
    SteadyTime m_firstPiece;
    qsizetype m_next = 0;
    int m_tokens = 0;
};

} // namespace core
